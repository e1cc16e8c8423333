"""Decision definitions: lists, files, deciding without a process."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.casework.decisions import DecisionVersion, decision_file, decision_version, evaluate, list_decisions
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, counted
from service.web.engine_rest.door import door, identify, this_office, who
from service.web.engine_rest.variables import read_variables, variable

TYPES = ((bool, "Boolean"), (int, "Integer"), (float, "Double"), (str, "String"), (dict | list, "Json"))


def described(one: DecisionVersion) -> dict[str, Any]:
    """One version as Camunda writes it."""
    return {
        "id": str(one.id),
        "key": one.key,
        "category": None,
        "name": one.name,
        "version": one.version,
        "resource": one.resource,
        "deploymentId": str(one.deployment_id),
        "tenantId": None,
        "decisionRequirementsDefinitionId": None,
        "decisionRequirementsDefinitionKey": None,
        "historyTimeToLive": None,
        "versionTag": one.version_tag,
    }


def asked_for() -> tuple[DecisionVersion, ...]:
    """The versions a list asks for."""
    latest = request.args.get("latestVersion") == "true"
    found = list_decisions(this_office(), who(), key=request.args.get("key"), latest=latest)
    deployment, version, name = (request.args.get(one) for one in ("deploymentId", "version", "name"))
    return tuple(
        one
        for one in found
        if deployment in (None, str(one.deployment_id)) and version in (None, str(one.version))
        and name in (None, one.name)
    )  # fmt: skip


def by_id(text: str) -> DecisionVersion:
    """The version with this id."""
    id = identify(text, "DECISION_NOT_FOUND", "没有编号为 {id} 的决策。")
    return decision_version(this_office(), who(), id=id)


def by_key(key: str) -> DecisionVersion:
    """The newest version of a decision."""
    return decision_version(this_office(), who(), key=key)


@door.get("/decision-definition")
def decisions() -> Response:
    first, most = request.args.get("firstResult", 0, type=int), request.args.get("maxResults", 1000, type=int)
    return answer([described(one) for one in asked_for()[max(first, 0) :][: max(most, 0)]])


@door.get("/decision-definition/count")
def count_decisions() -> Response:
    return counted(len(asked_for()))


@door.get("/decision-definition/<text>")
def get_decision(text: str) -> Response:
    return answer(described(by_id(text)))


@door.get("/decision-definition/key/<key>")
def get_decision_by_key(key: str) -> Response:
    return answer(described(by_key(key)))


@door.get("/decision-definition/<text>/xml")
def decision_xml(text: str) -> Response:
    return _xml(by_id(text))


@door.get("/decision-definition/key/<key>/xml")
def decision_xml_by_key(key: str) -> Response:
    return _xml(by_key(key))


@door.post("/decision-definition/<text>/evaluate")
def evaluate_decision(text: str) -> Response:
    return _evaluated(by_id(text))


@door.post("/decision-definition/key/<key>/evaluate")
def evaluate_decision_by_key(key: str) -> Response:
    return _evaluated(by_key(key))


def _xml(one: DecisionVersion) -> Response:
    content = decision_file(this_office(), who(), one)
    return answer({"id": str(one.id), "dmnXml": content.decode("utf-8", "replace")})


def _evaluated(one: DecisionVersion) -> Response:
    given = read_variables(read_body())
    verdict = evaluate(this_office(), who(), one, given.values)
    return answer([{name: _typed(value) for name, value in row.items()} for row in verdict.rows])


def _typed(value: Any) -> dict[str, Any]:
    kind = next((name for type, name in TYPES if isinstance(value, type)), "Null" if value is None else "Date")
    return variable(kind, value)
