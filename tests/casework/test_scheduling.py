"""Scheduled jobs: once across nodes, made up for in due order, with the instant of the rule; the calendar guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest

from service.casework import arm_jobs, attend_due, execute_job, is_ready, move_demo_clock, retry_incident
from service.casework.calendar_guard import read_alarm
from service.casework.office import Office
from service.casework.scheduling import JOBS, daily
from service.rules.calendars import AlarmLevel, CalendarAlarm, YearStatus
from service.rules.refusals import Forbidden
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.calendar_seeds import seeds
from tests.casework.desk import KEEPER, REVIEWER
from tests.conftest import Clock, make_office

GUARD = JOBS["calendar-guard"]
NEXT = 2027


@pytest.fixture(autouse=True)
def guard_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One job is enough to see how jobs run."""
    for name in tuple(JOBS):
        if name != GUARD.name:
            monkeypatch.delitem(JOBS, name)


@pytest.fixture
def armed(any_office: Office) -> Office:
    """An office whose jobs are on the agenda."""
    arm_jobs(any_office)
    return any_office


@pytest.fixture
def other(any_office: Office, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """A second node on the same database."""
    office = make_office(any_office.settings.database_url, tmp_path, clock)
    yield office
    office.close()


def runs(office: Office) -> list[dict]:
    """What the run log says, first run first."""
    with office.reading() as records:
        lines = [line for line in records.ledger.lines(LedgerAction.JOB_RAN) if line.subject == GUARD.name]
        return [line.detail for line in reversed(lines)]


def warnings(office: Office) -> list[dict]:
    """The guard's events, first one first."""
    with office.reading() as records:
        return [line.detail for line in reversed(records.ledger.lines(LedgerAction.CALENDAR_WARNED))]


def due(office: Office) -> datetime:
    """When the guard runs next."""
    with office.reading() as records:
        row = records.agenda.find(GUARD.row_id)
        assert row is not None and row.ready_at == row.due_at
        return row.due_at.astimezone(SHANGHAI)


def enter_next_year(office: Office, status: YearStatus) -> None:
    """Next year's calendar, as far as the guard cares."""
    with office.transaction() as records:
        records.calendars.hold()
        days = tuple(replace(one, day=one.day.replace(year=NEXT)) for one in list(seeds())[-1].days)
        records.calendars.put(replace(list(seeds())[-1], year=NEXT, status=status, days=days), "guotao")


def at(text: str) -> datetime:
    """An instant in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_job_that_is_not_due_is_not_run(armed, clock):
    clock.set("2026-11-01 00:29")
    assert attend_due(armed) == 0 and runs(armed) == []


def test_only_a_keeper_runs_a_job_by_hand(armed):
    with pytest.raises(Forbidden):
        execute_job(armed, REVIEWER, GUARD.row_id)
    assert runs(armed) == []


def test_a_job_that_no_release_declares_any_more_leaves_the_agenda(armed, clock):
    with armed.transaction() as records:
        records.agenda.change(GUARD.row_id, {"element": "gone"})
    clock.set("2026-11-02 09:00")
    attend_due(armed)
    with armed.reading() as records:
        assert records.agenda.find(GUARD.row_id) is None


def test_a_job_that_fails_becomes_an_incident_and_runs_again_when_it_is_retried(armed, clock, monkeypatch):
    def fail(*_: object) -> dict:
        raise RuntimeError("no")

    broken = replace(GUARD, run=fail)
    monkeypatch.setitem(JOBS, GUARD.name, broken)
    clock.set("2026-11-01 01:00")
    for _ in range(3):
        attend_due(armed)
        clock.advance(minutes=2)
    with armed.reading() as records:
        (incident,) = records.incidents.open_at(GUARD.row_id)
    assert "RuntimeError" in incident.message and runs(armed) == []
    monkeypatch.setitem(JOBS, GUARD.name, GUARD)
    retry_incident(armed, KEEPER, incident.id)
    attend_due(armed)
    assert [run["due"] for run in runs(armed)] == ["2026-10-31T16:30:00+00:00"]
    with armed.reading() as records:
        assert records.incidents.open_at(GUARD.row_id) == ()


def test_arming_again_changes_nothing(armed, other):
    before = due(armed)
    arm_jobs(other)
    arm_jobs(armed)
    assert due(armed) == before == at("2026-11-01 00:30")


def test_nodes_that_start_at_once_arm_a_job_once(any_office, other):
    together = threading.Barrier(2)

    def start(office: Office) -> None:
        together.wait()
        arm_jobs(office)

    threads = [threading.Thread(target=start, args=(office,)) for office in (any_office, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert due(any_office) == at("2026-11-01 00:30")


def test_missed_runs_are_made_up_for_in_order_with_the_instant_of_the_rule(armed, clock):
    clock.set("2026-11-04 08:00")
    attend_due(armed)
    assert [run["due"][:10] for run in runs(armed)] == ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"]
    assert due(armed) == at("2026-11-05 00:30")


def test_two_nodes_run_every_job_once(armed, other, clock):
    clock.set("2026-12-31 12:00")
    threads = [threading.Thread(target=attend_due, args=(office,)) for office in (armed, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    attend_due(armed)
    dues = [run["due"] for run in runs(armed)]
    assert len(dues) == 61 and dues == sorted(set(dues))
    assert due(armed) == at("2027-11-01 00:30")


def test_running_a_job_by_hand_leaves_the_planned_run_where_it_is(armed):
    execute_job(armed, KEEPER, GUARD.row_id)
    assert len(runs(armed)) == 1 and due(armed) == at("2026-11-01 00:30")


def test_a_daily_job_runs_by_the_wall_in_china():
    next_run = daily(time(8, 30))
    assert next_run(at("2026-03-16 08:30")) == at("2026-03-17 08:30")
    assert next_run(at("2026-03-16 08:29")) == at("2026-03-16 08:30")
    assert daily(time(0, 30), months=(11, 12))(at("2026-12-31 00:30")) == at("2027-11-01 00:30")


# -- the demo clock ---------------------------------------------------------------------------------------------


def test_jobs_follow_the_demo_clock_forwards_and_backwards(any_demo_office):
    office = any_demo_office
    arm_jobs(office)
    move_demo_clock(office, KEEPER, now=at("2026-11-03 09:00"))
    assert len(runs(office)) == 3 and due(office) == at("2026-11-04 00:30")
    move_demo_clock(office, KEEPER, now=at("2026-03-16 09:00"))
    assert due(office) == at("2026-11-01 00:30")
    move_demo_clock(office, KEEPER, now=at("2026-11-02 09:00"))
    assert len(runs(office)) == 5


# -- the calendar guard -----------------------------------------------------------------------------------------


def test_before_november_nobody_is_warned(armed, clock):
    clock.set("2026-10-31 23:59")
    attend_due(armed)
    assert warnings(armed) == []
    with armed.reading() as records:
        assert read_alarm(records) is None


def test_from_november_a_missing_year_is_warned_of_every_day_and_from_the_middle_of_december_it_is_red(armed, clock):
    clock.set("2026-12-16 09:00")
    attend_due(armed)
    levels = [event["level"] for event in warnings(armed)]
    assert levels == ["WARNING"] * 44 + ["RED"] * 2
    assert runs(armed)[0] | {"due": "", "next": ""} == {
        "due": "",
        "next": "",
        "year": NEXT,
        "level": "WARNING",
        "provisional": False,
        "missing": 0,
    }


def test_a_provisional_year_is_warned_of_and_a_confirmed_one_is_not(armed, clock):
    enter_next_year(armed, YearStatus.PROVISIONAL)
    clock.set("2026-11-01 09:00")
    attend_due(armed)
    assert [event["provisional"] for event in warnings(armed)] == [True]
    enter_next_year(armed, YearStatus.ACTIVE)
    clock.set("2026-11-02 09:00")
    attend_due(armed)
    assert len(runs(armed)) == 2 and len(warnings(armed)) == 1


def test_readiness_names_the_year_that_is_missing(armed, clock):
    assert is_ready(armed).calendar is None
    clock.set("2026-11-29 09:00")
    assert is_ready(armed).calendar == CalendarAlarm(year=NEXT, level=AlarmLevel.WARNING, provisional=False)
    clock.set("2027-01-04 09:00")
    assert is_ready(armed).calendar == CalendarAlarm(year=NEXT, level=AlarmLevel.RED, provisional=False)
