"""The description of `/engine-rest`: every route stands in it, it is valid, and answers are what it says."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator

from service.web.engine_rest.described import DESCRIBED
from service.web.engine_rest.openapi_schemas import schemas
from tests.web.rest import EXTERNAL, LINEAR, Client


@pytest.fixture
def document(rest: Client) -> dict:
    answer = rest.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json)


def test_every_route_is_described_and_every_description_is_a_route(app: Flask, document: dict) -> None:
    rules = [one for one in app.url_map.iter_rules() if one.endpoint.startswith("engine_rest.")]
    assert {one.endpoint.removeprefix("engine_rest.") for one in rules} == set(DESCRIBED)
    routes = {
        (re.sub(r"<[^>]+>", "{}", one.rule.removeprefix("/engine-rest")), method.lower())
        for one in rules
        for method in one.methods - {"HEAD", "OPTIONS"}
    }
    described = {(re.sub(r"{\w+}", "{}", path), how) for path, said in document["paths"].items() for how in said}
    assert routes == described and len(routes) > 150


def test_the_description_is_valid_and_every_reference_leads_somewhere(document: dict) -> None:
    assert document["openapi"] == "3.1.0"
    known = document["components"]["schemas"]
    for schema in known.values():
        Draft202012Validator({**schema, "components": {"schemas": known}})
    assert set(re.findall(r"#/components/schemas/(\w+)", str(document))) <= set(known)
    operations = [one for said in document["paths"].values() for one in said.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for path, said in document["paths"].items():
        for one in said.values():
            assert one["summary"] and one["responses"]
            in_path = {each["name"] for each in one["parameters"] if each["in"] == "path"}
            assert in_path == set(re.findall(r"{(\w+)}", path))


def test_filters_and_sorts_are_those_the_lists_heed(rest: Client, document: dict) -> None:
    said = {one["name"]: one["schema"] for one in document["paths"]["/task"]["get"]["parameters"]}
    assert {"assignee", "candidateGroup", "processInstanceId", "dueBefore", "firstResult", "sortBy"} <= set(said)
    for sort in said["sortBy"]["enum"]:
        assert rest.get(f"/task?sortBy={sort}&sortOrder=asc").status_code == 200, sort


def test_nobody_reads_it_without_credentials(app: Flask) -> None:
    assert Client(app, "/engine-rest", None).get("/openapi.json").status_code == 401


def test_answers_are_what_the_description_says(rest: Client, document: dict) -> None:
    rest.deploy(LINEAR)
    rest.deploy(EXTERNAL, "x")
    case = rest.start()
    rest.start("x")
    rest.lock()
    task = rest.only_task(case)["id"]
    rest.post(f"/task/{task}/comment/create", {"message": "收到"})
    for path, said in document["paths"].items():
        answered = said.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json")
        if answered is None or "{" in path or path == "/openapi.json":
            continue
        answer = rest.get(path)
        assert answer.status_code == 200, path
        validator = Draft202012Validator({**answered["schema"], "components": {"schemas": schemas()}})
        assert list(validator.iter_errors(answer.json)) == [], path
    for path in ("/task", "/process-instance", "/process-definition", "/deployment", "/external-task", "/history/task"):
        schema = document["components"]["schemas"][document["paths"][path]["get"]["responses"]["200"]["content"][
            "application/json"]["schema"]["items"]["$ref"].rpartition("/")[2]]  # fmt: skip
        [first, *_] = rest.get(path).json
        assert set(schema["properties"]) <= set(first), path


def test_a_completion_is_described_with_both_of_its_answers(document: dict) -> None:
    answers = next(
        one for path, one in document["paths"].items() if path.startswith("/task/{") and path.endswith("/complete")
    )["post"]["responses"]
    assert answers["200"]["content"]["application/json"]["schema"] and "content" not in answers["204"]
