"""The item register: rows of `item` and `item_version`, and which version is in force at an instant.

Which one that is follows from the instants of effect alone: nothing has to be switched for a version to be the current one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select, update

from service.store.register_schema import item, item_version

if TYPE_CHECKING:
    from service.store.records import Records

DRAFT, SUBMITTED, PUBLISHED, WITHDRAWN = "DRAFT", "SUBMITTED", "PUBLISHED", "WITHDRAWN"
OPEN = (DRAFT, SUBMITTED)


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version of an item. `card`: empty in lists."""

    id: UUID
    code: str
    version: int | None
    state: str
    card: Mapping[str, Any]
    digest: str
    name: str
    short_name: str
    initials: str
    department: str
    kind: str
    type: str
    nature: str
    category: str
    status: str
    themes: str
    process: str
    promised: int
    effective_from: datetime | None = None
    based_on: int | None = None
    source: str
    note: str = ""
    drafted_by: str
    drafted_at: datetime
    submitted_at: datetime | None = None
    legal_by: str | None = None
    legal_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str = ""


_NAMES = tuple(one.name for one in fields(VersionRow))
_LIST = tuple(item_version.c[name] for name in _NAMES if name != "card")
_WHOLE = tuple(item_version.c[name] for name in _NAMES)


class Register:
    """Items and their versions."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def lock(self, code: str) -> int | None:
        """Keep others from adding a version; the number of the latest one, None when there is no such item."""
        query = select(item.c.versions).where(item.c.code == code).with_for_update()
        found: int | None = self._records.execute(query).scalar_one_or_none()
        return found

    def add_items(self, codes: Mapping[str, str]) -> None:
        """New items: code → department."""
        rows = [
            {"code": code, "department": department, "versions": 0, "created_at": self._records.now}
            for code, department in codes.items()
        ]
        if rows:
            self._records.execute(insert(item), rows)

    def codes(self) -> dict[str, int]:
        """Every item with the number of its latest version."""
        return {row.code: row.versions for row in self._records.execute(select(item.c.code, item.c.versions))}

    def add(self, rows: Sequence[VersionRow]) -> None:
        """New versions or drafts; published ones count."""
        if not rows:
            return
        self._records.execute(insert(item_version), [{name: getattr(row, name) for name in _NAMES} for row in rows])
        for row in rows:
            if row.version is not None:
                self.count(row.code, row.version)

    def count(self, code: str, version: int) -> None:
        """This is the latest version of the item now."""
        self._records.execute(update(item).where(item.c.code == code).values(versions=version))

    def change(self, version_id: UUID, **values: Any) -> None:
        """Write columns of one version."""
        self._records.execute(update(item_version).where(item_version.c.id == version_id).values(**values))

    def find(self, version_id: UUID) -> VersionRow | None:
        """One version or draft."""
        return self._one(select(*_WHOLE).where(item_version.c.id == version_id))

    def open_draft(self, code: str) -> VersionRow | None:
        """What somebody is working on: a draft, or one that waits for review."""
        return self._one(select(*_WHOLE).where(item_version.c.code == code, item_version.c.state.in_(OPEN)))

    def version(self, code: str, number: int) -> VersionRow | None:
        """A published version."""
        return self._one(
            select(*_WHOLE).where(
                item_version.c.code == code, item_version.c.version == number, item_version.c.state == PUBLISHED
            )
        )

    def latest(self, codes: Collection[str] | None = None) -> dict[str, VersionRow]:
        """The published version with the highest number of each item, in force or not yet."""
        return {row.code: row for row in self._highest([item_version.c.state == PUBLISHED], codes, whole=True)}

    def latest_from(self, source: str, codes: Collection[str]) -> dict[str, VersionRow]:
        """The last version of one source of each item, also one that was withdrawn."""
        conditions = [item_version.c.source == source, item_version.c.version.is_not(None)]
        return {row.code: row for row in self._highest(conditions, codes, whole=False)}

    def at(self, code: str, instant: datetime) -> VersionRow | None:
        """The version in force at an instant."""
        return next(iter(self._highest(_in_force(instant), [code], whole=True)), None)

    def current(
        self, instant: datetime, *, codes: Collection[str] | None = None, whole: bool = False
    ) -> tuple[VersionRow, ...]:
        """The version in force of every item, by code; with `whole` their cards too."""
        return tuple(self._highest(_in_force(instant), codes, whole=whole))

    def known_since(self) -> dict[str, datetime]:
        """When the first version of each item came into force."""
        query = (
            select(item_version.c.code, func.min(item_version.c.effective_from).label("since"))
            .where(item_version.c.state == PUBLISHED)
            .group_by(item_version.c.code)
        )
        return {row.code: row.since for row in self._records.execute(query)}

    def of_item(self, code: str) -> tuple[VersionRow, ...]:
        """All published versions of an item, the latest first, with their cards."""
        query = (
            select(*_WHOLE)
            .where(item_version.c.code == code, item_version.c.state == PUBLISHED)
            .order_by(item_version.c.version.desc())
        )
        return tuple(_row(one) for one in self._records.execute(query))

    def drafts(self, department: str | None = None) -> tuple[VersionRow, ...]:
        """Everything somebody is working on, those that wait for review first."""
        query = select(*_LIST).where(item_version.c.state.in_(OPEN))
        if department is not None:
            query = query.where(item_version.c.department == department)
        found = self._records.execute(query.order_by(item_version.c.state.desc(), item_version.c.code))
        return tuple(_row(one) for one in found)

    def _highest(self, conditions: list[Any], codes: Collection[str] | None, *, whole: bool) -> Iterable[VersionRow]:
        if codes is not None:
            conditions = [*conditions, item_version.c.code.in_(list(codes))]
        top = (
            select(item_version.c.code, func.max(item_version.c.version).label("version"))
            .where(*conditions)
            .group_by(item_version.c.code)
            .subquery()
        )
        query = (
            select(*(_WHOLE if whole else _LIST))
            .join(top, and_(top.c.code == item_version.c.code, top.c.version == item_version.c.version))
            .order_by(item_version.c.code)
        )
        return (_row(one) for one in self._records.execute(query))

    def _one(self, query: Any) -> VersionRow | None:
        found = self._records.execute(query).one_or_none()
        return None if found is None else _row(found)


def _in_force(instant: datetime) -> list[Any]:
    return [item_version.c.state == PUBLISHED, item_version.c.effective_from <= instant]


def _row(found: Any) -> VersionRow:
    return VersionRow(**{"card": {}, **found._mapping})
