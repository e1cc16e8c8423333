"""Packed documents: OFD, DOCX, XLSX. Unpacked once to the end, counted, never written."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

from service.received.wrong import Wrong
from service.rules.material_files import LARGEST_UNPACKED, MOST_ENTRIES

MAIN = {"ofd": "OFD.xml", "docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
LAST_RATIO, RATIO_FROM = 200, 20 * 1024 * 1024  # beyond so many bytes no more than so many times what is packed
PIECE = 256 * 1024
ACTIVE = ("vbaproject.bin", "activex", ".exe", ".dll", ".js", ".vbs", ".html", ".htm")


def look(path: Path, kind: str) -> dict[str, Any]:
    """Wrong: FILE_DAMAGED, FILE_ENCRYPTED, FILE_ACTIVE, FILE_NOT_WHAT_IT_SAYS, FILE_UNPACKS_TOO_LARGE."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = [one.filename for one in entries]
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > LARGEST_UNPACKED:
                raise Wrong("FILE_UNPACKS_TOO_LARGE")
            if any(one.flag_bits & 1 for one in entries):
                raise Wrong("FILE_ENCRYPTED")
            if MAIN[kind] not in names:
                raise Wrong("FILE_NOT_WHAT_IT_SAYS", expected=kind.upper(), got="ZIP")
            if len(set(names)) != len(names) or any(_escapes(name) for name in names) or archive.comment:
                raise Wrong("FILE_DAMAGED")
            if any(word in name.lower() for name in names for word in ACTIVE):
                raise Wrong("FILE_ACTIVE")
            _unpack(archive, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Wrong("FILE_DAMAGED") from error
    return {"pages": None, "dpi": None}


def _unpack(archive: zipfile.ZipFile, size: int) -> None:
    """Every entry to its end, whatever its header says; its checksum is compared on the way."""
    total = 0
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                total += len(piece)
                if total > LARGEST_UNPACKED or (total > RATIO_FROM and total > LAST_RATIO * size):
                    raise Wrong("FILE_UNPACKS_TOO_LARGE")


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")
