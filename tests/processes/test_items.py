"""Every item walked to every end event: engine state saved and loaded after each step, clock turned by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.engine import WaitKind
from service.rules.worktime import parse_limit
from tests.processes.library import BPMN, CALENDAR, ZW, Office, tree

PLANS = {  # half-days 受理, 审核, 批准, 发证 of the item cards; an immediate item has one half-day a stage
    "item_101_QT_001": (1, 1, 1, 1),
    "item_101_XK_002": (1, 19, 4, 2),
    "item_102_XK_002": (1, 9, 2, 2),
    "item_102_XK_003_chain": (1, 13, 4, 2),
    "item_103_XK_001": (1, 31, 6, 2),
    "item_103_XK_002": (1, 13, 4, 2),
    "item_104_QT_005": (1, 9, 2, 2),
    "item_104_XK_001": (1, 2, 2, 1),
    "item_104_XK_002": (1, 9, 2, 2),
    "item_105_XK_001": (1, 9, 2, 2),
    "item_107_XK_001": (1, 6, 2, 1),
    "item_107_XK_005": (1, 6, 2, 1),
}
ITEMS = list(PLANS)  # the others: test_promised.py and its neighbours
OPINIONS = ["Task_Opinion_Building", "Task_Opinion_Defence", "Task_Opinion_Fire", "Task_Opinion_Green"]


def reviewing(key: str) -> Office:
    """An item accepted and, where departments are asked, with their opinions in."""
    office = Office(key)
    office.answer("Task_Accept", decision="accept", materials=["申请表(表)"])
    for opinion in [o for o in OPINIONS if o in office.open()]:
        office.answer(opinion, conclusion="agree")
    assert office.open() == ["Task_Review"]
    return office


def correcting(key: str) -> Office:
    """An item whose applicant has been told what is missing."""
    office = Office(key)
    office.answer("Task_Accept", decision="correct", gaps=["申请表(表)"], gap_notes="缺签字")
    assert office.run_actions() == ["document W04"]
    assert office.open() == ["Task_Correction"]
    return office


def procedures(key: str) -> dict[str, str]:
    """The desks of special procedures of a file and why each stops the clock."""
    tasks = {t.get("id"): t.get(f"{ZW}pause") for t in tree(key).iter(f"{BPMN}userTask") if t.get(f"{ZW}pause")}
    return {desk: kind for desk, kind in tasks.items() if kind != "CORRECTION"}


def handed_since(office: Office, code: str) -> list[str]:
    """What was handed out from the first document of that kind on."""
    handed = office.handed_out()
    return handed[handed.index(code) :]


def approving(key: str) -> Office:
    """An item reviewed."""
    office = reviewing(key)
    office.answer("Task_Review", recommendation="grant")
    assert office.open() == ["Task_Approve"]
    return office


@pytest.mark.parametrize("key", ITEMS)
class TestEveryItem:
    def test_refuses_at_the_window_with_a_written_notice(self, key):
        office = Office(key)
        office.answer("Task_Accept", decision="reject", reject_kind="other_agency", reason="不属本机关职权")
        assert office.ended is None, "the notice has to be written first"
        assert office.run_actions() == ["document W03"]
        assert (office.ended, office.ends) == ("completed", ["End_NotAccepted"])

    def test_refuses_by_the_chief_representative_with_a_written_decision(self, key):
        office = approving(key)
        office.answer("Task_Approve", decision="refuse", reason="不符合条件")
        assert office.run_actions() == ["document W15"]
        assert (office.ended, office.ends) == ("completed", ["End_Refused"])
        assert office.variables()["decision"] == "refuse"

    def test_grants_and_hands_out_the_certificate(self, key):
        office = approving(key)
        office.answer("Task_Approve", decision="grant")
        assert office.open() == ["Task_Issue"]
        office.answer("Task_Issue", certificate_no="990100202600001", delivery="window")
        assert (office.ended, office.ends) == ("completed", ["End_Granted"])
        assert office.variables()["decision"] == "grant"
        assert office.variables()["certificate_no"] == "990100202600001"

    def test_returns_three_times_and_then_has_to_be_decided(self, key):
        office = approving(key)
        for count in (1, 2, 3):
            office.answer("Task_Approve", decision="return", reason="材料核实")
            assert office.open() == ["Task_Review"]
            assert office.variables()["return_count"] == count
            office.answer("Task_Review", recommendation="grant")
        office.answer("Task_Approve", decision="return", reason="再退")
        assert office.open() == ["Task_Approve"], "the fourth return leads back to the deciding desk"
        office.answer("Task_Approve", decision="grant")
        office.answer("Task_Issue", certificate_no="1", delivery="joint")
        assert office.ends == ["End_Granted"]
        assert office.count(f"entered {key}/Task_Accept") == 1

    def test_an_answer_without_decision_grants_nothing(self, key):
        office = approving(key)
        office.answer("Task_Approve", opinion="忘记选择")
        assert office.open() == ["Task_Review"]
        assert "decision" in office.variables() and office.variables()["decision"] is None

    def test_a_client_that_sets_plain_variables_is_understood(self, key):
        office = Office(key)
        office.do("Task_Accept", {"decision": "accept"})
        for opinion in [o for o in OPINIONS if o in office.open()]:
            office.do(opinion, {})
        office.do("Task_Review", {})
        office.do("Task_Approve", {"decision": "return"})
        office.do("Task_Review", {})
        office.do("Task_Approve", {"decision": "grant"})
        office.do("Task_Issue", {"certificate_no": "7"})
        assert office.ends == ["End_Granted"]
        assert office.variables()["certificate_no"] == "7"

    def test_asks_once_for_what_is_missing_and_goes_on_when_it_has_come(self, key):
        office = correcting(key)
        assert office.reached() == ["CORRECTING"]
        office.answer("Task_Correction", received="申请表", complete_on="2026-03-20")
        assert office.open() == ["Task_Accept"]
        assert office.variables()["Task_Accept"] is None, "what was answered before the correction counts no more"
        assert office.variables()["decision"] is None
        office.answer("Task_Accept", decision="accept")
        assert office.reached() == ["CORRECTING", "SUPPLEMENTED", "ACCEPTED"]
        assert office.open() in (OPINIONS, ["Task_Review"])

    def test_gives_up_after_the_thirty_working_days_of_the_applicant(self, key):
        office = correcting(key)
        over = CALENDAR.due_after_workdays(office.now, 30)
        assert office.wait("Task_Correction").due_date == over
        office.move_to(over - timedelta(microseconds=1))
        assert office.open() == ["Task_Correction"]
        office.move_to(over)
        assert office.run_actions() == ["document W24"]
        assert (office.ended, office.ends) == ("completed", ["End_Abandoned"])
        assert office.reached() == ["CORRECTING", "ABANDONED"]

    def test_is_accepted_by_law_when_the_window_says_nothing_in_five_working_days(self, key):
        office = Office(key)
        office.move_to(CALENDAR.due_after_workdays(office.now, 5) - timedelta(microseconds=1))
        office.run_actions()
        assert office.open() == ["Task_Accept"]
        office.move_to(office.now + timedelta(microseconds=1))
        assert office.run_actions() == ["document W02"]
        assert office.reached() == ["DEEMED_ACCEPTED"]
        for opinion in [o for o in OPINIONS if o in office.open()]:
            office.answer(opinion, conclusion="agree")
        office.answer("Task_Review", recommendation="grant")
        office.answer("Task_Approve", decision="grant")
        office.answer("Task_Issue", certificate_no="1", delivery="window")
        assert office.ends[-1] == "End_Granted"
        assert office.reached() == ["DEEMED_ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]

    def test_holds_every_special_procedure_that_is_granted_and_reviews_again(self, key):
        for desk, kind in procedures(key).items():
            office = reviewing(key)
            office.answer("Task_Review", recommendation="procedure", procedure_reason="需要")
            assert office.open() == ["Task_Procedure"]
            office.answer("Task_Procedure", procedure=kind, expected_days=10, notice="W07-1")
            assert office.open() == [desk]
            assert office.wait(desk).zw["pause"] == kind
            assert handed_since(office, "W07") == ["W07"]
            office.answer(desk, result="通过")
            assert handed_since(office, "W07") == (["W07", "W12"] if kind == "HEARING" else ["W07"])
            assert office.open() == ["Task_Review"]
            office.answer("Task_Review")
            assert office.open() == ["Task_Approve"], "the request for a procedure was heard once"

    def test_goes_on_without_a_procedure_that_is_not_granted(self, key):
        office = reviewing(key)
        office.answer("Task_Review", recommendation="procedure", procedure_reason="需要")
        wait = office.wait("Task_Procedure")
        office.move_to(wait.due_date)
        assert "escalate Task_Procedure" in office.run_actions()
        office.answer("Task_Procedure", procedure="none")
        assert office.open() == ["Task_Review"]
        office.answer("Task_Review", recommendation="grant")
        assert office.open() == ["Task_Approve"]

    def test_marks_how_far_it_has_come(self, key):
        office = approving(key)
        office.answer("Task_Approve", decision="grant")
        assert office.reached() == ["ACCEPTED", "DECIDED_YES"]
        office.answer("Task_Issue", certificate_no="1", delivery="window")
        assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
        office = approving(key)
        office.answer("Task_Approve", decision="refuse", reason="不符合条件")
        assert office.reached() == ["ACCEPTED", "DECIDED_NO"], "the limit runs until the letter is written"
        office.run_actions()
        assert office.reached() == ["ACCEPTED", "DECIDED_NO", "READY", "DELIVERED"]
        office = Office(key)
        office.answer("Task_Accept", decision="reject", reject_kind="other_agency", reason="不属本机关职权")
        assert office.reached() == ["NOT_ACCEPTED"]

    def test_every_stage_climbs_exactly_when_it_is_due(self, key):
        office = Office(key)
        plan = limits(key)
        while office.ended is None:
            for wait in office.waits(WaitKind.USER_TASK):
                due = parse_limit(plan[wait.element]).due(CALENDAR, office.now)
                assert wait.due_date == due
                assert [t.due for t in office.waits(WaitKind.TIMER, f"Due_{wait.element}")] == [due]
            timers = [t for t in office.waits(WaitKind.TIMER) if t.element.startswith("Due_")]
            soonest = min(t.due for t in timers)
            late = [t.element.removeprefix("Due_") for t in timers if t.due == soonest]
            office.move_to(soonest - timedelta(microseconds=1))
            assert not office.waits(WaitKind.ACTION)
            office.move_to(soonest)
            assert sorted(office.run_actions()) == sorted(f"escalate {element}" for element in late)
            assert office.thrown.count(("escalation", "ESC_OVERDUE")) >= len(late)
            assert set(late) <= set(office.open()), "the task stays open: only its owner changes"
            for element in office.open():
                office.answer(element, **ANSWERS.get(element, {"conclusion": "agree"}))
        assert office.ends[-1] == "End_Granted"


class TestFarmland:
    """耕地占用税 (T1) before the land-use permit: farmland only, and never passed over by silence."""

    def reviewed(self, state: str, *, silent: bool = False) -> Office:
        office = Office("item_102_XK_002")
        office.taxed = state
        office.answer("Task_Accept", decision="accept")
        if silent:
            office.do("Task_Review", {"Task_Review_tacit": True})
        else:
            office.answer("Task_Review", recommendation="grant", farmland=True)
        office.run_actions()
        return office

    def test_land_without_farmland_is_not_asked_about(self):
        office = approving("item_102_XK_002")
        assert office.count("entered item_102_XK_002/Call_Tax") == 0

    @pytest.mark.parametrize("silent", [False, True])
    def test_who_has_paid_is_granted(self, silent):
        office = self.reviewed("paid", silent=silent)
        assert office.count("entered item_102_XK_002/Call_Tax") == 1
        office.answer("Task_Approve", decision="grant")
        assert office.open() == ["Task_Issue"]

    def test_who_owes_is_told_and_not_granted_before_it_is_paid(self):
        office = self.reviewed("unpaid")
        office.answer("Task_Notify", opinion="耕地占用税")
        office.run_actions()
        office.move_to(office.wait("Task_Tax").due_date)
        office.answer("Task_Approve", decision="grant")
        assert office.open() == ["Task_Review"], "a grant without the tax goes back"


ANSWERS = {
    "Task_Accept": {"decision": "accept"},
    "Task_Review": {"recommendation": "grant"},
    "Task_Approve": {"decision": "grant"},
    "Task_Issue": {"certificate_no": "1"},
}


def limits(key: str) -> dict[str, str]:
    """zw:limit of every user task of a file."""
    return {task.get("id"): task.get(f"{ZW}limit") for task in tree(key).iter(f"{BPMN}userTask")}


LEVELS = {  # what silence means, by the item cards; everything else is none
    "item_101_XK_002": "opinion", "item_102_XK_003_chain": "opinion", "item_104_QT_005": "opinion",
    "item_107_XK_001": "opinion", "item_102_XK_002": "stage_skip", "item_104_XK_001": "stage_skip",
    "item_107_XK_005": "decision", "item_103_XK_001": "never", "item_103_XK_002": "never", "item_104_XK_002": "never",
}  # fmt: skip


@pytest.mark.parametrize("key", ITEMS)
def test_limits_equal_the_stage_plan_of_the_item(key):
    own = limits(key)
    accept, review, approve, issue = PLANS[key]
    opinions = [own[o] for o in OPINIONS if o in own]
    if opinions:
        assert opinions == ["3wd"] * 4
        review -= 6  # three working days of the review stage go to the departments asked
    stages = [own[f"Task_{name}"] for name in ("Accept", "Review", "Approve", "Issue")]
    assert stages == [f"{n}hd" for n in (accept, review, approve, issue)]


def test_all_four_opinions_are_awaited_and_the_review_opens_once():
    office = Office("item_102_XK_003_chain")
    office.answer("Task_Accept", decision="accept")
    assert office.open() == OPINIONS
    for opinion in reversed(OPINIONS):
        assert "Task_Review" not in office.open()
        office.answer(opinion, conclusion="conditional", reason="补充设计说明")
    assert office.open() == ["Task_Review"]
    office.answer("Task_Review", recommendation="grant")
    office.answer("Task_Approve", decision="return", reason="核对面积")
    assert office.open() == ["Task_Review"], "a return asks the departments no second time"
    assert [w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)] == ["102"]


@pytest.mark.parametrize("key", ITEMS)
def test_silence_means_at_each_desk_what_the_item_card_allows(key):
    level = LEVELS.get(key, "none")
    assert tree(key).find(f"{BPMN}process").get(f"{ZW}tacit") == level
    said = {t.get("id"): t.get(f"{ZW}tacit") for t in tree(key).iter(f"{BPMN}userTask") if t.get(f"{ZW}tacit")}
    expected = {"Task_Review": "stage_skip"} if level in ("stage_skip", "decision") else {}
    expected |= {"Task_Approve": "decision"} if level == "decision" else {}
    expected |= dict.fromkeys(OPINIONS, "opinion") if key == "item_102_XK_003_chain" else {}
    assert said == expected


def test_a_certificate_that_silence_has_granted_ends_under_a_name_of_its_own():
    office = approving("item_107_XK_005")
    office.run.complete_task(
        office.wait("Task_Approve").id, {"Task_Approve_tacit": True}, answers={"decision": "grant"}
    )
    office.settle()
    office.answer("Task_Issue", certificate_no="1", delivery="window")
    assert office.ends == ["End_Tacit"]


# -- what is handed out on each way -----------------------------------------------------------------------------


def licence(key: str) -> bool:
    """Whether the item is a 行政许可 and decided in writing; 备案 and joint reviews are not."""
    return "_XK_" in key


@pytest.mark.parametrize("key", ITEMS)
class TestPapers:
    def test_of_a_grant(self, key):
        office = approving(key)
        opinions = ["W10"] * 4 if key.endswith("_chain") else []
        assert office.handed_out() == ["W01", "M01", "W02", "M02", *opinions, "M12"]
        office.answer("Task_Approve", decision="grant")
        office.run_actions()
        office.answer("Task_Issue", certificate_no="1", delivery="window")
        decision = ["W13", "W14"] if licence(key) else ["W13"]
        assert office.handed_out()[5 + len(opinions) :] == ["M12", *decision, "W18", "M20"]

    def test_of_a_refusal_the_letter_comes_before_its_message(self, key):
        office = approving(key)
        office.answer("Task_Approve", decision="refuse", reason="不符合条件")
        assert "W15" not in office.handed_out() and "W14" not in office.handed_out()
        office.run_actions()
        assert handed_since(office, "W13") == ["W13", "W15", "M16", "M20"]

    def test_of_an_application_that_is_turned_away(self, key):
        office = Office(key)
        office.answer("Task_Accept", decision="reject", reject_kind="other", reason="不需要许可")
        office.run_actions()
        assert office.handed_out() == ["W01", "M01", "W03", "M05"]

    def test_of_a_correction_that_is_given_up(self, key):
        office = correcting(key)
        assert office.handed_out() == ["W01", "M01", "W04", "M03"]
        office.move_to(office.wait("Task_Correction").due_date)
        office.run_actions()
        assert office.handed_out() == ["W01", "M01", "W04", "M03", "W24"]

    def test_of_a_correction_that_came_nothing_is_told_twice(self, key):
        office = correcting(key)
        office.answer("Task_Correction", received="申请表", complete_on="2026-03-20")
        office.answer("Task_Accept", decision="accept")
        assert office.handed_out() == ["W01", "M01", "W04", "M03", "W02", "M02"]

    def test_of_what_counts_as_accepted(self, key):
        office = Office(key)
        office.move_to(CALENDAR.due_after_workdays(office.now, 5))
        office.run_actions()
        assert office.handed_out() == ["W01", "M01", "W02", "M06"]

    def test_of_a_return_no_decision_is_written(self, key):
        office = approving(key)
        office.answer("Task_Approve", decision="return", reason="核实")
        assert not {"W13", "W14", "W15"} & {*office.handed_out()}


# -- fees -------------------------------------------------------------------------------------------------------

CHARGED = "item_105_XK_001"
OWED = {"fee_due": True, "fee_paid": False, "bill_no": "SF2026031600001", "bill_total": "600000.00"}


def owing(**variables) -> Office:
    """The charged item granted, its bill made, waiting for the money."""
    office = Office(CHARGED, {"relocate": True, **variables})
    office.billed = OWED
    office.answer("Task_Accept", decision="accept")
    office.answer("Task_Review", recommendation="grant")
    office.answer("Task_Approve", decision="grant")
    office.run_actions()
    return office


def told(office: Office, event: str, **variables) -> None:
    """The cashier says what became of the bill."""
    (wait,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == event]
    office.run.deliver(wait.id, variables)
    office.settle()


def test_nothing_is_issued_before_the_fee_is_paid():
    office = owing()
    assert office.open() == []
    assert sorted(w.event for w in office.waits(WaitKind.MESSAGE)) == [
        "MSG_BILL_ABANDONED", "MSG_BILL_CANCELLED", "MSG_PAID",
    ]  # fmt: skip
    told(office, "MSG_PAID", fee_paid=True, receipt_no="R1")
    assert office.open() == ["Task_Issue"]
    assert (office.variables()["fee_paid"], office.variables()["bill_total"]) == (True, "600000.00")


def test_a_bill_that_is_withdrawn_is_made_anew():
    office = owing()
    told(office, "MSG_BILL_CANCELLED", fee_due=False)
    assert office.open() == []
    office.billed = {"fee_due": False}
    office.run_actions()
    assert office.open() == ["Task_Issue"]


def test_who_never_pays_gives_up():
    office = owing()
    told(office, "MSG_BILL_ABANDONED")
    assert (office.ended, office.ends[-1]) == ("completed", "End_FeeAbandoned")
    assert office.reached()[-1] == "ABANDONED"
    assert office.handed_out()[-1] == "W24"


@pytest.mark.parametrize("variables", [{"relocate": False}, {"relocate": None}, {"joint": True}])
def test_no_bill_is_made_without_relocation_or_inside_a_chain(variables):
    office = owing(**variables)
    assert office.open() == ["Task_Issue"]
    assert office.count("entered support_SP_05/Bill") == 0


def test_only_items_that_cost_something_know_of_fees():
    charged = [
        k for k in ITEMS if any(c.get("calledElement") == "support_SP_05" for c in tree(k).iter(f"{BPMN}callActivity"))
    ]
    assert charged == [CHARGED]
