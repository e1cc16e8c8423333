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
from service.rules.refusals import Invalid, Missing
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.records import Records


def revoke(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """The certificate `certificate_no` is revoked, with the reason and in the name of who decided (行政许可法 art. 69).

    The line stands in the case that decided and in the one that issued it, which is locked after it. A certificate that is
    revoked already stays as it is. Refused: Invalid CERTIFICATE_UNNAMED, Missing CERTIFICATE_NOT_FOUND, Conflict
    CERTIFICATE_STATE, Invalid CERTIFICATE_REASON.
    """
    number = str(request.values.get("certificate_no") or "").strip()
    if not number:
        raise Invalid("CERTIFICATE_UNNAMED", "没有写明撤销哪个证照（变量 certificate_no）")
    seen = records.certificates.by_number(number)
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
    told = {"certificate": str(row.id), "number": number, "act": CertificateAct.REVOKE.value, "reason": reason, "by": by}
    records.ledger.write(LedgerAction.CERTIFICATE_CHANGED, by, number, told)
    write(records, file, JournalAction.CERTIFICATE_CHANGED, None, element=request.element, detail=told)
    if issuer is not None:
        other = CaseFile(issuer)
        write(records, other, JournalAction.CERTIFICATE_CHANGED, None, detail=told)
        put_back(records, other)
    return {"certificate_state": after.state.value}
