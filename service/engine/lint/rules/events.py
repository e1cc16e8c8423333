"""LB12x: which event may stand where, and what it must name."""

from __future__ import annotations

from typing import Any

from service.engine.feel import FeelError, template
from service.engine.lint.catalog import error
from service.engine.lint.diagram import CAMUNDA, EVENTS, Diagram, Node
from service.engine.lint.report import Pen

PLACES = {
    "startEvent": ("none", "message", "timer", "signal"),
    "endEvent": ("none", "terminate", "message", "error", "escalation", "signal"),
    "intermediateCatchEvent": ("timer", "message", "signal"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation"),
    "boundaryEvent": ("timer", "message", "error", "escalation", "signal"),
}
PLACE_NAMES = {
    "startEvent": "开始事件", "endEvent": "结束事件", "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件", "boundaryEvent": "边界事件",
}  # fmt: skip
EVENT_NAMES = {
    "none": "无", "message": "消息", "timer": "定时", "signal": "信号", "error": "错误", "escalation": "升级",
    "terminate": "终止", "compensate": "补偿", "cancel": "取消", "link": "链接", "conditional": "条件",
    "multiple": "多重",
}  # fmt: skip

REDRAW = "改用支持的事件"
COMPENSATE = error("LB120", "不支持补偿事件", "compensation events are not supported", REDRAW)
CANCEL = error("LB121", "不支持取消事件", "cancel events are not supported", REDRAW)
LINK = error("LB122", "不支持链接事件", "link events are not supported", "直接用连线相接")
CONDITIONAL = error("LB123", "不支持条件事件", "conditional events are not supported", "改用消息或定时事件")
MULTIPLE = error("LB124", "不支持多重事件", "multiple events are not supported", "拆成多个事件")
REFERENCED = error("LB125", "不支持 eventDefinitionRef", "eventDefinitionRef is not supported", "把事件定义写在事件内")
MISPLACED = error("LB126", "{place}不能是{event}事件", "a {english_place} cannot be of kind {english_event}", REDRAW)
UNDEFINED = error(
    "LB127", "{place}没有事件定义", "the {english_place} has no event definition", "选择定时、消息或信号等"
)
ERROR_GOES_ON = error(
    "LB128", "错误边界事件必须是中断型", "an error boundary event must interrupt", '去掉 cancelActivity="false"'
)
NAMELESS = error(
    "LB129", "没有指明{what}的名称或代码", "which {english_what} is not said", "选择全局定义的{what}，并填写名称或代码"
)
NAME_FORMULA = error(
    "LB145",
    "{what}名称“{name}”有错：{problem}",
    "the {english_what} name {name} is wrong: {english}",
    "写固定的名称，或正确的 ${{…}} 表达式；开始事件只能用固定的名称",
)

NOT_SENT_BY = error(
    "LB146",
    "消息事件不能交给程序发送：{what}",
    "a message event cannot be sent by a program: {what}",
    "改用带 camunda:topic 的发送任务，或删除该属性，由引擎发送消息",
)

SENDERS = tuple(f"{CAMUNDA}{name}" for name in ("type", "topic", "class", "expression", "delegateExpression"))
REFUSED = {"compensate": COMPENSATE, "cancel": CANCEL, "link": LINK, "conditional": CONDITIONAL, "multiple": MULTIPLE}
NEEDED = {
    "message": ("消息", ("name",)), "signal": ("信号", ("name",)), "error": ("错误", ("errorCode", "name")),
    "escalation": ("升级", ("escalationCode", "name")),
}  # fmt: skip


def check_events(diagram: Diagram, pen: Pen) -> None:
    """Events of executable processes."""
    for process in diagram.processes:
        if process.executable:
            for node in process.nodes():
                if node.kind in EVENTS:
                    check_event(diagram, node, pen)


def check_event(diagram: Diagram, node: Node, pen: Pen) -> None:
    """One event: its kind, its place, what it refers to."""
    for reference in node.children("eventDefinitionRef"):
        pen.say(REFERENCED, reference)
        return
    event, place = node.event, PLACE_NAMES[node.kind]
    if event in REFUSED:
        pen.say(REFUSED[event], node.element)
        return
    inside = node.scope.node is not None
    if inside and node.kind == "startEvent" and node.scope.element.get("triggeredByEvent") in ("true", "1"):
        return  # the event sub-process itself is refused
    allowed = ("none",) if node.kind == "startEvent" and inside else PLACES[node.kind]
    if event == "none" and "none" not in allowed:
        pen.say(UNDEFINED, node.element, place=place, english_place=node.kind)
    elif event not in allowed:
        place = "子流程的开始事件" if node.kind == "startEvent" and inside else place
        pen.say(
            MISPLACED, node.element, place=place, event=EVENT_NAMES.get(event, event),
            english_place=node.kind, english_event=event,
        )  # fmt: skip
    elif event in NEEDED:
        check_reference(diagram, node, event, pen)
    if event == "message" and event in allowed:
        check_senders(node.definitions[0], pen)
    if node.kind == "boundaryEvent" and event == "error" and not node.interrupting:
        pen.say(ERROR_GOES_ON, node.element)


def check_senders(definition: Any, pen: Pen) -> None:
    """The engine throws messages itself: a worker or code that should do it would never be asked."""
    found = [f"camunda:{name.removeprefix(CAMUNDA)}" for name in SENDERS if definition.get(name) is not None]
    found += ["camunda:connector" for _ in definition.iterdescendants(f"{CAMUNDA}connector")]
    for what in found:
        pen.say(NOT_SENT_BY, definition, what=what)


def check_reference(diagram: Diagram, node: Node, event: str, pen: Pen) -> None:
    """Messages and signals need a name; errors and escalations a code, unless a boundary event catches all."""
    definition = node.definitions[0]
    reference = definition.get(f"{event}Ref")
    if reference is None and node.kind == "boundaryEvent" and event in ("error", "escalation"):
        return
    if reference is None:
        say_nameless(pen, definition, event)
        return
    root = diagram.referred(reference, event)
    if root is not None and not any((root.get(name) or "").strip() for name in NEEDED[event][1]):
        say_nameless(pen, definition, event)
    elif root is not None and event in ("message", "signal"):
        check_name(node, root.get("name"), event, pen)


def check_name(node: Node, name: str, event: str, pen: Pen) -> None:
    """A name may be computed, but not where it begins a process."""
    try:
        literal = template(name).literal is not None
    except FeelError as refused:
        problem, english = refused.text, refused.english
    else:
        if literal or node.kind != "startEvent":
            return
        problem, english = "开始事件的名称不能是表达式", "a start event's name cannot be computed"
    pen.say(
        NAME_FORMULA,
        node.element,
        what=NEEDED[event][0],
        english_what=event,
        name=name,
        problem=problem,
        english=english,
    )


def say_nameless(pen: Pen, element: Any, event: str) -> None:
    """The refusal of an event that does not say which message, signal, error or escalation it means."""
    pen.say(NAMELESS, element, what=NEEDED[event][0], english_what=event)
