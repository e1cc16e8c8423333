"""Every 配套流程 of handling and administration walked to every end: desks answered, acts told what they found, the clock turned by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.engine import WaitKind
from tests.engine.drive import MONDAY, Drive
from tests.processes.library import BPMN, CALENDAR, FILES, ZW, Office, WindowTime, program, tree

KEYS = [f"support_SP_{number}" for number in ("02", "07", "10", "12", "13", "17", "18", "19")]
RAISED = {"order_card": "1", "order_department": "104", "order_person": None, "order_limit": "2hd", "order_rework": 0}


class Measure(Office):
    """A supporting case; `found` is what its acts answer, by element."""

    def __init__(
        self, key: str, variables: dict[str, Any] | None = None, start: str | None = None, **found: dict[str, Any]
    ) -> None:
        self.found = found
        self.time, self.worked = WindowTime(), []
        begun = {} if start is None else {"start": start}
        Drive.__init__(self, program(key), variables, reload=True, now=MONDAY, keeper=self.time, **begun)

    def acts(self) -> list[str]:
        """Do every waiting act; which elements they were."""
        done = []
        while waiting := self.waits(WaitKind.ACTION):
            done.append(waiting[0].element)
            self.run.complete_external(waiting[0].id, self.found.get(waiting[0].element))
            self.settle()
        return done


def late(measure: Measure, desk: str) -> None:
    """Let a desk become late and do what follows from it."""
    due = measure.wait(desk).due_date
    assert due is not None
    measure.move_to(due - timedelta(microseconds=1))
    assert not measure.waits(WaitKind.ACTION)
    measure.move_to(due)


# -- 督办 ---------------------------------------------------------------------------------------------------------


def test_an_order_that_is_raised_already_is_signed_for_answered_and_closed():
    order = Measure("support_SP_02", RAISED)
    assert order.open() == ["Task_Sign"] and order.handed_out() == ["W26"]
    order.answer("Task_Sign")
    assert order.acts() == ["Signed"]
    order.answer("Task_Reply", order_reply="已办结")
    assert order.acts() == ["Replied"]
    order.answer("Task_Rule", conclusion="met")
    assert order.acts() == ["Closed"] and order.ends == ["End_Done"]


def test_an_order_somebody_else_asked_for_is_issued_by_supervision_first():
    order = Measure("support_SP_02", {"order_card": None}, Order=RAISED)
    assert order.open() == ["Task_Issue"] and order.wait("Task_Issue").zw["role"] == "supervisor"
    order.answer("Task_Issue", decision="issue", order_to="104", order_matter="超时", order_demand="回复")
    assert order.acts() == ["Order"] and order.open() == ["Task_Sign"]
    assert order.wait("Task_Sign").zw["dept"] == "104"


def test_supervision_may_issue_none():
    order = Measure("support_SP_02", {"order_card": None})
    order.answer("Task_Issue", decision="none", reason="已办结")
    assert order.ends == ["End_None"]


def test_an_answer_that_does_not_satisfy_is_done_again_once_and_then_goes_to_the_resident_leader():
    order = Measure("support_SP_02", RAISED, Rejected={"order_rework": 1, "order_limit": "1wd"})
    order.answer("Task_Sign")
    order.acts()
    assert order.wait("Task_Reply").due_date == CALENDAR.due_after_half_days(order.now, 2)
    for again in (False, True):
        order.answer("Task_Reply", order_reply="正在办理")
        order.acts()
        order.answer("Task_Rule", conclusion="unmet", ruling_note="未说明原因")
        assert order.acts() == [["Rejected"], ["Escalated"]][again]
        if not again:
            assert order.wait("Task_Reply").due_date == CALENDAR.due_after_workdays(order.now, 1)
    assert order.open() == ["Task_Interview"] and order.wait("Task_Interview").zw["role"] == "resident_leader"
    order.answer("Task_Interview", held_on="2026-03-20", person="张伟", interview="约谈", follow_up="2026-03-27")
    assert order.acts() == ["Closed"] and order.ends == ["End_Done"]


@pytest.mark.parametrize("desk", ["Task_Sign", "Task_Reply"])
def test_who_does_not_sign_or_answer_hands_it_to_the_chief_representative(desk):
    order = Measure("support_SP_02", RAISED)
    if desk == "Task_Reply":
        order.answer("Task_Sign")
        order.acts()
    late(order, desk)
    assert order.acts() == [f"Late_{desk}"]
    assert ("escalation", "ESC_OVERDUE") in order.thrown and order.open() == [desk]


def test_an_order_to_a_person_is_theirs():
    order = Measure("support_SP_02", {**RAISED, "order_person": "zhangwei"})
    assert order.wait("Task_Sign").assignee == "zhangwei"


# -- 延期 ---------------------------------------------------------------------------------------------------------

ASKED = {"proceeding": "1", "approver_role": "dept_head", "approver_department": "104"}


@pytest.mark.parametrize(
    ("decision", "extended", "end"),
    [("agree", True, "End_Extended"), ("refuse", False, "End_Refused"), ("agree", False, "End_Refused")],
)
def test_an_extension_is_granted_refused_or_too_late(decision, extended, end):
    measure = Measure("support_SP_07", ASKED, Settle={"extended": extended})
    wait = measure.wait("Task_Decide")
    assert (wait.zw["role"], wait.zw["dept"]) == ("dept_head", "104")
    measure.answer("Task_Decide", decision=decision, answer="理由")
    assert measure.acts() == ["Settle"] and measure.ends == [end]


def test_an_extension_nobody_decides_is_noted_for_supervision():
    measure = Measure("support_SP_07", ASKED)
    late(measure, "Task_Decide")
    assert measure.acts() == ["Late_Task_Decide"] and measure.open() == ["Task_Decide"]


# -- 撤回与终止 ---------------------------------------------------------------------------------------------------


def withdrawing(ending: str = "WITHDRAWN", *, open_still: bool = True, withdrawn: bool = True) -> Measure:
    found = {"Check": {"withdrawable": open_still, "ending": ending}, "Withdraw": {"withdrawn": withdrawn}}
    measure = Measure("support_SP_10", {"ending": ending, "reason": "不再建设"}, "Start_Withdrawal", **found)
    measure.acts()
    return measure


@pytest.mark.parametrize(("ending", "desk"), [("WITHDRAWN", "Task_Confirm"), ("TERMINATED", "Task_Terminate")])
@pytest.mark.parametrize(
    ("decision", "withdrawn", "end"),
    [("confirm", True, "End_Withdrawn"), ("confirm", False, "End_Late"), ("keep", True, "End_Kept")],
)
def test_a_withdrawal_is_confirmed_given_up_or_overtaken(ending, desk, decision, withdrawn, end):
    measure = withdrawing(ending, withdrawn=withdrawn)
    assert measure.open() == [desk]
    measure.answer(desk, decision=decision)
    measure.acts()
    assert measure.ends == [end]


def test_what_has_been_decided_cannot_be_withdrawn():
    measure = withdrawing(open_still=False)
    assert measure.ends == ["End_Late"]


def test_a_withdrawal_the_window_leaves_alone_is_noted():
    measure = withdrawing()
    late(measure, "Task_Confirm")
    assert measure.acts() == ["Late_Task_Confirm"] and measure.open() == ["Task_Confirm"]


# -- 延续 ---------------------------------------------------------------------------------------------------------


def renewing(**deem: Any) -> Measure:
    measure = Measure("support_SP_12", {"department": "111"}, Register={"filed_in_time": True}, Deem=deem)
    assert measure.acts() == ["Register"]
    return measure


def hear(measure: Measure, message: str) -> None:
    wait = next(one for one in measure.run.waits().values() if one.event == message)
    measure.run.deliver(wait.id)
    measure.settle()


def test_a_renewal_filed_too_late_is_none():
    measure = Measure("support_SP_12", {}, Register={"filed_in_time": False})
    measure.acts()
    assert measure.ends == ["End_Late"]


def test_a_renewal_that_is_decided_is_noted():
    measure = renewing()
    hear(measure, "MSG_RENEWAL_DECIDED")
    assert measure.acts() == ["Succeed"] and measure.ends == ["End_Done"]


def test_a_renewal_nobody_decides_is_granted_by_law_and_looked_at():
    measure = renewing(deemed=True)
    hear(measure, "MSG_RENEWAL_EXPIRED")
    assert measure.acts() == ["Deem"] and measure.open() == ["Task_Follow"]
    assert measure.wait("Task_Follow").zw["dept"] == "111"
    measure.answer("Task_Follow", remark="换发")
    measure.answer("Task_Check", conclusion="lawful", opinion="合法")
    assert measure.ends == ["End_Deemed"]


def test_a_certificate_that_was_revoked_meanwhile_is_not_renewed():
    measure = renewing(deemed=False)
    hear(measure, "MSG_RENEWAL_EXPIRED")
    measure.acts()
    assert measure.ends == ["End_Done"]


# -- 清理 ---------------------------------------------------------------------------------------------------------


def reviewing(kind: str, **publish: Any) -> Measure:
    given = {"review": "1", "review_kind": kind, "departments": ["104", "107"], "filing_limit": "20wd"}
    measure = Measure("support_SP_13", given, Publish=publish)
    assert measure.open() == ["Task_File", "Task_File"]
    assert {one.zw["dept"] for one in measure.waits(WaitKind.USER_TASK)} == {"104", "107"}
    for _ in range(2):
        measure.answer("Task_File", filed=["本部门事项已逐项填报"])
    measure.answer("Task_Sum")
    assert measure.acts() == ["Sum"]
    measure.answer("Task_Legal", decision="agree")
    assert measure.acts() == ["Legal"]
    return measure


def test_the_yearly_review_is_published_for_comments_for_ten_working_days():
    measure = reviewing("YEARLY", published=True)
    due = measure.wait("Task_Public").due_date
    assert due == CALENDAR.due_after_workdays(measure.now, 10)
    measure.move_to(due)
    assert measure.open() == ["Task_Answer"]
    measure.answer("Task_Answer", decision="agree")
    assert measure.acts() == ["Publish"] and measure.ends == ["End_Published"]


def test_comments_may_be_registered_before_the_days_are_over():
    measure = reviewing("YEARLY", published=True)
    measure.answer("Task_Public", objections=2, opinion="两条意见")
    assert measure.open() == ["Task_Answer"]


def test_the_quarterly_clean_up_asks_nobody_outside_and_may_stop():
    measure = reviewing("QUARTERLY", published=False)
    assert measure.open() == ["Task_Answer"]
    measure.answer("Task_Answer", decision="stop")
    measure.acts()
    assert measure.ends == ["End_Stopped"]


def test_a_department_that_does_not_answer_climbs():
    given = {"review": "1", "review_kind": "QUARTERLY", "departments": ["104"], "filing_limit": "5wd"}
    measure = Measure("support_SP_13", given)
    late(measure, "Task_File")
    assert measure.acts() == ["Late_Task_File"] and measure.open() == ["Task_File"]


# -- 退费 ---------------------------------------------------------------------------------------------------------


def refunding(**variables: Any) -> Measure:
    given = {"payment": "1", "refund": None, "amount": "100.00", "department": "201", **variables}
    return Measure("support_SP_17", given, Ask={"refund": "9"}, Settle={"refunding": True})


def test_a_refund_is_reviewed_approved_and_paid_back():
    measure = refunding()
    assert measure.wait("Task_Review").zw["dept"] == "201"
    measure.answer("Task_Review", decision="agree")
    assert measure.acts() == ["Ask"] and measure.wait("Task_Approve").zw["role"] == "finance"
    measure.answer("Task_Approve", decision="agree")
    assert measure.acts() == ["Settle"] and measure.ends == ["End_Refunded"]


def test_what_the_charging_department_asks_for_needs_no_review_of_its_own():
    measure = refunding(refund="9")
    assert measure.acts() == ["Ask"] and measure.open() == ["Task_Approve"]


def test_a_refund_is_refused_by_either():
    measure = refunding()
    measure.answer("Task_Review", decision="refuse", answer="不符合条件")
    assert measure.ends == ["End_Refused"]
    measure = refunding(refund="9")
    measure.found["Settle"] = {"refunding": False}
    measure.acts()
    measure.answer("Task_Approve", decision="refuse", answer="不符合条件")
    measure.acts()
    assert measure.ends == ["End_Refused"]


@pytest.mark.parametrize("desk", ["Task_Review", "Task_Approve"])
def test_money_that_lies_is_noted(desk):
    measure = refunding(refund=None if desk == "Task_Review" else "9")
    measure.acts()
    late(measure, desk)
    assert measure.acts() == [f"Late_{desk}"] and measure.open() == [desk]


# -- 流程发布 -----------------------------------------------------------------------------------------------------


def releasing(*, valid: bool = True, legal: bool = False, released: bool = True) -> Measure:
    examined = {"valid": valid, "legal_needed": legal}
    measure = Measure("support_SP_18", {"release": "1"}, Examine=examined, Deploy={"released": released})
    assert measure.acts() == ["Examine"]
    return measure


def test_files_with_errors_go_to_nobody():
    assert releasing(valid=False).ends == ["End_Invalid"]


@pytest.mark.parametrize("legal", [False, True])
def test_a_release_is_agreed_to_deployed_and_put_on_paper(legal):
    measure = releasing(legal=legal)
    measure.answer("Task_Office", decision="agree")
    if legal:
        measure.answer("Task_Legal", decision="agree")
    measure.answer("Task_Deploy", decision="agree")
    assert measure.acts() == ["Deploy", "Report", "Sheet"] and measure.ends == ["End_Released"]


def test_each_of_the_three_may_stop_a_release():
    measure = releasing()
    measure.answer("Task_Office", decision="refuse", answer="时限过长")
    assert measure.ends == ["End_Rejected"]
    measure = releasing(legal=True)
    measure.answer("Task_Office", decision="agree")
    measure.answer("Task_Legal", decision="refuse", answer="依据不足")
    assert measure.ends == ["End_Rejected"]
    measure = releasing(released=False)
    measure.answer("Task_Office", decision="agree")
    measure.answer("Task_Deploy", decision="refuse", answer="待维护窗口")
    measure.acts()
    assert measure.ends == ["End_Rejected"]


def test_a_release_the_office_leaves_alone_is_noted():
    measure = releasing()
    late(measure, "Task_Office")
    assert measure.acts() == ["Late_Task_Office"]


# -- 默许执行 -----------------------------------------------------------------------------------------------------


def silent(*, held: bool = False) -> Measure:
    measure = Measure("support_SP_19", {"department": "107"}, State={"tacit_held": held})
    assert measure.acts() == ["State"]
    return measure


def test_silence_that_is_held_is_explained():
    measure = silent(held=True)
    measure.answer("Task_Explain", explanation="费用未缴")
    assert measure.ends == ["End_Held"]


def test_the_department_issues_the_certificate_and_supervision_looks_at_it():
    measure = silent()
    assert measure.wait("Task_Certificate").zw["dept"] == "107"
    measure.answer("Task_Certificate", certificate_no="1")
    measure.answer("Task_Check", conclusion="lawful", opinion="合法")
    assert measure.ends == ["End_Done"]


def test_after_a_working_day_the_business_office_issues_it():
    measure = silent()
    late(measure, "Task_Certificate")
    assert measure.open() == ["Task_Centre"]
    measure.answer("Task_Centre", certificate_no="1")
    measure.answer("Task_Check", conclusion="unlawful", opinion="不符合条件")
    assert measure.acts() == ["Revoke"] and measure.ends == ["End_Revoke"]


# -- all of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_every_desk_says_who_until_when_and_what_is_asked(key):
    assert key in FILES
    root = tree(key)
    assert root.find(f"{BPMN}process").get(f"{ZW}kind") == "SUPPORT"
    for task in root.iter(f"{BPMN}userTask"):
        assert task.get(f"{ZW}role") and task.get(f"{ZW}limit") and task.get(f"{ZW}stage")
        supervises = task.get(f"{ZW}role") == "supervisor"
        assert (task.get(f"{ZW}stage") == "SUPERVISE") == supervises, "supervision does no business task"
        assert task.get(f"{ZW}ladder") == "none", "an order about an order would never end"
