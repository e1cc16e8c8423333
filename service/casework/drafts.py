"""Drafts of applications (网上申报): kept by who writes them, taken up again days later, gone when the case begins (XZ-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.rights import require_starter
from service.casework.starting import title_of, wanted_definition
from service.rules.refusals import Conflict, Missing
from service.store.drafts import DraftRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

MOST = 30  # drafts of one person


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft. `number` stands in the place of the 收件号 until there is one, and stays the same."""

    id: UUID
    number: str
    process: str
    title: str
    entries: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime


def keep_draft(
    office: Office, actor: Actor, process: str, entries: Mapping[str, Any], *, draft_id: UUID | None = None
) -> UUID:
    """Keep what was typed so far, unjudged; into the same draft when there is one already.

    Refused: Forbidden START_FORBIDDEN; Missing DEFINITION_NOT_FOUND, DRAFT_NOT_FOUND; Conflict DRAFTS_FULL.
    """
    require_starter(office, actor)

    def attempt() -> UUID:
        with office.transaction() as records:
            definition = wanted_definition(records, key=process)
            title = title_of(definition, entries)[:200]
            if draft_id is not None:
                row = _own(records, actor, draft_id)
                records.drafts.change(row.id, title=title, entries=dict(entries), changed_at=records.now)
                return row.id
            if len(records.drafts.of_person(actor.username)) >= MOST:
                raise Conflict("DRAFTS_FULL", "最多保存 {most} 份草稿，请先提交或删除一些。", most=MOST)
            made = DraftRow(
                id=uuid4(),
                username=actor.username,
                process=definition.key,
                title=title,
                entries=dict(entries),
                created_at=records.now,
                changed_at=records.now,
            )
            records.drafts.add(made)
            return made.id

    return office.attempt(attempt)


def open_draft(office: Office, actor: Actor, draft_id: UUID) -> Draft:
    """One's own draft. Refused: Missing DRAFT_NOT_FOUND."""
    with office.reading() as records:
        return _shown(_own(records, actor, draft_id))


def own_drafts(office: Office, actor: Actor) -> tuple[Draft, ...]:
    """One's own drafts, the last one changed first."""
    with office.reading() as records:
        return tuple(_shown(row) for row in records.drafts.of_person(actor.username))


def drop_draft(office: Office, actor: Actor, draft_id: UUID) -> None:
    """It is not needed any more. Refused: Missing DRAFT_NOT_FOUND."""

    def attempt() -> None:
        with office.transaction() as records:
            records.drafts.drop(_own(records, actor, draft_id).id)

    office.attempt(attempt)


def _own(records: Records, actor: Actor, draft_id: UUID) -> DraftRow:
    row = records.drafts.find(draft_id)
    if row is None or row.username != actor.username:
        raise Missing("DRAFT_NOT_FOUND", "没有这份草稿，可能已经提交或删除。")
    return row


def _shown(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        number=f"CG{row.created_at:%Y%m%d}{row.id.hex[:6].upper()}",
        process=row.process,
        title=row.title,
        entries=row.entries,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
