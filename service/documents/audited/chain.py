"""How the audit trail is sealed: standard library only, so that it goes into every export as it is (`verify.py`), where
`python verify.py EXPORT.zip [--key-file FILE]` verifies it with nothing else: exit 0 whole, 1 something is wrong, 2 unreadable.

A line has a number within its stream (the ledger, or the journal of one case) and a fingerprint, the SM3 of everything it
says. A piece is the list of both for lines that follow each other in one stream; a block holds the pieces sealed together and
is chained to the block before. Whoever has the lists finds not only that something was touched but which line.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import struct
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

NOTHING_BEFORE = "0" * 64
ENTRY = struct.Struct(">q32s")  # number, fingerprint
Entry = tuple[int, bytes]


class Kind(Enum):
    """What happened to a line since it was sealed."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"  # it says what another line of the same stream said


@dataclass(frozen=True)
class Trouble:
    """One line that is not what was sealed. `origin`: number of the line whose words it bears, when it was moved."""

    stream: str
    number: int
    kind: Kind
    origin: int | None = None


def fingerprint(line: Mapping[str, Any]) -> bytes:
    """SM3 of what a line says (plain JSON values, without its number), in one spelling."""
    said = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new("sm3", said.encode("utf-8", "surrogatepass")).digest()


def packed(entries: Iterable[Entry]) -> bytes:
    """Numbers and fingerprints as they are kept."""
    return b"".join(ENTRY.pack(number, digest) for number, digest in entries)


def unpacked(content: bytes) -> list[Entry]:
    """The same read again; a length that cannot be is read as far as it goes."""
    whole = len(content) - len(content) % ENTRY.size
    return [(number, digest) for number, digest in ENTRY.iter_unpack(content[:whole])]


def piece_line(stream: str, after: int, last: int, entries: bytes) -> str:
    """What a block says of one of its pieces. `after`: the last line of the stream that was sealed before."""
    return f"{stream} {after} {last} {len(entries) // ENTRY.size} {hashlib.new('sm3', entries).hexdigest()}"


def block_hash(pieces: Iterable[str]) -> str:
    """SM3 over the pieces of a block, whatever their order."""
    return hashlib.new("sm3", "\n".join(sorted(pieces)).encode()).hexdigest()


def link(previous: str, sequence: int, sealed_at: str, lines: int, pieces: str) -> str:
    """The chain value of a block: it follows from the block before and from everything it says itself."""
    return hashlib.new("sm3", f"{previous}\n{sequence}\n{sealed_at}\n{lines}\n{pieces}\n".encode()).hexdigest()


def seal_mac(key: bytes, chain: str) -> str:
    """HMAC-SM3 of a chain value under a key that is not in the database."""
    return hmac.new(key, chain.encode(), "sm3").hexdigest()


def compared(stream: str, sealed: Sequence[Entry], found: Sequence[Entry]) -> Iterator[Trouble]:
    """What became of the lines of one piece: `found` are those that stand where it lay now."""
    was, now = dict(sealed), dict(found)
    touched = {number: digest for number, digest in now.items() if number in was and was[number] != digest}
    away = {digest: number for number, digest in was.items() if now.get(number) != digest}
    for number in sorted(was.keys() | now.keys()):
        if number not in now:
            yield Trouble(stream, number, Kind.REMOVED)
        elif number in touched or number not in was:
            origin = away.get(now[number])
            plain = Kind.CHANGED if number in was else Kind.INSERTED
            yield Trouble(stream, number, plain if origin is None else Kind.MOVED, origin)


BLOCKS, LINES = "blocks.jsonl", "lines.jsonl"  # of an export
UNREADABLE = (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, RecursionError)


def verify_export(path: str, key: bytes | None = None) -> Iterator[str]:
    """What is wrong with an export, in words. An export that cannot be read raises one of UNREADABLE."""
    with zipfile.ZipFile(path) as export:
        found: dict[str, list[Entry]] = defaultdict(list)
        for said in _rows(export, LINES):
            found[str(said["stream"])].append((int(said["number"]), fingerprint(said["says"])))
        previous: str | None = None
        sequence: int | None = None
        for block in _rows(export, BLOCKS):
            if previous is not None and (block["previous"], block["sequence"]) != (previous, (sequence or 0) + 1):
                yield f"block {block['sequence']} does not follow from the one before"
            yield from _wrong_block(block, found, key)
            previous, sequence = block["chain"], int(block["sequence"])
        for stream, rest in found.items():
            yield from (f"{stream} line {number} is in no block" for number, _ in rest)


def _wrong_block(block: Mapping[str, Any], found: Mapping[str, list[Entry]], key: bytes | None) -> Iterator[str]:
    name, pieces = f"block {block['sequence']}", block["holds"]
    entries = {one["stream"]: bytes.fromhex(one["entries"]) for one in pieces}
    listed = block_hash(piece_line(one["stream"], one["after"], one["last"], entries[one["stream"]]) for one in pieces)
    if listed != block["pieces"]:
        yield f"{name}: its list of fingerprints was changed"
    right = link(block["previous"], block["sequence"], block["sealed_at"], block["lines"], block["pieces"])
    if right != block["chain"]:
        yield f"{name}: its chain value does not fit"
    elif key is not None and block["mac"] is not None and seal_mac(key, right) != block["mac"]:
        yield f"{name}: its seal does not fit the key"
    for one in pieces:
        within = [entry for entry in found[one["stream"]] if entry[0] <= one["last"]]
        found[one["stream"]][:] = [entry for entry in found[one["stream"]] if entry[0] > one["last"]]
        for trouble in compared(one["stream"], unpacked(entries[one["stream"]]), within):
            origin = f" (said at {trouble.origin})" if trouble.origin is not None else ""
            yield f"{trouble.stream} line {trouble.number} {trouble.kind.value}{origin}"


def _rows(export: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with export.open(name) as lines:
        for line in lines:
            yield json.loads(line)


def main() -> int:
    """The command: tells everything that is wrong, a line each."""
    parser = argparse.ArgumentParser(description="Verify an export of the audit trail.")
    parser.add_argument("export")
    parser.add_argument("--key-file")
    asked = parser.parse_args()
    try:
        key = None
        if asked.key_file:
            with open(asked.key_file, encoding="utf-8") as source:
                key = source.read().strip().encode()
        wrong = list(verify_export(asked.export, key))
    except UNREADABLE as failure:
        print(f"{asked.export}: cannot be read ({type(failure).__name__})", file=sys.stderr)
        return 2
    print("\n".join(wrong) or "whole")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
