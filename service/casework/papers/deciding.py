"""Facts about what was decided and by whom: 不予受理, 意见, 流转单, 准予, 不予, 证照, 终止."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.clockwork.book import clock_of
from service.casework.papers.authorities import authority_name
from service.casework.papers.subject import Step, Subject
from service.casework.papers.timing import bare, materials_of, silence_basis, words
from service.casework.papers.words import moment as _moment
from service.casework.papers.words import told as _said
from service.rules.certificates import last_day
from service.rules.clocks import ClockKind
from service.rules.counting import reading
from service.rules.refusals import Refusal

REJECTIONS = {  # as the form asks: what it is called, and the article that says so
    "no_permit": ("依法不需要取得行政许可", "《行政许可法》第三十二条第一款第一项"),
    "other_agency": ("依法不属于本机关职权范围", "《行政许可法》第三十二条第一款第二项"),
    "other": ("其他不予受理的情形", "《行政许可法》第三十二条"),
}
CONCLUSIONS = {
    "accept": "予以受理", "correct": "一次告知补正", "reject": "不予受理", "grant": "同意准予", "refuse": "不予许可", "return": "退回重新审核",
    "procedure": "提请特别程序", "survey": "再次勘查", "agree": "同意", "conditional": "有条件同意", "disagree": "不同意", "resubmit": "补充后重报",
    "proceed": "不影响后续办理", "terminate": "终止联办", "none": "不同意启动特别程序", "promise": "转为承诺件办理",
    "return_file": "退还材料",
}  # fmt: skip
STAGES = {
    "ACCEPT": "受理",
    "CORRECT": "补正",
    "REVIEW": "审核",
    "APPROVE": "批准",
    "ISSUE": "制证发证",
    "COORDINATE": "会商",
    "SURVEY": "现场勘查",
    "HEARING": "听证",
    "PUBLICITY": "公示",
    "MEETING": "集体审议",
    "IMMEDIATE": "受理、审核、批准、发证",
}
SEALS = {"ACCEPT": "受理专用章", "APPROVE": "行政审批专用章", "IMMEDIATE": "行政审批专用章"}
GRANTING, REFUSING = "《行政许可法》第三十八条第一款", "《行政许可法》第三十八条第二款"
ESTABLISHED = "申请材料齐全、符合法定形式，经审查，符合法定条件、标准。"
STATEMENT = "一、所提交的材料真实、完整、有效；\n二、复印件与原件一致；\n三、电子材料与纸质材料一致。"
RIGHTS = "申请人、利害关系人可以参加听证，申辩、质证，并可以申请主持人回避；听证费用由行政机关承担。"
TERM = re.compile(r"([0-9]{1,3})([ym])")
ENDINGS = {
    "ABANDONED": "收到补正告知书后逾期未补正，视为放弃申请。",
    "WITHDRAWN": "申请人撤回申请。",
    "RETURNED": "办件退回。",
    "TERMINATED": "办理终止。",
}


def not_accepted(subject: Subject) -> Mapping[str, Any]:
    """W03. The reason is the counter's; without one the notice stays a draft (行政许可法 art. 38, LW-09)."""
    step = subject.last(stage="ACCEPT")
    answers = step.answers if step is not None else {}
    why = _said(answers, "reject_kind") or subject.text("reject_kind")
    kind, basis = REJECTIONS.get(why, REJECTIONS["other"])
    return {
        "reason_kind": kind,
        "reason": _said(answers, "reason") or subject.text("reason"),
        "basis": _said(answers, "reject_basis") or basis,
        "proper_authority": _said(answers, "proper_authority") or subject.text("proper_authority"),
        **remedy(subject),
    }


def truthful(subject: Subject) -> Mapping[str, Any]:
    """W05, to be signed by the applicant."""
    return {"statement": STATEMENT, "signed_by": subject.text("contact") or subject.applicant, "way": "现场签字"}


def opinion_asked(subject: Subject) -> Mapping[str, Any] | None:
    """W10 of an opinion asked from another department; None when silence answered (then W17 is due)."""
    step = _opinion(subject)
    if step is None or step.task.outcome == "TACIT":
        return None
    task = step.task
    effect = "逾期未回复的，视为同意" if subject.drawn(task.element).get("tacit") else "请按期书面回复"
    conclusion = CONCLUSIONS.get(str(step.answers.get("conclusion") or ""), "")
    said = "；".join(filter(None, (conclusion, _said(step.answers, "opinion"), _said(step.answers, "reason"))))
    return {
        "department": authority_name(subject.office, subject.records, task.department or "201"),
        "question": f"{subject.text('project_name') or subject.row.title or subject.item}：请对该项目提出{task.name}。",
        "due": _iso(task.due_at),
        "effect": effect,
        "opinion": said,
        "signed_by": subject.name(task.ended_by),
        "signed_at": _iso(task.ended_at),
    }


def opinion_by_silence(subject: Subject) -> Mapping[str, Any] | None:
    """W17; None unless silence answered."""
    step = _opinion(subject)
    if step is None or step.task.outcome != "TACIT":
        return None
    return {
        "department": authority_name(subject.office, subject.records, step.task.department or "201"),
        "notified_at": _iso(step.task.created_at),
        "due": _iso(step.task.due_at),
        "basis": silence_basis(subject),
        "opinion": f"逾期未回复{step.task.name}，视为同意。",
    }


def circulation(subject: Subject) -> Mapping[str, Any] | None:
    """W13: every desk with who sat there."""
    steps = [circulated(subject, one) for one in subject.steps]
    return {"steps": steps} if steps else None


def heard(subject: Subject) -> Mapping[str, Any] | None:
    """W12: the announcement of a hearing, or the record of one that was held."""
    step = subject.last(element=subject.element) if subject.element else subject.last(stage="HEARING")
    if step is None:
        return None
    names = [one.strip() for one in re.split(r"[、，,\n]", _said(step.answers, "signatures")) if one.strip()]
    if _said(step.answers, "announced_on"):
        return {
            "form": "听证公告",
            "matter": _said(step.answers, "opinion") or _matter(subject),
            "rights": RIGHTS,
            "held_at": _moment(step.answers.get("held_at")),
            "place": _said(step.answers, "hearing_place"),
            "host": _said(step.answers, "hearing_host"),
        }
    return {
        "form": "听证笔录",
        "matter": _matter(subject),
        "rights": RIGHTS,
        "held_at": _moment(step.answers.get("held_at")),
        "place": _said(step.answers, "place"),
        "host": _said(step.answers, "host"),
        "record": _said(step.answers, "result"),
        "signatures": names or None,
    }


def granted(subject: Subject) -> Mapping[str, Any] | None:
    """W14; None unless it was granted."""
    found = subject.reached("DECIDED_YES")
    if found is None:
        return None
    review, decision = subject.last(stage="REVIEW"), subject.last(stage="APPROVE")
    said = {**(review.answers if review is not None else {}), **(decision.answers if decision is not None else {})}
    project, last = subject.text("project_name"), _said(said, "valid_to")
    matter = re.sub(r"(核发|审批|核准|审查|备案)$", "", subject.item)
    return {
        "established": _said(said, "established")
        or _said(review.answers if review is not None else {}, "opinion")
        or ESTABLISHED,
        "basis": subject.attributes.get("basis") or GRANTING,
        "content": _said(said, "content")
        or f"准予{subject.applicant or '申请人'}{f'“{project}”' if project else ''}{matter}。",
        "conditions": _said(said, "conditions"),
        "valid_from": found[1].isoformat(),
        "valid_to": last[:10] or _ends(subject, found[1]),
    }


def refused(subject: Subject) -> Mapping[str, Any] | None:
    """W15; None unless it was refused. Reasons come from who decided, else from who reviewed (LW-09)."""
    if subject.reached("DECIDED_NO") is None:
        return None
    review, decision = subject.last(stage="REVIEW"), subject.last(stage="APPROVE")
    said = {**(review.answers if review is not None else {})}
    decided = decision.answers if decision is not None else {}
    shown = [line.strip() for line in _said({**said, **decided}, "evidence").splitlines() if line.strip()]
    return {
        "established": _said(decided, "established")
        or _said(said, "opinion")
        or _said(decided, "opinion")
        or subject.text("established"),
        "evidence": shown or [one["name"] for one in materials_of(subject)] or ["申请人提交的申请材料"],
        "reason": _said(decided, "reason") or _said(said, "reason") or subject.text("reason"),
        "basis": _said(decided, "refuse_basis") or subject.attributes.get("basis") or REFUSING,
        **remedy(subject),
    }


def certificate(subject: Subject) -> Mapping[str, Any] | None:
    """W18 without its number; None unless it was granted."""
    found = subject.reached("DECIDED_YES")
    if found is None:
        return None
    decision = subject.last(stage="APPROVE")
    last = _said(decision.answers if decision is not None else {}, "valid_to")
    name = subject.attributes.get("result") or re.sub(r"核发$", "", subject.item)
    return {
        "name": name,
        "holder": subject.applicant,
        "holder_code": subject.text("applicant_uscc", "uscc"),
        "content": registered(subject),
        "valid_from": found[1].isoformat(),
        "valid_to": last[:10] or _ends(subject, found[1]),
    }


def registered(subject: Subject) -> list[dict[str, str]]:
    """What is registered on a certificate: the project, and the rest of the application form in its order."""
    found = [{"name": label, "value": value} for label, value in subject.application]
    return found or [{"name": "项目名称", "value": subject.text("project_name") or subject.row.title or subject.item}]


def returned_materials(subject: Subject) -> Mapping[str, Any] | None:
    """W23 when the case ended without a result; papers given back at the window name what is missing and who took them."""
    mark = next((mark for mark in ENDINGS if subject.reached(mark)), None)
    if mark is None:
        return None
    rows = [{name: one[name] for name in ("name", "form", "copies")} for one in materials_of(subject)]
    facts: dict[str, Any] = {"reason": ENDINGS[mark].rstrip("。")} | ({"materials": rows} if rows else {})
    step = subject.last(stage="ACCEPT")
    if mark == "RETURNED" and step is not None and step.answers.get("decision") == "return_file":
        gaps = "、".join(bare(str(one)) for one in step.answers.get("gaps") or ())
        facts |= {
            "reason": f"申请材料不齐全或者不符合法定形式，一次告知：{gaps}。{_said(step.answers, 'gap_notes')}",
            "receiver": _said(step.answers, "receiver") or subject.applicant,
            "returned_at": _iso(step.task.ended_at),
        }
    return facts


def ended(subject: Subject) -> Mapping[str, Any] | None:
    """W24 when the case ended without a result."""
    for mark, reason in ENDINGS.items():
        if (found := subject.reached(mark)) is not None:
            return {
                "form": "终止通知书",
                "reason": subject.row.reason or reason,
                "used": _used(subject),
                "handling": "申请人可以凭收件凭证领回所提交的材料",
                "decided_on": found[1].isoformat(),
            }
    return None


def _matter(subject: Subject) -> str:
    return f"{subject.text('project_name') or subject.row.title or subject.item}（{subject.item}）。"


def remedy(subject: Subject) -> dict[str, str]:
    """Where to contest: the government and the court of the place, from the settings."""
    city = subject.office.settings.city
    return {"review_authority": f"{city}人民政府", "court": f"{city}人民法院"} if city else {}


def _opinion(subject: Subject) -> Step | None:
    """The opinion the paper is about: of the element that asks for it, else the latest."""
    if subject.element is not None and (found := subject.last(element=subject.element)) is not None:
        return found
    return subject.last(stage="OPINION")


def circulated(subject: Subject, step: Step) -> dict[str, Any]:
    """One desk as W13 shows it."""
    task = step.task
    silent = task.outcome == "TACIT"
    card = subject.people.get(task.ended_by or "")
    post = (card.duty if card is not None else "") or "—"
    choice = next(
        (CONCLUSIONS[v] for k in ("decision", "recommendation", "conclusion", "procedure", "ruling", "resolution")
         if (v := step.answers.get(k)) in CONCLUSIONS), "",
    )  # fmt: skip
    words_of = ("survey_conclusion", "opinion", "reason", "gap_notes")
    said = [choice, *(_said(step.answers, name) for name in words_of)]
    marks = ["超时默许" if silent else "", "代岗" if task.acting_for else "", "已升级" if task.escalated_at else ""]
    return {
        "stage": STAGES.get(task.stage or "", task.name),
        "person": "系统（按规则）" if silent else subject.name(task.ended_by),
        "post": "—" if silent else f"{post}（代{subject.name(task.acting_for)}）" if task.acting_for else post,
        "opinion": "；".join(dict.fromkeys(filter(None, said))) or ("逾期视为通过" if silent else "办理完毕"),
        "at": _iso(task.ended_at),
        "mark": "、".join(filter(None, marks)) or None,
        "seal": None if silent else SEALS.get(task.stage or ""),
    }


def _ends(subject: Subject, first: date) -> str | None:
    """The last day of the item's term; None: without end."""
    found = TERM.fullmatch(subject.attributes.get("valid", ""))
    if found is None:
        return None
    term = int(found[1])
    return last_day(first, years=term if found[2] == "y" else 0, months=term if found[2] == "m" else 0).isoformat()


def _used(subject: Subject) -> str:
    row = subject.clock(ClockKind.CASE, ClockKind.STATUTORY, ClockKind.RECEIPT)
    if row is None:
        return "尚未开始计时"
    try:
        used = reading(subject.records.calendar, clock_of(row), row.stopped_at or subject.records.now).used
    except Refusal:
        return words(row)
    return f"{used}{words(row).lstrip('0123456789') if row.amount else '个工作日'}"


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
