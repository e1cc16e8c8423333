"""What starts cases by itself: message, signal and timer start events of the newest version of every process."""

from __future__ import annotations

from uuid import uuid4

from service.casework.office import Office
from service.casework.working_days import WhenCounted
from service.engine import first_start
from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow
from service.store.deployments import DefinitionRow, StartListener
from service.store.records import Records

LISTENING = frozenset({"message", "signal"})


def arm_starts(office: Office, records: Records, key: str) -> None:
    """Let the start events of the newest version of a process, and of no other one, wait for their moment.

    Call it whenever the newest version may have changed: deployed, deleted, suspended, resumed. A suspended newest
    version starts nothing. Timer starts begin to count now. Invalid TIMER_UNREADABLE.
    """
    newest = records.deployments.newest([key]).get(key)
    if newest is None or newest.suspended:
        records.deployments.replace_starts(key, ())
        return
    listeners = [
        StartListener(definition_id=newest.id, element=start["element"], kind=start["kind"], name=start["name"])
        for start in newest.starts
        if start["kind"] in LISTENING
    ]
    records.deployments.replace_starts(key, listeners)
    records.agenda.add(_timers(office, records, newest))


def _timers(office: Office, records: Records, definition: DefinitionRow) -> list[AgendaRow]:
    """Agenda rows of the timer starts; detail: rounds left (-1: no end) and the step of a cycle."""
    rows = []
    for start in definition.starts:
        armed = first_start(start["timer"], records.now, WhenCounted(records)) if start["kind"] == "timer" else None
        if armed is not None:
            row = AgendaRow(
                id=uuid4(),
                kind=AgendaKind.START.value,
                definition_id=definition.id,
                element=start["element"],
                due_at=armed.due,
                ready_at=armed.due,
                detail={"left": armed.left, "every": armed.every},
            )
            rows.append(row)
    return rows
