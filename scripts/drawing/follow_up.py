"""许可后跟踪: something the holder has to do after the licence, followed up in a case of its own."""

from __future__ import annotations

from pathlib import Path

from drawing.office import ESCALATION, choice, late, office_task
from drawing.sheet import OTHERWISE, Drawing, Sheet


def draw_follow_up(folder: Path) -> None:
    """Draw support_follow_up into `folder`."""
    sheet = Sheet("support_follow_up")
    lane, system = sheet.lane("部门审核", 220), sheet.lane("系统", 100)
    y = lane.top + 110
    start = sheet.node("startEvent", "Start_FollowUp", "许可已发", 180, y)
    task = office_task(
        sheet, "Task_FollowUp", "后续跟踪", 300, y, stage="COORDINATE", role="reviewer_a", dept="=follow_up_dept",
        limit="=follow_up_limit", form="follow_up", results=("fulfilled",), shift=-35,
    )  # fmt: skip
    how = choice(sheet, "Gateway_FollowUp", "是否履行", 420, y)
    noted = sheet.node("serviceTask", "Record_FollowUp", "未履行留痕", 540, y + 70, zw__action="record")
    done = sheet.node("endEvent", "End_Fulfilled", "完成", 660, y)
    open_ = sheet.node("endEvent", "End_Unfulfilled", "已留痕", 660, y + 70)
    sheet.flow(start, task)
    sheet.flow(task, how)
    sheet.flow(how, done, "已履行", OTHERWISE)
    sheet.flow(how, noted, "未履行", 'fulfilled = "no"', way="bottom-left", label=(426, y + 34))
    sheet.flow(noted, open_)
    late(sheet, task, system.middle)
    Drawing(
        key="support_follow_up",
        name="许可后跟踪",
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT",
            "zw__short": "许可后跟踪",
            "zw__data_contract": "in: follow_up, follow_up_dept, follow_up_limit",
            "camunda__versionTag": "1.0",
        },
        width=740,
        roots=[ESCALATION],
    ).write(folder / "support_follow_up.bpmn")
