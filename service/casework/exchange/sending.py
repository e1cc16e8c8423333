"""What goes out: written with its hash under the case's lock, carried from the outbox, its reception kept once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from service.casework.acts.asking import asking
from service.casework.acts.outbox import PlainCarrier, put_out, ref_of
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.typed_values import plain
from service.connectors.data_exchange import Connection, Parcel, Taken
from service.rules.acts import TRANSFERS, words_of
from service.rules.hashes import sm3
from service.rules.refusals import Invalid
from service.rules.vocabulary import JournalAction
from service.store.agenda import AgendaRow
from service.store.exchange import ExchangeRow
from service.store.records import Records

CARRIER = "exchange"
OURS = "INNER"  # the zone cases live in
LONGEST_SUBJECT = 200


def exchange(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """数据交换: the variables `zw:fields` names go to the system `zw:to`, as far as its list allows; the answer comes later.

    Refused: Invalid CONNECTION_UNKNOWN, EXCHANGE_FIELD, TRANSFER_UNKNOWN.
    """
    place = connection(office, request.inputs.get("to", "").strip())
    transfer = request.inputs.get("transfer", "").strip()
    if transfer not in TRANSFERS:
        raise Invalid("TRANSFER_UNKNOWN", "没有移交类型“{transfer}”", transfer=transfer)
    names = words_of(request.inputs.get("fields", ""))
    data = place.may_send({name: plain(request.values.get(name)) for name in names})
    zw = office.programs.for_binding(records, file.row.binding_id, file.row.key).attributes(request.process)
    item = zw.get("item", "")
    row = ExchangeRow(
        id=uuid4(),
        ref=number(office, records),
        direction="OUT",
        connection=place.name,
        transfer=transfer,
        zone_from=OURS,
        zone_to=place.zone,
        case_id=file.id,
        scope_id=request.scope,
        process=request.process,
        element=request.element,
        department=item[:3] or None,
        item=item or None,
        subject=(request.inputs.get("subject", "").strip() or request.name or request.element)[:LONGEST_SUBJECT],
        payload=data,
        payload_hash=sm3(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)),
        state="QUEUED",
        created_at=records.now,
    )
    records.exchange.add(row)
    put_out(records, carrier=CARRIER, ref=row.id, case_id=file.id, element=request.element)
    detail = {"ref": row.ref, "to": place.name, "transfer": transfer, "fields": list(names), "sm3": row.payload_hash}
    write(records, file, JournalAction.EXCHANGE_QUEUED, None, element=request.element, detail=detail)
    return {"exchange_ref": row.ref}


def number(office: Office, records: Records) -> str:
    """交换编号: `JH`, date, five digits."""
    day = f"{records.now.astimezone(office.settings.time_zone):%Y%m%d}"
    return f"JH{day}{records.series.next(f'JH/{day}'):05d}"


def connection(office: Office, name: str) -> Connection:
    """The connection of that name. Refused: Invalid CONNECTION_UNKNOWN."""
    found = office.connectors.exchanges.get(name)
    if found is None:
        raise Invalid("CONNECTION_UNKNOWN", "没有配置对接“{connection}”（LIANBAN_EXCHANGES）", connection=name)
    return found


class ExchangeCarrier(PlainCarrier):
    """Brings messages to other systems."""

    def take(self, office: Any, records: Records, row: AgendaRow) -> ExchangeRow | None:
        """The message, as long as nobody has taken it."""
        found = records.exchange.find(ref_of(row))
        if found is None or found.state not in ("QUEUED", "FAILED"):
            return None
        records.exchange.change(found.id, {"attempts": found.attempts + 1, "state": "QUEUED"})
        return found

    def carry(self, office: Any, row: AgendaRow, errand: ExchangeRow) -> Taken:
        """POST it; our id makes a repeat the same message."""
        place = connection(office, errand.connection)
        return place.post(
            Parcel(
                id=str(errand.id),
                ref=errand.ref,
                transfer=errand.transfer,
                subject=errand.subject,
                data=errand.payload,
                digest=errand.payload_hash,
                at=errand.created_at,
                reply_to=f"{office.settings.public_url}/callbacks/exchange/{errand.connection}",
            )
        )

    def keep(self, office: Any, records: Records, row: AgendaRow, errand: ExchangeRow, result: Taken) -> None:
        """The other side has it; what it answered at once goes to the case."""
        now = records.now
        changes = {"state": "SENT", "peer_ref": result.reference, "sent_at": now, "error": None}
        records.exchange.change(errand.id, changes)
        case = records.cases.lock(errand.case_id) if errand.case_id is not None else None
        if case is None:
            return
        file = CaseFile(case)
        detail = {"ref": errand.ref, "reference": result.reference}
        write(records, file, JournalAction.EXCHANGE_SENT, None, element=errand.element, detail=detail)
        put_back(records, file)
        if result.answer is not None:
            answered(records, errand, result.answer, now)

    def give_up(self, office: Any, records: Records, row: AgendaRow, trouble: str) -> bool:
        """An administrator has to see to it."""
        records.exchange.change(ref_of(row), {"state": "FAILED", "error": trouble})
        return True


def answered(records: Records, row: ExchangeRow, data: Mapping[str, Any], now: datetime) -> None:
    """The answer of the other side: kept, and put on the agenda of its case."""
    records.exchange.change(row.id, {"state": "ANSWERED", "answer": dict(data), "answered_at": now})
    if row.case_id is None:
        return
    records.agenda.add(
        [
            asking(
                row.case_id,
                "exchange_answer",
                element=row.element,
                process=row.process,
                scope=row.scope_id,
                name=row.subject,
                inputs={"ref": row.ref, "message": str(row.id)},
                values=dict(data),
                now=now,
            )
        ]
    )
    records.prompt = True


def id_of(request: Request) -> UUID:
    """The message an answer belongs to."""
    return UUID(request.inputs["message"])
