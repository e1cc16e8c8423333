"""Recounting: calendars that change, years that are missing, stages that come back; red stays red."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from service.casework import recount_all, resume_case, start_case, suspend_case
from service.casework.office import Office
from service.rules.worktime import WorkCalendar, standard_calendar
from service.store.agenda import END_OF_TIME
from service.store.records import Records
from tests.casework.clocks.items import ITEM_BODY, clocks_of, do, due, item, late, lines_of, task, wait_until
from tests.casework.desk import ENGINE, KEEPER, agenda_of, deploy_text, hire, open_tasks
from tests.conftest import Clock

LOOP = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", more='zw:reaches="ACCEPTED"')
    + task("Review", limit="2hd")
    + late("Review", "due(&quot;REVIEW&quot;)")
    + task("Approve", "批准", "APPROVE", limit="2hd")
    + '<exclusiveGateway id="G" default="on"/><endEvent id="E" zw:reaches="READY"/>'
    '<sequenceFlow id="on" sourceRef="G" targetRef="E"/>'
    "\nS -> Accept\nAccept -> Review\nReview -> Approve\nApprove -> G\nG -> Review : back = true\nReviewLate -> ReviewTold\n"
)


def working_days(**changes: bool) -> dict[int, frozenset[date]]:
    """The national calendar with days made working (True) or free: `d20260318=False`."""
    days = {year: set(one for one in _days(year)) for year in (2024, 2025, 2026)}
    for name, working in changes.items():
        day = date.fromisoformat(f"{name[1:5]}-{name[5:7]}-{name[7:]}")
        (days[day.year].add if working else days[day.year].discard)(day)
    return {year: frozenset(found) for year, found in days.items()}


def _days(year: int) -> frozenset[date]:
    known = standard_calendar()
    return frozenset(
        day
        for number in range(366)
        if (day := date.fromordinal(date(year, 1, 1).toordinal() + number)).year == year and known.is_workday(day)
    )


@pytest.fixture
def calendars(monkeypatch: pytest.MonkeyPatch) -> dict[str, WorkCalendar]:
    """What every transaction counts by; tests put another one in."""
    shelf = {"now": standard_calendar()}
    monkeypatch.setattr(Records, "calendar", property(lambda self: shelf["now"]))
    return shelf


def count(office: Office, *, dry: bool = False) -> Mapping[str, tuple[object, object]]:
    """Recount everything; what moved by kind."""
    with office.transaction() as records:
        moved = recount_all(office, records, "CALENDAR", dry=dry)
    return {one.clock.element or one.clock.kind: (one.was, one.due) for one in moved}


def accepted(
    office: Office, clock: Clock, at: str = "2026-03-16T10:00", days: str = "3wd", body: str = ITEM_BODY
) -> UUID:
    """A case accepted at an instant."""
    deploy_text(office, item(body, limit=days, data_contract="back"))
    clock.set(at)
    case = start_case(office, ENGINE, key="item", variables={"back": False})
    do(office, case.id, "Accept")
    return case.id


def test_a_calendar_that_changes_moves_clocks_turns_tasks_and_timers_and_back(
    any_office: Office, clock: Clock, calendars: dict[str, WorkCalendar]
) -> None:
    office = any_office
    case_id = accepted(office, clock, body=LOOP)
    before = (clocks_of(office, case_id), agenda_of(office, case_id))
    calendars["now"] = WorkCalendar(working_days(d20260317=False))
    foreseen = count(office, dry=True)
    assert (clocks_of(office, case_id), agenda_of(office, case_id)) == before, "a preview writes nothing"
    assert count(office) == foreseen and set(foreseen) == {"CASE", "Review"}
    found = clocks_of(office, case_id)
    assert due(found["CASE"]) == "2026-03-20 17:00" and due(found["Review"]) == "2026-03-18 12:00"
    assert open_tasks(office, case_id)["Review"].due_at == found["Review"].due_at
    timer = next(one for one in agenda_of(office, case_id) if one.kind == "timer")
    assert timer.due_at == found["Review"].due_at
    assert [line.detail["cause"] for line in lines_of(office, case_id, "clock:recounted")] == ["CALENDAR"] * 2
    calendars["now"] = standard_calendar()
    count(office)
    assert (clocks_of(office, case_id), agenda_of(office, case_id)) == before


def test_red_is_not_turned_back(any_office: Office, clock: Clock, calendars: dict[str, WorkCalendar]) -> None:
    case_id = accepted(any_office, clock)
    wait_until(any_office, clock, "2026-03-17T12:00")
    calendars["now"] = WorkCalendar(working_days(d20260317=False))
    assert set(count(any_office)) == {"CASE"}
    found = clocks_of(any_office, case_id)
    assert found["Review"].light == "red" and due(found["Review"]) == "2026-03-17 12:00"


def test_a_suspended_case_is_recounted_and_stays_parked(
    any_office: Office, clock: Clock, calendars: dict[str, WorkCalendar]
) -> None:
    office = any_office
    hire(office)
    case_id = accepted(office, clock)
    suspend_case(office, KEEPER, case_id)
    calendars["now"] = WorkCalendar(working_days(d20260318=False))
    count(office)
    assert all(row.ready_at is None for row in agenda_of(office, case_id))
    resume_case(office, KEEPER, case_id)
    assert due(clocks_of(office, case_id)["CASE"]) == "2026-03-20 17:00"


def test_a_year_nobody_has_entered_leaves_the_clock_without_an_end_until_it_is(
    any_office: Office, clock: Clock, calendars: dict[str, WorkCalendar]
) -> None:
    office = any_office
    case_id = accepted(office, clock, "2026-12-30T10:00", "13wd")
    held = clocks_of(office, case_id)["CASE"]
    assert (held.state, held.due_at) == ("RUNNING", None)
    row = next(one for one in agenda_of(office, case_id) if one.id == held.id)
    assert row.due_at == END_OF_TIME
    with office.reading() as records:
        (incident,) = [one for one in records.incidents.open_of_case(case_id) if one.token_id == held.id]
    assert incident.kind == "calendarMissing"
    calendars["now"] = WorkCalendar(working_days() | {2027: frozenset(date(2027, 1, n) for n in range(4, 30))})
    count(office)
    found = clocks_of(office, case_id)["CASE"]
    assert due(found) == "2027-01-15 17:00"
    with office.reading() as records:
        assert [one for one in records.incidents.open_of_case(case_id) if one.token_id == held.id] == []


def test_a_stage_that_comes_back_gets_what_is_left_of_the_case(any_office: Office, clock: Clock) -> None:
    office = any_office
    case_id = accepted(office, clock, body=LOOP)
    do(office, case_id, "Review")
    wait_until(office, clock, "2026-03-19T10:00")
    do(office, case_id, "Approve", variables={"back": True})
    found = clocks_of(office, case_id)["Review"]
    assert (found.amount, due(found)) == (1, "2026-03-19 17:00")
    timer = next(one for one in agenda_of(office, case_id) if one.kind == "timer")
    assert timer.due_at == found.due_at
