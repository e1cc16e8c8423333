"""The agenda: what will happen when; done before its time or put off, with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.jobs import execute_job, set_job_due
from service.casework.listing.pages import RowPage, row_page
from service.casework.office import Office
from service.casework.operations.rights import require_operator, require_reason
from service.casework.rights import withheld_from
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.listing import Sight
from service.store.listing.agenda import AGENDA, AgendaListRow
from service.store.records import Records

MOST_PROGRAMS = 40  # looked into for the names of one page; beyond that ids stay
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


@dataclass(frozen=True, kw_only=True)
class AgendaWords:
    """What an item is about: process and place as they are drawn, the act or errand, whom it concerns. `open`: the case has a page
    for who asks."""

    process: str = ""
    place: str = ""
    act: str = ""
    person: str = ""
    open: bool = False


def agenda_list(
    office: Office,
    actor: Actor,
    *,
    filters: Mapping[str, str] | None = None,
    view: str = "coming",
    sort: str = "",
    page: int = 1,
) -> RowPage[AgendaListRow]:
    """One page of the agenda, what comes first first. Filters: kind, q. `more`: id → `AgendaWords`.

    Refused: Forbidden OPERATIONS_NOT_YOURS.
    """
    require_operator(actor)
    found = row_page(
        office, actor, AGENDA, filters or {}, sort=sort, page=page, views=VIEWS, view=view, sight=Sight(everything=True)
    )  # fmt: skip
    with office.reading() as records:
        words: dict[Any, Any] = _words(office, records, actor, found.items)
        return replace(found, more=words)


def agenda_item(office: Office, actor: Actor, item_id: UUID) -> tuple[AgendaListRow, AgendaWords]:
    """One item and what it is about. Refused: Forbidden OPERATIONS_NOT_YOURS, Missing JOB_NOT_FOUND."""
    require_operator(actor)
    with office.reading() as records:
        rows = AGENDA.rows(records, Sight(everything=True), {"id": item_id})
        if not rows:
            raise _gone(item_id)
        return rows[0], _words(office, records, actor, rows)[item_id]


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


def _words(office: Office, records: Records, actor: Actor, rows: Iterable[AgendaListRow]) -> dict[UUID, AgendaWords]:
    programs: dict[UUID, Any] = {}
    people = {row.id: _person_of(records, row) for row in rows}
    names = records.people.names({one for one in people.values() if one})
    withheld, found = withheld_from(actor), {}
    for row in rows:
        detail = row.detail or {}
        if row.binding_id is not None and row.key is not None and len(programs) < MOST_PROGRAMS:
            programs.setdefault(row.binding_id, office.programs.for_binding(records, row.binding_id, row.key))
        program: Any = programs.get(row.binding_id) if row.binding_id is not None else None
        process = str(detail.get("process") or row.key or "")
        known = program is not None and process in program.processes()
        cards = program.elements(process) if known else {}
        card = cards.get(row.element or "")
        place = card.name or getattr(cards.get(card.attached_to or ""), "name", "") if card is not None else ""
        person = people[row.id]
        found[row.id] = AgendaWords(
            process=program.name(process) if known else process,
            place=place or str(detail.get("name") or detail.get("title") or ""),
            act=str(detail.get("act") or detail.get("carrier") or ""),
            person=names.get(person, person) if person else "",
            open=row.case_id is not None and row.key not in withheld,
        )
    return found


def _person_of(records: Records, row: AgendaListRow) -> str:
    """Whom an absence on the agenda is of."""
    text = str((row.detail or {}).get("absence") or "")
    absence = records.absences.find(UUID(text)) if row.kind == AgendaKind.ABSENCE and text else None
    return absence.username if absence is not None else ""


def _row(office: Office, item_id: UUID) -> AgendaRow:
    with office.reading() as records:
        row = records.agenda.find(item_id)
    if row is None:
        raise _gone(item_id)
    return row


def _gone(item_id: UUID) -> Missing:
    return Missing("JOB_NOT_FOUND", "没有作业 {id}，或者它已经执行", id=str(item_id))
