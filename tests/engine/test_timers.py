"""Timers: ISO texts, working time, the clock of a limit, expressions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.engine import ModelFault, WaitKind
from service.engine.kernel.timers import after
from tests.engine.drive import CALENDAR, MONDAY, Drive, twice


def catch(kind: str, text: str) -> str:
    return (
        f'<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></intermediateCatchEvent>'
        '<userTask id="a"/>s -> t;t -> a;'
    )


def ladder(text: str, limit: str = "2hd", stage: str = "") -> str:
    return (
        f'<startEvent id="s"/><userTask id="a" zw:limit="{limit}" {stage}/><boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        f'<timeDate>{text}</timeDate></timerEventDefinition></boundaryEvent><userTask id="h"/>s -> a;t -> h;'
    )


@pytest.mark.parametrize(
    "text", ["soon", "P", "PT", "1D", "P1.5Y", "R3", "R3/PT", "P0HD", "2026-13-40", "${when}", "P99999999D"]
)
def test_a_timer_text_nobody_can_read_is_an_incident_or_refused(text: str) -> None:
    try:
        d = Drive(catch("timeDuration", text), {"when": "later"})
    except ModelFault as fault:
        assert fault.element == "t"
        return
    assert d.incidents() == ["t"] and (d.wait("t").error or "")


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "PT1H30M", MONDAY + timedelta(minutes=90)),
        ("timeDuration", '"PT1H"', MONDAY + timedelta(hours=1)),
        ("timeDuration", "P1Y2M3W4DT5S", datetime(2027, 6, 10, 1, 0, 5, tzinfo=UTC)),
        ("timeDuration", "P1M", datetime(2026, 4, 16, 1, tzinfo=UTC)),
        ("timeDuration", "P2HD", datetime(2026, 3, 17, 4, tzinfo=UTC)),
        ("timeDuration", "P1WD", datetime(2026, 3, 17, 9, tzinfo=UTC)),
        ("timeDate", "2026-03-20T09:00:00+08:00", datetime(2026, 3, 20, 1, tzinfo=UTC)),
        ("timeDate", "2026-03-20T09:00:00", datetime(2026, 3, 20, 1, tzinfo=UTC)),
        ("timeDate", "2026-03-20", datetime(2026, 3, 19, 16, tzinfo=UTC)),
        ("timeDate", "2026-03-20T01:00:00Z", datetime(2026, 3, 20, 1, tzinfo=UTC)),
        ("timeDate", "${when}", datetime(2026, 4, 1, 1, tzinfo=UTC)),
        ("timeDuration", "= duration(span)", MONDAY + timedelta(minutes=5)),
        ("timeDuration", "${span}", MONDAY + timedelta(minutes=5)),
        ("timeDate", "=date(day)", datetime(2026, 5, 1, 16, tzinfo=UTC)),
        ("timeCycle", "R3/PT10M", MONDAY + timedelta(minutes=10)),
        ("timeCycle", "R/2026-03-18T00:00:00Z/P1D", datetime(2026, 3, 18, tzinfo=UTC)),
    ],
)
def test_iso_texts_working_time_and_expressions(kind: str, text: str, due: datetime) -> None:
    d = Drive(catch(kind, text), {"when": "2026-04-01T09:00:00", "span": "PT5M", "day": "2026-05-02"})
    assert d.wait("t").kind is WaitKind.TIMER and d.wait("t").due == due


def test_the_last_day_of_a_month_stays_the_last_day() -> None:
    assert after("P1M", datetime(2026, 1, 31, tzinfo=UTC), CALENDAR) == datetime(2026, 2, 28, tzinfo=UTC)


@twice
def test_the_ladder_counts_from_the_entry_of_the_host_by_its_limit(reload: bool) -> Drive:
    """V11-01 of DOMAIN D.8: opened Monday 14:00, limit two half-days."""
    d = Drive(ladder('due("REVIEW")'), now=datetime(2026, 3, 16, 6, tzinfo=UTC), reload=reload)
    assert (
        d.wait("t").due == d.wait("a").due_date == datetime(2026, 3, 17, 9, tzinfo=UTC)
        and d.wait("t").host == d.wait("a").id
    )
    d.pass_time(hours=27)
    assert d.open() == ["a", "h"]
    return d


def test_warn_and_half_are_the_yellow_light_and_the_reminder() -> None:
    """V11-02 of DOMAIN D.8: opened Monday 10:00, limit six half-days."""
    ten = datetime(2026, 3, 16, 2, tzinfo=UTC)
    assert Drive(ladder("${warn('S')}", "6hd"), now=ten).wait("t").due == datetime(2026, 3, 18, 1, tzinfo=UTC)
    assert Drive(ladder('half("S")', "6hd"), now=ten).wait("t").due == datetime(2026, 3, 17, 5, 30, tzinfo=UTC)
    assert Drive(ladder('half("S")', "2hd"), now=ten).waits(WaitKind.TIMER) == []


def test_a_ladder_without_a_limit_is_an_incident_of_the_timer_and_the_task_goes_on() -> None:
    d = Drive(ladder('due("REVIEW")', ""))
    assert d.incidents() == ["t"] and d.open() == ["a"] and "时限" in (d.wait("t").error or "")


def test_a_limit_around_the_stage_counts_for_a_timer_inside() -> None:
    d = Drive(
        '<startEvent id="s"/><subProcess id="x" zw:limit="2hd" zw:stage="REVIEW"><startEvent id="is"/><userTask id="a" zw:limit="10wd" zw:stage="OTHER"/>'
        '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDate>due("REVIEW")</timeDate></timerEventDefinition></boundaryEvent>is -> a;</subProcess>s -> x;'
    )
    assert d.wait("t").due == datetime(2026, 3, 17, 4, tzinfo=UTC)


@twice
def test_another_due_instant_can_be_set(reload: bool) -> Drive:
    d = Drive(catch("timeDuration", "PT1H"), reload=reload)
    later = MONDAY + timedelta(days=3)
    d.run.rearm(d.wait("t").id, later)
    outcome = d.settle()
    assert outcome.changed[0].due == later and outcome.opened == () and outcome.closed == ()
    d.pass_time(days=2)
    assert d.open() == []
    d.pass_time(days=1)
    assert d.open() == ["a"]
    return d


@twice
def test_a_cycle_whose_next_round_no_calendar_knows_becomes_an_incident_after_firing(reload: bool) -> Drive:
    d = Drive(
        '<startEvent id="s"/><userTask id="a"/><boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        '<timeCycle>R/P120WD</timeCycle></timerEventDefinition></boundaryEvent><userTask id="h"/>s -> a;t -> h;',
        reload=reload,
    )
    assert d.wait("t").kind is WaitKind.TIMER
    d.run.fire(d.wait("t").id)
    d.settle()
    assert d.open() == ["a", "h"] and d.incidents() == ["t"]
    return d
