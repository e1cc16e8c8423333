"""查询码 and 取件码: short codes an applicant is told, one for each item and purpose."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from service.rules.numbers import QUERY_ALPHABET

if TYPE_CHECKING:
    from service.store.records import Records

QUERY, PICKUP = "QUERY", "PICKUP"
LENGTH = 6


def access_code(records: Records, case_id: UUID, scope: UUID | None, purpose: str) -> str:
    """The code of an item for a purpose, made when it is first asked for. Six characters that are not mistaken easily."""
    known = records.messages.code_of(case_id, scope, purpose)
    if known is not None:
        return known
    made = "".join(secrets.choice(QUERY_ALPHABET) for _ in range(LENGTH))
    records.messages.keep_code(case_id, scope, purpose, made)
    return records.messages.code_of(case_id, scope, purpose) or made
