"""Values of the variables of cases, items and tasks: the current ones, the last ones when item or case has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, select

from service.store.schema import variable
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class VariableRow:
    """One value. `scope_id`: the case's id, else the token that hosts the item, or the task whose own value it is."""

    case_id: UUID
    scope_id: UUID
    name: str
    type: str
    value: Any


_DROP = delete(variable).where(
    variable.c.case_id == bindparam("one_case"),
    variable.c.scope_id == bindparam("one_scope"),
    variable.c.name == bindparam("one_name"),
)


class Variables:
    """The variable rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, rows: Sequence[VariableRow]) -> None:
        """Write values, new or not."""
        if rows:
            self._records.send(
                upsert(self._records.dialect, variable, ("case_id", "scope_id", "name")),
                rows,
            )

    def drop(self, case_id: UUID, names: Sequence[tuple[UUID, str]]) -> None:
        """Remove (scope, name) pairs."""
        if names:
            self._records.send(
                _DROP, [{"one_case": case_id, "one_scope": scope, "one_name": name} for scope, name in names]
            )

    def of_case(self, case_id: UUID) -> tuple[VariableRow, ...]:
        """Every value of a case in all scopes."""
        rows = self._records.execute(select(variable).where(variable.c.case_id == case_id))
        return tuple(VariableRow(**row._mapping) for row in rows)

    def of_scope(self, case_id: UUID, scope_id: UUID) -> tuple[VariableRow, ...]:
        """Every value of one scope, by name."""
        rows = self._records.execute(
            select(variable)
            .where(variable.c.case_id == case_id, variable.c.scope_id == scope_id)
            .order_by(variable.c.name)
        )
        return tuple(VariableRow(**row._mapping) for row in rows)

    def of_cases(self, case_ids: Sequence[UUID]) -> tuple[VariableRow, ...]:
        """Every value of several cases."""
        if not case_ids:
            return ()
        rows = self._records.execute(select(variable).where(variable.c.case_id.in_(case_ids)))
        return tuple(VariableRow(**row._mapping) for row in rows)

    def cases_with(self, case_ids: Sequence[UUID], values: Mapping[str, Any]) -> frozenset[UUID]:
        """Which of these cases have all these process variables with equal values."""
        left = frozenset(case_ids)
        for name, value in values.items():
            if not left:
                break
            rows = self._records.execute(
                select(variable.c.case_id, variable.c.value).where(
                    and_(
                        variable.c.case_id.in_(left),
                        variable.c.scope_id == variable.c.case_id,
                        variable.c.name == name,
                    )
                )
            )
            left = frozenset(row.case_id for row in rows if row.value == value and type(row.value) is type(value))
        return left
