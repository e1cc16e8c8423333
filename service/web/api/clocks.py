"""Clocks of a case for programs: what runs, pausing and extending, what goes on beside the path, the proof of every day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from service.casework.clocks.extending import ask_extension, decide_extension
from service.casework.clocks.outages import declare_outage
from service.casework.clocks.pausing import resume_clock, suspend_clock
from service.casework.clocks.proceedings import close_proceeding, open_proceeding
from service.casework.clocks.showing import ClockBook, ClockEntry, ProceedingView, case_clocks
from service.casework.proof_sheets import ProofSheet, SheetClock, print_proof, proof_sheet
from service.rules.clocks import Extension, Suspension
from service.rules.explaining import DayLine
from service.rules.pauses import name_of
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.bodies import Body, field_refused, read_body
from service.web.downloads import PDF, pdf
from service.web.instants import iso_instant

ISSUER = "政务服务中心"


@door.get("/cases/<text>/clocks")
def get_clocks(text: str) -> Response:
    """Every clock with what it says now, and what goes on beside the path."""
    only_parameters()
    return answer(_book(case_clocks(this_office(), who(), case_id(text))))


@door.post("/cases/<text>/suspensions")
def suspend(text: str) -> Response:
    """The clocks of an item stand still for a statutory reason."""
    only_parameters()
    body = read_body()
    body.only("kind", "scope", "notice", "expectedDays", "basis", "reason")
    book = suspend_clock(
        this_office(),
        who(),
        case_id(text),
        kind=body.needed_text("kind", longest=40),
        scope=_scope_of(body),
        notice=body.text("notice") or "",
        expected_days=body.whole("expectedDays", least=0, most=999),
        basis=body.text("basis", longest=500) or "",
        reason=body.text("reason", longest=500) or "",
    )
    return answer(_book(book), 201)


@door.post("/cases/<text>/suspensions/<kind>/end")
def end_suspension(text: str, kind: str) -> Response:
    """What was suspended by hand goes on."""
    only_parameters()
    body = read_body()
    body.only("scope", "document")
    scope, document = _scope_of(body), body.text("document") or ""
    return answer(_book(resume_clock(this_office(), who(), case_id(text), kind=kind, scope=scope, document=document)))


@door.post("/cases/<text>/extensions")
def ask(text: str) -> Response:
    """The department asks for more time."""
    only_parameters()
    body = read_body()
    body.only("scope", "amount", "reason")
    made = ask_extension(
        this_office(),
        who(),
        case_id(text),
        scope=_scope_of(body),
        amount=body.needed_whole("amount", least=1, most=999),
        reason=body.needed_text("reason", longest=500),
    )
    return answer(_proceeding(made), 201)


@door.put("/cases/<text>/extensions/<proceeding>")
def decide(text: str, proceeding: str) -> Response:
    """The right person grants or refuses it."""
    only_parameters()
    body = read_body()
    body.only("grant", "notice", "reason")
    if not isinstance(body.raw("grant"), bool):
        raise field_refused("grant", " true 或 false", "FIELD_REQUIRED")
    book = decide_extension(
        this_office(),
        who(),
        case_id(text),
        _proceeding_id(proceeding),
        grant=body.flag("grant"),
        notice=body.text("notice", longest=40) or "",
        reason=body.text("reason", longest=500) or "",
    )
    return answer(_book(book))


@door.get("/cases/<text>/proceedings")
def list_proceedings(text: str) -> Response:
    """What was asked for or goes on beside the path, the first first."""
    only_parameters()
    book = case_clocks(this_office(), who(), case_id(text))
    return answer({"items": [_proceeding(one) for one in book.proceedings]})


@door.post("/cases/<text>/proceedings")
def note_proceeding(text: str) -> Response:
    """An objection, a request for a hearing, an investigation: silence does not count while it is open."""
    only_parameters()
    body = read_body()
    body.only("kind", "scope", "document", "reason")
    made = open_proceeding(
        this_office(),
        who(),
        case_id(text),
        kind=body.needed_text("kind", longest=40),
        scope=_scope_of(body),
        document=body.text("document") or "",
        reason=body.text("reason", longest=500) or "",
    )
    return answer(_proceeding(made), 201)


@door.put("/cases/<text>/proceedings/<proceeding>")
def settle_proceeding(text: str, proceeding: str) -> Response:
    """It is over."""
    only_parameters()
    body = read_body()
    body.only("document", "reason")
    closed = close_proceeding(
        this_office(),
        who(),
        case_id(text),
        _proceeding_id(proceeding),
        document=body.text("document") or "",
        reason=body.text("reason", longest=500) or "",
    )
    return answer(_proceeding(closed))


@door.post("/outages")
def declare() -> Response:
    """The service was down: half-days of at least 60 minutes are not counted, for every clock that ran."""
    only_parameters()
    body = read_body()
    body.only("down", "up", "reason")
    down, up = body.instant("down"), body.instant("up")
    if down is None or up is None:
        raise field_refused("down" if down is None else "up", "必填的日期时间", "FIELD_REQUIRED")
    for name, instant in (("down", down), ("up", up)):
        if not 2 <= instant.year <= 9998:
            raise field_refused(name, "日期时间，例如 2026-03-16T09:00:00+08:00")
    moved = declare_outage(this_office(), who(), down, up, body.needed_text("reason", longest=500))
    shown = [
        {
            "caseId": str(one.case_id),
            "clockId": str(one.clock.id) if one.clock is not None else None,
            "wasDueAt": iso_instant(one.was),
            "dueAt": iso_instant(one.due),
        }
        for one in moved
    ]
    return answer({"moved": shown}, 201)


@door.get("/cases/<text>/time-proof")
def get_time_proof(text: str) -> Response:
    """Every day from receipt to delivery; JSON, or the PDF for who asks for it."""
    only_parameters("scope")
    sheet = proof_sheet(this_office(), who(), case_id(text), scope=_scope())
    if request.accept_mimetypes.best_match(("application/json", PDF)) == PDF:
        issuer = f"云溪市{ISSUER}" if this_office().settings.demo else ISSUER
        return pdf(print_proof(sheet, issuer), "时限证明单", sheet.case.business_key)
    return answer(_sheet(sheet))


def _scope_of(body: Body) -> UUID | None:
    text = body.text("scope", longest=60)
    return None if text is None else identify(text, "ITEM_NOT_FOUND", "办件中没有编号为 {id} 的事项。")


def _proceeding_id(text: str) -> UUID:
    return identify(text, "PROCEEDING_NOT_FOUND", "没有编号为 {id} 的申请。")


def _book(book: ClockBook) -> dict[str, Any]:
    scopes = dict.fromkeys(one.row.scope_id for one in book.entries)
    binding = {one.row.id for scope in scopes if (one := book.binding(scope)) is not None}
    return {
        "caseId": str(book.case_id),
        "now": iso_instant(book.now),
        "clocks": [_clock(one, binds=one.row.id in binding) for one in book.entries],
        "proceedings": [_proceeding(one) for one in book.proceedings],
    }


def _clock(one: ClockEntry, *, binds: bool) -> dict[str, Any]:
    row, said = one.row, one.reading
    return {
        "id": str(row.id),
        "scope": str(row.scope_id) if row.scope_id else None,
        "kind": row.kind,
        "name": row.name,
        "element": row.element,
        "department": row.department,
        "basis": row.basis,
        "unit": row.unit,
        "total": one.clock.total,
        "used": None if said is None else said.used,
        "remaining": None if said is None else said.remaining,
        "state": row.state,
        "light": row.light.upper(),
        "binds": binds,
        "startedAt": iso_instant(row.started_at),
        "warnAt": iso_instant(row.warn_at),
        "dueAt": iso_instant(row.due_at),
        "stoppedAt": iso_instant(row.stopped_at),
        "suspensions": [pause_shown(pause) for pause in one.clock.suspensions],
        "extensions": [extension_shown(extension) for extension in one.clock.extensions],
    }


def _proceeding(one: ProceedingView) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "scope": str(one.scope) if one.scope else None,
        "kind": one.kind,
        "state": one.state,
        "openedAt": iso_instant(one.opened_at),
        "openedBy": one.opened_by,
        "closedAt": iso_instant(one.closed_at),
        "closedBy": one.closed_by,
        "document": one.document,
        "detail": one.detail,
    }


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
