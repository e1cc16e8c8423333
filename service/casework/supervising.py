"""Hints, cards and orders: raised by rules, answered by who got them, ruled on by supervision (DOMAIN C.5.4, C.3.9).

Supervision reads, reminds and rules on answers; it never does a task. Whatever is done about a row of a case is a line
of that case, also after its end; what concerns a post without a case is a line of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.office import Office
from service.casework.posts import CHIEF, HEAD, LEADER
from service.casework.support_asking import ORDER, keep_in_step
from service.rules.cards import (
    APPEAL_DAYS,
    BY_ADDRESSEE,
    LEVELS,
    Card,
    CardAct,
    CardLevel,
    CardState,
    Violation,
    appeal_by,
    feedback_by,
    following,
)
from service.rules.cards import raise_card as ruled
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction, LedgerAction
from service.rules.worktime import SHANGHAI, WorkCalendar
from service.store.records import Records
from service.store.supervision import SupervisionRow

OVERSEERS = ("supervisor", "business_office", "leader")  # see every row
HEADS = (CHIEF, LEADER, HEAD)  # answer for their department
LONGEST_TEXT = 2000
LINES = {
    CardAct.SIGN: JournalAction.CARD_SIGNED,
    CardAct.REPLY: JournalAction.CARD_REPLIED,
    CardAct.APPEAL: JournalAction.CARD_APPEALED,
    CardAct.ACCEPT: JournalAction.CARD_ACCEPTED,
    CardAct.REJECT: JournalAction.CARD_REJECTED,
    CardAct.UPHOLD: JournalAction.CARD_REVOKED,
    CardAct.DISMISS: JournalAction.CARD_DISMISSED,
    CardAct.CLOSE: JournalAction.CARD_CLOSED,
}
TEXT = "*"
STEPS: Mapping[CardAct, tuple[str, Mapping[str, str]]] = {  # what an act means at the desks of 督办 (SP-02)
    CardAct.SIGN: ("Task_Sign", {}),
    CardAct.REPLY: ("Task_Reply", {"order_reply": TEXT}),
    CardAct.ACCEPT: ("Task_Rule", {"conclusion": "met"}),
    CardAct.REJECT: ("Task_Rule", {"conclusion": "unmet", "ruling_note": TEXT}),
    CardAct.CLOSE: ("", {}),
}
ONCE_EACH = frozenset({Violation.ORDER, Violation.FEE_ANOMALY})  # given once for each matter, not once a case
WITH_REASON = frozenset({CardAct.REPLY, CardAct.APPEAL, CardAct.REJECT, CardAct.DISMISS})


@dataclass(frozen=True, kw_only=True)
class About:
    """What a card is about: the item, its clock and the task, where there is one."""

    scope: UUID | None = None
    clock: UUID | None = None
    task: UUID | None = None
    element: str | None = None


def raise_card(
    records: Records,
    file: CaseFile,
    violation: Violation,
    *,
    to: str,
    department: str | None,
    at: datetime,
    about: About = About(),
    facts: Mapping[str, Any] | None = None,
) -> SupervisionRow | None:
    """Give a card of the item for what a rule found at `at`; None when the same one was given before.

    `to`: who held the task then, or a department's code; violations of departments go to `department`. A second 黄牌 of
    the item becomes a 红牌. A 督办单 is given once per task, FEE_ANOMALY once per transaction. Written as `card:raised`. Refused: CALENDAR_MISSING.
    """
    given = [
        _as_card(row)
        for row in records.supervision.of_case(file.id)
        if row.scope_id == about.scope and not (violation in ONCE_EACH and _matter(row, about, facts))
    ]
    on = at.astimezone(SHANGHAI).date()
    card = ruled(violation, to, department or to, on, given)
    if card is None:
        return None
    row = SupervisionRow(
        id=uuid4(),
        case_id=file.id,
        scope_id=about.scope,
        clock_id=about.clock,
        task_id=about.task,
        violation=violation.value,
        level=card.level.value,
        addressee=card.to,
        department=department,
        raised_at=records.now,
        feedback_due_at=_feedback_by(records, violation, card.level),
        state=CardState.OPEN.value,
        upgraded=card.upgraded,
        fault=card.fault,
        detail={"at": at.isoformat(), **(facts or {})},
    )
    records.supervision.add(row)
    write(records, file, JournalAction.CARD_RAISED, None, element=about.element, task_id=about.task, detail=_noted(row))
    return row


def raise_outside(
    records: Records, violation: Violation, *, to: str, department: str | None, facts: Mapping[str, Any]
) -> SupervisionRow:
    """A hint that belongs to no case: a post nobody covers. Written to the ledger."""
    row = SupervisionRow(
        id=uuid4(),
        case_id=None,
        violation=violation.value,
        level=LEVELS[violation].value,
        addressee=to,
        department=department,
        raised_at=records.now,
        feedback_due_at=None,
        state=CardState.OPEN.value,
        detail={"at": records.now.isoformat(), **facts},
    )
    records.supervision.add(row)
    records.ledger.write(LedgerAction.CARD_RAISED, None, to, _noted(row))
    return row


def _matter(row: SupervisionRow, about: About, facts: Mapping[str, Any] | None) -> bool:
    """Whether a row is about another matter: another task's order, another transaction's anomaly."""
    said = facts or {}
    return row.task_id != about.task or any(row.detail.get(name) != said.get(name) for name in ("transaction", "order"))


def handle_card(office: Office, actor: Actor, card_id: UUID, act: CardAct, text: str = "") -> SupervisionRow:
    """Sign, reply to, appeal against (by its addressee), accept, reject, uphold, dismiss or close (by supervision).

    Refused: Missing CARD_NOT_FOUND; Forbidden CARD_FORBIDDEN; Conflict CARD_STATE, APPEAL_LATE, HINT_WITHOUT_APPEAL;
    Invalid CARD_TEXT_MISSING, CARD_TEXT_LONG.
    """
    said = text.strip()
    if act in WITH_REASON and not said:
        raise refuse("text", "CARD_TEXT_MISSING", "请写明理由或答复内容")
    if len(said) > LONGEST_TEXT:
        raise refuse("text", "CARD_TEXT_LONG", "内容不能超过 {most} 个字", most=LONGEST_TEXT)

    def attempt() -> SupervisionRow:
        with office.transaction() as records:
            found = records.supervision.find(card_id)
            case = records.cases.lock(found.case_id) if found is not None and found.case_id is not None else None
            row = records.supervision.find(card_id, lock=True)
            if row is None or not may_see(actor, row):
                raise Missing("CARD_NOT_FOUND", "没有这个监察事项，或者您无权查看。")
            _require_handler(actor, row, act)
            file = case_file(case, alive=False) if case is not None else None
            done = carry_out(records, file, row, act, said, actor)
            if row.violation == Violation.ORDER and (step := STEPS.get(act)) is not None:
                element, answers = step
                keep_in_step(records, ORDER, row.id, element, actor.username, _said(answers, said))
            if file is not None:
                put_back(records, file)
            return done

    return office.attempt(attempt)


def carry_out(
    records: Records, file: CaseFile | None, row: SupervisionRow, act: CardAct, said: str, actor: Actor
) -> SupervisionRow:
    """Do it, whoever may: the row, and the line of the locked case or of the ledger. Refused: Conflict CARD_STATE."""
    after = _after(records.calendar, row, act, records.now)
    done = {"act": act.value, "by": actor.username, "at": records.now.isoformat(), "text": said}
    changes: dict[str, Any] = {
        "state": after.value,
        "detail": {**row.detail, "acts": [*row.detail.get("acts", ()), done]},
    }
    if act is CardAct.REJECT:  # one working day more
        changes["feedback_due_at"] = records.calendar.due_after_workdays(records.now, 1)
    records.supervision.change(row.id, changes)
    detail = {"card": str(row.id), "text": said}
    if file is not None:
        write(records, file, LINES[act], actor, task_id=row.task_id, detail=detail)
    else:
        records.ledger.write(LedgerAction.CARD_HANDLED, actor.username, row.addressee, {**detail, "act": act.value})
    return replace(row, **changes)


def _said(answers: Mapping[str, str], text: str) -> dict[str, str]:
    return {name: text if value == TEXT else value for name, value in answers.items()}


def may_see(actor: Actor, row: SupervisionRow) -> bool:
    """Overseers see everything, heads what concerns their department, everybody their own."""
    if actor.has(*OVERSEERS):
        return True
    return is_addressee(actor, row) or (
        actor.has(*HEADS) and actor.department is not None and actor.department == row.department
    )


def is_addressee(actor: Actor, row: SupervisionRow) -> bool:
    """Whether it was given to this person, or to a department the person answers for."""
    if row.addressee == actor.username:
        return True
    return not actor.service and actor.department == row.addressee and actor.has(*HEADS)


def acts_open(calendar: WorkCalendar, actor: Actor, row: SupervisionRow, now: datetime) -> tuple[CardAct, ...]:
    """What this person can do about it now, for pages."""
    found = []
    for act in CardAct:
        try:
            _require_handler(actor, row, act)
            _after(calendar, row, act, now)
        except (Conflict, Forbidden):
            continue
        found.append(act)
    return tuple(found)


def _feedback_by(records: Records, violation: Violation, level: CardLevel) -> datetime | None:
    """As the rule; whoever has nothing to answer needs no calendar."""
    if level is CardLevel.HINT and violation is not Violation.ORDER:
        return None
    return feedback_by(records.calendar, violation, level, records.now)


def _after(calendar: WorkCalendar, row: SupervisionRow, act: CardAct, now: datetime) -> CardState:
    after = following(CardState(row.state), act)
    if act is CardAct.APPEAL:
        if row.level == CardLevel.HINT:
            raise Conflict("HINT_WITHOUT_APPEAL", "提示和督办单不是黄牌或红牌，不能申诉，请直接答复。")
        last = appeal_by(calendar, row.raised_at.astimezone(SHANGHAI).date())
        if now.astimezone(SHANGHAI).date() > last:
            raise Conflict(
                "APPEAL_LATE",
                "申诉应在收到之日起 {days} 个工作日内提出（{last} 之前）。",
                days=APPEAL_DAYS,
                last=last.isoformat(),
            )
    return after


def _require_handler(actor: Actor, row: SupervisionRow, act: CardAct) -> None:
    if act in BY_ADDRESSEE:
        if not is_addressee(actor, row):
            raise Forbidden("CARD_FORBIDDEN", "只有收到的人或其部门负责人可以签收、答复和申诉。")
    elif "supervisor" not in actor.roles:
        raise Forbidden("CARD_FORBIDDEN", "只有督查人员可以审核答复、裁定申诉和销号。")


def _as_card(row: SupervisionRow) -> Card:
    return Card(
        violation=Violation(row.violation),
        level=CardLevel(row.level),
        to=row.addressee,
        raised_on=row.raised_at.astimezone(SHANGHAI).date(),
        upgraded=row.upgraded,
        fault=row.fault,
        revoked=row.state == CardState.REVOKED,
    )


def _noted(row: SupervisionRow) -> dict[str, Any]:
    """The journal's detail of a row that was raised."""
    return {
        "card": str(row.id),
        "violation": row.violation,
        "level": row.level,
        "to": row.addressee,
        "department": row.department,
        "scope": None if row.scope_id is None else str(row.scope_id),
        "clock": None if row.clock_id is None else str(row.clock_id),
        "at": row.detail["at"],
        "upgraded": row.upgraded,
        "fault": row.fault,
        "feedback_by": None if row.feedback_due_at is None else row.feedback_due_at.isoformat(),
    }
