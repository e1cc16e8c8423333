"""Handed out or signed for: rows, 送达回证 (W20), the mark DELIVERED on the clock, and the archive that has to hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.archive.sealing import ask_for_archive
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.papers.issuing import issue_document
from service.casework.projection import clocks_of, write_clocks
from service.rules.clocks import ClockKind
from service.rules.deliveries import WAY_NAMES, DeliveryState, Way
from service.rules.vocabulary import JournalAction, Mark
from service.rules.worktime import SHANGHAI
from service.store.deliveries import DeliveryRow
from service.store.records import Records

PLACE = "政务服务中心发证窗口"
RECEIPT = "W20"
MOST_NAMED = 10  # certificates written out on a receipt


def settle_deliveries(
    office: Office,
    records: Records,
    file: CaseFile,
    rows: Sequence[DeliveryRow],
    *,
    actor: Actor,
    way: Way,
    at: datetime,
    receipt: Mapping[str, Any],
) -> None:
    """Everything that follows when results of one case reach their receiver together; puts the file back.

    `receipt`: name, relation, identity (masked), how it was checked; `at`: the instant that counts, not after now.
    """
    together = uuid4()
    joined = _joined(records, rows)
    for row in (*rows, *joined):
        changes = {
            "state": DeliveryState.DELIVERED.value,
            "delivered_at": at,
            "delivered_by": actor.username,
            "together": together,
            "receipt": dict(receipt),
            "certificates": list(row.certificates),
            "code_tries": 0,
            "code_locked_until": None,
        }
        records.deliveries.change(row.id, changes)
    certificates = [one for row in rows for one in row.certificates]
    detail: dict[str, Any] = {
        "delivery": str(rows[0].id),
        "way": way.value,
        "together": [str(row.id) for row in (*rows, *joined)],
        "certificates": certificates,
        "receiver": receipt["name"],
        "at": at.isoformat(),
    }
    if rows[0].scope_id is not None:
        detail["scope"] = str(rows[0].scope_id)
    write(records, file, JournalAction.DELIVERY_DONE, actor, detail=detail)
    issue_document(
        office,
        records,
        file,
        code=RECEIPT,
        facts=receipt_facts(rows, way, at, receipt),
        scope=rows[0].scope_id,
        actor=actor,
        key=together,
    )
    mark_delivered(office, records, file, [row.scope_id for row in rows], actor, at)
    if file.row.ended_at is not None:
        ask_for_archive(records, file.id)


def receipt_facts(rows: Sequence[DeliveryRow], way: Way, at: datetime, receipt: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a 送达回证: everything that was handed out, on one paper."""
    certificates = [one for row in rows for one in row.certificates]
    names = list(dict.fromkeys(str(one.get("name") or row.name) for row in rows for one in row.certificates))
    facts: dict[str, Any] = {
        "document": _listed(names or [row.name for row in rows], len(certificates)),
        "document_no": _listed([str(one["number"]) for one in certificates if one.get("number")], 0) or "—",
        "way": WAY_NAMES[way].words(),
        "receiver": receipt["name"],
        "relation": receipt.get("relation") or "本人",
        "identity": receipt.get("identity") or "—",
        "code_ok": bool(receipt.get("code_ok")),
        "at": at.astimezone(SHANGHAI).isoformat(),
        "place": receipt.get("place") or PLACE,
    }
    for name in ("waybill", "remark"):
        if receipt.get(name):
            facts[name] = receipt[name]
    return facts


def mark_delivered(
    office: Office,
    records: Records,
    file: CaseFile,
    scopes: Sequence[UUID | None],
    actor: Actor,
    at: datetime,
) -> None:
    """The items have reached DELIVERED: their limit stops, also when the case has ended long ago. Puts the file back."""
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    move = clocks_of(records, file, program)
    on: date = at.astimezone(SHANGHAI).date()
    for scope in scopes:
        detail: dict[str, Any] = {"mark": Mark.DELIVERED.value}
        if on != records.now.astimezone(SHANGHAI).date():
            detail["on"] = on.isoformat()
        if move is None:
            if scope is not None:
                detail["scope"] = str(scope)
            write(records, file, JournalAction.ITEM_REACHED, actor, detail=detail)
            continue
        move.line(JournalAction.ITEM_REACHED, scope, detail, actor=actor)
        for row in move.clocks.live(ClockKind.DELIVERY, scope=scope):
            move.stop(row)
    if move is None:
        put_back(records, file)
    else:
        write_clocks(records, move)


def _joined(records: Records, rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    """What goes out with the chain: what its items have handed over."""
    if all(row.scope_id is not None for row in rows):
        return []
    return [one for one in records.deliveries.of_case(rows[0].case_id) if one.state == DeliveryState.JOINED]


def _listed(texts: Sequence[str], count: int) -> str:
    shown = "、".join(texts[:MOST_NAMED])
    many = f"等{max(count, len(texts))}件" if len(texts) > MOST_NAMED or count > len(texts) else ""
    return shown + many
