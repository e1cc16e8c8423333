"""The page of supported elements tells what the suite plays."""

from __future__ import annotations

from pathlib import Path

from service.engine.lint.catalog import RULES
from tests.bpmn.cases import ROOT, all_cases
from tests.bpmn.table import REFUSED, rows

PAGE = (Path(__file__).parents[2] / "docs" / "bpmn.md").read_text("utf-8")


def test_every_feature_of_the_suite_is_on_the_page() -> None:
    assert sorted(feature for feature in rows() if f"| {feature} |" not in PAGE) == []


def test_what_the_page_names_exists() -> None:
    shown = {
        part for line in PAGE.splitlines() if line.startswith("|") for part in line.split("`")[1::2] if "/" in part
    }
    assert {one for one in shown if not one.startswith("tests/")} <= {
        str(path.relative_to(ROOT).with_suffix("")) for path in ROOT.glob("*/*.bpmn")
    }
    assert all(code in RULES for _, codes in REFUSED for code in codes.split(", "))


def test_the_suite_is_as_large_as_promised() -> None:
    assert len(all_cases()) >= 250
