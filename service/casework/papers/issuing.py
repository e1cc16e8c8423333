"""出具文书: the number is counted, the facts are frozen and the paper is put on the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.acts.outbox import put_out
from service.casework.journalling import CaseFile, write
from service.casework.messages.codes import QUERY, access_code
from service.casework.office import Office
from service.casework.papers.authorities import authority_name, authority_of
from service.casework.papers.printing import TO_ASK_WITH
from service.casework.papers.subject import Subject, day_of
from service.documents import DocumentHead
from service.rules.document_kinds import document_kind, missing_facts, read_facts
from service.rules.numbers import (
    acceptance_number,
    acceptance_series,
    document_number,
    document_series,
    shown,
)
from service.rules.refusals import Conflict
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.documents import AcceptanceRow, DocumentRow
from service.store.records import Records

ABOUT_NO_CASE = frozenset({"W28", "W31", "W35", "W36", "W37", "W38", "W39", "W40"})
PRINT = "print"  # the carrier of papers to the press


def issue_document(
    office: Office,
    records: Records,
    file: CaseFile,
    *,
    code: str,
    facts: Mapping[str, Any],
    scope: UUID | None = None,
    element: str | None = None,
    actor: Actor | None = None,
    key: UUID | None = None,
) -> DocumentRow:
    """Issue a document of a case under its lock; the same `key` gives the document it gave before.

    Its number is counted in this transaction: a rollback gives it back. Refused: DOCUMENT_KIND, DOCUMENT_FACTS naming the
    fact (a refusal without reasons, too: 行政许可法 art. 38), SERIAL_EXHAUSTED.
    """
    if key is not None and (found := records.documents.by_key(key)) is not None:
        return found
    subject = Subject(office, records, file.row, scope, file=file)
    read_facts(document_kind(code), facts)
    row = _row(subject, code, facts, element=element, actor=actor, key=key)
    row = _numbered(subject, row, actor)
    records.documents.add(row)
    _issued(subject, row, file, actor)
    return row


def draft_document(
    office: Office,
    records: Records,
    file: CaseFile,
    *,
    code: str,
    facts: Mapping[str, Any],
    scope: UUID | None = None,
    element: str | None = None,
    actor: Actor | None = None,
    key: UUID | None = None,
    supersedes: UUID | None = None,
) -> DocumentRow:
    """Keep a document that somebody has to complete before it is issued; no number is used. Refused: DOCUMENT_KIND."""
    if key is not None and (found := records.documents.by_key(key)) is not None:
        return found
    subject = Subject(office, records, file.row, scope, file=file)
    row = _row(subject, code, facts, element=element, actor=actor, key=key, supersedes=supersedes)
    records.documents.add(row)
    detail = {"document": str(row.id), "code": code, "missing": list(row.missing)}
    write(records, file, JournalAction.DOCUMENT_DRAFTED, actor, element=element, detail=detail)
    return row


def issue_draft(
    office: Office, records: Records, file: CaseFile, row: DocumentRow, facts: Mapping[str, Any], actor: Actor
) -> DocumentRow:
    """Issue a draft whose facts are complete. Refused: DOCUMENT_NOT_DRAFT, DOCUMENT_FACTS, SERIAL_EXHAUSTED."""
    if row.state != "DRAFT":
        raise Conflict("DOCUMENT_NOT_DRAFT", "文书{number}已经出具，不能再修改。", number=row.reference)
    read_facts(document_kind(row.code), facts)
    subject = Subject(office, records, file.row, row.scope_id, file=file)
    ready = replace(row, facts=dict(facts), missing=())
    issued = _numbered(subject, ready, actor)
    records.documents.change(row.id, {name: getattr(issued, name) for name in _ISSUING})
    _issued(subject, issued, file, actor)
    return issued


def issue_free(
    office: Office,
    records: Records,
    *,
    code: str,
    facts: Mapping[str, Any],
    actor: Actor | None,
    key: UUID | None = None,
) -> DocumentRow:
    """Issue a document about no case (权力清单, 统计表, 授权委托书); a line of the ledger. Refused: as `issue_document`."""
    if key is not None and (found := records.documents.by_key(key)) is not None:
        return found
    kind = document_kind(code)
    read_facts(kind, facts)
    authority = authority_of(code, actor.department if actor is not None else None)
    today = day_of(records.now)
    number, series, serial = _number(office, records, code, today)
    row = DocumentRow(
        id=uuid4(),
        case_id=None,
        scope_id=None,
        code=code,
        state="ISSUED",
        number=number,
        series=series,
        serial=serial,
        authority=authority,
        year=today.year,
        template=records.stationery.effective(code, records.now),
        head=_plain(_head(office, records, authority, number or "", today)),
        facts=dict(facts),
        missing=(),
        element=None,
        key=key,
        drafted_at=records.now,
        drafted_by=actor.username if actor is not None else None,
        issued_at=records.now,
        issued_by=actor.username if actor is not None else None,
    )
    records.documents.add(row)
    detail = {"document": str(row.id), "code": code, "number": number}
    records.ledger.write(LedgerAction.DOCUMENT_ISSUED, row.issued_by, row.reference, detail)
    put_out(records, carrier=PRINT, ref=row.id)
    return row


_ISSUING = (
    "state", "number", "series", "serial", "year", "template", "head", "facts", "missing", "issued_at", "issued_by",
)  # fmt: skip


def _row(
    subject: Subject,
    code: str,
    facts: Mapping[str, Any],
    *,
    element: str | None,
    actor: Actor | None,
    key: UUID | None,
    supersedes: UUID | None = None,
) -> DocumentRow:
    now = subject.records.now
    return DocumentRow(
        id=uuid4(),
        case_id=subject.row.id,
        scope_id=subject.scope,
        code=code,
        state="DRAFT",
        number=None,
        series=None,
        serial=None,
        authority=authority_of(code, subject.department),
        year=day_of(now).year,
        template=0,
        head={},
        facts=dict(facts),
        missing=missing_facts(document_kind(code), facts),
        element=element,
        key=key,
        drafted_at=now,
        drafted_by=actor.username if actor is not None else None,
        issued_at=None,
        issued_by=None,
        supersedes=supersedes,
    )


def _numbered(subject: Subject, row: DocumentRow, actor: Actor | None) -> DocumentRow:
    """The row as issued: with its number, its head and, of an acceptance notice, the 受理号."""
    office, records, today = subject.office, subject.records, subject.today
    number, series, serial = _number(office, records, row.code, today)
    accepted = records.documents.acceptance(subject.row.id, subject.scope)
    if accepted is None and row.code == "W02":
        accepted = _accept(subject, date.fromisoformat(row.facts["accepted_on"]))
    head = _head(office, records, row.authority, number or "", today, **_about(subject, row.code, accepted))
    return replace(
        row,
        state="ISSUED",
        number=number,
        series=series,
        serial=serial,
        year=today.year,
        template=records.stationery.effective(row.code, records.now),
        head=_plain(head),
        missing=(),
        issued_at=records.now,
        issued_by=actor.username if actor is not None else None,
    )


def _about(subject: Subject, code: str, accepted: AcceptanceRow | None) -> dict[str, str]:
    """What stands at the top of a paper about its case; the 查询码 is printed by the press, once, and kept nowhere else."""
    if code in ABOUT_NO_CASE:
        return {}
    if code in TO_ASK_WITH:  # made here: the press only reads
        access_code(subject.office, subject.records, subject.row.id, subject.scope, QUERY)
    return {
        "case_number": shown(accepted.number) if accepted is not None else subject.row.business_key or "",
        "applicant": subject.applicant,
        "item": subject.item,
        "item_code": subject.item_code,
    }


def _accept(subject: Subject, on: date) -> AcceptanceRow:
    """受理号: counted per day and department (C.4), here because the notice is what bears it."""
    records, department = subject.records, subject.department or "201"
    region = subject.office.settings.region
    serial = records.series.next(acceptance_series(on, department))
    number = acceptance_number(region if region.isdigit() else "0", on, department, serial)
    row = AcceptanceRow(
        case_id=subject.row.id,
        scope_id=subject.scope or subject.row.id,
        number=number,
        accepted_on=on,
        document_id=None,
    )
    records.documents.accept(row)
    return row


def _number(office: Office, records: Records, code: str, today: date) -> tuple[str | None, str | None, int | None]:
    """The next number of a kind; none for kinds without 字."""
    word = document_kind(code).word
    if word is None:
        return None, None, None
    place = office.settings.place
    series = document_series(place, word, today.year)
    serial = records.series.next(series)
    return document_number(place, word, today.year, serial), series, serial


def _head(office: Office, records: Records, authority: str, number: str, today: date, **case: str) -> DocumentHead:
    settings = office.settings
    return DocumentHead(
        authority=authority_name(office, records, authority),
        number=number,
        issued_on=today,
        contact=settings.contact,
        supervision=settings.supervision,
        **case,
    )


def _issued(subject: Subject, row: DocumentRow, file: CaseFile, actor: Actor | None) -> None:
    """The journal line, and the paper on its way to the press."""
    detail = {"document": str(row.id), "code": row.code, "number": row.number, "scope": _text(row.scope_id)}
    told = {name: value for name, value in detail.items() if value}
    write(subject.records, file, JournalAction.DOCUMENT_ISSUED, actor, element=row.element, detail=told)
    put_out(subject.records, carrier=PRINT, ref=row.id, case_id=row.case_id, element=row.element)


def _plain(head: DocumentHead) -> dict[str, Any]:
    """As it is kept: what is empty left out, the day as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(head).items() if value
    }


def _text(scope: UUID | None) -> str | None:
    return None if scope is None else str(scope)
