"""The ledger, sealed piece by piece: a line that is changed, taken out or put in afterwards is found by its piece (SM-42, S-17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.archive.gathering import plain
from service.documents.sealed import NOTHING_BEFORE, canonical
from service.rules.hashes import sm3
from service.store.archives import LedgerSealRow
from service.store.records import Records

MOST_LINES = 20_000  # of one piece
NEWEST = 7  # pieces read in every check


@dataclass(frozen=True, kw_only=True)
class LedgerReport:
    """What going through the pieces found. `last`: sequence of the piece read last in turn."""

    pieces: int
    last: int
    troubles: tuple[str, ...]


def seal_ledger(records: Records) -> int:
    """Seal the lines written since the last piece; how many. Waits for who is writing the ledger."""
    records.archives.hold_ledger()
    seals = records.archives.ledger_seals()
    last = seals[-1] if seals else None
    lines = records.archives.ledger_lines(last.last if last is not None else 0, limit=MOST_LINES)
    if not lines:
        return 0
    sequence, previous = (last.sequence + 1, last.chain) if last is not None else (1, NOTHING_BEFORE)
    hashed = _hash(lines)
    row = LedgerSealRow(
        sequence=sequence,
        first=lines[0]["id"],
        last=lines[-1]["id"],
        lines=len(lines),
        hash=hashed,
        chain=_link(previous, sequence, lines[0]["id"], lines[-1]["id"], len(lines), hashed),
        sealed_at=records.now,
    )
    records.archives.seal_ledger(row)
    return len(lines)


def check_ledger(records: Records, *, after: int = 0, most: int | None = None) -> LedgerReport:
    """Go through the chain of pieces, and through the lines of the newest and of those after a sequence, in turn round the
    ledger, at most so many (None: all).
    """
    seals = records.archives.ledger_seals()
    turned = [seal for seal in seals if seal.sequence > after] + [seal for seal in seals if seal.sequence <= after]
    chosen = turned[:most]
    read = {seal.sequence for seal in (*chosen, *seals[-NEWEST:])}
    troubles = []
    previous, expected, since = NOTHING_BEFORE, 1, 0
    for seal in seals:
        right = _link(previous, seal.sequence, seal.first, seal.last, seal.lines, seal.hash)
        if seal.sequence != expected or seal.chain != right:
            troubles.append(f"台账第 {seal.sequence} 段的链值不符")
        elif seal.sequence in read and not _whole(records, seal, since):
            troubles.append(f"台账第 {seal.sequence} 段（第 {seal.first}–{seal.last} 行）与封存时不一致")
        previous, expected, since = seal.chain, seal.sequence + 1, seal.last
    return LedgerReport(pieces=len(seals), last=chosen[-1].sequence if chosen else after, troubles=tuple(troubles))


def _whole(records: Records, seal: LedgerSealRow, since: int) -> bool:
    lines = records.archives.ledger_lines(since, seal.last, limit=MOST_LINES + 1)
    return len(lines) == seal.lines and _hash(lines) == seal.hash


def _hash(lines: Iterable[Mapping[str, Any]]) -> str:
    return sm3(canonical(plain(line)) for line in lines)


def _link(previous: str, sequence: int, first: int, last: int, lines: int, hashed: str) -> str:
    return sm3(f"{previous}\n{sequence}\n{first}\n{last}\n{lines}\n{hashed}\n".encode())
