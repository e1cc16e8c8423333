"""Ratings of cases, samples with their seeds, and which cases of a month can be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, Text, func, insert, or_, select, type_coerce, update

from service.store.papers_schema import acceptance
from service.store.quality_schema import rating, sampling
from service.store.schema import case, definition, variable
from service.store.time_schema import clock, supervision

if TYPE_CHECKING:
    from service.store.records import Records

REFUSED_ENDS = ("End_Refused", "End_NotAccepted")
LATE = ("CASE_OVERDUE", "STATUTORY_OVERDUE")
COMPLAINT = "support_SP_01"


@dataclass(frozen=True, kw_only=True)
class RatingRow:
    """One rating. `grade` 0: nobody pressed; `rated_by` None: at the counter; `excluded_at`: a mistaken one."""

    id: UUID
    case_id: UUID
    grade: int
    tags: Sequence[str]
    said: str = ""
    channel: str
    rated_by: str | None = None
    clerk: str | None = None
    named: bool
    department: str | None
    rated_at: datetime
    changed_at: datetime | None = None
    excluded_at: datetime | None = None
    follow_up: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RatedCase:
    """A rating with the case it is about, for lists."""

    rating: RatingRow
    title: str | None
    number: str | None
    process: str


@dataclass(frozen=True, kw_only=True)
class SamplingRow:
    """One sample. `selected`: case, number, title, department, reasons of each."""

    id: UUID
    case_id: UUID
    kind: str
    period: str
    population: int
    ratio: str
    seed: str
    selected: Sequence[Mapping[str, Any]]
    drawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A case that ended in a period. `reasons`: why it must be looked at."""

    id: UUID
    title: str | None
    number: str | None
    department: str | None
    started_by: str | None
    reasons: tuple[str, ...]


_RATING = tuple(one.name for one in fields(RatingRow))
_SAMPLING = tuple(one.name for one in fields(SamplingRow))


class Quality:
    """The ratings and samples of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add_rating(self, row: RatingRow) -> None:
        """A case is rated. Refused: Duplicate when it is already."""
        self._records.execute(insert(rating), {name: getattr(row, name) for name in _RATING})

    def change_rating(self, rating_id: UUID, **values: Any) -> None:
        """Write some columns."""
        self._records.execute(update(rating).where(rating.c.id == rating_id).values(**values))

    def rating_of(self, case_id: UUID) -> RatingRow | None:
        """The rating of a case."""
        row = self._records.execute(select(rating).where(rating.c.case_id == case_id)).one_or_none()
        return None if row is None else RatingRow(**row._mapping)

    def ratings(
        self, *, filters: Mapping[str, Any], first: int, size: int
    ) -> tuple[tuple[RatedCase, ...], dict[int, int]]:
        """One page, the latest first, and how many of each grade there are. `filters`: grade, department, channel, published."""
        source = rating.join(case, case.c.id == rating.c.case_id).join(
            definition, definition.c.id == case.c.definition_id
        )
        conditions = _conditions({name: value for name, value in filters.items() if name != "grade"})
        counted = select(rating.c.grade, func.count().label("n")).select_from(source).where(*conditions)
        counts = {row.grade: row.n for row in self._records.execute(counted.group_by(rating.c.grade))}
        columns = (
            *(rating.c[name] for name in _RATING),
            case.c.title.label("case_title"),
            case.c.business_key.label("case_number"),
            definition.c.name.label("process"),
        )
        query = select(*columns).select_from(source).where(*conditions)
        if filters.get("grade") is not None:
            query = query.where(rating.c.grade == filters["grade"])
        query = query.order_by(rating.c.rated_at.desc(), rating.c.id).offset(first).limit(size)
        found = tuple(
            RatedCase(
                rating=RatingRow(**{name: getattr(row, name) for name in _RATING}),
                title=row.case_title,
                number=row.case_number,
                process=row.process,
            )
            for row in self._records.execute(query)
        )
        return found, counts

    def average(self, department: str | None = None) -> float | None:
        """The mean grade of what counts: given, and not mistaken. None: nobody has rated yet."""
        query = select(func.avg(rating.c.grade)).where(rating.c.grade > 0, rating.c.excluded_at.is_(None))
        if department:
            query = query.where(rating.c.department == department)
        mean = self._records.execute(query).scalar_one()
        return None if mean is None else float(mean)

    def add_sampling(self, row: SamplingRow) -> None:
        """A sample was drawn. Refused: Duplicate when the month has one of its kind."""
        self._records.execute(insert(sampling), {name: getattr(row, name) for name in _SAMPLING})

    def sampling_of(self, kind: str, period: str) -> SamplingRow | None:
        """The sample of a month."""
        return self._sample(select(sampling).where(sampling.c.kind == kind, sampling.c.period == period))

    def samplings(self, kind: str, case_ids: Sequence[UUID]) -> dict[UUID, SamplingRow]:
        """The samples some cases have drawn, by case."""
        rows = self._records.execute(
            select(sampling).where(sampling.c.kind == kind, sampling.c.case_id.in_(list(case_ids)))
        )
        return {row.case_id: SamplingRow(**row._mapping) for row in rows}

    def ended_between(self, first: datetime, after: datetime) -> tuple[Ended, ...]:
        """Items and chains that were completed from `first` to before `after`, with what must be looked at."""
        rows = self._records.execute(
            select(case.c.id, case.c.title, case.c.business_key, case.c.end_element, case.c.started_by)
            .select_from(case.join(definition, definition.c.id == case.c.definition_id))
            .where(*_ended(first, after))
            .order_by(case.c.id)
        ).all()
        within = select(case.c.id).select_from(case.join(definition, definition.c.id == case.c.definition_id))
        within = within.where(*_ended(first, after))
        late = self._ids(
            select(supervision.c.case_id).where(
                supervision.c.case_id.in_(within), supervision.c.violation.in_(LATE), supervision.c.state != "REVOKED"
            )
        )
        bad = self._ids(
            select(rating.c.case_id).where(
                rating.c.case_id.in_(within), rating.c.grade.in_((1, 2)), rating.c.excluded_at.is_(None)
            )
        )
        accused = self._complained()
        departments = {
            row.case_id: row.department
            for row in self._records.execute(
                select(clock.c.case_id, func.min(clock.c.department).label("department"))
                .where(clock.c.case_id.in_(within), clock.c.kind.in_(("CASE", "CHAIN")), clock.c.scope_id.is_(None))
                .group_by(clock.c.case_id)
            )
        }
        return tuple(
            Ended(
                id=row.id,
                title=row.title,
                number=row.business_key,
                department=departments.get(row.id),
                started_by=row.started_by,
                reasons=tuple(
                    reason
                    for reason, holds in (
                        ("REFUSED", row.end_element in REFUSED_ENDS),
                        ("OVERDUE", row.id in late),
                        ("BAD_RATING", row.id in bad),
                        ("COMPLAINT", row.id in accused),
                    )
                    if holds
                ),
            )
            for row in rows
        )

    def case_numbered(self, number: str) -> UUID | None:
        """The latest item or chain with this 收件号, or this 受理号 with or without its hyphens."""
        digits = "".join(sign for sign in number if sign.isdigit())
        accepted = select(acceptance.c.case_id).where(acceptance.c.number == digits)
        row = self._records.execute(
            select(case.c.id)
            .select_from(case.join(definition, definition.c.id == case.c.definition_id))
            .where(
                or_(definition.c.zw_kind.is_(None), definition.c.zw_kind != "SUPPORT"),
                or_(case.c.business_key == number, case.c.id.in_(accepted)),
            )
            .order_by(case.c.started_at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else row.id

    def cases_with(self, key: str, name: str, value: str) -> tuple[UUID, ...]:
        """Cases of a process, running or ended, in which a variable of the case has this text."""
        stored = type_coerce(variable.c.value, Text)
        rows = self._records.execute(
            select(case.c.id)
            .select_from(case.join(variable, (variable.c.case_id == case.c.id) & (variable.c.scope_id == case.c.id)))
            .where(case.c.key == key, variable.c.name == name, stored == orjson.dumps(value).decode())
        )
        return tuple(row.id for row in rows)

    def _complained(self) -> frozenset[UUID]:
        rows = self._records.execute(
            select(variable.c.value)
            .select_from(variable.join(case, case.c.id == variable.c.case_id))
            .where(case.c.key == COMPLAINT, variable.c.scope_id == case.c.id, variable.c.name == "about_case")
        )
        return frozenset(UUID(row.value) for row in rows if isinstance(row.value, str) and row.value)

    def _ids(self, query: Select[Any]) -> frozenset[UUID]:
        return frozenset(row[0] for row in self._records.execute(query))

    def _sample(self, query: Select[Any]) -> SamplingRow | None:
        row = self._records.execute(query).one_or_none()
        return None if row is None else SamplingRow(**row._mapping)


def _ended(first: datetime, after: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        definition.c.zw_kind.in_(("ITEM", "CHAIN")),
        case.c.state == "COMPLETED",
        case.c.ended_at >= first,
        case.c.ended_at < after,
    )


def _conditions(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.get("department"):
        found.append(rating.c.department == filters["department"])
    if filters.get("channel"):
        found.append(rating.c.channel == filters["channel"])
    if filters.get("started_by"):
        found.append(case.c.started_by == filters["started_by"])
    return found
