"""Answers already given: a request repeated with the same key gets the stored answer instead of a second act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from service.store.schema import idempotency

if TYPE_CHECKING:
    from service.store.records import Records

_FIND = select(idempotency.c.request, idempotency.c.status, idempotency.c.body).where(
    idempotency.c.actor == bindparam("whose"), idempotency.c.key == bindparam("wanted")
)
_STORE = insert(idempotency)
_ANSWER = (
    update(idempotency)
    .where(idempotency.c.actor == bindparam("whose"), idempotency.c.key == bindparam("wanted"))
    .values(status=bindparam("status"), body=bindparam("body"))
)


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """The digest of the request that got the answer, and the answer."""

    request: str
    status: int
    body: str


class Idempotency:
    """Rows of `idempotency`, one per actor and key."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def find(self, actor: str, key: str) -> StoredAnswer | None:
        """The answer this actor got for the key."""
        found = self.records.read(_FIND, {"whose": actor, "wanted": key})
        return next((StoredAnswer(**row) for row in found), None)

    def store(self, actor: str, key: str, request: str, status: int, body: str) -> None:
        """Keep an answer. Duplicate when the key was used meanwhile: then nothing of this transaction may happen."""
        answer = {"request": request, "status": status, "body": body, "stored_at": self.records.now}
        self.records.send(_STORE, [{"actor": actor, "key": key, **answer}])

    def answer(self, actor: str, key: str, status: int, body: str) -> None:
        """Fill in the answer of a row that was stored with the act itself."""
        self.records.send(_ANSWER, [{"whose": actor, "wanted": key, "status": status, "body": body}])

    def forget(self, before: datetime) -> int:
        """Drop answers stored before the instant; how many."""
        return self.records.execute(delete(idempotency).where(idempotency.c.stored_at < before)).rowcount
