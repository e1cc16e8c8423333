"""申请人台账: who has applied here before is found again and typed once (XN-23); lists are masked, looking is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.materials.sharing import subject_key
from service.casework.window.desks import require_clerk
from service.rules.masking import masked_identity, masked_mobile
from service.rules.materials import subject_of
from service.rules.refusals import Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.store.intakes import ApplicantRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

FACTS = (  # fields of application forms that say who applies, or for which project
    "applicant", "applicant_kind", "applicant_uscc", "applicant_id_no", "contact", "phone", "email", "address", "legal_rep",
    "project_code", "project_name", "site_address", "agent_name", "agent_id_no",
)  # fmt: skip
LEAST, MOST = 2, 8  # characters of a search, lines of its answer


@dataclass(frozen=True, kw_only=True)
class ApplicantLine:
    """One applicant in a list: enough to recognise who stands at the window, not enough to copy."""

    id: UUID
    name: str
    code: str
    phone: str
    cases: int
    last_at: datetime


def find_applicants(office: Office, actor: Actor, words: str) -> tuple[ApplicantLine, ...]:
    """Who has applied here before: by the beginning of the identity number or credit code, the telephone (or its last four
    digits) or a part of the name; masked. The ledger keeps that somebody looked, and how many were shown.

    Refused: Forbidden WINDOW_ONLY; Invalid SEARCH_SHORT.
    """
    require_clerk(actor)
    text = " ".join(words.split())[:100]
    if len(text) < LEAST:
        raise refuse("q", "SEARCH_SHORT", "请至少输入 {least} 个字。", least=LEAST)

    def attempt() -> tuple[ApplicantLine, ...]:
        with office.transaction() as records:
            rows = records.applicants.search(text, MOST)
            detail = {"by": "number" if text.isascii() else "name", "shown": [str(row.id) for row in rows]}
            records.ledger.write(LedgerAction.APPLICANTS_SEARCHED, actor.username, None, detail)
            return tuple(_line(row) for row in rows)

    return office.attempt(attempt)


def take_applicant(office: Office, actor: Actor, applicant_id: UUID) -> Mapping[str, Any]:
    """What an applicant said of themselves last, whole, to fill a form with (P33: on intake); kept in the ledger.

    Refused: Forbidden WINDOW_ONLY, Missing APPLICANT_UNKNOWN.
    """
    require_clerk(actor)

    def attempt() -> Mapping[str, Any]:
        with office.transaction() as records:
            row = records.applicants.find(applicant_id)
            if row is None:
                raise Missing("APPLICANT_UNKNOWN", "没有这个申请人。")
            records.ledger.write(
                LedgerAction.CONTACT_SHOWN, actor.username, str(row.id), {"reason": "窗口收件", "applicant": row.name}
            )
            return dict(row.facts)

    return office.attempt(attempt)


def remember(records: Records, values: Mapping[str, Any]) -> UUID | None:
    """An application has come in: its applicant is known from now on, with what was said this time. None: it names nobody."""
    code = subject_of(values)
    if code is None:
        return None
    said = {name: value for name in FACTS if isinstance(value := values.get(name), str) and value.strip()}
    known = records.applicants.behind(subject_key(code))
    name, phone = said.get("applicant", ""), said.get("phone", "")
    if known is not None:
        records.applicants.change(
            known.id,
            name=name[:100] or known.name,
            phone=phone[:20] or known.phone,
            facts={**known.facts, **said},
            cases=known.cases + 1,
            last_at=records.now,
        )
        return known.id
    row = ApplicantRow(
        id=uuid4(),
        subject=subject_key(code),
        code=code,
        name=name[:100] or code,
        phone=phone[:20],
        facts=said,
        cases=1,
        first_at=records.now,
        last_at=records.now,
    )
    records.applicants.add(row)
    return row.id


def _line(row: ApplicantRow) -> ApplicantLine:
    return ApplicantLine(
        id=row.id,
        name=row.name,
        code=masked_identity(row.code),
        phone=masked_mobile(row.phone) if row.phone else "",
        cases=row.cases,
        last_at=row.last_at,
    )
