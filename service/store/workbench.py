"""What the pages list: work of a person, cases, versions. Reads only; every search matches title, number and names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy import case as choose

from service.store.case_lights import GOVERNING, case_lights, led_by, next_milestones
from service.store.inbox_schema import following
from service.store.process_load import Standing, stands_at
from service.store.schema import (
    activity,
    binding,
    case,
    definition,
    deployment,
    person,
    person_role,
    resource,
    task,
    task_candidate,
)
from service.store.schema import (
    department as departments,
)
from service.store.time_schema import clock
from service.store.work import WORK, Holder, WorkRow, matches, offered_to, work_search

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """One case as a list shows it."""

    id: UUID
    definition_id: UUID
    key: str
    version: int  # of the definition
    name: str
    business_key: str | None
    title: str | None
    state: str
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None
    reason: str | None
    binding_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """One version of a process. `running`: open cases bound to it, as the case itself or as something it may call;
    `own`: those whose case itself it is, which is what the list of cases shows."""

    id: UUID
    key: str
    version: int
    name: str
    version_tag: str | None
    zw_kind: str | None
    digest: str
    starts: Sequence[dict[str, Any]]
    called: Sequence[str]
    forms: dict[str, str]
    note: Any
    suspended: bool
    deployment_id: UUID
    resource_id: UUID
    deployed_at: datetime
    deployed_by: str
    deployment_note: str | None
    running: int = 0
    own: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonCard:
    """Who somebody is, for pages."""

    username: str
    name: str
    duty: str
    department: str | None
    department_name: str | None
    short: str | None


_CASES = select(
    case.c.id,
    case.c.definition_id,
    case.c.key,
    definition.c.version,
    definition.c.name,
    case.c.business_key,
    case.c.title,
    case.c.state,
    case.c.started_at,
    case.c.started_by,
    case.c.ended_at,
    case.c.reason,
    case.c.binding_id,
).join_from(case, definition, definition.c.id == case.c.definition_id)
_RUNNING = ("ACTIVE", "SUSPENDED")


class Workbench:
    """Lists and cards for pages, in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- tasks

    def open_work_of(self, case_ids: Collection[UUID]) -> tuple[WorkRow, ...]:
        """The open tasks of these cases, in the order they were opened."""
        if not case_ids:
            return ()
        statement = WORK.where(task.c.case_id.in_(list(case_ids)), task.c.ended_at.is_(None))
        rows = self._records.execute(statement.order_by(task.c.created_at, task.c.id))
        return tuple(WorkRow(**row._mapping) for row in rows)

    def done_work(self, username: str, *, search: str, skip: int, limit: int) -> tuple[int, tuple[WorkRow, ...]]:
        """How many tasks a person completed, and one page of them, the latest first."""
        chosen = and_(
            task.c.ended_by == username, task.c.outcome == "COMPLETED", *([work_search(search)] if search else [])
        )
        total = self._count(WORK.where(chosen) if search else select(task.c.id).where(chosen))
        page = WORK.where(chosen).order_by(task.c.ended_at.desc(), task.c.id).offset(skip).limit(limit)
        return total, tuple(WorkRow(**row._mapping) for row in self._records.execute(page))

    def work(self, task_id: UUID) -> WorkRow | None:
        """One task, open or ended."""
        row = self._records.execute(WORK.where(task.c.id == task_id)).one_or_none()
        return None if row is None else WorkRow(**row._mapping)

    def work_of_case(self, case_id: UUID) -> tuple[WorkRow, ...]:
        """All tasks of a case, open and ended, in the order they were opened."""
        rows = self._records.execute(WORK.where(task.c.case_id == case_id).order_by(task.c.created_at, task.c.id))
        return tuple(WorkRow(**row._mapping) for row in rows)

    def offers(self, task_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, str], ...]]:
        """(kind, value) of the candidates of each of these tasks."""
        found: dict[UUID, list[tuple[str, str]]] = {}
        statement = select(task_candidate).where(task_candidate.c.task_id.in_(list(task_ids)))
        for row in self._records.execute(statement) if task_ids else ():
            found.setdefault(row.task_id, []).append((row.kind, row.value))
        return {key: tuple(sorted(values)) for key, values in found.items()}

    # -- cases

    def case(self, case_id: UUID) -> CaseLine | None:
        """One case."""
        row = self._records.execute(_CASES.where(case.c.id == case_id)).one_or_none()
        return None if row is None else CaseLine(**row._mapping)

    def cases(
        self,
        *,
        username: str,
        department_code: str | None,
        everything: bool,
        withheld: Collection[str] = (),
        search: str = "",
        states: Sequence[str] = (),
        key: str | None = None,
        version: int | None = None,
        at: Standing | None = None,
        light: str | None = None,
        followed: bool = False,
        groups: Collection[str] = (),
        titles: bool = True,
        leads: str | None = None,
        led: bool = False,
        skip: int = 0,
        limit: int = 20,
    ) -> tuple[dict[str, int], dict[str, int], tuple[CaseLine, ...]]:
        """Counts by state of all visible cases that match search and key, counts by light of those in `states`, and one
        page of these, of one light when it is named. `withheld`: processes of whose cases only one's own are meant.
        `at`: only those that stand at this step. `followed`: only those the person follows, the first due first; `groups`: cases whose tasks are offered to them count too.
        `titles`: whether they are searched as well.
        `leads`: the department whose chains are visible too; `led`: nothing but those.
        """
        visible = self._visible(username, department_code, everything, withheld, groups, leads)
        if followed:
            visible.append(_follows(username))
        if led:
            visible.append(case.c.id.in_(led_by(leads or "")))
        if search:
            columns = (case.c.business_key, definition.c.name, *((case.c.title,) if titles else ()))
            visible.append(matches(search, *columns))
        if key:
            visible.append(case.c.key == key)
        if version is not None:
            visible.append(definition.c.version == version)
        if at is not None:
            visible.append(stands_at(self._records.now, at))
        found = _CASES.where(and_(*visible)) if visible else _CASES
        inner = found.subquery()
        counts = {
            row.state: row.n
            for row in self._records.execute(select(inner.c.state, func.count().label("n")).group_by(inner.c.state))
        }
        page = found.where(case.c.state.in_(states)) if states else found
        lights = case_lights(self._records.now)
        lit = page.outerjoin(lights, lights.c.case_id == case.c.id)
        shown = func.coalesce(lights.c.light, "none")
        within = lit.with_only_columns(shown.label("light"), func.count().label("n")).group_by(shown)
        by_light = {row.light: row.n for row in self._records.execute(within)}
        if light is not None:
            page = lit.where(shown == light)
        if followed:
            page = (page if light is not None else lit).order_by(
                case.c.ended_at.is_not(None), lights.c.due_at.is_(None), lights.c.due_at
            )
        page = page.order_by(case.c.started_at.desc(), case.c.id).offset(skip).limit(limit)
        return counts, by_light, tuple(CaseLine(**row._mapping) for row in self._records.execute(page))

    def limits(self, case_ids: Collection[UUID]) -> dict[UUID, tuple[str, datetime | None]]:
        """Case → light and effective due instant, of those that have a limit."""
        rows = self._records.execute(select(case_lights(self._records.now, of=case_ids))) if case_ids else ()
        return {row.case_id: (row.light, row.due_at) for row in rows}

    def milestones(self, case_ids: Collection[UUID]) -> dict[UUID, tuple[str, datetime | None, str]]:
        """Chain → the milestone it is to reach next: name, due instant, light."""
        rows = self._records.execute(next_milestones(self._records.now, case_ids)) if case_ids else ()
        found: dict[UUID, tuple[str, datetime | None, str]] = {}
        for row in rows:
            found.setdefault(row.case_id, (row.name, row.due_at, row.light))
        return found

    def extended(self, case_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID | None]]:
        """(case, item) whose running limit was extended (延期)."""
        if not case_ids:
            return frozenset()
        statement = select(clock.c.case_id, clock.c.scope_id, clock.c.extensions).where(
            clock.c.case_id.in_(list(case_ids)), clock.c.state != "STOPPED", clock.c.kind.in_(GOVERNING)
        )
        return frozenset((row.case_id, row.scope_id) for row in self._records.execute(statement) if row.extensions)

    def is_involved(self, case_id: UUID, username: str, department_code: str | None, groups: Collection[str]) -> bool:
        """Whether a person started the case, has, had or may take one of its tasks, or is of a department that has one."""
        statement = select(case.c.id).where(
            case.c.id == case_id, or_(self._involved(username, department_code), _offered(Holder(username, groups)))
        )
        return self._records.execute(statement).first() is not None

    def followed_count(
        self,
        *,
        username: str,
        department_code: str | None,
        everything: bool,
        withheld: Collection[str],
        groups: Collection[str],
    ) -> int:
        """How many cases the list of followed ones shows."""
        visible = self._visible(username, department_code, everything, withheld, groups)
        return self._count(select(case.c.id).where(_follows(username), *visible))

    def countable(self, username: str, withheld: Collection[str]) -> list[ColumnElement[bool]]:
        """Of a case: whether it is among those a list of every case shows, that is all but other people's of these processes."""
        return self._visible(username, None, True, withheld, ())

    def _visible(
        self,
        username: str,
        department_code: str | None,
        everything: bool,
        withheld: Collection[str],
        groups: Collection[str],
        leads: str | None = None,
    ) -> list[ColumnElement[bool]]:
        mine = self._involved(username, department_code)
        if groups:
            mine = or_(mine, _offered(Holder(username, groups)))
        if leads is not None:
            mine = or_(mine, case.c.id.in_(led_by(leads)))
        visible = [] if everything else [mine]
        if withheld:
            visible.append(or_(case.c.key.not_in(sorted(withheld)), self._involved(username, None)))
        return visible

    def _involved(self, username: str, department_code: str | None) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = or_(
            task.c.assignee == username, task.c.owner == username, task.c.ended_by == username
        )
        ours = task.c.department == department_code if department_code else false()
        return or_(
            case.c.started_by == username, exists().where(task.c.case_id == case.c.id, or_(mine, ours)).correlate(case)
        )

    def calls_of(self, case_id: UUID) -> tuple[tuple[UUID, UUID], ...]:
        """(scope, definition) of everything that happened inside the called processes of a case."""
        both = (
            select(task.c.scope_id, task.c.definition_id)
            .where(task.c.case_id == case_id)
            .union(select(activity.c.scope_id, activity.c.definition_id).where(activity.c.case_id == case_id))
        )
        return tuple((row.scope_id, row.definition_id) for row in self._records.execute(both) if row.scope_id)

    def binding(self, binding_id: UUID) -> dict[str, UUID]:
        """Process key → definition a case runs with; versions of decisions (`decision:…`) are not among them."""
        row = self._records.execute(select(binding.c.members).where(binding.c.id == binding_id)).one_or_none()
        return {} if row is None else {key: UUID(value) for key, value in row.members.items() if ":" not in key}

    # -- processes

    def versions(self, key: str | None = None) -> tuple[VersionRow, ...]:
        """All versions of one key or of all keys, by key, newest first, with their running cases."""
        statement = self._versions().order_by(definition.c.key, definition.c.version.desc())
        if key is not None:
            statement = statement.where(definition.c.key == key)
        return self._counted(self._records.execute(statement))

    def process_names(self) -> dict[str, str]:
        """Process key → name of its newest version."""
        statement = select(definition.c.key, definition.c.name).where(definition.c.deleted_at.is_(None))
        rows = self._records.execute(statement.order_by(definition.c.key, definition.c.version))
        return {row.key: row.name or row.key for row in rows}

    def definition_names(self, definition_ids: Collection[UUID]) -> dict[UUID, str]:
        """Definition → its name."""
        statement = select(definition.c.id, definition.c.key, definition.c.name)
        rows = self._records.execute(statement.where(definition.c.id.in_(list(definition_ids))))
        return {row.id: row.name or row.key for row in rows}

    def version(self, definition_id: UUID) -> VersionRow | None:
        """One version, deleted ones too (cases may have run with it)."""
        rows = self._records.execute(self._versions(deleted=True).where(definition.c.id == definition_id))
        return next(iter(self._counted(rows)), None)

    def start_form_key(self, definition_id: UUID) -> str | None:
        """Key of the form a version asks for when a case is started."""
        starts = self._records.execute(select(definition.c.starts).where(definition.c.id == definition_id)).scalar()
        return next((str(one["form_key"]) for one in starts or () if one.get("form_key")), None)

    def runs_with(self, username: str) -> frozenset[UUID]:
        """The definitions of the cases a person started."""
        rows = self._records.execute(
            select(binding.c.members)
            .join_from(case, binding, binding.c.id == case.c.binding_id)
            .where(case.c.started_by == username)
            .distinct()
        )
        return frozenset(UUID(value) for row in rows for value in row.members.values())

    def running_by_definition(self) -> dict[UUID, int]:
        """Definition → running cases whose binding contains it."""
        rows = self._records.execute(
            select(binding.c.members, func.count().label("n"))
            .join_from(case, binding, binding.c.id == case.c.binding_id)
            .where(case.c.state.in_(_RUNNING))
            .group_by(binding.c.id, binding.c.members)
        )
        counts: dict[UUID, int] = {}
        for row in rows:
            for value in set(row.members.values()):
                counts[UUID(value)] = counts.get(UUID(value), 0) + row.n
        return counts

    def _counted(self, rows: Iterable[Any]) -> tuple[VersionRow, ...]:
        bound = self.running_by_definition()
        statement = select(case.c.definition_id, func.count().label("n")).where(case.c.state.in_(_RUNNING))
        own = {row.definition_id: row.n for row in self._records.execute(statement.group_by(case.c.definition_id))}
        return tuple(VersionRow(**r._mapping, running=bound.get(r.id, 0), own=own.get(r.id, 0)) for r in rows)

    def bpmn(self, definition_id: UUID) -> tuple[str, bytes] | None:
        """File name and content of the diagram of a definition."""
        row = self._records.execute(
            select(resource.c.name, resource.c.content)
            .join_from(definition, resource, resource.c.id == definition.c.resource_id)
            .where(definition.c.id == definition_id)
        ).one_or_none()
        return None if row is None else (row.name, row.content)

    def contents(self, resource_ids: Collection[UUID]) -> dict[UUID, tuple[str, bytes]]:
        """Resource id → file name and content."""
        if not resource_ids:
            return {}
        rows = self._records.execute(
            select(resource.c.id, resource.c.name, resource.c.content).where(resource.c.id.in_(list(resource_ids)))
        )
        return {row.id: (row.name, row.content) for row in rows}

    def _versions(self, *, deleted: bool = False) -> Any:
        columns = [definition.c[f.name] for f in fields(VersionRow) if f.name in definition.c]
        statement = select(
            *columns,
            deployment.c.deployed_at,
            deployment.c.deployed_by,
            deployment.c.note.label("deployment_note"),
        ).join_from(definition, deployment, deployment.c.id == definition.c.deployment_id)
        return statement if deleted else statement.where(definition.c.deleted_at.is_(None))

    # -- people

    def people(
        self, usernames: Collection[str] | None = None, *, active: bool = False, department: str | None = None
    ) -> dict[str, PersonCard]:
        """Username → card; all people when no names are given. `active`: no disabled accounts; `department`: its people."""
        statement = select(
            person.c.username,
            person.c.name,
            person.c.duty,
            person.c.department,
            departments.c.name,
            departments.c.short,
        ).outerjoin_from(person, departments, departments.c.code == person.c.department)
        if usernames is not None:
            statement = statement.where(person.c.username.in_(sorted(usernames)))
        if active:
            statement = statement.where(person.c.active)
        if department is not None:
            statement = statement.where(person.c.department == department)
        rows: Iterable[Any] = self._records.execute(statement)
        return {
            row[0]: PersonCard(
                username=row[0], name=row[1], duty=row[2], department=row[3], department_name=row[4], short=row[5]
            )
            for row in rows
        }

    def demo_people(self) -> tuple[tuple[PersonCard, tuple[str, ...]], ...]:
        """The active demonstration accounts with their roles, by department and name."""
        roles: dict[str, list[str]] = {}
        rows = self._records.execute(
            select(person.c.username, person_role.c.role)
            .join_from(person, person_role, person_role.c.person_id == person.c.id)
            .where(person.c.demo, person.c.active)
            .order_by(choose((person.c.department.is_(None), 0), else_=1), person.c.department, person.c.username)
        )
        for row in rows:
            roles.setdefault(row.username, []).append(row.role)
        cards = self.people(roles)
        return tuple((cards[name], tuple(sorted(held))) for name, held in roles.items())

    def departments(self) -> dict[str, tuple[str, str]]:
        """Department code → name and short name."""
        return {row.code: (row.name, row.short) for row in self._records.execute(select(departments))}

    def _count(self, statement: Any) -> int:
        return int(self._records.execute(select(func.count()).select_from(statement.subquery())).scalar_one())


def _offered(holder: Holder) -> ColumnElement[bool]:
    return exists().where(task.c.case_id == case.c.id, task_candidate.c.task_id == task.c.id, offered_to(holder))


def _follows(username: str) -> ColumnElement[bool]:
    return case.c.id.in_(select(following.c.case_id).where(following.c.username == username))
