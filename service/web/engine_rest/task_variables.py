"""Variables as a task sees them, and those only it has."""

from __future__ import annotations

from flask import Response, request

from service.casework import TypedValue, set_task_local, set_task_variables, task_variables
from service.rules.refusals import Missing
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, task_id, this_office, who
from service.web.engine_rest.variables import (
    read_value,
    read_variables,
    upload_refused,
    value_bytes,
    variable,
    variables,
)

ROOMS = {"variables": False, "localVariables": True}


def _stored(text: str, room: str) -> dict[str, TypedValue]:
    return task_variables(this_office(), who(), task_id(text), local=ROOMS[room])


def _one(text: str, room: str, name: str) -> TypedValue:
    stored = _stored(text, room).get(name)
    if stored is None:
        raise Missing("VARIABLE_NOT_FOUND", "没有名为 {name} 的变量。", name=name)
    return stored


@door.get("/task/<text>/<any(variables, localVariables):room>")
def task_variables_of(text: str, room: str) -> Response:
    return answer(variables(_stored(text, room)))


@door.get("/task/<text>/form-variables")
def task_form_variables(text: str) -> Response:
    """All variables, or the named ones."""
    stored = _stored(text, "variables")
    names = request.args.get("variableNames")
    wanted = names.split(",") if names else list(stored)
    return answer(variables({name: stored[name] for name in wanted if name in stored}))


@door.post("/task/<text>/<any(variables, localVariables):room>")
def modify_task_variables(text: str, room: str) -> Response:
    """Writes `modifications` and removes `deletions` in one transaction."""
    body = read_body()
    given = read_variables(body, "modifications")
    act = set_task_local if ROOMS[room] else set_task_variables
    act(this_office(), who(), task_id(text), given.values, given.types, body.texts("deletions") or [])
    return done()


@door.get("/task/<text>/<any(variables, localVariables):room>/<name>")
def task_variable(text: str, room: str, name: str) -> Response:
    stored = _one(text, room, name)
    return answer(variable(stored.type, stored.value))


@door.put("/task/<text>/<any(variables, localVariables):room>/<name>")
def put_task_variable(text: str, room: str, name: str) -> Response:
    kind, value = read_value(read_body())
    act = set_task_local if ROOMS[room] else set_task_variables
    act(this_office(), who(), task_id(text), {name: value}, {name: kind} if kind else {})
    return done()


@door.delete("/task/<text>/<any(variables, localVariables):room>/<name>")
def delete_task_variable(text: str, room: str, name: str) -> Response:
    act = set_task_local if ROOMS[room] else set_task_variables
    act(this_office(), who(), task_id(text), {}, {}, [name])
    return done()


@door.get("/task/<text>/<any(variables, localVariables):room>/<name>/data")
def task_variable_data(text: str, room: str, name: str) -> Response:
    return value_bytes(_one(text, room, name))


@door.post("/task/<text>/<any(variables, localVariables):room>/<name>/data")
def upload_task_variable(text: str, room: str, name: str) -> Response:
    _stored(text, room)
    raise upload_refused(name)
