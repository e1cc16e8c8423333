"""The manifest of a package: every entry with its hashes, and the seal that holds the manifest's own.

Both are JSON in one canonical spelling. Packages of an installation are chained: a link is the SM3 of the link before, the
package's place in the chain, its manifest and its file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from service.rules.hashes import hmac_sm3, sm3

FORMAT = "lianban-archive/1"
MANIFEST, SEAL = "manifest.json", "seal.json"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry as the manifest lists it. `kind`: what it is to the archive (document, material, journal …)."""

    path: str
    title: str
    kind: str
    size: int
    sm3: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PackageHead:
    """What a package is: 档号, case, part (0: the first one), when it was sealed, the parts of the case before it."""

    number: str
    case: str
    title: str
    part: int
    sealed_at: str
    earlier: tuple[str, ...] = ()  # SM3 of the manifests of its earlier parts
    facts: Mapping[str, Any] = field(default_factory=dict)  # 保管期限, 年度, 办结 …


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Head and entries."""

    head: PackageHead
    entries: tuple[Entry, ...]

    def content(self) -> bytes:
        """As written."""
        return canonical({"format": FORMAT, **asdict(self.head), "entries": [asdict(one) for one in self.entries]})


def canonical(data: Mapping[str, Any]) -> bytes:
    """One spelling of JSON: sorted names, one blank of indent, UTF-8, a line feed at the end."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def read_manifest(content: bytes) -> Manifest | None:
    """The manifest that was written so; None when it cannot be one."""
    try:
        data = json.loads(content)
        if data.pop("format") != FORMAT:
            return None
        entries = tuple(Entry(**one) for one in data.pop("entries"))
        return Manifest(head=PackageHead(**{**data, "earlier": tuple(data["earlier"])}), entries=entries)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def seal_of(manifest: bytes, key: bytes | None) -> bytes:
    """The seal: the manifest's hashes, and with a key its HMAC-SM3, which nobody without the key can make."""
    hashes = {"sm3": sm3(manifest), "sha256": hashlib.sha256(manifest).hexdigest()}
    keyed = {} if key is None else {"hmac_sm3": hmac_sm3(key, manifest)}
    return canonical({"format": FORMAT, "manifest": {**hashes, **keyed}})


def link(previous: str, sequence: int, manifest: str, digest: str) -> str:
    """The chain after a package: SM3 over the chain before, its sequence, the SM3 of its manifest and the file's SHA-256."""
    return sm3(f"{previous}\n{sequence}\n{manifest}\n{digest}\n".encode())
