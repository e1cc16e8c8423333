"""Supporting cases by what they are about, and releases of processes with their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from service.store.measures_schema import measure, release, release_file
from service.store.schema import case

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureRow:
    """One supporting case. `subject`: the card, request, payment … it is about; `for_case`: the case it serves."""

    id: UUID
    key: str
    subject: UUID
    for_case: UUID | None
    department: str | None
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseRow:
    """A set of files to be released. `legal`: 法制 has to agree."""

    id: UUID
    uploaded_by: str
    uploaded_at: datetime
    note: str
    changes: Sequence[Mapping[str, Any]]
    legal: int
    state: str
    deployment_id: UUID | None = None
    effective_at: datetime | None = None


class Measures:
    """The rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: MeasureRow) -> None:
        """Keep what a supporting case is about. Refused: Conflict ALREADY_EXISTS when there is one for the same matter."""
        self._records.execute(insert(measure), [asdict(row)])

    def retarget(self, case_id: UUID, subject: UUID) -> None:
        """Its matter has got a row of its own only now."""
        self._records.execute(update(measure).where(measure.c.id == case_id).values(subject=subject))

    def find(self, case_id: UUID) -> MeasureRow | None:
        """What a case is about."""
        row = self._records.execute(select(measure).where(measure.c.id == case_id)).one_or_none()
        return None if row is None else MeasureRow(**row._mapping)

    def about(self, key: str, subject: UUID) -> MeasureRow | None:
        """The supporting case of a process for a matter."""
        found = select(measure).where(measure.c.subject == subject, measure.c.key == key)
        row = self._records.execute(found).one_or_none()
        return None if row is None else MeasureRow(**row._mapping)

    def about_each(self, key: str, subjects: Collection[UUID]) -> dict[UUID, UUID]:
        """Matter → supporting case, for several matters."""
        if not subjects:
            return {}
        rows = self._records.execute(
            select(measure.c.subject, measure.c.id).where(measure.c.key == key, measure.c.subject.in_(set(subjects)))
        )
        return {row.subject: row.id for row in rows}

    def running(self, key: str, *, for_case: UUID | None = None) -> tuple[MeasureRow, ...]:
        """Those of a process that have not ended, the oldest first."""
        found = (
            select(measure).join(case, case.c.id == measure.c.id).where(measure.c.key == key, case.c.ended_at.is_(None))
        )
        if for_case is not None:
            found = found.where(measure.c.for_case == for_case)
        rows = self._records.execute(found.order_by(measure.c.opened_at, measure.c.id))
        return tuple(MeasureRow(**row._mapping) for row in rows)

    # -- releases

    def add_release(self, row: ReleaseRow, files: Mapping[str, bytes]) -> None:
        """Keep a set of files."""
        self._records.execute(insert(release), [asdict(row)])
        self._records.execute(
            insert(release_file),
            [{"release_id": row.id, "name": name, "content": content} for name, content in files.items()],
        )

    def release(self, release_id: UUID) -> ReleaseRow | None:
        """One of them."""
        row = self._records.execute(select(release).where(release.c.id == release_id)).one_or_none()
        return None if row is None else ReleaseRow(**row._mapping)

    def releases(self, *, first: int, size: int) -> tuple[ReleaseRow, ...]:
        """The latest first."""
        found = select(release).order_by(release.c.uploaded_at.desc(), release.c.id).offset(first).limit(size)
        return tuple(ReleaseRow(**row._mapping) for row in self._records.execute(found))

    def scheduled_releases(self) -> tuple[ReleaseRow, ...]:
        """Those neither deployed nor called off whose instant is still to come, the earliest first."""
        ahead = (release.c.state == "OPEN", release.c.effective_at > self._records.now)
        found = select(release).where(*ahead).order_by(release.c.effective_at, release.c.id)
        return tuple(ReleaseRow(**row._mapping) for row in self._records.execute(found))

    def release_count(self) -> int:
        """How many there are."""
        return int(self._records.execute(select(func.count()).select_from(release)).scalar_one())

    def files_of(self, release_id: UUID) -> dict[str, bytes]:
        """Its files by name."""
        found = select(release_file.c.name, release_file.c.content).where(release_file.c.release_id == release_id)
        return {row.name: bytes(row.content) for row in self._records.execute(found.order_by(release_file.c.name))}

    def change_release(self, release_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(release).where(release.c.id == release_id).values(**values))
