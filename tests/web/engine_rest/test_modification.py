"""Modification: some tokens are cancelled and one begins elsewhere, by keepers, never against law or record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.rest import LINEAR, Client

BLOCK = (
    '<startEvent id="S"/><userTask id="A"/><parallelGateway id="F"/><userTask id="B"/><userTask id="C"/><parallelGateway id="J"/>'
    '<userTask id="Z"/><endEvent id="E"/>\nS -> A\nA -> F\nF -> B\nF -> C\nB -> J\nC -> J\nJ -> Z\nZ -> E\n'
)


def modify(rest: Client, instance: str, *instructions: dict[str, Any], **more: Any) -> Any:
    return rest.post(f"/process-instance/{instance}/modification", {"instructions": list(instructions), **more})


def open_tasks(rest: Client, instance: str) -> list[str]:
    return sorted(one["taskDefinitionKey"] for one in rest.get(f"/task?processInstanceId={instance}").json)


def complete(rest: Client, instance: str, element: str) -> None:
    [task] = rest.get(f"/task?processInstanceId={instance}&taskDefinitionKey={element}").json
    assert rest.post(f"/task/{task['id']}/complete", {}).status_code == 204


def test_what_does_not_balance_or_is_not_known_is_refused(rest: Client) -> None:
    rest.deploy(BLOCK)
    instance = rest.start()
    for instructions, told in (
        ([], "MODIFICATION_UNBALANCED"),
        ([{"type": "startBeforeActivity", "activityId": "Z"}], "MODIFICATION_UNBALANCED"),
        ([{"type": "cancel", "activityId": "A"}], "MODIFICATION_UNBALANCED"),
        ([{"type": "startTransition", "transitionId": "x"}], "FIELD_INVALID"),
    ):
        answer = modify(rest, instance, *instructions)
        assert (answer.status_code, answer.json["reason"]) == (400, told)
    start = {"type": "startBeforeActivity", "activityId": "B"}
    assert modify(rest, instance, {"type": "cancel", "activityId": "Z"}, start).status_code == 404
    into = modify(rest, instance, {"type": "cancel", "activityId": "A"}, start)
    assert (into.status_code, into.json["reason"]) == (409, "MOVE_INTO_PARALLEL")
    unclear = modify(
        rest, instance, {"type": "cancel", "activityId": "A"}, {"type": "startAfterActivity", "activityId": "F"}
    )
    assert (unclear.status_code, unclear.json["reason"]) == (409, "MOVE_AFTER_UNCLEAR")
    assert open_tasks(rest, instance) == ["A"]


@pytest.mark.parametrize("by", ["activityId", "activityInstanceId"])
def test_tokens_are_cancelled_and_one_begins_before_or_after(rest: Client, by: str) -> None:
    rest.deploy(BLOCK)
    instance = rest.start()
    complete(rest, instance, "A")
    [task] = rest.get(f"/task?processInstanceId={instance}&taskDefinitionKey=B").json
    named = {"activityId": "B", "activityInstanceId": task["executionId"]}[by]
    done = modify(
        rest,
        instance,
        {"type": "cancel", by: named},
        {"type": "startBeforeActivity", "activityId": "A"},
        annotation="重办",
    )
    assert done.status_code == 204 and open_tasks(rest, instance) == ["A"]
    done = modify(
        rest, instance, {"type": "cancel", "activityId": "A"}, {"type": "startAfterActivity", "activityId": "J"}
    )
    assert done.status_code == 204 and open_tasks(rest, instance) == ["Z"]


def test_a_linear_instance_goes_back_and_on(rest: Client) -> None:
    rest.deploy(LINEAR)
    instance = rest.start()
    [first] = open_tasks(rest, instance)
    done = modify(
        rest, instance, {"type": "cancel", "activityId": first}, {"type": "startAfterActivity", "activityId": first}
    )
    assert done.status_code == 204 and open_tasks(rest, instance) != [first]
