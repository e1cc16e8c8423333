"""咨询与首问 (SP-15) and 一把手现场办公 (SP-20)."""

from __future__ import annotations

from pathlib import Path

from drawing.office import choice, timed
from drawing.sheet import OTHERWISE, Sheet, element
from drawing.supporting import CENTRE, card, desk, end, several, write


def draw_consultation(folder: Path) -> None:
    """SP-15 咨询与首问: answered at once, or handed on and answered within a day."""
    sheet = Sheet("support_SP_15")
    window, answering = sheet.lane("综合窗口", 130), sheet.lane("部门审核", 200)
    y = answering.top + 60
    start = sheet.node(
        "startEvent", "Start_Consultation", "首问登记", 180, window.middle, camunda__formKey="consultation"
    )  # fmt: skip
    at_once = choice(sheet, "Gateway_Answered", "能否当场答", 300, window.middle)
    answered = end(sheet, "End_Answered", "当场答复", 420, window.middle)
    received = desk(
        sheet, "Task_Receive", "接收确认", 420, y, stage="COORDINATE", role="reviewer_a", dept="=department", limit="0wd",
        form="consultation_receive", results=("received",),
    )  # fmt: skip
    ours = choice(sheet, "Gateway_Received", "是否本部门", 550, y)
    back = desk(
        sheet, "Task_Assign", "另行指定部门", 550, answering.top + 150, stage="COORDINATE", role="counter_clerk", dept=CENTRE,
        limit="1hd", form="consultation_assign", results=("department",),
    )  # fmt: skip
    back.extensions[0].append(
        element("camunda:outputParameter", "=if returns = null then 1 else returns + 1", name="returns")
    )
    answer = desk(
        sheet, "Task_Answer", "答复", 680, y, stage="COORDINATE", role="reviewer_a", dept="=department", limit="1wd",
        form="consultation_answer", results=("answer",),
    )  # fmt: skip
    over = end(sheet, "End_Replied", "已答复", 810, y)
    sheet.flow(start, at_once)
    sheet.flow(at_once, answered, "当场", 'way = "at_once"')
    sheet.flow(at_once, received, "转办", OTHERWISE, way="bottom-left", label=(308, window.middle + 30))
    sheet.flow(received, ours)
    sheet.flow(ours, answer, "是", OTHERWISE)
    sheet.flow(
        ours, back, "不是，退回窗口", 'received = "not_ours" and (returns = null or returns < 3)', way="bottom-top"
    )
    sheet.flow(back, received, way="left-bottom")
    sheet.flow(answer, over)
    write(
        sheet, "咨询与首问", "咨询", 890, folder, "in: consultation_no; out: received, answer, returns"
    )  # fmt: skip


def draw_on_site_day(folder: Path) -> None:
    """SP-20 一把手现场办公: one for each department and quarter."""
    sheet = Sheet("support_SP_20")
    head, desks, system = sheet.lane("部门负责人", 140), sheet.lane("责任部门", 130), sheet.lane("系统", 120)
    y = head.top + 70
    start = sheet.node("startEvent", "Start_Quarter", "季度开始", 180, y)
    told = sheet.node("intermediateThrowEvent", "Mark_Told", "提醒", 270, y, zw__sms="L12")
    day = desk(
        sheet, "Task_OnSite", "登记现场办公", 390, y, stage="MEETING", role="dept_head", dept="=department", limit="=limit",
        form="on_site_day", results=("problems",), ladder="none",
    )  # fmt: skip
    missed = timed(
        sheet, day, "Missed_Task_OnSite", "季末未登记", 'due("MEETING")', 390, y + 32, label=(412, y + 38)
    )  # fmt: skip
    notice = card(sheet, "Card_Missed", "通报", "ON_SITE_MISSING", 390, system.middle)
    absent = end(sheet, "End_Missed", "通报", 510, system.middle)
    any_left = choice(sheet, "Gateway_Problems", "有无问题", 520, y)
    solve = desk(
        sheet, "Task_Solve", "办理问题", 660, desks.middle, stage="COORDINATE", role="chief_rep", dept="=department",
        limit="5wd", form="on_site_solve",
    )  # fmt: skip
    solve.body = several('split(problems, "\\s*\\n\\s*")[item != ""]', "problem")
    over = end(sheet, "End_OnSite", "完成", 800, y, above=True)
    sheet.flow(start, told)
    sheet.flow(told, day)
    sheet.flow(missed, notice, way="bottom-top")
    sheet.flow(notice, absent)
    sheet.flow(day, any_left)
    sheet.flow(any_left, over, "", OTHERWISE)
    sheet.flow(any_left, solve, "有", 'problems != null and problems != ""', way="bottom-left")
    sheet.flow(solve, over, way="right-bottom")
    write(
        sheet, "一把手现场办公", "现场办公", 880, folder, "in: quarter, department, limit, days; out: problems"
    )  # fmt: skip
