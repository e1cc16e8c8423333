"""Whether an item's certificate has come to the window: asked when it is issued and when it is handed out."""

from __future__ import annotations

from uuid import UUID

from service.rules.deliveries import LineState
from service.rules.refusals import Conflict
from service.store.records import Records

STAGE = "ISSUE"


def require_handed_over(records: Records, case_id: UUID, scope: UUID | None) -> None:
    """An item whose certificate is on a list that is not signed for, or was missing, is not issued.

    Refused: Conflict HANDOVER_OPEN. The last list counts; items nobody made one for are not held up.
    """
    lines = records.deliveries.handed_over(case_id, scope)
    for line in lines:
        if line.handover_id == lines[-1].handover_id and line.state != LineState.RECEIVED:
            raise Conflict("HANDOVER_OPEN", "“{name}”的证照还没有移交到发证窗口，请先签收移交单。", name=line.name)
