"""The act `message`: what a diagram asks to be told by `zw:sms`, or by a service task `zw:action="message"`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from service.casework.messages.codes import PICKUP, QUERY, access_code
from service.casework.messages.facts import SAID, Facts
from service.casework.messages.meetings import invited, sitting
from service.casework.messages.queueing import queue_message
from service.casework.messages.receivers import receivers_of
from service.rules.clocks import ClockKind
from service.rules.message_values import STAGES, day_said, left_said, until_said
from service.rules.messages import places, template
from service.rules.refusals import Invalid
from service.rules.vocabulary import JournalAction

if TYPE_CHECKING:
    from service.casework.acts.request import Request
    from service.casework.journalling import CaseFile
    from service.casework.office import Office
    from service.store.clocks import ClockRow
    from service.store.records import Records

STAGE_DONE, PICK_UP = "M12", "M15"
APPOINTMENT, SURVEYED = "M07", "M08"
ORDER = ("ACCEPT", "REVIEW", "APPROVE", "ISSUE")


def message(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """Queue the messages an element names, once for an asking. Refused: Invalid MESSAGE_NOT_NAMED, Missing MESSAGE_UNKNOWN.

    What the case cannot say is kept as a failed message, which administrators see; the case goes on.
    """
    codes = request.inputs.get("sms", "").split()
    if not codes:
        raise Invalid("MESSAGE_NOT_NAMED", "环节“{element}”没有写明消息模板（zw:sms）", element=request.element)
    for code in codes:
        template(code)
        if code == STAGE_DONE and not _moved_on(records, file, request):
            continue
        values = _values(office, records, file, request, code)
        for receiver in receivers_of(records, file, code, request.scope, invited(code, request.values)):
            queue_message(
                office,
                records,
                code=code,
                values=values,
                to=receiver,
                case_id=file.id,
                key=_event(file, request, code),
                scope=request.scope,
            )


def _event(file: CaseFile, request: Request, code: str) -> UUID:
    """A stage that is done again after it was given back is announced once."""
    if code == STAGE_DONE:
        return uuid5(request.scope or file.id, f"{code}/{request.inputs.get('stage', '')}")
    return uuid5(request.id, code)


def _moved_on(records: Records, file: CaseFile, request: Request) -> bool:
    """Whether the item stands at a later stage, or has been decided; not when it went into a procedure or back."""
    stage = request.inputs.get("stage", "")
    at = ORDER.index(stage) if stage in ORDER else len(ORDER)
    open_stages = [one.stage for one in records.tasks.open_of(file.id) if one.scope_id == request.scope]
    return all(one in ORDER and ORDER.index(one) > at for one in open_stages)


def _values(office: Office, records: Records, file: CaseFile, request: Request, code: str) -> Mapping[str, Any]:
    """What fills the places of a template: the case, its promise, its correction notice, its codes, what was given."""
    known = records.messages.variables([file.id], SAID)
    numbers = records.documents.acceptance_numbers([file.id])
    facts = Facts(case=file.row, scope=request.scope, process=request.process, known=known, numbers=numbers)
    values: dict[str, Any] = dict(facts.values(office, records))
    wanted = places(template(code).text)
    values |= {
        name: request.values[name]
        for name in wanted - values.keys()
        if isinstance(request.values.get(name), (str, int)) and not isinstance(request.values.get(name), bool)
    }
    if "complaint" in wanted:
        values["complaint"] = request.values.get("complaint_no")
    values |= sitting(code, request.values)
    values["stage"] = STAGES.get(request.inputs.get("stage", ""), request.name[:4])
    if "code" in wanted:
        values["code"] = access_code(office, records, file.id, request.scope, PICKUP if code == PICK_UP else QUERY)
    if "count" in wanted and "count" not in values:
        values["count"] = _gaps(records, file, request.scope)
    values |= _times(records, file, request.scope)
    if code == APPOINTMENT:
        values["day"] = _day(request.values.get("survey_on"))
    elif code == SURVEYED:
        values["conclusion"] = str(request.values.get("survey_conclusion") or "")
    return {name: value for name, value in values.items() if value not in (None, "")}


def _day(text: Any) -> str:
    """A day a form has asked for, as a message says it."""
    try:
        return day_said(date.fromisoformat(str(text)[:10]))
    except ValueError:
        return ""


def _times(records: Records, file: CaseFile, scope: UUID | None) -> dict[str, str]:
    """When the promise of an item ends."""
    rows = [
        one
        for one in records.clocks.of_case(file.id)
        if one.scope_id == scope and one.kind in (ClockKind.CASE, ClockKind.CHAIN)
    ]
    due = rows[-1].due_at or _promised(records, file, rows[-1]) if rows else None
    if due is None:
        return {}
    return {
        "day": day_said(due),
        "until": until_said(due),
        "left": left_said(records.calendar, records.now, due),
    }


def _promised(records: Records, file: CaseFile, row: ClockRow) -> datetime | None:
    """What was promised when the limit began, of one that a procedure has paused since."""
    for line in (*records.history.lines(file.id), *file.lines):
        detail = line.detail or {}
        if line.action == JournalAction.CLOCK_STARTED and detail.get("clock") == str(row.id) and detail.get("due"):
            return datetime.fromisoformat(detail["due"])
    return None


def _gaps(records: Records, file: CaseFile, scope: UUID | None) -> str | None:
    """How many things the open correction notice of an item asks for."""
    notices = [one for one in records.proceedings.of_case(file.id, "CORRECTION") if one.scope_id == scope]
    count = len(notices[-1].detail.get("gaps", ())) if notices else 0
    return str(min(count, 99)) if count else None
