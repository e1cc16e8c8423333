"""The single writer of what a running engine means in tables: tasks, activities, variables, subscriptions, agenda.

An engine run is settled once, at the end of an act; its Outcome and the wait points known before are everything that
is needed. Every kind of row is written with one statement for all rows, and only when there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.acts.asking import asked_by
from service.casework.clockwork.book import ClockFile
from service.casework.clockwork.drawn import drawn
from service.casework.clockwork.following import follow
from service.casework.clockwork.movement import AgendaMoves, Movement
from service.casework.duties import acting_for, place
from service.casework.journalling import CaseFile, put_back, write
from service.casework.materials.opening import asked_at_opening
from service.casework.messages.notices import task_opened
from service.casework.office import Office
from service.casework.passing import earlier_steps, passing
from service.casework.separation import matter_at
from service.casework.standing_in import note_stand_ins
from service.casework.typed_values import plain, type_of
from service.casework.wait_rows import agenda_row, candidates, external_row, task_row
from service.casework.working_days import WhenCounted
from service.engine.facts import Outcome, VariableChange, WaitKind
from service.rules.vocabulary import AgendaKind, CaseState, IncidentKind, JournalAction, SubscriptionKind, TaskOutcome
from service.store.agenda import AgendaRow
from service.store.clocks import ClockRow
from service.store.history import ActivityRow
from service.store.incidents import IncidentRow
from service.store.records import Records
from service.store.subscriptions import SubscriptionRow
from service.store.tasks import StageDone, TaskRow
from service.store.variables import VariableRow

if TYPE_CHECKING:
    from service.engine import Program, Run

TASK_TYPES = frozenset({"userTask", "manualTask"})  # their instances are task rows, not activity rows
ON_AGENDA = frozenset({WaitKind.TIMER, WaitKind.ACTION, WaitKind.INCIDENT})
LISTENING = {WaitKind.MESSAGE: SubscriptionKind.MESSAGE, WaitKind.SIGNAL: SubscriptionKind.SIGNAL}


class Running:
    """A case with its engine in hand, between loading and projecting. `before`: wait points known to the tables.

    `move`: the hand that moves its clocks; None for a case whose diagrams say nothing of time.
    """

    def __init__(
        self,
        file: CaseFile,
        program: Program,
        run: Run,
        before: Mapping[UUID, WaitKind],
        move: Movement | None = None,
    ) -> None:
        self.file = file
        self.program = program
        self.run = run
        self.before = before
        self.move = move


def take_up(
    office: Office,
    records: Records,
    file: CaseFile,
    move: Movement | None = None,
    *,
    clocks: Callable[[], tuple[ClockRow, ...]] | None = None,
) -> Running:
    """Load the engine of a locked, living case.

    `move`: its clocks when they are on the desk already; `clocks`: their rows when they have been read under the lock.
    """
    from service.engine import Run

    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    move = move or clocks_of(records, file, program, clocks)
    run = Run.load(
        program,
        file.row.blob or b"",
        case_id=file.id,
        now=records.now,
        calendar=WhenCounted(records),
        keeper=move.keeper if move is not None else None,
    )
    file.running = Running(file, program, run, run.kinds(), move)
    return file.running


def in_hand(office: Office, records: Records, file: CaseFile) -> Running:
    """The engine of a locked case as somebody further up has it in hand, else loaded: an act of a waiting service task
    moves clocks with the same hand that completes the task."""
    return file.running or take_up(office, records, file)


def clocks_of(
    records: Records,
    file: CaseFile,
    program: Program,
    known: Callable[[], tuple[ClockRow, ...]] | None = None,
) -> Movement | None:
    """The clocks of a case, not read before somebody asks; None when its diagrams say nothing of time."""
    time = drawn(program)
    if not time.clocked:
        return None
    load = known or (lambda: () if file.new else records.clocks.of_case(file.id))
    return Movement(records, file, ClockFile(lambda: records.calendar, records.now, load), time)


def settle(
    records: Records,
    running: Running,
    *,
    doer: Actor | None = None,
    done: TaskRow | None = None,
    outcome_of: TaskOutcome = TaskOutcome.COMPLETED,
    stages: tuple[StageDone, ...] | None = None,
    offered: bool = True,
) -> Outcome:
    """Run everything automatic, write what happened to every table, and put the case's file back.

    `done` was completed by `doer`, or ended otherwise (`outcome_of`); other user tasks that closed were cancelled by the flow. `stages`: who did
    which stage before this act, when the caller knows it; `offered` False: the completed task has no candidates.
    """
    file, program = running.file, running.program

    def known() -> tuple[StageDone, ...]:
        return stages if stages is not None else () if file.new else records.tasks.stages_of(file.id)

    outcome = running.run.settle(passing=passing(records, running, known, done, doer))
    closed = _closed(running.before, outcome)
    _note(records, file, outcome, closed, doer, None if done is None else done.id)
    move = running.move
    if move is not None:
        outcome = follow(move, running.run, outcome, closed)
    turns = move.agenda_moves() if move is not None else AgendaMoves()
    if file.new:
        _add_case(records, file, outcome)
    ended = _ended_row(records, file, done, doer, outcome_of) if done is not None and done.id in closed else None
    _close(records, file.id, closed, ended, offered, turns)
    _open(records, running, outcome, ended, stages, turns, lambda: _doers(records, running, done, doer))
    if move is not None:
        move.save()
    _write_activities(records, file, program, outcome)
    _write_variables(records, file, outcome)
    if outcome.ended is not None:
        records.incidents.close_case(file.id, records.now)
    if not file.new:
        file.change(blob=outcome.state, **_ending(records, outcome))
    put_back(records, file)
    file.running = None
    return outcome


def write_clocks(records: Records, move: Movement) -> None:
    """Write clocks that moved without the engine, their turns on the agenda, and put the case's file back."""
    turns = move.agenda_moves()
    records.prompt = records.prompt or any(row.due_at <= records.now for row in turns.moved)
    records.agenda.put([*turns.add, *move.file.take_notices()], turns.moved)
    records.agenda.drop(turns.drop)
    move.save()
    put_back(records, move.file)


def _closed(before: Mapping[UUID, WaitKind], outcome: Outcome) -> dict[UUID, WaitKind]:
    """Wait points that were in the tables and are gone; all of them when the case has ended."""
    if outcome.ended is not None:
        return dict(before)
    return {token: before[token] for token in outcome.closed if token in before}


def _note(
    records: Records,
    file: CaseFile,
    outcome: Outcome,
    closed: Mapping[UUID, WaitKind],
    doer: Actor | None,
    done: UUID | None,
) -> None:
    """Journal lines for what the engine did by itself: escalations nobody caught, countersigning that is over (`done`: the task whose
    opinion was the last), incidents and their end, the end."""
    for token, kind in closed.items():
        if kind is WaitKind.INCIDENT and outcome.ended != "cancelled":
            trouble = next(iter(records.incidents.open_at(token)), None)
            element = trouble.element if trouble else None
            write(records, file, JournalAction.INCIDENT_RESOLVED, doer, element=element)
    for thrown in outcome.thrown:
        if thrown.kind == "escalation":
            write(
                records,
                file,
                JournalAction.ESCALATION_UNCAUGHT,
                None,
                element=thrown.element,
                detail={"code": thrown.name},
            )
    for one in outcome.countersigned:
        open_ones = [token for token, kind in closed.items() if kind is WaitKind.USER_TASK and token != done]
        spared = [row.assignee for row in records.tasks.some(open_ones).values() if row.element == one.element]
        detail = {
            "policy": one.policy,
            "result": one.result,
            "agreed": one.agreed,
            "objected": one.objected,
            "spared": sorted(name for name in spared if name),
        }
        write(records, file, JournalAction.COUNTERSIGNED, None, element=one.element, detail=detail)
    for wait in outcome.opened:
        if wait.kind is WaitKind.INCIDENT:
            write(
                records,
                file,
                JournalAction.INCIDENT_OPENED,
                None,
                element=wait.element,
                detail={"message": (wait.error or "")[:500]},
            )
    if outcome.ended == "completed":
        write(records, file, JournalAction.CASE_COMPLETED, None, element=next(iter(outcome.end_elements[-1:]), None))


def _ending(records: Records, outcome: Outcome) -> dict[str, Any]:
    if outcome.ended is None:
        return {}
    state = CaseState.COMPLETED if outcome.ended == "completed" else CaseState.TERMINATED
    return {
        "state": state.value,
        "ended_at": records.now,
        "end_element": outcome.end_elements[-1] if outcome.end_elements else None,
    }


def _add_case(records: Records, file: CaseFile, outcome: Outcome) -> None:
    """A new case is inserted with everything known, before any row that refers to it."""
    file.row = replace(file.row, version=file.version, blob=outcome.state, **(file.changes | _ending(records, outcome)))
    records.cases.add(file.row)


def _ended_row(records: Records, file: CaseFile, done: TaskRow, doer: Actor | None, outcome: TaskOutcome) -> TaskRow:
    by = doer.username if doer else None
    return replace(
        done,
        ended_at=records.now,
        ended_by=by,
        outcome=outcome.value,
        assignee=by or done.assignee,
        acting_for=done.acting_for if doer is None else acting_for(done, doer),
        delegation=None,
        seen=file.version,
    )


def _close(
    records: Records,
    case_id: UUID,
    closed: Mapping[UUID, WaitKind],
    ended: TaskRow | None,
    offered: bool,
    turns: AgendaMoves,
) -> None:
    """Wait points that are gone lose their rows; `ended` is written together with the opened tasks."""
    kinds: dict[WaitKind, list[UUID]] = {}
    for token, kind in closed.items():
        kinds.setdefault(kind, []).append(token)
    tasks = kinds.get(WaitKind.USER_TASK, [])
    cancelled = [token for token in tasks if ended is None or token != ended.id]
    records.tasks.cancel(cancelled, records.now)
    records.tasks.drop_candidates(tasks if offered else cancelled)
    records.together.drop_drafts(cancelled)
    records.subscriptions.drop([token for kind in LISTENING for token in kinds.get(kind, [])])
    troubled = [
        *kinds.get(WaitKind.INCIDENT, []),
        *records.external.drop(kinds.get(WaitKind.EXTERNAL_TASK, [])),
    ]
    over = [token for kind in ON_AGENDA for token in kinds.get(kind, [])] + turns.drop
    if records.incidents.troubled(case_id):
        troubled += records.agenda.drop_tokens(over)
    else:
        records.agenda.forget_tokens(over)
    records.incidents.close_at(troubled, records.now)


def _doers(records: Records, running: Running, done: TaskRow | None, doer: Actor | None) -> frozenset[str]:
    """Who completed a step of the case before."""
    return frozenset(one.ended_by for one in earlier_steps(records, running, done, doer) if one.ended_by)


def _open(
    records: Records,
    running: Running,
    outcome: Outcome,
    ended: TaskRow | None,
    stages: tuple[StageDone, ...] | None,
    turns: AgendaMoves,
    earlier: Callable[[], Collection[str]],
) -> None:
    file, program, move = running.file, running.program, running.move
    waits = [wait for wait in outcome.opened if wait.kind is WaitKind.USER_TASK]
    if stages is None:
        staged = not file.new and any(wait.zw.get("stage") for wait in waits)
        stages = records.tasks.stages_of(file.id) if staged else ()
    matters = {wait.id: matter_at(running, wait, stages) for wait in waits}
    placed = place(records, waits, matters, earlier) if waits else {}
    note_stand_ins(records, file, ((wait, placed[wait.id]) for wait in waits))
    steps = {passage.id: timedelta(microseconds=step) for step, passage in enumerate(outcome.passages)} if waits else {}
    tasks = [
        task_row(file, program, wait, placed[wait.id], created_at=records.now + steps.get(wait.id, timedelta()))
        for wait in waits
    ]
    if move is not None:
        tasks = [replace(row, **move.copy_of(row.id)) for row in tasks]
    records.tasks.put([*tasks, ended] if ended is not None else tasks)
    records.tasks.add_candidates([one for wait in waits for one in candidates(wait.id, placed[wait.id])])
    records.external.add(
        [external_row(records, file, program, w) for w in outcome.opened if w.kind is WaitKind.EXTERNAL_TASK]
    )
    records.subscriptions.add(
        [
            SubscriptionRow(
                id=wait.id,
                case_id=file.id,
                kind=LISTENING[wait.kind],
                name=wait.event or "",
                element=wait.element,
                created_at=records.now,
            )
            for wait in outcome.opened
            if wait.kind in LISTENING
        ]
    )
    agenda = [agenda_row(records, file, program, wait) for wait in outcome.opened if wait.kind in ON_AGENDA]
    agenda += turns.add
    asked = asked_by(file.id, outcome.passages, records.now)
    asked += asked_at_opening(file, program, outcome.passages, records.now)
    agenda = [after(row, len(asked)) for row in agenda] + asked
    agenda += _thrown(records, file, outcome)
    moved = [agenda_row(records, file, program, wait) for wait in outcome.changed if wait.kind is WaitKind.TIMER]
    moved += turns.moved
    if any(row.ready_at is not None and row.ready_at <= records.now for row in (*agenda, *moved)):
        records.prompt = True
    came_from = None if ended is None else ended.stage
    told = (task_opened(records.now, row, waits[n].process, came_from) for n, row in enumerate(tasks))
    notices = [one for one in told if one is not None]  # told within a second: nobody is woken for them
    records.agenda.put([*agenda, *notices, *file.take_notices()], moved)
    records.incidents.open(
        [
            IncidentRow(
                id=uuid4(),
                case_id=file.id,
                definition_id=program.definition_id(wait.process),
                kind=IncidentKind.ENGINE,
                element=wait.element,
                token_id=wait.id,
                message=wait.error or "",
                opened_at=records.now,
            )
            for wait in outcome.opened
            if wait.kind is WaitKind.INCIDENT
        ]
    )


def after(row: AgendaRow, asked: int) -> AgendaRow:
    """A waiting task stands behind what was asked for on the way to it: the letter, then the bill."""
    behind = row.kind == AgendaKind.ACTION and asked
    return replace(row, due_at=row.due_at + timedelta(microseconds=asked)) if behind else row


def _write_activities(records: Records, file: CaseFile, program: Program, outcome: Outcome) -> None:
    """Element instances; those of one act, which have one instant, stand a microsecond apart in the order they came."""
    rows: dict[UUID, ActivityRow] = {}
    for number, passage in enumerate(outcome.passages):
        if passage.activity_type in TASK_TYPES:
            continue
        entered = passage.what == "entered"
        at = records.now + timedelta(microseconds=number)
        before = rows.get(passage.id)
        rows[passage.id] = ActivityRow(
            id=passage.id,
            case_id=file.id,
            definition_id=program.definition_id(passage.process),
            scope_id=passage.scope,
            element=passage.element,
            kind=passage.activity_type,
            started_at=before.started_at if before else at,
            ended_at=None if entered else at,
            outcome=None if entered else passage.what.upper(),
        )
    records.history.put_activities(list(rows.values()))


def _write_variables(records: Records, file: CaseFile, outcome: Outcome) -> None:
    last: dict[tuple[UUID, str], VariableChange] = {
        (change.scope or file.id, change.name): change for change in outcome.variables
    }
    rows = [
        VariableRow(
            case_id=file.id,
            scope_id=scope,
            name=name,
            type=change.type or type_of(change.value),
            value=plain(change.value),
        )
        for (scope, name), change in last.items()
        if not change.removed
    ]
    rows += [
        VariableRow(case_id=file.id, scope_id=wait.id, name=name, type=type_of(value), value=plain(value))
        for wait in outcome.opened
        if wait.kind is WaitKind.EXTERNAL_TASK
        for name, value in wait.local.items()
    ]
    records.variables.put(rows)
    records.variables.drop(file.id, [place for place, change in last.items() if change.removed])


def _thrown(records: Records, file: CaseFile, outcome: Outcome) -> list[AgendaRow]:
    """What leaves the case goes on the agenda: delivered after the commit, at least once."""
    return [
        AgendaRow(
            id=uuid4(),
            kind=AgendaKind.MESSAGE if thrown.kind == "message" else AgendaKind.SIGNAL,
            case_id=file.id,
            element=thrown.element,
            due_at=records.now,
            ready_at=records.now,
            detail={"name": thrown.name, "variables": dict(thrown.variables)},
        )
        for thrown in outcome.thrown
        if thrown.kind in ("message", "signal")
    ]
