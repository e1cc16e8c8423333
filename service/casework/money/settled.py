"""No certificate while a mandatory line of its item is unpaid (R-FEE-5)."""

from __future__ import annotations

from uuid import UUID

from service.rules.payments import BillState, check_settled
from service.store.records import Records


def require_settled(records: Records, case_id: UUID, scope: UUID | None) -> None:
    """What an item owes is paid or exempt; `scope` None: everything the case owes. Refused: Conflict FEE_UNPAID."""
    if records.bills.nothing_due(case_id):
        return
    states = [
        BillState(one.state)
        for one in records.bills.owed_by(case_id)
        if scope is None or None in one.scopes or scope in one.scopes
    ]
    check_settled(states)
