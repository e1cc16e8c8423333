"""Completing: who may, who is told what, what it writes, and what it costs."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.casework import complete_task, start_case, suspend_case
from service.casework.office import Office
from service.casework.reading import get_case
from service.rules.refusals import Conflict, Forbidden, Missing
from service.store.database import count_statements
from tests.casework import desk
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    FOUR_STAGES,
    ISSUER,
    KEEPER,
    LEADER,
    LINEAR,
    REVIEWER,
    SECOND,
    STRANGER,
    SUPERVISOR,
    actions_of,
    deploy_text,
    open_tasks,
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def test_a_task_nobody_knows_is_missing(staffed: Office) -> None:
    with pytest.raises(Missing) as refusal:
        complete_task(staffed, ENGINE, uuid4())
    assert refusal.value.code == "TASK_NOT_FOUND"


def test_a_second_clerk_is_told_who_completed_the_task(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["Accept"]
    complete_task(staffed, SECOND, task.id)
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, REVIEWER, task.id)
    assert refusal.value.code == "TASK_ALREADY_COMPLETED"
    assert "刘洋" in refusal.value.sentence() and "liuyang" in refusal.value.sentence()


def test_a_stranger_may_not_complete_and_a_supervisor_neither(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p")
    task = open_tasks(staffed, case.id)["Accept"]
    for actor in (STRANGER, SUPERVISOR, CLERK, REVIEWER):
        with pytest.raises(Forbidden) as refusal:
            complete_task(staffed, actor, task.id)
        assert refusal.value.code == ("SUPERVISION_NEVER_ACTS" if actor is SUPERVISOR else "TASK_FORBIDDEN")
    assert actions_of(staffed, case.id) == ["case:started"]


def test_a_form_made_from_an_older_state_of_the_task_is_refused(staffed: Office) -> None:
    deploy_text(staffed, LINEAR)
    case = start_case(staffed, ENGINE, key="p")
    task = open_tasks(staffed, case.id)["A"]
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, ENGINE, task.id, seen=task.seen + 1)
    assert refusal.value.code == "TASK_CHANGED"
    complete_task(staffed, ENGINE, task.id, seen=task.seen)


def test_a_suspended_case_refuses(staffed: Office) -> None:
    deploy_text(staffed, LINEAR)
    case = start_case(staffed, ENGINE, key="p")
    suspend_case(staffed, KEEPER, case.id)
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, ENGINE, open_tasks(staffed, case.id)["A"].id)
    assert refusal.value.code == "CASE_SUSPENDED"


def test_the_same_person_may_not_do_stages_that_must_be_apart(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES.replace("reviewer_b", "reviewer_a"))
    case = start_case(staffed, CLERK, key="p")
    complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["Accept"].id)
    review = open_tasks(staffed, case.id)["Review"]
    assert review.assignee is None, "the only reviewer has accepted, so nobody owns the review"
    with pytest.raises(Forbidden) as refusal:
        complete_task(staffed, REVIEWER, review.id)
    assert refusal.value.code == "DUTIES_SEPARATED"


def test_four_stages_go_from_post_to_post(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p", variables={"project_name": "云溪一号"}, business_key="BJ-1")
    assert case.title == "云溪一号-p"
    for element, actor in (("Accept", SECOND), ("Review", REVIEWER), ("Approve", CHIEF), ("Issue", ISSUER)):
        task = open_tasks(staffed, case.id)[element]
        assert task.assignee == actor.username and task.department == "104"
        done = complete_task(staffed, actor, task.id, answers={"opinion": "同意"})
    assert done.ended and done.variables["Issue"].value == {"opinion": "同意"}
    ended = get_case(staffed, CLERK, case.id)
    assert (ended.state, ended.end_element, ended.version) == ("COMPLETED", "E", 6)
    assert actions_of(staffed, case.id) == ["case:started", *["task:completed"] * 4, "case:completed"]


def test_the_leader_approves_what_the_chief_representative_reviewed(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES.replace('zw:role="reviewer_a"', 'zw:role="chief_rep"'))
    case = start_case(staffed, CLERK, key="p")
    complete_task(staffed, SECOND, open_tasks(staffed, case.id)["Accept"].id)
    complete_task(staffed, CHIEF, open_tasks(staffed, case.id)["Review"].id)
    task = open_tasks(staffed, case.id)["Approve"]
    assert (task.assignee, task.role) == (LEADER.username, "resident_leader")


def test_completing_costs_one_commit_and_at_most_twelve_statements(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p")
    for element, actor in (("Accept", SECOND), ("Review", REVIEWER), ("Approve", CHIEF), ("Issue", ISSUER)):
        task = open_tasks(staffed, case.id)[element]
        with count_statements(staffed.database) as count:
            complete_task(staffed, actor, task.id, answers={"a": "甲", "b": 2, "c": True})
        assert count.commits == 1
        assert count.statements <= 11, count.sql  # and one to read the actor
