"""What designers' tools send: accepted as they write it, or refused with code, element and line."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.visitor import Visitor, diagram

MODELER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" id="Definitions_0x1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.20.0" modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.23.0">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="政务中心" processRef="KEY" />
    <bpmn:participant id="Participant_2" name="申请人" />
    <bpmn:messageFlow id="Flow_msg" sourceRef="Participant_2" targetRef="StartEvent_1" />
    <bpmn:textAnnotation id="TextAnnotation_1"><bpmn:text>现场核对</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="Activity_1" targetRef="TextAnnotation_1" />
  </bpmn:collaboration>
  <bpmn:process id="KEY" name="收件" isExecutable="true" camunda:versionTag="v1.0" camunda:historyTimeToLive="180">
    <bpmn:documentation>一份收件流程</bpmn:documentation>
    <bpmn:laneSet id="LaneSet_1">
      <bpmn:lane id="Lane_1" name="综合窗口">
        <bpmn:flowNodeRef>StartEvent_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Activity_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Gateway_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Event_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Event_2</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="StartEvent_1" name="来件" camunda:initiator="starter">
      <bpmn:extensionElements><camunda:properties><camunda:property name="x" value="1" /></camunda:properties></bpmn:extensionElements>
      <bpmn:outgoing>Flow_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <bpmn:userTask id="Activity_1" name="收件登记" camunda:candidateGroups="counter_clerk">
      <bpmn:incoming>Flow_1</bpmn:incoming>
      <bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Gateway_1" />
    <bpmn:exclusiveGateway id="Gateway_1" name="齐全？" default="Flow_4">
      <bpmn:incoming>Flow_2</bpmn:incoming>
      <bpmn:outgoing>Flow_3</bpmn:outgoing>
      <bpmn:outgoing>Flow_4</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="Flow_3" name="是" sourceRef="Gateway_1" targetRef="Event_1">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${complete == true &amp;&amp; count &gt; 2}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_4" name="否" sourceRef="Gateway_1" targetRef="Event_2" />
    <bpmn:endEvent id="Event_1"><bpmn:incoming>Flow_3</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="Event_2"><bpmn:incoming>Flow_4</bpmn:incoming></bpmn:endEvent>
    <bpmn:group id="Group_1" categoryValueRef="CategoryValue_1" />
    <bpmn:dataObjectReference id="DataObjectReference_1" name="材料" dataObjectRef="DataObject_1" />
    <bpmn:dataObject id="DataObject_1" />
  </bpmn:process>
  <bpmn:category id="Category_1"><bpmn:categoryValue id="CategoryValue_1" value="窗口" /></bpmn:category>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Collaboration_1">
      <bpmndi:BPMNShape id="Activity_1_di" bpmnElement="Activity_1" bioc:stroke="#0d4372" bioc:fill="#bbdefb" color:background-color="#bbdefb" color:border-color="#0d4372"><dc:Bounds x="1" y="2" width="100" height="80" /></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Flow_1_di" bpmnElement="Flow_1"><di:waypoint x="1" y="1" /><di:waypoint x="2" y="2" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
FLOWABLE = """<?xml version='1.0' encoding='UTF-8'?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:flowable="http://flowable.org/bpmn" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC" xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI" typeLanguage="http://www.w3.org/2001/XMLSchema" expressionLanguage="http://www.w3.org/1999/XPath" targetNamespace="http://www.flowable.org/processdef" exporter="Flowable Open Source Modeler" exporterVersion="6.8.0">
  <process id="KEY" name="请假" isExecutable="true">
    <startEvent id="startEvent1" flowable:formFieldValidation="true"></startEvent>
    <userTask id="sid-0A1B" name="审核" flowable:assignee="$INITIATOR"></userTask>
    <sequenceFlow id="sid-1" sourceRef="startEvent1" targetRef="sid-0A1B"></sequenceFlow>
    <endEvent id="sid-2"></endEvent>
    <sequenceFlow id="sid-3" sourceRef="sid-0A1B" targetRef="sid-2"></sequenceFlow>
  </process>
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane bpmnElement="KEY" id="P"/></bpmndi:BPMNDiagram>
</definitions>
"""
SIGNAVIO = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:signavio="http://www.signavio.com" exporter="Signavio Process Editor, http://www.signavio.com" exporterVersion="15.1" expressionLanguage="http://www.w3.org/TR/XPath" id="sid-1111" targetNamespace="http://www.signavio.com" typeLanguage="http://www.w3.org/2001/XMLSchema" xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL http://www.omg.org/spec/BPMN/2.0/20100501/BPMN20.xsd">
  <semantic:process id="KEY" isClosed="false" isExecutable="true" processType="None">
    <semantic:extensionElements><signavio:signavioDiagramMetaData metaKey="author" metaValue=""/></semantic:extensionElements>
    <semantic:startEvent id="sid-A" isInterrupting="true" name=""><semantic:outgoing>sid-F1</semantic:outgoing></semantic:startEvent>
    <semantic:userTask completionQuantity="1" id="sid-B" implementation="##unspecified" isForCompensation="false" name="审核" startQuantity="1">
      <semantic:extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/></semantic:extensionElements>
      <semantic:incoming>sid-F1</semantic:incoming><semantic:outgoing>sid-F2</semantic:outgoing>
    </semantic:userTask>
    <semantic:endEvent id="sid-C" name=""/>
    <semantic:sequenceFlow id="sid-F1" isImmediate="true" name="" sourceRef="sid-A" targetRef="sid-B"/>
    <semantic:sequenceFlow id="sid-F2" isImmediate="true" name="" sourceRef="sid-B" targetRef="sid-C"/>
  </semantic:process>
</semantic:definitions>
"""
ECLIPSE = """<?xml version="1.0" encoding="utf-8"?>
<bpmn2:definitions xmlns:bpmn2="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="_D" targetNamespace="http://x">
<!-- a comment --><?tool hint?>
<bpmn2:process id="KEY" isExecutable="true">
<bpmn2:startEvent id="StartEvent_1"/><bpmn2:userTask id="Task_1"><bpmn2:documentation textFormat="text/html"><![CDATA[<b>x</b>]]></bpmn2:documentation></bpmn2:userTask><bpmn2:endEvent id="EndEvent_1"/>
<bpmn2:sequenceFlow sourceRef="StartEvent_1" targetRef="Task_1"/><bpmn2:sequenceFlow sourceRef="Task_1" targetRef="EndEvent_1"/>
</bpmn2:process></bpmn2:definitions>
"""


def keyed(text: str) -> tuple[str, bytes]:
    key = f"k_{uuid4().hex[:8]}"
    return key, text.replace("KEY", key).encode()


@pytest.mark.parametrize(
    "text", [MODELER, FLOWABLE, SIGNAVIO, ECLIPSE], ids=["modeler", "flowable", "signavio", "eclipse"]
)
def test_diagrams_of_four_editors_deploy_and_run(engine: Visitor, text: str) -> None:
    key, content = keyed(text)
    answer = engine.upload((f"{key}.bpmn", content))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    [definition] = body["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"], definition["resource"]) == (key, 1, f"{key}.bpmn")
    assert definition["deploymentId"] == body["id"]
    started = engine.post(f"/process-definition/{definition['id']}/start", {"businessKey": "B", "variables": None}, 200)
    assert {"id", "definitionId", "businessKey", "ended", "suspended", "links"} <= set(started)
    engine.complete(started["id"], complete=True, count=3)
    assert engine.ended(started["id"])
    xml = engine.get(f"/process-definition/{definition['id']}/xml")
    assert xml["bpmn20Xml"] == content.decode()


def test_the_modeler_asks_first_and_learns_whether_credentials_are_needed(engine: Visitor, address: str) -> None:
    stranger = Visitor(address, None)
    assert stranger.call("GET", "/deployment?maxResults=0").status_code == 401
    assert stranger.call("GET", "/version").status_code in (200, 401)
    stranger.session.close()
    assert engine.get("/deployment?maxResults=0") == []
    version = engine.call("GET", "/version")
    assert version.headers["Content-Type"] == "application/json"
    assert version.json()["version"].startswith("7.")
    answer = engine.call("GET", "//.well-known/camunda-automation-platform/webapps")
    assert set(answer.json()) == {"adminUrl", "cockpitUrl", "tasklistUrl"}


def test_an_unchanged_diagram_makes_no_version_and_a_changed_one_does(engine: Visitor) -> None:
    key, content = keyed(MODELER)
    first = engine.upload((f"{key}.bpmn", content)).json()
    again = engine.upload((f"{key}.bpmn", content)).json()
    assert not again["deployedProcessDefinitions"]
    assert engine.get(f"/process-definition/count?key={key}") == {"count": 1}
    changed = engine.upload((f"{key}.bpmn", content.replace("收件登记".encode(), "收件".encode()))).json()
    [second] = changed["deployedProcessDefinitions"].values()
    assert second["version"] == 2
    forced = engine.upload((f"{key}.bpmn", content), duplicates=False).json()
    assert [one["version"] for one in forced["deployedProcessDefinitions"].values()] == [3]
    assert engine.get(f"/process-definition/key/{key}")["version"] == 3
    versions = engine.get(f"/process-definition?key={key}&sortBy=version&sortOrder=desc&firstResult=0&maxResults=1")
    assert [one["version"] for one in versions] == [3]
    assert engine.get(f"/process-definition?key={key}&latestVersion=true")[0]["version"] == 3
    assert len({first["id"], changed["id"], forced["id"]}) == 3


def test_several_files_come_and_go_together(engine: Visitor) -> None:
    key, content = keyed(ECLIPSE)
    form = json.dumps({"type": "default", "components": [{"type": "textfield", "key": "a", "label": "甲"}]}).encode()
    body = engine.upload((f"{key}.bpmn", content), (f"{key}.form", form), ("readme.txt", b"hello"), name="一套").json()
    assert body["name"] == "一套"
    assert body["source"] == "Camunda Modeler"
    assert "T" in body["deploymentTime"] and body["deploymentTime"][-5] in "+-"
    resources = engine.get(f"/deployment/{body['id']}/resources")
    assert {one["name"] for one in resources} == {f"{key}.bpmn", f"{key}.form", "readme.txt"}
    for one in resources:
        assert engine.call("GET", f"/deployment/{body['id']}/resources/{one['id']}/data").content in (
            content,
            form,
            b"hello",
        )
    case = engine.start(key)
    refused = engine.call("DELETE", f"/deployment/{body['id']}")
    assert 400 <= refused.status_code < 500, refused.text
    engine.delete(f"/deployment/{body['id']}?cascade=true")
    assert engine.call("GET", f"/deployment/{body['id']}").status_code == 404
    assert engine.call("GET", f"/process-instance/{case}").status_code == 404
    assert engine.call("GET", f"/process-definition/key/{key}").status_code == 404


def test_one_bad_file_keeps_all_out(engine: Visitor) -> None:
    key, content = keyed(ECLIPSE)
    bad, broken = keyed(ECLIPSE)
    answer = engine.upload((f"{key}.bpmn", content), (f"{bad}.bpmn", broken.replace(b"userTask", b"adHocSubProcess")))
    assert answer.status_code == 400
    assert engine.call("GET", f"/process-definition/key/{key}").status_code == 404


def findings(engine: Visitor, file: str, content: bytes) -> list[dict[str, Any]]:
    answer = engine.upload((file, content))
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body["type"] == "ParseException"
    assert body["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    errors = body["details"][file]["errors"]
    assert errors
    for one in errors:
        assert one["message"]
        assert one["line"] >= 1
        assert isinstance(one["elementIds"], list)
        assert one["code"]
    return list(errors)


UNSUPPORTED = {
    "business rule": '<businessRuleTask id="BAD" camunda:decisionRef="d"/>',
    "java class": '<serviceTask id="BAD" camunda:class="com.example.Delegate"/>',
    "delegate expression": '<serviceTask id="BAD" camunda:delegateExpression="${bean}"/>',
    "expression": '<serviceTask id="BAD" camunda:expression="${bean.run()}"/>',
    "nothing to do": '<serviceTask id="BAD"/>',
    "connector": '<serviceTask id="BAD"><extensionElements><camunda:connector><camunda:connectorId>http</camunda:connectorId></camunda:connector></extensionElements></serviceTask>',
    "groovy": '<scriptTask id="BAD" scriptFormat="groovy"><script>x = 1</script></scriptTask>',
    "python": '<scriptTask id="BAD" scriptFormat="python"><script>import os; os.system("id")</script></scriptTask>',
    "javascript": '<scriptTask id="BAD" scriptFormat="javascript"><script>1</script></scriptTask>',
    "link throw": '<intermediateThrowEvent id="BAD"><linkEventDefinition name="x"/></intermediateThrowEvent>',
    "no definition": '<intermediateCatchEvent id="BAD"/>',
    "task listener": '<userTask id="BAD"><extensionElements><camunda:taskListener event="create" class="x.Y"/></extensionElements></userTask>',
    "execution listener": '<userTask id="BAD"><extensionElements><camunda:executionListener event="start" expression="${x}"/></extensionElements></userTask>',
    "form data": '<userTask id="BAD"><extensionElements><camunda:formData><camunda:formField id="a" type="string"/></camunda:formData></extensionElements></userTask>',
    "zeebe": '<userTask id="BAD"><extensionElements><z:assignmentDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" assignee="a"/></extensionElements></userTask>',
    "potential owner": '<userTask id="BAD"><potentialOwner><resourceAssignmentExpression><formalExpression>user(a)</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>',
    "unknown element": '<quantumTask id="BAD"/>',
    "bad timer": '<intermediateCatchEvent id="BAD"><timerEventDefinition><timeDuration>three days</timeDuration></timerEventDefinition></intermediateCatchEvent>',
    "message without name": '<receiveTask id="BAD"/>',
    "call without key": '<callActivity id="BAD"/>',
    "call to nothing": '<callActivity id="BAD" calledElement="there_is_no_such"/>',
    "send without topic": '<sendTask id="BAD"/>',
    "loop without end": '<userTask id="BAD"><standardLoopCharacteristics/></userTask>',
    "instances without number": '<userTask id="BAD"><multiInstanceLoopCharacteristics/></userTask>',
    "java assignee": '<userTask id="BAD" camunda:assignee="${bean.find(x)}"/>',
}  # fmt: skip


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_is_not_supported_is_refused_with_code_element_and_line(engine: Visitor, name: str) -> None:
    key = f"bad_{uuid4().hex[:8]}"
    content = diagram(f'\n<startEvent id="S"/>\n{UNSUPPORTED[name]}\n<endEvent id="E"/>\nS -> BAD\nBAD -> E\n', key)
    line = next(number for number, text in enumerate(content.decode().splitlines(), 1) if 'id="BAD"' in text)
    errors = findings(engine, f"{key}.bpmn", content)
    assert any(one["mainElementId"] == "BAD" and one["line"] == line for one in errors), errors
    assert engine.call("GET", f"/process-definition/key/{key}").status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("compensation boundary", '<boundaryEvent id="BAD" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'),
        ("boundary on nothing", '<boundaryEvent id="BAD" attachedToRef="nothing"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>\nBAD -> E'),
        ("unreachable", '<userTask id="BAD"/>\nBAD -> E'),
        ("duplicate id", '<userTask id="BAD"/>\nA -> BAD\n<userTask id="BAD"/>\nBAD -> E'),
        ("cancel end", '<endEvent id="BAD"><cancelEventDefinition/></endEvent>\nA -> BAD'),
        ("dangling flow", '<sequenceFlow id="BAD" sourceRef="A" targetRef="nothing"/>'),
        ("bad condition", '<sequenceFlow id="BAD" sourceRef="A" targetRef="E"><conditionExpression>${a ==}</conditionExpression></sequenceFlow>'),
        ("method call", '<sequenceFlow id="BAD" sourceRef="A" targetRef="E"><conditionExpression>${T(java.lang.Runtime).exec("x")}</conditionExpression></sequenceFlow>'),
        ("script condition", '<sequenceFlow id="BAD" sourceRef="A" targetRef="E"><conditionExpression language="javascript">1</conditionExpression></sequenceFlow>'),
    ],
)  # fmt: skip
def test_what_cannot_run_is_refused_with_code_element_and_line(engine: Visitor, name: str, body: str) -> None:
    key = f"bad_{uuid4().hex[:8]}"
    content = diagram(f'<startEvent id="S"/><userTask id="A"/><endEvent id="E"/>\nS -> A\nA -> E\n{body}\n', key)
    errors = findings(engine, f"{key}.bpmn", content)
    assert any(one["mainElementId"] == "BAD" or "BAD" in one["message"] for one in errors), errors


@pytest.mark.parametrize(
    "content",
    [
        b"<definitions",
        b"not xml at all",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&a;</definitions>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><definitions/>',
        b"<html/>",
        b"<a>" * 2000 + b"</a>" * 2000,
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">' + b" " * 3_000_000 + b"</definitions>",
    ],
)
def test_hostile_or_broken_xml_is_refused_quickly(engine: Visitor, content: bytes) -> None:
    answer = engine.upload(("hostile.bpmn", content))
    assert answer.status_code in (400, 413)
    assert answer.json()["type"]
    assert answer.elapsed.total_seconds() < 2


def test_a_refused_diagram_is_told_in_chinese(engine: Visitor) -> None:
    content = diagram('<startEvent id="S"/><serviceTask id="G"/><endEvent id="E"/>\nS -> G\nG -> E\n', "zh")
    [error] = findings(engine, "zh.bpmn", content)
    assert "服务任务" in error["message"]
    assert error["elementIds"] == ["G"]


def test_deployments_are_listed_sorted_and_counted(engine: Visitor) -> None:
    key, content = keyed(ECLIPSE)
    made = engine.upload((f"{key}.bpmn", content), name=f"名-{key}").json()
    assert [one["id"] for one in engine.get("/deployment", params={"name": f"名-{key}"})] == [made["id"]]
    assert [one["id"] for one in engine.get("/deployment", params={"nameLike": f"%{key}%"})] == [made["id"]]
    newest = engine.get("/deployment?sortBy=deploymentTime&sortOrder=desc&maxResults=1")
    assert newest[0]["id"] == made["id"]
    assert engine.get("/deployment/count")["count"] == len(engine.get("/deployment"))
    assert engine.get(f"/deployment/{made['id']}")["source"] == "Camunda Modeler"
    statistics = [one for one in engine.get("/process-definition/statistics") if one["definition"]["key"] == key]
    assert statistics[0]["instances"] == 0
    engine.start(key)
    statistics = [one for one in engine.get("/process-definition/statistics") if one["definition"]["key"] == key]
    assert statistics[0]["instances"] == 1
