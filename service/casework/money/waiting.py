"""待缴费: the clocks of the items that owe stand still from issue until the bill is settled (R-FEE-5); who waits is told.

A proceeding FEE is open meanwhile, so that silence of the office does not count as a decision either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from service.casework.clockwork.keeping import ITEM_WIDE
from service.casework.clockwork.movement import UNPAID, Movement, bill_source
from service.casework.journalling import CaseFile, write
from service.casework.projection import Running
from service.engine.facts import WaitKind
from service.rules.clocks import ClockKind
from service.rules.lights import Light
from service.rules.vocabulary import JournalAction
from service.store.bills import BillLineRow, BillRow
from service.store.proceedings import ProceedingRow
from service.store.records import Records

FEE = "FEE"


def owing(bill: BillRow, lines: tuple[BillLineRow, ...]) -> tuple[UUID | None, ...]:
    """The items whose mandatory lines ask for money; None is the case itself."""
    found = {line.scope_id: None for line in lines if line.bill_id == bill.id and line.mandatory and line.amount > 0}
    return tuple(found)


def wait_for_money(records: Records, running: Running, bill: BillRow, lines: tuple[BillLineRow, ...]) -> None:
    """The items that owe wait: their clocks stand still, and silence does not count."""
    file = running.file
    for scope in owing(bill, lines):
        row = ProceedingRow(
            id=uuid4(),
            case_id=file.id,
            scope_id=scope,
            kind=FEE,
            state="OPEN",
            opened_at=records.now,
            opened_by=bill.issued_by,
            document=bill.number,
            detail={"bill": str(bill.id)},
        )
        records.proceedings.add(row)
        _note(records, file, JournalAction.PROCEEDING_OPENED, row, bill)
        if running.move is not None:
            _pause(running.move, scope, bill)


def wait_no_longer(records: Records, running: Running, bill: BillRow) -> bool:
    """The bill is settled or withdrawn: its clocks go on; whether anything had waited for it."""
    ended = close_proceedings(records, running.file, bill)
    move = running.move
    if move is not None:
        source = bill_source(str(bill.id))
        for row in tuple(move.clocks.rows.values()):
            kept = tuple(one for one in row.fired if not one.startswith(f"{UNPAID}{bill.id}/"))
            if kept != tuple(row.fired):
                move.clocks.change(row.id, fired=kept)
        for scope in {row.scope_id for row in move.clocks.live()}:
            rows = tuple(move.clocks.live(scope=scope))
            move.resume(rows, lambda pause: pause.get("source") == source, scope=scope)
        for scope in ended:
            move.ask_again(scope)
    return bool(ended)


def close_proceedings(records: Records, file: CaseFile, bill: BillRow) -> tuple[UUID | None, ...]:
    """The proceedings of a bill are over; the items they were of."""
    ended = []
    for row in records.proceedings.of_case(file.id, FEE):
        if row.state == "OPEN" and row.detail.get("bill") == str(bill.id):
            records.proceedings.change(row.id, {"state": "CLOSED", "closed_at": records.now})
            _note(records, file, JournalAction.PROCEEDING_CLOSED, row, bill)
            ended.append(row.scope_id)
    return tuple(ended)


def tell(
    records: Records,
    running: Running,
    message: str,
    bills: frozenset[str],
    scope: UUID | None,
    values: Mapping[str, Any],
) -> bool:
    """Deliver a message of a bill to the token that waits for it; whether one did.

    `bills`: its number and those it took the place of. A token that sees one of them in `bill_no` is meant; else the
    only one that waits in the bill's item.
    """
    run = running.run
    waiting = [wait for wait in run.waits().values() if wait.kind is WaitKind.MESSAGE and wait.event == message]
    meant = [wait for wait in waiting if run.variables(wait.id).get("bill_no") in bills]
    meant = meant or [wait for wait in waiting if wait.variable_scope == scope]
    if len(meant) != 1:
        return False
    run.deliver(meant[0].id, dict(values))
    write(
        records, running.file, JournalAction.MESSAGE_RECEIVED, None, element=meant[0].element, detail={"name": message}
    )
    return True


def _pause(move: Movement, scope: UUID | None, bill: BillRow) -> None:
    """As a procedure of the diagram would: what is red keeps its end, and a stage that is itself a procedure runs on.

    受理 does not wait for money: before it the bill is noted on the RECEIPT clock, and the clocks that begin with it stand.
    """
    receipt = next(move.clocks.live(ClockKind.RECEIPT, scope=scope), None)
    if receipt is not None:
        move.clocks.change(receipt.id, fired=(*receipt.fired, f"{UNPAID}{bill.id}/{bill.number}"))
        return
    rows = [
        row
        for row in move.clocks.live(*ITEM_WIDE, ClockKind.STAGE, scope=scope)
        if row.light != Light.RED and not (row.kind == ClockKind.STAGE and move.drawn.pausing(row))
    ]
    move.pause_for_bill(rows, str(bill.id), bill.number, scope)


def _note(records: Records, file: CaseFile, action: JournalAction, row: ProceedingRow, bill: BillRow) -> None:
    told: dict[str, Any] = {"proceeding": str(row.id), "kind": FEE, "document": bill.number}
    if row.scope_id is not None:
        told["scope"] = str(row.scope_id)
    write(records, file, action, bill.issued_by if action is JournalAction.PROCEEDING_OPENED else None, detail=told)
