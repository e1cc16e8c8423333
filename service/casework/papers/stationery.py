"""The seals papers are made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.papers.authorities import authority_name
from service.casework.papers.subject import day_of
from service.documents import examine_seal, sample_seal
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.store.stationery import SealRow
from service.store.workbench import PersonCard, Workbench

SEAL_KEEPERS = ("business_office", "security_admin")  # who holds seals is not who issues papers
SEAL_READERS = (*SEAL_KEEPERS, "system_admin", "audit_admin")


@dataclass(frozen=True, kw_only=True)
class SealPage:
    """Every seal, and the authorities that could have one."""

    rows: tuple[SealRow, ...]
    authorities: Mapping[str, str]
    people: Mapping[str, PersonCard]
    today: date
    may_keep: bool
    demo: bool


def seal_page(office: Office, actor: Actor) -> SealPage:
    """Refused: Forbidden SEAL_FORBIDDEN."""
    _require(actor, *SEAL_READERS)
    with office.reading() as records:
        rows = records.stationery.seals()
        codes = [one.code for one in records.people.departments()]
        return SealPage(
            rows=rows,
            authorities={code: authority_name(office, records, code) for code in codes},
            people=Workbench(records).people({row.uploaded_by for row in rows}),
            today=day_of(records.now),
            may_keep=actor.has(*SEAL_KEEPERS),
            demo=office.settings.demo,
        )


def seal_image(office: Office, actor: Actor, seal_id: UUID) -> bytes:
    """The picture of a seal. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND."""
    _require(actor, *SEAL_READERS)
    with office.reading() as records:
        row = records.stationery.find_seal(seal_id)
    if row is None:
        raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
    return row.image


def sample_image(office: Office, actor: Actor, authority: str) -> bytes:
    """The 样章 of an authority in a demonstration. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND."""
    _require(actor, *SEAL_READERS)
    if not office.settings.demo:
        raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
    with office.reading() as records:
        if records.people.department(authority) is None:
            raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
        name = authority_name(office, records, authority)
    return sample_seal(name)


def upload_seal(
    office: Office,
    actor: Actor,
    *,
    authority: str,
    image: bytes,
    valid_from: date,
    valid_to: date | None = None,
) -> SealRow:
    """A seal for the documents an authority issues from now on, within its validity.

    Refused: Forbidden SEAL_FORBIDDEN, Invalid SEAL_AUTHORITY, SEAL_VALIDITY, SEAL_NOT_PNG, SEAL_SIZE, SEAL_OPAQUE.
    """
    _require(actor, *SEAL_KEEPERS)
    if valid_to is not None and valid_to < valid_from:
        raise refuse("valid_to", "SEAL_VALIDITY", "有效期的结束日期应不早于开始日期。")
    examine_seal(image)

    def attempt() -> SealRow:
        with office.transaction() as records:
            if records.people.department(authority) is None:
                raise refuse("authority", "SEAL_AUTHORITY", "请选择印章所属的机关。")
            row = SealRow(
                id=uuid4(),
                authority=authority,
                image=image,
                sample=False,
                valid_from=valid_from,
                valid_to=valid_to,
                uploaded_at=records.now,
                uploaded_by=actor.username,
            )
            records.stationery.add_seal(row)
            detail = {"seal": str(row.id), "act": "upload", "from": valid_from.isoformat()}
            records.ledger.write(LedgerAction.SEAL_CHANGED, actor.username, authority, detail)
            return row

    return office.attempt(attempt)


def withdraw_seal(office: Office, actor: Actor, seal_id: UUID) -> None:
    """停用: what was sealed stays sealed. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND, Conflict SEAL_WITHDRAWN."""
    _require(actor, *SEAL_KEEPERS)

    def attempt() -> None:
        with office.transaction() as records:
            row = records.stationery.find_seal(seal_id)
            if row is None:
                raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
            if row.withdrawn_at is not None:
                raise Conflict("SEAL_WITHDRAWN", "这枚印章已经停用。")
            records.stationery.withdraw_seal(seal_id)
            detail = {"seal": str(seal_id), "act": "withdraw"}
            records.ledger.write(LedgerAction.SEAL_CHANGED, actor.username, row.authority, detail)

    office.attempt(attempt)


def _require(actor: Actor, *roles: str) -> None:
    if not actor.has(*roles):
        raise Forbidden("SEAL_FORBIDDEN", "您没有查看或者修改印章的权限。")
