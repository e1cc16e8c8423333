"""What must be true after the acts campaign, asked of the tables in plain SQL: nothing of `service` is imported."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, create_engine, text

WAYS = {  # what each way must have handed out, whatever was killed
    "grant": {"W01", "W02", "W13", "W14", "W18"},
    "refuse": {"W01", "W02", "W13", "W15"},
    "reject": {"W01", "W03"},
}
TOLD = {"grant": {"M01", "M02", "M20"}, "refuse": {"M01", "M02", "M16", "M20"}, "reject": {"M01", "M05"}}


def check(url: str, ledger: Any) -> tuple[dict[str, int], list[str]]:
    """Figures, and what does not hold."""
    engine = create_engine(url)
    with engine.connect() as line:
        figures, faults = _counted(line, ledger)
    engine.dispose()
    return figures, faults


def _counted(line: Connection, ledger: Any) -> tuple[dict[str, int], list[str]]:
    faults: list[str] = []
    figures: dict[str, int] = {}
    ways = {case.hex: way for case, way in ledger.cases.items()}

    left = _rows(line, "SELECT kind, error FROM agenda WHERE kind IN ('act', 'action', 'outbox') AND retries = 0")
    faults += [f"given up: {row.kind} {row.error}" for row in left]
    waiting = _rows(line, "SELECT kind, detail, error FROM agenda WHERE kind IN ('act', 'action')")
    faults += [f"still to be done: {row.kind} {row.detail} {row.error}" for row in waiting]
    open_cases = _rows(line, "SELECT id FROM cases WHERE ended_at IS NULL")
    faults += [f"not at its end: {_hex(row.id)}" for row in open_cases if _hex(row.id) in ways]

    # numbers: every series from 1 to its last, none twice, none left out
    for row in _rows(
        line,
        "SELECT series, count(*) AS n, min(serial) AS low, max(serial) AS high, count(DISTINCT serial) AS d "
        "FROM document WHERE serial IS NOT NULL GROUP BY series",
    ):
        figures["series"] = figures.get("series", 0) + 1
        if not row.n == row.d == row.high or row.low != 1:
            faults.append(f"series {row.series}: {row.n} documents, {row.d} numbers, {row.low}–{row.high}")
        last = _rows(line, "SELECT last FROM number_series WHERE name = :name", name=row.series)
        if last and last[0].last != row.high:
            faults.append(f"series {row.series}: counted to {last[0].last}, used to {row.high}")
    for table, column in (
        ("document", "number"),
        ("bill", "number"),
        ("certificate", "number"),
        ("acceptance", "number"),
    ):
        twice = _rows(
            line, f"SELECT {column} AS v FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
        )
        faults += [f"{table}.{column} twice: {row.v}" for row in twice]

    # documents: each asked for once, each printed
    made: dict[str, Counter[str]] = {}
    for row in _rows(line, "SELECT case_id, code, state, hash, digest FROM document WHERE case_id IS NOT NULL"):
        made.setdefault(_hex(row.case_id), Counter())[row.code] += 1
        figures["documents"] = figures.get("documents", 0) + 1
        if row.state == "ISSUED" and not (row.hash and row.digest):
            faults.append(f"not printed: {row.code} of {_hex(row.case_id)}")
    for case, way in ways.items():
        found = made.get(case, Counter())
        for code in WAYS[way]:
            if found[code] != 1:
                faults.append(f"{way} {case}: {found[code]} times {code}")

    # money: one bill for a granted case, paid once
    bills = _rows(line, "SELECT id, number, case_id, state, total FROM bill")
    per_case = Counter(_hex(row.case_id) for row in bills)
    figures["bills"] = len(bills)
    for case, way in ways.items():
        if per_case[case] != (1 if way == "grant" else 0):
            faults.append(f"{way} {case}: {per_case[case]} bills")
    paid = Counter(_hex(row.bill_id) for row in _rows(line, "SELECT bill_id FROM payment WHERE bill_id IS NOT NULL"))
    figures["payments"] = sum(paid.values())
    for row in bills:
        if row.state != "PAID" or paid[_hex(row.id)] != 1:
            faults.append(f"bill {row.number}: {row.state}, {paid[_hex(row.id)]} payments")
        if row.number not in ledger.orders:
            faults.append(f"bill {row.number}: no order at the bank")
    if {row.number for row in bills} != set(ledger.orders):
        faults.append(f"the bank has {len(ledger.orders)} orders for {len(bills)} bills")

    # messages: none lost, none twice in the box of its reader, what went out has arrived on the other side
    sent = Counter(number for number, _ in ledger.texts) + Counter(address for address, _ in ledger.mail)
    figures["texts"], figures["letters"] = len(ledger.texts), len(ledger.mail)
    said: dict[str, Counter[str]] = {}
    outside = 0
    for row in _rows(
        line, "SELECT event_id, code, audience, channel, box, state, case_id, digest_id, reference FROM message"
    ):
        figures["messages"] = figures.get("messages", 0) + 1
        if row.state == "QUEUED":
            faults.append(f"never sent: {row.code} by {row.channel}")
        if row.channel in ("SMS", "EMAIL") and row.digest_id is None:
            outside += 1
            if row.state not in ("SENT", "DELIVERED") or (row.channel == "SMS" and not row.reference):
                faults.append(f"not taken over: {row.code} by {row.channel}, {row.state}")
        if row.case_id is not None and row.audience == "APPLICANT":
            said.setdefault(_hex(row.case_id), Counter())[row.code] += 1
    twice = _rows(
        line,
        "SELECT event_id, box, channel, count(*) AS n FROM message WHERE box IS NOT NULL "
        "GROUP BY event_id, box, channel HAVING count(*) > 1",
    )
    faults += [f"told twice: {row.box} by {row.channel}" for row in twice]
    for case, way in ways.items():
        for code in TOLD[way]:
            if not said.get(case, Counter())[code]:
                faults.append(f"{way} {case}: never told {code}")
    if sum(sent.values()) < outside:
        faults.append(f"{outside} messages taken over but {sum(sent.values())} arrived")
    figures["repeats"] = sum(sent.values()) - outside

    # archive: one sealed package a case, the chain without a gap
    packages = _rows(line, "SELECT case_id, part, sequence, previous, chain FROM archive_package ORDER BY sequence")
    figures["packages"] = len(packages)
    first = Counter(_hex(row.case_id) for row in packages if row.part == 0)
    faults += [f"{way} {case}: {first[case]} packages" for case, way in ways.items() if first[case] != 1]
    for before, row in zip([None, *packages], packages, strict=False):
        if row.sequence != (before.sequence + 1 if before is not None else 1):
            faults.append(f"package {row.sequence} follows {before and before.sequence}")
        if before is not None and row.previous != before.chain:
            faults.append(f"package {row.sequence} is not chained to the one before")
    return figures, faults


def _rows(line: Connection, statement: str, **values: Any) -> list[Any]:
    return list(line.execute(text(statement), values))


def _hex(value: Any) -> str:
    """An id in 32 digits, however the database keeps it."""
    return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")
