"""The description of `/api/v1`: valid, complete, and true under random requests."""

from __future__ import annotations

import re

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.casework import Office
from service.web.api.openapi import document
from service.web.api.schemas import SCHEMAS
from service.web.app import create_app
from tests.web.rest import LINEAR, Client, diagram, hire

EXAMPLES = 10
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def test_every_route_is_described_and_every_description_is_a_route(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?\w+>", "{}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and rule.endpoint != "api.openapi"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (re.sub(r"{\w+}", "{}", path), method)
        for path, operations in document()["paths"].items()
        for method in operations
    }
    assert routes == described


def test_the_description_is_open_to_everybody(app: Flask) -> None:
    answer = Client(app, "/api/v1", None).get("/openapi.json")
    assert (answer.status_code, answer.json["openapi"]) == (200, "3.1.0")


def test_every_schema_is_a_schema_and_every_reference_leads_somewhere() -> None:
    for name, schema in SCHEMAS.items():
        Draft202012Validator({**schema, "components": {"schemas": SCHEMAS}})
        assert re.fullmatch(r"[A-Z]\w+", name)
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document())))
    assert names <= set(SCHEMAS)
    identifiers = [one["operationId"] for path in document()["paths"].values() for one in path.values()]
    assert len(identifiers) == len(set(identifiers))


@pytest.fixture
def described(office: Office) -> schemathesis.schemas.BaseSchema:
    """The description as random requests use it, over an office with some work in it."""
    hire(office, "engine", ["service"])
    app = create_app(office)
    api = Client(app, "/api/v1", "engine")
    api.post("/processes", {"files": [{"name": "p.bpmn", "content": diagram(LINEAR).decode()}]})
    api.post("/cases", {"process": "p"})
    loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    loaded.config.update(headers=api.headers)
    return loaded


@pytest.mark.filterwarnings("ignore")
def test_random_requests_are_answered_as_described(described: schemathesis.schemas.BaseSchema) -> None:
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def answered(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        answered()
        tried += 1
    assert tried == sum(len(operations) for operations in document()["paths"].values())
