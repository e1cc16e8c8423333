"""Absences: who is away, noting that somebody leaves, and that they are back."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import end_absence, record_absence
from service.casework.listing import ABSENCES, AbsenceListRow, one_row
from service.rules.absences import AbsenceKind
from service.web.api.door import answer, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_page
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant

STATES = ("current", "away", "planned", "all")
KINDS = tuple(AbsenceKind)
FILTERS = {"current": {"current": True}, "away": {"away": True}, "planned": {"planned": True}, "all": {}}
MISSING = "没有编号为 {absence_id} 的离岗记录。"


def absence(row: AbsenceListRow) -> dict[str, Any]:
    """One absence for programs."""
    return {
        "id": str(row.id),
        "person": row.username,
        "name": row.name,
        "department": row.department,
        "since": iso_instant(row.since),
        "until": iso_instant(row.until),
        "kind": row.kind,
        "reason": row.reason,
        "standIn": row.stand_in,
        "recordedBy": row.recorded_by,
        "recordedAt": iso_instant(row.recorded_at),
        "withdrawnAt": iso_instant(row.withdrawn_at),
    }


def _one(text: str) -> AbsenceListRow:
    found = identify(text, "ABSENCE_NOT_FOUND", "没有编号为 {id} 的离岗记录。")
    return one_row(this_office(), who(), ABSENCES, "ABSENCE_NOT_FOUND", MISSING, absence_id=found)


@door.get("/absences")
def list_absences() -> Response:
    """One's own, one's department's, everybody's for who oversees the centre; `current` ones unless told otherwise."""
    only_parameters("state", "person", "department")
    filters: dict[str, Any] = {"username": parameter("person"), "department": parameter("department")}
    chosen = {name: value for name, value in filters.items() if value is not None}
    return serve_page(ABSENCES, absence, {**chosen, **FILTERS[parameter("state", STATES) or "current"]})


@door.post("/absences")
def record() -> Response:
    """`SUDDEN` begins now; the other kinds have `since` and `until`. Without `person`: oneself."""
    only_parameters()
    body = read_body()
    body.only("person", "kind", "since", "until", "reason", "standIn")
    kind = body.needed_text("kind")
    if kind not in KINDS:
        raise field_refused("kind", f" {'、'.join(KINDS)} 之一")
    since = body.instant("since")
    if since is None and kind != AbsenceKind.SUDDEN:
        raise field_refused("since", "必填的日期时间", "FIELD_REQUIRED")
    made = record_absence(
        this_office(),
        who(),
        body.text("person", longest=60) or who().username,
        kind=AbsenceKind(kind),
        since=since,
        until=body.instant("until"),
        reason=body.text("reason", longest=200) or "",
        stand_in=body.text("standIn", longest=60),
    )
    return answer(absence(_one(str(made.id))), 201, f"/api/v1/absences/{made.id}")


@door.get("/absences/<text>")
def get_absence(text: str) -> Response:
    only_parameters()
    return answer(absence(_one(text)))


@door.post("/absences/<text>/end")
def end(text: str) -> Response:
    """Back early; one that has not begun yet is withdrawn."""
    read_body().only()
    row = _one(text)
    end_absence(this_office(), who(), row.id)
    return answer(absence(_one(text)))
