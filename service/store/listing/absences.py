"""Absences: one's own, one's department's, or everybody's for who oversees the centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from service.store.absences import away_at
from service.store.listing.criteria import Sight, after, before, equals, flag, flag_at, same_id
from service.store.listing.listing import Listing, pick
from service.store.schema import person
from service.store.time_schema import absence

OVERSEERS = ("business_office", "supervisor", "leader", "system_admin")


@dataclass(frozen=True, kw_only=True)
class AbsenceListRow:
    """One absence with who it is about."""

    id: UUID
    username: str
    name: str
    department: str | None
    since: datetime
    until: datetime | None
    kind: str
    reason: str
    stand_in: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None


_table = absence.c


def _sees(sight: Sight) -> ColumnElement[bool]:
    """A department's people know who of them is away."""
    own = _table.username == sight.username
    return own if sight.department is None else or_(own, person.c.department == sight.department)


ABSENCES: Listing[AbsenceListRow] = Listing(
    row=AbsenceListRow,
    columns={**pick(absence, AbsenceListRow), "name": person.c.name, "department": person.c.department},
    source=absence.join(person, person.c.username == _table.username),
    identity=_table.id,
    criteria={
        "absence_id": same_id(_table.id),
        "username": equals(_table.username),
        "department": equals(person.c.department),
        "away": flag_at(away_at),
        "planned": flag_at(lambda now: and_(_table.withdrawn_at.is_(None), _table.since > now)),
        "current": flag_at(
            lambda now: and_(_table.withdrawn_at.is_(None), or_(_table.until.is_(None), _table.until > now))
        ),
        "withdrawn": flag(_table.withdrawn_at.is_not(None)),
        "since_before": before(_table.since),
        "since_after": after(_table.since),
    },
    sorts={"since": _table.since, "recorded_at": _table.recorded_at},
    default=(_table.since.desc(),),
    sees=_sees,
    overseers=OVERSEERS,
)
