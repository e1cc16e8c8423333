"""Verifying: every line of the ledger and of the journals against the seals, every seal against the one before.

What is wrong is told by line: changed, removed, inserted, or bearing the words of another line; a block by its number. Lines
that are not sealed yet cannot be judged; they are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from service.casework.audit.lines import LEDGER, entries
from service.casework.office import Office
from service.casework.seal_keys import audit_key
from service.documents.audited import (
    NOTHING_BEFORE,
    Kind,
    Trouble,
    block_hash,
    compared,
    link,
    piece_line,
    seal_mac,
    unpacked,
)
from service.rules.sentences import Sentence, filled
from service.rules.worktime import SHANGHAI
from service.store.audits import BlockRow, PieceRow
from service.store.records import Records

CASE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEDGER_LINE, JOURNAL_LINE = Sentence("台账第 {number} 行"), Sentence("办件 {case} 办理过程第 {number} 行")
WHAT = {
    Kind.CHANGED: Sentence("{where}被改动"),
    Kind.REMOVED: Sentence("{where}被删除"),
    Kind.INSERTED: Sentence("{where}是后来插入的"),
    Kind.MOVED: Sentence("{where}的内容原是第 {origin} 行"),
}
GAP = Sentence("审计链在第 {block} 段之前有缺失或多出的段")
UNLINKED, UNSEALED = Sentence("审计链第 {block} 段的链值不符"), Sentence("审计链第 {block} 段的封签不符")
UNLISTED = Sentence("审计链第 {block} 段的指纹清单被改动")
OFF_ANCHOR, NO_BLOCK = Sentence("审计链第 {block} 段的链值与锚点不符"), Sentence("审计链第 {block} 段已不在库中")
NO_CASE = Sentence("办件 {case} 已不在库中，办理过程还有 {last} 行")
NO_LINE = Sentence("办件 {case} 办到第 {version} 行，办理过程的最后一行是第 {last} 行")
MOST_TOLD = 10_000  # journals without their case or their last line, in one report


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What was noted of the chain outside of the database at some time."""

    sequence: int
    chain: str


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One thing that is not what it was. `block`: its number; `trouble`: the line, None when the seal itself is not right."""

    block: int | None
    said: Sentence
    trouble: Trouble | None = None

    @property
    def text(self) -> str:
        """What is wrong, in Chinese."""
        return str(self.said)


@dataclass(kw_only=True)
class AuditReport:
    """What verifying found. `blocks`: links gone through; `read`: blocks whose lines were read; `last`: the one read last."""

    blocks: int = 0
    read: int = 0
    lines: int = 0
    unsealed: int = 0
    keyed: int = 0
    last: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def verify_audit(
    office: Office,
    *,
    since: date | None = None,
    until: date | None = None,
    anchors: Sequence[Anchor] = (),
    after: int = 0,
    most: int | None = None,
    most_lines: int | None = None,
) -> AuditReport:
    """Go through the chain, and through the lines of blocks sealed from one day to another (both included; None: all).

    `after` and `most`: only so many blocks behind this one are read, round the chain, and no further one when `most_lines` were.
    Refused: SETTING_INVALID, SM3_MISSING.
    """
    key = audit_key(office)
    with office.reading() as records:
        report, blocks = AuditReport(last=after), tuple(_blocks(records))
        report.blocks = len(blocks)
        report.wrong += _broken_links(blocks, key)
        report.wrong += _broken_anchors({one.sequence: one.chain for one in blocks}, anchors)
        report.keyed = sum(one.mac is not None for one in blocks)
        wanted = [one for one in blocks if _sealed_within(one, since, until)]
        turned = [one for one in wanted if one.sequence > after] + [one for one in wanted if one.sequence <= after]
        for block in turned[:most]:
            if most_lines is not None and report.lines >= most_lines:
                break
            pieces = records.audits.pieces(block.sequence)
            report.wrong += _broken_block(block, pieces)
            report.wrong += _broken_lines(records, block, pieces)
            report.read, report.lines, report.last = report.read + 1, report.lines + block.lines, block.sequence
        if since is None and until is None:
            report.wrong += _journals_off(records)
        ends = records.audits.unsealed_cases(MOST_TOLD)
        tails = records.audits.journal_lines({one: (last, None) for one, last in [*ends.items()][:200]})
        report.unsealed = sum(map(len, tails.values()))
        report.unsealed += len(records.audits.ledger_lines(records.audits.last_of(LEDGER)))
    return report


def blocks_within(records: Records, since: date | None, until: date | None) -> tuple[BlockRow, ...]:
    """Blocks sealed from one day to another, both included; None: all."""
    return tuple(one for one in _blocks(records) if _sealed_within(one, since, until))


def words_of(trouble: Trouble) -> Sentence:
    """A line that is not what was sealed, in a sentence."""
    own = trouble.stream == LEDGER
    where = filled(LEDGER_LINE if own else JOURNAL_LINE, number=trouble.number, case=trouble.stream)
    return filled(WHAT[trouble.kind], where=where, origin=trouble.origin)


def _blocks(records: Records) -> Iterator[BlockRow]:
    after = -(2**31)
    while rows := records.audits.blocks(after=after):
        yield from rows
        after = rows[-1].sequence


def _sealed_within(block: BlockRow, since: date | None, until: date | None) -> bool:
    day = block.sealed_at.astimezone(SHANGHAI).date()
    return (since is None or day >= since) and (until is None or day <= until)


def _broken_links(blocks: Sequence[BlockRow], key: bytes | None) -> Iterator[Wrong]:
    previous, expected = NOTHING_BEFORE, 1
    for block in blocks:
        if block.sequence != expected:
            yield Wrong(block=block.sequence, said=filled(GAP, block=block.sequence))
        right = link(block.previous, block.sequence, block.sealed_at.isoformat(), block.lines, block.pieces)
        if block.previous != previous or block.chain != right:
            yield Wrong(block=block.sequence, said=filled(UNLINKED, block=block.sequence))
        elif key is not None and block.mac is not None and block.mac != seal_mac(key, block.chain):
            yield Wrong(block=block.sequence, said=filled(UNSEALED, block=block.sequence))
        previous, expected = block.chain, block.sequence + 1


def _broken_anchors(chains: Mapping[int, str], anchors: Sequence[Anchor]) -> Iterator[Wrong]:
    for anchor in anchors:
        if chains.get(anchor.sequence) != anchor.chain:
            what = OFF_ANCHOR if anchor.sequence in chains else NO_BLOCK
            yield Wrong(block=anchor.sequence, said=filled(what, block=anchor.sequence))


def _broken_block(block: BlockRow, pieces: Sequence[PieceRow]) -> Iterator[Wrong]:
    lines = sum(len(unpacked(one.entries)) for one in pieces)
    hashed = block_hash(piece_line(one.stream, one.after, one.last, one.entries) for one in pieces)
    if lines != block.lines or hashed != block.pieces:
        yield Wrong(block=block.sequence, said=filled(UNLISTED, block=block.sequence))


def _broken_lines(records: Records, block: BlockRow, pieces: Sequence[PieceRow]) -> Iterator[Wrong]:
    bounds = {one.stream: (one.after or None, one.last) for one in pieces}
    cases = {stream: UUID(stream) for stream in bounds if CASE.fullmatch(stream)}
    journals = records.audits.journal_lines({case_id: bounds[stream] for stream, case_id in cases.items()})
    for piece in pieces:
        lines: Sequence[Mapping[str, Any]] = ()  # a stream that cannot be: the block has told of it
        if piece.stream == LEDGER:
            lines = records.audits.ledger_lines(*bounds[LEDGER])
        elif piece.stream in cases:
            lines = journals[cases[piece.stream]]
        for trouble in compared(piece.stream, unpacked(piece.entries), entries(piece.stream, lines)):
            yield Wrong(block=block.sequence, said=words_of(trouble), trouble=trouble)


def _journals_off(records: Records) -> Iterator[Wrong]:
    for case_id, version, last in records.audits.journals_off(MOST_TOLD):
        if version is None:
            yield Wrong(block=None, said=filled(NO_CASE, case=case_id, last=last))
        else:
            yield Wrong(block=None, said=filled(NO_LINE, case=case_id, version=version, last=last))
