"""Who draws: process designers and nobody else; a draft is seen by them alone."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.rules.refusals import Conflict, Forbidden, Missing
from service.rules.studio import DraftState
from service.store.records import Records
from service.store.studio import ProcessDraftRow

DESIGNERS = ("process_designer",)


def require_designer(actor: Actor) -> None:
    """Refused: Forbidden STUDIO_FORBIDDEN."""
    if not actor.has(*DESIGNERS):
        raise Forbidden("STUDIO_FORBIDDEN", "只有流程设计员可以使用流程设计。")


def wanted_draft(records: Records, draft_id: UUID, *, lock: bool = False) -> ProcessDraftRow:
    """A draft. Refused: Missing PROCESS_DRAFT_NOT_FOUND."""
    row = records.process_drafts.find(draft_id, lock=lock)
    if row is None:
        raise Missing("PROCESS_DRAFT_NOT_FOUND", "没有这份流程草稿。")
    return row


def open_draft(records: Records, draft_id: UUID) -> ProcessDraftRow:
    """A draft that can be drawn, locked. Refused: Missing PROCESS_DRAFT_NOT_FOUND; Conflict PROCESS_DRAFT_CLOSED."""
    row = wanted_draft(records, draft_id, lock=True)
    if row.state != DraftState.OPEN:
        raise Conflict("PROCESS_DRAFT_CLOSED", "这份草稿已提交发布或已作废，不能再修改。")
    return row
