"""证照台账, and the public register of certificates that were revoked or cancelled (DOMAIN C.5.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.listing.asking import sight_of
from service.casework.office import Office
from service.casework.papers.certificates import may_act, value_of
from service.casework.papers.subject import day_of
from service.rules.certificates import REMIND_BEFORE, TRANSITIONS, CertificateAct, CertificateState, file_by
from service.rules.masking import masked_name
from service.rules.refusals import Missing
from service.store.certificates import CertificateActRow, CertificateRow
from service.store.listing import CERTIFICATES, Sight
from service.store.listing.certificates import CertificateListRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

PAGE = 20
PUBLIC = (CertificateState.REVOKED.value, CertificateState.CANCELLED.value)
BY_HAND = tuple(act for act in CertificateAct if act not in (CertificateAct.EXPIRE, CertificateAct.DEEM_RENEWED))


@dataclass(frozen=True, kw_only=True)
class CertificateList:
    """One page of certificates."""

    items: tuple[CertificateListRow, ...]
    total: int
    page: int
    pages: int
    departments: Mapping[str, tuple[str, str]]
    today: date


@dataclass(frozen=True, kw_only=True)
class CertificatePage:
    """One certificate. `acts`: what the actor can do about it now; `file_by`: the last day to file a renewal in time."""

    row: CertificateRow
    acts: tuple[CertificateAct, ...]
    done: tuple[CertificateActRow, ...]
    followed_by: CertificateRow | None
    before: CertificateRow | None
    people: Mapping[str, PersonCard]
    department: str
    file_by: date | None
    today: date


def certificate_list(
    office: Office, actor: Actor, *, filters: Mapping[str, str] | None = None, page: int = 1
) -> CertificateList:
    """One page, the latest first. `filters`: state, department, search, `ending` for those that end within sixty days."""
    with office.reading() as records:
        today = day_of(records.now)
        asked: dict[str, Any] = {
            name: value for name in ("state", "department", "search") if (value := (filters or {}).get(name))
        }
        if (filters or {}).get("ending"):
            asked["ends_by"] = today + timedelta(REMIND_BEFORE[0])
        return _listed(office, records, sight_of(actor, CERTIFICATES), asked, page)


def public_register(office: Office, *, search: str = "", page: int = 1) -> CertificateList:
    """What was revoked or cancelled, for everybody; holders are masked."""
    with office.reading() as records:
        asked: dict[str, Any] = {"state_in": list(PUBLIC), **({"search": search} if search else {})}
        found = _listed(office, records, Sight(everything=True), asked, page)
    return replace(
        found, items=tuple(replace(one, holder=masked_name(one.holder), holder_code="") for one in found.items)
    )


def certificate_page(office: Office, actor: Actor, certificate_id: UUID) -> CertificatePage:
    """One certificate. Refused: Missing CERTIFICATE_NOT_FOUND, also for who may not see it."""
    with office.reading() as records:
        row = records.certificates.find(certificate_id)
        if row is None or not _sees(office, records, actor, row):
            raise Missing("CERTIFICATE_NOT_FOUND", "没有这个证照，或者您无权查看。")
        done = records.certificates.acts(certificate_id)
        acts = tuple(act for act in BY_HAND if CertificateState(row.state) in TRANSITIONS[act][0])
        bench = Workbench(records)
        names = bench.departments().get(row.department, ("", row.department))
        return CertificatePage(
            row=row,
            acts=acts if may_act(actor, row) else (),
            done=done,
            followed_by=records.certificates.following(row.number),
            before=records.certificates.by_number(row.follows) if row.follows else None,
            people=bench.people({one.done_by for one in done if one.done_by}),
            department=names[0],
            file_by=file_by(value_of(row)),
            today=day_of(records.now),
        )


def _sees(office: Office, records: Records, actor: Actor, row: CertificateRow) -> bool:
    return CERTIFICATES.count(records, sight_of(actor, CERTIFICATES), {"number": row.number}) > 0


def _listed(office: Office, records: Records, sight: Sight, asked: Mapping[str, Any], page: int) -> CertificateList:
    total = CERTIFICATES.count(records, sight, asked)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    return CertificateList(
        items=CERTIFICATES.rows(records, sight, asked, first=(page - 1) * PAGE, size=PAGE),
        total=total,
        page=page,
        pages=pages,
        departments=Workbench(records).departments(),
        today=day_of(records.now),
    )
