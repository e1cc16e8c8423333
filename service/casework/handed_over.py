"""Whether an item's certificate has come to the window: asked when it is issued and when it is handed out."""

from __future__ import annotations

from uuid import UUID

from service.rules.deliveries import LineState
from service.rules.refusals import Conflict
from service.store.records import Records
from service.store.tasks import TaskRow

STAGE = "ISSUE"


def require_handed_over(records: Records, case_id: UUID, scope: UUID | None) -> None:
    """An item whose certificate is on a list that is not signed for, or was missing, is not issued.

    Refused: Conflict HANDOVER_OPEN. The last list counts; items nobody made one for are not held up.
    """
    lines = records.deliveries.handed_over(case_id, scope)
    for line in lines:
        if line.handover_id == lines[-1].handover_id and line.state != LineState.RECEIVED:
            raise Conflict("HANDOVER_OPEN", "“{name}”的证照还没有移交到发证窗口，请先签收移交单。", name=line.name)


def require_received(row: TaskRow) -> None:
    """The same at the issuing desk, whose task itself knows. Refused: Conflict HANDOVER_OPEN."""
    if row.awaits is not None:
        raise Conflict("HANDOVER_OPEN", "移交单 {number} 还没有签收或者缺件，这件证照不能发出。", number=row.awaits)


def hold(records: Records, case_id: UUID, scope: UUID | None, number: str | None) -> None:
    """The issuing desk of an item waits for a list (None: no longer), if it is still open."""
    for row in records.tasks.open_of(case_id):
        if row.stage == STAGE and row.scope_id == scope and row.awaits != number:
            records.tasks.change(row.id, {"awaits": number})
