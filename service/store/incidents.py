"""Troubles an administrator has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update

from service.rules.vocabulary import IncidentKind
from service.store.schema import agenda, incident

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentRow:
    """One trouble. `token_id`: the token, job or external task it is about; open while `closed_at` is null."""

    id: UUID
    case_id: UUID | None
    definition_id: UUID | None
    kind: str
    element: str | None
    token_id: UUID | None
    message: str
    opened_at: datetime
    closed_at: datetime | None = None


_OPEN = insert(incident)
_STILL_OPEN = incident.c.closed_at.is_(None)
_CLOSE_AT = (
    update(incident).where(incident.c.token_id == bindparam("one_token"), _STILL_OPEN).values(closed_at=bindparam("at"))
)
_STANDING = select(agenda.c.id).where(agenda.c.case_id == bindparam("one_case"))  # documents, messages: owed for ever
_CLOSE_CASE = (
    update(incident)
    .where(incident.c.case_id == bindparam("one_case"), _STILL_OPEN)
    .where(or_(incident.c.token_id.is_(None), incident.c.token_id.not_in(_STANDING)))
    .values(closed_at=bindparam("at"))
)


class Incidents:
    """The incident rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._untroubled: set[UUID] = set()

    def note(self, case_id: UUID, troubled: bool) -> None:
        """Whether a case has open incidents was read under its lock: nobody else opens any until it is let go."""
        if not troubled:
            self._untroubled.add(case_id)

    def troubled(self, case_id: UUID) -> bool:
        """Whether it may have any; False only when it was read and none has been opened since."""
        return case_id not in self._untroubled

    def open(self, rows: Sequence[IncidentRow]) -> None:
        """Report troubles."""
        if rows:
            self._untroubled.difference_update(row.case_id for row in rows if row.case_id is not None)
            self._records.send(_OPEN, rows)

    def find(self, incident_id: UUID) -> IncidentRow | None:
        """One incident, open or closed."""
        row = self._records.execute(select(incident).where(incident.c.id == incident_id)).one_or_none()
        return None if row is None else IncidentRow(**row._mapping)

    def open_of_case(self, case_id: UUID) -> tuple[IncidentRow, ...]:
        """The open incidents of a case, oldest first."""
        rows = self._records.execute(
            select(incident)
            .where(incident.c.case_id == case_id, incident.c.closed_at.is_(None))
            .order_by(incident.c.opened_at, incident.c.id)
        )
        return tuple(IncidentRow(**row._mapping) for row in rows)

    def count_open(self, kind: IncidentKind) -> int:
        """How many incidents of a kind are open."""
        query = select(func.count()).where(incident.c.kind == kind.value, incident.c.closed_at.is_(None))
        return int(self._records.execute(query).scalar_one())

    def open_at(self, token_id: UUID) -> tuple[IncidentRow, ...]:
        """The open incidents about one token, job or external task."""
        rows = self._records.execute(
            select(incident).where(incident.c.token_id == token_id, incident.c.closed_at.is_(None))
        )
        return tuple(IncidentRow(**row._mapping) for row in rows)

    def close_at(self, token_ids: Sequence[UUID], at: datetime) -> None:
        """The troubles about these tokens are over."""
        if token_ids:
            self._records.send(_CLOSE_AT, [{"one_token": one, "at": at} for one in token_ids])

    def close(self, incident_id: UUID, at: datetime) -> None:
        """One trouble is over."""
        self._records.execute(update(incident).where(incident.c.id == incident_id).values(closed_at=at))

    def close_case(self, case_id: UUID, at: datetime) -> None:
        """The case has ended, and its troubles with it, except those of what is still to be done for it."""
        if self.troubled(case_id):
            self._records.send(_CLOSE_CASE, [{"one_case": case_id, "at": at}])
