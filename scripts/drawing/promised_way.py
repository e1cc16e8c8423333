"""The way of a 即办件 that could not be done at once: 审核, 批准, 发证 within the days that were promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drawing.office import choice, late, mark, office_task, script
from drawing.register import slug
from drawing.reviewing import survey_mappings
from drawing.sheet import OTHERWISE, Lane, Node, Sheet

CENTRE = "201"
SURVEYED = frozenset({"113-QT-002"})  # 审核 may have the place looked at, once


def draw_promised(sheet: Sheet, card: Mapping, lanes: Sequence[Lane], system: float, *, taken: Node, deemed: Node,
                  refusing: Node, after: Node, decision: str) -> None:  # fmt: skip
    """From `taken` or `deemed` to the mark `refusing` or the node `after`; the lanes are 审核, 首席代表, 发证."""
    reviewing, deciding, issuing = lanes
    looks = card["code"] in SURVEYED
    dept, x, y, decides = card["department"], taken.x + 130, reviewing.top + (185 if looks else 105), deciding.middle
    reviewed = office_task(
        sheet, "Task_Review", "审核", x, y, stage="REVIEW", role="reviewer_a", dept=dept, limit="1hd", form=f"review_{slug(card)}" if looks else "review_promised",
        results=("recommendation",), zw__sms="M12",
    )  # fmt: skip
    approved = office_task(
        sheet, "Task_Approve", "批准", x + 300, decides, stage="APPROVE", role="chief_rep", dept=dept, limit="1hd",
        form="approve", results=("decision",), zw__sms="M12",
    )  # fmt: skip
    decided = choice(sheet, "Gateway_Approve", "批准结论", x + 480, decides, (x + 400, decides - 34))
    again = script(
        sheet, "Script_Return", "登记退回次数",
        "return_count = return_count + 1\nTask_Approve = null\ndecision = null", x + 480, y,
    )  # fmt: skip
    rounds = choice(sheet, "Gateway_Return", "", x + 380, y)
    granted = mark(sheet, "Mark_Approved", "准予", "DECIDED_YES", x + 480, issuing.middle, zw__doc=decision)
    issued = office_task(
        sheet, "Task_Issue", "制证发证", x + 620, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE, limit="1hd",
        form="issue", results=("certificate_no",), zw__doc="W18", zw__reaches="READY",
    )  # fmt: skip
    sheet.flow(taken, reviewed, way="bottom-left", shift=(0, -14))
    sheet.flow(deemed, reviewed, way="bottom-left", shift=(0, 14))
    if looks:
        advised = choice(sheet, "Gateway_Review", "审核结论", x + 150, y, (x + 126, y + 30))
        call = sheet.node(
            "callActivity", "Call_Survey", "实地查验", x + 150, reviewing.top + 75, calledElement="support_SP_09",
            extensions=survey_mappings(dept, (1, 1)),
        )  # fmt: skip
        sheet.flow(reviewed, advised)
        sheet.flow(
            advised, call, "实地查验", 'recommendation = "survey" and survey_conclusion = null', way="top-bottom",
            label=(x + 156, y - 44),
        )  # fmt: skip
        sheet.flow(call, reviewed, way="left-top", shift=(0, 20))
        sheet.flow(advised, approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    else:
        sheet.flow(reviewed, approved, way="right-top", shift=(0, -30))
    sheet.flow(approved, decided)
    sheet.flow(decided, refusing, "不予", 'decision = "refuse"', way="right-bottom")
    sheet.flow(decided, granted, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(decided, again, "退回", OTHERWISE, way="top-bottom")
    sheet.flow(again, rounds, way="left-right")
    back = reviewing.top + 18
    sheet.flow(
        rounds, reviewed, "退回", "return_count <= 3", way="top-top", bend=back, shift=(0, -20), label=(x + 240, back + 3)
    )  # fmt: skip
    sheet.flow(
        rounds, approved, "已退三次", OTHERWISE, way="bottom-top", shift=(0, 25), label=(x + 386, y + 30)
    )  # fmt: skip
    sheet.flow(granted, issued)
    sheet.flow(issued, after, way="right-bottom")
    for task in (reviewed, approved, issued):
        late(sheet, task, system)
