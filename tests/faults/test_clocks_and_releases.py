"""Clocks that jump, a worker that stood still for an hour, and two releases of the service on one database."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from service.casework import Office, attend_due, beat, is_ready, start_case
from service.casework import attending as module
from service.casework.blob_care import sweep_weekly
from service.casework.carrying import carry_due
from service.casework.correlating import AlreadyDone
from service.casework.readiness import require_own_release
from service.rules.refusals import Unavailable
from service.settings import real_time
from service.web.app import create_app
from service.worker.runner import Worker
from tests.casework.desk import ENGINE, deploy_text, open_tasks
from tests.conftest import Clock, make_office
from tests.web.pages.conftest import Visitor
from tests.web.pages.conftest import text as words
from tests.web.rest import LINEAR, Client, hire

TIMER = (
    '<startEvent id="S"/><intermediateCatchEvent id="T"><timerEventDefinition><timeDuration>PT10M</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><userTask id="A" name="甲"/><endEvent id="E"/>'
    "\nS -> T\nT -> A\nA -> E\n"
)


def only_timers(office: Office) -> None:
    """The scheduled jobs would be due as well."""
    with office.transaction() as records:
        records.execute(text("DELETE FROM agenda WHERE kind = 'job'"))


# -- clocks -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_forward_makes_up_for_what_became_due_once(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p").id
    clock.advance(days=40)
    assert attend_due(any_office) >= 1
    assert attend_due(any_office) == 0
    assert len(open_tasks(any_office, case)) == 1


def test_a_clock_that_goes_back_holds_no_claim_and_no_beat_of_the_future(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p").id
    clock.advance(hours=30)
    beat(any_office, "dead node")
    assert len(module._claim(any_office, 10)) == 1  # by a node that dies with it
    clock.advance(hours=-29)
    assert not is_ready(any_office).ready  # what beats in the future does not live
    beat(any_office, "living node")
    assert is_ready(any_office).ready
    assert attend_due(any_office) == 1
    assert len(open_tasks(any_office, case)) == 1


def test_the_worker_goes_on_when_the_clock_of_the_machine_goes_back(sqlite_url: str, tmp_path: Path) -> None:
    office = make_office(sqlite_url, tmp_path, real_time)
    worker = Worker(office, node="here")
    worker.start()
    try:
        for job in worker._scheduler.get_jobs():  # what a clock that goes back by an hour leaves behind
            job.modify(next_run_time=real_time() + timedelta(hours=1))
        end = time.monotonic() + 20
        while time.monotonic() < end and any(
            job.next_run_time > real_time() + timedelta(minutes=1) for job in worker._scheduler.get_jobs()
        ):
            time.sleep(0.05)
        assert all(job.next_run_time < real_time() + timedelta(minutes=1) for job in worker._scheduler.get_jobs())
    finally:
        worker.stop()
        office.close()


# -- a worker that stood still ----------------------------------------------------------------------------------------


def test_a_worker_that_stood_still_for_an_hour_does_nothing_twice(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p").id
    clock.advance(minutes=11)
    (held,) = module._claim(any_office, 10)  # here it is stopped
    clock.advance(hours=1)
    assert attend_due(any_office, node="another") == 1
    with pytest.raises(AlreadyDone):  # here it goes on with what it holds
        module.do(any_office, held)
    assert len(open_tasks(any_office, case)) == 1


def test_an_errand_of_a_worker_that_stood_still_is_kept_once(any_office: Office, clock: Clock, monkeypatch: Any) -> None:  # fmt: skip
    from service.casework import carrying

    with any_office.transaction() as records:
        sweep_weekly(any_office, records, records.now)
    carried = []

    def stand_still(office: Office, row: Any, errand: Any) -> Any:
        carried.append("first")
        clock.advance(hours=1)
        monkeypatch.setattr(carrying.CARRIERS["sweep"], "carry", original)
        assert carry_due(office) == 1  # another node, meanwhile
        return original(office, row, errand)

    original = carrying.CARRIERS["sweep"].carry
    monkeypatch.setattr(carrying.CARRIERS["sweep"], "carry", stand_still)
    assert carry_due(any_office) == 1
    assert carried == ["first"] and carry_due(any_office) == 0


# -- two releases -----------------------------------------------------------------------------------------------------


def migrated_to(office: Office, revision: str) -> None:
    """What the other release does when it starts."""
    engine = create_engine(office.settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_an_older_program_may_look_but_not_write_once_a_newer_one_has_upgraded(any_office: Office) -> None:
    hire(any_office, "engine", ["service"])
    rest = Client(create_app(any_office), "/engine-rest", "engine")
    rest.deploy(LINEAR)
    case = rest.start()
    migrated_to(any_office, "9999")
    assert not is_ready(any_office).ready  # whoever distributes requests sends no more
    answer = rest.post("/process-definition/key/p/start", {})
    assert (answer.status_code, answer.json["reason"]) == (503, "SERVICE_SUPERSEDED")
    assert "正在升级" in answer.json["message"] and answer.headers["Retry-After"] == "5"
    assert [one["id"] for one in rest.get("/process-instance").json] == [case]
    with pytest.raises(Unavailable):
        beat(any_office)


def test_an_older_worker_leaves_what_is_due_to_the_newer_one(any_office: Office, clock: Clock) -> None:
    deploy_text(any_office, TIMER)
    case = start_case(any_office, ENGINE, key="p").id
    with any_office.reading() as records:
        newest = records.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    clock.advance(minutes=11)
    migrated_to(any_office, "9999")
    worker = Worker(any_office)
    worker.beat()
    assert worker.sweep() == 0 and worker.carry() == 0
    migrated_to(any_office, newest)
    worker.beat()
    assert worker.sweep() == 1
    assert len(open_tasks(any_office, case)) == 1


def test_a_person_at_an_older_node_is_told_that_an_upgrade_is_under_way(demo_office: Office) -> None:
    visitor = Visitor(create_app(demo_office)).sign_in("wangfang")
    migrated_to(demo_office, "9999")
    assert visitor.get("/inbox").status_code == 200
    sent = visitor.post("/inbox/filters", {"name": "今天", "view": "all"})
    assert sent.status_code == 503 and "正在升级" in words(sent)


def test_a_newer_program_does_not_work_on_tables_that_are_not_upgraded_yet(any_office: Office) -> None:
    migrated_to(any_office, "0030")
    with pytest.raises(Unavailable) as refusal:
        require_own_release(any_office)
    assert refusal.value.code == "DATABASE_NOT_UPGRADED"
    with pytest.raises(Unavailable) as refusal, any_office.transaction() as records:
        records.settings.put("a", 1)
    assert refusal.value.code == "DATABASE_NOT_UPGRADED"
