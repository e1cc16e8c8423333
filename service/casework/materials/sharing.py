"""The shared base (共享材料库): one valid document per applicant and kind, taken once and used until it expires.

A line that says 共 is not asked for (SM-43): it comes from the base, is verified there without a file, or the base could
not give it, and then somebody has written down why (R-ACC-6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.clockwork.book import day_of
from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.materials.files import current, note, readable
from service.casework.materials.rights import find_line, require_window
from service.rules.materials import Source, Verdict, is_valid, kind_of, read_line
from service.rules.refusals import Conflict, refuse
from service.rules.vocabulary import JournalAction
from service.store.materials import MaterialRow, SharedRow, VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

LONGEST = 200  # characters of a reason or a reference
GAPS = "gaps"  # the field of a form that lists what a notice asks for


@dataclass(frozen=True, kw_only=True)
class Shareable:
    """A document for the base that no material line brought: a certificate an item has issued (SM-32).

    `code`: the holder's credit code or identity number; `name`: what lines call it (建设工程规划许可证).
    """

    code: str
    name: str
    digest: str
    size: int
    media_type: str = "application/pdf"
    pages: int | None = None
    issuer: str = ""
    valid_to: date | None = None
    source_case: UUID | None = None


def subject_key(code: str) -> str:
    """An applicant's code as the tables keep it: the same applicant is found again, nobody is named."""
    return hashlib.sha256(f"subject:{code.strip().upper()}".encode()).hexdigest()


def share_document(records: Records, document: Shareable) -> None:
    """Put a document the house itself has issued into the base, in the place of the one before."""
    records.materials.keep_shared(
        SharedRow(
            id=uuid4(),
            subject=subject_key(document.code),
            kind=kind_of(document.name)[:200],
            digest=document.digest,
            thumbnail=None,
            name=f"{document.name}.pdf"[:200] if document.media_type == "application/pdf" else document.name[:200],
            media_type=document.media_type,
            size=document.size,
            pages=document.pages,
            issuer=document.issuer[:100],
            valid_to=document.valid_to,
            source_case=document.source_case,
            verdict=Verdict.CLEAN.value,
            scanned_at=None,
            kept_by=None,
            kept_at=records.now,
        )
    )


def share_line(records: Records, actor: Actor, line: MaterialRow, versions: Collection[VersionRow]) -> None:
    """Put what was compared with the original into the base: of a 共 line, when it is one readable file still valid."""
    files = current(versions)
    if line.source != Source.SHARED or line.subject is None or len(files) != 1:
        return
    (one,) = files
    if not readable(one) or not is_valid(one.valid_to, day_of(records.now)):
        return
    known = records.materials.shared(line.subject, [line.kind]).get(line.kind)
    if known is not None and (known.digest, known.valid_to, known.issuer) == (one.digest, one.valid_to, one.issuer):
        return
    records.materials.keep_shared(
        SharedRow(
            id=uuid4(),
            subject=line.subject,
            kind=line.kind,
            digest=one.digest,
            thumbnail=one.thumbnail,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            pages=one.pages,
            issuer=one.issuer,
            valid_to=one.valid_to,
            source_case=one.case_id,
            verdict=one.verdict,
            scanned_at=one.scanned_at,
            kept_by=actor.username,
            kept_at=records.now,
        )
    )


def note_share_failed(office: Office, actor: Actor, material_id: UUID, reason: str) -> None:
    """The base could not give a document: from now on the applicant may be asked for it, and why is kept.

    Refused: MATERIAL_NOT_FOUND, MATERIAL_WINDOW_ONLY, CASE_ENDED, CASE_SUSPENDED, MATERIAL_NOT_SHARED, REASON_MISSING.
    """
    text = _text("reason", reason)

    def attempt() -> None:
        with office.transaction() as records:
            file, line = _shared_line(records, actor, material_id)
            columns = {"share_trouble": text, "share_reference": None}
            records.materials.change_line(line.id, **columns, share_by=actor.username, share_at=records.now)
            note(records, file, JournalAction.MATERIAL_SHARE_FAILED, actor, line, reason=text)
            put_back(records, file)

    office.attempt(attempt)


def note_shared(office: Office, actor: Actor, material_id: UUID, reference: str) -> None:
    """A document was verified in the register it comes from, without a file; `reference` says where and by which number.

    Refused: as for `note_share_failed`.
    """
    text = _text("reference", reference)

    def attempt() -> None:
        with office.transaction() as records:
            file, line = _shared_line(records, actor, material_id)
            columns = {"share_trouble": None, "share_reference": text}
            records.materials.change_line(line.id, **columns, share_by=actor.username, share_at=records.now)
            note(records, file, JournalAction.MATERIAL_SHARED, actor, line, reference=text)
            put_back(records, file)

    office.attempt(attempt)


def not_to_be_asked(records: Records, case_id: UUID, scope: UUID | None, gaps: Collection[str]) -> tuple[str, ...]:
    """Which gaps, as a notice would name them, are 共 lines the base has not failed to give (SM-43)."""
    barred = _barred(records, case_id, scope)
    return tuple(gap for gap in gaps if read_line(gap).name in barred)


def without_shared(
    records: Records, case_id: UUID, scope: UUID | None, schema: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """The form as a notice may be answered now: `gaps` does not offer what the notice would be refused for (SM-43)."""
    if schema is None or not any(one.get("key") == GAPS for one in schema.get("components", ())):
        return schema
    barred = _barred(records, case_id, scope)
    return {**schema, "components": [_offering(one, barred) for one in schema["components"]]}


def _offering(component: Mapping[str, Any], barred: Collection[str]) -> Mapping[str, Any]:
    if component.get("key") != GAPS:
        return component
    values = component.get("values", ())
    return {**component, "values": [one for one in values if read_line(str(one["value"])).name not in barred]}


def _barred(records: Records, case_id: UUID, scope: UUID | None) -> frozenset[str]:
    here = scope or case_id
    return frozenset(
        line.name
        for line in records.materials.lines(case_id)
        if line.scope_id == here and line.source == Source.SHARED and line.share_trouble is None
    )


def _shared_line(records: Records, actor: Actor, material_id: UUID) -> tuple[CaseFile, MaterialRow]:
    line, row = find_line(records, actor, material_id)
    require_window(actor)
    file = case_file(records.cases.lock(row.id))
    line = records.materials.line(material_id) or line
    if line.source != Source.SHARED:
        raise Conflict("MATERIAL_NOT_SHARED", "“{material}”不是共享获取的材料。", material=line.name)
    return file, line


def _text(field: str, text: str) -> str:
    found = " ".join(text.split())[:LONGEST]
    if not found:
        raise refuse(field, "REASON_MISSING", "请写明理由")
    return found
