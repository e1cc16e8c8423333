"""Who may see, and who may act: nobody unless it was granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.acceptance.visitor import PASSWORD, Visitor

S, E = '<startEvent id="S"/>', '<endEvent id="E"/>'
NAMED = "lizhao wangfang zhangwei liuyang chengang zhaomin wuqian sunli zhouqiang zhengkai hejing guotao machao linlan engine"
DEPARTMENTS = ["101", "102", "103", "104", "105", "106", "107"]
ZW = 'xmlns:zw="urn:lianban:bpmn:zw:1"'
ITEM = (
    S + f'<userTask id="ACC" {ZW} zw:stage="ACCEPT" camunda:candidateGroups="everybody" camunda:candidateUsers="wangfang,zhangwei,chengang"/>'
    f'<userTask id="REV" {ZW} zw:stage="REVIEW" camunda:candidateUsers="wangfang,zhangwei,chengang"/>'
    f'<userTask id="APP" {ZW} zw:stage="APPROVE" camunda:candidateUsers="wangfang,zhangwei,chengang,wuqian"/>'
    f'<userTask id="ISS" {ZW} zw:stage="ISSUE" camunda:candidateUsers="wangfang,zhangwei,chengang,wuqian"/>' + E
    + "\nS -> ACC\nACC -> REV\nREV -> APP\nAPP -> ISS\nISS -> E\n"
)  # fmt: skip


class Cast:
    """Accounts by name."""

    def __init__(self, address: str) -> None:
        self.address, self.visitors = address, dict[str, Visitor]()

    def __getitem__(self, username: str) -> Visitor:
        if username not in self.visitors:
            self.visitors[username] = Visitor(self.address, username)
        return self.visitors[username]


@pytest.fixture(scope="module")
def cast(address: str) -> Iterator[Cast]:
    cast = Cast(address)
    yield cast
    for visitor in cast.visitors.values():
        visitor.session.close()


@pytest.fixture(scope="module")
def key(engine: Visitor) -> str:
    return engine.deploy(
        S + '<userTask id="A" camunda:candidateGroups="104:reviewer_a"/><userTask id="B" camunda:candidateUsers="wangfang"/>' + E
        + "\nS -> A\nA -> B\nB -> E\n",
        "rights",
    )  # fmt: skip


def acts(engine: Visitor, case: str, task: str) -> list[tuple[str, str, Any]]:
    return [
        ("POST", f"/task/{task}/complete", {}), ("POST", f"/task/{task}/claim", {"userId": "lizhao"}), ("POST", f"/task/{task}/assignee", {"userId": "lizhao"}),
        ("POST", f"/task/{task}/delegate", {"userId": "lizhao"}), ("PUT", f"/task/{task}/variables/x", {"value": 1}),
        ("POST", f"/task/{task}/localVariables", {"modifications": {"x": {"value": 1}}}), ("PUT", f"/task/{task}", {"priority": 1}),
        ("DELETE", f"/process-instance/{case}", None), ("PUT", f"/process-instance/{case}/suspended", {"suspended": True}),
        ("PUT", f"/process-instance/{case}/variables/x", {"value": 1}), ("POST", "/signal", {"name": "SIG"}),
        ("POST", "/message", {"messageName": "MSG", "processInstanceId": case}), ("POST", "/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t", "lockDuration": 9}]}),
        ("POST", f"/execution/{case}/signal", {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/task", "/version", "/deployment?maxResults=0", "/process-instance", "//api/v1/cases", "//api/v1/tasks"]
)
def test_nobody_gets_in_without_the_right_password(address: str, path: str) -> None:
    url = address + (path[1:] if path.startswith("//") else f"/engine-rest{path}")
    for auth in (None, ("engine", "wrong"), ("nobody", PASSWORD), ("", "")):
        answer = requests.get(url, auth=auth, timeout=20)
        assert answer.status_code == 401, (path, auth, answer.text)
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.headers["Content-Type"] in ("application/json", "application/problem+json")
    bearer = requests.get(url, headers={"Authorization": "Bearer x.y.z"}, timeout=20)
    assert bearer.status_code == 401


def test_every_demo_account_signs_in(cast: Cast) -> None:
    names = NAMED.split() + [f"{code}-{post}" for code in DEPARTMENTS for post in ("a", "b", "rep", "head")]
    for name in names:
        answer = cast[name].call("GET", "/task/count")
        assert answer.status_code == 200, (name, answer.text)
        assert cast[name].call("GET", "//api/v1/tasks").status_code == 200


def test_a_stranger_sees_nothing_and_may_do_nothing(engine: Visitor, cast: Cast, key: str) -> None:
    case = engine.start(key, "SECRET-1", phone="13900000001")
    task = engine.task(case)["id"]
    for name in ("lizhao", "103-a", "103-rep", "107-b"):
        stranger = cast[name]
        assert stranger.get(f"/task?processInstanceId={case}") == []
        assert stranger.get(f"/task/count?processInstanceId={case}") == {"count": 0}
        for path in (
            "/process-instance?businessKey=SECRET-1",
            f"/history/task?processInstanceId={case}",
            f"/history/variable-instance?processInstanceId={case}",
            f"/history/activity-instance?processInstanceId={case}",
            f"/history/process-instance?processInstanceId={case}",
            f"/execution?processInstanceId={case}",
        ):
            assert stranger.get(path) == [], (name, path)
        for path in (
            f"/task/{task}",
            f"/task/{task}/variables",
            f"/process-instance/{case}",
            f"/process-instance/{case}/variables",
            f"/process-instance/{case}/activity-instances",
            f"/history/process-instance/{case}",
            f"/task/{task}/comment",
            f"/task/{task}/identity-links",
            f"//api/v1/cases/{case}",
            f"//api/v1/tasks/{task}",
            f"//api/v1/cases/{case}/journal",
        ):
            answer = stranger.call("GET", path)
            assert answer.status_code in (403, 404), (name, path, answer.text)
            assert "13900000001" not in answer.text
        for method, path, body in acts(engine, case, task):
            answer = stranger.call(method, path, body)
            assert answer.status_code in (403, 404), (name, method, path, answer.status_code, answer.text)
    assert engine.tasks(case) == ["A"]
    assert engine.values(case) == {"phone": "13900000001"}


def test_a_supervisor_sees_everything_and_completes_nothing(engine: Visitor, cast: Cast, key: str) -> None:
    case = engine.start(key)
    task = engine.task(case)["id"]
    overseer = cast["sunli"]
    assert overseer.task(case)["id"] == task
    assert overseer.get(f"/process-instance/{case}/activity-instances")["childActivityInstances"]
    for method, path, body in acts(engine, case, task):
        answer = overseer.call(method, path, body)
        assert answer.status_code == 403, (method, path, answer.status_code, answer.text)
        told = answer.json()
        assert told["type"] == "AuthorizationException"
        assert told["userId"] == "sunli"
        assert {"permissionName", "resourceName", "resourceId"} <= set(told)


@pytest.mark.parametrize("name", ["guotao", "machao", "linlan", "hejing", "wangfang", "liuyang", "chengang", "103-a"])
def test_only_whom_it_was_offered_to_may_complete(engine: Visitor, cast: Cast, key: str, name: str) -> None:
    case = engine.start(key)
    answer = cast[name].call("POST", f"/task/{engine.task(case)['id']}/complete", {})
    assert answer.status_code in (403, 404)
    cast["zhangwei"].post(f"/task/{engine.task(case)['id']}/complete", {})
    assert engine.tasks(case) == ["B"]


def test_a_task_in_anothers_hands_is_not_mine(engine: Visitor, cast: Cast) -> None:
    case = engine.run(S + '<userTask id="A" camunda:candidateUsers="wangfang,wuqian"/>' + E + "\nS -> A\nA -> E\n")
    task = engine.task(case)["id"]
    cast["wangfang"].post(f"/task/{task}/claim", {"userId": "wangfang"})
    assert cast["wuqian"].call("POST", f"/task/{task}/complete", {}).status_code == 403
    assert cast["wuqian"].call("POST", f"/task/{task}/unclaim", {}).status_code == 403
    cast["wangfang"].post(f"/task/{task}/complete", {})


def test_who_accepts_does_not_review_and_who_reviews_does_not_approve_and_who_approves_does_not_issue(
    engine: Visitor, cast: Cast
) -> None:
    case = engine.start(engine.deploy(ITEM, "duties"))

    def by(name: str) -> int:
        return cast[name].call("POST", f"/task/{engine.task(case)['id']}/complete", {}).status_code

    assert by("wangfang") == 204
    assert by("wangfang") == 403
    assert by("zhangwei") == 204
    assert (by("zhangwei"), by("wangfang")) == (403, 403)
    assert by("chengang") == 204
    assert by("chengang") == 403
    assert by("wuqian") == 204
    assert engine.ended(case)


def test_a_forbidden_person_is_not_given_the_task_either(engine: Visitor, cast: Cast) -> None:
    case = engine.start(engine.deploy(ITEM, "duties"))
    cast["wangfang"].complete(case, "ACC")
    task = engine.task(case)["id"]
    assert cast["wangfang"].call("POST", f"/task/{task}/claim", {"userId": "wangfang"}).status_code == 403


def test_only_the_system_administrator_deploys(cast: Cast) -> None:
    content = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="q" isExecutable="true"><startEvent id="a"/><endEvent id="b"/><sequenceFlow sourceRef="a" targetRef="b"/></process></definitions>'
    for name in ("lizhao", "wangfang", "zhangwei", "sunli", "machao", "hejing"):
        assert cast[name].upload(("q.bpmn", content)).status_code == 403, name
    assert cast["guotao"].upload(("q.bpmn", content)).status_code == 200


def test_only_who_may_start_starts(engine: Visitor, cast: Cast, key: str) -> None:
    for name in ("sunli", "zhangwei", "linlan"):
        assert cast[name].call("POST", f"/process-definition/key/{key}/start", {}).status_code == 403, name
    case = cast["wangfang"].post(f"/process-definition/key/{key}/start", {}, 200)["id"]
    assert engine.history(case)["startUserId"] == "wangfang"


def test_the_second_name_of_an_account_means_the_same_person(engine: Visitor, cast: Cast) -> None:
    case = engine.run(S + '<userTask id="A" camunda:assignee="104-a"/>' + E + "\nS -> A\nA -> E\n")
    assert engine.task(case)["assignee"] == "zhangwei"
    assert [one["id"] for one in cast["104-a"].get("/task?assignee=104-a")] == [engine.task(case)["id"]]
    cast["104-a"].complete(case)
    assert engine.ended(case)


def test_a_page_of_another_site_is_refused(engine: Visitor) -> None:
    answer = engine.call(
        "POST", "/signal", {"name": "x"}, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code in (401, 403)


def test_an_applicant_does_not_move_the_demo_clock(cast: Cast) -> None:
    for name, status in (("wangfang", 200), ("sunli", 200), ("engine", 200), ("lizhao", 403)):
        assert cast[name].call("PUT", "//api/v1/demo/clock", {"advance": "PT1S"}).status_code == status, name


def test_wrong_guesses_do_not_stop_the_programs(engine: Visitor, address: str) -> None:
    for _ in range(7):
        assert requests.get(f"{address}/engine-rest/version", auth=("engine", "guess"), timeout=20).status_code == 401
    assert engine.call("GET", "/version").status_code == 200
