"""出具收费一表: one bill for a case or a whole chain, computed from the standards of the day, counted in this transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, write
from service.casework.money.accounts import account_of
from service.casework.money.lines import BilledItem, Claimed, exact, lines_of, measures_of, settled_lines
from service.casework.money.notices import bill_told
from service.casework.money.paper import void_bill_papers
from service.casework.money.rights import require_bill, require_manager
from service.casework.money.standards import in_force, said_by
from service.casework.money.waiting import tell, wait_for_money, wait_no_longer
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.rights import may_read
from service.rules.bills import Bill, FeeLine, abandoned_on, make_bill
from service.rules.payments import OPEN, BillState, cancel, issue
from service.rules.refusals import Conflict, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar
from service.store.bills import BillLineRow, BillRow
from service.store.fee_standards import StandardRow
from service.store.records import Records

PREFIX = "SF"
LONGEST_SUBJECT = 200
LONGEST_REASON = 500
MSG_PAID, MSG_CANCELLED, MSG_ABANDONED = "MSG_PAID", "MSG_BILL_CANCELLED", "MSG_BILL_ABANDONED"


@dataclass(frozen=True, kw_only=True)
class BillFile:
    """A bill with its lines."""

    row: BillRow
    lines: tuple[BillLineRow, ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a bill is asked for. `only`: codes of standards; `values`: what their inputs are read from."""

    scope: UUID | None = None
    items: tuple[BilledItem, ...] = ()
    values: Mapping[str, Any]
    only: tuple[str, ...] = ()
    claims: tuple[Claimed, ...] = ()
    key: UUID | None = None
    replaces: UUID | None = None


def issue_bill(
    office: Office, records: Records, running: Running, wanted: Wanted, *, actor: Actor | None = None
) -> BillFile:
    """Issue the bill of a case or an item. The caller settles the engine afterwards; asked again by `key`, it is the same.

    Without `wanted.items` it is for the item of the scope, or for every item a chain has received. Refused:
    CALENDAR_MISSING, FEE_INPUT_MISSING, NUMBER_INVALID, BILL_OPEN, what `charge` and `make_bill` refuse.
    """
    file = running.file
    if wanted.key is not None and (known := records.bills.asked_by(wanted.key)) is not None:
        return BillFile(row=known, lines=records.bills.lines_of([known.id]))
    items = wanted.items or items_of(records, running, wanted.scope)
    settled = _settled(records, file, wanted, items)
    on = records.now.astimezone(SHANGHAI).date()
    standards = in_force(records, on)
    owing = [item for item in items if item.code not in settled]
    drafted = (
        *lines_of(owing, standards, wanted.values, on, only=wanted.only, claims=wanted.claims),
        *settled_lines([(item, settled[item.code]) for item in items if item.code in settled]),
    )
    bodies = {(item.department, item.code) for item in items if _free(item, drafted)}
    bill = make_bill(records.calendar, on, (line for _, line in drafted), bodies=bodies)
    return _keep(office, records, running, wanted, items, standards, bill, drafted, actor)


def cancel_bill(
    office: Office,
    actor: Actor,
    number: str,
    *,
    reason: str,
    inputs: Mapping[str, str] | None = None,
    again: bool = True,
) -> BillFile | None:
    """作废: an open bill is withdrawn; `again`: another one is computed, with other inputs where they were wrong.

    Refused: Missing BILL_NOT_FOUND, Forbidden FEE_MANAGERS_ONLY, Conflict BILL_STATE, CASE_ENDED, CASE_SUSPENDED, Invalid
    BILL_REASON_MISSING, and what `issue_bill` refuses.
    """
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise refuse("reason", "BILL_REASON_MISSING", "请写明作废的原因。")

    def act() -> BillFile | None:
        with office.transaction() as records:
            file, bill, lines = locked_bill(records, actor, number)
            require_manager(actor, lines)
            running = take_up(office, records, file)
            withdraw(records, running, bill, actor, said)
            made = None
            if again:
                basis = bill.basis
                wanted = Wanted(
                    scope=bill.scope_id,
                    items=tuple(_item(one) for one in basis["items"]),
                    values={**basis["values"], **{name: text for name, text in (inputs or {}).items() if text.strip()}},
                    only=tuple(basis["only"]),
                    replaces=bill.id,
                )
                made = issue_bill(office, records, running, wanted, actor=actor)
            if made is None or not made.row.owed:
                numbers = family(records, bill)
                tell(
                    records, running, MSG_CANCELLED, numbers, bill.scope_id, {"fee_due": False, "bill_no": bill.number}
                )
            settle(records, running)
            return made

    return office.attempt(act)


def bill_by_hand(
    office: Office, actor: Actor, case_id: UUID, *, scope: UUID | None, inputs: Mapping[str, str]
) -> BillFile:
    """The charging department issues the bill of an item whose diagram does not; amounts are computed all the same.

    Refused: Missing CASE_NOT_FOUND, Forbidden FEE_MANAGERS_ONLY, Conflict CASE_ENDED, CASE_SUSPENDED, and what
    `issue_bill` refuses.
    """

    def act() -> BillFile:
        with office.transaction() as records:
            row = records.cases.lock(case_id)
            if row is None or not (may_read(records, actor, row) or "fee_manager" in actor.roles):
                raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
            require_manager(actor)
            file = case_file(row)
            running = take_up(office, records, file)
            values = {**running.run.variables(scope), **{name: text for name, text in inputs.items() if text.strip()}}
            made = issue_bill(office, records, running, Wanted(scope=scope, values=values), actor=actor)
            settle(records, running)
            return made

    return office.attempt(act)


def withdraw(
    records: Records, running: Running, bill: BillRow, actor: Actor | None, reason: str, *, abandoned: bool = False
) -> None:
    """An open bill is withdrawn under the lock of its case, its papers with it. Refused: Conflict BILL_STATE."""
    step = cancel(account_of(records, bill))
    records.bills.change(bill.id, state=step.account.state.value, ended_at=records.now)
    action = JournalAction.BILL_ABANDONED if abandoned else JournalAction.BILL_CANCELLED
    write(records, running.file, action, actor, detail={"bill": str(bill.id), "number": bill.number, "reason": reason})
    wait_no_longer(records, running, bill)
    void_bill_papers(records, running.file, bill, actor, reason)


def locked_bill(
    records: Records, actor: Actor, number: str, *, alive: bool = True
) -> tuple[CaseFile, BillRow, tuple[BillLineRow, ...]]:
    """A bill under the lock of its case, for who may see it. Refused: Missing BILL_NOT_FOUND, CASE_ENDED, CASE_SUSPENDED."""
    found = require_bill(records, actor, records.bills.numbered(number))
    file = case_file(records.cases.lock(found.case_id), alive=alive)
    bill = records.bills.find(found.id)
    assert bill is not None  # bills are never deleted
    return file, bill, records.bills.lines_of([bill.id])


def family(records: Records, bill: BillRow) -> frozenset[str]:
    """The number of a bill and those of the bills it took the place of."""
    by_id = {one.id: one for one in records.bills.of_case(bill.case_id)}
    numbers, one = {bill.number}, bill
    while one.replaces is not None:
        one = by_id[one.replaces]
        numbers.add(one.number)
    return frozenset(numbers)


def items_of(records: Records, running: Running, scope: UUID | None) -> tuple[BilledItem, ...]:
    """The items a bill of a scope is for: the one of the scope, or all a chain has received, each once.

    A chain that was called (全程代办 files it) has received what began within its own call.
    """
    move, program, file = running.move, running.program, running.file
    clocks = () if move is None else tuple(move.clocks.rows.values())
    received = {row.scope_id: row.process for row in clocks if row.kind == "RECEIPT"}
    if scope in received:
        wanted = {scope: received[scope]}
    elif scope is None and received:
        wanted = received
    elif move is not None and move.drawn.kind(_process_of(running, scope)) == "CHAIN":
        within = _within(records, file.id, scope)
        wanted = {place: process for place, process in received.items() if place in within}
    else:
        wanted = {scope: _process_of(running, scope)}
    ids = {program.definition_id(process): process for process in wanted.values()}
    names = {ids[one.id]: one.name for one in records.deployments.definitions(list(ids))}
    found: dict[str, BilledItem] = {}
    for place, process in wanted.items():
        zw = program.attributes(process)
        code = zw.get("item", "") or process[:20]
        department = (move.drawn.department(process) if move is not None else None) or code.partition("-")[0]
        found[code] = BilledItem(
            code=code, name=names.get(process) or file.row.key, department=department[:8], scope=place
        )
    return tuple(found.values())


def _within(records: Records, case_id: UUID, scope: UUID | None) -> set[UUID]:
    """Everything that was called from a scope, at whatever depth, also what has ended since."""
    hosts = {row.id: row.scope_id for row in records.history.activities(case_id)}
    found = set()
    for place in hosts:
        around: UUID | None = place
        while around is not None and around != scope:
            around = hosts.get(around)
        if around == scope and place != scope:
            found.add(place)
    return found


def named_items(records: Records, codes: Sequence[str]) -> tuple[BilledItem, ...]:
    """Items by their codes, called as their processes are."""
    keys = {f"item_{code.replace('-', '_')}": code for code in codes}
    names = {keys[key]: row.name for key, row in records.deployments.newest(list(keys)).items()}
    return tuple(
        BilledItem(code=code, name=names.get(code) or code, department=code.partition("-")[0]) for code in codes
    )


def line_rows(bill_id: UUID, drafted: Sequence[tuple[UUID | None, FeeLine]]) -> tuple[BillLineRow, ...]:
    """The lines as they are kept."""
    return tuple(
        BillLineRow(
            bill_id=bill_id,
            position=position,
            scope_id=scope,
            department=line.department,
            name=line.name,
            item=line.item,
            basis=line.basis,
            formula=line.formula,
            inputs={name: f"{value:f}" for name, value in line.inputs},
            exempted=line.exempted,
            amount=line.amount,
            reason=line.reason,
            standard=line.standard,
            version=line.version,
            mandatory=line.mandatory,
        )
        for position, (scope, line) in enumerate(drafted)
    )


def _keep(
    office: Office,
    records: Records,
    running: Running,
    wanted: Wanted,
    items: tuple[BilledItem, ...],
    standards: Sequence[StandardRow],
    bill: Bill,
    drafted: Sequence[tuple[UUID | None, FeeLine]],
    actor: Actor | None,
) -> BillFile:
    file, step = running.file, issue(bill.total)
    settled = step.account.state is BillState.EXEMPT
    row = BillRow(
        id=uuid4(),
        number=_number(records, bill.issued_on),
        case_id=file.id,
        scope_id=wanted.scope,
        state=step.account.state.value,
        total=bill.total,
        owed=bill.owed,
        subject=_subject(file, items),
        issued_at=records.now,
        issued_on=bill.issued_on,
        issued_by=actor.username if actor is not None else None,
        due_on=bill.due_on,
        abandon_on=_abandon_on(records.calendar, bill.issued_on),
        key=wanted.key,
        replaces=wanted.replaces,
        basis=_basis(items, standards, wanted),
        ended_at=records.now if settled else None,
    )
    lines = line_rows(row.id, drafted)
    records.bills.add(row, lines)
    detail: dict[str, Any] = {
        "bill": str(row.id),
        "number": row.number,
        "total": f"{row.total:.2f}",
        "due_on": row.due_on.isoformat(),
        "lines": len(lines),
        "state": row.state,
    }
    if wanted.scope is not None:
        detail["scope"] = str(wanted.scope)
    if wanted.replaces is not None:
        detail["replaces"] = str(wanted.replaces)
    write(records, file, JournalAction.BILL_ISSUED, actor, detail=detail)
    if row.owed:
        wait_for_money(records, running, row, lines)
    bill_told(office, records, file, row, lines)
    return BillFile(row=row, lines=lines)


def _basis(items: Sequence[BilledItem], standards: Sequence[StandardRow], wanted: Wanted) -> dict[str, Any]:
    """What the bill was computed from, so that it can be computed again."""
    codes = {item.code for item in items}
    names = {
        one.name
        for row in standards
        if codes.intersection(row.items) and (not wanted.only or row.code in wanted.only)
        for one in measures_of(said_by(row))
    }
    values = {
        name: str(exact(wanted.values[name])) for name in sorted(names) if wanted.values.get(name) not in (None, "")
    }
    return {
        "items": [
            {"code": one.code, "name": one.name, "department": one.department, "scope": one.scope and str(one.scope)}
            for one in items
        ],
        "values": values,
        "only": list(wanted.only),
        "claims": [{"standard": one.standard, "code": one.code, "reason": one.reason} for one in wanted.claims],
    }


def _item(said: Mapping[str, Any]) -> BilledItem:
    scope = None if said["scope"] is None else UUID(said["scope"])
    return BilledItem(code=said["code"], name=said["name"], department=said["department"], scope=scope)


def billed_items(bill: BillRow) -> tuple[BilledItem, ...]:
    """The items a bill is for."""
    return tuple(_item(one) for one in bill.basis["items"])


def _settled(records: Records, file: CaseFile, wanted: Wanted, items: Sequence[BilledItem]) -> dict[str, str]:
    """Items an earlier filing of the case has been charged for, with the number of that bill: nothing is charged twice.

    Of such a bill only what had an amount is settled: what was free then is computed anew. Refused: Conflict BILL_OPEN for
    a bill that waits for money, or one of the very same place.
    """
    codes, found = {item.code for item in items}, dict[str, str]()
    for one in records.bills.of_case(file.id):
        charged = {item.code for item in billed_items(one)} & codes
        if one.state in ("CANCELLED", "REFUNDED") or one.id == wanted.replaces or not charged:
            continue
        if one.scope_id == wanted.scope or one.state in OPEN:
            raise Conflict("BILL_OPEN", "该事项已有收费单 {number}，如需重新计算请先作废。", number=one.number)
        lines = records.bills.lines_of([one.id])
        found |= {line.item: one.number for line in lines if line.item in charged and (line.amount or line.exempted)}
    return found


def _free(item: BilledItem, drafted: Sequence[tuple[UUID | None, FeeLine]]) -> bool:
    """Whether the item's own body has a line: it has none when another body charges for its item."""
    return not any(line.item == item.code and line.department != item.department for _, line in drafted)


def _process_of(running: Running, scope: UUID | None) -> str:
    if scope is None:
        return running.file.row.key
    return next((one.process for one in running.run.scopes() if one.host == scope), running.file.row.key)


def _number(records: Records, day: date) -> str:
    """`SF`, date, five digits: one series a day, without gaps."""
    text = f"{day:%Y%m%d}"
    return f"{PREFIX}{text}{records.series.next(f'{PREFIX}/{text}'):05d}"


def _subject(file: CaseFile, items: Sequence[BilledItem]) -> str:
    row = file.row
    what = row.title or (items[0].name if items else row.key)
    return " ".join(filter(None, (what, row.business_key)))[:LONGEST_SUBJECT]


def _abandon_on(calendar: WorkCalendar, on: date) -> date | None:
    try:
        return abandoned_on(calendar, on)
    except CalendarMissing:
        return None
