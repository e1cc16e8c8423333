"""Diagrams as other products write them: every sample a whole file with layout, comments, colours and extensions nobody knows."""

from __future__ import annotations

NAMES = {
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "activiti": "http://activiti.org/bpmn",
}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- exported by another product -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" xmlns:acme="urn:acme:extensions" {declared}
  typeLanguage="http://www.w3.org/2001/XMLSchema" expressionLanguage="http://www.w3.org/1999/XPath"
  targetNamespace="urn:foreign" exporter="Foreign" exporterVersion="6.8">
  <message id="Message_1" name="reply"/><error id="Error_1" name="wrong" errorCode="E1"/>
  <process id="sample" name="外来流程" isExecutable="true" {process}>
    <!-- drawn by hand -->
    <extensionElements><acme:meta author="甲"><acme:tag>a &amp; b</acme:tag></acme:meta></extensionElements>
"""
TAIL = """  </process>
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="sample">
    <bpmndi:BPMNShape id="S_di" bpmnElement="S" bioc:stroke="#1e88e5"><omgdc:Bounds x="100" y="100" width="30" height="30"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="F1_di" bpmnElement="F1"><omgdi:waypoint x="130" y="115"/><omgdi:waypoint x="180.5" y="115"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>
"""


def sample(middle: str, *, prefix: str = "flowable", process: str = "", start: str = "", after: str = "") -> bytes:
    """Start → A → end; `middle` is A (and what else the process holds), `PRODUCT:` the prefix of whose it is."""
    body = (
        f'<startEvent id="S"{start}<sequenceFlow id="F1" sourceRef="S" targetRef="A"/>{middle}'
        f'<sequenceFlow id="F2" sourceRef="A" targetRef="E"/><endEvent id="E"/>{after}'
        if start
        else f'<startEvent id="S"/><sequenceFlow id="F1" sourceRef="S" targetRef="A"/>{middle}'
        f'<sequenceFlow id="F2" sourceRef="A" targetRef="E"/><endEvent id="E"/>{after}'
    )
    text = HEAD.format(declared=f'xmlns:{prefix}="{NAMES[prefix]}"', process=process) + body + TAIL
    return text.replace("PRODUCT:", f"{prefix}:").encode()


def task(attributes: str = "", inside: str = "", kind: str = "userTask") -> str:
    """The element A."""
    return f'<{kind} id="A" name="审核" {attributes}>{inside}</{kind}>'


def extended(inside: str) -> str:
    """Extension elements."""
    return f"<extensionElements>{inside}</extensionElements>"


LOOP = '<multiInstanceLoopCharacteristics isSequential="false" PRODUCT:collection="${{people}}" PRODUCT:elementVariable="person">{}</multiInstanceLoopCharacteristics>'
CHOICE = (
    '<exclusiveGateway id="A" default="F2"/><sequenceFlow id="F3" sourceRef="A" targetRef="G">'
    '<conditionExpression xsi:type="tFormalExpression"><![CDATA[{}]]></conditionExpression></sequenceFlow><endEvent id="G"/>'
)
SAMPLES: dict[str, bytes] = {
    "flowable people": sample(
        task(
            'PRODUCT:assignee="${starter}" PRODUCT:candidateUsers="a,b" PRODUCT:candidateGroups="${dept}" PRODUCT:formFieldValidation="true"'
        ),
        process='PRODUCT:candidateStarterGroups="clerks"',
    ),
    "flowable initiator": sample(task('PRODUCT:assignee="$INITIATOR"')),
    "flowable form key": sample(
        task('PRODUCT:formKey="leave" PRODUCT:dueDate="${deadline}" PRODUCT:priority="50" PRODUCT:category="hr"')
    ),
    "flowable fields": sample(
        task(
            inside=extended(
                '<PRODUCT:formProperty id="days" name="天数" type="long" required="true"/>'
                '<PRODUCT:formProperty id="kind" name="种类" type="enum"><PRODUCT:value id="a" name="甲"/></PRODUCT:formProperty>'
                '<PRODUCT:formProperty id="bad-key" name="坏" type="string"/>'
            )
        )
    ),
    "flowable listeners": sample(
        task(
            inside=extended(
                '<PRODUCT:taskListener event="create" class="org.acme.Create"/><PRODUCT:executionListener event="end" expression="${bean.call()}"/>'
            )
        )
    ),
    "flowable delegate": sample(
        task('PRODUCT:delegateExpression="${archive}" PRODUCT:async="true"', kind="serviceTask")
    ),
    "flowable http": sample(
        task(
            'PRODUCT:type="http"',
            extended('<PRODUCT:field name="requestUrl"><PRODUCT:string>http://acme</PRODUCT:string></PRODUCT:field>'),
            "serviceTask",
        )
    ),
    "flowable worker": sample(task('PRODUCT:type="external-worker" PRODUCT:topic="archive"', kind="serviceTask")),
    "flowable call": sample(
        task(
            'calledElement="other" PRODUCT:inheritVariables="true" PRODUCT:inheritBusinessKey="true" PRODUCT:calledElementType="key"',
            "<documentation>调用</documentation>"
            + extended(
                '<PRODUCT:in source="a" target="b"/><PRODUCT:in sourceExpression="${a + 1}" target="c"/><PRODUCT:out source="r" target="r"/>'
            ),
            "callActivity",
        )
    ),
    "flowable loop": sample(
        task(
            inside=LOOP.format(
                "<completionCondition>${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</completionCondition>"
            )
        )
    ),
    "flowable condition": sample(CHOICE.format("${vars:get(amount) > 100 && !empty remark}")),
    "flowable bean condition": sample(CHOICE.format("${orderService.isBig(order)}")),
    "flowable skip": sample(task('PRODUCT:skipExpression="${done}" PRODUCT:owner="boss"')),
    "flowable script": sample(
        task(
            'scriptFormat="groovy" PRODUCT:autoStoreVariables="false"',
            "<script>execution.setVariable('a', 1)</script>",
            "scriptTask",
        )
    ),
    "activiti script of juel": sample(
        task('scriptFormat="juel" PRODUCT:resultVariable="total"', "<script>${price * count}</script>", "scriptTask"),
        prefix="activiti",
    ),
    "activiti owners": sample(
        task(
            inside="<humanPerformer><resourceAssignmentExpression><formalExpression>kermit</formalExpression></resourceAssignmentExpression></humanPerformer>"
            "<potentialOwner><resourceAssignmentExpression><formalExpression>user(fozzie), group(management), sales</formalExpression></resourceAssignmentExpression></potentialOwner>"
        ),
        prefix="activiti",
    ),
    "activiti timer": sample(
        task(),
        prefix="activiti",
        after='<boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">${patience}</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow id="F4" sourceRef="B" targetRef="E"/>',
    ),
    "activiti start fields": sample(
        task(),
        prefix="activiti",
        start=' PRODUCT:initiator="who">'
        + extended('<PRODUCT:formProperty id="since" name="自" type="date" writable="false"/>')
        + "</startEvent>",
    ),
    "activiti mail": sample(
        task('PRODUCT:type="mail"', extended('<PRODUCT:field name="to" stringValue="a@b"/>'), "serviceTask"),
        prefix="activiti",
    ),
    "camunda external": sample(
        task(
            'PRODUCT:type="external" PRODUCT:topic="archive" PRODUCT:asyncBefore="true"',
            extended(
                '<PRODUCT:inputOutput><PRODUCT:inputParameter name="x">${a.b}</PRODUCT:inputParameter><PRODUCT:inputParameter name="y"><PRODUCT:script scriptFormat="js">1</PRODUCT:script></PRODUCT:inputParameter></PRODUCT:inputOutput><PRODUCT:failedJobRetryTimeCycle>R3/PT1H</PRODUCT:failedJobRetryTimeCycle>'
            ),
            "serviceTask",
        ),
        prefix="camunda",
        process='PRODUCT:versionTag="1.0" PRODUCT:historyTimeToLive="P30D"',
    ),
    "camunda fields": sample(
        task(
            inside=extended(
                '<PRODUCT:formData><PRODUCT:formField id="amount" label="金额" type="long"><PRODUCT:validation><PRODUCT:constraint name="min" config="1"/><PRODUCT:constraint name="required"/></PRODUCT:validation></PRODUCT:formField></PRODUCT:formData>'
            )
        ),
        prefix="camunda",
    ),
    "camunda deployed form": sample(
        task('PRODUCT:formKey="camunda-forms:deployment:forms/check.form"'), prefix="camunda"
    ),
    "camunda page form": sample(task('PRODUCT:formKey="embedded:app:forms/check.html"'), prefix="camunda"),
    "camunda class": sample(task('PRODUCT:class="org.acme.Do"', kind="serviceTask"), prefix="camunda"),
    "camunda ternary": sample(
        task("PRODUCT:candidateGroups=\"${level == 1 ? 'a' : 'b'}\" PRODUCT:assignee=\"mr-${name}\""), prefix="camunda"
    ),
    "camunda equals": sample(
        CHOICE.format('${execution.getVariable("state").equals("ok") or list.size() gt 3}'), prefix="camunda"
    ),
    "camunda connector": sample(
        task(
            inside=extended(
                "<PRODUCT:connector><PRODUCT:connectorId>http-connector</PRODUCT:connectorId></PRODUCT:connector>"
            ),
            kind="serviceTask",
        ),
        prefix="camunda",
    ),
    "camunda decision": sample(
        task(
            'PRODUCT:decisionRef="table" PRODUCT:resultVariable="r" PRODUCT:mapDecisionResult="singleEntry"',
            kind="businessRuleTask",
        ),
        prefix="camunda",
    ),
    "plain with a stranger": sample(
        task('acme:colour="red"', extended("<acme:note>请保留</acme:note>")), prefix="camunda"
    ),
    "flowable message": sample(
        task('messageRef="Message_1"', kind="receiveTask"),
        after='<textAnnotation id="T"><text>说明</text></textAnnotation><association id="As" sourceRef="A" targetRef="T"/>',
    ),
}
