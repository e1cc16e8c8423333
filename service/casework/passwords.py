"""How passwords are kept: Argon2id, or PBKDF2 over HMAC-SM3 where the assessment of cryptography asks for SM algorithms."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from service.rules.hashes import check_sm3
from service.rules.passwords import LONGEST
from service.settings.identity import PBKDF2_SM3

if TYPE_CHECKING:
    from service.settings import Settings

SM3 = re.compile(r"\$pbkdf2-sm3\$i=([0-9]{1,8})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)")
NO_PASSWORD = "!"  # who signs in elsewhere only
SALT, LENGTH = 16, 32  # bytes


def hash_password(settings: Settings, password: str) -> str:
    """What is kept of a password, with the algorithm and cost the installation decides. Refused: SM3_MISSING."""
    if settings.identity.password_hash == PBKDF2_SM3:
        return _sm3(password.encode(), secrets.token_bytes(SALT), settings.identity.pbkdf2_rounds)
    return _hasher(settings.argon2).hash(password)


def matches(settings: Settings, password_hash: str | None, password: str) -> bool:
    """Whether the password has this hash, of whichever algorithm; without a hash as slow, and False."""
    kept = _nobodys(settings) if password_hash in (None, NO_PASSWORD) else password_hash
    secret = password[: LONGEST + 1].encode("utf-8", "surrogatepass")
    if found := SM3.fullmatch(kept):
        again = _sm3(secret, base64.b64decode(found[2]), int(found[1]))
        return hmac.compare_digest(kept, again)
    try:
        return _hasher(settings.argon2).verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False


def outdated(settings: Settings, password_hash: str) -> bool:
    """Whether a password is kept otherwise than the installation wants now."""
    if settings.identity.password_hash == PBKDF2_SM3:
        return not password_hash.startswith(f"$pbkdf2-sm3$i={settings.identity.pbkdf2_rounds}$")
    try:
        return _hasher(settings.argon2).check_needs_rehash(password_hash)
    except InvalidHashError:
        return True


def _sm3(secret: bytes, salt: bytes, rounds: int) -> str:
    check_sm3()
    derived = hashlib.pbkdf2_hmac("sm3", secret, salt, rounds, LENGTH)
    return f"$pbkdf2-sm3$i={rounds}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


@lru_cache(maxsize=4)
def _hasher(cost: tuple[int, int, int]) -> PasswordHasher:
    rounds, memory, lanes = cost
    return PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=lanes, type=Type.ID)


def _nobodys(settings: Settings) -> str:
    """A hash no password has, as slow as anybody's."""
    rules = settings.identity
    return _nobodys_with(rules.password_hash, rules.pbkdf2_rounds, settings.argon2)


@lru_cache(maxsize=4)
def _nobodys_with(algorithm: str, rounds: int, cost: tuple[int, int, int]) -> str:
    if algorithm == PBKDF2_SM3:
        return _sm3(secrets.token_bytes(SALT), secrets.token_bytes(SALT), rounds)
    return _hasher(cost).hash(secrets.token_urlsafe(32))
