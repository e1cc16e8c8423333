"""GY-25 工业项目联合审批: filing and land, scheme and soil, then the drawings the applicant files next, one join, one permit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drawing.chain_forms import gy_forms, keys_of, told
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
)  # fmt: skip
from drawing.chain_joined import BEGUN, CONTRACT, draw_summing_up, joined_messages
from drawing.decisions import ANY, Table, text, write_table
from drawing.forms import write_form
from drawing.items import CENTRE
from drawing.office import ESCALATION, choice, late, mark, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

KEY, LEAD = "chain_GY_25", "101"
MILESTONES = {
    "M0": (1, "统一受理与分发"), "M1": (5, "立项用地"), "M2": (8, "工程建设许可"), "M3": (7, "联合审图"), "M4": (3, "施工许可"),
    "M5": (1, "统一发证"),
}  # fmt: skip
LEADS = {"M1": "101", "M2": "102", "M3": "104", "M4": "104"}  # who leads, milestone by milestone
NODES = {  # slug: name, item, called process when it is not the item's own, limit, milestone
    "Record": ("项目备案", "101-QT-001", "", "1wd", "M1"),
    "Land": ("用地规划许可", "102-XK-002", "", "4wd", "M1"),
    "Eia": ("环评报告表", "103-XK-002", "", "10wd", "M3"),
    "Planning": ("工程规划许可", "102-XK-003", "item_102_XK_003_chain", "8wd", "M2"),
    "Water": ("水土保持方案", "108-XK-002", "", "5wd", "M3"),
    "Drawings": ("施工图联审", "104-QT-005", "item_104_QT_005_joint", "7wd", "M3"),
    "Defence": ("人防结建审批", "105-XK-001", "", "7wd", "M3"),
    "Permit": ("施工许可", "104-XK-001", "", "3wd", "M4"),
}
FREE = ("Eia", "Water", "Defence")  # nodes the flows ask the matrix for
KINDS = f"""eia_asked = if eia_category = "registration" then "registration" else "form"
land_asked = if land_area_m2 = null then 999999 else land_area_m2
earth_asked = if earth_m3 = null then 0 else earth_m3
civil_asked = if civil_building = true then true else false
fee_abandoned = null
meeting_rulings = null
{BEGUN}"""
FILED = "shelter_area = if relocate = true then required_m2 else null"
WATCHED = """regulators = ["104", "103"]
verifier = "104"
item_name = "工业项目建设"
certificate_no = permit_certificate_no
place = site_address"""
EAST = 380  # how far the opinions asked besides move what comes after them
LARGE_SITE, MUCH_EARTH = "5000", "1000"  # square metres, cubic metres: from here on a soil plan is examined


def matrix() -> Table:
    """职责矩阵: which nodes a project has, whose they are, and in what part. What is not known goes the stricter way."""
    rows: list[tuple[tuple[str, ...], tuple[str, ...], str]] = []

    def row(slug: str, duty: str, *cells: str, remark: str = "") -> None:
        name, item, _, limit, _ = NODES[slug]
        asked = cells or (ANY, ANY, ANY, ANY)
        rows.append((asked, tuple(map(text, (slug, name, item, item[:3], duty, limit))), remark))

    row("Record", "牵头")
    row("Land", "协办")
    row("Planning", "牵头")
    row("Eia", "协办", 'not("registration")', ANY, ANY, ANY, remark="登记表项目不审批")
    row("Water", "协办", ANY, f">= {LARGE_SITE}", ANY, ANY, remark="征占地0.5公顷以上")
    row("Water", "协办", ANY, f"< {LARGE_SITE}", f">= {MUCH_EARTH}", ANY, remark="挖填土石方1千立方米以上")
    row("Drawings", "牵头")
    row("Defence", "协办", ANY, ANY, ANY, "true", remark="含民用建筑")
    row("Permit", "牵头")
    for department, duty in (("105", "会签"), ("107", "会签"), ("113", "告知")):
        rows.append(
            (
                (ANY,) * 4,
                tuple(map(text, ("", "征求意见" if duty == "会签" else "税源信息", "", department, duty, "3wd"))),
                "",
            )
        )
    return Table(
        key="matrix_GY_25",
        name="工业项目联合审批职责矩阵",
        inputs=(
            ("环评类别", "eia_asked", "string"), ("征占地（平方米）", "land_asked", "number"),
            ("土石方（立方米）", "earth_asked", "number"), ("含民用建筑", "civil_asked", "boolean"),
        ),
        outputs=tuple((label, name, "string") for label, name in (
            ("环节", "node"), ("名称", "name"), ("事项", "code"), ("部门", "department"), ("职责", "duty"), ("时限", "limit"),
        )),
        rows=rows,
    )  # fmt: skip


def draw_gy25(cards: Mapping[str, Mapping], folder: Path) -> None:
    """Draw chain_GY_25, its matrix and its forms into `folder`; `cards`: those of the register, by code."""
    forms = gy_forms(cards)
    filed = [key for key in keys_of(forms["file_drawings"]) if key not in ("filed", "filed_on")]
    declared = keys_of(forms["apply_GY_25"]) + filed
    sheet = Sheet(KEY)
    window = sheet.lane("综合窗口", 340)
    reform = sheet.lane("发改", 130)
    planning = sheet.lane("资源规划", 150)
    housing = sheet.lane("住建", 130)
    defence = sheet.lane("人防", 160)
    water = sheet.lane("水利", 160)
    nature = sheet.lane("生态环境", 160)
    lead = sheet.lane("牵头部门", 190)
    issuing = sheet.lane("发证窗口", 120)
    system = sheet.lane("系统", 120)

    upper = window.top + 195
    start, accepted = draw_window(sheet, window, code="GY_25", start="联合申报", intake="联合受理与核对", limit="1hd")
    kinds = script(sheet, "Script_Kinds", "判定办理方式", KINDS, 540, upper)
    kinds.attributes |= {"zw:reaches": "M0", "zw:doc": "W02", "zw:sms": "M02"}
    plan = decide(sheet, "Decide_Matrix", "生成职责矩阵", "matrix_GY_25", "matrix", 680, upper)
    fork = sheet.node("parallelGateway", "Fork_Declared", "开链", 790, upper, label=(820, upper - 7))
    sheet.flow(accepted, kinds, "受理", OTHERWISE)
    sheet.flow(kinds, plan)
    sheet.flow(plan, fork)

    def node(slug: str, x: float, y: float) -> Node:
        name, item, called, limit, milestone = NODES[slug]
        return item_node(
            sheet, slug, name, called or f"item_{item.replace('-', '_')}", x, y, dept=item[:3], lead=LEADS[milestone],
            limit=limit, milestone=milestone, passed=told(cards[item], declared), free=slug in FREE,
        )  # fmt: skip

    def asked(slug: str, question: str, no: str, x: float, y: float) -> tuple[Node, Node, Node]:
        gateway = choice(sheet, f"Gateway_{slug}", question, x - 18, y, (x - 8 - 11 * len(question), y - 46))
        made = node(slug, x + 140, y)
        merged = choice(sheet, f"Merge_{slug}", "", x + 270, y)
        sheet.flow(gateway, made, "", OTHERWISE)
        sheet.flow(
            gateway, merged, no, f'not(list contains(matrix.node, "{slug}"))', way="bottom-bottom", bend=y + 48,
            label=(x - 10, y + 51),
        )  # fmt: skip
        sheet.flow(made, merged)
        return gateway, made, merged

    record = node("Record", 960, reform.middle + 8)
    land = node("Land", 1140, planning.middle + 8)
    scheme = sheet.node("parallelGateway", "Fork_Scheme", "方案阶段", 1260, planning.middle + 8)
    scheme.label = (1236, planning.middle - 34)
    plan_permit = node("Planning", 1420, planning.middle + 8)
    sheet.flow(fork, record, way="bottom-left")
    sheet.flow(record, land, way="right-top")
    sheet.flow(land, scheme)
    sheet.flow(scheme, plan_permit)
    eia_asked, _, eia = asked("Eia", "环评类别", "登记表", 870, nature.middle)
    sheet.flow(fork, eia_asked, way="bottom-left")
    soil_asked, _, soil = asked("Water", "是否编报水保", "不需要", 1350, water.middle)
    sheet.flow(scheme, soil_asked, way="bottom-left")

    filing, merged = draw_filing(
        sheet, 1600, upper, name="等待施工图申报", form="file_drawings", results=filed, end=(1480, window.top + 285)
    )
    registered = script(sheet, "Script_Filing", "登记施工图申报", FILED, 1820, upper)
    drawn = sheet.node("parallelGateway", "Fork_Drawings", "施工图阶段", 1920, upper, label=(1950, upper - 7))
    sheet.flow(plan_permit, filing, way="right-bottom")
    sheet.flow(merged, registered)
    sheet.flow(registered, drawn)

    row = lead.top + 105
    join = sheet.node("parallelGateway", "Join_Approved", "批复齐备", 2380, row, label=(2356, row + 30))
    drawings = node("Drawings", 2130, housing.middle + 8)
    sheet.flow(drawn, drawings, way="bottom-left")
    sheet.flow(drawings, join, way="right-top")
    defence_asked, _, defended = asked("Defence", "是否结建", "不含民用建筑", 1990, defence.middle)
    sheet.flow(drawn, defence_asked, way="bottom-left")
    for one in (eia, soil, defended):
        sheet.flow(one, join, way="right-top")

    fees = sheet.node(
        "callActivity", "Call_Fees", "统一缴费", 2100, row, calledElement="support_SP_05", zw__dept=LEADS["M3"],
    )  # fmt: skip
    settled = choice(sheet, "Gateway_Fees", "缴费结果", 2230, row, (2206, row + 30))
    unpaid = sheet.node(
        "endEvent", "End_FeesAbandoned", "放弃", 2230, lead.top + 34, label=(2254, lead.top + 27), zw__doc="W24",
        zw__reaches="ABANDONED", body=[element("bpmn:terminateEventDefinition", id="Terminate_Fees")],
    )  # fmt: skip
    sheet.flow(drawn, fees, way="bottom-left")
    sheet.flow(fees, settled)
    sheet.flow(settled, unpaid, "", "fee_abandoned = true", way="top-bottom")
    sheet.flow(settled, join, "", OTHERWISE)

    asked_more, summed, summing = draw_summing_up(sheet, 2470, row, lead=LEADS["M4"])
    permit = node("Permit", 2520 + EAST, housing.middle + 8)
    issued = office_task(
        sheet, "Task_Issue", "统一发证", 2660 + EAST, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit="1wd", form="issue_joint", zw__reaches="M5", shift=-28, mark=-74,
    )  # fmt: skip
    ready = mark(sheet, "Mark_Ready", "证照齐备", "READY", 2770 + EAST, issuing.middle)
    watched = script(sheet, "Script_Watched", "列明监管部门", WATCHED, 2870 + EAST, issuing.middle)
    pushed = sheet.node(
        "serviceTask", "Push_Supervision", "推送联合监管", 3000 + EAST, issuing.middle, size=(116, 64), zw__action="start",
        zw__process="chain_JG",
        zw__fields="regulators verifier item_name certificate_no applicant phone site_address place",
    )  # fmt: skip
    granted = sheet.node(
        "endEvent", "End_Granted", "办结-准予", 3120 + EAST, issuing.middle, zw__reaches="DELIVERED", zw__sms="M20"
    )
    for reached, word in ((land, "M1"), (plan_permit, "M2"), (join, "M3"), (permit, "M4")):
        reached.attributes["zw:reaches"] = word
        reached.attributes["zw:sms"] = "M21"
    join.attributes["zw:doc"] = "W13"
    sheet.flow(join, asked_more)
    sheet.flow(summed, permit, way="right-bottom")
    sheet.flow(permit, issued, way="right-top")
    sheet.flow(issued, ready)
    sheet.flow(ready, watched)
    sheet.flow(watched, pushed)
    sheet.flow(pushed, granted)
    intake = next(one for one in sheet.nodes if one.id == "Task_Intake")
    for task in (intake, issued, summing):
        late(sheet, task, system.middle)
    draw_interruptions(sheet, 900, system.middle)
    milestones = draw_milestones(sheet, MILESTONES, {"M0": "above", "M3": "foot", "M4": "corner", "M5": "corner"})

    Drawing(
        key=KEY,
        name="工业项目联合审批",
        sheet=sheet,
        attributes={
            "zw__kind": "CHAIN",
            "zw__item": "GY-25",
            "zw__chain_type": "JOINT_APPROVAL",
            "zw__lead": LEAD,
            "zw__short": "工业联审",
            "zw__basis": "《优化营商环境条例》第四十一条",
            "zw__fee": "按收费标准",
            "zw__limit": "25wd",
            "zw__limit_start": "DECLARED",
            "zw__milestones": milestones,
            "zw__receipt": "5wd",
            "zw__data_contract": f"in: ruling_text, {CONTRACT}",
            "camunda__versionTag": "1.0",
        },
        width=3220 + EAST,
        outsider="申请人",
        outsider_flow=("一表申报", start.id),
        roots=[
            ESCALATION,
            MILESTONE,
            TERMINATED,
            STOPPED,
            *messages("Withdraw", "Ruled", "Declare"),
            *joined_messages(),
        ],
    ).write(folder / "processes" / f"{KEY}.bpmn")
    write_table(matrix(), folder / "processes")
    for key, parts in forms.items():
        write_form(key, parts, folder / "forms")
