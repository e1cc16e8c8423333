"""T7 部门会签: 107-XK-003 占用、挖掘城市道路, with the opinion of 公安交管 (城市道路管理条例 art. 31)."""

from __future__ import annotations

from pathlib import Path

from drawing.asked import Opinion, draw_opinion
from drawing.deciding import end_granted, issue_line, refusal_line
from drawing.frame import decide, draw_review, draw_ruling, finish, go_on, open_window
from drawing.office import choice
from drawing.register import desk_limit, slug
from drawing.sheet import OTHERWISE, Sheet

POLICE = Opinion("Task_Opinion_Police", "公安交管意见", "112", "2wd", silent=True)
CHARGED = {  # what the bill is made from: so much for occupying a day, so much for digging
    "occupied_area": 'if mode = "占用" then area_m2 else null',
    "occupied_days": 'if mode = "占用" then days else null',
    "dug_area": 'if mode = "挖掘" then area_m2 else null',
}


def draw_countersign(cards: dict[str, dict], folder: Path) -> None:
    """Draw the item into `folder`. 抢修 was announced to the police before it began (art. 34): its opinion is not awaited."""
    card = cards["107-XK-003"]
    sheet = Sheet(f"item_{slug(card)}")
    window, police, reviewing = sheet.lane("综合窗口", 400), sheet.lane("公安交管", 150), sheet.lane("部门审核", 270)
    deciding, issuing = sheet.lane("首席代表", 150), sheet.lane("发证窗口", 240)
    sheet.lane("系统", 100)
    first = open_window(sheet, window, card, ["fee_abandoned = null"])
    x, y = 1230, reviewing.top + 195
    urgent = choice(sheet, "Gateway_Urgent", "是否抢修", 640, police.top + 60, (656, police.top + 20))
    opinion = draw_opinion(sheet, POLICE, 820, police.top + 60)
    reviewed, advised = draw_review(sheet, card, x, y, limit=desk_limit(card["stages"][1] - 4))
    ruling = draw_ruling(sheet, card, reviewed, x + 300, deciding.middle)
    refusing, _ = refusal_line(sheet, ruling.decided.x + 90, deciding.middle)
    granting, issued = issue_line(
        sheet, ruling.decided.x, issuing, limit=desk_limit(card["stages"][3]), charged=True, licence=True,
        inputs=CHARGED,
    )  # fmt: skip
    end_granted(sheet, issued, issued.x + 160, silent=False)
    go_on(first, sheet, urgent)
    sheet.flow(urgent, opinion, "一般", OTHERWISE, label=(672, police.top + 64))
    sheet.flow(urgent, reviewed, "抢修", "emergency = true", way="bottom-left", shift=(0, 14), label=(646, y - 20))
    sheet.flow(opinion, reviewed, way="right-left", bend=1158, shift=(0, -14))
    decide(sheet, advised, ruling)
    sheet.flow(ruling.decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(ruling.decided, granting, "准予", 'decision = "grant"', way="bottom-top")
    finish(sheet, card, folder, tasks=[first.accepting, reviewed, ruling.approved, issued], start=first.start)
