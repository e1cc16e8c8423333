"""User tasks over REST: who holds them, completing, filters, variables, comments, identity links."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.web.rest import LINEAR, Client, hire

FORM = b'{"type":"default","components":[{"type":"textfield","key":"remark","label":"\xe5\xa4\x87\xe6\xb3\xa8"}]}'


def test_a_second_completion_is_told_who_was_faster(rest: Client) -> None:
    rest.deploy(LINEAR)
    task = rest.only_task(rest.start())
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 204
    late = rest.post(f"/task/{task['id']}/complete", {})
    assert (late.status_code, late.json["type"], late.json["code"]) == (409, "OptimisticLockingException", 1)
    assert "engine" in late.json["message"]
    assert late.json["reason"] == "TASK_ALREADY_COMPLETED"


def test_a_stranger_sees_and_does_nothing(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "stranger", ["applicant"])
    rest.deploy(LINEAR)
    case_id = rest.start()
    task = rest.only_task(case_id)
    stranger = Client(app, "/engine-rest", "stranger")
    for path in ("/task", "/process-instance", "/history/task", "/history/process-instance", "/execution"):
        assert stranger.get(path).json == [], path
        assert stranger.get(f"{path}/count").json == {"count": 0}, path
    assert stranger.get("/history/activity-instance").json == []
    assert stranger.get("/history/user-operation").json == []
    assert stranger.get("/history/variable-instance").json == []
    assert stranger.get(f"/task/{task['id']}").status_code == 404
    assert stranger.get(f"/process-instance/{case_id}").status_code == 404
    for path in ("complete", "claim", "resolve"):
        assert stranger.post(f"/task/{task['id']}/{path}", {"userId": "stranger"}).status_code in (403, 404)
    assert stranger.delete(f"/process-instance/{case_id}").status_code in (403, 404)
    assert stranger.put(f"/process-instance/{case_id}/variables/a", {"value": 1}).status_code in (403, 404)
    assert rest.get(f"/task/{task['id']}").json["assignee"] is None


def test_a_clerk_works_through_the_door_with_own_rights(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "bo", ["applicant"])
    rest.deploy(LINEAR)
    case_id = rest.start()
    bo = Client(app, "/engine-rest", "bo")
    refused = bo.post(f"/task/{rest.only_task(case_id)['id']}/complete", {})
    assert refused.status_code in (403, 404)
    rest.post(f"/task/{rest.only_task(case_id)['id']}/complete", {})
    assert bo.post(f"/task/{bo.only_task(case_id)['id']}/complete", {}).status_code == 204
    assert rest.get(f"/history/process-instance/{case_id}").json["state"] == "COMPLETED"


def test_completing_can_answer_the_variables(rest: Client) -> None:
    rest.deploy(LINEAR)
    case_id = rest.start(variables={"a": {"value": 1}})
    body = {"variables": {"b": {"value": "x", "type": "string"}}, "withVariablesInReturn": True}
    answer = rest.post(f"/task/{rest.only_task(case_id)['id']}/complete", body)
    assert (answer.status_code, answer.json["b"]["value"], answer.json["a"]["value"]) == (200, "x", 1)
    last = rest.post(f"/task/{rest.only_task(case_id)['id']}/submit-form", {"variables": {}})
    assert last.status_code == 204


def test_a_task_is_claimed_given_back_assigned_delegated_and_resolved(app: Flask, rest: Client) -> None:
    for name in ("ann", "ben"):
        hire(app.extensions["office"], name, ["counter_clerk"])
    rest.deploy(LINEAR)
    task = rest.only_task(rest.start())
    path = f"/task/{task['id']}"
    assert rest.post(f"{path}/claim", {"userId": "ann"}).status_code == 204
    taken = rest.post(f"{path}/claim", {"userId": "ben"})
    assert taken.status_code == 409
    assert "ann" in taken.json["message"]
    assert rest.get(path).json["assignee"] == "ann"
    assert rest.post(f"{path}/unclaim").status_code == 204
    assert rest.get(path).json["assignee"] is None
    assert rest.post(f"{path}/assignee", {"userId": "ann"}).status_code == 204
    assert rest.post(f"{path}/delegate", {"userId": "ben"}).status_code == 204
    delegated = rest.get(path).json
    assert (delegated["assignee"], delegated["owner"], delegated["delegationState"]) == ("ben", "ann", "PENDING")
    assert rest.get("/task/count?delegationState=PENDING").json == {"count": 1}
    assert rest.post(f"{path}/resolve", {"variables": {"opinion": {"value": "ok"}}}).status_code == 204
    resolved = rest.get(path).json
    assert (resolved["assignee"], resolved["delegationState"]) == ("ann", "RESOLVED")
    assert rest.get(f"{path}/variables/opinion").json["value"] == "ok"


def test_tasks_are_found_by_the_usual_filters(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "ann", ["counter_clerk"])
    definition = rest.deploy(LINEAR)
    one = rest.start(businessKey="BJ-1", variables={"a": {"value": 1}})
    two = rest.start(businessKey="BJ-2", variables={"a": {"value": 2}})
    first, second = rest.only_task(one), rest.only_task(two)
    rest.post(f"/task/{second['id']}/assignee", {"userId": "ann"})

    def found(query: str) -> set[str]:
        rows = {row["id"] for row in rest.get(f"/task?{query}").json}
        assert rest.get(f"/task/count?{query}").json == {"count": len(rows)}
        return rows

    both = {first["id"], second["id"]}
    assert found("") == both
    assert found(f"taskId={first['id']}") == {first["id"]}
    assert found(f"taskIdIn={first['id']},junk") == {first["id"]}
    assert found(f"processInstanceIdIn={one},{two}") == both
    assert found("processInstanceBusinessKey=BJ-2") == {second["id"]}
    assert found("processInstanceBusinessKeyLike=%25-1") == {first["id"]}
    assert found("processInstanceBusinessKeyIn=BJ-1,BJ-9") == {first["id"]}
    assert found(f"processDefinitionId={definition['id']}") == both
    assert found("processDefinitionKeyIn=p,q") == both
    assert found("assignee=ann") == {second["id"]}
    assert found("assigneeLike=an%25") == {second["id"]}
    assert found("assigneeIn=ann,bob") == {second["id"]}
    assert found("unassigned=true") == {first["id"]}
    assert found("assigned=true") == {second["id"]}
    assert found("candidateGroup=clerks") == {first["id"]}
    assert found("candidateGroups=clerks,others&includeAssignedTasks=true") == both
    assert found("candidateGroup=nobody") == set()
    assert found("withCandidateGroups=true&includeAssignedTasks=true") == both
    assert found("candidateUser=ann") == set()
    assert found("involvedUser=ann") == {second["id"]}
    assert found("name=%E7%94%B2") == both
    assert found("nameLike=%25%E4%B9%99%25") == set()
    assert found("taskDefinitionKey=A") == both
    assert found("taskDefinitionKeyIn=B,C") == set()
    assert found("taskDefinitionKeyLike=A%25") == both
    assert found("minPriority=50&maxPriority=50") == both
    assert found("priority=1") == set()
    assert found("createdBefore=2026-03-16T09:00:00.000%2B0800") == both
    assert found("createdAfter=2026-03-16T09:00:01.000+0800") == set()
    assert found("withoutDueDate=true") == both
    assert found("active=true") == both
    assert found("processVariables=a_eq_2") == {second["id"]}
    assert found("taskVariables=a_eq_2") == set()
    either = {"orQueries": [{"assignee": "ann", "processInstanceBusinessKey": "BJ-1"}]}
    assert {row["id"] for row in rest.post("/task", either).json} == both
    sorting = {"sorting": [{"sortBy": "assignee", "sortOrder": "asc"}, {"sortBy": "created", "sortOrder": "desc"}]}
    assert [row["id"] for row in rest.post("/task?maxResults=1", sorting).json] == [second["id"]]
    assert rest.post("/task/count", {"unassigned": True}).json == {"count": 1}


def test_candidate_user_means_the_person_with_all_groups(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "clerk", ["counter_clerk"])
    rest.deploy(LINEAR.replace("clerks", "counter_clerk"))
    task = rest.only_task(rest.start())
    assert [row["id"] for row in rest.get("/task?candidateUser=clerk").json] == [task["id"]]
    rest.post(f"/task/{task['id']}/claim", {"userId": "clerk"})
    assert rest.get("/task?candidateUser=clerk").json == []


def test_a_task_has_its_own_variables_over_those_of_the_process(rest: Client) -> None:
    rest.deploy(LINEAR)
    path = f"/task/{rest.only_task(rest.start(variables={'a': {'value': 1}}))['id']}"
    assert rest.put(f"{path}/localVariables/note", {"value": "n"}).status_code == 204
    assert set(rest.get(f"{path}/localVariables").json) == {"note"}
    assert set(rest.get(f"{path}/variables").json) == {"a", "note"}
    assert set(rest.get(f"{path}/form-variables?variableNames=a,zz").json) == {"a"}
    assert rest.put(f"{path}/variables/b", {"value": 2, "type": "Long"}).status_code == 204
    assert rest.get(f"{path}/variables/b").json == {"type": "Long", "value": 2, "valueInfo": {}}
    assert rest.get(f"{path}/variables/b/data").data == b"2"
    assert rest.post(f"{path}/variables/b/data").status_code == 400
    assert rest.delete(f"{path}/variables/b").status_code == 204
    assert rest.get(f"{path}/variables/b").status_code == 404
    assert rest.post(f"{path}/localVariables", {"deletions": ["note"]}).status_code == 204
    assert rest.get(f"{path}/localVariables").json == {}


def test_comments_are_kept_with_their_author(rest: Client) -> None:
    rest.deploy(LINEAR)
    case_id = rest.start()
    path = f"/task/{rest.only_task(case_id)['id']}/comment"
    assert rest.post(f"{path}/create", {"message": "  "}).status_code == 400
    made = rest.post(f"{path}/create", {"message": "材料齐全"})
    assert made.json["userId"] == "engine"
    assert [one["message"] for one in rest.get(path).json] == ["材料齐全"]
    assert rest.get(f"{path}/{made.json['id']}").json["id"] == made.json["id"]
    assert rest.get(f"{path}/none").status_code == 404
    assert len(rest.get(f"/process-instance/{case_id}/comment").json) == 1


def test_identity_links_tell_candidates_and_assignee(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "ann", ["counter_clerk"])
    rest.deploy(LINEAR)
    path = f"/task/{rest.only_task(rest.start())['id']}/identity-links"
    assert rest.get(path).json == [{"userId": None, "groupId": "clerks", "type": "candidate"}]
    assert rest.post(path, {"userId": "ann", "type": "assignee"}).status_code == 204
    assert rest.get(f"{path}?type=assignee").json == [{"userId": "ann", "groupId": None, "type": "assignee"}]
    assert rest.post(f"{path}/delete", {"userId": "ann", "type": "assignee"}).status_code == 204
    assert rest.get(f"{path}?type=assignee").json == []
    assert rest.post(path, {"userId": "ann", "groupId": "g", "type": "candidate"}).status_code == 400
    assert rest.post(path, {"userId": "ann", "type": "friend"}).status_code == 400


def test_candidates_are_added_and_taken_back(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "ann", ["applicant"])
    rest.deploy(LINEAR)
    path = f"/task/{rest.only_task(rest.start())['id']}"
    ann = Client(app, "/engine-rest", "ann")
    assert ann.post(f"{path}/identity-links", {"userId": "ann", "type": "candidate"}).status_code in (403, 404)
    for _ in range(2):
        assert rest.post(f"{path}/identity-links", {"userId": "ann", "type": "candidate"}).status_code == 204
    assert len(rest.get(f"{path}/identity-links").json) == 2
    assert rest.post(f"{path}/identity-links/delete", {"groupId": "clerks", "type": "candidate"}).status_code == 204
    assert rest.get(f"{path}/identity-links").json == [{"userId": "ann", "groupId": None, "type": "candidate"}]
    assert ann.post(f"{path}/claim", {"userId": "ann"}).status_code == 204


def test_a_task_can_be_changed(rest: Client) -> None:
    rest.deploy(LINEAR)
    path = f"/task/{rest.only_task(rest.start())['id']}"
    due = "2026-03-20T17:00:00.000+0800"
    assert rest.put(path, {"priority": 70, "due": due, "description": "急件"}).status_code == 204
    changed = rest.get(path).json
    assert (changed["priority"], changed["due"], changed["description"]) == (70, due, "急件")
    assert rest.get("/task/count?dueBefore=2026-03-20T18:00:00.000%2B0800").json == {"count": 1}
    assert rest.put(path, {"priority": "high"}).status_code == 400


def test_the_form_of_a_task_is_delivered(rest: Client) -> None:
    from tests.web.rest import diagram

    form_key = LINEAR.replace('id="A"', 'id="A" camunda:formKey="opinion"')
    answer = rest.upload({"p.bpmn": diagram(form_key), "opinion.form": FORM}, deployment_name="p")
    assert answer.status_code == 200, answer.text
    case_id = rest.start()
    path = f"/task/{rest.only_task(case_id)['id']}"
    assert rest.get(f"{path}/form").json["key"] == "opinion"
    assert rest.get(f"{path}/deployed-form").json["components"][0]["key"] == "remark"
    rest.post(f"{path}/complete", {})
    assert rest.get(f"/task/{rest.only_task(case_id)['id']}/deployed-form").status_code == 404


@pytest.mark.parametrize("act", ["bpmnError", "bpmnEscalation"])
def test_throwing_from_a_user_task_is_not_supported(rest: Client, act: str) -> None:
    rest.deploy(LINEAR)
    body: dict[str, Any] = {"errorCode": "e1"}
    assert rest.post(f"/task/{rest.only_task(rest.start())['id']}/{act}", body).status_code == 400
