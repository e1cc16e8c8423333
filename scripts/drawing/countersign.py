"""T7 部门会签: 107-XK-003 占用、挖掘城市道路, with the opinion of 公安交管 (城市道路管理条例 art. 31)."""

from __future__ import annotations

from pathlib import Path

from drawing.asked import Opinion, draw_opinion
from drawing.frame import (
    draw_fee, draw_grant, draw_issue, draw_refusal, draw_review, draw_ruling, draw_window, finish, go_on,
)  # fmt: skip
from drawing.office import choice
from drawing.register_card import half_days, register_card, slug
from drawing.sheet import OTHERWISE, Sheet

POLICE = Opinion("Task_Opinion_Police", "公安交管意见", "112", "2wd", silent=True)
CHARGED = [  # what the bill is made from: so much for occupying a day, so much for digging
    "fee_abandoned = null",
    'occupied_area = if mode = "占用" then area_m2 else null',
    'occupied_days = if mode = "占用" then days else null',
    'dug_area = if mode = "挖掘" then area_m2 else null',
]


def draw_countersign(folder: Path) -> None:
    """Draw the item into `folder`. 抢修 was announced to the police before it began (art. 34): its opinion is not awaited."""
    card = register_card("107-XK-003")
    sheet = Sheet(f"item_{slug(card)}")
    window, police, reviewing = sheet.lane("综合窗口", 400), sheet.lane("公安交管", 150), sheet.lane("部门审核", 270)
    deciding, issuing = sheet.lane("首席代表", 150), sheet.lane("发证窗口", 230)
    sheet.lane("系统", 100)
    _, review, approve, _ = half_days(card)
    first = draw_window(sheet, card, window, CHARGED)
    y, row = reviewing.top + 195, issuing.top + 130
    urgent = choice(sheet, "Gateway_Urgent", "是否抢修", 640, police.top + 60, (616, police.top + 92))
    opinion = draw_opinion(sheet, POLICE, 790, police.top + 60)
    x = 1200
    reviewed, advised = draw_review(sheet, card, x, y, limit=f"{review - 4}hd")
    ruling = draw_ruling(sheet, card, reviewed, x + 300, deciding.middle, limit=f"{approve}hd")
    refusing = draw_refusal(sheet, ruling.decided.x + 90, deciding.middle)
    granting = draw_grant(sheet, card, ruling.decided.x, row)
    fee, settled = draw_fee(sheet, granting.x + 90, row, "joint = true")
    issued, granted = draw_issue(sheet, card, settled.x + 110, row)
    go_on(first, sheet, urgent)
    sheet.flow(urgent, opinion, "一般", OTHERWISE)
    sheet.flow(urgent, reviewed, "抢修", "emergency = true", way="bottom-left", shift=(0, 14), label=(646, y - 20))
    sheet.flow(opinion, reviewed, way="right-left", bend=1130, shift=(0, -14))
    sheet.flow(advised, ruling.approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    sheet.flow(ruling.approved, ruling.decided)
    sheet.flow(ruling.decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(ruling.decided, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(granting, fee)
    sheet.flow(settled, issued)
    sheet.flow(issued, granted)
    finish(
        sheet, card, folder, tasks=[first.accepting, reviewed, ruling.approved, issued], start=first.start,
        width=granted.x + 110, contract="in: joint; out: decision, certificate_no",
    )  # fmt: skip
