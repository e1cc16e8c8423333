"""撤回 and 跳转: while nobody has gone on; by who answers for the case; never over what was decided or served."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import attend_due, claim_task, complete_task, start_case
from service.casework.office import Office
from service.casework.returning import move_places, move_token, take_back_preview, take_back_task
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework import desk
from tests.casework.clocks.items import lines_of
from tests.casework.desk import (
    CHIEF,
    CLERK,
    ENGINE,
    KEEPER,
    REVIEWER,
    SECOND,
    STRANGER,
    deploy_text,
    open_tasks,
    waits_of,
)
from tests.casework.returning.test_returning import BLOCK, FORM, TIMED, at_approval, do
from tests.casework.test_truths import check
from tests.engine.drive import MESSAGE

QUEUE = (
    '<startEvent id="S"/><userTask id="A" name="初审" camunda:assignee="zhangwei"/>'
    '<userTask id="B" name="复审" camunda:candidateUsers="liuyang,chengang"/><endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n'
)


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def reviewed(office: Office) -> tuple[UUID, UUID]:
    """A case whose first task zhangwei has completed; the second waits in a queue."""
    deploy_text(office, QUEUE)
    case = start_case(office, CLERK, key="p")
    first = open_tasks(office, case.id)["A"].id
    complete_task(office, REVIEWER, first)
    return case.id, first


def test_only_who_completed_a_task_takes_it_back(staffed: Office) -> None:
    case_id, first = reviewed(staffed)
    with pytest.raises(Forbidden) as refusal:
        take_back_task(staffed, CHIEF, first, reason="写错了")
    assert refusal.value.code == "TAKE_BACK_FORBIDDEN"
    with pytest.raises(Missing):
        take_back_task(staffed, STRANGER, first, reason="写错了")
    with pytest.raises(Invalid):
        take_back_task(staffed, REVIEWER, first, reason="")
    with pytest.raises(Forbidden):
        take_back_task(staffed, REVIEWER, open_tasks(staffed, case_id)["B"].id, reason="写错了")


def test_a_task_somebody_has_claimed_is_not_taken_back(staffed: Office) -> None:
    case_id, first = reviewed(staffed)
    claim_task(staffed, SECOND, open_tasks(staffed, case_id)["B"].id)
    with pytest.raises(Conflict) as refusal:
        take_back_task(staffed, REVIEWER, first, reason="写错了")
    assert refusal.value.code == "TAKE_BACK_WORKED_ON" and "刘洋" in refusal.value.sentence()


def test_a_task_that_was_completed_after_it_refuses(staffed: Office) -> None:
    deploy_text(staffed, BLOCK)
    case = start_case(staffed, CLERK, key="p")
    first = open_tasks(staffed, case.id)["A"].id
    do(staffed, case.id, "A", "B")
    with pytest.raises(Conflict) as refusal:
        take_back_task(staffed, ENGINE, first, reason="写错了")
    assert refusal.value.code == "TAKE_BACK_WORKED_ON"


def test_a_message_that_came_since_refuses(staffed: Office) -> None:
    deploy_text(
        staffed,
        f'<startEvent id="S"/><userTask id="A" name="甲" camunda:assignee="zhangwei"/><intermediateCatchEvent id="M">{MESSAGE}'
        '</intermediateCatchEvent><userTask id="B" name="乙"/><endEvent id="E"/>\nS -> A\nA -> M\nM -> B\nB -> E\n',
    )
    from service.casework import correlate

    case = start_case(staffed, CLERK, key="p")
    first = open_tasks(staffed, case.id)["A"].id
    complete_task(staffed, REVIEWER, first)
    correlate(staffed, ENGINE, "m1", case_id=case.id)
    with pytest.raises(Conflict) as refusal:
        take_back_task(staffed, REVIEWER, first, reason="写错了")
    assert refusal.value.code == "TAKE_BACK_WENT_ON"


def test_what_is_taken_back_opens_again_for_the_same_person(staffed: Office) -> None:
    case_id, first = reviewed(staffed)
    shown = take_back_preview(staffed, REVIEWER, first)
    assert [one.name for one in shown.place.beside] == ["复审"]
    take_back_task(staffed, REVIEWER, first, reason="附件传错", seen=shown.mark)
    again = open_tasks(staffed, case_id)
    assert list(again) == ["A"] and again["A"].assignee == "zhangwei" and again["A"].id != first
    [line] = lines_of(staffed, case_id, "task:recalled")
    assert line.actor == "zhangwei" and line.detail is not None and line.detail["reason"] == "附件传错"
    check(staffed, case_id)
    with pytest.raises(Conflict) as refusal:
        take_back_task(staffed, REVIEWER, first, reason="再撤一次")
    assert refusal.value.code == "TAKE_BACK_NOTHING"


def test_what_was_shown_counts(staffed: Office) -> None:
    case_id, first = reviewed(staffed)
    shown = take_back_preview(staffed, REVIEWER, first)
    claim_task(staffed, SECOND, open_tasks(staffed, case_id)["B"].id)
    with pytest.raises(Conflict):
        take_back_task(staffed, REVIEWER, first, reason="附件传错", seen=shown.mark)


def test_a_branch_that_waits_for_others_is_taken_back_alone(staffed: Office) -> None:
    deploy_text(staffed, BLOCK)
    case = start_case(staffed, CLERK, key="p")
    do(staffed, case.id, "A")
    second = open_tasks(staffed, case.id)["C"].id
    do(staffed, case.id, "C")
    shown = take_back_preview(staffed, ENGINE, second)
    assert shown.place.joins == ("意见齐",) and not shown.place.beside
    take_back_task(staffed, ENGINE, second, reason="意见写错", seen=shown.mark)
    assert sorted(open_tasks(staffed, case.id)) == ["B", "C"]
    check(staffed, case.id)
    do(staffed, case.id, "B", "C", "Z")


def test_a_decision_is_not_taken_back(staffed: Office) -> None:
    case_id = at_approval(staffed)
    approve = open_tasks(staffed, case_id)["Approve"].id
    complete_task(staffed, CHIEF, approve)
    with pytest.raises(Conflict) as refusal:
        take_back_task(staffed, CHIEF, approve, reason="点错了")
    assert refusal.value.code == "MOVE_SERVED"


# -- 跳转


def test_a_clerk_moves_no_token(staffed: Office) -> None:
    case_id, _ = reviewed(staffed)
    token = open_tasks(staffed, case_id)["B"].id
    for actor in (REVIEWER, CLERK):
        with pytest.raises(Forbidden) as refusal:
            move_token(staffed, actor, case_id, token, "A", "试试")
        assert refusal.value.code == "MOVE_FORBIDDEN"
    with pytest.raises(Missing):
        move_places(staffed, STRANGER, case_id, token)


def test_nobody_jumps_over_acceptance_or_decision(staffed: Office) -> None:
    deploy_text(staffed, TIMED, forms=FORM)
    case = start_case(staffed, CLERK, key="item")
    accept = open_tasks(staffed, case.id)["Accept"].id
    assert "Review" not in {one.element for one in move_places(staffed, KEEPER, case.id, accept).places}
    for target in ("Review", "Issue"):
        with pytest.raises(Conflict) as refusal:
            move_token(staffed, KEEPER, case.id, accept, target, "赶时间")
        assert refusal.value.code == "MOVE_SKIPS"
    assert list(open_tasks(staffed, case.id)) == ["Accept"]


def test_a_keeper_moves_a_token_with_a_reason(staffed: Office) -> None:
    case_id = at_approval(staffed)
    token = open_tasks(staffed, case_id)["Approve"].id
    with pytest.raises(Invalid):
        move_token(staffed, KEEPER, case_id, token, "Review", "")
    shown = move_places(staffed, KEEPER, case_id, token)
    assert {"Review", "Approve"} <= {one.element for one in shown.places}
    move_token(staffed, KEEPER, case_id, token, "Review", "审核人更换", seen=shown.mark)
    assert list(open_tasks(staffed, case_id)) == ["Review"]
    [line] = lines_of(staffed, case_id, "token:moved")
    assert line.actor == "guotao" and line.element == "Approve"


def test_a_chief_moves_tasks_of_the_own_department(staffed: Office) -> None:
    case_id = at_approval(staffed)
    move_token(staffed, CHIEF, case_id, open_tasks(staffed, case_id)["Approve"].id, "Review", "重新审核")
    assert list(open_tasks(staffed, case_id)) == ["Review"]


def test_an_incident_is_moved_on(staffed: Office) -> None:
    deploy_text(
        staffed,
        '<startEvent id="S"/><scriptTask id="W" name="坏"><script>x = number("一")</script></scriptTask><userTask id="Z" name="后"/><endEvent id="E"/>\nS -> W\nW -> Z\nZ -> E\n',
    )
    case = start_case(staffed, CLERK, key="p")
    [token] = waits_of(staffed, case.id)
    move_token(staffed, KEEPER, case.id, token, "Z", "系统接口停用")
    assert list(open_tasks(staffed, case.id)) == ["Z"]
    with staffed.reading() as records:
        assert not records.incidents.open_of_case(case.id)
    attend_due(staffed)
    check(staffed, case.id)
    with pytest.raises(Missing) as refusal:
        move_token(staffed, KEEPER, case.id, token, "Z", "再来")
    assert refusal.value.code == "TOKEN_NOT_FOUND"
