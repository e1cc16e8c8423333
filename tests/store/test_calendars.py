"""Calendars in the database: what is read, and that no limit is counted by days somebody has already replaced."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.casework.office import Office
from service.rules.calendars import COUNTRY, CalendarDay, CalendarYear, DayReason, YearStatus
from service.rules.worktime import CalendarMissing, Half
from service.store.calendar_seeds import seeds
from service.store.database import count_statements
from tests.conftest import Clock, make_office

CITY = "990100"
TUESDAY = date(2026, 4, 21)
LOCAL = CalendarYear(
    region=CITY,
    year=2026,
    status=YearStatus.ACTIVE,
    notice="云府办〔2026〕3号",
    days=(
        CalendarDay(day=TUESDAY, workday=False, reason=DayReason.LOCAL, name="建市纪念日"),
        CalendarDay(
            day=date(2026, 4, 22), workday=True, reason=DayReason.LOCAL, name="学习日", closed=(Half.AFTERNOON,)
        ),
    ),
)


@pytest.fixture
def nodes(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Callable[[], Office]]:
    """Makes offices of the demo city's region on one database."""
    made: list[Office] = []

    def make() -> Office:
        made.append(make_office(database_url, tmp_path, clock, region=CITY))
        return made[-1]

    yield make
    for office in made:
        office.close()


def put(office: Office, year: CalendarYear = LOCAL) -> None:
    """Change a year."""
    with office.transaction() as records:
        records.calendars.hold()
        records.calendars.put(year, "guotao")


def works(office: Office, day: date = TUESDAY) -> bool:
    """What a transaction that counts sees."""
    with office.transaction() as records:
        return records.calendar.is_workday(day)


def test_what_was_rolled_back_is_not_counted_by(nodes):
    here = nodes()
    assert works(here)
    with pytest.raises(RuntimeError), here.transaction() as records:
        records.calendars.hold()
        records.calendars.put(LOCAL, "guotao")
        assert not records.calendar.is_workday(TUESDAY)
        raise RuntimeError
    assert works(here)
    put(here, replace(LOCAL, days=LOCAL.days[1:]))
    assert works(here)


def test_a_year_that_is_not_there_is_refused(nodes):
    with nodes().reading() as records, pytest.raises(CalendarMissing) as refused:
        records.calendar.add_workdays(date(2026, 12, 31), 1)
    assert refused.value.year == 2027


def test_a_new_database_has_the_announced_years(nodes):
    with nodes().reading() as records:
        entered = records.calendars.years()
        assert [one.calendar for one in entered] == list(seeds())
        assert {one.entered_by for one in entered} == {"system"}
        assert records.calendar.years == {2024, 2025, 2026}


def test_a_change_on_one_node_is_counted_by_on_every_other(nodes):
    here, there = nodes(), nodes()
    assert works(here) and works(there)
    put(here)
    assert not works(there) and not works(here)
    with there.reading() as records:
        assert records.calendar.closed_halves(date(2026, 4, 22)) == (Half.AFTERNOON,)
        found = records.calendars.year(CITY, 2026)
        assert found is not None and found.calendar == LOCAL and found.entered_by == "guotao"
    put(there, replace(LOCAL, days=()))
    assert works(here)


def test_the_days_of_other_years_and_regions_stay_when_one_year_is_replaced(nodes):
    here = nodes()
    put(here)
    put(here, replace(next(seeds()), days=()))
    with here.reading() as records:
        assert [len(one.calendar.days) for one in records.calendars.years()] == [2, 0, 33, 39]
        assert [one.calendar.region for one in records.calendars.years()] == [CITY, COUNTRY, COUNTRY, COUNTRY]


def test_counting_costs_one_statement_a_transaction_once_the_calendar_is_known(nodes):
    here = nodes()
    works(here)
    with count_statements(here.database) as count:
        with here.transaction() as records:
            assert records.calendar is records.calendar
    assert count.statements == 1
    with count_statements(here.database) as count, here.transaction() as records:
        pass
    assert count.statements == 0


def test_the_calendar_is_one_object_while_nothing_changes(nodes):
    here = nodes()
    with here.reading() as first, here.reading() as second:
        assert first.calendar is second.calendar


def test_a_change_waits_for_those_who_are_counting(nodes):
    here, there = nodes(), nodes()
    order: list[str] = []
    counting, changing = threading.Event(), threading.Event()

    def count() -> None:
        with here.transaction() as records:
            assert records.calendar.is_workday(TUESDAY)
            counting.set()
            assert changing.wait(10)
            time.sleep(0.2)
            order.append("counted")

    thread = threading.Thread(target=count)
    thread.start()
    assert counting.wait(10)
    changing.set()
    with there.transaction() as records:
        records.calendars.hold()
        order.append("changed")
        records.calendars.put(LOCAL, "guotao")
    thread.join(10)
    assert order == ["counted", "changed"]


def test_whoever_wants_to_count_while_it_changes_counts_by_the_new_days(nodes):
    here, there = nodes(), nodes()
    assert works(there)
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(works(there)))
    with here.transaction() as records:
        records.calendars.hold()
        thread.start()
        time.sleep(0.2)
        assert not seen
        records.calendars.put(LOCAL, "guotao")
    thread.join(10)
    assert seen == [False]
