"""What papers are made with: seals of authorities and versions of templates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from service.store.papers_schema import document_template, seal

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SealRow:
    """The seal of an authority as a PNG. `sample`: 样章, good for nothing but a demonstration."""

    id: UUID
    authority: str
    image: bytes
    sample: bool
    valid_from: date
    valid_to: date | None
    uploaded_at: datetime
    uploaded_by: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateRow:
    """One version of a template of a kind; version 0 is the shipped one and has no row."""

    code: str
    version: int
    body: str
    note: str
    effective_at: datetime
    uploaded_at: datetime
    uploaded_by: str


class Stationery:
    """Rows of `seal` and `document_template`."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add_seal(self, row: SealRow) -> None:
        """Keep a seal."""
        self._records.execute(insert(seal), {one.name: getattr(row, one.name) for one in fields(SealRow)})

    def withdraw_seal(self, seal_id: UUID) -> None:
        """No document after this instant gets it."""
        self._records.execute(update(seal).where(seal.c.id == seal_id).values(withdrawn_at=self._records.now))

    def seal_on(self, authority: str, day: date, at: datetime) -> SealRow | None:
        """The seal an authority used at an instant: of those valid on the day the one uploaded last before it."""
        asked = select(seal).where(
            seal.c.authority == authority,
            seal.c.valid_from <= day,
            or_(seal.c.valid_to.is_(None), seal.c.valid_to >= day),
            seal.c.uploaded_at <= at,
            or_(seal.c.withdrawn_at.is_(None), seal.c.withdrawn_at > at),
        )
        row = self._records.execute(asked.order_by(seal.c.uploaded_at.desc(), seal.c.id).limit(1)).one_or_none()
        return None if row is None else SealRow(**row._mapping)

    def find_seal(self, seal_id: UUID) -> SealRow | None:
        """One seal."""
        row = self._records.execute(select(seal).where(seal.c.id == seal_id)).one_or_none()
        return None if row is None else SealRow(**row._mapping)

    def seals(self) -> tuple[SealRow, ...]:
        """Every seal, by authority, the latest first."""
        rows = self._records.execute(select(seal).order_by(seal.c.authority, seal.c.uploaded_at.desc()))
        return tuple(SealRow(**row._mapping) for row in rows)

    def add_template(self, row: TemplateRow) -> None:
        """Keep a version. Refused: Conflict ALREADY_EXISTS when another one was faster."""
        self._records.execute(
            insert(document_template), {one.name: getattr(row, one.name) for one in fields(TemplateRow)}
        )

    def template(self, code: str, version: int) -> TemplateRow | None:
        """One version."""
        asked = select(document_template).where(
            document_template.c.code == code, document_template.c.version == version
        )
        row = self._records.execute(asked).one_or_none()
        return None if row is None else TemplateRow(**row._mapping)

    def templates(self, code: str | None = None) -> tuple[TemplateRow, ...]:
        """The versions of a kind, or of all, the newest first."""
        asked = select(document_template).order_by(document_template.c.code, document_template.c.version.desc())
        if code is not None:
            asked = asked.where(document_template.c.code == code)
        return tuple(TemplateRow(**row._mapping) for row in self._records.execute(asked))

    def effective(self, code: str, at: datetime) -> int:
        """The version documents of a kind get at an instant; 0: the shipped one."""
        asked = select(func.max(document_template.c.version)).where(
            document_template.c.code == code, document_template.c.effective_at <= at
        )
        return int(self._records.execute(asked).scalar_one() or 0)
