"""Camunda Modeler's own buttons: its captured requests byte for byte, and what it is told where three persons agree (S-07)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.casework import Office
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.web.rest import LINEAR, Client, diagram, hire

BOUNDARY = "----formdata-undici-013297416351"
FIELDS = {"deployment-name": "linear", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}


def captured(content: bytes) -> bytes:
    """What the Deploy button sends: three fields, the diagram as text/xml, an attachment as octets."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in FIELDS.items()
    ]
    for name, kind, body in (("p.bpmn", "text/xml", content), ("notes.txt", "application/octet-stream", b"words")):
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + body + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--".encode()


def press_deploy(client: Client, content: bytes = diagram(LINEAR)) -> tuple[int, dict]:
    """The button."""
    answer = client.send(
        "POST",
        "/deployment/create",
        data=captured(content),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    return answer.status_code, answer.json


@pytest.fixture
def closed(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An installation as it is outside a demonstration: nothing is deployed past the release."""
    office = make_office(sqlite_url, tmp_path, clock, direct_deployment=None)
    yield office
    office.close()


def test_the_modeler_deploys_and_starts_with_its_own_buttons(office: Office) -> None:
    hire(office, "admin", ["system_admin"])
    hire(office, "engine", ["service"])
    app = create_app(office)
    admin, engine = Client(app, "/engine-rest", "admin"), Client(app, "/engine-rest", "engine")
    assert Client(app, "/engine-rest", None).get("/deployment?maxResults=0").status_code == 401
    assert admin.get("/deployment?maxResults=0").json == []
    assert admin.get("/version").json["version"].startswith("7.")
    well_known = app.test_client().get("/.well-known/camunda-automation-platform/webapps")
    assert set(well_known.json) == {"adminUrl", "cockpitUrl", "tasklistUrl"}
    status, body = press_deploy(admin)
    assert status == 200 and body["source"] == "Camunda Modeler"
    [definition] = body["deployedProcessDefinitions"].values()
    status, body = press_deploy(admin)
    assert status == 200 and not body["deployedProcessDefinitions"]
    started = engine.post(f"/process-definition/{definition['id']}/start", {"businessKey": "B", "variables": None})
    assert started.status_code == 200 and {"id", "definitionId", "businessKey", "links"} <= set(started.json)


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("service", "DIRECT_DEPLOYMENT_OFF"),
        ("system_admin", "DIRECT_DEPLOYMENT_OFF"),
        ("process_designer", "NOT_GRANTED"),
    ],
)
def test_the_modelers_own_deployment_is_refused_in_words_where_three_persons_agree(
    closed: Office, role: str, reason: str
) -> None:
    hire(closed, "somebody", [role])
    status, body = press_deploy(Client(create_app(closed), "/engine-rest", "somebody"))
    assert (status, body["reason"]) == (403, reason)
    assert "提交发布" in body["message"] and "系统管理员部署" in body["message"]
    with closed.reading() as records:
        assert records.deployments.newest() == {}


def test_a_designer_deploys_nothing_even_where_direct_deployment_is_on(office: Office) -> None:
    hire(office, "designer", ["process_designer"])
    status, body = press_deploy(Client(create_app(office), "/engine-rest", "designer"))
    assert (status, body["reason"]) == (403, "NOT_GRANTED")
