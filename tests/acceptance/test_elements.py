"""Every supported element once, seen through `/engine-rest`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.visitor import Visitor

S, E = '<startEvent id="S"/>', '<endEvent id="E"/>'


def tasks(*keys: str) -> str:
    return "".join(f'<userTask id="{key}" name="任务{key}"/>' for key in keys)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{text}</{kind}></timerEventDefinition>'


MESSAGE = '<messageEventDefinition messageRef="Message_1"/>'
SIGNAL = '<signalEventDefinition signalRef="Signal_1"/>'
ERROR = '<errorEventDefinition errorRef="Error_1"/>'
ESCALATION = '<escalationEventDefinition escalationRef="Escalation_1"/>'


@pytest.mark.parametrize(("amount", "expected"), [(50, ["SMALL"]), (500, ["MIDDLE"]), (5000, ["LARGE"])])
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(
    engine: Visitor, amount: int, expected: list[str]
) -> None:
    case = engine.run(
        S
        + '<exclusiveGateway id="G" default="F3"/>'
        + tasks("SMALL", "MIDDLE", "LARGE")
        + E
        + """
S -> G
G -> SMALL : ${amount < 100}
G -> MIDDLE : amount < 1000
<sequenceFlow id="F3" sourceRef="G" targetRef="LARGE"/>
SMALL -> E
MIDDLE -> E
LARGE -> E
""",
        amount=amount,
    )
    assert engine.tasks(case) == expected
    engine.complete(case)
    assert engine.ended(case)
    assert engine.passed(case) == sorted(["S", "G", "E", *expected])


def test_a_gateway_without_true_flow_or_default_becomes_an_incident_that_a_correction_heals(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<exclusiveGateway id="G"/>'
        + tasks("A", "B")
        + E
        + """
S -> G
G -> A : ${amount == 1}
G -> B : ${amount == 2}
A -> E
B -> E
""",
        amount=3,
    )
    [incident] = engine.get(f"/incident?processInstanceId={case}")
    assert incident["activityId"] == "G"
    assert incident["incidentMessage"]
    for act in ("execute", "retries"):
        method = "POST" if act == "execute" else "PUT"
        answer = engine.call(method, f"/job/{incident['configuration']}/{act}", {"retries": 1})
        assert answer.status_code == (409 if act == "execute" else 204), answer.text
        assert [one["id"] for one in engine.get(f"/incident?processInstanceId={case}")] == [incident["id"]]
    engine.put(f"/process-instance/{case}/variables/amount", {"value": 2})
    [job] = engine.get(f"/job?processInstanceId={case}&withException=true")
    assert (job["retries"], job["failedActivityId"], job["id"]) == (0, "G", incident["configuration"])
    engine.put(f"/job/{job['id']}/retries", {"retries": 1})
    assert engine.tasks(case) == ["B"]
    assert engine.get(f"/incident/count?processInstanceId={case}") == {"count": 0}


def test_parallel_branches_are_joined_once(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<parallelGateway id="F"/><parallelGateway id="J"/>'
        + tasks("A", "B", "C", "Z")
        + E
        + """
S -> F
F -> A
F -> B
F -> C
A -> J
B -> J
C -> J
J -> Z
Z -> E
"""
    )
    for key in ("B", "A", "C"):
        assert "Z" not in engine.tasks(case)
        engine.complete(case, key)
    assert engine.tasks(case) == ["Z"]
    engine.complete(case)
    assert engine.ended(case)
    assert [one["activityId"] for one in engine.activities(case)].count("Z") == 1


@pytest.mark.parametrize(("chosen", "expected"), [([1], ["A"]), ([1, 2], ["A", "B"]), ([], ["D"])])
def test_an_inclusive_gateway_waits_for_the_branches_it_opened(
    engine: Visitor, chosen: list[int], expected: list[str]
) -> None:
    case = engine.run(
        S
        + '<inclusiveGateway id="F" default="FD"/><inclusiveGateway id="J"/>'
        + tasks("A", "B", "D", "Z")
        + E
        + """
S -> F
F -> A : ${a}
F -> B : =b = true
<sequenceFlow id="FD" sourceRef="F" targetRef="D"/>
A -> J
B -> J
D -> J
J -> Z
Z -> E
""",
        a=1 in chosen,
        b=2 in chosen,
    )
    assert engine.tasks(case) == expected
    for key in expected:
        engine.complete(case, key)
    assert engine.tasks(case) == ["Z"]


EVENT_GATEWAY = (
    S
    + '<eventBasedGateway id="G"/><intermediateCatchEvent id="M">'
    + MESSAGE
    + '</intermediateCatchEvent><intermediateCatchEvent id="T">'
    + timer("PT2H")
    + "</intermediateCatchEvent>"
    + '<intermediateCatchEvent id="N">'
    + SIGNAL
    + "</intermediateCatchEvent>"
    + tasks("AM", "AT", "AN")
    + E
    + """
S -> G
G -> M
G -> T
G -> N
M -> AM
T -> AT
N -> AN
AM -> E
AT -> E
AN -> E
"""
)


def test_the_message_wins_at_an_event_based_gateway(engine: Visitor) -> None:
    case = engine.run(EVENT_GATEWAY, "EG-M")
    assert engine.get(f"/job/count?processInstanceId={case}") == {"count": 1}
    engine.post("/message", {"messageName": "MSG", "businessKey": "EG-M"})
    assert engine.tasks(case) == ["AM"]
    assert engine.get(f"/job/count?processInstanceId={case}") == {"count": 0}
    assert engine.call("POST", "/message", {"messageName": "MSG", "businessKey": "EG-M"}).status_code == 400


def test_the_timer_wins_at_an_event_based_gateway(engine: Visitor) -> None:
    case = engine.run(EVENT_GATEWAY, "EG-T")
    engine.advance("PT2H1S")
    assert engine.tasks(case) == ["AT"]
    assert engine.call("POST", "/message", {"messageName": "MSG", "businessKey": "EG-T"}).status_code == 400


def test_the_signal_wins_at_an_event_based_gateway(engine: Visitor) -> None:
    case = engine.run(EVENT_GATEWAY, "EG-S")
    engine.post("/signal", {"name": "SIG", "executionId": case})
    assert engine.tasks(case) == ["AN"]


def test_a_sub_process_is_a_scope_in_the_activity_tree(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<subProcess id="P" name="子流程"><startEvent id="PS"/>'
        + tasks("A")
        + '<endEvent id="PE"/>\nPS -> A\nA -> PE\n</subProcess>'
        + tasks("Z")
        + E
        + "\nS -> P\nP -> Z\nZ -> E\n"
    )
    tree = engine.get(f"/process-instance/{case}/activity-instances")
    assert tree["activityType"] == "processDefinition"
    [scope] = tree["childActivityInstances"]
    assert (scope["activityId"], scope["activityType"]) == ("P", "subProcess")
    assert [one["activityId"] for one in scope["childActivityInstances"]] == ["A"]
    engine.complete(case, "A")
    assert engine.tasks(case) == ["Z"]


def test_a_call_activity_maps_variables_in_and_out_and_hands_on_the_business_key(engine: Visitor) -> None:
    called = engine.deploy(
        S
        + tasks("INNER")
        + '<scriptTask id="SC" scriptFormat="feel"><script>result = given * 2</script></scriptTask>'
        + E
        + "\nS -> INNER\nINNER -> SC\nSC -> E\n"
    )
    case = engine.run(
        S + f'<callActivity id="C" calledElement="{called}"><extensionElements>'
        '<camunda:in businessKey="#{execution.processBusinessKey}"/><camunda:in source="amount" target="given"/>'
        '<camunda:in sourceExpression="${amount + 1}" target="more"/><camunda:out source="result" target="answer"/>'
        "</extensionElements></callActivity>" + tasks("Z") + E + "\nS -> C\nC -> Z\nZ -> E\n",
        "BK-CALL",
        amount=21,
        secret=7,
    )
    inner = engine.get("/task?processInstanceBusinessKey=BK-CALL")
    assert [one["taskDefinitionKey"] for one in inner] == ["INNER"]
    seen = engine.get(f"/task/{inner[0]['id']}/variables")
    assert {name: one["value"] for name, one in seen.items()} == {"given": 21, "more": 22}
    engine.post(f"/task/{inner[0]['id']}/complete", {})
    assert engine.tasks(case) == ["Z"]
    assert engine.values(case) == {"amount": 21, "secret": 7, "answer": 42}


def boundary(definition: str, *, interrupting: bool = True, host: str | None = None) -> str:
    attribute = "" if interrupting else ' cancelActivity="false"'
    return (
        S
        + (host or tasks("A"))
        + f'<boundaryEvent id="B" attachedToRef="A"{attribute}>{definition}</boundaryEvent>'
        + tasks("LATE")
        + E
        + '<endEvent id="E2"/>'
        + "\nS -> A\nA -> E\nB -> LATE\nLATE -> E2\n"
    )


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("kind", ["timer", "message", "signal"])
def test_a_boundary_event_on_a_task(engine: Visitor, kind: str, interrupting: bool) -> None:
    definition = {"timer": timer("P1D"), "message": MESSAGE, "signal": SIGNAL}[kind]
    business_key = f"BD-{kind}-{interrupting}"
    case = engine.run(boundary(definition, interrupting=interrupting), business_key)
    if kind == "timer":
        engine.advance("P1DT1S")
    elif kind == "message":
        engine.post("/message", {"messageName": "MSG", "businessKey": business_key})
    else:
        engine.post("/signal", {"name": "SIG"})
    assert engine.tasks(case) == (["LATE"] if interrupting else ["A", "LATE"])
    past = engine.get(f"/history/task?processInstanceId={case}&taskDefinitionKey=A")
    assert bool(past[0]["endTime"]) is interrupting
    [host] = [one for one in engine.activities(case) if one["activityId"] == "A"]
    assert bool(host["canceled"]) is interrupting
    while engine.tasks(case):
        engine.complete(case, engine.tasks(case)[0])
    assert engine.ended(case)


@pytest.mark.parametrize("caught", [True, False])
def test_an_error_end_event_is_caught_outside_or_becomes_an_incident(engine: Visitor, caught: bool) -> None:
    catching = ERROR if caught else '<errorEventDefinition errorRef="Error_2"/>'
    host = (
        '<subProcess id="A"><startEvent id="AS"/>' + tasks("IN") + f'<endEvent id="AE">{ERROR}</endEvent>'
        "\nAS -> IN\nIN -> AE\n</subProcess>"
    )
    case = engine.run(boundary(catching, host=host))
    engine.complete(case, "IN")
    if caught:
        assert engine.tasks(case) == ["LATE"]
    else:
        [incident] = engine.get(f"/incident?processInstanceId={case}")
        assert incident["activityId"] == "AE"
        assert "E-1" in incident["incidentMessage"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_reaches_the_boundary_of_its_sub_process(engine: Visitor, interrupting: bool) -> None:
    host = (
        '<subProcess id="A"><startEvent id="AS"/>'
        + tasks("IN", "AFTER")
        + f'<intermediateThrowEvent id="AT">{ESCALATION}</intermediateThrowEvent><endEvent id="AE"/>'
        "\nAS -> IN\nIN -> AT\nAT -> AFTER\nAFTER -> AE\n</subProcess>"
    )
    case = engine.run(boundary(ESCALATION, interrupting=interrupting, host=host))
    engine.complete(case, "IN")
    assert engine.tasks(case) == (["LATE"] if interrupting else ["AFTER", "LATE"])


@pytest.mark.parametrize("kind", ["timer", "message", "signal"])
def test_an_intermediate_catch_event_waits(engine: Visitor, kind: str) -> None:
    definition = {"timer": timer("PT30M"), "message": MESSAGE, "signal": SIGNAL}[kind]
    case = engine.run(
        S
        + f'<intermediateCatchEvent id="I">{definition}</intermediateCatchEvent>'
        + tasks("Z")
        + E
        + "\nS -> I\nI -> Z\nZ -> E\n",
        f"IC-{kind}",
    )
    assert engine.tasks(case) == []
    [child] = engine.get(f"/process-instance/{case}/activity-instances")["childActivityInstances"]
    assert child["activityId"] == "I"
    if kind == "timer":
        engine.advance("PT31M")
    elif kind == "message":
        values = {"paid": {"value": True, "type": "Boolean"}}
        engine.post("/message", {"messageName": "MSG", "processInstanceId": case, "processVariables": values})
        assert engine.values(case) == {"paid": True}
    else:
        engine.post("/signal", {"name": "SIG", "variables": {"note": {"value": "x", "type": "String"}}})
        assert engine.values(case) == {"note": "x"}
    assert engine.tasks(case) == ["Z"]


def test_parallel_instances_stop_when_the_completion_condition_holds(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<userTask id="A" camunda:assignee="${person}"><multiInstanceLoopCharacteristics camunda:collection="people" '
        'camunda:elementVariable="person"><completionCondition xsi:type="tFormalExpression">'
        "${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</completionCondition></multiInstanceLoopCharacteristics>"
        "</userTask>" + tasks("Z") + E + "\nS -> A\nA -> Z\nZ -> E\n",
        people=["zhangwei", "liuyang", "chengang", "zhaomin"],
    )
    assert engine.tasks(case) == ["A"] * 4
    found = engine.get(f"/task?processInstanceId={case}")
    assert {one["assignee"] for one in found} == {"zhangwei", "liuyang", "chengang", "zhaomin"}
    engine.post(f"/task/{found[0]['id']}/complete", {})
    assert engine.tasks(case) == ["A"] * 3
    engine.post(f"/task/{found[1]['id']}/complete", {})
    assert engine.tasks(case) == ["Z"]


def test_sequential_instances_come_one_after_another(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A"><multiInstanceLoopCharacteristics isSequential="true">'
        '<loopCardinality xsi:type="tFormalExpression">${count}</loopCardinality></multiInstanceLoopCharacteristics>'
        "</userTask>" + tasks("Z") + E + "\nS -> A\nA -> Z\nZ -> E\n",
        count=3,
    )
    for number in range(3):
        task = engine.task(case, "A")
        assert engine.get(f"/task/{task['id']}/variables/loopCounter")["value"] == number
        engine.post(f"/task/{task['id']}/complete", {})
    assert engine.tasks(case) == ["Z"]


def test_an_empty_collection_is_passed_over(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A"><multiInstanceLoopCharacteristics camunda:collection="${people}" '
        'camunda:elementVariable="person"/></userTask>' + tasks("Z") + E + "\nS -> A\nA -> Z\nZ -> E\n",
        people=[],
    )
    assert engine.tasks(case) == ["Z"]


def test_a_standard_loop_runs_until_its_condition_fails(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A"><standardLoopCharacteristics testBefore="false" loopMaximum="5">'
        '<loopCondition xsi:type="tFormalExpression">${again}</loopCondition></standardLoopCharacteristics></userTask>'
        + tasks("Z")
        + E
        + "\nS -> A\nA -> Z\nZ -> E\n",
        again=True,
    )
    engine.complete(case, "A", again=True)
    engine.complete(case, "A", again=False)
    assert engine.tasks(case) == ["Z"]


def test_a_terminate_end_event_ends_everything(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<parallelGateway id="F"/>'
        + tasks("A", "B")
        + E
        + '<endEvent id="T"><terminateEventDefinition/></endEvent>'
        "\nS -> F\nF -> A\nF -> B\nA -> E\nB -> T\n"
    )
    engine.complete(case, "B")
    assert engine.ended(case)
    [lost] = [one for one in engine.activities(case) if one["activityId"] == "A"]
    assert lost["canceled"] is True
    assert engine.get(f"/task/count?processInstanceId={case}") == {"count": 0}


@pytest.mark.parametrize(
    "script",
    [
        '<scriptTask id="X" scriptFormat="feel"><script>total = price * count\nlabel = "共" + string(total)</script></scriptTask>',
        '<scriptTask id="X" scriptFormat="FEEL"><script><![CDATA[\n  total = price * count\n  label = "共" + string(total)\n]]></script></scriptTask>',
        '<bpmn:scriptTask xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="X" scriptFormat="feel" camunda:resultVariable="total"><bpmn:script>price * count</bpmn:script></bpmn:scriptTask>',
    ],
)
def test_a_script_assigns_what_feel_computes(engine: Visitor, script: str) -> None:
    case = engine.run(S + script + tasks("Z") + E + "\nS -> X\nX -> Z\nZ -> E\n", price=3, count=4)
    values = engine.values(case)
    assert values["total"] == 12
    assert values.get("label") in (None, "共12")


def test_a_receive_task_waits_for_its_message(engine: Visitor) -> None:
    case = engine.run(
        S + '<receiveTask id="R" messageRef="Message_2"/>' + tasks("Z") + E + "\nS -> R\nR -> Z\nZ -> E\n", "RT-1"
    )
    [waiting] = engine.get(f"/execution?messageEventSubscriptionName=MSG-2&processInstanceId={case}")
    engine.post(f"/execution/{waiting['id']}/messageSubscriptions/MSG-2/trigger", {"variables": {"ok": {"value": 1}}})
    assert engine.tasks(case) == ["Z"]


def test_a_send_task_with_a_topic_is_an_external_task(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<sendTask id="N" camunda:type="external" camunda:topic="notify"/>'
        + tasks("Z")
        + E
        + "\nS -> N\nN -> Z\nZ -> E\n"
    )
    [task] = engine.lock("notify")
    engine.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})
    assert engine.tasks(case) == ["Z"]


def test_a_throwing_message_reaches_another_case(engine: Visitor) -> None:
    waiting = engine.run(
        S
        + f'<intermediateCatchEvent id="I">{MESSAGE}</intermediateCatchEvent>'
        + tasks("Z")
        + E
        + "\nS -> I\nI -> Z\nZ -> E\n",
        "THROW-1",
    )
    engine.run(
        S
        + f'<intermediateThrowEvent id="T">{MESSAGE}</intermediateThrowEvent>'
        + tasks("Y")
        + E
        + "\nS -> T\nT -> Y\nY -> E\n",
        "THROW-1",
    )
    engine.advance("PT5S")
    assert engine.tasks(waiting) == ["Z"]


def test_lanes_and_black_box_pools_do_not_disturb(engine: Visitor) -> None:
    content = (
        '<collaboration id="Collaboration_1"><participant id="Participant_1" name="中心" processRef="pooled"/>'
        '<participant id="Participant_2" name="申请人"/><messageFlow id="MF" sourceRef="Participant_2" targetRef="S"/>'
        '</collaboration><process id="pooled" isExecutable="true"><laneSet id="LS"><lane id="L1" name="综合窗口">'
        '<flowNodeRef>S</flowNodeRef><flowNodeRef>A</flowNodeRef></lane><lane id="L2" name="部门">'
        "<flowNodeRef>E</flowNodeRef></lane></laneSet>" + S + tasks("A") + E + "\nS -> A\nA -> E\n</process>"
    )
    case = engine.start(engine.deploy(content, "pooled"))
    engine.complete(case, "A")
    assert engine.ended(case)


def test_attributes_of_a_user_task_may_be_expressions(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A" name="甲" camunda:assignee="${who}" camunda:priority="${level}" '
        'camunda:dueDate="${due}" camunda:formKey="apply" camunda:followUpDate="2026-05-01T09:00:00">'
        "<documentation>请核对材料</documentation></userTask>"
        '<userTask id="B" camunda:candidateUsers="zhangwei, liuyang" camunda:candidateGroups="${group},experts"/>'
        + E + '<parallelGateway id="F"/>' + "\nS -> F\nF -> A\nF -> B\nA -> E\nB -> E\n",
        who="zhangwei", level=80, due="2026-04-01T17:00:00+08:00", group="reviewers",
    )  # fmt: skip
    a, b = engine.task(case, "A"), engine.task(case, "B")
    assert (a["assignee"], a["priority"], a["formKey"], a["description"]) == ("zhangwei", 80, "apply", "请核对材料")
    assert a["due"].startswith("2026-04-01T")
    assert a["followUp"] == "2026-05-01T09:00:00.000+0800"
    assert b["assignee"] is None
    links = {(one["userId"], one["groupId"]) for one in engine.get(f"/task/{b['id']}/identity-links")}
    assert links == {("zhangwei", None), ("liuyang", None), (None, "reviewers"), (None, "experts")}
    for query in ("candidateUser=liuyang", "candidateGroup=reviewers", "candidateGroups=nobody,experts"):
        assert b["id"] in [one["id"] for one in engine.get(f"/task?{query}&processInstanceId={case}")]


def test_work_may_be_sent_back_again_and_again(engine: Visitor) -> None:
    case = engine.run(
        S
        + tasks("A", "B")
        + '<exclusiveGateway id="G" default="OK"/>'
        + E
        + """
S -> A
A -> B
B -> G
G -> A : ${decision == 'return'}
<sequenceFlow id="OK" sourceRef="G" targetRef="E"/>
"""
    )
    for _ in range(3):
        engine.complete(case, "A")
        engine.complete(case, "B", decision="return")
    engine.complete(case, "A")
    engine.complete(case, "B", decision="grant")
    assert engine.ended(case)
    assert len(engine.get(f"/history/task?processInstanceId={case}&taskDefinitionKey=A")) == 4


def test_a_task_splits_and_ends_without_gateways(engine: Visitor) -> None:
    case = engine.run(S + tasks("A", "B", "C") + E + "\nS -> A\nA -> B\nA -> C : ${two}\nB -> E\nC -> E\n", two=True)
    engine.complete(case, "A")
    assert engine.tasks(case) == ["B", "C"]
    engine.complete(case, "B")
    assert not engine.ended(case)
    engine.complete(case, "C")
    assert engine.ended(case)


def test_a_task_without_outgoing_flow_ends_its_path(engine: Visitor) -> None:
    case = engine.run(S + tasks("A", "B") + E + "\nS -> A\nS -> B\nA -> E\n")
    engine.complete(case, "A")
    assert engine.tasks(case) == ["B"]
    engine.complete(case, "B")
    assert engine.ended(case)


def test_manual_and_plain_tasks_are_passed(engine: Visitor) -> None:
    case = engine.run(
        S + '<manualTask id="M" name="归档"/><task id="T"/>' + tasks("Z") + E + "\nS -> M\nM -> T\nT -> Z\nZ -> E\n"
    )
    while engine.tasks(case) != ["Z"]:
        engine.complete(case, engine.tasks(case)[0])
    assert engine.tasks(case) == ["Z"]


def test_input_and_output_parameters_of_a_task(engine: Visitor) -> None:
    parameters = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="limit">${amount * 2}'
        '</camunda:inputParameter><camunda:inputParameter name="words"><camunda:list><camunda:value>a</camunda:value>'
        "<camunda:value>${amount}</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:outputParameter name="approved">${verdict == "yes"}</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    case = engine.run(
        S + f'<userTask id="A">{parameters}</userTask>' + tasks("Z") + E + "\nS -> A\nA -> Z\nZ -> E\n", amount=5
    )
    seen = engine.get(f"/task/{engine.task(case)['id']}/variables")
    assert seen["limit"]["value"] == 10
    local: dict[str, Any] = engine.get(f"/task/{engine.task(case)['id']}/localVariables")
    assert set(local) == {"limit", "words"}
    engine.complete(case, "A", verdict="yes")
    values = engine.values(case)
    assert values["approved"] is True
    assert "limit" not in values
