"""Notices: that people are to be told, put on the agenda by what happens, in the INSERT it writes anyway.

A notice says what and to whom in words the worker resolves (`telling.py`): a username, a post, `task:<id>` for who has the
task then, `applicant`. The worker tells many notices in one transaction; no case is locked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow
from service.store.tasks import TaskRow

APPLICANT = "applicant"
TASK = "task:"
STAND_INS = "stand-ins:"  # and a username: whoever does their tasks while they are away
SILENT_STAGES = frozenset({"CORRECT", "PAY"})  # desks that wait for the applicant: nothing is to be done there yet
ORDER = ("ACCEPT", "REVIEW", "APPROVE", "ISSUE")


def notice(
    now: datetime,
    code: str,
    to: Iterable[str],
    *,
    event: UUID | None = None,
    case_id: UUID | None = None,
    scope: UUID | None = None,
    process: str | None = None,
    task: UUID | None = None,
    values: Mapping[str, Any] | None = None,
) -> AgendaRow:
    """One notice. `event`: the same one is told once; `values`: what is known of the places of the template."""
    detail: dict[str, Any] = {"code": code, "to": list(dict.fromkeys(to)), "event": str(event or uuid4())}
    more = {
        "scope": scope,
        "process": process,
        "task": task,
        "values": {name: str(value) for name, value in (values or {}).items()},
    }
    detail |= {name: value if isinstance(value, dict) else str(value) for name, value in more.items() if value}
    return AgendaRow(
        id=uuid4(), kind=AgendaKind.NOTICE.value, case_id=case_id, element=code, due_at=now, ready_at=now, detail=detail
    )


def task_opened(now: datetime, row: TaskRow, process: str, came_from: str | None) -> AgendaRow | None:
    """A task with a stage has opened: T01, T11 for an opinion, T08 when it was given back by a later stage.

    Applicants hear of their own steps by the message that asks them. `row`: the task, with its clock's end; `came_from`: the stage whose task was completed.
    """
    if row.stage is None or row.stage in SILENT_STAGES or row.role == APPLICANT or row.due_at is None:
        return None
    code = "T11" if row.stage == "OPINION" else "T08" if _back(came_from, row.stage) else "T01"
    return notice(
        now,
        code,
        [row.assignee or f"{TASK}{row.id}"],
        event=uuid5(row.id, code),
        case_id=row.case_id,
        scope=row.scope_id,
        process=process,
        task=row.id,
    )


def _back(came_from: str | None, stage: str) -> bool:
    return came_from in ORDER and stage in ORDER and ORDER.index(came_from) > ORDER.index(stage)
