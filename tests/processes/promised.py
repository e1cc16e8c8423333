"""The promised items drawn from register cards, and an officer who goes on until a desk is open."""

from __future__ import annotations

import json
from typing import Any

from tests.processes.library import BPMN, FILES, ROOT, ZW, Office, tree
from tests.processes.test_items import ITEMS as FIRST

CARDS = {
    f"item_{path.stem.replace('-', '_')}": json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "processes" / "items").glob("*.json"))
}
SEVERAL = {"106-XK-001", "107-XK-003", "111-XK-003"}  # of several departments, or promised by the applicant
PROMISED = [
    key
    for key, card in CARDS.items()
    if card["kind"] == "PROMISED" and card["code"] not in SEVERAL and key not in FIRST and key in FILES
]
SURVEYED = [key for key in PROMISED if CARDS[key].get("survey")]
INSPECTORS = {
    "inspector_a": "沈耀华", "certificate_a": "云执001", "inspector_b": "胡兆丰", "certificate_b": "云执002",
}  # fmt: skip
SIGNED = {
    **INSPECTORS, "began_at": "2026-03-17T09:30", "place": "人民路12号", "checks": "现场布局；与图纸一致；P1",
    "survey_conclusion": "通过", "applicant_signed": "李昭",
}  # fmt: skip
YES: dict[str, dict[str, Any]] = {
    "Task_Accept": {"decision": "accept"},
    "Task_Booking": {"survey_on": "2026-03-17", "half": "上午", "place": "人民路12号"},
    "Task_Survey": SIGNED,
    "Task_Review": {"recommendation": "grant", "site_check": True},
    "Task_Conclude": {"recommendation": "grant"},
    "Task_Short": {"recommendation": "grant"},
    "Task_Announce": {"announced_on": "2026-03-17", "held_at": "2026-03-27T09:00", "hearing_host": "赵敏"},
    "Task_Meeting": {"resolution": "grant"},
    "Task_Approve": {"decision": "grant"},
    "Task_Issue": {"certificate_no": "1", "delivery": "window"},
}
AGREED = {"conclusion": "agree", "result": "通过"}


def deciding_desk(key: str) -> str:
    """The desk of 审核 whose opinion goes to 批准."""
    return "Task_Conclude" if "Task_Conclude" in desks(key) else "Task_Review"


def desks(key: str) -> dict[str, Any]:
    """Every user task of a file by its id."""
    return {task.get("id"): task for task in tree(key).iter(f"{BPMN}userTask")}


def attribute(key: str, element: str, name: str) -> str | None:
    """A zw attribute of a user task."""
    found: str | None = desks(key)[element].get(f"{ZW}{name}")
    return found


def go(office: Office, until: str = "", **instead: dict[str, Any]) -> Office:
    """Everybody says yes (or what `instead` says at a desk) and the worker does its part, until the desk is open."""
    for _ in range(60):
        office.run_actions()
        if office.ended or until in office.open():
            return office
        element = office.open()[0]
        office.answer(element, **instead.get(element, YES.get(element, AGREED)))
    raise AssertionError(f"{until} is never opened; open: {office.open()}")


def approving(key: str, variables: dict[str, Any] | None = None, **instead: dict[str, Any]) -> Office:
    """An item that waits for its decision."""
    office = go(Office(key, variables), "Task_Approve", **instead)
    assert office.open() == ["Task_Approve"]
    return office
