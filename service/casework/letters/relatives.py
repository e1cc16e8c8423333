"""回避申报 (S-06): whom somebody of the house declares as near, so that no task about them reaches this person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.relatives import LONGEST_NAME, Kinship
from service.rules.vocabulary import LedgerAction
from service.store.letters import RelativeRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

IDENTITY = re.compile(r"[0-9]{17}[0-9Xx]|[0-9A-Z]{18}")
KEEPERS = ("business_office",)  # take a declaration back when it does not hold any more
MOST = 60


@dataclass(frozen=True, kw_only=True)
class RelativePage:
    """One's own declarations, and what may be declared."""

    rows: tuple[RelativeRow, ...]
    kinds: tuple[Kinship, ...]


def relative_page(office: Office, actor: Actor) -> RelativePage:
    """Refused: Forbidden RELATIVES_STAFF for applicants and programs."""
    _require_staff(actor)
    with office.reading() as records:
        return RelativePage(rows=records.letters.relatives(actor.username), kinds=tuple(Kinship))


def declare_relative(office: Office, actor: Actor, *, kind: str, name: str, identity: str = "") -> RelativeRow:
    """Declare somebody as near; of the number only a fingerprint is kept. Who is near is not written into the ledger.

    Refused: Forbidden RELATIVES_STAFF; Invalid RELATIVE_KIND, RELATIVE_NAME, RELATIVE_IDENTITY; Conflict RELATIVE_KNOWN,
    RELATIVES_FULL.
    """
    _require_staff(actor)
    said, number = " ".join(name.split()), identity.strip().upper()
    if kind not in tuple(Kinship):
        raise refuse("kind", "RELATIVE_KIND", "请选择关系")
    if not 1 <= len(said) <= LONGEST_NAME:
        raise refuse("name", "RELATIVE_NAME", "请填写姓名或者单位名称，不超过 {most} 个字", most=LONGEST_NAME)
    if number and not IDENTITY.fullmatch(number):
        raise refuse("identity", "RELATIVE_IDENTITY", "证件号码应为 18 位")
    if kind == Kinship.SELF and not number:
        raise refuse("identity", "RELATIVE_IDENTITY", "申报本人时请填写证件号码，用来区分同名的人")

    def attempt() -> RelativeRow:
        with office.transaction() as records:
            known = records.letters.relatives(actor.username)
            if len(known) >= MOST:
                raise Conflict("RELATIVES_FULL", "最多申报 {most} 人", most=MOST)
            if any((one.kind, one.name) == (kind, said) for one in known):
                raise Conflict("RELATIVE_KNOWN", "{name}已经申报", name=said)
            row = RelativeRow(
                id=uuid4(),
                username=actor.username,
                kind=kind,
                name=said,
                identity=office.fingerprint(number) if number else "",
                declared_by=actor.username,
                declared_at=records.now,
            )
            records.letters.declare(row)
            records.ledger.write(LedgerAction.RELATIVE_DECLARED, actor.username, actor.username, {"kind": kind})
            return row

    return office.attempt(attempt)


def withdraw_relative(office: Office, actor: Actor, username: str, relative_id: UUID) -> None:
    """A declaration holds no longer; by the business office, so that nobody frees themselves.

    Refused: Forbidden RELATIVES_KEEPER; Missing RELATIVE_NOT_FOUND.
    """
    if not actor.has(*KEEPERS):
        raise Forbidden("RELATIVES_KEEPER", "撤销回避申报由业务科办理")

    def attempt() -> None:
        with office.transaction() as records:
            row = next((one for one in records.letters.relatives(username) if one.id == relative_id), None)
            if row is None:
                raise Missing("RELATIVE_NOT_FOUND", "没有这条回避申报")
            records.letters.withdraw_relative(row.id)
            detail = {"kind": row.kind}
            records.ledger.write(LedgerAction.RELATIVE_WITHDRAWN, actor.username, username, detail)

    office.attempt(attempt)


def _require_staff(actor: Actor) -> None:
    if actor.service or actor.department is None:
        raise Forbidden("RELATIVES_STAFF", "回避申报由窗口和部门工作人员填写")
