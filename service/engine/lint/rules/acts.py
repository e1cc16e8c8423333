"""LB52x: what a diagram asks of the service: acts with their inputs, documents and messages where they can be asked for."""

from __future__ import annotations

from typing import Any

from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import ACTIVITIES, EVENTS, ZW, Diagram, Node, Process, local
from service.engine.lint.report import Pen
from service.rules.act_cards import ActCard, InputKind
from service.rules.acts import ACTS, ASKED_OTHERWISE, INPUTS, PASSING, act_of, faults_of, words_of
from service.rules.vocabulary import InHouseAction

INPUT_MISSING = error(
    "LB520",
    "动作“{act}”缺少{label}（zw:{name}）",
    "the act {act} lacks its input zw:{name}",
    "填写该属性；每个动作需要什么见 docs/acts.md",
)
INPUT_VALUE = error(
    "LB521",
    "zw:{name} 的值“{value}”无效：应为{expected}",
    "zw:{name} cannot be {value}: {english}",
    "改为登记的代码；文书种类见 docs/documents.md，消息模板见 docs/messages.md",
)
INPUT_UNUSED = warning(
    "LB522",
    "动作“{act}”不用 zw:{name}，不起作用",
    "the act {act} does not read zw:{name}",
    "删除该属性，或改用需要它的动作",
)
PLACE = error(
    "LB523",
    "zw:{name} 不能写在这里（{what}）：应写在任务、事件，或写有 zw:reaches 的环节上",
    "zw:{name} cannot stand on a {what}: use a task, an event, or an element with zw:reaches",
    "移到办完即应{does}的任务或事件上",
)
ACTION_PLACE = error(
    "LB524",
    "zw:action 只能写在服务任务、发送任务或业务规则任务上，不能写在{what}上",
    "zw:action stands on service, send and business rule tasks only, not on a {what}",
    "改为服务任务",
)
TWICE = warning(
    "LB525",
    "{code} {why}，图上再写会重复发送",
    "{code} is sent by the service itself; drawn as well it is sent twice",
    "从 zw:sms 中删去",
)

WITH_ACTION = ("serviceTask", "sendTask", "businessRuleTask")
ALONE = {"doc": "出具文书", "sms": "发送消息", "to": "告知对方系统"}


def check_acts(diagram: Diagram, pen: Pen) -> None:
    """Every act an executable process names, and what its elements hand out when they are passed."""
    for process in diagram.processes:
        if not process.executable:
            continue
        tasks = {node.id for node in process.nodes() if node.kind in ("userTask", "manualTask")}
        nodes = {node.element: node for node in process.nodes()}
        for node in nodes.values():
            check_node(node, tasks, pen)
        check_elsewhere(process, nodes, pen)


def check_node(node: Node, tasks: set[str], pen: Pen) -> None:
    """One node: its act with its inputs, or what it hands out."""
    action = node.zw.get("action", "").strip()
    if not action:
        for name in PASSING:
            if name in node.zw:
                check_passing(node, name, pen)
        return
    if node.kind not in WITH_ACTION:
        pen.say(ACTION_PLACE, node.element, what=node.kind)
        return
    card = act_of(node.zw)
    if card is not None:
        check_inputs(node, card, tasks, pen)


def check_inputs(node: Node, card: ActCard, tasks: set[str], pen: Pen) -> None:
    """The inputs of an act: there when they must be, of their kind, none it does not read."""
    for one in card.inputs:
        value = node.zw.get(one.name, "").strip()
        if not value and one.required and not (one.kind is InputKind.TASK and card.name is InHouseAction.ESCALATE):
            pen.say(INPUT_MISSING, node.element, act=card.label, label=one.label, name=one.name)
        for fault in faults_of(one, value) if value else ():
            said = {"name": one.name, "value": fault.value, "expected": fault.expected, "english": fault.english}
            pen.say(INPUT_VALUE, node.element, **said)
        if one.name == "sms":
            say_twice(node, value, pen)
        if one.kind is InputKind.TASK and value and value not in tasks and card.name is not InHouseAction.ESCALATE:
            pen.say(
                INPUT_VALUE,
                node.element,
                name=one.name,
                value=value,
                expected="本流程的人工环节",
                english="a user task",
            )
    if card.name is InHouseAction.DOCUMENT and len(words_of(node.zw.get("doc", ""))) > 1:
        said = {"expected": "一种文书", "english": "one kind of document a task"}
        pen.say(INPUT_VALUE, node.element, name="doc", value=node.zw["doc"], **said)
    for name in node.zw:
        if name in PASSING and card.input(name) is None:
            check_passing(node, name, pen)
        elif name in INPUTS and card.input(name) is None:
            pen.say(INPUT_UNUSED, node.element, act=card.label, name=name)


def check_passing(node: Node, name: str, pen: Pen) -> None:
    """What an element without an act hands out when it is passed."""
    value = node.zw[name].strip()
    if node.kind not in ACTIVITIES | EVENTS and not node.zw.get("reaches"):
        pen.say(PLACE, node.element, name=name, what=node.kind, does=ALONE[name])
    card = ACTS[PASSING[name]]
    one = card.input(name)
    for other in card.inputs:
        if other.required and not node.zw.get(other.name, "").strip():
            pen.say(INPUT_MISSING, node.element, act=card.label, label=other.label, name=other.name)
    for fault in faults_of(one, value) if one is not None else ():
        pen.say(INPUT_VALUE, node.element, name=name, value=fault.value, expected=fault.expected, english=fault.english)
    if name == "sms":
        say_twice(node, value, pen)


def say_twice(node: Node, value: str, pen: Pen) -> None:
    """Messages the service sends by rule."""
    for code in words_of(value):
        if code in ASKED_OTHERWISE:
            pen.say(TWICE, node.element, code=code, why=ASKED_OTHERWISE[code])


def check_elsewhere(process: Process, nodes: dict[Any, Node], pen: Pen) -> None:
    """Acts written on what is no node: flows, lanes, the process, data."""
    for element in (process.element, *process.element.iterdescendants()):
        if element in nodes or not isinstance(element.tag, str):
            continue
        for name in PASSING:
            if element.get(f"{ZW}{name}") is not None:
                pen.say(PLACE, element, name=name, what=local(element), does=ALONE[name])
        if element.get(f"{ZW}action") is not None:
            pen.say(ACTION_PLACE, element, what=local(element))
