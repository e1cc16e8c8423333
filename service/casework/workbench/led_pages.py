"""牵头联办: the chains a department leads, each with its light, the milestone to reach next and the departments at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.rights import COORDINATORS, HEADS
from service.casework.workbench.case_pages import VIEWS
from service.casework.workbench.work import PAGE, WorkItem, work_item
from service.rules.lights import Light
from service.rules.refusals import Forbidden
from service.store.workbench import CaseLine, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

URGENT = (Light.RED, Light.YELLOW, Light.GREEN)


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """A department with open tasks in a chain: how many, and the light of the most urgent."""

    department: str
    tasks: int
    light: str


@dataclass(frozen=True, kw_only=True)
class LedList:
    """One page of chains. `limits`, `milestones`, `offices`: by chain; `counts`: by state; `lights`: by light of those shown."""

    items: tuple[CaseLine, ...]
    limits: Mapping[UUID, tuple[str, datetime | None]]
    milestones: Mapping[UUID, tuple[str, datetime | None, str]]
    offices: Mapping[UUID, tuple[AtWork, ...]]
    counts: Mapping[str, int]
    lights: Mapping[str, int]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    now: datetime


def led_chains(
    office: Office, actor: Actor, *, view: str = "running", light: str | None = None, search: str = "", page: int = 1
) -> LedList:
    """The chains the actor's department leads, the latest first. Refused: Forbidden LEADING_FORBIDDEN."""
    if actor.department is None or not actor.has(*COORDINATORS, *HEADS):
        raise Forbidden("LEADING_FORBIDDEN", "只有牵头部门的协调人和负责人可以召集、催办和汇总")
    with office.reading() as records:
        bench, page = Workbench(records), max(page, 1)

        def asked(number: int) -> tuple[dict[str, int], dict[str, int], tuple[CaseLine, ...]]:
            return bench.cases(
                username=actor.username,
                department_code=None,
                everything=False,
                leads=actor.department,
                led=True,
                search=search,
                states=VIEWS.get(view, ()),
                light=light,
                skip=(number - 1) * PAGE,
                limit=PAGE,
            )

        by_state, by_light, items = asked(page)
        counts = {name: sum(by_state.get(s, 0) for s in states or by_state) for name, states in VIEWS.items()}
        total = counts.get(view, counts["all"]) if light is None else by_light.get(light, 0)
        pages = max(1, -(-total // PAGE))
        if page > pages:
            page = pages
            by_state, by_light, items = asked(page)
        ids = [line.id for line in items]
        work = [work_item(records.calendar, row, records.now) for row in bench.open_work_of(ids)]
        return LedList(
            items=items,
            limits=bench.limits(ids),
            milestones=bench.milestones(ids),
            offices={one: _offices([item for item in work if item.row.case_id == one]) for one in ids},
            counts=counts,
            lights=by_light,
            departments=bench.departments(),
            total=total,
            page=page,
            pages=pages,
            now=records.now,
        )


def _offices(work: Sequence[WorkItem]) -> tuple[AtWork, ...]:
    """The departments that have something to do, the one that is late first."""
    found: dict[str, list[WorkItem]] = {}
    for item in work:
        found.setdefault(item.row.department or "", []).append(item)
    rank = {light: place for place, light in enumerate(URGENT)}
    listed = []
    for department, items in found.items():
        worst = min((one.light for one in items), key=lambda one: rank.get(one, len(rank)))
        listed.append(
            (rank.get(worst, len(rank)), department, AtWork(department=department, tasks=len(items), light=worst.value))
        )
    return tuple(one for _, _, one in sorted(listed, key=lambda each: each[:2]))
