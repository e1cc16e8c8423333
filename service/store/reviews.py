"""年规范 and 季清理: rows of `item_review` and `item_review_line`, and when an item was last asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from service.store.register_schema import item_review, item_review_line
from service.store.time_schema import clock

if TYPE_CHECKING:
    from service.store.records import Records

YEARLY, QUARTERLY = "YEARLY", "QUARTERLY"
OPENED, SUMMED, CHECKED, PUBLISHED = "OPEN", "SUMMED", "CHECKED", "PUBLISHED"


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One review. `quarter` 0: of the year."""

    id: UUID
    kind: str
    year: int
    quarter: int = 0
    state: str = OPENED
    opened_at: datetime
    opened_by: str | None = None
    summed_by: str | None = None
    summed_at: datetime | None = None
    checked_by: str | None = None
    checked_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """One item in a review. `findings`: codes with their figures."""

    review_id: UUID
    code: str
    department: str
    name: str
    findings: Sequence[Mapping[str, Any]]
    decision: str | None = None
    reason: str = ""
    filed_by: str | None = None
    filed_at: datetime | None = None


_REVIEW = tuple(one.name for one in fields(ReviewRow))
_LINE = tuple(one.name for one in fields(ReviewLine))


class Reviews:
    """Reviews with their lines."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: ReviewRow, lines: Sequence[ReviewLine]) -> None:
        """A new review."""
        self._records.execute(insert(item_review), {name: getattr(row, name) for name in _REVIEW})
        self.add_lines(lines)

    def add_lines(self, lines: Sequence[ReviewLine]) -> None:
        """More items of a review."""
        if lines:
            self._records.execute(
                insert(item_review_line), [{name: getattr(one, name) for name in _LINE} for one in lines]
            )

    def of(self, kind: str, year: int, quarter: int) -> ReviewRow | None:
        """The review of a year or a quarter."""
        conditions = (
            item_review.c.kind == kind,
            item_review.c.year == year,
            item_review.c.quarter == quarter,
        )
        return self._one(select(item_review).where(*conditions))

    def find(self, review_id: UUID, *, lock: bool = False) -> ReviewRow | None:
        """One review, locked for who changes it."""
        query = select(item_review).where(item_review.c.id == review_id)
        return self._one(query.with_for_update() if lock else query)

    def listing(self) -> tuple[tuple[ReviewRow, int, int], ...]:
        """Every review with its lines and how many of them are decided, the latest first."""
        decided = func.count(item_review_line.c.decision)
        query = (
            select(item_review, func.count(item_review_line.c.code).label("lines"), decided.label("decided"))
            .outerjoin(item_review_line, item_review_line.c.review_id == item_review.c.id)
            .group_by(item_review.c.id)
            .order_by(item_review.c.opened_at.desc())
        )
        return tuple(
            (ReviewRow(**{name: getattr(row, name) for name in _REVIEW}), row.lines, row.decided)
            for row in self._records.execute(query)
        )

    def lines(self, review_id: UUID, department: str | None = None) -> tuple[ReviewLine, ...]:
        """The items of a review by code."""
        query = select(item_review_line).where(item_review_line.c.review_id == review_id)
        if department is not None:
            query = query.where(item_review_line.c.department == department)
        return tuple(
            ReviewLine(**row._mapping) for row in self._records.execute(query.order_by(item_review_line.c.code))
        )

    def decide(self, review_id: UUID, code: str, **values: Any) -> None:
        """What the department says of one item."""
        at = (item_review_line.c.review_id == review_id, item_review_line.c.code == code)
        self._records.execute(update(item_review_line).where(*at).values(**values))

    def change(self, review_id: UUID, **values: Any) -> None:
        """Write columns of one review."""
        self._records.execute(update(item_review).where(item_review.c.id == review_id).values(**values))

    def last_asked(self, processes: Collection[str]) -> dict[str, datetime]:
        """When the process of an item last began, on its own or within a chain."""
        query = (
            select(clock.c.process, func.max(clock.c.started_at).label("at"))
            .where(clock.c.process.in_(list(processes)))
            .group_by(clock.c.process)
        )
        return {row.process: row.at for row in self._records.execute(query)} if processes else {}

    def _one(self, query: Any) -> ReviewRow | None:
        found = self._records.execute(query).one_or_none()
        return None if found is None else ReviewRow(**found._mapping)
