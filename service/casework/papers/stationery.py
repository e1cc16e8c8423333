"""What papers are made with: seals of authorities, and templates a city brings itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.papers.authorities import authority_name
from service.casework.papers.subject import day_of
from service.documents import (
    Printed,
    examine_seal,
    examine_template,
    preview,
    sample_seal,
    shipped_template,
    template_changes,
)
from service.rules.document_kinds import KINDS, DocumentKind, document_kind
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.stationery import SealRow, TemplateRow
from service.store.workbench import PersonCard, Workbench

SEAL_KEEPERS = ("business_office", "security_admin")  # who holds seals is not who issues papers
SEAL_READERS = (*SEAL_KEEPERS, "system_admin", "audit_admin")
TEMPLATE_KEEPERS = ("process_designer", "business_office")
TEMPLATE_READERS = (*TEMPLATE_KEEPERS, "system_admin", "supervisor", "audit_admin")
LONGEST_NOTE = 200


@dataclass(frozen=True, kw_only=True)
class SealPage:
    """Every seal, and the authorities that could have one."""

    rows: tuple[SealRow, ...]
    authorities: Mapping[str, str]
    people: Mapping[str, PersonCard]
    today: date
    may_keep: bool
    demo: bool


@dataclass(frozen=True, kw_only=True)
class TemplateLine:
    """One kind: which version its documents get now, and which will take effect."""

    kind: DocumentKind
    current: int
    coming: TemplateRow | None


@dataclass(frozen=True, kw_only=True)
class TemplatePage:
    """One kind with its versions, the newest first, and what the newest says."""

    kind: DocumentKind
    current: int
    versions: tuple[TemplateRow, ...]
    body: str
    shipped: str
    people: Mapping[str, PersonCard]
    now: datetime
    may_keep: bool


def seal_page(office: Office, actor: Actor) -> SealPage:
    """Refused: Forbidden SEAL_FORBIDDEN."""
    _require(actor, *SEAL_READERS, code="SEAL_FORBIDDEN")
    with office.reading() as records:
        rows = records.stationery.seals()
        codes = [one.code for one in records.people.departments()]
        return SealPage(
            rows=rows,
            authorities={code: authority_name(office, records, code) for code in codes},
            people=Workbench(records).people({row.uploaded_by for row in rows}),
            today=day_of(records.now),
            may_keep=actor.has(*SEAL_KEEPERS),
            demo=office.settings.demo,
        )


def seal_image(office: Office, actor: Actor, seal_id: UUID) -> bytes:
    """The picture of a seal. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND."""
    _require(actor, *SEAL_READERS, code="SEAL_FORBIDDEN")
    with office.reading() as records:
        row = records.stationery.find_seal(seal_id)
    if row is None:
        raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
    return row.image


def sample_image(office: Office, actor: Actor, authority: str) -> bytes:
    """The 样章 of an authority in a demonstration. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND."""
    _require(actor, *SEAL_READERS, code="SEAL_FORBIDDEN")
    if not office.settings.demo:
        raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
    with office.reading() as records:
        if records.people.department(authority) is None:
            raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
        name = authority_name(office, records, authority)
    return sample_seal(name)


def upload_seal(
    office: Office,
    actor: Actor,
    *,
    authority: str,
    image: bytes,
    valid_from: date,
    valid_to: date | None = None,
) -> SealRow:
    """A seal for the documents an authority issues from now on, within its validity.

    Refused: Forbidden SEAL_FORBIDDEN, Invalid SEAL_AUTHORITY, SEAL_VALIDITY, SEAL_NOT_PNG, SEAL_SIZE, SEAL_OPAQUE.
    """
    _require(actor, *SEAL_KEEPERS, code="SEAL_FORBIDDEN")
    if valid_to is not None and valid_to < valid_from:
        raise refuse("valid_to", "SEAL_VALIDITY", "有效期的结束日期应不早于开始日期。")
    examine_seal(image)

    def attempt() -> SealRow:
        with office.transaction() as records:
            if records.people.department(authority) is None:
                raise refuse("authority", "SEAL_AUTHORITY", "请选择印章所属的机关。")
            row = SealRow(
                id=uuid4(),
                authority=authority,
                image=image,
                sample=False,
                valid_from=valid_from,
                valid_to=valid_to,
                uploaded_at=records.now,
                uploaded_by=actor.username,
            )
            records.stationery.add_seal(row)
            detail = {"seal": str(row.id), "act": "upload", "from": valid_from.isoformat()}
            records.ledger.write(LedgerAction.SEAL_CHANGED, actor.username, authority, detail)
            return row

    return office.attempt(attempt)


def withdraw_seal(office: Office, actor: Actor, seal_id: UUID) -> None:
    """停用: what was sealed stays sealed. Refused: Forbidden SEAL_FORBIDDEN, Missing SEAL_NOT_FOUND, Conflict SEAL_WITHDRAWN."""
    _require(actor, *SEAL_KEEPERS, code="SEAL_FORBIDDEN")

    def attempt() -> None:
        with office.transaction() as records:
            row = records.stationery.find_seal(seal_id)
            if row is None:
                raise Missing("SEAL_NOT_FOUND", "没有这枚印章。")
            if row.withdrawn_at is not None:
                raise Conflict("SEAL_WITHDRAWN", "这枚印章已经停用。")
            records.stationery.withdraw_seal(seal_id)
            detail = {"seal": str(seal_id), "act": "withdraw"}
            records.ledger.write(LedgerAction.SEAL_CHANGED, actor.username, row.authority, detail)

    office.attempt(attempt)


def template_list(office: Office, actor: Actor) -> tuple[TemplateLine, ...]:
    """Every kind with its template. Refused: Forbidden TEMPLATE_FORBIDDEN."""
    _require(actor, *TEMPLATE_READERS, code="TEMPLATE_FORBIDDEN")
    with office.reading() as records:
        rows: dict[str, list[TemplateRow]] = {}
        for row in records.stationery.templates():
            rows.setdefault(row.code, []).append(row)
        return tuple(
            TemplateLine(
                kind=kind,
                current=max((r.version for r in rows.get(kind.code, ()) if r.effective_at <= records.now), default=0),
                coming=next((r for r in rows.get(kind.code, ()) if r.effective_at > records.now), None),
            )
            for kind in KINDS.values()
        )


def template_page(office: Office, actor: Actor, code: str) -> TemplatePage:
    """One kind. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND."""
    _require(actor, *TEMPLATE_READERS, code="TEMPLATE_FORBIDDEN")
    kind = document_kind(code)
    with office.reading() as records:
        versions = records.stationery.templates(code)
        shipped = shipped_template(code)
        return TemplatePage(
            kind=kind,
            current=records.stationery.effective(code, records.now),
            versions=versions,
            body=versions[0].body if versions else shipped,
            shipped=shipped,
            people=Workbench(records).people({row.uploaded_by for row in versions}),
            now=records.now,
            may_keep=actor.has(*TEMPLATE_KEEPERS),
        )


def template_preview(
    office: Office, actor: Actor, code: str, *, version: int | None = None, body: str | None = None
) -> Printed:
    """A template with sample facts: of a version (None: the one in effect), or a text that is not kept.

    Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND, TEMPLATE_NOT_FOUND, and what `examine_template` refuses.
    """
    _require(actor, *TEMPLATE_READERS, code="TEMPLATE_FORBIDDEN")
    document_kind(code)
    with office.reading() as records:
        now = records.now
        if body is None:
            wanted = records.stationery.effective(code, now) if version is None else version
            row = _version(records, code, wanted)
            body = row.body if row is not None else None
    return preview(code, made_at=now) if body is None else examine_template(code, body, made_at=now)


def template_diff(office: Office, actor: Actor, code: str, old: int, new: int) -> tuple[str, ...]:
    """What differs between two versions. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND, TEMPLATE_NOT_FOUND."""
    _require(actor, *TEMPLATE_READERS, code="TEMPLATE_FORBIDDEN")
    document_kind(code)
    with office.reading() as records:
        texts = [
            row.body if (row := _version(records, code, n)) is not None else shipped_template(code) for n in (old, new)
        ]
    return template_changes(*texts)


def template_text_diff(office: Office, actor: Actor, code: str, body: str) -> tuple[str, ...]:
    """What a text would change of the newest version. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND."""
    return template_changes(template_page(office, actor, code).body, body.replace("\r\n", "\n"))


def deploy_template(
    office: Office, actor: Actor, code: str, body: str, *, note: str, effective_at: datetime | None = None, seen: int
) -> TemplateRow:
    """Examined, printed with sample facts, and in effect for documents issued from then on; older ones keep theirs.

    `seen`: the newest version when the text was written. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND,
    Conflict TEMPLATE_CHANGED, Invalid TEMPLATE_NOTE, TEMPLATE_PAST, TEMPLATE_SAME and what `examine_template` refuses.
    """
    _require(actor, *TEMPLATE_KEEPERS, code="TEMPLATE_FORBIDDEN")
    said = note.strip()
    if not 2 <= len(said) <= LONGEST_NOTE:
        raise refuse("note", "TEMPLATE_NOTE", "请写明修改了什么，二至{most}个字。", most=LONGEST_NOTE)
    text = body.replace("\r\n", "\n").strip() + "\n"
    template_preview(office, actor, code, body=text)

    def attempt() -> TemplateRow:
        with office.transaction() as records:
            if effective_at is not None and effective_at < records.now:
                raise refuse("effective_at", "TEMPLATE_PAST", "生效时间应不早于现在。")
            versions = records.stationery.templates(code)
            newest = versions[0].version if versions else 0
            if newest != seen:
                raise Conflict(
                    "TEMPLATE_CHANGED", "模板刚刚被别人修改（现为第 {version} 版），请重新打开后再改。", version=newest
                )
            if text == (versions[0].body if versions else shipped_template(code)):
                raise refuse("body", "TEMPLATE_SAME", "模板没有修改。")
            row = TemplateRow(
                code=code,
                version=newest + 1,
                body=text,
                note=said,
                effective_at=effective_at or records.now,
                uploaded_at=records.now,
                uploaded_by=actor.username,
            )
            records.stationery.add_template(row)
            detail = {"version": row.version, "note": said, "effective": row.effective_at.isoformat()}
            records.ledger.write(LedgerAction.TEMPLATE_DEPLOYED, actor.username, code, detail)
            return row

    return office.attempt(attempt)


def _version(records: Records, code: str, version: int) -> TemplateRow | None:
    """None: the shipped one."""
    if version == 0:
        return None
    row = records.stationery.template(code, version)
    if row is None:
        raise Missing("TEMPLATE_NOT_FOUND", "没有这个模板版本。")
    return row


def _require(actor: Actor, *roles: str, code: str) -> None:
    if not actor.has(*roles):
        raise Forbidden(code, "您没有查看或者修改印章、文书模板的权限。")
