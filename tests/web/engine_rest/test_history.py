"""History: what ran, who did it, with which values."""

from __future__ import annotations

from uuid import UUID

from tests.conftest import Clock
from tests.web.rest import LINEAR, Client


def _worked(rest: Client, clock: Clock) -> str:
    rest.deploy(LINEAR.replace('id="S"', 'id="S" name="收件"'))
    case_id = rest.start(businessKey="BJ-1", variables={"a": {"value": 1}})
    clock.advance(minutes=10)
    rest.post(f"/task/{rest.only_task(case_id)['id']}/complete", {"variables": {"b": {"value": "x"}}})
    return case_id


def test_an_instance_is_remembered_with_its_duration(rest: Client, clock: Clock) -> None:
    case_id = _worked(rest, clock)
    rest.post(f"/task/{rest.only_task(case_id)['id']}/complete", {})
    found = rest.get(f"/history/process-instance/{case_id}").json
    assert (found["state"], found["durationInMillis"], found["startUserId"]) == ("COMPLETED", 600_000, "engine")
    for query, number in (
        ("finished=true", 1),
        ("unfinished=true", 0),
        ("completed=true", 1),
        ("startedAfter=2026-03-16T09:05:00.000%2B0800", 0),
        ("finishedAfter=2026-03-16T09:05:00.000%2B0800", 1),
        ("startedBefore=2026-03-16T09:05:00.000%2B0800", 1),
        ("processDefinitionKey=p&startedBy=engine", 1),
        ("processInstanceBusinessKey=BJ-1", 1),
        ("variables=b_eq_x", 1),
        ("executedActivityIdIn=B", 1),
        ("activeActivityIdIn=B", 0),
    ):
        assert rest.get(f"/history/process-instance/count?{query}").json == {"count": number}, query
    assert [one["id"] for one in rest.post("/history/process-instance", {"finished": True}).json] == [case_id]


def test_activities_are_tasks_and_everything_else(rest: Client, clock: Clock) -> None:
    case_id = _worked(rest, clock)
    rows = rest.get(f"/history/activity-instance?processInstanceId={case_id}&sortBy=startTime&sortOrder=asc").json
    kinds = [(row["activityId"], row["activityType"], row["endTime"] is not None) for row in rows]
    assert sorted(kinds) == [("A", "userTask", True), ("B", "userTask", False), ("S", "startEvent", True)]
    done = next(row for row in rows if row["activityId"] == "A")
    assert (done["assignee"], done["durationInMillis"], done["canceled"]) == ("engine", 600_000, False)
    assert done["taskId"] == done["id"]
    assert rest.get(f"/history/activity-instance/{done['id']}").json["activityName"] == "甲"
    assert [row["activityName"] for row in rows if row["activityId"] == "S"] == ["收件"]
    for query, number in (
        ("activityType=userTask", 2),
        ("activityId=S&finished=true", 1),
        ("unfinished=true", 1),
        ("taskAssignee=engine", 1),
        ("canceled=true", 0),
    ):
        assert rest.get(f"/history/activity-instance/count?{query}").json == {"count": number}, query


def test_tasks_are_remembered_with_why_they_ended(rest: Client, clock: Clock) -> None:
    case_id = _worked(rest, clock)
    (done,) = rest.get(f"/history/task?processInstanceId={case_id}&finished=true").json
    assert (done["deleteReason"], done["taskDefinitionKey"], done["duration"]) == ("completed", "A", 600_000)
    assert done["assignee"] == "engine"
    rest.delete(f"/process-instance/{case_id}")
    (cancelled,) = rest.get("/history/task?taskDefinitionKey=B").json
    assert cancelled["deleteReason"] == "deleted"
    assert rest.get("/history/task/count?processFinished=true").json == {"count": 2}
    assert rest.post("/history/task/count", {"taskName": "甲"}).json == {"count": 1}


def test_values_are_remembered(rest: Client, clock: Clock) -> None:
    case_id = _worked(rest, clock)
    rows = rest.get(f"/history/variable-instance?processInstanceId={case_id}&sortBy=variableName&sortOrder=asc").json
    assert [(row["name"], row["type"], row["value"]) for row in rows] == [("a", "Integer", 1), ("b", "String", "x")]
    assert all(UUID(row["id"]) for row in rows)
    assert rest.get("/history/variable-instance/count?variableNameLike=b%25").json == {"count": 1}


def test_operations_say_who_did_what(rest: Client, clock: Clock) -> None:
    case_id = _worked(rest, clock)
    rows = rest.get(f"/history/user-operation?processInstanceId={case_id}&sortBy=timestamp&sortOrder=asc").json
    assert [(row["entityType"], row["operationType"], row["userId"]) for row in rows] == [
        ("ProcessInstance", "Create", "engine"),
        ("Task", "Complete", "engine"),
    ]
    assert rest.get("/history/user-operation/count?operationType=Complete").json == {"count": 1}
    assert rest.get("/history/user-operation/count?entityType=Task&operationType=Create").json == {"count": 0}
    assert rest.get("/history/user-operation/count?userId=somebody").json == {"count": 0}


def test_lists_are_cut_into_pages(rest: Client) -> None:
    rest.deploy(LINEAR)
    ids = [rest.start() for _ in range(5)]
    seen = []
    for first in range(0, 6, 2):
        page = rest.get(f"/history/process-instance?firstResult={first}&maxResults=2&sortBy=instanceId&sortOrder=asc")
        seen += [row["id"] for row in page.json]
    assert sorted(seen) == sorted(ids)
    assert len(set(seen)) == 5
    assert rest.get("/history/process-instance?maxResults=0").json == []
