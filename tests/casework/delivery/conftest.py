"""Delivery is tried on small diagrams, with the messages it asks for noted instead of sent."""

from __future__ import annotations

import pytest

from service.casework.act_book import ACTS
from service.casework.acts.request import Request
from service.casework.delivery import guards, handing_out
from service.casework.office import Office
from tests.casework.clocks.conftest import small_procedures
from tests.casework.delivery.results import CAST, CODE, deploy_issuing
from tests.casework.desk import hire

__all__ = ["small_procedures"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """Messages that were asked for."""
    found: list[tuple[str, dict]] = []

    def note(office: object, records: object, file: object, request: Request) -> None:
        found.append((request.inputs["sms"], dict(request.values)))

    monkeypatch.setitem(ACTS, "message", note)
    return found


@pytest.fixture
def window(any_office: Office, told: list, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with its cast, a code that is known, and nothing owed."""
    hire(any_office, CAST)
    deploy_issuing(any_office)
    monkeypatch.setattr(guards, "require_settled", lambda *_: None)
    monkeypatch.setattr(handing_out, "code_of", lambda office, records, row: CODE.__eq__)
    return any_office
