"""The words of quality: kinds, sources, states of every register, grades, reasons; Chinese is what is stored in lists of choice."""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

KINDS = {
    "efficiency": _("效能"),
    "attitude": _("服务态度"),
    "fee": _("收费"),
    "procedure": _("程序"),
    "integrity": _("廉政"),
    "result": _("结果异议"),
}
SOURCES = {
    "online": _("网上"),
    "telephone": _("电话"),
    "window": _("窗口"),
    "box": _("意见箱"),
    "letter": _("来信"),
    "opinion": _("舆情"),
    "12345": _("12345 热线"),
    "callback": _("回访"),
}
FAULTS = {
    "late": _("超时未办"),
    "not_told_once": _("不一次性告知"),
    "shirking": _("推诿"),
    "shelved": _("搁置"),
    "fee": _("违规收费"),
    "outside": _("体外循环"),
    "attitude": _("态度"),
    "leak": _("泄密"),
}
GRADES = {5: _("非常满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("非常不满意"), 0: _("未评价")}
CHANNELS = {"ONLINE": _("网上评价"), "WINDOW": _("窗口评价器")}
TAGS = {
    "服务热情": _("服务热情"),
    "一次办好": _("一次办好"),
    "按时办结": _("按时办结"),
    "材料告知不清": _("材料告知不清"),
    "多次跑动": _("多次跑动"),
    "办理太慢": _("办理太慢"),
    "态度不好": _("态度不好"),
    "收费不明": _("收费不明"),
}
FINDINGS = {"true": _("属实"), "partly": _("部分属实"), "mistaken": _("误评")}
SATISFACTIONS = {"satisfied": _("满意"), "silent": _("逾期未回复，视为满意"), "unsatisfied": _("不满意")}
SANCTIONS = {
    "talk": _("提醒谈话"),
    "criticism": _("通报批评"),
    "transfer": _("调离窗口岗位"),
    "discipline": _("移送处分"),
}
WAYS = {"at_once": _("当场答复"), "handed_on": _("转办")}
TITLES = {
    "complaints": _("投诉"),
    "bad_ratings": _("差评处置"),
    "callbacks": _("回访"),
    "inspections": _("抽查"),
    "faults": _("过错责任"),
    "consultations": _("咨询"),
    "on_site": _("现场办公"),
}
STATES = {
    "complaints": {
        "filed": _("待受理"),
        "assigned": _("调查中"),
        "audited": _("审核答复"),
        "replied": _("待确认"),
        "review": _("复核中"),
        "closing": _("待认定"),
        "closed": _("已办结"),
        "refused": _("不予受理"),
        "withdrawn": _("已撤回"),
    },
    "bad_ratings": {
        "verifying": _("核实中"),
        "appealed": _("误评复核"),
        "rectifying": _("整改中"),
        "called_back": _("督查回访"),
        "closed": _("已办结"),
        "invalid": _("误评"),
    },
    "callbacks": {"calling": _("回访中"), "closed": _("已归档"), "empty": _("没有对象")},
    "inspections": {
        "checking": _("核查中"),
        "confirming": _("确认问题"),
        "closed": _("已归档"),
        "empty": _("没有对象"),
    },
    "faults": {
        "opening": _("待立案"),
        "statement": _("陈述申辩"),
        "deciding": _("待认定"),
        "sanctioning": _("待处理"),
        "appeal": _("申诉期"),
        "review": _("复核中"),
        "closed": _("已办结"),
        "not_opened": _("不予立案"),
        "no_fault": _("无过错"),
        "revoked": _("已撤销"),
    },
    "consultations": {
        "handed_on": _("待接收"),
        "returned": _("退回窗口"),
        "answering": _("待答复"),
        "at_once": _("当场答复"),
        "answered": _("已答复"),
    },
    "on_site": {"waiting": _("待登记"), "solving": _("办理问题"), "closed": _("已完成"), "missed": _("已通报")},
}
OVER = {"going_on": _("办理中"), "ended": _("已终止")}
FILTERS: dict[str, dict[Any, Any]] = {  # what a register can be filtered by, beside state and department
    "complaints": KINDS,
    "bad_ratings": {"2": GRADES[2], "1": GRADES[1]},
    "faults": FAULTS,
    "consultations": WAYS,
}


FACTS: dict[str, tuple[tuple[str, Any, dict[Any, Any] | None], ...]] = {  # what a case of a register is about
    "complaints": (
        ("matter_kind", _("投诉类别"), KINDS),
        ("source", _("来源"), SOURCES),
        ("complainant_name", _("投诉人"), None),
        ("phone", _("联系电话"), None),
        ("about_number", _("办件编号"), None),
        ("about_stage", _("所在环节"), None),
        ("department", _("被投诉部门"), None),
        ("window", _("窗口"), None),
        ("accused", _("被投诉人姓名或工号"), None),
        ("complaint_text", _("事实和要求"), None),
        ("reply", _("答复"), None),
        ("satisfaction", _("是否满意"), SATISFACTIONS),
    ),
    "bad_ratings": (
        ("grade", _("评价"), {str(code): words for code, words in GRADES.items()}),
        ("rating_text", _("理由"), None),
        ("about_number", _("办件编号"), None),
        ("department", _("部门"), None),
        ("finding", _("核实"), FINDINGS),
    ),
    "faults": (
        ("fault_kind", _("过错情形"), FAULTS),
        ("person_name", _("责任人"), None),
        ("department", _("部门"), None),
        ("about_number", _("有关办件编号"), None),
        ("facts", _("事实"), None),
        ("sanction", _("处理"), SANCTIONS),
    ),
    "consultations": (
        ("question", _("咨询内容"), None),
        ("person_name", _("咨询人"), None),
        ("phone", _("联系电话"), None),
        ("way", _("办理方式"), WAYS),
        ("department", _("转办部门"), None),
        ("answer_given", _("答复"), None),
        ("answer", _("答复"), None),
    ),
    "on_site": (("quarter", _("季度"), None), ("department", _("部门"), None), ("problems", _("收集的问题"), None)),
    "callbacks": (
        ("period", _("月份"), None),
        ("reached_count", _("接通"), None),
        ("problem_count", _("有问题"), None),
    ),
    "inspections": (("period", _("月份"), None), ("problem_count", _("有问题"), None)),
}


def state(register: str, name: str) -> Any:
    """A state of a register in words."""
    return STATES[register].get(name) or OVER.get(name, name)


def register(app: Flask) -> None:
    """The words are `quality` in every template."""
    app.jinja_env.globals["quality"] = sys.modules[__name__]
