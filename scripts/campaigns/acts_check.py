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
        books = Books(line, ledger)
        for look in (books.ends, books.numbers, books.documents, books.money, books.messages, books.archive):
            look()
    engine.dispose()
    return books.figures, books.faults


class Books:
    """The tables on one side, what was done and arrived on the other."""

    def __init__(self, line: Connection, ledger: Any) -> None:
        self.line, self.ledger = line, ledger
        self.ways = {case.hex: way for case, way in ledger.cases.items()}
        self.figures: dict[str, int] = {}
        self.faults: list[str] = []

    def ends(self) -> None:
        """Every case is at its end, nothing was given up, nothing is left to be done."""
        left = self.rows("SELECT kind, detail, error FROM agenda WHERE kind IN ('act', 'action', 'outbox')")
        self.faults += [f"still to be done: {row.kind} {row.detail} {row.error}" for row in left]
        running = self.rows("SELECT id FROM cases WHERE ended_at IS NULL")
        self.faults += [f"not at its end: {_hex(row.id)}" for row in running if _hex(row.id) in self.ways]

    def numbers(self) -> None:
        """Every series runs from 1 to its last, none twice, none left out."""
        series = self.rows(
            "SELECT series, count(*) AS n, min(serial) AS low, max(serial) AS high, count(DISTINCT serial) AS d "
            "FROM document WHERE serial IS NOT NULL GROUP BY series"
        )
        self.figures["series"] = len(series)
        for row in series:
            if not row.n == row.d == row.high or row.low != 1:
                self.faults.append(f"series {row.series}: {row.n} documents, {row.d} numbers, {row.low}–{row.high}")
            last = self.rows("SELECT last FROM number_series WHERE name = :name", name=row.series)
            if last and last[0].last != row.high:
                self.faults.append(f"series {row.series}: counted to {last[0].last}, used to {row.high}")
        for table in ("document", "bill", "certificate", "acceptance"):
            twice = self.rows(
                f"SELECT number AS v FROM {table} WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1"
            )
            self.faults += [f"{table} number twice: {row.v}" for row in twice]
        day = self.rows("SELECT number FROM bill ORDER BY number")
        expected = [f"{row.number[:10]}{n:05d}" for n, row in enumerate(day, 1)]
        if [row.number[:15] for row in day] != expected and len({row.number[:10] for row in day}) == 1:
            self.faults.append(f"bills are not numbered without gaps: {[row.number for row in day]}")

    def documents(self) -> None:
        """Each asked for once, made once, printed."""
        made: dict[str, Counter[str]] = {}
        for row in self.rows("SELECT case_id, code, state, hash, digest FROM document WHERE case_id IS NOT NULL"):
            made.setdefault(_hex(row.case_id), Counter())[row.code] += 1
            self.figures["documents"] = self.figures.get("documents", 0) + 1
            if row.state != "ISSUED" or not (row.hash and row.digest):
                self.faults.append(f"{row.state}, not printed: {row.code} of {_hex(row.case_id)}")
        for case, way in self.ways.items():
            found = made.get(case, Counter())
            self.faults += [f"{way} {case}: {found[code]} times {code}" for code in WAYS[way] if found[code] != 1]
            for other in {"W14", "W15", "W03"} - WAYS[way]:
                if found[other]:
                    self.faults.append(f"{way} {case}: {other} was made")

    def money(self) -> None:
        """One bill for a granted case, ordered once, paid once."""
        bills = self.rows("SELECT id, number, case_id, state, total FROM bill")
        each = Counter(_hex(row.case_id) for row in bills)
        for case, way in self.ways.items():
            if each[case] != (1 if way == "grant" else 0):
                self.faults.append(f"{way} {case}: {each[case]} bills")
        paid = Counter(_hex(row.bill_id) for row in self.rows("SELECT bill_id FROM payment WHERE bill_id IS NOT NULL"))
        for row in bills:
            if row.state != "PAID" or paid[_hex(row.id)] != 1:
                self.faults.append(f"bill {row.number}: {row.state}, {paid[_hex(row.id)]} payments")
        if {row.number for row in bills} != set(self.ledger.orders):
            self.faults.append(f"the bank has {len(self.ledger.orders)} orders for {len(bills)} bills")
        self.figures |= {"bills": len(bills), "payments": sum(paid.values()), "notices": self.ledger.notices}

    def messages(self) -> None:
        """None lost, none twice in the box of its reader; what was taken over has arrived on the other side."""
        rows = self.rows("SELECT code, audience, channel, state, text, case_id, digest_id, reference FROM message")
        said: dict[str, Counter[str]] = {}
        outside: Counter[str] = Counter()
        for row in rows:
            if row.state == "QUEUED" and row.digest_id is None:
                self.faults.append(f"never sent: {row.code} by {row.channel}")
            if row.channel in ("SMS", "EMAIL") and row.digest_id is None:
                outside[row.text] += 1
                if row.state not in ("SENT", "DELIVERED"):
                    self.faults.append(f"not taken over: {row.code} by {row.channel}, {row.state}")
            if row.case_id is not None and row.audience == "APPLICANT":
                said.setdefault(_hex(row.case_id), Counter())[row.code] += 1
        twice = self.rows(
            "SELECT event_id, box, channel FROM message WHERE box IS NOT NULL "
            "GROUP BY event_id, box, channel HAVING count(*) > 1"
        )
        self.faults += [f"told twice: {row.box} by {row.channel}" for row in twice]
        for case, way in self.ways.items():
            self.faults += [
                f"{way} {case}: never told {code}" for code in TOLD[way] if not said.get(case, Counter())[code]
            ]
        arrived = Counter(said for _, said in (*self.ledger.texts, *self.ledger.mail))
        lost = outside - arrived
        self.faults += [f"taken over but never arrived: {many} × {what}" for what, many in lost.items()]
        self.figures |= {
            "messages": len(rows),
            "texts": len(self.ledger.texts),
            "letters": len(self.ledger.mail),
            "arrived again": sum((arrived - outside).values()),
        }

    def archive(self) -> None:
        """One sealed package a case, the chain without a gap or a fork."""
        packages = self.rows("SELECT case_id, part, sequence, previous, chain FROM archive_package ORDER BY sequence")
        self.figures["packages"] = len(packages)
        first = Counter(_hex(row.case_id) for row in packages if row.part == 0)
        self.faults += [f"{way} {case}: {first[case]} packages" for case, way in self.ways.items() if first[case] != 1]
        before: Any = None
        for row in packages:
            if row.sequence != (before.sequence + 1 if before is not None else 1):
                self.faults.append(f"package {row.sequence} follows {before and before.sequence}")
            if before is not None and row.previous != before.chain:
                self.faults.append(f"package {row.sequence} is not chained to the one before")
            before = row

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What the database answers."""
        return list(self.line.execute(text(statement), values))


def _hex(value: Any) -> str:
    """An id in 32 digits, however the database keeps it."""
    return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")
