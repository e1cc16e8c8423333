"""Signing in: names, passwords, and accounts and addresses locked after failures (GB/T 22239 8.1.4.1 b)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.actors import NOWHERE, SERVICE, Actor, Origin
from service.casework.addresses import address_locked, count_address, is_barred
from service.casework.passwords import NO_PASSWORD, hash_password, matches, outdated
from service.rules.refusals import Unauthenticated
from service.rules.vocabulary import LedgerAction
from service.settings.identity import EVERYBODY
from service.store.people import Person

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.records import Records

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")  # nobody is called otherwise
VERIFIED_SECONDS = 300
REMEMBERED = 4096
COPIED = "KEY_COPIED"  # told by its code in the ledger: somebody may hold the key of somebody else


@dataclass
class Credentials:
    """Passwords this process has verified in the last five minutes, so that HTTP Basic costs no Argon2 every time.

    Kept as an HMAC under a key of this process together with the hash it was verified against: a changed password
    is another hash. The person's row is read for every request all the same.
    """

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _verified: dict[str, tuple[bytes, str, float]] = field(default_factory=dict)

    def knows(self, person: Person, password: str) -> bool:
        """Whether this password was verified lately against the hash the person has now."""
        mark, password_hash, until = self._verified.get(person.username, (b"", "", 0.0))
        fresh = time.monotonic() < until and password_hash == person.password_hash
        return fresh and hmac.compare_digest(mark, self._mark(password))

    def remember(self, person: Person, password: str) -> None:
        """This password is the person's."""
        with self._lock:
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            until = time.monotonic() + VERIFIED_SECONDS
            self._verified[person.username] = (self._mark(password), person.password_hash, until)

    def _mark(self, password: str) -> bytes:
        return hmac.new(self._key, password.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def sign_in(office: Office, username: str, password: str, origin: Origin = NOWHERE) -> Actor:
    """The actor behind a username or an alias and a password. Unauthenticated: SIGN_IN_FAILED, ACCOUNT_LOCKED, ADDRESS_LOCKED.

    Unknown names, inactive accounts and wrong passwords cost the same time and get the same answer. No transaction is
    open while the password is verified. Who was verified lately is let in from a locked address too: a program works on.
    """
    with office.reading() as records:
        person = _named(records, username)
        known = person is not None and office.credentials.knows(person, password)
        barred = not known and is_barred(records, origin)
        now = records.now
    if person is not None:
        refuse_locked(office, person, now)
    if barred:
        raise address_locked(office)
    right = known or matches(office.settings, person.password_hash if person else None, password)
    if person is None or not person.active or not right:
        raise count_failure(office, person if person is None or person.active else None, origin)
    stale = outdated(office.settings, person.password_hash) and not known
    done = not person.has_factor  # else failures are forgotten after the second factor only
    if (done and (person.failed_logins or person.locked_until is not None)) or stale:
        person = _let_in(office, person, password if stale else None, done=done)
    if not known:
        office.credentials.remember(person, password)
    return known_actor(office, person, now)


def known_actor(
    office: Office, person: Person, now: datetime, *, session: UUID | None = None, shown: bool = False
) -> Actor:
    """A person who has signed in; `shown`: with a second factor too."""
    return actor_of(
        person,
        expired=has_expired(office, person, now),
        must_enrol=not shown and needs_factor(office, person),
        session=session,
    )


def needs_factor(office: Office, person: Person) -> bool:
    """Whether the installation asks this person for a second factor; programs and the demonstration never."""
    wanted = office.settings.identity.second_factor
    if person.demo or SERVICE in person.roles:
        return False
    return EVERYBODY in wanted or not person.roles.isdisjoint(wanted)


def has_expired(office: Office, person: Person, now: datetime) -> bool:
    """Whether a password is older than the installation allows; those of programs and of the demonstration never are."""
    days = office.settings.identity.password_days
    if not days or person.demo or SERVICE in person.roles or person.password_hash == NO_PASSWORD:
        return False
    return (person.password_at or person.created_at) + timedelta(days=days) <= now


def find_actor(office: Office, username: str) -> Actor | None:
    """The active person with this username or alias as actor, None when there is none."""
    with office.reading() as records:
        person = _named(records, username)
        now = records.now
    if person is None or not person.active:
        return None
    return known_actor(office, person, now)


def actor_of(person: Person, *, expired: bool = False, must_enrol: bool = False, session: UUID | None = None) -> Actor:
    """A person as actor; `expired`: the password is too old."""
    return Actor(
        username=person.username,
        name=person.name,
        department=person.department,
        roles=person.roles,
        service=SERVICE in person.roles,
        demo=person.demo,
        must_change=person.must_change or expired,
        second_factor=bool(person.has_factor),
        must_enrol=must_enrol,
        stamp=person.stamp,
        toured=person.toured_at is not None,
        session=session,
    )


def _named(records: Records, username: str) -> Person | None:
    return records.people.find(username) if USERNAME.fullmatch(username) else None


def _let_in(office: Office, person: Person, password: str | None, *, done: bool) -> Person:
    """Failures are forgotten; a password that is kept in another way than wanted now is hashed anew."""
    changes: dict[str, Any] = {"failed_logins": 0, "locked_until": None} if done else {}
    if password is not None:
        changes["password_hash"] = hash_password(office.settings, password)
    with office.transaction() as records:
        fresh = records.people.find(person.username)
        if fresh is None or fresh.password_hash != person.password_hash:  # changed meanwhile: that one counts
            changes.pop("password_hash", None)
        if changes:
            records.people.change(person.id, **changes)
    return replace(person, **changes)


def count_failure(
    office: Office, person: Person | None, origin: Origin, refusal: Unauthenticated | None = None
) -> Unauthenticated:
    """One more failure of a person and of an address; what to refuse with. Line `sign_in:refused`, and where it is locked.

    A program account is never locked: its name is no secret, and five wrong guesses would stop every worker.
    """
    refusal = refusal or _failed()
    rules = office.settings.identity
    with office.transaction() as records:
        count_address(records, origin, rules)
        if person is None:
            return refusal
        detail = {"address": origin.address} if origin.address else {}
        said = {"code": refusal.code} if refusal.code == COPIED else {}
        records.ledger.write(LedgerAction.SIGN_IN_REFUSED, None, person.username, {**detail, **said})
        if SERVICE in person.roles or records.people.count_failure(person.id) < rules.failures:
            return refusal
        until = records.now + rules.lock
        records.people.change(person.id, failed_logins=0, locked_until=until)
        records.ledger.write(LedgerAction.ACCOUNT_LOCKED, None, person.username, {"until": until.isoformat(), **detail})
        return _locked(office)


def refuse_locked(office: Office, person: Person, now: datetime) -> None:
    """Refused: Unauthenticated ACCOUNT_LOCKED."""
    if person.locked_until is not None and person.locked_until > now:
        raise _locked(office)


def _failed() -> Unauthenticated:
    return Unauthenticated("SIGN_IN_FAILED", "用户名或密码不正确。")


def _locked(office: Office) -> Unauthenticated:
    rules = office.settings.identity
    return Unauthenticated(
        "ACCOUNT_LOCKED",
        "连续输错 {failures} 次，账号已锁定 {minutes} 分钟，请稍后再试。",
        failures=rules.failures,
        minutes=rules.lock_minutes,
    )
