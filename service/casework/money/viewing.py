"""What the pages of money show: the catalogue and its calculator, bills and one bill, the desks of 减免, 退付 and 对账."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.listing.asking import sight_of
from service.casework.money.desk import desk_open
from service.casework.money.exempting import ASKERS
from service.casework.money.lines import BilledItem, Claimed, lines_of, measures_of
from service.casework.money.paper import BILL, REFUND
from service.casework.money.rights import (
    CASHIERS,
    CENTRE,
    FINANCE,
    MANAGERS,
    OVERSEERS,
    may_see_bill,
    require_bill,
    require_cashier,
    require_manager,
)
from service.casework.money.standards import said_by
from service.casework.office import Office
from service.casework.rights import may_read
from service.rules.bills import FeeLine
from service.rules.exempting import WAITING
from service.rules.fee_formulas import Fixed, Measure, PerUnit, PerUnitDays, Ratio, Tiered
from service.rules.fees import FeeStandard
from service.rules.money import in_capitals
from service.rules.payments import OPEN, BillState, RefundState
from service.rules.refusals import Forbidden, Missing
from service.rules.worktime import SHANGHAI
from service.store.bills import BillLineRow, BillRow, ExemptionRow, PaymentRow, RefundRow
from service.store.documents import DocumentRow
from service.store.fee_standards import StandardRow
from service.store.listing import BILLS, EXEMPTIONS, REFUNDS
from service.store.listing.bills import BillListRow, ExemptionListRow, RefundListRow
from service.store.reconciliations import DayRow, ExceptionRow
from service.store.records import Records

PAGE = 20
VIEWS: Mapping[str, Mapping[str, bool]] = {
    "open": {"open": True},
    "overdue": {"overdue": True},
    "paid": {"paid": True},
    "refunds": {"refunds": True},
    "all": {},
}
DAYS_SHOWN = 31


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """A standard in force, with its price in words and what it has to know."""

    row: StandardRow
    says: FeeStandard
    prices: tuple[str, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What is charged today. `departments`: code → (name, short)."""

    entries: tuple[CatalogueEntry, ...]
    departments: Mapping[str, tuple[str, str]]
    today: date


@dataclass(frozen=True, kw_only=True)
class BillList:
    """One page of bills. `counts`: per view, with the other filters; `sum`: of the bills of this page."""

    items: tuple[BillListRow, ...]
    counts: Mapping[str, int]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    today: date


@dataclass(frozen=True, kw_only=True)
class PaymentEntry:
    """Money that came in with what went back of it. `refundable`: a refund may be asked for."""

    row: PaymentRow
    refunds: tuple[RefundRow, ...]
    refundable: bool


@dataclass(frozen=True, kw_only=True)
class ExemptionChoice:
    """An exemption one may ask for."""

    standard: str
    code: str
    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class BillPage:
    """One bill. `acts`: what the actor may do about it now."""

    row: BillRow
    lines: tuple[BillLineRow, ...]
    capitals: str
    payments: tuple[PaymentEntry, ...]
    exemptions: tuple[ExemptionRow, ...]
    choices: tuple[ExemptionChoice, ...]
    measures: tuple[tuple[Measure, str], ...]
    replaced: str
    replaced_by: str
    case_title: str
    may_open_case: bool
    acts: frozenset[str]
    people: Mapping[str, str]
    departments: Mapping[str, tuple[str, str]]
    today: date
    papers: tuple[DocumentRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseBills:
    """The bills of a case with their lines, for its page."""

    bills: tuple[tuple[BillRow, tuple[BillLineRow, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class CaseToBill:
    """A case the charging department bills by hand."""

    case_id: UUID
    title: str
    number: str
    bills: tuple[BillRow, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class DeskPage:
    """The cashier's desk: the bill asked for, and refunds to be paid out."""

    open: bool
    bill: BillRow | None
    lines: tuple[BillLineRow, ...]
    refunds: tuple[RefundListRow, ...]
    departments: Mapping[str, tuple[str, str]]
    today: date


@dataclass(frozen=True, kw_only=True)
class MoneyDesk:
    """What waits for the charging department and 财政. `stray`: money that paid no bill."""

    exemptions: tuple[ExemptionListRow, ...]
    refunds: tuple[RefundListRow, ...]
    stray: tuple[PaymentRow, ...]
    done: tuple[RefundListRow, ...]
    people: Mapping[str, str]
    manages: bool
    decides: bool


@dataclass(frozen=True, kw_only=True)
class Days:
    """Days compared lately, and those of them nobody compared."""

    rows: tuple[DayRow, ...]
    lacking: tuple[date, ...]
    today: date
    by_hand: bool
    decides: bool


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """One day."""

    day: date
    row: DayRow | None
    exceptions: tuple[ExceptionRow, ...]
    known: frozenset[str]
    people: Mapping[str, str]
    over: bool
    decides: bool


def catalogue(office: Office, *, search: str = "") -> Catalogue:
    """What is charged today, for everyone; `search`: in names, codes, departments and bases (DF-27)."""
    with office.reading() as records:
        today = _today(records)
        departments = _departments(records)
        wanted = search.strip().lower()
        entries = []
        for row in records.fees.in_force(today):
            says = said_by(row)
            names = departments.get(row.department, ("", ""))
            text = " ".join((row.code, row.name, *names, says.basis.text(), row.document, *row.items)).lower()
            if wanted in text:
                entries.append(CatalogueEntry(row=row, says=says, prices=prices_of(says), measures=measures_of(says)))
        return Catalogue(entries=tuple(entries), departments=departments, today=today)


def estimate(office: Office, standard_id: UUID, inputs: Mapping[str, str], claims: Sequence[str] = ()) -> FeeLine:
    """What a standard in force would come to today; the same computation as the bill (XN-22).

    Refused: Missing STANDARD_NOT_FOUND, and what `rules.fees.charge` refuses.
    """
    with office.reading() as records:
        today = _today(records)
        row = next((one for one in records.fees.in_force(today) if one.id == standard_id), None)
        if row is None:
            raise Missing("STANDARD_NOT_FOUND", "没有这个收费标准。")
        item = BilledItem(code=row.items[0] if row.items else "", name=row.name, department=row.department)
        claimed = [Claimed(standard=row.code, code=code, reason="试算") for code in claims]
        values = {name: text.strip() for name, text in inputs.items()}
        [(_, line)] = lines_of([item], [replace(row, on_demand=False)], values, today, claims=claimed)
        return line


def prices_of(says: FeeStandard) -> tuple[str, ...]:
    """The single prices of a standard as people read them."""
    formula = says.formula
    found: list[str] = []
    match formula:
        case Fixed():
            found.append(f"{formula.price:,.2f} 元/{formula.pieces.unit}")
            if formula.further is not None and formula.further_price is not None:
                found.append(
                    f"第 {formula.included + 1} {formula.further.unit}起 {formula.further_price:,.2f} 元/{formula.further.unit}"
                )
        case PerUnit():
            share = (
                ""
                if formula.quantity.share is None
                else f"（{formula.quantity.label}的 {formula.quantity.share * 100:f}%）"
            )
            found.append(f"{formula.price:,f} 元/{formula.quantity.unit}{share}")
        case PerUnitDays():
            found.append(f"{formula.price:,f} 元/{formula.quantity.unit}·天")
        case Ratio():
            found.append(f"{formula.base.label}的 {(formula.rate * 100).normalize():f}%")
        case Tiered():
            below = Decimal(0)
            for tier in formula.tiers:
                unit = formula.quantity.unit
                span = f"超过 {below:,f}{unit}" if tier.upto is None else f"{below:,f}–{tier.upto:,f}{unit}"
                found.append(f"{span}：{tier.price:,f} 元/{unit}")
                below = tier.upto or below
    if says.cap is not None:
        found.append(f"封顶 {says.cap:,.2f} 元")
    if says.floor is not None:
        found.append(f"保底 {says.floor:,.2f} 元")
    return tuple(found)


def bill_list(
    office: Office,
    actor: Actor,
    *,
    view: str = "open",
    filters: Mapping[str, str] | None = None,
    page: int = 1,
    size: int = PAGE,
) -> BillList:
    """Bills, the latest first. `filters`: search, department, issued_from, issued_to. Refused: Forbidden BILLS_FORBIDDEN."""
    if not actor.has(*OVERSEERS):
        raise Forbidden("BILLS_FORBIDDEN", "您无权查看收费单列表；可在您经办的办件中查看其收费单。")
    asked = _filters(filters or {})
    sight = sight_of(actor, BILLS)
    with office.reading() as records:
        counts = {name: BILLS.count(records, sight, {**asked, **more}) for name, more in VIEWS.items()}
        pages = max(1, -(-counts[view] // size))
        page = min(max(page, 1), pages)
        rows = BILLS.rows(records, sight, {**asked, **VIEWS[view]}, first=(page - 1) * size, size=size)
        return BillList(
            items=rows,
            counts=counts,
            departments=_departments(records),
            total=counts[view],
            page=page,
            pages=pages,
            today=_today(records),
        )


def bill_page(office: Office, actor: Actor, number: str) -> BillPage:
    """One bill with everything about it. Refused: Missing BILL_NOT_FOUND, also for who may not see it."""
    with office.reading() as records:
        row = require_bill(records, actor, records.bills.numbered(number))
        lines = records.bills.lines_of([row.id])
        payments = records.bills.payments_of(row.id)
        refunds = records.bills.refunds_for(bill_id=row.id)
        exemptions = records.bills.exemptions_of(row.id)
        case = records.cases.find(row.case_id)
        family = {one.id: one for one in records.bills.of_case(row.case_id)}
        versions = {one.code: one for one in records.fees.in_force(row.issued_on)}
        charged = [versions[line.standard] for line in lines if line.standard in versions]
        acts = _acts(actor, row, lines, exemptions, case is not None and case.ended_at is None)
        names = {line.requested_by for line in refunds} | {one.decided_by or "" for one in refunds}
        names |= {name or "" for one in exemptions for name in (one.requested_by, one.reviewed_by, one.decided_by)}
        names.add(row.issued_by or "")
        held = {one.payment_id for one in refunds if one.state != RefundState.REFUSED}
        return BillPage(
            row=row,
            lines=lines,
            capitals=in_capitals(row.total),
            payments=tuple(
                PaymentEntry(
                    row=one,
                    refunds=tuple(back for back in refunds if back.payment_id == one.id),
                    refundable="refund" in acts
                    and one.id not in held
                    and (not one.settles or row.state == BillState.PAID),
                )
                for one in payments
            ),
            exemptions=exemptions,
            choices=_choices(charged, row),
            measures=tuple(
                (measure, str(row.basis["values"].get(measure.name, "")))
                for one in charged
                for measure in measures_of(said_by(one))
            ),
            replaced=family[row.replaces].number if row.replaces in family else "",
            replaced_by=next((one.number for one in family.values() if one.replaces == row.id), ""),
            case_title=(case.title or case.business_key or "") if case is not None else "",
            may_open_case=case is not None and may_read(records, actor, case),
            acts=acts,
            people=records.people.names({name for name in names if name}),
            departments=_departments(records),
            today=_today(records),
            papers=tuple(
                one
                for one in records.documents.of_case(row.case_id)
                if one.code in (BILL, REFUND) and one.facts.get("bill_no") == row.number
            ),
        )


def case_bills(office: Office, actor: Actor, case_id: UUID) -> CaseBills | None:
    """The bills of a case as far as the actor may see them."""
    with office.reading() as records:
        found = tuple(one for one in records.bills.of_case(case_id) if may_see_bill(records, actor, one))
        if not found:
            return None
        lines = records.bills.lines_of([one.id for one in found])
        by_bill = {one.id: tuple(line for line in lines if line.bill_id == one.id) for one in found}
        return CaseBills(bills=tuple((one, by_bill[one.id]) for one in found))


def case_to_bill(office: Office, actor: Actor, number: str) -> CaseToBill:
    """The running case with a number, for the charging department to issue its bill.

    Refused: Forbidden FEE_MANAGERS_ONLY, Missing CASE_NOT_FOUND.
    """
    require_manager(actor)
    with office.reading() as records:
        found = records.cases.running_numbered(number.strip())
        if found is None:
            raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
        standards = records.fees.in_force(_today(records))
        bills = tuple(one for one in records.bills.of_case(found.id) if one.state != "CANCELLED")
        measures = {one.name: one for row in standards for one in measures_of(said_by(row))}
        return CaseToBill(
            case_id=found.id,
            title=found.title or found.key,
            number=number.strip(),
            bills=bills,
            measures=tuple(measures.values()),
        )


def cashier_page(office: Office, actor: Actor, number: str = "") -> DeskPage:
    """The desk with the bill whose number was given. Refused: Forbidden CASHIERS_ONLY, Missing BILL_NOT_FOUND."""
    require_cashier(actor)
    with office.reading() as records:
        bill = records.bills.numbered(number.strip()) if number.strip() else None
        if number.strip() and bill is None:
            raise Missing("BILL_NOT_FOUND", "没有这张收费单，或者您无权查看。")
        waiting = REFUNDS.rows(records, sight_of(actor, REFUNDS), {"state": RefundState.REFUNDING}, size=100)
        return DeskPage(
            open=desk_open(office),
            bill=bill,
            lines=records.bills.lines_of([bill.id]) if bill is not None else (),
            refunds=waiting,
            departments=_departments(records),
            today=_today(records),
        )


def money_desk(office: Office, actor: Actor) -> MoneyDesk:
    """What waits for the charging department and 财政. Refused: Forbidden BILLS_FORBIDDEN."""
    if not actor.has(*OVERSEERS):
        raise Forbidden("BILLS_FORBIDDEN", "您无权查看收费单列表；可在您经办的办件中查看其收费单。")
    with office.reading() as records:
        exemptions = EXEMPTIONS.rows(
            records, sight_of(actor, EXEMPTIONS), {"state_in": [str(one) for one in WAITING]}, size=100
        )
        sight = sight_of(actor, REFUNDS)
        refunds = REFUNDS.rows(records, sight, {"state_in": ["REQUESTED", "REFUNDING"]}, size=100)
        done = REFUNDS.rows(records, sight, {"state_in": ["REFUNDED", "REFUSED"]}, size=20)
        names = {one.requested_by for one in exemptions} | {one.requested_by for one in (*refunds, *done)}
        names |= {one.reviewed_by or "" for one in exemptions} | {one.decided_by or "" for one in (*refunds, *done)}
        return MoneyDesk(
            exemptions=exemptions,
            refunds=refunds,
            stray=records.bills.unfitting(),
            done=done,
            people=records.people.names({name for name in names if name}),
            manages=bool(actor.roles & set(MANAGERS)),
            decides=bool(actor.roles & set(FINANCE)),
        )


def reconciled_days(office: Office, actor: Actor) -> Days:
    """The last days, the latest first. Refused: Forbidden BILLS_FORBIDDEN."""
    _require_books(actor)
    with office.reading() as records:
        today = _today(records)
        first = today - timedelta(DAYS_SHOWN)
        rows = records.reconciliations.between(first, today)
        done = {row.day for row in rows}
        begin, end = (_midnight(first), _midnight(today))
        moved = {one.at.astimezone(SHANGHAI).date() for one in records.reconciliations.movements(begin, end)}
        return Days(
            rows=rows,
            lacking=tuple(sorted(moved - done, reverse=True)),
            today=today,
            by_hand=desk_open(office),
            decides=bool(actor.roles & set(FINANCE)),
        )


def reconciled_day(office: Office, actor: Actor, day: date) -> DayPage:
    """One day with its differences. Refused: Forbidden BILLS_FORBIDDEN."""
    _require_books(actor)
    with office.reading() as records:
        exceptions = records.reconciliations.exceptions_of(day)
        row = records.reconciliations.find(day)
        names = {one.handled_by for one in exceptions if one.handled_by} | (
            {row.run_by} if row and row.run_by else set()
        )
        return DayPage(
            day=day,
            row=row,
            exceptions=exceptions,
            known=records.reconciliations.known([one.bill_no for one in exceptions]),
            people=records.people.names(names),
            over=day <= _today(records),
            decides=bool(actor.roles & set(FINANCE)),
        )


def waiting_money(office: Office, actor: Actor) -> int:
    """How many requests wait for this person's decision, for the navigation."""
    with office.reading() as records:
        if actor.roles & set(FINANCE):
            exemptions = EXEMPTIONS.count(records, sight_of(actor, EXEMPTIONS), {"state": "REVIEWED"})
            return exemptions + REFUNDS.count(records, sight_of(actor, REFUNDS), {"state": "REQUESTED"})
        if actor.roles & set(MANAGERS):
            return EXEMPTIONS.count(records, sight_of(actor, EXEMPTIONS), {"state": "REQUESTED"})
    return 0


def _acts(
    actor: Actor, row: BillRow, lines: tuple[BillLineRow, ...], exemptions: tuple[ExemptionRow, ...], alive: bool
) -> frozenset[str]:
    found = set()
    theirs = actor.department in (None, CENTRE) or any(line.department == actor.department for line in lines)
    manages = bool(actor.roles & set(MANAGERS)) and theirs
    open_bill = row.state in OPEN and alive
    waiting = any(one.state in WAITING for one in exemptions)
    if manages:
        found.add("refund")
        if open_bill:
            found.add("cancel")
        if alive and any(one.state == "REQUESTED" for one in exemptions):
            found.add("review")
    if open_bill and not waiting and actor.roles & set(ASKERS):
        found.add("exempt")
    if actor.roles & set(FINANCE):
        found.add("decide")
    if actor.roles & set(CASHIERS) and row.state in OPEN:
        found.add("take")
    return frozenset(found)


def _choices(standards: Sequence[StandardRow], bill: BillRow) -> tuple[ExemptionChoice, ...]:
    claimed = {(one["standard"], one["code"]) for one in bill.basis["claims"]}
    return tuple(
        ExemptionChoice(
            standard=row.code,
            code=one.code,
            name=one.name,
            words=f"{one.percent:f}% · {one.basis.text()}",
        )
        for row in standards
        for one in said_by(row).exemptions
        if one.holds(bill.issued_on) and (row.code, one.code) not in claimed
    )


def _filters(given: Mapping[str, str]) -> dict[str, Any]:
    """The filters that mean something; a day that is none is left out."""
    asked: dict[str, Any] = {name: given[name] for name in ("search", "department") if given.get(name)}
    for name in ("issued_from", "issued_to"):
        try:
            asked[name] = date.fromisoformat(given.get(name, ""))
        except ValueError:
            continue
    return asked


def _require_books(actor: Actor) -> None:
    if not actor.has(*OVERSEERS):
        raise Forbidden("BILLS_FORBIDDEN", "您无权查看收费单列表；可在您经办的办件中查看其收费单。")


def _departments(records: Records) -> dict[str, tuple[str, str]]:
    return {one.code: (one.name, one.short) for one in records.people.departments()}


def _today(records: Records) -> date:
    return records.now.astimezone(SHANGHAI).date()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
