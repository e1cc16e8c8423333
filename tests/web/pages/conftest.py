"""A demo centre with a small two-department procedure, and a browser without a screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.casework import Office, find_actor, start_case
from service.web.app import create_app
from tests.conftest import deploy_bpmn

HERE = Path(__file__).parent
PASSWORD = "Yunxi-2026!"
FORMS = {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.form")}


class Visitor:
    """Somebody before a browser: keeps cookies, sends the token of the page with every form."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page, remember its token."""
        return self._seen(self.client.get(path, **more))

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with the token of the last page."""
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **(form or {})}, **more))

    def sign_in(self, username: str, password: str = PASSWORD) -> Visitor:
        """Through the sign-in page."""
        self.get("/login")
        answer = self.post("/login", {"username": username, "password": password})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.get("/inbox")
        return self

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (
            found := re.search(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))
        ):
            self.token = found[1]
        return answer


def text(answer: TestResponse) -> str:
    """The page without its tags, blanks joined."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.S)
    return re.sub(r"\s+", " ", body)


@pytest.fixture
def centre(demo_office: Office) -> Office:
    """The demo city with the two-department procedure deployed."""
    deploy_bpmn(demo_office, HERE / "two_departments.bpmn", forms=FORMS)
    return demo_office


@pytest.fixture
def site(centre: Office) -> Flask:
    """The web application over it."""
    return create_app(centre)


@pytest.fixture
def visitor(site: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(site)


@pytest.fixture
def clerk(site: Flask) -> Visitor:
    """王芳 at window 12."""
    return Visitor(site).sign_in("wangfang")


def begin(office: Office, number: int = 1, *, title: str | None = None) -> UUID:
    """A case of the two-department procedure, taken in by 王芳."""
    actor = find_actor(office, "wangfang")
    assert actor is not None
    case = start_case(
        office,
        actor,
        key="two_departments",
        business_key=f"TWO-{number:04}",
        title=title or f"示例公司{number}-两部门联办",
        variables={"project": f"项目{number}", "area": 12},
    )
    return case.id
