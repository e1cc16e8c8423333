"""What people do with papers: complete a draft, bring one about by hand, print again, make void, issue anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.office import Office
from service.casework.papers.authorities import DECISIONS, PRINTERS, authority_of, may_issue, may_void
from service.casework.papers.certificates import issue_certificate
from service.casework.papers.facts import facts_of
from service.casework.papers.issuing import draft_document, issue_draft
from service.casework.papers.printing import print_sheet, sheet_of
from service.casework.papers.reading import BY_HAND, readable_document
from service.casework.papers.subject import Subject
from service.casework.powers import require_power
from service.casework.rights import require_reader
from service.rules.document_kinds import document_kind, missing_facts
from service.rules.letters import Power
from service.rules.refusals import Conflict, Forbidden, Invalid, refuse
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.documents import DocumentRow, PrintRow
from service.store.records import Records

LONGEST_REASON = 200
LONGEST_TEXT = 4000


def add_document(office: Office, actor: Actor, case_id: UUID, code: str, *, scope: UUID | None = None) -> DocumentRow:
    """Bring about a document by hand: a draft with what the case knows already.

    Refused: Missing CASE_NOT_FOUND, DOCUMENT_KIND, Forbidden DOCUMENT_FORBIDDEN, Conflict CASE_ENDED, CASE_SUSPENDED.
    """

    def attempt() -> DocumentRow:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_reader(records, actor, file.row)
            subject = Subject(office, records, file.row, scope, file=file)
            authority = authority_of(code, subject.department)
            _require_issuer(actor, code, authority)
            _require_letter(records, actor, code, authority, subject.item_code)
            row = draft_document(
                office, records, file, code=code, facts=facts_of(subject, code) or {}, scope=scope, actor=actor
            )
            put_back(records, file)
            return row

    document_kind(code)
    if code not in BY_HAND:
        raise Forbidden("DOCUMENT_FORBIDDEN", "这种文书由办理环节出具，不能在这里添加。")
    return office.attempt(attempt)


def complete_draft(
    office: Office, actor: Actor, document_id: UUID, facts: Mapping[str, Any], *, issue: bool = True
) -> DocumentRow:
    """Write what a draft lacks and issue it, or only keep what was written so far.

    Refused: Missing DOCUMENT_NOT_FOUND, Forbidden DOCUMENT_FORBIDDEN, Conflict DOCUMENT_NOT_DRAFT, Invalid DOCUMENT_FACTS
    naming the fact, TEXT_TOO_LONG.
    """

    def act(records: Records, file: CaseFile, row: DocumentRow) -> DocumentRow:
        _require_issuer(actor, row.code, row.authority)
        if row.state != "DRAFT":
            raise Conflict("DOCUMENT_NOT_DRAFT", "文书{number}已经出具，不能再修改。", number=row.reference)
        if issue:
            item = Subject(office, records, file.row, row.scope_id, file=file).item_code
            _require_letter(records, actor, row.code, row.authority, item)
        if not issue:
            records.documents.change(row.id, {"facts": dict(facts), "missing": list(missing(row.code, facts))})
            return _again(records, row)
        if row.code == "W18":
            subject = Subject(office, records, file.row, row.scope_id, file=file)
            number = str(facts.get("certificate_no") or "")
            given = {name: value for name, value in facts.items() if name != "certificate_no"}
            return issue_certificate(
                office, records, file, facts=given, subject=subject, number=number, actor=actor, key=row.key, draft=row
            )[1]
        return issue_draft(office, records, file, row, facts, actor)

    _measure(facts)
    return _handle(office, actor, document_id, act)


def drop_draft(office: Office, actor: Actor, document_id: UUID, reason: str) -> DocumentRow:
    """A draft nobody needs; it stays in the file as void, without a number. Refused: as `complete_draft`, DOCUMENT_REASON."""

    def act(records: Records, file: CaseFile, row: DocumentRow) -> DocumentRow:
        _require_issuer(actor, row.code, row.authority)
        if row.state != "DRAFT":
            raise Conflict("DOCUMENT_NOT_DRAFT", "文书{number}已经出具，不能再修改。", number=row.reference)
        return _voided(records, file, row, actor, said, JournalAction.DOCUMENT_DROPPED)

    said = _reason(reason)
    return _handle(office, actor, document_id, act)


def void_document(office: Office, actor: Actor, document_id: UUID, reason: str) -> DocumentRow:
    """作废: its number stays used, with who and why. Refused: Missing DOCUMENT_NOT_FOUND, Forbidden DOCUMENT_FORBIDDEN,
    Conflict DOCUMENT_NOT_ISSUED, DOCUMENT_IS_CERTIFICATE, Invalid DOCUMENT_REASON.
    """

    def act(records: Records, file: CaseFile, row: DocumentRow) -> DocumentRow:
        if not may_void(actor, row.authority):
            raise Forbidden("DOCUMENT_FORBIDDEN", "只有出具机关的首席代表、负责人或者业务科可以作废文书。")
        item = Subject(office, records, file.row, row.scope_id, file=file).item_code
        _require_letter(records, actor, row.code, row.authority, item)
        _require_issued(row)
        if (held := records.certificates.of_document(row.id)) is not None and held.state in ("ACTIVE", "SUSPENDED"):
            raise Conflict(
                "DOCUMENT_IS_CERTIFICATE", "证照 {number} 仍然有效，请先撤销或者注销证照。", number=held.number
            )
        return _voided(records, file, row, actor, said, JournalAction.DOCUMENT_VOIDED)

    said = _reason(reason)
    return _handle(office, actor, document_id, act)


def correct_document(office: Office, actor: Actor, document_id: UUID) -> DocumentRow:
    """更正重出: a draft with the facts of a void document, to be issued in its place.

    Refused: Missing DOCUMENT_NOT_FOUND, Forbidden DOCUMENT_FORBIDDEN, Conflict DOCUMENT_NOT_VOID, DOCUMENT_SUPERSEDED.
    """

    def act(records: Records, file: CaseFile, row: DocumentRow) -> DocumentRow:
        _require_issuer(actor, row.code, row.authority)
        item = Subject(office, records, file.row, row.scope_id, file=file).item_code
        _require_letter(records, actor, row.code, row.authority, item)
        if row.state != "VOID" or row.code == "W18":
            raise Conflict("DOCUMENT_NOT_VOID", "只有已经作废的文书可以更正重出；证照请在证照台账中补发或者变更。")
        if any(one.supersedes == row.id for one in records.documents.of_case(file.id)):
            raise Conflict("DOCUMENT_SUPERSEDED", "已经有一份文书接替这份文书。")
        return draft_document(
            office,
            records,
            file,
            code=row.code,
            facts=row.facts,
            scope=row.scope_id,
            element=row.element,
            actor=actor,
            supersedes=row.id,
        )

    return _handle(office, actor, document_id, act)


def reprint_document(office: Office, actor: Actor, document_id: UUID, reason: str) -> tuple[DocumentRow, bytes]:
    """补打: counted, marked in the corner, and its hash kept so that it can be verified.

    Race: the copy is counted before it is printed; who dies in between leaves a number without a paper, never a paper
    without a number. Refused: Missing DOCUMENT_NOT_FOUND, Forbidden DOCUMENT_FORBIDDEN, Conflict DOCUMENT_NOT_ISSUED,
    Invalid DOCUMENT_REASON.
    """

    def act(records: Records, file: CaseFile, row: DocumentRow) -> DocumentRow:
        if not actor.has(*PRINTERS):
            raise Forbidden("DOCUMENT_FORBIDDEN", "您没有补打文书的权限。")
        _require_issued(row)
        records.documents.change(row.id, {"reprints": row.reprints + 1})
        detail = {
            "document": str(row.id),
            "code": row.code,
            "number": row.reference,
            "nth": row.reprints + 1,
            "reason": said,
        }
        write(records, file, JournalAction.DOCUMENT_REPRINTED, actor, detail=detail)
        return _again(records, row)

    said = _reason(reason)
    row = _handle(office, actor, document_id, act)
    with office.reading() as records:
        sheet = sheet_of(office, records, row)
    printed = print_sheet(sheet, reprint=row.reprints)

    def keep() -> None:
        with office.transaction() as records:
            line = PrintRow(
                document_id=row.id,
                nth=row.reprints,
                hash=printed.hash,
                printed_at=records.now,
                printed_by=actor.username,
                reason=said,
            )
            records.documents.printed(line)

    office.attempt(keep)
    return row, printed.pdf


def missing(code: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What a draft of a kind still lacks; the number of a certificate is given when it is issued."""
    return tuple(one for one in missing_facts(document_kind(code), facts) if (code, one) != ("W18", "certificate_no"))


def _handle(office: Office, actor: Actor, document_id: UUID, act: Any) -> DocumentRow:
    """One act on a document under its case's lock, also when the case has ended."""

    def attempt() -> DocumentRow:
        with office.transaction() as records:
            seen = readable_document(records, actor, document_id)
            if seen.case_id is None:
                raise Conflict("DOCUMENT_WITHOUT_CASE", "这份文书不属于任何办件，不能在这里处理。")
            file = case_file(records.cases.lock(seen.case_id), alive=False)
            row = records.documents.find(document_id, lock=True)
            assert row is not None  # documents are never deleted
            found: DocumentRow = act(records, file, row)
            put_back(records, file)
            return found

    return office.attempt(attempt)


def _voided(
    records: Records, file: CaseFile, row: DocumentRow, actor: Actor, reason: str, action: JournalAction
) -> DocumentRow:
    records.documents.change(
        row.id, {"state": "VOID", "void_at": records.now, "void_by": actor.username, "void_reason": reason}
    )
    detail = {"document": str(row.id), "code": row.code, "number": row.number, "reason": reason}
    write(records, file, action, actor, detail={name: value for name, value in detail.items() if value})
    if action is JournalAction.DOCUMENT_VOIDED:
        records.ledger.write(LedgerAction.DOCUMENT_VOIDED, actor.username, row.reference, detail)
    return _again(records, row)


def _again(records: Records, row: DocumentRow) -> DocumentRow:
    found = records.documents.find(row.id)
    assert found is not None
    return found


def _require_issuer(actor: Actor, code: str, authority: str) -> None:
    if not may_issue(actor, code, authority):
        raise Forbidden("DOCUMENT_FORBIDDEN", "您没有出具这种文书的权限；决定和证照由作出决定的机关出具。")


def _require_letter(records: Records, actor: Actor, code: str, authority: str, item: str | None) -> None:
    """签发, by the 首席代表 or the 分管领导: 用章 for what bears the seal, 批准 for what says the decision.

    Refused: Forbidden OUTSIDE_LETTER.
    """
    if document_kind(code).sealed:
        require_power(records, actor, authority, Power.SEAL, item or None)
    if code in DECISIONS:
        require_power(records, actor, authority, Power.APPROVE, item or None)


def _require_issued(row: DocumentRow) -> None:
    if row.state != "ISSUED":
        raise Conflict("DOCUMENT_NOT_ISSUED", "文书应已出具且未作废，但它是草稿或者已经作废。")


def _reason(text: str) -> str:
    said = text.strip()
    if not 2 <= len(said) <= LONGEST_REASON:
        raise refuse("reason", "DOCUMENT_REASON", "请写明理由，二至{most}个字。", most=LONGEST_REASON)
    return said


def _measure(facts: Mapping[str, Any]) -> None:
    """Nothing longer than a page can bear."""
    waiting: list[tuple[str, Any]] = list(facts.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise refuse(name, "TEXT_TOO_LONG", "内容不能超过 {most} 个字。", most=LONGEST_TEXT)
        if isinstance(value, Mapping):
            waiting += [(name, one) for one in value.values()]
        elif isinstance(value, list | tuple):
            if len(value) > 200:
                raise Invalid("TEXT_TOO_LONG", "内容不能超过 {most} 行。", most=200)
            waiting += [(name, one) for one in value]
