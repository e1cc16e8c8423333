"""The agenda: what will happen when; done before its time or put off, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.jobs import execute_job, set_job_due
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.operations.rights import require_operator, require_reason
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.listing import Sight
from service.store.listing.agenda import AGENDA, AgendaListRow

VIEWS: Mapping[str, Mapping[str, Any]] = {
    "late": {"late": True},
    "due": {"due": True},
    "trying": {"trying": True},
    "failed": {"failed": True},
    "parked": {"parked": True},
    "coming": {"coming": True},
    "all": {},
}
MOVABLE = (
    AgendaKind.TIMER,
    AgendaKind.START,
    AgendaKind.JOB,
    AgendaKind.OUTBOX,
)  # limits and absences follow their rules


def agenda_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "coming",
    sort: str = "",
    page: int = 1,
) -> RowPage[AgendaListRow]:
    """One page of the agenda, what comes first first. Filters: kind, q. Refused: Forbidden OPERATIONS_NOT_YOURS."""
    require_operator(actor)
    return row_page(
        office, actor, AGENDA, filters or {}, sort=sort, page=page, views=VIEWS, view=view, sight=Sight(everything=True)
    )  # fmt: skip


def agenda_item(office: Office, actor: Actor, item_id: UUID) -> AgendaListRow:
    """One item. Refused: Forbidden OPERATIONS_NOT_YOURS, Missing JOB_NOT_FOUND."""
    require_operator(actor)
    with office.reading() as records:
        rows = AGENDA.rows(records, Sight(everything=True), {"id": item_id})
    if not rows:
        raise _gone(item_id)
    return rows[0]


def run_now(office: Office, actor: Actor, item_id: UUID, reason: str) -> None:
    """Do an item before its time, with a reason. What it does is one transaction, the line of the ledger another one.

    Refused: Forbidden OPERATIONS_NOT_YOURS; Invalid REASON_MISSING; Missing JOB_NOT_FOUND; Conflict CASE_SUSPENDED,
    RETRY_FAILED, LIMIT_COMES_BY_ITSELF, and what the item itself refuses.
    """
    require_operator(actor)
    said = require_reason(reason)
    row = _row(office, item_id)
    if row.kind in (AgendaKind.CLOCK, AgendaKind.ABSENCE):
        raise Conflict("LIMIT_COMES_BY_ITSELF", "时限和离岗按时间到来，不能提前执行或改期。")
    execute_job(office, actor, item_id)
    with office.transaction() as records:
        detail = {"kind": row.kind, "element": row.element, "due": row.due_at.isoformat(), "reason": said}
        records.ledger.write(LedgerAction.AGENDA_RUN, actor.username, str(item_id), detail)


def put_off(office: Office, actor: Actor, item_id: UUID, until: datetime, reason: str) -> None:
    """Another instant for an item, with a reason.

    Refused: Forbidden OPERATIONS_NOT_YOURS; Invalid REASON_MISSING, INSTANT_PAST; Missing JOB_NOT_FOUND; Conflict CASE_SUSPENDED,
    LIMIT_COMES_BY_ITSELF.
    """
    require_operator(actor)
    said = require_reason(reason)
    row = _row(office, item_id)
    if row.kind not in MOVABLE:
        raise Conflict("LIMIT_COMES_BY_ITSELF", "时限和离岗按时间到来，不能提前执行或改期。")
    with office.reading() as records:
        if until <= records.now:
            raise refuse("until", "INSTANT_PAST", "新的时间应晚于现在。")
    set_job_due(office, actor, item_id, until, reason=said)


def _row(office: Office, item_id: UUID) -> AgendaRow:
    with office.reading() as records:
        row = records.agenda.find(item_id)
    if row is None:
        raise _gone(item_id)
    return row


def _gone(item_id: UUID) -> Missing:
    return Missing("JOB_NOT_FOUND", "没有作业 {id}，或者它已经执行", id=str(item_id))
