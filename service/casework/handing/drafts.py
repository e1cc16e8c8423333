"""草稿: what somebody has filled in at an open task and not submitted; theirs alone, gone when the task is done.

A draft is no change of the case: it stands in no journal, and nobody else is shown it, whoever the task goes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.casework.actors import Actor
from service.casework.duties import require_doer
from service.casework.office import Office
from service.casework.reading import readable_task
from service.rules.refusals import Conflict, TooLarge
from service.store.together import DraftRow

LARGEST = 200_000  # bytes of JSON
ENTRIES = "entries"  # of the page, as they were typed


def save_draft(office: Office, actor: Actor, task_id: UUID, entries: Mapping[str, Any]) -> datetime:
    """Keep what is filled in, instead of what was kept before; when that was.

    Refused: Missing TASK_NOT_FOUND; Forbidden TASK_FORBIDDEN; Conflict TASK_ENDED, TASK_SUBMITTED; TooLarge DRAFT_LARGE.
    """
    if len(orjson.dumps(entries)) > LARGEST:
        raise TooLarge("DRAFT_LARGE", "草稿太大，请提交或减少内容")

    def attempt() -> datetime:
        with office.transaction() as records:
            _, row = readable_task(records, actor, task_id, lock=True)
            if row.ended_at is not None:
                raise Conflict("TASK_ENDED", "任务“{task}”已经结束，草稿没有保存", task=row.name)
            require_doer(actor, row, records.tasks.candidates(task_id))
            if records.together.held(task_id) is not None:
                raise Conflict("TASK_SUBMITTED", "任务“{task}”已经提交，正在等待会签意见", task=row.name)
            records.together.keep(
                DraftRow(task_id=task_id, person=actor.username, entries={ENTRIES: dict(entries)}, saved_at=records.now)
            )
            return records.now

    return office.attempt(attempt)


def drop_draft(office: Office, actor: Actor, task_id: UUID) -> None:
    """Throw one's own draft away. Refused: Missing TASK_NOT_FOUND, Conflict TASK_SUBMITTED."""

    def attempt() -> None:
        with office.transaction() as records:
            _, row = readable_task(records, actor, task_id, lock=True)
            held = records.together.held(task_id)
            if held is not None and held.person == actor.username:
                raise Conflict("TASK_SUBMITTED", "任务“{task}”已经提交，正在等待会签意见", task=row.name)
            records.together.drop_draft(task_id, actor.username)

    office.attempt(attempt)


def draft_of(office: Office, actor: Actor, task_id: UUID) -> DraftRow | None:
    """One's own draft; nobody can ask for somebody else's."""
    with office.reading() as records:
        return records.together.draft_of(task_id, actor.username)
