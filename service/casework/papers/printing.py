"""The press: issued documents are printed once by the worker and kept by their content; whatever else is printed on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.casework.acts.outbox import PlainCarrier, ref_of
from service.casework.materials.handing_on import hand_on
from service.casework.messages.codes import QUERY, access_code
from service.casework.office import Office
from service.casework.papers.authorities import authority_name
from service.documents import DocumentHead, DocumentState, Printed, photograph_document, print_document, sample_seal
from service.rules.document_kinds import document_kind
from service.store.agenda import AgendaRow
from service.store.documents import DocumentRow, PrintRow
from service.store.records import Records

TO_ASK_WITH = frozenset({"W01", "W02", "W04"})  # papers by which the applicant asks how the case stands


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything a paper is made of, read in a transaction and printed outside of any. `body`: the template, None: shipped."""

    row: DocumentRow
    head: DocumentHead
    made_at: datetime
    body: str | None
    seal: bytes
    sample: bool = False  # of a demonstration: a 样章 is drawn

    @property
    def ink(self) -> bytes:
        """The picture of the seal that goes on it."""
        return sample_seal(self.head.authority) if self.sample else self.seal


def sheet_of(office: Office, records: Records, row: DocumentRow, *, first: bool = False) -> Sheet:
    """The sheet of a document, with the template and the seal of the instant it was issued; a draft has neither number nor seal.

    `first`: by the press, which prints the 查询码 on it; copies and pictures of later do without.
    """
    made_at = row.issued_at or records.now
    data = dict(row.head) or {"authority": authority_name(office, records, row.authority)}
    issued_on = date.fromisoformat(data.pop("issued_on")) if data.get("issued_on") else None
    data.pop("query_code", None)
    if first and row.code in TO_ASK_WITH and row.case_id is not None:
        data["query_code"] = access_code(office, records, row.case_id, row.scope_id, QUERY)
    version = records.stationery.template(row.code, row.template) if row.template else None
    seal = records.stationery.seal_on(row.authority, issued_on, made_at) if issued_on is not None else None
    return Sheet(
        row=row,
        head=DocumentHead(**data, issued_on=issued_on, verify_url=verify_url(office, row) if row.issued_at else ""),
        made_at=made_at,
        body=version.body if version is not None else None,
        seal=seal.image if seal is not None else b"",
        sample=seal is None and issued_on is not None and office.settings.demo and document_kind(row.code).sealed,
    )


def print_sheet(sheet: Sheet, *, reprint: int = 0) -> Printed:
    """The PDF; the same sheet is the same file."""
    return print_document(
        sheet.row.code,
        sheet.head,
        sheet.row.facts,
        made_at=sheet.made_at,
        state=DocumentState(sheet.row.state),
        reprint=reprint,
        seal=sheet.ink,
        body=sheet.body,
    )


def photograph_sheet(sheet: Sheet) -> tuple[bytes, ...]:
    """The same pages as pictures, for a screen."""
    return photograph_document(
        sheet.row.code,
        sheet.head,
        sheet.row.facts,
        made_at=sheet.made_at,
        state=DocumentState(sheet.row.state),
        seal=sheet.ink,
        body=sheet.body,
    )


def verify_url(office: Office, row: DocumentRow) -> str:
    """Where the public verifies a document. The id and not the number: who has not seen the paper cannot guess it."""
    return f"{office.settings.public_url}/verify/{row.id.hex}"


@dataclass(kw_only=True)
class Press(PlainCarrier):
    """Carries documents to the press."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> Sheet | None:
        """The sheet; None when it was printed, or made void, meanwhile."""
        found = records.documents.find(ref_of(row))
        if found is None or found.hash is not None or found.state != "ISSUED":
            return None
        return sheet_of(office, records, found, first=True)

    def carry(self, office: Office, row: AgendaRow, errand: Sheet) -> tuple[str, str, int]:
        """Printed and kept by content: done twice it is the same file."""
        printed = print_sheet(errand)
        return printed.hash, office.blobs.put(printed.pdf), len(printed.pdf)

    def keep(
        self, office: Office, records: Records, row: AgendaRow, errand: Sheet, result: tuple[str, str, int]
    ) -> None:
        """The hash everybody can compare, once; a certificate is the next item's material."""
        document_id, (hash_, digest, size) = errand.row.id, result
        found = records.documents.find(document_id, lock=True)
        if found is None or found.hash is not None:
            return
        records.documents.change(document_id, {"hash": hash_, "digest": digest})
        records.documents.printed(
            PrintRow(document_id=document_id, nth=0, hash=hash_, printed_at=records.now, printed_by=None)
        )
        certificate = records.certificates.of_document(document_id)
        if certificate is not None and certificate.case_id is not None:
            hand_on(
                records,
                case_id=certificate.case_id,
                scope=certificate.scope_id,
                name=certificate.kind,
                digest=digest,
                size=size,
                valid_to=certificate.valid_to,
            )
