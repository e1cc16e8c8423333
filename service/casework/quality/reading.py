"""Lists of quality: one page of a register, of ratings, and of bad ratings as the public may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.quality.registers import REGISTERS, Register
from service.casework.quality.rights import OVERSEERS, SEERS
from service.casework.workbench.work import WorkItem, with_people, work_item
from service.rules.refusals import Forbidden
from service.store.listing import CASES, Sight
from service.store.listing.cases import CaseRow
from service.store.listing.conditions import Condition
from service.store.quality import RatedCase, SamplingRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

PAGE = 20
SAMPLES = {"callbacks": "CALLBACK", "inspections": "INSPECTION"}
RATERS = ("applicant",)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One row of a register. `values`: the variables it shows; `open`: its open steps; `sample`: what was drawn."""

    case: CaseRow
    state: str
    values: Mapping[str, Any]
    open: tuple[WorkItem, ...]
    sample: SamplingRow | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterList:
    """One page of a register, the latest first. `counts`: per state, with the other filters."""

    name: str
    items: tuple[Registered, ...]
    counts: Mapping[str, int]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int
    now: datetime


@dataclass(frozen=True, kw_only=True)
class RatingList:
    """One page of ratings. `counts`: per grade; `average`: of what counts."""

    items: tuple[RatedCase, ...]
    counts: Mapping[int, int]
    average: float | None
    departments: Mapping[str, tuple[str, str]]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Published:
    """A bad rating that was dealt with, without anybody's name (SP-04)."""

    department: str
    grade: str
    finding: str
    measure: str
    ended_at: datetime


def register_list(
    office: Office,
    actor: Actor,
    name: str,
    *,
    state: str = "",
    kind: str = "",
    department: str = "",
    search: str = "",
    page: int = 1,
) -> RegisterList:
    """One page of a register: all of it for who oversees it, else what one began or has a step in."""
    register = REGISTERS[name]
    sight = Sight(
        everything=actor.has(*SEERS[name]),
        username=actor.username,
        groups=actor.groups,
    )
    with office.reading() as records:
        asked = _asked(register, kind, department, search)
        states = {one: _in_state(register, one, asked) for one in register.every_state()}
        counts = {one: CASES.count(records, sight, {**asked, **conditions}) for one, conditions in states.items()}
        total = counts[state] if state in counts else CASES.count(records, sight, asked)
        counts["all"] = total if state not in counts else CASES.count(records, sight, asked)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 1), pages)
        rows = CASES.rows(
            records,
            sight,
            {**asked, **states.get(state, {})},
            sorting=(("start_time", True), ("business_key", True)),
            first=(page - 1) * PAGE,
            size=PAGE,
        )
        items = _registered(records, name, register, rows)
        bench = Workbench(records)
        named = {str(one.values["person"]) for one in items if one.values.get("person")}
        return RegisterList(
            name=name,
            items=items,
            counts=counts,
            people=bench.people({*(row.started_by for row in rows if row.started_by), *named}),
            departments=bench.departments(),
            total=total,
            page=page,
            pages=pages,
            now=records.now,
        )


def rating_list(
    office: Office, actor: Actor, *, grade: int | None = None, department: str = "", channel: str = "", page: int = 1
) -> RatingList:
    """One page of ratings: all for who oversees, one's own department's for its people, one's own for applicants.

    Refused: Forbidden RATINGS_CLOSED.
    """
    filters: dict[str, Any] = {"grade": grade, "department": department, "channel": channel}
    if not actor.has(*OVERSEERS):
        if actor.has(*RATERS):
            filters["started_by"] = actor.username
        elif actor.department is not None:
            filters["department"] = actor.department
        else:
            raise Forbidden("RATINGS_CLOSED", "您没有查看评价的权限。")
    with office.reading() as records:
        size = PAGE
        items, counts = records.quality.ratings(filters=filters, first=(max(page, 1) - 1) * size, size=size)
        total = counts.get(grade, 0) if grade is not None else sum(counts.values())
        pages = max(1, -(-total // size))
        if page > pages:
            page = pages
            items, counts = records.quality.ratings(filters=filters, first=(page - 1) * size, size=size)
        return RatingList(
            items=items,
            counts=counts,
            average=None if "started_by" in filters else records.quality.average(filters["department"] or None),
            departments=Workbench(records).departments(),
            total=total,
            page=max(page, 1),
            pages=pages,
        )


def bad_ratings(office: Office, *, most: int = 50) -> tuple[Published, ...]:
    """差评公示: bad ratings that were found true and dealt with, the latest first; nobody is named, no case can be told."""
    with office.reading() as records:
        asked = {"process_definition_key": REGISTERS["bad_ratings"].key, "end_element_in": ["End_Closed"]}
        rows = CASES.rows(records, Sight(everything=True), asked, sorting=(("end_time", True),), size=most)
        values = _values(records, [row.id for row in rows])
        names = {one.code: one.name for one in records.people.departments()}
        found = []
        for row in rows:
            said = values.get(row.id, {})
            verified, rectified = said.get("Task_Verify"), said.get("Task_Rectify")
            if said.get("published") is not True or row.ended_at is None:
                continue
            found.append(
                Published(
                    department=names.get(str(said.get("department")), ""),
                    grade=str(said.get("grade") or ""),
                    finding=str(verified.get("finding") or "") if isinstance(verified, Mapping) else "",
                    measure=str(rectified.get("measure") or "") if isinstance(rectified, Mapping) else "",
                    ended_at=row.ended_at,
                )
            )
        return tuple(found)


def _asked(register: Register, kind: str, department: str, search: str) -> dict[str, Any]:
    asked: dict[str, Any] = {"process_definition_key": register.key}
    conditions = []
    if kind and register.kind:
        conditions.append(Condition(name=register.kind, operator="eq", value=kind))
    if department:
        conditions.append(Condition(name="department", operator="eq", value=department))
    if conditions:
        asked["variables"] = tuple(conditions)
    if search.strip():
        asked["title_like"] = f"%{search.strip()}%"
    return asked


def _in_state(register: Register, state: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    if state in register.marked:
        marked = Condition(name=register.marked[state], operator="eq", value=True)
        return {"finished": True, "variables": (*asked.get("variables", ()), marked)}
    if state in register.ends:
        return {"end_element_in": list(register.ends[state])}
    return {"unfinished": True, "activity_id_in": list(register.states[state])}


def _registered(records: Records, name: str, register: Register, rows: tuple[CaseRow, ...]) -> tuple[Registered, ...]:
    ids = [row.id for row in rows]
    bench = Workbench(records)
    work = with_people(bench, [work_item(records.calendar, one, records.now) for one in bench.open_work_of(ids)])
    values = _values(records, ids)
    samples = records.quality.samplings(SAMPLES[name], ids) if name in SAMPLES and ids else {}
    found = []
    for row in rows:
        steps = tuple(one for one in work if one.row.case_id == row.id)
        said = values.get(row.id, {})
        found.append(
            Registered(
                case=row,
                state=register.state_of(
                    frozenset(one.row.element for one in steps),
                    row.end_element,
                    over=row.ended_at is not None,
                    values=said,
                ),
                values={one: said.get(one) for one in register.shows},
                open=steps,
                sample=samples.get(row.id),
            )
        )
    return tuple(found)


def _values(records: Records, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for one in records.variables.of_cases(ids):
        if one.scope_id == one.case_id:
            found.setdefault(one.case_id, {})[one.name] = one.value
    return found
