"""One approval item: 受理 → 审核 → 批准 → 发证 in lanes, with 补正, 特别程序, return, refusal, the climb of late tasks and
what follows from silence."""

from __future__ import annotations

from pathlib import Path

from drawing.correction import draw_correction
from drawing.office import ESCALATION, TACIT, choice, document, late, mark, office_task, script, timed
from drawing.procedures import draw_procedures
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet, element

CENTRE = "201"  # department code of the service centre: window and issuing clerks
OPINIONS = (
    ("Task_Opinion_Defence", "人防意见", "105"),
    ("Task_Opinion_Fire", "建筑防火意见", "104"),
    ("Task_Opinion_Building", "住建技术意见", "104"),
    ("Task_Opinion_Green", "绿地率意见", "107"),
)
OPINION_LANES = (("人防", 1), ("住建", 2), ("园林", 1))
ROW = 132
UNITS = {"WORKDAY": "wd", "CALENDAR": "cd"}
RELOCATED = "shelter_area = if relocate = true then required_m2 else null"  # what the fee is charged for
FARMLAND = "(farmland = true or Task_Review_tacit = true)"  # what silence has passed nobody has looked at
TOLD = {  # who hears of it once it has been issued: T8, 建筑业税源登记
    "104-XK-001": {
        "zw__to": "tax", "zw__transfer": "DEPT_DEPT", "zw__fields": "applicant applicant_uscc project_code",
        "zw__subject": "建筑业税源登记",
    },
}  # fmt: skip
REGISTERED = """return_count = 0
decision = null
recommendation = null
procedure = null
certificate_no = null"""


def half_days(card: dict) -> tuple[int, int, int, int]:
    """The stage plan in half-days; an immediate item gets one half-day a stage."""
    return tuple(max(1, n) for n in card["stages"])


def registered(card: dict) -> str:
    """What 收件登记 sets to nothing, so that every path knows it."""
    more = ["Task_Approve_tacit = false"] if card["tacit"] == "DECISION" else []
    if card.get("charged"):
        more += ["fee_abandoned = null", RELOCATED]
    if card.get("tax"):
        more += ["farmland = null", "Task_Review_tacit = false", "tax_cleared = null", "tax_voucher = null"]
    return "\n".join([REGISTERED, *more])


def draw_item(card: dict, folder: Path, *, opinions: bool = False) -> None:
    """Draw one item into `folder`; with `opinions` the variant a joint chain calls, with the departments' opinions."""
    slug = card["code"].replace("-", "_")
    key = f"item_{slug}_chain" if opinions else f"item_{slug}"
    accept, review, approve, issue = half_days(card)
    if opinions:
        review -= 6  # the opinions take three working days of the review stage
    sheet, dept = Sheet(key), card["code"][:3]
    window = sheet.lane("综合窗口", 440 if opinions else 360)
    rows: list[tuple[Lane, int]] = []
    if opinions:
        for name, count in OPINION_LANES:
            lane = sheet.lane(name, ROW * count)
            rows += [(lane, n) for n in range(count)]
    reviewing = sheet.lane("部门审核", 270)
    deciding = sheet.lane("首席代表", 150)
    issuing = sheet.lane("发证窗口", 210 if card.get("charged") else 170)
    system = sheet.lane("系统", 100)
    right = 560 if opinions else 0  # how far the opinions push the rest
    tacit = card["tacit"]

    correcting, row = window.top + 75, window.top + 195
    start = sheet.node(
        "startEvent", "Start_Apply", "提出申请", 180, row, camunda__formKey=f"apply_{slug}", zw__doc="W01", zw__sms="M01",
    )  # fmt: skip
    intake = script(sheet, "Script_Register", "收件登记", registered(card), 280, row)
    accepting = office_task(
        sheet, "Task_Accept", "受理", 420, row, stage="ACCEPT", role="counter_clerk", dept=CENTRE,
        limit=f"{accept}hd", form=f"accept_{slug}", results=("decision",), shift=-35, mark=-74,
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "是否受理", 540, row, (484, row - 46))
    taken = mark(
        sheet, "Mark_Accepted", "已受理", "ACCEPTED", 540, row + 105, (562, row + 98), zw__doc="W02", zw__sms="M02",
    )  # fmt: skip
    turned = mark(sheet, "Mark_NotAccepted", "不予受理", "NOT_ACCEPTED", 620, row)
    notice = document(sheet, "Document_Rejection", "出具不予受理通知", "W03", 720, row, sms="M05")
    rejected = sheet.node("endEvent", "End_NotAccepted", "不予受理", 824, row)
    bottom = row + accepting.height / 2
    deemed = timed(
        sheet, accepting, "Deem_Task_Accept", "视为受理", 'due("RECEIPT")', 450, bottom, label=(472, bottom + 4),
        zw__reaches="DEEMED_ACCEPTED",
    )  # fmt: skip
    told = document(sheet, "Document_Deemed", "出具视为受理通知", "W02", 450, row + 105, sms="M06")
    told.width = 112
    draw_correction(sheet, accepting, accepted, correcting, dept=CENTRE)

    x, y, decides = 690 + right, reviewing.top + 195, deciding.middle
    reviewed = office_task(
        sheet, "Task_Review", "审核", x, y, stage="REVIEW", role="reviewer_a", dept=dept, limit=f"{review}hd",
        form=f"review_{slug}" if card.get("tax") else "review",
        results=("recommendation", "farmland") if card.get("tax") else ("recommendation",), zw__sms="M12",
        **({"zw__tacit": "stage_skip"} if tacit in ("STAGE_SKIP", "DECISION") else {}),
    )  # fmt: skip
    advised = choice(sheet, "Gateway_Review", "审核结论", x + 115, y, (x + 92, y + 32))
    special = draw_procedures(sheet, card["procedures"], x + 115, reviewing.top + 75, dept=dept)
    taxed = _tax(sheet, card["tax"], x, y) if card.get("tax") else None
    z = x + (290 if taxed else 0)  # how far the question of the tax pushes what follows
    approved = office_task(
        sheet, "Task_Approve", "批准", z + 300, decides, stage="APPROVE", role="chief_rep", dept=dept,
        limit=f"{approve}hd", form="approve", results=("decision",), zw__sms="M12",
        **({"zw__tacit": "decision", "zw__tacit_answers": "decision=grant"} if tacit == "DECISION" else {}),
    )  # fmt: skip
    decided = choice(sheet, "Gateway_Decide", "批准结论", z + 480, decides, (z + 400, decides - 34))
    again = script(
        sheet, "Script_Return", "登记退回次数",
        "return_count = return_count + 1\nTask_Approve = null\ndecision = null", z + 480, y,
    )  # fmt: skip
    rounds = choice(sheet, "Gateway_Return", "", z + 380, y)
    refusing = mark(sheet, "Mark_Refused", "不予", "DECIDED_NO", z + 570, decides, zw__doc="W13")
    refusal = document(sheet, "Document_Refusal", "出具不予决定", "W15", z + 680, decides, sms="M16")
    refusal.attributes["zw:reaches"] = "READY"
    refused = sheet.node(
        "endEvent", "End_Refused", "办结-不予", z + 790, decides, zw__reaches="DELIVERED", zw__sms="M20"
    )
    licence = card["code"][4:6] == "XK"  # a filing or a joint review is no licence: its result says so itself
    granting = mark(
        sheet, "Mark_Granted", "准予", "DECIDED_YES", z + 480, issuing.middle, zw__doc="W13 W14" if licence else "W13",
    )  # fmt: skip
    issued = office_task(
        sheet, "Task_Issue", "制证发证", z + (920 if card.get("charged") else 600), issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit=f"{issue}hd", form="issue", results=("certificate_no",), zw__doc="W18", zw__reaches="READY", **TOLD.get(card["code"], {}),
    )  # fmt: skip
    granted = sheet.node(
        "endEvent", "End_Granted", "办结-准予", z + (1110 if card.get("charged") else 790), issuing.middle, zw__reaches="DELIVERED", zw__sms="M20",
    )  # fmt: skip

    sheet.flow(start, intake)
    sheet.flow(intake, accepting)
    sheet.flow(accepting, accepted)
    sheet.flow(accepted, turned, "不予受理", 'decision = "reject"', label=(556, row - 34))
    sheet.flow(turned, notice)
    sheet.flow(notice, rejected)
    sheet.flow(accepted, taken, "受理", OTHERWISE, way="bottom-top")
    sheet.flow(deemed, told, way="bottom-top")
    if opinions:
        _ask(sheet, taken, told, reviewed, rows)
    else:
        sheet.flow(taken, reviewed, way="bottom-left", shift=(0, -14))
        sheet.flow(told, reviewed, way="bottom-left", shift=(0, 14))
    sheet.flow(reviewed, advised)
    sheet.flow(advised, special, "特别程序", 'recommendation = "procedure"', way="top-bottom", label=(x + 121, y - 46))
    sheet.flow(special, reviewed, way="left-top", shift=(0, 20))
    if taxed:
        sheet.flow(advised, taxed[0], "", OTHERWISE)
    sheet.flow(
        taxed[1] if taxed else advised, approved, "", "" if taxed else OTHERWISE, way="right-top", shift=(0, -30)
    )
    sheet.flow(approved, decided)
    sheet.flow(decided, refusing, "不予", 'decision = "refuse"')
    sheet.flow(refusing, refusal)
    sheet.flow(refusal, refused)
    unpaid = f" and not({FARMLAND} and tax_cleared != true)" if taxed else ""
    sheet.flow(decided, granting, "准予", f'decision = "grant"{unpaid}', way="bottom-top")
    if card.get("charged"):
        _collect(sheet, granting, issued)
    else:
        sheet.flow(granting, issued)
    sheet.flow(decided, again, "退回", OTHERWISE, way="top-bottom")
    sheet.flow(again, rounds, way="left-right")
    back = reviewing.top + 20
    sheet.flow(
        rounds, reviewed, "退回", "return_count <= 3", way="top-top", bend=back, shift=(0, -20), label=(z + 240, back + 3)
    )  # fmt: skip
    sheet.flow(
        rounds, approved, "已退三次", OTHERWISE, way="bottom-top", shift=(0, 25), label=(z + 386, y + 30)
    )  # fmt: skip
    if tacit == "DECISION":
        _end_apart(sheet, issued, granted)
    else:
        sheet.flow(issued, granted)
    for task in (accepting, reviewed, approved, issued):
        late(sheet, task, system.middle)

    Drawing(
        key=key,
        name=card["name"],
        sheet=sheet,
        attributes=_facts(card),
        width=z + (1210 if card.get("charged") else 890),
        outsider="申请人",
        outsider_flow=("申请材料", start.id),
        roots=[ESCALATION],
    ).write(folder / f"{key}.bpmn")


def _facts(card: dict) -> dict[str, str]:
    """What the item card says about limits and silence, as attributes of the process."""
    found = {
        "zw__kind": "ITEM",
        "zw__item": card["code"],
        "zw__limit": f"{card['prom']}wd",
        "zw__limit_start": card["stat_start"],
        "zw__receipt": card["corr"],
        "zw__short": card["short"],
        "zw__basis": card["legal"],
        "zw__result": card["result"],
        "zw__fee": "按收费标准" if card.get("charged") else "不收费",
        "zw__tacit": card["tacit"].lower() if card["tacit"] in ("NONE", "NEVER") else TACIT[card["tacit"]],
        "camunda__versionTag": "2.0",
    }
    if card["stat"]:
        found["zw__statutory"] = f"{card['stat']}{UNITS[card['unit']]}"
        found["zw__statutory_start"] = card["stat_start"]
    if card.get("charged"):
        found["zw__data_contract"] = "in: joint; out: decision, certificate_no"
    if card.get("certificate"):
        found["zw__certificate"] = card["certificate"]
    if card["promise_reason"]:
        found["zw__promise_reason"] = card["promise_reason"]
    return found


def _tax(sheet: Sheet, point: str, x: float, y: float) -> tuple[Node, Node]:
    """税控联管 (SK) of land that takes farmland, before 批准 (耕地占用税法 art. 10): the question, and where both ways meet."""
    asked = choice(sheet, "Gateway_Taxed", "是否查验完税", x + 215, y, (x + 200, y - 46))
    meet = choice(sheet, "Merge_Taxed", "", x + 460, y)
    call = sheet.node(
        "callActivity", "Call_Tax", "税控查验", x + 355, y, calledElement="chain_SK_check",
        extensions=[
            element("camunda:in", sourceExpression=f'="{point}"', target="tax_point"),
            *(element("camunda:in", source=name, target=name) for name in ("applicant", "applicant_uscc", "project_code")),
            element("camunda:out", source="tax_cleared", target="tax_cleared"),
            element("camunda:out", source="tax_voucher", target="tax_voucher"),
        ],
    )  # fmt: skip
    asks = f'{FARMLAND} and recommendation != "refuse" and tax_cleared != true'
    sheet.flow(asked, call, "占用耕地", asks, label=(x + 243, y - 20))
    sheet.flow(asked, meet, "不需查验", OTHERWISE, way="bottom-bottom", bend=y + 54, label=(x + 221, y + 56))
    sheet.flow(call, meet)
    return asked, meet


def _collect(sheet: Sheet, granting: Node, issued: Node) -> None:
    """缴费 (SP-05) before anything is handed out; inside a chain the chain's own bill has the item's line."""
    y = granting.y
    asked = choice(sheet, "Gateway_Fee", "是否缴费", granting.x + 80, y, (granting.x + 56, y + 30))
    paying = sheet.node("callActivity", "Call_Fee", "缴费", granting.x + 190, y, calledElement="support_SP_05")
    paid = choice(sheet, "Gateway_Paid", "缴费结果", granting.x + 310, y, (granting.x + 286, y + 30))
    given_up = sheet.node(
        "endEvent", "End_FeeAbandoned", "放弃", granting.x + 310, y - 66, zw__reaches="ABANDONED", zw__doc="W24",
        label=(granting.x + 334, y - 73),
    )  # fmt: skip
    sheet.flow(granting, asked)
    sheet.flow(asked, paying, "", OTHERWISE)
    sheet.flow(
        asked, issued, "不缴费", "joint = true or relocate != true", way="top-top", bend=y - 92,
        label=(asked.x + 6, y - 46), shift=(0, -20),
    )  # fmt: skip
    sheet.flow(paying, paid)
    sheet.flow(paid, given_up, "逾期未缴", "fee_abandoned = true", way="top-bottom", label=(paid.x - 56, y - 42))
    sheet.flow(paid, issued, "", OTHERWISE)


def _end_apart(sheet: Sheet, issued: Node, granted: Node) -> None:
    """A certificate that silence has granted ends the item under a name of its own."""
    how = choice(sheet, "Gateway_Tacit", "", issued.x + 100, issued.y)
    silent = sheet.node(
        "endEvent", "End_Tacit", "办结-默许", granted.x, issued.y - 56, label=(granted.x + 22, issued.y - 63),
        zw__reaches="DELIVERED", zw__sms="M20",
    )  # fmt: skip
    sheet.flow(issued, how)
    sheet.flow(how, silent, "超时默许", "Task_Approve_tacit = true", way="top-left", label=(how.x - 2, issued.y - 76))
    sheet.flow(how, granted, "", OTHERWISE)


def _ask(sheet: Sheet, taken: Node, told: Node, reviewed: Node, rows: list[tuple[Lane, int]]) -> None:
    """The departments' opinions between 受理 and 审核: all are asked at once, all are awaited, silence counts as 同意."""
    middle = (rows[0][0].top + rows[-1][0].top + rows[-1][0].height) / 2
    merge = choice(sheet, "Merge_Accepted", "", 540, taken.y + 90)
    split = sheet.node("parallelGateway", "Fork_Opinions", "征求意见", 600, middle, label=(542, middle + 12))
    join = sheet.node("parallelGateway", "Join_Opinions", "意见到齐", 1060, middle, label=(1090, middle - 24))
    sheet.flow(taken, merge, way="bottom-top")
    sheet.flow(told, merge, way="bottom-left")
    sheet.flow(merge, split, way="bottom-left")
    for (id, name, dept), (lane, row) in zip(OPINIONS, rows, strict=True):
        y = lane.top + ROW * row + 44
        task = office_task(
            sheet, id, name, 730, y, stage="OPINION", role="reviewer_a", dept=dept, limit="3wd", form="opinion",
            shift=-26, mark=-74, zw__ladder="opinion", zw__tacit="opinion", zw__tacit_answers="conclusion=agree",
            zw__doc="W10",
        )  # fmt: skip
        side = "top" if y < middle else "bottom"
        sheet.flow(split, task, way=f"{side}-left")
        sheet.flow(task, join, way=f"right-{side}")
        late(sheet, task, y + 56, way="bottom-left", x=880)
    sheet.flow(join, reviewed, bend=1150)
