"""Signing in: names, passwords, and accounts locked after failures (等保: five failures, ten minutes)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from service.casework.actors import SERVICE, Actor
from service.rules.refusals import Unauthenticated
from service.store.people import Person

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.settings import Settings
    from service.store.records import Records

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")  # nobody is called otherwise
FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=10)
VERIFIED_SECONDS = 300
REMEMBERED = 4096
LONGEST_PASSWORD = 128


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


def sign_in(office: Office, username: str, password: str) -> Actor:
    """The actor behind a username or an alias and a password. Unauthenticated: SIGN_IN_FAILED, ACCOUNT_LOCKED.

    Unknown names, inactive accounts and wrong passwords cost the same time and get the same answer. No transaction is
    open while Argon2 works.
    """
    with office.reading() as records:
        person = _named(records, username)
        now = records.now
    if person is not None and person.locked_until is not None and person.locked_until > now:
        raise _locked()
    known = person is not None and office.credentials.knows(person, password)
    right = known or matches(office.settings, person.password_hash if person else None, password)
    if person is None or not person.active:
        raise _failed()
    if not right:
        raise _count_failure(office, person)
    if person.failed_logins or person.locked_until is not None:
        with office.transaction() as records:
            records.people.change(person.id, failed_logins=0, locked_until=None)
    if not known:
        office.credentials.remember(person, password)
    return actor_of(person)


def find_actor(office: Office, username: str) -> Actor | None:
    """The active person with this username or alias as actor, None when there is none."""
    with office.reading() as records:
        person = _named(records, username)
    return actor_of(person) if person is not None and person.active else None


def actor_of(person: Person) -> Actor:
    """A person as actor."""
    return Actor(
        username=person.username,
        name=person.name,
        department=person.department,
        roles=person.roles,
        service=SERVICE in person.roles,
        demo=person.demo,
        must_change=person.must_change,
        stamp=person.stamp,
        toured=person.toured_at is not None,
    )


def hash_password(settings: Settings, password: str) -> str:
    """Argon2id, with the cost the installation decides."""
    return _hasher(settings.argon2).hash(password)


def matches(settings: Settings, password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash; without a hash as slow, and False."""
    hasher = _hasher(settings.argon2)
    secret = password[: LONGEST_PASSWORD + 1].encode("utf-8", "surrogatepass")
    try:
        return hasher.verify(password_hash or _nobodys(settings.argon2), secret)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=4)
def _hasher(cost: tuple[int, int, int]) -> PasswordHasher:
    rounds, memory, lanes = cost
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=lanes, type=Type.ID)


@lru_cache(maxsize=4)
def _nobodys(cost: tuple[int, int, int]) -> str:
    return _hasher(cost).hash(secrets.token_urlsafe(32))


def _named(records: Records, username: str) -> Person | None:
    return records.people.find(username) if USERNAME.fullmatch(username) else None


def _count_failure(office: Office, person: Person) -> Unauthenticated:
    """A program account is never locked: its name is no secret, and five wrong guesses would stop every worker."""
    if SERVICE in person.roles:
        return _failed()
    with office.transaction() as records:
        if records.people.count_failure(person.id) < FAILURES_ALLOWED:
            return _failed()
        records.people.change(person.id, failed_logins=0, locked_until=records.now + LOCKED_FOR)
        return _locked()


def _failed() -> Unauthenticated:
    return Unauthenticated("SIGN_IN_FAILED", "用户名或密码不正确。")


def _locked() -> Unauthenticated:
    return Unauthenticated("ACCOUNT_LOCKED", "密码连续输错 5 次，账号已锁定 10 分钟，请稍后再试。")
