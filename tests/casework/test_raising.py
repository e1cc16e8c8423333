"""审批人策略: to whom a task goes when nobody holds its post, or the same person has been there before."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import complete_task, record_absence, start_case
from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.returning import return_task
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


# -- zw:duplicate and skip ------------------------------------------------------------------------------------------------

FORM = '{"schemaVersion": 16, "type": "default", "id": "f", "components": [{"type": "textfield", "key": "conclusion"}]}'
STEP = '<userTask id="{id}" name="{id}" camunda:formKey="f" zw:role="{role}" zw:dept="104" {policy}/>'


def three(policy: str, last: str = "reviewer_a") -> str:
    """甲 and 丙 for the same post, somebody else between them."""
    steps = "".join(
        STEP.format(id=id, role=role, policy=more)
        for id, role, more in (("A", "reviewer_a", ""), ("M", "chief_rep", ""), ("B", last, policy))
    )
    return f'<startEvent id="S"/>{steps}<endEvent id="E"/>\nS -> A\nA -> M\nM -> B\nB -> E\n'


def up_to_the_last(office: Office, said: str, policy: str) -> UUID:
    deploy_text(office, three(policy), forms={"f.form": FORM})
    case = start_case(office, CLERK, key="p")
    complete_task(office, REVIEWER, open_tasks(office, case.id)["A"].id, answers={"conclusion": said})
    complete_task(office, CHIEF, open_tasks(office, case.id)["M"].id, answers={"conclusion": "agree"})
    return case.id


def skipped(office: Office, case_id: UUID) -> list[dict[str, object]]:
    return [dict(one.detail or {}) for one in journal_of(office, case_id) if one.action == "task:skipped"]


def test_who_has_agreed_before_is_not_asked_again_and_the_journal_says_so(staffed: Office) -> None:
    case_id = up_to_the_last(staffed, "agree", 'zw:duplicate="skip"')
    assert open_tasks(staffed, case_id) == {}
    assert skipped(staffed, case_id) == [
        {"name": "B", "why": "duplicate", "person": "zhangwei", "earlier": "A", "element": "A"}
    ]
    with staffed.reading() as records:
        case = records.cases.find(case_id)
        said = {one.name: one.value for one in records.variables.of_case(case_id)}
    assert case is not None and case.state == "COMPLETED"
    assert said["B"] == {"conclusion": "agree"}, "what the person said at the earlier step"


@pytest.mark.parametrize(
    ("said", "policy", "holder"),
    [
        ("disagree", 'zw:duplicate="skip"', "zhangwei"),
        ("agree", 'zw:duplicate="keep"', "zhangwei"),
        ("agree", 'zw:same="skip"', "zhangwei"),  # no stage of the item
        ("agree", "", "zhangwei"),
        ("agree", 'zw:duplicate="up"', "zhaomin"),  # the 首席代表 has been there, too
        ("agree", 'zw:duplicate="ask"', None),
    ],
)
def test_who_has_objected_or_is_wanted_all_the_same_is_asked(
    staffed: Office, said: str, policy: str, holder: str | None
) -> None:
    case_id = up_to_the_last(staffed, said, policy)
    assert open_tasks(staffed, case_id)["B"].assignee == holder
    assert skipped(staffed, case_id) == []


def test_a_step_that_was_given_back_is_looked_at_again(staffed: Office) -> None:
    deploy_text(staffed, three('zw:duplicate="skip"').replace("M -> B", "M -> Q\nQ -> B").replace(
        '<endEvent id="E"/>', '<userTask id="Q" name="Q" zw:role="chief_rep" zw:dept="104"/><endEvent id="E"/>'
    ), forms={"f.form": FORM})  # fmt: skip
    case = start_case(staffed, CLERK, key="p")
    complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["A"].id, answers={"conclusion": "agree"})
    complete_task(staffed, CHIEF, open_tasks(staffed, case.id)["M"].id, answers={"conclusion": "agree"})
    return_task(staffed, CHIEF, open_tasks(staffed, case.id)["Q"].id, element="M", reason="重新会商")
    complete_task(staffed, CHIEF, open_tasks(staffed, case.id)["M"].id, answers={"conclusion": "agree"})
    complete_task(staffed, CHIEF, open_tasks(staffed, case.id)["Q"].id)
    assert open_tasks(staffed, case.id)["B"].assignee == "zhangwei" and skipped(staffed, case.id) == []


def test_a_step_without_a_form_is_skipped_where_nobody_holds_its_post(small: Office) -> None:
    first = TASK.format(id="A", stage="ISSUE", role="issue_clerk", policy="")
    second = '<userTask id="B" name="B" zw:role="reviewer_a" zw:dept="104" zw:empty="skip"/>'
    deploy_text(small, f'<startEvent id="S"/>{first}{second}<endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n')
    case = start_case(small, CLERK, key="p")
    complete_task(small, ISSUER, open_tasks(small, case.id)["A"].id)
    assert open_tasks(small, case.id) == {}
    assert skipped(small, case.id) == [{"name": "B", "why": "empty"}]
