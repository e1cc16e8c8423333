"""Clocks of a case as the table has them, made by hand: every argument has a default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from service.casework.office import Office
from service.store.clocks import ClockRow
from tests.rules.conftest import at

EXPERT: Mapping[str, Any] = {
    "kind": "EXPERT",
    "after": "2026-03-20",
    "through": "2026-04-17",
    "began_at": "2026-03-20T15:00:00+08:00",
    "ended_at": "2026-04-17T10:00:00+08:00",
    "basis": "《行政许可法》第四十五条",
    "approved_by": "chengang",
    "notice": "特告〔2026〕3号",
    "expected_days": 20,
}


def row(
    case_id: UUID,
    kind: str = "CASE",
    amount: int = 7,
    *,
    unit: str = "WORKDAY",
    started: str = "2026-03-16T10:02",
    stopped: str | None = None,
    pauses: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> ClockRow:
    """One clock; a promise of seven working days from the Monday the tests begin on."""
    values: dict[str, Any] = {
        "scope_id": None,
        "name": kind,
        "process": "p",
        "light": "done" if stopped else "green",
        "state": "STOPPED" if stopped else "RUNNING",
        **more,
    }
    return ClockRow(
        id=uuid4(),
        case_id=case_id,
        kind=kind,
        unit=unit,
        amount=amount,
        started_at=at(started),
        pauses=list(pauses),
        stopped_at=at(stopped) if stopped else None,
        **values,
    )


def put(office: Office, *rows: ClockRow) -> tuple[ClockRow, ...]:
    """Write clocks."""
    with office.transaction() as records:
        records.clocks.put(rows)
    return rows
