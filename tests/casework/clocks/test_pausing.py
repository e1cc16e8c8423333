"""Pauses: by the diagram, by hand, by suspending the case, by an outage; what they refuse and what they move."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import (
    case_clocks,
    declare_outage,
    resume_case,
    resume_clock,
    start_case,
    suspend_case,
    suspend_clock,
)
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.agenda import END_OF_TIME
from tests.casework.clocks.items import ITEM_BODY, clocks_of, do, due, item, late, lines_of, task, wait_until
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    KEEPER,
    REVIEWER,
    SUPERVISOR,
    agenda_of,
    deploy_text,
    hire,
    open_tasks,
)
from tests.conftest import CHINA, Clock

NOTICE = {"notice": "W12-1", "expected_days": 5}
HEARING = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", more='zw:reaches="ACCEPTED"')
    + '<parallelGateway id="Fork"/>'
    + task("Review", limit="6hd")
    + late("Review", "due(&quot;REVIEW&quot;)")
    + task("Hear", "听证", "HEARING", "20wd", more='zw:pause="HEARING"')
    + '<parallelGateway id="Join"/><endEvent id="E" zw:reaches="READY"/>'
    "\nS -> Accept\nAccept -> Fork\nFork -> Review\nFork -> Hear\nReview -> Join\nHear -> Join\nJoin -> E\nReviewLate -> ReviewTold\n"
)


def accepted(office: Office, clock: Clock, days: str = "3wd", at: str = "2026-03-16T10:00") -> UUID:
    """A case accepted at an instant, its reviewer at work."""
    hire(office)
    deploy_text(office, item(ITEM_BODY, limit=days))
    clock.set(at)
    case = start_case(office, ENGINE, key="item")
    do(office, case.id, "Accept")
    return case.id


def test_only_the_right_person_with_a_notice_suspends_a_clock(any_office: Office, clock: Clock) -> None:
    case_id = accepted(any_office, clock)
    for actor, more, refusal, code in (
        (CHIEF, {"kind": "HOLIDAY", **NOTICE}, Invalid, "PAUSE_KIND_UNKNOWN"),
        (CHIEF, {"kind": "PUBLICITY", **NOTICE}, Conflict, "PAUSE_COUNTED"),
        (REVIEWER, {"kind": "HEARING", **NOTICE}, Forbidden, "PAUSE_NOT_GRANTED"),
        (CLERK, {"kind": "HEARING", **NOTICE}, Forbidden, "PAUSE_NOT_GRANTED"),
        (CHIEF, {"kind": "HEARING", "expected_days": 5}, Invalid, "PAUSE_WITHOUT_NOTICE"),
        (CHIEF, {"kind": "HEARING", "notice": "W12-1", "expected_days": 21}, Invalid, "PAUSE_TOO_LONG"),
    ):
        with pytest.raises(refusal) as refused:
            suspend_clock(any_office, actor, case_id, **more)  # type: ignore[arg-type]
        assert refused.value.code == code
    assert lines_of(any_office, case_id, "clock:paused") == []


def test_a_red_clock_is_suspended_by_supervision_only(any_office: Office, clock: Clock) -> None:
    case_id = accepted(any_office, clock)
    wait_until(any_office, clock, "2026-03-20T10:00")
    with pytest.raises(Conflict) as refused:
        suspend_clock(any_office, CHIEF, case_id, kind="HEARING", **NOTICE)  # type: ignore[arg-type]
    assert refused.value.code == "CLOCK_RED"
    suspend_clock(any_office, SUPERVISOR, case_id, kind="HEARING", **NOTICE)  # type: ignore[arg-type]
    assert clocks_of(any_office, case_id)["CASE"].light == "red"


@pytest.mark.parametrize(
    ("n", "after", "through", "end"),
    [
        ("3wd", "03-17", "03-20", "2026-03-24 17:00"),  # V7-01
        ("3wd", "03-16", "03-20", "2026-03-25 17:00"),  # V7-02
        ("3wd", "03-17", "03-17", "2026-03-19 17:00"),  # V7-03
        ("3wd", "03-19", "03-25", "2026-03-25 17:00"),  # V7-04
        ("3wd", "03-19", "03-28", "2026-03-30 17:00"),  # V7-05
    ],
)
def test_a_hearing_moves_the_due_day_as_the_law_counts(
    office: Office, clock: Clock, n: str, after: str, through: str, end: str
) -> None:
    case_id = accepted(office, clock, n)
    wait_until(office, clock, f"2026-{after}T11:00")
    suspend_clock(office, CHIEF, case_id, kind="HEARING", **NOTICE)  # type: ignore[arg-type]
    held = clocks_of(office, case_id)["CASE"]
    assert (held.state, held.due_at, held.light) == ("PAUSED", None, "stopped")
    row = next(one for one in agenda_of(office, case_id) if one.id == held.id)
    assert row.due_at == row.ready_at == END_OF_TIME
    review = open_tasks(office, case_id)["Review"]
    red = clocks_of(office, case_id)["Review"].light == "red"
    assert red or (review.paused_at == clock.now and review.due_at is None)
    wait_until(office, clock, f"2026-{through}T11:30")
    resume_clock(office, CHIEF, case_id, kind="HEARING", document="W13-1")
    assert due(clocks_of(office, case_id)["CASE"]) == end
    with pytest.raises(Conflict) as refused:
        resume_clock(office, CHIEF, case_id, kind="HEARING")
    assert refused.value.code == "PAUSE_NOT_OPEN"


def test_a_task_that_hears_pauses_its_item_and_runs_on_itself(any_office: Office, clock: Clock) -> None:
    office = any_office
    deploy_text(office, item(HEARING, limit="5wd"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    do(office, case.id, "Accept")
    found = clocks_of(office, case.id)
    assert found["CASE"].state == found["Review"].state == "PAUSED" and found["Hear"].state == "RUNNING"
    timer = next(one for one in agenda_of(office, case.id) if one.kind == "timer")
    assert timer.due_at == END_OF_TIME
    with pytest.raises(Conflict) as refused:
        resume_clock(office, SUPERVISOR, case.id, kind="HEARING")
    assert refused.value.code == "PAUSE_OF_DIAGRAM"
    wait_until(office, clock, "2026-03-18T11:00")
    do(office, case.id, "Hear")
    found = clocks_of(office, case.id)
    assert due(found["CASE"]) == "2026-03-25 17:00"
    assert due(found["Review"]) == "2026-03-23 12:00"
    timer = next(one for one in agenda_of(office, case.id) if one.kind == "timer")
    assert timer.due_at == found["Review"].due_at
    wait_until(office, clock, "2026-03-23T12:00")
    assert [line.element for line in lines_of(office, case.id, "timer:fired")] == ["ReviewLate"]


def test_a_suspended_case_counts_no_time(any_office: Office, clock: Clock) -> None:
    office = any_office
    case_id = accepted(office, clock)
    wait_until(office, clock, "2026-03-17T10:00")
    suspend_case(office, KEEPER, case_id, reason="等待主管部门答复")
    assert all(row.ready_at is None for row in agenda_of(office, case_id))
    wait_until(office, clock, "2026-03-19T18:00")
    assert clocks_of(office, case_id)["CASE"].light == "stopped"
    resume_case(office, KEEPER, case_id)
    assert due(clocks_of(office, case_id)["CASE"]) == "2026-03-23 17:00"
    pause = lines_of(office, case_id, "clock:paused")[0].detail["pause"]
    assert pause["kind"] == "SUSPENDED" and pause["reason"] == "等待主管部门答复"


def test_an_outage_freezes_the_half_days_of_every_running_clock(any_office: Office, clock: Clock) -> None:
    office = any_office
    case_id = accepted(office, clock)
    wait_until(office, clock, "2026-03-18T09:00")
    down, up = Clock().set("2026-03-17T09:10"), Clock().set("2026-03-17T16:50")
    with pytest.raises(Forbidden):
        declare_outage(office, CHIEF, down, up, "机房断电")
    moved = declare_outage(office, KEEPER, down, up, "机房断电")
    assert {one.clock.kind for one in moved} == {"CASE", "STAGE"}
    book = case_clocks(office, KEEPER, case_id)
    binding = book.binding()
    assert binding is not None and binding.row.due_at is not None
    assert binding.row.due_at.astimezone(CHINA).isoformat() == "2026-03-20T17:00:00+08:00"
