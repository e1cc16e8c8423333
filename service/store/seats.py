"""Who holds which post and who of them is away: read once, and kept by a process as long as nobody changes the staff.

The version of the staff grows with every change of a person, a role or an absence, whoever makes it: triggers see to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from service.store.schema import person, person_role
from service.store.time_schema import absence
from service.store.versions import STAFF

if TYPE_CHECKING:
    from service.store.records import Records

BACK = timedelta(days=1)  # how far the clock may be set back before absences are read anew
_SINCE = bindparam("at", type_=absence.c.until.type)
_HOLDERS = (
    select(
        person.c.username,
        person.c.department,
        person_role.c.role,
        absence.c.id,
        absence.c.since,
        absence.c.until,
        absence.c.stand_in,
    )
    .join(person_role, person_role.c.person_id == person.c.id)
    .outerjoin(
        absence,
        and_(
            absence.c.username == person.c.username,
            absence.c.withdrawn_at.is_(None),
            or_(absence.c.until.is_(None), absence.c.until > _SINCE),
        ),
    )
    .where(person.c.active, person.c.department.is_not(None))
    .order_by(person.c.username, absence.c.since)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """One holder of a post. `absence`: why the seat is empty now; `stand_in`: who its letter of authority names."""

    username: str
    absence: UUID | None = None
    stand_in: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """An absence [since, until) that counts."""

    id: UUID
    since: datetime
    until: datetime | None
    stand_in: str | None


class Staff:
    """The posts `department:role` of everybody active, with absences that had not ended at the instant `since`."""

    def __init__(self, since: datetime, posts: Mapping[str, Mapping[str, Sequence[Away]]]) -> None:
        self.since, self._posts = since, posts

    def seats(self, post: str, at: datetime) -> tuple[Seat, ...]:
        """The holders of a post in the order of their names, and who of them is away at an instant."""
        return tuple(_seat(username, away, at) for username, away in self._posts.get(post, {}).items())


class StaffShelf:
    """The staff as a process knows it. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: tuple[int, Staff] | None = None

    def take(self, records: Records, *, changed: bool) -> Staff:
        """The staff as this transaction sees it: one statement for the version, another when it is not the kept one.

        `changed`: by this transaction itself, which may still be rolled back: neither taken nor kept.
        """
        if changed:
            return _read(records)
        kept, version = self._kept, records.versions.of(STAFF)
        if kept is not None and kept[0] == version and kept[1].since <= records.now:
            return kept[1]
        found = _read(records)
        self._kept = (version, found)
        return found


def _read(records: Records) -> Staff:
    since = records.now - BACK
    posts: dict[str, dict[str, list[Away]]] = {}
    for row in records.read(_HOLDERS, {"at": since}):
        away = posts.setdefault(f"{row['department']}:{row['role']}", {}).setdefault(row["username"], [])
        if row["id"] is not None:
            away.append(Away(id=row["id"], since=row["since"], until=row["until"], stand_in=row["stand_in"]))
    return Staff(since, posts)


def _seat(username: str, absences: Sequence[Away], at: datetime) -> Seat:
    for one in absences:
        if one.since <= at and (one.until is None or at < one.until):
            return Seat(username=username, absence=one.id, stand_in=one.stand_in)
    return Seat(username=username)
