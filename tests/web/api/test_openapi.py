"""The description of `/api/v1`: valid and complete; what is answered: `tests/web/contract`."""

from __future__ import annotations

import re

from flask import Flask
from jsonschema_rs import Draft202012Validator

from service.web.api.openapi import document
from service.web.api.schemas import SCHEMAS
from tests.web.rest import Client


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
