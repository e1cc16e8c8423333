"""Every record that bears a seal, verified: decisions and opinions, clocks, grants (等保 E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from service.casework.office import Office
from service.store.sealed_rows import wrong_rows
from service.store.seals import TABLES, RecordTampered

NIGHTLY = ("person_role", "signer", "clock")  # journals are read with the blocks of the chain
MOST_TOLD = 10_000


@dataclass(kw_only=True)
class RecordReport:
    """What was found. `rows`: by table; `keys`: rows by the id of the key their seal says (empty: none)."""

    rows: dict[str, int] = field(default_factory=dict)
    keys: Counter[str] = field(default_factory=Counter)
    wrong: list[RecordTampered] = field(default_factory=list)


def verify_records(office: Office, tables: Collection[str] = tuple(TABLES)) -> RecordReport:
    """Go through every row of the tables; of what is wrong, 10,000 are told at most."""
    report = RecordReport()
    with office.reading() as records:
        for table in tables:
            before = report.keys.total()
            for one in wrong_rows(records, table, report.keys):
                if len(report.wrong) < MOST_TOLD:
                    report.wrong.append(one)
            report.rows[table] = report.keys.total() - before
    return report
