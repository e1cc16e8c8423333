"""Every promised item that is drawn from its card: what the card says is drawn, and every way to every end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.engine import WaitKind
from service.engine.feel import evaluate
from service.rules.forms import judge
from service.rules.worktime import parse_limit
from tests.processes.library import BPMN, CALENDAR, ZW, Office, schema, tree
from tests.processes.promised import (
    AGREED,
    CARDS,
    PROMISED,
    SIGNED,
    SURVEYED,
    YES,
    approving,
    attribute,
    deciding_desk,
    desks,
    go,
)

UNITS = {"WORKDAY": "wd", "CALENDAR": "cd"}
LEVELS = {
    "NONE": "none",
    "NEVER": "never",
    "STAGE_SKIP": "stage_skip",
    "DECISION": "decision",
    "STATUTORY": "statutory",
}


def test_forty_nine_promised_items_are_drawn_from_their_cards():
    assert len(PROMISED) == 49
    for key in PROMISED:
        assert CARDS[key]["process"] == key


# -- what the card says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PROMISED)
def test_limits_and_silence_of_the_process_are_those_of_the_card(key):
    card, process = CARDS[key], tree(key).find(f"{BPMN}process")
    said = {name.removeprefix(ZW): value for name, value in process.attrib.items()}
    statutory, correction = card["statutory"], card.get("correction", {"value": 5, "unit": "WORKDAY"})
    assert (said["item"], said["limit"], said["short"]) == (card["code"], f"{card['promised']}wd", card["short_name"])
    assert said["receipt"] == f"{correction['value']}{UNITS[correction['unit']]}"
    assert said["tacit"] == LEVELS[card.get("tacit", "NONE")]
    limit = f"{statutory['value']}{UNITS[statutory['unit']]}" if statutory["unit"] in UNITS else None
    assert said.get("statutory") == limit
    assert said.get("statutory_start") == (statutory["start"] if limit else None)
    silent = {element: attribute(key, element, "tacit") for element in desks(key) if attribute(key, element, "tacit")}
    review = {d: "stage_skip" for d in desks(key) if d in ("Task_Review", "Task_Conclude")}
    expected = {"stage_skip": review, "decision": {**review, "Task_Approve": "decision"}}
    assert silent == expected.get(said["tacit"], {})


@pytest.mark.parametrize("key", PROMISED)
def test_the_desks_share_the_half_days_of_the_stage_plan(key):
    """What a pause leaves out of the limit and what stands beside 审核 is not part of the plan."""
    accept, review, approve, issue = CARDS[key]["stages"]
    halves = {
        element: parse_limit(task.get(f"{ZW}limit")).amount * (2 if task.get(f"{ZW}limit").endswith("wd") else 1)
        for element, task in desks(key).items()
        if not task.get(f"{ZW}pause")
    }
    stage = {element: attribute(key, element, "stage") for element in halves}
    own = {"Task_Accept": accept, "Task_Approve": approve, "Task_Issue": issue}
    assert {name: halves[name] for name in own} == own
    reviewing = [
        n
        for name, n in halves.items()
        if stage[name] in ("REVIEW", "PUBLICITY", "HEARING", "MEETING") and name != "Task_Short"
    ]
    opinions = [n for name, n in halves.items() if stage[name] == "OPINION"]
    assert sum(reviewing) + max(opinions, default=0) + survey_share(key) == review
    assert accept + review + approve + issue <= 2 * CARDS[key]["promised"]


def survey_share(key: str) -> int:
    """The half-days the called survey may take."""
    given = {
        p.get("name"): p.text for p in tree(key).iter() if isinstance(p.tag, str) and p.tag.endswith("inputParameter")
    }
    if "survey_limit" not in given:
        return 0
    booking = 0 if CARDS[key]["code"] == "105-QT-002" else int(given["booking_limit"].removesuffix("hd"))
    return booking + int(given["survey_limit"].removesuffix("hd"))


@pytest.mark.parametrize("key", PROMISED)
def test_a_survey_is_called_where_the_card_asks_for_one_and_nowhere_else(key):
    called = [c.get("calledElement") for c in tree(key).iter(f"{BPMN}callActivity")]
    assert ("support_SP_09" in called) == bool(CARDS[key].get("survey"))
    assert ("support_SP_05" in called) == bool(CARDS[key].get("fees"))


# -- every way --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PROMISED)
class TestEveryPromisedItem:
    def test_grants_with_its_papers(self, key):
        office = go(Office(key))
        assert office.ends[-1] == "End_Granted"
        assert office.reached() == ["ACCEPTED", "DECIDED_YES", "READY", "DELIVERED"]
        handed = office.handed_out()
        assert handed[:4] == ["W01", "M01", "W02", "M02"]
        decision = ["W13", "W14"] if CARDS[key]["type"] == "LICENSE" else ["W13"]
        assert handed[handed.index("W13") :] == [*decision, "W18", "M20"]
        assert ("W11" in handed) == (key in SURVEYED)
        assert handed.count("M12") == 2, "审核 and 批准 are said to be done, 书面审查 is not"

    def test_refuses_with_a_letter_before_its_message(self, key):
        office = go(Office(key), Task_Approve={"decision": "refuse", "reason": "不符合条件"})
        assert office.ends[-1] == "End_Refused"
        assert office.reached() == ["ACCEPTED", "DECIDED_NO", "READY", "DELIVERED"]
        handed = office.handed_out()
        assert handed[handed.index("W13") :] == ["W13", "W15", "M16", "M20"]

    def test_turns_away_corrects_and_gives_up_at_the_window(self, key):
        office = go(Office(key), Task_Accept={"decision": "reject", "reject_kind": "other", "reason": "不需要许可"})
        assert (office.ends, office.reached()) == (["End_NotAccepted"], ["NOT_ACCEPTED"])
        assert office.handed_out() == ["W01", "M01", "W03", "M05"]
        office = Office(key)
        office.answer("Task_Accept", decision="correct", gaps=["申请表(表)"], gap_notes="缺签字")
        assert office.run_actions() == ["document W04"]
        office.answer("Task_Correction", received="申请表", complete_on="2026-03-20")
        assert office.open() == ["Task_Accept"] and office.variables()["Task_Accept"] is None
        office.answer("Task_Accept", decision="correct", gaps=["申请表(表)"], gap_notes="缺签字")
        office.run_actions()
        office.move_to(office.wait("Task_Correction").due_date)
        assert office.run_actions() == ["document W24"]
        assert office.ends == ["End_Abandoned"]

    def test_is_accepted_by_law_when_the_window_is_silent(self, key):
        office = Office(key)
        office.move_to(CALENDAR.due_after_workdays(office.now, 5))
        office.run_actions()
        go(office)
        assert office.ends[-1] == "End_Granted"
        assert office.reached()[0] == "DEEMED_ACCEPTED"

    def test_returns_three_times_and_then_has_to_be_decided(self, key):
        office, desk = approving(key), deciding_desk(key)
        for count in (1, 2, 3):
            office.answer("Task_Approve", decision="return", reason="材料核实")
            assert office.open() == [desk]
            assert office.variables()["return_count"] == count
            go(office, "Task_Approve")
        office.answer("Task_Approve", decision="return", reason="再退")
        assert office.open() == ["Task_Approve"], "the fourth return leads back to the deciding desk"
        go(office)
        assert office.ends[-1] == "End_Granted"
        assert office.count("entered support_SP_09/Task_Survey") == (key in SURVEYED), "one survey is enough"

    def test_holds_every_special_procedure_that_is_granted_and_concludes_again(self, key):
        desk = deciding_desk(key)
        office = go(Office(key), desk)
        procedures = {e: attribute(key, e, "pause") for e in desks(key) if in_procedure(key, e)}
        wanted = {one["kind"] for one in CARDS[key].get("procedures", ())} & {"TENDER", "ENTRUSTED_EVALUATION"}
        assert set(procedures.values()) == {"HEARING", "INSPECTION", "EXPERT"} | wanted
        for held, kind in procedures.items():
            office.answer(desk, recommendation="procedure", procedure_reason="需要")
            assert office.open() == ["Task_Procedure"]
            office.answer("Task_Procedure", procedure=kind, expected_days=10)
            assert office.open() == [held]
            office.answer(held, result="通过")
            assert office.open() == [desk]
        office.answer(desk, recommendation="procedure", procedure_reason="需要")
        office.answer("Task_Procedure", procedure="none")
        assert office.open() == [desk]
        go(office, "Task_Approve")

    def test_every_desk_climbs_exactly_when_it_is_due(self, key):
        office = Office(key)
        while office.ended is None:
            timers = [t for t in office.waits(WaitKind.TIMER) if t.element.startswith("Due_")]
            if timers:
                soonest = min(t.due for t in timers)
                late = [t.element.removeprefix("Due_") for t in timers if t.due == soonest]
                office.move_to(soonest - timedelta(microseconds=1))
                assert not office.waits(WaitKind.ACTION)
                office.move_to(soonest)
                assert sorted(office.run_actions()) == sorted(f"escalate {element}" for element in late)
                assert set(late) <= set(office.open()), "the task stays open: only its owner changes"
            for element in office.open():
                office.answer(element, **YES.get(element, AGREED))
            office.run_actions()
        assert office.ends[-1] == "End_Granted"
        if office.thrown:
            assert {name for kind, name in office.thrown if kind == "escalation"} == {"ESC_OVERDUE"}


def in_procedure(key: str, element: str) -> bool:
    """Whether the desk stands inside 特别程序."""
    parent = desks(key)[element].getparent()
    return parent.get("id") == "Procedure" and element != "Task_Procedure"


# -- 现场勘查 ----------------------------------------------------------------------------------------------------


def surveying(key: str = "item_120_XK_001") -> Office:
    """An item whose survey has been agreed on."""
    return go(Office(key), "Task_Survey")


def test_a_survey_is_done_by_two_inspectors_and_leaves_its_sheet_on_the_spot():
    office = surveying()
    wait = office.wait("Task_Survey")
    assert (wait.zw["quorum"], wait.zw["dept"], wait.zw["stage"]) == ("inspectors≥2", "120", "SURVEY")
    assert office.handed_out("Message_Booked") == ["M07"]
    office.answer("Task_Survey", **SIGNED)
    assert office.run_actions() == ["document W11", "message Message_Survey"]
    assert office.open() == ["Task_Conclude"]
    assert office.variables()["survey_conclusion"] == "通过"
    assert office.variables()["survey_inspectors"] == "沈耀华、胡兆丰"


def test_an_applicant_who_is_absent_is_met_once_more_and_then_surveyed_all_the_same():
    office = surveying()
    office.answer("Task_Survey", absent=True, reason="电话未接")
    assert office.open() == ["Task_Booking"]
    go(office, "Task_Survey")
    office.answer("Task_Survey", **{**SIGNED, "absent": True, "reason": "再次未到场", "applicant_signed": None})
    assert office.run_actions() == ["document W11", "message Message_Survey"]
    assert office.open() == ["Task_Conclude"]


def test_what_had_to_be_put_right_is_surveyed_again_at_most_twice():
    office = surveying()
    office.answer("Task_Survey", **{**SIGNED, "survey_conclusion": "整改", "rectify_by": "2026-03-20"})
    go(office, "Task_Conclude")
    for _ in range(2):
        office.answer("Task_Conclude", recommendation="survey", survey_reason="复查整改")
        assert office.open() == ["Task_Booking"], "a new survey begins with a new appointment"
        go(office, "Task_Conclude")
    office.answer("Task_Conclude", recommendation="survey", survey_reason="再查")
    assert office.open() == ["Task_Approve"], "after three surveys it has to be decided"


def test_a_survey_that_the_window_has_agreed_on_needs_no_booking():
    office = Office("item_105_QT_002")
    office.answer("Task_Accept", decision="accept", survey_on="2026-03-17", half="上午", place="工地")
    office.run_actions()
    assert office.open() == ["Task_Survey"]
    office = Office("item_105_QT_002")
    office.answer("Task_Accept", decision="accept")
    assert office.open() == ["Task_Booking"]


def test_a_discharge_permit_is_surveyed_where_the_papers_ask_for_it():
    office = go(Office("item_103_XK_004", {"mgmt_class": "简化"}), "Task_Review")
    office.answer("Task_Review", opinion="材料齐全", site_check=False)
    assert office.open() == ["Task_Conclude"]
    assert "W07" not in office.handed_out(), "简化管理 needs no technical evaluation"
    office = go(Office("item_103_XK_004", {"mgmt_class": "重点"}), "Task_Expert_Ordered")
    assert office.wait("Task_Expert_Ordered").zw["pause"] == "EXPERT"
    go(office, "Task_Review")
    office.answer("Task_Review", opinion="需核实排放口", site_check=True)
    assert office.open() == ["Task_Booking"]


# -- what else is special ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "small", "large"),
    [
        (
            "item_101_XK_003",
            {"annual_energy_tce": 900, "annual_power_kwh": 4000000},
            {"annual_energy_tce": 900, "annual_power_kwh": 5000000},
        ),
        ("item_108_XK_002", {"plan_type": "登记表"}, {"plan_type": "报告书"}),
    ],
)
def test_small_cases_are_checked_against_a_promise_and_decided(key, small, large):
    office = go(Office(key, small), "Task_Short")
    office.answer("Task_Short", recommendation="grant")
    assert office.open() == ["Task_Approve"]
    assert office.count(f"entered {key}/Task_Review") == 0
    office.answer("Task_Approve", decision="return", reason="规模存疑")
    assert office.open() == ["Task_Review"], "a return is reviewed in full"
    office = go(Office(key, large), "Task_Review")
    assert office.count(f"entered {key}/Task_Short") == 0


@pytest.mark.parametrize(("key", "excluded"), [("item_107_XK_002", "PUBLICITY"), ("item_115_XK_002", None)])
def test_a_grant_is_made_public_once_before_it_is_decided(key, excluded):
    assert tree(key).find(f"{BPMN}process").get(f"{ZW}excludes") == excluded, "only a local rule leaves it out"
    desk = deciding_desk(key)
    office = go(Office(key), "Task_Publicity")
    assert (office.count(f"entered {key}/Notice_Publicity") == 1) == (excluded is not None)
    assert excluded is None or office.handed_out("Notice_Publicity") == ["W07"]
    office.answer("Task_Publicity", objections=True, opinion="居民反对移植")
    assert office.open() == [desk], "objections are heard before the decision"
    office.answer(desk, recommendation="grant")
    assert office.open() == ["Task_Approve"], "it is made public once"
    office = approving(key, None, **{desk: {"recommendation": "refuse", "reason": "不符合"}})
    assert office.count(f"entered {key}/Task_Publicity") == 0, "a refusal is not made public"


def test_the_law_orders_a_hearing_before_every_decision_on_a_place_of_entertainment():
    key = "item_119_XK_001"
    office = go(Office(key), "Task_Announce")
    office.answer("Task_Announce", **YES["Task_Announce"])
    assert office.wait("Task_Hearing_Ordered").zw["pause"] == "HEARING"
    assert office.handed_out("Task_Announce", "Notice_Hearing_Ordered") == ["W12", "W07"]
    assert office.variables()["hearing_host"] == "赵敏"
    office.answer("Task_Hearing_Ordered", result="同意")
    assert office.open() == ["Task_Approve"]
    office.answer("Task_Approve", decision="return", reason="补充")
    go(office, "Task_Approve")
    assert office.count(f"entered {key}/Task_Hearing_Ordered") == 1


def test_a_school_is_decided_as_the_meeting_has_resolved():
    key = "item_117_XK_001"
    assert tree(key).find(f"{BPMN}process").get(f"{ZW}decides") == "collective"
    assert office_of_meeting("grant") == "End_Granted"
    office = approving(key, Task_Meeting={"resolution": "refuse", "minutes": "师资不足"})
    office.answer("Task_Approve", decision="grant")
    assert office.open() == ["Task_Review"], "nobody grants what the meeting has not"
    go(office, Task_Approve={"decision": "refuse", "reason": "会议决议"})
    assert office.ends[-1] == "End_Refused"


def office_of_meeting(resolution: str) -> str:
    """How a school ends after this resolution."""
    return go(Office("item_117_XK_001"), Task_Meeting={"resolution": resolution}).ends[-1]


@pytest.mark.parametrize(
    ("key", "variables", "found"),
    [
        ("item_102_QR_004", {"deviation_pct": 3.5}, {}),
        ("item_102_QR_004", {}, {"deviation_pct": 4}),
        ("item_104_XK_006", {"invested_pct": 20}, {}),
        ("item_119_XK_001", {"distance_school_m": 150}, {}),
        ("item_121_XK_001", {"volume_m3": 80}, {"quota_left": 79.5}),
        ("item_123_XK_001", {}, {"layout_fits": "no"}),
    ],
)
def test_nobody_grants_what_the_law_forbids(key, variables, found):
    desk = deciding_desk(key)
    office = approving(key, variables, **{desk: {"recommendation": "grant", **found}})
    office.answer("Task_Approve", decision="grant")
    assert office.open() == [desk]
    office = approving(key, None, **{desk: {"recommendation": "grant"}})
    office.answer("Task_Approve", decision="grant")
    go(office)
    assert office.ends[-1] == "End_Granted"


@pytest.mark.parametrize(("key", "field"), [("item_119_XK_003", "foreign"), ("item_120_XK_002", "restricted")])
def test_what_the_province_decides_is_turned_away_with_where_to_go(key, field):
    office = go(Office(key, {field: True}))
    assert office.ends == ["End_NotAccepted"], "also when the window would have accepted it"
    said = office.variables()
    assert said["reject_kind"] == "other_agency" and "省级" in said["proper_authority"] and said["reason"]
    assert go(Office(key, {field: False})).ends[-1] == "End_Granted"


def test_water_from_below_the_city_is_asked_about_while_no_limit_runs():
    key = "item_108_XK_001"
    office = go(Office(key, {"source": "地下"}), "Task_Opinion_Housing")
    wait = office.wait("Task_Opinion_Housing")
    assert (wait.zw["pause"], wait.zw["dept"]) == ("CONSULT", "104")
    assert "tacit" not in wait.zw, "silence is no opinion here"
    office.answer("Task_Opinion_Housing", conclusion="agree")
    assert office.open() == ["Task_Review"] and "W10" in office.handed_out()
    assert go(Office(key, {"source": "地表"}), "Task_Review").count(f"entered {key}/Task_Opinion_Housing") == 0


def test_works_on_roads_ask_the_police_always_and_the_operator_of_a_toll_road():
    key = "item_109_XK_004"
    office = Office(key)
    office.answer("Task_Accept", decision="accept", toll_road=True)
    assert office.open() == ["Task_Beside", "Task_Opinion_Traffic"]
    assert office.wait("Task_Opinion_Traffic").zw["dept"] == "112"
    office.answer("Task_Beside", conclusion="agree")
    assert office.open() == ["Task_Opinion_Traffic"], "both are awaited"
    office.answer("Task_Opinion_Traffic", conclusion="agree")
    assert office.open() == ["Task_Review"]
    office = Office(key)
    office.answer("Task_Accept", decision="accept")
    assert office.open() == ["Task_Opinion_Traffic"]


@pytest.mark.parametrize(
    ("key", "field", "late", "early"),
    [
        ("item_104_QT_007", "accept_date", "2026-02-28", "2026-03-01"),
        ("item_111_XK_004", "used_since", "2026-02-13", "2026-02-14"),
    ],
)
def test_who_files_late_is_noted_and_handled_all_the_same(key, field, late, early):
    at_window = {"decision": "accept", field: late}
    office = Office(key, {field: late} if field == "accept_date" else {})
    office.answer("Task_Accept", **at_window)
    assert office.run_actions() == ["record Record_Late"]
    assert office.open() == ["Task_Review"]
    office = Office(key, {field: early} if field == "accept_date" else {})
    office.answer("Task_Accept", **{**at_window, field: early})
    assert office.run_actions() == []
    assert office.open() == ["Task_Review"]


def test_lines_for_electricity_are_built_after_the_contract_while_no_limit_runs():
    key = "item_125_GG_001"
    office = go(Office(key, {"voltage": "10kV"}), "Task_Works")
    assert office.reached()[-2:] == ["READY", "DELIVERED"], "the contract is out"
    go(office)
    assert office.ends[-1] == "End_Granted"
    assert go(Office(key, {"voltage": "380V"})).count(f"entered {key}/Task_Works") == 0


def test_places_at_school_are_given_batch_by_batch():
    office = go(Office("item_117_GG_003"), "Task_Batch")
    office.answer("Task_Batch", batch_no="2026年秋季第1批", batch_on="2026-07-10")
    assert office.open() == ["Task_Review"]
    assert (office.variables()["batch_no"], office.variables()["batch_on"]) == ("2026年秋季第1批", "2026-07-10")


def test_the_copy_of_a_licence_for_explosives_is_followed_up_until_it_is_written_off():
    office = go(Office("item_112_XK_004"))
    assert office.ends[-1] == "End_Granted"
    assert "核销" in office.variables()["follow_up"]
    assert office.count("completed item_112_XK_004/Start_FollowUp") == 1


def test_the_police_network_writes_off_the_copy_or_else_a_person_does():
    following = {"follow_up": "联网核销", "follow_up_dept": "112", "follow_up_limit": "20wd", "follow_up_to": "police"}
    office = Office("support_follow_up", following)
    [wait] = office.waits(WaitKind.ACTION)
    assert (wait.action, wait.zw["to"]) == ("exchange", "police")
    office.run_actions()
    assert office.open() == ["Task_FollowUp"]
    assert office.send("message", "MSG_EXCHANGE", {"fulfilled": "yes", "voucher": "HX-1"}) == 1
    assert (office.ends, office.variables()["voucher"]) == (["End_Fulfilled"], "HX-1")
    office = Office("support_follow_up", following)
    [wait] = office.waits(WaitKind.ACTION)
    assert office.run.throw_error(wait.id, "ERR_SHARE_FAILED")
    office.settle()
    office.answer("Task_FollowUp", fulfilled="yes", opinion="凭购买备案表核销")
    assert office.ends == ["End_Fulfilled"]


def test_the_deposit_of_a_travel_agency_is_followed_up_in_a_case_of_its_own():
    office = go(Office("item_119_XK_002"))
    assert office.ends[-1] == "End_Granted"
    assert "completed item_119_XK_002/Start_FollowUp" in office.trace
    following = {"follow_up": "存入质量保证金", "follow_up_dept": "119", "follow_up_limit": "3wd"}
    office = Office("support_follow_up", following)
    wait = office.wait("Task_FollowUp")
    assert (wait.zw["dept"], wait.zw["limit"]) == ("119", "3wd")
    office.answer("Task_FollowUp", fulfilled="yes", opinion="已存入")
    assert office.ends == ["End_Fulfilled"]
    office = Office("support_follow_up", following)
    office.move_to(office.wait("Task_FollowUp").due_date)
    assert office.run_actions() == ["escalate Task_FollowUp"]
    office.answer("Task_FollowUp", fulfilled="no", opinion="未存入")
    assert office.run_actions() == ["record Record_FollowUp"]
    assert office.ends[-1] == "End_Unfulfilled"


@pytest.mark.parametrize("key", ["item_119_XK_004", "item_129_QR_001"])
def test_what_silence_grants_ends_under_a_name_of_its_own(key):
    office = approving(key)
    wait = office.wait("Task_Approve")
    office.run.complete_task(wait.id, {"Task_Approve_tacit": True}, answers={"decision": "grant"})
    office.settle()
    go(office)
    assert office.ends[-1] == "End_Tacit"


# -- what the desks ask -----------------------------------------------------------------------------------------


def asked(form: str, data: dict[str, Any] | None = None, **entries: Any) -> set[str]:
    """Names of the fields a form refuses for these entries, while the case knows `data`."""
    judged = judge(schema(form), entries, data=data or {}, evaluate=lambda text, known: evaluate(text, dict(known)))
    return {problem.field for problem in judged.problems}


def test_a_survey_without_conclusion_inspectors_or_signature_is_not_saved():
    needed = {"began_at", "place", "inspector_a", "certificate_a", "inspector_b", "certificate_b", "checks"}
    assert asked("survey", {"absences": 0}) == needed | {"survey_conclusion", "witness"}
    signed = {name: value for name, value in SIGNED.items() if name != "applicant_signed"}
    assert asked("survey", {"absences": 0}, **signed) == {"witness"}, "who refuses to sign is seen by a witness"
    assert asked("survey", {"absences": 0}, **SIGNED) == set()
    assert asked("survey", {"absences": 0}, **{**SIGNED, "survey_conclusion": "整改"}) == {"rectify_by"}


def test_who_is_absent_once_is_only_noted_and_the_second_time_the_survey_is_concluded():
    assert asked("survey", {"absences": 0}, absent=True) == {"reason"}
    assert "survey_conclusion" in asked("survey", {"absences": 1}, absent=True)


def test_the_window_of_a_short_item_may_agree_on_the_day():
    taken = {"decision": "accept", "materials": ["备案表(表)"]}
    assert "half" not in asked("accept_105_QT_002", **taken)
    assert {"half", "place"} <= asked("accept_105_QT_002", **taken, survey_on="2026-03-17")


def test_a_second_survey_and_a_refusal_say_why():
    assert asked("conclude", recommendation="survey") == {"survey_reason"}
    assert asked("conclude", recommendation="refuse") == {"reason"}
    assert asked("publicity", published_from="2026-03-17", published_to="2026-03-23", place="网", objections=True) == {
        "opinion"
    }
