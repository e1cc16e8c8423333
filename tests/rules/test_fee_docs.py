"""What docs/fees.md shows can be read and is complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.rules.fee_standards import read_formula, read_standard
from service.rules.fees import check_standard
from service.rules.payments import BillState

PAGE = (Path(__file__).resolve().parents[2] / "docs/fees.md").read_text("utf-8")


def test_the_standard_on_the_page_is_one():
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.S)
    check_standard(read_standard(json.loads(block)), licence=True)


@pytest.mark.parametrize(
    "row", re.findall(r"^\| ([A-Z_]+) \|.*\| `(\{.*\})` \|$", PAGE, flags=re.M), ids=lambda r: r[0]
)
def test_every_kind_has_an_example(row):
    kind, params = row
    assert read_formula(kind, json.loads(params)).kind == kind


def test_the_drawing_has_every_state():
    drawn = re.search(r"## States\n```\n(.*?)```", PAGE, flags=re.S).group(1)
    assert {state for state in BillState if state not in drawn} == set()
    assert len(re.findall(r"^\| [A-Z_]+ \|", PAGE, flags=re.M)) == 5
