"""Suspending (挂起) and resuming cases and definitions."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.projection import Running, clocks_of, settle, take_up
from service.casework.reading import get_case
from service.casework.rights import require_keeper
from service.casework.start_events import arm_starts
from service.casework.starting import wanted_definition
from service.casework.views import CaseView
from service.rules.clocks import PauseKind
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import CaseState, JournalAction, LedgerAction
from service.store.records import Records

LONGEST_REASON = 500


def suspend_case(office: Office, actor: Actor, case_id: UUID, *, reason: str = "") -> CaseView:
    """Nothing may be done in the case, nothing happens in it and no time is counted until it is resumed. Twice is once.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, Forbidden KEEPER_ONLY, Invalid REASON_TOO_LONG.
    """
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    return _switch(office, actor, case_id, CaseState.SUSPENDED, reason)


def resume_case(office: Office, actor: Actor, case_id: UUID, *, reason: str = "") -> CaseView:
    """Go on; what became due meanwhile happens now. Refused: as suspending."""
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    return _switch(office, actor, case_id, CaseState.ACTIVE, reason)


def _switch(office: Office, actor: Actor, case_id: UUID, state: CaseState, reason: str = "") -> CaseView:
    require_keeper(actor)

    def act() -> None:
        with office.transaction() as records:
            _switch_in(office, records, actor, case_id, state, reason)

    office.attempt(act)
    return get_case(office, actor, case_id)


def _switch_in(office: Office, records: Records, actor: Actor, case_id: UUID, state: CaseState, reason: str) -> None:
    """Suspend or resume one case inside a transaction."""
    row = records.cases.lock(case_id)
    if row is None:
        raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
    if row.ended_at is not None:
        raise Conflict("CASE_ENDED", "办件已经结束，不能再办理")
    if row.state == state:
        return
    file = CaseFile(row)
    file.change(state=state.value)
    if state is CaseState.SUSPENDED:
        write(records, file, JournalAction.CASE_SUSPENDED, actor, detail={"reason": reason} if reason else None)
        _hold_clocks(office, records, file, actor, reason)
        records.agenda.park_case(case_id)
    else:
        write(records, file, JournalAction.CASE_RESUMED, actor, detail={"reason": reason} if reason else None)
        records.agenda.unpark_case(case_id)
        _release_clocks(office, records, file, actor)
        records.prompt = True
    put_back(records, file)


def _hold_clocks(office: Office, records: Records, file: CaseFile, actor: Actor, reason: str) -> None:
    """挂起: every clock of the case that is not red stands still."""
    running = _timed(office, records, file)
    if running is None or running.move is None:
        return
    move = running.move
    rows = [row for row in move.clocks.live() if row.light != Light.RED]
    basis = PAUSE_RULES[PauseKind.SUSPENDED].basis
    pause = move.from_now(PauseKind.SUSPENDED, basis=basis, approved_by=actor.username)
    move.pause(rows, pause, scope=None, actor=actor, **({"reason": reason} if reason else {}))
    settle(records, running)


def _release_clocks(office: Office, records: Records, file: CaseFile, actor: Actor) -> None:
    running = _timed(office, records, file)
    if running is None or running.move is None:
        return
    move = running.move
    move.resume(move.clocks.live(), lambda one: one["kind"] == PauseKind.SUSPENDED, scope=None, actor=actor)
    settle(records, running)


def _timed(office: Office, records: Records, file: CaseFile) -> Running | None:
    """The case with its engine in hand, when its diagrams have time."""
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    move = clocks_of(records, file, program)
    return None if move is None else take_up(office, records, file, move)


def suspend_definition(office: Office, actor: Actor, definition_id: UUID, *, cases: bool = False) -> None:
    """No new case of this version; `cases`: its running cases are suspended too.

    Refused: Missing DEFINITION_NOT_FOUND, Forbidden KEEPER_ONLY.
    """
    _switch_definition(office, actor, definition_id, suspended=True, cases=cases)


def resume_definition(office: Office, actor: Actor, definition_id: UUID, *, cases: bool = False) -> None:
    """New cases again; `cases`: its cases are resumed too. Refused: as suspending."""
    _switch_definition(office, actor, definition_id, suspended=False, cases=cases)


def _switch_definition(office: Office, actor: Actor, definition_id: UUID, *, suspended: bool, cases: bool) -> None:
    require_keeper(actor)
    state = CaseState.SUSPENDED if suspended else CaseState.ACTIVE

    def act() -> tuple[UUID, ...]:
        with office.transaction() as records:
            records.deployments.lock()
            definition = wanted_definition(records, definition_id=definition_id)
            if definition.suspended != suspended:
                records.deployments.change_definition(definition_id, suspended=suspended)
                arm_starts(office, records, definition.key)
                action = LedgerAction.DEFINITION_SUSPENDED if suspended else LedgerAction.DEFINITION_RESUMED
                records.ledger.write(action, actor.username, f"{definition.key}:{definition.version}", {"cases": cases})
            return records.cases.running_of(definition_id) if cases else ()

    for case_id in office.attempt(act):
        try:
            _switch(office, actor, case_id, state)
        except Conflict:  # it ended by itself meanwhile
            continue
