"""The joint chains beside JS-35, and the frame they share: withdrawal, rulings of the joint review, late milestones."""

from __future__ import annotations

from typing import Any

import pytest

from service.engine import WaitKind
from tests.processes.library import FILES, Office
from tests.processes.test_chain import DECLARED as JS_DECLARED
from tests.processes.test_items import ANSWERS

DECLARED: dict[str, dict[str, Any]] = {
    "chain_JS_35": JS_DECLARED,
    "chain_GY_25": {
        "applicant": "云溪华印制罐有限公司",
        "project_code": "2603-990100-04-01-482915",
        "eia_category": "form",
        "land_area_m2": 26000,
        "civil_building": True,
    },
}
CHAINS = [key for key in DECLARED if key in FILES]
REPLIES: dict[str, dict[str, Any]] = {
    **ANSWERS,
    "Task_Intake": {"decision": "accept"},
    "Task_Check": {"approvals": ["立项文件"]},
    "Task_Filing": {"filed": ["施工图设计文件(自)"], "relocate": False},
}


def declared(key: str, **changed: Any) -> Office:
    """A chain that has passed the window."""
    office = Office(key, DECLARED[key] | changed)
    office.answer("Task_Intake", decision="accept")
    return office


def work(office: Office, *, until: str | None = None, **said: dict[str, Any]) -> None:
    """Answer everything open, in order, until `until` is open; `said`: other answers by element."""
    while office.ended is None:
        office.run_actions()
        tasks = [w for w in office.waits(WaitKind.USER_TASK) if w.element != until]
        if not tasks:
            return
        wait = tasks[0]
        reply = said.get(wait.element) or REPLIES.get(wait.element, {"conclusion": "agree"})
        office.run.complete_task(wait.id, None, answers=reply)
        office.settle()


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
