"""The joint chains beside JS-35, and the frame they share: withdrawal, rulings of the joint review, late milestones."""

from __future__ import annotations

import re
from typing import Any

import pytest

from service.engine import WaitKind
from tests.processes.library import FILES, ROOT, Office
from tests.processes.test_chain import DECLARED as JS_DECLARED
from tests.processes.test_items import ANSWERS
from tests.processes.walking.programs import process_of

DECLARED: dict[str, dict[str, Any]] = {
    "chain_JS_35": JS_DECLARED,
    "chain_GY_25": {
        "applicant": "云溪华印制罐有限公司",
        "project_code": "2603-990100-04-01-482915",
        "eia_category": "form",
        "land_area_m2": 26000,
        "civil_building": True,
    },
    "chain_QY_1": {
        "applicant": "李昭",
        "name": "云溪市兴华食品有限公司",
        "branches": ["seal", "tax", "social", "medical", "fund"],
    },
    "chain_YS_10": {
        "applicant": "云溪华印制罐有限公司",
        "project_code": "2603-990100-04-01-482915",
        "special_project": True,
        "built_m2": 350,
        "lightning": True,
    },
}
CHAINS = [key for key in DECLARED if key in FILES]
REPLIES: dict[str, dict[str, Any]] = {
    **ANSWERS,
    "Task_Intake": {"decision": "accept"},
    "Task_Check": {"approvals": ["立项文件"]},
    "Task_Desk": {"decision": "grant", "certificate_no": "91990100MA0000009X"},
    "Task_Booking": {"survey_on": "2026-03-20", "half": "上午", "place": "工地"},
    "Task_Plan": {"survey_on": "2026-03-20", "half": "上午", "place": "工地"},
    "Task_Survey": {"survey_conclusion": "通过", "inspector_a": "甲", "inspector_b": "乙"},
    "Task_Rectify": {"rectified": "已整改", "survey_on": "2026-03-27", "half": "上午"},
    "Task_Opinion_Joint": {"decision": "grant", "opinion": "合格"},
    "Task_Filing": {"filed": ["施工图设计文件(自)"], "relocate": False},
}


def declared(key: str, **changed: Any) -> Office:
    """A chain that has passed the window."""
    office = Office(key, DECLARED[key] | changed)
    office.answer("Task_Intake", decision="accept")
    return office


def work(office: Office, *, until: str | None = None, **said: dict[str, Any]) -> list[str]:
    """Answer everything open, in order, until only `until` (one or more) is open; `said`: other answers by element. The acts that were done."""
    done: list[str] = []
    while office.ended is None:
        done += office.run_actions()
        tasks = [w for w in office.waits(WaitKind.USER_TASK) if w.element not in (until or "").split()]
        if not tasks:
            break
        wait = tasks[0]
        reply = said.get(wait.element) or REPLIES.get(wait.element, {"conclusion": "agree"})
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()
    return done


def hear(office: Office, message: str, **variables: Any) -> None:
    """A message reaches the chain."""
    (waiting,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == message]
    office.run.deliver(waiting.id, variables)
    office.settle()


def called(office: Office) -> list[str]:
    """Nodes whose item was called, in order."""
    own = f"entered {office.program.key}/Call_"
    return [line.removeprefix(own) for line in office.trace if line.startswith(own)]


# -- the frame --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", CHAINS)
def test_an_applicant_may_withdraw_at_any_time_and_everything_stops(key):
    office = declared(key)
    assert office.open() != []
    hear(office, "MSG_WITHDRAW")
    assert office.open() == []
    assert office.run_actions() == ["record Stop_Departments", "document W24"]
    assert office.ended == "completed"
    assert office.reached()[-1] == "WITHDRAWN"
    assert office.handed_out()[-3:] == ["W24", "M23", "W23"]


@pytest.mark.parametrize("key", CHAINS)
def test_rulings_of_the_joint_review_are_kept_and_stop_nothing(key):
    office = declared(key)
    before = office.open()
    for text in ("先行办理水保", "容缺受理"):
        hear(office, "MSG_MEETING_RULED", ruling_text=text)
    assert office.run_actions()[:2] == ["record Note_Ruling"] * 2
    assert office.open() == before
    assert office.variables()["meeting_rulings"] == ["先行办理水保", "容缺受理"]
    work(office)
    assert office.ends[-1] == "End_Granted"


@pytest.mark.parametrize("key", CHAINS)
def test_a_late_milestone_becomes_an_issue_of_the_joint_review_every_time(key):
    office = declared(key)
    for milestone in ("M1", "M2"):
        assert office.run.escalate(None, "ESC_CHAIN_MILESTONE", {"late_milestone": milestone})
        office.settle()
    assert office.run_actions()[:2] == ["record Raise_Issue"] * 2
    work(office)
    assert office.ends[-1] == "End_Granted"


JOINED = [key for key in CHAINS if key != "chain_QY_1"]
ASKS = {"no": 1, "department": "108", "name": "水利局", "matter": "弃渣场", "limit": "2wd"}


@pytest.mark.parametrize("key", JOINED)
def test_departments_asked_besides_are_awaited_by_who_leads_and_may_be_let_go(key):
    office = declared(key)
    for no, department in ((1, "108"), (2, "109")):
        hear(office, "MSG_DEPARTMENT_JOINED", joining=ASKS | {"no": no, "department": department})
    asked = office.waits(WaitKind.USER_TASK, "Task_Joined")
    assert [(w.zw["dept"], w.zw["limit"]) for w in asked] == [("108", "2wd"), ("109", "2wd")]
    work(office, until="Task_Joined Task_JoinedSum")
    assert "Task_JoinedSum" in office.open() and "End_Granted" not in office.ends, "the chain waits for what they say"
    leaving = [w for w in office.waits(WaitKind.MESSAGE) if w.event == "MSG_DEPARTMENT_LEFT" and w.host == asked[1].id]
    office.run.deliver(leaving[0].id, {"leaving": 2})
    office.settle()
    office.answer("Task_Joined", conclusion="conditional", reason="另编弃渣场方案")
    assert office.variables()["joined_opinions"] == [
        {"no": 1, "department": "108", "conclusion": "conditional", "opinion": "另编弃渣场方案"}
    ]
    assert [one["department"] for one in office.variables()["joined"]] == ["108"]
    work(office, Task_JoinedSum={"joined_ruling": "proceed", "opinion": "采纳"})
    assert office.ends[-1] == "End_Granted"


@pytest.mark.parametrize("key", JOINED)
def test_who_leads_may_end_a_chain_that_cannot_go_on(key):
    office = declared(key)
    hear(office, "MSG_DEPARTMENT_JOINED", joining=ASKS)
    work(
        office,
        Task_Joined={"conclusion": "disagree", "reason": "占用河道"},
        Task_JoinedSum={"joined_ruling": "terminate", "opinion": "依法不能建设"},
    )
    assert (office.ends[-1], office.reached()[-1]) == ("End_Terminated_Joined", "TERMINATED")
    assert office.handed_out("End_Terminated_Joined") == ["W24"]


def stop(office: Office, slug: str, how: str) -> None:
    """An item of the chain is stopped by itself."""
    called = office.program.elements(office.program.key)[f"Call_{slug}"].called
    inside = next(w for w in office.waits(WaitKind.USER_TASK) if w.process == called)
    assert office.run.throw_error(inside.id, "ERR_ITEM_STOPPED", None, {"stopped_as": how})
    office.settle()


@pytest.mark.parametrize(("how", "after"), [("withdrawn", ["Task_Coordinate_Eia"]), ("left_out", [])])
def test_one_item_of_a_chain_is_stopped_and_the_others_go_on(how, after):
    office = declared("chain_GY_25")
    stop(office, "Eia", how)
    assert office.variables()["eia_decision"] == how
    assert [w.element for w in office.waits(WaitKind.USER_TASK) if w.process == "chain_GY_25"] == after
    assert any(w.process == "item_101_QT_001" for w in office.waits(WaitKind.USER_TASK)), "others are not touched"
    work(office, Task_Coordinate_Eia={"ruling": "resubmit", "opinion": "补充后重报"})
    assert office.ends[-1] == "End_Granted"
    assert called(office).count("Eia") == (2 if how == "withdrawn" else 1)


@pytest.mark.parametrize("key", CHAINS)
def test_every_item_of_a_chain_stands_in_its_matrix(key):
    calls = [one for one in process_of(key).iter() if (one.get("calledElement") or "").startswith("item_")]
    table = (ROOT / "processes" / f"matrix_{key.removeprefix('chain_')}.dmn").read_text("utf-8")
    written = set(re.findall(r'<text>"([A-Z]\w+)"</text>', table))
    assert calls and {one.get("id").removeprefix("Call_") for one in calls} <= written


@pytest.mark.parametrize("key", [key for key in CHAINS if key != "chain_QY_1"])
def test_only_what_the_matrix_is_asked_for_has_a_way_to_be_left_out(key):
    ids = {one.get("id") for one in process_of(key).iter() if one.get("id")}
    asked = {node for one in process_of(key).iter() for node in re.findall(r'matrix\.node, "(\w+)"', one.text or "")}
    assert asked == {id.removeprefix("Gone_") for id in ids if id.startswith("Gone_")}
    assert asked == {id.removeprefix("Gateway_Dropped_") for id in ids if id.startswith("Gateway_Dropped_")}


def test_a_branch_the_company_does_not_want_any_more_keeps_nothing_waiting():
    office = declared("chain_QY_1", branches=["seal", "social"])
    while any(w.process == "item_111_XK_001" for w in office.waits(WaitKind.USER_TASK)):
        office.run_actions()
        office.answer("Task_Desk", **REPLIES["Task_Desk"])
    stop(office, "Seal", "withdrawn")
    assert office.variables()["seal_left"] is False
    work(office)
    assert office.ends[-1] == "End_Granted"


# -- GY-25 ------------------------------------------------------------------------------------------------------

GY = "chain_GY_25"


@pytest.mark.parametrize(
    ("eia", "land", "earth", "civil", "soil"),
    [
        ("form", 26000, None, True, True),
        ("registration", 3000, 2000, None, True),
        ("form", 3000, 200, None, False),
        ("registration", 3000, None, True, False),
    ],
)
def test_the_matrix_decides_what_an_industrial_project_needs(eia, land, earth, civil, soil):
    office = declared(GY, eia_category=eia, land_area_m2=land, earth_m3=earth, civil_building=civil)
    work(office)
    assert (office.ended, office.ends) == ("completed", ["End_Granted"])
    expected = {"Record", "Land", "Planning", "Drawings", "Permit", "Fees"}
    expected |= {"Eia"} if eia == "form" else set()
    expected |= {"Water"} if soil else set()
    expected |= {"Defence"} if civil else set()
    assert set(called(office)) == expected
    matrix = office.variables()["matrix"]
    assert {one["node"] for one in matrix} - {""} == expected - {"Fees"}
    assert {one["duty"] for one in matrix} == {"牵头", "协办", "会签", "告知"}
    assert office.count(f"completed {GY}/Join_Approved") == 1


def test_what_an_industrial_project_does_not_say_goes_the_stricter_way():
    office = declared(GY, eia_category=None, land_area_m2=None)
    work(office)
    assert {"Eia", "Water"} < set(called(office))


def test_the_law_orders_the_nodes_of_an_industrial_project():
    office = declared(GY)
    assert work(office)[-1] == "start Push_Supervision", "who watches over it is told"
    assert office.variables()["regulators"] == ["104", "103"]
    order = called(office)
    assert order.index("Record") < order.index("Land") < min(order.index(s) for s in ("Planning", "Water"))
    assert order.index("Planning") < min(order.index(s) for s in ("Drawings", "Defence"))
    assert order[-1] == "Permit"
    assert [m for m in office.reached() if m[0] == "M"] == ["M0", "M1", "M2", "M3", "M4", "M5"]
    assert office.handed_out("Join_Approved") == ["W13", "M21"], "the table of opinions stands on the join"


def test_drawings_are_awaited_and_may_be_filed_online():
    office = declared(GY)
    work(office, until="Task_Filing")
    assert office.open() == ["Task_Filing"], "everything else is done, nobody decides before the drawings are there"
    assert "Drawings" not in called(office)
    hear(office, "MSG_DECLARE", scale="大型", relocate=True, required_m2=120)
    assert office.variables()["shelter_area"] == 120
    work(office)
    assert office.ends == ["End_Granted"]


def test_an_applicant_who_files_nothing_is_reminded_and_ends_the_chain():
    office = declared(GY)
    work(office, until="Task_Filing")
    reminder = next(w for w in office.waits(WaitKind.TIMER) if w.element == "Remind_Filing")
    office.move_to(reminder.due)
    assert office.handed_out("Remind_Filing") == ["M21"] and office.open() == ["Task_Filing"]
    office.move_to(office.wait("Task_Filing").due_date)
    assert (office.ended, office.ends) == ("completed", ["End_Reminded", "End_Idle"])
    assert office.handed_out("End_Idle") == ["W24"] and office.reached()[-1] == "ABANDONED"


NODES = ["Record", "Land", "Eia", "Planning", "Water", "Drawings", "Defence", "Permit"]


@pytest.mark.parametrize(
    ("slug", "ruling"), [*((slug, "terminate") for slug in NODES), ("Water", "proceed"), ("Eia", "resubmit")]
)
def test_who_leads_the_stage_rules_on_a_refused_item(slug, ruling):
    office = declared(GY)
    (node,) = [one for one in office.program.elements(GY).values() if one.element == f"Call_{slug}"]
    refused = 0
    while tasks := office.waits(WaitKind.USER_TASK):
        wait = tasks[0]
        reply = REPLIES.get(wait.element, {"conclusion": "agree"})
        if wait.element == "Task_Approve" and wait.process == node.called and not refused:
            reply, refused = {"decision": "refuse", "reason": "不符合条件"}, 1
        if wait.element == f"Task_Coordinate_{slug}":
            assert wait.zw["dept"] == {"M1": "101", "M2": "102"}.get(node.zw["milestone"], "104")
            reply = {"ruling": ruling, "opinion": "会商"}
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()
        office.run_actions()
    end = f"End_Terminated_{slug}" if ruling == "terminate" else "End_Granted"
    assert refused and office.ends[-1] == end
    assert office.reached()[-1] == ("TERMINATED" if ruling == "terminate" else "DELIVERED")
    assert called(office).count(slug) == (2 if ruling == "resubmit" else 1)


def test_one_bill_of_an_industrial_project_nobody_pays_ends_it():
    office = declared(GY)
    office.billed = {"fee_due": True}
    work(office)
    (over,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == "MSG_BILL_ABANDONED"]
    office.run.deliver(over.id)
    office.settle()
    assert office.ends == ["End_FeesAbandoned"]


# -- QY-1 -------------------------------------------------------------------------------------------------------

QY = "chain_QY_1"
WORDS = {"Seal": "seal", "Tax": "tax", "Invoice": "tax", "Social": "social", "Medical": "medical", "Fund": "fund"}


@pytest.mark.parametrize(
    "branches", [None, [], ["seal"], ["tax", "fund"], ["seal", "tax", "social", "medical", "fund"]]
)
@pytest.mark.parametrize("how", ["accept", "complex"])
def test_a_company_gets_its_licence_and_the_branches_it_ticked(branches, how):
    office = Office(QY, DECLARED[QY] | {"branches": branches})
    office.answer("Task_Intake", decision=how)
    work(office)
    assert (office.ended, office.ends) == ("completed", ["End_Granted"])
    assert called(office) == ["Licence", *(slug for slug in called(office) if slug != "Licence")]
    assert set(called(office)) == {"Licence"} | {slug for slug, word in WORDS.items() if word in (branches or ())}
    assert office.variables()["uscc"] == "91990100MA0000009X", "known to every branch, typed by nobody"


def test_incomplete_papers_are_given_back_with_one_notice():
    office = Office(QY, DECLARED[QY])
    office.answer("Task_Intake", decision="return_file", gaps=["公司章程(自)"], gap_notes="缺签字")
    assert office.run_actions() == ["document W23"]
    assert (office.ends, office.reached()[-1]) == (["End_Returned"], "RETURNED")


@pytest.mark.parametrize("decision", ["refuse", "reject", "return_file"])
def test_a_company_that_is_not_registered_gets_nothing_else(decision):
    office = declared(QY)
    work(office, Task_Desk={"decision": decision, "reason": "名称不符合规定"})
    assert office.ends == ["End_Refused"]
    assert called(office) == ["Licence"]


@pytest.mark.parametrize("slug", WORDS)
def test_a_refused_branch_goes_on_as_a_case_of_its_own_and_keeps_nobody_waiting(slug):
    office = declared(QY)
    node = office.program.elements(QY)[f"Call_{slug}"]
    begun: list[str] = []
    while office.ended is None:
        begun += office.run_actions()
        wait = office.waits(WaitKind.USER_TASK)[0]
        reply = REPLIES.get(wait.element, {"conclusion": "agree"})
        if wait.process == node.called:
            reply = {"decision": "refuse", "reason": "不符合条件"}
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()
    assert office.ends == ["End_Partly"]
    assert f"start Start_Own_{slug}" in begun
    assert office.variables()[f"{slug.lower()}_left"] is True


def test_branches_still_open_when_the_chain_turns_yellow_leave_and_the_licence_is_issued():
    office = declared(QY, branches=["seal", "social"])
    while any(w.process == "item_111_XK_001" for w in office.waits(WaitKind.USER_TASK)):
        office.run_actions()
        office.answer("Task_Desk", **REPLIES["Task_Desk"])
    yellow = [w.due for w in office.waits(WaitKind.TIMER) if w.element.startswith("Leave_")]
    assert len(yellow) == 2
    office.move_to(max(yellow))
    assert sorted(one for one in office.run_actions() if one.startswith("start")) == [
        "start Start_Own_Seal",
        "start Start_Own_Social",
    ]
    assert office.open() == ["Task_Issue"]
    work(office)
    assert office.ends == ["End_Partly"]


# -- YS-10 ------------------------------------------------------------------------------------------------------

YS = "chain_YS_10"


def accepted(**changed: Any) -> Office:
    """A declaration of completion whose survey has its date."""
    office = declared(YS, **changed)
    office.answer("Task_Plan", **REPLIES["Task_Plan"])
    return office


def surveying(office: Office) -> list[str]:
    """Departments whose inspectors are on site."""
    return sorted(w.zw["dept"] for w in office.waits(WaitKind.USER_TASK, "Task_Survey"))


def sign(office: Office, **found: str) -> None:
    """Every inspector signs; `found`: conclusions other than 通过, by department (`d107`)."""
    while tasks := office.waits(WaitKind.USER_TASK, "Task_Survey"):
        conclusion = found.get(f"d{tasks[0].zw['dept']}", "通过")
        answers = REPLIES["Task_Survey"] | {"survey_conclusion": conclusion}
        office.run.complete_task(tasks[0].id, None, answers=answers)
        office.settle()
        office.run_actions()


@pytest.mark.parametrize(
    ("special", "built", "lightning"), [(True, 350, True), (None, 0, None), (True, 0, None), (None, 350, True)]
)
def test_one_survey_then_the_results_of_whoever_takes_part(special, built, lightning):
    office = accepted(special_project=special, built_m2=built, lightning=lightning)
    office.run_actions()
    assert surveying(office) == sorted(["102", "104", "107"] + ["105"] * (built > 0) + ["122"] * bool(lightning))
    work(office)
    assert (office.ended, office.ends) == ("completed", ["End_Granted"])
    expected = {"Planning", "Archive", "Completion", "Fire" if special else "FireFiling"}
    expected |= {"Defence"} if built else set()
    expected |= {"Lightning"} if lightning else set()
    assert set(called(office)) - {"Survey"} == expected
    assert len([line for line in office.trace if line == "entered support_SP_09/Task_Survey"]) == (
        3 + (built > 0) + bool(lightning)
    ), "nobody comes a second time"
    assert office.count(f"completed {YS}/Join_Results") == 1
    assert office.handed_out("Mark_Opinion") == ["W32"] and office.handed_out("Join_Results") == ["W13", "M21"]
    assert [m for m in office.reached() if m[0] == "M"] == ["M0", "M1", "M2", "M3", "M4", "M5", "M6"]


def test_what_has_to_be_mended_is_surveyed_again_by_those_who_found_it():
    office = accepted()
    office.run_actions()
    sign(office, d105="整改", d107="整改")
    assert office.open() == ["Task_Rectify"]
    office.answer("Task_Rectify", **REPLIES["Task_Rectify"])
    office.run_actions()
    assert surveying(office) == ["105", "107"]
    sign(office)
    work(office)
    assert office.ends == ["End_Granted"]


def test_a_builder_mends_at_most_twice():
    office = accepted()
    office.run_actions()
    for _ in range(2):
        sign(office, d105="整改")
        office.answer("Task_Rectify", **REPLIES["Task_Rectify"])
        office.run_actions()
    sign(office, d105="整改")
    assert office.run_actions() == []
    assert office.ends == ["End_Refused_Survey"] and office.reached().count("DECIDED_NO") == 1


def test_one_department_that_finds_it_unfit_ends_the_acceptance():
    office = accepted()
    office.run_actions()
    sign(office, d102="不通过", d105="整改")
    assert office.ends == ["End_Refused_Survey"]
    assert set(called(office)) == {"Survey"}


@pytest.mark.parametrize("decision", ["refuse", None])
def test_an_opinion_that_is_not_given_is_no_acceptance(decision):
    office = accepted()
    work(office, until="Task_Opinion_Joint")
    office.answer("Task_Opinion_Joint", decision=decision, opinion="资料不符")
    assert office.run_actions() == ["document W15"]
    assert office.ends == ["End_Refused_Conclusion"]


# -- DB-20 ------------------------------------------------------------------------------------------------------

DB = "support_DB_20"
PROJECT = {
    "applicant": "云溪华印制罐有限公司",
    "project_name": "年产2亿只金属罐项目",
    "project_kind": "工业",
    "scope": "全程代办",
}
ALL = ["符合产业政策", "具备投资条件", "材料真实完整"]
AGENT: dict[str, dict[str, Any]] = {
    **REPLIES,
    "Task_Entry": {"decision": "accept", "conditions": ALL},
    "Task_Contract": {"agent": "周强", "scope": "立项\n施工许可"},
    "Task_Collect": {"collected": "营业执照"},
    "Task_File_Company": DECLARED[QY],
    "Task_File_Industry": DECLARED[GY],
    "Task_File_Building": JS_DECLARED,
    "Task_Single": {"filed_decision": "grant"},
    "Task_Handover": {"handed": "营业执照，1份"},
}


def undertaken(**changed: Any) -> Office:
    """A project the agency has been asked to see through."""
    return Office(DB, PROJECT | changed)


def serve(office: Office, **said: dict[str, Any]) -> None:
    """The agent and everybody else do their work."""
    work(office, **{**AGENT, **said})


@pytest.mark.parametrize(
    ("kind", "company", "filed"),
    [
        ("工业", True, ["企业开办", "工业项目联合审批"]),
        ("房建", None, ["建设工程一站报建"]),
        ("其他", None, ["单项申报"]),
    ],
)
def test_an_agent_files_what_the_plan_of_the_project_says(kind, company, filed):
    office = undertaken(project_kind=kind, new_company=company)
    serve(office)
    assert (office.ended, office.ends) == ("completed", ["End_Agency"])
    assert [(one["name"], one["decision"]) for one in office.variables()["filings"]] == [
        (name, "grant") for name in filed
    ]
    assert [m for m in office.reached() if m in ("SIGNED", "READY")][0] == "SIGNED"
    assert office.handed_out("Task_Contract", "Task_Handover") == ["W34", "W34"]


def test_without_all_three_conditions_the_agency_works_without_a_promise():
    office = undertaken(project_kind="其他")
    serve(office, Task_Entry={"decision": "accept", "conditions": ALL[:2]})
    assert office.ends == ["End_Agency"] and "SIGNED" not in office.reached()


def test_what_the_policy_forbids_is_turned_away_with_its_reason():
    office = undertaken()
    office.answer("Task_Entry", decision="reject", reason="属于淘汰类产业")
    assert office.run_actions() == ["document W03"]
    assert office.ends == ["End_NotAccepted"]


@pytest.mark.parametrize(("outcome", "issues"), [("solved", 0), ("meeting", 3), (None, 3)])
def test_a_blocked_filing_is_seen_to_and_filed_again_three_times_at_most(outcome, issues):
    office = undertaken(project_kind="其他")
    done: list[str] = []
    while tasks := office.waits(WaitKind.USER_TASK):
        wait = tasks[0]
        done.append(wait.element)
        said = {"Task_Single": {"filed_decision": "refuse"}, "Task_Unblock": {"outcome": outcome, "opinion": "已协调"}}
        office.run.complete_task(wait.id, None, answers=said.get(wait.element) or AGENT[wait.element])
        office.settle()
        done += office.run_actions()
    assert (done.count("Task_Single"), done.count("Task_Unblock"), done.count("record Raise_Issue")) == (4, 3, issues)
    assert office.ends == ["End_Agency"]


def test_who_gives_up_a_blocked_filing_gets_what_there_is():
    office = undertaken(project_kind="其他")
    serve(office, Task_Single={"filed_decision": "refuse"}, Task_Unblock={"outcome": "give_up", "opinion": "不再申报"})
    assert office.ends == ["End_Agency"]


# -- HY ---------------------------------------------------------------------------------------------------------

HY = "support_HY"
SITTING: dict[str, dict[str, Any]] = {
    "Task_Agenda": {"issue_lines": "水保方案意见不一；108\n用地边界不清；102", "meeting_on": "2026-03-16", "place": "三楼会议室"},
    "Task_Meeting": {
        "held_at": "2026-03-16T09:00", "attendance": "市水利局；付晓东",
        "issue_lines": "水保方案意见不一；108\n用地边界不清；102",
    },
    "Task_Minutes": {"minutes": "议定两项"},
    "Task_Answer": {"answer": "已约谈"},
    "Task_Settle": {"outcome": "settled", "settlement": "已出具意见"},
    "Task_Submit": {"submitted_to": "市政府", "proposal": "先行办理"},
    "Task_Ruling": {"ruling": "同意先行办理"},
}  # fmt: skip


def test_departments_raise_issues_until_the_agenda_is_frozen():
    office = Office(
        HY, {"meeting_no": "LS-202603", "found": ["GY-25 第2里程碑超期；102"], "departments": ["102", "104", "108"]}
    )
    assert [w.zw["dept"] for w in office.waits(WaitKind.USER_TASK)] == ["102", "104", "108"]
    office.answer("Task_Raise", issue="水保方案意见不一", about="108")
    office.answer("Task_Raise", issue=None)
    office.move_to(office.wait("Task_Raise").due_date)
    assert office.open() == ["Task_Agenda"]
    assert office.variables()["issue_lines"] == "GY-25 第2里程碑超期；102\n水保方案意见不一；108"


def test_every_issue_is_answered_settled_or_submitted_and_the_minutes_are_signed():
    office = Office(HY, {"meeting_no": "LS-202603", "departments": []})
    settled: list[str] = []
    while tasks := office.waits(WaitKind.USER_TASK):
        wait = tasks[0]
        reply = SITTING.get(wait.element, {"signed": "sign"})
        if wait.element == "Task_Settle" and not settled:
            settled.append(wait.zw["dept"])
            reply = {"outcome": "cannot", "settlement": "须市政府协调"}
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()
        office.run_actions()
    assert (office.ended, office.ends) == ("completed", ["End_Meeting"])
    outcomes = {one["how"]: one for one in office.variables()["outcomes"]}
    assert outcomes["ruled"]["said"] == "同意先行办理" and outcomes["ruled"]["department"] == settled[0]
    assert outcomes["settled"]["said"] == "已出具意见"
    assert office.handed_out() == ["W31", "L05", "L06", "L06", "W31"], (
        "who takes part, whose issues they are, the minutes"
    )


def test_a_meeting_without_issues_ends_with_its_minutes():
    office = Office(HY, {"departments": []})
    work(office, **{**SITTING, "Task_Agenda": {"issue_lines": None}, "Task_Meeting": {"issue_lines": None}})
    assert office.ends == ["End_Meeting"] and office.variables()["outcomes"] == []


def test_late_answers_climb():
    office = Office(HY, {"departments": []})
    while "Task_Answer" not in office.open():
        office.answer(office.open()[0], **SITTING[office.open()[0]])
        office.run_actions()
    office.move_to(office.wait("Task_Answer").due_date)
    assert "escalate Task_Answer" in office.run_actions()
