"""Forms of an item from its register card: what is applied for, what the window or the one desk of a 即办件 answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from drawing.card_fields import IDENTITY, IN_MATERIALS, asked, components, hidden_while, is_file, kept
from drawing.forms import (
    COMMON_FIELDS,
    TYPES,
    acceptance,
    area,
    day,
    field,
    group,
    handing,
    line,
    radio,
    write_form,
)  # fmt: skip
from drawing.register import slug

MARKS = {"SHARED": "共", "THIRD_PARTY": "中", "APPLICANT": "自"}
APPLICANTS = {  # whom the head asks for where it is not plain
    "111-XK-001": ("申请人（发起人或委托的人）", "身份证号码"),
    "115-GG-004": ("老年人姓名", "老年人身份证号码"),
    "118-QR-002": ("男方姓名", "男方身份证号码"),
}
GRANTS = {"FILING": ("予以备案", "不予备案"), "REGISTRATION": ("准予登记", "不予登记"), "SERVICE": ("办结", "不予办理")}
ASKED = {  # what the one desk confirms besides when it grants: key, label
    "109-GG-003": (("test_checked", "检测报告合格且在有效期内"),),
    "111-XK-001": (("real_name", "签字人员已全部实名核验"),),
    "113-QR-003": (("tax_settled", "税款已入库或者依法减免"),),
    "113-QT-001": (("real_name", "法定代表人已实名核验"),),
    "118-QR-002": (("both_present", "双方本人到场并当面签署声明书"),),
}
SHOWN = {  # what the diagram has found out from the application, for the desk to read
    "115-GG-004": "按身份证号码计算：{{age}}周岁",
    "118-QR-002": "按身份证号码计算：男方{{his_age}}周岁，女方{{her_age}}周岁",
}
PROMISES = {"113-QT-001": "风险核实（转承诺件）", "118-QR-002": "需要核实（转承诺件）"}  # how the desk calls 转承诺件
CORRECTS = {"109-GG-003": "退回整改复检（一次告知）"}
LATER = {"112-QT-001": "seal_codes", "104-QT-004": "spot_check"}  # what the office learns only after the desk
RETURNING = frozenset({"111-XK-001"})  # the registry gives incomplete papers back (登记管理条例实施细则): 退件


def material_lines(card: Mapping) -> list[str]:
    """The checklist as forms write it: name and source, 表 自 共 中; files among the fields are lines too."""
    lines = [f"{one['name']}({'表' if one['form'] == 'FORM' else MARKS[one['source']]})" for one in card["materials"]]
    return lines + [f"{one['label']}(自)" for one in card["fields"] if is_file(one) and one["key"] not in IN_MATERIALS]


def head(card: Mapping) -> dict:
    """Who applies; with project and site where the item has one."""
    own = {one["key"] for one in card["fields"]}
    if "project_code" in own:
        return group("applicant", "申请人与项目", [field(key, TYPES.get(key, "str24")) for key in COMMON_FIELDS])
    person, unit = "PERSON" in card["audience"], any(one != "PERSON" for one in card["audience"])
    name, number = APPLICANTS.get(card["code"], ("申请人" if person else "申请单位", "身份证号码"))
    asked_for = [line("applicant", name, maximum=100, description="" if person else "与营业执照或登记证书一致的全称")]
    whose = 'applicant_kind = "person"' if person else ""
    if person and unit:
        kinds = radio("applicant_kind", "申请人类型", ("unit", "单位"), ("person", "个人"))
        asked_for.insert(0, kinds | {"defaultValue": "unit"})
    if unit:
        asked_for.append(hidden_while(field("applicant_uscc", "str18"), whose))
    if person:
        identity = line("applicant_id_no", number, maximum=18)
        identity["validate"]["pattern"] = IDENTITY
        asked_for.append(hidden_while(identity, 'applicant_kind != "person"' if unit else ""))
    if unit:
        asked_for.append(hidden_while(field("contact", "str50"), whose))
    asked_for.append(field("phone", "str11"))
    if "site_address" in own:
        asked_for.append(field("site_address", "str200"))
    return group("applicant", "申请人", asked_for)


def application(card: Mapping, *, office: Collection[str] = (), optional: Collection[str] = ()) -> list[dict]:
    """The application of one item. `office`: fields the office fills in; `optional`: fields that may stay empty."""
    own = [part for one in asked(card, office) for part in components(card, one, optional=optional)]
    return [head(card), *([group("item", card["name"], own)] if own else []), handing(material_lines(card))]


def accepting(card: Mapping) -> list[dict]:
    """What the window answers, with the condition beside materials that are not always needed."""
    return _conditions(card, acceptance(material_lines(card)))


def one_desk(card: Mapping) -> list[dict]:
    """What the one desk of a 即办件 answers: taken, decided and issued in one sitting, or what else becomes of it."""
    yes, no = ("准予", "不予许可") if card["type"] == "LICENSE" else GRANTS.get(card["nature"], ("准予", "不予"))
    returning = card["code"] in RETURNING
    asking = (
        ("return_file", "退还材料并一次告知") if returning else ("correct", CORRECTS.get(card["code"], "一次告知补正"))
    )
    promise = PROMISES.get(card["code"], "转承诺件")
    granted, refused, gone = 'decision != "grant"', 'decision != "refuse"', f'decision != "{asking[0]}"'
    window = {one["key"]: one for one in accepting(card)}
    choice = radio(
        "decision", "办理结论", ("grant", yes), ("refuse", no), asking, ("reject", "不予受理"),
        ("promise", promise),
        description="当场受理、审核、批准、发证；不能当场办结的转承诺件并写明理由",
    )  # fmt: skip
    turned = f'decision = "reject" or decision = "{asking[0]}"'
    window["materials"]["conditional"] = {"hide": f"={turned}"}
    for key in ("gaps", "gap_notes", "new_gap_reason", "gap_since"):
        window[key]["conditional"] = {"hide": f"={gone}"}
    why = 'not(decision = "reject" or decision = "refuse" or decision = "promise")'
    later = LATER.get(card["code"])
    found = [part for one in kept(card) if one["key"] != later for part in components(card, one, hide=granted)]
    found += [hidden_while(tick(*one), granted) for one in ASKED.get(card["code"], ())]
    shown = SHOWN.get(card["code"])
    licence = [
        area("content", "许可内容", hide=granted, description="不填的按申请内容"),
        area("conditions", "许可条件", hide=granted),
    ]  # fmt: skip
    result = card["result"]
    issued = [
        hidden_while(line("certificate_no", f"{result['name']}编号"), granted),
        *([day("valid_to", "有效期至", hide=granted)] if result["kind"] == "CERTIFICATE" else []),
        hidden_while(
            radio(
                "delivery",
                "送达方式",
                ("spot", "当场发放"),
                ("post", "邮寄送达"),
                ("electronic", "电子送达"),
                ("joint", "移交统一发证"),
            ),
            granted,
        ),
        hidden_while(
            line("receiver", "领取人", required=False),
            'not((decision = "grant" and delivery = "spot") or decision = "return_file")',
        ),
    ]
    refusing = [
        area("established", "查明的事实", required=True, hide=refused),
        area("evidence", "证据", hide=refused, description="每行一项，不填的为申请材料"),
        hidden_while(line("refuse_basis", "依据条款", required=False, maximum=200,
                          description="不填的按本事项的设定依据"), refused),
    ]  # fmt: skip
    return [
        *([{"id": "Text_found", "type": "text", "label": "系统核算", "text": shown}] if shown else []),
        choice,
        window["materials"],
        *found,
        *(licence if card["type"] == "LICENSE" else []),
        *issued,
        *(window[key] for key in ("gaps", "gap_notes")),
        *([] if returning else [window["new_gap_reason"], window["gap_since"]]),
        window["reject_kind"],
        area("reason", "理由", required=True, hide=why, description="不予受理、不予办理或转承诺件的理由"),
        window["reject_basis"],
        window["proper_authority"],
        *refusing,
    ]


def write_card_forms(
    card: Mapping, folder: Path, *, desk: bool = False, office: Collection[str] = (), optional: Collection[str] = ()
) -> None:
    """Write `apply_<slug>` and `accept_<slug>`, or with `desk` `apply_<slug>` and `desk_<slug>`, into `folder`."""
    write_form(f"apply_{slug(card)}", application(card, office=office, optional=optional), folder)
    if desk:
        write_form(f"desk_{slug(card)}", one_desk(card), folder)
    else:
        write_form(f"accept_{slug(card)}", accepting(card), folder)


def tick(key: str, label: str) -> dict:
    """Something that must be confirmed."""
    return {"id": f"Field_{key}", "key": key, "label": label, "type": "checkbox", "validate": {"required": True}}


def write_shared(folder: Path) -> None:
    """Write the forms several items share: 审核 of what was promised, and the impressions of seals."""
    write_form(
        "review_promised",
        [
            radio("recommendation", "审核结论", ("grant", "建议准予"), ("refuse", "建议不予")),
            area("opinion", "审核意见", hide='recommendation = "refuse"'),
            area(
                "reason", "不予理由", required=True, hide='recommendation != "refuse"', description="写明事实和依据条款"
            ),
        ],
        folder,
    )
    write_form(
        "review_113_QT_002",
        [
            radio("recommendation", "审核结论", ("grant", "建议准予"), ("survey", "实地查验"), ("refuse", "建议不予"),
                  description="最高开票限额与经营规模明显不符的实地查验一次"),
            area("opinion", "审核意见", hide='recommendation = "refuse"'),
            area("reason", "不予理由", required=True, hide='recommendation != "refuse"', description="写明事实和依据条款"),
        ],
        folder,
    )  # fmt: skip
    write_form(
        "mend_104_QT_004",
        [
            area("mended_what", "整改情况", required=True, description="逐项写明，与检查签单的整改要求一致"),
            day("mended_on", "整改完成日期", required=True),
        ],
        folder,
    )
    write_form(
        "seals_112_QT_001",
        [
            area("seal_codes", "印章编码", required=True, description="13位编码，每行一个，与刻章企业回传的印模一致"),
            day("carved_on", "印模回传日期", required=True),
        ],
        folder,
    )


def _conditions(card: Mapping, parts: list[dict]) -> list[dict]:
    """The lines of the checklists, with when they are needed."""
    needed = {one["name"]: one["condition"] for one in card["materials"] if one.get("condition")}
    for part in parts:
        if part.get("key") in ("materials", "gaps"):
            for value in part["values"]:
                condition = needed.get(value["value"].rpartition("(")[0])
                value["label"] += f"，{condition}提交" if condition else ""
    return parts
