"""LB12x: which event may stand where, and what it must name."""

from __future__ import annotations

from typing import Any

from service.engine.feel import FeelError, template
from service.engine.lint.catalog import error
from service.engine.lint.diagram import BPMN, CAMUNDA, EVENTS, Diagram, Node, local, text_of
from service.engine.lint.report import Pen

PLACES = {
    "startEvent": ("none", "message", "timer", "signal", "multiple"),
    "endEvent": ("none", "terminate", "message", "error", "escalation", "signal", "compensate", "cancel", "multiple"),
    "intermediateCatchEvent": ("timer", "message", "signal", "conditional", "link", "multiple"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "compensate", "link", "multiple"),
    "boundaryEvent": (
        "timer", "message", "error", "escalation", "signal", "conditional", "compensate", "cancel", "multiple",
    ),
}  # fmt: skip
TRIGGERS = ("message", "timer", "signal", "conditional", "error", "escalation", "compensate", "multiple")
SEVERAL = {
    "startEvent": ("message", "timer", "signal"),
    "endEvent": ("message", "signal", "escalation"),
    "intermediateCatchEvent": ("timer", "message", "signal", "conditional"),
    "intermediateThrowEvent": ("message", "signal", "escalation"),
    "boundaryEvent": ("timer", "message", "signal", "conditional", "error", "escalation"),
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
CANCEL = error(
    "LB121",
    "取消事件只能用在事务里：{problem}",
    "cancel events belong to transactions: {english}",
    "取消结束事件直接画在事务里，取消边界事件附在这个事务上",
)
CONDITIONAL = error(
    "LB123",
    "条件开始事件不能启动流程，只能启动事件子流程",
    "a conditional start event can begin an event sub-process only",
    "改用消息、定时或信号开始事件",
)
MULTIPLE = error(
    "LB124",
    "多重事件中不能有{event}：{place}",
    "a multiple {english_place} cannot hold {english_event}",
    "拆成多个事件",
)
REFERENCED = error(
    "LB125",
    "eventDefinitionRef 指向不存在的“{ref}”",
    "eventDefinitionRef means {ref}, which does not exist",
    "把事件定义写在事件内",
)
MISPLACED = error("LB126", "{place}不能是{event}事件", "a {english_place} cannot be of kind {english_event}", REDRAW)
UNDEFINED = error(
    "LB127", "{place}没有事件定义", "the {english_place} has no event definition", "选择定时、消息或信号等"
)
ERROR_GOES_ON = error(
    "LB128",
    "捕获错误的事件必须是中断型",
    "an event that catches errors must interrupt",
    "去掉 cancelActivity 或 isInterrupting",
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
        if not any(definition.get("id") == text_of(reference) for definition in node.definitions):
            pen.say(REFERENCED, reference, ref=text_of(reference))
            return
    event, place = node.event, PLACE_NAMES[node.kind]
    allowed = PLACES[node.kind]
    if node.kind == "startEvent" and node.scope.node is not None:
        guards = node.scope.node.is_event_subprocess
        allowed = TRIGGERS if guards else ("none",)
        place = "事件子流程的开始事件" if guards else "子流程的开始事件"
    if event == "none" and "none" not in allowed:
        pen.say(UNDEFINED, node.element, place=place, english_place=node.kind)
    elif event == "conditional" and node.kind == "startEvent" and event not in allowed:
        pen.say(CONDITIONAL, node.element)
    elif event not in allowed:
        pen.say(
            MISPLACED, node.element, place=place, event=EVENT_NAMES.get(event, event),
            english_place=node.kind, english_event=event,
        )  # fmt: skip
    elif event == "multiple":
        check_several(node, pen)
    if event == "cancel":
        check_cancel(node, pen)
    kinds = [local(definition).removesuffix("EventDefinition") for definition in node.definitions]
    for kind, definition in zip(kinds, node.definitions, strict=True):
        if kind in NEEDED:
            check_reference(diagram, node, kind, definition, pen)
        if kind == "message" and event in allowed:
            check_senders(definition, pen)
        if kind == "conditional" and not text_of(definition.find(f"{BPMN}condition")):
            pen.say(NAMELESS, definition, what="条件", english_what="condition")
    if "error" in kinds and node.kind in ("boundaryEvent", "startEvent") and not node.interrupting:
        pen.say(ERROR_GOES_ON, node.element)


def check_several(node: Node, pen: Pen) -> None:
    """Which definitions may stand together."""
    allowed: tuple[str, ...] = SEVERAL[node.kind]
    if node.kind == "startEvent" and node.scope.node is not None:
        allowed = SEVERAL["boundaryEvent"]
    for definition in node.definitions:
        kind = local(definition).removesuffix("EventDefinition")
        if kind not in allowed:
            pen.say(
                MULTIPLE, node.element, event=EVENT_NAMES.get(kind, kind), place=PLACE_NAMES[node.kind],
                english_event=kind, english_place=node.kind,
            )  # fmt: skip
    if node.kind == "startEvent" and node.scope.node is None and node.element.get("parallelMultiple") in ("true", "1"):
        pen.say(
            MULTIPLE, node.element, event="“全部发生”的启动条件", place=PLACE_NAMES[node.kind],
            english_event="all of its triggers at once", english_place=node.kind,
        )  # fmt: skip


def check_cancel(node: Node, pen: Pen) -> None:
    """Cancel end events stand in a transaction that has a cancel boundary event, and only there."""
    if node.kind == "boundaryEvent":
        if node.host is not None and node.host.kind != "transaction":
            pen.say(CANCEL, node.element, problem="它附在别的活动上", english="it is attached to something else")
    elif node.kind == "endEvent":
        around = node.scope.node
        if around is None or around.kind != "transaction":
            pen.say(CANCEL, node.element, problem="它不直接在事务里", english="it is not directly in one")
        elif not any(boundary.event == "cancel" for boundary in around.boundaries):
            pen.say(
                CANCEL, node.element, problem="事务没有取消边界事件", english="the transaction has no cancel boundary"
            )


def check_senders(definition: Any, pen: Pen) -> None:
    """The engine throws messages itself: a worker or code that should do it would never be asked."""
    found = [f"camunda:{name.removeprefix(CAMUNDA)}" for name in SENDERS if definition.get(name) is not None]
    found += ["camunda:connector" for _ in definition.iterdescendants(f"{CAMUNDA}connector")]
    for what in found:
        pen.say(NOT_SENT_BY, definition, what=what)


def check_reference(diagram: Diagram, node: Node, event: str, definition: Any, pen: Pen) -> None:
    """Messages and signals need a name; errors and escalations a code, unless whoever catches catches all."""
    reference = definition.get(f"{event}Ref")
    if reference is None and node.kind in ("boundaryEvent", "startEvent") and event in ("error", "escalation"):
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
