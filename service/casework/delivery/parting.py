"""What items have handed over for the joint issue of a chain that will not come: the window hands it out by itself (M15)."""

from __future__ import annotations

from typing import Any

from service.casework.actors import Actor
from service.casework.delivery.opening import due_on
from service.casework.delivery.telling import tell
from service.casework.journalling import CaseFile, write
from service.rules.deliveries import DeliveryState, Way
from service.rules.vocabulary import JournalAction
from service.store.records import Records


def part_deliveries(records: Records, file: CaseFile, actor: Actor) -> None:
    """Every result that waited for the joint issue waits at the window from now on."""
    for row in records.deliveries.of_case(file.id):
        if row.state != DeliveryState.JOINED:
            continue
        columns = {"state": DeliveryState.WAITING.value, "way": Way.PICKUP.value, "ready_at": records.now}
        records.deliveries.change(row.id, {**columns, "due_on": due_on(records, file.id, row.scope_id, records.now)})
        detail: dict[str, Any] = {"delivery": str(row.id), "way": Way.PICKUP.value}
        detail |= {"certificates": list(row.certificates)}
        if row.scope_id is not None:
            detail["scope"] = str(row.scope_id)
        write(records, file, JournalAction.DELIVERY_OPENED, actor, detail=detail)
        tell(records, row, "M15")
