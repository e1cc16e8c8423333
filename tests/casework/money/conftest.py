"""Bills are tried on diagrams of a few nodes, as clocks are."""

from __future__ import annotations

import pytest

from service.engine.lint.rules import families
from tests.casework.clocks.conftest import SMALL


@pytest.fixture(autouse=True)
def small_procedures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deploy an item without four lanes, forms and ladders."""
    kept = tuple(one for one in families.FAMILIES if one.__name__ in SMALL)
    monkeypatch.setattr(families, "FAMILIES", kept)
    monkeypatch.setattr(families, "check_limits", lambda *given, **more: None)
    monkeypatch.setattr(families, "check_names", lambda *given, **more: None)
