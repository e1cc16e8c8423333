"""Changing a calendar: who may, what a preview says, and that every running deadline moves and moves back (R-CAL-6)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.casework import attend_due, suspend_case
from service.casework.calendars import CalendarChange, calendar_history, change_calendar
from service.casework.office import Office
from service.casework.starting import start_case
from service.rules.calendars import COUNTRY, CalendarDay, DayReason, YearStatus
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import Half
from service.store.calendar_seeds import seeds
from tests.casework.clocks.items import ITEM_BODY, clocks_of, do, due, item, shown
from tests.casework.desk import CHIEF, ENGINE, KEEPER, actions_of, agenda_of, deploy_text, journal_of, open_tasks
from tests.conftest import Clock, make_office

SEED = list(seeds())[-1]
MOURNING = CalendarDay(day=date(2026, 3, 18), workday=False, reason=DayReason.HOLIDAY, name="哀悼日")
WAITS = (
    '<startEvent id="S"/><userTask id="A" name="甲"/><boundaryEvent id="B" attachedToRef="A" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>P5WD</timeDuration></timerEventDefinition></boundaryEvent>"
    '<endEvent id="E"/><endEvent id="F"/>\nS -> A\nA -> E\nB -> F\n'
)


def change(office: Office, *more: CalendarDay, year: int = 2026, **changes: object) -> CalendarChange:
    """Change the country's 2026 (or another year made of the same days)."""
    days = tuple(
        replace(one, day=one.day.replace(year=year)) for one in SEED.days if one.workday is False or year == 2026
    )
    values: dict = {"notice": "通知", "status": YearStatus.ACTIVE, **changes}
    return change_calendar(office, KEEPER, COUNTRY, year, (*days, *more), **values)


def half(day: str, *closed: Half) -> CalendarDay:
    """A local closing."""
    return CalendarDay(day=date.fromisoformat(day), workday=True, reason=DayReason.LOCAL, name="学习日", closed=closed)


@pytest.fixture
def begun(any_office: Office) -> UUID:
    """A case accepted on Monday 2026-03-16 at 09:00, with a promise of 3 working days."""
    deploy_text(any_office, item(ITEM_BODY, key="p", limit="3wd", statutory="20wd"))
    case = start_case(any_office, ENGINE, key="p", business_key="K-1", title="示例")
    do(any_office, case.id, "Accept")
    return case.id


def dues(office: Office, case_id: UUID) -> dict[str, str | None]:
    """When every clock ends."""
    return {name: due(row) for name, row in clocks_of(office, case_id).items() if row.state != "STOPPED"}


def everything(office: Office, case_id: UUID) -> tuple:
    """Every stored instant of a case that follows from the calendar."""
    rows = clocks_of(office, case_id)
    clocks = {name: (row.due_at, row.warn_at, row.light, row.state) for name, row in rows.items()}
    agenda = sorted((str(row.id), row.due_at, row.ready_at) for row in agenda_of(office, case_id))
    tasks = {element: (task.due_at, task.warn_at) for element, task in open_tasks(office, case_id).items()}
    return clocks, agenda, tasks


# -- refusals ---------------------------------------------------------------------------------------------------


def test_a_chief_representative_does_not_change_the_calendar(office):
    with pytest.raises(Forbidden):
        change_calendar(office, CHIEF, COUNTRY, 2026, SEED.days, notice="x", status=YearStatus.ACTIVE)


def test_what_is_refused_changes_nothing(any_office, begun):
    before = everything(any_office, begun)
    with pytest.raises(Invalid):
        change(any_office, replace(MOURNING, name=""))
    with pytest.raises(Conflict):
        change(any_office, MOURNING, seen=7)
    with pytest.raises(Conflict):
        change(any_office, MOURNING, status=YearStatus.PROVISIONAL)
    assert everything(any_office, begun) == before
    with any_office.reading() as records:
        assert records.ledger.lines(LedgerAction.CALENDAR_CHANGED) == ()


# -- moving -----------------------------------------------------------------------------------------------------


def test_a_preview_names_every_deadline_that_moves_and_moves_none(any_office, begun):
    before, lines = everything(any_office, begun), actions_of(any_office, begun)
    found = change(any_office, MOURNING, preview=True)
    told = {one.kind: (shown(one.was), shown(one.due), one.days) for one in found.moved}
    assert told == {
        "CASE": ("2026-03-19 17:00", "2026-03-20 17:00", 1),
        "STATUTORY": ("2026-04-14 17:00", "2026-04-15 17:00", 1),
    }
    assert {(one.case_id, one.business_key, one.title) for one in found.moved} == {(begun, "K-1", "示例")}
    assert everything(any_office, begun) == before and actions_of(any_office, begun) == lines


def test_a_preview_says_what_then_happens(any_office, begun):
    found = change(any_office, MOURNING, preview=True)
    assert change(any_office, MOURNING, seen=found.version).moved == found.moved


def test_every_clock_its_task_and_its_turn_move_in_one_transaction_with_a_line_each(any_office, begun):
    found = change(any_office, MOURNING)
    assert dues(any_office, begun)["CASE"] == "2026-03-20 17:00"
    moved = [line for line in journal_of(any_office, begun) if line.action == "clock:recounted"]
    assert {(line.detail["cause"], line.detail["was"][:10], line.detail["due"][:10]) for line in moved} == {
        ("CALENDAR", "2026-03-19", "2026-03-20"),
        ("CALENDAR", "2026-04-14", "2026-04-15"),
    }
    with any_office.reading() as records:
        (line,) = records.ledger.lines(LedgerAction.CALENDAR_CHANGED)
    assert (line.actor, line.subject, line.detail["moved"]) == ("guotao", "CN:2026", len(found.moved))
    assert len(line.detail["before"]["days"]) + 1 == len(line.detail["days"])
    (told,) = calendar_history(any_office, KEEPER, COUNTRY)
    assert (told.year, told.actor, told.notice, told.moved) == (2026, "guotao", "通知", 2)


def test_changing_it_back_restores_every_instant(any_office, begun):
    before = everything(any_office, begun)
    change(any_office, MOURNING)
    assert everything(any_office, begun) != before
    change(any_office)
    assert everything(any_office, begun) == before


def test_a_local_half_day_moves_stages_and_no_limit_in_days(database_url, tmp_path, clock):
    office = make_office(database_url, tmp_path, clock, region="990100")
    deploy_text(office, item(ITEM_BODY, key="p", limit="3wd", statutory="20wd"))
    case = start_case(office, ENGINE, key="p").id
    do(office, case, "Accept")
    before = dues(office, case)
    days = [half("2026-03-16", Half.AFTERNOON)]
    found = change_calendar(office, KEEPER, "990100", 2026, days, notice="云府办", status=YearStatus.ACTIVE)
    after = dues(office, case)
    assert [one.kind for one in found.moved] == ["STAGE"]
    assert before["Review"] == "2026-03-17 12:00" and after["Review"] == "2026-03-17 17:00"
    assert {name: when for name, when in after.items() if name != "Review"} == {
        name: when for name, when in before.items() if name != "Review"
    }
    with office.reading() as records:
        task = next(row for row in records.tasks.open_of(case) if row.element == "Review")
    assert shown(task.due_at) == "2026-03-17 17:00"
    office.close()


def test_timers_in_working_time_of_a_plain_diagram_move_too(any_office):
    deploy_text(any_office, WAITS)
    case = start_case(any_office, ENGINE, key="p").id
    (before,) = agenda_of(any_office, case)
    found = change(any_office, MOURNING)
    (after,) = agenda_of(any_office, case)
    assert (shown(before.due_at), shown(after.due_at)) == ("2026-03-23 17:00", "2026-03-24 17:00")
    assert [(one.kind, one.name, one.days) for one in found.moved] == [("TIMER", "B", 1)]
    change(any_office)
    assert agenda_of(any_office, case)[0].due_at == before.due_at


def test_what_has_become_red_stays_red_and_keeps_its_end(any_office, begun, clock):
    clock.set("2026-03-19 17:00")
    while attend_due(any_office):
        pass
    assert clocks_of(any_office, begun)["CASE"].light == "red"
    change(any_office, MOURNING)
    row = clocks_of(any_office, begun)["CASE"]
    assert (row.light, due(row)) == ("red", "2026-03-19 17:00")


def test_what_turns_red_by_a_change_does_so_at_once(any_office, begun, clock):
    change(any_office, MOURNING)
    clock.set("2026-03-20 09:00")
    while attend_due(any_office):
        pass
    assert clocks_of(any_office, begun)["CASE"].light == "yellow"
    change(any_office)
    attend_due(any_office)
    assert clocks_of(any_office, begun)["CASE"].light == "red"


def test_a_suspended_case_is_counted_anew_and_stays_parked(any_office, begun):
    suspend_case(any_office, KEEPER, begun)
    change(any_office, MOURNING)
    assert all(row.ready_at is None for row in agenda_of(any_office, begun))


def test_days_before_anything_ends_touch_no_case(any_office, begun):
    gone = replace(MOURNING, day=date(2026, 1, 20))
    assert change(any_office, gone).moved == ()
    assert "clock:recounted" not in actions_of(any_office, begun)


# -- years ------------------------------------------------------------------------------------------------------


def test_a_clock_that_needs_a_missing_year_is_an_incident_until_the_year_is_entered(any_office, clock):
    clock.set("2026-12-30 09:00")
    deploy_text(any_office, item(ITEM_BODY, key="p", limit="3wd", statutory="20wd"))
    case = start_case(any_office, ENGINE, key="p").id
    do(any_office, case, "Accept")
    row = clocks_of(any_office, case)["CASE"]
    assert row.due_at is None
    with any_office.reading() as records:
        assert {one.kind for one in records.incidents.open_of_case(case)} == {"calendarMissing"}
    found = change(any_office, year=2027, status=YearStatus.PROVISIONAL)
    assert ("CASE", "2027-01-05 17:00") in {(one.kind, shown(one.due)) for one in found.moved if one.due}
    assert dues(any_office, case)["CASE"] == "2027-01-05 17:00"
    with any_office.reading() as records:
        assert records.incidents.open_of_case(case) == ()
    assert change(any_office, year=2027).moved == ()  # confirmed as it was entered


# -- nodes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(any_office: Office, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """A second node on the same database."""
    office = make_office(any_office.settings.database_url, tmp_path, clock)
    yield office
    office.close()


def test_cases_accepted_while_the_calendar_changes_count_by_the_new_one(any_office, other):
    deploy_text(any_office, item(ITEM_BODY, key="p", limit="3wd", statutory="20wd"))
    cases = [start_case(any_office, ENGINE, key="p").id for _ in range(12)]
    ready = threading.Barrier(2)

    def accept() -> None:
        ready.wait()
        for case in cases:
            other.attempt(lambda case=case: do(other, case, "Accept"))

    thread = threading.Thread(target=accept)
    thread.start()
    ready.wait()
    change(any_office, MOURNING)
    thread.join(60)
    assert {dues(any_office, case)["CASE"] for case in cases} == {"2026-03-20 17:00"}


# -- property ---------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_change_and_its_reverse_restore_every_instant(office, data):
    if not _known(office):
        deploy_text(office, item(ITEM_BODY, key="p", limit="3wd", statutory="20wd"))
        for _ in range(3):
            do(office, start_case(office, ENGINE, key="p").id, "Accept")
    cases = _known(office)
    before = {case: everything(office, case) for case in cases}
    free = [day for day in (date(2026, 3, 17 + n) for n in range(14)) if day.weekday() < 5]
    picked = data.draw(st.sets(st.sampled_from(free), min_size=1, max_size=5))
    change(office, *(replace(MOURNING, day=day) for day in sorted(picked)))
    assert any(everything(office, case) != before[case] for case in cases) or min(picked) > date(2026, 3, 19)
    change(office)
    assert {case: everything(office, case) for case in cases} == before


def _known(office: Office) -> tuple[UUID, ...]:
    with office.reading() as records:
        return records.clocks.timed_cases()
