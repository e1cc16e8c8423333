"""退回: who may, where to, what it ends, who gets it, what is left of the time, and what the journal says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import complete_task, delegate_task, record_absence, start_case, suspend_case
from service.casework.office import Office
from service.casework.returning import Way, return_preview, return_task
from service.engine import WaitKind
from service.rules.absences import AbsenceKind
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.clocks.items import MARK, clocks_of, due, item, lines_of, task
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    FOUR_STAGES,
    ISSUER,
    KEEPER,
    LEADER,
    REVIEWER,
    SECOND,
    STRANGER,
    agenda_of,
    deploy_text,
    journal_of,
    open_tasks,
)
from tests.casework.test_truths import check
from tests.conftest import Clock
from tests.engine.drive import HOUR

BLOCK = (
    '<startEvent id="S"/><userTask id="A" name="汇总"/><parallelGateway id="Fork" name="并联"/><userTask id="B" name="消防意见"/>'
    f'<boundaryEvent id="T" attachedToRef="B" cancelActivity="false">{HOUR}</boundaryEvent><userTask id="U" name="催办"/>'
    '<endEvent id="UE"/><userTask id="C" name="环保意见"/><parallelGateway id="Join" name="意见齐"/><userTask id="Z" name="决定"/>'
    '<endEvent id="E"/>\nS -> A\nA -> Fork\nFork -> B\nFork -> C\nB -> Join\nC -> Join\nJoin -> Z\nZ -> E\nT -> U\nU -> UE\n'
)
LADDER = (
    '<boundaryEvent id="Late{id}" attachedToRef="{id}" cancelActivity="false"><timerEventDefinition>'
    '<timeDate>due("{stage}")</timeDate></timerEventDefinition></boundaryEvent>'
    '<serviceTask id="Escalate{id}" name="升级" zw:action="escalate" zw:target="{id}"/><endEvent id="Told{id}">'
    '<escalationEventDefinition escalationRef="OVERDUE"/></endEvent>'
)
STAGES = (
    ("Accept", "受理", "ACCEPT", "reviewer_b"),
    ("Review", "审核", "REVIEW", "reviewer_a"),
    ("Approve", "批准", "APPROVE", "chief_rep"),
    ("Issue", "发证", "ISSUE", "issue_clerk"),
)
TIMED = '<escalation id="OVERDUE" name="OVERDUE" escalationCode="ESC_OVERDUE"/>' + item(
    '<startEvent id="S"/>'
    + "".join(
        task(id, name, stage, more=f'camunda:formKey="one" zw:role="{role}"') + LADDER.format(id=id, stage=stage)
        for id, name, stage, role in STAGES
    )
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + MARK.format(id="Yes", mark="DECIDED_YES")
    + '<endEvent id="E"/>\nS -> Accept\nAccept -> Accepted\nAccepted -> Review\nReview -> Approve\nApprove -> Yes\n'
    "Yes -> Issue\nIssue -> E\n"
    + "".join(f"Late{id} -> Escalate{id}\nEscalate{id} -> Told{id}\n" for id, *_ in STAGES),
    limit="4wd",
)
FORM = {"one.form": '{"id":"one","type":"default","components":[]}'}


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def do(office: Office, case_id: UUID, *elements: str) -> None:
    """Complete open tasks one after the other."""
    for element in elements:
        complete_task(office, ENGINE, open_tasks(office, case_id)[element].id)


def at_approval(office: Office) -> UUID:
    """A case at the desk of 批准, each stage done by its own person."""
    deploy_text(office, TIMED, forms=FORM)
    case = start_case(office, CLERK, key="item")
    complete_task(office, SECOND, open_tasks(office, case.id)["Accept"].id)
    complete_task(office, REVIEWER, open_tasks(office, case.id)["Review"].id)
    return case.id


def test_who_may_not_do_the_task_may_not_return_it(staffed: Office) -> None:
    case_id = at_approval(staffed)
    task_id = open_tasks(staffed, case_id)["Approve"].id
    for stranger in (REVIEWER, ISSUER):
        with pytest.raises(Forbidden):
            return_task(staffed, stranger, task_id, element="Review", reason="材料不符")
    with pytest.raises(Missing):
        return_preview(staffed, STRANGER, task_id)
    assert list(open_tasks(staffed, case_id)) == ["Approve"]


def test_a_reason_and_a_place_are_asked_for(staffed: Office) -> None:
    case_id = at_approval(staffed)
    task_id = open_tasks(staffed, case_id)["Approve"].id
    for more, code in (
        ({"reason": " "}, "REASON_MISSING"),
        ({"reason": "长" * 501}, "REASON_TOO_LONG"),
        ({"reason": "材料不符", "way": "somehow"}, "RETURN_WAY"),
        ({"reason": "材料不符", "element": "Issue"}, "RETURN_TARGET"),
    ):
        with pytest.raises(Invalid) as refusal:
            return_task(staffed, CHIEF, task_id, **({"element": "Review"} | more))
        assert refusal.value.code == code


def test_nothing_is_returned_to_before_what_was_decided_or_served(staffed: Office) -> None:
    case_id = at_approval(staffed)
    places = {
        one.element: one for one in return_preview(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id).places
    }
    assert places["Review"].refused is None
    assert places["Accept"].refused is not None and places["Accept"].refused.code == "MOVE_SERVED"
    complete_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id)
    issue = open_tasks(staffed, case_id)["Issue"].id
    with pytest.raises(Conflict) as refusal:
        return_task(staffed, ISSUER, issue, element="Approve", reason="证照内容有误")
    assert refusal.value.code == "MOVE_SERVED" and "准予决定" in refusal.value.sentence()


def test_a_returned_task_goes_to_who_did_it_with_what_is_left_of_the_case(staffed: Office, clock: Clock) -> None:
    case_id = at_approval(staffed)
    clock.advance(timedelta(days=1))
    approve = open_tasks(staffed, case_id)["Approve"]
    done = return_task(staffed, CHIEF, approve.id, element="Review", reason="审核意见没有依据")
    assert done.case_id == case_id and not done.ended
    review = open_tasks(staffed, case_id)["Review"]
    assert review.assignee == "zhangwei"
    clocks = clocks_of(staffed, case_id)
    assert due(clocks["Review"]) == due(clocks["CASE"]), "never a fresh limit (B.4 rule 6)"
    with staffed.reading() as records:
        row = records.tasks.find(approve.id)
    assert row is not None and (row.outcome, row.ended_by) == ("RETURNED", "chengang")
    [line] = lines_of(staffed, case_id, "task:returned")
    assert line.actor == "chengang" and line.element == "Approve" and line.detail is not None
    assert line.detail["to"] == "Review" and line.detail["reason"] == "审核意见没有依据" and line.detail["round"] == 1
    complete_task(staffed, REVIEWER, review.id)
    return_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id, element="Review", reason="还是没有依据")
    assert lines_of(staffed, case_id, "task:returned")[-1].detail["round"] == 2  # type: ignore[index]


def test_a_returned_task_goes_to_the_stand_in_when_who_did_it_is_away(staffed: Office) -> None:
    case_id = at_approval(staffed)
    record_absence(staffed, CHIEF, "zhangwei", kind=AbsenceKind.SUDDEN)
    return_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id, element="Review", reason="重新审核")
    review = open_tasks(staffed, case_id)["Review"]
    assert review.assignee != "zhangwei"


def test_straight_back_goes_to_who_returned_it(staffed: Office) -> None:
    deploy_text(staffed, FOUR_STAGES)
    case = start_case(staffed, CLERK, key="p")
    complete_task(staffed, SECOND, open_tasks(staffed, case.id)["Accept"].id)
    complete_task(staffed, REVIEWER, open_tasks(staffed, case.id)["Review"].id)
    approve = open_tasks(staffed, case.id)["Approve"]
    return_task(staffed, CHIEF, approve.id, element="Accept", reason="缺少原件核对", way=Way.STRAIGHT)
    accept = open_tasks(staffed, case.id)["Accept"]
    assert accept.assignee == "liuyang"
    complete_task(staffed, SECOND, accept.id)
    again = open_tasks(staffed, case.id)
    assert list(again) == ["Approve"] and again["Approve"].assignee == "chengang" and again["Approve"].id != approve.id


def test_what_has_changed_since_it_was_shown_is_not_done(staffed: Office) -> None:
    deploy_text(staffed, BLOCK)
    case = start_case(staffed, CLERK, key="p")
    do(staffed, case.id, "A")
    fire = open_tasks(staffed, case.id)["B"].id
    shown = return_preview(staffed, ENGINE, fire)
    assert [one.name for one in shown.places[0].beside] == ["环保意见"] and shown.places[0].timers == 1
    do(staffed, case.id, "C")
    with pytest.raises(Conflict) as refusal:
        return_task(staffed, ENGINE, fire, element="A", reason="重新汇总", seen=shown.mark)
    assert refusal.value.code == "MOVE_CHANGED"
    shown = return_preview(staffed, ENGINE, fire)
    assert shown.places[0].joins == ("意见齐",) and not shown.places[0].beside
    return_task(staffed, ENGINE, fire, element="A", reason="重新汇总", seen=shown.mark)
    assert list(open_tasks(staffed, case.id)) == ["A"]
    assert not [row for row in agenda_of(staffed, case.id) if row.kind == WaitKind.TIMER]
    check(staffed, case.id)
    do(staffed, case.id, "A", "B", "C", "Z")
    with staffed.reading() as records:
        row = records.cases.find(case.id)
    assert row is not None and row.state == "COMPLETED"


def test_a_suspended_case_a_delegated_and_a_returned_task_are_refused(staffed: Office) -> None:
    case_id = at_approval(staffed)
    task_id = open_tasks(staffed, case_id)["Approve"].id
    suspend_case(staffed, KEEPER, case_id)
    with pytest.raises(Conflict) as refusal:
        return_task(staffed, CHIEF, task_id, element="Review", reason="重新审核")
    assert refusal.value.code == "CASE_SUSPENDED"


def test_who_comes_second_is_told_who_returned_it(staffed: Office) -> None:
    case_id = at_approval(staffed)
    task_id = open_tasks(staffed, case_id)["Approve"].id
    return_task(staffed, CHIEF, task_id, element="Review", reason="重新审核")
    with pytest.raises(Conflict) as refusal:
        complete_task(staffed, CHIEF, task_id)
    assert refusal.value.code == "TASK_RETURNED" and "陈刚" in refusal.value.sentence()


def test_a_delegated_task_is_not_returned(staffed: Office) -> None:
    case_id = at_approval(staffed)
    approve = open_tasks(staffed, case_id)["Approve"].id
    delegate_task(staffed, CHIEF, approve, "zhaomin")
    with pytest.raises(Conflict) as refusal:
        return_task(staffed, LEADER, approve, element="Review", reason="请核对原件")
    assert refusal.value.code == "TASK_DELEGATED"


def test_nobody_returns_to_the_applicant(staffed: Office) -> None:
    deploy_text(
        staffed,
        '<startEvent id="S"/><userTask id="Correction" name="登记补正" zw:pause="CORRECTION"/>'
        '<userTask id="Accept" name="受理" zw:stage="ACCEPT"/><endEvent id="E"/>'
        "\nS -> Correction\nCorrection -> Accept\nAccept -> E\n",
    )
    case = start_case(staffed, CLERK, key="p")
    do(staffed, case.id, "Correction")
    shown = return_preview(staffed, ENGINE, open_tasks(staffed, case.id)["Accept"].id)
    assert shown.correctable and shown.places[0].refused is not None
    assert shown.places[0].refused.code == "RETURN_TO_APPLICANT"


def test_a_return_is_one_act_with_its_lines(staffed: Office) -> None:
    case_id = at_approval(staffed)
    before = len(journal_of(staffed, case_id))
    return_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id, element="Review", reason="重新审核")
    actions = [line.action for line in journal_of(staffed, case_id)[before:]]
    assert actions[0] == "task:returned" and "clock:stopped" in actions and "clock:started" in actions
