"""The blueprint all `/api/v1` resources hang on, and who stands before it: a program or a signed-in page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, current_app, g, request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from service.casework import Actor, Office
from service.rules.refusals import Forbidden, Missing
from service.web.bodies import NOWHERE, as_identity
from service.web.credentials import browser_actor, program_actor, ready, refuse_other_sites
from service.web.once import heed_idempotency_keys

door = Blueprint("api", __name__, url_prefix="/api/v1")
OPEN = frozenset({"api.openapi", "api.preview_time_limit"})  # for everybody, signed in or not
DEMO = frozenset({"api.show_clock", "api.set_clock"})  # not there outside demo mode, whoever asks
CSRF_HEADER = "X-CSRFToken"


@door.before_request
def authenticate() -> None:
    """HTTP Basic, a token, or the session of our pages with its token in a header for everything that changes something."""
    if request.endpoint in OPEN:
        return
    if request.endpoint in DEMO and not this_office().settings.demo:
        raise Missing("NOT_FOUND", "没有这个地址。")
    refuse_other_sites()
    actor = browser_actor(this_office()) if request.authorization is None else None
    if actor is None:
        g.actor = program_actor(this_office())
        return
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        try:
            validate_csrf(request.headers.get(CSRF_HEADER))
        except ValidationError as error:
            raise Forbidden("CSRF_FAILED", "页面已过期，请刷新后再试。") from error
    g.actor = ready(actor)


heed_idempotency_keys(door)


def this_office() -> Office:
    """The office this application serves."""
    office: Office = current_app.extensions["office"]
    return office


def who() -> Actor:
    """Who asks."""
    actor: Actor = g.actor
    return actor


def answer(data: Any, status: int = 200, location: str | None = None) -> Response:
    """A JSON answer; `location`: address of what was made."""
    response = Response(orjson.dumps(data), status, content_type="application/json")
    if location is not None:
        response.headers["Location"] = location
    return response


def identify(text: str, code: str, sentence: str) -> UUID:
    """The id in an address; Missing when it cannot be one."""
    found = as_identity(text)
    if found == NOWHERE:
        raise Missing(code, sentence, id=text)
    return found


def case_id(text: str) -> UUID:
    """The id of a case."""
    return identify(text, "CASE_NOT_FOUND", "没有编号为 {id} 的办件。")


def task_id(text: str) -> UUID:
    """The id of a task."""
    return identify(text, "TASK_NOT_FOUND", "没有编号为 {id} 的任务。")


def process_id(text: str) -> UUID:
    """The id of a process definition."""
    return identify(text, "DEFINITION_NOT_FOUND", "没有编号为 {id} 的流程版本。")
