"""LB5xx: attributes and elements of Camunda, of other products and of ours."""

from __future__ import annotations

import re
from typing import Any

from service.engine.lint.catalog import error, note, warning
from service.engine.lint.diagram import CAMUNDA, ZEEBE, ZW, Diagram, Node, Process, local
from service.engine.lint.report import Pen
from service.rules.acts import INPUTS
from service.rules.clocks import ClockKind
from service.rules.countersign import SHAPES, Mode, is_policy, read_policy
from service.rules.countersign import WRITTEN as POLICY
from service.rules.extensions import EXTENSION_RULES
from service.rules.limits import parse_limit
from service.rules.promises import StartRule
from service.rules.refusals import Refusal
from service.rules.tacit import WORDS
from service.rules.vocabulary import InHouseAction, Mark

IGNORED = note("LB501", "{what} 不起作用", "{what} has no effect", "可以删除")
LISTENER = error(
    "LB502", "不执行监听器 {what}", "listeners are never executed: {what}", "改为外部任务，或用输出参数赋值"
)
FORM_DATA = error(
    "LB503", "不支持 camunda:formData", "camunda:formData is not supported", "改用表单文件和 camunda:formKey"
)
CODE = error("LB504", "不执行上传的代码：{what}", "code is never executed: {what}", "用 FEEL 表达式或外部任务")
ZEEBE_USED = error(
    "LB505",
    "这是 Camunda 8 的文件（{what}），不支持 zeebe 扩展",
    "this is a file of Camunda 8 ({what}); zeebe extensions are not supported",
    "在 Camunda Modeler 中另存为 Camunda 7 的流程图",
)
UNKNOWN = warning("LB506", "不认识 {what}，不起作用", "{what} is unknown and has no effect", "检查拼写")
OTHER_PRODUCT = warning(
    "LB507",
    "{what} 是其他产品的扩展，不起作用",
    "{what} belongs to another product and has no effect",
    "改写成 camunda: 属性",
)
ZW_UNKNOWN = warning("LB510", "不认识属性 zw:{name}", "the attribute zw:{name} is unknown", "检查拼写")
ZW_VALUE = error("LB511", "zw:{name} 的值“{value}”无效：应为 {allowed}", "zw:{name} cannot be {value}", "改为允许的值")
PARAMETER = error("LB512", "输入输出参数没有名称", "a parameter has no name", "填写参数名称")
MAPPED_BY = error(
    "LB513",
    "参数内不支持 camunda:{what}",
    "camunda:{what} in a parameter is not supported",
    "改用文字、列表、映射或表达式",
)
TRANSFER = error(
    "LB514",
    "camunda:{what} 没有写明来源和目标",
    "camunda:{what} says neither source nor target",
    "填写 source 和 target",
)
TARGET = error(
    "LB515",
    "zw:target “{ref}”不是本流程中的人工环节",
    "zw:target {ref} is no user task of this process",
    "填写要升级的人工环节的标识",
)

COUNTERSIGN = error(
    "LB516",
    "会签方式 {mode} {problem}",
    "the way of countersigning {mode} {english}",
    "会签画成多实例环节（multiInstanceLoopCharacteristics），sequential 写 isSequential=“true”，其余方式同时征求",
)

SKIPPED = error(
    "LB517",
    "zw:{name}=“skip” 无效：{problem}",
    "zw:{name}=skip {english}",
    "受理、勘查、听证、批准、发证、缴费、补正用 up 或 ask；没有表单，或者与本人办过的环节表单相同，才能跳过",
)
POLICIES = ("empty", "same", "duplicate")
NEVER_SKIPPED = frozenset({"ACCEPT", "APPROVE", "ISSUE", "SURVEY", "HEARING", "PAY", "CORRECT"})

IGNORED_ATTRIBUTES = frozenset(
    "asyncBefore asyncAfter async exclusive jobPriority candidateStarterGroups candidateStarterUsers "
    "formRefVersion resultVariable".split()
)
KNOWN_ATTRIBUTES = frozenset(
    "initiator assignee candidateUsers candidateGroups dueDate followUpDate priority taskPriority formKey formRef topic type "
    "collection elementVariable calledElementBinding calledElementVersion calledElementVersionTag calledElementTenantId "
    "class expression delegateExpression caseRef decisionRef variableMappingClass variableMappingDelegateExpression "
    "resource decisionRefBinding decisionRefVersion decisionRefVersionTag decisionRefTenantId mapDecisionResult "
    "errorCodeVariable errorMessageVariable escalationCodeVariable".split()
)
HARMLESS_ATTRIBUTES = frozenset(  # read, or without meaning for how the process runs
    "versionTag historyTimeToLive isStartableInTasklist formRefBinding modelerTemplate modelerTemplateVersion "
    "modelerTemplateIcon diagramRelationId".split()
)
CODE_ATTRIBUTES = frozenset({"formHandlerClass", "taskListener"})
KNOWN_ELEMENTS = frozenset("properties inputOutput in out connector calledDecision".split())
IGNORED_ELEMENTS = frozenset("failedJobRetryTimeCycle potentialStarter".split())
STAGES = frozenset(
    "ACCEPT REVIEW APPROVE ISSUE OPINION SURVEY EXPERT HEARING PUBLICITY PAY CORRECT COORDINATE SUPERVISE CALLBACK "
    "COMPLAINT RATING MEETING".split()
)
ZW_ATTRIBUTES = (
    frozenset(
        "kind item chain_type limit limit_start lead milestones data_contract version_note stage role dept form ladder tacit "
        "milestone pause doc sms mask quorum action target decision reaches receipt statutory statutory_start "
        "promise_reason excludes clock tacit_basis tacit_answers tacit_confirm decides extension basis short result fee certificate valid avoid empty same duplicate bulk".split()
    )
    | INPUTS
)  # of acts
CHOICES = {
    "action": frozenset(InHouseAction),
    "kind": frozenset({"ITEM", "CHAIN", "SUPPORT"}),
    "limit_start": frozenset({"RECEIPT", "ACCEPTANCE", "DECLARED"}),
    "ladder": frozenset({"standard", "opinion", "receipt", "none"}),
    "tacit": frozenset(WORDS),
    "tacit_confirm": frozenset({"none", "lead"}),
    "extension": frozenset(EXTENSION_RULES) | {"NONE"},
    "decides": frozenset({"own", "upper", "collective"}),
    "statutory_start": frozenset(StartRule),
    "bulk": frozenset({"yes", "no"}),
    "clock": frozenset({ClockKind.AGENCY}),
    "empty": frozenset({"queue", "up", "ask", "skip"}),  # nobody holds the post
    "same": frozenset({"keep", "up", "ask", "skip"}),  # whoever holds it did an earlier stage of the item
    "duplicate": frozenset({"keep", "up", "ask", "skip"}),  # whoever holds it completed an earlier step of the case
    "reaches": frozenset(Mark) | {f"M{number}" for number in range(10)},
}
WRITTEN = {  # how attributes that are limits are written
    "receipt": (re.compile(r"[1-9]\d{0,2}(?:wd|cd)", re.ASCII), "5wd（工作日）或 3cd（自然日）"),
    "statutory": (re.compile(r"[1-9]\d{0,2}(?:wd|cd)", re.ASCII), "20wd（工作日）或 7cd（自然日）"),
    "short": (re.compile(r".{1,8}"), "不超过8个字的简称，用于短信"),
    "valid": (re.compile(r"[1-9]\d{0,2}[ym]", re.ASCII), "3y（年）或 6m（月）"),
    "quorum": (
        re.compile(rf"inspectors\s*(?:>=|≥)\s*[1-9]\d?|tiers\s*=\s*[1-9]|{POLICY.pattern}"),
        f"inspectors>=2、tiers=3，或会签方式 {SHAPES}",
    ),
    "milestones": (
        re.compile(r"M[0-9]:[0-9]{1,3}(?::[^:,]{1,20})?(?:\s*,\s*M[0-9]:[0-9]{1,3}(?::[^:,]{1,20})?)*"),
        "M0:1:受理,M1:8:立项用地 这样的工作日数和名称",
    ),
}
PRODUCTS = ("http://flowable.org/bpmn", "http://activiti.org/bpmn", "http://www.bpmn.org/schema/signavio")


def check_extensions(diagram: Diagram, pen: Pen) -> None:
    """Everything in a foreign namespace that stands inside an executable process."""
    for process in diagram.processes:
        if not process.executable:
            continue
        check_attributes(process.element, pen)
        for element in process.element.iterdescendants():
            if not isinstance(element.tag, str):
                continue
            check_attributes(element, pen)
            check_element(element, pen)
        tasks = {node.id for node in process.nodes() if node.kind in ("userTask", "manualTask")}
        for node in process.nodes():
            check_mappings(node, pen)
            check_countersign(node, pen)
            check_skipping(node, process, pen)
            if node.zw.get("action") == InHouseAction.ESCALATE and node.zw.get("target", "") not in tasks:
                pen.say(TARGET, node.element, ref=node.zw.get("target", ""))


def check_attributes(element: Any, pen: Pen) -> None:
    """Attributes in namespaces."""
    for name, value in element.attrib.items():
        namespace, _, short = name.rpartition("}")
        namespace = namespace.removeprefix("{")
        if name.startswith(CAMUNDA):
            check_camunda_attribute(element, short, pen)
        elif name.startswith(ZW):
            check_zw(element, short, value.strip(), pen)
        elif name.startswith(ZEEBE):
            pen.say(ZEEBE_USED, element, what=f"zeebe:{short}")
        elif namespace.startswith(PRODUCTS):
            pen.say(OTHER_PRODUCT, element, what=short)


def check_camunda_attribute(element: Any, name: str, pen: Pen) -> None:
    """One attribute of Camunda."""
    if name in CODE_ATTRIBUTES:
        pen.say(CODE, element, what=f"camunda:{name}")
    elif name in HARMLESS_ATTRIBUTES:
        return
    elif name == "resultVariable" and local(element) in ("scriptTask", "businessRuleTask"):
        return
    elif name in IGNORED_ATTRIBUTES:
        pen.say(IGNORED, element, what=f"camunda:{name}")
    elif name not in KNOWN_ATTRIBUTES:
        pen.say(UNKNOWN, element, what=f"camunda:{name}")


def check_zw(element: Any, name: str, value: str, pen: Pen) -> None:
    """One of our attributes."""
    if name not in ZW_ATTRIBUTES:
        pen.say(ZW_UNKNOWN, element, name=name)
    elif value.startswith(("${", "#{", "=")):
        return
    elif name in CHOICES and value not in CHOICES[name]:
        pen.say(ZW_VALUE, element, name=name, value=value, allowed="、".join(sorted(CHOICES[name])))
    elif name == "stage":
        for stage in value.replace(",", " ").split():
            if stage not in STAGES:
                pen.say(ZW_VALUE, element, name=name, value=stage, allowed="、".join(sorted(STAGES)))
    elif name == "limit" and value != "case":
        try:
            parse_limit(value)
        except Refusal:
            pen.say(ZW_VALUE, element, name=name, value=value, allowed="3wd（工作日）或 2hd（半日）")
    elif name in WRITTEN and not WRITTEN[name][0].fullmatch(value):
        pen.say(ZW_VALUE, element, name=name, value=value, allowed=WRITTEN[name][1])


def check_element(element: Any, pen: Pen) -> None:
    """One element in a foreign namespace."""
    tag = str(element.tag)
    namespace = tag.rpartition("}")[0].removeprefix("{")
    short = tag.rpartition("}")[2]
    parent = element.getparent()
    if tag == f"{ZEEBE}calledDecision" and local(parent.getparent()) == "businessRuleTask":
        return
    if tag.startswith(ZEEBE):
        pen.say(ZEEBE_USED, element, what=f"zeebe:{short}")
    elif namespace.startswith(PRODUCTS):
        pen.say(OTHER_PRODUCT, element, what=short)
    elif not tag.startswith(CAMUNDA) or local(parent) != "extensionElements":
        return
    elif short in ("executionListener", "taskListener"):
        pen.say(LISTENER, element, what=f"camunda:{short}")
    elif short == "formData":
        pen.say(FORM_DATA, element)
    elif short in ("field", "script", "errorEventDefinition", "validation", "formField"):
        pen.say(CODE, element, what=f"camunda:{short}")
    elif short in IGNORED_ELEMENTS:
        pen.say(IGNORED, element, what=f"camunda:{short}")
    elif short not in KNOWN_ELEMENTS:
        pen.say(UNKNOWN, element, what=f"camunda:{short}")


def check_countersign(node: Node, pen: Pen) -> None:
    """A way of countersigning stands on a loop, and the loop asks in the order the way means."""
    mode = node.zw.get("quorum", "").strip()
    if not is_policy(mode):
        return
    if node.loop is None or local(node.loop) != "multiInstanceLoopCharacteristics":
        pen.say(COUNTERSIGN, node.element, mode=mode, problem="只用于多实例环节", english="needs a multi-instance loop")
        return
    drawn = node.loop.get("isSequential") == "true"
    wanted = read_policy(mode).mode is Mode.SEQUENTIAL
    if drawn != wanted:
        pen.say(
            COUNTERSIGN,
            node.element,
            mode=mode,
            problem="要一个接一个办理，但画的是同时办理" if wanted else "要同时办理，但画的是一个接一个",
            english="asks one after the other" if wanted else "asks everybody at once",
        )


def check_skipping(node: Node, process: Process, pen: Pen) -> None:
    """A step that may be skipped decides nothing, and what it would have said is known without it."""
    skipped = [policy for policy in POLICIES if node.zw.get(policy, "").strip() == "skip"]
    if not skipped:
        return
    policy = skipped[0]
    stages = set(node.zw.get("stage", "").replace(",", " ").split())
    if stages & NEVER_SKIPPED:
        pen.say(SKIPPED, node.element, name=policy, problem="法定环节不能跳过", english="skips a stage the law wants")
    elif node.loop is not None:
        pen.say(SKIPPED, node.element, name=policy, problem="多实例环节不能跳过", english="skips instances of a loop")
    elif node.form_key and "empty" in skipped:
        pen.say(SKIPPED, node.element, name="empty", problem="没有人填写它的表单", english="leaves its form to nobody")
    elif node.form_key and not any(
        other.id != node.id and other.form_key == node.form_key for other in process.nodes() if other.kind == node.kind
    ):
        pen.say(
            SKIPPED,
            node.element,
            name=policy,
            problem="没有别的环节填写同一表单，永远不会跳过",
            english="never happens: no other step has the same form",
        )


def check_mappings(node: Node, pen: Pen) -> None:
    """Input and output parameters have names and plain contents; transfers a source and a target."""
    for extension in node.extensions():
        if extension.tag == f"{CAMUNDA}inputOutput":
            for parameter in extension.iterchildren(f"{CAMUNDA}inputParameter", f"{CAMUNDA}outputParameter"):
                if not (parameter.get("name") or "").strip():
                    pen.say(PARAMETER, parameter)
                for part in parameter.iterdescendants():
                    short = str(part.tag).rpartition("}")[2]
                    if short == "script":
                        if "feel" not in (part.get("scriptFormat") or "feel").lower() or part.get("resource"):
                            pen.say(CODE, parameter, what="camunda:script")
                    elif short not in ("list", "map", "entry", "value"):
                        pen.say(MAPPED_BY, parameter, what=short)
        elif extension.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out"):
            short = extension.tag.removeprefix(CAMUNDA)
            copies = extension.get("source") or extension.get("sourceExpression") and extension.get("target")
            if not copies and extension.get("variables") != "all" and extension.get("businessKey") is None:
                pen.say(TRANSFER, extension, what=short)
