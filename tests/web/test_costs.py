"""What a completion costs at the doors: the shipped joint chain, done by its people, everything counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scripts.campaigns.quarter_people import fill
from service.casework import attend_due, find_actor, get_case, start_case
from service.casework.actors import SYSTEM
from service.casework.demo import load_demo_city
from service.casework.deploying import deploy
from service.casework.office import Office
from service.store.database import count_statements
from service.store.tasks import TaskRow
from service.web.app import create_app
from tests.casework.desk import CLERK
from tests.conftest import Clock, make_office
from tests.processes.library import resources
from tests.processes.test_chain import DECLARED, reply_to
from tests.web.rest import Client

MOST = 12


@pytest.fixture
def city(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """The shipped processes and the people of the demo city, served as an installation is: the clock is the real one's."""
    setting_up = make_office(database_url, tmp_path, clock, demo=True)
    load_demo_city(setting_up)
    setting_up.close()
    office = make_office(database_url, tmp_path, clock)
    deploy(office, SYSTEM, "建设工程一站报建", resources("chain_JS_35"))
    yield office
    office.close()


def answers(task: TaskRow, day: date) -> dict[str, object]:
    """The task's form filled in such that the chain goes straight on."""
    chosen = reply_to(task.element)
    return fill(task.form_key, chosen, day) if task.form_key else {}


@pytest.mark.slow
def test_people_complete_the_shipped_chain_over_http_in_at_most_twelve_statements_a_task(
    city: Office, clock: Clock
) -> None:
    app = create_app(city)
    case = start_case(city, CLERK, key="chain_JS_35", variables=DECLARED)
    costs: list[int] = []
    for _ in range(100):
        with city.reading() as records:
            task = next(iter(records.tasks.open_of(case.id)), None)
        if task is None:
            break
        assert task.assignee is not None and find_actor(city, task.assignee) is not None
        person = Client(app, "/api/v1", task.assignee)
        assert person.get(f"/tasks/{task.id}/form").json["mayComplete"]
        with count_statements(city.database) as count:
            done = person.post(f"/tasks/{task.id}/complete", {"answers": answers(task, clock.now.date())})
        assert done.status_code == 200, done.json
        assert count.commits == 1 and count.statements <= MOST, count.sql
        costs.append(count.statements)
        while attend_due(city):
            pass
    assert get_case(city, CLERK, case.id).state == "COMPLETED" and len(costs) > 40
