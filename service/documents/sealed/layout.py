"""The one way a package is laid out as a ZIP file: entries one after another, not compressed, no dates, nothing optional.

So every byte that is not content follows from names, sizes and checksums, and a verifier can say of each whether it is right.
Any ZIP program opens it. (PKWARE APPNOTE 6.3.10, without ZIP64.)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from service.rules.refusals import TooLarge

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE = 30, 46, 22
VERSION, UTF8, STORED = 20, 0x0800, 0
TIME, DAY = 0, 0x0021  # 1980-01-01 00:00: dates belong to the manifest
MOST_BYTES, MOST_ENTRIES = 0xFFFF_FFFE, 0xFFFE
LOCAL_FORM, CENTRAL_FORM, END_FORM = "<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One entry's place: where its local header begins, its checksum (CRC-32) and size."""

    path: str
    offset: int
    crc: int
    size: int

    @property
    def name(self) -> bytes:
        """Its name as written."""
        return self.path.encode()

    @property
    def begins(self) -> int:
        """Offset of its content."""
        return self.offset + LOCAL_SIZE + len(self.name)

    @property
    def ends(self) -> int:
        """Offset after its content."""
        return self.begins + self.size


def local_header(slot: Slot) -> bytes:
    """What stands before the content of an entry."""
    name = slot.name
    fixed = (LOCAL, VERSION, UTF8, STORED, TIME, DAY, slot.crc, slot.size, slot.size, len(name), 0)
    return struct.pack(LOCAL_FORM, *fixed) + name


def central_header(slot: Slot) -> bytes:
    """Its line in the directory at the end."""
    name = slot.name
    fixed = (CENTRAL, VERSION, VERSION, UTF8, STORED, TIME, DAY, slot.crc, slot.size, slot.size, len(name), 0, 0, 0, 0)
    return struct.pack(CENTRAL_FORM, *fixed, 0, slot.offset) + name


def end_record(slots: Sequence[Slot]) -> bytes:
    """The last bytes of the file."""
    begins = slots[-1].ends if slots else 0
    size = sum(CENTRAL_SIZE + len(slot.name) for slot in slots)
    return struct.pack(END_FORM, END, 0, 0, len(slots), len(slots), size, begins, 0)


def check_room(slots: Sequence[Slot]) -> None:
    """Refused: TooLarge ARCHIVE_TOO_LARGE."""
    if len(slots) > MOST_ENTRIES or (slots and slots[-1].ends > MOST_BYTES):
        raise TooLarge("ARCHIVE_TOO_LARGE", "归档包不能超过 4 GB 或 65534 个文件，请先缩减材料。")


def read_local(raw: bytes) -> tuple[int, int, int] | None:
    """CRC, size and length of the name as a local header says; None when it is none at all."""
    if len(raw) < LOCAL_SIZE or raw[:4] != LOCAL:
        return None
    found = struct.unpack(LOCAL_FORM, raw[:LOCAL_SIZE])
    return found[6], found[7], found[9]


def read_central(raw: bytes) -> tuple[int, int, int, int] | None:
    """CRC, size, length of the name and offset as a line of the directory says."""
    if len(raw) < CENTRAL_SIZE or raw[:4] != CENTRAL:
        return None
    found = struct.unpack(CENTRAL_FORM, raw[:CENTRAL_SIZE])
    return found[7], found[8], found[10], found[16]
