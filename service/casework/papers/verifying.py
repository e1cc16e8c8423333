"""核验: what the public may know of a document or certificate, and whether a file is what was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.casework.office import Office
from service.casework.papers.reading import title_of
from service.casework.papers.subject import day_of
from service.rules.certificates import CertificateState
from service.rules.hashes import sm3
from service.rules.masking import masked_name
from service.rules.refusals import Missing
from service.store.documents import DocumentRow
from service.store.records import Records

LONGEST_REFERENCE = 60


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What is said of a document: enough to recognise the paper in one's hand, nothing more. `holder`: masked."""

    reference: str
    number: str
    title: str
    authority: str
    state: str
    issued_on: date | None
    holder: str
    hash: str | None
    reprints: int
    void_on: date | None
    succeeded_by: str
    certificate: str = ""  # its number
    certificate_state: CertificateState | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Whether a file is one of the papers of a document. `nth` None: it is none; 0: the original; n: the nth copy."""

    hash: str
    nth: int | None


def verify(office: Office, reference: str) -> Verified:
    """A document by its number or by the reference in its QR code, or a certificate by its number. For everybody.

    Refused: Missing VERIFY_UNKNOWN, the same for what never was and for drafts.
    """
    with office.reading() as records:
        row = _found(records, reference)
        following = next(
            (one for one in _case_rows(records, row) if one.supersedes == row.id and one.state == "ISSUED"), None
        )
        held = records.certificates.of_document(row.id)
        return Verified(
            reference=row.reference,
            number=row.number or "",
            title=title_of(row),
            authority=str(row.head.get("authority", "")),
            state=row.state,
            issued_on=day_of(row.issued_at) if row.issued_at is not None else None,
            holder=masked_name(str(row.head.get("applicant") or row.facts.get("holder") or "")),
            hash=row.hash,
            reprints=row.reprints,
            void_on=day_of(row.void_at) if row.void_at is not None else None,
            succeeded_by=following.reference if following is not None else "",
            certificate=held.number if held is not None else "",
            certificate_state=CertificateState(held.state) if held is not None else None,
            valid_from=held.valid_from if held is not None else None,
            valid_to=held.valid_to if held is not None else None,
            asked_at=records.now,
        )


def compare(office: Office, reference: str, content: bytes) -> Compared:
    """Whether a PDF is, byte for byte, the original or one of the copies. Refused: Missing VERIFY_UNKNOWN."""
    hash_ = sm3(content)
    with office.reading() as records:
        row = _found(records, reference)
        nth = next((one.nth for one in records.documents.prints(row.id) if one.hash == hash_), None)
    return Compared(hash=hash_, nth=nth)


def _found(records: Records, reference: str) -> DocumentRow:
    text = reference.strip()[: LONGEST_REFERENCE + 1]
    row = records.documents.by_reference(text) if text else None
    if (
        row is None
        and text
        and (held := records.certificates.by_number(text)) is not None
        and held.document_id is not None
    ):
        row = records.documents.find(held.document_id)
    if row is None or row.issued_at is None:
        raise Missing("VERIFY_UNKNOWN", "没有查到这份文书，请核对文书号是否有误。")
    return row


def _case_rows(records: Records, row: DocumentRow) -> tuple[DocumentRow, ...]:
    return records.documents.of_case(row.case_id) if row.state == "VOID" and row.case_id is not None else ()
