"""Rehearsals and what they say of every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from service.store.rehearsal_schema import rehearsal, rehearsal_item
from service.store.schema import case, task

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalRow:
    """One rehearsal of one process."""

    id: UUID
    process: str
    digest: str
    draft_id: UUID | None
    draft_version: int | None
    release_id: UUID | None
    base_id: UUID | None
    state: str
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None = None
    report: Mapping[str, Any] | None = None
    sentence: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalItemRow:
    """What is said of one case."""

    rehearsal_id: UUID
    position: int
    case_id: UUID
    kind: str
    verdict: str | None = None
    said: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedTask:
    """A user task of a finished case."""

    id: UUID
    element: str
    ended_at: datetime | None
    outcome: str | None


class Rehearsals:
    """The rehearsals of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: RehearsalRow, running: Sequence[UUID], finished: Sequence[UUID]) -> None:
        """Keep one with the cases it will ask about."""
        self._records.execute(insert(rehearsal), [asdict(row)])
        every = [("RUNNING", one) for one in running] + [("FINISHED", one) for one in finished]
        rows = [
            {"rehearsal_id": row.id, "position": place, "case_id": one, "kind": kind}
            for place, (kind, one) in enumerate(every, 1)
        ]
        if rows:
            self._records.execute(insert(rehearsal_item), rows)

    def find(self, rehearsal_id: UUID, *, lock: bool = False) -> RehearsalRow | None:
        """One rehearsal, locked until the transaction ends if wished."""
        query = select(rehearsal).where(rehearsal.c.id == rehearsal_id)
        row = self._records.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else RehearsalRow(**row._mapping)

    def latest(
        self,
        process: str,
        *,
        digest: str | None = None,
        draft_id: UUID | None = None,
    ) -> RehearsalRow | None:
        """The last one of these very files, or of a draft as it was then."""
        query = select(rehearsal).where(rehearsal.c.process == process)
        query = query.where(rehearsal.c.digest == digest) if digest is not None else query
        query = query.where(rehearsal.c.draft_id == draft_id) if draft_id is not None else query
        row = self._records.execute(query.order_by(rehearsal.c.begun_at.desc(), rehearsal.c.id).limit(1)).one_or_none()
        return None if row is None else RehearsalRow(**row._mapping)

    def before(self, process: str, draft_id: UUID | None, digest: str) -> tuple[UUID, ...]:
        """Earlier ones of the same draft or the same files, which another one takes the place of."""
        same = rehearsal.c.digest == digest
        query = select(rehearsal.c.id).where(
            rehearsal.c.process == process, same if draft_id is None else same | (rehearsal.c.draft_id == draft_id)
        )
        return tuple(self._records.execute(query).scalars())

    def change(self, rehearsal_id: UUID, **columns: Any) -> None:
        """Write some columns."""
        self._records.execute(update(rehearsal).where(rehearsal.c.id == rehearsal_id).values(**columns))

    def forget(self, rehearsal_ids: Sequence[UUID]) -> None:
        """Remove some with what they say."""
        self._records.execute(delete(rehearsal_item).where(rehearsal_item.c.rehearsal_id.in_(rehearsal_ids)))
        self._records.execute(delete(rehearsal).where(rehearsal.c.id.in_(rehearsal_ids)))

    def next_items(self, rehearsal_id: UUID, limit: int) -> tuple[RehearsalItemRow, ...]:
        """The first cases that have not had their turn."""
        query = select(rehearsal_item).where(
            rehearsal_item.c.rehearsal_id == rehearsal_id, rehearsal_item.c.verdict.is_(None)
        )
        rows = self._records.execute(query.order_by(rehearsal_item.c.position).limit(limit))
        return tuple(RehearsalItemRow(**row._mapping) for row in rows)

    def settle(self, rehearsal_id: UUID, position: int, verdict: str, said: Mapping[str, Any]) -> None:
        """Write what is said of a case."""
        self._records.execute(
            update(rehearsal_item)
            .where(rehearsal_item.c.rehearsal_id == rehearsal_id, rehearsal_item.c.position == position)
            .values(verdict=verdict, said=said)
        )

    def tally(self, rehearsal_id: UUID) -> dict[tuple[str, str | None], int]:
        """How many cases by question and verdict."""
        query = (
            select(rehearsal_item.c.kind, rehearsal_item.c.verdict, func.count().label("cases"))
            .where(rehearsal_item.c.rehearsal_id == rehearsal_id)
            .group_by(rehearsal_item.c.kind, rehearsal_item.c.verdict)
        )
        return {(row.kind, row.verdict): row.cases for row in self._records.execute(query)}

    def listed(
        self, rehearsal_id: UUID, kind: str, *, verdict: str | None = None, limit: int, offset: int = 0
    ) -> tuple[tuple[RehearsalItemRow, str | None, str | None], ...]:
        """Cases that had their turn, with number and title."""
        query = (
            select(rehearsal_item, case.c.business_key, case.c.title)
            .join(case, case.c.id == rehearsal_item.c.case_id)
            .where(rehearsal_item.c.rehearsal_id == rehearsal_id, rehearsal_item.c.kind == kind)
            .where(rehearsal_item.c.verdict == verdict if verdict else rehearsal_item.c.verdict.is_not(None))
        )
        rows = self._records.execute(query.order_by(rehearsal_item.c.position).limit(limit).offset(offset))
        names = [column.name for column in rehearsal_item.c]
        return tuple(
            (RehearsalItemRow(**{name: row._mapping[name] for name in names}), row.business_key, row.title)
            for row in rows
        )

    # -- the cases of a process

    def running(self, process: str, *, limit: int) -> tuple[UUID, ...]:
        """Its running cases, the oldest first."""
        query = select(case.c.id).where(case.c.key == process, case.c.ended_at.is_(None))
        return tuple(self._records.execute(query.order_by(case.c.started_at, case.c.id).limit(limit)).scalars())

    def finished(self, process: str, *, limit: int) -> tuple[UUID, ...]:
        """Its cases that were completed last."""
        query = select(case.c.id).where(case.c.key == process, case.c.state == "COMPLETED")
        return tuple(self._records.execute(query.order_by(case.c.ended_at.desc(), case.c.id).limit(limit)).scalars())

    def tasks_of(self, case_id: UUID) -> tuple[EndedTask, ...]:
        """The user tasks of a case."""
        query = select(task.c.id, task.c.element, task.c.ended_at, task.c.outcome).where(task.c.case_id == case_id)
        return tuple(EndedTask(**row._mapping) for row in self._records.execute(query))
