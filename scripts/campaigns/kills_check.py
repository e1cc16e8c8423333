"""What the kills campaign asks of the tables and of the archive in the end, beside the crash campaign's audit."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import text

from scripts.campaigns.acts_check import Books
from service.casework.office import Office


def nothing_twice(office: Office, ended: Iterable[UUID]) -> tuple[dict[str, int], list[str]]:
    """Numbers, documents, bills, messages and packages of items that were turned away: each once, none lost. Figures, faults."""
    ledger = SimpleNamespace(cases=dict.fromkeys(ended, "reject"), orders={}, notices=0)
    with office.database.engine.connect() as line:
        books = Books(line, ledger)
        for look in (books.ends, books.numbers, books.documents, books.money, books.archive):
            look()
        return books.figures, books.faults + told_twice(books)


def told_twice(books: Books) -> list[str]:
    """Messages of one event, reader and channel that are there more than once, and items whose applicant was told nothing."""
    twice = books.rows(
        "SELECT event_id, box, channel FROM message WHERE box IS NOT NULL GROUP BY event_id, box, channel HAVING count(*) > 1"
    )
    rows = books.rows("SELECT case_id, code FROM message WHERE case_id IS NOT NULL AND audience = 'APPLICANT'")
    told = Counter((_hex(row.case_id), row.code) for row in rows)
    books.figures["messages"] = len(rows)
    return [f"told twice: {row.box} by {row.channel}" for row in twice] + [
        f"{case}: never told {code}" for case in books.ways for code in ("M01", "M05") if not told[case, code]
    ]


def packages_hold_the_journal(office: Office) -> list[str]:
    """Every package is opened as a plain ZIP; its lines are the lines of the case's journal, in order, none missing."""
    faults = []
    with office.reading() as records:
        rows = records.execute(
            text("SELECT case_id, part, digest, holds FROM archive_package ORDER BY case_id, part")
        ).all()
        journal: dict[str, dict[int, str]] = {}
        for row in records.execute(text("SELECT case_id, line, action FROM journal")).all():
            journal.setdefault(_hex(row.case_id), {})[int(row.line)] = str(row.action)
    packed: dict[str, dict[int, str]] = {}
    most: dict[str, int] = {}
    for row in rows:
        case = _hex(row.case_id)
        most[case] = max(most.get(case, 0), int(row.holds))
        with office.blobs.open(row.digest) as source, zipfile.ZipFile(source) as package:
            for name in package.namelist():
                if name.startswith("journal/"):
                    lines = json.loads(package.read(name))["lines"]
                    packed.setdefault(case, {}).update({int(one["line"]): str(one["action"]) for one in lines})
    for case, held in most.items():
        wanted = {line: action for line, action in journal.get(case, {}).items() if line <= held}
        if packed.get(case, {}) != wanted:
            faults.append(f"{case}: {len(packed.get(case, {}))} lines in its packages, {len(wanted)} in its journal")
    return faults


def _hex(value: Any) -> str:
    """An id in 32 digits, however the database keeps it."""
    return value.hex() if isinstance(value, bytes) else str(value).replace("-", "")
