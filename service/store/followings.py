"""关注: which cases a person follows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, insert, select

from service.store.inbox_schema import following

if TYPE_CHECKING:
    from service.store.records import Records


class Followings:
    """Rows of `following` in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def has(self, username: str, case_id: UUID) -> bool:
        """Whether the person follows the case."""
        wanted = following.c.username == username, following.c.case_id == case_id
        return self._records.execute(select(following.c.since).where(*wanted)).first() is not None

    def add(self, username: str, case_id: UUID) -> None:
        """From now on. Duplicate when the person follows it already."""
        values = {"username": username, "case_id": case_id, "since": self._records.now}
        self._records.execute(insert(following).values(values))

    def drop(self, username: str, case_id: UUID) -> None:
        """No longer."""
        wanted = following.c.username == username, following.c.case_id == case_id
        self._records.execute(delete(following).where(*wanted))
