"""External tasks while they wait for a worker: fetched by a conditional lock, so that no two workers share one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, insert, or_, select, update

from service.store.schema import case, definition, external_task, variable

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalRow:
    """One external task. Locked while `locked_until` lies in the future; no work when `retries` is 0."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    scope_id: UUID | None
    element: str
    topic: str
    priority: int = 0
    created_at: datetime
    worker: str | None = None
    locked_until: datetime | None = None
    retries: int | None = None
    error_message: str | None = None
    error_details: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An external task that may be locked, with what filters and the answer need of its case and definition."""

    row: ExternalRow
    business_key: str | None
    definition_key: str
    definition_version: int
    version_tag: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicFilter:
    """What one topic of a fetch asks for; null: anything."""

    topic: str
    business_key: str | None = None
    definition_ids: tuple[UUID, ...] | None = None
    definition_keys: tuple[str, ...] | None = None
    version_tag: str | None = None
    process_variables: Mapping[str, Any] = field(default_factory=dict)


_COLUMNS = tuple(column.name for column in fields(ExternalRow))
_ADD = insert(external_task)
_DROP = (
    delete(external_task)
    .where(external_task.c.id == bindparam("one_id"))
    .returning(external_task.c.id, external_task.c.retries)
)
_ORDERS = {
    "priority": external_task.c.priority.desc(),
    "created_asc": external_task.c.created_at.asc(),
    "created_desc": external_task.c.created_at.desc(),
}


class ExternalTasks:
    """The external-task rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, rows: Sequence[ExternalRow]) -> None:
        """Work for workers."""
        if rows:
            self._records.send(_ADD, rows)

    def find(self, task_id: UUID) -> ExternalRow | None:
        """One waiting external task."""
        row = self._records.execute(select(external_task).where(external_task.c.id == task_id)).one_or_none()
        return None if row is None else ExternalRow(**row._mapping)

    def change(self, task_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of an external task."""
        self._records.execute(update(external_task).where(external_task.c.id == task_id).values(**values))

    def lock_row(self, task_id: UUID) -> ExternalRow | None:
        """One waiting external task, held until the transaction ends so that nobody fetches it meanwhile."""
        row = self._records.execute(
            select(external_task).where(external_task.c.id == task_id).with_for_update()
        ).one_or_none()
        return None if row is None else ExternalRow(**row._mapping)

    def release_after(self, now: datetime) -> None:
        """Take work away from every worker whose lock would last beyond this instant."""
        held = external_task.c.locked_until > now
        self._records.execute(update(external_task).where(held).values(worker=None, locked_until=None))

    def drop(self, task_ids: Sequence[UUID]) -> tuple[UUID, ...]:
        """The work is done, or not wanted any more; those among them that had failed for good."""
        if not task_ids:
            return ()
        rows = self._records.read(_DROP, *({"one_id": one} for one in task_ids))
        return tuple(row["id"] for row in rows if row["retries"] == 0)

    def fetchable(
        self, now: datetime, topics: Sequence[TopicFilter], *, orders: Sequence[str], limit: int, hold: bool = True
    ) -> tuple[Offer, ...]:
        """Unlocked work of these topics that still has retries, its rows held until the transaction ends.

        `orders`: "priority", "created_asc", "created_desc". Rows another worker is just locking are skipped.
        `hold` False only looks.
        """
        wanted = or_(*(_matches(topic) for topic in topics))
        statement = (
            select(
                external_task,
                case.c.business_key,
                definition.c.key.label("definition_key"),
                definition.c.version.label("definition_version"),
                definition.c.version_tag,
            )
            .join(case, case.c.id == external_task.c.case_id)
            .join(definition, definition.c.id == external_task.c.definition_id)
            .where(
                or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= now),
                or_(external_task.c.retries.is_(None), external_task.c.retries > 0),
                case.c.state == "ACTIVE",
                wanted,
            )
            .order_by(*(_ORDERS[order] for order in orders), external_task.c.id)
            .limit(limit)
        )
        if hold:
            statement = statement.with_for_update(skip_locked=True, of=external_task)
        return tuple(
            Offer(
                row=ExternalRow(**{name: row._mapping[name] for name in _COLUMNS}),
                business_key=row.business_key,
                definition_key=row.definition_key,
                definition_version=row.definition_version,
                version_tag=row.version_tag,
            )
            for row in self._records.execute(statement)
        )

    def lock(self, locks: Sequence[tuple[UUID, str, datetime]]) -> None:
        """Lock rows held by this transaction: (task, worker, until)."""
        if locks:
            self._records.execute(
                update(external_task)
                .where(external_task.c.id == bindparam("one_id"))
                .values(worker=bindparam("who"), locked_until=bindparam("until")),
                [{"one_id": one, "who": worker, "until": until} for one, worker, until in locks],
            )


def _matches(topic: TopicFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [external_task.c.topic == topic.topic]
    if topic.business_key is not None:
        parts.append(case.c.business_key == topic.business_key)
    if topic.definition_ids is not None:
        parts.append(external_task.c.definition_id.in_(topic.definition_ids))
    if topic.definition_keys is not None:
        parts.append(definition.c.key.in_(topic.definition_keys))
    if topic.version_tag is not None:
        parts.append(definition.c.version_tag == topic.version_tag)
    parts.extend(
        exists().where(
            variable.c.case_id == external_task.c.case_id,
            variable.c.scope_id == external_task.c.case_id,
            variable.c.name == name,
            variable.c.value == value,
        )
        for name, value in topic.process_variables.items()
    )
    return and_(*parts)
