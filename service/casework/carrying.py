"""Carrying errands of the outbox: taken in one transaction, carried outside of any, kept in a third.

Errands have a queue and a thread of their own, so that a slow gateway holds up no clock.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from service.casework.act_book import CARRIERS
from service.casework.acts.outbox import Carrier
from service.casework.correlating import AlreadyDone
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.connectors.outgoing import ConnectorTrouble
from service.rules.refusals import Invalid, Refusal, Unavailable
from service.rules.vocabulary import IncidentKind, JournalAction
from service.store.agenda import AgendaRow
from service.store.incidents import IncidentRow

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=10)  # of real time, as for everything on the agenda
ERRAND = timedelta(minutes=2)  # of real time: longest time of one errand; then another node may try it
LONGEST_TROUBLE = 2000  # characters


def carry_due(office: Office, *, limit: int = 20) -> int:
    """Carry the errands that are ready, at most `limit`; how many were carried or put off. Never raises for a failing one.

    Refused: Unavailable when the database cannot be reached.
    """
    with office.reading() as records:
        if not records.agenda.any_ready(records.now, outbox=True):
            return 0
    with office.transaction() as records:
        found = records.agenda.claim_ready(records.now, records.real_now + CLAIM, limit, outbox=True)
    for row in found:
        try:
            carry_out(office, row)
        except AlreadyDone:
            continue
        except Unavailable:
            raise
        except Exception as failure:
            if not isinstance(failure, (Refusal, ConnectorTrouble)):
                log.error("errand failed", exc_info=failure, extra={"item": str(row.id)})
            office.attempt(partial(put_off, office, row, failure))
    return len(found)


def carry_out(office: Office, item: AgendaRow, *, early: bool = False) -> bool:
    """Carry one errand; whether something else became ready. `early`: whatever its due instant.

    Refused: AlreadyDone when the item is gone, parked or due later; whatever carrying raises.
    """
    carrier = _carrier(item)
    row, errand = office.attempt(partial(_take, office, item, carrier, early))
    if row is None:
        return False
    result = carrier.carry(office, row, errand)
    return office.attempt(partial(_keep, office, row, carrier, errand, result))


def _carrier(item: AgendaRow) -> Carrier:
    name = str((item.detail or {}).get("carrier", ""))
    if name not in CARRIERS:
        raise Invalid("CARRIER_UNKNOWN", "没有送件方式“{carrier}”", carrier=name)
    return CARRIERS[name]


def _take(office: Office, item: AgendaRow, carrier: Carrier, early: bool) -> tuple[AgendaRow | None, Any]:
    with office.transaction() as records:
        row = records.agenda.lock(item.id)
        if row is None or (not early and (row.ready_at is None or row.ready_at > records.now)):
            raise AlreadyDone
        errand = carrier.take(office, records, row)
        if errand is None:
            records.agenda.drop([row.id])
            return None, None
        records.agenda.change(row.id, {"locked_until": records.real_now + ERRAND})
        return row, errand


def _keep(office: Office, row: AgendaRow, carrier: Carrier, errand: Any, result: Any) -> bool:
    """The case first, then the item: the order everybody locks in."""
    with office.transaction() as records:
        if row.case_id is not None:
            records.cases.lock_of_job(row.id)
        if records.agenda.lock(row.id) is None:  # another node was faster, after this one had taken too long
            raise AlreadyDone
        carrier.keep(office, records, row, errand, result)
        records.agenda.drop([row.id])
        records.incidents.close_at([row.id], records.now)
        return records.prompt


def put_off(office: Office, item: AgendaRow, failure: Exception) -> None:
    """Count a failure: again after the carrier's wait, or given up when it was the last try or can never succeed."""
    text = told(failure)
    name = str((item.detail or {}).get("carrier", ""))
    carrier = CARRIERS.get(name)
    final = isinstance(failure, Invalid) or (isinstance(failure, ConnectorTrouble) and not failure.retryable)
    with office.transaction() as records:
        case = records.cases.lock_of_job(item.id)
        row = records.agenda.lock(item.id)
        if row is None or row.retries == 0:
            return
        waits = carrier.back_off if carrier is not None else ()
        left = 0 if final else min(row.retries - 1, len(waits))
        if left > 0:
            wait = waits[len(waits) - left]
            if isinstance(failure, ConnectorTrouble) and failure.wait is not None:
                wait = max(wait, failure.wait)
            when = records.now + wait
            if carrier is not None:
                when = carrier.not_before(office, records, row, when)
            again = {"retries": left, "ready_at": when, "locked_until": None, "error": text}
            records.agenda.change(row.id, again)
            return
        if carrier is not None and not carrier.give_up(office, records, row, text):
            records.agenda.drop([row.id])
            return
        records.agenda.change(row.id, {"retries": 0, "ready_at": None, "locked_until": None, "error": text})
        records.incidents.open(
            [
                IncidentRow(
                    id=uuid4(),
                    case_id=row.case_id,
                    definition_id=row.definition_id,
                    kind=IncidentKind.FAILED_JOB,
                    element=row.element,
                    token_id=row.id,
                    message=text,
                    opened_at=records.now,
                )
            ]
        )
        if case is not None:
            file, detail = CaseFile(case), {"message": text[:200], "carrier": name}
            write(records, file, JournalAction.INCIDENT_OPENED, None, element=row.element, detail=detail)
            put_back(records, file)


def told(failure: Exception) -> str:
    """What an administrator reads: a refusal's sentence, a connector's trouble, or the kind of a fault without its insides."""
    if isinstance(failure, Refusal):
        return failure.sentence()[:LONGEST_TROUBLE]
    if isinstance(failure, ConnectorTrouble):
        return str(failure)[:LONGEST_TROUBLE]
    return f"{type(failure).__name__}: {failure}"[:LONGEST_TROUBLE]
