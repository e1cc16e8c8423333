"""回执: what the applicant takes home from the window: numbers, 查询码, until when it is promised, which papers were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from service.casework.clockwork.book import STOPPED, day_of, promised_end
from service.casework.materials.reading import MaterialLine, materials_of
from service.casework.messages.codes import QUERY, access_code
from service.casework.papers.subject import Subject
from service.casework.register.rows import card_of
from service.casework.rights import require_reader
from service.casework.window.desks import CLERKS
from service.casework.window.waiting import Countdown, countdown
from service.documents import qr_code
from service.rules.clocks import ClockKind
from service.rules.document_kinds import KINDS
from service.rules.refusals import Missing
from service.rules.stages import IMMEDIATE
from service.rules.vocabulary import JournalAction, Mark
from service.store.intakes import IntakeRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records

OUTCOMES = (Mark.DECIDED_YES, Mark.DECIDED_NO, Mark.NOT_ACCEPTED, Mark.DEEMED_ACCEPTED, Mark.ACCEPTED, Mark.CORRECTING)
PRINTED = {  # which paper says an outcome, so that the slip knows what is still being made
    Mark.ACCEPTED: "W02", Mark.DEEMED_ACCEPTED: "W02", Mark.CORRECTING: "W04", Mark.NOT_ACCEPTED: "W03",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SlipPaper:
    """One paper that was made: its kind, number and id."""

    id: UUID
    title: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One receipt. `outcome` None: taken in, no outcome yet; `ready` False: a number or a paper is still being made.

    `latest`: the last day of the promise (XN-10): of the clock that runs, or, before acceptance, if it is accepted today.
    `code`: empty for who is not told. `minutes` at the counter of an item decided at once, None while it goes on; `target`: what the register wants (XN-08).
    """

    case_id: UUID
    number: str
    acceptance: str
    code: str
    item: str
    applicant: str
    authority: str
    received_at: datetime
    intake: IntakeRow | None
    outcome: Mark | None
    latest: date | None
    countdown: Countdown | None
    papers: tuple[SlipPaper, ...]
    materials: tuple[MaterialLine, ...]
    minutes: float | None
    target: int | None
    task_id: UUID | None
    ready: bool
    read_at: datetime


def slip_of(office: Office, actor: Actor, case_id: UUID) -> Slip:
    """The receipt of a case, for the window and for who applied. Refused: Missing CASE_NOT_FOUND."""
    with office.transaction() as records:
        row = _readable(records, actor, case_id)
        return _slip(office, records, actor, row)


def slip_code(office: Office, actor: Actor, case_id: UUID) -> str:
    """The QR code of the receipt as SVG: where its progress is asked for, with the number filled in. Refused: as `slip_of`."""
    with office.reading() as records:
        row = _readable(records, actor, case_id)
        numbers = [one.number for one in records.documents.acceptances(case_id)]
        papers = [one.number for one in records.documents.of_case(case_id) if one.code == "W01" and one.number]
        number = next(iter([*numbers, *papers]), row.business_key or "")
    return qr_code(f"{office.settings.public_url}/progress?{urlencode({'number': number})}")


def _readable(records: Records, actor: Actor, case_id: UUID) -> CaseRow:
    row = require_reader(records, actor, records.cases.find(case_id))
    if not actor.has(*CLERKS, "agency_officer") and row.started_by != actor.username:
        raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
    return row


def _told(records: Records, actor: Actor, row: CaseRow, intake: IntakeRow | None) -> bool:
    """Who reads the 查询码: who has applied, and the clerk who hands the slip out, on that day. Later it is issued anew."""
    if intake is None:
        return row.started_by == actor.username
    return intake.clerk == actor.username and day_of(intake.taken_at) == day_of(records.now)


def _slip(office: Office, records: Records, actor: Actor, row: CaseRow) -> Slip:
    subject = Subject(office, records, row, None)
    outcome = _outcome(subject)
    papers = tuple(
        SlipPaper(id=one.id, title=KINDS[one.code].title, number=one.number or "")
        for one in records.documents.of_case(row.id)
        if one.state == "ISSUED" and one.code in KINDS
    )
    issued = {one.code for one in records.documents.of_case(row.id) if one.state == "ISSUED"}
    acceptance = next((one.number for one in records.documents.acceptances(row.id)), "")
    receipt = next(
        (one for one in records.clocks.of_case(row.id) if one.kind == ClockKind.RECEIPT and one.state != STOPPED), None
    )
    open_desk = next((one for one in records.tasks.open_of(row.id) if one.stage in ("ACCEPT", IMMEDIATE)), None)
    item = records.register.at(subject.item_code, records.now) if subject.item_code else None
    card = card_of(item) if item is not None else None
    intake = records.intakes.of_case(row.id)
    wanted = PRINTED.get(outcome) if outcome is not None else "W01"
    return Slip(
        case_id=row.id,
        number=row.business_key or "",
        acceptance=acceptance,
        code=access_code(office, records, row.id, None, QUERY) if _told(records, actor, row, intake) else "",
        item=item.name if item is not None else subject.item,
        applicant=subject.applicant,
        authority=subject.authority,
        received_at=row.started_at,
        intake=intake,
        outcome=outcome,
        latest=_latest(records, subject, card.promised if card is not None and outcome is None else None),
        countdown=countdown(records.calendar, receipt.due_at, records.now) if receipt is not None else None,
        papers=papers,
        materials=materials_of(records, row.id, None),
        minutes=_minutes(records, row, intake) if card is not None and card.immediate else None,
        target=card.counter_minutes if card is not None else None,
        task_id=open_desk.id if open_desk is not None else None,
        ready=(wanted is None or wanted in issued) and (wanted != "W02" or bool(acceptance)),
        read_at=records.now,
    )


def _outcome(subject: Subject) -> Mark | None:
    reached: Mapping[str, None] = {
        str((line.detail or {}).get("mark")): None
        for line in subject.journal
        if line.action == JournalAction.ITEM_REACHED and (line.detail or {}).get("scope") is None
    }
    return next((one for one in OUTCOMES if one.value in reached), None)


def _latest(records: Records, subject: Subject, promised: int | None) -> date | None:
    if promised is not None:
        return records.calendar.add_workdays(day_of(records.now), promised)
    promise = subject.clock(ClockKind.CASE, ClockKind.CHAIN)
    at = promised_end(records.calendar, promise) if promise is not None else None
    return day_of(at) if at is not None else None


def _minutes(records: Records, row: CaseRow, intake: IntakeRow | None) -> float | None:
    """From the call of the applicant to the end of the one desk."""
    if intake is None:
        return None
    ended = [one.ended_at for one in records.tasks.of_case(row.id) if one.stage == IMMEDIATE and one.ended_at]
    return round((max(ended) - intake.called_at).total_seconds() / 60, 1) if ended else None
