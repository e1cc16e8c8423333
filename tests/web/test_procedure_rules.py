"""Every door a diagram comes in by keeps the rules for procedures, and says them in the designer's language."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.casework import Office
from service.web.app import create_app
from tests.web.pages.conftest import Visitor
from tests.web.rest import Client, diagram, hire

TASK = '<userTask id="T" name="回访" camunda:formKey="f" zw:stage="CALLBACK" zw:role="supervisor"/>'
FLOW = f'<startEvent id="S"/>{TASK}<endEvent id="E"/><sequenceFlow id="A" sourceRef="S" targetRef="T"/><sequenceFlow id="B" sourceRef="T" targetRef="E"/>'
FORM = b'{"type": "default", "id": "f", "components": [{"type": "textfield", "key": "said", "label": "\xe6\x84\x8f\xe8\xa7\x81"}]}'
PLAIN = diagram(f'<process id="p" name="回访" isExecutable="true">{FLOW}</process>')
PROCEDURE = PLAIN.replace(b'isExecutable="true"', b'isExecutable="true" zw:kind="SUPPORT"')


@pytest.fixture
def app(office: Office) -> Flask:
    hire(office, "admin", ["system_admin"])
    return create_app(office)


def files(content: bytes) -> dict[str, Any]:
    return {"p.bpmn": (io.BytesIO(content), "p.bpmn"), "f.form": (io.BytesIO(FORM), "f.form")}


def by_modeler(app: Flask, content: bytes) -> TestResponse:
    return Client(app, "/engine-rest", "admin").upload({"p.bpmn": content, "f.form": FORM}, deployment_name="p")


def by_api(app: Flask, content: bytes) -> TestResponse:
    data = {"name": "p", "files": list(files(content).values())}
    client = Client(app, "/api/v1", "admin")
    return client.send("POST", "/processes", data=data, content_type="multipart/form-data")


def by_page(app: Flask, content: bytes) -> TestResponse:
    visitor = Visitor(app).sign_in("admin")
    visitor.get("/processes/upload")
    data = {"files": list(files(content).values())}
    return visitor.post("/processes/upload", data, content_type="multipart/form-data")


@pytest.mark.parametrize("door", [by_modeler, by_api, by_page])
def test_a_procedure_that_breaks_a_rule_comes_in_by_no_door(app: Flask, door: Any) -> None:
    refused = door(app, PROCEDURE)
    assert refused.status_code in (400, 422)
    said = json.dumps(refused.json, ensure_ascii=False) if refused.is_json else refused.get_data(as_text=True)
    assert "BV-03" in said and "人工环节没有时限" in said
    assert door(app, PLAIN).status_code in (200, 201), "without zw:kind the rules of the engine are all"
