"""撤销证照 as a diagram asks for it: the decision was a desk's, its effect on the certificate is registered here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.acts.request import Request
from service.casework.clockwork.book import day_of
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.papers.acts import subject_of
from service.casework.papers.certificates import value_of
from service.rules.certificates import CertificateAct, CertificateState, act_on
from service.rules.refusals import Missing
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.certificates import CertificateRow
from service.store.records import Records


def revoke(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """The certificate `certificate_no`, else that of the case which started this one, is revoked in the name of who decided.

    行政许可法 art. 69. The line stands in the case that decided and in the one that issued it, which is locked after it. A
    certificate that is revoked already stays as it is; what was granted without one has none to register, and the journal
    says so. Refused: Missing CERTIFICATE_NOT_FOUND, Conflict CERTIFICATE_STATE, Invalid CERTIFICATE_REASON.
    """
    number = str(request.values.get("certificate_no") or "").strip()
    held = () if number else _held(records, file)
    if not number and not held:
        detail = {"action": "revoke", "name": request.name, "certificate": None}
        write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)
        return {"certificate_state": None}
    seen = records.certificates.by_number(number) if number else held[0] if len(held) == 1 else None
    if seen is None:
        raise Missing("CERTIFICATE_NOT_FOUND", "没有这个证照。")
    issuer = records.cases.lock(seen.case_id) if seen.case_id not in (None, file.id) else None
    row = records.certificates.find(seen.id, lock=True)
    assert row is not None  # certificates are never deleted
    if row.state == CertificateState.REVOKED:
        return {"certificate_state": row.state}
    step = subject_of(office, records, file, request).last(stage="APPROVE")
    reason = str((step.answers if step is not None else {}).get("reason") or "").strip()
    by = step.task.ended_by if step is not None else None
    after = act_on(value_of(row), CertificateAct.REVOKE, day_of(records.now), reason=reason)
    changes = {"state": after.state.value, "reason": reason, "changed_at": records.now, "changed_by": by}
    records.certificates.change(row.id, changes)
    records.certificates.note(row.id, CertificateAct.REVOKE, after.state.value, by, reason)
    told = {
        "certificate": str(row.id),
        "number": row.number,
        "act": CertificateAct.REVOKE.value,
        "reason": reason,
        "by": by,
    }
    records.ledger.write(LedgerAction.CERTIFICATE_CHANGED, by, row.number, told)
    write(records, file, JournalAction.CERTIFICATE_CHANGED, None, element=request.element, detail=told)
    if issuer is not None:
        other = CaseFile(issuer)
        write(records, other, JournalAction.CERTIFICATE_CHANGED, None, detail=told)
        put_back(records, other)
    return {"certificate_state": after.state.value}


def _held(records: Records, file: CaseFile) -> tuple[CertificateRow, ...]:
    """The certificates of the item that started this case."""
    link = records.exchange.parent_of(file.id)
    held = () if link is None else records.certificates.of_case(link.parent_id)
    return tuple(one for one in held if link is not None and one.scope_id == link.scope_id)
