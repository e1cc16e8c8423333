"""What pages show of 配套流程: which may be begun for a case, the list of orders, the supporting case of a matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.chains.stopping import stoppable
from service.casework.chains.withdrawing import ChainSplit, split_of
from service.casework.journalling import CaseFile
from service.casework.listing.asking import sight_of
from service.casework.measures.refunds import ASKERS
from service.casework.measures.renewals import WINDOW
from service.casework.measures.withdrawal import may_ask, require_split
from service.casework.office import Office
from service.casework.rights import require_reader
from service.casework.support_asking import ORDER, REFUND, RENEWAL, REVIEW, WITHDRAWAL
from service.casework.workbench.work import WorkItem, with_people, work_item
from service.rules.cards import Violation
from service.rules.payments import BillState
from service.rules.refusals import Conflict
from service.store.cases import CaseRow
from service.store.listing import SUPERVISION
from service.store.listing.supervision import SOON, SupervisionListRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

__all__ = ["ORDER", "REVIEW", "Offers", "offers", "order_list", "supporting_case"]
PAGE = 20
VIEWS: Mapping[str, Mapping[str, bool]] = {"open": {"open": True}, "over": {"over": True}, "all": {}}
LIGHTS: Mapping[str, str] = {"red": "overdue", "yellow": "due_soon"}


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What somebody may begin for a case. `payments`: (payment, bill, amount) that may be asked back; `whole`: the case itself
    may be taken back; `ends`, `stands`: of a chain, the items that would end and those that have been decided; `items`: those that
    may be taken back by themselves (node, name)."""

    order: bool = False
    endings: tuple[str, ...] = ()
    whole: bool = True
    ends: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    renewal: bool = False
    payments: tuple[tuple[UUID, str, str], ...] = ()
    departments: Mapping[str, tuple[str, str]] | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.order or self.endings or self.renewal or self.payments)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One order with its supporting case and who has to do something there. `light`: red, yellow, green, or done."""

    row: SupervisionListRow
    case_id: UUID | None
    work: WorkItem | None
    light: str


@dataclass(frozen=True, kw_only=True)
class OrderList:
    """One page of orders. `counts`: per view, with the other filters."""

    items: tuple[OrderLine, ...]
    counts: Mapping[str, int]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    now: datetime


def offers(office: Office, actor: Actor, case_id: UUID) -> Offers:
    """What the actor may begin for a case; nothing for a supporting case. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        if case.key.startswith("support_"):
            return Offers()
        running = case.ended_at is None
        there = {
            key
            for key, row in records.deployments.newest([ORDER, WITHDRAWAL, RENEWAL, REFUND]).items()
            if not row.suspended
        }
        endings: tuple[str, ...] = ()
        items: tuple[tuple[str, str], ...] = ()
        ends: tuple[str, ...] = ()
        stands: tuple[str, ...] = ()
        whole = True
        if running and WITHDRAWAL in there:
            department = next((one.department for one in records.clocks.of_case(case_id) if one.department), None)
            endings = may_ask(actor, case.started_by, department)
            if "WITHDRAWN" in endings:
                items = tuple((one.node, one.name) for one in stoppable(office, records, case))
            split = split_of(office, records, case) if endings else None
            whole = not endings or _open(records, case, split)
            if split is not None and whole:
                ends, stands = (tuple(one.name for one in found) for found in (split.ends, split.stands))
            if not whole:
                endings = ("WITHDRAWN",) if items else ()
        order = "supervisor" in actor.roles and ORDER in there
        return Offers(
            order=order,
            endings=endings,
            whole=whole,
            ends=ends,
            stands=stands,
            items=items,
            renewal=running and RENEWAL in there and actor.has(*WINDOW),
            payments=_payments(records, case_id) if REFUND in there and actor.has(*ASKERS) else (),
            departments=Workbench(records).departments() if order else None,
        )


def supporting_case(office: Office, actor: Actor, key: str, subject: UUID) -> UUID | None:
    """The supporting case about a matter, for links; whoever opens it has to be allowed to."""
    with office.reading() as records:
        row = records.measures.about(key, subject)
        return None if row is None else row.id


def order_list(
    office: Office, actor: Actor, *, view: str = "open", filters: Mapping[str, str] | None = None, page: int = 1
) -> OrderList:
    """One page of orders the actor may see, the latest first. `filters`: department, light (red, yellow), `mine`."""
    given = filters or {}
    asked: dict[str, Any] = {"violation": Violation.ORDER.value}
    if given.get("department"):
        asked["department"] = given["department"]
    if given.get("light") in LIGHTS:
        asked[LIGHTS[given["light"]]] = True
    if given.get("mine"):
        asked["addressee_in"] = [one for one in (actor.username, actor.department) if one]
    sight = sight_of(actor, SUPERVISION)
    with office.reading() as records:
        counts = {name: SUPERVISION.count(records, sight, {**asked, **more}) for name, more in VIEWS.items()}
        pages = max(1, -(-counts[view] // PAGE))
        page = min(max(page, 1), pages)
        rows = SUPERVISION.rows(records, sight, {**asked, **VIEWS[view]}, first=(page - 1) * PAGE, size=PAGE)
        cases = records.measures.about_each(ORDER, [row.id for row in rows])
        bench = Workbench(records)
        open_rows = bench.open_work_of(list(cases.values()))
        work = with_people(bench, [work_item(records.calendar, row, records.now) for row in open_rows])
        by_case = {one.row.case_id: one for one in work}
        return OrderList(
            items=tuple(
                OrderLine(
                    row=row,
                    case_id=cases.get(row.id),
                    work=by_case.get(cases[row.id]) if row.id in cases else None,
                    light=_light(row, records.now),
                )
                for row in rows
            ),
            counts=counts,
            people=bench.people({row.addressee for row in rows}),
            departments=bench.departments(),
            total=counts[view],
            page=page,
            pages=pages,
            now=records.now,
        )


def _light(row: SupervisionListRow, now: datetime) -> str:
    if row.state not in ("OPEN", "SIGNED") or row.feedback_due_at is None:
        return "done"
    if row.feedback_due_at <= now:
        return "red"
    return "yellow" if row.feedback_due_at <= now + SOON else "green"


def _open(records: Records, case: CaseRow, split: ChainSplit | None) -> bool:
    """Whether the case may still be taken back as a whole."""
    try:
        require_split(records, CaseFile(case), split)
    except Conflict:
        return False
    return True


def _payments(records: Records, case_id: UUID) -> tuple[tuple[UUID, str, str], ...]:
    """Money of the case that has come in and that nobody has asked back."""
    found = []
    for bill in records.bills.of_case(case_id):
        if bill.state != BillState.PAID:
            continue
        asked = {row.payment_id for row in records.bills.refunds_for(bill_id=bill.id) if row.state != "REFUSED"}
        found += [
            (row.id, bill.number, f"{row.amount:.2f}")
            for row in records.bills.payments_of(bill.id)
            if row.id not in asked
        ]
    return tuple(found)
