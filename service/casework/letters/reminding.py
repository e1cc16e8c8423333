"""A letter is about to end: its 首席代表 and the head of the department are told 30, 7 and 1 days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

from service.casework.messages.notices import notice
from service.casework.office import Office
from service.casework.posts import HEAD, group_of
from service.rules.letters import LetterState
from service.rules.worktime import SHANGHAI
from service.store.records import Records

DAYS_BEFORE = (30, 7, 1)


def remind_of_letters(office: Office, records: Records, rule: datetime) -> Mapping[str, Any]:
    """The daily look; each letter is told of once per step, also when nobody worked on the very day."""
    today = rule.astimezone(SHANGHAI).date()
    told = []
    for row in records.letters.listing():
        left = (row.valid_to - today).days
        step = next((days for days in reversed(DAYS_BEFORE) if 0 < left <= days), None)
        if row.state != LetterState.ACTIVE or step is None:
            continue
        to = [row.grantee, group_of(row.department, HEAD)]
        values = {"department": row.department, "days": str(left)}
        told.append(notice(records.now, "L15", to, event=uuid5(row.id, f"L15/{step}"), values=values))
    records.agenda.add(told)
    return {"ending": len(told)}
