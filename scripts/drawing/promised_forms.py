"""Forms of 承诺件: those every item shares, and what single desks ask beyond them."""

from __future__ import annotations

import json
from pathlib import Path

from drawing.card_forms import write_card_forms
from drawing.forms import SHARED, area, checklist, day, granting, line, moment, number, radio, write_form
from drawing.procedures import procedure_form
from drawing.register import requested, slug
from drawing.specials import Special, special_of

YES_NO = (("yes", "是"), ("no", "否"))
ACCEPTED = 'decision = "reject" or decision = "correct"'
UNBOOKED = f"{ACCEPTED} or survey_on = null"
HALVES = (("上午", "上午"), ("下午", "下午"))


def yes_no(key: str, label: str, *, hide: str = "", description: str = "") -> dict:
    """A question that has to be answered."""
    made = radio(key, label, *YES_NO, description=description)
    return made | ({"conditional": {"hide": f"={hide}"}} if hide else {})


def tick(key: str, label: str, *, hide: str = "", description: str = "") -> dict:
    """Something that may be so."""
    made: dict = {"id": f"Field_{key}", "key": key, "label": label, "type": "checkbox"}
    made |= {"description": description} if description else {}
    return made | ({"conditional": {"hide": f"={hide}"}} if hide else {})


def amount(
    key: str, label: str, unit: str, *, required: bool = True, description: str = "", most: int | None = None
) -> dict:
    """A decimal amount."""
    made: dict = {
        "id": f"Field_{key}", "key": key, "label": label, "type": "number", "decimalDigits": 2,
        "appearance": {"suffixAdorner": unit},
        "validate": {"min": 0} | ({"required": True} if required else {}) | ({} if most is None else {"max": most}),
    }  # fmt: skip
    return made | ({"description": description} if description else {})


def optional_line(key: str, label: str, *, hide: str = "", description: str = "", maximum: int = 60) -> dict:
    """One line that may stay empty."""
    made = line(key, label, required=False, description=description, maximum=maximum)
    return made | ({"conditional": {"hide": f"={hide}"}} if hide else {})


def shown(component: dict, hide: str) -> dict:
    """The component, hidden while the condition holds."""
    return component | {"conditional": {"hide": f"={hide}"}}


AT_WINDOW = {  # what the window answers as well when it accepts
    "105-QT-002": [
        day("survey_on", "约定现场核验日期", hide=ACCEPTED) | {"description": "与申请人当场约定；未约定的由部门预约"},
        shown(radio("half", "时段", *HALVES), UNBOOKED),
        shown(line("place", "核验地点", maximum=100), UNBOOKED),
    ],
    "109-XK-004": [tick("toll_road", "涉及经营性公路", hide=ACCEPTED, description="须征求公路经营企业意见")],
    "111-XK-004": [
        day("used_since", "投入使用日期", hide=ACCEPTED) | {"description": "尚未投入使用的不填；应在投入使用前或投入使用后三十日内申请"}
    ],
}  # fmt: skip
REFUSED = 'recommendation = "refuse"'
AT_DESK = {  # what the reviewing desk answers as well
    "102-QR-004": [amount("deviation_pct", "核定面积偏差", "%", most=100, description="按竣工测绘和现场核实填写，超过3%的不得核发规划核实合格证")],
    "102-QR-005": [
        radio("house_use", "房屋用途", ("住宅", "住宅"), ("非住宅", "非住宅"), description="按用途计收登记费"),
    ],
    "103-XK-004": [tick("site_check", "需要现场核查", description="首次申请、排放口或污染防治设施有变化、申报内容存疑的应当现场核查")],
    "104-QT-007": [
        checklist(
            "docs_check", "认可文件核对",
            ["规划核实合格证", "消防验收意见书或备案凭证", "人防工程竣工验收备案证明", "城建档案合格证明", "工程质量监督报告"],
            description="核对齐全的勾选",
        )
    ],
    "121-XK-001": [amount("quota_left", "年度剩余采伐限额", "立方米", description="申请蓄积量超过剩余限额的不得核发")],
    "123-XK-001": [yes_no("layout_fits", "是否符合合理布局", description="按当地烟草制品零售点合理布局规划核对间距和数量")],
}  # fmt: skip
SHORT = {  # what a short way checks
    "101-XK-003": checklist(
        "checked", "承诺登记核对",
        ["年综合能源消费量不满1000吨标准煤", "年电力消费量不满500万千瓦时", "节能承诺书由法定代表人签署", "工艺和设备不属淘汰类"],
    ),
    "108-XK-002": checklist(
        "checked", "承诺核对", ["征占地面积和挖填土石方总量符合报告表或登记表标准", "水土保持承诺书由法定代表人签署", "防治责任范围已划定"],
    ),
}  # fmt: skip
CONCLUSION = [
    radio("recommendation", "综合意见", ("grant", "建议准予"), ("refuse", "建议不予"), ("survey", "再次勘查"),
          ("procedure", "提请特别程序"), description="依据书面审查和现场勘查；最多勘查三次"),
    area("procedure_reason", "提请何种特别程序及理由", required=True, hide='recommendation != "procedure"',
         description="听证、检验检测、专家评审等，经首席代表批准后暂停计时"),
    area("survey_reason", "再次勘查的内容", required=True, hide='recommendation != "survey"',
         description="写明整改后需要复查的事项"),
    area("opinion", "审核意见", hide=REFUSED),
    area("reason", "不予理由", required=True, hide='recommendation != "refuse"', description="写明事实和依据条款"),
]  # fmt: skip
MISSED = "absent = true and absences = 0"  # nobody was met at the first appointment: it is agreed on anew
COMMON = {
    "written_review": [
        checklist("checked", "书面审查", ["材料真实有效", "内容符合法定条件", "与共享信息一致"], description="不符合的不勾选，在意见中写明"),
        area("opinion", "书面审查意见", required=True, description="材料是否符合法定条件、标准"),
        area("focus", "现场勘查重点", description="需要在现场核对的事项"),
    ],
    "conclude": CONCLUSION,
    "survey_booking": [
        day("survey_on", "勘查日期", required=True),
        radio("half", "时段", *HALVES),
        line("place", "勘查地点", maximum=100),
        area("agreed", "约定情况", description="与何人、以何种方式约定"),
    ],
    "survey": [
        tick("absent", "申请人未到场", description="首次未到场的改约一次；再次未到场的照常勘查，由勘查人记明"),
        shown(moment("began_at", "勘查时间", required=True), MISSED),
        shown(line("place", "勘查地点", maximum=100), MISSED),
        shown(line("inspector_a", "勘查人"), MISSED),
        shown(line("certificate_a", "执法证号"), MISSED),
        shown(line("inspector_b", "第二勘查人", description="现场勘查由两名以上人员进行，不得与批准人为同一人"), MISSED),
        shown(line("certificate_b", "第二勘查人执法证号"), MISSED),
        area("others", "其他勘查人", hide=MISSED, description="每行一人：姓名，执法证号"),
        area("checks", "检查项", required=True, hide=MISSED, description="每行一项：检查内容；结论；照片编号"),
        shown(radio("survey_conclusion", "勘查结论", ("通过", "通过"), ("整改", "整改"), ("不通过", "不通过")), MISSED),
        day("rectify_by", "整改期限", required=True, hide=f'{MISSED} or survey_conclusion != "整改"'),
        optional_line("applicant_signed", "申请人签字", hide="absent = true", description="当面签字人姓名"),
        shown(line("witness", "见证人", description="申请人拒绝签字的，由见证人签名"), "absent = true or applicant_signed != null"),
        moment("copy_given_at", "副本交付时间") | {"conditional": {"hide": "=absent = true"}, "description": "不填的为签单时间"},
        area("reason", "未到场情况", required=True, hide="absent != true", description="联系过程、到场人员和见证人"),
    ],
    "publicity": [
        day("published_from", "公示开始日期", required=True),
        day("published_to", "公示结束日期", required=True),
        line("place", "公示地点或网址", maximum=200),
        tick("objections", "收到异议"),
        area("opinion", "异议内容和核实情况", required=True, hide="objections != true"),
    ],
    "hearing_notice": [
        day("announced_on", "公告日期", required=True),
        moment("held_at", "听证时间", required=True) | {"description": "公告应在听证七日前发布"},
        line("hearing_place", "听证地点", maximum=100),
        line("hearing_host", "主持人", description="主持人不得是审查本申请的人员"),
        number("expected_days", "预计所需工作日", 1, most=20),
        area("opinion", "听证事项", description="不填的按申请内容"),
    ],
    "meeting_papers": [
        line("title", "议题", maximum=100),
        area("opinion", "提请审议的事项和审核意见", required=True),
        area("attachments", "会议材料", description="每行一份"),
    ],
    "meeting": [
        moment("met_at", "会议时间", required=True),
        line("chair", "主持人"),
        area("attendees", "出席人员", required=True, description="每行一人：姓名，职务；不少于三人"),
        radio("resolution", "会议决议", ("grant", "同意"), ("refuse", "不同意"), ("return", "补充后再议")),
        area("minutes", "会议记录", required=True, description="讨论要点、表决情况和不同意见"),
        line("minutes_no", "会议纪要编号"),
    ],
    "works": [
        day("started_on", "开工日期", required=True),
        day("finished_on", "竣工日期", required=True),
        area("opinion", "验收和送电情况", required=True),
    ],
    "follow_up": [
        radio("fulfilled", "是否履行", ("yes", "已履行"), ("no", "未履行")),
        line("voucher", "凭证编号", required=False, maximum=60),
        area("opinion", "跟踪情况", required=True),
    ],
}  # fmt: skip


def write_promised(card: dict, folder: Path) -> None:
    """Write the forms of one 承诺件 and those of its own desks."""
    name, special = slug(card), special_of(card)
    write_card_forms(card, folder)
    if card["code"] in AT_WINDOW:
        _lengthen(folder / f"accept_{name}.form", AT_WINDOW[card["code"]])
    for key, components in _own(card, name, special).items():
        write_form(key, components, folder)
    kinds = requested(card)
    write_form(procedure_form(kinds), granting(kinds), folder)


def write_common(folder: Path) -> None:
    """Write the forms the items share."""
    for key, components in COMMON.items():
        write_form(key, components, folder)


def _own(card: dict, name: str, special: Special) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    more = AT_DESK.get(card["code"], [])
    if special.survey and special.survey != "always":
        found[f"review_{name}"] = [*COMMON["written_review"], *more]
    elif more:
        base, key = (CONCLUSION, f"conclude_{name}") if special.survey else (SHARED["review"], f"review_{name}")
        found[key] = [base[0], *more, *base[1:]]
    if special.batch:
        found[f"batch_{name}"] = [
            line("batch_no", "办理批次", description="同一批次集中核对、集中派位，如“2026年秋季第1批”"),
            day("batch_on", "集中办理日期", required=True),
            area("remark", "备注"),
        ]
    if special.short:
        found[f"short_{name}"] = [
            SHORT[card["code"]],
            radio("recommendation", "核对结论", ("grant", "建议准予"), ("refuse", "建议不予")),
            area("reason", "不予理由", required=True, hide='recommendation != "refuse"'),
        ]
    return found


def _lengthen(path: Path, components: list[dict]) -> None:
    schema = json.loads(path.read_text("utf-8"))
    schema["components"] += components
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")
