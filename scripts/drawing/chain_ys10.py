"""YS-10 联合验收: one survey of all departments, mended at most twice, then their results beside each other and one opinion."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drawing.chain_forms import keys_of, told, ys_forms
from drawing.chain_frame import (
    MILESTONE,
    STOPPED,
    TERMINATED,
    decide,
    draw_interruptions,
    draw_milestones,
    draw_window,
    item_node,
    messages,
)
from drawing.chain_joined import BEGUN, CONTRACT, draw_summing_up, joined_messages
from drawing.decisions import ANY, Table, text, write_table
from drawing.forms import SHARED, write_form
from drawing.items import CENTRE
from drawing.office import (
    ESCALATION,
    choice,
    document,
    late,
    mark,
    office_task,
    promoted,
    script,
    waiting_task,
)
from drawing.promised import draw_promised
from drawing.promised_forms import AT_DESK
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet, element

KEY, LEAD = "chain_YS_10", "104"
MILESTONES = {
    "M0": (1, "资料核对"), "M1": (1, "排定勘验"), "M2": (3, "联合勘验"), "M3": (2, "出具结论"), "M4": (1, "联合验收意见"),
    "M5": (1, "竣工验收备案"), "M6": (1, "统一发放"),
}  # fmt: skip
NODES = {  # slug: name, item, department, whether it surveys on site
    "Planning": ("规划核实", "102-QR-004", "102", True),
    "Fire": ("消防验收", "104-XK-003", "104", True),
    "FireFiling": ("消防验收备案", "104-QT-004", "104", True),
    "Defence": ("人防验收备案", "105-QT-002", "105", True),
    "Green": ("绿化意见", "107-XK-001", "107", True),
    "Lightning": ("防雷验收", "122-XK-002", "122", True),
    "Archive": ("城建档案验收", "129-QR-001", "129", False),
    "Completion": ("竣工验收备案", "104-QT-007", "104", False),
}
FREE = ("Defence", "Lightning")  # nodes the flows ask the matrix for
SURVEYED = (
    "102-QR-004",
    "104-XK-003",
    "105-QT-002",
    "122-XK-002",
)  # called as they are drawn without a survey of their own
KINDS = f"""special_asked = if special_project = true then true else false
built_asked = if built_m2 = null then 0 else built_m2
lightning_asked = if lightning = true then true else false
survey_on = null
half = null
place = null
meeting_rulings = null
survey_round = 1
survey_results = []
{BEGUN}"""
PARTS = "parts = matrix[item.survey = true]"
EAST = 380  # how far the opinions asked besides move what comes after them
AGAIN = """parts = matrix[item.survey = true and list contains(survey_results[item.conclusion != "通过"].department, item.department)]
survey_round = survey_round + 1
survey_results = survey_results[item.conclusion = "通过"]
Task_Rectify = null"""
PASSED = (  # whoever takes part has signed, and found nothing
    "count(survey_results) = count(matrix[item.survey = true]) and "
    'count(survey_results[item.conclusion = "通过"]) = count(survey_results)'
)
MENDED = 'survey_round <= 2 and not(list contains(survey_results.conclusion, "不通过"))'


def matrix() -> Table:
    """职责矩阵: who takes part in the survey and whose results are needed."""
    cells = {
        "Fire": ("true", ANY, ANY),
        "FireFiling": ("false", ANY, ANY),
        "Defence": (ANY, "> 0", ANY),
        "Lightning": (ANY, ANY, "true"),
    }
    rows = []
    for slug, (name, item, department, survey) in NODES.items():
        duty = "牵头" if department == LEAD else "会签" if slug == "Green" else "协办"
        results = (
            *map(text, (slug, name, item if slug != "Green" else "", department, duty, "2wd")),
            str(survey).lower(),
        )
        rows.append((cells.get(slug, (ANY, ANY, ANY)), results, ""))
    return Table(
        key="matrix_YS_10",
        name="联合验收职责矩阵",
        inputs=(
            ("特殊建设工程", "special_asked", "boolean"), ("防空地下室（平方米）", "built_asked", "number"),
            ("雷电防护", "lightning_asked", "boolean"),
        ),
        outputs=(
            *((label, name, "string") for label, name in (
                ("环节", "node"), ("名称", "name"), ("事项", "code"), ("部门", "department"), ("职责", "duty"), ("时限", "limit"),
            )),
            ("参加勘验", "survey", "boolean"),
        ),
        rows=rows,
    )  # fmt: skip


def draw_ys10(cards: Mapping[str, Mapping], folder: Path) -> None:
    """Draw chain_YS_10 with the items as it calls them, its matrix and its forms into `folder`; `cards`: the register's."""
    forms = ys_forms(cards)
    declared = keys_of(forms["apply_YS_10"])
    sheet = Sheet(KEY)
    window = sheet.lane("综合窗口", 340)
    lead = sheet.lane("牵头部门", 220)
    site = sheet.lane("现场勘查", 240)
    lanes: dict[str, Lane] = {
        slug: sheet.lane(name, height)
        for slug, name, height in (
            ("Planning", "资源规划", 130), ("Fire", "住建", 300), ("Defence", "人防", 160), ("Green", "园林", 150),
            ("Lightning", "气象", 160), ("Archive", "档案", 130),
        )
    }  # fmt: skip
    issuing = sheet.lane("发证窗口", 120)
    system = sheet.lane("系统", 120)
    upper = window.top + 195
    start, accepted = draw_window(sheet, window, code="YS_10", start="联合验收申请", intake="资料核对")
    kinds = script(sheet, "Script_Kinds", "登记验收内容", KINDS, 540, upper)
    kinds.attributes |= {"zw:reaches": "M0", "zw:doc": "W02", "zw:sms": "M02"}
    plan = decide(sheet, "Decide_Matrix", "生成职责矩阵", "matrix_YS_10", "matrix", 680, upper)
    sheet.flow(accepted, kinds, "受理", OTHERWISE)
    sheet.flow(kinds, plan)

    row = lead.top + 70
    dated = office_task(
        sheet, "Task_Plan", "排定联合勘验", 810, row, stage="COORDINATE", role="reviewer_a", dept=LEAD, limit="1wd",
        form="plan_YS_10", results=("survey_on", "half", "place"), zw__reaches="M1", shift=-28, mark=-74,
    )  # fmt: skip
    parts = script(sheet, "Script_Parts", "确定参验部门", PARTS, 940, row)
    on_site, below = site.top + 70, site.top + 180
    survey = _survey(sheet, 1080, on_site)
    found = choice(sheet, "Gateway_Survey", "勘验结论", 1200, on_site, (1140, on_site + 22))
    passed = mark(sheet, "Mark_Surveyed", "勘验通过", "M2", 1310, below)
    mending = waiting_task(
        sheet, "Task_Rectify", "建设单位整改", 1200, upper, stage="COORDINATE", role="counter_clerk", dept=CENTRE,
        limit="30wd", form="rectify_YS_10", pause="DESIGN_REVISION",
    )  # fmt: skip
    mending.extensions = promoted(mending.id, "survey_on", "half")
    again = script(sheet, "Script_Again", "安排复验", AGAIN, 1080, upper)
    sheet.flow(plan, dated, way="right-top")
    sheet.flow(dated, parts)
    sheet.flow(parts, survey, way="right-top", shift=(0, -20))
    sheet.flow(survey, found)
    sheet.flow(found, passed, "通过", PASSED, way="bottom-left", label=(1206, below - 40))
    sheet.flow(found, mending, "需整改", MENDED, way="top-bottom", label=(1206, site.top - 30))
    sheet.flow(mending, again, way="left-right")
    sheet.flow(again, survey, "退回", way="bottom-top", shift=(20, 20), label=(1108, upper + 60))
    sheet.flow(found, _refusal(sheet, "Survey", 1310, on_site), "不通过", OTHERWISE)

    fork = sheet.node("parallelGateway", "Fork_Results", "并联出具", 1420, below, label=(1450, below - 7))
    sheet.flow(passed, fork)
    join = sheet.node("parallelGateway", "Join_Results", "结论齐备", 1960, row, label=(1936, row - 48))

    def node(slug: str, x: float, y: float, limit: str = "2wd", milestone: str = "M3") -> Node:
        name, item, department, _ = NODES[slug]
        called = f"item_{item.replace('-', '_')}" + ("_joint" if item in SURVEYED else "")
        return item_node(
            sheet, slug, name, called, x, y, dept=department, lead=LEAD, limit=limit, milestone=milestone,
            passed=told(cards[item], declared), free=slug in FREE,
        )  # fmt: skip

    def asked(slug: str, question: str, no: str) -> Node:
        y = lanes[slug].middle
        gateway = choice(sheet, f"Gateway_{slug}", question, 1502, y, (1458, y - 46))
        made = node(slug, 1670, y)
        merged = choice(sheet, f"Merge_{slug}", "", 1810, y)
        sheet.flow(fork, gateway, way="bottom-left")
        sheet.flow(gateway, made, "", OTHERWISE)
        condition = f'not(list contains(matrix.node, "{slug}"))'
        sheet.flow(gateway, merged, no, condition, way="bottom-bottom", bend=y + 48, label=(1510, y + 51))
        sheet.flow(made, merged)
        return merged

    planning = node("Planning", 1670, lanes["Planning"].middle + 8)
    sheet.flow(fork, planning, way="bottom-left")
    y = lanes["Fire"].middle
    which = choice(sheet, "Gateway_Fire", "工程类别", 1520, y, (1464, y - 30))
    fire, filing = node("Fire", 1670, y - 66), node("FireFiling", 1670, y + 72)
    fires = choice(sheet, "Merge_Fire", "", 1810, y)
    sheet.flow(fork, which, way="bottom-left")
    sheet.flow(which, fire, "特殊工程", OTHERWISE, way="top-left", label=(1526, y - 60))
    sheet.flow(which, filing, "其他工程", "special_asked = false", way="bottom-left", label=(1526, y + 76))
    sheet.flow(fire, fires, way="right-top")
    sheet.flow(filing, fires, way="right-bottom")
    defence = asked("Defence", "有无人防工程", "没有")
    green = office_task(
        sheet, "Task_Opinion_Green", "绿化意见", 1670, lanes["Green"].top + 44, stage="OPINION", role="reviewer_a", dept="107",
        limit="2wd", form="opinion", shift=-26, mark=-74, zw__ladder="opinion", zw__tacit="opinion",
        zw__tacit_answers="conclusion=agree", zw__doc="W10",
    )  # fmt: skip
    late(sheet, green, lanes["Green"].top + 108, way="bottom-left", x=1760)
    sheet.flow(fork, green, way="bottom-left")
    lightning = asked("Lightning", "是否防雷验收", "不需要")
    archive = node("Archive", 1670, lanes["Archive"].middle + 8)
    sheet.flow(fork, archive, way="bottom-left")
    for one in (planning, fires, defence, green, lightning, archive):
        sheet.flow(one, join, way="right-bottom")

    asked_more, summed, summing = draw_summing_up(sheet, 2050, row, lead=LEAD)
    concluded = office_task(
        sheet, "Task_Opinion_Joint", "联合验收意见", 2120 + EAST, row, stage="APPROVE", role="chief_rep", dept=LEAD, limit="1wd",
        form="conclude_YS_10", results=("decision",), shift=-28, mark=-74,
    )  # fmt: skip
    decided = choice(sheet, "Gateway_Conclude", "验收结论", 2240 + EAST, row, (2180 + EAST, row - 40))
    opinion = mark(sheet, "Mark_Opinion", "验收合格", "M4", 2330 + EAST, row, (2306 + EAST, row + 26), zw__doc="W32")
    completion = node("Completion", 2680 + EAST, lanes["Fire"].middle, "1wd", "M5")
    issued = office_task(
        sheet, "Task_Issue", "统一发放", 2820 + EAST, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit="1wd", form="issue_joint", zw__reaches="M6", shift=-28, mark=-74,
    )  # fmt: skip
    ready = mark(sheet, "Mark_Ready", "文书齐备", "READY", 2930 + EAST, issuing.middle)
    granted = sheet.node(
        "endEvent", "End_Granted", "办结-准予", 3020 + EAST, issuing.middle, zw__reaches="DELIVERED", zw__sms="M20"
    )
    sheet.flow(join, asked_more)
    sheet.flow(summed, concluded)
    sheet.flow(concluded, decided)
    sheet.flow(decided, opinion, "合格", 'decision = "grant"')
    sheet.flow(opinion, completion, way="right-top")
    sheet.flow(completion, issued, way="right-top")
    sheet.flow(issued, ready)
    sheet.flow(ready, granted)
    unfit = _refusal(sheet, "Conclusion", 2330 + EAST, lead.top + 165)
    sheet.flow(decided, unfit, "不合格", OTHERWISE, way="bottom-left", label=(2246 + EAST, lead.top + 126))
    completion.attributes["zw:reaches"] = "M5"
    join.attributes |= {"zw:reaches": "M3", "zw:doc": "W13", "zw:sms": "M21"}
    intake = next(one for one in sheet.nodes if one.id == "Task_Intake")
    for task in (intake, dated, concluded, issued, summing):
        late(sheet, task, system.middle)
    draw_interruptions(sheet, 1120, system.middle)
    places = {"M0": "above", "M1": "corner", "M2": "above", "M3": "left", "M4": "above", "M6": "corner"}
    milestones = draw_milestones(sheet, MILESTONES, places)

    Drawing(
        key=KEY,
        name="建设工程联合验收",
        sheet=sheet,
        attributes={
            "zw__kind": "CHAIN",
            "zw__item": "YS-10",
            "zw__chain_type": "JOINT_ACCEPTANCE",
            "zw__lead": LEAD,
            "zw__short": "联合验收",
            "zw__basis": "《优化营商环境条例》第四十一条",
            "zw__fee": "不收费",
            "zw__limit": "10wd",
            "zw__limit_start": "DECLARED",
            "zw__milestones": milestones,
            "zw__receipt": "5wd",
            "zw__data_contract": f"in: ruling_text, {CONTRACT}",
            "camunda__versionTag": "1.0",
        },
        width=3120 + EAST,
        outsider="建设单位",
        outsider_flow=("一表申请", start.id),
        roots=[ESCALATION, MILESTONE, TERMINATED, STOPPED, *messages("Withdraw", "Ruled"), *joined_messages()],
    ).write(folder / "processes" / f"{KEY}.bpmn")
    write_table(matrix(), folder / "processes")
    for code in SURVEYED:
        draw_promised(dict(cards[code]), folder / "processes", joint=True)
        if code in AT_DESK:
            review = SHARED["review"]
            forms[f"review_{code.replace('-', '_')}"] = [review[0], *AT_DESK[code], *review[1:]]
    for key, parts_of in forms.items():
        write_form(key, parts_of, folder / "forms")


def _survey(sheet: Sheet, x: float, y: float) -> Node:
    """一次联合勘验: every department that takes part signs its own sheet on the day fixed, all beside each other (SP-09)."""
    made = sheet.node("subProcess", "Sub_Survey", "联合现场勘验", x, y)
    made.body = [
        element(
            "bpmn:multiInstanceLoopCharacteristics", id="Each_Department", camunda__collection="parts",
            camunda__elementVariable="part",
        )
    ]  # fmt: skip
    inner = made.inside = Sheet("Sub_Survey")
    start = inner.node("startEvent", "Start_Part", "", 120, 140)
    given = {"survey_dept": "=part.department", "booking_limit": "1hd", "survey_limit": "6hd"}
    parameters = [element("camunda:inputParameter", value, name=name) for name, value in given.items()]
    call = inner.node(
        "callActivity", "Call_Survey", "现场勘查", 250, 140, calledElement="support_SP_09", zw__dept="=part.department",
        extensions=[
            element("camunda:inputOutput", None, *parameters),
            element("camunda:out", source="survey_conclusion", target="survey_conclusion"),
            element("camunda:out", source="survey_inspectors", target="survey_inspectors"),
        ],
    )  # fmt: skip
    kept = script(
        inner, "Script_Part", "登记勘验结论",
        "survey_results = append(survey_results, {node: part.node, department: part.department, name: part.name, "
        "conclusion: survey_conclusion, inspectors: survey_inspectors})", 400, 140,
    )  # fmt: skip
    end = inner.node("endEvent", "End_Part", "完成", 520, 140)
    inner.flow(start, call)
    inner.flow(call, kept)
    inner.flow(kept, end)
    return made


def _refusal(sheet: Sheet, of: str, x: float, y: float) -> Node:
    """不予: the mark, the decision with its reasons, the end."""
    marked = mark(sheet, f"Mark_Refused_{of}", "不予", "DECIDED_NO", x, y)
    refusal = document(sheet, f"Document_Refusal_{of}", "出具不予决定", "W15", x + 110, y, sms="M16")
    refusal.attributes["zw:reaches"] = "READY"
    end = sheet.node("endEvent", f"End_Refused_{of}", "办结-不予", x + 230, y, zw__reaches="DELIVERED", zw__sms="M20")
    sheet.flow(marked, refusal)
    sheet.flow(refusal, end)
    return marked
