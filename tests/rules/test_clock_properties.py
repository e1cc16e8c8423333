"""What holds for every clock, whatever its dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.rules.calendar_years import WORKING_DAYS
from service.rules.clocks import Clock, Extension, Suspension, Unit, united
from service.rules.counting import deadline, reading
from service.rules.explaining import explain
from service.rules.lights import Light
from service.rules.worktime import SHANGHAI, WorkCalendar, standard_calendar

CALENDAR = standard_calendar()
FIRST, LAST = datetime(2024, 2, 1), datetime(2025, 12, 31)
units = st.sampled_from(list(Unit))


@st.composite
def pauses(draw, most: int = 4):
    found = []
    for _ in range(draw(st.integers(0, most))):
        after = draw(st.dates(FIRST.date(), LAST.date()))
        found.append(Suspension(kind="EXPERT", after=after, through=after + timedelta(draw(st.integers(0, 20)))))
    return tuple(found)


@st.composite
def clocks(draw, paused: bool = True):
    started = draw(st.datetimes(FIRST, LAST, timezones=st.just(SHANGHAI)))
    near = []
    for _ in range(draw(st.integers(0, 3 if paused else 0))):
        after = started.date() + timedelta(draw(st.integers(0, 40)))
        near.append(Suspension(kind="EXPERT", after=after, through=after + timedelta(draw(st.integers(0, 15)))))
    unit = draw(units)
    return Clock(
        started=started,
        amount=draw(st.integers(0 if unit in (Unit.WORKDAY, Unit.CALENDAR) else 1, 30)),
        unit=unit,
        suspensions=tuple(near),
        extensions=(Extension(amount=draw(st.integers(1, 10))),) if draw(st.booleans()) else (),
    )


@given(clocks(paused=False))
def test_adding_then_counting_is_identity(one):
    due = deadline(CALENDAR, one)
    said = reading(CALENDAR, one, due.at)
    assert (said.used, said.remaining, said.overdue) == (one.total, 0, 0)


@given(clocks())
def test_used_and_remaining_are_the_limit_until_it_ends(one):
    due = deadline(CALENDAR, one)
    for share in range(5):
        said = reading(CALENDAR, one, one.started + (due.at - one.started) * share / 5)
        assert said.used + said.remaining == one.total and said.overdue == 0


@given(clocks(), st.integers(0, 40), st.integers(0, 15))
def test_suspending_never_shortens(one, later, length):
    after = one.started.date() + timedelta(later)
    more = one.with_pause(Suspension(kind="HEARING", after=after, through=after + timedelta(length)))
    assert deadline(CALENDAR, more).at >= deadline(CALENDAR, one).at


@given(clocks(), st.integers(1, 10))
def test_extending_never_shortens(one, amount):
    assert deadline(CALENDAR, one.with_extension(Extension(amount=amount))).at >= deadline(CALENDAR, one).at


@given(clocks())
def test_pauses_count_as_their_union(one):
    joined = tuple(
        Suspension(kind="HEARING", after=after, through=through) for after, through in united(one.suspensions)
    )
    doubled = one.suspensions + one.suspensions
    due = deadline(CALENDAR, one)
    assert deadline(CALENDAR, replace(one, suspensions=joined)) == due
    assert deadline(CALENDAR, replace(one, suspensions=doubled)) == due


@given(pauses())
def test_a_union_holds_the_same_days_once(found):
    frozen = {one.after + timedelta(n) for one in found for n in range(1, (one.through - one.after).days + 1)}
    intervals = united(found)
    assert {
        after + timedelta(n) for after, through in intervals for n in range(1, (through - after).days + 1)
    } == frozen
    assert all(before[1] < after[0] for before, after in zip(intervals, intervals[1:], strict=False))


@given(clocks(), st.randoms(use_true_random=False))
def test_the_order_of_what_happened_does_not_matter(one, chance):
    mixed = list(one.suspensions)
    chance.shuffle(mixed)
    assert reading(CALENDAR, replace(one, suspensions=tuple(mixed)), one.started) == reading(CALENDAR, one, one.started)


@given(clocks(), st.sets(st.dates(date(2024, 2, 1), date(2026, 6, 30)), max_size=8))
def test_changing_the_calendar_and_changing_it_back_restores_every_due_date(one, flipped):
    changed = {year: frozenset(days ^ {d for d in flipped if d.year == year}) for year, days in WORKING_DAYS.items()}
    restored = {year: frozenset(days ^ {d for d in flipped if d.year == year}) for year, days in changed.items()}
    assert deadline(WorkCalendar(changed), one) is not None
    assert reading(WorkCalendar(restored), one, one.started) == reading(CALENDAR, one, one.started)


@given(clocks(), st.integers(0, 60 * 24 * 3))
def test_the_light_stays_until_the_next_turn_and_then_changes(one, hours):
    now = one.started + timedelta(hours=hours % (60 * 24))
    said = reading(CALENDAR, one, now)
    if said.next_turn is None:
        assert said.light is Light.RED
        return
    assert reading(CALENDAR, one, said.next_turn).light is not said.light
    for share in range(8):
        assert reading(CALENDAR, one, now + (said.next_turn - now) * share / 8).light is said.light
    assert reading(CALENDAR, one, said.next_turn - timedelta(microseconds=1)).light is said.light


@given(clocks())
def test_a_clock_turns_yellow_before_it_turns_red(one):
    said = reading(CALENDAR, one, one.started)
    assert one.started <= said.warn_from <= said.due.at


@given(clocks())
@settings(max_examples=60)
def test_the_counted_days_of_a_proof_sheet_add_up_to_the_limit(one):
    lines = explain(CALENDAR, one, one.started)
    due = deadline(CALENDAR, one)
    assert round(sum(line.units for line in lines), 2) == one.total
    assert [line.day for line in lines] == [
        one.started.date() + timedelta(n) for n in range((due.day - one.started.date()).days + 1)
    ]
    assert all(line.sentence.words().startswith(line.day.isoformat()) for line in lines)


@given(clocks(), st.integers(0, 24 * 60))
@settings(max_examples=60)
def test_the_lines_up_to_now_add_up_to_what_is_used(one, hours):
    now = one.started + timedelta(hours=hours)
    told = sum(line.units + line.over for line in explain(CALENDAR, one, now, ahead=False))
    assert int(round(told, 2)) == reading(CALENDAR, one, now).used
    stopped = replace(one, stopped_at=now)
    assert explain(CALENDAR, stopped, now + timedelta(300)) == explain(CALENDAR, stopped, now)
