"""LB10x: elements of BPMN that this version does not execute are refused by name."""

from __future__ import annotations

from typing import Any

from service.engine.lint.catalog import error, note
from service.engine.lint.diagram import BPMN, NODES, SUBPROCESSES, Diagram, Node, Process, local
from service.engine.lint.report import Pen

REDRAW = "改用支持的元素重画这一段"

UNKNOWN = error("LB101", "不支持元素 {what}", "the element {what} is not supported", REDRAW)
GLOBAL = error(
    "LB108", "不支持编排和会话：{what}", "choreographies and conversations are not supported: {what}", REDRAW
)
DATA = error("LB109", "不支持 {what}", "{what} is not supported", "删除，或用 camunda:inputOutput 写明参数")
PERFORMER = error(
    "LB111",
    "不支持 {what}",
    "{what} is not supported",
    "改用 camunda:assignee、camunda:candidateUsers 或 camunda:candidateGroups",
)
QUANTITY = error(
    "LB112", "{what} 应为 1 到 {most} 的整数", "{what} must be a number from 1 to {most}", "删除该属性，或改为正整数"
)
DRAWING = note("LB113", "{what}只作图示，不参与执行", "{what}: a drawing only, not executed", "数据写在变量和表单里")
TOO_MANY = error("LB114", "流程有 {count} 个节点，上限为 3000", "{count} nodes, 3,000 are allowed", "拆分为多个流程")

MAX_NODES = 3_000
MOST_TOKENS = 1_000

ROOTS = frozenset(
    "import extension process collaboration message error escalation signal itemDefinition category dataStore resource "
    "interface endPoint correlationProperty partnerEntity partnerRole relationship documentation extensionElements".split()
)
GLOBALS = frozenset(
    "choreography "
    "globalChoreographyTask globalConversation conversation callConversation subConversation conversationLink "
    "conversationAssociation".split()
)
DATA_FLOW = frozenset({"ioBinding"})
PERFORMERS = frozenset({"performer", "humanPerformer", "potentialOwner", "resourceRole"})
DRAWN = {"dataStoreReference": "数据存储"}
IN_SCOPE = frozenset(
    "laneSet sequenceFlow correlationSubscription dataObject dataObjectReference ioSpecification dataInputAssociation dataOutputAssociation "
    "documentation extensionElements textAnnotation group association property auditing monitoring "
    "incoming outgoing multiInstanceLoopCharacteristics standardLoopCharacteristics supports "
    "completionCondition".split()
)
IN_NODE = frozenset(
    "documentation extensionElements incoming outgoing auditing monitoring property rendering script "
    "multiInstanceLoopCharacteristics standardLoopCharacteristics "
    "dataInput dataOutput inputSet outputSet eventDefinitionRef activationCondition ioSpecification "
    "dataInputAssociation dataOutputAssociation".split()
)


def check_elements(diagram: Diagram, pen: Pen) -> None:
    """Every BPMN element of the file is either executed, known as drawing, or refused."""
    for child in bpmn_children(diagram.document.root):
        check_root(child, pen)
    for process in diagram.processes:
        if process.executable:
            check_process(process, pen)


def bpmn_children(element: Any) -> list[Any]:
    """Children in BPMN's namespace."""
    return [child for child in element if isinstance(child.tag, str) and child.tag.startswith(BPMN)]


def check_root(element: Any, pen: Pen) -> None:
    """What stands beside the processes."""
    what = local(element)
    if what in GLOBALS:
        pen.say(GLOBAL, element, what=what)
    elif what == "collaboration":
        for child in bpmn_children(element):
            if local(child) in GLOBALS:
                pen.say(GLOBAL, child, what=local(child))
    elif what not in ROOTS and not what.endswith("EventDefinition"):
        pen.say(UNKNOWN, element, what=what)


def check_process(process: Process, pen: Pen) -> None:
    """The elements of one executable process."""
    count = sum(len(scope.nodes) for scope in process.scope.everything())
    if count > MAX_NODES:
        pen.say(TOO_MANY, process.element, count=count)
        return
    for scope in process.scope.everything():
        for child in bpmn_children(scope.element):
            check_child(child, local(child), pen)
        for node in scope.nodes.values():
            check_node(node, pen)


def check_child(element: Any, what: str, pen: Pen) -> None:
    """A child of a process or sub-process."""
    if what in NODES or what in IN_SCOPE:
        return
    if what in DRAWN:
        pen.say(DRAWING, element, what=DRAWN[what])
    else:
        say_refused(element, what, pen)


def say_refused(element: Any, what: str, pen: Pen) -> None:
    """The refusal that fits."""
    if what in DATA_FLOW:
        pen.say(DATA, element, what=what)
    elif what in PERFORMERS:
        pen.say(PERFORMER, element, what=what)
    else:
        pen.say(UNKNOWN, element, what=what)


def check_node(node: Node, pen: Pen) -> None:
    """One node: its kind, what BPMN attributes ask of it, and its children."""
    element = node.element
    for quantity in ("startQuantity", "completionQuantity"):
        text = element.get(quantity, "1").strip()
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_TOKENS):
            pen.say(QUANTITY, element, what=quantity, most=MOST_TOKENS)
    if node.kind in SUBPROCESSES:
        return
    for child in bpmn_children(element):
        what = local(child)
        if what not in IN_NODE and not what.endswith("EventDefinition"):
            say_refused(child, what, pen)
