"""User tasks, open and ended, with the people and groups that may take the open ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy import case as choose

from service.rules.payments import OPEN
from service.store.cases import LOCK_OF_TASK, CaseRow
from service.store.clocks import gathered
from service.store.money_schema import bill
from service.store.papers_schema import certificate
from service.store.schema import incident, setting, task, task_candidate
from service.store.time_schema import clock
from service.store.together_schema import GOING_ON, draft, signing
from service.store.upserts import upsert
from service.store.versions import CALENDARS, STAFF, UNCOUNTED

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskRow:
    """One user task. `scope_id`: the token that hosts the called process (the item) it belongs to."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    scope_id: UUID | None
    element: str
    name: str
    description: str | None = None
    form_key: str | None = None
    assignee: str | None = None
    owner: str | None = None
    delegation: str | None = None
    priority: int = 50
    created_at: datetime
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    seen: int
    stage: str | None = None
    department: str | None = None
    role: str | None = None
    escalated_at: datetime | None = None
    warn_at: datetime | None = None
    paused_at: datetime | None = None
    acting_for: str | None = None
    awaits: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Who may take an open task. kind: user or group; value: username, role, department or department:role."""

    task_id: UUID
    kind: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StageDone:
    """Who finished a stage task of an item: what separation of duties asks for."""

    scope_id: UUID | None
    stage: str
    person: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskFile:
    """One task with its candidates and with who did which stage in its case before."""

    row: TaskRow
    candidates: tuple[Candidate, ...]
    stages: tuple[StageDone, ...]
    clocks: str | None = None  # all clocks of its case, gathered; when it was taken to be worked on


_CHANGING = (
    "seen",
    "assignee",
    "acting_for",
    "delegation",
    "ended_at",
    "ended_by",
    "outcome",
)  # of a row that is there already
_TIME = ("due_at", "warn_at", "paused_at")  # copied from the task's clock
_ID: BindParameter[UUID] = bindparam("one_id")
_CASE: BindParameter[UUID] = bindparam("one_case")
# Written out: SQLite prepares a statement anew at every call when a parameter meets the condition of a partial index.
_COMPLETED: ColumnElement[str] = literal_column("'COMPLETED'")
_ONE = select(task).where(task.c.id == _ID)
_SOME = select(task).where(task.c.id.in_(bindparam("ids", expanding=True)))
_OPEN = select(task).where(task.c.case_id == _CASE, task.c.ended_at.is_(None)).order_by(task.c.created_at, task.c.id)
_STAGES = select(task.c.scope_id, task.c.stage, task.c.ended_by).where(
    task.c.case_id == _CASE, task.c.stage.is_not(None), task.c.ended_by.is_not(None), task.c.outcome == _COMPLETED
)
_ITS_CASE = select(task.c.case_id).where(task.c.id == _ID).scalar_subquery()
_FILE = (
    select(task, task_candidate.c.kind, task_candidate.c.value)
    .outerjoin_from(task, task_candidate, task_candidate.c.task_id == task.c.id)
    .where(
        or_(
            task.c.id == _ID,
            and_(
                task.c.case_id == _ITS_CASE,
                task.c.stage.is_not(None),
                task.c.ended_by.is_not(None),
                task.c.outcome == _COMPLETED,
            ),
        )
    )
)


_UNPAID = or_(*(bill.c.state == state.value for state in sorted(OPEN)))
_STAFF, _HELD = setting.alias("staff"), setting.alias("held")


@cache
def _taken(dialect: str) -> Select[Any]:
    """The file of a task with the clocks of its case, whether it has open incidents and unpaid bills and a certificate has a
    number, whether others are asked for opinions at it and somebody has begun its form, the version of the staff and, held where clocks run, that of the calendars.

    Not together with the case's own lock: whoever waited for that would be told of before. Here only the row of the
    calendars is waited for; the server reads it again then, and the case's lock keeps everything else as it is.
    """
    timed = choose((exists().where(clock.c.case_id == _ITS_CASE), CALENDARS), else_=UNCOUNTED)
    return (
        _FILE.join(_STAFF, _STAFF.c.name == STAFF)
        .join(_HELD, _HELD.c.name == timed)
        .add_columns(
            choose((task.c.id == _ID, gathered(task.c.case_id, dialect))).label("clocks"),
            _STAFF.c.value.label("staff"),
            _HELD.c.name.label("held"),
            _HELD.c.value.label("version"),
            exists().where(incident.c.case_id == _ITS_CASE, incident.c.closed_at.is_(None)).label("troubled"),
            exists().where(bill.c.case_id == _ITS_CASE, _UNPAID).label("owing"),
            exists().where(certificate.c.number == bindparam("number")).label("numbered"),
            exists().where(signing.c.task_id == _ID, GOING_ON).label("asked"),
            exists().where(draft.c.task_id == _ID).label("drafted"),
        )
        .with_for_update(read=True, of=_HELD)
    )


_CANDIDATES = select(task_candidate).where(task_candidate.c.task_id == _ID)
_CANCEL = (
    update(task)
    .where(task.c.id == _ID, task.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), outcome="CANCELLED")
)
_KEEP_TIME = (
    update(task)
    .where(task.c.id == _ID, task.c.ended_at.is_(None))
    .values({name: bindparam(f"new_{name}", type_=task.c[name].type) for name in _TIME})
)
_NO_CANDIDATES = delete(task_candidate).where(task_candidate.c.task_id == _ID)
_OFFER = insert(task_candidate)


class Tasks:
    """The task rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, rows: Sequence[TaskRow]) -> None:
        """Write opened tasks and completed ones in one statement; a task whose completion failed opens again."""
        if rows:
            self._records.send(
                upsert(self._records.dialect, task, ("id",), _CHANGING),
                rows,
            )

    def find(self, task_id: UUID) -> TaskRow | None:
        """One task, open or ended."""
        row = self._records.execute(_ONE, {"one_id": task_id}).one_or_none()
        return None if row is None else TaskRow(**row._mapping)

    def some(self, task_ids: Collection[UUID]) -> dict[UUID, TaskRow]:
        """Some tasks, open or ended, in one statement."""
        if not task_ids:
            return {}
        rows = self._records.execute(_SOME, {"ids": list(set(task_ids))})
        return {row.id: TaskRow(**row._mapping) for row in rows}

    def file(self, task_id: UUID) -> TaskFile | None:
        """One task with its candidates and the stages done in its case, in a single statement."""
        return _task_file(task_id, self._records.read(_FILE, {"one_id": task_id}))

    def take(self, task_id: UUID, number: str = "") -> tuple[CaseRow | None, TaskFile | None]:
        """Lock the case of a task, then read the task's file under the lock, in one round trip.

        The calendars it may be counted by are held from then on; whether a certificate has this number is known.
        """
        wanted = [{"key_id": task_id}], [{"one_id": task_id, "number": number}]
        taken = _taken(self._records.dialect)
        cases, rows = self._records.read_together((LOCK_OF_TASK, wanted[0]), (taken, wanted[1]))
        for row in rows:
            for name, version in ((STAFF, row.pop("staff")), (row.pop("held"), row.pop("version"))):
                self._records.versions.note(name, int(version))
            self._records.incidents.note(row["case_id"], row.pop("troubled"))
            self._records.bills.note(row["case_id"], row.pop("owing"))
            self._records.certificates.note_number(number, row.pop("numbered"))
            self._records.together.note(task_id, asked=row.pop("asked"), drafted=row.pop("drafted"))
        return next((CaseRow(**row) for row in cases), None), _task_file(task_id, rows)

    def open_of(self, case_id: UUID) -> tuple[TaskRow, ...]:
        """The open tasks of a case, oldest first."""
        return tuple(TaskRow(**row._mapping) for row in self._records.execute(_OPEN, {"one_case": case_id}))

    def of_case(self, case_id: UUID) -> tuple[TaskRow, ...]:
        """Every task of a case, oldest first."""
        rows = self._records.execute(
            select(task).where(task.c.case_id == case_id).order_by(task.c.created_at, task.c.id)
        )
        return tuple(TaskRow(**row._mapping) for row in rows)

    def held_by(self, username: str) -> tuple[TaskRow, ...]:
        """The open tasks somebody has, or lets somebody else prepare, oldest first."""
        mine = or_(task.c.assignee == username, and_(task.c.owner == username, task.c.delegation == "PENDING"))
        rows = self._records.execute(
            select(task).where(task.c.ended_at.is_(None), mine).order_by(task.c.created_at, task.c.id)
        )
        return tuple(TaskRow(**row._mapping) for row in rows)

    def holders(self) -> tuple[str, ...]:
        """Everybody who has an open task."""
        statement = select(task.c.assignee).where(task.c.ended_at.is_(None), task.c.assignee.is_not(None)).distinct()
        return tuple(sorted(row.assignee for row in self._records.execute(statement)))

    def acted_for(self, username: str) -> dict[str, int]:
        """Who does open tasks for somebody absent, and how many."""
        statement = (
            select(task.c.assignee, func.count().label("tasks"))
            .where(task.c.ended_at.is_(None), task.c.acting_for == username, task.c.assignee.is_not(None))
            .group_by(task.c.assignee)
        )
        return {row.assignee: row.tasks for row in self._records.execute(statement)}

    def stages_of(self, case_id: UUID) -> tuple[StageDone, ...]:
        """Who completed which stage task of the case."""
        return tuple(
            StageDone(scope_id=row.scope_id, stage=row.stage, person=row.ended_by)
            for row in self._records.execute(_STAGES, {"one_case": case_id})
        )

    def cancel(self, task_ids: Sequence[UUID], at: datetime) -> None:
        """End open tasks that the flow does not want any more."""
        if task_ids:
            self._records.send(_CANCEL, [{"one_id": one, "at": at} for one in task_ids])

    def change(self, task_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of a task."""
        self._records.execute(update(task).where(task.c.id == task_id).values(**values))

    def keep_time(self, copies: Mapping[UUID, Mapping[str, Any]]) -> None:
        """Repeat on open tasks what their clocks say: due, yellow, since when they stand still."""
        if copies:
            self._records.send(
                _KEEP_TIME,
                [{"one_id": id, **{f"new_{name}": one[name] for name in _TIME}} for id, one in copies.items()],
            )

    def candidates(self, task_id: UUID) -> tuple[Candidate, ...]:
        """Who may take a task."""
        return tuple(Candidate(**row._mapping) for row in self._records.execute(_CANDIDATES, {"one_id": task_id}))

    def add_candidates(self, rows: Sequence[Candidate]) -> None:
        """Offer tasks to people and groups."""
        if rows:
            self._records.send(_OFFER, rows)

    def drop_candidates(self, task_ids: Sequence[UUID]) -> None:
        """Forget who could take these tasks."""
        if task_ids:
            self._records.send(_NO_CANDIDATES, [{"one_id": one} for one in task_ids])

    def groups_involved(self, case_id: UUID) -> tuple[frozenset[str], frozenset[str]]:
        """(people, departments) that have or had a task of the case: who may read it."""
        rows = self._records.execute(
            select(task.c.assignee, task.c.owner, task.c.ended_by, task.c.department)
            .where(task.c.case_id == case_id)
            .distinct()
        ).all()
        people = {name for row in rows for name in row[:3] if name}
        return frozenset(people), frozenset(row.department for row in rows if row.department)

    def offered(self, case_id: UUID) -> tuple[Candidate, ...]:
        """Every candidate of the open tasks of a case."""
        return tuple(
            Candidate(**row._mapping)
            for row in self._records.execute(
                select(task_candidate)
                .join(task, task.c.id == task_candidate.c.task_id)
                .where(task.c.case_id == case_id)
            )
        )


def _task_file(task_id: UUID, rows: Sequence[dict[str, Any]]) -> TaskFile | None:
    found: TaskRow | None = None
    clocks: str | None = None
    candidates: list[Candidate] = []
    stages: list[StageDone] = []
    for row in rows:
        if row["id"] != task_id:
            stages.append(StageDone(scope_id=row["scope_id"], stage=row["stage"], person=row["ended_by"]))
            continue
        kind, value = row.pop("kind"), row.pop("value")
        clocks = row.pop("clocks", None)
        found = found or TaskRow(**row)
        if kind is not None:
            candidates.append(Candidate(task_id=task_id, kind=kind, value=value))
    if found is None:
        return None
    return TaskFile(row=found, candidates=tuple(candidates), stages=tuple(stages), clocks=clocks)
