"""The fonts of papers, whole: fonts cut into pieces print other characters than were written, and say nothing.

A character no font has would leave an empty box; it is written out by its number instead, so that nothing is lost.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FILES = {"font:regular": "NotoSansSC-Regular.ttf", "font:bold": "NotoSansSC-Bold.ttf"}
_LAYOUT = frozenset("\t\n\r")
_SILENT = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # choose between shapes of one character


@cache
def font(address: str) -> bytes:
    """The file behind an address of `FILES`. A build without fonts is broken: FileNotFoundError."""
    return (FOLDER / FILES[address]).read_bytes()


@cache
def characters() -> frozenset[int]:
    """Every character the fonts can print."""
    return frozenset.intersection(*(_characters(font(address)) for address in FILES))


def printable(text: str) -> str:
    """The text with characters no font has written as 〔U+20BB7〕; what has no shape at all is left out."""
    known = characters()
    return "".join(
        one if one in _LAYOUT or ord(one) in known and not _shapeless(one) else _number(one) for one in text
    )


def _number(one: str) -> str:
    return "" if _shapeless(one) else f"〔U+{ord(one):04X}〕"


def _shapeless(one: str) -> bool:
    """Controls, direction marks and selectors: nothing to see, and a way to show something else than is written."""
    return unicodedata.category(one) in ("Cc", "Cf") or _SILENT.match(one) is not None


def _characters(data: bytes) -> frozenset[int]:
    """What the character map of a TrueType file holds (OpenType 1.9 `cmap`, format 12: groups of neighbours)."""
    tables = struct.unpack_from(">H", data, 4)[0]
    directory = (struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, _, offset, _ in directory if tag == b"cmap")
    maps = (struct.unpack_from(">HHL", data, start + 4 + 8 * n) for n in range(struct.unpack_from(">H", data, start + 2)[0]))
    found: set[int] = set()
    for _, _, offset in maps:
        at = start + offset
        if struct.unpack_from(">H", data, at)[0] != 12:
            continue
        for n in range(struct.unpack_from(">L", data, at + 12)[0]):
            first, last, _ = struct.unpack_from(">LLL", data, at + 16 + 12 * n)
            found.update(range(first, last + 1))
    return frozenset(found)
