"""QY-1 企业开办: the licence first, then whatever was ticked beside each other; no branch keeps the licence waiting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drawing.chain_forms import keys_of, qy_forms, told
from drawing.chain_frame import MILESTONE, STOPPED, branch_node, decide, draw_interruptions, draw_milestones, messages
from drawing.decisions import ANY, Table, text, write_table
from drawing.forms import write_form
from drawing.items import CENTRE
from drawing.office import ESCALATION, choice, document, late, mark, office_task, script
from drawing.sheet import OTHERWISE, Drawing, Node, Sheet, element

KEY, LEAD = "chain_QY_1", "111"
LICENCE = "111-XK-001"
BRANCHES = {  # slug: name, item, word of the declaration, limit
    "Seal": ("公章刻制备案", "112-QT-001", "seal", "1hd"),
    "Tax": ("纳税人信息确认", "113-QT-001", "tax", "0wd"),
    "Invoice": ("发票领用", "113-QT-002", "tax", "0wd"),
    "Social": ("社会保险登记", "114-QR-001", "social", "0wd"),
    "Medical": ("医保登记", "128-GG-001", "medical", "0wd"),
    "Fund": ("公积金缴存登记", "127-GG-001", "fund", "1hd"),
}
LEFT = ("seal", "tax", "invoice", "social", "medical", "fund")
KINDS = "\n".join(
    [
        *(f'{word}_asked = if branches != null and list contains(branches, "{word}") then true else false'
          for word in ("seal", "tax", "social", "medical", "fund")),
        *(f"{word}_left = false" for word in LEFT),
        "meeting_rulings = null",
    ]
)  # fmt: skip
PUSHED = """uscc = licence_certificate_no
applicant_uscc = licence_certificate_no
applicant = if name = null then applicant else name"""


def matrix() -> Table:
    """职责矩阵: the licence, and the branches that were ticked."""
    words = ("seal", "tax", "social", "medical", "fund")
    rows = [((ANY,) * 5, tuple(map(text, ("Licence", "设立登记", LICENCE, "111", "牵头", "0wd"))), "")]
    for slug, (name, item, word, limit) in BRANCHES.items():
        asked = tuple("true" if one == word else ANY for one in words)
        rows.append((asked, tuple(map(text, (slug, name, item, item[:3], "协办", limit))), ""))
    return Table(
        key="matrix_QY_1",
        name="企业开办职责矩阵",
        inputs=tuple(
            (label, f"{word}_asked", "boolean")
            for label, word in zip(("刻章", "税务", "社保", "医保", "公积金"), words, strict=True)
        ),
        outputs=tuple((label, name, "string") for label, name in (
            ("环节", "node"), ("名称", "name"), ("事项", "code"), ("部门", "department"), ("职责", "duty"), ("时限", "limit"),
        )),
        rows=rows,
    )  # fmt: skip


def draw_qy1(cards: Mapping[str, Mapping], folder: Path) -> None:
    """Draw chain_QY_1, its matrix and its forms into `folder`; `cards`: those of the register, by code."""
    forms = qy_forms(cards)
    declared = [*keys_of(forms["apply_QY_1"]), "uscc", "applicant_uscc"]
    sheet = Sheet(KEY)
    window = sheet.lane("综合窗口", 260)
    market = sheet.lane("市监", 190)
    lanes = {
        slug: sheet.lane(name, 130)
        for slug, name in (
            ("Seal", "公安"),
            ("Tax", "税务"),
            ("Social", "人社"),
            ("Medical", "医保"),
            ("Fund", "公积金"),
        )
    }
    issuing = sheet.lane("发证窗口", 170)
    system = sheet.lane("系统", 120)

    y = window.top + 120
    start = sheet.node(
        "startEvent", "Start_Declare", "企业开办申请", 180, y, camunda__formKey="apply_QY_1", zw__doc="W01", zw__sms="M01",
    )  # fmt: skip
    intake = office_task(
        sheet, "Task_Intake", "形式审查与核验", 300, y, stage="ACCEPT", role="counter_clerk", dept=CENTRE,
        limit="1hd", form="check_QY_1", results=("decision",),
    )  # fmt: skip
    accepted = choice(sheet, "Gateway_Accept", "材料情况", 420, y, (358, y - 46))
    taken = mark(sheet, "Mark_Accepted", "已受理", "M0", 520, y, zw__doc="W02", zw__sms="M02")
    complex_one = mark(
        sheet, "Mark_Complex", "承诺三日", "M0", 520, window.top + 50, (544, window.top + 30), zw__limit="3wd", zw__doc="W02",
        zw__sms="M02",
    )  # fmt: skip
    returned = mark(sheet, "Mark_Returned", "退件", "RETURNED", 490, y + 90)
    papers = document(sheet, "Document_Returned", "出具材料退还清单", "W23", 600, y + 90, sms="M03")
    given_back = sheet.node("endEvent", "End_Returned", "退件", 710, y + 90)
    merged = choice(sheet, "Merge_Accepted", "", 610, y)
    kinds = script(sheet, "Script_Kinds", "登记开办分支", KINDS, 710, y)
    plan = decide(sheet, "Decide_Matrix", "生成职责矩阵", "matrix_QY_1", "matrix", 840, y)
    sheet.flow(start, intake)
    sheet.flow(intake, accepted)
    sheet.flow(accepted, taken, "齐全", OTHERWISE)
    sheet.flow(
        accepted, complex_one, "复杂", 'decision = "complex"', way="top-left", label=(426, window.top + 54)
    )  # fmt: skip
    sheet.flow(accepted, returned, "退还", 'decision = "return_file"', way="bottom-left", label=(426, y + 60))
    sheet.flow(returned, papers)
    sheet.flow(papers, given_back)
    sheet.flow(taken, merged)
    sheet.flow(complex_one, merged, way="right-top")
    sheet.flow(merged, kinds)
    sheet.flow(kinds, plan)

    row = market.top + 75
    mappings = [element("camunda:in", source=key, target=key) for key in told(cards[LICENCE], declared)]
    mappings += [
        element("camunda:in", sourceExpression="=true", target="joint"),
        element("camunda:out", source="decision", target="licence_decision"),
        element("camunda:out", source="certificate_no", target="licence_certificate_no"),
    ]
    licence = sheet.node(
        "callActivity", "Call_Licence", "设立登记", 970, row, extensions=mappings,
        calledElement=f"item_{LICENCE.replace('-', '_')}", zw__dept=LEAD, zw__limit="3wd", zw__milestone="M1",
    )  # fmt: skip
    licensed = choice(sheet, "Gateway_Licence", "登记结果", 1090, row)
    refused = sheet.node(
        "endEvent",
        "End_Refused",
        "终止",
        1090,
        market.top + 150,
        label=(1114, market.top + 143),
        zw__doc="W24",
        zw__reaches="TERMINATED",
    )
    pushed = script(sheet, "Script_Push", "推送登记信息", PUSHED, 1210, row)
    split = sheet.node("inclusiveGateway", "Fork_Branches", "按勾选办理", 1330, row, label=(1298, row - 46))
    join = sheet.node(
        "inclusiveGateway", "Join_Branches", "分支汇合", 1870, issuing.middle, label=(1806, issuing.middle + 14)
    )
    sheet.flow(plan, licence, way="right-top")
    sheet.flow(licence, licensed)
    sheet.flow(licensed, pushed, "准予", 'licence_decision = "grant"')
    sheet.flow(licensed, refused, "未准予", OTHERWISE, way="bottom-top")
    sheet.flow(pushed, split)

    def node(slug: str, x: float, at: float) -> Node:
        name, item, _, limit = BRANCHES[slug]
        return branch_node(
            sheet, slug, name, f"item_{item.replace('-', '_')}", x, at, dept=item[:3], limit=limit, milestone="M1",
            passed=told(cards[item], declared),
        )  # fmt: skip

    for slug, lane in lanes.items():
        made = node(slug, 1500, lane.middle)
        sheet.flow(split, made, "", f'list contains(matrix.node, "{slug}")', way="bottom-left")
        if slug == "Tax":
            invoices = node("Invoice", 1680, lane.middle)
            sheet.flow(made, invoices)
            made = invoices
        sheet.flow(made, join, way="right-top")
    sheet.flow(split, join, "只办执照", OTHERWISE, way="right-top", label=(1362, row - 18))
    issued = office_task(
        sheet, "Task_Issue", "一次领取", 1990, issuing.middle, stage="ISSUE", role="issue_clerk", dept=CENTRE,
        limit="1hd", form="issue_joint", zw__reaches="M1", shift=-28, mark=-74,
    )  # fmt: skip
    ready = mark(sheet, "Mark_Ready", "证照齐备", "READY", 2110, issuing.middle)
    whole = choice(sheet, "Gateway_Whole", "是否全部办成", 2200, issuing.middle, (2164, issuing.middle + 30))
    granted = sheet.node(
        "endEvent", "End_Granted", "办结-准予", 2310, issuing.middle, zw__reaches="DELIVERED", zw__sms="M20"
    )
    partly = sheet.node(
        "endEvent", "End_Partly", "办结-部分", 2310, issuing.top + 34, label=(2334, issuing.top + 27),
        zw__reaches="DELIVERED", zw__sms="M20",
    )  # fmt: skip
    sheet.flow(join, issued)
    sheet.flow(issued, ready)
    sheet.flow(ready, whole)
    sheet.flow(whole, granted, "", OTHERWISE)
    sheet.flow(
        whole, partly, "有转办", " or ".join(f"{word}_left = true" for word in LEFT), way="top-left",
        label=(2206, issuing.top + 16),
    )  # fmt: skip
    for task in (intake, issued):
        late(sheet, task, system.middle)
    draw_interruptions(sheet, 900, system.middle, joined=False)
    milestones = draw_milestones(sheet, {"M1": (1, "一日办结")}, {"M1": "above"})

    Drawing(
        key=KEY,
        name="企业开办联合登记",
        sheet=sheet,
        attributes={
            "zw__kind": "CHAIN",
            "zw__item": "QY-1",
            "zw__chain_type": "JOINT_REGISTRATION",
            "zw__lead": LEAD,
            "zw__short": "企业开办",
            "zw__basis": "《优化营商环境条例》第十九条",
            "zw__fee": "不收费",
            "zw__limit": "1wd",
            "zw__limit_start": "DECLARED",
            "zw__milestones": milestones,
            "zw__receipt": "5wd",
            "zw__data_contract": "in: ruling_text, stopped_as",
            "camunda__versionTag": "1.0",
        },
        width=2420,
        outsider="申请人",
        outsider_flow=("一表申请", start.id),
        roots=[ESCALATION, MILESTONE, STOPPED, *messages("Withdraw", "Ruled")],
    ).write(folder / "processes" / f"{KEY}.bpmn")
    write_table(matrix(), folder / "processes")
    for key, parts in forms.items():
        write_form(key, parts, folder / "forms")
