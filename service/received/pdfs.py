"""PDF documents: whole, without password, without scripts; how many pages, how finely scanned."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from service.received.wrong import Wrong
from service.rules.material_files import MOST_PAGES, SCAN_DPI

THUMBNAIL = 360
MOST_SHOWN = 24_000_000  # pixels of a page that is shown
LOOKED_AT = 3  # pages whose scan is measured
STRUCTURE = 64 * 1024 * 1024  # bytes of unpacked object streams that are looked through
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|XFA|RichMedia)(?=[\s/<>()\[\]%]|$)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def look(path: Path, picture: Path, *, scan: bool) -> dict[str, Any]:
    """Wrong: FILE_DAMAGED, FILE_ENCRYPTED, FILE_ACTIVE, FILE_TOO_MANY_PAGES, SCAN_DPI_LOW."""
    document = _open(path)
    try:
        if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise Wrong("FILE_ENCRYPTED")
        if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _is_active(path):
            raise Wrong("FILE_ACTIVE")
        pages = len(document)
        if pages > MOST_PAGES:
            raise Wrong("FILE_TOO_MANY_PAGES", got=pages, most=MOST_PAGES)
        if pages < 1:
            raise Wrong("FILE_DAMAGED")
        dpi = min((one for number in range(min(pages, LOOKED_AT)) if (one := _dpi(document, number))), default=None)
        if scan and dpi is not None and dpi < SCAN_DPI:
            raise Wrong("SCAN_DPI_LOW", got=dpi, expected=SCAN_DPI)
        _render(document, 0, THUMBNAIL, THUMBNAIL, picture)
        return {"pages": pages, "dpi": dpi}
    finally:
        document.close()


def show(path: Path, page: int, width: int, picture: Path, *, turn: int) -> None:
    """Wrong: FILE_DAMAGED, FILE_ENCRYPTED."""
    document = _open(path)
    try:
        if not 1 <= page <= len(document):
            raise Wrong("FILE_DAMAGED")
        _render(document, page - 1, width, width * 3, picture, turn)
    finally:
        document.close()


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Wrong("FILE_ENCRYPTED" if "assword" in str(error) else "FILE_DAMAGED") from error


def _render(
    document: pypdfium2.PdfDocument, number: int, width: int, height: int, picture: Path, turn: int = 0
) -> None:
    try:
        page = document[number]
        across, down = page.get_size()
        scale = min(width / max(across, 1), height / max(down, 1))
        scale = min(scale, (MOST_SHOWN / max(across * down, 1)) ** 0.5)
        page.render(scale=scale, rotation=turn, may_draw_forms=False).to_pil().convert("RGB").save(
            picture, "JPEG", quality=82
        )
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise Wrong("FILE_DAMAGED") from error


def _dpi(document: pypdfium2.PdfDocument, number: int) -> int | None:
    """How finely a page was scanned: of a picture that covers most of it."""
    try:
        page = document[number]
        area = page.get_width() * page.get_height()
        for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = one.get_bounds()
            if (right - left) * (top - bottom) > area / 2:
                across, down = one.get_px_size()
                return int(round(min(across * 72 / (right - left), down * 72 / (top - bottom))))
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError):
        pass
    return None


def _is_active(path: Path) -> bool:
    """Whether any dictionary names a script or a program, also inside packed object streams and spelt with #xx."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return any(ACTIVE.search(ESCAPED.sub(_unescaped, text)) for text in _structure(whole))


def _structure(whole: mmap.mmap) -> Iterator[bytes]:
    """The text between streams, and what object streams unpack to. Pictures and fonts are not text."""
    at, unpacked = 0, 0
    while True:
        start = whole.find(b"stream", at)
        if start < 0:
            yield whole[at:]
            return
        head = whole[at:start]
        yield head
        begin = start + 6
        end = whole.find(b"endstream", begin)
        if end < 0:
            yield whole[begin:]
            return
        if b"ObjStm" in head[-4096:] and unpacked < STRUCTURE:
            text = _inflated(whole[begin:end].lstrip(b"\r\n"), STRUCTURE - unpacked)
            unpacked += len(text)
            yield text
        at = end + 9


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))
