"""Tokens: what a program shows instead of a password. Each has scopes and an end, is shown once, and is kept as its hash.

People make their own, with a session (and the second factor that took). Those of program accounts are made on the command
line: who could make one for another person would be that person.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from service.casework.actors import SYSTEM, Actor, Origin
from service.casework.addresses import address_locked, count_address, is_barred
from service.casework.office import Office
from service.casework.people import found_person
from service.casework.signing_in import known_actor
from service.casework.staff.rights import require_security
from service.rules.refusals import Forbidden, Missing, Unauthenticated, Unavailable, refuse
from service.rules.token_scopes import Scope, allows
from service.rules.vocabulary import LedgerAction
from service.store.factors import TokenRow
from service.store.records import Records

PREFIX = "lianban_"  # so that one that got into a file is found
LONGEST_DAYS = 366
NAME = 60
MOST = 20  # tokens of one person
MARKED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenView:
    """One token, without itself."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    made_by: str
    ends_at: datetime
    used_at: datetime | None
    ended: bool


def make_token(
    office: Office, actor: Actor, username: str, *, name: str, scopes: Collection[str], days: int
) -> tuple[TokenView, str]:
    """A token of one's own account, valid for so many days from now; the token is shown this once. Line `token:made`.

    Refused: Forbidden TOKEN_NOT_YOURS; Invalid TOKEN_NAME, TOKEN_SCOPES, TOKEN_DAYS, TOKENS_TOO_MANY; Missing
    PERSON_UNKNOWN.
    """
    if actor is not SYSTEM and actor.username != username:
        raise Forbidden("TOKEN_NOT_YOURS", "令牌只能由本人新建；程序账号的在服务器命令行新建。")
    if not 1 <= len(name.strip()) <= NAME:
        raise refuse("name", "TOKEN_NAME", "请写明令牌的用途，1 到 {most} 个字。", most=NAME)
    wanted = sorted(set(scopes))
    if not wanted or any(one not in set(Scope) for one in wanted):
        raise refuse("scopes", "TOKEN_SCOPES", "请选择令牌的范围。")
    if not 1 <= days <= LONGEST_DAYS:
        raise refuse("days", "TOKEN_DAYS", "有效期应为 1 到 {most} 天。", most=LONGEST_DAYS)
    token = PREFIX + secrets.token_urlsafe(32)
    with office.transaction() as records:
        person = found_person(records, username)
        if len(records.factors.tokens_of(person.id)) >= MOST:
            raise refuse("name", "TOKENS_TOO_MANY", "最多 {most} 个令牌，请先吊销不用的。", most=MOST)
        at = records.real_now
        row = TokenRow(
            id=uuid4(),
            digest=_digest(token),
            person_id=person.id,
            name=name.strip(),
            scopes=wanted,
            made_at=at,
            made_by=actor.username,
            ends_at=at + timedelta(days=days),
        )
        records.factors.add_token(row)
        detail = {"name": row.name, "scopes": wanted, "until": row.ends_at.isoformat()}
        records.ledger.write(LedgerAction.TOKEN_MADE, actor.username, person.username, detail)
        return _view(row, at), token


def own_tokens(office: Office, actor: Actor) -> tuple[TokenView, ...]:
    """One's own tokens that were not revoked, the newest first."""
    with office.reading() as records:
        return _views(records, actor.username)


def tokens_of(office: Office, actor: Actor, username: str) -> tuple[TokenView, ...]:
    """Those of somebody else. Refused: Forbidden NOT_GRANTED, Missing PERSON_UNKNOWN."""
    if actor is not SYSTEM:
        require_security(actor)
    with office.reading() as records:
        return _views(records, username)


def revoke_token(office: Office, actor: Actor, username: str, token_id: UUID) -> None:
    """From now on it opens nothing; one's own, or as security administrator. Line `token:revoked`.

    Refused: Forbidden NOT_GRANTED; Missing PERSON_UNKNOWN, TOKEN_NOT_FOUND.
    """
    if actor is not SYSTEM and actor.username != username:
        require_security(actor)
    with office.transaction() as records:
        person = found_person(records, username)
        row = next((one for one in records.factors.tokens_of(person.id) if one.id == token_id), None)
        if row is None:
            raise Missing("TOKEN_NOT_FOUND", "没有这个令牌，或已吊销。")
        records.factors.change_token(row.id, revoked_at=records.real_now, revoked_by=actor.username)
        records.ledger.write(LedgerAction.TOKEN_REVOKED, actor.username, person.username, {"name": row.name})


def token_actor(office: Office, token: str, needed: Scope, origin: Origin) -> Actor:
    """Who shows this token, for a request of this scope. One statement, and a mark once a minute that it was used.

    Refused: Unauthenticated TOKEN_INVALID, ADDRESS_LOCKED; Forbidden TOKEN_SCOPE, PASSWORD_MUST_CHANGE by the door.
    """
    with office.reading() as records:
        found = records.factors.token(_digest(token))
        now, at = records.now, records.real_now
        barred = found is None and is_barred(records, origin)
    if barred:
        raise address_locked(office)
    if found is None:
        with office.transaction() as records:
            count_address(records, origin, office.settings.identity)
        raise _invalid()
    row, person = found
    if row.revoked_at is not None or row.ends_at <= at or not person.active:
        raise _invalid()
    if not allows(row.scopes, needed):
        raise Forbidden("TOKEN_SCOPE", "令牌的范围不包括这项操作，需要 {scope}。", scope=needed.value)
    if row.used_at is None or at - row.used_at >= MARKED_EVERY:
        with suppress(Unavailable), office.transaction() as records:  # somebody else writes: the next request marks it
            records.factors.change_token(row.id, used_at=at)
    return known_actor(office, person, now, shown=True)


def _views(records: Records, username: str) -> tuple[TokenView, ...]:
    person = found_person(records, username)
    return tuple(_view(row, records.real_now) for row in records.factors.tokens_of(person.id))


def _view(row: TokenRow, at: datetime) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        made_at=row.made_at,
        made_by=row.made_by,
        ends_at=row.ends_at,
        used_at=row.used_at,
        ended=row.ends_at <= at,
    )


def _invalid() -> Unauthenticated:
    return Unauthenticated("TOKEN_INVALID", "令牌不存在、已过期或已吊销。")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
