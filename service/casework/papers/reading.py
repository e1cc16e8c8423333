"""Reading papers: of a case, one of them with its file, every number of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.papers.authorities import may_issue, may_void
from service.casework.papers.printing import photograph_sheet, print_sheet, sheet_of
from service.casework.rights import require_reader
from service.rules.document_kinds import KINDS, DocumentKind, document_kind
from service.rules.numbers import gaps, void
from service.rules.refusals import Conflict, Forbidden, Missing
from service.store.certificates import CertificateRow
from service.store.documents import AcceptanceRow, DocumentRow, PrintRow
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

BY_HAND = frozenset({"W05", "W06", "W07", "W08", "W09", "W10", "W11", "W12", "W13", "W23", "W24", "W33"})
SERIES_READERS = (
    "business_office",
    "supervisor",
    "audit_admin",
    "system_admin",
    "chief_rep",
    "counter_clerk",
    "issue_clerk",
)


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """One document as lists show it, with what the actor may do about it."""

    row: DocumentRow
    title: str
    may_complete: bool
    may_void: bool
    may_reprint: bool


@dataclass(frozen=True, kw_only=True)
class CasePapers:
    """The papers of a case: documents, 受理号, certificates, and which kinds the actor may add by hand."""

    case_id: UUID
    lines: tuple[DocumentLine, ...]
    acceptances: tuple[AcceptanceRow, ...]
    certificates: tuple[CertificateRow, ...]
    people: Mapping[str, PersonCard]
    addable: tuple[DocumentKind, ...]


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """One document with everything that was printed of it."""

    line: DocumentLine
    kind: DocumentKind
    prints: tuple[PrintRow, ...]
    people: Mapping[str, PersonCard]
    case_title: str
    scope_items: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class SeriesLine:
    """One series of a year: last serial, void documents, and serials that are missing without a reason (none, ever)."""

    name: str
    word: str
    last: int
    used: int
    void: tuple[DocumentRow, ...]
    missing: tuple[int, ...]


def documents_of(records: Records, case_id: UUID) -> tuple[DocumentRow, ...]:
    """Every document of a case, in the order they came about."""
    return records.documents.of_case(case_id)


def case_papers(office: Office, actor: Actor, case_id: UUID) -> CasePapers:
    """The papers of a case. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        rows = records.documents.of_case(case_id)
        staff = bool(actor.roles - {"applicant"}) or actor.service
        names = {name for one in rows for name in (one.issued_by, one.drafted_by, one.void_by) if name}
        return CasePapers(
            case_id=case_id,
            lines=tuple(_line(actor, one) for one in rows if staff or one.state == "ISSUED"),
            acceptances=records.documents.acceptances(case_id),
            certificates=records.certificates.of_case(case_id),
            people=Workbench(records).people(names),
            addable=tuple(
                kind for kind in KINDS.values() if staff and row.ended_at is None and _addable(actor, kind.code)
            ),
        )


def document_page(office: Office, actor: Actor, document_id: UUID) -> DocumentPage:
    """One document. Refused: Missing DOCUMENT_NOT_FOUND, also for who may not read its case."""
    with office.reading() as records:
        row = readable_document(records, actor, document_id)
        case = records.cases.find(row.case_id) if row.case_id is not None else None
        prints = records.documents.prints(document_id)
        names = {row.issued_by, row.drafted_by, row.void_by, *(one.printed_by for one in prints)}
        return DocumentPage(
            line=_line(actor, row),
            kind=document_kind(row.code),
            prints=prints,
            people=Workbench(records).people({name for name in names if name}),
            case_title=(case.title or case.business_key or "") if case is not None else "",
            scope_items={},
            now=records.now,
        )


def document_file(office: Office, actor: Actor, document_id: UUID) -> tuple[DocumentRow, bytes]:
    """The document and its PDF. Refused: Missing DOCUMENT_NOT_FOUND, Conflict DOCUMENT_INCOMPLETE."""
    with office.reading() as records:
        row = readable_document(records, actor, document_id)
    return row, pdf_of(office, document_id)


def document_pictures(office: Office, actor: Actor, document_id: UUID) -> tuple[bytes, ...]:
    """The pages of a document as PNG pictures. Refused: Missing DOCUMENT_NOT_FOUND, Conflict DOCUMENT_INCOMPLETE."""
    with office.reading() as records:
        row = readable_document(records, actor, document_id)
        if row.missing:
            raise Conflict("DOCUMENT_INCOMPLETE", "文书草稿尚缺内容，补齐后才能打印。")
        sheet = sheet_of(office, records, row)
    return photograph_sheet(sheet)


def pdf_of(office: Office, document_id: UUID) -> bytes:
    """The PDF of a document for who has been let in already: the kept file, or printed now while it waits for the press,
    is a draft or is void. Refused: Missing DOCUMENT_NOT_FOUND, Conflict DOCUMENT_INCOMPLETE.
    """
    with office.reading() as records:
        row = _document(records, document_id)
        if row.missing:
            raise Conflict("DOCUMENT_INCOMPLETE", "文书草稿尚缺内容，补齐后才能打印。")
        sheet = sheet_of(office, records, row)
    if row.digest is not None and row.state == "ISSUED":
        return office.blobs.read(row.digest)
    return print_sheet(sheet).pdf


def readable_document(records: Records, actor: Actor, document_id: UUID) -> DocumentRow:
    """The document for who may read its case; those about no case for staff; applicants see no drafts.

    Refused: Missing DOCUMENT_NOT_FOUND for everybody else, as if there were none.
    """
    row = records.documents.find(document_id)
    outside = not (actor.roles - {"applicant"}) and not actor.service
    if row is None or (outside and (row.state == "DRAFT" or row.case_id is None)):
        raise Missing("DOCUMENT_NOT_FOUND", "没有这份文书，或者您无权查看。")
    if row.case_id is not None:
        try:
            require_reader(records, actor, records.cases.find(row.case_id))
        except Missing:
            raise Missing("DOCUMENT_NOT_FOUND", "没有这份文书，或者您无权查看。") from None
    return row


def series_report(office: Office, actor: Actor, year: int) -> tuple[SeriesLine, ...]:
    """编号台账 of a year: every series, its void numbers, and what is missing. Refused: Forbidden SERIES_FORBIDDEN."""
    if not actor.has(*SERIES_READERS):
        raise Forbidden("SERIES_FORBIDDEN", "您没有查看编号台账的权限。")
    with office.reading() as records:
        return tuple(
            SeriesLine(
                name=one.name,
                word=one.name.split("/")[2],
                last=one.last,
                used=len(one.used),
                void=tuple(one.void),
                missing=gaps(
                    one.last,
                    one.used,
                    [
                        void(row.serial, by=row.void_by or "", reason=row.void_reason or "—")
                        for row in one.void
                        if row.serial
                    ],
                ),
            )
            for one in records.documents.series(year)
        )


def _document(records: Records, document_id: UUID) -> DocumentRow:
    row = records.documents.find(document_id)
    if row is None:
        raise Missing("DOCUMENT_NOT_FOUND", "没有这份文书，或者您无权查看。")
    return row


def _line(actor: Actor, row: DocumentRow) -> DocumentLine:
    issued = row.state == "ISSUED"
    return DocumentLine(
        row=row,
        title=title_of(row),
        may_complete=row.state == "DRAFT" and may_issue(actor, row.code, row.authority),
        may_void=issued and may_void(actor, row.authority),
        may_reprint=issued and bool(actor.roles - {"applicant"}),
    )


def title_of(row: DocumentRow) -> str:
    """What a document is called; some kinds have several forms, a certificate its own name."""
    if row.code == "W08" and row.facts.get("act"):
        return f"{row.facts['act']}计时通知书"
    return str(
        row.facts.get("form") or (row.facts.get("name") if row.code == "W18" else "") or document_kind(row.code).title
    )


def _addable(actor: Actor, code: str) -> bool:
    """Kinds somebody may bring about by hand: not those that belong to other pages or that only a case decides."""
    return code in BY_HAND and may_issue(actor, code, actor.department or "")
