"""牵头联办: the chains a department leads, each with its light, the milestone to reach next and the departments at work; what who leads
has said of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.notes.rights import is_insider
from service.casework.rights import COORDINATORS, HEADS, leads, require_reader
from service.casework.workbench.case_pages import VIEWS
from service.casework.workbench.work import PAGE, WorkItem, work_item
from service.rules.lights import Light
from service.rules.refusals import Forbidden
from service.rules.vocabulary import JournalAction
from service.store.workbench import CaseLine, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

SAID = (JournalAction.LEAD_SUMMED_UP, JournalAction.LEAD_CONVENED)
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


@dataclass(frozen=True, kw_only=True)
class Led:
    """Something who leads has said of a chain. `at`, `room`, `departments`: of a meeting."""

    act: str
    by: str
    name: str
    written_at: datetime
    text: str
    at: datetime | None = None
    room: str = ""
    departments: tuple[str, ...] = ()


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


def may_lead(office: Office, actor: Actor, case_id: UUID) -> bool:
    """Whether somebody speaks for who leads this chain. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        return leads(office, records, actor, require_reader(records, actor, records.cases.find(case_id)))


def said_by_lead(office: Office, actor: Actor, case_id: UUID) -> tuple[Led, ...]:
    """What who leads has summed up and whom it has convened, the latest first; nothing for an applicant.

    Refused: Missing CASE_NOT_FOUND.
    """
    with office.reading() as records:
        require_reader(records, actor, records.cases.find(case_id))
        if not is_insider(actor):
            return ()
        lines = [one for one in records.history.lines(case_id) if one.action in SAID]
        notes = {str(one.id): one for one in records.notes.of_case(case_id)} if lines else {}
        names = records.people.names({one.actor for one in lines if one.actor}) if lines else {}
        found = []
        for line in reversed(lines):
            detail = line.detail or {}
            note = notes.get(str(detail.get("entry")))
            if note is None or note.deleted_at is not None:
                continue
            found.append(
                Led(
                    act=line.action,
                    by=line.actor or "",
                    name=names.get(line.actor or "", line.actor or ""),
                    written_at=line.written_at,
                    text=note.text,
                    at=datetime.fromisoformat(detail["at"]) if detail.get("at") else None,
                    room=str(detail.get("room", "")),
                    departments=tuple(str(one) for one in detail.get("departments", ())),
                )
            )
        return tuple(found)


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
