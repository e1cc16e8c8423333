"""Clocks of a case for programs: the proof of every day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from service.casework.proof_sheets import ProofSheet, SheetClock, print_proof, proof_sheet
from service.rules.clocks import Extension, Suspension
from service.rules.explaining import DayLine
from service.rules.pauses import name_of
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.downloads import PDF, pdf
from service.web.instants import iso_instant

ISSUER = "政务服务中心"


@door.get("/cases/<text>/time-proof")
def get_time_proof(text: str) -> Response:
    """Every day from receipt to delivery; JSON, or the PDF for who asks for it."""
    only_parameters("scope")
    sheet = proof_sheet(this_office(), who(), case_id(text), scope=_scope())
    if request.accept_mimetypes.best_match(("application/json", PDF)) == PDF:
        issuer = f"云溪市{ISSUER}" if this_office().settings.demo else ISSUER
        return pdf(print_proof(sheet, issuer), "时限证明单", sheet.case.business_key)
    return answer(_sheet(sheet))


def _scope() -> UUID | None:
    text = parameter("scope")
    return None if text is None else identify(text, "ITEM_NOT_FOUND", "办件中没有编号为 {id} 的事项。")


def _sheet(sheet: ProofSheet) -> dict[str, Any]:
    return {
        "caseId": str(sheet.case.id),
        "scope": str(sheet.scope) if sheet.scope else None,
        "businessKey": sheet.case.business_key,
        "subject": sheet.subject,
        "receivedAt": iso_instant(sheet.received_at),
        "deliveredAt": iso_instant(sheet.delivered_at),
        "madeAt": iso_instant(sheet.made_at),
        "elapsedDays": sheet.elapsed,
        "shares": {holder.value: days for holder, days in sheet.shares.items()},
        "binding": str(sheet.binding.id) if sheet.binding else None,
        "clocks": [_proven(one) for one in sheet.clocks],
        "pauses": [pause_shown(one.pause) for one in sheet.pauses],
        "marks": [{"mark": one.mark, "at": iso_instant(one.at), "on": one.on.isoformat()} for one in sheet.marks],
        "holdings": [
            {
                "task": one.task,
                "process": one.process,
                "department": one.department,
                "user": one.username,
                "since": iso_instant(one.since),
                "until": iso_instant(one.until),
                "outcome": one.outcome,
            }
            for one in sheet.holdings
        ],
        "items": [
            {"scope": str(one.scope), "name": one.name, "light": one.light.upper(), "dueAt": iso_instant(one.due)}
            for one in sheet.items
        ],
    }


def _proven(one: SheetClock) -> dict[str, Any]:
    said, clock = one.proven.reading, one.proven.clock
    return {
        "id": str(one.id),
        "kind": one.kind.value,
        "name": one.name,
        "department": one.department,
        "basis": one.basis,
        "unit": clock.unit.value,
        "total": said.total,
        "used": one.proven.used,
        "remaining": said.remaining,
        "light": said.light.upper(),
        "inTime": one.proven.in_time,
        "binds": one.binds,
        "startedAt": iso_instant(clock.started),
        "dueAt": None if said.open_ended and clock.stopped_at is None else iso_instant(said.due.at),
        "provisional": said.provisional and clock.stopped_at is None,
        "stoppedAt": iso_instant(clock.stopped_at),
        "extensions": [extension_shown(extension) for extension in clock.extensions],
        "days": [_day(line) for line in one.proven.past],
    }


def _day(line: DayLine) -> dict[str, Any]:
    used = round(line.units + line.over, 4)
    return {"day": line.day.isoformat(), "used": used, "rule": line.rule.value, "text": line.sentence.words()}


def pause_shown(pause: Suspension) -> dict[str, Any]:
    """A pause for programs: the days x with after < x ≤ through are not counted."""
    return {
        "kind": pause.kind,
        "name": name_of(pause.kind).words(),
        "after": pause.after.isoformat(),
        "through": pause.through.isoformat() if pause.through else None,
        "beganAt": iso_instant(pause.began_at),
        "endedAt": iso_instant(pause.ended_at),
        "basis": pause.basis,
        "approvedBy": pause.approved_by,
        "notice": pause.notice,
        "expectedDays": pause.expected_days,
    }


def extension_shown(extension: Extension) -> dict[str, Any]:
    """Added time for programs."""
    return {
        "amount": extension.amount,
        "approvedOn": extension.approved_on.isoformat() if extension.approved_on else None,
        "approvedBy": extension.approved_by,
        "notice": extension.notice,
        "basis": extension.basis,
    }
