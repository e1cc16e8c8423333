"""Forms and decision tables of a draft: beside its diagram, taken from what is deployed, new or copied, kept like the diagram."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.keeping import keep
from service.casework.studio.library import Kind, LiveFile, key_of, kind_of, live_files, taken_keys
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.workbench import Preview
from service.engine.studio import blank_form, blank_table, copied_form, copied_table, form_schema, is_table_file
from service.rules.refusals import Conflict, Invalid, Missing, refuse
from service.rules.studio import KEY, LONGEST_NAME
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow

Kept = tuple[int, Preview]


@dataclass(frozen=True, kw_only=True)
class DraftFile:
    """One form or decision table to be edited. `content`: of the draft, else as it is deployed; `live`: deployed, to compare with."""

    row: ProcessDraftRow
    name: str
    key: str
    kind: Kind
    content: bytes
    live: bytes | None
    own: bool  # a file of the draft; otherwise it can only be looked at until it is taken


def draft_file(office: Office, actor: Actor, draft_id: UUID, name: str) -> DraftFile:
    """A form or table of a draft, or one that is deployed and not revised in it.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND, DRAFT_FILE_NOT_FOUND.
    """
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        return _wanted(records, row, name)


def take_file(office: Office, actor: Actor, draft_id: UUID, name: str, *, seen: int) -> Kept:
    """A deployed form or table is revised in this draft from now on. Refused: as `save_file`."""
    require_designer(actor)
    with office.reading() as records:
        file = _wanted(records, wanted_draft(records, draft_id), name)
        live = live_files(records).get(name)
    if file.own or live is None:
        raise Conflict("DRAFT_FILE_THERE", "草稿中已有 {name}。", name=name)
    return _added(office, actor, draft_id, name, file.content, seen=seen, base=live)


def add_file(office: Office, actor: Actor, draft_id: UUID, kind: str, key: str, title: str, *, seen: int) -> Kept:
    """A new form or table. `title`: what a decision is called. Refused: as `save_file`; Invalid DRAFT_FILE_KEY, DRAFT_FILE_TITLE; Conflict DRAFT_FILE_THERE."""
    kind, key, title = _named(office, actor, draft_id, kind, key, title)
    content = blank_form(key) if kind == "form" else blank_table(key, title)
    return _added(office, actor, draft_id, f"{key}.{_SUFFIXES[kind]}", content, seen=seen)


def copy_file(
    office: Office, actor: Actor, draft_id: UUID, source: str, key: str, title: str = "", *, seen: int
) -> Kept:
    """Another form or table under a new key. Refused: as `add_file`."""
    require_designer(actor)
    file = draft_file(office, actor, draft_id, source)
    _, key, title = _named(office, actor, draft_id, file.kind, key, title)
    content = copied_form(file.content, key) if file.kind == "form" else copied_table(file.content, key, title)
    return _added(office, actor, draft_id, f"{key}.{_SUFFIXES[file.kind]}", content, seen=seen)


def save_file(office: Office, actor: Actor, draft_id: UUID, name: str, content: bytes, *, seen: int) -> Kept:
    """Keep a form or table as it is now, mistakes and all; the draft's new version and what the linter says.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND, DRAFT_FILE_NOT_FOUND; Invalid DRAFT_FILE_UNREADABLE;
    Conflict PROCESS_DRAFT_CLOSED, PROCESS_DRAFT_HELD, PROCESS_DRAFT_STALE with who saved it.
    """
    _own(office, actor, draft_id, name)
    if kind_of(name) == "form" and form_schema(content) is None:
        raise Invalid("DRAFT_FILE_UNREADABLE", "{name} 不能读取，没有保存。", name=name)
    if kind_of(name) == "table" and not is_table_file(content):
        raise Invalid("DRAFT_FILE_UNREADABLE", "{name} 不能读取，没有保存。", name=name)
    return keep(
        office,
        actor,
        draft_id,
        {name: content},
        lambda records, row: records.process_drafts.put_file(row.id, name, content),
        seen=seen,
    )


def remove_file(office: Office, actor: Actor, draft_id: UUID, name: str, *, seen: int) -> Kept:
    """The draft leaves a form or table as it is deployed, or does without a new one. Refused: as `save_file`."""
    _own(office, actor, draft_id, name)

    def drop(records: Records, row: ProcessDraftRow) -> None:
        records.process_drafts.drop_file(row.id, name)
        _say(records, actor, row, LedgerAction.DRAFT_FILE_REMOVED, name)

    return keep(office, actor, draft_id, {name: None}, drop, seen=seen)


_SUFFIXES = {"form": "form", "table": "dmn"}


def _wanted(records: Records, row: ProcessDraftRow, name: str) -> DraftFile:
    kind = kind_of(name)
    own = records.process_drafts.files(row.id).get(name) if kind is not None else None
    live = live_files(records).get(name) if kind is not None else None
    deployed = None if live is None else live.read(records)
    content = own if own is not None else deployed
    if kind is None or content is None:
        raise Missing("DRAFT_FILE_NOT_FOUND", "草稿中没有 {name}。", name=name)
    return DraftFile(
        row=row, name=name, key=key_of(name), kind=kind, content=content, live=deployed, own=own is not None
    )


def _own(office: Office, actor: Actor, draft_id: UUID, name: str) -> None:
    if not draft_file(office, actor, draft_id, name).own:
        raise Missing("DRAFT_FILE_NOT_FOUND", "草稿中没有 {name}。", name=name)


def _named(office: Office, actor: Actor, draft_id: UUID, kind: str, key: str, title: str) -> tuple[Kind, str, str]:
    require_designer(actor)
    key, title = key.strip(), " ".join(title.split())
    wanted: Kind = "table" if kind == "table" else "form"
    if not KEY.fullmatch(key):
        raise refuse("key", "DRAFT_FILE_KEY", "键以字母开头，由字母、数字、下划线、点和短横线组成，2 到 100 个字符。")
    if wanted == "table" and not 1 <= len(title) <= LONGEST_NAME:
        raise refuse("title", "DRAFT_FILE_TITLE", "请填写决策名称，不超过 {most} 个字。", most=LONGEST_NAME)
    with office.reading() as records:
        wanted_draft(records, draft_id)
        if key in taken_keys(records, wanted, records.process_drafts.files(draft_id)):
            raise Conflict("DRAFT_FILE_TAKEN", "已有键为 {key} 的文件，请换一个，或修订现有的。", key=key)
    return wanted, key, title


def _added(
    office: Office,
    actor: Actor,
    draft_id: UUID,
    name: str,
    content: bytes,
    *,
    seen: int,
    base: LiveFile | None = None,
) -> Kept:
    def add(records: Records, row: ProcessDraftRow) -> None:
        records.process_drafts.add_file(row.id, name, content, base=base.digest if base is not None else None)
        _say(records, actor, row, LedgerAction.DRAFT_FILE_ADDED, name)

    return keep(office, actor, draft_id, {name: content}, add, seen=seen)


def _say(records: Records, actor: Actor, row: ProcessDraftRow, action: LedgerAction, name: str) -> None:
    detail = {"draft": str(row.id), "name": row.name, "draft_file": name}
    records.ledger.write(action, actor.username, row.process, detail)
