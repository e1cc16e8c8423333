"""审计记录: the ledger of everything that changes outside cases, for the audit administrator alone (P31, S-17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from service.casework.actors import Actor
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.staff.rights import require_ledger_reader
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.listing.staff import LEDGER, LedgerListRow


def audit_list(
    office: Office, actor: Actor, *, filters: Mapping[str, str] | None = None, sort: str = "", page: int = 1
) -> RowPage[LedgerListRow]:
    """One page of the ledger, the newest line first. Filters: q, action, actor, since and until (days). `more`: `names`.

    Refused: Forbidden LEDGER_NOT_YOURS.
    """
    require_ledger_reader(actor)
    asked: dict[str, object] = dict(filters or {})
    if asked.get("action") not in tuple(LedgerAction):
        asked.pop("action", None)
    for name, later in (("since", timedelta()), ("until", timedelta(days=1))):
        asked[name] = _midnight(str(asked.get(name) or ""), later)
    found = row_page(office, actor, LEDGER, asked, sort=sort, page=page)
    with office.reading() as records:
        names = records.people.names({row.actor for row in found.items if row.actor})
    return replace(found, more={"names": names})


def _midnight(text: str, later: timedelta) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), SHANGHAI) + later
    except ValueError:
        return None
