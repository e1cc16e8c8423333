"""The shipped chain by the accounts that do it, over `/engine-rest` and `/api/v1`, with one department late."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.acceptance.visitor import Visitor
from tests.journeys.serving import Serving

PEOPLE = "wangfang wuqian 101-a 101-rep 102-a 102-rep 103-a 103-rep 104-a 104-b 104-rep 104-head 105-a 105-rep 107-a 107-rep 103-head 113-a 113-rep zhengkai".split()
CHOICES = ("accept", "grant", "agree", "proceed", "record", "form", "ok")
DECLARATION = {
    "applicant": "云溪华印制罐有限公司", "applicant_uscc": "91990100MA0000001X", "contact": "李昭", "phone": "13900000001",
    "project_code": "2603-990100-04-01-482915", "project_name": "年产2亿只金属罐项目", "site_address": "云溪市经开区科创路18号",
    "initiation": "record", "eia_category": "form", "special_project": True, "civil_building": True, "drawings_filed": True, "investment_total": 12000, "building_area_m2": 8000,
}  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    serving = Serving(tmp_path_factory.mktemp("city"))
    yield serving.installation.address
    serving.stop()


class Centre:
    """Everybody at work, through the doors for programs only."""

    def __init__(self, address: str) -> None:
        self.people = {name: Visitor(address, name) for name in [*PEOPLE, "sunli", "engine"]}
        self.overseer = self.people["sunli"]
        self.processes = {one["id"]: one["key"] for one in self.people["engine"].get("/process-definition")}

    def open(self, case: str) -> list[dict[str, Any]]:
        rows = self.overseer.get(f"/task?processInstanceId={case}")
        return [row | {"process": self.processes[row["processDefinitionId"]]} for row in rows]

    def who(self, task: dict[str, Any]) -> Visitor:
        """Who finds the task in the own inbox."""
        for person in self.people.values():
            if person.session.auth[0] in ("sunli", "engine"):
                continue
            page = person.get("//api/v1/tasks?size=200")
            if any(one["id"] == task["id"] for one in page["items"]):
                return person
        raise AssertionError(f"{task['process']} {task['taskDefinitionKey']} is in nobody's inbox")

    def do(self, task: dict[str, Any]) -> str:
        """Fills in the form as agreeing as it allows; who did it."""
        person = self.who(task)
        form = person.get(f"//api/v1/tasks/{task['id']}/form")
        assert form["mayComplete"], task
        answers = {**form["data"], **dict(answered(form["schema"] or {}))}
        body = {
            "answers": {name: value for name, value in answers.items() if name in keys(form["schema"] or {})},
            "seen": form["seen"],
        }
        answer = person.call("POST", f"//api/v1/tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, (task["name"], body, answer.text)
        return str(person.session.auth[0])

    def close(self) -> None:
        for person in self.people.values():
            person.session.close()


NUMBERS = count(42)  # of certificates: each has its own


def fields(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in schema.get("components", ()):
        if one.get("key"):
            yield one
        yield from fields(one)


def keys(schema: dict[str, Any]) -> set[str]:
    return {one["key"] for one in fields(schema)}


def answered(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in fields(schema):
        kind, rules = one["type"], one.get("validate") or {}
        values = [v["value"] for v in one.get("values", ())]
        if kind in ("radio", "select") and values:
            yield one["key"], next((v for v in values if v in CHOICES), values[0])
        elif kind in ("checklist", "taglist") and values:
            yield one["key"], values
        elif kind == "checkbox":
            yield one["key"], True
        elif kind == "number" and rules.get("required"):
            yield one["key"], max(1, rules.get("min", 1))
        elif kind == "datetime" and rules.get("required"):
            yield one["key"], "2026-04-01"
        elif kind in ("textfield", "textarea") and rules.get("required") and one["key"] not in DECLARATION:
            yield one["key"], f"云建许字〔2026〕第{next(NUMBERS):03d}号"


@pytest.fixture(scope="module")
def centre(city: str) -> Iterator[Centre]:
    centre = Centre(city)
    yield centre
    centre.close()


@pytest.mark.slow
def test_the_chain_runs_by_its_people_and_a_late_department_is_taken_over(centre: Centre) -> None:
    clerk = centre.people["wangfang"]
    made = clerk.post(
        "//api/v1/cases",
        {"process": "chain_JS_35", "title": "年产2亿只金属罐项目", "businessKey": "2603-1", "answers": DECLARATION},
        201,
    )
    case = made["id"]
    did: list[tuple[str, str, str]] = []

    def work(left_alone: str | None) -> None:
        for _ in range(120):
            todo = [
                task
                for task in centre.open(case)
                if task["process"] != left_alone or task["taskDefinitionKey"] == "Task_Accept"
            ]
            if not todo:
                return
            did.append((todo[0]["process"], todo[0]["taskDefinitionKey"], centre.do(todo[0])))
        raise AssertionError(did[-20:])

    work("item_103_XK_002")
    [late] = centre.open(case)
    assert late["assignee"] == "103-a"
    assert late["due"]
    centre.people["engine"].put("//api/v1/demo/clock", {"now": late["due"][:-5] + "+08:00"}, 200)
    centre.people["engine"].put("//api/v1/demo/clock", {"advance": "PT1M"}, 200)
    [taken] = [
        one for one in centre.open(case) if one["process"] != "chain_SK_check"
    ]  # the tax office has not answered
    assert (taken["id"], taken["assignee"]) == (late["id"], "103-rep")
    assert [one["id"] for one in centre.people["103-rep"].get("/task?assignee=103-rep")] == [late["id"]]
    assert centre.people["103-a"].call("POST", f"/task/{late['id']}/complete", {}).status_code == 403
    shown = centre.people["103-rep"].get(f"//api/v1/tasks/{late['id']}")
    assert shown["escalatedAt"]
    journal = centre.overseer.get(f"//api/v1/cases/{case}/journal?size=200")["items"]
    assert "task:escalated" in [one["action"] for one in journal]
    tree = centre.overseer.get(f"/process-instance/{case}/activity-instances")
    assert tree["childActivityInstances"]
    assert centre.do(taken) == "103-rep"
    work(None)
    centre.people["engine"].put(
        "//api/v1/demo/clock", {"advance": "PT1M"}, 200
    )  # joint supervision is begun by the worker
    past = centre.overseer.history(case)
    assert past["state"] == "COMPLETED"
    activities = centre.overseer.activities(case)
    chain = [one["activityId"] for one in activities if one["processDefinitionKey"] == "chain_JS_35"]
    joins = [name for name in chain if "Join" in name or "join" in name]
    assert joins and all(joins.count(name) == 1 for name in joins), joins
    issuers = {who for process, element, who in did if "Issue" in element}
    assert issuers == {"wuqian"}
    reviewers = {who for process, element, who in did if element == "Task_Review"}
    assert {"101-a", "102-a", "104-a"} <= reviewers
    assert centre.overseer.get(f"/incident/count?processInstanceId={case}") == {"count": 0}
    values = centre.overseer.past_values(case)
    assert {name: value for name, value in values.items() if name.endswith("_decision")}


def test_the_chain_refuses_a_declaration_that_is_not_complete(centre: Centre) -> None:
    clerk = centre.people["wangfang"]
    answer = clerk.call("POST", "//api/v1/cases", {"process": "chain_JS_35", "answers": DECLARATION | {"phone": "12"}})
    assert answer.status_code == 400
    assert {one["field"] for one in answer.json()["fields"]} == {"phone"}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_everything_shipped_is_deployed_once(centre: Centre) -> None:
    versions = centre.people["engine"].get("/process-definition?latestVersion=true")
    assert {"chain_JS_35", "item_103_XK_002", "item_104_XK_001"} <= {one["key"] for one in versions}
    assert {one["version"] for one in versions} == {1}
