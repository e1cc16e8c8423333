"""Whose extensions there are, which of their attributes mean what ours mean, and why the others are left."""

from __future__ import annotations

from service.engine.lint.diagram import BPMN, CAMUNDA, ZEEBE, ZW
from service.rules.sentences import Sentence

FLOWABLE, ACTIVITI = "{http://flowable.org/bpmn}", "{http://activiti.org/bpmn}"
PREFIXES = {BPMN: "", CAMUNDA: "camunda:", ZW: "zw:", ZEEBE: "zeebe:", FLOWABLE: "flowable:", ACTIVITI: "activiti:"}
PRODUCTS = ((ZEEBE, "Camunda 8"), (FLOWABLE, "Flowable"), (ACTIVITI, "Activiti"), (CAMUNDA, "Camunda 7"))
COUSINS = (FLOWABLE, ACTIVITI)  # their attributes are written as camunda: where they mean the same
SILENT = (  # how a diagram looks, never what it does
    "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "http://camunda.org/schema/modeler/1.0",
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/XML/1998/namespace",
)
SAME = frozenset(
    "assignee candidateUsers candidateGroups dueDate followUpDate priority formKey formRef initiator topic collection "
    "elementVariable resultVariable decisionRef decisionRefBinding decisionRefVersion decisionRefVersionTag mapDecisionResult "
    "calledElementBinding calledElementVersion versionTag historyTimeToLive candidateStarterUsers candidateStarterGroups "
    "errorCodeVariable errorMessageVariable".split()
)
RENAMED = {"resultVariableName": "resultVariable", "decisionTableReferenceKey": "decisionRef"}
EXPRESSIVE = frozenset("assignee candidateUsers candidateGroups dueDate followUpDate priority collection topic".split())
TEXTS = frozenset(
    "conditionExpression timeDuration timeDate timeCycle completionCondition loopCardinality condition".split()
)
CODE = frozenset(
    "class delegateExpression expression formHandlerClass variableMappingClass variableMappingDelegateExpression".split()
)
LISTENERS = frozenset("executionListener taskListener eventListener planItemLifecycleListener".split())
HARMLESS = frozenset(  # of Camunda, known to the linter
    "asyncBefore asyncAfter async exclusive jobPriority isStartableInTasklist modelerTemplate modelerTemplateVersion "
    "modelerTemplateIcon diagramRelationId formRefBinding formRefVersion taskPriority type "
    "calledElementVersionTag calledElementTenantId".split()
)

NOT_RUN = (
    Sentence("上传的代码不执行。"),
    Sentence("改为外部任务（camunda:topic），由外部程序完成，或选系统动作（zw:action）。"),
)
NOT_HEARD = Sentence("监听器不执行。"), Sentence("改为外部任务，或用输出参数赋值。")
NO_SUCH_TASK = Sentence("没有这种内置任务。"), Sentence("改为外部任务（camunda:topic），或选系统动作（zw:action）。")
NO_SCRIPT = Sentence("这种脚本语言不执行。"), Sentence("用 FEEL 改写，每行写：变量 = 表达式。")
NOT_TRANSLATED = Sentence("表达式没有翻译。"), Sentence("用 FEEL 改写。")
NO_SUCH_FORM = Sentence("这种表单不能使用。"), Sentence("在表单设计中新建表单，再填写表单键。")
NO_SKIP = (
    Sentence("不能按表达式跳过环节。"),
    Sentence("画排他网关，或用审批人策略（zw:empty、zw:same、zw:duplicate）。"),
)
NO_FIELD = Sentence("字段的名称不能作变量名。"), Sentence("改名后在表单里补上。")
EIGHT = Sentence("Camunda 8 的扩展不支持。"), Sentence("在 Camunda Modeler 中另存为 Camunda 7 的流程图。")
NO_EFFECT = Sentence("保留在文件中，不起作用。"), Sentence("不需要时可以删除。")
