"""Plans and batches of migration, and what a migrated case changes in the tables of open work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update

from service.store.migration_schema import migration_batch, migration_item, migration_plan
from service.store.schema import activity, agenda, case, external_task, incident, subscription, task
from service.store.time_schema import clock

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRow:
    """One plan. `mapping`: process → old element → new element or None; `strict`: nothing else goes on."""

    id: UUID
    process: str
    from_id: UUID
    to_id: UUID
    mapping: Mapping[str, Mapping[str, str | None]]
    strict: bool
    made_by: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRow:
    """One batch of a plan."""

    id: UUID
    plan_id: UUID
    binding_id: UUID
    state: str
    undoing: bool
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """One case of a batch. The last five: what taking it back needs."""

    batch_id: UUID
    position: int
    case_id: UUID
    state: str
    code: str | None = None
    sentence: str | None = None
    params: Mapping[str, Any] | None = None
    done_at: datetime | None = None
    version: int | None = None
    definition_id: UUID | None = None
    binding_id: UUID | None = None
    blob: bytes | None = None
    written: Sequence[Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningRow:
    """A running case as the dry run looks at it."""

    id: UUID
    binding_id: UUID
    business_key: str | None
    title: str | None
    state: str
    blob: bytes


_ONE: BindParameter[UUID] = bindparam("one_id")
_CASE: BindParameter[UUID] = bindparam("one_case")
_TASKS = (
    update(task)
    .where(task.c.id == _ONE)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("definition_id", "element", "name", "description", "form_key", "stage", "seen")
        }
    )
)
_AGENDA = (
    update(agenda)
    .where(agenda.c.id == _ONE)
    .values(definition_id=bindparam("new_definition_id"), element=bindparam("new_element"))
)
_TURNS = update(agenda).where(agenda.c.id == _ONE).values(element=bindparam("new_element"))
_EXTERNAL = (
    update(external_task)
    .where(external_task.c.id == _ONE)
    .values(
        definition_id=bindparam("new_definition_id"), element=bindparam("new_element"), topic=bindparam("new_topic")
    )
)
_LISTENING = (
    update(subscription)
    .where(subscription.c.id == _ONE)
    .values(name=bindparam("new_name"), element=bindparam("new_element"))
)
_ACTIVITIES = (
    update(activity)
    .where(activity.c.id == _ONE, activity.c.ended_at.is_(None))
    .values(definition_id=bindparam("new_definition_id"), element=bindparam("new_element"))
)
_INCIDENTS = (
    update(incident)
    .where(incident.c.token_id == _ONE, incident.c.closed_at.is_(None))
    .values(definition_id=bindparam("new_definition_id"), element=bindparam("new_element"))
)
_CLOCKS = update(clock).where(clock.c.id == _ONE).values(element=bindparam("new_element"))
_LIVE_ACTIVITIES = select(activity.c.id).where(activity.c.case_id == _CASE, activity.c.ended_at.is_(None))
_SETTLE = update(migration_item).where(
    migration_item.c.batch_id == bindparam("one_batch"), migration_item.c.position == bindparam("one_position")
)


class Migrations:
    """Rows of plans, batches and items in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- plans

    def add_plan(self, row: PlanRow) -> None:
        """Keep a plan."""
        self._records.execute(insert(migration_plan).values(asdict(row)))

    def plan(self, plan_id: UUID) -> PlanRow | None:
        """One plan."""
        row = self._records.execute(select(migration_plan).where(migration_plan.c.id == plan_id)).one_or_none()
        return None if row is None else PlanRow(**row._mapping)

    def plans_of(self, process: str, *, limit: int) -> tuple[PlanRow, ...]:
        """The last plans of a process, the newest first."""
        query = select(migration_plan).where(migration_plan.c.process == process)
        rows = self._records.execute(query.order_by(migration_plan.c.made_at.desc(), migration_plan.c.id).limit(limit))
        return tuple(PlanRow(**row._mapping) for row in rows)

    # -- batches

    def begin(self, row: BatchRow, cases: Sequence[UUID]) -> None:
        """A batch with its cases in their order."""
        self._records.execute(insert(migration_batch).values(asdict(row)))
        items = [
            {"batch_id": row.id, "position": place, "case_id": one, "state": "WAITING"}
            for place, one in enumerate(cases, 1)
        ]
        if items:
            self._records.execute(insert(migration_item), items)

    def batch(self, batch_id: UUID, *, lock: bool = False) -> BatchRow | None:
        """One batch, locked until the transaction ends if wished."""
        query = select(migration_batch).where(migration_batch.c.id == batch_id)
        row = self._records.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else BatchRow(**row._mapping)

    def batches(self, *, process: str | None = None, limit: int = 100) -> tuple[BatchRow, ...]:
        """The last batches (of a process), the newest first."""
        query = select(migration_batch)
        if process is not None:
            query = query.join(migration_plan, migration_plan.c.id == migration_batch.c.plan_id)
            query = query.where(migration_plan.c.process == process)
        query = query.order_by(migration_batch.c.begun_at.desc(), migration_batch.c.id).limit(limit)
        return tuple(BatchRow(**row._mapping) for row in self._records.execute(query))

    def change_batch(self, batch_id: UUID, **values: Any) -> None:
        """Write columns of a batch."""
        self._records.execute(update(migration_batch).where(migration_batch.c.id == batch_id).values(**values))

    def forget_batch(self, batch_id: UUID) -> None:
        """Remove a batch and what became of its cases; the journals keep what was done."""
        self._records.execute(delete(migration_item).where(migration_item.c.batch_id == batch_id))
        self._records.execute(delete(migration_batch).where(migration_batch.c.id == batch_id))

    def tally(self, batch_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
        """How many cases of each batch are in which state."""
        found: dict[UUID, dict[str, int]] = {one: {} for one in batch_ids}
        query = (
            select(migration_item.c.batch_id, migration_item.c.state, func.count().label("cases"))
            .where(migration_item.c.batch_id.in_(batch_ids))
            .group_by(migration_item.c.batch_id, migration_item.c.state)
        )
        for row in self._records.execute(query) if batch_ids else ():
            found[row.batch_id][row.state] = row.cases
        return found

    # -- items

    def next_items(self, batch_id: UUID, state: str, limit: int) -> tuple[ItemRow, ...]:
        """The first cases of a batch in a state, in their order."""
        query = select(migration_item).where(migration_item.c.batch_id == batch_id, migration_item.c.state == state)
        rows = self._records.execute(query.order_by(migration_item.c.position).limit(limit))
        return tuple(ItemRow(**row._mapping) for row in rows)

    def item(self, batch_id: UUID, position: int) -> ItemRow | None:
        """One case of a batch."""
        query = select(migration_item).where(
            migration_item.c.batch_id == batch_id, migration_item.c.position == position
        )
        row = self._records.execute(query).one_or_none()
        return None if row is None else ItemRow(**row._mapping)

    def settle(self, item: ItemRow, **values: Any) -> None:
        """Write what became of a case."""
        self._records.execute(_SETTLE.values(**values), {"one_batch": item.batch_id, "one_position": item.position})

    def change_items(self, batch_id: UUID, old: str, new: str) -> None:
        """All cases of a batch in one state get another."""
        self._records.execute(
            update(migration_item)
            .where(migration_item.c.batch_id == batch_id, migration_item.c.state == old)
            .values(state=new)
        )

    def give_up_states(self) -> int:
        """Forget what taking back would need of cases that went on since: nobody can take them back. How many."""
        as_left = select(case.c.id).where(
            case.c.id == migration_item.c.case_id, case.c.version == migration_item.c.version
        )
        gone = update(migration_item).where(migration_item.c.blob.is_not(None), ~as_left.exists())
        return int(self._records.execute(gone.values(blob=None)).rowcount)

    def listed(
        self, batch_id: UUID, *, states: Sequence[str] = (), limit: int = 50, offset: int = 0
    ) -> tuple[tuple[ItemRow, str | None, str | None], ...]:
        """Cases of a batch without what taking back needs, with number and title."""
        columns = [column for column in migration_item.c if column.name != "blob"]
        query = (
            select(*columns, case.c.business_key, case.c.title)
            .join(case, case.c.id == migration_item.c.case_id)
            .where(migration_item.c.batch_id == batch_id, *([migration_item.c.state.in_(states)] if states else []))
            .order_by(migration_item.c.position)
            .limit(limit)
            .offset(offset)
        )
        found = []
        for row in self._records.execute(query):
            values = {column.name: row._mapping[column.name] for column in columns}
            found.append((ItemRow(**values), row.business_key, row.title))
        return tuple(found)

    # -- cases

    def running(self, definition_id: UUID) -> tuple[RunningRow, ...]:
        """The running cases of a version, oldest first, with their engine's state."""
        columns = (case.c.id, case.c.binding_id, case.c.business_key, case.c.title, case.c.state, case.c.blob)
        query = select(*columns).where(case.c.definition_id == definition_id, case.c.ended_at.is_(None))
        rows = self._records.execute(query.order_by(case.c.started_at, case.c.id))
        return tuple(RunningRow(**row._mapping) for row in rows if row.blob)

    def running_counts(self, process: str) -> dict[UUID, int]:
        """How many cases of each version of a process run."""
        query = (
            select(case.c.definition_id, func.count().label("cases"))
            .where(case.c.key == process, case.c.ended_at.is_(None))
            .group_by(case.c.definition_id)
        )
        return {row.definition_id: row.cases for row in self._records.execute(query)}

    def live_activities(self, case_id: UUID) -> frozenset[UUID]:
        """Element instances of a case that are no user tasks and go on."""
        return frozenset(self._records.execute(_LIVE_ACTIVITIES, {"one_case": case_id}).scalars())

    def rewrite(
        self,
        *,
        tasks: Sequence[Mapping[str, Any]] = (),
        agenda: Sequence[Mapping[str, Any]] = (),
        external: Sequence[Mapping[str, Any]] = (),
        listening: Sequence[Mapping[str, Any]] = (),
        activities: Sequence[Mapping[str, Any]] = (),
        incidents: Sequence[Mapping[str, Any]] = (),
        clocks: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """What goes on has other facts: `one_id` and its `new_…` columns, by table. The turns of clocks follow them."""
        for statement, rows in (
            (_TASKS, tasks),
            (_AGENDA, agenda),
            (_EXTERNAL, external),
            (_LISTENING, listening),
            (_ACTIVITIES, activities),
            (_INCIDENTS, incidents),
            (_CLOCKS, clocks),
            (_TURNS, clocks),
        ):
            if rows:
                self._records.send(statement, [dict(row) for row in rows])
