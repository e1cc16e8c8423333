"""What a file is by its first bytes, and whether it is a second kind of file at the same time."""

from __future__ import annotations

import mmap
import re
import struct
from pathlib import Path

from service.received.wrong import Wrong

STARTS = (  # what files begin with; the name is for people
    (b"%PDF-", "pdf", "PDF"),
    (b"\xff\xd8\xff", "jpeg", "JPG"),
    (b"\x89PNG\r\n\x1a\n", "png", "PNG"),
    (b"II*\0", "tiff", "TIFF"),
    (b"MM\0*", "tiff", "TIFF"),
    (b"II+\0", "tiff", "TIFF"),
    (b"MM\0+", "tiff", "TIFF"),
    (b"PK\x03\x04", "zip", "ZIP"),
    (b"GIF8", "gif", "GIF"),
    (b"BM", "bmp", "BMP"),
    (b"RIFF", "riff", "WebP/AVI"),
    (b"MZ", "exe", "EXE"),
    (b"\x7fELF", "elf", "ELF"),
    (b"Rar!", "rar", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "7Z"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "DOC/XLS"),
    (b"<?xml", "xml", "XML"),
    (b"{\\rtf", "rtf", "RTF"),
)
NAMES = {"pdf": "PDF", "jpeg": "JPG", "png": "PNG", "tiff": "TIFF", "ofd": "OFD", "docx": "DOCX", "xlsx": "XLSX"}
PACKED = frozenset({"ofd", "docx", "xlsx"})
MARKUP = re.compile(rb"<(?:!doctype\s+html|html|script|svg|iframe|\?php|body|xml\s)", re.IGNORECASE)
HEAD = 1024  # how far readers look for what a file may be
TAIL = 65_557  # how far from its end a ZIP is recognised


def check(path: Path, kind: str) -> None:
    """Wrong: FILE_EMPTY, FILE_NOT_WHAT_IT_SAYS, FILE_AMBIGUOUS."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            raise Wrong("FILE_EMPTY")
        found = next((one for one in STARTS if head.startswith(one[0])), None)
        if found is None or found[1] != ("zip" if kind in PACKED else kind):
            got = found[2] if found else "HTML" if MARKUP.search(head) else "?"
            raise Wrong("FILE_NOT_WHAT_IT_SAYS", expected=NAMES[kind], got=got)
        if kind != "pdf" and b"%PDF-" in head:
            raise Wrong("FILE_AMBIGUOUS", got="PDF")
        if MARKUP.search(head):
            raise Wrong("FILE_AMBIGUOUS", got="HTML")
        if kind not in PACKED:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                if _ends_as_zip(whole[-TAIL:]):
                    raise Wrong("FILE_AMBIGUOUS", got="ZIP")


def _ends_as_zip(tail: bytes) -> bool:
    """An end record whose comment reaches exactly to the end: what makes unpackers take a file for a ZIP."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if len(tail) - at >= 22 and struct.unpack_from("<H", tail, at + 20)[0] <= len(tail) - at - 22 + 2:
            return True
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return False
