"""What comes in: checked, kept once under the other side's name for it, then handed to the token that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson

from service.casework.acts.request import Request
from service.casework.correlating import deliver_in
from service.casework.exchange.sending import OURS, answered, connection, id_of, number
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.connectors.signing import SignedRequest
from service.rules.acts import TRANSFERS
from service.rules.hashes import sm3
from service.rules.refusals import Conflict, Missing
from service.rules.vocabulary import JournalAction, LedgerAction, SubscriptionKind
from service.store.exchange import ExchangeRow
from service.store.records import Records

AWAITED = "MSG_EXCHANGE"
ANSWERABLE = ("QUEUED", "SENT", "FAILED")  # an answer may be quicker than the word that it was taken


def receive(office: Office, name: str, request: SignedRequest) -> str:
    """A message of another system to our inbox; our number of it. The same one again changes nothing.

    Refused: Missing CONNECTION_UNKNOWN, Forbidden SIGNATURE_INVALID, Invalid EXCHANGE_UNREADABLE, Conflict EXCHANGE_ANSWERED.
    """
    if name not in office.connectors.exchanges:
        raise Missing("CONNECTION_UNKNOWN", "没有配置对接“{connection}”（LIANBAN_EXCHANGES）", connection=name)
    place = connection(office, name)
    reply, _seen = place.read(request)  # an old request sent again is the same message again

    def act() -> str:
        with office.transaction() as records:
            known = records.exchange.received(name, reply.id)
            if known is not None:  # it comes again because our answer was lost
                return known.ref
            asked = records.exchange.by_ref(reply.ref) if reply.ref else None
            mine = asked is not None and asked.direction == "OUT" and asked.connection == name
            if mine and asked is not None and asked.state not in ANSWERABLE:
                raise Conflict("EXCHANGE_ANSWERED", "交换编号 {ref} 已有答复", ref=reply.ref)
            row = ExchangeRow(
                id=uuid4(),
                ref=number(office, records),
                direction="IN",
                connection=name,
                transfer=reply.transfer if reply.transfer in TRANSFERS else (asked.transfer if asked else "DEPT_DEPT"),
                zone_from=place.zone,
                zone_to=OURS,
                case_id=asked.case_id if mine and asked else None,
                scope_id=asked.scope_id if mine and asked else None,
                process=asked.process if mine and asked else "",
                element=asked.element if mine and asked else None,
                department=asked.department if mine and asked else None,
                item=asked.item if mine and asked else None,
                subject=(reply.subject or (asked.subject if mine and asked else ""))[:200],
                payload=dict(reply.data),
                payload_hash=sm3(orjson.dumps(dict(reply.data), option=orjson.OPT_SORT_KEYS)),
                state="DONE" if mine else "RECEIVED",
                peer_ref=reply.id,
                created_at=records.now,
            )
            records.exchange.add(row)
            if mine and asked is not None:
                answered(records, asked, reply.data, records.now)
            else:
                records.ledger.write(LedgerAction.EXCHANGE_RECEIVED, None, row.ref, {"from": name, "ref": reply.ref})
            return row.ref

    return office.attempt(act)


def receive_exchange(office: Office, name: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """`receive` for the door: a request in its parts, exactly as they were sent."""
    return receive(office, name, SignedRequest(method=method, path=path, headers=headers, body=body))


def deliver_answer(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any] | None:
    """The answer of another system to the token that waits for it (MSG_EXCHANGE, or what zw:answer names); others wait for theirs.

    Refused: Conflict EXCHANGE_UNAWAITED while nobody waits yet: tried again, then an incident.
    """
    ref = request.inputs["ref"]
    row = records.exchange.find(id_of(request))
    awaited = _awaited(office, records, file, request.element)
    waiting = [] if file.row.ended_at is not None else [*_waiting(office, records, file, ref, awaited)]
    if row is not None and file.row.ended_at is None and not waiting:
        raise Conflict(
            "EXCHANGE_UNAWAITED", "办件没有环节在等待交换编号 {ref} 的答复（{message}）", ref=ref, message=awaited
        )
    detail = {"ref": ref, "fields": sorted(request.values)}
    write(records, file, JournalAction.EXCHANGE_ANSWERED, None, element=request.element, detail=detail)
    for one in waiting[:1]:
        deliver_in(office, records, file, one, None, {**request.values, "exchange_ref": ref})
    return None


def _awaited(office: Office, records: Records, file: CaseFile, element: str) -> str:
    """The message the answer to what this element has sent comes as."""
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    cards = (program.elements(process).get(element) for process in program.processes())
    return next((card.zw["answer"].strip() for card in cards if card is not None and card.zw.get("answer")), AWAITED)


def _waiting(office: Office, records: Records, file: CaseFile, ref: str, awaited: str) -> list[Any]:
    """Tokens that listen: those that see this very number first, then those that see none."""
    from service.casework.projection import take_up

    found = [
        one
        for one in records.subscriptions.of_case(file.id)
        if (one.kind, one.name) == (SubscriptionKind.MESSAGE, awaited)
    ]
    if not found:
        return []
    run = take_up(office, records, file).run
    seen = {one.id: run.variables(one.id).get("exchange_ref") for one in found}
    return [one for one in found if seen[one.id] == ref] or [one for one in found if seen[one.id] is None]
