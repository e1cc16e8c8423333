"""Ten thousand open tasks of one person: the inbox opens at once, and what it counts is what it lists."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from service.casework import Office, find_actor
from service.casework.workbench import VIEWS, inbox, next_work
from service.casework.workbench.work import light_of_row
from service.rules.work_filters import WorkFilter
from service.store.schema import task
from tests.web.pages.conftest import begin

MANY = 10_000


@pytest.fixture
def loaded(centre: Office) -> Office:
    """王芳 with ten thousand tasks, due within four weeks before and after now."""
    case_id = begin(centre)
    with centre.transaction() as records:
        (row,) = records.execute(select(task).where(task.c.case_id == case_id))
        rows = [
            {
                **row._mapping,
                "id": uuid4(),
                "assignee": "wangfang",
                "created_at": records.now - timedelta(minutes=number % 9_000),
                "due_at": (
                    due := None if number % 50 == 0 else records.now + timedelta(hours=12 * (number % 114 - 57) + 1)
                ),
                "warn_at": due and number % 3 == 0 and due - timedelta(hours=number % 90) or None,
                "paused_at": records.now if number % 60 == 0 else None,
                "escalated_at": records.now if number % 40 == 0 else None,
            }
            for number in range(MANY - 1)
        ]
        records.execute(insert(task), rows)
    return centre


def test_ten_thousand_tasks_open_in_a_blink(loaded: Office) -> None:
    clerk = find_actor(loaded, "wangfang")
    assert clerk is not None
    inbox(loaded, clerk)
    taken = []
    for view in ("all", "yellow", "green"):
        begun = time.process_time()
        work = inbox(loaded, clerk, WorkFilter(view=view), page=3)
        taken.append(time.process_time() - begun)
        assert len(work.items) == 20 and work.total == work.counts[view]
    assert min(taken) < 0.3, taken
    found = next_work(loaded, clerk, after=work.items[0].row.id, case_id=work.items[0].row.case_id)
    assert found is not None and found.light == "red"


def test_counts_of_a_full_inbox_are_what_each_light_says(loaded: Office) -> None:
    clerk = find_actor(loaded, "wangfang")
    assert clerk is not None
    work = inbox(loaded, clerk)
    with loaded.reading() as records:
        rows = list(records.execute(select(task).where(task.c.ended_at.is_(None))))
        said = [light_of_row(records.calendar, row, records.now).value for row in rows]
    assert work.counts["red"] == said.count("red") > 0
    assert work.counts["yellow"] == said.count("yellow") > 0
    assert work.counts["green"] == said.count("green") + said.count("none")
    assert work.counts["stopped"] == said.count("stopped") > 0
    assert work.counts["all"] == MANY == sum(work.counts[one] for one in ("red", "yellow", "green", "stopped"))
    for view in VIEWS:
        last = inbox(loaded, clerk, WorkFilter(view=view), page=10_000)
        assert (last.pages - 1) * 20 + len(last.items) == work.counts[view]
        assert view not in ("red", "yellow", "stopped") or {item.light.value for item in last.items} == {view}


def test_a_search_counts_only_what_it_lists(loaded: Office) -> None:
    clerk = find_actor(loaded, "wangfang")
    assert clerk is not None
    assert inbox(loaded, clerk, WorkFilter(q="两部门")).counts["all"] == MANY
    assert inbox(loaded, clerk, WorkFilter(q="没有这样的事")).counts == dict.fromkeys(VIEWS, 0)
