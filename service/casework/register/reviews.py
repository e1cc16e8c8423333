"""年规范 and 季清理 (DF-05, DF-06, SP-13): opened on the first working day, answered by departments, summed up by 业务科, checked by
法制, and in force at publication, not before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.register.deploying import check_effect
from service.casework.register.drafting import checked_note, publish, status_version
from service.casework.register.rights import (
    LEGAL,
    may_propose,
    require_office,
    require_proposer,
    require_watcher,
)
from service.casework.register.rows import Source, card_of
from service.casework.support_asking import REVIEW, keep_in_step
from service.casework.support_cases import begin_support
from service.rules.item_reviews import (
    Finding,
    FindingCode,
    ReviewDecision,
    findings_of,
    quarter_before,
)
from service.rules.item_words import ItemStatus
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.records import Records
from service.store.register import SUBMITTED, VersionRow
from service.store.reviews import CHECKED, OPENED, PUBLISHED, QUARTERLY, SUMMED, YEARLY, ReviewLine, ReviewRow

FILING = {YEARLY: "20wd", QUARTERLY: "5wd"}  # how long departments have to answer
FILED = {"filed": ["本部门事项已逐项填报"]}
GONE = (ItemStatus.CANCELLED, ItemStatus.DEVOLVED)


@dataclass(frozen=True, kw_only=True)
class ReviewSummary:
    """One review in the list."""

    row: ReviewRow
    lines: int
    decided: int


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """One line with its findings in words, the draft that waits for it, and whether the reader may answer."""

    line: ReviewLine
    findings: tuple[Finding, ...]
    draft: VersionRow | None
    mine: bool


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """A review as its reader may see it. `counts`: decisions of all departments; `undecided` too."""

    row: ReviewRow
    items: tuple[ReviewItem, ...]
    counts: Mapping[str, int]
    undecided: int
    departments: Mapping[str, str]
    people: Mapping[str, str]


def open_yearly(office: Office, records: Records, rule: datetime) -> dict[str, Any]:
    """J-12: the review of a year, on its first working day; once."""
    day = rule.astimezone(SHANGHAI).date()
    return {"opened": int(_works(records, day) and _open(office, records, None, YEARLY, day.year, 0) is not None)}


def open_quarterly(office: Office, records: Records, rule: datetime) -> dict[str, Any]:
    """J-11: the clean-up list of the quarter that has ended, on the first working day of the next; once."""
    day = rule.astimezone(SHANGHAI).date()
    year, quarter = quarter_before(day)
    return {"opened": int(_works(records, day) and _open(office, records, None, QUARTERLY, year, quarter) is not None)}


def open_review(office: Office, actor: Actor, kind: str, year: int, quarter: int = 0) -> ReviewRow:
    """Open one by hand. Refused: Forbidden ITEM_OFFICE_ONLY; Invalid REVIEW_KIND; Conflict REVIEW_THERE."""
    require_office(actor)
    right = (kind == YEARLY and quarter == 0) or (kind == QUARTERLY and 1 <= quarter <= 4)
    if not right or not 2000 <= year <= 2100:
        raise refuse("kind", "REVIEW_KIND", "请选择年规范，或某一季度的季清理。")
    with office.transaction() as records:
        row = _open(office, records, actor, kind, year, quarter)
        if row is None:
            raise Conflict("REVIEW_THERE", "这个年度或季度的清理已经开始。")
        return row


def review_list(office: Office, actor: Actor) -> tuple[ReviewSummary, ...]:
    """Every review, the latest first. Refused: Forbidden REGISTER_CLOSED."""
    require_watcher(actor)
    with office.reading() as records:
        return tuple(
            ReviewSummary(row=row, lines=lines, decided=done) for row, lines, done in records.reviews.listing()
        )


def review_view(office: Office, actor: Actor, review_id: UUID, *, department: str = "") -> ReviewView:
    """A review with its lines, of one department when asked for. Refused: Forbidden REGISTER_CLOSED; Missing REVIEW_MISSING."""
    require_watcher(actor)
    with office.reading() as records:
        row = records.reviews.find(review_id)
        if row is None:
            raise _missing()
        every = records.reviews.lines(review_id)
        drafts = {one.code: one for one in records.register.drafts()}
        names = {one.code: one.name for one in records.people.departments()}
        shown = [line for line in every if not department or line.department == department]
        who = {one for line in every for one in (line.filed_by,) if one}
        who |= {one for one in (row.opened_by, row.summed_by, row.checked_by, row.published_by) if one}
        return ReviewView(
            row=row,
            items=tuple(
                ReviewItem(
                    line=line,
                    findings=_found(line.findings),
                    draft=drafts.get(line.code),
                    mine=row.state == OPENED and may_propose(actor, line.department),
                )
                for line in shown
            ),
            counts={one.value: sum(line.decision == one for line in every) for one in ReviewDecision},
            undecided=sum(line.decision is None for line in every),
            departments={code: names.get(code, code) for code in sorted({line.department for line in every})},
            people=records.people.names(who),
        )


def answer_line(
    office: Office, actor: Actor, review_id: UUID, code: str, decision: ReviewDecision, *, reason: str = ""
) -> None:
    """What a department says of an item: 保留, 取消 (with a reason), 变更 or 新增 (with a draft that was handed in).

    Refused: Missing REVIEW_MISSING; Forbidden ITEM_FORBIDDEN; Conflict REVIEW_STATE; Invalid ITEM_NOTE_MISSING,
    REVIEW_DRAFT_MISSING.
    """
    if decision is not ReviewDecision.KEEP:
        reason = checked_note(reason, field="reason")
    with office.transaction() as records:
        _locked(records, review_id, OPENED)
        line = next((one for one in records.reviews.lines(review_id) if one.code == code), None)
        draft = records.register.open_draft(code)
        if line is None and (draft is None or decision is not ReviewDecision.ADD):
            raise _missing()
        require_proposer(actor, line.department if line else draft.department if draft else "")
        if decision in (ReviewDecision.CHANGE, ReviewDecision.ADD) and (draft is None or draft.state != SUBMITTED):
            raise refuse("decision", "REVIEW_DRAFT_MISSING", "变更和新增须先起草修改并提交审核。")
        values = {
            "decision": decision.value,
            "reason": reason.strip(),
            "filed_by": actor.username,
            "filed_at": records.now,
        }
        if line is None and draft is not None:
            records.reviews.add_lines(
                [
                    ReviewLine(
                        review_id=review_id,
                        code=code,
                        department=draft.department,
                        name=draft.name,
                        findings=(),
                        decision=decision.value,
                        reason=reason.strip(),
                        filed_by=actor.username,
                        filed_at=records.now,
                    )
                ]
            )
        else:
            records.reviews.decide(review_id, code, **values)
        detail = {"code": code, "decision": decision.value, "reason": reason}
        records.ledger.write(LedgerAction.REVIEW_FILED, actor.username, str(review_id), detail)


def sum_up(office: Office, actor: Actor, review_id: UUID) -> ReviewRow:
    """业务科 has all answers. Refused: Forbidden ITEM_OFFICE_ONLY; Conflict REVIEW_STATE, REVIEW_INCOMPLETE."""
    with office.transaction() as records:
        row = note_sum(records, actor, review_id)
        for department in sorted({line.department for line in records.reviews.lines(review_id)}):
            keep_in_step(records, REVIEW, review_id, "Task_File", actor.username, FILED, department=department)
        keep_in_step(records, REVIEW, review_id, "Task_Sum", actor.username, place=1)
        return row


def note_sum(records: Records, actor: Actor, review_id: UUID) -> ReviewRow:
    """The same within a transaction."""
    require_office(actor)
    row = _locked(records, review_id, OPENED)
    require_answered(records, review_id)
    return _move(records, actor, row, SUMMED, summed_by=actor.username, summed_at=records.now)


def require_answered(records: Records, review_id: UUID, department: str = "") -> None:
    """Every item, of a department when named, has its answer. Refused: Conflict REVIEW_INCOMPLETE."""
    lines = [one for one in records.reviews.lines(review_id) if department in ("", one.department)]
    open_ones = sum(line.decision is None for line in lines)
    if open_ones:
        raise Conflict("REVIEW_INCOMPLETE", "还有 {count} 个事项没有填报，不能汇总。", count=open_ones)


def check_review(office: Office, actor: Actor, review_id: UUID) -> ReviewRow:
    """法制 has no objection. Refused: Forbidden ITEM_LEGAL_ONLY; Conflict REVIEW_STATE."""
    with office.transaction() as records:
        row = note_check(records, actor, review_id)
        keep_in_step(records, REVIEW, review_id, "Task_Legal", actor.username, {"decision": "agree"})
        return row


def note_check(records: Records, actor: Actor, review_id: UUID) -> ReviewRow:
    """The same within a transaction."""
    if not actor.has(LEGAL):
        raise Forbidden("ITEM_LEGAL_ONLY", "只有法制审核员可以出具法制审核意见。")
    row = _locked(records, review_id, SUMMED)
    return _move(records, actor, row, CHECKED, checked_by=actor.username, checked_at=records.now)


def return_review(office: Office, actor: Actor, review_id: UUID, objection: str) -> ReviewRow:
    """法制 wants it changed: departments answer again, 业务科 sums up again.

    Refused: Invalid ITEM_NOTE_MISSING; Forbidden ITEM_LEGAL_ONLY; Conflict REVIEW_STATE.
    """
    said = checked_note(objection, field="objection")
    with office.transaction() as records:
        row = note_return(records, actor, review_id, said)
        answers = {"decision": "revise", "answer": said}
        keep_in_step(records, REVIEW, review_id, "Task_Legal", actor.username, answers)
        return row


def note_return(records: Records, actor: Actor, review_id: UUID, objection: str) -> ReviewRow:
    """The same within a transaction."""
    if not actor.has(LEGAL):
        raise Forbidden("ITEM_LEGAL_ONLY", "只有法制审核员可以出具法制审核意见。")
    row = _locked(records, review_id, SUMMED)
    return _move(records, actor, row, OPENED, more={"objection": objection}, summed_by=None, summed_at=None)


def publish_review(
    office: Office, actor: Actor, review_id: UUID, *, effective_from: datetime | None = None, note: str = ""
) -> ReviewRow:
    """Everything the review decided is a version from one instant on, all or nothing.

    Refused: Forbidden ITEM_OFFICE_ONLY, ITEM_OWN_DRAFT; Conflict REVIEW_STATE, REVIEW_DRAFT_GONE and what publishing a
    draft refuses; Invalid ITEM_EFFECTIVE_PAST.
    """
    with office.transaction() as records:
        row = note_publication(records, actor, review_id, effective_from=effective_from, note=note)
        said = {"decision": "agree", "answer": note}
        keep_in_step(records, REVIEW, review_id, "Task_Public", actor.username, {"objections": 0})
        keep_in_step(records, REVIEW, review_id, "Task_Answer", actor.username, said, place=1)
        return row


def note_publication(
    records: Records, actor: Actor, review_id: UUID, *, effective_from: datetime | None = None, note: str = ""
) -> ReviewRow:
    """The same within a transaction."""
    require_office(actor)
    row = _locked(records, review_id, CHECKED)
    at = check_effect(records.now, effective_from)
    before = _in_use(records)
    lines = records.reviews.lines(review_id)
    for line in lines:
        _carry_out(records, actor, row, line, at)
    counts = {one.value: sum(line.decision == one for line in lines) for one in ReviewDecision}
    more = {"from": at.isoformat(), "before": before, **counts}
    values = {"published_by": actor.username, "published_at": records.now, "note": note.strip()[:2000]}
    return _move(records, actor, row, PUBLISHED, more=more, **values)


def _carry_out(records: Records, actor: Actor, review: ReviewRow, line: ReviewLine, at: datetime) -> None:
    """One decision; what was cancelled meanwhile stays as it is."""
    if line.decision == ReviewDecision.CANCEL:
        latest = records.register.latest([line.code])[line.code]
        if latest.status not in GONE:
            status_version(
                records, actor, line.code, ItemStatus.CANCELLED, note=line.reason, at=at, source=Source.REVIEW
            )
    elif line.decision in (ReviewDecision.CHANGE, ReviewDecision.ADD):
        draft = records.register.open_draft(line.code)
        if draft is None or draft.state != SUBMITTED:
            raise Conflict("REVIEW_DRAFT_GONE", "事项 {item} 的修改已退回或放弃，请重新填报。", item=line.code)
        if draft.drafted_by == actor.username:
            raise Forbidden("ITEM_OWN_DRAFT", "起草人不能审核自己的修改，请由另一人审核。")
        if draft.legal_by is None:
            checked = {"legal_by": review.checked_by, "legal_at": review.checked_at}
            records.register.change(draft.id, **checked)
            draft = replace(draft, legal_by=review.checked_by, legal_at=review.checked_at)
        publish(records, actor, draft, at)


def _open(
    office: Office, records: Records, actor: Actor | None, kind: str, year: int, quarter: int
) -> ReviewRow | None:
    if records.reviews.of(kind, year, quarter) is not None:
        return None
    by = actor.username if actor else None
    row = ReviewRow(id=uuid4(), kind=kind, year=year, quarter=quarter, opened_at=records.now, opened_by=by)
    found = _facts(records)
    lines = [
        ReviewLine(
            review_id=row.id,
            code=version.code,
            department=version.department,
            name=version.name,
            findings=[{"code": one.code.value, **one.figures} for one in findings],
        )
        for version, findings in found
        if kind == YEARLY or findings
    ]
    if actor is None and not lines:
        return None
    records.reviews.add(row, lines)
    detail = {"kind": kind, "year": year, "quarter": quarter, "items": len(lines)}
    records.ledger.write(LedgerAction.REVIEW_OPENED, by, str(row.id), detail)
    _begin(office, records, actor, row, lines)
    return row


def _begin(office: Office, records: Records, actor: Actor | None, row: ReviewRow, lines: Sequence[ReviewLine]) -> None:
    """清理 (SP-13): a desk for every department with a line; one review without any ends on its page."""
    departments = sorted({line.department for line in lines})
    if not departments:
        return
    period = f"{row.year}年{f'第{row.quarter}季度' if row.quarter else ''}"
    begin_support(
        office,
        records,
        REVIEW,
        subject=row.id,
        actor=actor,
        title=f"{period}事项{'季清理' if row.quarter else '年度清理'}",
        variables={
            "review": str(row.id),
            "review_kind": row.kind,
            "departments": departments,
            "filing_limit": FILING[row.kind],
        },
    )


def _works(records: Records, day: date) -> bool:
    """Whether it is a working day; while nobody has entered the year, it is asked again the next day."""
    return day.year in records.calendar.years and records.calendar.is_workday(day)


def _facts(records: Records) -> list[tuple[VersionRow, tuple[Finding, ...]]]:
    """Every item in use with what a review asks about it."""
    rows = [row for row in records.register.current(records.now, whole=True) if row.status not in GONE]
    processes = [row.process for row in rows if row.process]
    online = records.deployments.newest(processes)
    asked = records.reviews.last_asked(processes)
    known = records.register.known_since()
    return [
        (
            row,
            findings_of(
                card_of(row),
                online=row.process in online,
                known_since=_day(known[row.code]),
                last_asked=_day(asked[row.process]) if row.process in asked else None,
                today=_day(records.now),
            ),
        )
        for row in rows
    ]


def _found(stored: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(code=FindingCode(one["code"]), figures={name: value for name, value in one.items() if name != "code"})
        for one in stored
    )


def _locked(records: Records, review_id: UUID, state: str) -> ReviewRow:
    row = records.reviews.find(review_id, lock=True)
    if row is None:
        raise _missing()
    if row.state != state:
        raise Conflict("REVIEW_STATE", "清理已进入下一步，请刷新后查看。")
    return row


def _move(
    records: Records, actor: Actor, row: ReviewRow, state: str, *, more: Mapping[str, Any] | None = None, **values: Any
) -> ReviewRow:
    records.reviews.change(row.id, state=state, **values)
    detail = {"state": state, "kind": row.kind, "year": row.year, "quarter": row.quarter, **(more or {})}
    records.ledger.write(LedgerAction.REVIEW_MOVED, actor.username, str(row.id), detail)
    return replace(row, state=state, **values)


def _in_use(records: Records) -> int:
    return sum(row.status == ItemStatus.ACTIVE for row in records.register.current(records.now))


def _day(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def _missing() -> Missing:
    return Missing("REVIEW_MISSING", "没有这份清理名单，或者其中没有这个事项。")
