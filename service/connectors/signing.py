"""Signed requests, in both directions: who sent it, that nothing was changed, that it is not an old one again.

The canonical string is six lines: `LIANBAN1`, method, path with query, time stamp (Unix seconds), nonce, SHA-256 of the
body in hexadecimal; the signature is its HMAC in hexadecimal, SHA-256 or SM3. The same on both sides: docs/connectors.md.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.rules.hashes import hmac_sm3
from service.rules.refusals import Forbidden

VERSION = "LIANBAN1"
KEY, STAMP, NONCE, SIGNATURE = "Lianban-Key", "Lianban-Timestamp", "Lianban-Nonce", "Lianban-Signature"
TOLERANCE = timedelta(minutes=5)
SHORTEST_SECRET = 16  # bytes


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A request as it came in: `path` with its query, exactly as sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, whatever the case of its name; empty when it is missing."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What to remember of a verified request: a nonce that comes again before `until` is an old request sent again."""

    key: str
    nonce: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Signer:
    """One shared secret. `clock` is real time, never the demo's. `older`: keys that are still accepted, by name."""

    key: str
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    algorithm: str = "sha256"
    older: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.algorithm not in ("sha256", "sm3") or not self.key or len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"expected a key name, sha256 or sm3, a secret of at least {SHORTEST_SECRET} bytes")

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """The four headers of an outgoing request."""
        stamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(16)
        text = canonical(method, path, stamp, nonce, body)
        return {KEY: self.key, STAMP: stamp, NONCE: nonce, SIGNATURE: self._sign(self.secret, text)}

    def verify(self, request: SignedRequest) -> Seen:
        """Check an incoming request. All that fails is refused alike, so that nobody learns what was right.

        The caller keeps what is returned and refuses the same nonce until then. Refused: SIGNATURE_INVALID.
        """
        key, stamp, nonce = request.header(KEY), request.header(STAMP), request.header(NONCE)
        secret = self.secret if key == self.key else self.older.get(key, b"")
        text = canonical(request.method, request.path, stamp, nonce, request.body)
        given = request.header(SIGNATURE).encode("utf-8", "backslashreplace")
        right = hmac.compare_digest(self._sign(secret or self.secret, text).encode(), given)
        fresh, until = self._window(stamp)
        if not (right and secret and fresh and re.fullmatch(r"[0-9A-Za-z_-]{16,64}", nonce)):
            raise Forbidden("SIGNATURE_INVALID", "请求签名无效或已过期。")
        return Seen(key=key, nonce=nonce, until=until)

    def _window(self, stamp: str) -> tuple[bool, datetime]:
        """Whether a time stamp is near enough to now, and until when it will be."""
        now = self.clock()
        if not re.fullmatch(r"[0-9]{1,12}", stamp):
            return False, now
        off = timedelta(seconds=int(stamp) - int(now.timestamp()))
        return abs(off) <= TOLERANCE, now + off + TOLERANCE

    def _sign(self, secret: bytes, text: bytes) -> str:
        if self.algorithm == "sm3":
            return hmac_sm3(secret, text)
        return hmac.new(secret, text, hashlib.sha256).hexdigest()


def canonical(method: str, path: str, stamp: str, nonce: str, body: bytes) -> bytes:
    """What is signed."""
    lines = (VERSION, method.upper(), path, stamp, nonce, hashlib.sha256(body).hexdigest())
    return "\n".join(lines).encode("utf-8", "backslashreplace")
