"""Running and finished procedures (办件): one row a case, locked before anything else of the case is touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, Table, Update, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.rules.refusals import Conflict
from service.store.schema import agenda, case, external_task, incident, subscription, task

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """One case as stored; `version` is the number of its last journal line, `blob` the engine's state."""

    id: UUID
    definition_id: UUID
    key: str
    binding_id: UUID
    business_key: str | None
    title: str | None
    state: str
    version: int
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None = None
    end_element: str | None = None
    reason: str | None = None
    blob: bytes | None = None


_KEY: BindParameter[UUID] = bindparam("key_id")


def _lock_via(table: Table) -> Select[Any]:
    """The case that a row of another table belongs to, locked."""
    its_case = select(table.c.case_id).where(table.c.id == _KEY).scalar_subquery()
    return select(case).where(case.c.id == its_case).with_for_update()


_ADD = insert(case)
_BY_ID = select(case).where(case.c.id == _KEY)
_SOME = select(*(column for column in case.c if column.name != "blob")).where(
    case.c.id.in_(bindparam("ids", expanding=True))
)
_NUMBERED = select(case.c.id).where(case.c.business_key == bindparam("wanted")).limit(1)
_LOCK = _BY_ID.with_for_update()
LOCK_OF_TASK = _lock_via(task)
_LOCK_VIA = {table.name: _lock_via(table) for table in (external_task, agenda, subscription, incident)}


@cache
def _change(columns: tuple[str, ...]) -> Update:
    """Writing these columns; built once, since every act ends with it."""
    return update(case).where(case.c.id == _KEY).values({name: bindparam(name) for name in columns})


class Cases:
    """The case rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def bindings(self, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
        """Binding and process key of cases, by id."""
        query = select(case.c.id, case.c.binding_id, case.c.key).where(case.c.id.in_(ids))
        return {row.id: (row.binding_id, row.key) for row in self._records.execute(query)} if ids else {}

    def add(self, row: CaseRow) -> None:
        """Insert a new case. Refused: Conflict BUSINESS_KEY_IN_USE when a running case of the same key has it."""
        try:
            self._records.send(_ADD, [row])
            self._records.flush()
        except IntegrityError as error:
            words = str(error.orig)
            if "uq_cases_running_business_key" in words or "cases.business_key" in words:
                raise Conflict(
                    "BUSINESS_KEY_IN_USE",
                    "办件编号“{business_key}”已被同一流程正在办理的办件使用",
                    business_key=row.business_key,
                ) from error
            raise

    def any(self) -> bool:
        """Was any case ever started?"""
        return self._records.execute(select(case.c.id).limit(1)).first() is not None

    def has_number(self, business_key: str) -> bool:
        """Whether any case, running or ended, has this business key."""
        return self._records.execute(_NUMBERED, {"wanted": business_key}).first() is not None

    def some(self, case_ids: Collection[UUID]) -> dict[UUID, CaseRow]:
        """Some cases without their engine's state, in one statement."""
        if not case_ids:
            return {}
        rows = self._records.execute(_SOME, {"ids": list(set(case_ids))})
        return {row.id: CaseRow(**row._mapping) for row in rows}

    def running_numbered(self, business_key: str) -> CaseRow | None:
        """The running case with a business key, when there is exactly one."""
        query = select(case).where(case.c.business_key == business_key, case.c.ended_at.is_(None)).limit(2)
        rows = self._records.execute(query).all()
        return CaseRow(**rows[0]._mapping) if len(rows) == 1 else None

    def find(self, case_id: UUID) -> CaseRow | None:
        """The case as it is, without a lock."""
        return self._one(_BY_ID, case_id)

    def lock(self, case_id: UUID) -> CaseRow | None:
        """The case, locked until the transaction ends (on SQLite the whole transaction is exclusive already)."""
        return self._one(_LOCK, case_id)

    def lock_of_task(self, task_id: UUID) -> CaseRow | None:
        """Lock the case a task belongs to."""
        return self._one(LOCK_OF_TASK, task_id)

    def lock_of_external(self, task_id: UUID) -> CaseRow | None:
        """Lock the case an external task belongs to."""
        return self._one(_LOCK_VIA["external_task"], task_id)

    def lock_of_job(self, job_id: UUID) -> CaseRow | None:
        """Lock the case an agenda item belongs to."""
        return self._one(_LOCK_VIA["agenda"], job_id)

    def lock_of_subscription(self, token_id: UUID) -> CaseRow | None:
        """Lock the case of a token that listens."""
        return self._one(_LOCK_VIA["subscription"], token_id)

    def lock_of_incident(self, incident_id: UUID) -> CaseRow | None:
        """Lock the case an incident belongs to."""
        return self._one(_LOCK_VIA["incident"], incident_id)

    def change(self, case_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of a case."""
        self._records.send(_change(tuple(sorted(values))), [{"key_id": case_id, **values}])

    def running_of(self, definition_id: UUID) -> tuple[UUID, ...]:
        """Cases of a definition version that have not ended, oldest first."""
        rows = self._records.execute(
            select(case.c.id)
            .where(case.c.definition_id == definition_id, case.c.ended_at.is_(None))
            .order_by(case.c.started_at, case.c.id)
        )
        return tuple(row.id for row in rows)

    def _one(self, statement: Select[Any], key: UUID) -> CaseRow | None:
        return next((CaseRow(**row) for row in self._records.read(statement, {"key_id": key})), None)
