"""What metadata and index say of a case: facts in the words of archivists, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.casework.archive.gathering import OUTCOMES, Subject
from service.documents.sealed import PackageHead, Piece
from service.documents.sealed.describing import Described, Description, Step
from service.rules.proof import MARK_NAMES
from service.rules.retention import CATEGORIES
from service.rules.vocabulary import CaseState, JournalAction
from service.rules.worktime import SHANGHAI

STATES = {CaseState.COMPLETED: "办结", CaseState.TERMINATED: "终止"}
SUBJECTS = ("applicant_name", "project_name")
DECISIONS = {"grant": "准予", "refuse": "不予", "reject": "不予受理", "accept": "受理"}


def description(
    subject: Subject, head: PackageHead, pieces: Sequence[Piece], *, keeper: str, region: str
) -> Description:
    """Everything both files at the beginning of a package say."""
    values = subject.values
    return Description(
        head=head,
        keeper=keeper,
        facts={
            "区划代码": region,
            "年度": str(subject.file.year),
            "门类代码": "ZWFW",
            "保管期限": term_words(subject.file.years),
            "保管至": subject.file.keep_until.isoformat() if subject.file.keep_until else "",
            "事项名称": subject.name,
            "事项编码": subject.item,
            "事项类型": CATEGORIES[subject.file.category].words(),
            "实施机构": subject.department,
            "办件编号": subject.case.business_key or str(subject.case.id),
            "题名": subject.file.title,
            "申请人": next((str(values[name]) for name in SUBJECTS if values.get(name)), ""),
            "收件时间": local(subject.case.started_at),
            "办结时间": local(subject.file.closed_at),
            "办理结果": DECISIONS.get(str(values.get("decision")), "") or STATES.get(CaseState(subject.case.state), ""),
            "终止原因": subject.case.reason or "",
            "证照或批复编号": str(values.get("certificate_no") or ""),
        },
        steps=steps(subject),
        files=[Described(path=one.path, title=one.title, kind=one.kind) for one in pieces],
    )


def steps(subject: Subject) -> tuple[Step, ...]:
    """Marks the case reached and desks that were done, in their order."""
    tasks = {task.id: task for task in subject.tasks}
    found = []
    for line in subject.journal:
        detail, by = line.detail or {}, subject.people.get(line.actor or "", line.actor or "系统")
        match line.action:
            case JournalAction.ITEM_REACHED:
                mark = str(detail.get("mark", ""))
                name = MARK_NAMES[mark].words() if mark in MARK_NAMES else f"里程碑 {detail.get('name') or mark}"
                found.append(Step(name=name, by=by, at=local(line.written_at), result=str(detail.get("on", ""))))
            case JournalAction.TASK_COMPLETED | JournalAction.TACIT_PASSED if line.task_id in tasks:
                task = tasks[line.task_id]
                result = OUTCOMES.get(task.outcome or "", "")
                found.append(Step(name=task.name, by=by, at=local(line.written_at), result=result))
    return tuple(found)


def term_words(years: int | None) -> str:
    """永久, 定期30年."""
    return "永久" if years is None else f"定期{years}年"


def local(moment: datetime) -> str:
    """Minutes in China."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
