"""Anchors: what the chain came to, noted where the database's owner cannot write, so that its newest blocks cannot go unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import structlog

from service.casework.audit.verifying import Anchor
from service.casework.office import Office
from service.rules.refusals import Invalid

FILE = "LIANBAN_AUDIT_ANCHORS"
log = structlog.get_logger("lianban.audit")


def note_anchor(office: Office) -> Anchor | None:
    """Say the newest chain value in the log and, when LIANBAN_AUDIT_ANCHORS names a file, at its end. None: nothing is sealed."""
    with office.reading() as records:
        block = records.audits.last_block()
    if block is None:
        return None
    log.info("audit-anchor", sequence=block.sequence, chain=block.chain, mac=block.mac)
    path = office.environment.get(FILE, "").strip()
    if path:
        with open(path, "a", encoding="ascii") as anchors:
            anchors.write(f"{block.sealed_at.isoformat()} {block.sequence} {block.chain}\n")
    return Anchor(sequence=block.sequence, chain=block.chain)


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Anchors of such a file. Refused: Invalid AUDIT_ANCHORS_UNREADABLE with the line."""
    return tuple(_anchors(path))


def _anchors(path: Path) -> Iterator[Anchor]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as failure:
        raise Invalid("AUDIT_ANCHORS_UNREADABLE", "锚点文件 {file} 不能读取。", file=str(path)) from failure
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if len(parts) != 3 or not parts[1].isdigit() or len(parts[2]) != 64:
            raise Invalid(
                "AUDIT_ANCHORS_UNREADABLE", "锚点文件 {file} 第 {line} 行不能读取。", file=str(path), line=number
            )
        yield Anchor(sequence=int(parts[1]), chain=parts[2])
