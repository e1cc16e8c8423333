"""T4 上报件: examined here, decided above. 121-XK-002 使用林地审核 and, with the opinions of two agencies, 117-XK-002 校车."""

from __future__ import annotations

from pathlib import Path

from drawing.asked import Opinion, draw_opinion
from drawing.deciding import end_granted, issue_line, refusal_line
from drawing.frame import decide, draw_review, draw_ruling, finish, open_window
from drawing.office import mark, office_task
from drawing.register import desk_limit, slug
from drawing.sheet import OTHERWISE, Sheet
from drawing.upper import FAILED, REPLY, draw_upper

AGENCIES = (  # 校车安全管理条例 art. 15: each answers within three days; their silence never means agreement
    Opinion("Task_Opinion_Transport", "交通部门意见", "109", "2wd"),
    Opinion("Task_Opinion_Police", "公安交管意见", "112", "2wd"),
)
UPWARDS = {"zw__decides": "upper", "zw__data_contract": "in: joint; out: decision, certificate_no, upper_no"}


def draw_report_up(cards: dict[str, dict], folder: Path) -> None:
    """Draw both items into `folder`; `cards` are the register cards by code."""
    draw_forest(cards["121-XK-002"], folder)
    draw_school_bus(cards["117-XK-002"], folder)


def draw_forest(card: dict, folder: Path) -> None:
    """使用林地: 审核, the opinion of the 首席代表, the province decides; 森林植被恢复费 before the consent is handed out."""
    sheet = Sheet(f"item_{slug(card)}")
    window, reviewing = sheet.lane("综合窗口", 360), sheet.lane("部门审核", 270)
    deciding, issuing = sheet.lane("首席代表", 280), sheet.lane("发证窗口", 240)
    sheet.lane("系统", 100)
    first = open_window(sheet, window, card, ["fee_abandoned = null", "upper_no = null"])
    x, y = 690, reviewing.top + 195
    reviewed, advised = draw_review(sheet, card, x, y, limit=desk_limit(card["stages"][1]))
    ruling = draw_ruling(
        sheet, card, reviewed, x + 300, deciding.top + 100, name="提出审查意见", form="approve_report",
    )  # fmt: skip
    ruled, late = draw_upper(
        sheet, ruling.decided, x + 610, dept="121", to="province", limit="20wd",
        fields="project_code project_name applicant forest_m2",
    )  # fmt: skip
    refusing, _ = refusal_line(sheet, ruled.x + 100, ruled.y)
    granting, issued = issue_line(
        sheet, ruled.x, issuing, limit=desk_limit(card["stages"][3]), charged=True, licence=True,
        inputs={"forest_area": "forest_m2"},
    )  # fmt: skip
    end_granted(sheet, issued, issued.x + 160, silent=False)
    sheet.flow(first.taken, reviewed, way="bottom-left", shift=(0, -14))
    sheet.flow(first.told, reviewed, way="bottom-left", shift=(0, 14))
    decide(sheet, advised, ruling)
    sheet.flow(ruled, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(ruled, refusing, "不予", OTHERWISE)
    finish(
        sheet, card, folder, tasks=[first.accepting, reviewed, ruling.approved, late, issued], start=first.start,
        roots=[REPLY, FAILED], more=UPWARDS,
    )  # fmt: skip


def draw_school_bus(card: dict, folder: Path) -> None:
    """TS-1 校车使用许可: 教育 asks 公安交管 and 交通, says what it thinks, the government decides, 公安 hands out the plates."""
    sheet = Sheet(f"item_{slug(card)}")
    window, reviewing, deciding = sheet.lane("综合窗口", 360), sheet.lane("部门审核", 270), sheet.lane("首席代表", 280)
    asked = [sheet.lane("交通", 132), sheet.lane("公安交管", 150)]
    sheet.lane("系统", 100)
    first = open_window(sheet, window, card, ["upper_no = null"])
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
        sheet, card, reviewed, x + 1010, deciding.top + 100, name="审定并报送", form="approve_report",
    )  # fmt: skip
    ruled, late = draw_upper(
        sheet, ruling.decided, x + 1320, dept="117", to="government", limit="20wd", fields="applicant plate seats",
    )  # fmt: skip
    refusing, _ = refusal_line(sheet, ruled.x + 100, ruled.y)
    row = asked[-1].top + 60
    granting = mark(sheet, "Mark_Granted", "准予", "DECIDED_YES", ruled.x, row, zw__doc="W13 W14")
    issued = office_task(  # 条例 art. 15: the police hand out the plate and write it into the driving licence
        sheet, "Task_Issue", "发放标牌并签注", ruled.x + 120, row, stage="ISSUE", role="reviewer_a", dept="112",
        limit=desk_limit(card["stages"][3]), form="issue", results=("certificate_no",), zw__doc="W18", zw__reaches="READY",
    )  # fmt: skip
    end_granted(sheet, issued, issued.x + 190, silent=False)
    sheet.flow(first.taken, sending, way="bottom-left", shift=(0, -14))
    sheet.flow(first.told, sending, way="bottom-left", shift=(0, 14))
    sheet.flow(sending, split)
    sheet.flow(join, reviewed)
    decide(sheet, advised, ruling)
    sheet.flow(ruled, granting, "准予", 'decision = "grant"', way="bottom-top")
    sheet.flow(ruled, refusing, "不予", OTHERWISE)
    sheet.flow(granting, issued)
    finish(
        sheet, card, folder, tasks=[first.accepting, sending, reviewed, ruling.approved, late, issued],
        start=first.start, roots=[REPLY, FAILED], more=UPWARDS,
    )  # fmt: skip
