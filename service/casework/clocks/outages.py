"""Declared outages: every clock that ran loses the half-days in which the service was down (R-SUS-8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.clocks.recounting import Moved, recount_each
from service.casework.clockwork.book import stored_pause
from service.casework.messages.time_notices import outage_declared
from service.casework.office import Office
from service.casework.projection import Running
from service.rules.pauses import outage_pauses
from service.rules.refusals import Forbidden, refuse
from service.rules.vocabulary import LedgerAction
from service.store.clocks import ClockRow
from service.store.proceedings import OutageRow

DECLARERS = ("system_admin", "supervisor", "business_office")
LONGEST_REASON = 500
LONGEST = timedelta(days=31)
YEAR = timedelta(days=366)


def declare_outage(office: Office, actor: Actor, down: datetime, up: datetime, reason: str) -> tuple[Moved, ...]:
    """The service was down from one instant to another; whole half-days of at least 60 minutes are not counted.

    Of every running clock at once, in one transaction. What is red stays red. Refused: Invalid OUTAGE_INVALID,
    REASON_MISSING, REASON_TOO_LONG, CALENDAR_MISSING, Forbidden OUTAGE_FORBIDDEN.
    """
    require_declarer(actor)
    if not reason.strip():
        raise refuse("reason", "REASON_MISSING", "请写明系统故障的情况。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    if down.tzinfo is None or up.tzinfo is None or not down < up:
        raise refuse("up", "OUTAGE_INVALID", "恢复时间应晚于故障时间，且都应带时区。")

    def attempt() -> tuple[Moved, ...]:
        with office.transaction() as records:
            if up > records.now or up - down > LONGEST:
                raise refuse("up", "OUTAGE_INVALID", "只能认定已经恢复、不超过 31 天的故障。")
            pauses = [stored_pause(one) for one in outage_pauses(records.calendar, down, up)]
            outage = OutageRow(
                id=uuid4(), down_at=down, up_at=up, declared_by=actor.username, declared_at=records.now, reason=reason
            )
            records.proceedings.declare(outage)
            detail = {"down": down.isoformat(), "up": up.isoformat(), "reason": reason}
            records.ledger.write(LedgerAction.OUTAGE_DECLARED, actor.username, str(outage.id), detail)
            holders = records.tasks.holders()
            if pauses and holders:
                records.agenda.add([outage_declared(records.now, outage.id, down, up, holders)])

            def act(running: Running) -> list[tuple[ClockRow, datetime | None]]:
                return _freeze(running, pauses, up, outage.id)

            return tuple(recount_each(office, records, act)) if pauses else ()

    return office.attempt(attempt)


def declared_outages(office: Office, actor: Actor) -> tuple[OutageRow, ...]:
    """The outages of the last year, the latest first. Refused: Forbidden OUTAGE_FORBIDDEN."""
    require_declarer(actor)
    with office.reading() as records:
        return tuple(reversed(records.proceedings.outages(records.now - YEAR, records.now)))


def require_declarer(actor: Actor) -> None:
    """Refused: Forbidden OUTAGE_FORBIDDEN."""
    if not actor.has(*DECLARERS):
        raise Forbidden("OUTAGE_FORBIDDEN", "只有系统管理员、督查科和业务科可以认定系统故障。")


def _freeze(
    running: Running, pauses: list[dict[str, object]], up: datetime, outage: UUID
) -> list[tuple[ClockRow, datetime | None]]:
    move = running.move
    found: list[tuple[ClockRow, datetime | None]] = []
    if move is None:
        return found
    for row in tuple(move.clocks.live()):
        if row.started_at >= up:
            continue
        was = row.due_at
        fresh = move.clocks.change(row.id, pauses=(*row.pauses, *({**one, "outage": str(outage)} for one in pauses)))
        move.recount([fresh], "OUTAGE", outage=str(outage), pauses=pauses)
        found.append((move.clocks.rows[row.id], was))
    return found
