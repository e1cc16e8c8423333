"""The cryptographic module of an installation: one that is plugged in, else keys of the environment, else derived ones (等保 E1, 密评 F7).

Software keys are for development and for installations without a certified module; they do not pass as one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.rules.crypto import CryptoModule
from service.rules.hashes import check_sm3, hkdf_sm3, hmac_sm3
from service.rules.refusals import Invalid, Unavailable

RECORD, FORMER, MODULE = "LIANBAN_RECORD_KEY", "LIANBAN_FORMER_SECRET_KEYS", "LIANBAN_CRYPTO_MODULE"
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,24}")
FACTORY = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
LEAST, SEALING = 16, b"lianban record seals"


class SoftwareModule:
    """HMAC-SM3 of this machine's OpenSSL under keys in memory. `keys`: by id; the first one seals."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.current = next(iter(self._keys))
        self._bound: dict[tuple[str, str], hmac.HMAC] = {}
        check_sm3()

    def knows(self, key_id: str) -> bool:
        """Whether there is a key of this id."""
        return key_id in self._keys

    def hmac_sm3(self, purpose: str, key_id: str, data: bytes) -> str:
        """HMAC-SM3 under the purpose's own key."""
        bound = self._bound.get((purpose, key_id))
        if bound is None:
            own = hkdf_sm3(self._keys[key_id], purpose.encode())
            bound = self._bound[purpose, key_id] = hmac.new(own, digestmod="sm3")
        computed = bound.copy()  # the key is taken in already: a third less for a row
        computed.update(data)
        return computed.hexdigest()


def crypto_module(environment: Mapping[str, str], secret: str) -> CryptoModule:
    """The module of an installation. Refused: SETTING_INVALID, SM3_MISSING, CRYPTO_MODULE_MISSING."""
    named = environment.get(MODULE, "").strip()
    if named:
        return _plugged_in(named, environment)
    keys = dict(_given(environment))
    former = [one.strip() for one in environment.get(FORMER, "").split(",") if one.strip()]
    for text in (
        secret,
        *former,
    ):  # what was sealed before a key was given, or under an earlier secret key, stays readable
        key = hkdf_sm3(text.encode(), SEALING)
        keys.setdefault(f"derived-{hmac_sm3(key, b'id')[:8]}", key)
    return SoftwareModule(keys)


def _plugged_in(named: str, environment: Mapping[str, str]) -> CryptoModule:
    if not FACTORY.fullmatch(named):
        raise _wrong(MODULE, "package:factory", named)
    package, _, factory = named.partition(":")
    try:
        module: CryptoModule = getattr(importlib.import_module(package), factory)(environment)
    except Exception as failure:
        raise Unavailable(
            "CRYPTO_MODULE_MISSING", "密码模块 {name} 无法启用：{detail}", name=named, detail=type(failure).__name__
        ) from failure
    return module


def _given(environment: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """`id:base64` of LIANBAN_RECORD_KEY, several with commas or lines between; or of the file that LIANBAN_RECORD_KEY_FILE names."""
    text, file = environment.get(RECORD, ""), environment.get(f"{RECORD}_FILE", "").strip()
    if not text.strip() and file:
        try:
            text = Path(file).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as failure:
            raise _wrong(f"{RECORD}_FILE", "id:base64", file) from failure
    for entry in re.split(r"[,\s]+", text.strip()):
        if not entry:
            continue
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not KEY_ID.fullmatch(key_id) or len(key) < LEAST:
            raise _wrong(RECORD, "id:base64, ≥16 B", "…")
        yield key_id, key


def _wrong(name: str, expected: str, got: str) -> Invalid:
    return Invalid(
        "SETTING_INVALID", "配置项 {name} 的值“{got}”无效，应为 {expected}。", name=name, expected=expected, got=got
    )
