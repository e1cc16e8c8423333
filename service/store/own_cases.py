"""The cases somebody has begun: for the page of an applicant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from service.store.schema import case, definition
from service.store.work import matches
from service.store.workbench import CaseLine

if TYPE_CHECKING:
    from service.store.records import Records

LINES = select(
    *(case.c[one.name] for one in fields(CaseLine) if one.name in case.c and one.name != "version"),
    definition.c.version,
    definition.c.name,
).join_from(case, definition, definition.c.id == case.c.definition_id)


def begun_by(
    records: Records,
    username: str,
    states: Collection[str],
    *,
    search: str = "",
    apart: Collection[str] = (),
    skip: int = 0,
    limit: int = 10,
) -> tuple[dict[str, int], int, tuple[CaseLine, ...]]:
    """Counts by state, how many are in one of `states`, and one page of these, the latest first; `apart`: processes left out."""
    conditions = [case.c.started_by == username, case.c.key.not_in(sorted(apart))]
    if search:
        conditions.append(matches(search, case.c.title, case.c.business_key, definition.c.name))
    found = LINES.with_only_columns(case.c.state, func.count().label("n")).where(*conditions).group_by(case.c.state)
    counts = {row.state: row.n for row in records.execute(found)}
    page = LINES.where(*conditions, case.c.state.in_(list(states)))
    rows = records.execute(page.order_by(case.c.started_at.desc(), case.c.id).offset(skip).limit(limit))
    return counts, sum(counts.get(state, 0) for state in states), tuple(CaseLine(**row._mapping) for row in rows)
