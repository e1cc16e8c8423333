"""The act `delivery`: an item is ready, so something is to be handed out. Asked for by the mark READY itself.

The desk that made the certificate says how it will reach the applicant. Window and post are awaited: the item is delivered when
somebody fetches it or signs for it. Electronic service, what a flow delivers by itself and what goes to the joint issue
of its chain are settled at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.casework.acts.request import Request
from service.casework.delivery.telling import tell
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.deliveries import AWAITED, DELIVERY_DAYS, FIRST_STATES, DeliveryState, Way, way_of
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI, CalendarMissing
from service.store.deliveries import DeliveryRow
from service.store.records import Records

DELIVERY_CLOCK = "DELIVERY"


def open_delivery(office: Office, records: Records, file: CaseFile, request: Request) -> DeliveryRow | None:
    """Open the delivery of an item, once. `request.values`: what the issuing desk was answered."""
    before = records.deliveries.of_case(file.id)
    if any(row.scope_id == request.scope for row in before):
        return None
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    chain = program.attributes(request.process).get("kind") == "CHAIN"
    way = way_of(request.values) or Way.DRAWN
    if way is Way.JOINT and request.scope is None:  # there is no chain that would hand it out
        way = Way.DRAWN
    state = FIRST_STATES[way]
    settled = state is DeliveryState.DELIVERED
    row = DeliveryRow(
        id=request.id,
        case_id=file.id,
        scope_id=request.scope,
        process=request.process,
        name=_name_of(records, program.definition_id(request.process), request.process),
        certificates=_joined(before) if chain else _own(records, request),
        way=way.value,
        state=state.value,
        ready_at=request.asked_at,
        due_on=due_on(records, file.id, request.scope, request.asked_at),
        delivered_at=request.asked_at if settled else None,
    )
    records.deliveries.add(row)
    detail: dict[str, Any] = {"delivery": str(row.id), "way": way.value, "certificates": list(row.certificates)}
    if request.scope is not None:
        detail["scope"] = str(request.scope)
    if row.due_on is not None:
        detail["due"] = row.due_on.isoformat()
    write(records, file, JournalAction.DELIVERY_OPENED, None, element=request.element or None, detail=detail)
    if way is Way.PICKUP:
        tell(records, row, "M15")
    return row


def due_on(records: Records, case_id: UUID, scope: UUID | None, ready_at: datetime) -> date | None:
    """The last day of the delivery: that of its clock, which began with the decision, else so many working days from now."""
    for clock in records.clocks.of_case(case_id):
        if clock.kind == DELIVERY_CLOCK and clock.scope_id == scope and clock.due_at is not None:
            return clock.due_at.astimezone(SHANGHAI).date()
    try:
        return records.calendar.add_workdays(ready_at.astimezone(SHANGHAI).date(), DELIVERY_DAYS)
    except CalendarMissing:
        return None


def is_awaited(row: DeliveryRow) -> bool:
    """Whether somebody at the window still has to do something about it."""
    return Way(row.way) in AWAITED and row.state != DeliveryState.DELIVERED


def _own(records: Records, request: Request) -> list[dict[str, Any]]:
    """The certificate the desk named."""
    number = str(request.values.get("certificate_no") or "").strip()
    name = str(request.values.get("certificate_name") or "").strip()
    return [{"number": number, "name": name, "copies": 1}] if number else []


def _joined(rows: Iterable[DeliveryRow]) -> list[Mapping[str, Any]]:
    """Everything items of the chain have handed over for the joint issue."""
    return [
        {**one, "name": one.get("name") or row.name, "item": str(row.id)}
        for row in rows
        if row.way == Way.JOINT
        for one in row.certificates
    ]


def _name_of(records: Records, definition_id: UUID, process: str) -> str:
    definition = records.deployments.definition(definition_id)
    return (definition.name if definition is not None else "") or process
