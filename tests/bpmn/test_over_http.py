"""The suite over `/engine-rest`: one case per group, or all of them with LIANBAN_BPMN_HTTP=1."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest

from service.casework import Office
from service.web.app import create_app
from tests.bpmn.cases import Case, all_cases
from tests.bpmn.over_http import play_over_http
from tests.web.rest import Client, hire

PLAYABLE = [case for case in all_cases() if case.refused is None]
SAMPLE = list({case.group: case for case in PLAYABLE if case.group != "ad_hoc"}.values())


@pytest.mark.parametrize("case", PLAYABLE if os.environ.get("LIANBAN_BPMN_HTTP") else SAMPLE, ids=lambda case: case.id)
def test_a_case_goes_the_same_over_http(case: Case, office: Office) -> None:
    hire(office, "engine", ["service"])
    client = Client(create_app(office), "/engine-rest", "engine")

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        answer = client.send(method, path, body)
        return answer.status_code, answer.json if answer.is_json else answer.text

    def upload(files: dict[str, bytes]) -> tuple[int, Any]:
        parts = {name: (io.BytesIO(content), name, "text/xml") for name, content in files.items()}
        answer = client.send(
            "POST",
            "/deployment/create",
            data={"deployment-name": "suite", **parts},
            content_type="multipart/form-data",
        )
        return answer.status_code, answer.json

    assert play_over_http(case, send, upload)
