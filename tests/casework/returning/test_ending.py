"""终止 and 重新启动: on which ground, by whom, until when; what goes on is what had stopped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework import complete_task, get_case, start_case
from service.casework.office import Office
from service.casework.returning import Ground, end_case, end_preview, may_reopen, reopen_case, reopen_preview
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework import desk
from tests.casework.clocks.items import MARK, clocks_of, due, lines_of
from tests.casework.desk import CHIEF, CLERK, ENGINE, KEEPER, LEADER, REVIEWER, deploy_text, open_tasks
from tests.casework.returning.test_returning import TIMED, at_approval
from tests.conftest import Clock

# 审核 may find that the case was accepted by mistake: 退件 (C.5.1, note 3)
RETURNING = TIMED.replace(
    "Review -> Approve\n",
    "Review -> X\nX -> Approve : Review.mistaken != true\nX -> Back : Review.mistaken = true\nBack -> Gone\n",
).replace(
    '<endEvent id="E"/>',
    '<endEvent id="E"/><exclusiveGateway id="X"/>'
    + MARK.format(id="Back", mark='RETURNED" zw:doc="W23')
    + '<endEvent id="Gone" name="退件"/>',
)

ASKED = {"one.form": '{"id":"one","type":"default","components":[{"type":"checkbox","key":"mistaken","label":"误收"}]}'}


@pytest.fixture
def staffed(any_office: Office) -> Office:
    desk.hire(any_office)
    return any_office


def returned(office: Office) -> UUID:
    """A case that 审核 has given back to the applicant."""
    deploy_text(office, RETURNING, forms=ASKED)
    case = start_case(office, CLERK, key="item")
    complete_task(office, ENGINE, open_tasks(office, case.id)["Accept"].id)
    complete_task(office, REVIEWER, open_tasks(office, case.id)["Review"].id, answers={"mistaken": True})
    assert get_case(office, ENGINE, case.id).ended
    return case.id


def test_a_case_is_ended_on_a_ground_with_a_reason_by_a_keeper(staffed: Office) -> None:
    case_id = at_approval(staffed)
    with pytest.raises(Forbidden):
        end_case(staffed, CHIEF, case_id, ground=Ground.GONE, reason="企业已注销")
    for ground, reason, code in (("whim", "企业已注销", "END_GROUND"), (Ground.GONE, " ", "REASON_MISSING")):
        with pytest.raises(Invalid) as refusal:
            end_case(staffed, KEEPER, case_id, ground=ground, reason=reason)
        assert refusal.value.code == code
    shown = end_preview(staffed, KEEPER, case_id)
    assert shown.tasks == ("批准",)
    end_case(staffed, KEEPER, case_id, ground=Ground.GONE, reason="企业已注销", seen=shown.mark)
    assert get_case(staffed, KEEPER, case_id).ended
    [line] = lines_of(staffed, case_id, "case:terminated")
    assert line.detail is not None and line.detail["ground"] == "GONE" and "企业已注销" in line.detail["reason"]
    with pytest.raises(Conflict):
        end_case(staffed, KEEPER, case_id, ground=Ground.GONE, reason="再来一次")


def test_what_was_decided_is_not_ended(staffed: Office) -> None:
    case_id = at_approval(staffed)
    complete_task(staffed, CHIEF, open_tasks(staffed, case_id)["Approve"].id)
    with pytest.raises(Conflict) as refusal:
        end_preview(staffed, KEEPER, case_id)
    assert refusal.value.code == "WITHDRAWAL_DECIDED"


def test_only_the_chief_of_the_department_reopens_and_only_what_was_a_mistake(staffed: Office) -> None:
    case_id = returned(staffed)
    for actor in (REVIEWER, LEADER, KEEPER):
        with pytest.raises(Forbidden):
            reopen_case(staffed, actor, case_id, reason="误退")
    assert may_reopen(staffed, CHIEF, case_id) and not may_reopen(staffed, REVIEWER, case_id)
    with pytest.raises(Invalid):
        reopen_case(staffed, CHIEF, case_id, reason="")


def test_a_case_that_runs_or_was_ended_otherwise_is_not_reopened(staffed: Office) -> None:
    case_id = at_approval(staffed)
    for code in ("REOPEN_RUNNING", "REOPEN_NOT_MISTAKEN"):
        with pytest.raises(Conflict) as refusal:
            reopen_case(staffed, CHIEF, case_id, reason="误退")
        assert refusal.value.code == code
        if code == "REOPEN_RUNNING":
            end_case(staffed, KEEPER, case_id, ground=Ground.MISFILED, reason="重复立件")


def test_a_case_that_was_reopened_once_and_then_ended_by_a_keeper_stays_ended(staffed: Office) -> None:
    case_id = returned(staffed)
    reopen_case(staffed, CHIEF, case_id, reason="误退")
    end_case(staffed, KEEPER, case_id, ground=Ground.MISFILED, reason="重复立件")
    with pytest.raises(Conflict) as refusal:
        reopen_case(staffed, CHIEF, case_id, reason="误退")
    assert refusal.value.code == "REOPEN_NOT_MISTAKEN"


def test_the_next_day_is_too_late(staffed: Office, clock: Clock) -> None:
    case_id = returned(staffed)
    clock.advance(timedelta(days=1))
    with pytest.raises(Conflict) as refusal:
        reopen_case(staffed, CHIEF, case_id, reason="误退")
    assert refusal.value.code == "REOPEN_LATE"


def test_a_reopened_case_goes_on_where_it_was_with_its_clocks_and_a_hint_to_supervision(
    staffed: Office, clock: Clock
) -> None:
    case_id = returned(staffed)
    before = clocks_of(staffed, case_id)["CASE"]
    shown = reopen_preview(staffed, CHIEF, case_id)
    assert shown.tasks == ("审核",)
    clock.advance(timedelta(hours=1))
    reopen_case(staffed, CHIEF, case_id, reason="核对后属于受理范围", seen=shown.mark)
    view = get_case(staffed, CHIEF, case_id)
    assert not view.ended and view.state == "ACTIVE"
    tasks = open_tasks(staffed, case_id)
    assert list(tasks) == ["Review"] and tasks["Review"].assignee == "zhangwei"
    after = clocks_of(staffed, case_id)
    assert after["CASE"].state == "RUNNING" and after["CASE"].due_at is not None
    assert due(after["Review"]) == due(after["CASE"]) and after["CASE"].started_at == before.started_at
    [line] = lines_of(staffed, case_id, "case:reopened")
    assert line.actor == "chengang" and line.detail is not None and line.detail["reason"] == "核对后属于受理范围"
    with staffed.reading() as records:
        assert [one.violation for one in records.supervision.of_case(case_id)] == ["REOPENED"]
    complete_task(staffed, REVIEWER, tasks["Review"].id, answers={"mistaken": False})
    assert list(open_tasks(staffed, case_id)) == ["Approve"]
