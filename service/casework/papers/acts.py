"""What a diagram asks of papers: a document, a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from service.casework.acts.request import Request
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.papers.certificates import issue_certificate
from service.casework.papers.facts import facts_of
from service.casework.papers.issuing import draft_document, issue_document
from service.casework.papers.subject import Subject
from service.rules.document_kinds import document_kind, missing_facts
from service.rules.numbers import shown
from service.store.documents import DocumentRow
from service.store.records import Records

INSTEAD = {"W10": "W17"}  # of silence
ALONG = {"W14": ("W16",)}  # with the grant that silence gave


def document(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """出具文书 of the kind `zw:doc`: issued when the case says all it needs, else left as a draft for somebody to complete.

    A kind the case gives no reason for is left out (受理通知书 of an item that was not accepted). Refused: Invalid
    DOCUMENT_KIND, Conflict SERIAL_EXHAUSTED.
    """
    code = request.inputs.get("doc", "").strip()
    subject = subject_of(office, records, file, request)
    row = _one(office, records, file, request, subject, code)
    if row is None and code in INSTEAD:
        row = _one(office, records, file, request, subject, INSTEAD[code])
    for more in ALONG.get(code, ()):
        _one(office, records, file, request, subject, more)
    if row is None:
        return {}
    told: dict[str, Any] = {"document_no": row.number or ""} if row.state == "ISSUED" else {"document_no": ""}
    if row.code == "W02" and (accepted := records.documents.acceptance(file.id, subject.scope)) is not None:
        told["acceptance_no"] = shown(accepted.number)
    return told


def certificate(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """制证: the certificate of the item, with its paper W18. Nothing when the item was not granted."""
    subject = subject_of(office, records, file, request)
    row = _certificate(office, records, file, request, subject)
    return {} if row is None else {"certificate_no": row.facts.get("certificate_no", "")}


def subject_of(office: Office, records: Records, file: CaseFile, request: Request) -> Subject:
    """What the asking is about, with the variables as they were then."""
    return Subject(
        office, records, file.row, request.scope, file=file, values=request.values, element=request.element or None
    )


def _one(
    office: Office, records: Records, file: CaseFile, request: Request, subject: Subject, code: str
) -> DocumentRow | None:
    if code == "W18":
        return _certificate(office, records, file, request, subject)
    facts = facts_of(subject, code)
    if facts is None:
        return None
    lacking = missing_facts(document_kind(code), facts)
    make = draft_document if lacking else issue_document
    return make(
        office,
        records,
        file,
        code=code,
        facts=facts,
        scope=subject.scope,
        element=request.element or None,
        key=uuid5(NAMESPACE_OID, f"{request.id}/{code}"),
    )


def _certificate(
    office: Office, records: Records, file: CaseFile, request: Request, subject: Subject
) -> DocumentRow | None:
    facts = facts_of(subject, "W18")
    if facts is None:
        return None
    key = uuid5(NAMESPACE_OID, f"{request.id}/W18")
    wanted = subject.text("certificate_no")
    if missing_facts(document_kind("W18"), {**facts, "certificate_no": "?"}):
        return draft_document(
            office,
            records,
            file,
            code="W18",
            facts=facts,
            scope=subject.scope,
            element=request.element or None,
            key=key,
        )
    return issue_certificate(
        office, records, file, facts=facts, subject=subject, number=wanted, element=request.element or None, key=key
    )[1]
