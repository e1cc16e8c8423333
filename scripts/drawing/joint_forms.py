"""Forms of items of several departments, of 上报件 and 告知承诺, of the checks afterwards and of joint processes."""

from __future__ import annotations

import json
from pathlib import Path

from drawing.card_fields import asked, components
from drawing.card_forms import write_card_forms
from drawing.forms import area, checklist, day, group, handing, line, moment, radio, write_form
from drawing.four_levels import TAKEN
from drawing.promised_forms import shown, tick

ITEMS = ("106-XK-001", "107-XK-003", "111-XK-003", "117-XK-002", "121-XK-002")
PROMISES = {  # what is promised, and until when it is checked
    "106-XK-001": [
        "场所已依法取得使用权，室内装修和消防设施符合消防技术标准",
        "消防设施、器材完好有效，疏散通道、安全出口畅通",
        "已制定消防安全制度和灭火应急疏散预案，从业人员经消防安全培训",
    ],
    "111-XK-003": [
        "只经营乙类非处方药，不超范围经营",
        "营业场所、设备和仓储设施符合药品经营质量管理规范",
        "药学技术人员在岗履职，质量管理制度健全",
    ],
}
CONSEQUENCE = "承诺不实或者违反承诺的，依法撤销许可，记入信用记录，并承担相应法律责任"
UNTAXED = 'tax_state = "unpaid"'
RECTIFIED = radio("rectified", "复查结果", ("yes", "已整改到位"), ("no", "未整改或整改不到位"))
PERSON = 'applicant_kind != "person"'


def note(key: str, label: str, text: str) -> dict:
    """Words to be read."""
    return {"id": f"Field_{key}", "type": "text", "label": label, "text": text}


def commitment(code: str) -> list[dict]:
    """承诺书: what is told, what is promised, and who signed."""
    unsigned = 'committed != "yes"'
    return [
        note("told", "告知内容", "采用告知承诺方式的，当场作出决定；发证后两个月内现场核查。" + CONSEQUENCE + "。"),
        radio("committed", "是否承诺", ("yes", "申请人签署承诺书"), ("no", "不作承诺，按一般程序办理")),
        checklist("promises", "承诺条款", PROMISES[code], hide=unsigned, description="由申请人逐条确认"),
        shown(line("signed_by", "签署人"), unsigned),
        shown(moment("signed_at", "签署时间", required=True), unsigned),
        shown(radio("way", "签署方式", ("现场签字", "现场签字"), ("电子签名", "电子签名")), unsigned),
    ]  # fmt: skip


def village_application() -> list[dict]:
    """What a villager asks the village to take in."""
    names = {"115-GG-004": "老年人优待证", "120-XK-001": "动物防疫条件合格证", "121-XK-001": "林木采伐许可证"}
    person = shown(line("applicant_id_no", "身份证号码", maximum=18), PERSON)
    person["validate"]["pattern"] = "^[1-9][0-9]{16}[0-9X]$"
    unit = shown(line("applicant_uscc", "统一社会信用代码", maximum=18), 'applicant_kind = "person"')
    unit["validate"]["pattern"] = "^[0-9A-HJ-NP-RTUWXY]{18}$"
    phone = line("phone", "联系电话", maximum=11)
    phone["validate"]["pattern"] = "^1[0-9]{10}$"
    return [
        group("matter", "代办事项", [radio("item_code", "事项", *((code, names[code]) for code in TAKEN))]),
        group("applicant", "申请人", [
            radio("applicant_kind", "申请人类型", ("person", "个人"), ("unit", "单位")) | {"defaultValue": "person"},
            line("applicant", "姓名或单位名称", maximum=100), person, unit, phone,
            line("site_address", "住址或场所地址", maximum=200),
        ]),
        handing(["身份证明", "申请书", "照片", "证明材料"]),
    ]  # fmt: skip


def declaration(cards: dict[str, dict]) -> list[dict]:
    """What the township checks and files: the fields of the item that was chosen."""
    unfit = 'declared != "complete"'
    groups = []
    for code in TAKEN:
        own = [part for one in asked(cards[code]) for part in components(
            cards[code], one, hide=f'{unfit} or item_code != "{code}"'
        )]  # fmt: skip
        groups += [group(f"item_{code.replace('-', '_')}", cards[code]["name"], own)] if own else []
    return [
        radio("declared", "核对结果", ("complete", "材料齐，录入申报"), ("return", "缺件，退村一次告知")),
        area("reason", "缺少的材料和补齐办法", required=True, hide='declared != "return"', description="一次列明全部，每行一项"),
        shown(line("handed_by", "移交人（村代办员）"), unfit),
        shown(line("received_by", "接收人（乡镇代理员）"), unfit),
        *groups,
    ]  # fmt: skip


FORMS = {
    "approve_report": [
        radio("decision", "审定结论", ("report", "同意报送"), ("return", "退回审核"),
              description="审查意见和全部材料一并报送上级，由上级决定；退回审核最多三次"),
        radio("advice", "审查意见", ("agree", "建议准予"), ("disagree", "建议不予"))
        | {"conditional": {"hide": '=decision != "report"'}},
        area("opinion", "审查意见内容", required=True, hide='decision != "report"', description="查明的事实和依据，随材料一并报送"),
        area("reason", "退回理由", required=True, hide='decision != "return"'),
    ],
    "consult": [
        area("opinion", "征求意见的内容", required=True, description="一并送交申请材料副本"),
        day("sent_on", "送出日期", required=True),
    ],
    "send_upper": [
        day("sent_on", "报送日期", required=True),
        line("document", "报送文号", maximum=60),
        line("receiver", "上级接收单位和接收人", maximum=100),
    ],
    "upper_reply": [
        radio("decision", "上级决定", ("grant", "批准"), ("refuse", "不予批准")),
        line("upper_no", "批复文号", maximum=60),
        day("replied_on", "批复日期", required=True),
        area("reason", "不予批准的理由", required=True, hide='decision != "refuse"', description="按上级批复填写，写入不予决定书"),
    ],
    "section_review": [
        radio("conclusion", "审查意见", ("agree", "合格"), ("revise", "需修改"), ("disagree", "不合格")),
        area("opinion", "审查说明", hide='conclusion = "revise" or conclusion = "disagree"'),
        area("reason", "问题和修改要求", required=True, hide='not(conclusion = "revise" or conclusion = "disagree")',
             description="逐条写明图号、问题和依据的强制性条文，一次提完"),
    ],
    "review_joint": [
        radio("recommendation", "汇总结论", ("grant", "合格"), ("refuse", "不合格"), ("revise", "需修改后复审"),
              ("procedure", "提请特别程序"), description="需修改的最多两轮，复审只看有问题的专业"),
        area("procedure_reason", "提请何种特别程序及理由", required=True, hide='recommendation != "procedure"'),
        area("opinion", "汇总意见", required=True, hide='recommendation = "procedure"',
             description="各专业意见有冲突的写明如何处理"),
        area("reason", "不合格的理由", required=True, hide='recommendation != "refuse"'),
    ],
    "revised_drawings": [
        area("received", "收到的修改图纸", required=True, description="逐项写明图号和修改内容"),
        day("received_on", "收到日期", required=True),
    ],
    "rectification": [
        area("demanded", "整改要求", required=True, description="逐项写明问题、依据和期限"),
        day("rectify_by", "整改期限", required=True),
        RECTIFIED,
        area("opinion", "复查情况", required=True),
    ],
    "statement": [
        day("told_on", "告知日期", required=True) | {"description": "告知拟撤销的事实、理由、依据和陈述申辩的权利"},
        area("statement", "陈述申辩意见", description="当事人未陈述申辩的写明"),
        area("opinion", "核实情况", required=True),
    ],
    "revocation": [
        radio("decision", "决定", ("revoke", "撤销许可"), ("keep", "不予撤销"),
              description="依据《行政许可法》第六十九条；撤销可能对公共利益造成重大损害的不予撤销"),
        area("reason", "事实、理由和依据", required=True),
    ],
    "tax_opinion": [
        radio("tax_state", "核实结果", ("paid", "已完税"), ("exempt", "免税"), ("unpaid", "未完税")),
        shown(line("tax_voucher", "完税或免税凭证号", maximum=60), UNTAXED),
        area("opinion", "核实说明"),
    ],
    "tax_notice": [
        line("tax_kind", "应缴税种", maximum=60),
        line("place", "办税窗口或办税渠道", maximum=100),
        area("opinion", "一次告知的内容", required=True, description="税种、依据、办税地点、所需材料和期限"),
    ],
    "tax_paid": [
        radio("tax_state", "完税情况", ("paid", "已完税"), ("exempt", "免税")),
        line("tax_voucher", "完税或免税凭证号", maximum=60),
    ],
    "collect_SX_1": [
        checklist("collected", "代收材料", ["身份证明", "申请书", "照片", "证明材料"], description="代收单不是受理凭证"),
        line("collected_by", "代收人（村代办员）"),
        line("client", "委托人签字", description="委托人确认免费代办"),
    ],
    "receive_SX_1": [
        area("result", "收到的结果", required=True, description="证照编号、不予决定或不予受理通知"),
        line("handed_by", "移交人（政务服务中心）"),
        line("received_by", "接收人（乡镇代理员）"),
    ],
    "deliver_SX_1": [
        line("handed_by", "送交人（村代办员）"),
        line("received_by", "申请人签收"),
        day("delivered_on", "送交日期", required=True),
    ],
}  # fmt: skip


def write_joint_forms(cards: dict[str, dict], folder: Path) -> None:
    """Write them into `folder`, where the forms of 104-QT-005 lie already; `cards` are the register cards by code."""
    for code in ITEMS:
        write_card_forms(cards[code], folder)
    for code in PROMISES:
        write_form(f"commitment_{code.replace('-', '_')}", commitment(code), folder)
    for key, parts in FORMS.items():
        write_form(key, parts, folder)
    write_form("apply_SX_1", village_application(), folder)
    write_form("declare_SX_1", declaration(cards), folder)
    for word in ("apply", "accept"):
        _of_the_variant(word, folder)


def _of_the_variant(word: str, folder: Path) -> None:
    """The forms of 施工图联合审查 for its variant, which asks whether lightning protection is examined as well."""
    read = json.loads((folder / f"{word}_104_QT_005.form").read_text("utf-8"))
    parts = read["components"]
    if word == "apply":
        ask = tick("lightning_review", "涉及易燃易爆等场所（须防雷审查）")
        parts[1]["components"].append(ask)
    write_form(f"{word}_104_QT_005_joint", parts, folder)
