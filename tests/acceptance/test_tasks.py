"""The life of a task, its variables, and the questions one asks about tasks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.acceptance.visitor import Visitor

S, E = '<startEvent id="S"/>', '<endEvent id="E"/>'
TWO = (
    S + '<userTask id="A" name="甲" camunda:candidateGroups="counter_clerk"/><userTask id="B" name="乙"/>' + E
    + "\nS -> A\nA -> B\nB -> E\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def key(engine: Visitor) -> str:
    return engine.deploy(TWO, "two")


def test_a_claimed_task_cannot_be_claimed_by_another(engine: Visitor, key: str) -> None:
    task = engine.task(engine.start(key))["id"]
    engine.post(f"/task/{task}/claim", {"userId": "wangfang"})
    engine.post(f"/task/{task}/claim", {"userId": "wangfang"})
    answer = engine.call("POST", f"/task/{task}/claim", {"userId": "lizhao"})
    assert answer.status_code in (400, 409, 500) and answer.status_code != 500
    assert "王芳" in answer.json()["message"] or "wangfang" in answer.json()["message"]
    engine.post(f"/task/{task}/unclaim")
    assert engine.get(f"/task/{task}")["assignee"] is None
    engine.post(f"/task/{task}/assignee", {"userId": "zhangwei"})
    assert engine.get(f"/task/{task}")["assignee"] == "zhangwei"
    engine.post(f"/task/{task}/assignee", {"userId": None})
    assert engine.get(f"/task/{task}")["assignee"] is None


def test_a_delegated_task_comes_back_to_its_owner(engine: Visitor, key: str) -> None:
    task = engine.task(engine.start(key))["id"]
    engine.post(f"/task/{task}/assignee", {"userId": "zhangwei"})
    engine.post(f"/task/{task}/delegate", {"userId": "liuyang"})
    found = engine.get(f"/task/{task}")
    assert (found["assignee"], found["owner"], found["delegationState"]) == ("liuyang", "zhangwei", "PENDING")
    assert 400 <= engine.call("POST", f"/task/{task}/complete", {}).status_code < 500
    engine.post(f"/task/{task}/resolve", {"variables": {"seen": {"value": True}}})
    found = engine.get(f"/task/{task}")
    assert (found["assignee"], found["owner"], found["delegationState"]) == ("zhangwei", "zhangwei", "RESOLVED")
    engine.post(f"/task/{task}/complete", {})


def test_the_second_completion_is_told_who_was_first(engine: Visitor, key: str, address: str) -> None:
    task = engine.task(engine.start(key))["id"]
    clerk = Visitor(address, "wangfang")
    clerk.post(f"/task/{task}/complete", {})
    answer = engine.call("POST", f"/task/{task}/complete", {})
    assert answer.status_code == 409
    assert (answer.json()["type"], answer.json()["code"]) == ("OptimisticLockingException", 1)
    assert "王芳" in answer.json()["message"]
    assert engine.call("GET", f"/task/{task}").status_code == 404
    clerk.session.close()


def test_one_of_many_simultaneous_completions_wins(engine: Visitor, key: str, address: str) -> None:
    for _ in range(5):
        task = engine.task(engine.start(key))["id"]
        visitors = [Visitor(address) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            statuses = list(pool.map(lambda v: v.call("POST", f"/task/{task}/complete", {}).status_code, visitors))  # noqa: B023
        assert sorted(statuses) == [204, 409, 409, 409]
        for visitor in visitors:
            visitor.session.close()


def test_completing_answers_the_variables_when_asked(engine: Visitor, key: str) -> None:
    case = engine.start(key, before=1)
    body = {"variables": {"after": {"value": "x", "type": "String"}}, "withVariablesInReturn": True}
    answer = engine.post(f"/task/{engine.task(case)['id']}/complete", body, 200)
    assert answer["after"] == {"type": "String", "value": "x", "valueInfo": {}}
    assert answer["before"]["value"] == 1


TYPED = [
    ("String", "文本", "文本"), ("string", "", ""), ("Integer", 5, 5), ("Long", 2**40, 2**40), ("Short", 7, 7), ("Double", 1.5, 1.5),
    ("Double", 3, 3.0), ("Boolean", False, False), ("Date", "2029-01-01T00:00:00.000+0000", "2029-01-01T08:00:00.000+0800"),
    ("Json", '{"a": [1, "二"]}', '{"a":[1,"二"]}'), ("json", "[]", "[]"), ("Json", '"x"', '"x"'), ("Json", "5", "5"), ("Null", None, None),
    ("String", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "shown"), TYPED)
def test_variables_come_back_as_they_were_sent(engine: Visitor, key: str, kind: str, value: Any, shown: Any) -> None:
    body = {"variables": {"v": {"value": value, "type": kind}}}
    case = engine.post(f"/process-definition/key/{key}/start", body, 200)["id"]
    task = engine.task(case)["id"]
    for path in (f"/process-instance/{case}/variables/v", f"/task/{task}/variables/v"):
        one = engine.get(path)
        assert one["type"].lower() == kind.lower()
        assert one["value"] == shown and type(one["value"]) is type(shown)
        assert "valueInfo" in one
    engine.put(f"/task/{task}/variables/w", {"value": value, "type": kind})
    assert engine.get(f"/process-instance/{case}/variables")["w"]["value"] == shown
    [past] = engine.get(f"/history/variable-instance?processInstanceId={case}&variableName=v")
    assert past["type"].lower() == kind.lower() and past["value"] == shown


def test_objects_come_back_as_documents(engine: Visitor, key: str) -> None:
    info = {"objectTypeName": "java.util.ArrayList", "serializationDataFormat": "application/json"}
    body = {
        "variables": {
            "v": {"value": "[1,2]", "type": "Object", "valueInfo": info},
            "u": {"value": {"a": 1}},
            "l": {"value": [1]},
        }
    }
    case = engine.post(f"/process-definition/key/{key}/start", body, 200)["id"]
    for name in ("v", "u", "l"):
        one = engine.get(f"/process-instance/{case}/variables/{name}")
        assert one["type"] in ("Json", "Object")
        assert one["value"] in ("[1,2]", '{"a":1}', "[1]")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "String"),
        (5, "Integer"),
        (2**40, "Long"),
        (1.5, "Double"),
        (True, "Boolean"),
        (None, "Null"),
        ({"a": 1}, "Json"),
    ],
)
def test_kinds_are_inferred_when_not_said(engine: Visitor, key: str, value: Any, kind: str) -> None:
    assert engine.get(f"/process-instance/{engine.start(key, v=value)}/variables/v")["type"] == kind


def test_an_integer_too_large_for_its_kind_is_refused(engine: Visitor, key: str) -> None:
    for kind, value in (("Integer", 2**31), ("Long", 2**63), ("Integer", "5x"), ("Boolean", "yes"), ("Nonsense", 1)):
        answer = engine.call(
            "POST", f"/process-definition/key/{key}/start", {"variables": {"v": {"value": value, "type": kind}}}
        )
        assert answer.status_code == 400
        assert "v" in answer.json()["message"]


def test_local_variables_stay_with_their_task(engine: Visitor, key: str) -> None:
    case = engine.start(key, shared=1)
    task = engine.task(case)["id"]
    engine.post(f"/task/{task}/localVariables", {"modifications": {"mine": {"value": 2, "type": "Integer"}}})
    engine.put(f"/task/{task}/localVariables/shared", {"value": 9})
    assert engine.get(f"/task/{task}/variables/shared")["value"] == 9
    assert engine.values(case) == {"shared": 1}
    assert set(engine.get(f"/task/{task}/localVariables")) == {"mine", "shared"}
    assert engine.call("GET", f"/task/{task}/localVariables/nothing").status_code == 404
    engine.delete(f"/task/{task}/localVariables/mine")
    engine.post(f"/task/{task}/variables", {"modifications": {"both": {"value": True}}, "deletions": ["nothing"]})
    engine.post(f"/task/{task}/complete", {})
    assert engine.values(case) == {"shared": 1, "both": True}


def test_process_variables_are_written_and_deleted(engine: Visitor, key: str) -> None:
    case = engine.start(key, a=1, b=2)
    engine.post(f"/process-instance/{case}/variables", {"modifications": {"c": {"value": 3}}, "deletions": ["a"]})
    engine.put(f"/process-instance/{case}/variables/b", {"value": "zwei", "type": "String"})
    engine.delete(f"/process-instance/{case}/variables/c")
    assert engine.values(case) == {"b": "zwei"}
    assert engine.call("GET", f"/process-instance/{case}/variables/b/data").text == "zwei"


def test_comments_are_kept(engine: Visitor, key: str) -> None:
    case = engine.start(key)
    task = engine.task(case)["id"]
    made = engine.post(f"/task/{task}/comment/create", {"message": "请补充 <b>材料</b>"}, 200)
    assert made["message"] == "请补充 <b>材料</b>" and made["userId"] == "engine" and made["taskId"] == task
    assert [one["id"] for one in engine.get(f"/task/{task}/comment")] == [made["id"]]
    assert engine.get(f"/task/{task}/comment/{made['id']}")["time"]
    assert 400 <= engine.call("POST", f"/task/{task}/comment/create", {}).status_code < 500


@pytest.fixture(scope="module")
def many(engine: Visitor) -> str:
    """Ten tasks with ten priorities; the definition key."""
    key = engine.deploy(
        S + '<userTask id="A" name="任务甲" camunda:priority="${level}" camunda:assignee="${who}" camunda:dueDate="${due}"/>' + E
        + "\nS -> A\nA -> E\n",
        "many",
    )  # fmt: skip
    for number in range(10):
        engine.start(
            key, f"MANY-{number}", level=number * 10, who="zhangwei" if number % 2 else "liuyang",
            due=f"2026-05-{number + 1:02}T17:00:00+08:00", amount=number, label=f"label-{number}", flag=number % 2 == 0,
        )  # fmt: skip
    return key


QUESTIONS: list[tuple[dict[str, Any], int]] = [
    ({}, 10), ({"assignee": "zhangwei"}, 5), ({"assigneeIn": ["zhangwei", "liuyang"]}, 10), ({"assigneeLike": "zhang%"}, 5), ({"unassigned": True}, 0),
    ({"assigned": True}, 10), ({"priority": 30}, 1), ({"minPriority": 50}, 5), ({"maxPriority": 40}, 5), ({"taskDefinitionKey": "A"}, 10),
    ({"taskDefinitionKeyIn": ["A", "X"]}, 10), ({"taskDefinitionKeyLike": "B%"}, 0), ({"name": "任务甲"}, 10), ({"nameLike": "%甲"}, 10),
    ({"nameNotEqual": "任务甲"}, 0), ({"processInstanceBusinessKey": "MANY-3"}, 1), ({"processInstanceBusinessKeyLike": "MANY-%"}, 10),
    ({"processInstanceBusinessKeyIn": ["MANY-1", "MANY-2"]}, 2),
    ({"dueBefore": "2026-05-03T16:00:00.000+0800"}, 2), ({"dueAfter": "2026-05-03T18:00:00.000+0800"}, 7), ({"dueDate": "2026-05-03T17:00:00.000+0800"}, 1),
    ({"active": True}, 10), ({"suspended": True}, 0), ({"withoutDueDate": True}, 0),
    ({"createdAfter": "2030-01-01T00:00:00.000+0800"}, 0), ({"createdBefore": "2030-01-01T00:00:00.000+0800"}, 10),
]  # fmt: skip


@pytest.mark.parametrize(("question", "number"), QUESTIONS)
def test_tasks_are_found_alike_by_address_and_by_body(
    engine: Visitor, many: str, question: dict[str, Any], number: int
) -> None:
    body = {"processDefinitionKey": many, **question}
    address = {
        n: ",".join(v) if isinstance(v, list) else str(v).lower() if isinstance(v, bool) else str(v)
        for n, v in body.items()
    }
    by_address = engine.get("/task", params=address)
    by_body = engine.post("/task", body, 200)
    assert len(by_address) == number
    assert {one["id"] for one in by_address} == {one["id"] for one in by_body}
    assert engine.get("/task/count", params=address) == engine.post("/task/count", body, 200) == {"count": number}


VARIABLE_QUESTIONS = [
    (("amount", "eq", 3), 1), (("amount", "neq", 3), 9), (("amount", "gt", 6), 3), (("amount", "gteq", 6), 4), (("amount", "lt", 2), 2),
    (("amount", "lteq", 2), 3), (("label", "eq", "label-4"), 1), (("label", "like", "label-%"), 10), (("flag", "eq", True), 5), (("nothing", "eq", 1), 0),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "number"), VARIABLE_QUESTIONS)
def test_tasks_are_found_by_their_variables(
    engine: Visitor, many: str, condition: tuple[str, str, Any], number: int
) -> None:
    name, operator, value = condition
    spelled = str(value).lower() if isinstance(value, bool) else str(value)
    body = {"processDefinitionKey": many, "processVariables": [{"name": name, "operator": operator, "value": value}]}
    assert len(engine.post("/task", body, 200)) == number
    text = f"{name}_{operator}_{spelled}"
    assert len(engine.get("/task", params={"processDefinitionKey": many, "processVariables": text})) == number
    assert len(engine.get("/process-instance", params={"processDefinitionKey": many, "variables": text})) == number
    instances = {"processDefinitionKey": many, "variables": [{"name": name, "operator": operator, "value": value}]}
    assert len(engine.post("/process-instance", instances, 200)) == number
    assert engine.post("/process-instance/count", instances, 200) == {"count": number}


@pytest.mark.parametrize(
    "by", ["priority", "dueDate", "created", "name", "assignee", "id", "instanceId", "nameCaseInsensitive"]
)
def test_tasks_are_sorted_and_paged_without_gaps(engine: Visitor, many: str, by: str) -> None:
    base = {"processDefinitionKey": many, "sortBy": by}
    up = [one["id"] for one in engine.get("/task", params={**base, "sortOrder": "asc"})]
    assert len(set(up)) == 10
    pages = [
        one["id"]
        for first in range(0, 12, 3)
        for one in engine.get("/task", params={**base, "sortOrder": "asc", "firstResult": first, "maxResults": 3})
    ]
    assert pages == up
    body = {"processDefinitionKey": many, "sorting": [{"sortBy": by, "sortOrder": "desc"}]}
    down = engine.post("/task?firstResult=0&maxResults=4", body, 200)
    assert len(down) == 4
    if by in ("priority", "dueDate"):
        assert [one["id"] for one in down] == up[::-1][:4]


def test_tasks_are_sorted_by_a_variable(engine: Visitor, many: str) -> None:
    sorting = [
        {"sortBy": "processVariable", "sortOrder": "desc", "parameters": {"variable": "amount", "type": "Integer"}}
    ]
    answer = engine.call("POST", "/task", {"processDefinitionKey": many, "sorting": sorting})
    if answer.status_code == 200:
        assert [one["priority"] for one in answer.json()] == list(range(90, -1, -10))
    else:
        assert answer.status_code == 400


def test_or_queries_join(engine: Visitor, many: str) -> None:
    body = {"processDefinitionKey": many, "orQueries": [{"priority": 30, "processInstanceBusinessKey": "MANY-5"}]}
    assert {one["priority"] for one in engine.post("/task", body, 200)} == {30, 50}


def test_a_suspended_instance_stands_still(engine: Visitor, key: str) -> None:
    case = engine.start(key)
    task = engine.task(case)["id"]
    engine.put(f"/process-instance/{case}/suspended", {"suspended": True})
    assert engine.get(f"/process-instance/{case}")["suspended"] is True
    assert engine.get(f"/task/{task}")["suspended"] is True
    assert engine.history(case)["state"] == "SUSPENDED"
    assert 400 <= engine.call("POST", f"/task/{task}/complete", {}).status_code < 500
    engine.put(f"/process-instance/{case}/suspended", {"suspended": False})
    engine.post(f"/task/{task}/complete", {})
    assert engine.tasks(case) == ["B"]


def test_a_deleted_instance_remains_in_the_history(engine: Visitor, key: str) -> None:
    case = engine.start(key, "DEL-1", a=1)
    engine.delete(f"/process-instance/{case}?skipCustomListeners=true")
    assert engine.call("GET", f"/process-instance/{case}").status_code == 404
    assert engine.call("DELETE", f"/process-instance/{case}").status_code == 404
    past = engine.history(case)
    assert past["state"] in ("EXTERNALLY_TERMINATED", "INTERNALLY_TERMINATED")
    assert past["endTime"] and past["durationInMillis"] >= 0 and past["businessKey"] == "DEL-1"
    [task] = engine.get(f"/history/task?processInstanceId={case}")
    assert task["endTime"] and task["deleteReason"]
    assert engine.past_values(case) == {"a": 1}


def test_the_history_tells_who_did_what(engine: Visitor, key: str, address: str) -> None:
    case = engine.start(key, "HIST-1", a=1)
    clerk = Visitor(address, "wangfang")
    task = engine.task(case)["id"]
    clerk.post(f"/task/{task}/claim", {"userId": "wangfang"})
    clerk.post(f"/task/{task}/complete", {"variables": {"a": {"value": 2}}})
    engine.complete(case, "B")
    clerk.session.close()
    past = engine.history(case)
    assert (past["state"], past["processDefinitionKey"], past["startUserId"]) == ("COMPLETED", key, "engine")
    [one] = engine.get(f"/history/task?taskId={task}")
    assert (one["assignee"], one["taskDefinitionKey"], one["deleteReason"]) == ("wangfang", "A", "completed")
    assert [row["activityId"] for row in engine.activities(case)] == ["S", "A", "B", "E"]
    kinds = {row["activityType"] for row in engine.activities(case)}
    assert kinds == {"startEvent", "userTask", "noneEndEvent"}
    assert engine.past_values(case) == {"a": 2}
    operations = engine.get(f"/history/user-operation?processInstanceId={case}")
    assert {"Claim", "Complete"} <= {row["operationType"] for row in operations}
    assert {row["userId"] for row in operations if row["operationType"] == "Claim"} == {"wangfang"}
    for query in ("finished=true", "completed=true", "processInstanceBusinessKey=HIST-1"):
        assert case in [row["id"] for row in engine.get(f"/history/process-instance?{query}")]
    assert case not in [row["id"] for row in engine.get("/history/process-instance?unfinished=true")]
    assert engine.get(f"/history/activity-instance/count?processInstanceId={case}&finished=true") == {"count": 4}


def test_a_task_is_changed_as_a_whole(engine: Visitor, key: str) -> None:
    task = engine.task(engine.start(key))
    due = "2026-06-01T12:00:00.000+0800"
    engine.put(f"/task/{task['id']}", {**task, "priority": 77, "due": due, "description": "急"})
    found = engine.get(f"/task/{task['id']}")
    assert (found["priority"], found["due"], found["description"], found["name"]) == (77, due, "急", "甲")


def test_what_is_shown_as_an_instant_can_be_asked_for(engine: Visitor, key: str) -> None:
    case = engine.start(key)
    task = engine.task(case)
    for name, number in (("createdOn", 1), ("createdBefore", 1), ("createdAfter", 1)):
        for _ in range(2):
            assert len(engine.get("/task", params={"processInstanceId": case, name: task["created"]})) == number, name
    began = engine.history(case)["startTime"]
    for name in ("startedBefore", "startedAfter"):
        assert len(engine.get("/history/process-instance", params={"processInstanceId": case, name: began})) == 1
    for path in ("/task?createdBefore", "/task?createdOn", "/history/process-instance?startedBefore", "/job?dueDates"):
        assert engine.call("GET", f"{path}=9999-12-31T23:59:59.999%2B0000").status_code < 500


def test_the_history_of_one_act_is_in_the_order_things_happened(engine: Visitor) -> None:
    names = [f"T{number}" for number in range(8)]
    steps = "".join(
        f'<scriptTask id="{name}" scriptFormat="feel"><script>x = 1</script></scriptTask>' for name in names
    )
    path = ["S", *names, "A", "E"]
    lines = "".join(f"\n{one} -> {other}" for one, other in zip(path, path[1:], strict=False))
    case = engine.run(S + steps + '<userTask id="A"/>' + E + lines + "\n")
    assert [one["activityId"] for one in engine.activities(case)] == path[:-1]
    newest = f"/history/activity-instance?processInstanceId={case}&sortBy=startTime&sortOrder=desc"
    assert [one["activityId"] for one in engine.get(newest)] == path[-2::-1]
