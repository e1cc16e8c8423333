"""Supporting processes of quality walked to every end event: engine state saved and loaded after each step."""

from __future__ import annotations

from typing import Any

import pytest

from service.engine import WaitKind
from tests.processes.library import BPMN, Office, tree

COMPLAINT = {
    "complaint_no": "TS-2026-0001", "matter_kind": "attitude", "source": "online", "anonymous": False, "complainant": "lizhao",
    "department": "104", "accused": None, "person": None, "complaint_text": "窗口态度生硬",
}  # fmt: skip
DEPARTMENT = {
    "handler": "department", "investigator_role": "resident_leader", "investigator_dept": "104", "reviewer_dept": "201", "person": None,
}  # fmt: skip
SUPERVISION = DEPARTMENT | {"handler": "supervision", "investigator_role": "supervisor", "investigator_dept": "201"}
FOUND = {"extend": "no", "investigation": "已核实", "proposed_reply": "致歉并整改"}
ONE = {"case": "c1", "number": "SJ202603160001", "title": "厂房项目", "department": "104", "reasons": "随机"}
SAMPLE = {"sample": [ONE, ONE | {"case": "c2", "department": "107"}], "sample_size": 2}
WALKED: dict[str, set[str]] = {}


def ended(office: Office, key: str, *ends: str) -> None:
    """The case is over at these ends; they count as walked."""
    assert (office.ended, office.ends) == ("completed", list(ends))
    WALKED.setdefault(key, set()).update(ends)


def late(office: Office, timer: str) -> None:
    """The timer at the edge of a step fires."""
    due = office.wait(timer).due
    assert due is not None
    office.move_to(due)


def complaint(*, to: dict[str, Any] = DEPARTMENT, **changes: Any) -> Office:
    """A complaint that was accepted and dispatched."""
    office = Office("support_SP_01", COMPLAINT | changes)
    office.told = {"dispatch": to}
    office.answer("Task_Accept", decision="accept", matter_kind="attitude")
    assert office.run_actions() == ["dispatch Dispatch"]
    return office


def replied(**changes: Any) -> Office:
    """A complaint whose answer has been approved."""
    office = complaint(**changes)
    office.answer("Task_Department", **FOUND)
    office.answer("Task_Audit", audit="approve", reply="已批评教育")
    return office


# -- SP-01 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("decision", "end"), [("refuse", "End_Refused"), ("objection", "End_Remedy")])
def test_a_complaint_is_refused_in_writing_or_shown_the_way_to_a_remedy(decision, end):
    office = Office("support_SP_01", COMPLAINT)
    office.answer("Task_Accept", decision=decision, reason="属于复议事项")
    assert office.run_actions() == ["document W29"]
    ended(office, "support_SP_01", end)


def test_a_complaint_without_a_number_gets_one_first():
    office = Office("support_SP_01", COMPLAINT | {"complaint_no": None})
    assert office.open() == []
    assert office.run_actions() == ["number Number"]
    assert office.open() == ["Task_Accept"]


def test_the_department_answers_and_a_satisfied_complainant_ends_it():
    office = replied()
    assert office.handed_out("Mark_Accepted", "Mark_Transferred", "Mark_Replied") == ["W29", "L08", "W29", "L09"]
    assert office.wait("Task_Confirm").assignee == "lizhao"
    office.answer("Task_Confirm", satisfaction="satisfied")
    office.answer("Task_Close", valid=False, close_reason="不属实")
    ended(office, "support_SP_01", "End_Closed")


def test_a_valid_complaint_is_scored():
    office = replied()
    office.answer("Task_Confirm", satisfaction="satisfied")
    office.answer("Task_Close", valid=True, close_reason="属实")
    assert office.run_actions() == ["card Card_Valid"]
    ended(office, "support_SP_01", "End_Closed")


def test_three_days_of_silence_count_as_satisfied():
    office = replied()
    late(office, "Silent_Task_Confirm")
    assert office.open() == ["Task_Close"]
    assert office.variables()["satisfaction"] == "silent"


def test_an_anonymous_complainant_is_not_asked():
    office = replied(anonymous=True, complainant=None)
    assert office.open() == ["Task_Close"]


def test_a_complainant_without_account_is_asked_by_telephone():
    office = replied(complainant=None)
    assert office.wait("Task_Confirm").candidate_groups == ("201:complaint_officer",)


def test_dissatisfaction_is_reviewed_once_by_somebody_else():
    office = replied()
    office.answer("Task_Confirm", satisfaction="unsatisfied")
    assert office.wait("Task_Review").zw["dept"] == "201"
    office.answer("Task_Review", review_finding="属实", review_reply="维持")
    office.answer("Task_Audit", audit="approve", reply="复核意见")
    office.answer("Task_Confirm", satisfaction="unsatisfied")
    assert office.open() == ["Task_Close"]


def test_supervision_investigates_what_the_dispatch_gives_it_and_may_extend_once():
    office = complaint(to=SUPERVISION)
    assert office.wait("Task_Supervision").zw["role"] == "supervisor"
    office.answer("Task_Supervision", extend="yes", extend_reason="需外调")
    office.answer("Task_Supervision", extend="yes", extend_reason="再延")
    assert office.open() == ["Task_Audit"]


def test_an_answer_is_returned_once_and_dispatched_anew():
    office = complaint()
    office.answer("Task_Department", **FOUND)
    office.answer("Task_Audit", audit="return", return_reason="未答复要求")
    assert office.run_actions() == ["dispatch Dispatch"]
    office.answer("Task_Department", **FOUND)
    office.answer("Task_Audit", audit="return", return_reason="还是不行")
    assert office.open() == ["Task_Confirm"]


def test_a_complaint_can_be_withdrawn_wherever_it_stands():
    office = complaint()
    assert office.send("message", "MSG_WITHDRAW") == 1
    assert office.ended == "completed"
    assert office.variables()["withdrawn"] is True


# -- SP-03, SP-16 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["support_SP_03", "support_SP_16"])
def test_a_month_without_cases_ends_at_once(key):
    office = Office(key, {"period": "2026-02"})
    office.told = {"sample": {"sample": [], "sample_size": 0}}
    assert office.run_actions() == ["sample Sample"]
    ended(office, key, "End_NoSample")


def test_every_drawn_case_is_called_up_to_three_times():
    office = Office("support_SP_03", {"period": "2026-02"})
    office.told = {"sample": SAMPLE}
    office.run_actions()
    assert office.open() == ["Task_Call", "Task_Call"]
    for _ in range(3):
        office.answer("Task_Call", reached="no")
    assert office.open() == ["Task_Call"]
    office.answer("Task_Call", reached="yes", satisfaction="5", follow="none")
    ended(office, "support_SP_03", "End_Callback")
    assert office.variables()["reached_count"] == 1


def test_whom_another_process_names_is_called_without_a_sample():
    office = Office("support_SP_03", {"named": True, "sample": [ONE], "sample_size": 1})
    assert office.run_actions() == [] and office.open() == ["Task_Call"]
    office.answer("Task_Call", reached="yes", satisfaction="5", follow="none")
    ended(office, "support_SP_03", "End_Callback")


def test_a_problem_found_by_a_call_becomes_a_complaint():
    office = Office("support_SP_03", {"period": "2026-02"})
    office.told = {"sample": {"sample": [ONE], "sample_size": 1}}
    office.run_actions()
    office.answer("Task_Call", reached="yes", satisfaction="2", follow="complaint", problem="多次跑动")
    [wait] = office.waits(WaitKind.ACTION)
    assert wait.zw["process"] == "support_SP_01"
    assert office.run_actions() == ["start Start_FoundComplaint"]
    ended(office, "support_SP_03", "End_Callback")
    assert office.variables()["problem_count"] == 1


def test_an_inspection_files_what_is_fine_and_orders_what_stands():
    office = Office("support_SP_16", {"period": "2026-02"})
    office.told = {"sample": SAMPLE | {"sample": [*SAMPLE["sample"], ONE], "sample_size": 3}}
    office.run_actions()
    right = {"lawful": "yes", "timely": "yes", "charged": "free"}
    office.answer("Task_Check", **right, result="fine")
    office.answer("Task_Check", **right, result="problem", findings="未一次告知")
    office.answer("Task_Check", **right, result="problem", findings="超时")
    office.answer("Task_Confirm", confirmed="no", reason="已整改")
    office.answer("Task_Confirm", confirmed="yes", reason="属实")
    [wait] = office.waits(WaitKind.ACTION)
    assert wait.zw["process"] == "support_SP_02"
    assert office.run_actions() == ["start Start_Order"]
    ended(office, "support_SP_16", "End_Sampling")
    assert office.variables()["problem_count"] == 2


def test_a_problem_found_by_a_call_becomes_an_order():
    office = Office("support_SP_03", {"period": "2026-02"})
    office.told = {"sample": {"sample": [ONE], "sample_size": 1}}
    office.run_actions()
    office.answer("Task_Call", reached="yes", satisfaction="2", follow="order", problem="窗口无人")
    assert office.run_actions() == ["start Start_Order"]
    assert office.variables()["order_matter"] == "回访发现问题：窗口无人（办件SJ202603160001）"
    ended(office, "support_SP_03", "End_Callback")


# -- SP-04 ------------------------------------------------------------------------------------------------------

RATED = {
    "rated_case": "c1", "about_number": "SJ202603160001", "grade": "1", "rating_text": "办理太慢", "named": True,
    "department": "104", "person": None, "verifier_role": "resident_leader", "verifier_dept": "104", "count": 1,
}  # fmt: skip


def bad(**changes: Any) -> Office:
    """A bad rating."""
    office = Office("support_SP_04", RATED | changes)
    assert office.handed_out("Start_BadRating") == ["L10"]
    assert office.wait("Task_Verify").zw["role"] == "resident_leader"
    return office


def test_a_true_bad_rating_is_put_right_called_back_and_published():
    office = bad()
    office.answer("Task_Verify", finding="true", contacted="已电话联系")
    assert office.wait("Task_Rectify").zw["limit"] == "5wd"
    office.answer("Task_Rectify", measure="已补办")
    office.answer("Task_CallBack", accepted="yes", said="认可")
    ended(office, "support_SP_04", "End_Closed")
    assert office.variables()["published"] is True


def test_what_is_complex_has_fifteen_days_and_is_put_right_once_more():
    office = bad()
    office.answer("Task_Verify", finding="partly", contacted="已联系", complex=True, complex_reason="涉及多部门")
    assert office.wait("Task_Rectify").zw["limit"] == "15wd"
    for _ in range(2):
        office.answer("Task_Rectify", measure="已整改")
        office.answer("Task_CallBack", accepted="no", said="不认可")
    ended(office, "support_SP_04", "End_Closed")


def test_who_cannot_be_called_is_not_called():
    office = bad(named=False)
    office.answer("Task_Verify", finding="true", contacted="匿名评价，无法联系")
    office.answer("Task_Rectify", measure="已整改")
    ended(office, "support_SP_04", "End_Closed")


def test_a_mistaken_rating_is_struck_out_after_a_second_look():
    office = bad()
    office.answer("Task_Verify", finding="mistaken", contacted="评价人称按错")
    office.answer("Task_Appeal", appeal="upheld", reason="录音为证")
    assert office.run_actions() == ["exclude_rating Exclude"]
    ended(office, "support_SP_04", "End_Invalid")


def test_a_claim_of_mistake_that_fails_has_to_be_put_right():
    office = bad()
    office.answer("Task_Verify", finding="mistaken", contacted="评价人未接电话")
    office.answer("Task_Appeal", appeal="rejected", reason="没有依据")
    assert office.open() == ["Task_Rectify"]


def test_silence_of_verification_costs_a_red_card_and_stops_nothing():
    office = bad()
    late(office, "Due_Task_Verify")
    assert office.run_actions() == ["card Card_Unverified"]
    assert office.open() == ["Task_Verify"]
    WALKED.setdefault("support_SP_04", set()).add("End_Unverified")


# -- SP-14 ------------------------------------------------------------------------------------------------------

FAULT = {
    "fault_no": "GZ-2026-0001", "person": "zhangwei", "person_name": "张伟", "department": "104", "fault_kind": "late",
    "facts": "超时三日", "supervisor_dept": "201", "reviewer_dept": "202",
}  # fmt: skip


def decided() -> Office:
    """A fault that was opened; the person has said something."""
    office = Office("support_SP_14", FAULT)
    office.answer("Task_Open", opened="yes", reason="证据充分")
    assert office.wait("Task_Statement").assignee == "zhangwei"
    office.answer("Task_Statement", statement="材料不全")
    return office


def sanctioned() -> Office:
    """A fault that was sanctioned."""
    office = decided()
    office.answer("Task_Decide", guilty="yes", established="超时三日", members="孙丽、雷鸣、田悦", minutes="集体研究")
    office.answer("Task_Sanction", sanction="talk", finding="提醒谈话")
    assert office.handed_out("Task_Sanction") == ["W28"]
    return office


def test_a_fault_that_is_not_opened_ends():
    office = Office("support_SP_14", FAULT)
    office.answer("Task_Open", opened="no", reason="证据不足")
    ended(office, "support_SP_14", "End_NotOpened")


def test_nobody_at_fault_ends_it():
    office = decided()
    office.answer("Task_Decide", guilty="no", established="不属实", members="孙丽、雷鸣、田悦", minutes="集体研究")
    ended(office, "support_SP_14", "End_NoFault")


def test_who_says_nothing_within_five_days_is_judged_all_the_same():
    office = Office("support_SP_14", FAULT)
    office.answer("Task_Open", opened="yes", reason="证据充分")
    late(office, "Silent_Task_Statement")
    assert office.open() == ["Task_Decide"]


def test_without_an_appeal_the_sanction_stands():
    office = sanctioned()
    office.answer("Task_Appeal", appeals="no")
    ended(office, "support_SP_14", "End_Closed")
    office = sanctioned()
    late(office, "Silent_Task_Appeal")
    ended(office, "support_SP_14", "End_Closed")


@pytest.mark.parametrize(("review", "end"), [("uphold", "End_Closed"), ("revoke", "End_Revoked")])
def test_an_appeal_is_reviewed_by_other_people(review, end):
    office = sanctioned()
    office.answer("Task_Appeal", appeals="yes", grounds="处理过重")
    assert office.wait("Task_Review").zw["dept"] == "202"
    office.answer("Task_Review", review=review, reason="复核")
    ended(office, "support_SP_14", end)


# -- SP-15, SP-20 -----------------------------------------------------------------------------------------------


def test_a_question_is_answered_at_once_or_handed_on_until_a_department_takes_it():
    office = Office("support_SP_15", {"question": "怎样变更登记", "way": "at_once", "answer_given": "带执照"})
    ended(office, "support_SP_15", "End_Answered")
    office = Office("support_SP_15", {"question": "消防如何办", "way": "handed_on", "department": "104"})
    assert office.wait("Task_Receive").zw["dept"] == "104"
    office.answer("Task_Receive", received="not_ours", reason="属消防")
    office.answer("Task_Assign", department="106")
    assert office.wait("Task_Receive").zw["dept"] == "106"
    office.answer("Task_Receive", received="ours")
    office.answer("Task_Answer", answer="请到消防窗口")
    ended(office, "support_SP_15", "End_Replied")


QUARTER = {"quarter": "2026Q1", "department": "104", "limit": "59wd", "days": 59}


def test_the_head_registers_the_day_and_every_problem_is_solved():
    office = Office("support_SP_20", QUARTER)
    assert office.handed_out("Mark_Told") == ["L12"]
    office.answer("Task_OnSite", held_on="2026-03-20", hours=4, problems="取号慢\n\n资料看不懂")
    assert office.open() == ["Task_Solve", "Task_Solve"]
    office.answer("Task_Solve", solved="增设取号机")
    office.answer("Task_Solve", solved="重写指南")
    ended(office, "support_SP_20", "End_OnSite")


def test_a_day_without_problems_is_over():
    office = Office("support_SP_20", QUARTER)
    office.answer("Task_OnSite", held_on="2026-03-20", hours=4)
    ended(office, "support_SP_20", "End_OnSite")


def test_a_quarter_without_the_head_is_made_known():
    office = Office("support_SP_20", QUARTER)
    late(office, "Missed_Task_OnSite")
    assert office.run_actions() == ["card Card_Missed"]
    ended(office, "support_SP_20", "End_Missed")


def test_every_end_event_has_been_walked():
    for key, walked in WALKED.items():
        inside = {e.get("id") for sub in tree(key).iter(f"{BPMN}subProcess") for e in sub.iter(f"{BPMN}endEvent")}
        drawn = {e.get("id") for e in tree(key).iter(f"{BPMN}endEvent")} - inside
        assert walked == drawn, key
    assert len(WALKED) == 7
