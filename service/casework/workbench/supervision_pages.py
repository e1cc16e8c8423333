"""监察提示: hints, cards and orders one may see, and one of them with what was done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.listing.asking import sight_of
from service.casework.supervising import HEADS, acts_open, may_see
from service.rules.cards import CardAct
from service.rules.refusals import Missing
from service.store.listing import SUPERVISION, Sight
from service.store.listing.supervision import SupervisionListRow
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

PAGE = 20
VIEWS: Mapping[str, Mapping[str, bool]] = {
    "open": {"open": True},
    "overdue": {"overdue": True},
    "over": {"over": True},
    "all": {},
}


@dataclass(frozen=True, kw_only=True)
class Acted:
    """One thing somebody did about a card."""

    act: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class SupervisionList:
    """One page of what the actor may see. `counts`: per view, with the other filters."""

    items: tuple[SupervisionListRow, ...]
    counts: Mapping[str, int]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    now: datetime


@dataclass(frozen=True, kw_only=True)
class SupervisionPage:
    """One of them. `acts`: what the actor can do about it now; `done`: what was done, first thing first."""

    row: SupervisionListRow
    acts: tuple[CardAct, ...]
    done: tuple[Acted, ...]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    task_name: str | None
    now: datetime


def supervision_list(
    office: Office, actor: Actor, *, view: str = "open", filters: Mapping[str, str] | None = None, page: int = 1
) -> SupervisionList:
    """One page, the latest first. `filters`: level, violation, department, `mine` for what the actor has to answer."""
    sight, asked = sight_of(actor, SUPERVISION), _asked(actor, filters or {})
    with office.reading() as records:
        counts = {
            name: SUPERVISION.count(records, sight, {**asked, **conditions}) for name, conditions in VIEWS.items()
        }
        pages = max(1, -(-counts[view] // PAGE))
        page = min(max(page, 1), pages)
        rows = SUPERVISION.rows(records, sight, {**asked, **VIEWS[view]}, first=(page - 1) * PAGE, size=PAGE)
        people, departments = _names(records, rows)
        return SupervisionList(
            items=rows,
            counts=counts,
            people=people,
            departments=departments,
            total=counts[view],
            page=page,
            pages=pages,
            now=records.now,
        )


def supervision_page(office: Office, actor: Actor, card_id: UUID) -> SupervisionPage:
    """One hint, card or order. Refused: Missing CARD_NOT_FOUND, also for who may not see it."""
    with office.reading() as records:
        stored = records.supervision.find(card_id)
        if stored is None or not may_see(actor, stored):
            raise Missing("CARD_NOT_FOUND", "没有这个监察事项，或者您无权查看。")
        [row] = SUPERVISION.rows(records, Sight(everything=True), {"supervision_id": card_id}, size=1)
        done = tuple(
            Acted(act=one["act"], by=one["by"], at=datetime.fromisoformat(one["at"]), text=one["text"])
            for one in row.detail.get("acts", ())
        )
        holders = [str(name) for name in row.detail.get("holders", ())]
        people, departments = _names(records, [row], [*holders, *(one.by for one in done)])
        task = records.tasks.find(row.task_id) if row.task_id is not None else None
        return SupervisionPage(
            row=row,
            acts=acts_open(records.calendar, actor, stored, records.now),
            done=done,
            people=people,
            departments=departments,
            task_name=task.name if task is not None else None,
            now=records.now,
        )


def cards_of_case(office: Office, actor: Actor, case_id: UUID) -> tuple[SupervisionListRow, ...]:
    """What was raised in a case, as far as the actor may see it."""
    with office.reading() as records:
        return SUPERVISION.rows(
            records, sight_of(actor, SUPERVISION), {"case_id": case_id}, sorting=(("raised_at", False),)
        )


def open_cards(office: Office, actor: Actor) -> int:
    """How many of them wait for an answer by the actor."""
    with office.reading() as records:
        asked = _asked(actor, {"mine": "1"})
        return SUPERVISION.count(records, Sight(everything=True), {**asked, "unanswered": True})


def _asked(actor: Actor, filters: Mapping[str, str]) -> dict[str, Any]:
    asked: dict[str, Any] = {
        name: value for name in ("level", "violation", "department") if (value := filters.get(name))
    }
    if filters.get("mine"):
        own = [actor.username]
        if actor.department is not None and actor.has(*HEADS) and not actor.service:
            own.append(actor.department)
        asked["addressee_in"] = own
    return asked


def _names(
    records: Records, rows: Sequence[SupervisionListRow], others: Sequence[str] = ()
) -> tuple[dict[str, PersonCard], dict[str, tuple[str, str]]]:
    bench = Workbench(records)
    return bench.people({*(row.addressee for row in rows), *others}), bench.departments()
