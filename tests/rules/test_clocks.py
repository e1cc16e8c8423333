"""Clocks against the domain's vectors: pauses, extensions, several limits, lights (DOMAIN D.2 to D.5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.rules.clocks import ClockKind, CountStart, Extension, PauseKind, Suspension, Unit, segments
from service.rules.counting import deadline, reading
from service.rules.extensions import EXTENSION_RULES, extend
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES, open_pause, outage_pauses, pause_alarm
from service.rules.promises import (
    Milestones,
    StartRule,
    accepted_on,
    check_promise,
    delivery_clock,
    effective_due,
    green_channel,
    limit_clock,
    promised_most,
)
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.worktime import CalendarMissing, standard_calendar
from tests.rules.conftest import VECTORS, at, clock, pause, vectors

CALENDAR = standard_calendar()


def due(one) -> str:
    found = deadline(CALENDAR, one)
    assert found is not None and found.at == CALENDAR.close_of(found.day)
    return found.day.isoformat()


# -- refusals ---------------------------------------------------------------------------------------------------


def test_a_clock_that_needs_an_unknown_year_is_refused():
    for unit in Unit:
        with pytest.raises(CalendarMissing):
            reading(CALENDAR, clock("2026-12-28", 400, unit), at("2026-12-29T10:00"))


@pytest.mark.parametrize(
    ("kind", "role", "more", "code"),
    [
        ("LUNCH", "chief_rep", {}, "PAUSE_KIND_UNKNOWN"),
        ("PUBLICITY", "chief_rep", {}, "PAUSE_COUNTED"),
        ("CONSULT", "chief_rep", {}, "PAUSE_COUNTED"),
        ("EXPERT", "reviewer_a", {}, "PAUSE_NOT_GRANTED"),
        ("EXPERT", "chief_rep", {"notice": ""}, "PAUSE_WITHOUT_NOTICE"),
        ("EXPERT", "chief_rep", {"expected_days": None}, "PAUSE_WITHOUT_NOTICE"),
        ("CORRECTION", "chief_rep", {"expected_days": 11}, "PAUSE_TOO_LONG"),
        ("HEARING", "chief_rep", {"expected_days": 21}, "PAUSE_TOO_LONG"),
    ],
)
def test_a_pause_the_law_does_not_allow_is_refused(kind, role, more, code):
    given = {"notice": "TZ-1", "expected_days": 5, **more}
    with pytest.raises((Invalid, Conflict, Forbidden)) as refused:
        open_pause(clock("2026-03-16", 7), Light.GREEN, pause("2026-03-17", None, kind, **given), role)
    assert refused.value.code == code


def test_a_red_clock_is_paused_by_supervision_for_a_statutory_procedure_only():
    late = clock("2026-03-16", 3)
    hearing = pause("2026-03-23", None, "HEARING", notice="TZ-1", expected_days=10)
    with pytest.raises(Conflict, match="已经超期"):
        open_pause(late, Light.RED, hearing, "chief_rep")
    assert open_pause(late, Light.RED, hearing, "supervisor").suspensions == (hearing,)
    payment = pause("2026-03-23", None, "PAYMENT")
    with pytest.raises(Conflict, match="已经超期"):
        open_pause(late, Light.RED, payment, "supervisor")
    with pytest.raises(Conflict, match="已经停止"):
        open_pause(late, Light.DONE, hearing, "supervisor")


def test_a_correction_after_acceptance_happens_once():
    once = pause("2026-03-17", "2026-03-19", "CORRECTION", notice="BZ-1", expected_days=5)
    with pytest.raises(Conflict) as refused:
        open_pause(clock("2026-03-16", 7, pauses=[once]), Light.GREEN, once, "chief_rep")
    assert refused.value.code == "PAUSE_ONCE"


def test_every_kind_of_pause_has_its_rule_and_its_name():
    assert set(PAUSE_RULES) == set(PauseKind)
    assert all(rule.basis and rule.name.text for rule in PAUSE_RULES.values())


EXTEND = {"rule": EXTENSION_RULES["SINGLE"], "role": "dept_head", "at": at("2026-03-20T10:00")}
TOLD = Extension(amount=10, notice="YQ-1")


@pytest.mark.parametrize(
    ("more", "extension", "code"),
    [
        ({"rule": None}, TOLD, "EXTENSION_NONE"),
        ({}, Extension(amount=11, notice="YQ-1"), "EXTENSION_TOO_LONG"),
        ({}, Extension(amount=0, notice="YQ-1"), "EXTENSION_TOO_LONG"),
        ({}, Extension(amount=10), "EXTENSION_WITHOUT_REASONS"),
        ({"role": "chief_rep"}, TOLD, "EXTENSION_NOT_GRANTED"),
        ({"role": "resident_leader"}, TOLD, "EXTENSION_NOT_GRANTED"),
        ({"rule": EXTENSION_RULES["JOINT"]}, TOLD, "EXTENSION_NOT_GRANTED"),
        ({"at": at("2026-04-14T17:00")}, TOLD, "EXTENSION_LATE"),
    ],
)
def test_an_extension_is_refused_when_it_is_too_long_too_late_or_by_the_wrong_person(more, extension, code):
    with pytest.raises((Invalid, Conflict, Forbidden)) as refused:
        extend(CALENDAR, clock("2026-03-16", 20), extension, **{**EXTEND, **more})
    assert refused.value.code == code


def test_a_second_extension_is_refused():
    extended = extend(CALENDAR, clock("2026-03-16", 20), TOLD, **EXTEND)
    assert due(extended) == "2026-04-28"
    with pytest.raises(Conflict) as refused:
        extend(CALENDAR, extended, TOLD, **EXTEND)
    assert refused.value.code == "EXTENSION_ONCE"


def test_a_delegate_extends_when_the_letter_says_so_and_a_paused_clock_may_be_extended():
    paused = clock("2026-03-16", 20, pauses=[("2026-03-18", None)])
    more = {**EXTEND, "role": "resident_leader", "delegated": True}
    assert extend(CALENDAR, paused, TOLD, **more).total == 30
    joint = {**EXTEND, "rule": EXTENSION_RULES["JOINT"], "role": "leader"}
    assert due(extend(CALENDAR, clock("2026-03-16", 45), Extension(amount=15, notice="YQ-2"), **joint)) == "2026-06-11"


def test_a_promise_above_two_thirds_needs_a_reason():
    with pytest.raises(Invalid) as refused:
        check_promise(14, 20, Unit.WORKDAY)
    assert refused.value.code == "PROMISE_TOO_LONG" and refused.value.fields[0].field == "promised"
    with pytest.raises(Invalid) as refused:
        check_promise(13, 20, Unit.WORKDAY)
    assert refused.value.code == "PROMISE_WITHOUT_REASON"
    check_promise(14, 20, Unit.WORKDAY, "需专家评审")
    check_promise(3, 5, Unit.WORKDAY)


# -- vectors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("v", vectors("add_wd"))
def test_a_clock_without_pauses_ends_on_the_nth_working_day(v):
    assert due(clock(v["start"], v["n"])) == v["due"]


@pytest.mark.parametrize("v", vectors("suspension"))
def test_paused_days_are_not_counted(v):
    assert due(clock(v["start"], v["n"], pauses=v["suspensions"])) == v["due"]


@pytest.mark.parametrize("v", vectors("extension"))
def test_an_extension_never_restarts_the_count(v):
    assert due(clock(v["start"], v["n"], added=v["ext"])) == v["due"]


@pytest.mark.parametrize("v", vectors("effective_due"))
def test_the_earliest_limit_binds(v):
    days = Milestones(received=date.fromisoformat(v["received"]), accepted=date.fromisoformat(v["accepted"]))
    promised = limit_clock(ClockKind.CASE, days.accepted, v["promised_wd"], Unit.WORKDAY)
    start = days.day(StartRule(v["stat_start"]))
    statutory = limit_clock(ClockKind.STATUTORY, start, v["stat_days"], Unit.CALENDAR)
    assert (due(promised), due(statutory)) == (v["promised_due"], v["stat_due"])
    bound = effective_due(CALENDAR, [("PROMISED", promised), ("STATUTORY", statutory)])
    assert bound is not None
    assert (bound.due.day.isoformat(), bound.name) == (v["effective_due"], v["binding"])
    assert dict(bound.all).keys() == {"PROMISED", "STATUTORY"}


@pytest.mark.parametrize("v", VECTORS["two_thirds"], ids=lambda v: f"n{v['stat']}")
def test_a_promise_is_at_most_two_thirds(v):
    assert promised_most(v["stat"]) == v["promised_max"]


YELLOW_RED = {
    1: ("03-17", "03-17"), 2: ("03-17", "03-18"), 3: ("03-18", "03-19"), 5: ("03-20", "03-23"), 6: ("03-20", "03-24"),
    7: ("03-23", "03-25"), 10: ("03-26", "03-30"), 13: ("03-30", "04-02"), 15: ("04-01", "04-07"),
    20: ("04-08", "04-14"), 25: ("04-14", "04-21"), 35: ("04-24", "05-08"), 45: ("05-09", "05-21"),
}  # fmt: skip


@pytest.mark.parametrize("v", VECTORS["warn_case"], ids=lambda v: f"n{v['n']}")
def test_yellow_and_red_of_a_case(v):
    one = clock("2026-03-16", v["n"])
    said = reading(CALENDAR, one, one.started)
    yellow, red = YELLOW_RED[v["n"]]
    assert (said.warn_from, said.due.at) == (at(f"2026-{yellow}T09:00"), at(f"2026-{red}T17:00"))
    just = timedelta(milliseconds=1)
    lights = [
        reading(CALENDAR, one, t).light
        for t in (said.warn_from - just, said.warn_from, said.due.at - just, said.due.at)
    ]
    assert lights == [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED]


# -- limits of other kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "day"),
    [
        ("2026-03-16T16:59:59", "2026-03-16"),
        ("2026-03-16T17:00:00", "2026-03-17"),
        ("2026-02-15T10:00:00", "2026-02-24"),
    ],
)
def test_an_immediate_item_is_due_at_close_and_yellow_after_thirty_counter_minutes(started, day):
    one = clock(started, 0)
    assert due(one) == day
    said = reading(CALENDAR, one, one.started)
    opened = CALENDAR.next_open(one.started)
    assert said.warn_from == min(said.due.at, opened + timedelta(minutes=30))


def test_half_days_follow_the_instants_of_a_pause():
    opened = "2026-03-16T10:00"
    assert deadline(CALENDAR, clock(opened, 6, Unit.HALFDAY)).at == at("2026-03-19T12:00")
    stopped = Suspension(
        kind="EXPERT",
        after=date(2026, 3, 17),
        through=date(2026, 3, 18),
        began_at=at("2026-03-17T10:00"),
        ended_at=at("2026-03-18T10:00"),
    )
    assert deadline(CALENDAR, clock(opened, 6, Unit.HALFDAY, pauses=[stopped])).at == at("2026-03-20T12:00")


def test_a_stage_paused_in_its_last_half_day_ends_in_the_half_day_of_resumption():
    opened = "2026-03-16T10:00"
    stop, go = at("2026-03-16T15:00"), at("2026-03-18T09:30")
    stopped = Suspension(kind="EXPERT", after=stop.date(), through=go.date(), began_at=stop, ended_at=go)
    assert deadline(CALENDAR, clock(opened, 1, Unit.HALFDAY, pauses=[stopped])).at == at("2026-03-18T12:00")
    late = Suspension(
        kind="EXPERT", after=stop.date(), through=go.date(), began_at=stop, ended_at=at("2026-03-18T18:00")
    )
    assert deadline(CALENDAR, clock(opened, 1, Unit.HALFDAY, pauses=[late])).at == at("2026-03-19T12:00")
    whole = pause("2026-03-16", "2026-03-18")
    assert deadline(CALENDAR, clock(opened, 1, Unit.HALFDAY, pauses=[whole])).at == at("2026-03-18T17:00")


def test_hours_are_counter_hours_and_stand_still_while_paused():
    one = clock("2026-03-16T14:00", 8, Unit.HOUR)
    assert deadline(CALENDAR, one).at == at("2026-03-17T15:30")
    assert deadline(CALENDAR, one.with_pause(pause("2026-03-16", "2026-03-17"))).at == at("2026-03-18T15:30")
    assert deadline(CALENDAR, one.with_pause(pause("2026-03-16", None))) is None
    said = reading(CALENDAR, one, at("2026-03-17T10:15"))
    assert (said.used, said.remaining, said.warn_from) == (4, 4, at("2026-03-17T13:30") - timedelta(minutes=90))


def test_calendar_days_freeze_in_calendar_days_and_roll_forward():
    assert due(clock("2026-09-29", 7, Unit.CALENDAR)) == "2026-10-08"
    assert due(clock("2026-03-16", 7, Unit.CALENDAR, pauses=[("2026-03-18", "2026-03-24")])) == "2026-03-30"
    assert due(clock("2026-03-16", 7, Unit.CALENDAR, pauses=[("2026-03-23", "2026-03-28")])) == "2026-03-30"


def test_counting_may_begin_with_the_day_of_acceptance():
    assert due(clock("2026-03-16", 3, count_start=CountStart.SAME_DAY)) == "2026-03-18"
    assert due(clock("2026-03-14", 3, count_start=CountStart.SAME_DAY)) == "2026-03-18"
    half = clock("2026-03-16T10:00", 2, Unit.HALFDAY, count_start=CountStart.SAME_DAY)
    assert deadline(CALENDAR, half).at == at("2026-03-16T17:00")


def test_the_day_a_case_is_accepted():
    decided, received, last = date(2026, 3, 20), date(2026, 3, 12), date(2026, 3, 19)
    assert accepted_on(decided, received=received) == decided
    assert accepted_on(decided, received=received, deemed=True) == received
    assert accepted_on(decided, received=received, last_material=last) == last
    whole = Milestones(received=received, accepted=decided, materials_complete=last)
    assert [whole.day(rule) for rule in StartRule] == [decided, received, last]


def test_delivery_and_green_channel():
    assert due(delivery_clock(date(2026, 9, 30))) == "2026-10-20"
    assert [green_channel(n) for n in (1, 3, 10)] == [1, 2, 5]


# -- lights -----------------------------------------------------------------------------------------------------


def test_a_paused_clock_is_stopped_and_goes_on_after_the_day_of_resumption():
    one = clock("2026-03-16", 3, pauses=[("2026-03-17", "2026-03-20")])
    told = [(t, reading(CALENDAR, one, at(t))) for t in ("2026-03-17T18:00", "2026-03-18T10:00", "2026-03-21T00:00")]
    assert [(said.light, said.used, said.remaining) for _, said in told] == [
        (Light.GREEN, 1, 2),
        (Light.STOPPED, 1, 2),
        (Light.GREEN, 1, 2),
    ]
    assert [said.next_turn for _, said in told] == [
        at("2026-03-18T00:00"),
        at("2026-03-21T00:00"),
        at("2026-03-23T09:00"),
    ]


def test_an_open_pause_has_no_next_turn_and_a_due_date_as_if_it_ended_today():
    one = clock("2026-03-16", 3, pauses=[("2026-03-17", None)])
    assert deadline(CALENDAR, one) is None
    said = reading(CALENDAR, one, at("2026-03-26T10:00"))
    assert (said.light, said.next_turn, said.open_ended, said.due.day) == (Light.STOPPED, None, True, date(2026, 3, 30))


def test_a_clock_with_nothing_left_runs_on_the_day_of_resumption_and_then_turns_red():
    one = clock("2026-03-16", 3, pauses=[("2026-03-19", "2026-03-25")])
    lights = [reading(CALENDAR, one, at(f"2026-03-{t}")).light for t in ("24T23:00", "25T00:00", "25T17:00")]
    assert lights == [Light.STOPPED, Light.YELLOW, Light.RED]
    open_one = clock("2026-03-16", 3, pauses=[("2026-03-19", None)])
    assert reading(CALENDAR, open_one, at("2026-03-25T18:00")).light is Light.STOPPED


def test_a_pause_after_the_due_instant_never_turns_red_back():
    one = clock("2026-03-16", 3, pauses=[("2026-03-20", "2026-03-27")])
    said = reading(CALENDAR, one, at("2026-03-24T10:00"))
    assert (said.light, said.due.day, said.next_turn) == (Light.RED, date(2026, 3, 19), None)


def test_a_stopped_clock_keeps_what_it_said():
    one = clock("2026-03-16", 3, stopped_at=at("2026-03-19T16:59:59"))
    said = reading(CALENDAR, one, at("2026-06-01T10:00"))
    assert (said.light, said.used, said.overdue, said.next_turn) == (Light.DONE, 3, 0, None)
    late = clock("2026-03-16", 3, stopped_at=at("2026-03-23T10:00"))
    assert reading(CALENDAR, late, at("2026-06-01T10:00")).overdue == 2


def test_segments_tell_why_time_stood_still():
    one = clock("2026-03-16", 10, pauses=[("2026-03-18", "2026-03-25"), pause("2026-03-20", "2026-03-27", "HEARING")])
    told = [(part.begins.date().isoformat(), [why.kind for why in part.pauses]) for part in segments(one)]
    assert told == [
        ("2026-03-16", []),
        ("2026-03-19", ["EXPERT"]),
        ("2026-03-21", ["EXPERT", "HEARING"]),
        ("2026-03-26", ["HEARING"]),
        ("2026-03-28", []),
    ]
    assert segments(one)[-1].ends is None


def test_an_outage_freezes_whole_half_days_of_an_hour_or_more():
    whole = outage_pauses(CALENDAR, at("2026-03-17T10:30"), at("2026-03-17T15:00"))
    assert [(one.after.day, one.through.day) for one in whole] == [(16, 17)]
    assert due(clock("2026-03-16", 3, pauses=whole)) == "2026-03-20"
    half = outage_pauses(CALENDAR, at("2026-03-17T11:00"), at("2026-03-17T14:00"))
    assert due(clock("2026-03-16", 3, pauses=half)) == "2026-03-19"
    assert deadline(CALENDAR, clock("2026-03-16T10:00", 6, Unit.HALFDAY, pauses=half)).at == at("2026-03-19T17:00")
    assert outage_pauses(CALENDAR, at("2026-03-17T11:01"), at("2026-03-17T14:29")) == ()
    assert outage_pauses(CALENDAR, at("2026-03-21T09:00"), at("2026-03-22T17:00")) == ()


def test_a_pause_longer_than_announced_is_reported():
    one = pause("2026-03-16", None, expected_days=3)
    days = {date(2026, 3, 26): None, date(2026, 3, 27): "HINT", date(2026, 4, 2): "HINT", date(2026, 4, 3): "YELLOW"}
    assert {day: pause_alarm(CALENDAR, one, day) for day in days} == days
    assert pause_alarm(CALENDAR, pause("2026-03-16", "2026-04-30", expected_days=3), date(2026, 4, 30)) is None
