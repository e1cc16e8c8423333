"""JS-35 建设工程一站报建: one chain, a collapsed node for every item, departments as lanes, one join before 施工许可."""

from __future__ import annotations

from pathlib import Path

from drawing.chain_frame import (
    MILESTONE,
    STOPPED,
    TERMINATED,
    decide,
    draw_filing,
    draw_interruptions,
    draw_milestones,
    draw_window,
    item_node,
    messages,
)
from drawing.chain_joined import BEGUN, CONTRACT, draw_summing_up, joined_messages
from drawing.decisions import ANY, Table, text, write_table
from drawing.forms import CHAIN_FIELDS, CHARGED, COMMON_FIELDS, DRAWN_LATE
from drawing.items import CENTRE
from drawing.office import ESCALATION, choice, late, mark, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

LEAD = "104"
MILESTONES = {
    "M0": (1, "联合预审与分发"), "M1": (8, "立项用地"), "M2": (10, "工程建设许可"), "M3": (10, "施工图联合审查"), "M4": (4, "施工许可"),
    "M5": (1, "统一发证"), "M6": (1, "机动"),
}  # fmt: skip
KINDS = f"""initiation_kind = if initiation = "record" then "record" else "approval"
eia_kind = if eia_category = "form" or eia_category = "registration" then eia_category else "book"
drawings_ready = if drawings_filed = true then true else false
fire_review = if special_project = true then true else false
defence_review = if civil_building = true then true else false
return_count = 0
fee_abandoned = null
meeting_rulings = null
{BEGUN}
shelter_area = if relocate = true then required_m2 else null"""
FILED = "shelter_area = if relocate = true then required_m2 else null"
WATCHED = """regulators = ["104", "103"]
verifier = "104"
item_name = "建设工程建设"
certificate_no = permit_certificate_no
place = site_address"""
EAST = 270  # how far the wait for the drawings moves what comes after it
BEYOND = 370  # and the opinions asked besides
ROOM = 70  # and the table of who takes part
NODES = {  # slug: name, item, duty, limit, what of the kinds it depends on: initiation, eia, fire, defence
    "Record": ("项目备案", "101-QT-001", "协办", "1wd", ('"record"', ANY, ANY, ANY)),
    "Approval": ("项目核准", "101-XK-002", "协办", "5wd", ('"approval"', ANY, ANY, ANY)),
    "Land": ("用地规划许可", "102-XK-002", "协办", "7wd", (ANY,) * 4),
    "Planning": ("工程规划许可", "102-XK-003", "协办", "10wd", (ANY,) * 4),
    "EiaBook": ("环评报告书", "103-XK-001", "协办", "20wd", (ANY, '"book"', ANY, ANY)),
    "EiaForm": ("环评报告表", "103-XK-002", "协办", "10wd", (ANY, '"form"', ANY, ANY)),
    "Drawings": ("施工图联审", "104-QT-005", "牵头", "10wd", (ANY,) * 4),
    "Fire": ("消防设计审查", "104-XK-002", "牵头", "7wd", (ANY, ANY, "true", ANY)),
    "Defence": ("人防结建审批", "105-XK-001", "协办", "7wd", (ANY, ANY, ANY, "true")),
    "Green": ("绿化方案审查", "107-XK-001", "协办", "5wd", (ANY,) * 4),
    "Permit": ("施工许可", "104-XK-001", "牵头", "3wd", (ANY,) * 4),
}
FREE = ("Fire", "Defence")  # nodes the flows ask the matrix for
ASKED = (
    ("105", "征求意见", "会签"),
    ("107", "征求意见", "会签"),
    ("112", "交通组织", "告知"),
    ("113", "税源信息", "告知"),
)


def matrix() -> Table:
    """职责矩阵: which items and departments the declaration asks for."""
    rows = [
        (cells, tuple(map(text, (slug, name, item, item[:3], duty, limit))), "")
        for slug, (name, item, duty, limit, cells) in NODES.items()
    ]
    rows += [((ANY,) * 4, tuple(map(text, ("", name, "", dept, duty, "3wd"))), "") for dept, name, duty in ASKED]
    return Table(
        key="matrix_JS_35",
        name="一站报建职责矩阵",
        inputs=(
            ("立项方式", "initiation_kind", "string"), ("环评类别", "eia_kind", "string"),
            ("特殊建设工程", "fire_review", "boolean"), ("含民用建筑", "defence_review", "boolean"),
        ),
        outputs=tuple((label, name, "string") for label, name in (
            ("环节", "node"), ("名称", "name"), ("事项", "code"), ("部门", "department"), ("职责", "duty"), ("时限", "limit"),
        )),
        rows=rows,
    )  # fmt: skip


def draw_chain(cards: dict[str, dict], folder: Path) -> None:
    """Draw chain_JS_35 into `folder`; `cards` are the item cards by code."""
    sheet = Sheet("chain_JS_35")
    window = sheet.lane("综合窗口", 340)
    nature = sheet.lane("生态环境", 220)
    reform = sheet.lane("发改", 220)
    planning = sheet.lane("资源规划", 150)
    housing = sheet.lane("住建", 230)
    defence = sheet.lane("人防", 130)
    green = sheet.lane("园林", 110)
    lead = sheet.lane("牵头部门", 160)
    issuing = sheet.lane("发证窗口", 130)
    system = sheet.lane("系统", 110)

    upper = window.top + 195
    start, accepted = draw_window(sheet, window, code="JS_35", start="一站申报", intake="联合预审与受理")
    kinds = script(sheet, "Script_Kinds", "判定办理方式", KINDS, 540, upper)
    kinds.attributes |= {"zw:reaches": "M0", "zw:doc": "W02", "zw:sms": "M02"}
    fork = sheet.node("parallelGateway", "Fork_Declared", "开链", 780, upper, label=(810, upper - 7))
    sheet.flow(accepted, kinds, "受理", OTHERWISE)

    def node(slug: str, name: str, code: str, limit: str, milestone: str, x: float, y: float) -> Node:
        called = f"item_{code.replace('-', '_')}" + ("_chain" if slug == "Planning" else "")
        return item_node(
            sheet, slug, name, called, x, y, dept=code[:3], lead=LEAD, limit=limit, milestone=milestone,
            passed=passed_on(cards[code]), free=slug in FREE,
        )  # fmt: skip

    row = 55
    which = choice(sheet, "Gateway_Eia", "环评类别", 810, nature.middle, (798, nature.middle - 20))
    book = node("EiaBook", "环评报告书", "103-XK-001", "20wd", "M3", 980, nature.middle - row)
    form = node("EiaForm", "环评报告表", "103-XK-002", "10wd", "M3", 980, nature.middle + row)
    eia = choice(sheet, "Merge_Eia", "", 1180, nature.middle)
    sheet.flow(fork, which, way="bottom-left")
    sheet.flow(which, book, "报告书", OTHERWISE, way="top-left", label=(836, nature.middle - row - 18))
    sheet.flow(which, form, "报告表", 'eia_kind = "form"', way="bottom-left", label=(836, nature.middle + row + 4))
    sheet.flow(which, eia, "登记表", 'eia_kind = "registration"')
    sheet.flow(book, eia, way="right-top")
    sheet.flow(form, eia, way="right-bottom")

    how = choice(sheet, "Gateway_Initiation", "立项方式", 810, reform.middle, (798, reform.middle - 20))
    record = node("Record", "项目备案", "101-QT-001", "1wd", "M1", 980, reform.middle - row)
    approval = node("Approval", "项目核准", "101-XK-002", "5wd", "M1", 980, reform.middle + row)
    initiated = choice(sheet, "Merge_Initiation", "", 1180, reform.middle)
    land = node("Land", "用地规划许可", "102-XK-002", "7wd", "M1", 1270, planning.middle + 8)
    plan = node("Planning", "工程规划许可", "102-XK-003", "10wd", "M2", 1480, planning.middle + 8)
    asked = choice(sheet, "Gateway_Filed", "施工图是否已报", 1600, planning.middle + 8, (1606, planning.middle + 34))
    filing, merged = draw_filing(
        sheet, 1600, upper, name="等待施工图申报", form="file_JS_35", results=[*DRAWN_LATE, *CHARGED],
        end=(1480, window.top + 285),
    )  # fmt: skip
    registered = script(sheet, "Script_Filing", "登记施工图申报", FILED, 1820, upper)
    drawn = sheet.node("parallelGateway", "Fork_Drawings", "施工图阶段", 1650 + EAST, planning.middle + 8)
    drawn.label = (1682 + EAST, planning.middle + 1)
    sheet.flow(fork, how, way="bottom-left")
    sheet.flow(how, record, "备案", 'initiation_kind = "record"', way="top-left", label=(836, reform.middle - row - 18))
    sheet.flow(
        how, approval, "核准", OTHERWISE, way="bottom-left", label=(836, reform.middle + row + 4)
    )  # fmt: skip
    sheet.flow(record, initiated, way="right-top")
    sheet.flow(approval, initiated, way="right-bottom")
    sheet.flow(initiated, land, way="right-top")
    sheet.flow(land, plan)
    sheet.flow(plan, asked)
    meet = choice(sheet, "Merge_Filed", "", 1820, planning.middle + 8)
    sheet.flow(asked, meet, "已报", "drawings_ready = true")
    sheet.flow(asked, filing, "未报", OTHERWISE, way="top-bottom", label=(1606, planning.middle - 36))
    sheet.flow(merged, registered)
    sheet.flow(registered, meet, way="bottom-top")
    sheet.flow(meet, drawn)

    drawings = node("Drawings", "施工图联审", "104-QT-005", "10wd", "M3", 2140, housing.middle - 58)
    join = sheet.node("parallelGateway", "Join_Approved", "批复齐备", 2390, lead.middle, label=(2366, lead.middle + 30))
    sheet.flow(drawn, drawings, way="bottom-left")
    sheet.flow(drawings, join, way="right-top")
    for slug, question, name, code, limit, yes, no, y in (
        ("Fire", "消防类别", "消防设计审查", "104-XK-002", "7wd", "特殊工程", "其他工程", housing.middle + 48),
        ("Defence", "是否结建", "人防结建审批", "105-XK-001", "7wd", "含民用建筑", "不含", defence.middle - 4),
    ):
        asked = choice(sheet, f"Gateway_{slug}", question, 1982, y, (1946, y - 46))
        reviewed = node(slug, name, code, limit, "M3", 2140, y)
        merged = choice(sheet, f"Merge_{slug}", "", 2310, y)
        sheet.flow(drawn, asked, way="bottom-left")
        sheet.flow(asked, reviewed, yes, OTHERWISE, label=(2014, y + 5))
        sheet.flow(asked, merged, no, f'not(list contains(matrix.node, "{slug}"))', way="bottom-bottom", bend=y + 46)
        sheet.flow(reviewed, merged)
        sheet.flow(merged, join, way="right-top")
    greened = node("Green", "绿化方案审查", "107-XK-001", "5wd", "M3", 2140, green.middle + 8)
    sheet.flow(drawn, greened, way="bottom-left")
    sheet.flow(greened, join, way="right-top")
    sheet.flow(eia, join, way="right-top")

    fees = sheet.node(
        "callActivity", "Call_Fees", "统一缴费", 2140, lead.middle, calledElement="support_SP_05", zw__dept=LEAD,
    )  # fmt: skip
    settled = choice(sheet, "Gateway_Fees", "缴费结果", 2260, lead.middle, (2236, lead.middle + 30))
    unpaid = sheet.node(
        "endEvent", "End_FeesAbandoned", "放弃", 2260, lead.top + 24, label=(2282, lead.top + 17), zw__doc="W24",
        zw__reaches="ABANDONED", body=[element("bpmn:terminateEventDefinition", id="Terminate_Fees")],
    )  # fmt: skip
    sheet.flow(drawn, fees, way="bottom-left")
    sheet.flow(fees, settled)
    sheet.flow(settled, unpaid, "", "fee_abandoned = true", way="top-bottom")
    sheet.flow(settled, join, "", OTHERWISE)
    asked_more, summed, summing = draw_summing_up(sheet, 2480, lead.middle, lead=LEAD)
    checked = office_task(
        sheet, "Task_Check", "前置批复核对", 2550 + BEYOND, lead.middle, stage="COORDINATE", role="chief_rep", dept=LEAD,
        limit="2hd", form="check_JS_35",
    )  # fmt: skip
    permit = node("Permit", "施工许可", "104-XK-001", "3wd", "M4", 2690 + BEYOND, housing.middle)
    issued = office_task(
        sheet, "Task_Issue", "统一发证", 2830 + BEYOND, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit="1wd", form="issue_JS_35", zw__reaches="M5",
    )  # fmt: skip
    ready = mark(sheet, "Mark_Ready", "证照齐备", "READY", 2940 + BEYOND, issuing.middle)
    watched = script(sheet, "Script_Watched", "列明监管部门", WATCHED, 3040 + BEYOND, issuing.middle)
    pushed = sheet.node(
        "serviceTask", "Push_Supervision", "推送联合监管", 3170 + BEYOND, issuing.middle, size=(116, 64), zw__action="start",
        zw__process="chain_JG", zw__reaches="M6",
        zw__fields="regulators verifier item_name certificate_no applicant phone site_address place",
    )  # fmt: skip
    granted = sheet.node(
        "endEvent", "End_Granted", "办结-准予", 3290 + BEYOND, issuing.middle, zw__reaches="DELIVERED", zw__sms="M20"
    )
    for reached, word in ((land, "M1"), (plan, "M2"), (join, "M3"), (permit, "M4")):
        reached.attributes["zw:reaches"] = word
    for reached in (land, plan, join):
        reached.attributes["zw:sms"] = "M21"
    sheet.flow(join, asked_more)
    sheet.flow(summed, checked)
    sheet.flow(checked, permit, way="right-bottom")
    sheet.flow(permit, issued, way="right-top")
    sheet.flow(issued, ready)
    sheet.flow(ready, watched)
    sheet.flow(watched, pushed)
    sheet.flow(pushed, granted)
    intake = next(one for one in sheet.nodes if one.id == "Task_Intake")
    for task in (intake, checked, issued, summing):
        late(sheet, task, system.middle - 6)
    draw_interruptions(sheet, 900, system.middle)
    places = {"M0": "above", "M3": "foot", "M4": "corner", "M5": "corner", "M6": "above"}
    milestones = draw_milestones(sheet, MILESTONES, places)
    sheet.make_room(782, ROOM)
    fork.label = (810, upper - 7)
    for asks in (which, how):
        asks.label = (asks.x - 76, asks.y - 20)
    plan = decide(sheet, "Decide_Matrix", "生成职责矩阵", "matrix_JS_35", "matrix", 665, upper)
    sheet.flow(kinds, plan)
    sheet.flow(plan, fork)

    Drawing(
        key="chain_JS_35",
        name="建设工程一站报建",
        sheet=sheet,
        attributes={
            "zw__kind": "CHAIN",
            "zw__item": "JS-35",
            "zw__chain_type": "JOINT_APPROVAL",
            "zw__lead": LEAD,
            "zw__short": "一站报建",
            "zw__basis": "《优化营商环境条例》第四十一条",
            "zw__fee": "按收费标准",
            "zw__limit": "35wd",
            "zw__limit_start": "DECLARED",
            "zw__milestones": milestones,
            "zw__receipt": "5wd",
            "zw__data_contract": f"in: ruling_text, relocate, required_m2, {CONTRACT}",
            "camunda__versionTag": "5.0",
        },
        width=3380 + BEYOND + ROOM,
        outsider="建设单位",
        outsider_flow=("一表申报", start.id),
        roots=[
            ESCALATION,
            MILESTONE,
            TERMINATED,
            STOPPED,
            *messages("Withdraw", "Ruled", "Declare"),
            *joined_messages(),
        ],
    ).write(folder / "chain_JS_35.bpmn")
    write_table(matrix(), folder)


def passed_on(card: dict) -> list[str]:
    """What of the declaration an item is told: who applies, and the item's own fields the chain asks for."""
    own = [field.split(":")[0] for field in card["fields"].split("; ")]
    return [*COMMON_FIELDS, *(f for f in own if f in CHAIN_FIELDS and f not in COMMON_FIELDS)]
