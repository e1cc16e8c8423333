"""Messages, signals and executions."""

from __future__ import annotations

from uuid import uuid4

from tests.web.rest import Client

WAITS = (
    '<startEvent id="S"/><receiveTask id="W" messageRef="M1"/><userTask id="A"/><endEvent id="E"/>'
    "\nS -> W\nW -> A\nA -> E\n"
)
LISTENS = (
    '<startEvent id="S"/><intermediateCatchEvent id="W"><signalEventDefinition signalRef="S1"/></intermediateCatchEvent>'
    '<userTask id="A"/><endEvent id="E"/>\nS -> W\nW -> A\nA -> E\n'
)
BEGINS = (
    '<startEvent id="S"><messageEventDefinition messageRef="M2"/></startEvent><userTask id="A"/><endEvent id="E"/>'
    "\nS -> A\nA -> E\n"
)


def test_a_message_nobody_waits_for_is_refused(rest: Client) -> None:
    answer = rest.post("/message", {"messageName": "m1"})
    assert (answer.status_code, answer.json["reason"]) == (400, "MESSAGE_NOT_CORRELATED")


def test_a_message_several_wait_for_is_refused_unless_all_are_meant(rest: Client) -> None:
    rest.deploy(WAITS)
    one, two = rest.start(), rest.start()
    assert rest.post("/message", {"messageName": "m1"}).json["reason"] == "MESSAGE_AMBIGUOUS"
    answer = rest.post("/message", {"messageName": "m1", "all": True, "resultEnabled": True})
    assert {one_["execution"]["processInstanceId"] for one_ in answer.json} == {one, two}


def test_variables_without_a_result_are_refused(rest: Client) -> None:
    answer = rest.post("/message", {"messageName": "m1", "variablesInResultEnabled": True})
    assert answer.json["reason"] == "RESULT_NOT_ENABLED"


def test_a_message_finds_its_case_by_business_key_instance_and_variables(rest: Client) -> None:
    rest.deploy(WAITS)
    by_key = rest.start(businessKey="BJ-1")
    by_id = rest.start(businessKey="BJ-2")
    by_value = rest.start(businessKey="BJ-3", variables={"no": {"value": 7}})
    given = {"processVariables": {"x": {"value": "v"}}}
    answer = rest.post("/message", {"messageName": "m1", "businessKey": "BJ-1", "withoutTenantId": True, **given})
    assert (answer.status_code, answer.data) == (204, b"")
    assert rest.get(f"/process-instance/{by_key}/variables/x").json["value"] == "v"
    assert rest.post("/message", {"messageName": "m1", "processInstanceId": by_id}).status_code == 204
    found = rest.post(
        "/message",
        {
            "messageName": "m1",
            "correlationKeys": {"no": {"value": 7}},
            "resultEnabled": True,
            "variablesInResultEnabled": True,
            **given,
        },
    )
    (result,) = found.json
    assert (result["resultType"], result["execution"]["processInstanceId"]) == ("Execution", by_value)
    assert result["variables"]["x"]["value"] == "v"
    assert rest.get("/task/count?taskDefinitionKey=A").json == {"count": 3}


def test_a_message_starts_a_case(rest: Client) -> None:
    definition = rest.deploy(BEGINS)
    (result,) = rest.post("/message", {"messageName": "m2", "businessKey": "BJ-9", "resultEnabled": True}).json
    assert result["resultType"] == "ProcessDefinition"
    assert result["processInstance"]["definitionId"] == definition["id"]
    assert rest.get(f"/process-instance/{result['processInstance']['id']}").json["businessKey"] == "BJ-9"


def test_a_signal_reaches_everybody_or_one(rest: Client) -> None:
    rest.deploy(LISTENS)
    one, _ = rest.start(), rest.start()
    assert rest.post("/signal", {"name": "nobody"}).status_code == 204
    assert rest.get("/task/count").json == {"count": 0}
    assert rest.post("/signal", {"name": "s1", "variables": {"v": {"value": 1}}}).status_code == 204
    assert rest.get("/task/count").json == {"count": 2}
    assert rest.get(f"/process-instance/{one}/variables/v").json["value"] == 1


def test_an_execution_waits_for_its_message(rest: Client) -> None:
    rest.deploy(WAITS)
    case_id = rest.start()
    assert rest.get(f"/execution/{case_id}").json["processInstanceId"] == case_id
    (waiting,) = rest.get(f"/execution?processInstanceId={case_id}&messageEventSubscriptionName=m1").json
    path = f"/execution/{waiting['id']}"
    assert rest.get(f"{path}/messageSubscriptions/m1").json["eventName"] == "m1"
    assert rest.post(f"{path}/messageSubscriptions/m1/trigger", {"variables": {"v": {"value": 2}}}).status_code == 204
    assert rest.only_task(case_id)["taskDefinitionKey"] == "A"
    assert rest.get(f"/execution/{uuid4()}").status_code == 404


def test_the_instance_is_an_execution_with_variables(rest: Client) -> None:
    rest.deploy(WAITS)
    case_id = rest.start(variables={"a": {"value": 1}})
    path = f"/execution/{case_id}/localVariables"
    assert rest.get(path).json["a"]["value"] == 1
    assert rest.put(f"{path}/b", {"value": 2}).status_code == 204
    assert rest.get(f"{path}/b").json["value"] == 2
    assert rest.get(f"{path}/b/data").data == b"2"
    assert rest.post(f"{path}/b/data").status_code == 400
    assert rest.post(path, {"deletions": ["b"]}).status_code == 204
    assert rest.get(f"{path}/b").status_code == 404
    assert rest.delete(f"{path}/a").status_code == 204
    assert rest.get(path).json == {}
