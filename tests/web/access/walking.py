"""Walks through every door as somebody: which answer a route gives, with nothing kept of what it did."""

from __future__ import annotations

import base64
import contextlib
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.store.wire import Wire
from tests.received.made import pdf
from tests.web.access.stage import PASSWORD

_ADDRESSES = itertools.count(1)
FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')


class Somebody:
    """One account before all doors: session and token for pages and `/api/v1`, Basic for `/engine-rest`; "": a stranger."""

    def __init__(self, app: Flask, username: str) -> None:
        self.username = username
        self.client: FlaskClient = app.test_client()
        # an address of one's own: how often one address may ask a public page is counted in the process
        self.client.environ_base["REMOTE_ADDR"] = f"10.0.{next(_ADDRESSES)}.1"
        page = self.client.get("/login").get_data(as_text=True)
        found = FIELD.search(page)
        assert found is not None
        self.token = found[1]
        if username and username != "engine":
            form = {"csrf_token": self.token, "username": username, "password": PASSWORD}
            answer = self.client.post("/login", data=form)
            assert answer.status_code == 302, (username, answer.get_data(as_text=True)[:2000])
            found = FIELD.search(self.client.get("/account/password").get_data(as_text=True))
            assert found is not None, username
            self.token = found[1]
        said = base64.b64encode(f"{username}:{PASSWORD}".encode()).decode()
        self.basic = {"Authorization": f"Basic {said}"} if username else {}

    def ask(self, method: str, path: str, body: Any = None, query: str = "") -> TestResponse:
        """One request. `body`: a form for pages, JSON for programs; None: the least there is."""
        more: dict[str, Any] = {"method": method, "headers": {}, "query_string": query}
        if path.startswith("/engine-rest") or (path.startswith("/api/") and self.username == "engine"):
            more["headers"] = dict(self.basic)
        elif method != "GET":
            more["headers"] = {"X-CSRFToken": self.token}
        if method != "GET":
            if path.startswith(("/engine-rest", "/api/")):
                more["json"] = {} if body is None else body
            else:
                more["data"] = dict(body or {})
        return self.client.open(path, **more)


def letter(answer: TestResponse, method: str, commits: int) -> str:
    """What an answer means for access.

    A: let in, and done. a: nothing was done, because of what was sent or how things stand. b: sent back to a page, nothing
    was done. S: sign in first. F: forbidden. N: as if there were none. X: a fault of ours.
    """
    status = answer.status_code
    if status == 401 or (status == 302 and answer.headers["Location"].partition("?")[0].endswith("/login")):
        return "S"
    if status >= 500 and answer.mimetype != "text/plain":
        return "X"
    if status == 302 and method == "POST" and not commits:
        return "b"
    return {403: "F", 404: "N"}.get(status, "A" if status < 400 else "a")


class Blank:
    """A page without anything on it."""

    name = "blank"

    @staticmethod
    def render(*_: Any, **__: Any) -> str:
        """Nothing."""
        return ""


@contextlib.contextmanager
def nothing_kept() -> Iterator[dict[str, int]]:
    """Every transaction is rolled back where it would commit, so that any request may come in any order; pages are decided
    on, not drawn. Counts what would have been committed."""
    counted = {"commits": 0}

    def give_up(self: Wire) -> None:
        self.flush()
        counted["commits"] += 1
        transaction = self.connection.get_transaction()
        assert transaction is not None
        transaction.rollback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "commit", give_up)
        patch.setattr("jinja2.environment.Environment.get_or_select_template", lambda *_, **__: Blank)
        patch.setattr("flask.app.Flask.update_template_context", lambda *_, **__: None)
        yield counted


@contextlib.contextmanager
def pressed() -> Iterator[None]:
    """Papers are all the same one: what they look like has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for room in ("papers", "official"):
            patch.setattr(f"service.documents.{room}.press", lambda *_, **__: pdf(1))
        yield
