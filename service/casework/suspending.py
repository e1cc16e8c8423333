"""Suspending (挂起) and resuming cases and definitions."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.reading import get_case
from service.casework.rights import require_keeper
from service.casework.start_events import arm_starts
from service.casework.starting import wanted_definition
from service.casework.views import CaseView
from service.rules.refusals import Conflict, Missing
from service.rules.vocabulary import CaseState, JournalAction, LedgerAction
from service.store.records import Records


def suspend_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """Nothing may be done in the case, and nothing happens in it, until it is resumed. Twice is once.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, Forbidden KEEPER_ONLY.
    """
    return _switch(office, actor, case_id, CaseState.SUSPENDED)


def resume_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """Go on; what became due meanwhile happens now. Refused: as suspending."""
    return _switch(office, actor, case_id, CaseState.ACTIVE)


def _switch(office: Office, actor: Actor, case_id: UUID, state: CaseState) -> CaseView:
    require_keeper(actor)

    def act() -> None:
        with office.transaction() as records:
            switch_in(records, actor, case_id, state)

    office.attempt(act)
    return get_case(office, actor, case_id)


def switch_in(records: Records, actor: Actor, case_id: UUID, state: CaseState) -> None:
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
        write(records, file, JournalAction.CASE_SUSPENDED, actor)
        records.agenda.park_case(case_id)
    else:
        write(records, file, JournalAction.CASE_RESUMED, actor)
        records.agenda.unpark_case(case_id)
        records.prompt = True
    put_back(records, file)


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
