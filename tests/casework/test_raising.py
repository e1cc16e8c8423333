"""审批人策略: to whom a task goes when nobody holds its post, or the same person has been there before."""

from __future__ import annotations

import pytest

from service.casework import complete_task, record_absence, start_case
from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.absences import AbsenceKind
from service.rules.cards import Violation
from tests.casework import desk
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ISSUER,
    KEEPER,
    LEADER,
    REVIEWER,
    SUPERVISOR,
    deploy_text,
    journal_of,
    open_tasks,
)

TASK = '<userTask id="{id}" name="{id}" zw:stage="{stage}" zw:role="{role}" zw:dept="104" {policy}/>'


def line(first: tuple[str, str], then: tuple[str, str, str]) -> str:
    one = TASK.format(id="A", stage=first[0], role=first[1], policy="")
    two = TASK.format(id="B", stage=then[0], role=then[1], policy=then[2])
    return f'<startEvent id="S"/>{one}{two}<endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n'


@pytest.fixture
def small(any_office: Office) -> Office:
    """A department without A岗 and B岗."""
    desk.hire(any_office, (CLERK, CHIEF, LEADER, ISSUER, SUPERVISOR, KEEPER))
    return any_office


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office, (CLERK, REVIEWER, CHIEF, LEADER, SUPERVISOR, KEEPER))
    return any_office


def second(office: Office, doer: Actor) -> tuple[str | None, list[tuple[str, object]]]:
    """Who has the second task once the first is done, and what the journal says of it."""
    case = start_case(office, CLERK, key="p")
    complete_task(office, doer, open_tasks(office, case.id)["A"].id)
    lines = [
        (one.action, one.detail) for one in journal_of(office, case.id) if one.action in ("task:raised", "card:raised")
    ]
    return open_tasks(office, case.id)["B"].assignee, lines


@pytest.mark.parametrize(
    ("policy", "holder", "why"),
    [
        ("", None, None),
        ('zw:empty="queue"', None, None),
        ('zw:empty="up"', "chengang", "empty"),
        ('zw:empty="ask"', None, "empty"),
    ],
)
def test_a_post_nobody_holds_waits_or_goes_up_and_is_never_skipped(
    small: Office, policy: str, holder: str | None, why: str | None
) -> None:
    deploy_text(small, line(("ISSUE", "issue_clerk"), ("REVIEW", "reviewer_a", policy)))
    found, lines = second(small, ISSUER)
    assert found == holder
    told = [detail for action, detail in lines if action == "task:raised"]
    assert [one["why"] for one in told] == ([] if why is None else [why])
    cards = [detail for action, detail in lines if action == "card:raised"]
    assert [one["violation"] for one in cards] == ([Violation.NO_COVER] if policy == 'zw:empty="ask"' else [])


def test_whoever_is_absent_above_is_passed_over(small: Office) -> None:
    deploy_text(small, line(("ISSUE", "issue_clerk"), ("REVIEW", "reviewer_a", 'zw:empty="up"')))
    record_absence(small, CHIEF, "chengang", kind=AbsenceKind.SUDDEN)
    assert second(small, ISSUER)[0] == "zhaomin"


@pytest.mark.parametrize(
    ("policy", "holder"), [("", "zhangwei"), ('zw:same="keep"', "zhangwei"), ('zw:same="up"', "chengang")]
)
def test_who_did_an_earlier_stage_keeps_the_next_one_or_it_goes_up(staffed: Office, policy: str, holder: str) -> None:
    deploy_text(staffed, line(("SURVEY", "reviewer_a"), ("REVIEW", "reviewer_a", policy)))
    found, lines = second(staffed, REVIEWER)
    assert found == holder
    if policy.endswith('"up"'):
        assert lines == [("task:raised", {"from": "104:reviewer_a", "to": "chengang", "why": "same"})]
