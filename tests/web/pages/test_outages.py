"""系统故障: declared by who may, refused beside the field, and every limit moves."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, find_actor, start_case
from tests.casework.clocks.conftest import small_procedures  # noqa: F401
from tests.casework.clocks.items import ITEM_BODY, clocks_of, do, due, item
from tests.casework.desk import deploy_text
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text

DOWN = {"down": "2026-03-17T13:30", "up": "2026-03-18T17:30", "reason": "机房断电"}


@pytest.fixture
def case_id(centre: Office, clock: Clock) -> UUID:
    """An accepted case with a promise of five working days, two days later."""
    deploy_text(centre, item(ITEM_BODY, limit="5wd"), key="item")
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    case = start_case(centre, clerk, key="item")
    do(centre, case.id, "Accept")
    clock.set("2026-03-19T09:00")
    return case.id


@pytest.fixture
def keeper(site: Flask) -> Visitor:
    """郭涛, system administrator."""
    return Visitor(site).sign_in("guotao")


def test_nobody_else_declares_an_outage(clerk: Visitor) -> None:
    assert "系统故障" not in text(clerk.get("/inbox"))
    assert clerk.get("/outages").status_code == 403
    assert clerk.post("/outages", DOWN).status_code == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [({"down": ""}, "down"), ({"up": "soon"}, "up"), ({"up": DOWN["down"]}, "up"), ({"reason": " "}, "reason")],
)
def test_what_is_wrong_stands_beside_its_field(
    keeper: Visitor, case_id: UUID, more: dict[str, str], field: str
) -> None:
    keeper.get("/outages")
    answer = keeper.post("/outages", {**DOWN, **more})
    assert answer.status_code == 422 and f'id="field-{field}-problem"' in answer.get_data(as_text=True)


def test_an_outage_moves_every_limit_and_is_listed(centre: Office, keeper: Visitor, case_id: UUID) -> None:
    assert due(clocks_of(centre, case_id)["CASE"]) == "2026-03-23 17:00"
    keeper.get("/outages")
    assert keeper.post("/outages", DOWN).status_code == 302
    page = text(keeper.get("/outages"))
    assert "项时限顺延" in page and "机房断电" in page and "已认定的故障（1）" in page
    assert due(clocks_of(centre, case_id)["CASE"]) == "2026-03-24 17:00"
