"""The open work of one person: counted, sorted and cut into pages by the database in one statement.

What is counted and what is listed are one and the same set, so they always agree, however many tasks there are; only the
rows of one page are read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy import case as choose

from service.rules.work_filters import WorkFilter
from service.rules.worktime import SHANGHAI
from service.store.inbox_schema import offered_work
from service.store.papers_schema import acceptance
from service.store.schema import case, definition, task, task_candidate, variable
from service.store.time_schema import clock, proceeding
from service.store.work import CASE_DEFINITION, WORK, Holder, Lights, WorkRow, matches, offered_to

if TYPE_CHECKING:
    from service.store.records import Records

APPLICANTS = ("applicant", "applicant_name")
PROJECTS = ("project_name", "project_code")
CORRECTION = "CORRECTION"
SORTED = ("item", "number")
TOLD = ("due_at", "warn_at", "paused_at", "escalated_at", "priority", "created_at")  # all lights and orders need


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One page of work, what belongs to each light, and how many came after an instant."""

    counts: Mapping[str, int]
    fresh: int
    rows: tuple[WorkRow, ...]


class OpenWork:
    """The work a holder sees through a filter."""

    def __init__(self, records: Records, holder: Holder, wanted: WorkFilter) -> None:
        self._records = records
        self._holder, self._wanted = holder, wanted

    def count(self) -> int:
        """How many there are, whatever their light."""
        statement = _counted(self._holder, self._wanted) if self._plain else self._count()
        return int(self._records.execute(statement).scalar_one())

    def dues(self) -> dict[datetime, datetime]:
        """Due instants to come of tasks without a clock → when the oldest task due then was opened."""
        unclocked = and_(task.c.ended_at.is_(None), task.c.warn_at.is_(None), task.c.due_at.is_not(None))
        if self._records.execute(select(task.c.id).where(unclocked).limit(1)).first() is None:
            return {}
        work = self._work().c
        statement = select(work.due_at, func.min(work.created_at).label("oldest")).where(
            work.due_at > self._records.now, work.warn_at.is_(None)
        )
        return {row.due_at: row.oldest for row in self._records.execute(statement.group_by(work.due_at))}

    def look(self, lights: Lights, views: Collection[str], *, skip: int, limit: int, since: datetime) -> Look:
        """Counts of all views and one page of the wanted one. `since`: what is fresh came after it."""
        asked = {"at": lights.now, "since": since, "skip": skip, "most": limit}
        if self._plain and not lights.yellow:
            statement = _looked_at(self._holder, self._wanted, tuple(views))
        else:
            statement = self._statement(lights, views)
        found = self._records.execute(statement, asked).all()
        counts = {view: int(getattr(found[0], f"n_{view}")) for view in views if view != "green"}
        counts["green"] = counts["all"] - sum(counts[one] for one in ("red", "yellow", "stopped"))  # each has one light
        return Look(counts=counts, fresh=int(found[0].fresh), rows=self._rows([row.id for row in found if row.id]))

    @property
    def _plain(self) -> bool:
        """Whether many ask exactly this: nothing is searched for and no day named."""
        return not (self._wanted.q or self._wanted.narrowing)

    def _count(self) -> Any:
        return select(func.count()).select_from(self._work())

    def _statement(self, lights: Lights | None, views: Collection[str]) -> Any:
        """Asked with the instants and the page. `lights` None: of the instant it is asked with, none yellow by its due instant alone."""
        work = self._work()
        lights = lights or _OF_ITS_INSTANT
        counted = select(
            *(
                func.count(choose((belongs(view, work.c, lights), 1))).label(f"n_{view}")
                for view in views
                if view not in ("all", "green")
            ),
            func.count().label("n_all"),
            func.count(
                choose(
                    (
                        and_(
                            or_(work.c.created_at > _SINCE, work.c.escalated_at > _SINCE), self._shown(work.c, lights)
                        ),
                        1,
                    )
                )
            ).label("fresh"),
        ).cte("counted")
        page = (
            select(work)
            .where(self._shown(work.c, lights))
            .order_by(*self._order(work.c))
            .offset(bindparam("skip"))
            .limit(bindparam("most"))
            .cte("page")
        )
        statement = select(counted, page.c.id).select_from(counted.outerjoin(page, true()))
        return statement.order_by(*self._order(page.c))

    def first(self, lights: Lights, *, without: UUID, case_id: UUID | None = None) -> WorkRow | None:
        """The first task of the list, or the first of one case, that is not `without`."""
        work = self._work(only=None if case_id is None else task.c.case_id == case_id)
        statement = select(work.c.id).where(work.c.id != without, self._shown(work.c, lights))
        rows = self._records.execute(statement.order_by(*self._order(work.c)).limit(1)).scalars()
        return next(iter(self._rows(list(rows))), None)

    def every(self, lights: Lights, *, limit: int) -> tuple[WorkRow, ...]:
        """The whole list, up to so many rows, in its order."""
        work = self._work()
        rows = self._records.execute(
            select(work.c.id).where(self._shown(work.c, lights)).order_by(*self._order(work.c)).limit(limit)
        ).scalars()
        ids = list(rows)
        return tuple(row for start in range(0, len(ids), 500) for row in self._rows(ids[start : start + 500]))

    def among(self, task_ids: Collection[UUID]) -> tuple[WorkRow, ...]:
        """Those of the list that are among these."""
        work = self._work(only=task.c.id.in_(list(task_ids)))
        return self._rows(list(self._records.execute(select(work.c.id)).scalars()))

    def _shown(self, columns: Any, lights: Lights) -> ColumnElement[bool]:
        return belongs(self._wanted.view, columns, lights)

    def _rows(self, ids: list[UUID]) -> tuple[WorkRow, ...]:
        rows = self._records.execute(WORK.where(task.c.id.in_(ids))) if ids else ()
        found = {row.id: WorkRow(**row._mapping) for row in rows}
        return tuple(found[one] for one in ids)

    def _work(self, only: ColumnElement[bool] | None = None) -> Any:
        """The set everything is counted in and taken from."""
        wanted, holder = self._wanted, self._holder
        if (
            only is None
            and wanted.tab in ("all", "post")
            and not (wanted.q or wanted.narrowing)
            and wanted.sort not in SORTED
        ):
            return self._untouched()
        carried: list[Any] = [task.c.id, *(task.c[name] for name in TOLD)]
        if wanted.sort == "item":
            carried.append(definition.c.name.label("sorted"))
        elif wanted.sort == "number":
            carried.append(case.c.business_key.label("sorted"))
        conditions = [task.c.ended_at.is_(None), *_conditions(wanted)]
        if only is not None:
            conditions.append(only)
        statement = select(*carried).select_from(task)
        if wanted.q or wanted.item or wanted.project or wanted.sort in SORTED:
            statement = (
                statement.join(case, case.c.id == task.c.case_id)
                .join(definition, definition.c.id == task.c.definition_id)
                .join(CASE_DEFINITION, CASE_DEFINITION.c.id == case.c.definition_id)
            )
        return statement.where(*self._reach(wanted.tab, holder), *conditions).cte("work")

    def _untouched(self) -> Any:
        """The whole of one's own and one's post's work: offers come from their copies, in the order they are kept."""
        holder = self._holder
        offer = offered_work.c
        names = (
            and_(offer.kind == "user", offer.value == holder.username),
            *(and_(offer.kind == kind, offer.value.in_(sorted(holder.groups))) for kind in ("group", "share")),
        )
        told = [offer.task_id.label("id"), *(offer[name] for name in TOLD)]
        once = [select(*told).where(name, offer.held.is_(False), offer.offers == 1) for name in names]
        several = union(*(select(*told).where(name, offer.held.is_(False), offer.offers > 1) for name in names))
        with_others = (  # A岗 and B岗, from the yellow light on
            select(task.c.id, *(task.c[name] for name in TOLD))
            .join(task_candidate, task_candidate.c.task_id == task.c.id)
            .where(
                task_candidate.c.kind == "share",
                task_candidate.c.value.in_(sorted(holder.groups)),
                task.c.ended_at.is_(None),
                task.c.assignee != holder.username,
            )
            .distinct()
        )
        parts = [*once, select(several.subquery("several")), with_others]
        if self._wanted.tab == "all":
            mine = select(task.c.id, *(task.c[name] for name in TOLD))
            parts.append(mine.where(task.c.ended_at.is_(None), task.c.assignee == holder.username))
        return union_all(*parts).cte("work")

    def _reach(self, tab: str, holder: Holder) -> list[ColumnElement[bool]]:
        """Whose tasks: the ids come from an index first, then each is looked at once."""
        me = task.c.assignee == holder.username
        mine = select(task.c.id).where(task.c.ended_at.is_(None), me)
        share = and_(task_candidate.c.kind == "share", task_candidate.c.value.in_(sorted(holder.groups)))
        offered = select(task_candidate.c.task_id).where(or_(offered_to(holder), share))
        shared = exists().where(task_candidate.c.task_id == task.c.id, share)  # A岗 and B岗, from the yellow light on
        match tab:
            case "mine":
                return [task.c.ended_at.is_(None), me]
            case "post":
                return [
                    task.c.id.in_(offered),
                    or_(task.c.assignee.is_(None), and_(task.c.assignee != holder.username, shared)),
                ]
            case "department":
                ours: ColumnElement[bool] = (
                    task.c.department == holder.department if holder.department and holder.leads else false()
                )
                about_people = select(case.c.id).where(
                    case.c.key.in_(sorted(holder.withheld)), case.c.ended_at.is_(None)
                )
                return [task.c.ended_at.is_(None), ours, or_(me, task.c.case_id.not_in(about_people))]
            case "delegated":
                given = select(task.c.id).where(
                    task.c.ended_at.is_(None), task.c.owner.is_not(None), task.c.owner == holder.username
                )
                taken = mine.where(task.c.owner.is_not(None))
                return [
                    task.c.id.in_(given.union(taken)),
                    task.c.delegation == "PENDING",
                    task.c.assignee != task.c.owner,
                ]
            case _:
                return [task.c.id.in_(mine.union(offered)), or_(me, task.c.assignee.is_(None), shared)]

    def _order(self, columns: Any) -> tuple[Any, ...]:
        urgent = (
            columns.due_at.is_(None),
            columns.due_at,
            columns.paused_at.is_(None),  # what stands still before what has no limit
            columns.priority.desc(),
            columns.created_at,
            columns.id,
        )
        match self._wanted.sort:
            case "arrived":
                return (columns.created_at, columns.id)
            case "newest":
                return (columns.created_at.desc(), columns.id)
            case "priority":
                return (columns.priority.desc(), *urgent)
            case "item" | "number":
                return (columns.sorted.is_(None), columns.sorted, *urgent)
            case _:
                return urgent


_SINCE = bindparam("since", type_=task.c.created_at.type)
_OF_ITS_INSTANT = Lights(now=bindparam("at", type_=task.c.due_at.type), yellow={})  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _looked_at(holder: Holder, wanted: WorkFilter, views: tuple[str, ...]) -> Any:
    """Putting the statement together costs more than most databases need for it; people ask the same every minute."""
    return OpenWork(None, holder, wanted)._statement(None, views)  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _counted(holder: Holder, wanted: WorkFilter) -> Any:
    return OpenWork(None, holder, wanted)._count()  # type: ignore[arg-type]


def belongs(view: str, columns: Any, lights: Lights) -> ColumnElement[bool]:
    """Whether a task has this light, by the copies of its clock; the same rule as `light_of_row`."""
    opened, due, warn, paused = columns.created_at, columns.due_at, columns.warn_at, columns.paused_at
    red = and_(due.is_not(None), due <= lights.now)  # whatever holds it afterwards
    stopped = and_(paused.is_not(None), not_(red))
    yellow: ColumnElement[bool] = and_(not_(stopped), warn.is_not(None), warn <= lights.now, due > lights.now)
    if lights.yellow:
        before = choose(
            *((due == literal(at, due.type), literal(start, opened.type)) for at, start in lights.yellow.items())
        )
        yellow = or_(yellow, and_(not_(stopped), warn.is_(None), func.coalesce(opened < before, false())))
    match view:
        case "stopped":
            return stopped
        case "red":
            return red
        case "yellow":
            return yellow
        case "green":
            return and_(not_(stopped), not_(red), not_(func.coalesce(yellow, false())))
        case "escalated":
            escalated: ColumnElement[bool] = columns.escalated_at.is_not(None)
            return escalated
        case _:
            return true()


def _conditions(wanted: WorkFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in wanted.q.split():
        found.append(
            or_(
                matches(
                    word, case.c.title, case.c.business_key, task.c.name, definition.c.name, CASE_DEFINITION.c.name
                ),
                task.c.assignee == word,
                _said(word, (*APPLICANTS, *PROJECTS)),
                exists().where(
                    acceptance.c.case_id == task.c.case_id, acceptance.c.number.icontains(word, autoescape=True)
                ),
            )
        )
    if wanted.item:
        found.append(matches(wanted.item, definition.c.name, CASE_DEFINITION.c.name, definition.c.key))
    if wanted.stage:
        found.append(task.c.stage == wanted.stage)
    if wanted.department:
        found.append(task.c.department == wanted.department)
    if wanted.applicant:
        found.extend(_said(word, APPLICANTS) for word in wanted.applicant.split())
    if wanted.project:
        found.extend(or_(_said(word, PROJECTS), matches(word, case.c.title)) for word in wanted.project.split())
    if wanted.corrected:
        found.append(
            or_(
                *(
                    exists().where(one.c.case_id == task.c.case_id, one.c.kind == CORRECTION)
                    for one in (proceeding, clock)
                )
            )
        )
    for column, first, last in (
        (task.c.due_at, wanted.due_from, wanted.due_to),
        (task.c.created_at, wanted.arrived_from, wanted.arrived_to),
    ):
        if first is not None:
            found.append(column >= _midnight(first))
        if last is not None:
            found.append(column < _midnight(last + timedelta(days=1)))
    return found


def _said(word: str, names: Collection[str]) -> ColumnElement[bool]:
    """Whether a variable of the case, or of an item of it, holds the word: who applies, for which project."""
    return exists().where(
        variable.c.case_id == task.c.case_id,
        variable.c.name.in_(sorted(names)),
        func.lower(variable.c.value, type_=task.c.name.type).contains(word.lower(), autoescape=True),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def named_work(records: Records, holder: Holder, task_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Task → its name and that of its case, of those the holder's lists show."""
    found: dict[UUID, tuple[str, str]] = {}
    for tab in ("all", "department", "delegated"):
        work = OpenWork(records, holder, WorkFilter(tab=tab))
        found |= {row.id: (row.name, row.title or row.case_name) for row in work.among(task_ids)}
    return found
