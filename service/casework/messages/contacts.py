"""How people of the house are reached: their own numbers, kept by themselves, shown masked to everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.rules.contacts import read_email, read_mobile
from service.rules.masking import masked_email, masked_mobile
from service.rules.refusals import FieldProblem, Forbidden, Invalid, Refusal
from service.rules.vocabulary import LedgerAction
from service.store.messages import ContactRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office


@dataclass(frozen=True, kw_only=True)
class ContactView:
    """One's own contact data, whole."""

    mobile: str = ""
    email: str = ""


def own_contact(office: Office, actor: Actor) -> ContactView:
    """How the actor is reached."""
    with office.reading() as records:
        row = records.messages.contacts([actor.username]).get(actor.username)
    return ContactView() if row is None else ContactView(mobile=row.mobile, email=row.email)


def change_contact(office: Office, actor: Actor, *, mobile: str, email: str) -> ContactView:
    """Say how one is reached; empty: not any more. The ledger keeps masked values.

    Refused: Forbidden for programs, Invalid naming the fields: MOBILE_INVALID, EMAIL_INVALID.
    """
    if actor.service:
        raise Forbidden("CONTACT_FORBIDDEN", "程序账号没有联系方式。")
    problems: list[FieldProblem] = []
    values = {}
    for name, text, reader in (("mobile", mobile, read_mobile), ("email", email, read_email)):
        try:
            values[name] = reader(text) if text.strip() else ""
        except Refusal as refusal:
            problems += [FieldProblem(field=name, code=refusal.code, text=one.text) for one in refusal.fields]
    if problems:
        raise Invalid("CONTACT_INVALID", "联系方式填写有误。", fields=tuple(problems))

    def act() -> ContactView:
        with office.transaction() as records:
            row = ContactRow(
                username=actor.username,
                mobile=values["mobile"],
                email=values["email"],
                changed_at=records.now,
                changed_by=actor.username,
            )
            records.messages.put_contact(row)
            detail = {"mobile": masked_mobile(row.mobile), "email": masked_email(row.email) if row.email else ""}
            records.ledger.write(LedgerAction.CONTACT_CHANGED, actor.username, actor.username, detail)
            return ContactView(mobile=row.mobile, email=row.email)

    return office.attempt(act)
