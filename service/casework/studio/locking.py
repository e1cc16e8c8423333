"""Who edits a draft: one person at a time, seen by the others; taken over with a word when somebody has left it open."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.rights import open_draft, require_designer
from service.rules.refusals import Conflict, refuse
from service.rules.studio import HOLD, LONGEST_NOTE, SHORTEST_WORD
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow


def holder_of(records: Records, row: ProcessDraftRow) -> str | None:
    """Who holds a draft now; by the real clock, because a demo clock may stand still."""
    held = row.held_until is not None and row.held_until > records.real_now
    return row.held_by if held else None


def require_hold(records: Records, actor: Actor, row: ProcessDraftRow) -> None:
    """Refused: Conflict PROCESS_DRAFT_HELD with the name of who edits it."""
    holder = holder_of(records, row)
    if holder is not None and holder != actor.username:
        card = records.people.find(holder)
        raise Conflict(
            "PROCESS_DRAFT_HELD",
            "{name}正在编辑这份草稿。确需继续的，请填写理由后接管。",
            name=card.name if card is not None else holder,
            details={"holder": holder},
        )


def hold_draft(office: Office, actor: Actor, draft_id: UUID) -> None:
    """Begin to edit, or go on. Refused: Forbidden STUDIO_FORBIDDEN; Missing; Conflict PROCESS_DRAFT_CLOSED, PROCESS_DRAFT_HELD."""
    require_designer(actor)

    def hold() -> None:
        with office.transaction() as records:
            row = open_draft(records, draft_id)
            require_hold(records, actor, row)
            renew(records, actor, row)

    office.attempt(hold)


def renew(records: Records, actor: Actor, row: ProcessDraftRow) -> None:
    """It is held from now on."""
    records.process_drafts.change(row.id, held_by=actor.username, held_until=records.real_now + HOLD)


def let_go(office: Office, actor: Actor, draft_id: UUID) -> None:
    """Stop editing: the next one need not wait. Nothing happens when somebody else holds it."""
    require_designer(actor)

    def leave() -> None:
        with office.transaction() as records:
            row = records.process_drafts.find(draft_id, lock=True)
            if row is not None and row.held_by == actor.username:
                records.process_drafts.change(row.id, held_by=None, held_until=None)

    office.attempt(leave)


def take_over(office: Office, actor: Actor, draft_id: UUID, word: str) -> None:
    """Edit it instead of who holds it, who finds out with the next save. Refused: as `hold_draft`, and Invalid TAKE_OVER_WORD."""
    require_designer(actor)
    word = " ".join(word.split())[:LONGEST_NOTE]
    if len(word) < SHORTEST_WORD:
        raise refuse("word", "TAKE_OVER_WORD", "请填写接管理由。")

    def take() -> None:
        with office.transaction() as records:
            row = open_draft(records, draft_id)
            holder = holder_of(records, row)
            renew(records, actor, row)
            if holder not in (None, actor.username):
                detail = {"draft": str(row.id), "name": row.name, "from": holder, "reason": word}
                records.ledger.write(LedgerAction.DRAFT_TAKEN_OVER, actor.username, row.process, detail)

    office.attempt(take)
