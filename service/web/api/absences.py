"""Absences and held silence for programs: who is away, and where supervision keeps silence from counting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import AbsenceView, end_absence, hold_tacit, record_absence
from service.rules.absences import AbsenceKind
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant

KINDS = tuple(AbsenceKind)


@door.post("/absences")
def record() -> Response:
    """Somebody is away: from now on (SUDDEN), or from `since` until `until`."""
    only_parameters()
    body = read_body()
    body.only("username", "kind", "since", "until", "reason", "standIn")
    kind = body.needed_text("kind", longest=12)
    if kind not in KINDS:
        raise field_refused("kind", f" {'、'.join(KINDS)} 之一")
    noted = record_absence(
        this_office(),
        who(),
        body.needed_text("username", longest=60),
        kind=AbsenceKind(kind),
        since=body.instant("since"),
        until=body.instant("until"),
        reason=body.text("reason", longest=200) or "",
        stand_in=body.text("standIn", longest=60),
    )
    return answer(_shown(noted), 201)


@door.post("/absences/<text>/end")
def end(text: str) -> Response:
    """Back, or not going after all."""
    only_parameters()
    read_body().only()
    found = identify(text, "ABSENCE_NOT_FOUND", "没有编号为 {id} 的离岗登记。")
    return answer(_shown(end_absence(this_office(), who(), found)))


@door.post("/cases/<text>/tacit-holds")
def hold(text: str) -> Response:
    """Supervision keeps silence from counting, once and for three working days."""
    only_parameters()
    body = read_body()
    body.only("scope", "reason")
    reason = body.needed_text("reason", longest=500)
    until = hold_tacit(this_office(), who(), case_id(text), scope=_scope(body.text("scope", longest=60)), reason=reason)
    return answer({"until": until.isoformat()}, 201)


def _scope(text: str | None) -> UUID | None:
    return None if text is None else identify(text, "ITEM_NOT_FOUND", "办件中没有编号为 {id} 的事项。")


def _shown(view: AbsenceView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "username": view.username,
        "since": iso_instant(view.since),
        "until": iso_instant(view.until),
        "kind": view.kind,
        "reason": view.reason,
        "standIn": view.stand_in,
        "recordedBy": view.recorded_by,
        "recordedAt": iso_instant(view.recorded_at),
        "state": view.state,
    }
