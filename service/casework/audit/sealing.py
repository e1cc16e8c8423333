"""Sealing: what was written since the last block, in the ledger and in the journals, becomes the next one.

A journal needs no lock: its lines are written under the lock of the case, so what can be read of it is all there is up to some
line. Numbers of the ledger are given before they are committed; it is held while its lines are read.
"""

from __future__ import annotations

from service.casework.audit.lines import LEDGER, entries
from service.casework.office import Office
from service.casework.seal_keys import audit_key
from service.documents.audited import NOTHING_BEFORE, block_hash, link, packed, piece_line, seal_mac
from service.store.audits import BlockRow, PieceRow
from service.store.records import Records

MOST_CASES = 200  # of one block
MOST_LINES = 5_000  # of the ledger, in one block


def seal_audit(office: Office) -> int:
    """Seal everything written so far, one block a transaction; how many lines. Refused: SETTING_INVALID, SM3_MISSING."""
    key, lines = audit_key(office), 0
    while added := office.attempt(lambda: _next_block(office, key)):
        lines += added
    return lines


def _next_block(office: Office, key: bytes | None) -> int:
    with office.transaction() as records:
        return seal_block(records, key)


def seal_block(records: Records, key: bytes | None) -> int:
    """The next block within a transaction; how many lines it holds, 0: there was nothing to seal."""
    audits = records.audits
    audits.hold_blocks()
    heads = audits.unsealed_cases(MOST_CASES)
    journals = audits.journal_lines({case_id: (last, None) for case_id, last in heads.items()})
    found = [(str(case_id), heads[case_id], entries(str(case_id), lines)) for case_id, lines in journals.items()]
    audits.hold_ledger()
    last = audits.last_of(LEDGER)
    found.append((LEDGER, last, entries(LEDGER, audits.ledger_lines(last, limit=MOST_LINES))))
    whole = [(stream, after, listed) for stream, after, listed in found if listed]
    if not whole:
        return 0
    before = audits.last_block()
    sequence = before.sequence + 1 if before is not None else 1
    pieces = [
        PieceRow(sequence=sequence, stream=stream, after=after, last=listed[-1][0], entries=packed(listed))
        for stream, after, listed in whole
    ]
    lines = sum(len(listed) for _, _, listed in whole)
    hashed = block_hash(piece_line(one.stream, one.after, one.last, one.entries) for one in pieces)
    previous = before.chain if before is not None else NOTHING_BEFORE
    chain = link(previous, sequence, records.now.isoformat(), lines, hashed)
    mac = seal_mac(key, chain) if key is not None else None
    block = BlockRow(
        sequence=sequence,
        sealed_at=records.now,
        lines=lines,
        pieces=hashed,
        previous=previous,
        chain=chain,
        mac=mac,
    )
    audits.add(block, pieces)
    return lines
