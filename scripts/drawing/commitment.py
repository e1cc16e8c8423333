"""T5 告知承诺: 106-XK-001 消防安全检查 and 111-XK-003 药品零售, each with both ways.

Who promises in writing to meet the conditions is decided on at once and checked afterwards by `support_verify`; who does
not, or may not, is inspected first (T3). 消防法 art. 15.
"""

from __future__ import annotations

from pathlib import Path

from drawing.frame import CENTRE, draw_grant, draw_issue, draw_refusal, draw_review, draw_ruling, draw_window, finish
from drawing.office import choice, late, office_task
from drawing.register_card import half_days, register_card, slug
from drawing.sheet import OTHERWISE, Node, Sheet, element

VERIFIED = "verifier item_name certificate_no applicant phone site_address project_name"  # what the check is told
SURVEY = 4  # half-days: an appointment within one working day, the inspection within another


def draw_commitment(folder: Path) -> None:
    """Draw both items into `folder`."""
    draw_promising(register_card("106-XK-001"), folder, 'commit_mode = true', "venue_name")
    draw_promising(register_card("111-XK-003"), folder, "otc_only = true", "store")


def draw_promising(card: dict, folder: Path, may_promise: str, place: str) -> None:
    """One item. `may_promise`: FEEL, whether the applicant may choose to promise; `place`: the field that names the place."""
    sheet, dept = Sheet(f"item_{slug(card)}"), card["code"][:3]
    window, reviewing = sheet.lane("综合窗口", 480), sheet.lane("部门审核", 330)
    deciding, issuing = sheet.lane("首席代表", 300), sheet.lane("发证窗口", 170)
    sheet.lane("系统", 100)
    _, review, approve, _ = half_days(card)
    before = (review - SURVEY) // 2
    first = draw_window(
        sheet, card, window,
        ["committed = null", "survey_result = null", f'verifier = "{dept}"', f'item_name = "{card["name"]}"',
         f"project_name = {place}"],
    )  # fmt: skip
    y, row = reviewing.top + 250, first.taken.y + 85
    way = choice(sheet, "Gateway_Way", "办理方式", 540, row, (484, row - 46))
    promising = office_task(
        sheet, "Task_Commit", "签署承诺书", 690, row, stage="COORDINATE", role="counter_clerk", dept=CENTRE, limit="1hd",
        form=f"commitment_{slug(card)}", results=("committed",), zw__doc="W06",
    )  # fmt: skip
    promised = choice(sheet, "Gateway_Commit", "是否承诺", 830, row, (806, row - 46))
    checked = office_task(
        sheet, "Task_Check", "当场审查", 930, reviewing.top + 60, stage="REVIEW", role="reviewer_a", dept=dept, limit="1hd",
        form="review", results=("recommendation",), shift=-26, mark=-74,
    )  # fmt: skip
    late(sheet, checked, reviewing.top + 116, way="bottom-left", x=1080)
    at_once = office_task(
        sheet, "Task_Approve_Now", "当场批准", 1270, deciding.top + 190, stage="APPROVE", role="chief_rep", dept=dept,
        limit="1hd", form="approve", results=("decision",), shift=-26, mark=-74,
    )  # fmt: skip
    late(sheet, at_once, deciding.top + 246, way="bottom-left", x=1420)

    x, decides = 1600, deciding.top + 75
    reviewed, advised = draw_review(sheet, card, x, y, limit=f"{before}hd", name="书面审查")
    survey = sheet.node(
        "callActivity", "Call_Survey", "现场勘查", x + 255, y, calledElement="support_SP_09", extensions=surveying(dept),
    )  # fmt: skip
    concluded = office_task(
        sheet, "Task_Conclude", "综合意见", x + 395, y, stage="REVIEW", role="reviewer_a", dept=dept,
        limit=f"{review - SURVEY - before}hd", form="review", results=("recommendation",),
    )  # fmt: skip
    ruling = draw_ruling(
        sheet, card, reviewed, x + 580, decides, limit=f"{approve}hd", gap=220,
        forget="Task_Approve = null\nTask_Approve_Now = null",
    )  # fmt: skip
    merge = choice(sheet, "Merge_Decided", "", x + 690, decides)
    refusing = draw_refusal(sheet, ruling.decided.x + 90, decides)
    end = issuing.middle
    granting = draw_grant(sheet, card, ruling.decided.x, end)
    issued, granted = draw_issue(sheet, card, ruling.decided.x + 120, end)
    granted.x += 200
    _check_afterwards(sheet, issued, granted)

    sheet.flow(first.taken, way, way="bottom-top")
    sheet.flow(way, promising, "告知承诺", may_promise)
    sheet.flow(way, reviewed, "一般程序", OTHERWISE, way="bottom-left", shift=(0, -14))
    sheet.flow(first.told, reviewed, way="bottom-left", shift=(0, 14))
    sheet.flow(promising, promised)
    sheet.flow(promised, checked, "已承诺", 'committed = "yes"', way="bottom-left")
    sheet.flow(promised, reviewed, "未承诺", OTHERWISE, way="right-left", bend=1450, shift=(0, -28))
    sheet.flow(checked, at_once, way="right-top")
    sheet.flow(at_once, merge, way="right-bottom")
    sheet.flow(advised, survey, "", OTHERWISE)
    sheet.flow(survey, concluded)
    sheet.flow(concluded, ruling.approved, way="right-top", shift=(0, -30))
    sheet.flow(ruling.approved, merge)
    sheet.flow(merge, ruling.decided)
    sheet.flow(ruling.decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(ruling.decided, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(granting, issued)
    finish(
        sheet, card, folder, tasks=[first.accepting, promising, reviewed, concluded, ruling.approved, issued],
        start=first.start, width=granted.x + 110, contract="in: joint; out: decision, certificate_no",
    )  # fmt: skip


def surveying(dept: str) -> list:
    """What 现场勘查 is given and gives back."""
    return [
        element("camunda:in", sourceExpression=f'="{dept}"', target="survey_dept"),
        element("camunda:in", source="site_address", target="site_address"),
        element("camunda:out", source="survey_result", target="survey_result"),
    ]


def _check_afterwards(sheet: Sheet, issued: Node, granted: Node) -> Node:
    """What was promised is checked: 监管待办 and 事后核查 are a case of their own."""
    asked = choice(sheet, "Gateway_Promised", "是否承诺件", issued.x + 110, issued.y, (issued.x + 80, issued.y + 30))
    started = sheet.node(
        "serviceTask", "Start_Verify", "启动事后核查", issued.x + 240, issued.y, size=(116, 64), zw__action="start",
        zw__process="support_verify", zw__fields=VERIFIED,
    )  # fmt: skip
    sheet.flow(issued, asked)
    sheet.flow(asked, started, "", 'committed = "yes"')
    sheet.flow(asked, granted, "一般程序", OTHERWISE, way="top-top", bend=issued.y - 60, label=(asked.x + 6, issued.y - 56))
    sheet.flow(started, granted)
    return started
