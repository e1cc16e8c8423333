"""LB13x: tasks, event gateways, call activities and loops must be of a kind that is executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.engine.decisions.references import BINDINGS, MAPPINGS, VALUE, reference_of
from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import BPMN, CAMUNDA, Diagram, Node, local, text_of
from service.engine.lint.report import Pen

NO_WORKER = error(
    "LB130",
    "服务任务没有 camunda:topic 或 zw:action",
    "the service task has neither camunda:topic nor zw:action",
    "填写外部任务主题（camunda:topic）或内部动作（zw:action）",
)
CODE = error(
    "LB131",
    "不执行上传的代码：{what}",
    "code is never executed: {what}",
    "改为外部任务（camunda:topic），由外部程序完成",
)
NOTHING_SENT = error(
    "LB132",
    "发送任务没有 messageRef 或 camunda:topic",
    "the send task has neither messageRef nor camunda:topic",
    "选择要发送的消息，或填写外部任务主题",
)
NOTHING_RECEIVED = error("LB133", "接收任务没有指明消息", "the receive task names no message", "选择一个有名称的消息")
INSTANTIATE = error(
    "LB134",
    "启动流程的{what}有误：{problem}",
    "the instantiating {english_what} is wrong: {english}",
    "启动流程的环节放在流程最前面，没有进入的连线，只等消息或信号",
)
SCRIPT_FORMAT = error(
    "LB135",
    "脚本语言“{what}”不支持，只能用 FEEL",
    "the script format {what} is not supported, only FEEL is",
    "scriptFormat 写 feel，脚本每行写：变量 = 表达式",
)
SCRIPT_RESOURCE = error(
    "LB136", "不支持外部脚本资源（camunda:resource）", "external script resources are not supported", "把脚本写在任务里"
)
SCRIPT_EMPTY = error("LB137", "脚本任务没有脚本", "the script task has no script", "每行写：变量 = 表达式")
EVENT_GATEWAY = error(
    "LB138",
    "事件网关只能连到中间捕获事件或接收任务，不能连到 {target}",
    "an event-based gateway leads to catch events or receive tasks only, not to {target}",
    "在网关后面放消息、定时或信号捕获事件",
)
PARALLEL_EVENTS = error(
    "LB139",
    "并行事件网关只能用于启动流程（instantiate）",
    "a parallel event-based gateway can only begin a process",
    "改用并行网关和捕获事件",
)
CALLED = error(
    "LB140",
    "调用活动的 calledElement 必须是流程标识，现在是“{what}”",
    "calledElement must be the key of a process, not {what}",
    "填写被调用流程的 id",
)
BINDING = error(
    "LB141",
    "调用活动不支持{what}",
    "the call activity does not support {what}",
    "办件启动时绑定当时的有效版本；删除该属性",
)
BOUND_LATER = warning(
    "LB147",
    'calledElementBinding="deployment" 按办件启动时的有效版本执行，不固定为同一次部署的版本',
    'calledElementBinding="deployment" runs the newest version at the start of the case, not the one deployed together',
    "删除该属性，或写 latest",
)
NO_LOOP_END = error(
    "LB142",
    "循环没有次数上限或条件",
    "the loop has neither a maximum nor a condition",
    "填写 loopMaximum 或 loopCondition",
)
NO_INSTANCES = error(
    "LB143",
    "多实例没有指明次数或集合",
    "the multi-instance activity has neither a cardinality nor a collection",
    "填写 loopCardinality，或 camunda:collection 和 camunda:elementVariable",
)
BEHAVIOR = error(
    "LB144",
    "多实例的 {what} 有误",
    "{what} of a multi-instance activity is wrong",
    "behavior 写 All、None、One 或 Complex，并指明要抛出的消息、信号或升级事件定义",
)

NO_DECISION = error(
    "LB150",
    "业务规则任务没有指明决策",
    "the business rule task names no decision",
    "填写 camunda:decisionRef 或 zw:decision，或由外部任务完成（camunda:topic）",
)
DECISION_REFERENCE = error(
    "LB151",
    "决策的标识应写明，不能是表达式“{what}”",
    "the decision must be named, not computed: {what}",
    "填写决策的 id",
)
DECISION_BINDING = error(
    "LB152",
    "决策的版本绑定“{what}”无效",
    "the decision's binding {what} is not valid",
    "改用 latest、deployment、version（写明版本号）或 versionTag（写明标签）",
)
DECISION_MAPPING = error(
    "LB153",
    "决策结果的映射“{what}”无效",
    "the mapping {what} of the decision's result is not valid",
    "改用 singleEntry、singleResult、collectEntries 或 resultList",
)
DECISION_UNUSED = warning(
    "LB154",
    "决策的结果没有存入变量，也没有输出参数使用它",
    "the decision's result goes into no variable and no output parameter",
    "填写 camunda:resultVariable",
)

THROWN = {"messageEventDefinition", "signalEventDefinition", "escalationEventDefinition"}
DELEGATES = ("class", "delegateExpression", "expression")
FEEL_NAMES = frozenset({"feel", "text/feel", "application/feel", "application/x-feel", ""})
EXPRESSIONS = ("${", "#{", "=")


def check_tasks(diagram: Diagram, pen: Pen) -> None:
    """Nodes of executable processes."""
    for process in diagram.processes:
        if not process.executable:
            continue
        for node in process.nodes():
            check = BY_KIND.get(node.kind)
            if check is not None:
                check(node, pen)
            check_loop(node, pen)


def has_delegate(node: Node, pen: Pen) -> bool:
    """Whether the node asks for code to be run; then that has been refused."""
    found = [f"camunda:{name}" for name in DELEGATES if node.camunda(name) is not None]
    found += ["camunda:connector" for e in node.extensions() if e.tag == f"{CAMUNDA}connector"]
    for what in found:
        pen.say(CODE, node.element, what=what)
    return bool(found)


def has_worker(node: Node) -> bool:
    """Whether an external worker or an in-house action does it."""
    return bool((node.camunda("topic") or "").strip() or (node.zw.get("action") or "").strip())


def check_service_task(node: Node, pen: Pen) -> None:
    """Somebody must do it: never the engine itself."""
    if not has_delegate(node, pen) and not has_worker(node):
        pen.say(NO_WORKER, node.element)


def check_send_task(node: Node, pen: Pen) -> None:
    """It sends a message, or an external worker does."""
    if not has_delegate(node, pen) and not has_worker(node) and not node.element.get("messageRef"):
        pen.say(NOTHING_SENT, node.element)


def check_receive_task(node: Node, pen: Pen) -> None:
    """It waits for a named message and does not begin processes."""
    if not node.element.get("messageRef"):
        pen.say(NOTHING_RECEIVED, node.element)
    if node.instantiates:
        check_instantiating(node, "接收任务", "receive task", pen)


def check_script_task(node: Node, pen: Pen) -> None:
    """FEEL only, in the file."""
    script_format = (node.element.get("scriptFormat") or "").strip()
    if script_format.lower() not in FEEL_NAMES:
        pen.say(SCRIPT_FORMAT, node.element, what=script_format)
    elif node.camunda("resource") is not None:
        pen.say(SCRIPT_RESOURCE, node.element)
    elif not any(text_of(script) for script in node.children("script")):
        pen.say(SCRIPT_EMPTY, node.element)


def check_business_rule_task(node: Node, pen: Pen) -> None:
    """It names a decision in a version, or somebody else decides."""
    if has_delegate(node, pen):
        return
    reference = reference_of(node.element)
    if reference is None:
        if not has_worker(node):
            pen.say(NO_DECISION, node.element)
        return
    if reference.key.startswith(EXPRESSIONS) or "@" in reference.key:
        pen.say(DECISION_REFERENCE, node.element, what=reference.key)
    elif reference.binding not in BINDINGS or bool(reference.version) != reference.binding.startswith("version"):
        pen.say(DECISION_BINDING, node.element, what=f"{reference.binding} {reference.version}".strip())
    elif reference.version.startswith(EXPRESSIONS):
        pen.say(DECISION_BINDING, node.element, what=reference.version)
    elif reference.mapping not in (*MAPPINGS, VALUE):
        pen.say(DECISION_MAPPING, node.element, what=reference.mapping)
    outputs = [e for x in node.extensions() for e in x.iterchildren(f"{CAMUNDA}outputParameter")]
    if reference.variable is None and not outputs:
        pen.say(DECISION_UNUSED, node.element)


def check_event_gateway(node: Node, pen: Pen) -> None:
    """It leads to what waits."""
    if node.instantiates:
        check_instantiating(node, "事件网关", "event-based gateway", pen)
    elif node.element.get("eventGatewayType", "Exclusive") != "Exclusive":
        pen.say(PARALLEL_EVENTS, node.element)
    for flow in node.outgoing:
        if flow.target is not None and flow.target.kind not in ("intermediateCatchEvent", "receiveTask"):
            pen.say(EVENT_GATEWAY, node.element, target=flow.target.id)


def check_instantiating(node: Node, what: str, english_what: str, pen: Pen) -> None:
    """It stands at the beginning of a process and waits for what can come from outside."""
    awaited = [flow.target.event for flow in node.outgoing if flow.target is not None and flow.target.definitions]
    if node.incoming:
        problem, english = "它有进入的连线", "flows lead to it"
    elif node.scope.node is not None:
        problem, english = "它在子流程里", "it stands in a sub-process"
    elif node.kind == "eventBasedGateway" and not {*awaited} <= {"message", "signal"}:
        problem, english = "它后面有消息和信号以外的事件", "other events than messages and signals follow"
    else:
        return
    pen.say(INSTANTIATE, node.element, what=what, english_what=english_what, problem=problem, english=english)


def check_call(node: Node, pen: Pen) -> None:
    """It names a process; versions are bound when a case starts."""
    for name in ("caseRef", "decisionRef"):
        if node.camunda(name) is not None:
            pen.say(BINDING, node.element, what=f" camunda:{name}")
            return
    called = (node.element.get("calledElement") or "").strip()
    if not called or called.startswith(EXPRESSIONS) or ":" in called:
        pen.say(CALLED, node.element, what=called or "空")
    binding = node.camunda("calledElementBinding")
    if binding == "deployment":
        pen.say(BOUND_LATER, node.element)
    elif binding not in (None, "", "latest"):
        pen.say(BINDING, node.element, what=f' calledElementBinding="{binding}"')
    for name in ("calledElementVersion", "calledElementVersionTag", "calledElementTenantId"):
        if node.camunda(name) is not None:
            pen.say(BINDING, node.element, what=f" camunda:{name}")
    for name in ("variableMappingClass", "variableMappingDelegateExpression"):
        if node.camunda(name) is not None:
            pen.say(CODE, node.element, what=f"camunda:{name}")


def check_loop(node: Node, pen: Pen) -> None:
    """Loops must be able to end, instances be countable."""
    loop = node.loop
    if loop is None:
        return
    if local(loop) == "standardLoopCharacteristics":
        if not loop.get("loopMaximum") and not text_of(loop.find(f"{BPMN}loopCondition")):
            pen.say(NO_LOOP_END, loop)
        return
    collection = loop.get(f"{CAMUNDA}collection") or text_of(loop.find(f"{BPMN}loopDataInputRef"))
    if not text_of(loop.find(f"{BPMN}loopCardinality")) and not collection:
        pen.say(NO_INSTANCES, loop)
    check_behavior(node, loop, pen)


def check_behavior(node: Node, loop: Any, pen: Pen) -> None:
    """What an instance throws when it completes."""
    behavior = loop.get("behavior", "All")
    roots = {e.get("id"): local(e) for e in node.element.getroottree().getroot()}
    for name, needed in (("oneBehaviorEventRef", "One"), ("noneBehaviorEventRef", "None")):
        reference = loop.get(name)
        if behavior == needed and reference is None:
            pen.say(BEHAVIOR, loop, what=f'behavior="{behavior}"')
        elif reference is not None and roots.get(reference) not in THROWN:
            pen.say(BEHAVIOR, loop, what=f'{name}="{reference}"')
    definitions = [child for child in loop if local(child) == "complexBehaviorDefinition"]
    if behavior not in ("All", "None", "One", "Complex") or behavior == "Complex" and not definitions:
        pen.say(BEHAVIOR, loop, what=f'behavior="{behavior}"')
    for child in definitions:
        events = [local(e) for event in child.iterchildren(f"{BPMN}event") for e in event]
        if not text_of(child.find(f"{BPMN}condition")) or not {*events} <= THROWN:
            pen.say(BEHAVIOR, child, what=local(child))


BY_KIND: dict[str, Callable[[Node, Pen], None]] = {
    "serviceTask": check_service_task,
    "sendTask": check_send_task,
    "receiveTask": check_receive_task,
    "scriptTask": check_script_task,
    "businessRuleTask": check_business_rule_task,
    "eventBasedGateway": check_event_gateway,
    "callActivity": check_call,
}
