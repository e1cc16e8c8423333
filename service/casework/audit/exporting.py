"""An export of the sealed audit trail that proves itself: lines, blocks with their fingerprints, and the program that compares them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.audit.lines import LEDGER, numbered
from service.casework.audit.verifying import blocks_within
from service.casework.office import Office
from service.casework.staff.rights import require_ledger_reader
from service.documents.audited import BLOCKS, LINES, UNREADABLE, chain, verify_export
from service.rules.refusals import refuse
from service.rules.vocabulary import LedgerAction
from service.store.audits import BlockRow, PieceRow
from service.store.records import Records

__all__ = ["UNREADABLE", "export_audit", "export_for", "verify_export"]

LONGEST_REASON = 200


def export_for(
    office: Office, actor: Actor, target: IO[bytes], *, reason: str, since: date | None, until: date | None
) -> int:
    """The same for the audit administrator, who says what for (LW-11); a line of the ledger keeps it.

    Refused: Forbidden LEDGER_NOT_YOURS; Invalid REASON_REQUIRED.
    """
    require_ledger_reader(actor)
    reason = " ".join(reason.split())
    if not 2 <= len(reason) <= LONGEST_REASON:
        raise refuse("reason", "REASON_REQUIRED", "请填写用途，2 到 {most} 个字。", most=LONGEST_REASON)
    lines = export_audit(office, target, since=since, until=until)
    detail = {"reason": reason, "since": _day(since), "until": _day(until), "lines": lines}
    with office.transaction() as records:
        records.ledger.write(LedgerAction.AUDIT_EXPORTED, actor.username, "audit", detail)
    return lines


def export_audit(office: Office, target: IO[bytes], *, since: date | None = None, until: date | None = None) -> int:
    """Write the blocks sealed from one day to another (both included; None: all) with everything they hold; how many lines.

    Lines are written as they stand now: what was changed since it was sealed is found by who verifies the export.
    """
    lines = 0
    with office.reading() as records, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as export:
        blocks = blocks_within(records, since, until)
        export.writestr("verify.py", Path(chain.__file__).read_text(encoding="utf-8"))
        with export.open(LINES, "w", force_zip64=True) as out:
            for block in blocks:
                for row in _lines(records, records.audits.pieces(block.sequence)):
                    out.write(_row(row))
                    lines += 1
        with export.open(BLOCKS, "w", force_zip64=True) as out:
            for block in blocks:
                out.write(_row(_block(block, records.audits.pieces(block.sequence))))
    return lines


def _lines(records: Records, pieces: tuple[PieceRow, ...]) -> Iterator[dict[str, Any]]:
    bounds = {UUID(one.stream): (one.after or None, one.last) for one in pieces if one.stream != LEDGER}
    found = {str(case_id): lines for case_id, lines in records.audits.journal_lines(bounds).items()}
    for one in pieces:
        if one.stream == LEDGER:
            found[LEDGER] = records.audits.ledger_lines(one.after or None, one.last)
    for stream, lines in found.items():
        for line in lines:
            number, said = numbered(stream, line)
            yield {"stream": stream, "number": number, "says": said}


def _block(block: BlockRow, pieces: tuple[PieceRow, ...]) -> dict[str, Any]:
    return {
        "sequence": block.sequence,
        "sealed_at": block.sealed_at.isoformat(),
        "lines": block.lines,
        "pieces": block.pieces,
        "previous": block.previous,
        "chain": block.chain,
        "mac": block.mac,
        "holds": [
            {"stream": one.stream, "after": one.after, "last": one.last, "entries": one.entries.hex()} for one in pieces
        ],
    }


def _row(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "surrogatepass")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
