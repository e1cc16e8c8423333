"""Process instances: starting, variables, activity tree, suspension, deletion, filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.rest import EXTERNAL, LINEAR, Client

CALLED = (
    '<process id="chain" isExecutable="true"><startEvent id="S"/><callActivity id="C" name="事项" calledElement="item"/>'
    '<endEvent id="E"/>\nS -> C\nC -> E\n</process>'
    '<process id="item" isExecutable="true"><startEvent id="S2"/><subProcess id="Sub"><startEvent id="S3"/>'
    '<userTask id="T" name="审核"/><endEvent id="Z3"/>\nS3 -> T\nT -> Z3\n</subProcess><endEvent id="Z2"/>'
    "\nS2 -> Sub\nSub -> Z2\n</process>"
)


def test_start_instructions_are_not_supported(rest: Client) -> None:
    rest.deploy(LINEAR)
    answer = rest.post("/process-definition/key/p/start", {"startInstructions": [{"type": "startBeforeActivity"}]})
    assert (answer.status_code, answer.json["reason"]) == (400, "START_INSTRUCTIONS_UNSUPPORTED")


def test_a_business_key_in_use_is_a_conflict(rest: Client) -> None:
    rest.deploy(LINEAR)
    rest.start(businessKey="BJ-1")
    answer = rest.post("/process-definition/key/p/start", {"businessKey": "BJ-1"})
    assert (answer.status_code, answer.json["reason"]) == (409, "BUSINESS_KEY_IN_USE")


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ({"type": "File", "value": "x"}, "VARIABLE_TYPE_UNSUPPORTED"),
        ({"type": "Bytes", "value": "x"}, "VARIABLE_TYPE_UNSUPPORTED"),
        ({"type": "Color", "value": "x"}, "VARIABLE_TYPE_UNKNOWN"),
        ({"type": "Integer", "value": "1"}, "VARIABLE_VALUE_INVALID"),
        ({"type": "Integer", "value": 2**31}, "VARIABLE_VALUE_INVALID"),
        ({"type": "Long", "value": 2**63}, "VARIABLE_VALUE_INVALID"),
        ({"type": "Boolean", "value": 1}, "VARIABLE_VALUE_INVALID"),
        ({"type": "String", "value": 1}, "VARIABLE_VALUE_INVALID"),
        ({"type": "Date", "value": "2026-02-30T00:00:00.000+0800"}, "VARIABLE_VALUE_INVALID"),
        ({"type": "Json", "value": "{"}, "VARIABLE_VALUE_INVALID"),
        ("bare", "FIELD_INVALID"),
    ],
)
def test_a_bad_variable_is_refused_naming_it(rest: Client, variable: Any, told: str) -> None:
    rest.deploy(LINEAR)
    answer = rest.post("/process-definition/key/p/start", {"variables": {"amount": variable}})
    assert (answer.status_code, answer.json["reason"]) == (400, told)
    assert "amount" in answer.json["message"]
    assert rest.get("/process-instance/count").json == {"count": 0}


def test_starting_answers_the_instance_with_its_links_and_variables(rest: Client) -> None:
    definition = rest.deploy(LINEAR)
    started = rest.post(
        "/process-definition/key/p/start",
        {"businessKey": "BJ-1", "variables": {"a": {"value": 1}}, "withVariablesInReturn": True},
    ).json
    assert (started["definitionId"], started["businessKey"], started["ended"]) == (definition["id"], "BJ-1", False)
    assert started["links"][0]["rel"] == "self"
    assert started["variables"] == {"a": {"type": "Integer", "value": 1, "valueInfo": {}}}
    by_id = rest.post(f"/process-definition/{definition['id']}/start", {"variables": None, "businessKey": "BJ-2"})
    assert by_id.json["businessKey"] == "BJ-2"
    assert rest.post("/process-definition/key/p/tenant-id/t/start").status_code == 200


def test_every_type_comes_back_as_camunda_writes_it(rest: Client) -> None:
    rest.deploy(LINEAR)
    given = {
        "s": {"value": "text"},
        "i": {"type": "integer", "value": 1, "valueInfo": {}},
        "l": {"value": 2**40},
        "d": {"type": "double", "value": 2},
        "b": {"value": True},
        "n": {"type": "null", "value": None},
        "j": {"type": "json", "value": '{"a":[1,"二"]}'},
        "o": {"type": "Object", "value": "[1]", "valueInfo": {"serializationDataFormat": "application/json"}},
        "m": {"value": {"x": 1}},
        "t": {"type": "date", "value": "1970-01-01T00:00:00.000+0000"},
    }
    case_id = rest.start(variables=given)
    stored = rest.get(f"/process-instance/{case_id}/variables?deserializeValues=false").json
    assert {name: (one["type"], one["value"]) for name, one in stored.items()} == {
        "s": ("String", "text"),
        "i": ("Integer", 1),
        "l": ("Long", 2**40),
        "d": ("Double", 2.0),
        "b": ("Boolean", True),
        "n": ("Null", None),
        "j": ("Json", '{"a":[1,"二"]}'),
        "o": ("Json", "[1]"),
        "m": ("Json", '{"x":1}'),
        "t": ("Date", "1970-01-01T08:00:00.000+0800"),
    }


def test_variables_are_read_written_and_removed_one_by_one_and_together(rest: Client) -> None:
    rest.deploy(LINEAR)
    base = f"/process-instance/{rest.start(variables={'a': {'value': 1}, 'b': {'value': 2}})}/variables"
    assert rest.get(f"{base}/missing").status_code == 404
    assert rest.get(f"{base}/missing/data").status_code == 404
    assert rest.get(f"{base}/a/data").data == b"1"
    assert rest.post(f"{base}/a/data").status_code == 400
    assert rest.put(f"{base}/a", {"value": "x", "type": "String"}).status_code == 204
    assert rest.get(f"{base}/a").json == {"type": "String", "value": "x", "valueInfo": {}}
    assert rest.delete(f"{base}/a").status_code == 204
    assert rest.get(f"{base}/a").status_code == 404
    assert rest.post(base, {"modifications": {"c": {"value": 3}}, "deletions": ["b"]}).status_code == 204
    assert set(rest.get(base).json) == {"c"}


def test_instances_are_found_by_key_variables_and_place(rest: Client) -> None:
    definition = rest.deploy(LINEAR)
    one = rest.start(businessKey="BJ-1", variables={"a": {"value": 1}, "s": {"value": "x_y"}})
    two = rest.start(businessKey="BK-2", variables={"a": {"value": 20}, "s": {"value": "zz"}})

    def found(query: str) -> set[str]:
        rows = {row["id"] for row in rest.get(f"/process-instance?{query}").json}
        assert rest.get(f"/process-instance/count?{query}").json == {"count": len(rows)}
        return rows

    assert found("businessKey=BJ-1") == {one}
    assert found("businessKeyLike=BK%25") == {two}
    assert found(f"processDefinitionId={definition['id']}") == {one, two}
    assert found("processDefinitionKey=p&variables=a_eq_1") == {one}
    assert found("variables=a_gt_1") == {two}
    assert found("variables=a_gteq_1,s_eq_x_y") == {one}
    assert found("variables=a_neq_1") == {two}
    assert found("variables=s_like_z%25") == {two}
    assert found("variables=a_lt_20") == {one}
    assert found("activityIdIn=A") == {one, two}
    assert found("activityIdIn=B") == set()
    assert found("suspended=true") == set()
    assert found(f"processInstanceIds={one},junk") == {one}
    assert found("withIncident=true") == set()
    assert found("superProcessInstance=x") == set()
    assert found("tenantIdIn=t1") == set()
    body = {"variables": [{"name": "a", "operator": "lteq", "value": 5}], "sorting": []}
    assert [row["id"] for row in rest.post("/process-instance", body).json] == [one]
    body["sorting"] = [{"sortBy": "businessKey", "sortOrder": "desc"}]
    body["variables"] = []
    assert [row["id"] for row in rest.post("/process-instance?maxResults=1", body).json] == [two]


def test_the_activity_tree_shows_scopes_within_scopes(rest: Client) -> None:
    made = rest.upload({"chain.bpmn": _file()}, deployment_name="chain")
    assert made.status_code == 200, made.text
    case_id = rest.start("chain")
    root = rest.get(f"/process-instance/{case_id}/activity-instances").json
    assert (root["id"], root["activityType"], root["parentActivityInstanceId"]) == (case_id, "processDefinition", None)
    (call,) = root["childActivityInstances"]
    assert (call["activityId"], call["activityType"], call["parentActivityInstanceId"]) == (
        "C",
        "callActivity",
        case_id,
    )
    (sub,) = call["childActivityInstances"]
    assert (sub["activityId"], sub["activityType"]) == ("Sub", "subProcess")
    (task,) = sub["childActivityInstances"]
    assert (task["activityId"], task["activityName"], task["activityType"]) == ("T", "审核", "userTask")
    assert task["executionIds"] == [rest.only_task(case_id)["executionId"]]


def test_an_instance_with_trouble_says_where(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    rest.post(f"/external-task/{task['id']}/failure", {"workerId": "w1", "errorMessage": "boom", "retries": 0})
    (node,) = rest.get(f"/process-instance/{case_id}/activity-instances").json["childActivityInstances"]
    (incident,) = rest.get(f"/incident?processInstanceId={case_id}").json
    assert node["incidentIds"] == [incident["id"]]
    assert rest.get("/process-instance/count?withIncident=true&incidentType=failedExternalTask").json == {"count": 1}


def test_a_suspended_instance_refuses_work_until_it_is_resumed(rest: Client) -> None:
    rest.deploy(LINEAR)
    case_id = rest.start()
    task = rest.only_task(case_id)
    assert rest.put(f"/process-instance/{case_id}/suspended", {"suspended": True}).status_code == 204
    assert rest.get(f"/process-instance/{case_id}").json["suspended"] is True
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 409
    assert rest.get("/task/count?suspended=true").json == {"count": 1}
    rest.put(f"/process-instance/{case_id}/suspended", {"suspended": False})
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 204


def test_a_deleted_instance_is_gone_but_its_history_stays(rest: Client) -> None:
    rest.deploy(LINEAR)
    case_id = rest.start()
    assert rest.delete(f"/process-instance/{case_id}?deleteReason=wrong").status_code == 204
    assert rest.get(f"/process-instance/{case_id}").status_code == 404
    assert rest.delete(f"/process-instance/{case_id}").status_code == 404
    kept = rest.get(f"/history/process-instance/{case_id}").json
    assert (kept["state"], kept["deleteReason"]) == ("EXTERNALLY_TERMINATED", "wrong")


def test_moving_tokens_in_the_background_is_not_supported(rest: Client) -> None:
    rest.deploy(LINEAR)
    answer = rest.post(f"/process-instance/{rest.start()}/modification-async", {"instructions": []})
    assert (answer.status_code, answer.json["reason"]) == (400, "MODIFICATION_UNSUPPORTED")


def _file() -> bytes:
    from tests.engine.drive import definitions

    return definitions(CALLED)
