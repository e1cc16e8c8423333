"""Verifying a package with nothing but the file: is every byte what it was, and if not, where is it wrong.

A package says where its entries lie twice, before each of them and in the directory at its end. Both are tried; the reading that
leaves less damage is the right one, so one wrong byte is told once, at its place.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from typing import BinaryIO

from service.documents.sealed.layout import (
    CENTRAL_SIZE,
    END,
    END_FORM,
    END_SIZE,
    LOCAL_SIZE,
    Slot,
    central_header,
    end_record,
    local_header,
    read_central,
    read_local,
)
from service.documents.sealed.manifest import MANIFEST, SEAL, Manifest, canonical, read_manifest, seal_of
from service.documents.sealed.packing import CHUNK
from service.rules.hashes import check_sm3, sm3

LARGEST_LIST = 64 << 20  # bytes of a manifest
MOST_TOLD = 100


class Part(StrEnum):
    """Where a package may be damaged."""

    CONTENT = "CONTENT"  # what an entry holds
    HEADER = "HEADER"  # what stands before an entry
    DIRECTORY = "DIRECTORY"  # the list at the end
    MISSING = "MISSING"  # the manifest lists what is not there
    STRANGE = "STRANGE"  # what no manifest lists
    SEAL = "SEAL"  # the seal was not made with this key
    FILE = "FILE"  # not a package at all, or cut off


WORDS = {
    Part.CONTENT: "内容与封存时不一致",
    Part.HEADER: "文件头与封存时不一致",
    Part.DIRECTORY: "目录与封存时不一致",
    Part.MISSING: "清单中的文件缺失",
    Part.STRANGE: "多出清单之外的文件",
    Part.SEAL: "封签不是用本单位密钥生成的",
    Part.FILE: "不是完整的归档包",
}


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One damaged place: which part, of which entry, between which offsets of the file."""

    part: Part
    entry: str
    begins: int
    ends: int

    @property
    def text(self) -> str:
        """What an archivist reads."""
        return f"{self.entry or '归档包'}：{WORDS[self.part]}（第 {self.begins}–{self.ends} 字节）"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What verifying found. `manifest` None: it cannot be read; `manifest_hash`: to compare with the register."""

    damages: tuple[Damage, ...]
    manifest: Manifest | None = None
    manifest_hash: str = ""
    digest: str = ""
    size: int = 0
    keyed: bool = False  # the seal carries an HMAC

    @property
    def sound(self) -> bool:
        """Nothing is wrong with it."""
        return not self.damages


@dataclass
class _Reading:
    """One way of reading the file."""

    slots: Sequence[Slot]
    damages: list[Damage] = field(default_factory=list)
    manifest: Manifest | None = None
    manifest_hash: str = ""
    keyed: bool = False

    def tell(self, part: Part, entry: str, begins: int, ends: int) -> None:
        if len(self.damages) < MOST_TOLD:
            self.damages.append(Damage(part=part, entry=entry, begins=begins, ends=ends))


def verify(source: BinaryIO, *, key: bytes | None = None) -> Verdict:
    """Read a package through and say what is wrong with it. `key`: of the seal. Refused: Unavailable SM3_MISSING."""
    check_sm3()
    size = source.seek(0, os.SEEK_END)
    readings = [_read(source, size, slots, key) for slots in _layouts(source, size) if slots]
    if not readings:
        return Verdict(damages=(Damage(part=Part.FILE, entry="", begins=0, ends=size),), size=size)
    best = min(readings, key=lambda one: len(one.damages))
    return Verdict(
        damages=tuple(sorted(best.damages, key=lambda one: (one.begins, one.ends))),
        manifest=best.manifest,
        manifest_hash=best.manifest_hash,
        digest=_digest(source),
        size=size,
        keyed=best.keyed,
    )


def _layouts(source: BinaryIO, size: int) -> list[list[Slot]]:
    """Where the entries lie, as the directory says and as the headers say; one of them when both say the same."""
    found = [_by_directory(source, size), _by_headers(source, size)]
    return found[:1] if found[0] == found[1] else found


def _by_headers(source: BinaryIO, size: int) -> list[Slot]:
    slots: list[Slot] = []
    at = 0
    while at < size:
        source.seek(at)
        read = read_local(source.read(LOCAL_SIZE))
        if read is None:
            break
        crc, length, name = read
        slot = _slot(source.read(name), at, crc, length)
        if slot is None or slot.ends > size:
            break
        slots.append(slot)
        at = slot.ends
    return slots


def _by_directory(source: BinaryIO, size: int) -> list[Slot]:
    if size < END_SIZE:
        return []
    source.seek(size - END_SIZE)
    end = struct.unpack(END_FORM, source.read(END_SIZE))
    at = end[6] if end[0] == END and end[6] < size else -1
    slots: list[Slot] = []
    while 0 <= at < size:
        source.seek(at)
        read = read_central(source.read(CENTRAL_SIZE))
        if read is None:
            break
        crc, length, name, offset = read
        slot = _slot(source.read(name), offset, crc, length)
        if slot is None or slot.ends > size:
            return []
        slots.append(slot)
        at += CENTRAL_SIZE + name
    return slots if sum(slot.size for slot in slots) <= size else []  # entries do not share bytes


def _slot(name: bytes, offset: int, crc: int, size: int) -> Slot | None:
    try:
        return Slot(path=name.decode(), offset=offset, crc=crc, size=size)
    except UnicodeDecodeError:
        return None


def _read(source: BinaryIO, size: int, slots: Sequence[Slot], key: bytes | None) -> _Reading:
    """Check the file against what it must be when its entries lie so."""
    reading = _Reading(slots)
    at = 0
    for slot in slots:
        if slot.offset != at:
            reading.tell(Part.HEADER, slot.path, at, max(at, slot.offset))
        _compare(source, reading, Part.HEADER, slot.path, slot.offset, local_header(slot))
        at = slot.ends
    for slot in slots:
        line = central_header(slot)
        _compare(source, reading, Part.DIRECTORY, slot.path, at, line)
        at += len(line)
    _compare(source, reading, Part.DIRECTORY, "", at, end_record(slots))
    if at + END_SIZE != size:
        reading.tell(Part.FILE, "", min(at + END_SIZE, size), max(at + END_SIZE, size))
    _check_contents(source, reading, key)
    return reading


def _compare(source: BinaryIO, reading: _Reading, part: Part, entry: str, at: int, right: bytes) -> None:
    source.seek(at)
    found = source.read(len(right))
    wrong = [n for n, (a, b) in enumerate(zip(found, right, strict=False)) if a != b]
    if len(found) < len(right):
        wrong.append(len(found))
    if wrong:
        reading.tell(part, entry, at + wrong[0], at + wrong[-1])


def _check_contents(source: BinaryIO, reading: _Reading, key: bytes | None) -> None:
    """Checksums of every entry, the manifest by its seal, the others by the manifest."""
    measured = {slot.path: (slot, *_measure(source, slot)) for slot in reading.slots}
    broken = {path for path, (slot, crc, _, _) in measured.items() if crc != slot.crc}
    listed, seal = (_content(source, measured[name][0]) if name in measured else None for name in (MANIFEST, SEAL))
    if listed is not None:
        reading.manifest_hash = sm3(listed)
        reading.manifest = read_manifest(listed)
        if reading.manifest is None or reading.manifest.content() != listed:
            broken.add(MANIFEST)
    if listed is not None and seal is not None and not {MANIFEST, SEAL} & broken:
        _check_seal(reading, listed, seal, key, broken)
    manifest = reading.manifest if MANIFEST not in broken else None
    wanted = {one.path: one for one in manifest.entries} if manifest is not None else {}
    for path, (slot, _, ours, theirs) in measured.items():
        right = wanted.get(path)
        if right is not None and (right.size, right.sm3, right.sha256) != (slot.size, ours, theirs):
            broken.add(path)
        if path in broken:
            reading.tell(Part.CONTENT, path, slot.begins, slot.ends)
        elif manifest is not None and right is None and path not in (MANIFEST, SEAL):
            reading.tell(Part.STRANGE, path, slot.offset, slot.ends)
    for path in (*wanted, MANIFEST, SEAL):
        if path not in measured:
            reading.tell(Part.MISSING, path, 0, 0)


def _check_seal(reading: _Reading, listed: bytes, seal: bytes, key: bytes | None, broken: set[str]) -> None:
    """The manifest is what the seal says; of the two the one that disagrees with the other two hashes is wrong."""
    try:
        said = json.loads(seal)["manifest"]
        hashes = {said["sm3"] == sm3(listed), said["sha256"] == hashlib.sha256(listed).hexdigest()}
        keyed = said.get("hmac_sm3")
        spelt = canonical(json.loads(seal)) == seal
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        broken.add(SEAL)
        return
    reading.keyed = isinstance(keyed, str)
    if hashes == {False}:
        broken.add(MANIFEST)
    elif hashes != {True} or not spelt:
        broken.add(SEAL)
    elif key is not None and not compare_digest(seal, seal_of(listed, key)):
        slot = next(one for one in reading.slots if one.path == SEAL)
        reading.tell(Part.SEAL, SEAL, slot.begins, slot.ends)


def _measure(source: BinaryIO, slot: Slot) -> tuple[int, str, str]:
    """CRC, SM3 and SHA-256 of a content as it is."""
    crc, left = 0, slot.size
    ours, theirs = hashlib.new("sm3"), hashlib.sha256()
    source.seek(slot.begins)
    while left and (chunk := source.read(min(CHUNK, left))):
        crc, left = zlib.crc32(chunk, crc), left - len(chunk)
        ours.update(chunk)
        theirs.update(chunk)
    return crc, ours.hexdigest(), theirs.hexdigest()


def _content(source: BinaryIO, slot: Slot) -> bytes | None:
    if slot.size > LARGEST_LIST:
        return None
    source.seek(slot.begins)
    return source.read(slot.size)


def _digest(source: BinaryIO) -> str:
    source.seek(0)
    whole = hashlib.sha256()
    while chunk := source.read(CHUNK):
        whole.update(chunk)
    return whole.hexdigest()
