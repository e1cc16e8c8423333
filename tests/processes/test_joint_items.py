"""上报件, 告知承诺, 会签 and joint processes walked to every end event, saved and loaded after each step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.engine import WaitKind
from service.rules.tacit import LOCKED
from service.rules.worktime import parse_limit
from tests.processes.library import BPMN, CALENDAR, JOINT, ZW, Office, tree

REPORTED = ["item_117_XK_002", "item_121_XK_002"]
PROMISING = {"item_106_XK_001": {"commit_mode": True}, "item_111_XK_003": {"otc_only": True}}
SECTIONS = ["Task_Defence", "Task_Energy", "Task_Fire", "Task_Lightning", "Task_Structure"]
SHARED = ["Send_Upper", "Query_Tax", "Report_Tax", "Watch_Tax", "Push_List"]
ANSWERS: dict[str, dict[str, Any]] = {
    "Task_Accept": {"decision": "accept"},
    "Task_Review": {"recommendation": "grant"},
    "Task_Conclude": {"recommendation": "grant"},
    "Task_Check": {"recommendation": "grant"},
    "Task_Approve": {"decision": "grant"},
    "Task_Approve_Now": {"decision": "grant"},
    "Task_Issue": {"certificate_no": "1"},
    "Task_Upper": {"decision": "grant", "upper_no": "林资许〔2026〕12号"},
    "Task_Booking": {"survey_on": "2026-03-18", "half": "上午", "place": "现场"},
    "Task_Survey": {"survey_conclusion": "通过", "inspector_a": "甲", "inspector_b": "乙"},
    "Task_Commit": {"committed": "no"},
}


class Case(Office):
    """An office case that works until something is open; the tax office says nothing by itself."""

    def __init__(self, key: str, variables: dict[str, Any] | None = None) -> None:
        super().__init__(key, variables)
        self.taxed = None

    def work(self, until: str | None = None, **replies: dict[str, Any]) -> Case:
        """Answer every open desk like `replies`, else as an officer who agrees, until `until` is open or nothing is."""
        for _ in range(60):
            self.acts()
            if self.ended is not None or (until is not None and until in self.open()):
                return self
            if not self.open():
                return self
            element = self.open()[0]
            given = dict(replies.get(element) or ANSWERS.get(element) or {"conclusion": "agree"})
            if element == "Task_Approve" and self.process_of(element) in REPORTED:
                given = dict(replies.get(element) or {"decision": "report"})
            self.answer(element, **given)
        raise AssertionError(f"{self.open()} go round")

    def acts(self) -> list[str]:
        """What the worker does; exchanges are taken by the other side."""
        return self.run_actions()


def desks(key: str) -> dict[str, str]:
    """zw:tacit of every user task of a file."""
    return {task.get("id"): task.get(f"{ZW}tacit", "none") for task in tree(key).iter(f"{BPMN}userTask")}


# -- what all of them have in common ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", JOINT)
class TestEveryJointItem:
    def test_refuses_at_the_window_with_a_written_notice(self, key):
        office = Case(key)
        office.answer("Task_Accept", decision="reject", reject_kind="other_agency", reason="不属本机关职权")
        assert office.acts() == ["document W03"]
        assert (office.ended, office.ends) == ("completed", ["End_NotAccepted"])

    def test_gives_up_after_the_thirty_working_days_of_the_applicant(self, key):
        office = Case(key)
        office.answer("Task_Accept", decision="correct", gaps=["申请表(表)"], gap_notes="缺签字")
        assert office.acts() == ["document W04"]
        office.move_to(office.wait("Task_Correction").due_date)
        assert office.acts() == ["document W24"]
        assert office.ends == ["End_Abandoned"]

    def test_is_accepted_by_law_when_the_window_says_nothing(self, key):
        office = Case(key)
        office.move_to(CALENDAR.due_after_workdays(office.now, 5))
        office.work()
        assert office.ends[-1] == "End_Granted"
        assert office.reached() == ["DEEMED_ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]

    def test_grants_with_its_papers_and_marks(self, key):
        office = Case(key).work()
        assert (office.ended, office.ends[-1]) == ("completed", "End_Granted")
        assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
        decision = ["W13"] if key == "item_104_QT_005_joint" else ["W13", "W14"]
        assert office.handed_out("Mark_Granted") == decision
        assert [code for code in office.handed_out() if code in ("W01", "W02", "W18", "M20")] == [
            "W01", "W02", "W18", "M20",
        ]  # fmt: skip

    def test_returns_three_times_and_then_has_to_be_decided(self, key):
        office = Case(key).work(until="Task_Approve")
        for count in (1, 2, 3):
            office.answer("Task_Approve", decision="return", reason="核实")
            assert office.variables()["return_count"] == count
            office.work(until="Task_Approve")
        office.answer("Task_Approve", decision="return", reason="再退")
        assert office.open() == ["Task_Approve"]

    def test_every_desk_climbs_exactly_when_it_is_due(self, key):
        office = Case(key)
        while office.ended is None:
            office.acts()
            for wait in office.waits(WaitKind.USER_TASK):
                assert wait.due_date == parse_limit(wait.zw["limit"]).due(CALENDAR, wait.entered_at)
            climbing = [t for t in office.waits(WaitKind.TIMER) if t.element.startswith("Due_Task_")]
            if climbing:
                office.move_to(max(t.due for t in climbing))
                assert office.acts() == sorted(f"escalate {t.element.removeprefix('Due_')}" for t in climbing)
                assert office.thrown[-1] == ("escalation", "ESC_OVERDUE")
            for element in office.open():
                reported = element == "Task_Approve" and key in REPORTED
                said = {"decision": "report"} if reported else ANSWERS.get(element, {"conclusion": "agree"})
                office.answer(element, **said)
        assert office.ends[-1] == "End_Granted"

    def test_silence_means_nothing_where_the_law_locks_the_item(self, key):
        process = tree(key).find(f"{BPMN}process")
        levels = desks(key)
        if process.get(f"{ZW}item") in LOCKED:
            assert process.get(f"{ZW}tacit") == "never"
            assert set(levels.values()) == {"none"}
        silent = {task for task, level in levels.items() if level != "none"}
        assert silent == {
            "item_104_QT_005_joint": {"Task_Energy"}, "item_107_XK_003": {"Task_Opinion_Police"},
        }.get(key, set())  # fmt: skip

    def test_a_special_procedure_is_held_before_the_conclusion(self, key):
        desk = "Task_Conclude" if key in PROMISING else "Task_Review"
        office = Case(key).work(until=desk)
        office.answer(desk, recommendation="procedure", procedure_reason="利害关系人申请")
        office.answer("Task_Procedure", procedure="HEARING", expected_days=10)
        assert office.open() == ["Task_Hearing"]
        office.answer("Task_Hearing", result="笔录")
        assert office.open() == [desk]


# -- T4 上报件 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", REPORTED)
class TestReportedItems:
    def test_waits_for_the_level_above_while_nothing_runs_here(self, key):
        office = Case(key).work(until="Task_Upper")
        wait = office.wait("Task_Upper")
        assert (wait.zw["pause"], wait.zw["limit"], wait.zw["ladder"]) == ("UPPER_LEVEL", "20wd", "none")
        assert office.handed_out("Mark_Sent") == ["W08"], "the applicant is told in writing that the limit stands still"

    def test_the_level_above_refuses_with_a_written_decision_here(self, key):
        office = Case(key).work(until="Task_Upper")
        office.answer("Task_Upper", decision="refuse", upper_no="1", reason="不符合条件")
        assert office.reached()[-1] == "DECIDED_NO"
        assert office.acts() == ["document W15"]
        assert office.ends == ["End_Refused"]
        assert office.variables()["reason"] == "不符合条件"

    @pytest.mark.parametrize(("decision", "end"), [("grant", "End_Granted"), ("refuse", "End_Refused")])
    def test_a_reply_by_message_takes_the_desk_off(self, key, decision, end):
        office = Case(key).work(until="Task_Upper")
        assert office.send("message", "MSG_UPPER_REPLY", {"decision": decision, "upper_no": "2"}) == 1
        assert "Task_Upper" not in office.open()
        office.work()
        assert office.ends[-1] == end

    @pytest.mark.parametrize("said", [None, "", "report", "maybe"])
    def test_only_grant_or_refuse_is_a_reply(self, key, said):
        office = Case(key).work(until="Task_Upper")
        office.send("message", "MSG_UPPER_REPLY", {"decision": said})
        assert office.open() == ["Task_Upper"]
        office.answer("Task_Upper")
        assert office.open() == ["Task_Upper"], "an answer without decision is no reply either"

    def test_the_limit_of_the_level_above_is_noted_and_the_wait_goes_on(self, key):
        office = Case(key).work(until="Task_Upper")
        office.move_to(office.wait("Task_Upper").due_date - timedelta(microseconds=1))
        assert office.acts() == []
        office.move_to(office.wait("Task_Upper").due_date)
        assert office.acts() == ["record Task_Upper"]
        assert office.open() == ["Task_Upper"]

    def test_what_cannot_be_exchanged_goes_up_on_paper(self, key):
        office = Case(key).work(until="Task_Approve")
        office.answer("Task_Approve", decision="report")
        assert office.fail("Send_Upper", "ERR_SHARE_FAILED")
        assert office.open() == ["Task_Send"]
        office.move_to(office.wait("Task_Send").due_date)
        assert office.acts() == ["escalate Task_Send"]
        office.answer("Task_Send", sent_on="2026-03-20")
        assert office.open() == ["Task_Upper"]


def test_both_agencies_of_the_school_bus_are_awaited_and_never_silent():
    office = Case("item_117_XK_002").work(until="Task_Ask")
    office.answer("Task_Ask", opinion="请提出意见")
    assert office.open() == ["Task_Opinion_Police", "Task_Opinion_Transport"]
    assert sorted(w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)) == ["109", "112"]
    due = office.wait("Task_Opinion_Police").due_date
    office.move_to(due + timedelta(days=30))
    assert {done.split()[0] for done in office.acts()} == {"escalate"}, "at due they climb, nothing more"
    assert office.open() == ["Task_Opinion_Police", "Task_Opinion_Transport"]
    office.answer("Task_Opinion_Police", conclusion="agree")
    assert office.open() == ["Task_Opinion_Transport"]
    office.answer("Task_Opinion_Transport", conclusion="disagree", reason="线路不通")
    assert office.open() == ["Task_Review"]
    office.work(until="Task_Issue")
    assert office.wait("Task_Issue").zw["dept"] == "112", "the police hand out the plate"


def test_who_never_pays_for_the_forest_gives_up():
    office = Case("item_121_XK_002", {"forest_m2": 1200})
    office.billed = {"fee_due": True, "bill_no": "SF1", "bill_total": "12000.00"}
    office.work()
    assert office.open() == []
    (wait,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == "MSG_BILL_ABANDONED"]
    assert office.run.variables(wait.id)["forest_area"] == 1200
    office.run.deliver(wait.id)
    office.settle()
    assert office.ends[-1] == "End_FeeAbandoned"


# -- T5 告知承诺 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "chosen"), PROMISING.items())
class TestPromises:
    def test_who_promises_is_decided_on_at_once_and_checked_afterwards(self, key, chosen):
        office = Case(key, chosen).work(until="Task_Commit")
        office.answer("Task_Commit", committed="yes")
        assert office.handed_out("Task_Commit") == ["W06"]
        for desk in ("Task_Check", "Task_Approve_Now"):
            assert office.open() == [desk]
            assert office.wait(desk).zw["limit"] == "1hd"
            office.answer(desk, **ANSWERS[desk])
        office.answer("Task_Issue", certificate_no="1")
        assert office.ended is None, "the check is started before the case ends"
        assert office.acts() == ["start Start_Verify"]
        assert office.ends == ["End_Granted"]
        assert office.count(f"entered {key}/Call_Survey") == 0

    def test_who_does_not_promise_is_inspected_first(self, key, chosen):
        office = Case(key, chosen).work(until="Task_Commit")
        office.answer("Task_Commit", committed="no")
        assert office.open() == ["Task_Review"]
        office.work()
        assert office.count(f"entered {key}/Call_Survey") == 1
        assert office.count(f"entered {key}/Start_Verify") == 0
        assert office.ends[-1] == "End_Granted"

    @pytest.mark.parametrize("said", [None, False])
    def test_who_may_not_promise_is_not_asked(self, key, chosen, said):
        office = Case(key, dict.fromkeys(chosen, said)).work(until="Task_Review")
        assert office.count(f"entered {key}/Task_Commit") == 0

    def test_a_return_on_the_spot_leads_to_the_conclusion(self, key, chosen):
        office = Case(key, chosen).work(until="Task_Commit")
        office.answer("Task_Commit", committed="yes")
        office.answer("Task_Check", recommendation="grant")
        office.answer("Task_Approve_Now", decision="return", reason="须现场核实")
        assert office.open() == ["Task_Conclude"]
        office.work()
        assert office.ends[-1] == "End_Granted"

    @pytest.mark.parametrize("desk", ["Task_Approve_Now", "Task_Approve"])
    def test_refuses_in_writing(self, key, chosen, desk):
        promise = {"committed": "yes" if desk == "Task_Approve_Now" else "no"}
        office = Case(key, chosen).work(until=desk, Task_Commit=promise)
        office.answer(desk, decision="refuse", reason="不符合条件")
        assert office.acts() == ["document W15"]
        assert office.ends[-1] == "End_Refused"

    def test_is_surveyed_again_at_most_three_times(self, key, chosen):
        office = Case(key).work(until="Task_Conclude")
        for count in (2, 3):
            office.answer("Task_Conclude", recommendation="survey", survey_reason="复查")
            office.work(until="Task_Conclude")
            assert office.variables()["survey_count"] == count
        office.answer("Task_Conclude", recommendation="survey", survey_reason="再查")
        assert office.open() == ["Task_Approve"]


class TestTheCheckAfterwards:
    def begun(self, **variables: Any) -> Case:
        office = Case("support_verify", {"verifier": "106", "certificate_no": "1", **variables})
        office.acts()
        return office

    def surveyed(self, conclusion: str) -> Case:
        office = self.begun()
        assert [w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)] == ["106"]
        assert office.wait("Task_Booking").zw["limit"] == "38wd", "two months with the visit"
        office.answer("Task_Booking", **ANSWERS["Task_Booking"])
        office.acts()
        office.answer("Task_Survey", survey_conclusion=conclusion, inspector_a="甲", inspector_b="乙")
        office.acts()
        return office

    def test_a_kept_promise_ends_it(self):
        assert self.surveyed("通过").ends[-1] == "End_Kept"

    def test_what_is_put_right_ends_it(self):
        office = self.surveyed("整改")
        office.answer("Task_Rectify", rectified="yes")
        assert office.ends[-1] == "End_Kept"

    @pytest.mark.parametrize(("decision", "end"), [("revoke", "End_Revoked"), ("keep", "End_Kept"), (None, "End_Kept")])
    def test_who_broke_it_is_heard_before_anything_is_revoked(self, decision, end):
        office = self.surveyed("不通过")
        assert office.open() == ["Task_Statement"]
        office.answer("Task_Statement", opinion="属实")
        office.answer("Task_Revoke", decision=decision, reason="承诺不实")
        assert office.acts() == (["revoke Revoke"] if decision == "revoke" else [])
        assert office.ends[-1] == end

    def test_what_is_not_put_right_is_heard(self):
        office = self.surveyed("整改")
        office.answer("Task_Rectify", rectified="no")
        assert office.open() == ["Task_Statement"]

    def test_a_revocation_that_was_suggested_needs_no_other_survey(self):
        office = self.begun(suggested=True)
        assert office.open() == ["Task_Statement"]

    @pytest.mark.parametrize("desk", ["Task_Rectify", "Task_Statement", "Task_Revoke"])
    def test_its_desks_climb(self, desk):
        office = self.surveyed("整改" if desk == "Task_Rectify" else "不通过")
        if desk == "Task_Revoke":
            office.answer("Task_Statement", opinion="属实")
        office.move_to(office.wait(desk).due_date)
        assert office.acts() == [f"escalate {desk}"]


# -- T7 会签 ----------------------------------------------------------------------------------------------------


def test_the_police_are_asked_before_a_road_is_dug_up():
    office = Case("item_107_XK_003", {"emergency": False, "mode": "挖掘", "area_m2": 12, "days": 3})
    office.answer("Task_Accept", decision="accept")
    assert office.open() == ["Task_Opinion_Police"]
    wait = office.wait("Task_Opinion_Police")
    assert (wait.zw["dept"], wait.zw["limit"], wait.zw["tacit"]) == ("112", "2wd", "opinion")
    office.work(until="Task_Approve")
    office.answer("Task_Approve", decision="grant")
    charged = office.run.variables(office.wait("Bill").id)
    assert (charged["dug_area"], charged["occupied_area"]) == (12, None)
    office.work()
    assert office.ends[-1] == "End_Granted"


def test_an_emergency_does_not_wait_for_the_police():
    office = Case("item_107_XK_003", {"emergency": True, "mode": "占用", "area_m2": 12, "days": 3})
    office.answer("Task_Accept", decision="accept")
    assert office.open() == ["Task_Review"]
    office.work(until="Task_Approve")
    office.answer("Task_Approve", decision="grant")
    charged = office.run.variables(office.wait("Bill").id)
    assert (charged["occupied_area"], charged["occupied_days"], charged["dug_area"]) == (12, 3, None)


def test_inside_a_chain_the_chains_bill_has_the_road():
    office = Case("item_107_XK_003", {"joint": True}).work()
    assert office.count("entered support_SP_05/Bill") == 0


# -- ST-7 施工图联合审查 ----------------------------------------------------------------------------------------


class TestJointDrawings:
    KEY = "item_104_QT_005_joint"

    def begun(self, **variables: Any) -> Case:
        office = Case(self.KEY, {"lightning_review": True, **variables})
        office.answer("Task_Accept", decision="accept")
        return office

    def summed(self, office: Case, **revised: str) -> Case:
        """Every open section concludes; those named ask for a revision."""
        for section in office.open():
            office.answer(section, conclusion=revised.get(section, "agree"), reason="见图")
        assert office.open() == ["Task_Review"]
        return office

    def test_all_sections_look_at_once(self):
        office = self.begun()
        assert office.open() == SECTIONS
        limits = {w.element: (w.zw["dept"], w.zw["limit"]) for w in office.waits(WaitKind.USER_TASK)}
        assert limits == {
            "Task_Defence": ("105", "4wd"), "Task_Energy": ("104", "3wd"), "Task_Fire": ("104", "4wd"),
            "Task_Lightning": ("122", "3wd"), "Task_Structure": ("104", "4wd"),
        }  # fmt: skip

    @pytest.mark.parametrize("said", [None, False])
    def test_lightning_protection_is_looked_at_where_it_matters(self, said):
        assert self.begun(lightning_review=said).open() == [s for s in SECTIONS if s != "Task_Lightning"]

    def test_only_sections_with_issues_look_again_and_at_most_twice(self):
        office = self.summed(self.begun(), Task_Fire="revise", Task_Defence="revise")
        for again in (["Task_Defence", "Task_Fire"], ["Task_Fire"]):
            office.answer("Task_Review", recommendation="revise", opinion="见意见单")
            assert (office.open(), office.wait("Task_Revision").zw["pause"]) == (["Task_Revision"], "DESIGN_REVISION")
            assert office.handed_out("Notice_Revision")[-1] == "W08"
            office.answer("Task_Revision", received="修改图")
            assert office.open() == again
            self.summed(office, Task_Fire="revise")
        office.answer("Task_Review", recommendation="revise", opinion="仍需修改")
        assert office.open() == ["Task_Approve"], "a third revision is not asked for: it is decided"
        office.answer("Task_Approve", decision="refuse", reason="不合格")
        assert office.acts() == ["document W15"]
        assert office.ends[-1] == "End_Refused"

    def test_a_message_brings_the_revision_as_well(self):
        office = self.summed(self.begun(), Task_Structure="revise")
        office.answer("Task_Review", recommendation="revise", opinion="见意见单")
        assert office.send("message", "MSG_SUPPLEMENT") == 1
        assert office.open() == ["Task_Structure"]

    def test_what_no_section_asked_for_is_summed_up_again(self):
        office = self.summed(self.begun())
        office.answer("Task_Review", recommendation="revise", opinion="补充说明")
        office.answer("Task_Revision", received="说明")
        assert office.open() == ["Task_Review"]

    def test_a_revision_that_never_comes_is_decided_as_it_is(self):
        office = self.summed(self.begun(), Task_Fire="revise")
        office.answer("Task_Review", recommendation="revise", opinion="见意见单")
        office.move_to(office.wait("Task_Revision").due_date)
        assert office.open() == ["Task_Approve"]

    def test_the_plan_of_the_card_is_kept(self):
        own = {task.get("id"): task.get(f"{ZW}limit") for task in tree(self.KEY).iter(f"{BPMN}userTask")}
        assert [own[f"Task_{name}"] for name in ("Accept", "Review", "Approve", "Issue")] == [
            "1hd",
            "1hd",
            "2hd",
            "2hd",
        ]


# -- SK 税控联管 ------------------------------------------------------------------------------------------------


class TestTaxControl:
    def asked(self, **variables: Any) -> Case:
        office = Case("chain_SK_check", {"tax_point": "T4", "applicant": "李昭", **variables})
        assert sorted(w.element for w in office.waits(WaitKind.ACTION)) == ["Query_Tax", "Report_Tax"]
        office.acts()
        return office

    def said(self, state: str | None) -> Case:
        office = self.asked()
        assert office.send("message", "MSG_EXCHANGE", {"tax_state": state}) == 1
        return office

    def owing(self) -> Case:
        office = self.said("unpaid")
        office.answer("Task_Notify", opinion="契税")
        office.acts()
        assert office.open() == ["Task_Tax"]
        assert office.handed_out("Notice_Tax") == ["W08"]
        return office

    @pytest.mark.parametrize("state", ["paid", "exempt"])
    def test_who_has_paid_or_is_exempt_passes(self, state):
        office = self.said(state)
        assert (office.ended, office.variables()["tax_cleared"]) == ("completed", True)
        assert office.count("completed chain_SK_check/Report_Tax") == 1, "the tax office is told in any case"

    @pytest.mark.parametrize("state", [None, "", "?"])
    def test_where_the_data_say_nothing_a_person_looks_and_never_by_silence(self, state):
        office = self.said(state)
        assert office.open() == ["Task_Manual"]
        assert "tacit" not in office.wait("Task_Manual").zw
        office.move_to(office.wait("Task_Manual").due_date + timedelta(days=9))
        assert office.acts() == ["escalate Task_Manual"]
        assert office.open() == ["Task_Manual"]

    @pytest.mark.parametrize(("state", "cleared"), [("paid", True), ("exempt", True), ("unpaid", None), (None, None)])
    def test_what_the_person_finds_counts(self, state, cleared):
        office = self.asked()
        office.send("message", "MSG_EXCHANGE", {})
        office.answer("Task_Manual", tax_state=state)
        if cleared:
            assert office.variables()["tax_cleared"] is True
        else:
            assert office.open() == ["Task_Notify"], "what is not known to be paid is owed"

    def test_an_exchange_that_fails_is_looked_up_by_a_person(self):
        office = Case("chain_SK_check", {"applicant": "李昭"})
        assert office.fail("Query_Tax", "ERR_SHARE_FAILED")
        assert office.open() == ["Task_Manual"]
        assert office.fail("Report_Tax", "ERR_SHARE_FAILED")
        assert office.acts() == ["record Trace_Report"]
        office.answer("Task_Manual", tax_state="paid")
        assert office.ended == "completed"

    def test_an_exchange_nobody_answers_within_half_a_day_is_looked_up_by_a_person(self):
        office = self.asked()
        (wait,) = office.waits(WaitKind.TIMER, "Unanswered")
        assert wait.due == parse_limit("1hd").due(CALENDAR, office.now)
        office.move_to(wait.due)
        assert office.open() == ["Task_Manual"]

    def test_the_answer_to_the_question_is_told_from_the_answer_to_the_report(self):
        office = Case("chain_SK_check", {"applicant": "李昭"})
        office.do("Query_Tax", {"exchange_ref": "JH1"})
        office.do("Report_Tax", {"exchange_ref": "JH2"})
        (wait,) = office.waits(WaitKind.MESSAGE, "Answered")
        assert office.run.variables(wait.id)["exchange_ref"] == "JH1"

    def test_who_owes_has_thirty_working_days_that_are_no_part_of_the_limit(self):
        office = self.owing()
        wait = office.wait("Task_Tax")
        assert (wait.zw["pause"], wait.zw["limit"]) == ("PAYMENT", "30wd")
        office.move_to(wait.due_date)
        assert (office.ended, office.variables()["tax_cleared"]) == ("completed", False)

    @pytest.mark.parametrize("by", ["desk", "message"])
    def test_who_pays_passes(self, by):
        office = self.owing()
        if by == "desk":
            office.answer("Task_Tax", tax_state="paid", tax_voucher="完税1")
        else:
            assert office.send("message", "MSG_EXCHANGE", {"tax_state": "paid", "tax_voucher": "完税1"}) == 1
        assert (office.ended, office.variables()["tax_cleared"]) == ("completed", True)
        assert office.variables()["tax_voucher"] == "完税1"

    @pytest.mark.parametrize("looked_up", [False, True])
    def test_where_the_tax_is_no_condition_of_the_law_the_answer_is_a_hint_and_nobody_waits(self, looked_up):
        office = self.asked(tax_point="T3")
        office.send("message", "MSG_EXCHANGE", {} if looked_up else {"tax_state": "unpaid"})
        if looked_up:
            office.answer("Task_Manual", tax_state="unpaid")
        assert (office.ended, office.variables()["tax_cleared"]) == ("completed", False)

    def test_an_answer_that_is_no_payment_changes_nothing(self):
        office = self.owing()
        office.send("message", "MSG_EXCHANGE", {"tax_state": "unpaid"})
        assert office.open() == ["Task_Tax"]

    def test_the_wait_begins_also_when_nobody_can_be_asked_to_tell(self):
        office = self.said("unpaid")
        office.answer("Task_Notify", opinion="契税")
        assert office.fail("Watch_Tax", "ERR_SHARE_FAILED")
        assert office.open() == ["Task_Tax"]


# -- JG 联合监管 ------------------------------------------------------------------------------------------------


class TestJointSupervision:
    def begun(self, **variables: Any) -> Case:
        office = Case("chain_JG", {"verifier": "111", "certificate_no": "1", **variables})
        office.acts()
        return office

    def inspected(self, office: Case, conclusion: str) -> None:
        office.answer("Task_Booking", **ANSWERS["Task_Booking"])
        office.acts()
        office.answer("Task_Survey", survey_conclusion=conclusion, inspector_a="甲", inspector_b="乙")
        office.acts()

    def test_every_department_of_the_list_inspects_once(self):
        office = self.begun(regulators=["111", "106", "115"])
        assert sorted(w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)) == ["106", "111", "115"]
        for _ in range(3):
            assert office.ended is None
            self.inspected(office, "通过")
        assert office.ends[-1] == "End_Supervised"

    def test_without_a_list_the_issuing_department_does(self):
        office = self.begun()
        assert [w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)] == ["111"]
        assert office.wait("Task_Booking").zw["limit"] == "60wd"

    def test_what_is_put_right_ends_well(self):
        office = self.begun()
        self.inspected(office, "整改")
        office.move_to(office.wait("Task_Repair").due_date)
        assert office.acts() == ["escalate Task_Repair"]
        office.answer("Task_Repair", rectified="yes")
        assert office.ends[-1] == "End_Supervised"

    @pytest.mark.parametrize("conclusion", ["整改", "不通过"])
    def test_what_is_grave_leads_to_a_suggestion_of_revocation(self, conclusion):
        office = self.begun()
        self.inspected(office, conclusion)
        if conclusion == "整改":
            office.answer("Task_Repair", rectified="no")
            assert office.acts() == ["start Suggest_Revocation"]
        assert office.count("completed chain_JG/Suggest_Revocation") == 1
        assert office.variables()["suggested"] is True
        assert office.ends[-1] == "End_Supervised"

    def test_a_list_that_cannot_be_sent_is_noted_and_the_inspection_goes_on(self):
        office = Case("chain_JG", {"verifier": "111"})
        assert office.fail("Push_List", "ERR_SHARE_FAILED")
        assert office.acts() == ["record Trace_Push"]
        assert office.open() == ["Task_Booking"]


# -- SX-1 四级联动 ----------------------------------------------------------------------------------------------


class TestFourLevels:
    KEY = "chain_SX_1"

    def declared(self, item: str, **fields: Any) -> Case:
        office = Case(self.KEY, {"item_code": item, "applicant": "王大山", "phone": "13900000001"})
        office.answer("Task_Collect", collected=["申请书"], collected_by="村代办", client="王大山")
        office.answer("Task_Declare", declared="complete", handed_by="村代办", received_by="乡代理", **fields)
        return office

    def test_what_is_missing_goes_back_to_the_village_three_times_and_then_to_the_villager(self):
        office = Case(self.KEY, {"item_code": "121-XK-001"})
        assert office.wait("Task_Collect").zw["role"] == "agency_officer"
        for count in range(4):
            assert office.variables()["return_count"] == count
            office.answer("Task_Collect", collected=["申请书"])
            office.answer("Task_Declare", declared="return", reason="缺身份证明")
        assert office.acts() == ["document W23"]
        assert (office.ends, office.reached()) == (["End_Returned"], ["RETURNED"])

    @pytest.mark.parametrize(
        ("item", "key", "fields"),
        [
            ("121-XK-001", "item_121_XK_001", {"area_ha": 2, "volume_m3": 15, "mode": "择伐"}),
            ("120-XK-001", "item_120_XK_001", {"site": "王家养殖场", "capacity": 500}),
            ("115-GG-004", "item_115_GG_004", {}),
        ],
    )
    def test_the_city_handles_what_was_filed_and_the_result_goes_back(self, item, key, fields):
        office = self.declared(item, **fields)
        wait = office.waits(WaitKind.USER_TASK)[0]
        assert wait.process == key, "the item runs in the city, with its own clock"
        seen = office.run.variables(wait.variable_scope)
        assert seen["applicant"] == "王大山"
        assert {name: seen[name] for name in fields} == fields
        for _ in range(20):
            office.acts()
            if office.open() == ["Task_Receive"]:
                break
            element = office.open()[0]
            desk = {"decision": "grant", "certificate_no": "1", "materials": ["申请表"], "delivery": "spot"}
            office.answer(
                element, **(desk if element == "Task_Desk" else ANSWERS.get(element, {"conclusion": "agree"}))
            )
        office.answer("Task_Receive", result="证照1", received_by="乡代理")
        office.answer("Task_Deliver", received_by="王大山")
        assert office.ends[-1] == "End_Delivered"
        assert office.variables()["decision"] == "grant"

    def test_what_a_village_may_not_take_is_given_back(self):
        office = self.declared("104-XK-001")
        assert office.acts() == ["document W23"]
        assert office.ends == ["End_Returned"]

    @pytest.mark.parametrize("desk", ["Task_Collect", "Task_Declare"])
    def test_its_desks_climb(self, desk):
        office = Case(self.KEY, {"item_code": "121-XK-001"})
        if desk == "Task_Declare":
            office.answer("Task_Collect", collected=["申请书"])
        office.move_to(office.wait(desk).due_date)
        assert office.acts() == [f"escalate {desk}"]
