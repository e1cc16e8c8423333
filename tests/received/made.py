"""Files as people hand them in, and as nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image

WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
OFD = {"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"}


def picture(kind: str = "JPEG", size: tuple[int, int] = (620, 877), dpi: int | None = 300, **more) -> bytes:
    """A picture of a page."""
    out = io.BytesIO()
    given = {"dpi": (dpi, dpi)} if dpi else {}
    Image.new("RGB", size, "white").save(out, kind, **given, **more)
    return out.getvalue()


def pages(number: int = 2) -> bytes:
    """A TIFF of several pages."""
    out = io.BytesIO()
    first, *rest = (Image.new("L", (200, 280), 255 - 20 * shade) for shade in range(number))
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(300, 300))
    return out.getvalue()


def pdf(number: int = 1, *, catalog: str = "", more: tuple[bytes, ...] = ()) -> bytes:
    """A PDF of empty pages; `catalog`: what stands in its catalogue besides, `more`: further objects, from number 3."""
    kids = " ".join(f"{10 + page} 0 R" for page in range(number))
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        2: f"<</Type/Pages/Count {number}/Kids[{kids}]>>".encode(),
        **{3 + place: content for place, content in enumerate(more)},
        **{10 + page: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>" for page in range(number)},
    }
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for name, content in objects.items():
        offsets[name] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (name, content)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n" % size
    for name in range(size):
        out += b"%010d %05d %s \n" % (
            offsets.get(name, 0),
            0 if name in offsets else 65535,
            b"n" if name in offsets else b"f",
        )
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def object_stream(text: bytes) -> bytes:
    """A packed object stream, as PDF writers hide dictionaries in."""
    packed = zlib.compress(text)
    return b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def scanned_pdf(dpi: int) -> bytes:
    """A PDF of one scanned page."""
    out = io.BytesIO()
    Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255).save(out, "PDF", resolution=dpi)
    return out.getvalue()


def packed(entries: dict[str, bytes], *, before: bytes = b"", comment: bytes = b"") -> bytes:
    """A ZIP of some entries."""
    out = io.BytesIO(before)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def broken_zip() -> bytes:
    """A document one byte of which is not what its checksum says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in WORD.items():
            archive.writestr(name, content)
    return out.getvalue().replace(b"<w:document/>", b"<w:document?>")


def bomb() -> bytes:
    """A document that unpacks to sixty megabytes from sixty kilobytes."""
    return packed(WORD | {"word/media/image1.bin": bytes(60 * 1024 * 1024)})


def locked_zip() -> bytes:
    """A document whose entries say that they have a password."""
    content = bytearray(packed(WORD))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            struct.pack_into("<H", content, at + flags, 1)
            at = content.find(mark, at + 4)
    return bytes(content)


def huge_png() -> bytes:
    """A PNG that says it has three thousand million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def put(folder: Path, content: bytes) -> Path:
    """The content as a file."""
    path = folder / "file"
    path.write_bytes(content)
    return path
