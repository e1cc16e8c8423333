"""延期: who asks, who decides, what it moves, and that there is one only."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import Actor, ask_extension, case_clocks, decide_extension, start_case
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from tests.casework.clocks.items import clocks_of, do, due, item, late, lines_of, task, wait_until
from tests.casework.desk import CAST, CHIEF, CLERK, ENGINE, REVIEWER, STRANGER, agenda_of, deploy_text, hire
from tests.conftest import Clock

HEAD = Actor(username="head", name="部门负责人", department="104", roles=frozenset({"dept_head"}))
OTHER_HEAD = Actor(username="other", name="部门负责人", department="199", roles=frozenset({"dept_head"}))
BODY = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", more='zw:reaches="ACCEPTED"')
    + task("Review", limit="40hd")
    + late("Review", "due(&quot;CASE&quot;)")
    + '<endEvent id="E" zw:reaches="READY"/>\nS -> Accept\nAccept -> Review\nReview -> E\nReviewLate -> ReviewTold\n'
)


def accepted(office: Office, clock: Clock, **zw: str) -> UUID:
    """A case accepted on 2026-03-16, statutory 20 working days, promised 13."""
    hire(office, (*CAST, HEAD, OTHER_HEAD))
    deploy_text(office, item(BODY, **({"limit": "13wd", "statutory": "20wd"} | zw)))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    do(office, case.id, "Accept")
    return case.id


def test_an_extension_is_refused_without_a_reason_an_office_or_a_law(any_office: Office, clock: Clock) -> None:
    case_id = accepted(any_office, clock)
    for actor, amount, reason, refusal, code in (
        (REVIEWER, 10, " ", Invalid, "REASON_MISSING"),
        (REVIEWER, 11, "案情复杂", Invalid, "EXTENSION_TOO_LONG"),
        (STRANGER, 10, "案情复杂", Forbidden, "EXTENSION_FORBIDDEN"),
        (CLERK, 10, "案情复杂", Forbidden, "EXTENSION_FORBIDDEN"),
    ):
        with pytest.raises(refusal) as refused:
            ask_extension(any_office, actor, case_id, amount=amount, reason=reason)
        assert refused.value.code == code
    asked = ask_extension(any_office, REVIEWER, case_id, amount=10, reason="案情复杂")
    with pytest.raises(Conflict) as pending:
        ask_extension(any_office, REVIEWER, case_id, amount=10, reason="案情复杂")
    assert pending.value.code == "EXTENSION_PENDING"
    for actor in (CHIEF, REVIEWER, OTHER_HEAD):
        with pytest.raises(Refusal) as not_granted:
            decide_extension(any_office, actor, case_id, asked.id, grant=True, notice="W25-1")
        assert not_granted.value.code == "EXTENSION_NOT_GRANTED"
    with pytest.raises(Invalid) as silent:
        decide_extension(any_office, HEAD, case_id, asked.id, grant=True)
    assert silent.value.code == "EXTENSION_WITHOUT_REASONS"


def test_a_statute_in_calendar_days_gives_no_extension(office: Office, clock: Clock) -> None:
    case_id = accepted(office, clock, statutory="7cd", limit="3wd")
    with pytest.raises(Conflict) as refused:
        ask_extension(office, REVIEWER, case_id, amount=3, reason="案情复杂")
    assert refused.value.code == "EXTENSION_NONE"


def test_promise_and_statute_both_get_the_time_and_timers_follow(any_office: Office, clock: Clock) -> None:
    """V8-02: promised 13, extended by 10, counts 23 from the original start."""
    office = any_office
    case_id = accepted(office, clock)
    assert due(clocks_of(office, case_id)["CASE"]) == "2026-04-02 17:00"
    wait_until(office, clock, "2026-03-31T10:00")
    asked = ask_extension(office, REVIEWER, case_id, amount=10, reason="案情复杂")
    assert case_clocks(office, HEAD, case_id).proceedings[0].state == "OPEN"
    decide_extension(office, HEAD, case_id, asked.id, grant=True, notice="W25-1")
    found = clocks_of(office, case_id)
    assert due(found["CASE"]) == "2026-04-17 17:00" and due(found["STATUTORY"]) == "2026-04-28 17:00"
    assert found["CASE"].light == "green", "it was yellow and may be green again"
    timer = next(one for one in agenda_of(office, case_id) if one.kind == "timer")
    assert timer.due_at == found["CASE"].due_at
    with pytest.raises(Conflict) as again:
        ask_extension(office, REVIEWER, case_id, amount=1, reason="案情复杂")
    assert again.value.code == "EXTENSION_ONCE"
    with pytest.raises(Conflict) as closed:
        decide_extension(office, HEAD, case_id, asked.id, grant=True, notice="W25-2")
    assert closed.value.code == "PROCEEDING_CLOSED"


def test_a_refused_extension_moves_nothing(office: Office, clock: Clock) -> None:
    case_id = accepted(office, clock)
    asked = ask_extension(office, REVIEWER, case_id, amount=10, reason="案情复杂")
    with pytest.raises(Forbidden):
        decide_extension(office, CHIEF, case_id, asked.id, grant=False, reason="不必延期")
    decide_extension(office, HEAD, case_id, asked.id, grant=False, reason="不必延期")
    assert due(clocks_of(office, case_id)["CASE"]) == "2026-04-02 17:00"
    assert [line.detail["state"] for line in lines_of(office, case_id, "proceeding:closed")] == ["REFUSED"]


def test_after_the_end_there_is_nothing_to_extend(office: Office, clock: Clock) -> None:
    case_id = accepted(office, clock)
    wait_until(office, clock, "2026-04-02T17:00")
    with pytest.raises(Conflict) as refused:
        ask_extension(office, REVIEWER, case_id, amount=10, reason="案情复杂")
    assert refused.value.code == "EXTENSION_LATE"
