"""docs/security/asvs.csv answers every requirement of ASVS 5.0 up to level 2, and names tests that are there."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.test_traceability import names_in

ROOT = Path(__file__).parents[1]
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7}  # fmt: skip
with (ROOT / "docs" / "security" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def test_every_requirement_of_both_levels_has_one_row():
    assert len({row["clause"] for row in ROWS}) == len(ROWS) == 253
    assert Counter(int(row["clause"][1:].split(".")[0]) for row in ROWS) == CHAPTERS


def test_what_is_claimed_is_shown_and_what_is_not_says_why():
    assert {row["state"] for row in ROWS} <= {"done", "partly", "later", "none", "operator", "otherwise"}
    for row in ROWS:
        assert row["feature"], row["clause"]
        written = "docs/" in row["feature"]
        assert row["shown_by"] or written or row["state"] in {"later", "none", "operator"}, row["clause"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["shown_by"]], ids=lambda row: row["clause"])
def test_what_shows_it_is_there(row):
    path, _, name = row["shown_by"].partition("::")
    assert (ROOT / path).is_file(), path
    assert not name or name in names_in(path), name


def test_documents_that_are_named_are_there():
    named = {word.strip(",:;") for row in ROWS for word in row["feature"].split() if word.startswith("docs/")}
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []
