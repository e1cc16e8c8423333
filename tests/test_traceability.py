"""docs/traceability.csv tells for every requirement of the domain how far it is and which tests prove it."""

from __future__ import annotations

import ast
import csv
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REQUIREMENTS = (ROOT / "docs" / "requirements.txt").read_text("utf-8").split()
with (ROOT / "docs" / "traceability.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CLAIMED = [(row["id"], test) for row in ROWS for test in row["tests"].split()]


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the tests in a file, those in classes as `Class::test`."""
    found = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def test_every_requirement_has_one_row():
    assert [row["id"] for row in ROWS] == REQUIREMENTS
    assert len(set(REQUIREMENTS)) == 203


def test_what_is_done_or_begun_names_its_tests_and_what_is_later_names_none():
    assert {row["state"] for row in ROWS} <= {"done", "partly", "later"}
    for row in ROWS:
        assert bool(row["tests"]) == (row["state"] != "later"), row["id"]


@pytest.mark.parametrize(("requirement", "test"), CLAIMED, ids=[f"{r}-{t.rpartition('::')[2]}" for r, t in CLAIMED])
def test_every_named_test_exists(requirement, test):
    path, _, name = test.partition("::")
    assert (ROOT / path).is_file(), f"{requirement} names {path}, which is not there"
    assert name in names_in(path), f"{requirement} names {name}, which {path} does not hold"
