"""The state of the audit chain as its administrator sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.actors import Actor
from service.casework.audit.verifying import AuditReport, verify_audit
from service.casework.office import Office
from service.casework.staff.rights import require_ledger_reader
from service.rules.vocabulary import LedgerAction
from service.store.audits import BlockRow

MOST_BLOCKS = 400  # whose lines are read for one look; the command reads all


@dataclass(frozen=True, kw_only=True)
class ChainPage:
    """The newest block, what the last nightly check told, and, when it was asked for, what verifying told just now."""

    newest: BlockRow | None
    checked: Mapping[str, Any] | None
    report: AuditReport | None
    whole: bool  # every block that was asked for has been read


def chain_page(
    office: Office, actor: Actor, *, verify: bool = False, since: date | None = None, until: date | None = None
) -> ChainPage:
    """The chain, verified from one day to another when asked. Refused: Forbidden LEDGER_NOT_YOURS."""
    require_ledger_reader(actor)
    with office.reading() as records:
        newest = records.audits.last_block()
        line = next(iter(records.ledger.lines(LedgerAction.ARCHIVE_CHECKED, 1)), None)
    checked = {"at": line.written_at, **(line.detail or {})} if line is not None else None
    report = verify_audit(office, since=since, until=until, most=MOST_BLOCKS) if verify else None
    return ChainPage(newest=newest, checked=checked, report=report, whole=report is None or report.read < MOST_BLOCKS)
