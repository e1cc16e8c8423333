"""即办件: one desk takes, decides and issues in one sitting; every item of the kind through every end event."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.casework import start_case
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.casework.office import Office as Centre
from service.engine import WaitKind
from service.rules.materials import kind_of
from service.rules.refusals import Forbidden
from service.rules.vocabulary import JournalAction
from tests.casework.desk import journal_of, open_tasks
from tests.casework.papers.city import do, papers, who
from tests.conftest import CHINA, MONDAY, Clock
from tests.processes.library import BPMN, CALENDAR, IMMEDIATE, ROOT, ZW, Office, resources, schema, tree

RETURNING = "item_111_XK_001"
CORRECTING = [key for key in IMMEDIATE if key != RETURNING]
DAYS = {"item_109_GG_003": 1, "item_113_QT_001": 1, "item_118_QR_002": 1}  # when it cannot be done at once; else three
GAPS = {"gaps": ["申请表(表)"], "gap_notes": "缺签字；补签后重新提交"}


def answered(key: str, **answers: Any) -> Office:
    """The one desk has answered, and the letters are written."""
    office = Office(key)
    assert office.open() == ["Task_Desk"]
    office.answer("Task_Desk", **answers)
    office.run_actions()
    return office


def finished(office: Office) -> Office:
    """What single items still wait for after the certificate has come."""
    office.run_actions()
    if office.open() == ["Task_Seals"]:
        office.answer("Task_Seals", seal_codes="9901000000001", carved_on="2026-03-16")
    return office


def licence(key: str) -> bool:
    """A 行政许可 is granted in writing."""
    return "_XK_" in key


@pytest.mark.parametrize("key", IMMEDIATE)
class TestAtOnce:
    def test_grants_with_all_four_stages_in_one_sitting(self, key):
        office = finished(answered(key, decision="grant", certificate_no="990100202600001", delivery="spot"))
        assert (office.ended, office.ends) == ("completed", ["End_Granted"])
        assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
        decision = ["W13", "W14"] if licence(key) else ["W13"]
        assert office.handed_out() == ["W01", "M01", "W02", *decision, "W18", "M20"]
        assert office.variables()["certificate_no"] == "990100202600001"
        assert office.variables()["single_person"] is True

    def test_refuses_with_a_written_decision(self, key):
        office = answered(key, decision="refuse", reason="不符合条件", established="与登记信息不符")
        assert (office.ended, office.ends) == ("completed", ["End_Refused"])
        assert office.reached() == ["ACCEPTED", "DECIDED_NO", "READY", "DELIVERED"]
        assert office.handed_out() == ["W01", "M01", "W02", "W13", "W15", "M16", "M20"]

    def test_turns_away_with_a_written_notice(self, key):
        office = answered(key, decision="reject", reject_kind="other_agency", reason="不属本机关职权")
        assert (office.ended, office.ends) == ("completed", ["End_NotAccepted"])
        assert (office.reached(), office.handed_out()) == (["NOT_ACCEPTED"], ["W01", "M01", "W03", "M05"])

    def test_climbs_at_the_close_of_business_and_stays_open(self, key):
        office = Office(key)
        close = CALENDAR.due_after_workdays(office.now, 0)
        assert close.astimezone(CHINA).time() == datetime(2026, 3, 16, 17).time()
        assert office.wait("Task_Desk").due_date == close
        office.move_to(close - timedelta(microseconds=1))
        assert office.run_actions() == []
        office.move_to(close)
        assert office.run_actions() == ["escalate Task_Desk"]
        assert ("escalation", "ESC_OVERDUE") in office.thrown
        assert office.open() == ["Task_Desk"]

    def test_an_answer_without_decision_grants_nothing(self, key):
        office = answered(key, certificate_no="7")
        assert (office.ended, office.open()) == (None, ["Task_Review"])

    def test_the_desk_names_all_stages_and_has_no_day_of_its_own(self, key):
        desk = next(t for t in tree(key).iter(f"{BPMN}userTask") if t.get("id") == "Task_Desk")
        assert desk.get(f"{ZW}stage").split() == ["ACCEPT", "REVIEW", "APPROVE", "ISSUE"]
        assert desk.get(f"{ZW}limit") == tree(key).find(f"{BPMN}process").get(f"{ZW}limit") == "0wd"


@pytest.mark.parametrize("key", CORRECTING)
class TestCorrection:
    def test_asks_once_and_begins_again_with_what_has_come(self, key):
        office = answered(key, decision="correct", **GAPS)
        assert office.open() == ["Task_Correction"]
        office.answer("Task_Correction", received="申请表", complete_on="2026-03-20")
        assert office.open() == ["Task_Desk"]
        assert (office.variables()["Task_Desk"], office.variables()["decision"]) == (None, None)
        office.answer("Task_Desk", decision="grant", certificate_no="1", delivery="spot")
        assert finished(office).ends == ["End_Granted"]
        assert office.reached()[:3] == ["CORRECTING", "SUPPLEMENTED", "ACCEPTED"]

    def test_is_given_up_after_thirty_working_days(self, key):
        office = answered(key, decision="correct", **GAPS)
        office.move_to(CALENDAR.due_after_workdays(office.now, 30))
        office.run_actions()
        assert (office.ends[-1], office.reached()) == ("End_Abandoned", ["CORRECTING", "ABANDONED"])
        assert office.handed_out()[2:] == ["W04", "M03", "W24"]


@pytest.mark.parametrize("key", IMMEDIATE)
class TestPromised:
    def promised(self, key: str) -> Office:
        """The desk could not do it at once."""
        office = answered(key, decision="promise", reason="需要核实")
        assert office.open() == ["Task_Review"]
        return office

    def test_is_accepted_with_the_days_of_its_promise(self, key):
        office = self.promised(key)
        assert (office.reached(), office.handed_out()[2:]) == (["ACCEPTED"], ["W02", "M02"])
        limits = {e.get("id"): e.get(f"{ZW}limit") for e in tree(key).iter() if isinstance(e.tag, str)}
        assert limits["Mark_Promised"] == limits["Mark_Deemed"] == f"{DAYS.get(key, 3)}wd"

    def test_is_granted_by_three_other_desks(self, key):
        office = self.promised(key)
        office.answer("Task_Review", recommendation="grant")
        office.answer("Task_Approve", decision="grant")
        office.answer("Task_Issue", certificate_no="8", delivery="window")
        assert finished(office).ends == ["End_Granted"]
        assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
        assert (office.variables()["certificate_no"], office.variables()["single_person"]) == ("8", None)

    def test_is_refused_by_the_chief_representative(self, key):
        office = self.promised(key)
        office.answer("Task_Review", recommendation="refuse", reason="不符合条件")
        office.answer("Task_Approve", decision="refuse", reason="不符合条件")
        assert office.run_actions() == ["document W15"]
        assert (office.ends, office.reached()[1:]) == (["End_Refused"], ["DECIDED_NO", "READY", "DELIVERED"])

    def test_comes_back_three_times_at_most(self, key):
        office = self.promised(key)
        for count in (1, 2, 3):
            office.answer("Task_Review", recommendation="grant")
            office.answer("Task_Approve", decision="return", reason="核实")
            assert (office.open(), office.variables()["return_count"]) == (["Task_Review"], count)
        office.answer("Task_Review", recommendation="grant")
        office.answer("Task_Approve", decision="return", reason="再退")
        assert office.open() == ["Task_Approve"], "the fourth return leads back to the deciding desk"

    def test_is_accepted_by_law_when_the_window_says_nothing(self, key):
        office = Office(key)
        office.move_to(CALENDAR.due_after_workdays(office.now, 5))
        office.run_actions()
        assert (office.open(), office.reached()) == (["Task_Review"], ["DEEMED_ACCEPTED"])
        assert office.handed_out()[2:] == ["W02", "M06"]

    def test_every_later_desk_climbs(self, key):
        office = self.promised(key)
        for element, said in (
            ("Task_Review", {"recommendation": "grant"}),
            ("Task_Approve", {"decision": "grant"}),
            ("Task_Issue", {"certificate_no": "1", "delivery": "window"}),
        ):
            office.move_to(office.wait(element).due_date)
            assert f"escalate {element}" in office.run_actions()
            office.answer(element, **said)


# -- what single items know beyond the template -----------------------------------------------------------------


def test_every_immediate_item_of_the_register_has_its_diagram():
    cards = [json.loads(path.read_text("utf-8")) for path in (ROOT / "processes" / "items").glob("*.json")]
    listed = {card["code"]: card.get("process", "") for card in cards if card["kind"] == "IMMEDIATE"}
    four_desks = listed.pop("101-QT-001")  # drawn before, called by JS-35
    assert sorted(listed.values()) == IMMEDIATE and four_desks not in IMMEDIATE


def test_the_registry_gives_incomplete_papers_back_and_says_once_what_is_missing():
    office = answered(RETURNING, decision="return_file", **GAPS, receiver="李昭")
    assert (office.ends, office.reached()) == (["End_Returned"], ["RETURNED"])
    assert office.handed_out() == ["W01", "M01", "W23", "M03"]
    assert office.variables()["count"] == 1


@pytest.mark.parametrize(
    ("number", "accepted"),
    [("41010519660315002X", True), ("410105196603160021", True), ("410105196603170022", False), ("", True)],
)
def test_an_old_age_card_needs_sixty_years_by_the_number_whatever_the_desk_says(number, accepted):
    office = Office("item_115_GG_004", {"applicant_id_no": number})
    office.answer("Task_Desk", decision="grant", certificate_no="1", delivery="spot")
    office.run_actions()
    assert office.ends == ["End_Granted" if accepted else "End_NotAccepted"]
    assert office.variables()["reason"] == (None if accepted else "按身份证号码计算未满六十周岁")


@pytest.mark.parametrize(
    ("his", "hers", "end"),
    [
        ("410105200403160011", "410105200603160022", "End_Granted"),  # twenty-two and twenty on this very day
        ("410105200403170011", "410105200603160022", "End_Refused"),
        ("410105200403160011", "410105200603170022", "End_Refused"),
    ],
)
def test_nobody_is_married_before_the_age_of_the_law(his, hers, end):
    office = Office("item_118_QR_002", {"applicant_id_no": his, "b_id_no": hers})
    office.answer("Task_Desk", decision="grant", both_present=True, certificate_no="J1", delivery="spot")
    office.run_actions()
    assert office.ends == [end]


@pytest.mark.parametrize(("passed", "end"), [(True, "End_Granted"), (False, "End_Refused")])
def test_the_testing_station_reports_while_the_desk_is_open(passed, end):
    office = Office("item_109_GG_003")
    (heard,) = office.waits(WaitKind.MESSAGE)
    office.run.deliver(heard.id, {"test_report_no": "JC-1", "test_passed": passed})
    office.settle()
    assert office.open() == ["Task_Desk"], "the window still signs"
    office.answer("Task_Desk", decision="grant", certificate_no="1", delivery="spot")
    office.run_actions()
    assert office.ends[-1] == end
    assert office.variables()["test_report_no"] == "JC-1"


def surveyed(office: Office, conclusion: str) -> None:
    """SP-09: met on the day, signed for by two."""
    office.answer("Task_Booking", survey_on="2026-03-18", half="上午", place="现场")
    office.run_actions()
    office.answer("Task_Survey", inspector_a="张伟", inspector_b="刘洋", survey_conclusion=conclusion)
    office.run_actions()


def spot_checked() -> Office:
    """A filing that the lot has drawn."""
    office = Office("item_104_QT_004")
    office.drawn = True
    office.answer("Task_Desk", decision="grant", certificate_no="1", delivery="spot")
    assert office.run_actions() == ["lot Lot_Check"]
    assert (office.open(), office.reached()) == (
        ["Task_Booking"], ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"],
    )  # fmt: skip
    return office


def test_a_filing_that_was_drawn_is_looked_at_after_it_has_been_handed_out():
    office = spot_checked()
    surveyed(office, "通过")
    assert office.ends[-1] == "End_Granted"


def test_what_fails_the_check_is_mended_three_times_at_most():
    office = spot_checked()
    for _ in range(3):
        surveyed(office, "整改")
        assert office.open() == ["Task_Mend"]
        office.answer("Task_Mend", mended_what="疏散指示已补装", mended_on="2026-03-25")
    surveyed(office, "不通过")
    assert (office.ends[-1], office.reached()[-1], office.handed_out()[-1]) == ("End_Terminated", "TERMINATED", "W24")


def test_whoever_has_to_mend_late_is_told_upwards():
    office = spot_checked()
    surveyed(office, "整改")
    office.move_to(office.wait("Task_Mend").due_date)
    assert office.run_actions() == ["escalate Task_Mend"]


def test_a_taxpayer_of_risk_is_visited_once_before_the_decision():
    office = answered("item_113_QT_002", decision="promise", reason="申请的最高开票限额需要查验")
    office.answer("Task_Review", recommendation="survey")
    surveyed(office, "通过")
    assert office.open() == ["Task_Review"]
    office.answer("Task_Review", recommendation="survey")
    assert office.open() == ["Task_Approve"], "one visit is enough"


def test_a_proof_of_tax_is_what_the_land_registry_asks_the_shared_base_for():
    result = json.loads((ROOT / "processes" / "items" / "113-QR-003.json").read_text("utf-8"))["result"]["name"]
    asked = json.loads((ROOT / "processes" / "items" / "102-QR-005.json").read_text("utf-8"))["materials"]
    assert result in {kind_of(one["name"]) for one in asked if one["source"] == "SHARED"}


def test_an_old_grain_permit_is_noted_as_void():
    office = Office("item_110_QT_001", {"old_permit": True, "old_permit_no": "粮0012"})
    office.answer("Task_Desk", decision="grant", certificate_no="1", delivery="spot")
    assert office.run_actions() == ["record Record_Old"]
    assert office.ends == ["End_Granted"]


def test_the_engraver_reports_the_seals_by_the_exchange_and_nobody_types_them():
    office = answered("item_112_QT_001", decision="grant", certificate_no="1", delivery="spot")
    assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"], (
        "the receipt does not wait for the seals"
    )
    (heard,) = office.waits(WaitKind.MESSAGE)
    office.run.deliver(heard.id, {"seal_codes": "9901000000001"})
    office.settle()
    assert (office.ends, office.variables()["seal_codes"]) == (["End_Granted"], "9901000000001")


@pytest.mark.parametrize("key", IMMEDIATE)
def test_the_desk_asks_for_what_its_answer_needs(key):
    keys = {c["key"]: c for c in schema(f"desk_{key[5:]}")["components"] if "key" in c}
    offered = [v["value"] for v in keys["decision"]["values"]]
    assert ("return_file" in offered, "correct" in offered) == (key == RETURNING, key != RETURNING)
    assert {"grant", "refuse", "reject", "promise"} <= set(offered)
    assert keys["certificate_no"]["conditional"]["hide"] == '=decision != "grant"'


# -- with people, clocks, papers and messages --------------------------------------------------------------------

ELDER = {"applicant": "王桂兰", "applicant_id_no": "410105195003150024", "phone": "13900000002", "pick_up": "window"}
TAXPAYER = {
    "applicant": "云溪华印制罐有限公司",
    "applicant_uscc": "91990100MA0000001X",
    "contact": "李昭",
    "phone": "13900000001",
}


@pytest.fixture
def centre(demo_office: Centre) -> Centre:
    """The demo city with three immediate items."""
    wanted = (
        "115_GG_004",
        "113_QT_001",
        "111_XK_001",
        "review_promised",
        "approve.form",
        "issue.form",
        "supplement.form",
    )
    deploy(demo_office, SYSTEM, "即办件", [one for one in resources() if any(word in one.name for word in wanted)])
    return demo_office


def applied(centre: Centre, key: str, **variables: Any) -> UUID:
    """王芳 takes in an application at her window."""
    return start_case(centre, who(centre, "wangfang"), key=key, variables=variables, title=key).id


def test_five_minutes_at_the_counter_leave_every_stamp_and_paper(centre, clock: Clock):
    case = applied(centre, "item_115_GG_004", **ELDER)
    clock.advance(minutes=4, seconds=20)
    do(
        centre,
        case,
        "Task_Desk",
        "wangfang",
        decision="grant",
        materials=["身份证(共)"],
        certificate_no="YL-1",
        delivery="spot",
    )
    lines = journal_of(centre, case)
    marks = [line.detail["mark"] for line in lines if line.action == JournalAction.ITEM_REACHED]
    assert marks == ["RECEIVED", "ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
    stopped = {
        line.detail["kind"]: line.detail["in_time"] for line in lines if line.action == JournalAction.CLOCK_STOPPED
    }
    assert stopped["CASE"] is stopped["DELIVERY"] is True
    found = papers(centre, case)
    assert {code: row.state for code, row in found.items()} == dict.fromkeys(("W01", "W02", "W13", "W18"), "ISSUED")
    assert found["W02"].facts["process_type"] == "即办件"
    assert found["W13"].facts["steps"][0]["stage"] == "受理、审核、批准、发证"
    assert not any("410105195003150024" in str(row.facts) for row in found.values()), "no paper tells the number"
    with centre.reading() as records:
        assert {m.code for m in records.messages.of_case(case)} >= {"M01", "M20"}


def test_what_cannot_be_done_at_once_is_promised_and_goes_to_other_people(centre, clock: Clock):
    case = applied(centre, "item_113_QT_001", **TAXPAYER)
    do(centre, case, "Task_Desk", "wangfang", decision="promise", reason="风险识别需要核实")
    with centre.reading() as records:
        clocks = {row.kind: row for row in records.clocks.of_case(case)}
    assert (clocks["CASE"].amount, clocks["CASE"].unit) == (1, "WORKDAY")
    assert clocks["CASE"].due_at == CALENDAR.due_after_workdays(MONDAY, 1)
    assert papers(centre, case)["W02"].facts["process_type"] == "承诺件"
    assert open_tasks(centre, case)["Task_Review"].department == "113"
    with pytest.raises(Forbidden):
        do(centre, case, "Task_Review", "wangfang", recommendation="grant")
    do(centre, case, "Task_Review", "113-a", recommendation="grant", opinion="核实无风险。")
    do(centre, case, "Task_Approve", "113-rep", decision="refuse", established="名下有欠税", reason="先行清缴")
    found = papers(centre, case)
    assert (found["W15"].state, found["W15"].facts["reason"]) == ("ISSUED", "先行清缴")
    with centre.reading() as records:
        assert {m.code for m in records.messages.of_case(case)} >= {"M01", "M02", "M16", "M20"}


def test_papers_given_back_are_listed_with_what_is_missing(centre):
    handed = ["公司章程(自)", "住所使用证明或承诺(自)"]
    case = applied(centre, RETURNING, **ELDER, name="云溪老友茶馆有限公司", handed_in=handed)
    do(
        centre,
        case,
        "Task_Desk",
        "wangfang",
        decision="return_file",
        receiver="王桂兰",
        gaps=handed[:1],
        gap_notes="缺签字页；补签",
    )
    paper = papers(centre, case)["W23"]
    assert (paper.state, paper.facts["receiver"]) == ("ISSUED", "王桂兰")
    assert "一次告知：公司章程。缺签字页" in paper.facts["reason"]
    with centre.reading() as records:
        assert records.cases.find(case).state == "COMPLETED"
        assert {m.code for m in records.messages.of_case(case)} >= {"M01", "M03"}
