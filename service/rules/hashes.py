"""SM3 (GB/T 32905) for documents and archives: the library's own, never one of ours."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from service.rules.refusals import Unavailable

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # of b"abc", GB/T 32905 annex A


def sm3(content: bytes | Iterable[bytes]) -> str:
    """The hash in hexadecimal of bytes, or of pieces that come one after another. Refused: SM3_MISSING."""
    check_sm3()
    digest = hashlib.new("sm3")
    for piece in (content,) if isinstance(content, bytes) else content:
        digest.update(piece)
    return digest.hexdigest()


def hmac_sm3(key: bytes, content: bytes) -> str:
    """The keyed hash in hexadecimal. Refused: SM3_MISSING."""
    check_sm3()
    return hmac.new(key, content, "sm3").hexdigest()


def hkdf_sm3(secret: bytes, purpose: bytes) -> bytes:
    """A key of 32 bytes that follows from a secret for one purpose (HKDF over SM3, RFC 5869, no salt). Refused: SM3_MISSING."""
    check_sm3()
    drawn = hmac.digest(bytes(32), secret, "sm3")
    return hmac.digest(drawn, purpose + b"\x01", "sm3")


def check_sm3() -> None:
    """Whether this machine's Python has SM3 and computes it right; asked when the service starts too. Refused: SM3_MISSING."""
    try:
        right = hashlib.new("sm3", b"abc").hexdigest() == ABC
    except ValueError:
        right = False
    if not right:
        raise Unavailable("SM3_MISSING", "本机 Python 的 OpenSSL 不支持 SM3，请换用支持 SM3 的版本。")
