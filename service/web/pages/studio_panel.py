"""The properties panel: which attributes stand where, how each is chosen, and the words of every list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.web.pages import labels
from service.web.pages.studio_words import CAMUNDA, VALUES, ZW

HINTS = {
    "limit": _("1hd 为一个半日，3wd 为三个工作日"),
    "receipt": _("例如 5wd"),
    "statutory": _("20wd 为工作日，7cd 为自然日"),
    "valid": _("3y 为年，6m 为月"),
    "milestones": _("例如 M0:1,M1:8"),
    "quorum": _("inspectors>=2、tiers=3，或 all、any、sequential"),
    "doc": _("文书编码，多个用空格分开"),
    "sms": _("消息编码，多个用空格分开"),
    "dept": _("部门编码，或 =item.department 这样的表达式"),
    "short": _("不超过 8 个字，用于短信"),
    "data_contract": _("变量名，用空格分开"),
    "avoid": _("本环节的人不得办过的环节"),
    "assignee": _("用户名，或 = 开头的表达式"),
    "candidateGroups": _("岗位编码，多个用逗号分开"),
    "dueDate": _("日期，或 = 开头的表达式"),
}
LISTS = {  # attribute → list it is chosen from
    "role": "roles",
    "dept": "departments",
    "lead": "departments",
    "form": "forms",
    "pause": "pauses",
    "stage": "stages",
    "doc": "documents",
    "sms": "messages",
    "process": "processes",
}
CLOSED = ("pause", "process")  # nothing but what the list says
TASK = (
    "stage", "role", "dept", "limit", "ladder", "tacit", "pause", "doc", "sms", "quorum", "mask", "avoid", "empty",
    "same", "duplicate", "bulk", "milestone", "reaches", "decision",
)  # fmt: skip
PROCESS = (
    "kind", "item", "short", "limit", "limit_start", "receipt", "statutory", "statutory_start", "promise_reason",
    "extension", "basis", "result", "certificate", "valid", "fee", "tacit", "tacit_basis", "tacit_answers",
    "tacit_confirm", "decides", "chain_type", "lead", "milestones", "data_contract", "excludes", "clock",
    "version_note",
)  # fmt: skip
SERVICE = ("action", "target", "doc", "sms", "reaches", "fees", "process", "deed", "title", "fields", "series")
CALL = ("limit", "stage", "role", "dept", "milestone", "tacit", "pause", "excludes", "reaches")
EVENT = ("reaches", "doc", "sms", "milestone", "limit")
LITERAL = ("assignee", "candidateGroups", "candidateUsers", "dueDate", "priority", "topic")


def panel(lists: Mapping[str, Sequence[tuple[str, str]]], attributes: Sequence[str]) -> dict[str, Any]:
    """Groups of fields by kind of element, and the lists they choose from. `attributes`: every one of ours there is."""
    zw = {name: _field("zw", name, ZW.get(name, name), lists) for name in attributes}
    camunda = {name: _field("camunda", name, words, lists) for name, words in CAMUNDA.items()}
    camunda["decisionRef"] |= {"list": "decisions"}
    groups = {
        "bpmn:Process": [(_("流程"), [zw[name] for name in PROCESS] + [camunda["versionTag"]])],
        "bpmn:UserTask": [
            (_("环节"), [_form(), *(zw[name] for name in TASK)]),
            (
                _("指派"),
                [camunda[name] for name in ("assignee", "candidateGroups", "candidateUsers", "dueDate", "priority")],
            ),
        ],
        "bpmn:ManualTask": [(_("环节"), [_form(), *(zw[name] for name in TASK)])],
        "bpmn:ServiceTask": [
            (_("系统动作"), [zw[name] for name in SERVICE]),
            (_("外部任务"), [camunda["type"], camunda["topic"]]),
        ],
        "bpmn:SendTask": [(_("系统动作"), [zw[name] for name in SERVICE])],
        "bpmn:BusinessRuleTask": [
            (_("决策"), [camunda[name] for name in ("decisionRef", "resultVariable", "mapDecisionResult")])
        ],
        "bpmn:CallActivity": [(_("调用"), [zw[name] for name in CALL])],
        "bpmn:StartEvent": [(_("事件"), [_form(), *(zw[name] for name in EVENT)])],
        "bpmn:Event": [(_("事件"), [zw[name] for name in EVENT])],
    }
    return {
        "groups": {
            kind: [{"label": str(label), "fields": fields} for label, fields in found] for kind, found in groups.items()
        },
        "attributes": list(zw.values()),
        "lists": {
            name: [[value, _called(name, value, words)] for value, words in values] for name, values in lists.items()
        }
        | {"roles": [[role, str(words)] for role, words in labels.ROLES.items()]},
    }


def _form() -> dict[str, Any]:
    return {"ns": "camunda", "name": "formKey", "label": gettext("表单"), "list": "forms", "closed": False, "hint": ""}


def _field(ns: str, name: str, words: Any, lists: Mapping[str, Any]) -> dict[str, Any]:
    chosen = LISTS.get(name) or (name if name in lists else "") if ns == "zw" else ""
    return {
        "ns": ns,
        "name": name,
        "label": str(words),
        "list": chosen,
        "closed": bool(chosen) and (name in CLOSED or name in lists),
        "hint": str(HINTS.get(name, "")),
        "checked": ns == "camunda" and name in LITERAL,
    }


def _called(name: str, value: str, words: str) -> str:
    if words:
        return gettext(words) if name in ("pauses", "messages", "documents") else words
    return str(VALUES.get(name, {}).get(value, ""))
