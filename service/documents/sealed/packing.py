"""Writing a package: pieces in their order, then the manifest, then the seal. The same pieces are the same file, byte for byte."""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from service.documents.sealed.layout import Slot, central_header, check_room, end_record, local_header
from service.documents.sealed.manifest import MANIFEST, SEAL, Entry, Manifest, PackageHead, seal_of
from service.rules.hashes import check_sm3, sm3
from service.rules.refusals import Invalid

CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What goes into a package. `content`: bytes, or what opens them when they are needed."""

    path: str
    title: str
    kind: str
    content: bytes | Callable[[], BinaryIO]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A package that was written: its manifest with the SM3 of it, size and SHA-256 of the file."""

    manifest: Manifest
    manifest_hash: str
    size: int
    digest: str


def pack(out: BinaryIO, head: PackageHead, pieces: Iterable[Piece], *, key: bytes | None = None) -> Sealed:
    """Write a package into a file that can be read again and positioned. `key`: makes the seal one only we can make.

    Refused: Invalid ARCHIVE_PATH, TooLarge ARCHIVE_TOO_LARGE, Unavailable SM3_MISSING.
    """
    check_sm3()
    slots: list[Slot] = []
    entries: list[Entry] = []
    taken = {MANIFEST, SEAL}
    for piece in pieces:
        if piece.path in taken or not is_safe(piece.path):
            raise Invalid("ARCHIVE_PATH", "归档包中的文件名“{path}”重复或不合规。", path=piece.path)
        taken.add(piece.path)
        entries.append(_write(out, slots, piece))
    manifest = Manifest(head=head, entries=tuple(entries))
    listed = manifest.content()
    _write(out, slots, Piece(path=MANIFEST, title="", kind="", content=listed))
    _write(out, slots, Piece(path=SEAL, title="", kind="", content=seal_of(listed, key)))
    for slot in slots:
        out.write(central_header(slot))
    out.write(end_record(slots))
    size = out.tell()
    out.seek(0)
    whole = hashlib.sha256()
    while chunk := out.read(CHUNK):
        whole.update(chunk)
    out.seek(0)
    return Sealed(manifest=manifest, manifest_hash=sm3(listed), size=size, digest=whole.hexdigest())


def is_safe(path: str) -> bool:
    """Whether a name is a plain relative one that every system can write."""
    parts = path.split("/")
    plain = all(one not in ("", ".", "..") and one == one.strip() and not one.endswith(".") for one in parts)
    printable = all(unicodedata.category(one)[0] != "C" and one not in '\\:*?"<>|' for one in path)
    return plain and printable and len(path.encode()) <= 240


def _write(out: BinaryIO, slots: list[Slot], piece: Piece) -> Entry:
    """Header, content, and the header again when checksum and size are known."""
    slot = Slot(path=piece.path, offset=slots[-1].ends if slots else 0, crc=0, size=0)
    out.write(local_header(slot))
    crc, size = 0, 0
    ours, theirs = hashlib.new("sm3"), hashlib.sha256()
    with closing(BytesIO(piece.content) if isinstance(piece.content, bytes) else piece.content()) as source:
        while chunk := source.read(CHUNK):
            out.write(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            ours.update(chunk)
            theirs.update(chunk)
    slot = Slot(path=piece.path, offset=slot.offset, crc=crc, size=size)
    slots.append(slot)
    check_room(slots)
    out.seek(slot.offset)
    out.write(local_header(slot))
    out.seek(slot.ends)
    return Entry(
        path=piece.path,
        title=piece.title,
        kind=piece.kind,
        size=size,
        sm3=ours.hexdigest(),
        sha256=theirs.hexdigest(),
    )
