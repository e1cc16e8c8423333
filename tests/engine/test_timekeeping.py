"""Timers ask a timekeeper: what they are told to ask, when it changes its mind, when its clock stands still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.engine import Around, ClockStands, Outcome, Place, Run, WaitKind
from service.rules.refusals import Invalid
from tests.engine.drive import CALENDAR, MONDAY, Drive, program_of

LATER = MONDAY + timedelta(days=3)


class Keeper:
    """Answers what it was told to; keeps what it was asked."""

    def __init__(self, answers: Mapping[str, datetime | None | Exception] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, Any, str | None]] = []

    def _answer(self, name: str) -> datetime | None:
        answer = self.answers.get(name, LATER)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stage(self, ask: str, around: Around, later: str | None) -> datetime | None:
        self.asked.append((ask, around, later))
        return self._answer(ask)

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        self.asked.append((f"{ask} {name}", place, later))
        return self._answer(name)

    def after(self, limit: str, start: datetime, around: Around | None) -> datetime:
        self.asked.append((f"after {limit}", around, start.isoformat()))
        answer = self._answer(limit)
        assert answer is not None
        return answer


def task(timer: str, kind: str = "timeDate", host: str = 'zw:limit="2hd" zw:stage="REVIEW"') -> str:
    return (
        f'<startEvent id="s"/><userTask id="a" {host}/><boundaryEvent id="t" attachedToRef="a" cancelActivity="false">'
        f'<timerEventDefinition><{kind}>{timer}</{kind}></timerEventDefinition></boundaryEvent><userTask id="h"/>s -> a;t -> h;'
    )


def started(body: str, keeper: Keeper) -> tuple[Run, Outcome]:
    run = Run.start(
        program_of(body), case_id=uuid4(), now=MONDAY, calendar=CALENDAR, variables={"n": "3wd"}, keeper=keeper
    )
    return run, run.settle()


def timer_of(run: Run) -> Any:
    return next(one for one in run.waits().values() if one.element == "t")


def test_without_a_timekeeper_there_are_no_clocks_of_items() -> None:
    d = Drive(task('due("CASE")'))
    assert d.incidents() == ["t"] and "CASE" in (d.wait("t").error or "")


def test_what_the_timekeeper_refuses_is_an_incident_of_the_timer() -> None:
    run, _ = started(
        task('due("CASE")'), Keeper({"CASE": Invalid("CLOCK_UNKNOWN", "这里没有时限“{name}”", name="CASE")})
    )
    assert timer_of(run).kind is WaitKind.INCIDENT


def test_a_stage_is_asked_with_its_activity_and_a_named_clock_with_its_place() -> None:
    keeper = Keeper()
    run, _ = started(task('due("REVIEW", "2hd")'), keeper)
    ask, around, later = next(one for one in keeper.asked if one[2] == "2hd")
    host = next(one for one in run.waits().values() if one.element == "a")
    assert (ask, later, around.token, around.limit, around.zw["stage"]) == ("due", "2hd", host.id, "2hd", "REVIEW")
    assert around.entered_at == MONDAY and around.scope is None and not around.looped
    keeper = Keeper()
    inner = f'<process id="item" isExecutable="true">{task("warn(&quot;CASE&quot;)")}</process>'
    outer = '<process id="p" isExecutable="true"><startEvent id="s"/><callActivity id="c" calledElement="item"/>s -> c;</process>'
    run, _ = started(outer + inner, keeper)
    place = next(place for ask, place, _ in keeper.asked if ask == "warn CASE")
    call = next(one.host for one in run.scopes() if one.element == "c")
    assert place == Place(scopes=((call, "item"), (None, "p")))


def test_a_clock_that_stands_still_leaves_the_timer_without_an_instant_until_it_goes_on() -> None:
    keeper = Keeper({"CASE": ClockStands()})
    run, outcome = started(task('due("CASE")'), keeper)
    assert [one.due for one in outcome.opened if one.element == "t"] == [None]
    assert run.recount() is False
    keeper.answers["CASE"] = LATER
    assert run.recount() is True
    outcome = run.settle()
    assert [(one.element, one.due) for one in outcome.changed] == [("t", LATER)]
    again = Run.load(
        run.program, outcome.state or b"", case_id=run.case_id, now=MONDAY, calendar=CALENDAR, keeper=keeper
    )
    assert timer_of(again).due == LATER
    keeper.answers["CASE"] = ClockStands()
    assert again.recount() is True
    assert timer_of(again).due is None
    again.fire(timer_of(again).id)
    assert "h" in {one.element for one in again.settle().opened}, "by hand it may be fired all the same"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("P3WD", "timeDuration"), ("${n}", "timeDuration"), ('="P3WD"', "timeDuration"), ("R3/P3WD", "timeCycle")],
)
def test_working_time_is_counted_anew_from_where_it_began(text: str, kind: str) -> None:
    keeper = Keeper()
    run, _ = started(task(text, kind), keeper)
    asked = next(one for one in keeper.asked if one[0].startswith("after"))
    assert asked[1].element == "a" and asked[2] == MONDAY.isoformat()
    for name in ("P3WD", "3wd"):
        keeper.answers[name] = LATER + timedelta(days=1)
    later = Run.load(
        run.program, run.settle().state or b"", case_id=run.case_id, now=LATER, calendar=CALENDAR, keeper=keeper
    )
    assert later.recount() is True and timer_of(later).due == LATER + timedelta(days=1)
    assert keeper.asked[-1][2] == MONDAY.isoformat()


@pytest.mark.parametrize("text", ["PT1H", "2026-03-20T09:00:00+08:00"])
def test_calendar_time_is_not_counted_anew(text: str) -> None:
    keeper = Keeper()
    run, _ = started(task(text, "timeDuration" if text[0] == "P" else "timeDate"), keeper)
    before = timer_of(run).due
    assert run.recount() is False and timer_of(run).due == before


def test_what_somebody_set_by_hand_stays_set() -> None:
    keeper = Keeper()
    run, _ = started(task('due("CASE")'), keeper)
    run.rearm(timer_of(run).id, LATER + timedelta(hours=5))
    run.settle()
    keeper.answers["CASE"] = MONDAY
    assert run.recount() is False and timer_of(run).due == LATER + timedelta(hours=5)


def test_the_mark_of_a_node_is_told_with_the_called_process_it_stands_in() -> None:
    inner = (
        '<process id="item" isExecutable="true" zw:kind="ITEM" zw:limit="3wd"><startEvent id="s"/><subProcess id="x">'
        '<startEvent id="is"/><intermediateThrowEvent id="m" zw:reaches="ACCEPTED"/><endEvent id="ie"/>is -> m;m -> ie;'
        "</subProcess>s -> x;</process>"
    )
    outer = '<process id="p" isExecutable="true"><startEvent id="s"/><callActivity id="c" calledElement="item"/><userTask id="a"/>s -> c;c -> a;</process>'
    run, outcome = started(outer + inner, Keeper())
    passed = [one for one in outcome.passages if one.element == "m" and one.what == "completed"]
    call = next(one.id for one in outcome.passages if one.element == "c")
    assert [one.variable_scope for one in passed] == [call] and passed[0].scope != call
    assert run.program.attributes("item") == {"kind": "ITEM", "limit": "3wd"}
    assert run.program.elements("item")["m"].zw == {"reaches": "ACCEPTED"}
