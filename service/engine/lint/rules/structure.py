"""LB30x: starts, ends, reachability, and how flows leave gateways."""

from __future__ import annotations

from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Node, Process, Scope, text_of
from service.engine.lint.report import Pen

NO_START = error("LB301", "{what}没有开始事件", "there is no start event", "画一个开始事件")
MANY_STARTS = error(
    "LB302",
    "{what}有 {count} 个无触发条件的开始事件，只能有一个",
    "{count} none start events, one is allowed",
    "合并开始事件",
)
NO_END = error(
    "LB303",
    "{what}没有结束事件，看不出在哪里办结",
    "there is no end event: nobody can see where it is concluded",
    "在每条路径末尾画结束事件",
)
UNREACHABLE = error("LB304", "从开始事件到不了这里", "cannot be reached from a start event", "补上连线，或删除")
UNCONDITIONED = error(
    "LB305",
    "排他网关的出线 {flow} 没有条件，也不是默认流",
    "the flow {flow} out of the exclusive gateway has no condition and is not the default",
    "填写条件，或设为默认流",
)
NO_DEFAULT = warning(
    "LB306",
    "没有默认流：条件都不满足时办件会停在这里",
    "no default flow: when no condition holds the case stops here",
    "设置一条默认流",
)
USELESS_CONDITION = error(
    "LB307",
    "{what}的出线不能带条件",
    "flows out of a {english_what} cannot have conditions",
    "删除条件，或改用排他、包容网关",
)


def check_structure(diagram: Diagram, pen: Pen) -> None:
    """The shape of every executable process."""
    for process in diagram.processes:
        if process.executable:
            for scope in process.scope.everything():
                if scope.node is None or scope.node.kind in ("subProcess", "transaction"):
                    check_ends(process, scope, pen)
                    check_reachable(scope, pen)
                for node in scope.nodes.values():
                    check_outgoing(node, pen)


def check_ends(process: Process, scope: Scope, pen: Pen) -> None:
    """One beginning, at least one end."""
    what = "子流程" if scope.node is not None else "流程"
    if scope.node is not None and scope.node.is_event_subprocess:
        plain = []  # its start is looked at elsewhere
    else:
        plain = [node for node in scope.starts if node.event == "none"]
        if not scope.starts and (scope.node is not None or not any(n.instantiates for n in scope.nodes.values())):
            pen.say(NO_START, scope.element, what=what)
    if len(plain) > 1:
        pen.say(MANY_STARTS, plain[1].element, what=what, count=len(plain))
    if not any(node.kind == "endEvent" for node in scope.nodes.values()):
        pen.say(NO_END, scope.element, what=what)


def check_reachable(scope: Scope, pen: Pen) -> None:
    """Every node can be reached from a start event, over flows and boundary events."""
    waiting = [*scope.starts, *(node for node in scope.nodes.values() if node.instantiates)]
    if not waiting:
        return
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += [flow.target for flow in node.outgoing if flow.target is not None]
            waiting += node.boundaries + node.linked
            if node.is_handler or any(boundary.event == "compensate" for boundary in node.boundaries):
                waiting += [other for other in scope.nodes.values() if other.is_handler]
    for node in scope.nodes.values():
        if node not in seen and not entered_otherwise(node):
            pen.say(UNREACHABLE, node.element)


def entered_otherwise(node: Node) -> bool:
    """Nodes that no flow is meant to reach; what is wrong with them is said elsewhere."""
    attached_nowhere = node.kind == "boundaryEvent" and node.host is None
    link_nowhere = node.kind == "intermediateCatchEvent" and node.event == "link"
    return attached_nowhere or link_nowhere or node.is_event_subprocess or node.is_handler


def check_outgoing(node: Node, pen: Pen) -> None:
    """Conditions where they decide something, and nowhere else."""
    conditional = [flow for flow in node.outgoing if flow.condition is not None and text_of(flow.condition)]
    if node.kind in ("parallelGateway", "eventBasedGateway"):
        what = "并行网关" if node.kind == "parallelGateway" else "事件网关"
        for flow in conditional:
            pen.say(USELESS_CONDITION, flow.element, what=what, english_what=node.kind)
    if node.kind == "exclusiveGateway" and len(node.outgoing) > 1:
        for flow in node.outgoing:
            if flow not in conditional and not flow.is_default:
                pen.say(UNCONDITIONED, flow.element, flow=flow.id or f"到 {flow.target_ref}")
    decides = len(conditional) == len(node.outgoing) and conditional
    if (
        decides
        and node.kind in ("exclusiveGateway", "inclusiveGateway")
        and not any(f.is_default for f in node.outgoing)
    ):
        pen.say(NO_DEFAULT, node.element)
