"""证照: one row each, and a line for everything that happened to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from service.store.papers_schema import certificate, certificate_act

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateRow:
    """One certificate as stored; `rules.certificates.Certificate` is its value. `holder_code`: masked."""

    id: UUID
    number: str
    kind: str
    item: str
    department: str
    holder: str
    holder_code: str
    state: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    basis: str
    reason: str
    follows: str
    case_id: UUID | None
    scope_id: UUID | None
    document_id: UUID | None
    key: UUID | None
    reminded: int
    changed_at: datetime
    changed_by: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateActRow:
    """One thing that happened to it. `act`: ISSUE, or one of rules.certificates.CertificateAct."""

    certificate_id: UUID
    nth: int
    act: str
    state: str
    done_at: datetime
    done_by: str | None
    reason: str = ""


class Certificates:
    """Rows of `certificate` and `certificate_act`."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._free: set[str] = set()

    def note_number(self, number: str, taken: bool) -> None:
        """Whether a number is taken was read with something else."""
        if not taken:
            self._free.add(number)

    def is_free(self, number: str) -> bool:
        """Whether no certificate has this number."""
        return number in self._free or self.by_number(number) is None

    def add(self, row: CertificateRow) -> None:
        """Keep a new one. Refused: Conflict ALREADY_EXISTS when the number is taken."""
        self._free.discard(row.number)
        self._records.execute(insert(certificate), {one.name: getattr(row, one.name) for one in fields(CertificateRow)})

    def change(self, certificate_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(certificate).where(certificate.c.id == certificate_id).values(**values))

    def find(self, certificate_id: UUID, *, lock: bool = False) -> CertificateRow | None:
        """One certificate; `lock`: nobody else changes it until the transaction ends."""
        asked = select(certificate).where(certificate.c.id == certificate_id)
        return self._one(asked.with_for_update() if lock else asked)

    def by_number(self, number: str) -> CertificateRow | None:
        """The one with this number."""
        return self._one(select(certificate).where(certificate.c.number == number))

    def by_key(self, key: UUID) -> CertificateRow | None:
        """The one that an asking brought about."""
        return self._one(select(certificate).where(certificate.c.key == key))

    def following(self, number: str) -> CertificateRow | None:
        """The one that took the place of a number."""
        return self._one(select(certificate).where(certificate.c.follows == number))

    def of_document(self, document_id: UUID) -> CertificateRow | None:
        """The one a document is the paper of."""
        return self._one(select(certificate).where(certificate.c.document_id == document_id))

    def of_case(self, case_id: UUID) -> tuple[CertificateRow, ...]:
        """The certificates of a case, by number."""
        asked = select(certificate).where(certificate.c.case_id == case_id).order_by(certificate.c.number)
        return tuple(CertificateRow(**row._mapping) for row in self._records.execute(asked))

    def of_cases(self, case_ids: Collection[UUID]) -> tuple[CertificateRow, ...]:
        """The certificates of several cases, by number."""
        asked = select(certificate).where(certificate.c.case_id.in_(set(case_ids))).order_by(certificate.c.number)
        return tuple(CertificateRow(**row._mapping) for row in self._records.execute(asked)) if case_ids else ()

    def ending(self, state: str, since: date, until: date) -> tuple[CertificateRow, ...]:
        """Those of a state that end within these days, the first to end first; locked in that order."""
        asked = select(certificate).where(
            certificate.c.state == state, certificate.c.valid_to >= since, certificate.c.valid_to <= until
        )
        rows = self._records.execute(asked.order_by(certificate.c.valid_to, certificate.c.id).with_for_update())
        return tuple(CertificateRow(**row._mapping) for row in rows)

    def note(self, certificate_id: UUID, act: str, state: str, by: str | None, reason: str = "") -> None:
        """Keep what happened; the certificate is locked."""
        count = select(func.count()).where(certificate_act.c.certificate_id == certificate_id)
        nth = int(self._records.execute(count).scalar_one())
        line = CertificateActRow(
            certificate_id=certificate_id,
            nth=nth,
            act=act,
            state=state,
            done_at=self._records.now,
            done_by=by,
            reason=reason,
        )
        self._records.execute(
            insert(certificate_act), {one.name: getattr(line, one.name) for one in fields(CertificateActRow)}
        )

    def acts(self, certificate_id: UUID) -> tuple[CertificateActRow, ...]:
        """What happened to it, first thing first."""
        asked = select(certificate_act).where(certificate_act.c.certificate_id == certificate_id)
        rows = self._records.execute(asked.order_by(certificate_act.c.nth))
        return tuple(CertificateActRow(**row._mapping) for row in rows)

    def _one(self, asked: Any) -> CertificateRow | None:
        row = self._records.execute(asked).one_or_none()
        return None if row is None else CertificateRow(**row._mapping)
