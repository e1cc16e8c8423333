"""Runs of one act over many tasks, and what became of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from service.store.inbox_schema import bulk_item, bulk_run

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """One run. `key`: of the request that began it; `detail`: what goes for all, such as to whom."""

    id: UUID
    actor: str
    key: str
    act: str
    detail: Mapping[str, Any]
    begun_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRow:
    """One task of a run. `state`: WAITING, DONE, SUBMITTED, REFUSED; `sentence` with `params`: why it was refused.

    `seen`: the version of the task its opinion was written for.
    """

    run_id: UUID
    position: int
    task_id: UUID
    name: str
    title: str
    opinion: str | None
    state: str
    code: str | None = None
    sentence: str | None = None
    params: Mapping[str, Any] | None = None
    seen: int | None = None


class BulkRuns:
    """Rows of `bulk_run` and `bulk_item` in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, run: RunRow, items: Sequence[ItemRow]) -> None:
        """Begin a run. Duplicate when its key was used before."""
        self._records.execute(insert(bulk_run).values(asdict(run)))
        self._records.execute(insert(bulk_item), [asdict(item) for item in items])

    def by_key(self, actor: str, key: str) -> RunRow | None:
        """The run a request with this key began."""
        wanted = bulk_run.c.actor == actor, bulk_run.c.key == key
        return self._run(select(bulk_run).where(*wanted))

    def find(self, run_id: UUID) -> RunRow | None:
        """One run."""
        return self._run(select(bulk_run).where(bulk_run.c.id == run_id))

    def items(self, run_id: UUID) -> tuple[ItemRow, ...]:
        """All its tasks, in their order."""
        rows = self._records.execute(
            select(bulk_item).where(bulk_item.c.run_id == run_id).order_by(bulk_item.c.position)
        )
        return tuple(ItemRow(**row._mapping) for row in rows)

    def waiting(self, run_id: UUID) -> ItemRow | None:
        """The first task whose turn has not come."""
        statement = select(bulk_item).where(bulk_item.c.run_id == run_id, bulk_item.c.state == "WAITING")
        row = self._records.execute(statement.order_by(bulk_item.c.position).limit(1)).one_or_none()
        return None if row is None else ItemRow(**row._mapping)

    def settle(self, item: ItemRow, values: Mapping[str, Any]) -> None:
        """Write what became of a task; what is written already stays."""
        self._records.execute(
            update(bulk_item)
            .where(
                bulk_item.c.run_id == item.run_id,
                bulk_item.c.position == item.position,
                bulk_item.c.state == "WAITING",
            )
            .values(**values)
        )

    def latest(self, actor: str, *, limit: int) -> tuple[tuple[RunRow, int, int], ...]:
        """A person's last runs, each with how many of its tasks wait and how many there are."""
        waits = func.count().filter(bulk_item.c.state == "WAITING")
        statement = (
            select(bulk_run, waits.label("waits"), func.count().label("tasks"))
            .join(bulk_item, bulk_item.c.run_id == bulk_run.c.id)
            .where(bulk_run.c.actor == actor)
            .group_by(*bulk_run.c)
            .order_by(bulk_run.c.begun_at.desc())
            .limit(limit)
        )
        rows = self._records.execute(statement)
        return tuple(
            (RunRow(**{name: row._mapping[name] for name in bulk_run.c.keys()}), row.waits, row.tasks) for row in rows
        )

    def _run(self, statement: Any) -> RunRow | None:
        row = self._records.execute(statement).one_or_none()
        return None if row is None else RunRow(**row._mapping)
