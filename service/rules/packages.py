"""A package: everything an installation runs by, in one ZIP with a manifest. Read as what a stranger sends: bounded, named, counted."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.rules.refusals import Invalid, TooLarge

FORMAT = 1
MANIFEST = "manifest.json"
KINDS = ("processes", "forms", "decisions", "items", "documents", "messages")  # folders, in the order they are told
PLACE = re.compile(rf"({'|'.join(KINDS)})/[\w][\w.\-]{{0,150}}")
LARGEST = 5 * 1024 * 1024  # bytes of the file
UNPACKED = 40 * 1024 * 1024  # bytes of everything in it
LARGEST_ENTRY = 2_000_000
MOST = 5000  # entries
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # of every entry, so that the same content is the same file


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a package. `name`: what people call it; `version`: its number where it was exported."""

    path: str
    content: bytes
    name: str = ""
    version: int | None = None

    @property
    def kind(self) -> str:
        """Its folder."""
        return self.path.partition("/")[0]

    @property
    def base(self) -> str:
        """Its name without the folder."""
        return self.path.partition("/")[2]

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Package:
    """What was read: entries in the order of the manifest, who made it where and when."""

    entries: tuple[Entry, ...]
    product: str
    city: str
    made_at: str
    made_by: str


def write_package(entries: Iterable[Entry], *, product: str, city: str, made_at: datetime, made_by: str) -> bytes:
    """The ZIP of these entries with its manifest."""
    sorted_entries = sorted(entries, key=lambda one: (KINDS.index(one.kind), one.path))
    manifest = {
        "format": FORMAT,
        "product": product,
        "city": city,
        "made_at": made_at.isoformat(),
        "made_by": made_by,
        "entries": [
            {"path": one.path, "name": one.name, "version": one.version, "sha256": one.digest} for one in sorted_entries
        ],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_named(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))
        for one in sorted_entries:
            archive.writestr(_named(one.path), one.content)
    return written.getvalue()


def read_package(content: bytes) -> Package:
    """The entries of a ZIP, each as its manifest says.

    Refused: TooLarge PACKAGE_TOO_LARGE; Invalid PACKAGE_UNREADABLE, PACKAGE_FORMAT, PACKAGE_PATH, PACKAGE_CHANGED naming the entry.
    """
    if len(content) > LARGEST:
        raise TooLarge("PACKAGE_TOO_LARGE", "流程包超过 5 MB，或者展开后过大。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise Invalid("PACKAGE_UNREADABLE", "文件不是可以读取的流程包（ZIP）。") from None
    manifest = _manifest(found.pop(MANIFEST, b""))
    entries = []
    for said in manifest["entries"]:
        path = str(said.get("path"))
        if path not in found:
            raise _changed(path)
        entry = Entry(
            path=path, content=found.pop(path), name=_text(said, "name"), version=_number(said.get("version"))
        )
        if entry.digest != said.get("sha256"):
            raise _changed(path)
        entries.append(entry)
    if found:
        raise _changed(next(iter(found)))
    return Package(
        entries=tuple(entries),
        product=_text(manifest, "product"),
        city=_text(manifest, "city"),
        made_at=_text(manifest, "made_at"),
        made_by=_text(manifest, "made_by"),
    )


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every entry to its end, whatever its header says of its size."""
    if len(archive.infolist()) > MOST:
        raise TooLarge("PACKAGE_TOO_LARGE", "流程包超过 5 MB，或者展开后过大。")
    found: dict[str, bytes] = {}
    total = 0
    for entry in archive.infolist():
        name = entry.filename
        if name != MANIFEST and not PLACE.fullmatch(name) or name in found or entry.flag_bits & 1:
            raise Invalid("PACKAGE_PATH", "流程包中的“{name}”不应有，没有导入。", name=name[:100])
        with archive.open(entry) as stream:
            content = stream.read(LARGEST_ENTRY + 1)
        total += len(content)
        if len(content) > LARGEST_ENTRY or total > UNPACKED:
            raise TooLarge("PACKAGE_TOO_LARGE", "流程包超过 5 MB，或者展开后过大。")
        found[name] = content
    return found


def _manifest(content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        manifest = None
    whole = isinstance(manifest, dict) and isinstance(manifest.get("entries"), list)
    if not whole or manifest.get("format") != FORMAT or not all(isinstance(one, dict) for one in manifest["entries"]):
        raise Invalid("PACKAGE_FORMAT", "不是本系统的流程包，或者由更新的版本导出。")
    return dict(manifest)


def _named(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, WRITTEN_AT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value[:200] if isinstance(value, str) and value.isprintable() else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _changed(path: str) -> Invalid:
    return Invalid("PACKAGE_CHANGED", "流程包中的“{name}”与清单不符，没有导入。", name=path[:100])
