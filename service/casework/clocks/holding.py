"""What people do about silence: supervision holds it back, officers speak after all, pages show what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.clocks.receiving import CHIEF, OPEN, RELEASE, Notice, notices_of
from service.casework.clocks.tacit import HOLD
from service.casework.clockwork.book import day_of
from service.casework.clockwork.turns import TACIT, outstanding
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.projection import clocks_of
from service.casework.rights import require_reader
from service.rules.clocks import ClockKind
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.tacit import HOLD_DAYS, SENTENCES, TacitException, TacitLevel, hold_until
from service.rules.vocabulary import JournalAction, TaskOutcome
from service.store.history import JournalLine
from service.store.proceedings import ProceedingRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.clockwork.movement import Movement
    from service.casework.office import Office

SUPERVISOR = "supervisor"
SPEAKERS = frozenset({"reviewer_a", "reviewer_b", "chief_rep", "resident_leader"})
LONGEST_TEXT = 2000


@dataclass(frozen=True, kw_only=True)
class Silent:
    """One silence of a case: passed by the rule, or held with its reasons. `late`: what was said afterwards, by whom."""

    level: TacitLevel
    passed: bool
    at: datetime
    scope: UUID | None
    element: str
    task: UUID | None
    silent: str = ""  # who had it when its limit ended: a username, or a department's code
    department: str = ""
    document: str = ""
    certificate_by: datetime | None = None
    holds: tuple[TacitException, ...] = ()
    again: datetime | None = None
    late: tuple[tuple[str, str], ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reasons it is held, as msgids."""
        return tuple(SENTENCES[one].text for one in self.holds)


def hold_tacit(office: Office, actor: Actor, case_id: UUID, *, scope: UUID | None = None, reason: str) -> date:
    """Supervision keeps silence from counting, once per item and for three working days; the last of them.

    Refused: Missing CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, HOLD_NOTHING, HOLD_ONCE, HOLD_LATE; Forbidden
    HOLD_FORBIDDEN; Invalid REASON_MISSING.
    """
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    if SUPERVISOR not in actor.roles:
        raise Forbidden("HOLD_FORBIDDEN", "只有督查人员可以暂缓默许。")

    def attempt() -> date:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
            move = clocks_of(records, file, program)
            today, triggers = day_of(records.now), [] if move is None else _triggers(move, scope)
            if not triggers:
                raise Conflict("HOLD_NOTHING", "该事项没有将要适用的超时默许。")
            rows = [one for one in records.proceedings.of_case(case_id) if one.scope_id == scope]
            before = any(one.kind == HOLD for one in rows)
            kind, due, at = min(triggers, key=lambda one: one[2])
            if at <= records.now:
                raise Conflict("HOLD_LATE", "默许已经生效，不能再暂缓。")
            if kind == ClockKind.CASE:
                until = hold_until(records.calendar, today, due, before=before)
            elif before:
                raise Conflict("HOLD_ONCE", "暂缓默许只能决定一次。")
            else:
                until = records.calendar.add_workdays(today, HOLD_DAYS)
            detail = {"until": until.isoformat(), "reason": reason.strip()}
            row = ProceedingRow(
                id=uuid4(), case_id=case_id, scope_id=scope, kind=HOLD, state="GRANTED", opened_at=records.now,
                opened_by=actor.username, detail=detail,
            )  # fmt: skip
            records.proceedings.add(row)
            told = {
                "proceeding": str(row.id),
                "kind": HOLD,
                **({} if scope is None else {"scope": str(scope)}),
                **detail,
            }
            write(records, file, JournalAction.PROCEEDING_OPENED, actor, detail=told)
            put_back(records, file)
            return until

    return office.attempt(attempt)


def late_opinion(office: Office, actor: Actor, task_id: UUID, text: str) -> None:
    """What an officer has to say about a task that silence has passed: kept and labelled, without effect.

    Refused: Missing TASK_NOT_FOUND; Conflict OPINION_NOT_LATE; Forbidden OPINION_FORBIDDEN; Invalid OPINION_MISSING,
    OPINION_LONG.
    """
    said = text.strip()
    if not said:
        raise refuse("text", "OPINION_MISSING", "请写明意见")
    if len(said) > LONGEST_TEXT:
        raise refuse("text", "OPINION_LONG", "意见不能超过 {most} 个字", most=LONGEST_TEXT)

    def attempt() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_task(task_id)
            task = records.tasks.find(task_id)
            if case is None or task is None:
                raise Missing("TASK_NOT_FOUND", "没有这个任务，或者您无权查看。")
            if not may_speak(actor, task.department):
                raise Forbidden("OPINION_FORBIDDEN", "只有该环节责任部门的人员可以补交意见。")
            if task.outcome != TaskOutcome.TACIT:
                raise Conflict("OPINION_NOT_LATE", "该环节没有因超时默许而结束，不能补交意见。")
            file = CaseFile(case)
            detail: dict[str, Any] = {"text": said, "author": actor.username, "task": str(task_id)}
            if task.scope_id is not None:
                detail["scope"] = str(task.scope_id)
            write(
                records, file, JournalAction.OPINION_LATE, actor, element=task.element, task_id=task_id, detail=detail
            )
            put_back(records, file)

    office.attempt(attempt)


def may_speak(actor: Actor, department: str | None) -> bool:
    """Whether somebody speaks for the department that was silent."""
    return actor.department == department and actor.has(*SPEAKERS)


@dataclass(frozen=True, kw_only=True)
class SilenceFile:
    """What pages show of silence and correction in a case, and which acts are open to who looks.

    `holdable`: scopes of items whose silence supervision may still hold; `releasable`: of items whose 首席代表 may let a
    second correction notice go out.
    """

    silences: tuple[Silent, ...]
    notices: tuple[Notice, ...]
    holdable: tuple[UUID | None, ...] = ()
    releasable: tuple[UUID | None, ...] = ()


def silence_file(office: Office, actor: Actor, case_id: UUID) -> SilenceFile:
    """Silence and correction of a case. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        proceedings = records.proceedings.of_case(case_id)
        notices = notices_of(proceedings)
        held = {one.scope_id for one in proceedings if one.kind == HOLD}
        released = {one.scope_id for one in proceedings if one.kind == RELEASE and one.closed_at is None}
        holdable: set[UUID | None] = set()
        releasable: set[UUID | None] = set()
        if case.ended_at is None and SUPERVISOR in actor.roles:
            program = office.programs.for_binding(records, case.binding_id, case.key)
            move = clocks_of(records, CaseFile(case), program)
            if move is not None:
                scopes = {row.scope_id for row in move.clocks.live()} - held
                holdable = {scope for scope in scopes if any(t[2] > records.now for t in _triggers(move, scope))}
        if case.ended_at is None and CHIEF in actor.roles and notices:
            receipts = (row for row in records.clocks.of_case(case_id) if row.kind == ClockKind.RECEIPT)
            owned = {row.scope_id for row in receipts if row.department == actor.department and row.stopped_at is None}
            releasable = {one.scope for one in notices if one.state != OPEN} & owned - released
        return SilenceFile(
            silences=silences_of(records.history.lines(case_id)),
            notices=notices,
            holdable=tuple(sorted(holdable, key=str)),
            releasable=tuple(sorted(releasable, key=str)),
        )


def silences_of(lines: Sequence[JournalLine]) -> tuple[Silent, ...]:
    """The silences a journal tells of; one that was held and passed later is told as passed."""
    late: dict[UUID, list[tuple[str, str]]] = {}
    found: dict[UUID | None, Silent] = {}
    for line in lines:
        detail: Mapping[str, Any] = line.detail or {}
        if line.action == JournalAction.OPINION_LATE and line.task_id is not None:
            late.setdefault(line.task_id, []).append((detail["author"], detail["text"]))
        if line.action not in (JournalAction.TACIT_PASSED, JournalAction.TACIT_HELD):
            continue
        found[line.task_id] = Silent(
            level=TacitLevel(detail["level"]),
            passed=line.action == JournalAction.TACIT_PASSED,
            at=datetime.fromisoformat(detail["at"]),
            scope=UUID(detail["scope"]) if detail.get("scope") else None,
            element=line.element or "",
            task=line.task_id,
            silent=detail.get("silent") or "",
            department=detail.get("department") or "",
            document=detail.get("document") or "",
            certificate_by=_instant(detail.get("certificate_by")),
            holds=tuple(TacitException(one) for one in detail.get("holds", ())),
            again=_instant(detail.get("again")),
        )
    return tuple(
        one if one.task not in late else Silent(**{**_values(one), "late": tuple(late[one.task])})
        for one in found.values()
    )


def _triggers(move: Movement, scope: UUID | None) -> list[tuple[str, date, datetime]]:
    """(kind of clock, its last day, when silence will count) of an item's clocks."""
    found = []
    for row in move.clocks.live(scope=scope):
        step = next((one for one in outstanding(move.clocks.calendar, row, move.drawn) if one.name == TACIT), None)
        if step is not None and row.due_at is not None:
            found.append((row.kind, day_of(row.due_at), step.at))
    return found


def _values(one: Silent) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Silent.__dataclass_fields__}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
