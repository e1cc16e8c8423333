"""JS-35 from declaration to 统一发证: every combination of kinds, every ruling of the lead department, late tasks."""

from __future__ import annotations

from itertools import count, product
from typing import Any

import pytest

from service.engine import WaitKind
from service.rules.worktime import parse_limit
from tests.processes.library import BPMN, CALENDAR, ZW, Office, tree
from tests.processes.test_items import ANSWERS

KEY = "chain_JS_35"
DECLARED = {
    "applicant": "云溪华印制罐有限公司",
    "project_code": "2603-990100-04-01-482915",
    "initiation": "record",
    "eia_category": "form",
    "special_project": True,
    "civil_building": True,
    "drawings_filed": True,
}
NODES = {
    "Record": "item_101_QT_001", "Approval": "item_101_XK_002", "Land": "item_102_XK_002",
    "Planning": "item_102_XK_003_chain", "EiaBook": "item_103_XK_001", "EiaForm": "item_103_XK_002",
    "Drawings": "item_104_QT_005", "Fire": "item_104_XK_002", "Defence": "item_105_XK_001",
    "Green": "item_107_XK_001", "Permit": "item_104_XK_001",
}  # fmt: skip
REPLIES: dict[str, dict[str, Any]] = {
    **ANSWERS,
    "Task_Intake": {"decision": "accept"},
    "Task_Check": {"approvals": ["立项文件"]},
}
VARIABLES = {slug: "".join("_" + c.lower() if c.isupper() else c for c in slug).lstrip("_") for slug in NODES}


_numbers = count(1)


def reply_to(element: str) -> dict[str, Any]:
    """What this desk answers; every certificate has a number of its own."""
    said = dict(REPLIES.get(element, {"conclusion": "agree"}))
    return said | {"certificate_no": f"9901002026{next(_numbers):05d}"} if "certificate_no" in said else said


def declared(**changed: Any) -> Office:
    """A chain that has passed the window."""
    office = Office(KEY, DECLARED | changed)
    office.answer("Task_Intake", decision="accept")
    return office


def work(office: Office, *, until: str | None = None, refuse: str | None = None) -> None:
    """Answer everything open, in order, until `until` is open; the item `refuse` is refused by its chief rep."""
    while office.ended is None:
        office.run_actions()
        tasks = [w for w in office.waits(WaitKind.USER_TASK) if w.element != until]
        if not tasks:
            return
        wait = tasks[0]
        reply = REPLIES.get(wait.element, {"conclusion": "agree"})
        if wait.element == "Task_Approve" and wait.process == refuse:
            reply = {"decision": "refuse", "reason": "不符合条件"}
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()


def called(office: Office) -> list[str]:
    """Items that were called, in order."""
    return [slug for line in office.trace for slug in NODES if line == f"entered {KEY}/Call_{slug}"]


# -- refusals ---------------------------------------------------------------------------------------------------


def test_a_declaration_is_turned_away_at_the_window_in_writing():
    office = Office(KEY, DECLARED)
    office.answer("Task_Intake", decision="reject", reject_kind="other", reason="不在受理范围")
    assert office.run_actions() == ["document W03"]
    assert (office.ended, office.ends) == ("completed", ["End_NotAccepted"])
    assert called(office) == []


def test_an_incomplete_declaration_is_corrected_once_or_given_up():
    office = Office(KEY, DECLARED)
    office.answer("Task_Intake", decision="correct", gaps=["企业营业执照(共)"], gap_notes="请提交")
    assert office.run_actions() == ["document W04"]
    office.answer("Task_Correction", received="营业执照", complete_on="2026-03-20")
    assert office.open() == ["Task_Intake"]
    office.answer("Task_Intake", decision="correct", gaps=["企业营业执照(共)"], gap_notes="请提交")
    office.run_actions()
    office.move_to(office.wait("Task_Correction").due_date)
    office.run_actions()
    assert (office.ended, office.ends) == ("completed", ["End_Abandoned"])


def test_the_chain_reaches_its_milestones_in_order():
    office = declared()
    work(office)
    own = [m for m in office.reached() if m.startswith("M")]
    assert own == ["M0", "M1", "M2", "M3", "M4", "M5", "M6"]


@pytest.mark.parametrize(("kind", "strictest"), [("initiation", "Approval"), ("eia_category", "EiaBook")])
@pytest.mark.parametrize("said", [None, "", "免办"])
def test_a_kind_nobody_chose_goes_the_strictest_way(kind, strictest, said):
    assert strictest in called(declared(**{kind: said}))


def test_a_ruling_nobody_understands_neither_proceeds_nor_terminates():
    office = declared()
    work(office, until="Task_Coordinate_Record", refuse=NODES["Record"])
    office.answer("Task_Coordinate_Record", ruling="whatever")
    assert office.ended is None
    assert called(office).count("Record") == 2


@pytest.mark.parametrize("slug", NODES)
def test_the_lead_department_may_end_the_chain_after_a_refusal(slug):
    office = declared(**choosing(slug))
    task = f"Task_Coordinate_{slug}"
    work(office, until=task, refuse=NODES[slug])
    assert office.open() == [task]
    office.answer(task, ruling="terminate", opinion="缺该批复依法不能继续")
    assert (office.ended, office.ends) == ("completed", [f"End_Terminated_{slug}"])
    assert (office.handed_out(office.ends[0]), office.reached()[-1]) == (["W24"], "TERMINATED")


@pytest.mark.parametrize("slug", NODES)
def test_a_refused_item_is_declared_again_twice_and_then_ruled(slug):
    office = declared(**choosing(slug))
    task = f"Task_Coordinate_{slug}"
    for _ in range(2):
        work(office, until=task, refuse=NODES[slug])
        office.answer(task, ruling="resubmit", opinion="补充设计后重报")
    work(office, until=task, refuse=NODES[slug])
    office.answer(task, ruling="resubmit", opinion="再报")
    assert task in office.open(), "the third time the lead has to rule otherwise"
    office.answer(task, ruling="proceed", opinion="不影响后续办理")
    work(office)
    assert (office.ended, office.ends) == ("completed", ["End_Granted"])
    assert called(office).count(slug) == 3
    assert office.variables()[f"{VARIABLES[slug]}_decision"] == "refuse"


def test_an_item_declared_again_may_be_granted():
    office = declared()
    work(office, until="Task_Coordinate_Land", refuse=NODES["Land"])
    office.answer("Task_Coordinate_Land", ruling="resubmit", opinion="补充宗地图")
    work(office)
    assert office.ends == ["End_Granted"]
    assert called(office).count("Land") == 2
    assert office.variables()["land_decision"] == "grant"


def choosing(slug: str) -> dict[str, Any]:
    """The kinds that lead through a node."""
    return {"Approval": {"initiation": "approval"}, "EiaBook": {"eia_category": "book"}}.get(slug, {})


# -- every way through ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("initiation", "eia", "special", "civil"),
    list(product(("record", "approval"), ("book", "form", "registration"), (True, False, None), (True, False))),
)
def test_every_combination_of_kinds_reaches_the_joint_issue(initiation, eia, special, civil):
    office = declared(initiation=initiation, eia_category=eia, special_project=special, civil_building=civil)
    work(office)
    assert (office.ended, office.ends) == ("completed", ["End_Granted"])
    expected = {"Land", "Planning", "Drawings", "Green", "Permit", "Approval" if initiation == "approval" else "Record"}
    expected |= {"book": {"EiaBook"}, "form": {"EiaForm"}, "registration": set()}[eia]
    expected |= {"Fire"} if special else set()
    expected |= {"Defence"} if civil else set()
    assert sorted(called(office)) == sorted(expected)
    assert office.count(f"completed {KEY}/Join_Approved") == 1
    assert office.count(f"entered {KEY}/Task_Check") == 1
    certificates = {VARIABLES[slug] for slug in expected}
    assert {c for c in certificates if office.variables()[f"{c}_certificate_no"] == "1"} == certificates


def test_the_law_orders_what_may_run_beside_what():
    office = declared()
    assert sorted({w.process for w in office.waits(WaitKind.USER_TASK)}) == ["item_101_QT_001", "item_103_XK_002"]
    work(office)
    order = called(office)
    assert order.index("Record") < order.index("Land") < order.index("Planning") < order.index("Drawings")
    assert order.index("Planning") < min(order.index(s) for s in ("Fire", "Defence", "Green"))
    assert order[-1] == "Permit"


def test_the_certificate_stage_waits_for_the_last_approval():
    office = declared()
    while True:
        tasks = [w for w in office.waits(WaitKind.USER_TASK) if w.process != NODES["EiaForm"]]
        if not tasks:
            break
        office.run.complete_task(tasks[0].id, None, answers=REPLIES.get(tasks[0].element, {"conclusion": "agree"}))
        office.settle()
    assert [w.process for w in office.waits(WaitKind.USER_TASK)] == [NODES["EiaForm"]]
    assert office.count(f"completed {KEY}/Join_Approved") == 0
    work(office, until="Task_Check")
    assert office.open() == ["Task_Check"]
    assert office.count(f"completed {KEY}/Join_Approved") == 1


def test_the_items_are_told_what_was_declared():
    office = declared()
    wait = next(w for w in office.waits(WaitKind.USER_TASK) if w.process == "item_101_QT_001")
    seen = office.run.variables(wait.variable_scope)
    assert seen["applicant"] == DECLARED["applicant"]
    assert seen["project_code"] == DECLARED["project_code"]
    assert "special_project" not in seen


# -- the drawings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("online", [False, True])
def test_drawings_that_did_not_come_with_the_declaration_are_waited_for(online):
    office = declared(drawings_filed=None)
    work(office, until="Task_Filing")
    assert office.open() == ["Task_Filing"]
    assert "Drawings" not in called(office), "nothing of the next stage begins before they are there"
    filed = {"relocate": True, "required_m2": 500}
    if online:
        office.send("message", "MSG_DECLARE", filed)
    else:
        office.answer("Task_Filing", filed=["施工图设计文件(自)"], **filed)
    assert office.variables()["shelter_area"] == 500
    work(office)
    assert office.ends == ["End_Granted"]
    assert {"Drawings", "Fire", "Defence", "Green"} <= {*called(office)}


def test_a_chain_whose_drawings_never_come_is_reminded_and_ended():
    office = declared(drawings_filed=False)
    work(office, until="Task_Filing")
    office.move_to(office.wait("Task_Filing").due_date)
    assert office.count(f"entered {KEY}/End_Reminded") == 1
    assert (office.ended, office.ends[-1]) == ("completed", "End_Idle")


def test_what_has_been_granted_is_handed_to_those_who_supervise_it():
    office = declared()
    work(office)
    assert office.count(f"completed {KEY}/Push_Supervision") == 1
    assert office.variables()["regulators"] == ["104", "103"]
    assert office.reached()[-2:] == ["M6", "DELIVERED"]


# -- late -------------------------------------------------------------------------------------------------------


def test_a_late_item_climbs_to_its_chief_representative_and_the_chain_takes_note():
    office = declared()
    work(office, until="Task_Review")
    review = next(w for w in office.waits(WaitKind.USER_TASK) if w.process == NODES["EiaForm"])
    timer = next(w for w in office.waits(WaitKind.TIMER, "Due_Task_Review") if w.host == review.id)
    assert timer.due == parse_limit("13hd").due(CALENDAR, review.entered_at)
    others = [w for w in office.waits(WaitKind.USER_TASK) if w.id != review.id]
    assert [w.process for w in others] == [NODES["Record"]], "the other review is open beside it"
    while [w for w in office.waits(WaitKind.USER_TASK) if w.process != NODES["EiaForm"]]:
        wait = next(w for w in office.waits(WaitKind.USER_TASK) if w.process != NODES["EiaForm"])
        office.run.complete_task(wait.id, None, answers=REPLIES.get(wait.element, {"conclusion": "agree"}))
        office.settle()
    assert office.run_actions() == ["bill Bill"]
    office.move_to(timer.due)
    assert office.run_actions() == ["escalate Task_Review", "record Trace_EiaForm"]
    assert office.thrown == [], "the call of the item has caught the escalation"
    assert office.count(f"completed {KEY}/Traced_EiaForm") == 1
    office.answer("Task_Review", recommendation="grant")
    work(office)
    assert office.ends[-1] == "End_Granted"
    assert office.count(f"completed {KEY}/Join_Approved") == 1


@pytest.mark.parametrize("task", ["Task_Intake", "Task_Check", "Task_Issue"])
def test_the_chains_own_desks_climb_when_due(task):
    office = Office(KEY, DECLARED)
    if task != "Task_Intake":
        office.answer("Task_Intake", decision="accept")
        work(office, until="Task_Check")
    if task == "Task_Issue":
        office.answer("Task_Check", approvals=["立项文件"])
        while office.process_of(office.open()[0]) != KEY:
            office.answer(office.open()[0], **REPLIES[office.open()[0]])
    wait = office.wait(task)
    office.move_to(wait.due_date)
    assert office.run_actions() == [f"escalate {task}"]
    assert office.open() == [task]


def test_a_client_rules_with_the_variable_of_the_node():
    office = declared()
    work(office, until="Task_Coordinate_Record", refuse=NODES["Record"])
    office.do("Task_Coordinate_Record", {"record_ruling": "proceed"})
    work(office)
    assert office.ends == ["End_Granted"]


def test_a_late_ruling_of_the_lead_climbs():
    office = declared()
    task = "Task_Coordinate_Record"
    work(office, until=task, refuse=NODES["Record"])
    wait = office.wait(task)
    assert wait.due_date == parse_limit("2wd").due(CALENDAR, wait.entered_at)
    office.move_to(wait.due_date)
    assert f"escalate {task}" in office.run_actions()


# -- what the chain promises ------------------------------------------------------------------------------------


def test_milestones_add_up_to_the_limit_and_the_nodes_fit():
    process = tree(KEY).find(f"{BPMN}process")
    budgets = dict(part.split(":")[:2] for part in process.get(f"{ZW}milestones").split(","))
    assert sum(map(int, budgets.values())) == parse_limit(process.get(f"{ZW}limit")).amount == 35
    made = [c for c in process.iter(f"{BPMN}callActivity") if c.get("calledElement").startswith("item_")]
    calls = {c.get("id").removeprefix("Call_"): c for c in made}
    assert {slug: c.get("calledElement") for slug, c in calls.items()} == NODES
    days = {slug: parse_limit(c.get(f"{ZW}limit")).amount for slug, c in calls.items()}
    assert days["Record"] + days["Land"] == int(budgets["M1"])
    assert days["Planning"] == int(budgets["M2"])
    assert max(days[s] for s in ("Drawings", "Fire", "Defence", "Green")) == int(budgets["M3"])
    assert days["Permit"] < int(budgets["M4"])


# -- papers and fees --------------------------------------------------------------------------------------------


def test_the_chain_hands_out_its_own_papers_and_tells_of_every_stage():
    office = declared()
    work(office)
    own = {line.split("/")[1] for line in office.trace if line.startswith(f"completed {KEY}/")}
    assert office.handed_out(*(own - {"Task_Issue"} - {e for k in NODES.values() for e in office.program.elements(k)})) == [
        "W01", "M01", "W02", "M02", "M21", "M21", "M21",
    ]  # fmt: skip
    assert office.handed_out()[-1] == "M20"


def test_one_bill_is_made_for_the_whole_chain_and_awaited_before_the_permit():
    office = declared(relocate=True)
    office.billed = {"fee_due": True, "bill_no": "SF2026031600001", "bill_total": "600220.50"}
    work(office)
    assert office.count("entered support_SP_05/Bill") == 1
    assert office.open() == [], "everything else is done"
    (paid,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == "MSG_PAID"]
    office.run.deliver(paid.id, {"fee_paid": True})
    office.settle()
    work(office)
    assert office.ends == ["End_Granted"]


def test_a_chain_nobody_pays_for_is_given_up():
    office = declared(relocate=True)
    office.billed = {"fee_due": True}
    work(office)
    (over,) = [w for w in office.waits(WaitKind.MESSAGE) if w.event == "MSG_BILL_ABANDONED"]
    office.run.deliver(over.id)
    office.settle()
    assert (office.ended, office.ends) == ("completed", ["End_FeesAbandoned"])
    assert office.handed_out()[-1] == "W24"
