"""LB2xx: ids and what refers to them."""

from __future__ import annotations

import re
from typing import Any

from service.engine.lint.catalog import error, note, warning
from service.engine.lint.diagram import ACTIVITIES, BPMN, Diagram, Flow, Node, Process, Scope, local, text_of
from service.engine.lint.report import Pen

REDRAW = "在流程设计器中删除后重画"

DUPLICATE = error(
    "LB201",
    "标识 {id} 重复（第一次在第 {first} 行）",
    "the id {id} is used twice (first on line {first})",
    "改为唯一的标识",
)
NO_ID = error("LB202", "{what}没有标识（id）", "{what} has no id", "填写唯一的标识")
BAD_ID = error(
    "LB203",
    "标识“{id}”不合规：只能用字母、汉字、数字、-、_ 和 .，不以数字开头，不超过 {limit} 个字符",
    "the id {id} is not a plain name of at most {limit} characters",
    "改用合规的标识",
)
DANGLING_FLOW = error("LB204", "连线的{end}“{ref}”不存在", "the flow's {english_end} {ref} does not exist", REDRAW)
CROSSING = error(
    "LB205",
    "连线的{end}“{ref}”在另一个子流程或流程里，连线不能跨越边界",
    "the flow's {english_end} {ref} is in another scope",
    "用边界事件、消息或调用活动连接",
)
DANGLING = error(
    "LB206", "{attribute} 指向不存在的“{ref}”", "{attribute} means {ref}, which does not exist", "选择存在的定义"
)
PREFIXED = error(
    "LB207", "{attribute} 的值“{ref}”带有命名空间前缀", "{attribute} has the prefixed value {ref}", "只写本文件内的标识"
)
NOT_ATTACHED = error(
    "LB208",
    "边界事件没有附在活动上（attachedToRef=“{ref}”）",
    "the boundary event is attached to no activity ({ref})",
    REDRAW,
)
INTO_START = error("LB209", "连线不能进入开始事件 {ref}", "a flow into the start event {ref}", REDRAW)
OUT_OF_END = error("LB210", "连线不能从结束事件 {ref} 引出", "a flow out of the end event {ref}", REDRAW)
INTO_BOUNDARY = error("LB211", "连线不能进入边界事件 {ref}", "a flow into the boundary event {ref}", REDRAW)
DEFAULT = error(
    "LB212", "默认流“{ref}”不是从这里引出的连线", "the default flow {ref} does not leave this element", "重新设置默认流"
)
DEFAULT_CONDITION = warning(
    "LB213", "默认流上的条件不起作用", "the condition on the default flow has no effect", "删除条件"
)
WRONG_KIND = error(
    "LB214",
    "{attribute} 应指向{what}，但“{ref}”是 {kind}",
    "{attribute} should mean a {what}, but {ref} is a {kind}",
    "选择正确的定义",
)

UNUSED = note(
    "LB215",
    "{what}“{name}”没有被任何元素使用",
    "the {english} {name} is used by no element",
    "可以删除",
)

REFERENCES = {
    "messageRef": "message", "errorRef": "error", "escalationRef": "escalation", "signalRef": "signal",
    "processRef": "process", "dataObjectRef": "dataObject", "dataStoreRef": "dataStore",
}  # fmt: skip
WITH_IDS = {
    "process": "流程", "message": "消息", "error": "错误", "escalation": "升级", "signal": "信号",
}  # fmt: skip
DEFINED = ("message", "signal", "error", "escalation")
PLAIN_ID = re.compile(r"[^\W\d][\w.\-]*\Z")
MAX_ID = 100


def check_references(diagram: Diagram, pen: Pen) -> None:
    """Ids are there, unique and plain; references mean something."""
    check_ids(diagram, pen)
    for element in diagram.document.places:
        if local(element).startswith("{"):
            continue
        for attribute, kind in REFERENCES.items():
            reference = element.get(attribute)
            if reference is not None:
                check_reference(diagram, element, attribute, reference.strip(), kind, pen)
    check_unused(diagram, pen)
    for process in diagram.processes:
        for scope in process.scope.everything():
            check_scope(diagram, scope, pen)
        check_lanes(process, pen)


def check_unused(diagram: Diagram, pen: Pen) -> None:
    """Messages, signals, errors and escalations that nothing refers to."""
    used = {element.get(f"{kind}Ref") for element in diagram.document.places for kind in DEFINED}
    for element in diagram.document.root.iterchildren():
        kind = local(element)
        if kind in DEFINED and element.get("id") and element.get("id") not in used:
            name = element.get("name") or element.get("id")
            pen.say(UNUSED, element, what=WITH_IDS[kind], english=kind, name=name)


def check_ids(diagram: Diagram, pen: Pen) -> None:
    """Every node and definition has an id of its own."""
    for identity, elements in diagram.ids.items():
        for second in elements[1:]:
            pen.say(DUPLICATE, second, id=identity, first=diagram.line(elements[0]))
    for child in diagram.document.root.iterchildren():
        if local(child) in WITH_IDS:
            check_id(child, WITH_IDS[local(child)], pen)
    for process in diagram.processes:
        for scope in process.scope.everything():
            for element in scope.element:
                if local(element) in NODE_KINDS:
                    check_id(element, NODE_KINDS[local(element)], pen)


def check_id(element: Any, what: str, pen: Pen) -> None:
    """An id that can stand in addresses, lists and files."""
    identity = element.get("id")
    if not identity:
        pen.say(NO_ID, element, what=what)
    elif len(identity) > MAX_ID or not PLAIN_ID.match(identity):
        pen.say(BAD_ID, element, id=identity, limit=MAX_ID)


def check_reference(diagram: Diagram, element: Any, attribute: str, reference: str, kind: str, pen: Pen) -> None:
    """One reference to a root element."""
    found = diagram.ids.get(reference, [])
    if any(local(e) == kind for e in found):
        return
    if found:
        pen.say(WRONG_KIND, element, attribute=attribute, ref=reference, what=kind, kind=local(found[0]))
    elif ":" in reference:
        pen.say(PREFIXED, element, attribute=attribute, ref=reference)
    else:
        pen.say(DANGLING, element, attribute=attribute, ref=reference)


def check_scope(diagram: Diagram, scope: Scope, pen: Pen) -> None:
    """Flows, boundary events and default flows of a scope."""
    for flow in scope.flows:
        check_flow(diagram, flow, pen)
    for node in scope.nodes.values():
        check_default(node, pen)
        if node.kind == "boundaryEvent" and (node.host is None or node.host.kind not in ACTIVITIES):
            pen.say(NOT_ATTACHED, node.element, ref=node.element.get("attachedToRef") or "")


def check_flow(diagram: Diagram, flow: Flow, pen: Pen) -> None:
    """Both ends of a flow."""
    ends = (("源", "source", flow.source, flow.source_ref), ("目标", "target", flow.target, flow.target_ref))
    for end, english, node, reference in ends:
        if node is None:
            exists = bool(reference) and reference in diagram.ids
            pen.say(CROSSING if exists else DANGLING_FLOW, flow.element, end=end, english_end=english, ref=reference)
    if flow.target is not None and flow.target.kind == "startEvent":
        pen.say(INTO_START, flow.element, ref=flow.target.id)
    if flow.target is not None and flow.target.kind == "boundaryEvent":
        pen.say(INTO_BOUNDARY, flow.element, ref=flow.target.id)
    if flow.source is not None and flow.source.kind == "endEvent":
        pen.say(OUT_OF_END, flow.element, ref=flow.source.id)


def check_default(node: Node, pen: Pen) -> None:
    """The default flow is one of the node's own and needs no condition."""
    default = node.element.get("default")
    if default is None:
        return
    flow = next((f for f in node.outgoing if f.id == default), None)
    if flow is None:
        pen.say(DEFAULT, node.element, ref=default)
    elif flow.condition is not None and text_of(flow.condition):
        pen.say(DEFAULT_CONDITION, flow.element)


def check_lanes(process: Process, pen: Pen) -> None:
    """Lanes name nodes of their process."""
    inside = {node.id for node in process.nodes()}
    for lane in process.lane_elements:
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef"):
            if text_of(reference) not in inside:
                pen.say(DANGLING, reference, attribute="flowNodeRef", ref=text_of(reference))


NODE_KINDS = {
    "task": "任务", "userTask": "用户任务", "manualTask": "人工任务", "serviceTask": "服务任务", "sendTask": "发送任务",
    "receiveTask": "接收任务", "scriptTask": "脚本任务", "businessRuleTask": "业务规则任务", "subProcess": "子流程",
    "transaction": "事务", "adHocSubProcess": "即席子流程", "callActivity": "调用活动", "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关", "inclusiveGateway": "包容网关", "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关", "startEvent": "开始事件", "endEvent": "结束事件",
    "intermediateCatchEvent": "中间捕获事件", "intermediateThrowEvent": "中间抛出事件", "boundaryEvent": "边界事件",
}  # fmt: skip
