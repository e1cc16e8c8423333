"""Forms of the supporting processes of quality: what a complaint, a call, a bad rating or a question is answered with."""

from __future__ import annotations

from pathlib import Path

from drawing.forms import area, day, line, number, radio, write_form

COMPLAINT_KINDS = (
    ("efficiency", "效能"), ("attitude", "服务态度"), ("fee", "收费"), ("procedure", "程序"), ("integrity", "廉政"),
    ("result", "结果异议"),
)  # fmt: skip
FAULTS = (
    ("late", "超时未办"), ("not_told_once", "不一次性告知"), ("shirking", "推诿"), ("shelved", "搁置"), ("fee", "违规收费"),
    ("outside", "体外循环"), ("attitude", "态度"), ("leak", "泄密"),
)  # fmt: skip
GRADES = (("5", "非常满意"), ("4", "满意"), ("3", "基本满意"), ("2", "不满意"), ("1", "非常不满意"))


DEPARTMENTS = (
    ("101", "发展和改革局"), ("102", "自然资源和规划局"), ("103", "生态环境局"), ("104", "住房和城乡建设局"),
    ("105", "国防动员办公室"), ("106", "消防救援大队"), ("107", "城市管理局"), ("108", "水利局"), ("109", "交通运输局"),
    ("110", "粮食和物资储备局"), ("111", "市场监督管理局"), ("112", "公安局"), ("113", "税务局"),
    ("114", "人力资源和社会保障局"), ("115", "卫生健康委员会"), ("116", "应急管理局"), ("117", "教育局"), ("118", "民政局"),
    ("119", "文化广电和旅游局"), ("120", "农业农村局"), ("121", "林业局"), ("122", "气象局"), ("123", "烟草专卖局"),
    ("124", "财政局"), ("125", "供水/供电企业"), ("127", "住房公积金管理中心"), ("128", "医疗保障局"), ("129", "城建档案馆"),
    ("201", "政务服务中心"), ("202", "监察机关"), ("203", "司法局"),
)  # fmt: skip


def department(label: str, *, required: bool, description: str = "") -> dict:
    """One of the departments of the city."""
    made: dict = {
        "id": "Field_department", "key": "department", "label": label, "type": "select",
        "values": [{"value": code, "label": name} for code, name in DEPARTMENTS],
    }  # fmt: skip
    if required:
        made["validate"] = {"required": True}
    return made | ({"description": description} if description else {})


def write_quality_forms(folder: Path) -> None:
    """All of them into `folder`."""
    for key, components in QUALITY.items():
        write_form(key, components, folder)


def shown(text: str) -> dict:
    """Words of the case above the questions; places are FEEL."""
    return {"id": "Field_shown", "key": "shown", "label": "案情", "type": "text", "text": text}


def when(component: dict, hide: str) -> dict:
    """A component that is hidden while the condition holds."""
    return component | {"conditional": {"hide": f"={hide}"}}


MATTER = "投诉内容：{{complaint_text}}"
CALLED = "{{one.title}}（{{one.number}}，{{one.reasons}}）"
QUALITY = {
    "complaint_accept": [
        shown(MATTER),
        radio("decision", "受理结论", ("accept", "受理"), ("refuse", "不予受理"), ("objection", "属于业务异议，告知复议或诉讼")),
        when(radio("matter_kind", "投诉类别", *COMPLAINT_KINDS), 'decision = "refuse"')
        | {"description": "效能和廉政类由督查调查"},
        when(department("被投诉部门", required=False, description="不清楚的留空，由督查调查"),
             'decision != "accept"'),
        when(line("accused", "被投诉人姓名或工号", required=False, description="写明被投诉人的，不由其所在部门调查"),
             'decision != "accept"'),
        area("reason", "不予受理或告知的理由", required=True, hide='not(decision = "refuse" or decision = "objection")'),
    ],
    "complaint_investigate": [
        shown(MATTER),
        radio("extend", "办理情况", ("no", "已查清，拟答复"), ("yes", "情况复杂，申请延期五个工作日"),
              description="只能延期一次"),
        area("extend_reason", "延期理由", required=True, hide='extend != "yes"'),
        area("investigation", "调查情况", required=True, hide='extend = "yes"'),
        area("proposed_reply", "拟答复意见", required=True, hide='extend = "yes"'),
    ],
    "complaint_audit": [
        shown(MATTER),
        radio("audit", "审核结论", ("approve", "同意答复"), ("return", "退回重办"), description="退回只有一次"),
        area("reply", "答复投诉人的内容", required=True, hide='audit = "return"'),
        area("return_reason", "退回理由", required=True, hide='audit != "return"'),
    ],
    "complaint_confirm": [
        shown("对投诉的答复：{{reply}}"),
        radio("satisfaction", "对答复是否满意", ("satisfied", "满意"), ("unsatisfied", "不满意，申请复核"),
              description="三个工作日内未回复的视为满意；复核只有一次"),
        area("said", "意见", required=False),
    ],
    "complaint_review": [
        shown(MATTER),
        area("review_finding", "复核情况", required=True),
        area("review_reply", "复核意见", required=True),
    ],
    "complaint_close": [
        shown(MATTER),
        {"id": "Field_valid", "key": "valid", "label": "认定为有效投诉（属实或部分属实）", "type": "checkbox"},
        area("close_reason", "认定理由", required=True),
    ],
    "callback": [
        shown(CALLED),
        radio("reached", "联系情况", ("yes", "已接通"), ("no", "未联系上"), description="三次联系不上的，记为未接通"),
        area("handled", "办过哪些事", hide='reached != "yes"'),
        area("time_used", "用时多久", hide='reached != "yes"'),
        area("money_spent", "花了多少钱", hide='reached != "yes"'),
        area("misconduct", "是否遇到吃拿卡要、捆绑收费、部门不合作", hide='reached != "yes"'),
        when(radio("satisfaction", "满意度", *GRADES), 'reached != "yes"'),
        when(radio("follow", "反映的问题", ("none", "没有问题"), ("noted", "有问题，已当场解释"), ("order", "有问题，转督办"), ("complaint", "有问题，转为投诉")),
             'reached != "yes"'),
        area("problem", "问题内容", required=True, hide='follow = null or follow = "none"'),
    ],
    "rating_verify": [
        shown("评价 {{grade}} 分：{{rating_text}}（办件 {{about_number}}）"),
        radio("finding", "核实结论", ("true", "属实"), ("partly", "部分属实"), ("mistaken", "误评")),
        area("contacted", "与评价人联系的情况", required=True),
        {"id": "Field_complex", "key": "complex", "label": "情况复杂，整改需要十五个工作日", "type": "checkbox",
         "conditional": {"hide": '=finding = "mistaken"'}},
        area("complex_reason", "情况复杂的理由", required=True, hide="complex != true"),
    ],
    "rating_appeal": [
        radio("appeal", "复核结论", ("upheld", "是误评，不计入评价"), ("rejected", "不是误评，应当整改")),
        area("reason", "复核理由", required=True),
    ],
    "rating_rectify": [area("measure", "整改措施和结果", required=True)],
    "rating_callback": [
        radio("accepted", "评价人是否认可整改", ("yes", "认可"), ("no", "不认可"), ("unreached", "联系不上")),
        area("said", "回访情况", required=True),
    ],
    "fault_open": [
        shown("线索：{{facts}}"),
        radio("opened", "是否立案", ("yes", "立案"), ("no", "不予立案")),
        area("reason", "理由", required=True),
    ],
    "fault_statement": [shown("立案事实：{{facts}}"), area("statement", "陈述和申辩", required=True)],
    "fault_decide": [
        radio("guilty", "认定结论", ("yes", "有过错"), ("no", "无过错")),
        area("established", "认定的事实", required=True),
        line("members", "参加认定的人员", maximum=200, description="集体认定，至少三人，以顿号分开"),
        area("minutes", "认定会议纪要", required=True),
    ],
    "fault_sanction": [
        radio("sanction", "处理", ("talk", "提醒谈话"), ("criticism", "通报批评"), ("transfer", "调离窗口岗位"),
              ("discipline", "移送处分")),
        area("finding", "认定和处理意见", required=True),
        day("served_on", "送达日期", required=True),
        day("appeal_by", "申诉期限", required=True),
    ],
    "fault_appeal": [
        radio("appeals", "是否申诉", ("no", "不申诉"), ("yes", "申诉")),
        area("grounds", "申诉理由", required=True, hide='appeals != "yes"'),
    ],
    "fault_review": [
        radio("review", "复核结论", ("uphold", "维持"), ("change", "变更处理"), ("revoke", "撤销认定")),
        area("reason", "复核理由", required=True),
    ],
    "consultation": [
        line("person_name", "咨询人", required=False, maximum=50),
        line("phone", "联系电话", required=False, maximum=20, description="转办的请留下电话，以便答复"),
        area("question", "咨询内容", required=True),
        radio("way", "办理方式", ("at_once", "当场答复"), ("handed_on", "转有关部门答复")),
        area("answer_given", "答复内容", required=True, hide='way != "at_once"'),
        when(department("转办部门", required=True), 'way != "handed_on"'),
    ],
    "consultation_receive": [
        shown("咨询内容：{{question}}"),
        radio("received", "接收确认", ("ours", "属于本部门，接收"), ("not_ours", "不属于本部门，退回窗口")),
        area("reason", "理由和应由何部门答复", required=True, hide='received != "not_ours"'),
    ],
    "consultation_assign": [
        shown("咨询内容：{{question}}"),
        department("转办部门", required=True),
    ],
    "consultation_answer": [shown("咨询内容：{{question}}"), area("answer", "答复内容", required=True)],
    "inspection": [
        shown(CALLED),
        radio("lawful", "是否依法", ("yes", "是"), ("no", "否")),
        radio("timely", "是否依时", ("yes", "是"), ("no", "否")),
        radio("charged", "收费是否合规", ("yes", "是"), ("no", "否"), ("free", "不收费")),
        radio("result", "核查结论", ("fine", "未发现问题"), ("problem", "有问题")),
        area("findings", "问题", required=True, hide='result != "problem"'),
    ],
    "inspection_confirm": [
        shown("{{one.title}}（{{one.number}}）：{{Task_Check.findings}}"),
        radio("confirmed", "问题是否成立", ("yes", "成立，督办整改"), ("no", "不成立")),
        area("reason", "理由", required=True),
    ],
    "on_site_day": [
        shown("{{quarter}} 现场办公"),
        day("held_on", "现场办公日期", required=True),
        number("hours", "到场小时数", 1, most=24),
        area("problems", "收集的问题", description="每行一个问题；没有问题的留空"),
    ],
    "on_site_solve": [shown("问题：{{problem}}"), area("solved", "办理结果", required=True)],
}  # fmt: skip
