"""收件号: every case a person starts has one, without gaps, per day and department."""

from __future__ import annotations

import re

import pytest

from service.casework import complete_task, correlate, start_case
from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.refusals import Conflict, Refusal
from service.store.database import count_statements
from tests.casework.desk import ENGINE, KEEPER, LINEAR, deploy_text, open_tasks
from tests.casework.test_correlating import MESSAGE, STARTER
from tests.casework.test_races import at_once
from tests.conftest import Clock

CLERK = Actor(username="wangfang", name="王芳", department="201", roles=frozenset({"counter_clerk"}))
APPLICANT = Actor(username="lizhao", name="李昭", roles=frozenset({"applicant"}))
CLERK_OF_104 = Actor(username="qianwu", name="钱五", department="104", roles=frozenset({"counter_clerk"}))
ELSEWHERE = Actor(username="zhaoliu", name="赵六", department="HQ", roles=frozenset({"counter_clerk"}))


@pytest.fixture
def counter(any_office: Office) -> Office:
    """An office with one process."""
    deploy_text(any_office, LINEAR)
    return any_office


def number_of(office: Office, actor: Actor, **more: str) -> str | None:
    return start_case(office, actor, key="p", **more).business_key


def test_a_start_that_fails_takes_no_number(counter: Office) -> None:
    with pytest.raises(Refusal):
        start_case(counter, CLERK, key="p", variables={"n": 2**70})
    assert number_of(counter, CLERK) == "SJ202603162010001"


def test_programs_and_who_gives_a_number_get_none(counter: Office) -> None:
    assert number_of(counter, ENGINE) is None
    assert number_of(counter, CLERK, business_key="BJ-1") == "BJ-1"
    assert number_of(counter, CLERK, business_key="") == "SJ202603162010001"


def test_a_number_names_the_day_in_china_and_the_department_and_counts_on(counter: Office, clock: Clock) -> None:
    assert [number_of(counter, CLERK) for _ in range(2)] == ["SJ202603162010001", "SJ202603162010002"]
    assert number_of(counter, CLERK_OF_104) == "SJ202603161040001"
    assert number_of(counter, APPLICANT) == "SJ202603162010003"
    assert number_of(counter, ELSEWHERE) == "SJ202603162010004"
    clock.set("2026-03-17T00:00:01")
    number = number_of(counter, CLERK)
    assert number == "SJ202603172010001" and re.fullmatch(r"SJ[0-9]{15}", number)
    clock.set("2026-03-16T09:00:00")
    assert number_of(counter, CLERK) == "SJ202603162010005"


def test_a_number_given_by_hand_is_left_out(counter: Office) -> None:
    number_of(counter, ENGINE, business_key="SJ202603162010001")
    assert number_of(counter, CLERK) == "SJ202603162010002"
    with pytest.raises(Conflict):
        number_of(counter, CLERK, business_key="SJ202603162010002")


def test_starts_at_the_same_moment_have_numbers_without_gaps(counter: Office) -> None:
    numbers = at_once(*(lambda: number_of(counter, CLERK) for _ in range(8)))
    assert sorted(map(str, numbers)) == [f"SJ20260316201{n:04d}" for n in range(1, 9)]


def test_a_case_started_by_a_message_a_person_sends_has_a_number(any_office: Office) -> None:
    deploy_text(any_office, STARTER.format(MESSAGE), key="q")
    (by_person,) = correlate(any_office, KEEPER, "m1")
    (by_program,) = correlate(any_office, ENGINE, "m1")
    assert by_person.case.business_key == "SJ202603162010001" and by_program.case.business_key is None


def test_numbering_costs_two_statements_of_the_start_and_none_of_a_completion(counter: Office) -> None:
    costs = []
    start_case(counter, ENGINE, key="p")
    for actor in (ENGINE, CLERK):
        with count_statements(counter.database) as count:
            case = start_case(counter, actor, key="p")
        started = count.statements
        with count_statements(counter.database) as count:
            complete_task(counter, ENGINE, open_tasks(counter, case.id)["A"].id)
        costs.append((started, count.statements, count.commits))
    (plain, completing, commits), (numbered, also_completing, also_commits) = costs
    assert (numbered, also_completing, also_commits) == (plain + 2, completing, commits)
