"""延期 (SP-07): what the head of the agency has decided, carried out on the limits of the case; asked for in `clocks/extending.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.acts.request import Request
from service.casework.clocks.extending import check_decision, require_other, settle_extension
from service.casework.clocks.pausing import no_clock
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.office import Office
from service.casework.projection import clocks_of, settle, take_up
from service.casework.support_cases import Desk, doer_of, require_served, subject_id
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.rules.vocabulary import JournalAction
from service.store.records import Records

NOTICE = "延期告知书（系统出具）"
DESK = "Task_Decide"
REFUSED = "不同意延期"


def extension(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """登记延期决定. Decided elsewhere it stays as it is; what can no longer be granted lapses, and says why."""
    proceeding = records.proceedings.find(subject_id(request.values, "proceeding"))
    if proceeding is None or proceeding.state != "OPEN":
        state = "LAPSED" if proceeding is None else proceeding.state
        return {"extended": state == "GRANTED", "extension_state": state}
    origin, actor = require_served(records, file), doer_of(records, file, DESK)
    grant, reason = request.values.get("decision") == "agree", _answer(request.values) or REFUSED
    try:
        require_running(origin.row)
        running = take_up(office, records, origin)
        if running.move is None:
            raise no_clock()
        settle_extension(running.move, actor, proceeding, grant=grant, notice=NOTICE if grant else "", reason=reason)
    except (Conflict, Forbidden, Invalid) as refusal:  # refused before anything has moved
        why = refusal.sentence()
        closing = {"state": "CLOSED", "closed_at": records.now, "closed_by": actor.username}
        records.proceedings.change(proceeding.id, {**closing, "detail": {**proceeding.detail, "answer": why}})
        detail = {"proceeding": str(proceeding.id), "kind": proceeding.kind, "state": "LAPSED", "reason": why}
        write(records, origin, JournalAction.PROCEEDING_CLOSED, actor, detail=detail)
        put_back(records, origin)
        return {"extended": False, "extension_state": "LAPSED", "extension_problem": why}
    settle(records, running)
    return {"extended": grant, "extension_state": "GRANTED" if grant else "REFUSED"}


def check_extension(office: Office, records: Records, desk: Desk) -> None:
    """Another person than who asked (S-14); granted in the right office and in time. Refusing is always possible.

    Refused: Forbidden EXTENSION_SAME_PERSON, EXTENSION_NOT_GRANTED; Conflict CASE_ENDED, CASE_SUSPENDED, CLOCK_NOT_RUNNING,
    EXTENSION_ONCE, EXTENSION_LATE; nothing when it was decided elsewhere.
    """
    proceeding = records.proceedings.find(subject_id(desk.values, "proceeding"))
    if proceeding is None or proceeding.state != "OPEN":
        return
    require_other(records, desk.actor, proceeding)
    if desk.said.get("decision") != "agree":
        return
    origin = require_served(records, desk.file)
    require_running(origin.row)
    program = office.programs.for_binding(records, origin.row.binding_id, origin.row.key)
    move = clocks_of(records, origin, program)
    if move is None:
        raise no_clock()
    check_decision(move, desk.actor, proceeding, grant=True, notice=NOTICE, reason="")


def _answer(values: Mapping[str, Any]) -> str:
    said = values.get(DESK)
    return str(said.get("answer") or "").strip() if isinstance(said, dict) else ""
