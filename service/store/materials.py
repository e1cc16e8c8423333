"""Lines of materials, their versions, and the shared base."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from service.store.materials_schema import material, material_version, shared_document

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialRow:
    """One line. `scope_id`: hosting token of its item, the case's id for the case itself."""

    id: UUID
    case_id: UUID
    scope_id: UUID
    process: str
    position: int
    name: str
    kind: str
    source: str
    subject: str | None = None
    paper: str = ""
    copies: int = 0
    seen_by: str | None = None
    seen_at: datetime | None = None
    examined_by: str | None = None
    examined_at: datetime | None = None
    share_reference: str | None = None
    share_trouble: str | None = None
    share_by: str | None = None
    share_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """One file handed in for a line."""

    id: UUID
    material_id: UUID
    case_id: UUID
    number: int
    digest: str
    thumbnail: str | None
    name: str
    media_type: str
    size: int
    pages: int | None
    dpi: int | None
    origin: str
    origin_case: UUID | None = None
    replaces: UUID | None = None
    reason: str = ""
    uploaded_by: str | None
    uploaded_at: datetime
    valid_to: date | None = None
    issuer: str = ""
    verdict: str
    scanned_at: datetime | None = None
    signature: str = ""
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedRow:
    """One document of the shared base. `replaced_at` null: the current one of its subject and kind."""

    id: UUID
    subject: str
    kind: str
    digest: str
    thumbnail: str | None
    name: str
    media_type: str
    size: int
    pages: int | None
    issuer: str
    valid_to: date | None
    source_case: UUID | None
    verdict: str
    scanned_at: datetime | None
    kept_by: str | None
    kept_at: datetime
    replaced_at: datetime | None = None


class Materials:
    """The materials of one transaction. What belongs to a case is written under its lock."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add_lines(self, rows: Sequence[MaterialRow]) -> None:
        """Open the lines of an item."""
        if rows:
            self._records.execute(insert(material), [asdict(row) for row in rows])

    def lines(self, case_id: UUID) -> tuple[MaterialRow, ...]:
        """Every line of a case, item by item in the order of their checklists."""
        rows = self._records.execute(
            select(material)
            .where(material.c.case_id == case_id)
            .order_by(material.c.process, material.c.scope_id, material.c.position)
        )
        return tuple(MaterialRow(**row._mapping) for row in rows)

    def line(self, material_id: UUID) -> MaterialRow | None:
        """One line."""
        row = self._records.execute(select(material).where(material.c.id == material_id)).one_or_none()
        return None if row is None else MaterialRow(**row._mapping)

    def change_line(self, material_id: UUID, **columns: Any) -> None:
        """Write some columns of a line."""
        self._records.execute(update(material).where(material.c.id == material_id).values(**columns))

    def add_versions(self, rows: Sequence[VersionRow]) -> None:
        """Keep files that were handed in."""
        if rows:
            self._records.execute(insert(material_version), [asdict(row) for row in rows])

    def versions(self, case_id: UUID) -> tuple[VersionRow, ...]:
        """Every version of a case, in the order they came."""
        rows = self._records.execute(
            select(material_version)
            .where(material_version.c.case_id == case_id)
            .order_by(material_version.c.material_id, material_version.c.number)
        )
        return tuple(VersionRow(**row._mapping) for row in rows)

    def version(self, version_id: UUID) -> VersionRow | None:
        """One version."""
        found = select(material_version).where(material_version.c.id == version_id)
        row = self._records.execute(found).one_or_none()
        return None if row is None else VersionRow(**row._mapping)

    def change_version(self, version_id: UUID, **columns: Any) -> None:
        """What the scanner said, or that it was withdrawn."""
        self._records.execute(update(material_version).where(material_version.c.id == version_id).values(**columns))

    def held(self, case_id: UUID) -> int:
        """Bytes of all versions of a case."""
        total = select(func.coalesce(func.sum(material_version.c.size), 0))
        return int(self._records.execute(total.where(material_version.c.case_id == case_id)).scalar_one())

    def earlier(
        self, subject: str, kinds: Collection[str], *, apart: UUID, most: int = 200
    ) -> tuple[tuple[VersionRow, str], ...]:
        """What the same subject handed in for lines of some kinds in other cases, the newest first, each with its kind."""
        later = material_version.alias()
        rows = self._records.execute(
            select(material_version, material.c.kind.label("line_kind"))
            .join(material, material.c.id == material_version.c.material_id)
            .where(
                material.c.subject == subject,
                material.c.kind.in_(kinds),
                material.c.case_id != apart,
                material_version.c.withdrawn_at.is_(None),
                material_version.c.id.not_in(
                    select(later.c.replaces).where(
                        later.c.material_id == material_version.c.material_id, later.c.replaces.is_not(None)
                    )
                ),
            )
            .order_by(material_version.c.uploaded_at.desc(), material_version.c.id)
            .limit(most)
        )
        found = []
        for row in rows:
            values = dict(row._mapping)
            kind = values.pop("line_kind")
            found.append((VersionRow(**values), kind))
        return tuple(found)

    # -- the shared base

    def shared(self, subject: str, kinds: Collection[str]) -> Mapping[str, SharedRow]:
        """The current documents of a subject, by kind."""
        rows = self._records.execute(
            select(shared_document).where(
                shared_document.c.subject == subject,
                shared_document.c.kind.in_(kinds),
                shared_document.c.replaced_at.is_(None),
            )
        )
        return {row.kind: SharedRow(**row._mapping) for row in rows}

    def keep_shared(self, row: SharedRow) -> None:
        """Put a document in the place of the current one of its subject and kind. Race: of two at once the second is
        refused as Duplicate, and tried again.
        """
        self._records.execute(
            update(shared_document)
            .where(
                shared_document.c.subject == row.subject,
                shared_document.c.kind == row.kind,
                shared_document.c.replaced_at.is_(None),
            )
            .values(replaced_at=row.kept_at)
        )
        self._records.execute(insert(shared_document), [asdict(row)])
