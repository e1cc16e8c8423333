"""Clocks are tried on diagrams of a few nodes: the rules for whole procedures (BV-nn) have their own tests."""

from __future__ import annotations

import pytest

from service.engine.lint.rules import families


@pytest.fixture(autouse=True)
def small_procedures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deploy an item without four lanes, forms and ladders."""
    kept = tuple(one for one in families.FAMILIES if one.__name__ in SMALL)
    monkeypatch.setattr(families, "FAMILIES", kept)
    monkeypatch.setattr(families, "check_limits", lambda *given, **more: None)


SMALL = {"check_elements", "check_references", "check_events", "check_structure", "check_expressions", "check_timers"}
