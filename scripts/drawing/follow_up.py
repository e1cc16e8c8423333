"""许可后跟踪: something the holder has to do after the licence, followed up in a case of its own.

Where another system hears of it first (`follow_up_to`: the police of explosives that were bought and written off) that system
is told, and its answer (MSG_EXCHANGE, with `fulfilled` and `voucher`) ends the desk; when it cannot be told the desk is as
any other.
"""

from __future__ import annotations

from pathlib import Path

from drawing.office import ESCALATION, choice, late, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Sheet, element
from drawing.upper import FAILED, failing


def draw_follow_up(folder: Path) -> None:
    """Draw support_follow_up into `folder`."""
    sheet = Sheet("support_follow_up")
    lane, system = sheet.lane("部门审核", 240), sheet.lane("系统", 100)
    y, east = lane.top + 130, 400
    start = sheet.node("startEvent", "Start_FollowUp", "许可已发", 180, y)
    begun = script(sheet, "Script_Begin", "登记跟踪事项", "fulfilled = null", 280, y)
    linked = choice(sheet, "Gateway_Linked", "是否联网回告", 390, y, (354, y + 30))
    watch = sheet.node(
        "serviceTask", "Watch", "登记待回告", 500, lane.top + 52, size=(110, 56), zw__action="exchange", zw__to="=follow_up_to",
        zw__transfer="DEPT_DEPT", zw__fields="applicant follow_up certificate_no", zw__subject="履行后回告",
    )  # fmt: skip
    unwatched = failing(sheet, watch, "登记失败", 525, lane.top + 80, (548, lane.top + 86))
    meet = choice(sheet, "Merge_Linked", "", 610, y)
    task = office_task(
        sheet, "Task_FollowUp", "后续跟踪", 320 + east, y, stage="COORDINATE", role="reviewer_a", dept="=follow_up_dept",
        limit="=follow_up_limit", form="follow_up", results=("fulfilled",), shift=-35,
    )  # fmt: skip
    told = sheet.node(
        "boundaryEvent", "Fulfilled", "回告到达", 345 + east, y - 32, label=(368 + east, y - 58), attachedToRef=task.id,
        body=[element("bpmn:messageEventDefinition", id="Hear_Fulfilled", messageRef="Message_Exchange")],
    )  # fmt: skip
    how = choice(sheet, "Gateway_FollowUp", "是否履行", 450 + east, y, (478 + east, y + 8))
    noted = sheet.node("serviceTask", "Record_FollowUp", "未履行留痕", 570 + east, y + 70, zw__action="record")
    done = sheet.node("endEvent", "End_Fulfilled", "完成", 690 + east, y)
    open_ = sheet.node("endEvent", "End_Unfulfilled", "已留痕", 690 + east, y + 70)
    sheet.flow(start, begun)
    sheet.flow(begun, linked)
    sheet.flow(linked, watch, "联网", "follow_up_to != null", way="top-left", label=(396, lane.top + 34))
    sheet.flow(linked, meet, "", OTHERWISE)
    sheet.flow(watch, meet, way="right-top")
    sheet.flow(unwatched, meet, way="bottom-left")
    sheet.flow(meet, task)
    sheet.flow(told, how, way="top-top", bend=y - 72)
    sheet.flow(task, how)
    sheet.flow(how, done, "已履行", OTHERWISE)
    sheet.flow(how, noted, "未履行", 'fulfilled = "no"', way="bottom-left", label=(456 + east, y + 34))
    sheet.flow(noted, open_)
    late(sheet, task, system.middle)
    Drawing(
        key="support_follow_up",
        name="许可后跟踪",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__short": "许可后跟踪",
            "zw__data_contract": "in: follow_up, follow_up_dept, follow_up_limit, follow_up_to, applicant, certificate_no; out: voucher",
            "camunda__versionTag": "1.0",
        },
        width=770 + east,
        roots=[ESCALATION, FAILED, element("bpmn:message", id="Message_Exchange", name="MSG_EXCHANGE")],
    ).write(folder / "support_follow_up.bpmn")
