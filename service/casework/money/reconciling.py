"""日对账: our books of a day against the channel's file, to the cent; every difference is listed and handled (YY-20)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.acts.outbox import put_out
from service.casework.money.notices import STATEMENT
from service.casework.money.rights import require_finance
from service.casework.office import Office
from service.connectors.cashier_desk import CashierDesk
from service.rules.reconciling import Entry, EntryKind, Reconciliation, read_channel_file, reconcile
from service.rules.refusals import Conflict, Invalid, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.reconciliations import DayRow, ExceptionRow
from service.store.records import Records

GATEWAY, FILE = "GATEWAY", "FILE"
LARGEST_FILE = 4 * 1024 * 1024  # bytes
LONGEST_NOTE = 500


def reconcile_file(office: Office, actor: Actor, day: date, content: bytes) -> DayRow:
    """Compare a day with the file the bank gave, uploaded by 财政; again with another file replaces the outcome.

    Refused: Forbidden FINANCE_ONLY, Invalid CHANNEL_FILE, CHANNEL_FILE_LARGE, DAY_NOT_OVER.
    """
    require_finance(actor)
    if len(content) > LARGEST_FILE:
        raise refuse("file", "CHANNEL_FILE_LARGE", "对账文件不能超过 {most} MB。", most=LARGEST_FILE // 1024 // 1024)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise refuse("file", "CHANNEL_FILE", "对账文件第 {line} 行无效：{problem}", line=1, problem="UTF-8") from None

    def act() -> DayRow:
        with office.transaction() as records:
            return keep_day(records, day, text, source=FILE, actor=actor)

    return office.attempt(act)


def keep_day(records: Records, day: date, text: str, *, source: str, actor: Actor | None) -> DayRow:
    """Compare and keep, within a transaction. What was handled before and is found again stays handled."""
    if day > records.now.astimezone(SHANGHAI).date():
        raise refuse("day", "DAY_NOT_OVER", "{day} 还没有到，不能对账。", day=day.isoformat())
    theirs = read_channel_file(text)
    first, last = bounds(day)
    for number, one in enumerate(theirs, start=2):
        if not first <= one.at < last:
            raise Invalid(
                "CHANNEL_FILE", "对账文件第 {line} 行无效：{problem}", line=number, problem=f"at ≠ {day.isoformat()}"
            )
    records.reconciliations.find(day, lock=True)
    ours = tuple(
        Entry(kind=EntryKind(one.entry), transaction=one.number, bill=one.bill_no, amount=one.amount, at=one.at)
        for one in records.reconciliations.movements(first, last)
    )
    outcome = reconcile(ours, theirs)
    handled = {
        (one.kind, one.entry, one.number, one.ours, one.theirs): one
        for one in records.reconciliations.exceptions_of(day)
        if one.handled_at is not None
    }
    exceptions = tuple(
        _carried(one, handled.get((one.kind, one.entry, one.number, one.ours, one.theirs)))
        for one in _exceptions(day, outcome)
    )
    row = DayRow(
        day=day,
        source=source,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        ours=outcome.ours,
        theirs=outcome.theirs,
        matched=len(outcome.matched),
        open=sum(1 for one in exceptions if one.handled_at is None),
        run_at=records.now,
        run_by=actor.username if actor is not None else None,
    )
    records.reconciliations.keep(row, exceptions)
    detail = {
        "ours": f"{row.ours:.2f}",
        "theirs": f"{row.theirs:.2f}",
        "difference": f"{outcome.difference:.2f}",
        "matched": row.matched,
        "exceptions": len(exceptions),
        "source": source,
        "file": row.digest,
    }
    records.ledger.write(LedgerAction.DAY_RECONCILED, row.run_by, day.isoformat(), detail)
    return row


def handle_exception(office: Office, actor: Actor, exception_id: UUID, note: str) -> ExceptionRow:
    """财政 says what became of a difference. Refused: Forbidden FINANCE_ONLY, Missing EXCEPTION_NOT_FOUND, Conflict
    EXCEPTION_HANDLED, Invalid EXCEPTION_NOTE_MISSING."""
    require_finance(actor)
    said = note.strip()[:LONGEST_NOTE]
    if not said:
        raise refuse("note", "EXCEPTION_NOTE_MISSING", "请写明差异的原因和处理结果。")

    def act() -> ExceptionRow:
        with office.transaction() as records:
            found = records.reconciliations.exception(exception_id)
            day = records.reconciliations.find(found.day, lock=True) if found is not None else None
            row = records.reconciliations.exception(exception_id)
            if row is None or day is None:
                raise Missing("EXCEPTION_NOT_FOUND", "没有这条对账差异，可能已重新对账。")
            if row.handled_at is not None:
                raise Conflict("EXCEPTION_HANDLED", "这条差异已由 {who} 处理。", who=row.handled_by or "")
            done: dict[str, Any] = {"handled_by": actor.username, "handled_at": records.now, "note": said}
            records.reconciliations.handle(row.id, **done)
            records.reconciliations.set_open(row.day, day.open - 1)
            detail = {"kind": row.kind, "entry": row.entry, "number": row.number, "note": said}
            records.ledger.write(LedgerAction.EXCEPTION_HANDLED, actor.username, row.day.isoformat(), detail)
            return row

    return office.attempt(act)


def reconcile_yesterday(office: Office, records: Records, rule: datetime) -> Mapping[str, Any]:
    """The nightly job: the channel's file of the day that has ended. The cashier desk's file is uploaded by hand."""
    day = rule.astimezone(SHANGHAI).date() - timedelta(1)
    if isinstance(office.connectors.payment, CashierDesk):
        return {"day": day.isoformat(), "by_hand": 1}
    put_out(records, carrier=STATEMENT, ref=uuid4(), detail={"day": day.isoformat()})
    return {"day": day.isoformat(), "fetched": 1}


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day in China, and the first after it."""
    first = datetime.combine(day, time(0), SHANGHAI)
    return first, first + timedelta(1)


def _exceptions(day: date, outcome: Reconciliation) -> tuple[ExceptionRow, ...]:
    def row(kind: str, ours: Entry | None, theirs: Entry | None) -> ExceptionRow:
        known = theirs or ours
        assert known is not None
        return ExceptionRow(
            id=uuid4(),
            day=day,
            kind=kind,
            entry=known.kind.value,
            number=known.transaction[:64],
            bill_no=known.bill[:64],
            ours=None if ours is None else ours.amount,
            theirs=None if theirs is None else theirs.amount,
            at=known.at,
        )

    return (
        *(row("MISSING", one, None) for one in outcome.missing),
        *(row("SURPLUS", None, one) for one in outcome.surplus),
        *(row("REPEATED", None, one) for one in outcome.repeated),
        *(row("DIFFERING", one.ours, one.theirs) for one in outcome.differing),
    )


def _carried(row: ExceptionRow, before: ExceptionRow | None) -> ExceptionRow:
    if before is None:
        return row
    return replace(row, handled_by=before.handled_by, handled_at=before.handled_at, note=before.note)
