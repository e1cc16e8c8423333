"""Migration and batches over `/engine-rest`, as consoles of Camunda 7 ask for them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from service.casework import Office, attend_due
from tests.web.rest import Client, hire

OLD = '<startEvent id="S"/><userTask id="A"/><userTask id="B"/><endEvent id="E"/>\nS -> A\nA -> B\nB -> E\n'
NEW = OLD.replace("A -> B\n", 'A -> N\nN -> B\n<userTask id="N"/>')
OTHER = OLD.replace('"A"', '"A2"').replace("S -> A\nA ->", "S -> A2\nA2 ->").replace('id="A2"', 'id="A2" name="x"')


def plan(old: dict[str, Any], new: dict[str, Any], *steps: tuple[str, str]) -> dict[str, Any]:
    """A migration plan as clients send it."""
    instructions = [{"sourceActivityIds": [a], "targetActivityIds": [b], "updateEventTrigger": False} for a, b in steps]
    return {
        "sourceProcessDefinitionId": old["id"],
        "targetProcessDefinitionId": new["id"],
        "instructions": instructions,
        "variables": None,
    }


def defined_by(rest: Client, instance: str) -> str:
    return str(rest.get(f"/process-instance/{instance}").json["definitionId"])


def test_a_plan_is_generated_and_validated(rest: Client) -> None:
    old, new = rest.deploy(OLD), rest.deploy(NEW)
    ends = {"sourceProcessDefinitionId": old["id"], "targetProcessDefinitionId": new["id"]}
    made = rest.post("/migration/generate", {**ends, "updateEventTriggers": True}).json
    assert {**ends, "variables": None}.items() <= made.items()
    assert made["instructions"] == [
        {"sourceActivityIds": [name], "targetActivityIds": [name], "updateEventTrigger": True} for name in ("A", "B")
    ]
    assert rest.post("/migration/validate", made).json == {"instructionReports": [], "variableReports": {}}
    wrong = rest.post("/migration/validate", plan(old, new, ("A", "nobody"), ("E", "N"), ("B", "B"))).json
    failed = {one["instruction"]["sourceActivityIds"][0]: one["failures"] for one in wrong["instructionReports"]}
    assert set(failed) == {"A", "E"} and all(failures for failures in failed.values())


def test_instances_migrate_at_once_or_none_does(rest: Client) -> None:
    old = rest.deploy(OLD)
    first, second = rest.start(), rest.start()
    task = rest.only_task(second)
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 204
    new = rest.deploy(NEW)
    body = {"migrationPlan": plan(old, new, ("A", "A")), "processInstanceIds": [first, second]}
    refused = rest.post("/migration/execute", body)
    assert (refused.status_code, refused.json["reason"]) == (409, "MIGRATION_REFUSED")
    assert refused.json["details"] == {"processInstanceId": second, "failures": ["ELEMENT_GONE"]}
    assert defined_by(rest, first) == defined_by(rest, second) == old["id"]
    query = {"processDefinitionId": old["id"]}
    body = {"migrationPlan": plan(old, new, ("A", "A"), ("B", "B")), "processInstanceQuery": query}
    assert rest.post("/migration/execute", body).status_code == 204
    assert defined_by(rest, first) == defined_by(rest, second) == new["id"]
    task = rest.only_task(first)
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 204
    assert rest.only_task(first)["taskDefinitionKey"] == "N"
    [line] = rest.get(f"/history/user-operation?processInstanceId={first}&operationType=Migrate").json
    assert line["entityType"] == "ProcessInstance"


def test_a_batch_is_listed_while_it_is_under_way(rest: Client, office: Office) -> None:
    old = rest.deploy(OLD)
    instances = [rest.start() for _ in range(3)]
    new = rest.deploy(OTHER)
    body = {"migrationPlan": plan(old, new, ("A", "A2"), ("B", "B")), "processInstanceIds": instances}
    batch = rest.post("/migration/executeAsync", body).json
    assert (batch["type"], batch["totalJobs"], batch["suspended"], batch["createUserId"]) == (
        "instance-migration", 3, False, "engine",
    )  # fmt: skip
    at = f"/batch/{batch['id']}"
    assert rest.get(at).json == batch and rest.get("/batch").json == [batch]
    assert rest.get("/batch/count?type=instance-migration&suspended=false").json == {"count": 1}
    assert rest.put(f"{at}/suspended", {"suspended": True}).status_code == 204
    attend_due(office)
    assert rest.get("/batch?suspended=true").json[0]["id"] == batch["id"]
    [told] = rest.get("/batch/statistics").json
    assert (told["remainingJobs"], told["completedJobs"], told["failedJobs"]) == (3, 0, 0)
    assert rest.put(f"{at}/suspended", {"suspended": False}).status_code == 204
    while attend_due(office):
        continue
    assert rest.get("/batch/count").json == {"count": 0}
    assert {rest.only_task(one)["taskDefinitionKey"] for one in instances} == {"A2"}
    assert rest.delete(f"{at}?cascade=true").status_code == 204 and rest.get(at).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({}, 400, "FIELD_INVALID"),
        ({"migrationPlan": {"sourceProcessDefinitionId": "x", "targetProcessDefinitionId": "y"}}, 400, "MIGRATION_EMPTY"),
        ({"migrationPlan": {"sourceProcessDefinitionId": "x", "targetProcessDefinitionId": "y"}, "processInstanceIds": ["z"]}, 404, "DEFINITION_NOT_FOUND"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(rest: Client, body: dict[str, Any], status: int, reason: str) -> None:
    for way in ("execute", "executeAsync"):
        answer = rest.post(f"/migration/{way}", body)
        assert (answer.status_code, answer.json["reason"]) == (status, reason)


def test_two_activities_into_one_are_refused(rest: Client) -> None:
    old, new = rest.deploy(OLD), rest.deploy(NEW)
    steps = [{"sourceActivityIds": ["A", "B"], "targetActivityIds": ["A"]}]
    answer = rest.post("/migration/validate", {**plan(old, new), "instructions": steps})
    assert (answer.status_code, answer.json["reason"]) == (400, "FIELD_INVALID")
    twice = rest.post("/migration/validate", plan(old, new, ("A", "A"), ("A", "B")))
    assert (twice.status_code, twice.json["reason"]) == (400, "MIGRATION_TWICE")


def test_who_may_not_is_told(app: Flask, rest: Client, office: Office) -> None:
    old, new = rest.deploy(OLD), rest.deploy(NEW)
    hire(office, "clerk", ["counter_clerk"])
    other = Client(app, "/engine-rest", "clerk")
    answer = other.post("/migration/generate", plan(old, new))
    assert (answer.status_code, answer.json["reason"]) == (403, "MIGRATION_NOT_YOURS")
    assert other.get("/batch").status_code == 403 and rest.get("/batch/nonsense").status_code == 404
