"""Requests that carry a key of their own are carried out once, however often they arrive."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.rules.refusals import Conflict

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

UNANSWERED = 0  # status of a row whose request was carried out but whose answer is not stored (yet)


@dataclass(kw_only=True)
class Seal:
    """The key of the request being carried out; `used` once it was committed with its first change."""

    actor: str
    key: str
    request: str
    used: bool = False


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """What the first request was told."""

    status: int
    body: str


_seal: ContextVar[Seal | None] = ContextVar("seal", default=None)


def begin_once(office: Office, actor: Actor, key: str, request: str) -> GivenAnswer | None:
    """The answer already given, or None: go on, and the first change will be written together with the key.

    `request` is a digest. Refused: Conflict IDEMPOTENCY_KEY_REUSED for another request, IDEMPOTENCY_UNANSWERED when it was
    carried out but its answer is not known.
    """
    with office.reading() as records:
        stored = records.idempotency.find(actor.username, key)
    if stored is None:
        _seal.set(Seal(actor=actor.username, key=key, request=request))
        return None
    if stored.request != request:
        raise Conflict("IDEMPOTENCY_KEY_REUSED", "Idempotency-Key 已用于另一个请求。")
    if stored.status == UNANSWERED:
        raise Conflict("IDEMPOTENCY_UNANSWERED", "同一请求正在办理或已经办理，但没有保存答复，请先查询结果。")
    return GivenAnswer(status=stored.status, body=stored.body)


def seal(records: Records) -> None:
    """Called by every transaction before its commit: writes the key with the first change of a request.

    Two requests with one key at the same time: the second one's row is a duplicate, so its whole transaction rolls back.
    """
    pending = _seal.get()
    if pending is not None and not pending.used:
        records.idempotency.store(pending.actor, pending.key, pending.request, UNANSWERED, "")


def sealed() -> None:
    """Called by every transaction after its commit: from now on the key is written."""
    pending = _seal.get()
    if pending is not None:
        pending.used = True


def end_once(office: Office, status: int, body: str) -> None:
    """Keeps the answer when the request changed something. Always called at the end of a request that began."""
    pending = _seal.get()
    _seal.set(None)
    if pending is not None and pending.used:
        with office.transaction() as records:
            records.idempotency.answer(pending.actor, pending.key, status, body)
