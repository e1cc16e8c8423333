"""证照: issued with their paper, and what becomes of them: 延续, 变更, 补发, 暂扣, 撤销, 注销, 届满."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.office import Office
from service.casework.papers.authorities import DECIDERS
from service.casework.papers.issuing import issue_document, issue_draft
from service.casework.papers.subject import Subject, day_of
from service.rules.certificates import (
    SUCCEEDED,
    Certificate,
    CertificateAct,
    CertificateState,
    act_on,
    succeed,
)
from service.rules.masking import masked_identity
from service.rules.numbers import certificate_number, certificate_series
from service.rules.refusals import Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.certificates import CertificateRow
from service.store.documents import DocumentRow
from service.store.records import Records

LONGEST_NUMBER, LONGEST_REASON = 60, 500


def issue_certificate(
    office: Office,
    records: Records,
    file: CaseFile,
    *,
    facts: Mapping[str, Any],
    subject: Subject,
    number: str = "",
    element: str | None = None,
    actor: Actor | None = None,
    key: UUID | None = None,
    draft: DocumentRow | None = None,
) -> tuple[CertificateRow, DocumentRow]:
    """制证: the certificate and its paper W18, under the case's lock; the same `key` gives what it gave before.

    `number`: as the department has written it (its own register counts it), else the next of the item's template; `draft`:
    the paper somebody has completed.
    Refused: DOCUMENT_FACTS, CERTIFICATE_NUMBER_TAKEN, CERTIFICATE_TEMPLATE, SERIAL_EXHAUSTED.
    """
    if key is not None and (found := records.certificates.by_key(key)) is not None and found.document_id is not None:
        paper = records.documents.find(found.document_id)
        assert paper is not None  # written together
        return found, paper
    given = number.strip() or _next_number(subject)
    require_free_number(records, given)
    said = {**facts, "certificate_no": given}
    if draft is not None and actor is not None:
        paper = issue_draft(office, records, file, draft, said, actor)
    else:
        paper = issue_document(
            office,
            records,
            file,
            code="W18",
            facts=said,
            scope=subject.scope,
            element=element,
            actor=actor,
            key=key,
        )
    row = CertificateRow(
        id=uuid4(),
        number=given,
        kind=str(facts["name"])[:100],
        item=subject.item_code,
        department=subject.department or "201",
        holder=str(facts["holder"])[:100],
        holder_code=masked_identity(str(facts.get("holder_code") or "")),
        state=CertificateState.ACTIVE.value,
        issued_on=subject.today,
        valid_from=date.fromisoformat(facts["valid_from"]),
        valid_to=_day(facts.get("valid_to")),
        basis=subject.attributes.get("basis", ""),
        reason="",
        follows="",
        case_id=file.id,
        scope_id=subject.scope,
        document_id=paper.id,
        key=key,
        reminded=0,
        changed_at=records.now,
        changed_by=actor.username if actor is not None else None,
    )
    records.certificates.add(row)
    records.certificates.note(row.id, "ISSUE", row.state, row.changed_by)
    write(
        records,
        file,
        JournalAction.CERTIFICATE_ISSUED,
        actor,
        element=element,
        detail={"certificate": str(row.id), "number": given, "kind": row.kind},
    )
    return row, paper


def require_free_number(records: Records, number: str) -> None:
    """A number written by hand is asked for at the desk that writes it, not when the paper is printed.

    Refused: CERTIFICATE_NUMBER (too long), CERTIFICATE_NUMBER_TAKEN; both name `certificate_no`.
    """
    if len(number) > LONGEST_NUMBER:
        raise refuse("certificate_no", "CERTIFICATE_NUMBER", "证照号不能超过 {most} 个字符。", most=LONGEST_NUMBER)
    if not records.certificates.is_free(number):
        raise refuse("certificate_no", "CERTIFICATE_NUMBER_TAKEN", "证照号 {number} 已经使用，请核对。", number=number)


def act_on_certificate(
    office: Office,
    actor: Actor,
    certificate_id: UUID,
    act: CertificateAct,
    *,
    reason: str = "",
    number: str = "",
    valid_to: date | None = None,
) -> CertificateRow:
    """延续, 变更, 补发, 暂扣, 恢复, 撤销, 注销; the certificate that is worth something afterwards.

    `number`, `valid_to`: of the one that takes its place. Refused: Missing CERTIFICATE_NOT_FOUND, Forbidden
    CERTIFICATE_FORBIDDEN, and everything rules.certificates refuses.
    """

    def attempt() -> CertificateRow:
        with office.transaction() as records:
            return _act(office, records, actor, certificate_id, act, reason.strip(), number.strip(), valid_to)

    if act in (CertificateAct.EXPIRE, CertificateAct.DEEM_RENEWED):
        raise Forbidden("CERTIFICATE_FORBIDDEN", "到期和视为延续由系统按期限登记。")
    if len(reason) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)
    return office.attempt(attempt)


def expire_certificates(office: Office, records: Records, at: Any) -> dict[str, int]:
    """届满: every certificate whose last day is over, noted with the day of the rule."""
    today, count = day_of(at), 0
    for state in (CertificateState.ACTIVE, CertificateState.SUSPENDED):
        for row in records.certificates.ending(state.value, date.min, today - timedelta(1)):
            after = act_on(value_of(row), CertificateAct.EXPIRE, today)
            _keep(records, row, after, CertificateAct.EXPIRE, None)
            count += 1
    return {"expired": count}


def value_of(row: CertificateRow) -> Certificate:
    """The certificate as the rules see it."""
    return Certificate(
        number=row.number,
        kind=row.kind,
        holder=row.holder,
        issued_on=row.issued_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=CertificateState(row.state),
        basis=row.basis,
        reason=row.reason,
        follows=row.follows,
    )


def may_act(actor: Actor, row: CertificateRow) -> bool:
    """Who decides for the authority that issued it."""
    return actor.service or (actor.has(*DECIDERS) and actor.department == row.department)


def _act(
    office: Office,
    records: Records,
    actor: Actor,
    certificate_id: UUID,
    act: CertificateAct,
    reason: str,
    number: str,
    valid_to: date | None,
) -> CertificateRow:
    """The case first, then the certificate: the order everybody locks in."""
    seen = records.certificates.find(certificate_id)
    if seen is None:
        raise Missing("CERTIFICATE_NOT_FOUND", "没有这个证照。")
    if not may_act(actor, seen):
        raise Forbidden("CERTIFICATE_FORBIDDEN", "只有发证机关的首席代表或者负责人可以处理这个证照。")
    file = case_file(records.cases.lock(seen.case_id), alive=False) if seen.case_id is not None else None
    row = records.certificates.find(certificate_id, lock=True)
    assert row is not None  # certificates are never deleted
    today = day_of(records.now)
    if act in SUCCEEDED:
        following = _succeeded(records, row, actor, act, today, reason, number, valid_to)
        row = _printed(office, records, file, row, following, actor) if file is not None else following
    else:
        row = _keep(records, row, act_on(value_of(row), act, today, reason=reason), act, actor)
    detail = {"certificate": str(certificate_id), "number": seen.number, "act": act.value, "reason": reason}
    told = {name: value for name, value in detail.items() if value}
    records.ledger.write(LedgerAction.CERTIFICATE_CHANGED, actor.username, seen.number, told)
    if file is not None:
        write(records, file, JournalAction.CERTIFICATE_CHANGED, actor, detail=told)
        put_back(records, file)
    return row


def _succeeded(
    records: Records,
    row: CertificateRow,
    actor: Actor,
    act: CertificateAct,
    today: date,
    reason: str,
    number: str,
    valid_to: date | None,
) -> CertificateRow:
    if not number:
        raise refuse("number", "CERTIFICATE_NUMBER", "请填写新证照号。")
    if len(number) > LONGEST_NUMBER or records.certificates.by_number(number) is not None:
        raise refuse(
            "number", "CERTIFICATE_NUMBER_TAKEN", "证照号 {number} 已经使用，请核对。", number=number[:LONGEST_NUMBER]
        )
    old, new = succeed(value_of(row), act, today, number=number, valid_to=valid_to)
    _keep(records, row, old, act, actor, reason=reason)
    following = CertificateRow(
        **{
            name: getattr(row, name)
            for name in ("kind", "item", "department", "holder", "holder_code", "case_id", "scope_id")
        },
        id=uuid4(),
        number=new.number,
        state=new.state.value,
        issued_on=new.issued_on,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        basis=new.basis,
        reason=reason,
        follows=new.follows,
        document_id=None,
        key=None,
        reminded=0,
        changed_at=records.now,
        changed_by=actor.username,
    )
    records.certificates.add(following)
    records.certificates.note(following.id, "ISSUE", following.state, actor.username, reason)
    return following


def _printed(
    office: Office, records: Records, file: CaseFile, row: CertificateRow, following: CertificateRow, actor: Actor
) -> CertificateRow:
    """The paper of a certificate that takes another's place: what the other's said, with its own number and days."""
    before = records.documents.find(row.document_id) if row.document_id is not None else None
    if before is None:
        return following
    days = {"valid_from": following.valid_from.isoformat()}
    if following.valid_to is not None:
        days["valid_to"] = following.valid_to.isoformat()
    facts = {name: value for name, value in before.facts.items() if name != "valid_to"}
    paper = issue_document(
        office,
        records,
        file,
        code="W18",
        facts={**facts, **days, "certificate_no": following.number},
        scope=following.scope_id,
        actor=actor,
    )
    records.certificates.change(following.id, {"document_id": paper.id})
    return replace(following, document_id=paper.id)


def _keep(
    records: Records,
    row: CertificateRow,
    after: Certificate,
    act: CertificateAct,
    actor: Actor | None,
    *,
    reason: str = "",
) -> CertificateRow:
    by = actor.username if actor is not None else None
    said = reason or after.reason
    records.certificates.change(
        row.id, {"state": after.state.value, "reason": said, "changed_at": records.now, "changed_by": by}
    )
    records.certificates.note(row.id, act.value, after.state.value, by, said)
    found = records.certificates.find(row.id)
    assert found is not None
    return found


def _next_number(subject: Subject) -> str:
    """The next number of the item's template; items without one count by themselves, with the day."""
    region = subject.office.settings.region
    template = subject.attributes.get("certificate") or (
        (region if region.isdigit() else "") + subject.item_code.replace("-", "") + "{date}{serial:4}"
    )
    day = subject.today
    serial = subject.records.series.next(certificate_series(template, day))
    return certificate_number(template, day, serial)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
