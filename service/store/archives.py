"""The archive: files of ended cases, where their paper lies, sealed packages in their chain, terms, pieces of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select

from service.store.records_schema import archive_file, archive_package, archive_place, retention_rule
from service.store.schema import case
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFileRow:
    """The file of one case (案卷). `years` None: kept for ever."""

    case_id: UUID
    number: str
    year: int
    category: str
    department: str | None
    title: str
    closed_at: datetime
    opened_at: datetime
    years: int | None
    keep_until: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageRow:
    """One sealed package. `holds`: last journal line in it; `through`: its own sealing included; `manifest`: SM3; `digest`: SHA-256 of the file; `entries`: path, title, kind, size, sm3."""

    id: UUID
    sequence: int
    case_id: UUID
    part: int
    holds: int
    through: int
    sealed_at: datetime
    digest: str
    size: int
    manifest: str
    previous: str
    chain: str
    entries: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceRow:
    """Where the paper of a case lies since an instant."""

    case_id: UUID
    box: str
    position: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledRow:
    """A file as a list shows it: with its place, its packages' number and size."""

    file: ArchiveFileRow
    business_key: str | None
    box: str | None
    position: str | None
    packages: int
    size: int


@dataclass(frozen=True, kw_only=True)
class FileSearch:
    """What a list of files is narrowed by; what is empty does not narrow."""

    words: str = ""
    year: int | None = None
    years: str = ""  # Y, D30, D10
    category: str = ""
    department: str = ""
    box: str = ""
    without_place: bool = False
    ripe_on: date | None = None  # kept until a day before this one


class Archives:
    """The archive's rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- files

    def open(self, row: ArchiveFileRow) -> None:
        """Open the file of a case."""
        self._records.execute(insert(archive_file), [asdict(row)])

    def file(self, case_id: UUID) -> ArchiveFileRow | None:
        """The file of a case, when it has been opened."""
        row = self._records.execute(select(archive_file).where(archive_file.c.case_id == case_id)).one_or_none()
        return None if row is None else ArchiveFileRow(**row._mapping)

    def count(self, search: FileSearch) -> int:
        """How many files a search finds."""
        return int(self._records.execute(select(func.count()).select_from(_found(search).subquery())).scalar_one())

    def files(self, search: FileSearch, *, skip: int = 0, limit: int = 50) -> tuple[FiledRow, ...]:
        """One page of them, the latest first."""
        query = _found(search).order_by(archive_file.c.opened_at.desc(), archive_file.c.number.desc())
        names = [column.name for column in archive_file.columns]
        return tuple(
            FiledRow(
                file=ArchiveFileRow(**{name: row._mapping[name] for name in names}),
                business_key=row.business_key,
                box=row.box,
                position=row.position,
                packages=row.packages,
                size=int(row.size or 0),
            )
            for row in self._records.execute(query.offset(skip).limit(limit))
        )

    def years(self) -> tuple[int, ...]:
        """Years there are files of, the latest first."""
        rows = self._records.execute(select(archive_file.c.year).distinct().order_by(archive_file.c.year.desc()))
        return tuple(row.year for row in rows)

    # -- paper

    def lay(self, row: PlaceRow) -> None:
        """Write where the paper of a case lies from now on."""
        self._records.execute(insert(archive_place).inline(), [asdict(row)])

    def places(self, case_id: UUID) -> tuple[PlaceRow, ...]:
        """Where it lay, the last place first."""
        rows = self._records.execute(
            select(archive_place).where(archive_place.c.case_id == case_id).order_by(archive_place.c.id.desc())
        )
        return tuple(_place(row) for row in rows)

    def lies_at(self, box: str, position: str) -> UUID | None:
        """The case whose paper lies at a place now."""
        newest = _newest_place()
        row = self._records.execute(
            select(archive_place.c.case_id).where(
                newest, archive_place.c.box == box, archive_place.c.position == position
            )
        ).first()
        return None if row is None else row.case_id

    # -- packages

    def seal(self, row: PackageRow) -> None:
        """Keep a sealed package. Written once."""
        self._records.execute(insert(archive_package), [{**asdict(row), "entries": list(row.entries)}])

    def package(self, package_id: UUID) -> PackageRow | None:
        """One package."""
        row = self._records.execute(select(archive_package).where(archive_package.c.id == package_id)).one_or_none()
        return None if row is None else PackageRow(**row._mapping)

    def packages_of(self, case_id: UUID) -> tuple[PackageRow, ...]:
        """The packages of a case, the first part first."""
        rows = self._records.execute(
            select(archive_package).where(archive_package.c.case_id == case_id).order_by(archive_package.c.part)
        )
        return tuple(PackageRow(**row._mapping) for row in rows)

    def chain(self, *, after: int = 0, limit: int = 1000) -> tuple[PackageRow, ...]:
        """Packages in the order they were sealed, without what they hold."""
        columns = [column for column in archive_package.columns if column.name != "entries"]
        rows = self._records.execute(
            select(*columns).where(archive_package.c.sequence > after).order_by(archive_package.c.sequence).limit(limit)
        )
        return tuple(PackageRow(**row._mapping) for row in rows)

    def last(self) -> PackageRow | None:
        """The package sealed last."""
        row = self._records.execute(
            select(archive_package).order_by(archive_package.c.sequence.desc()).limit(1)
        ).one_or_none()
        return None if row is None else PackageRow(**row._mapping)

    def ended_unsealed(self, kinds: Collection[str], limit: int) -> tuple[UUID, ...]:
        """Ended cases of definitions of these kinds whose journal goes beyond what their packages hold, oldest first."""
        from service.store.schema import definition

        through = (
            select(archive_package.c.case_id, func.max(archive_package.c.through).label("through"))
            .group_by(archive_package.c.case_id)
            .subquery()
        )
        rows = self._records.execute(
            select(case.c.id)
            .join(definition, definition.c.id == case.c.definition_id)
            .outerjoin(through, through.c.case_id == case.c.id)
            .where(
                case.c.ended_at.is_not(None),
                definition.c.zw_kind.in_(list(kinds)),
                or_(through.c.through.is_(None), through.c.through < case.c.version),
            )
            .order_by(case.c.ended_at, case.c.id)
            .limit(limit)
        )
        return tuple(row.id for row in rows)

    # -- terms

    def rules(self) -> dict[str, tuple[int | None, str]]:
        """Terms that differ from the shipped ones: category → years, basis."""
        rows = self._records.execute(select(retention_rule))
        return {row.category: (row.years, row.basis) for row in rows}

    def put_rule(self, category: str, years: int | None, basis: str, by: str) -> None:
        """Write the term of a category."""
        self._records.execute(
            upsert(self._records.dialect, retention_rule, ("category",)),
            {
                "category": category,
                "years": years,
                "basis": basis,
                "changed_by": by,
                "changed_at": self._records.now,
            },
        )


def _newest_place() -> ColumnElement[bool]:
    later = archive_place.alias("later")
    return ~exists(
        select(later.c.id).where(later.c.case_id == archive_place.c.case_id, later.c.id > archive_place.c.id)
    )


def _found(search: FileSearch) -> Any:
    """Files with their place and packages."""
    sealed = (
        select(
            archive_package.c.case_id,
            func.count().label("packages"),
            func.sum(archive_package.c.size).label("size"),
        )
        .group_by(archive_package.c.case_id)
        .subquery()
    )
    query = (
        select(
            archive_file,
            case.c.business_key,
            archive_place.c.box,
            archive_place.c.position,
            func.coalesce(sealed.c.packages, 0).label("packages"),
            sealed.c.size,
        )
        .join(case, case.c.id == archive_file.c.case_id)
        .outerjoin(archive_place, and_(archive_place.c.case_id == archive_file.c.case_id, _newest_place()))
        .outerjoin(sealed, sealed.c.case_id == archive_file.c.case_id)
    )
    conditions: list[ColumnElement[bool]] = []
    for word in search.words.split():
        columns = (archive_file.c.number, archive_file.c.title, case.c.business_key)
        conditions.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if search.year is not None:
        conditions.append(archive_file.c.year == search.year)
    if search.years:
        term = {"D30": 30, "D10": 10}.get(search.years)
        conditions.append(archive_file.c.years.is_(None) if term is None else archive_file.c.years == term)
    if search.category:
        conditions.append(archive_file.c.category == search.category)
    if search.department:
        conditions.append(archive_file.c.department == search.department)
    if search.box:
        conditions.append(archive_place.c.box == search.box)
    if search.without_place:
        conditions.append(archive_place.c.box.is_(None))
    if search.ripe_on is not None:
        conditions.append(archive_file.c.keep_until < search.ripe_on)
    return query.where(*conditions)


def _place(row: Any) -> PlaceRow:
    return PlaceRow(
        case_id=row.case_id,
        box=row.box,
        position=row.position,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )
