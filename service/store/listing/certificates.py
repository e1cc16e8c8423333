"""证照台账: the centre sees all, a department its own, an applicant those of the own cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from service.store.listing.criteria import Criterion, Kind, Sight, among, equals
from service.store.listing.listing import Listing, pick
from service.store.papers_schema import certificate
from service.store.schema import case
from service.store.work import matches


@dataclass(frozen=True, kw_only=True)
class CertificateListRow:
    """One certificate of the register. `holder_code`: masked."""

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
    reason: str
    follows: str
    case_id: UUID | None
    document_id: UUID | None


_table = certificate.c


def _sees(sight: Sight) -> ColumnElement[bool]:
    own: ColumnElement[Any] = _table.case_id.in_(select(case.c.id).where(case.c.started_by == sight.username))
    return own if sight.department is None else or_(own, _table.department == sight.department)


def _searched() -> Criterion:
    return Criterion(
        kind=Kind.TEXT, clause=lambda value, now: matches(value, _table.number, _table.kind, _table.holder)
    )


CERTIFICATES: Listing[CertificateListRow] = Listing(
    row=CertificateListRow,
    columns=pick(certificate, CertificateListRow),
    source=certificate,
    identity=_table.id,
    criteria={
        "number": equals(_table.number),
        "state": equals(_table.state),
        "state_in": among(_table.state),
        "department": equals(_table.department),
        "search": _searched(),
        "ends_by": Criterion(
            kind=Kind.DATE, clause=lambda value, now: (_table.state == "ACTIVE") & (_table.valid_to <= value)
        ),
    },
    sorts={"issued_on": _table.issued_on, "valid_to": _table.valid_to, "number": _table.number},
    default=(_table.issued_on.desc(), _table.number.desc()),
    sees=_sees,
)
