"""Open incidents: what needs an administrator."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import resolve_incident
from service.casework.listing import INCIDENTS, IncidentRow, one_row
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, incident_id, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.instants import camunda_instant

OPEN = {"open": True}


def incident(row: IncidentRow) -> dict[str, Any]:
    """One incident as Camunda writes it."""
    return {
        "id": str(row.id),
        "processDefinitionId": str(row.definition_id) if row.definition_id else None,
        "processInstanceId": str(row.case_id) if row.case_id else None,
        "executionId": str(row.token_id or row.case_id) if row.token_id or row.case_id else None,
        "incidentTimestamp": camunda_instant(row.opened_at),
        "incidentType": row.kind,
        "activityId": row.element,
        "failedActivityId": row.element,
        "causeIncidentId": str(row.id),
        "rootCauseIncidentId": str(row.id),
        "configuration": str(row.token_id) if row.token_id else None,
        "incidentMessage": row.message,
        "tenantId": None,
        "jobDefinitionId": None,
        "annotation": None,
    }


@door.get("/incident")
def list_incidents() -> Response:
    return serve_list(INCIDENTS, incident, fixed=OPEN)


@door.get("/incident/count")
def count_incidents() -> Response:
    return serve_count(INCIDENTS, fixed=OPEN)


@door.get("/incident/<text>")
def get_incident(text: str) -> Response:
    found = incident_id(text)
    row = one_row(
        this_office(),
        who(),
        INCIDENTS,
        "INCIDENT_NOT_FOUND",
        "没有编号为 {incident_id} 的故障。",
        incident_id=found,
        open=True,
    )
    return answer(incident(row))


@door.delete("/incident/<text>")
def delete_incident(text: str) -> Response:
    """Closes it without trying again."""
    resolve_incident(this_office(), who(), incident_id(text))
    return done()
