"""抽签: whether a case is drawn for a check, by its own id, so that anybody can work it out again and nobody can choose."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.refusals import Invalid
from service.rules.vocabulary import JournalAction
from service.store.records import Records

TICKETS = 10_000


def draw_lot(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, bool]:
    """Draw one ticket of ten thousand for an element of a case; below `zw:rate` per cent of them it is drawn.

    The ticket is the SHA-256 of case and element: the id of a case is random and given before anybody can look at it. The
    journal keeps rate and ticket. Refused: Invalid LOT_RATE.
    """
    rate = _rate(request)
    digest = sha256(f"{file.id}/{request.scope or file.id}/{request.element}".encode()).digest()
    ticket = int.from_bytes(digest[:8], "big") % TICKETS
    drawn = ticket < rate * TICKETS / 100
    detail = {"action": request.act, "rate": f"{rate:f}", "ticket": ticket, "drawn": drawn}
    write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)
    return {request.inputs.get("into", "").strip() or "drawn": drawn}


def _rate(request: Request) -> Decimal:
    text = request.inputs.get("rate", "").strip()
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= 100:
        raise Invalid("LOT_RATE", "抽查比例“{rate}”应为 0 至 100 的数（zw:rate）", rate=text[:20])
    return rate
