"""T5 告知承诺: 106-XK-001 消防安全检查 and 111-XK-003 药品零售, each with both ways.

Who promises in writing to meet the conditions is decided on at once and checked afterwards by `support_verify`; who does
not, or may not, is inspected first (T3). 消防法 art. 15.
"""

from __future__ import annotations

from pathlib import Path

from drawing.deciding import end_granted, issue_line, refusal_line
from drawing.frame import draw_ruling, finish, open_window
from drawing.office import choice, late, office_task
from drawing.procedures import draw_procedures
from drawing.register import desk_limit, slug
from drawing.reviewing import AROUND, Line, survey_limits, surveyed
from drawing.sheet import OTHERWISE, Node, Sheet
from drawing.window import CENTRE

VERIFIED = "verifier item_name certificate_no applicant phone site_address place"  # what the check is told
SPECIAL = ["HEARING", "INSPECTION", "EXPERT"]


def draw_commitment(cards: dict[str, dict], folder: Path) -> None:
    """Draw both items into `folder`; `cards` are the register cards by code."""
    draw_promising(cards["106-XK-001"], folder, "commit_mode = true", "venue_name")
    draw_promising(cards["111-XK-003"], folder, "otc_only = true", "store")


def draw_promising(card: dict, folder: Path, may_promise: str, place: str) -> None:
    """One item. `may_promise`: FEEL, whether the applicant may choose to promise; `place`: the field that names the place."""
    sheet, dept, name = Sheet(f"item_{slug(card)}"), card["department"], slug(card)
    opening, reviewing = sheet.lane("综合窗口", 480), sheet.lane("部门审核", 340)
    deciding, issuing = sheet.lane("首席代表", 300), sheet.lane("发证窗口", 170)
    sheet.lane("系统", 100)
    first = open_window(
        sheet, opening, card,
        ["committed = null", "survey_count = 0", "survey_conclusion = null", "survey_inspectors = null",
         f'verifier = "{dept}"', f'item_name = "{card["name"]}"', f"place = {place}"],
    )  # fmt: skip
    row = first.taken.y + 85
    way = choice(sheet, "Gateway_Way", "办理方式", 540, row, (484, row - 46))
    promising = office_task(
        sheet, "Task_Commit", "签署承诺书", 690, row, stage="COORDINATE", role="counter_clerk", dept=CENTRE, limit="1hd",
        form=f"commitment_{name}", results=("committed",), zw__doc="W06",
    )  # fmt: skip
    promised = choice(sheet, "Gateway_Commit", "是否承诺", 830, row, (806, row - 46))
    checked = _beside(sheet, "Task_Check", "当场审查", 930, reviewing.top + 60, "REVIEW", "reviewer_a", dept)
    at_once = _beside(sheet, "Task_Approve_Now", "当场批准", 1270, deciding.top + 190, "APPROVE", "chief_rep", dept)

    y = reviewing.top + 240
    booking, visiting = survey_limits(card["stages"][1])
    review = card["stages"][1] - booking - visiting
    written = office_task(
        sheet, "Task_Review", "书面审查", 1600, y, stage="REVIEW", role="reviewer_a", dept=dept,
        limit=desk_limit(review // 2), form="written_review",
    )  # fmt: skip
    line = Line(sheet, y, written.x, written, dept)
    count = surveyed(line, "", (booking, visiting))
    concluded = line.to(
        office_task(
            sheet, "Task_Conclude", "综合意见", line.x + 125, y, stage="REVIEW", role="reviewer_a", dept=dept,
            limit=desk_limit(review - review // 2), form="conclude", results=("recommendation",), zw__sms="M12",
        )
    )  # fmt: skip
    advised = line.to(choice(sheet, "Gateway_Review", "审核结论", line.x + 115, y, (line.x + 143, y + 6)))
    special = draw_procedures(sheet, SPECIAL, advised.x, y - 120, dept=dept, desk="Task_Conclude")
    ruling = draw_ruling(sheet, card, concluded, advised.x + 185, deciding.top + 75, gap=430)
    again = next(node for node in sheet.nodes if node.id == "Script_Return")
    again.body[0].text = f"{again.body[0].text}\nTask_Approve_Now = null"
    late(sheet, ruling.approved, ruling.approved.y + 76, way="bottom-left", x=ruling.approved.x + 150)
    merge = choice(sheet, "Merge_Decided", "", ruling.approved.x + 350, ruling.approved.y)
    ordinary = choice(sheet, "Merge_Ordinary", "", 620, y)
    ruling.decided.label = (ruling.decided.x + 28, ruling.decided.y + 8)
    refusing, _ = refusal_line(sheet, ruling.decided.x + 120, ruling.decided.y)
    granting, issued = issue_line(
        sheet, ruling.decided.x, issuing, limit=desk_limit(card["stages"][3]), charged=False, licence=True
    )  # fmt: skip
    _check_afterwards(sheet, issued)

    sheet.flow(first.taken, way, way="bottom-top")
    sheet.flow(way, promising, "告知承诺", may_promise)
    sheet.flow(way, ordinary, "一般程序", OTHERWISE, way="bottom-left")
    sheet.flow(first.told, ordinary, way="bottom-bottom", bend=y + AROUND)
    sheet.flow(ordinary, written)
    sheet.flow(promising, promised)
    sheet.flow(promised, checked, "已承诺", 'committed = "yes"', way="bottom-left")
    sheet.flow(promised, written, "未承诺", OTHERWISE, way="right-left", bend=1450, shift=(0, -26))
    sheet.flow(checked, at_once, way="right-top")
    sheet.flow(at_once, merge, way="right-bottom")
    sheet.flow(
        advised, special, "特别程序", 'recommendation = "procedure"', way="top-bottom", label=(advised.x + 6, y - 46)
    )
    sheet.flow(special, concluded, way="left-top", shift=(0, 20))
    sheet.flow(
        advised, count, "再次勘查", 'recommendation = "survey" and survey_count < 3', way="bottom-bottom",
        bend=y + AROUND, label=(concluded.x - 110, y + AROUND - 18),
    )  # fmt: skip
    sheet.flow(advised, ruling.approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    sheet.flow(ruling.approved, merge)
    sheet.flow(merge, ruling.decided)
    sheet.flow(ruling.decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(ruling.decided, granting, "准予", 'decision = "grant"', way="bottom-top")
    finish(
        sheet, card, folder, tasks=[first.accepting, promising, written, concluded, issued],
        start=first.start, more={"zw__data_contract": "in: joint; out: decision, certificate_no"},
    )  # fmt: skip


def _beside(sheet: Sheet, id: str, name: str, x: float, y: float, stage: str, role: str, dept: str) -> Node:
    """A desk of the way that is decided on the spot: half a day, its climb beside it."""
    form, result = ("review", "recommendation") if stage == "REVIEW" else ("approve", "decision")
    task = office_task(
        sheet, id, name, x, y, stage=stage, role=role, dept=dept, limit="1hd", form=form, results=(result,), shift=-26,
        mark=-74,
    )  # fmt: skip
    late(sheet, task, y + 56, way="bottom-left", x=x + 150)
    return task


def _check_afterwards(sheet: Sheet, issued: Node) -> None:
    """What was promised is checked: 监管待办 and 事后核查 are a case of their own."""
    asked = choice(sheet, "Gateway_Promised", "是否承诺件", issued.x + 110, issued.y, (issued.x + 80, issued.y + 30))
    started = sheet.node(
        "serviceTask", "Start_Verify", "启动事后核查", issued.x + 240, issued.y, size=(116, 64), zw__action="start",
        zw__process="support_verify", zw__fields=VERIFIED,
    )  # fmt: skip
    end_granted(sheet, started, issued.x + 380, silent=False)
    granted = sheet.nodes[-1]
    sheet.flow(issued, asked)
    sheet.flow(asked, started, "", 'committed = "yes"')
    sheet.flow(
        asked, granted, "一般程序", OTHERWISE, way="top-top", bend=issued.y - 60, label=(asked.x + 6, issued.y - 56)
    )
