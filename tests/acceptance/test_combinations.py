"""Elements in company: scopes within scopes, events across calls, instances of anything, expressions in every style."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.test_elements import ERROR, ESCALATION, MESSAGE, SIGNAL, E, S, tasks, timer
from tests.acceptance.visitor import Visitor


def decides(expression: str) -> str:
    return (
        S + '<exclusiveGateway id="G" default="F9"/>' + tasks("YES", "NO") + E
        + f'\nS -> G\nG -> YES : {expression}\n<sequenceFlow id="F9" sourceRef="G" targetRef="NO"/>\nYES -> E\nNO -> E\n'
    )  # fmt: skip


CONDITIONS = [
    ("${amount > 100}", True), ("${amount gt 100}", True), ("#{amount >= 150}", True), ("${kind == 'a'}", True), ('${kind == "a"}', True), ("${kind eq 'b'}", False),
    ("${amount > 100 && kind == 'a'}", True), ("${amount > 100 and kind != 'a'}", False), ("${flag}", True), ("${!flag}", False), ("${not flag}", False),
    ("${amount % 2 == 0}", True), ("${amount / 2 == 75}", True), ("${empty nothing}", True), ("${not empty list}", True), ("${kind == null}", False), ("${nothing == null}", True),
    ("${flag ? true : false}", True), ("${doc.level == 3}", True), ("${doc['level'] == 3}", True), ("${list[0] == 1}", True), ("${(amount + 50) * 2 == 400}", True),
    ("${flag == true || amount < 0}", True), ("${true}", True), ("${kind == 'A'}", False), ("${amount == 150.0}", True), ("${-amount < 0}", True), ("${1 < 2}", True),
    ("=amount > 100", True), ('=kind = "a" and amount in [100..200]', True), ("=count(list) = 3", True), ("=some x in list satisfies x > 2", True), ("=list contains", None),
    ('=if flag then kind = "a" else false', True), ("=doc.level = 3", True), ('amount > 100 and kind = "a"', True), ("not(flag)", False), ("=contains(kind, \"a\")", True),
    ('=date("2026-03-16") < date("2026-03-17")', True), ("=list[item > 1][1] = 2", True), ("=every x in list satisfies x > 0", True), ('=kind != null', True), ("=undefined_name = 1", False),
    ("${undefined_name == 1}", False),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), CONDITIONS)
def test_conditions_in_every_style(engine: Visitor, expression: str, expected: bool | None) -> None:
    if expected is None:
        return
    case = engine.run(
        decides(expression), amount=150, kind="a", flag=True, nothing=None, list=[1, 2, 3], doc={"level": 3}
    )
    assert engine.tasks(case) == (["YES"] if expected else ["NO"]), engine.get(f"/incident?processInstanceId={case}")


@pytest.mark.parametrize(
    "expression",
    [
        "${list.size() > 2}",
        "${kind.equals('a')}",
        "${kind.startsWith('a')}",
        "${list.contains(2)}",
        "${kind.length() == 1}",
        "${list.isEmpty()}",
    ],
)
def test_methods_either_work_or_are_refused_at_deployment(engine: Visitor, expression: str) -> None:
    from tests.acceptance.visitor import diagram

    answer = engine.upload(("m.bpmn", diagram(decides(expression), f"m{uuid4().hex[:6]}")))
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        [error] = answer.json()["details"]["m.bpmn"]["errors"]
        assert error["line"] and error["code"]


def test_a_call_without_mappings_hands_over_nothing_and_all_everything(engine: Visitor) -> None:
    called = engine.deploy(S + tasks("IN") + E + "\nS -> IN\nIN -> E\n")

    def seen(extension: str) -> dict[str, Any]:
        case = engine.run(
            S + f'<callActivity id="C" calledElement="{called}"><extensionElements>{extension}</extensionElements></callActivity>' + E
            + "\nS -> C\nC -> E\n", a=1, b="x",
        )  # fmt: skip
        [task] = [
            one
            for one in engine.get("/task?taskDefinitionKey=IN&sortBy=created&sortOrder=desc")
            if one["processInstanceId"] == case
        ] or engine.get("/task?taskDefinitionKey=IN&sortBy=created&sortOrder=desc&maxResults=1")
        found = {name: one["value"] for name, one in engine.get(f"/task/{task['id']}/variables").items()}
        engine.post(f"/task/{task['id']}/complete", {"variables": {"answer": {"value": 42}}})
        assert engine.ended(case)
        return found | {"_": engine.past_values(case).get("answer")}

    assert seen("") == {"_": 42} or seen("")["_"] in (None, 42)
    every = seen('<camunda:in variables="all"/><camunda:out variables="all"/>')
    assert (every["a"], every["b"], every["_"]) == (1, "x", 42)


def test_an_escalation_end_of_a_called_process_is_caught_by_the_caller_while_it_goes_on(engine: Visitor) -> None:
    called = engine.deploy(
        S + '<parallelGateway id="F"/>' + tasks("IN", "OTHER") + f'<endEvent id="X">{ESCALATION}</endEvent>' + E
        + "\nS -> F\nF -> IN\nF -> OTHER\nIN -> X\nOTHER -> E\n"
    )  # fmt: skip
    case = engine.run(
        S + f'<callActivity id="C" calledElement="{called}"/><boundaryEvent id="B" attachedToRef="C" cancelActivity="false">{ESCALATION}</boundaryEvent>'
        + tasks("NOTE", "Z") + E + '<endEvent id="F"/>\nS -> C\nC -> Z\nZ -> E\nB -> NOTE\nNOTE -> F\n', "ESC-9",
    )  # fmt: skip
    engine.complete(case, "IN")
    assert engine.tasks(case) == ["NOTE", "OTHER"]
    engine.complete(case, "OTHER")
    assert engine.tasks(case) == ["NOTE", "Z"]


def test_a_boundary_event_without_code_catches_every_error(engine: Visitor) -> None:
    case = engine.run(
        S + '<subProcess id="P"><startEvent id="PS"/>' + tasks("IN") + f'<endEvent id="PE">{ERROR}</endEvent>\nPS -> IN\nIN -> PE\n</subProcess>'
        '<boundaryEvent id="B" attachedToRef="P"><errorEventDefinition/></boundaryEvent>' + tasks("R") + E + '<endEvent id="F"/>\nS -> P\nP -> E\nB -> R\nR -> F\n'
    )  # fmt: skip
    engine.complete(case, "IN")
    assert engine.tasks(case) == ["R"]


def test_the_nearest_boundary_catches(engine: Visitor) -> None:
    inner = (
        '<subProcess id="I"><startEvent id="IS"/>'
        + tasks("IN")
        + f'<endEvent id="IE">{ERROR}</endEvent>\nIS -> IN\nIN -> IE\n</subProcess>'
        f'<boundaryEvent id="BI" attachedToRef="I">{ERROR}</boundaryEvent>' + tasks("NEAR")
    )
    case = engine.run(
        S + '<subProcess id="P"><startEvent id="PS"/>' + inner + '<endEvent id="PE"/>\nPS -> I\nI -> PE\nBI -> NEAR\nNEAR -> PE\n</subProcess>'
        f'<boundaryEvent id="BO" attachedToRef="P">{ERROR}</boundaryEvent>' + tasks("FAR") + E + "\nS -> P\nP -> E\nBO -> FAR\nFAR -> E\n"
    )  # fmt: skip
    engine.complete(case, "IN")
    assert engine.tasks(case) == ["NEAR"]


def test_a_timer_on_a_sub_process_cancels_everything_inside(engine: Visitor) -> None:
    case = engine.run(
        S + '<subProcess id="P"><startEvent id="PS"/><parallelGateway id="PF"/>' + tasks("X", "Y") + '<endEvent id="PE"/>\nPS -> PF\nPF -> X\nPF -> Y\nX -> PE\nY -> PE\n'
        f'</subProcess><boundaryEvent id="B" attachedToRef="P">{timer("PT1H")}</boundaryEvent>' + tasks("R") + E + '<endEvent id="F"/>\nS -> P\nP -> E\nB -> R\nR -> F\n'
    )  # fmt: skip
    engine.complete(case, "X")
    engine.advance("PT2H")
    assert engine.tasks(case) == ["R"]
    assert [one["canceled"] for one in engine.activities(case) if one["activityId"] == "Y"] == [True]
    assert engine.get(f"/job/count?processInstanceId={case}") == {"count": 0}


@pytest.mark.parametrize("sequential", [True, False])
def test_many_instances_of_a_sub_process_and_of_a_call(engine: Visitor, sequential: bool) -> None:
    called = engine.deploy(S + '<userTask id="IN" name="${who}"/>' + E + "\nS -> IN\nIN -> E\n")
    loop = f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" camunda:collection="${{people}}" camunda:elementVariable="who"/>'
    case = engine.run(
        S + f'<subProcess id="P">{loop}<startEvent id="PS"/><userTask id="X" name="审核 ${{who}}"/><endEvent id="PE"/>\nPS -> X\nX -> PE\n</subProcess>'
        f'<callActivity id="C" calledElement="{called}"><extensionElements><camunda:in source="who" target="who"/></extensionElements>{loop}</callActivity>'
        + tasks("Z") + E + "\nS -> P\nP -> C\nC -> Z\nZ -> E\n", people=["甲", "乙", "丙"],
    )  # fmt: skip
    names = []
    for key in ("X", "IN"):
        for _ in range(3):
            found = engine.get(f"/task?processInstanceId={case}&taskDefinitionKey={key}&sortBy=name&sortOrder=asc")
            assert len(found) == (1 if sequential else 3 - len(names) % 3)
            names.append(found[0]["name"])
            engine.post(f"/task/{found[0]['id']}/complete", {})
    assert sorted(names) == sorted(["审核 甲", "审核 乙", "审核 丙", "甲", "乙", "丙"])
    assert engine.tasks(case) == ["Z"]


def test_many_instances_of_an_external_task(engine: Visitor) -> None:
    topic = f"t{uuid4().hex[:6]}"
    case = engine.run(
        S + f'<serviceTask id="X" camunda:type="external" camunda:topic="{topic}"><multiInstanceLoopCharacteristics camunda:collection="files" camunda:elementVariable="file"/></serviceTask>'
        + tasks("Z") + E + "\nS -> X\nX -> Z\nZ -> E\n", files=["a", "b", "c"],
    )  # fmt: skip
    locked = engine.lock(topic)
    assert sorted(one["variables"]["file"]["value"] for one in locked) == ["a", "b", "c"]
    for one in locked:
        engine.post(f"/external-task/{one['id']}/complete", {"workerId": "w1", "localVariables": {"l": {"value": 1}}})
    assert engine.tasks(case) == ["Z"]


def test_a_boundary_event_on_many_instances_cancels_all(engine: Visitor) -> None:
    case = engine.run(
        S + '<userTask id="A"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>'
        f'<boundaryEvent id="B" attachedToRef="A">{MESSAGE}</boundaryEvent>' + tasks("R") + E + '<endEvent id="F"/>\nS -> A\nA -> E\nB -> R\nR -> F\n', "MI-B",
    )  # fmt: skip
    engine.post(f"/task/{engine.get(f'/task?processInstanceId={case}')[0]['id']}/complete", {})
    engine.post("/message", {"messageName": "MSG", "businessKey": "MI-B"})
    assert engine.tasks(case) == ["R"]


def test_two_flows_into_a_task_make_it_happen_twice(engine: Visitor) -> None:
    case = engine.run(
        S
        + '<parallelGateway id="F"/>'
        + tasks("A", "B", "Z")
        + E
        + "\nS -> F\nF -> A\nF -> B\nA -> Z\nB -> Z\nZ -> E\n"
    )
    engine.complete(case, "A")
    engine.complete(case, "B")
    assert engine.tasks(case) == ["Z", "Z"]
    for one in engine.get(f"/task?processInstanceId={case}"):
        engine.post(f"/task/{one['id']}/complete", {})
    assert engine.ended(case)


def test_a_signal_and_a_message_thrown_at_the_end_arrive(engine: Visitor) -> None:
    waiting = engine.run(
        S + '<parallelGateway id="F"/>' + f'<intermediateCatchEvent id="I">{SIGNAL}</intermediateCatchEvent><intermediateCatchEvent id="M">{MESSAGE}</intermediateCatchEvent>'
        + tasks("YI", "YM") + E + "\nS -> F\nF -> I\nF -> M\nI -> YI\nM -> YM\nYI -> E\nYM -> E\n", "END-1",
    )  # fmt: skip
    thrower = engine.run(
        S + f'<parallelGateway id="F"/><intermediateThrowEvent id="T">{SIGNAL}</intermediateThrowEvent><endEvent id="X">{MESSAGE}</endEvent>' + E
        + "\nS -> F\nF -> T\nF -> X\nT -> E\n", "END-1",
    )  # fmt: skip
    engine.advance("PT5S")
    assert engine.ended(thrower)
    assert engine.tasks(waiting) == ["YI", "YM"]


def test_a_message_end_event_with_a_topic_is_an_external_task_or_refused(engine: Visitor) -> None:
    from tests.acceptance.visitor import diagram

    key = f"k{uuid4().hex[:6]}"
    content = (
        S
        + f'<endEvent id="X"><messageEventDefinition messageRef="Message_1" camunda:type="external" camunda:topic="{key}"/></endEvent>\nS -> X\n'
    )
    answer = engine.upload((f"{key}.bpmn", diagram(content, key)))
    if answer.status_code == 200:
        engine.start(key)
        assert len(engine.lock(key)) == 1, "accepted, then lost in silence"


def test_an_event_based_gateway_may_lead_to_a_receive_task(engine: Visitor) -> None:
    case = engine.run(
        S + '<eventBasedGateway id="G"/><receiveTask id="R" messageRef="Message_1"/><intermediateCatchEvent id="T">' + timer("PT1H") + "</intermediateCatchEvent>"
        + tasks("A", "B") + E + "\nS -> G\nG -> R\nG -> T\nR -> A\nT -> B\nA -> E\nB -> E\n", "EBR-1",
    )  # fmt: skip
    engine.post("/message", {"messageName": "MSG", "businessKey": "EBR-1"})
    assert engine.tasks(case) == ["A"]


def test_the_initiator_and_the_business_key_are_known_to_expressions(engine: Visitor) -> None:
    case = engine.run(
        '<startEvent id="S" camunda:initiator="starter"/><userTask id="A" camunda:assignee="${starter}"/>'
        + E
        + "\nS -> A\nA -> E\n",
        "BK-77",
    )
    assert engine.task(case)["assignee"] == "engine"
    assert engine.values(case)["starter"] == "engine"


def test_an_instance_keeps_its_version_when_a_new_one_is_deployed(engine: Visitor) -> None:
    key = f"v{uuid4().hex[:6]}"
    engine.deploy(S + '<userTask id="A" name="旧"/>' + tasks("OLD") + E + "\nS -> A\nA -> OLD\nOLD -> E\n", key)
    old = engine.start(key)
    engine.deploy(S + '<userTask id="A" name="新"/>' + tasks("NEW") + E + "\nS -> A\nA -> NEW\nNEW -> E\n", key)
    new = engine.start(key)
    assert (engine.task(old)["name"], engine.task(new)["name"]) == ("旧", "新")
    engine.complete(old)
    engine.complete(new)
    assert (engine.tasks(old), engine.tasks(new)) == (["OLD"], ["NEW"])


def test_a_called_process_keeps_the_version_of_the_start(engine: Visitor) -> None:
    inner = f"i{uuid4().hex[:6]}"
    engine.deploy(S + '<userTask id="IN" name="旧"/>' + E + "\nS -> IN\nIN -> E\n", inner)
    key = engine.deploy(
        S + tasks("A") + f'<callActivity id="C" calledElement="{inner}"/>' + E + "\nS -> A\nA -> C\nC -> E\n"
    )
    old = engine.start(key)
    engine.deploy(S + '<userTask id="IN" name="新"/>' + E + "\nS -> IN\nIN -> E\n", inner)
    new = engine.start(key)
    for case in (old, new):
        engine.complete(case, "A")
    assert (engine.task(old, "IN")["name"], engine.task(new, "IN")["name"]) == ("旧", "新")


def test_an_automatic_process_ends_at_once(engine: Visitor) -> None:
    key = engine.deploy(
        S + '<scriptTask id="X" scriptFormat="feel"><script>a = 1 + 1</script></scriptTask>' + E + "\nS -> X\nX -> E\n"
    )
    answer = engine.post(f"/process-definition/key/{key}/start", {"withVariablesInReturn": True}, 200)
    assert answer["ended"] is True
    assert answer["variables"]["a"]["value"] == 2
    assert engine.ended(answer["id"])


def test_an_endless_automatic_loop_is_an_incident_not_a_hang(engine: Visitor) -> None:
    case = engine.run(
        S + '<scriptTask id="X" scriptFormat="feel"><script>n = n + 1</script></scriptTask><exclusiveGateway id="G" default="F9"/>' + E
        + "\nS -> X\nX -> G\nG -> E : ${n < 0}\n<sequenceFlow id=\"F9\" sourceRef=\"G\" targetRef=\"X\"/>\n", n=0,
    )  # fmt: skip
    assert engine.get(f"/incident?processInstanceId={case}")


def test_a_start_event_may_be_named_by_what_starts_it(engine: Visitor) -> None:
    key = engine.deploy(
        S
        + f'<startEvent id="SM">{MESSAGE.replace("Message_1", "M")}</startEvent>'
        + tasks("A", "B")
        + E
        + "\nS -> A\nSM -> B\nA -> E\nB -> E\n",
        declared='<message id="M" name="START_BY_NAME"/>',
    )
    assert engine.tasks(engine.start(key)) == ["A"]
    [result] = engine.post("/message", {"messageName": "START_BY_NAME", "resultEnabled": True}, 200)
    assert engine.tasks(result["processInstance"]["id"]) == ["B"]


def test_execution_rows_and_the_activity_tree_agree(engine: Visitor) -> None:
    case = engine.run(
        S + '<parallelGateway id="F"/>' + tasks("A", "B") + E + "\nS -> F\nF -> A\nF -> B\nA -> E\nB -> E\n"
    )
    tree = engine.get(f"/process-instance/{case}/activity-instances")
    assert (tree["id"], tree["processInstanceId"], tree["parentActivityInstanceId"]) == (case, case, None)
    assert sorted(one["activityId"] for one in tree["childActivityInstances"]) == ["A", "B"]
    for one in tree["childActivityInstances"]:
        assert one["parentActivityInstanceId"] == case
        assert one["activityType"] == "userTask" and one["executionIds"]
    assert tree["childTransitionInstances"] == []
    executions = {one["id"] for one in engine.get(f"/execution?processInstanceId={case}")}
    assert {one["executionId"] for one in engine.get(f"/task?processInstanceId={case}")} <= executions
