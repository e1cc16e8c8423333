"""审计记录: the ledger of everything that changes outside cases, for the audit administrator alone (P31, S-17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from service.casework.actors import Actor
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.staff.rights import require_ledger_reader
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.listing.staff import LEDGER, LedgerListRow

LONGEST_NAME = 60  # of an account


def audit_list(
    office: Office, actor: Actor, *, filters: Mapping[str, str] | None = None, sort: str = "", page: int = 1
) -> RowPage[LedgerListRow]:
    """One page of the ledger, the newest line first. Filters: q, action, actor (username or name), since and until (days).
    `more`: `names` of everybody in its lines, and `departments`.

    Refused: Forbidden LEDGER_NOT_YOURS.
    """
    require_ledger_reader(actor)
    asked: dict[str, object] = dict(filters or {})
    if asked.get("action") not in tuple(LedgerAction):
        asked.pop("action", None)
    for name, later in (("since", timedelta()), ("until", timedelta(days=1))):
        asked[name] = _midnight(str(asked.get(name) or ""), later)
    found = row_page(office, actor, LEDGER, asked, sort=sort, page=page)
    said = {text for row in found.items for text in (row.actor, row.subject, *_texts(row.detail)) if text}
    with office.reading() as records:
        names = records.people.names({one for one in said if len(one) <= LONGEST_NAME})
        departments = {one.code: one.short or one.name for one in records.people.departments()}
    return replace(found, more={"names": names, "departments": departments})


def _texts(value: Any) -> Iterator[str]:
    """Every text somewhere in what a line says: some are usernames."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)


def _midnight(text: str, later: timedelta) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), SHANGHAI) + later
    except ValueError:
        return None
