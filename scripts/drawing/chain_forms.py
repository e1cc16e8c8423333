"""Forms of the joint chains: one declaration with every field of the items once, and what the later desks answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from drawing.card_fields import asked, components
from drawing.card_forms import head
from drawing.forms import (
    CHARGED,
    COMMON_FIELDS,
    TYPES,
    acceptance,
    area,
    checklist,
    day,
    field,
    group,
    handing,
    joint_application,
    line,
    number,
    radio,
)

JOINT_ISSUE = [
    number("certificates", "发出证照份数", 1),
    radio("delivery", "送达方式", ("window", "窗口领取"), ("post", "邮寄送达"), ("electronic", "电子送达")),
    line("receiver", "领取人"),
    area("remark", "备注"),
]


def applicant(title: str) -> dict:
    """Who declares, with project and site."""
    return group("applicant", title, [field(key, TYPES.get(key, "str24")) for key in COMMON_FIELDS])


def item_fields(cards: Mapping[str, Mapping], codes: Iterable[str], *, only: Collection[str] | None = None,
                without: Collection[str] = (), required: Collection[str] = (), hide: str = "") -> list[dict]:  # fmt: skip
    """The fields of several items, each once; those of `required` must be answered. `hide`: FEEL while which none is asked."""
    seen, found = set(without), []
    for code in codes:
        for one in asked(cards[code]):
            key = one["key"]
            if key not in seen and (only is None or key in only):
                seen.add(key)
                found += components(cards[code], one, required=key in required, hide=hide)
    return found


def keys_of(parts: Iterable[Mapping]) -> list[str]:
    """Every key a form asks for."""
    found: list[str] = []
    for part in parts:
        if part.get("key"):
            found.append(part["key"])
        found += keys_of(part.get("components", ()))
    return found


def told(card: Mapping, declared: Collection[str]) -> list[str]:
    """What an item of a chain is told: who declares, and its own fields as far as they were declared."""
    own = {
        key
        for one in card["fields"]
        for key in (one["key"], f"{one['key']}_from", f"{one['key']}_to", f"{one['key']}_id_no")
    }
    head = [key for key in (*COMMON_FIELDS, "uscc") if key in declared]
    return [*head, *(key for key in declared if key in own and key not in head)]


# -- GY-25 ------------------------------------------------------------------------------------------------------

GY_MATERIALS = [
    "工业项目联合申报表(表)",
    "企业营业执照(共)",
    "土地出让合同或划拨决定书(共)",
    "建设工程设计方案(自)",
    "环境影响报告表(中)",
]
GY_EARLY = ("101-QT-001", "102-XK-002", "103-XK-002", "102-XK-003", "108-XK-002")
GY_LATE = ("104-QT-005", "105-XK-001", "104-XK-001")
GY_MUST = {"investment_total", "industry_code", "supply_mode", "land_area_m2", "building_area_m2"}
GY_FILED = (
    "scale", "structure_type", "design_uscc", "reviewer_agency", "required_m2", "built_m2", "class", "relocate",
    "relocate_reason", "contract_price", "contractor_uscc", "supervisor_uscc", "site_manager",
)  # fmt: skip


def gy_declaration(cards: Mapping[str, Mapping]) -> list[dict]:
    """联合申报: what the first two stages need."""
    return [
        applicant("申请单位与项目"),
        group(
            "kind",
            "办理方式",
            [
                radio("eia_category", "环评类别", ("form", "报告表"), ("registration", "登记表")),
                {
                    "id": "Field_civil_building",
                    "key": "civil_building",
                    "label": "含民用建筑（须人防结建审批）",
                    "type": "checkbox",
                },
            ],
        ),
        group("scale", "建设内容", item_fields(cards, GY_EARLY, required=GY_MUST)),
        handing(GY_MATERIALS),
    ]


def gy_filing(cards: Mapping[str, Mapping]) -> list[dict]:
    """施工图申报: what the window registers when the applicant files the drawings."""
    received = checklist(
        "filed",
        "收到的申报材料",
        ["施工图设计文件(自)", "勘察报告(中)", "人防设计文件(自)", "施工合同(自)", "质量安全措施(自)"],
    )
    return [
        received,
        day("filed_on", "材料到齐日期"),
        group("drawings", "施工图与施工", item_fields(cards, GY_LATE, only=GY_FILED)),
        group("charged", "收费事项", [field(key, kind, required=False) for key, kind in CHARGED.items()]),
    ]


def gy_forms(cards: Mapping[str, Mapping]) -> dict[str, list[dict]]:
    """The forms of GY-25."""
    return {
        "apply_GY_25": gy_declaration(cards),
        "accept_GY_25": acceptance(GY_MATERIALS),
        "file_drawings": gy_filing(cards),
        "issue_joint": JOINT_ISSUE,
    }


# -- QY-1 -------------------------------------------------------------------------------------------------------

QY_MATERIALS = ["企业开办申请表(表)", "公司章程(自)", "股东、法定代表人身份证明(共)", "住所使用证明(自)"]
QY_BRANCHES = (
    ("seal", "公章刻制", ("112-QT-001",)),
    ("tax", "税务和发票", ("113-QT-001", "113-QT-002")),
    ("social", "社会保险", ("114-QR-001",)),
    ("medical", "医疗保险", ("128-GG-001",)),
    ("fund", "住房公积金", ("127-GG-001",)),
)
QY_MUST = {"name", "org_type", "capital", "scope", "legal_rep", "shareholders", "address", "seals", "taxpayer_type", "invoice_kinds",
           "employees", "insurance"}  # fmt: skip


def qy_declaration(cards: Mapping[str, Mapping]) -> list[dict]:
    """企业开办一表: the company, the branches to be done, and what each of these asks, while it is ticked."""
    licence = item_fields(cards, ("111-XK-001",), required=QY_MUST)
    seen, groups = {"uscc", *keys_of(licence)}, []
    ticked = [{"value": word, "label": label} for word, label, _ in QY_BRANCHES]
    branches = {"id": "Field_branches", "key": "branches", "label": "一并办理", "type": "checklist", "values": ticked,
                "description": "不勾选的只办营业执照，以后可以单独办理"}  # fmt: skip
    for word, label, codes in QY_BRANCHES:
        hide = f'not(branches != null and list contains(branches, "{word}"))'
        if word in ("social", "medical", "fund"):
            hide = 'not(branches != null and (list contains(branches, "social") or list contains(branches, "medical") or list contains(branches, "fund")))'
        if word == "fund":
            hide = 'not(branches != null and list contains(branches, "fund"))'
        own = item_fields(cards, codes, without=seen, required=QY_MUST, hide=hide)
        seen |= set(keys_of(own))
        groups += [group(word, label, own)] if own else []
    return [head(cards["111-XK-001"]), group("company", "公司", licence), branches, *groups, handing(QY_MATERIALS)]


def qy_acceptance() -> list[dict]:
    """What the window answers: complete, complete but complex, or given back with everything that is missing."""
    back = 'decision != "return_file"'
    return [
        radio("decision", "审查结论", ("accept", "齐全"), ("complex", "齐全，情形复杂，承诺三个工作日"), ("return_file", "退还材料并一次告知"),
              description="申请材料不齐全的应当退还并一次告知需要补正的材料"),
        checklist("materials", "已核对材料", QY_MATERIALS, hide='decision = "return_file"', description="实名核验后逐项勾选"),
        area("reason", "情形复杂的说明", required=True, hide='decision != "complex"'),
        checklist("gaps", "需要补正的材料", QY_MATERIALS, hide=back),
        area("gap_notes", "问题和补正方法", required=True, hide=back),
        line("receiver", "领取材料的人", required=False) | {"conditional": {"hide": f"={back}"}},
    ]  # fmt: skip


def qy_forms(cards: Mapping[str, Mapping]) -> dict[str, list[dict]]:
    """The forms of QY-1."""
    return {"apply_QY_1": qy_declaration(cards), "check_QY_1": qy_acceptance(), "issue_joint": JOINT_ISSUE}


# -- YS-10 ------------------------------------------------------------------------------------------------------

YS_MATERIALS = [
    "联合验收申请表(表)",
    "竣工测绘报告(中)",
    "消防设施检测报告(中)",
    "竣工图(自)",
    "城建档案目录(自)",
    "工程质量竣工验收报告(自)",
]
YS_CODES = ("102-QR-004", "104-XK-003", "105-QT-002", "122-XK-002", "129-QR-001", "104-QT-007")
YS_MUST = {"permit_no", "measured_area_m2", "volumes", "e_files"}


def ys_declaration(cards: Mapping[str, Mapping]) -> list[dict]:
    """联合验收一表: the building, and what decides who takes part."""
    fields = item_fields(cards, YS_CODES, required=YS_MUST, without={"built_m2", "accept_date", "deviation_pct"})
    return [
        applicant("建设单位与项目"),
        group(
            "kind",
            "验收内容",
            [
                {
                    "id": "Field_special_project",
                    "key": "special_project",
                    "label": "属于特殊建设工程（须消防验收）",
                    "type": "checkbox",
                },
                number("built_m2", "竣工防空地下室面积（平方米）", 0) | {"description": "没有的填0"},
                {
                    "id": "Field_lightning",
                    "key": "lightning",
                    "label": "须雷电防护装置验收（易燃易爆等场所）",
                    "type": "checkbox",
                },
            ],
        ),
        group("works", "竣工情况", fields),
        handing(YS_MATERIALS),
    ]


def ys_forms(cards: Mapping[str, Mapping]) -> dict[str, list[dict]]:
    """The forms of YS-10."""
    return {
        "apply_YS_10": ys_declaration(cards),
        "accept_YS_10": acceptance(YS_MATERIALS),
        "plan_YS_10": [
            day("survey_on", "联合勘验日", required=True),
            radio("half", "时段", ("上午", "上午"), ("下午", "下午")),
            line("place", "集合地点", maximum=100),
            area("remark", "参验安排", description="各部门签收通知，届时未到场的按缺席处理"),
        ],
        "rectify_YS_10": [
            line("notice", "勘查签单编号", required=False, description="写明整改要求的签单"),
            area("rectified", "整改情况", required=True, description="建设单位完成整改后逐项登记"),
            day("survey_on", "复验日", required=True),
            radio("half", "时段", ("上午", "上午"), ("下午", "下午")),
        ],
        "conclude_YS_10": [
            radio("decision", "验收结论", ("grant", "联合验收合格"), ("refuse", "联合验收不合格")),
            area("opinion", "验收意见", required=True, description="汇总各部门结论和整改情况"),
        ],
        "issue_joint": JOINT_ISSUE,
    }


# -- DB-20 ------------------------------------------------------------------------------------------------------

CONDITIONS = ["符合产业政策", "具备投资条件", "材料真实完整"]


def js_declaration() -> list[dict]:
    """The one form of JS-35."""
    listed = json.loads((Path(__file__).parent / "catalogue.json").read_text("utf-8"))
    return joint_application({card["code"]: card for card in listed})


def agency_forms() -> dict[str, list[dict]]:
    """The forms of DB-20."""
    kept = 'decision = "reject"'
    conditions = checklist(
        "conditions",
        "符合的条件",
        CONDITIONS,
        hide=kept,
        description="三项齐备的承诺20个工作日；不齐的也代办，不作时限承诺",
    )
    del conditions["validate"]
    return {
        "apply_DB_20": [
            applicant("投资方与项目"),
            group("project", "项目", [
                radio("project_kind", "项目类别", *((word, word) for word in ("工业", "房建", "市政", "商贸", "其他"))),
                {"id": "Field_new_company", "key": "new_company", "label": "需要新设公司", "type": "checkbox"},
                area("scope", "委托代办的事项", required=True, description="每行一项"),
            ]),
        ],
        "entry_DB_20": [
            radio("decision", "受理结论", ("accept", "受理"), ("reject", "不予受理")),
            conditions,
            area("reason", "不予受理理由", required=True, hide='decision != "reject"', description="产业政策禁止的写明依据"),
        ],
        "contract_DB_20": [
            line("agent", "代办员"),
            line("client_signed", "委托人签字"),
            area("scope", "委托范围", required=True, description="每行一项；代办不收取任何费用"),
        ],
        "collect_DB_20": [
            area("collected", "收到的材料", required=True, description="每行一项"),
            area("advice", "预审意见", description="提前介入的意见，不是决定，不计时"),
        ],
        "single_DB_20": [
            line("item_no", "申报的事项和办件编号", maximum=100),
            radio("filed_decision", "办理结果", ("grant", "办成"), ("refuse", "未办成")),
            area("remark", "说明"),
        ],
        "unblock_DB_20": [
            radio("outcome", "协调结果", ("solved", "已解决，再次申报"), ("meeting", "仍受阻，提请联审联批会议"), ("give_up", "不再申报")),
            area("opinion", "协调情况", required=True),
        ],
        "handover_DB_20": [
            area("handed", "移交的证照和单据", required=True, description="每行一项：名称，份数"),
            line("receiver", "接收人"),
            area("remark", "备注"),
        ],
    }  # fmt: skip
