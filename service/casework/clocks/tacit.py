"""超时默许 in running cases: what happens when a limit ends and nobody has spoken (DOMAIN D.7).

Silence passes a task only where diagram and item allow it and none of the ten exceptions holds at the trigger; else it
is held, with every reason, and asked for again when the reason is gone. What has passed bears the mark everywhere: the
task's outcome, the variable `<element>_tacit`, the journal. The department stays responsible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from service.casework.clocks.climbing import holder_at
from service.casework.clockwork.book import RUNNING, day_of
from service.casework.journalling import write
from service.casework.messages.time_notices import passed
from service.casework.posts import group_of
from service.casework.projection import settle
from service.casework.supervising import About, raise_card
from service.casework.support_asking import SILENCE, ask_support
from service.rules.cards import Violation
from service.rules.clocks import ClockKind
from service.rules.tacit import (
    LOCKED,
    WORDS,
    TacitException,
    TacitFacts,
    TacitLevel,
    TacitTimes,
    covers,
    judge_tacit,
    tacit_times,
)
from service.rules.vocabulary import JournalAction, TaskOutcome

if TYPE_CHECKING:
    from service.casework.clocks.turning import Turn
    from service.store.clocks import ClockRow
    from service.store.history import JournalLine
    from service.store.proceedings import ProceedingRow
    from service.store.tasks import TaskRow

HOLD = "TACIT_HOLD"  # kind of proceeding: a supervisor keeps silence from counting
PROCEDURES = frozenset({"HEARING", "EXPERT", "INSPECTION", "TEST", "SURVEY", "APPRAISAL", "ENTRUSTED_EVALUATION"})
OBJECTIONS = frozenset({"HEARING_REQUEST", "OBJECTION"})
MATERIALS = frozenset({"CORRECTION", "TRUTH_CHALLENGE", "DEFERRAL"})
INVESTIGATIONS = frozenset({"INVESTIGATION", "COURT_ORDER"})
EXTENSION = "EXTENSION"
HIGHER = frozenset({"upper", "collective"})  # zw:decides
INSTANT = timedelta(microseconds=1)
OUTAGE_SLOTS = 2  # half-days before the trigger
VIOLATIONS = {
    TacitLevel.INTERNAL_OPINION: Violation.TACIT_OPINION,
    TacitLevel.STAGE_SKIP: Violation.TACIT_STAGE,
    TacitLevel.DECISION: Violation.TACIT_DECISION,
    TacitLevel.STATUTORY: Violation.TACIT_DECISION,
}
DOCUMENTS = {  # which is due; numbered with the documents of a case
    TacitLevel.INTERNAL_OPINION: "W17",
    TacitLevel.STAGE_SKIP: "W13",  # 免签记录 in the opinion sheet
    TacitLevel.DECISION: "W16",
    TacitLevel.STATUTORY: "W16",
}
ANSWERS = {
    TacitLevel.INTERNAL_OPINION: "conclusion=agree",
    TacitLevel.DECISION: "decision=grant",
    TacitLevel.STATUTORY: "decision=grant",
}
CONFIRM = "ESC_TACIT"  # escalation that leads to the confirmation a diagram draws (zw:tacit_confirm="lead")
TOLD = ("chief_rep", "resident_leader")


@dataclass(frozen=True, kw_only=True)
class Silence:
    """What came of a limit that ended in silence: it passed, or it is asked for again at an instant, or neither."""

    passed: bool = False
    again: datetime | None = None


NOTHING = Silence()


def stage_due(turn: Turn, at: datetime) -> Silence:
    """The limit of a task with zw:tacit has ended. Refused: CALENDAR_MISSING."""
    task = turn.records.tasks.find(turn.clock)
    level = level_of(turn, task) if task is not None else TacitLevel.NONE
    if task is None or task.ended_at is not None or level not in (TacitLevel.INTERNAL_OPINION, TacitLevel.STAGE_SKIP):
        return NOTHING
    verdict = judge_tacit(level, facts_of(turn, at), day_of(turn.records.now))
    if not verdict.applies:
        return _hold(turn, level, verdict.holds, task, at)
    _pass(turn, task, level, at)
    return Silence(passed=True)


def decision_due(turn: Turn, at: datetime) -> Silence:
    """The promise ended two working days ago and nobody has decided: the decision itself passes (超时默许).

    A review that is still open passes with it; while the case is at neither desk (a special procedure goes on) it is asked
    for again every working day. The limit of a statute that deems it granted knows no exception (LW-07).
    Refused: CALENDAR_MISSING.
    """
    level, done = TacitLevel.DECISION, False
    if turn.row.kind == ClockKind.STATUTORY:
        level = TacitLevel.STATUTORY
    for _ in range(2):  # 审核, then 批准
        task = _deciding_task(turn, level)
        if task is None:
            waits = level is TacitLevel.DECISION and _undecided(turn)
            return Silence(again=_next_morning(turn, at) if waits else None)
        if level is TacitLevel.DECISION:
            verdict = judge_tacit(level, facts_of(turn, at), day_of(turn.records.now), decision=True)
            if not verdict.applies:
                return _hold(turn, level, verdict.holds, task, at)
        _pass(turn, task, level if task.stage == "APPROVE" else TacitLevel.STAGE_SKIP, at, within=level)
        done = task.stage == "APPROVE"
        if done:
            break
    return Silence(passed=done)


def level_of(turn: Turn, task: TaskRow) -> TacitLevel:
    """What silence means at a task, never more than item and law allow, whatever was deployed before the law changed."""
    process = turn.row.process
    zw = turn.move.drawn.elements.get((process, task.element), {})
    level = WORDS.get(zw.get("tacit", "none").lower(), TacitLevel.NONE)
    item = turn.move.drawn.processes.get(process, {})
    declared = WORDS.get(item.get("tacit", "").lower(), TacitLevel.DECISION)
    if item.get("item", "") in LOCKED or not covers(declared, level):
        return TacitLevel.NONE
    return level


def facts_of(turn: Turn, at: datetime) -> TacitFacts:
    """What the case knows at the trigger of each of the ten exceptions."""
    row, records = turn.row, turn.records
    item = turn.move.drawn.processes.get(row.process, {})
    rows = [one for one in records.proceedings.of_case(turn.file.id) if one.scope_id in (None, row.scope_id)]
    running = {one.kind for one in rows if one.closed_at is None}
    waiting = {
        turn.move.drawn.pauses.get((row.process, one.element))
        for one in records.tasks.open_of(turn.file.id)
        if one.scope_id == row.scope_id
    }
    known = turn.running().run.variables(row.scope_id)
    return TacitFacts(
        clock_running=row.state == RUNNING,
        calendar_error=_moved_by_calendar(turn, row),
        procedure_open=bool(running & PROCEDURES or waiting & PROCEDURES),
        fee_unpaid="FEE" in running
        or bool(known.get("fee_due"))
        and known.get("fee_paid") is not True
        or "PAYMENT" in waiting,
        material_incomplete=bool(running & MATERIALS)
        or known.get("materials_complete") is False
        or "CORRECTION" in waiting,
        objection_open=bool(running & OBJECTIONS),
        higher_level=item.get("decides") in HIGHER
        or known.get("collective_decision") is True
        or "HIGHER_LEVEL" in running
        or "UPPER_LEVEL" in waiting,
        outage_minutes=_minutes_down(turn, at),
        investigation=bool(running & INVESTIGATIONS),
        extension_pending=EXTENSION in running,
        held_until=_held_until(rows),
    )


def answers_of(text: str) -> dict[str, Any]:
    """What silence answers, as the diagram says it: `decision=grant,copies=2` with whole numbers and truths as such."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = (one.strip() for one in part.partition("="))
        if name and value:
            found[name] = int(value) if value.isdigit() else {"true": True, "false": False}.get(value, value)
    return found


# -- inside -----------------------------------------------------------------------------------------------------


def _pass(turn: Turn, task: TaskRow, level: TacitLevel, at: datetime, *, within: TacitLevel | None = None) -> None:
    """Close a task as silence answers it, name who was silent, and let the case go on."""
    records, file, row = turn.records, turn.file, turn.row
    zw = turn.move.drawn.elements.get((row.process, task.element), {})
    said = answers_of(zw.get("tacit_answers") or ANSWERS.get(level, ""))
    ended = at if row.due_at is None else min(at, max(row.due_at, task.created_at))
    # Who had it until then: what was held back has gone to the 首席代表 at that very instant.
    silent = holder_at(records, file, task, ended - INSTANT if ended > task.created_at else ended)
    times = _times(turn) if level is TacitLevel.DECISION else None
    detail: dict[str, Any] = {
        "level": level.value,
        "clock": str(row.id),
        **({} if row.scope_id is None else {"scope": str(row.scope_id)}),
        "silent": silent,
        "department": task.department,
        "due": None if row.due_at is None else row.due_at.isoformat(),
        "at": at.isoformat(),
        "answers": said,
        "document": DOCUMENTS[level],
        "told": [group_of(task.department, role) for role in TOLD],
    }
    if times is not None:
        detail["certificate_by"] = times.certificate_by.isoformat()
    if within not in (None, level):
        detail["within"] = within
    file.notices += passed(records.now, row, task, level, silent)
    running, answers = turn.running(), {**said, "tacit": True}
    marked = {f"{task.element}_tacit": True}
    if zw.get("tacit_confirm") == "lead":
        detail["confirmed_by"] = "lead"
        running.run.throw_escalation(task.id, CONFIRM, {**marked, task.element: answers})
    else:
        running.run.complete_task(task.id, marked, answers=answers)
    write(records, file, JournalAction.TACIT_PASSED, None, element=task.element, task_id=task.id, detail=detail)
    if level in (TacitLevel.DECISION, TacitLevel.STATUTORY):
        _carry_on(turn, task, "passed")
    after = settle(records, running, done=task, outcome_of=TaskOutcome.TACIT)
    file.row = replace(file.row, blob=after.state)  # what is taken up next is the case as it is now
    turn.taken = None
    raise_card(
        records,
        file,
        VIOLATIONS[level],
        to=silent,
        department=task.department,
        at=at,
        about=About(scope=row.scope_id, clock=row.id, task=task.id, element=task.element),
    )


def _hold(turn: Turn, level: TacitLevel, holds: tuple[TacitException, ...], task: TaskRow, at: datetime) -> Silence:
    """Nothing passes: every reason is noted, once, and silence is asked for again on the next working day."""
    turn.taken = None  # looked at, not moved
    calendar, again = turn.records.calendar, _next_morning(turn, at)
    if TacitException.SUPERVISOR_HOLD in holds:
        rows = turn.records.proceedings.of_case(turn.file.id)
        held = _held_until([one for one in rows if one.scope_id in (None, turn.row.scope_id)])
        if held is not None:
            again = max(again, calendar.open_of(calendar.add_workdays(held, 1)))
    reasons = [one.value for one in holds]
    last = next((one for one in reversed(_lines(turn)) if one.action == JournalAction.TACIT_HELD), None)
    if last is None or (last.detail or {}).get("holds") != reasons:
        detail = {"level": level.value, "clock": str(turn.clock), "at": at.isoformat(), "holds": reasons}
        scope = {} if turn.row.scope_id is None else {"scope": str(turn.row.scope_id)}
        write(
            turn.records,
            turn.file,
            JournalAction.TACIT_HELD,
            None,
            element=task.element,
            task_id=task.id,
            detail={**scope, **detail, "again": again.isoformat()},
        )
        if level is TacitLevel.DECISION:
            _carry_on(turn, task, ",".join(reasons))
    return Silence(again=again) if holds else NOTHING


def _carry_on(turn: Turn, task: TaskRow, what: str) -> None:
    """超时默许执行 (SP-19): once for what passed, once for each set of reasons it was held for."""
    ask_support(
        turn.records,
        turn.file.id,
        SILENCE,
        subject=uuid5(turn.clock, what),
        title=f"默许执行-{turn.file.row.title or task.name}",
        variables={
            "clock_id": str(turn.clock),
            "item_scope": None if turn.row.scope_id is None else str(turn.row.scope_id),
        },
        scope=turn.row.scope_id,
        department=task.department,
        element=task.element,
    )


def _next_morning(turn: Turn, at: datetime) -> datetime:
    calendar = turn.records.calendar
    return calendar.open_of(calendar.add_workdays(day_of(max(turn.records.now, at)), 1))


def _undecided(turn: Turn) -> bool:
    """Whether silence may still decide the item: the time to deliver a decision has not begun."""
    row = turn.row
    return row.process in turn.move.drawn.deciding and turn.move.clocks.one(ClockKind.DELIVERY, row.scope_id) is None


def _deciding_task(turn: Turn, level: TacitLevel) -> TaskRow | None:
    """The open desk that keeps the item from its decision: 批准 where silence may decide, or 审核 before it."""
    drawn, row = turn.move.drawn, turn.row
    statutory = level is TacitLevel.STATUTORY
    if not statutory and not any(
        process == row.process and WORDS.get(zw.get("tacit", "").lower()) is TacitLevel.DECISION
        for (process, _), zw in drawn.elements.items()
    ):
        return None
    for task in turn.records.tasks.open_of(turn.file.id):
        if task.scope_id != row.scope_id or task.stage not in ("REVIEW", "APPROVE"):
            continue
        if statutory or task.stage == "REVIEW" or level_of(turn, task) is TacitLevel.DECISION:
            return task
    return None


def _times(turn: Turn) -> TacitTimes:
    """Notice and certificate: by the rule's dates, or from today when an exception has held it up."""
    due, calendar = turn.row.due_at, turn.records.calendar
    assert due is not None  # a clock without an end never asks
    times = tacit_times(calendar, day_of(due))
    today = day_of(turn.records.now)
    if today > day_of(times.notice_at):
        return TacitTimes(
            overdue_day=times.overdue_day,
            notice_at=turn.records.now,
            certificate_by=calendar.close_of(calendar.add_workdays(today, 1)),
        )
    return times


def _held_until(rows: list[ProceedingRow]) -> date | None:
    found = [date.fromisoformat(one.detail["until"]) for one in rows if one.kind == HOLD and "until" in one.detail]
    return max(found, default=None)


def _moved_by_calendar(turn: Turn, row: ClockRow) -> bool:
    """Whether the limit has ended only because a calendar was changed after its new end."""
    for line in reversed(_lines(turn)):
        detail: Mapping[str, Any] = line.detail or {}
        if line.action != JournalAction.CLOCK_RECOUNTED:
            continue
        was, due = detail.get("was"), detail.get("due")
        if detail.get("cause") != "CALENDAR" or was is None or due is None:
            return False
        return datetime.fromisoformat(due) <= line.written_at < datetime.fromisoformat(was)
    return False


def _minutes_down(turn: Turn, at: datetime) -> int:
    """Counter minutes the service was down in the last two half-days before the trigger."""
    calendar = turn.records.calendar
    slots: list[tuple[datetime, datetime]] = []
    day = day_of(at)
    for back in range(15):  # longer than any holiday
        spans = calendar.open_spans(day - timedelta(back))
        slots += [span for span in reversed(spans) if span[0] < at]
        if len(slots) >= OUTAGE_SLOTS:
            break
    slots = slots[:OUTAGE_SLOTS]
    if not slots:
        return 0
    total = timedelta()
    for outage in turn.records.proceedings.outages(slots[-1][0], at):
        for opens, closes in slots:
            total += max(timedelta(), min(closes, outage.up_at or at, at) - max(opens, outage.down_at))
    return int(total.total_seconds() // 60)


def _lines(turn: Turn) -> list[JournalLine]:
    """The journal lines about this clock."""
    lines = (*turn.records.history.lines(turn.file.id), *turn.file.lines)
    return [one for one in lines if (one.detail or {}).get("clock") == str(turn.clock)]
