"""重新启动: a case that was withdrawn or returned by mistake goes on, on the very day and before anything was served.

Only by the 首席代表 of the department, with a reason, told to supervision with a hint. The letters of the ending are made void, its
clocks go on as if they had not stopped, and the last open desk of the own process begins again for who had it. What was decided is never reopened (行政许可法 art. 69: it is revoked).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.asking import request_of
from service.casework.clockwork.book import STOPPED, day_of
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.posts import CHIEF
from service.casework.projection import Running, clocks_of, settle
from service.casework.reading import get_case
from service.casework.returning.guards import read_reason, require_seen
from service.casework.returning.previews import EndPreview, mark_of
from service.casework.rights import require_seer
from service.casework.supervising import About, raise_card
from service.casework.views import CaseView
from service.casework.working_days import WhenCounted
from service.engine import Run, Spot
from service.rules.cards import Violation
from service.rules.clocks import ClockKind
from service.rules.deliveries import DeliveryState
from service.rules.refusals import Conflict, Forbidden, Missing
from service.rules.vocabulary import AgendaKind, CaseState, JournalAction, Mark
from service.store.records import Records
from service.store.tasks import TaskRow
from service.store.variables import VariableRow

MISTAKEN = frozenset({Mark.WITHDRAWN, Mark.RETURNED})
DECIDED = frozenset({Mark.DECIDED_YES, Mark.DECIDED_NO, Mark.READY, Mark.DELIVERED})
VOID = "办件重新启动，原文书作废"


def reopen_case(office: Office, actor: Actor, case_id: UUID, *, reason: str, seen: str | None = None) -> CaseView:
    """Let a case that was withdrawn or returned by mistake go on.

    Refused: Missing CASE_NOT_FOUND; Forbidden REOPEN_FORBIDDEN; Invalid REASON_MISSING, REASON_TOO_LONG; Conflict REOPEN_RUNNING,
    REOPEN_NOT_MISTAKEN, REOPEN_LATE, MOVE_CHANGED, REOPEN_SERVED, REOPEN_BRANCHES, REOPEN_CALLED.
    """
    said = read_reason(reason)

    def act() -> None:
        with office.transaction() as records:
            row = records.cases.lock(case_id)
            file = CaseFile(require_seer(records, actor, row))
            desk = _desk(records, actor, file)
            require_seen(mark_of(file.row.version, ()), seen)
            _withdraw_papers(records, file, actor)
            running = _begun(office, records, file, desk)
            ended = file.row.ended_at
            detail = {
                "reason": said,
                "to": desk.element,
                "to_name": desk.name,
                "ended": str(ended and ended.isoformat()),
            }
            write(records, file, JournalAction.CASE_REOPENED, actor, element=desk.element, detail=detail)
            _revive(running, file)
            raise_card(
                records,
                file,
                Violation.REOPENED,
                to=actor.username,
                department=desk.department or actor.department,
                at=records.now,
                about=About(element=desk.element),
            )
            file.change(state=CaseState.ACTIVE.value, ended_at=None, end_element=None, reason=None)
            settle(records, running, doer=actor)

    office.attempt(act)
    return get_case(office, actor, case_id)


def reopen_preview(office: Office, actor: Actor, case_id: UUID) -> EndPreview:
    """The desk a case would go on at. Refused: as `reopen_case`, but for the reason."""

    def look() -> EndPreview:
        with office.reading() as records:
            file = CaseFile(require_seer(records, actor, records.cases.find(case_id)))
            desk = _desk(records, actor, file)
            mark = mark_of(file.row.version, ())
            return EndPreview(case=case_id, title=file.row.title or "", tasks=(desk.name,), mark=mark)

    return office.attempt(look)


def may_reopen(office: Office, actor: Actor, case_id: UUID) -> bool:
    """Whether the page of a case may offer it."""
    if not actor.has(CHIEF):
        return False
    try:
        reopen_preview(office, actor, case_id)
    except (Conflict, Forbidden, Missing):
        return False
    return True


def _desk(records: Records, actor: Actor, file: CaseFile) -> TaskRow:
    """The last desk of the case, when everything allows it to go on there."""
    row, lines = file.row, records.history.lines(file.id)
    departments = {one.department for one in records.clocks.of_case(file.id) if one.department}
    tasks = records.tasks.of_case(file.id)
    departments |= {one.department for one in tasks if one.department}
    if not actor.has(CHIEF) or actor.department not in departments:
        raise Forbidden("REOPEN_FORBIDDEN", "只有承办部门的首席代表可以重新启动误退、误撤的办件")
    if row.ended_at is None:
        raise Conflict("REOPEN_RUNNING", "办件正在办理，不需要重新启动")
    marks = {(one.detail or {}).get("mark") for one in lines if one.action == JournalAction.ITEM_REACHED}
    again = max((one.line for one in lines if one.action == JournalAction.CASE_REOPENED), default=0)
    last = {
        (one.detail or {}).get("mark") for one in lines if one.action == JournalAction.ITEM_REACHED and one.line > again
    }
    if not last & MISTAKEN or marks & DECIDED:  # what it was reopened from once says nothing of how it ended now
        raise Conflict("REOPEN_NOT_MISTAKEN", "只有误退件或者误撤回、尚未作出决定的办件可以重新启动")
    if day_of(row.ended_at) != day_of(records.now):
        raise Conflict("REOPEN_LATE", "误退、误撤的办件只能在结束当日重新启动，请申请人重新申请")
    delivered = any(one.state == DeliveryState.DELIVERED for one in records.deliveries.of_case(file.id))
    if delivered or any(one.action == JournalAction.DELIVERY_DONE for one in lines):
        raise Conflict("REOPEN_SERVED", "文书已经送达，不能重新启动，请申请人重新申请")
    open_then = [one for one in tasks if one.outcome == "CANCELLED" and one.ended_at == row.ended_at]
    if len(open_then) > 1:
        raise Conflict("REOPEN_BRANCHES", "办件结束时有 {count} 项任务同时在办，不能重新启动", count=len(open_then))
    desks = open_then or sorted((one for one in tasks if one.ended_by), key=_ended)[-1:]
    if not desks or desks[0].scope_id is not None:
        raise Conflict("REOPEN_CALLED", "办件结束时不在本流程的环节上，不能重新启动")
    return desks[0]


def _ended(row: TaskRow) -> datetime:
    assert row.ended_at is not None
    return row.ended_at


def _withdraw_papers(records: Records, file: CaseFile, actor: Actor) -> None:
    """What the ending has asked for is not made any more; what it has issued is void."""
    ended = file.row.ended_at
    assert ended is not None
    waiting = [row for row in records.agenda.of_case(file.id) if row.kind == AgendaKind.ACT]
    records.agenda.drop([row.id for row in waiting if request_of(row).asked_at >= ended])
    for one in records.documents.of_case(file.id):
        if one.state == "ISSUED" and one.issued_at is not None and one.issued_at >= ended:
            void: dict[str, Any] = {"void_at": records.now, "void_by": actor.username, "void_reason": VOID}
            records.documents.change(one.id, {"state": "VOID", **void})
            detail = {"document": str(one.id), "code": one.code, "number": one.number, "reason": VOID}
            told = {name: value for name, value in detail.items() if value}
            write(records, file, JournalAction.DOCUMENT_VOIDED, actor, detail=told)


def _begun(office: Office, records: Records, file: CaseFile, desk: TaskRow) -> Running:
    """The engine of the case with a token on the desk, its variables as they were."""
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    move = clocks_of(records, file, program)
    stored = records.variables.of_scope(file.id, file.id)
    run = Run.reopen(
        program,
        case_id=file.id,
        now=records.now,
        calendar=WhenCounted(records),
        variables={one.name: _live(one) for one in stored},
        types={one.name: one.type for one in stored if one.type == "Date"},
        business_key=file.row.business_key,
        spot=Spot(element=desk.element),
        person=desk.ended_by or desk.assignee,
        keeper=move.keeper if move is not None else None,
    )
    file.running = Running(file, program, run, {}, move)
    return file.running


def _live(row: VariableRow) -> Any:
    """A value as the engine had it: instants and days are stored as texts."""
    if row.type != "Date" or not isinstance(row.value, str):
        return row.value
    return datetime.fromisoformat(row.value) if "T" in row.value else date.fromisoformat(row.value)


def _revive(running: Running, file: CaseFile) -> None:
    """Clocks that the ending has stopped go on as if they had not (DOMAIN D.4: nothing was suspended)."""
    if running.move is None:
        return
    for row in tuple(running.move.clocks.rows.values()):
        if row.state == STOPPED and row.kind != ClockKind.STAGE and row.stopped_at == file.row.ended_at:
            running.move.revive(row.id)
