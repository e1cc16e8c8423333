"""Sessions the server keeps: begun with a sign-in, listed and ended by their owner and by the security administrator.

The cookie holds a random token, the database its hash. A session holds until it is ended, has been idle, is too old, or the
person's stamp has grown (password, roles, department, closing). Time is the machine's: a demo clock ends no session.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from service.casework.actors import Actor, Origin
from service.casework.office import Office
from service.casework.people import found_person
from service.casework.signing_in import known_actor
from service.casework.staff.rights import require_security
from service.rules.refusals import Missing, Unavailable
from service.rules.vocabulary import LedgerAction
from service.settings.identity import IdentityRules
from service.store.identities import SessionRow
from service.store.people import Person
from service.store.records import Records

MARKED_EVERY = timedelta(minutes=1)
SECOND = frozenset({"totp", "webauthn", "recovery", "elsewhere"})  # methods that are a second factor
KEPT = timedelta(days=180)  # rows of ended sessions; the ledger keeps their lines
AGENT = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionView:
    """One session that holds. `mine`: the one that asks; `ends_at`: at the latest."""

    id: UUID
    methods: tuple[str, ...]
    address: str
    agent: str
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    mine: bool


def begin_session(office: Office, actor: Actor, origin: Origin, methods: tuple[str, ...]) -> str:
    """A session for who has just signed in with these methods; what its cookie holds. Line `session:began`."""
    token = secrets.token_urlsafe(32)
    with office.transaction() as records:
        person = found_person(records, actor.username)
        at = records.real_now
        records.identities.forget_sessions(person.id, at - KEPT)
        records.identities.begin_session(
            SessionRow(
                id=uuid4(),
                digest=_digest(token),
                person_id=person.id,
                stamp=actor.stamp,
                methods=" ".join(methods),
                address=origin.address,
                agent=origin.agent[:AGENT],
                began_at=at,
                seen_at=at,
            )
        )
        detail = {"methods": list(methods), "address": origin.address}
        records.ledger.write(LedgerAction.SESSION_BEGAN, person.username, person.username, detail)
    return token


def session_actor(office: Office, token: str) -> Actor | None:
    """Who is signed in with what a cookie holds; None when the session does not hold any more. One statement, and a mark
    once a minute that it was seen."""
    with office.reading() as records:
        found = records.identities.session(_digest(token))
        now, at = records.now, records.real_now
    if found is None or not holds(office.settings.identity, *found, at):
        return None
    row, person = found
    if at - row.seen_at >= MARKED_EVERY:
        with suppress(Unavailable), office.transaction() as records:  # somebody else writes: the next request marks it
            records.identities.change_session(row.id, seen_at=at)
    shown = not SECOND.isdisjoint(row.methods.split())
    return known_actor(office, person, now, session=row.id, shown=shown)


def holds(rules: IdentityRules, row: SessionRow, person: Person, at: datetime) -> bool:
    """Whether a session is one still."""
    ended = row.ended_at is not None or row.stamp != person.stamp or not person.active
    return not ended and at - row.seen_at < rules.idle and at - row.began_at < rules.longest


def sign_out(office: Office, actor: Actor) -> None:
    """The session the request came from ends. Line `session:ended`."""
    if actor.session is None:
        return
    with office.transaction() as records:
        _end(records, actor, actor.username, [actor.session])


def own_sessions(office: Office, actor: Actor) -> tuple[SessionView, ...]:
    """Where somebody is signed in."""
    with office.reading() as records:
        return _views(records, office.settings.identity, found_person(records, actor.username), actor)


def sessions_of(office: Office, actor: Actor, username: str) -> tuple[SessionView, ...]:
    """Where somebody else is signed in. Refused: Forbidden NOT_GRANTED, Missing PERSON_UNKNOWN."""
    require_security(actor)
    with office.reading() as records:
        return _views(records, office.settings.identity, found_person(records, username), actor)


def end_own_session(office: Office, actor: Actor, session_id: UUID) -> None:
    """One of one's own ends. Refused: Missing SESSION_NOT_FOUND."""
    _end_some(office, actor, actor.username, session_id)


def end_other_sessions(office: Office, actor: Actor) -> int:
    """All of one's own but this one end; how many."""
    with office.transaction() as records:
        person = found_person(records, actor.username)
        others = [one.id for one in _views(records, office.settings.identity, person, actor) if not one.mine]
        _end(records, actor, person.username, others)
    return len(others)


def end_session_of(office: Office, actor: Actor, username: str, session_id: UUID) -> None:
    """A session of somebody ends. Refused: Forbidden NOT_GRANTED; Missing PERSON_UNKNOWN, SESSION_NOT_FOUND."""
    require_security(actor)
    _end_some(office, actor, username, session_id)


def end_sessions_of(office: Office, actor: Actor, username: str) -> int:
    """Every session of somebody ends; how many. Refused: Forbidden NOT_GRANTED; Missing PERSON_UNKNOWN."""
    require_security(actor)
    with office.transaction() as records:
        person = found_person(records, username)
        theirs = [one.id for one in _views(records, office.settings.identity, person, actor)]
        _end(records, actor, person.username, theirs)
    return len(theirs)


def _end_some(office: Office, actor: Actor, username: str, session_id: UUID) -> None:
    with office.transaction() as records:
        person = found_person(records, username)
        known = {one.id for one in _views(records, office.settings.identity, person, actor)}
        if session_id not in known:
            raise Missing("SESSION_NOT_FOUND", "这次登录已经结束，或不存在。")
        _end(records, actor, person.username, [session_id])


def _end(records: Records, actor: Actor, username: str, session_ids: list[UUID]) -> None:
    if not session_ids:
        return
    for session_id in session_ids:
        records.identities.change_session(session_id, ended_at=records.real_now)
    records.ledger.write(LedgerAction.SESSION_ENDED, actor.username, username, {"count": len(session_ids)})


def _views(records: Records, rules: IdentityRules, person: Person, actor: Actor) -> tuple[SessionView, ...]:
    at = records.real_now
    rows = records.identities.sessions_of(
        person.id, person.stamp, seen_after=at - rules.idle, began_after=at - rules.longest
    )
    return tuple(
        SessionView(
            id=row.id,
            methods=tuple(row.methods.split()),
            address=row.address,
            agent=row.agent,
            began_at=row.began_at,
            seen_at=row.seen_at,
            ends_at=row.began_at + rules.longest,
            mine=row.id == actor.session,
        )
        for row in rows
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
