"""The fonts of papers, whole: fonts cut into pieces print other characters than were written, and say nothing.

A printed character is found again in the file by its shape, so every shape must stand for one character only: of twins
that look the same (拓 has two numbers, … too) the common one is printed. Rules by which a font exchanges shapes are left
out for the same reason. A character no font has would leave an empty box; it is written out by its number instead.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FILES = {"font:regular": "NotoSansSC-Regular.ttf", "font:bold": "NotoSansSC-Bold.ttf"}
RARE = {"font:rare": "NotoSansJP-Regular.ttf", "font:rarer": "NotoSansHK-Regular.ttf"}  # what the two above do not have
_LAYOUT = frozenset("\t\n\r")
_EXCHANGES = (b"GSUB", b"cmap")  # tables that are not taken over
_RADICALS = range(0x2E80, 0x2FE0)
_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, kw_only=True)
class Face:
    """One font as the press gets it. `twins`: character → the one of the same shape that is printed for it."""

    data: bytes
    characters: frozenset[int]
    twins: Mapping[int, int]


@cache
def face(address: str) -> Face:
    """The font behind an address of `FILES` or `RARE`. A build without fonts is broken: FileNotFoundError.

    A rare one keeps only the characters that no font before it has.
    """
    tables = dict(_tables((FOLDER / {**FILES, **RARE}[address]).read_bytes()))
    glyphs = _character_map(tables[b"cmap"])
    shapes: dict[int, int] = {}
    for character in sorted(glyphs, key=_commonness):
        shapes.setdefault(glyphs[character], character)
    before = _before(address)
    kept = {character: glyph for glyph, character in shapes.items() if character not in before}
    whole = {tag: data for tag, data in tables.items() if tag not in _EXCHANGES} | {b"cmap": _written_map(kept)}
    twins = {one: shapes[glyph] for one, glyph in glyphs.items() if one != shapes[glyph] and one not in before}
    return Face(data=_font(whole), characters=frozenset(kept), twins=twins)


def _before(address: str) -> frozenset[int]:
    """What the fonts before a rare one have, as a character or as a twin."""
    found = frozenset[int]()
    if address in RARE:
        regular = face("font:regular")
        found = _common() | frozenset(regular.twins)
        for earlier in list(RARE)[: list(RARE).index(address)]:
            found |= face(earlier).characters | frozenset(face(earlier).twins)
    return found


@cache
def _common() -> frozenset[int]:
    """What regular and bold have both."""
    return frozenset.intersection(*(face(address).characters for address in FILES))


@cache
def characters() -> frozenset[int]:
    """Every character that is printed as itself."""
    return _common().union(*(face(address).characters for address in RARE))


@cache
def _twins() -> Mapping[int, int]:
    """Of every font, the first one that has the character."""
    return {one: twin for address in reversed(("font:regular", *RARE)) for one, twin in face(address).twins.items()}


def rare_in(text: str) -> Mapping[str, tuple[int, ...]]:
    """The characters of a text that need a rare font, by the address of that font."""
    asked = {ord(one) for one in text if one not in _LAYOUT} - _common()
    found = {address: tuple(sorted(asked & face(address).characters)) for address in RARE} if asked else {}
    return {address: those for address, those in found.items() if those}


def printable(text: str) -> str:
    """The text as it can be printed: twins as the common one, what no font has as 〔U+2A6D6〕, nothing invisible."""
    known, twins = characters(), _twins()
    shown = {one: _printed(one, twins.get(ord(one), ord(one)), known) for one in set(text)}
    return "".join(shown[one] for one in text)


def _printed(one: str, twin: int, known: frozenset[int]) -> str:
    if one in _LAYOUT:
        return one
    if unicodedata.category(one) in ("Cc", "Cf") or any(ord(one) in some for some in _SELECTORS):
        return ""  # controls, direction marks, selectors: a way to show something else than is written
    return chr(twin) if twin in known else f"〔U+{ord(one):04X}〕"


def _commonness(character: int) -> tuple[bool, bool, int]:
    """Sorts twins: what Chinese texts use first, radicals last."""
    try:
        chr(character).encode("gbk")
    except UnicodeEncodeError:
        return True, character in _RADICALS, character
    return False, character in _RADICALS, character


def _tables(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The tables of a TrueType file (OpenType 1.9, font directory)."""
    for n in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * n)
        yield tag, data[offset : offset + length]


def _character_map(cmap: bytes) -> dict[int, int]:
    """Character → glyph, of the map that knows all planes (format 12: groups of neighbours)."""
    found: dict[int, int] = {}
    for n in range(struct.unpack_from(">H", cmap, 2)[0]):
        at = struct.unpack_from(">L", cmap, 8 + 8 * n)[0]
        if struct.unpack_from(">H", cmap, at)[0] != 12:
            continue
        for group in range(struct.unpack_from(">L", cmap, at + 12)[0]):
            first, last, glyph = struct.unpack_from(">LLL", cmap, at + 16 + 12 * group)
            found.update({first + i: glyph + i for i in range(last - first + 1)})
    return found


def _written_map(glyphs: Mapping[int, int]) -> bytes:
    """A table `cmap` of one map, for Unicode and for Windows."""
    groups = b"".join(struct.pack(">LLL", one, one, glyphs[one]) for one in sorted(glyphs))
    head = struct.pack(">HHHHLHHL", 0, 2, 0, 4, 20, 3, 10, 20)
    return head + struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups


def _font(tables: Mapping[bytes, bytes]) -> bytes:
    """A TrueType file of these tables; readers of our fonts do not look at check sums."""
    power = 1 << (len(tables).bit_length() - 1)
    head = struct.pack(
        ">LHHHH", 0x00010000, len(tables), power * 16, power.bit_length() - 1, (len(tables) - power) * 16
    )
    directory = b""
    offset = len(head) + 16 * len(tables)
    parts = []
    for tag in sorted(tables):
        directory += struct.pack(">4sLLL", tag, 0, offset, len(tables[tag]))
        parts.append(tables[tag] + b"\0" * (-len(tables[tag]) % 4))
        offset += len(parts[-1])
    return head + directory + b"".join(parts)
