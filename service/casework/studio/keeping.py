"""Saving a draft while it is drawn, discarding it, and taking it up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.checking import check_draft, diagram_of, numbers
from service.casework.studio.locking import holder_of, renew, require_hold
from service.casework.studio.rights import open_draft, require_designer, wanted_draft
from service.casework.workbench import Preview
from service.engine.studio import drawn_process
from service.rules.refusals import Conflict, Invalid
from service.rules.studio import DraftState
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow


def save_draft(office: Office, actor: Actor, draft_id: UUID, content: bytes, *, seen: int) -> tuple[int, Preview]:
    """Keep the diagram as it is drawn now, mistakes and all; its new version and what the linter says.

    `seen`: the version it was read in. Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND; Invalid DRAFT_UNREADABLE;
    Conflict PROCESS_DRAFT_CLOSED, PROCESS_DRAFT_HELD, PROCESS_DRAFT_STALE with who saved it.
    """
    require_designer(actor)
    drawn = drawn_process(content)
    if drawn is None:
        raise Invalid("DRAFT_UNREADABLE", "流程图不能读取，没有保存。")
    with office.reading() as records:
        wanted_draft(records, draft_id)
        name = diagram_of(records.process_drafts.files(draft_id))

    def put(records: Records, row: ProcessDraftRow) -> None:
        records.process_drafts.put_file(row.id, name, content)
        records.process_drafts.change(row.id, process=drawn[0][:255], name=drawn[1][:200])

    return keep(office, actor, draft_id, {name: content}, put, seen=seen)


def keep(
    office: Office,
    actor: Actor,
    draft_id: UUID,
    revised: Mapping[str, bytes | None],
    write: Callable[[Records, ProcessDraftRow], None],
    *,
    seen: int,
) -> tuple[int, Preview]:
    """One more version of a draft, for who holds it and has seen the last one; `write` changes its files. Refused: as `save_draft`."""
    preview = check_draft(office, actor, draft_id, revised)  # takes a moment: before the lock

    def save() -> int:
        with office.transaction() as records:
            row = open_draft(records, draft_id)
            require_hold(records, actor, row)
            require_seen(records, row, seen)
            write(records, row)
            errors, warnings = numbers(preview)
            records.process_drafts.change(
                row.id,
                version=row.version + 1,
                changed_by=actor.username,
                changed_at=records.now,
                authors=list(dict.fromkeys([*row.authors, actor.username])),
                errors=errors,
                warnings=warnings,
            )
            renew(records, actor, row)
            return row.version + 1

    return office.attempt(save), preview


def require_seen(records: Records, row: ProcessDraftRow, seen: int) -> None:
    """Refused: Conflict PROCESS_DRAFT_STALE with who saved what was not seen."""
    if row.version == seen:
        return
    card = records.people.find(row.changed_by)
    raise Conflict(
        "PROCESS_DRAFT_STALE",
        "{name}已保存了较新的内容，请重新打开草稿。",
        name=card.name if card is not None else row.changed_by,
        details={"version": row.version},
    )


def discard_draft(office: Office, actor: Actor, draft_id: UUID) -> None:
    """It is not wanted; it can be taken up again. Refused: as `hold_draft`."""
    require_designer(actor)

    def discard() -> None:
        with office.transaction() as records:
            row = open_draft(records, draft_id)
            require_hold(records, actor, row)
            records.process_drafts.change(row.id, state=DraftState.DISCARDED, held_by=None, held_until=None)
            records.ledger.write(LedgerAction.DRAFT_DISCARDED, actor.username, row.process, _detail(row))

    office.attempt(discard)


def resume_draft(office: Office, actor: Actor, draft_id: UUID) -> None:
    """A draft that was discarded or handed in can be drawn again; what was handed in goes its way with the files it had.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND.
    """
    require_designer(actor)

    def resume() -> None:
        with office.transaction() as records:
            row = wanted_draft(records, draft_id, lock=True)
            if row.state == DraftState.OPEN and holder_of(records, row) in (None, actor.username):
                return
            records.process_drafts.change(row.id, state=DraftState.OPEN)
            records.ledger.write(LedgerAction.DRAFT_RESUMED, actor.username, row.process, _detail(row))

    office.attempt(resume)


def _detail(row: ProcessDraftRow) -> dict[str, str]:
    return {"draft": str(row.id), "name": row.name}
