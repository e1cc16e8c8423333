"""T4 上报件: examined here, decided above. 121-XK-002 使用林地审核 and, with the opinions of two agencies, 117-XK-002 校车."""

from __future__ import annotations

from pathlib import Path

from drawing.asked import Opinion, draw_opinion
from drawing.frame import (
    draw_fee, draw_grant, draw_issue, draw_refusal, draw_review, draw_ruling, draw_window, finish,
)  # fmt: skip
from drawing.office import office_task
from drawing.register_card import half_days, register_card, slug
from drawing.sheet import OTHERWISE, Sheet
from drawing.upper import FAILED, REPLY, draw_upper

AGENCIES = (  # 校车安全管理条例 art. 15: each answers within three days; their silence never means agreement
    Opinion("Task_Opinion_Transport", "交通部门意见", "109", "2wd"),
    Opinion("Task_Opinion_Police", "公安交管意见", "112", "2wd"),
)


def draw_report_up(folder: Path) -> None:
    """Draw both items into `folder`."""
    draw_forest(register_card("121-XK-002"), folder)
    draw_school_bus(register_card("117-XK-002"), folder)


def draw_forest(card: dict, folder: Path) -> None:
    """使用林地: 审核, 审查意见 of the 首席代表, the province decides; 森林植被恢复费 before the consent is handed out."""
    sheet = Sheet(f"item_{slug(card)}")
    window, reviewing = sheet.lane("综合窗口", 360), sheet.lane("部门审核", 270)
    deciding, issuing = sheet.lane("首席代表", 280), sheet.lane("发证窗口", 230)
    sheet.lane("系统", 100)
    _, review, approve, _ = half_days(card)
    first = draw_window(sheet, card, window, ["fee_abandoned = null", "upper_no = null", "forest_area = forest_m2"])
    x, y, row = 690, reviewing.top + 195, issuing.top + 130
    reviewed, advised = draw_review(sheet, card, x, y, limit=f"{review}hd")
    ruling = draw_ruling(
        sheet, card, reviewed, x + 300, deciding.top + 100, limit=f"{approve}hd", name="提出审查意见", form="approve_report",
    )  # fmt: skip
    ruled, _, late = draw_upper(
        sheet, ruling.decided, x + 610, dept="121", to="province", limit="20wd",
        fields="project_code project_name applicant forest_m2",
    )  # fmt: skip
    refusing = draw_refusal(sheet, ruled.x + 100, ruled.y)
    granting = draw_grant(sheet, card, ruled.x, row)
    fee, settled = draw_fee(sheet, ruled.x + 90, row, "joint = true")
    issued, granted = draw_issue(sheet, card, settled.x + 110, row)
    sheet.flow(first.taken, reviewed, way="bottom-left", shift=(0, -14))
    sheet.flow(first.told, reviewed, way="bottom-left", shift=(0, 14))
    sheet.flow(ruling.approved, ruling.decided)
    sheet.flow(advised, ruling.approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    sheet.flow(ruled, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(ruled, refusing, "不予", OTHERWISE)
    sheet.flow(granting, fee)
    sheet.flow(settled, issued)
    sheet.flow(issued, granted)
    finish(
        sheet, card, folder, tasks=[first.accepting, reviewed, ruling.approved, *late, issued], start=first.start,
        width=granted.x + 110, contract="in: joint; out: decision, certificate_no, upper_no", roots=[REPLY, FAILED],
        more={"zw__decides": "upper"},
    )  # fmt: skip


def draw_school_bus(card: dict, folder: Path) -> None:
    """TS-1 校车使用许可: 教育 asks 公安交管 and 交通, says what it thinks, the government decides, 公安 hands out the plates."""
    sheet = Sheet(f"item_{slug(card)}")
    window, reviewing, deciding = sheet.lane("综合窗口", 360), sheet.lane("部门审核", 270), sheet.lane("首席代表", 280)
    asked = [sheet.lane("交通", 132), sheet.lane("公安交管", 150)]
    sheet.lane("系统", 100)
    approve = half_days(card)[2]
    first = draw_window(sheet, card, window, ["upper_no = null"])
    x, y = 690, reviewing.top + 195
    sending = office_task(
        sheet, "Task_Ask", "送征求意见", x, y, stage="REVIEW", role="reviewer_a", dept="117", limit="2hd", form="consult",
    )  # fmt: skip
    split = sheet.node("parallelGateway", "Fork_Opinions", "征求意见", x + 110, y, label=(x + 86, y - 46))
    join = sheet.node("parallelGateway", "Join_Opinions", "意见到齐", x + 590, y, label=(x + 566, y - 46))
    for opinion, lane in zip(AGENCIES, asked, strict=True):
        task = draw_opinion(sheet, opinion, x + 230, lane.top + 44)
        sheet.flow(split, task, way="bottom-left")
        sheet.flow(task, join, way="right-bottom")
    reviewed, advised = draw_review(sheet, card, x + 710, y, limit="3hd", name="提出审查意见")
    ruling = draw_ruling(
        sheet, card, reviewed, x + 1010, deciding.top + 100, limit=f"{approve}hd", name="审定并报送", form="approve_report",
    )  # fmt: skip
    ruled, _, late = draw_upper(
        sheet, ruling.decided, x + 1320, dept="117", to="government", limit="20wd", fields="applicant plate seats",
    )  # fmt: skip
    refusing = draw_refusal(sheet, ruled.x + 100, ruled.y)
    row = asked[-1].top + 60
    granting = draw_grant(sheet, card, ruled.x, row)
    issued, granted = draw_issue(sheet, card, ruled.x + 120, row, name="发放标牌并签注", role="reviewer_a", dept="112")
    sheet.flow(first.taken, sending, way="bottom-left", shift=(0, -14))
    sheet.flow(first.told, sending, way="bottom-left", shift=(0, 14))
    sheet.flow(sending, split)
    sheet.flow(join, reviewed)
    sheet.flow(ruling.approved, ruling.decided)
    sheet.flow(advised, ruling.approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    sheet.flow(ruled, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(ruled, refusing, "不予", OTHERWISE)
    sheet.flow(granting, issued)
    sheet.flow(issued, granted)
    finish(
        sheet, card, folder, tasks=[first.accepting, sending, reviewed, ruling.approved, *late, issued],
        start=first.start, width=granted.x + 110, roots=[REPLY, FAILED], more={"zw__decides": "upper"},
        contract="in: joint; out: decision, certificate_no, upper_no",
    )  # fmt: skip
