"""Incidents: what needs an administrator, trying again, closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import resolve_incident, retry_incident
from service.casework.listing import INCIDENTS, IncidentRow, one_row
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_page
from service.web.bodies import read_body
from service.web.instants import iso_instant

STATES = ("open", "closed", "all")
KINDS = ("failedJob", "failedExternalTask", "calendarMissing", "engineFailure")


def incident(row: IncidentRow) -> dict[str, Any]:
    """One incident for programs."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "caseId": str(row.case_id) if row.case_id else None,
        "process": row.definition_key,
        "element": row.element,
        "message": row.message,
        "openedAt": iso_instant(row.opened_at),
        "closedAt": iso_instant(row.closed_at),
    }


def _one(text: str) -> IncidentRow:
    found: UUID = identify(text, "INCIDENT_NOT_FOUND", "没有编号为 {id} 的故障。")
    missing = "没有编号为 {incident_id} 的故障。"
    return one_row(this_office(), who(), INCIDENTS, "INCIDENT_NOT_FOUND", missing, incident_id=found)


@door.get("/incidents")
def list_incidents() -> Response:
    """The incidents of the cases the actor may see, open ones unless told otherwise, the oldest first."""
    only_parameters("state", "kind", "case", "process")
    state, case_text = parameter("state", STATES) or "open", parameter("case")
    filters: dict[str, Any] = {
        "open": state == "open",
        "resolved": state == "closed",
        "incident_type": parameter("kind", KINDS),
        "process_instance_id": case_id(case_text) if case_text is not None else None,
        "process_definition_key": parameter("process"),
    }
    return serve_page(INCIDENTS, incident, {name: value for name, value in filters.items() if value is not None})


@door.get("/incidents/<text>")
def get_incident(text: str) -> Response:
    only_parameters()
    return answer(incident(_one(text)))


@door.post("/incidents/<text>/retry")
def retry(text: str) -> Response:
    """Tries again what failed: the token, the job or the external task. The answer says whether it is closed now."""
    read_body().only()
    row = _one(text)
    retry_incident(this_office(), who(), row.id)
    return answer(incident(_one(text)))


@door.post("/incidents/<text>/close")
def close(text: str) -> Response:
    """Closes it without trying again."""
    read_body().only()
    row = _one(text)
    resolve_incident(this_office(), who(), row.id)
    return answer(incident(_one(text)))
