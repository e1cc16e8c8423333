"""The act `bill`: a diagram asks for the bill of its item, or of the whole chain where it stands in the chain itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.acts.request import Request
from service.casework.journalling import CaseFile
from service.casework.money.billing import BillFile, Wanted, issue_bill, items_of, named_items
from service.casework.office import Office
from service.casework.projection import Running, in_hand
from service.rules.payments import OPEN
from service.store.records import Records


def bill(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """开缴款单. `zw:fees` names the standards to charge (none: all in force for the item); `zw:items`, or the variable
    fee_items, further items that belong on the bill (codes): what a chain will need and has not received.

    Returns bill_no, bill_total (text), bill_due_on, fee_due (whether the case waits for money) and fee_paid.
    """
    running = in_hand(office, records, file)
    scope = item_scope(running, request.scope)
    more = tuple(str(request.inputs.get("items") or request.values.get("fee_items") or "").split())
    wanted = Wanted(
        scope=scope,
        items=(*items_of(records, running, scope), *named_items(records, more)) if more else (),
        values=request.values,
        only=tuple(request.inputs.get("fees", "").split()),
        key=request.id,
    )
    return variables_of(issue_bill(office, records, running, wanted))


def variables_of(made: BillFile) -> dict[str, Any]:
    """What the diagram learns of a bill. Amounts are text: FEEL's numbers are binary."""
    row = made.row
    due = row.owed and row.state in OPEN
    return {
        "bill_no": row.number,
        "bill_total": f"{row.total:.2f}",
        "bill_due_on": row.due_on.isoformat(),
        "fee_due": due,
        "fee_paid": not due,
    }


def item_scope(running: Running, scope: UUID | None) -> UUID | None:
    """The item around a place: a supporting process (缴费) is called by the item it bills for."""
    views = {one.host: one for one in running.run.scopes()}
    move = running.move
    while scope is not None and scope in views:
        if move is not None and move.drawn.kind(views[scope].process) in ("ITEM", "CHAIN"):
            return scope
        parent = views[scope].parent
        scope = views[parent].variable_scope if parent in views else None
    return scope
