"""Templates of documents a city brings itself: versions with who, when and why; back to an earlier one in one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.casework.actors import Actor
from service.casework.office import Office
from service.documents import (
    Printed,
    TemplatePlace,
    examine_template,
    photograph_preview,
    photograph_template,
    preview,
    shipped_template,
    template_changes,
    template_places,
)
from service.rules.document_kinds import KINDS, DocumentKind, document_kind
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.stationery import TemplateRow
from service.store.workbench import PersonCard, Workbench

TEMPLATE_KEEPERS = ("process_designer", "business_office")
TEMPLATE_READERS = (*TEMPLATE_KEEPERS, "system_admin", "supervisor", "audit_admin")
LONGEST_NOTE = 200


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
    places: tuple[TemplatePlace, ...]


def template_list(office: Office, actor: Actor) -> tuple[TemplateLine, ...]:
    """Every kind with its template. Refused: Forbidden TEMPLATE_FORBIDDEN."""
    _require(actor, *TEMPLATE_READERS)
    with office.reading() as records:
        rows: dict[str, list[TemplateRow]] = {}
        for row in records.stationery.templates():
            rows.setdefault(row.code, []).append(row)
        return tuple(_line(kind, rows.get(kind.code, []), records.now) for kind in KINDS.values())


def _line(kind: DocumentKind, rows: list[TemplateRow], now: datetime) -> TemplateLine:
    """A version that was set for later and overtaken by a newer one never comes."""
    current = max((row.version for row in rows if row.effective_at <= now), default=0)
    coming = [row for row in rows if row.effective_at > now and row.version > current]
    return TemplateLine(kind=kind, current=current, coming=min(coming, key=lambda row: row.effective_at, default=None))


def template_page(office: Office, actor: Actor, code: str) -> TemplatePage:
    """One kind. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND."""
    _require(actor, *TEMPLATE_READERS)
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
            places=template_places(kind),
        )


def template_preview(
    office: Office, actor: Actor, code: str, *, version: int | None = None, body: str | None = None
) -> Printed:
    """A template with sample facts: of a version (None: the one in effect), or a text that is not kept.

    Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND, TEMPLATE_NOT_FOUND, and what `examine_template` refuses.
    """
    kept, now = _wanted(office, actor, code, version)
    return preview(code, made_at=now, body=kept) if body is None else examine_template(code, body, made_at=now)


def template_pictures(office: Office, actor: Actor, code: str, *, body: str | None = None) -> tuple[bytes, ...]:
    """The same as pictures of its pages: a text that is not kept, or (None) the version in effect. Refused: as there."""
    kept, now = _wanted(office, actor, code, None)
    if body is None:
        return photograph_preview(code, made_at=now, body=kept)
    return photograph_template(code, body, made_at=now)


def template_diff(office: Office, actor: Actor, code: str, old: int, new: int) -> tuple[str, ...]:
    """What differs between two versions. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND, TEMPLATE_NOT_FOUND."""
    _require(actor, *TEMPLATE_READERS)
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
    _require(actor, *TEMPLATE_KEEPERS)
    said = _reason(note)
    text = body.replace("\r\n", "\n").strip() + "\n"
    template_preview(office, actor, code, body=text)

    def attempt() -> TemplateRow:
        with office.transaction() as records:
            if effective_at is not None and effective_at < records.now:
                raise refuse("effective_at", "TEMPLATE_PAST", "生效时间应不早于现在。")
            versions = _newest(records, code, seen)
            if text == (versions[0].body if versions else shipped_template(code)):
                raise refuse("body", "TEMPLATE_SAME", "模板没有修改。")
            return _add(records, actor, code, versions, text, said, effective_at or records.now)

    return office.attempt(attempt)


def deploy_template_within(records: Records, actor: Actor, code: str, body: str, *, note: str) -> TemplateRow:
    """The same inside a transaction that has other things to do; the text has been examined. Refused: Forbidden TEMPLATE_FORBIDDEN."""
    _require(actor, *TEMPLATE_KEEPERS)
    return _add(records, actor, code, records.stationery.templates(code), body, _reason(note), records.now)


def restore_template(office: Office, actor: Actor, code: str, version: int, *, note: str, seen: int) -> TemplateRow:
    """An earlier version (0: the shipped one) is in effect again at once, as a new version; what was to come is overtaken.

    `seen`: the newest version when it was asked for. Refused: Forbidden TEMPLATE_FORBIDDEN, Missing DOCUMENT_KIND,
    TEMPLATE_NOT_FOUND, Conflict TEMPLATE_CHANGED, TEMPLATE_IN_EFFECT, Invalid TEMPLATE_NOTE and what `examine_template` refuses.
    """
    _require(actor, *TEMPLATE_KEEPERS)
    said = _reason(note)
    kept, now = _wanted(office, actor, code, version)
    text = shipped_template(code) if kept is None else kept
    examine_template(code, text, made_at=now)

    def attempt() -> TemplateRow:
        with office.transaction() as records:
            versions = _newest(records, code, seen)
            if version == (versions[0].version if versions else 0) == records.stationery.effective(code, records.now):
                raise Conflict("TEMPLATE_IN_EFFECT", "该版本就是现行版本。")
            return _add(records, actor, code, versions, text, said, records.now, restored=version)

    return office.attempt(attempt)


def _wanted(office: Office, actor: Actor, code: str, version: int | None) -> tuple[str | None, datetime]:
    """The text of a version (None: the one in effect), None for the shipped one, and the instant it is printed with."""
    _require(actor, *TEMPLATE_READERS)
    document_kind(code)
    with office.reading() as records:
        wanted = records.stationery.effective(code, records.now) if version is None else version
        row = _version(records, code, wanted)
        return row.body if row is not None else None, records.now


def _reason(note: str) -> str:
    said = note.strip()
    if not 2 <= len(said) <= LONGEST_NOTE:
        raise refuse("note", "TEMPLATE_NOTE", "请写明修改了什么，二至{most}个字。", most=LONGEST_NOTE)
    return said


def _newest(records: Records, code: str, seen: int) -> tuple[TemplateRow, ...]:
    """The versions of a kind, when the newest one is still the one that was seen."""
    versions = records.stationery.templates(code)
    newest = versions[0].version if versions else 0
    if newest != seen:
        raise Conflict(
            "TEMPLATE_CHANGED", "模板刚刚被别人修改（现为第 {version} 版），请重新打开后再改。", version=newest
        )
    return versions


def _add(
    records: Records,
    actor: Actor,
    code: str,
    versions: tuple[TemplateRow, ...],
    text: str,
    said: str,
    effective_at: datetime,
    **more: int,
) -> TemplateRow:
    row = TemplateRow(
        code=code,
        version=(versions[0].version if versions else 0) + 1,
        body=text,
        note=said,
        effective_at=effective_at,
        uploaded_at=records.now,
        uploaded_by=actor.username,
    )
    records.stationery.add_template(row)
    detail = {"version": row.version, "note": said, "effective": row.effective_at.isoformat(), **more}
    records.ledger.write(LedgerAction.TEMPLATE_DEPLOYED, actor.username, code, detail)
    return row


def _version(records: Records, code: str, version: int) -> TemplateRow | None:
    """None: the shipped one."""
    if version == 0:
        return None
    row = records.stationery.template(code, version)
    if row is None:
        raise Missing("TEMPLATE_NOT_FOUND", "没有这个模板版本。")
    return row


def _require(actor: Actor, *roles: str) -> None:
    if not actor.has(*roles):
        raise Forbidden("TEMPLATE_FORBIDDEN", "您没有查看或者修改文书模板的权限。")
