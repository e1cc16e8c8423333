"""form-js schemas: what an application asks, and what each stage of the office answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

from drawing.procedures import procedure_form

USCC = "^[0-9A-HJ-NP-RTUWXY]{18}$"
PROJECT_CODE = "^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$"
COMMON_FIELDS = (
    "applicant", "applicant_uscc", "contact", "phone", "project_code", "project_name", "site_address",
)  # fmt: skip
LABELS = {  # field: label, unit, help
    "applicant": ("申请单位", "", "与营业执照一致的全称"),
    "applicant_uscc": ("统一社会信用代码", "", "18位数字或大写字母"),
    "contact": ("联系人", "", ""),
    "phone": ("联系电话", "", "11位手机号码,用于接收办理短信"),
    "project_code": ("项目代码", "", "24位,形如2603-990100-04-01-482915"),
    "project_name": ("项目名称", "", ""),
    "owner_uscc": ("项目单位信用代码", "", "18位数字或大写字母"),
    "site_address": ("建设地点", "", ""),
    "industry_code": ("国民经济行业代码", "", "4位代码"),
    "investment_total": ("总投资", "万元", ""),
    "build_scale": ("建设规模及内容", "", ""),
    "planned_start": ("计划开工日期", "", ""),
    "planned_end": ("计划竣工日期", "", ""),
    "core_scope": ("核准目录行业", "", ""),
    "resource_use": ("资源利用情况", "", ""),
    "eco_impact": ("生态环境影响分析", "", ""),
    "social_stability_risk": ("社会稳定风险等级", "", ""),
    "evaluator": ("委托评估机构", "", "未委托评估的不填"),
    "supply_mode": ("供地方式", "", ""),
    "contract_no": ("出让合同或划拨决定书编号", "", ""),
    "land_area_m2": ("用地面积", "平方米", ""),
    "far": ("容积率", "", ""),
    "green_ratio": ("绿地率", "%", ""),
    "building_area_m2": ("总建筑面积", "平方米", ""),
    "above_ground_m2": ("地上建筑面积", "平方米", ""),
    "underground_m2": ("地下建筑面积", "平方米", ""),
    "building_height_m": ("建筑高度", "米", ""),
    "floors": ("地上层数", "层", ""),
    "parking": ("机动车停车位", "个", ""),
    "civil_defence_m2": ("人防工程面积", "平方米", ""),
    "green_area_m2": ("绿地面积", "平方米", ""),
    "eia_category": ("环评类别", "", ""),
    "eia_agency": ("环评编制单位", "", ""),
    "sensitive_area": ("涉及环境敏感区", "", ""),
    "pollutants": ("主要污染物", "", "每行一项"),
    "public_participation": ("已开展公众参与", "", ""),
    "wastewater_tpd": ("废水排放量", "吨/日", ""),
    "so2_tpa": ("二氧化硫排放量", "吨/年", ""),
    "nox_tpa": ("氮氧化物排放量", "吨/年", ""),
    "contract_price": ("合同价格", "万元", ""),
    "contractor_uscc": ("施工单位信用代码", "", "18位数字或大写字母"),
    "supervisor_uscc": ("监理单位信用代码", "", "18位数字或大写字母"),
    "site_manager": ("项目负责人", "", ""),
    "special_type": ("特殊建设工程类型", "", ""),
    "fire_rating": ("耐火等级", "", ""),
    "scale": ("工程规模", "", ""),
    "structure_type": ("结构类型", "", ""),
    "design_uscc": ("设计单位信用代码", "", "18位数字或大写字母"),
    "reviewer_agency": ("审图机构", "", ""),
    "issues": ("需说明的问题", "", "每行一项"),
    "required_m2": ("应建防空地下室面积", "平方米", ""),
    "built_m2": ("拟建防空地下室面积", "平方米", ""),
    "class": ("防护类别", "", ""),
    "relocate": ("申请易地建设", "", ""),
    "relocate_reason": ("易地建设理由", "", "申请易地建设的必填"),
    "trees_kept": ("保留树木", "株", ""),
    "occupied_area": ("临时占用道路面积", "平方米", "不占用的不填"),
    "occupied_days": ("临时占用道路天数", "天", ""),
    "location": ("设置地点", "", ""),
    "sign_size": ("规格尺寸", "", "如6米×3米"),
    "period_from": ("设置起始日期", "", ""),
    "period_to": ("设置截止日期", "", ""),
    "structure_safety": ("结构安全证明编号", "", ""),
}
CHAIN_FIELDS = (
    *COMMON_FIELDS, "industry_code", "investment_total", "build_scale", "planned_start", "planned_end", "supply_mode",
    "land_area_m2", "far", "green_ratio", "building_area_m2", "above_ground_m2", "underground_m2",
    "building_height_m", "floors", "parking", "green_area_m2", "civil_defence_m2",
    "eia_agency", "sensitive_area", "scale", "structure_type", "design_uscc", "required_m2", "relocate", "relocate_reason", "special_type",
    "contract_price", "contractor_uscc", "supervisor_uscc", "site_manager",
)  # fmt: skip
DRAWN_LATE = CHAIN_FIELDS[CHAIN_FIELDS.index("scale") :]  # asked when the drawings are filed
CHARGED = {"occupied_area": "decimal(10,2)", "occupied_days": "int"}  # what else a bill of the chain may charge
DRAWING_MATERIALS = ["施工图设计文件(自)", "勘察报告(中)", "人防设计文件(自)", "施工合同(自)", "质量安全措施(自)"]
APPLICATION = "申请信息(表)"  # all there is to ask for where the office looks everything else up itself
CHAIN_MATERIALS = ["一站报建申报表(表)", "企业营业执照(共)", "建设工程设计方案(自)"]
CHAIN_REQUIRED = {*COMMON_FIELDS, "investment_total", "building_area_m2"}
TYPES = {
    "applicant": "str100", "applicant_uscc": "str18", "contact": "str50", "phone": "str11",
    "project_name": "str100", "site_address": "str200",
}  # fmt: skip


def field(key: str, kind: str, *, required: bool = True, optional: bool = True) -> dict:
    """One component for a field of an item card, such as `far:decimal(4,2)`. `optional`: free texts may stay empty."""
    label, unit, help_text = LABELS[key]
    made: dict = {"id": f"Field_{key}", "key": key, "label": label, "type": "textfield"}
    rules: dict = {}
    shape, _, options = kind.partition("(")
    if help_text:
        made["description"] = help_text
    if key == "project_code":
        rules |= {"pattern": PROJECT_CODE, "minLength": 24, "maxLength": 24}
    elif key.endswith("uscc"):
        rules |= {"pattern": USCC}
    elif key == "phone":
        rules |= {"pattern": "^1[0-9]{10}$"}
    elif shape == "enum" and options:
        made["type"] = "radio"
        made["values"] = [{"value": v, "label": v} for v in options.rstrip(")").split(",")]
    elif shape in ("decimal", "int") or shape.startswith("decimal"):
        digits = re.search(r"\(\d+,(\d)\)", kind)
        made["type"] = "number"
        made["decimalDigits"] = 0 if shape == "int" else int(digits[1]) if digits else 2
        rules["min"] = 0
        if unit == "%":
            rules["max"] = 100
        if unit:
            made["appearance"] = {"suffixAdorner": unit}
    elif shape == "date":
        made |= {"type": "datetime", "subtype": "date", "dateLabel": label}
    elif shape == "bool":
        made["type"] = "checkbox"
        required = False
    elif shape in ("text", "list") or key == "relocate_reason":
        made["type"] = "textarea"
        rules["maxLength"] = 2000
        required = required and not optional
        if key == "relocate_reason":
            made["conditional"] = {"hide": "=relocate != true"}
            required = True
    elif shape == "ref":
        rules["maxLength"] = 100
        required = required and not optional
    else:
        rules["maxLength"] = int(shape.removeprefix("str") or 100)
        if key == "industry_code":
            rules["pattern"] = "^[0-9]{4}$"
    if required:
        rules["required"] = True
    if rules:
        made["validate"] = rules
    return made


def radio(key: str, label: str, *options: tuple[str, str], description: str = "") -> dict:
    """A required choice; options are (value, label)."""
    made = {
        "id": f"Field_{key}",
        "key": key,
        "label": label,
        "type": "radio",
        "values": [{"value": value, "label": text} for value, text in options],
        "validate": {"required": True},
    }
    return made | ({"description": description} if description else {})


def area(key: str, label: str, *, required: bool = False, hide: str = "", description: str = "") -> dict:
    """A text of up to 2,000 signs, hidden while the FEEL condition holds."""
    made: dict = {"id": f"Field_{key}", "key": key, "label": label, "type": "textarea"}
    made["validate"] = {"maxLength": 2000} | ({"required": True} if required else {})
    if description:
        made["description"] = description
    if hide:
        made["conditional"] = {"hide": f"={hide}"}
    return made


def checklist(key: str, label: str, values: list[str], *, hide: str = "", description: str = "") -> dict:
    """A list to tick, at least one."""
    made: dict = {
        "id": f"Field_{key}",
        "key": key,
        "label": label,
        "type": "checklist",
        "values": [{"value": value, "label": value} for value in values],
        "validate": {"required": True},
    }
    if description:
        made["description"] = description
    if hide:
        made["conditional"] = {"hide": f"={hide}"}
    return made


def line(key: str, label: str, *, required: bool = True, description: str = "", maximum: int = 60) -> dict:
    """One line of text."""
    made: dict = {"id": f"Field_{key}", "key": key, "label": label, "type": "textfield"}
    made["validate"] = {"maxLength": maximum} | ({"required": True} if required else {})
    return made | ({"description": description} if description else {})


def day(key: str, label: str, *, required: bool = False, hide: str = "") -> dict:
    """A day."""
    made: dict = {
        "id": f"Field_{key}", "key": key, "label": label, "type": "datetime", "subtype": "date", "dateLabel": label,
    }  # fmt: skip
    if required:
        made["validate"] = {"required": True}
    if hide:
        made["conditional"] = {"hide": f"={hide}"}
    return made


def number(key: str, label: str, least: int, *, hide: str = "", most: int | None = None) -> dict:
    """A whole number."""
    made: dict = {
        "id": f"Field_{key}", "key": key, "label": label, "type": "number", "decimalDigits": 0,
        "validate": {"required": True, "min": least} | ({} if most is None else {"max": most}),
    }  # fmt: skip
    if hide:
        made["conditional"] = {"hide": f"={hide}"}
    return made


def moment(key: str, label: str, *, required: bool = False) -> dict:
    """A day with its time."""
    made = day(key, label, required=required)
    return made | {"subtype": "datetime", "timeLabel": "时间"}


def handing(materials: list[str]) -> dict:
    """What is handed in with an application and how its result is to come back; both stand on the first papers."""
    listed = checklist("handed_in", "随申请提交的材料", materials, description="列在收件凭证上；现场提交的由窗口核对")
    del listed["validate"]
    way = radio("pick_up", "领证方式", ("window", "窗口领取"), ("post", "邮寄送达"), ("electronic", "电子送达"))
    del way["validate"]
    return group("handing", "材料与领取", [listed, way | {"defaultValue": "window"}])


def group(key: str, label: str, components: list[dict]) -> dict:
    """A titled group without a path of its own."""
    return {"id": f"Group_{key}", "type": "group", "label": label, "showOutline": True, "components": components}


def card_fields(card: dict) -> list[tuple[str, str]]:
    """(key, kind) of the item-specific fields, the common ones left out."""
    pairs = [tuple(text.split(":", 1)) for text in card["fields"].split("; ")]
    return [(key, kind.replace("万元", "")) for key, kind in pairs if key not in COMMON_FIELDS]


def application(card: dict) -> list[dict]:
    """The application form of one item: who applies, then the fields of the card."""
    return [
        group("applicant", "申请人与项目", [field(k, TYPES.get(k, "str24")) for k in COMMON_FIELDS]),
        group("item", card["name"], [field(k, kind) for k, kind in card_fields(card)]),
        handing(card["mats"]),
    ]


def joint_application(cards: dict[str, dict]) -> list[dict]:
    """The one form of the chain: every shared field once, and the questions that choose its way."""
    kinds = {key: kind for card in cards.values() for key, kind in card_fields(card)}
    rest = [k for k in CHAIN_FIELDS if k not in COMMON_FIELDS]
    return [
        group("applicant", "建设单位与项目", [field(k, TYPES.get(k, "str24")) for k in COMMON_FIELDS]),
        group(
            "kind",
            "办理方式",
            [
                radio("initiation", "立项方式", ("record", "备案"), ("approval", "核准")),
                radio("eia_category", "环评类别", ("book", "报告书"), ("form", "报告表"), ("registration", "登记表")),
                {"id": "Field_special_project", "key": "special_project", "label": "属于特殊建设工程(须消防设计审查)",
                 "type": "checkbox"},
                {"id": "Field_civil_building", "key": "civil_building", "label": "含民用建筑(须人防结建审批)",
                 "type": "checkbox"},
            ],
        ),
        group("scale", "建设内容", [field(k, kinds[k], required=k in CHAIN_REQUIRED) for k in rest if k not in DRAWN_LATE]),
        group(
            "drawings",
            "施工图与施工",
            [
                {"id": "Field_drawings_filed", "key": "drawings_filed", "label": "施工图设计文件随本次申报一并提交",
                 "type": "checkbox", "description": "不一并提交的，方案批准后再行申报，等待期间不计时"},
                *(_while_filed(field(k, kinds[k], required=False)) for k in DRAWN_LATE),
            ],
        ),
        group("charged", "收费事项", [field(k, kind, required=False) for k, kind in CHARGED.items()]),
        handing(CHAIN_MATERIALS),
    ]  # fmt: skip


def _while_filed(made: dict) -> dict:
    """A field of the drawings: asked in the declaration only while they come with it."""
    hide = made.get("conditional", {}).get("hide", "").removeprefix("=")
    return made | {"conditional": {"hide": f"=drawings_filed != true{f' or {hide}' if hide else ''}"}}


def next_filing(cards: dict[str, dict]) -> list[dict]:
    """施工图申报 of the chain: what the window registers when the drawings come after the permit of the plan."""
    kinds = {key: kind for card in cards.values() for key, kind in card_fields(card)}
    received = checklist("filed", "收到的申报材料", DRAWING_MATERIALS)
    return [
        received,
        day("filed_on", "材料到齐日期"),
        group("drawings", "施工图与施工", [field(k, kinds[k], required=False) for k in DRAWN_LATE]),
        group("charged", "收费事项", [field(k, kind, required=False) for k, kind in CHARGED.items()]),
    ]


def acceptance(materials: list[str]) -> list[dict]:
    """What the window answers: take it or not, with the materials ticked or the reason given."""
    rejected, kept = 'decision != "reject"', 'decision != "correct"'
    gaps = materials if any("(共)" not in one for one in materials) else [*materials, APPLICATION]
    return [
        radio("decision", "受理结论", ("accept", "受理"), ("correct", "一次告知补正"), ("reject", "不予受理"),
              description="材料不齐或不合法定形式的，五个工作日内一次告知全部需要补正的内容，逾期不告知即为受理"),
        checklist("materials", "已核对材料", materials, hide='decision = "reject" or decision = "correct"',
                  description="逐项核对后勾选"),
        checklist("gaps", "需要补正的材料", gaps, hide=kept, description="一次列明全部，漏列的以后不得再要求补正"),
        area("gap_notes", "问题和补正方法", required=True, hide=kept,
             description="逐项写明，与所选材料顺序一致，每行一项：问题；如何补正"),
        area("new_gap_reason", "再次补正的理由", hide=kept,
             description="只有首次告知之后才出现的情形（法律变化、证件到期等）可以再次告知，请写明"),
        day("gap_since", "该情形出现的日期", hide=kept),
        radio("reject_kind", "不予受理原因", ("no_permit", "依法不需要许可"), ("other_agency", "不属本机关职权"),
              ("other", "其他")) | {"conditional": {"hide": f"={rejected}"}},
        area("reason", "不予受理理由", required=True, hide=rejected),
        line("reject_basis", "依据条款", required=False, maximum=200,
             description="不填的按行政许可法第三十二条") | {"conditional": {"hide": f"={rejected}"}},
        line("proper_authority", "应向何机关申请", required=False, maximum=100)
        | {"conditional": {"hide": '=not(decision = "reject" and reject_kind = "other_agency")'}},
    ]  # fmt: skip


SHARED = {
    "review": [
        radio("recommendation", "审核结论", ("grant", "建议准予"), ("refuse", "建议不予"), ("procedure", "提请特别程序")),
        area("procedure_reason", "提请何种特别程序及理由", required=True, hide='recommendation != "procedure"',
             description="听证、检验检测、专家评审等，经首席代表批准后暂停计时"),
        area("opinion", "审核意见", hide='recommendation = "refuse"'),
        area("reason", "不予理由", required=True, hide='recommendation != "refuse"', description="写明事实和依据条款"),
    ],
    "approve": [
        radio("decision", "批准结论", ("grant", "准予"), ("refuse", "不予"), ("return", "退回审核"),
              description="退回审核最多三次,第三次后应作出决定"),
        area("opinion", "批准意见", hide='decision = "refuse" or decision = "return"'),
        area("content", "许可内容", hide='decision != "grant"', description="不填的按申请内容"),
        area("conditions", "许可条件", hide='decision != "grant"'),
        day("valid_to", "有效期至", hide='decision != "grant"'),
        area("reason", "不予或退回理由", required=True, hide='not(decision = "refuse" or decision = "return")'),
        area("established", "查明的事实", hide='decision != "refuse"', description="不填的按审核意见"),
        area("evidence", "证据", hide='decision != "refuse"', description="每行一项，不填的为申请材料"),
        line("refuse_basis", "依据条款", required=False, maximum=200, description="不填的按本事项的设定依据")
        | {"conditional": {"hide": '=decision != "refuse"'}},
    ],
    "issue": [
        line("certificate_no", "证照或批复编号"),
        radio(
            "delivery",
            "送达方式",
            ("window", "窗口领取"),
            ("post", "邮寄送达"),
            ("electronic", "电子送达"),
            ("joint", "移交统一发证"),
        ),
        line("receiver", "领取人或移交对象", required=False),
    ],
    "opinion": [
        radio("conclusion", "意见", ("agree", "同意"), ("conditional", "有条件同意"), ("disagree", "不同意")),
        area("opinion", "具体意见", hide='conclusion = "conditional" or conclusion = "disagree"'),
        area("reason", "条件或不同意的理由", required=True,
             hide='not(conclusion = "conditional" or conclusion = "disagree")'),
    ],
    "supplement": [
        area("received", "收到的补正材料", required=True, description="全部补正材料到齐后登记，逐项写明"),
        day("complete_on", "最后一项材料收到日期", required=True),
    ],
    "procedure_result": [
        area("result", "程序结果", required=True, description="听证笔录、检测报告或评审意见的结论"),
        line("document", "笔录、报告或意见的文号"),
    ],
    "hearing": [
        moment("held_at", "听证时间", required=True),
        line("place", "听证地点", maximum=100),
        line("host", "主持人"),
        area("result", "听证笔录", required=True, description="陈述、申辩、质证的要点和结论"),
        area("signatures", "参加人签字", description="每行一人"),
    ],
    "coordinate": [
        radio("ruling", "会商结论", ("resubmit", "补充后重报"), ("proceed", "不影响后续办理"), ("terminate", "终止联办"),
              description="补充后重报最多两次;终止限于申请人撤回或缺该批复依法不能继续"),
        area("opinion", "会商意见", required=True, description="写明会商部门、依据和下一步"),
    ],
    "opinion_joint": [
        {"id": "Field_joint_matter", "type": "text", "label": "会审内容", "text": "{{joint_matter}}"},
        radio("conclusion", "意见", ("agree", "同意"), ("conditional", "有条件同意"), ("disagree", "不同意")),
        area("opinion", "具体意见", hide='conclusion = "conditional" or conclusion = "disagree"'),
        area("reason", "条件或不同意的理由", required=True,
             hide='not(conclusion = "conditional" or conclusion = "disagree")'),
    ],
    "sum_joint": [
        radio("joined_ruling", "汇总结论", ("proceed", "继续办理"), ("terminate", "终止联办"),
              description="各会审部门都答复以后汇总;终止限于依法不能继续办理的"),
        area("opinion", "汇总意见", required=True, description="写明各部门意见的采纳情况;不采纳的说明理由"),
    ],
    "check_JS_35": [
        checklist("approvals", "已核对批复", ["立项文件", "建设用地规划许可证", "建设工程规划许可证", "环评文件",
                  "施工图审查合格书", "人防审批意见书", "绿化方案审查意见", "消防设计审查意见书"],
                  description="系统自动勾对,只看差异"),
        area("opinion", "核对说明", description="不适用的批复在此说明"),
    ],
    "issue_JS_35": [
        number("certificates", "发出证照份数", 1),
        radio("delivery", "送达方式", ("window", "窗口领取"), ("post", "邮寄送达"), ("electronic", "电子送达")),
        line("receiver", "领取人"),
        area("remark", "备注"),
    ],
    "demo_request": [
        line("title", "事由", maximum=100),
        number("quantity", "数量", 1),
        area("remark", "备注"),
    ],
}  # fmt: skip


FARMLAND = {
    "id": "Field_farmland", "key": "farmland", "label": "占用耕地（批准前查验耕地占用税）", "type": "checkbox",
    "description": "凭完税或者免税凭证核发（《耕地占用税法》第十条）",
}  # fmt: skip
PROCEDURES = {  # what the 首席代表 may grant; 行政许可法 art. 45
    "HEARING": "听证", "INSPECTION": "检验检测", "EXPERT": "专家评审", "ENTRUSTED_EVALUATION": "委托评估",
    "DESIGN_REVISION": "设计修改", "TENDER": "招标",
}  # fmt: skip


def granting(kinds: list[str]) -> list[dict]:
    """What the 首席代表 answers when 审核 asks for a special procedure: which and how long."""
    declined = 'procedure = "none"'
    return [
        radio("procedure", "特别程序", *((kind, PROCEDURES[kind]) for kind in kinds), ("none", "不同意"),
              description="所需时间不计入办理时限，系统出具特别程序告知书"),
        number("expected_days", "预计所需工作日", 1, hide=declined, most=60),
        area("reason", "理由", description="不同意的写明理由"),
    ]  # fmt: skip


def write_form(key: str, components: list[dict], folder: Path) -> None:
    """Write one schema as `<key>.form`."""
    schema = {"type": "default", "id": key, "schemaVersion": 17, "components": components}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.form").write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")


def write_forms(cards: dict[str, dict], folder: Path) -> None:
    """Write the forms of all items, of the chain and the shared ones."""
    for code, card in cards.items():
        slug = code.replace("-", "_")
        write_form(f"apply_{slug}", application(card), folder)
        write_form(f"accept_{slug}", acceptance(card["mats"]), folder)
        if card.get("tax"):
            write_form(f"review_{slug}", [*SHARED["review"], FARMLAND], folder)
    write_form("apply_JS_35", joint_application(cards), folder)
    write_form("accept_JS_35", acceptance(CHAIN_MATERIALS), folder)
    write_form("file_JS_35", next_filing(cards), folder)
    for card in cards.values():
        write_form(procedure_form(card["procedures"]), granting(card["procedures"]), folder)
    for key, components in SHARED.items():
        write_form(key, components, folder)
