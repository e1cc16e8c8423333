"""One approval item: 受理 → 审核 → 批准 → 发证 in lanes, with return, refusal and the climb of late tasks."""

from __future__ import annotations

from pathlib import Path

from drawing.office import ESCALATION, choice, document, late, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet

CENTRE = "201"  # department code of the service centre: window and issuing clerks
OPINIONS = (
    ("Task_Opinion_Defence", "人防意见", "105"),
    ("Task_Opinion_Fire", "建筑防火意见", "104"),
    ("Task_Opinion_Building", "住建技术意见", "104"),
    ("Task_Opinion_Green", "绿地率意见", "107"),
)
OPINION_LANES = (("人防", 1), ("住建", 2), ("园林", 1))
ROW = 132


def half_days(card: dict) -> tuple[int, int, int, int]:
    """The stage plan in half-days; an immediate item gets one half-day a stage."""
    return tuple(max(1, n) for n in card["stages"])


def draw_item(card: dict, folder: Path, *, opinions: bool = False) -> None:
    """Draw one item into `folder`; with `opinions` the variant a joint chain calls, with the departments' opinions."""
    slug = card["code"].replace("-", "_")
    key = f"item_{slug}_chain" if opinions else f"item_{slug}"
    accept, review, approve, issue = half_days(card)
    if opinions:
        review -= 6  # the opinions take three working days of the review stage
    sheet, dept = Sheet(key), card["code"][:3]
    window = sheet.lane("综合窗口", 130)
    rows: list[tuple[Lane, int]] = []
    if opinions:
        for name, count in OPINION_LANES:
            lane = sheet.lane(name, ROW * count)
            rows += [(lane, n) for n in range(count)]
    reviewing = sheet.lane("部门审核", 150)
    deciding = sheet.lane("首席代表", 140)
    issuing = sheet.lane("发证窗口", 130)
    system = sheet.lane("系统", 100)
    right = 560 if opinions else 0  # how far the opinions push the rest

    start = sheet.node(
        "startEvent", "Start_Apply", "提出申请", 180, window.middle, camunda__formKey=f"apply_{slug}"
    )  # fmt: skip
    intake = script(
        sheet, "Script_Register", "收件登记", "return_count = 0\ndecision = null\ncertificate_no = null",
        280, window.middle,
    )  # fmt: skip
    accepting = office_task(
        sheet, "Task_Accept", "受理", 420, window.middle, stage="ACCEPT", role="counter_clerk", dept=CENTRE,
        limit=f"{accept}hd", form=f"accept_{slug}", results=("decision",), zw__doc="W02",
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "是否受理", 540, window.middle)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", 690, window.middle)
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", 800, window.middle)
    x = 690 + right
    reviewed = office_task(
        sheet, "Task_Review", "审核", x, reviewing.middle + 10, stage="REVIEW", role="reviewer_a", dept=dept,
        limit=f"{review}hd", form="review",
    )  # fmt: skip
    approved = office_task(
        sheet, "Task_Approve", "批准", x + 180, deciding.middle, stage="APPROVE", role="chief_rep", dept=dept,
        limit=f"{approve}hd", form="approve", results=("decision",), zw__doc="W14",
    )  # fmt: skip
    decided = choice(
        sheet, "Gateway_Decide", "批准结论", x + 320, deciding.middle, (x + 352, deciding.middle + 8)
    )  # fmt: skip
    again = script(
        sheet, "Script_Return", "登记退回次数", "return_count = return_count + 1\nTask_Approve = null\ndecision = null", x + 320, reviewing.middle + 10
    )  # fmt: skip
    rounds = choice(sheet, "Gateway_Return", "", x + 205, reviewing.middle + 10)
    refusal = document(sheet, "Document_Refusal", "出具不予决定", "W15", x + 470, deciding.middle)
    refused = sheet.node("endEvent", "End_Refused", "办结-不予", x + 590, deciding.middle)
    issued = office_task(
        sheet, "Task_Issue", "制证发证", x + 470, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit=f"{issue}hd", form="issue", results=("certificate_no",), zw__doc="W18",
    )  # fmt: skip
    granted = sheet.node("endEvent", "End_Granted", "办结-准予", x + 590, issuing.middle)

    sheet.flow(start, intake)
    sheet.flow(intake, accepting)
    sheet.flow(accepting, accepted)
    sheet.flow(accepted, notice, "不予受理", 'decision = "reject"')
    sheet.flow(notice, rejected)
    if opinions:
        _ask(sheet, accepted, reviewed, rows)
    else:
        sheet.flow(accepted, reviewed, "受理", OTHERWISE, way="bottom-left")
    sheet.flow(reviewed, approved, way="right-top", shift=(0, -30))
    sheet.flow(approved, decided)
    sheet.flow(decided, refusal, "不予", 'decision = "refuse"')
    sheet.flow(refusal, refused)
    sheet.flow(decided, issued, "准予", 'decision = "grant"', way="bottom-left")
    sheet.flow(decided, again, "退回", OTHERWISE, way="top-bottom")
    sheet.flow(again, rounds, way="left-right")
    back = reviewing.middle - 48
    sheet.flow(
        rounds, reviewed, "退回", "return_count <= 3", way="top-top", bend=back, label=(x + 90, back - 17)
    )  # fmt: skip
    sheet.flow(
        rounds, approved, "已退三次", OTHERWISE, way="bottom-top", shift=(0, 25),
        label=(x + 211, reviewing.middle + 42),
    )  # fmt: skip
    sheet.flow(issued, granted)
    for task in (accepting, reviewed, approved, issued):
        late(sheet, task, system.middle)

    Drawing(
        key=key,
        name=card["name"],
        sheet=sheet,
        attributes={
            "zw__kind": "ITEM",
            "zw__item": card["code"],
            "zw__limit": f"{card['prom']}wd",
            "zw__limit_start": card["stat_start"],
            "camunda__versionTag": "1.0",
        },
        width=x + 680,
        outsider="申请人",
        outsider_flow=("申请材料", start.id),
        roots=[ESCALATION],
    ).write(folder / f"{key}.bpmn")


def _ask(sheet: Sheet, accepted: Node, reviewed: Node, rows: list[tuple[Lane, int]]) -> None:
    """The departments' opinions between 受理 and 审核: all are asked at once, all are awaited."""
    middle = (rows[0][0].top + rows[-1][0].top + rows[-1][0].height) / 2
    split = sheet.node("parallelGateway", "Fork_Opinions", "征求意见", 600, middle, label=(542, middle + 12))
    join = sheet.node("parallelGateway", "Join_Opinions", "意见到齐", 1060, middle, label=(1090, middle - 24))
    sheet.flow(accepted, split, "受理", OTHERWISE, way="bottom-left")
    for (id, name, dept), (lane, row) in zip(OPINIONS, rows, strict=True):
        y = lane.top + ROW * row + 44
        task = office_task(
            sheet, id, name, 730, y, stage="OPINION", role="reviewer_a", dept=dept, limit="3wd", form="opinion",
            shift=-26, mark=-74, zw__ladder="opinion", zw__tacit="opinion", zw__doc="W10",
        )  # fmt: skip
        side = "top" if y < middle else "bottom"
        sheet.flow(split, task, way=f"{side}-left")
        sheet.flow(task, join, way=f"right-{side}")
        late(sheet, task, y + 56, way="bottom-left", x=880)
    sheet.flow(join, reviewed, bend=1150)
