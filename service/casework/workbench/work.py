"""待办 and 已办: a person's work with its lights. Counts and list are one statement, so they always agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.rights import CONFIDENTIAL, COORDINATORS, HEADS, READERS, withheld_from
from service.rules.lights import Light, Span, light_of, working_span, yellow_before
from service.rules.vocabulary import LedgerAction
from service.rules.work_filters import LIGHTS, OPEN_TABS, WorkFilter
from service.rules.worktime import SHANGHAI
from service.store.open_work import OpenWork
from service.store.work import Holder, Lights, WorkRow
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.rules.worktime import WorkCalendar
    from service.store.records import Records

PAGE = 20
VIEWS = LIGHTS
MOST_ROWS_OF_A_FILE = 10_000
EVERYTHING = WorkFilter()


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One task on a page. `left`: working time to the due instant, or over it when the light is red.

    `band` says when it must be done: over, today, later, stopped (its clock stands still) or open (no limit). `people`: who it is offered to.
    """

    row: WorkRow
    light: Light
    left: Span | None
    band: str
    owner: PersonCard | None = None
    department: tuple[str, str] | None = None
    offers: tuple[str, ...] = ()
    acting_for: PersonCard | None = None
    extended: bool = False  # 延期: the limit of its item
    shared: tuple[str, ...] = ()  # groups whose people may do it although somebody has it

    @property
    def queue(self) -> bool:
        """Whether somebody has to claim it first."""
        return self.row.assignee is None and self.row.ended_at is None


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """One page of work. `counts`: per view, over everything the filter matches; `tabs`: everything in each place."""

    items: tuple[WorkItem, ...]
    counts: Mapping[str, int]
    total: int
    page: int
    pages: int
    now: datetime
    tabs: Mapping[str, int] = field(default_factory=dict)


def holder_of(actor: Actor) -> Holder:
    """Whose work the actor sees; heads and coordinators look over their department's."""
    return Holder(
        actor.username,
        actor.groups,
        department=actor.department,
        leads=actor.has(*HEADS, *COORDINATORS) and actor.department is not None,
        withheld=tuple(sorted(CONFIDENTIAL)),
    )


def inbox(
    office: Office, actor: Actor, wanted: WorkFilter = EVERYTHING, *, page: int = 1, size: int = PAGE
) -> WorkList:
    """The open tasks of a place, through a filter, one page of them; by due instant unless sorted otherwise."""
    with office.reading() as records:
        bench = Workbench(records)
        work = OpenWork(records, holder_of(actor), wanted)
        lights = lights_of(records, work)
        asked = max(page, 1)
        look = work.look(lights, VIEWS, skip=(asked - 1) * size, limit=size, since=records.now)
        page, pages = _page(look.counts[wanted.view], asked, size)
        if page != asked:
            look = work.look(lights, VIEWS, skip=(page - 1) * size, limit=size, since=records.now)
        items = with_people(bench, [work_item(records.calendar, row, records.now) for row in look.rows])
        return WorkList(
            items=items,
            counts=look.counts,
            total=look.counts[wanted.view],
            page=page,
            pages=pages,
            now=records.now,
            tabs=_tabs(records, actor, wanted, look.counts["all"]),
        )


def tab_counts(office: Office, actor: Actor) -> dict[str, int]:
    """How much is in each place of the actor's inbox."""
    with office.reading() as records:
        return _tabs(records, actor, WorkFilter(tab="followed"), 0)


def _tabs(records: Records, actor: Actor, wanted: WorkFilter, counted: int) -> dict[str, int]:
    """How much is in each place, whatever is searched for. `counted`: what the list itself has found."""
    holder = holder_of(actor)
    plain = not (wanted.q or wanted.narrowing)
    found: dict[str, int] = {}
    for tab in ("mine", "post", "delegated", *(("department",) if holder.leads else ())):
        if plain and tab == wanted.tab:
            found[tab] = counted
        elif plain and tab == "post" and wanted.tab == "all":
            found[tab] = counted - found["mine"]
        else:
            found[tab] = OpenWork(records, holder, WorkFilter(tab=tab)).count()
    found["all"] = found["mine"] + found["post"]
    found["copies"] = records.together.unread(actor.username)
    found["followed"] = Workbench(records).followed_count(
        username=actor.username,
        department_code=actor.department,
        everything=actor.has(*READERS),
        withheld=withheld_from(actor),
        groups=actor.groups,
    )
    return found


def every_work(
    office: Office, actor: Actor, wanted: WorkFilter, *, limit: int
) -> tuple[tuple[WorkItem, ...], datetime]:
    """The whole list, up to so many tasks, and the instant it is of."""
    with office.reading() as records:
        bench = Workbench(records)
        if wanted.tab == "done":
            _, rows = bench.done_work(actor.username, search=wanted.q, skip=0, limit=limit)
        else:
            work = OpenWork(records, holder_of(actor), wanted)
            rows = work.every(lights_of(records, work), limit=limit)
        items = [work_item(records.calendar, row, records.now) for row in rows]
        found = (one for start in range(0, len(items), 500) for one in with_people(bench, items[start : start + 500]))
        return tuple(found), records.now


def note_export(office: Office, actor: Actor, wanted: WorkFilter, rows: int) -> None:
    """Who took a list away stands in the ledger."""
    with office.transaction() as records:
        detail = {"filter": wanted.query, "rows": rows}
        records.ledger.write(LedgerAction.WORK_TAKEN, actor.username, wanted.tab, detail)


def departments_by_code(office: Office) -> dict[str, tuple[str, str]]:
    """Department code → name and short name."""
    with office.reading() as records:
        return Workbench(records).departments()


def open_count(office: Office, actor: Actor) -> int:
    """How many open tasks the inbox of the actor holds."""
    with office.reading() as records:
        holder = holder_of(actor)
        return sum(OpenWork(records, holder, WorkFilter(tab=tab)).count() for tab in ("mine", "post"))


def next_work(
    office: Office, actor: Actor, *, after: UUID, case_id: UUID, wanted: WorkFilter = EVERYTHING
) -> WorkItem | None:
    """What to offer after completing `after`: the next task of the same case, else the first of the list one came from."""
    with office.reading() as records:
        if wanted.tab not in OPEN_TABS:
            wanted = EVERYTHING
        work = OpenWork(records, holder_of(actor), wanted)
        lights = lights_of(records, work)
        row = work.first(lights, without=after, case_id=case_id) or work.first(lights, without=after)
        return None if row is None else work_item(records.calendar, row, records.now)


def done_work(office: Office, actor: Actor, *, search: str = "", page: int = 1) -> WorkList:
    """The tasks the actor completed, the latest first."""
    with office.reading() as records:
        bench = Workbench(records)
        total, rows = bench.done_work(actor.username, search=search, skip=(max(page, 1) - 1) * PAGE, limit=PAGE)
        page, pages = _page(total, page)
        if not rows and total:
            total, rows = bench.done_work(actor.username, search=search, skip=(page - 1) * PAGE, limit=PAGE)
        items = with_people(bench, [work_item(records.calendar, row, records.now) for row in rows])
        return WorkList(items=items, counts={"all": total}, total=total, page=page, pages=pages, now=records.now)


def work_item(calendar: WorkCalendar, row: WorkRow, now: datetime) -> WorkItem:
    """A task with its light. An ended task keeps the light it ended with."""
    at = row.ended_at or now
    light = light_of_row(calendar, row, at)
    left = None
    if row.due_at is not None and light is not Light.STOPPED:
        start, end = (row.due_at, at) if light is Light.RED else (at, row.due_at)
        left = working_span(calendar, start, end)
    return WorkItem(row=row, light=light, left=left, band=_band(row, light, now))


def with_people(bench: Workbench, items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
    """The same items with the card of who has them, the department and whom they are offered to."""
    names = {name for item in items if (name := item.row.ended_by or item.row.assignee)}
    names |= {item.row.acting_for for item in items if item.row.acting_for}
    people = bench.people(names) if names else {}
    departments = bench.departments() if items else {}
    offers = bench.offers([item.row.id for item in items if item.queue or _may_be_shared(item)])
    extended = bench.extended({item.row.case_id for item in items if item.row.ended_at is None})
    return tuple(
        WorkItem(
            row=item.row,
            light=item.light,
            left=item.left,
            band=item.band,
            owner=people.get(item.row.ended_by or item.row.assignee or ""),
            department=departments.get(item.row.department or ""),
            offers=tuple(value for kind, value in offers.get(item.row.id, ()) if kind != "share") if item.queue else (),
            acting_for=people.get(item.row.acting_for or ""),
            extended=(item.row.case_id, item.row.scope_id) in extended,
            shared=tuple(value for kind, value in offers.get(item.row.id, ()) if kind == "share"),
        )
        for item in items
    )


def _may_be_shared(item: WorkItem) -> bool:
    return item.row.ended_at is None and item.row.escalated_at is None and item.row.warn_at is not None


def lights_of(records: Records, work: OpenWork) -> Lights:
    """The thresholds of the due instants at which some task can be yellow now."""
    dues = work.dues()
    found = {due: yellow_before(records.calendar, due, records.now) for due in dues}
    return Lights(now=records.now, yellow={due: at for due, at in found.items() if at is not None and dues[due] < at})


def light_of_row(calendar: WorkCalendar, row: WorkRow, at: datetime) -> Light:
    """The light of a task: by the task's clock when it has one: what its copies say needs no calendar."""
    if row.paused_at is not None and (row.due_at is None or at < row.due_at):
        return Light.STOPPED
    if row.warn_at is None or row.due_at is None:
        return light_of(calendar, row.created_at, row.due_at, at)
    if at >= row.due_at:
        return Light.RED
    return Light.YELLOW if at >= row.warn_at else Light.GREEN


def _band(row: WorkRow, light: Light, now: datetime) -> str:
    if light is Light.STOPPED:
        return "stopped"
    if row.due_at is None:
        return "open"
    if light is Light.RED:
        return "over"
    today = now.astimezone(SHANGHAI).date()
    return "today" if row.due_at.astimezone(SHANGHAI).date() <= today else "later"


def _page(total: int, page: int, size: int = PAGE) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return min(max(page, 1), pages), pages
