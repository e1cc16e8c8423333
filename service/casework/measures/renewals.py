"""延续与视为准予延续 (SP-12): a renewal filed in time and undecided at 24:00 of the last day is granted by law (行政许可法 art. 50)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.measures.orders import not_deployed
from service.casework.office import Office
from service.casework.papers.certificates import value_of
from service.casework.papers.issuing import issue_document
from service.casework.papers.subject import day_of
from service.casework.rights import require_reader
from service.casework.supervising import About, raise_card
from service.casework.support_asking import RENEWAL, tell_waiting
from service.casework.support_cases import begin_support, require_served, subject_id
from service.rules.cards import Violation
from service.rules.certificates import CertificateAct, CertificateState, file_by, last_day, succeed
from service.rules.refusals import Conflict, Forbidden, Refusal, refuse
from service.rules.vocabulary import JournalAction, LedgerAction, Mark
from service.store.certificates import CertificateRow
from service.store.records import Records

WINDOW = ("counter_clerk", "agency_officer", "chief_rep", "resident_leader", "dept_head")
DECIDED, EXPIRED = "MSG_RENEWAL_DECIDED", "MSG_RENEWAL_EXPIRED"
BASIS = "《中华人民共和国行政许可法》第五十条第二款"
LONGEST_TERM = 1_200  # months


def file_renewal(office: Office, actor: Actor, case_id: UUID, number: str) -> UUID:
    """Say that a case renews a certificate; from then on silence until its last day renews it. The supporting case.

    Refused: Forbidden RENEWAL_FORBIDDEN; Missing CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, RENEWAL_FILED,
    MEASURE_NOT_DEPLOYED; Invalid RENEWAL_CERTIFICATE naming certificate_no.
    """
    if not actor.has(*WINDOW):
        raise Forbidden("RENEWAL_FORBIDDEN", "延续申请由窗口、代办员或承办部门登记。")

    def attempt() -> UUID:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_reader(records, actor, file.row)
            row = _certificate(records, file, number.strip())
            if records.measures.about(RENEWAL, row.id) is not None:
                raise Conflict("RENEWAL_FILED", "证照 {number} 的延续申请已经登记。", number=row.number)
            made = begin_support(
                office,
                records,
                RENEWAL,
                subject=row.id,
                actor=actor,
                title=f"延续{row.number}-{file.row.title or row.kind}",
                variables={
                    "certificate": str(row.id),
                    "certificate_no": row.number,
                    "filed_on": day_of(file.row.started_at).isoformat(),
                },
                file=file,
                department=row.department,
            )
            if made is None:
                raise not_deployed()
            put_back(records, file)
            return made

    return office.attempt(attempt)


def renewal(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """核对原证, 登记结果 or 视为准予延续; what has happened to the certificate meanwhile stays."""
    row = records.certificates.find(subject_id(request.values, "certificate"))
    if row is None:
        raise refuse("certificate", "RENEWAL_CERTIFICATE", "没有这个证照。")
    filed = date.fromisoformat(str(request.values.get("filed_on")))
    match request.inputs.get("deed"):
        case "register":
            last = file_by(value_of(row))
            expires = None if row.valid_to is None else row.valid_to.isoformat()
            in_time = last is not None and filed <= last and row.state == CertificateState.ACTIVE
            return {"filed_in_time": in_time, "expires_on": expires}
        case "succeed":
            return _succeed(records, require_served(records, file), row)
        case _:
            return _deem(office, records, require_served(records, file), row, filed)


def look_at_renewals(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """J-05, at 00:00: every renewal that was decided yesterday, and every one undecided at 24:00 of its certificate's last day."""
    today, decided, expired = day_of(at), 0, 0
    for measure in records.measures.running(RENEWAL):
        row = records.certificates.find(measure.subject)
        if measure.for_case is None or row is None:
            continue
        if is_decided(records, measure.for_case):
            tell_waiting(records, measure.id, DECIDED, {})
            decided += 1
        elif row.valid_to is not None and row.valid_to < today:
            tell_waiting(records, measure.id, EXPIRED, {})
            expired += 1
    return {"decided": decided, "expired": expired}


def is_decided(records: Records, case_id: UUID) -> bool:
    """Whether the case has been decided, or has ended without a decision (withdrawn, given up)."""
    case = records.cases.find(case_id)
    marks = _marks(records, case_id)
    return case is None or case.ended_at is not None or bool(marks & {Mark.DECIDED_YES, Mark.DECIDED_NO})


def _succeed(records: Records, origin: CaseFile, row: CertificateRow) -> dict[str, Any]:
    """What the case has issued takes the place of the old certificate; refused, the old one runs out by itself."""
    new = next((one for one in records.certificates.of_case(origin.id) if one.id != row.id), None)
    if new is None or row.state != CertificateState.ACTIVE:
        return {"new_certificate": None, "deemed": False}
    locked = records.certificates.find(row.id, lock=True)
    assert locked is not None  # never deleted
    state = CertificateState.RENEWED.value
    records.certificates.change(row.id, {"state": state, "changed_at": records.now, "changed_by": None})
    records.certificates.note(row.id, CertificateAct.RENEW.value, state, None)
    records.certificates.change(new.id, {"follows": row.number})
    _tell(records, origin, row, CertificateAct.RENEW, new.number)
    put_back(records, origin)
    return {"new_certificate": new.number, "deemed": False}


def _deem(office: Office, records: Records, origin: CaseFile, row: CertificateRow, filed: date) -> dict[str, Any]:
    """The law renews it for as long as it ran before: a new certificate, its voucher W25, a 红牌 to the department."""
    old = records.certificates.find(row.id, lock=True)
    assert old is not None  # never deleted
    if old.state != CertificateState.ACTIVE or is_decided(records, origin.id):
        return {"deemed": False, "new_certificate": None}
    number = f"{old.number[:50]}-YX{records.series.next(f'renewal/{old.number}')}"
    before = value_of(old)
    try:
        after, new = succeed(
            before, CertificateAct.DEEM_RENEWED, day_of(records.now), number=number, valid_to=_until(old), basis=BASIS
        )
    except Refusal:
        return {"deemed": False, "new_certificate": None}
    records.certificates.change(old.id, {"state": after.state.value, "changed_at": records.now, "changed_by": None})
    records.certificates.note(old.id, CertificateAct.DEEM_RENEWED.value, after.state.value, None)
    facts = {
        "old_no": old.number,
        "expired_on": _iso(old.valid_to),
        "filed_on": filed.isoformat(),
        "basis": BASIS,
        "new_no": number,
        "valid_from": new.valid_from.isoformat(),
        "valid_to": _iso(new.valid_to),
    }
    key = uuid5(old.id, "W25")
    paper = issue_document(office, records, origin, code="W25", facts=facts, key=key)
    made = replace(
        old, id=uuid4(), number=number, state=new.state.value, issued_on=new.issued_on, valid_from=new.valid_from,
        valid_to=new.valid_to, basis=BASIS, reason="", follows=old.number, case_id=origin.id, scope_id=None,
        document_id=paper.id, key=key, reminded=0, changed_at=records.now, changed_by=None,
    )  # fmt: skip
    records.certificates.add(made)
    records.certificates.note(made.id, "ISSUE", made.state, None)
    raise_card(
        records, origin, Violation.TACIT_DECISION, to=old.department, department=old.department, at=records.now,
        about=About(), facts={"certificate": old.number, "renewed": number},
    )  # fmt: skip
    _tell(records, origin, old, CertificateAct.DEEM_RENEWED, number)
    put_back(records, origin)
    return {"deemed": True, "new_certificate": number}


def _tell(records: Records, origin: CaseFile, row: CertificateRow, act: CertificateAct, number: str) -> None:
    told = {"certificate": str(row.id), "number": row.number, "act": act.value, "new": number}
    records.ledger.write(LedgerAction.CERTIFICATE_CHANGED, None, row.number, told)
    write(records, origin, JournalAction.CERTIFICATE_CHANGED, None, detail=told)


def _until(row: CertificateRow) -> date | None:
    """As long as it ran before, in whole months where it did."""
    if row.valid_to is None:
        return None
    first = row.valid_to + timedelta(1)
    months = (row.valid_to.year - row.valid_from.year) * 12 + row.valid_to.month - row.valid_from.month
    for count in (months, months + 1):
        if 0 < count <= LONGEST_TERM and last_day(row.valid_from, months=count) == row.valid_to:
            return last_day(first, months=count)
    return first + (row.valid_to - row.valid_from)


def _certificate(records: Records, file: CaseFile, number: str) -> CertificateRow:
    row = records.certificates.by_number(number) if number else None
    if row is None or row.state != CertificateState.ACTIVE or row.valid_to is None or row.case_id == file.id:
        raise refuse("certificate_no", "RENEWAL_CERTIFICATE", "应为另一办件制发的、有效且有期限的证照号。")
    return row


def _marks(records: Records, case_id: UUID) -> set[str | None]:
    lines = records.history.lines(case_id)
    return {(line.detail or {}).get("mark") for line in lines if line.action == JournalAction.ITEM_REACHED}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
