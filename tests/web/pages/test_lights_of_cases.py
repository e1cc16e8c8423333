"""Lights of whole cases and of paused tasks: every count is the length of the list it opens."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import update

from service.casework import Office, find_actor
from service.casework.workbench import case_list, inbox
from service.rules.work_filters import WorkFilter
from service.store.schema import task
from tests.casework import clock_rows
from tests.casework.clock_rows import row
from tests.conftest import Clock
from tests.rules.conftest import at
from tests.web.pages.conftest import Visitor, begin, text

LIGHTS = ("red", "yellow", "green", "stopped", "none")


@pytest.fixture
def cases(centre: Office, clock: Clock) -> dict[str, UUID]:
    """One case of every light on Wednesday morning, and a second red one that stood still after it had turned."""
    clock.set("2026-03-18T10:00")
    made = {name: begin(centre, number) for number, name in enumerate((*LIGHTS, "red again"), 1)}
    limits = {"due_at": at("2026-03-27T17:00"), "warn_at": at("2026-03-26T09:00")}
    clock_rows.put(
        centre,
        row(made["red"], "CASE", **{**limits, "due_at": at("2026-03-18T09:59")}),
        row(made["red"], "STATUTORY", **limits),
        row(made["yellow"], "STATUTORY", **{**limits, "warn_at": at("2026-03-18T09:00")}),
        row(made["yellow"], "RECEIPT", stopped="2026-03-17T10:00", due_at=at("2026-03-17T09:00")),
        row(made["green"], "CASE", **limits),
        row(made["green"], "STAGE", due_at=at("2026-03-17T17:00")),
        row(made["stopped"], "CASE", state="PAUSED"),
        row(made["red again"], "CASE", light="red", state="PAUSED"),
    )
    return made


def test_every_light_counts_the_cases_its_list_shows(centre: Office, cases: dict[str, UUID]) -> None:
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    everything = case_list(centre, clerk)
    assert everything.lights == {"red": 2, "yellow": 1, "green": 1, "stopped": 1, "none": 1}
    for light in LIGHTS:
        found = case_list(centre, clerk, light=light)
        assert found.total == len(found.items) == everything.lights[light]
        assert {one.id for one in found.items} >= {cases[light]}
        assert all(found.limits.get(one.id, ("none", None))[0] == light for one in found.items)


def test_the_light_stays_in_the_address(clerk: Visitor, cases: dict[str, UUID]) -> None:
    answer = clerk.get("/cases?light=red")
    page, body = text(answer), answer.get_data(as_text=True)
    assert "共 2 件" in page and "示例公司1-" in page and "示例公司3-" not in page
    assert 'name="light" value="red"' in body and re.search(
        r'href="[^"]*light=red[^"]*state=all|state=all[^"]*light=red', body
    )
    assert "共 6 件" in text(clerk.get("/cases?light=nonsense"))


def test_a_task_whose_clock_stands_still_is_not_counted_as_due(centre: Office, clerk: Visitor) -> None:
    case = begin(centre, 1)
    begin(centre, 2)
    with centre.transaction() as records:
        records.execute(update(task).where(task.c.case_id == case).values(paused_at=records.now, due_at=None))
    actor = find_actor(centre, "wangfang")
    assert actor is not None
    work = inbox(centre, actor, WorkFilter(view="stopped"))
    assert work.counts["stopped"] == work.total == len(work.items) == 1
    assert work.counts["all"] == sum(work.counts[view] for view in ("red", "yellow", "green", "stopped"))
    page = text(clerk.get("/inbox?view=stopped"))
    assert "不计时 1" in page
