"""LB102–LB107, LB120, LB122: gateways, sub-processes and events that mean something only together with others."""

from __future__ import annotations

from collections.abc import Callable

from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import ACTIVITIES, BPMN, Diagram, Node, text_of
from service.engine.lint.report import Pen

COMPLEX = error(
    "LB102",
    "复杂网关汇聚多条连线，应写明激活条件（activationCondition）",
    "a complex gateway with several incoming flows needs an activationCondition",
    "写明条件，如 activationCount >= 2，或改用排他、并行、包容网关",
)
TRANSACTION = error(
    "LB103",
    "事务子流程有取消边界事件，但里面没有取消结束事件",
    "the transaction has a cancel boundary event but no cancel end event",
    "在事务里画取消结束事件，或删除取消边界事件",
)
AD_HOC = error(
    "LB104",
    "即席子流程里{problem}",
    "the ad-hoc sub-process is wrong: {english}",
    "只放可以随时开始的环节，不画开始和结束事件",
)
AD_HOC_OPEN = warning(
    "LB115",
    "即席子流程没有完成条件（completionCondition），要由人宣布结束",
    "the ad-hoc sub-process has no completion condition: somebody must say when it is over",
    "写明完成条件，或由负责人结束",
)
EVENT_SUBPROCESS = error(
    "LB105",
    "事件子流程有误：{problem}",
    "the event sub-process is wrong: {english}",
    "恰好画一个带触发条件的开始事件，不要用连线连接事件子流程",
)
COMPENSATION = error(
    "LB107",
    "补偿有误：{problem}",
    "the compensation is wrong: {english}",
    "用关联（association）把补偿边界事件连到补偿处理环节，二者都不连顺序流",
)
COMPENSATE = error(
    "LB120",
    "补偿事件指向的“{ref}”不是同一范围内可以补偿的活动",
    "the compensation event means {ref}, which is no activity of the same scope that can be compensated",
    "选择同一流程或子流程里的活动，或不指明活动",
)
LINK = error(
    "LB122",
    "链接事件有误：{problem}",
    "the link event is wrong: {english}",
    "每个链接名称一个捕获事件，至少一个抛出事件，在同一流程或子流程里",
)


def check_blocks(diagram: Diagram, pen: Pen) -> None:
    """Nodes of executable processes."""
    handlers = {e.get("sourceRef"): e.get("targetRef") for e in diagram.document.root.iter(f"{BPMN}association")}
    for process in diagram.processes:
        for node in process.nodes() if process.executable else ():
            check = BY_KIND.get(node.kind)
            if check is not None:
                check(node, pen)
            if node.event == "link":
                check_link(node, pen)
            if node.event == "compensate":
                check_compensation(node, handlers, pen)
            if node.is_handler:
                check_handler(node, handlers, pen)


def check_complex(node: Node, pen: Pen) -> None:
    """A joining one says when it has enough."""
    if len(node.incoming) > 1 and not text_of(node.element.find(f"{BPMN}activationCondition")):
        pen.say(COMPLEX, node.element)


def check_transaction(node: Node, pen: Pen) -> None:
    """A cancel boundary event needs somebody who cancels."""
    inside = next((scope for scope in node.scope.inner if scope.node is node), None)
    ends = [n for n in inside.nodes.values() if n.event == "cancel"] if inside is not None else []
    if any(boundary.event == "cancel" for boundary in node.boundaries) and not ends:
        pen.say(TRANSACTION, node.element)


def check_ad_hoc(node: Node, pen: Pen) -> None:
    """Activities that can be begun, no start and no end."""
    inside = next((scope for scope in node.scope.inner if scope.node is node), None)
    nodes = list(inside.nodes.values()) if inside is not None else []
    if any(n.kind in ("startEvent", "endEvent") for n in nodes):
        pen.say(AD_HOC, node.element, problem="不能有开始或结束事件", english="it has start or end events")
    elif not any(n.kind in ACTIVITIES and not n.incoming and not n.is_event_subprocess for n in nodes):
        pen.say(AD_HOC, node.element, problem="没有可以开始的环节", english="there is no activity to begin")
    if not text_of(node.element.find(f"{BPMN}completionCondition")):
        pen.say(AD_HOC_OPEN, node.element)


def check_event_subprocess(node: Node, pen: Pen) -> None:
    """Exactly one start event, no flows; one for compensation stands in a sub-process."""
    if not node.is_event_subprocess:
        return
    inside = next((scope for scope in node.scope.inner if scope.node is node), None)
    starts = inside.starts if inside is not None else []
    if len(starts) != 1:
        pen.say(
            EVENT_SUBPROCESS, node.element, problem="应恰好有一个开始事件", english="it needs exactly one start event"
        )
    if node.incoming or node.outgoing or node.boundaries or node.loop is not None:
        problem = "不能有连线、边界事件或循环"
        pen.say(EVENT_SUBPROCESS, node.element, problem=problem, english="it has flows, boundary events or a loop")
    others = [n for n in node.scope.nodes.values() if n.is_event_subprocess and n is not node]
    if any(start.event == "compensate" for start in starts):
        if node.scope.node is None:
            problem = "补偿事件子流程只能在子流程里"
            pen.say(EVENT_SUBPROCESS, node.element, problem=problem, english="one for compensation needs a sub-process")
        around = {scope.node: scope for scope in node.scope.inner}
        if any(start.event == "compensate" for other in others for start in around[other].starts):
            problem = "一个子流程只能有一个补偿事件子流程"
            pen.say(EVENT_SUBPROCESS, node.element, problem=problem, english="there are several for compensation")


def check_link(node: Node, pen: Pen) -> None:
    """Links come in pairs."""
    others = [n for n in node.scope.nodes.values() if n.event == "link" and n.link == node.link and n is not node]
    catching = node.kind == "intermediateCatchEvent"
    if not node.link:
        pen.say(LINK, node.element, problem="没有名称", english="it has no name")
    elif catching and any(n.kind == node.kind for n in others):
        pen.say(LINK, node.element, problem=f"“{node.link}”有多个捕获事件", english="several events catch the link")
    elif not catching and not node.linked:
        pen.say(LINK, node.element, problem=f"没有捕获“{node.link}”的事件", english="no event catches the link")
    elif catching and not any(n.kind == "intermediateThrowEvent" for n in others):
        pen.say(LINK, node.element, problem=f"没有抛出“{node.link}”的事件", english="no event throws the link")
    if node.incoming if catching else node.outgoing:
        pen.say(
            LINK,
            node.element,
            problem="捕获事件没有进入的连线，抛出事件没有引出的连线",
            english="it has flows on the wrong side",
        )


def check_compensation(node: Node, handlers: dict[str | None, str | None], pen: Pen) -> None:
    """A boundary event leads to its handler; a throwing one means an activity that can be compensated."""
    if node.kind == "boundaryEvent":
        handler = node.scope.nodes.get(handlers.get(node.id) or "")
        if handler is None or not handler.is_handler:
            problem = "补偿边界事件没有连到补偿处理环节"
            pen.say(COMPENSATION, node.element, problem=problem, english="the boundary event leads to no handler")
        if node.outgoing:
            pen.say(
                COMPENSATION, node.element, problem="补偿边界事件不能引出连线", english="flows leave the boundary event"
            )
        return
    reference = node.definitions[0].get("activityRef")
    if node.kind == "startEvent" or not reference:
        return
    scope, meant = node.scope, node.scope.nodes.get(reference)
    while meant is None and scope.node is not None and scope.node.is_event_subprocess and scope.parent is not None:
        scope = scope.parent
        meant = scope.nodes.get(reference)
    if meant is None or meant.kind not in ACTIVITIES or meant.is_handler:
        pen.say(COMPENSATE, node.definitions[0], ref=reference)


def check_handler(node: Node, handlers: dict[str | None, str | None], pen: Pen) -> None:
    """Nothing but a compensation boundary event leads to it."""
    if node.incoming or node.outgoing:
        pen.say(
            COMPENSATION, node.element, problem="补偿处理环节不能连顺序流", english="flows lead to or from the handler"
        )
    events = [n for n in node.scope.nodes.values() if n.kind == "boundaryEvent" and n.event == "compensate"]
    if not any(handlers.get(event.id) == node.id for event in events):
        problem = "没有补偿边界事件连到这个补偿处理环节"
        pen.say(
            COMPENSATION, node.element, problem=problem, english="no compensation boundary event leads to the handler"
        )


BY_KIND: dict[str, Callable[[Node, Pen], None]] = {
    "complexGateway": check_complex,
    "transaction": check_transaction,
    "adHocSubProcess": check_ad_hoc,
    "subProcess": check_event_subprocess,
}
