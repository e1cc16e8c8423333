"""Who held a case when: the tasks, and inside each task everybody who had it, read from the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.rules.vocabulary import JournalAction
from service.store.history import JournalLine
from service.store.work import WorkRow

_GIVES = {  # acts after which somebody else has the task, and where the journal names who
    JournalAction.TASK_CLAIMED: None,
    JournalAction.TASK_ASSIGNED: "to",
    JournalAction.TASK_TRANSFERRED: "to",
    JournalAction.TASK_DELEGATED: "to",
    JournalAction.TASK_RESOLVED: "to",
    JournalAction.TASK_TAKEN_BACK: "to",
    JournalAction.TASK_ESCALATED: "to",
    JournalAction.TASK_HANDED_OVER: "to",
    JournalAction.TASK_RELEASED: "",
}


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A task in somebody's hands from `since` to `until` (None: still). `username` None: nobody had taken it."""

    task: str
    process: str
    department: str | None
    username: str | None
    since: datetime
    until: datetime | None
    outcome: str | None


def holdings(tasks: Sequence[WorkRow], journal: Sequence[JournalLine]) -> tuple[Holding, ...]:
    """Every hand a case went through, in the order of time."""
    acts: dict[UUID, list[JournalLine]] = {}
    for line in journal:
        if line.task_id is not None and line.action in _GIVES:
            acts.setdefault(line.task_id, []).append(line)
    found = [one for task in tasks for one in _of_task(task, acts.get(task.id, []))]
    return tuple(sorted(found, key=lambda one: (one.since, one.task)))


def _of_task(task: WorkRow, lines: Sequence[JournalLine]) -> list[Holding]:
    last = task.ended_by if task.outcome == "COMPLETED" else task.assignee
    first = _text(lines[0].detail, "from") if lines else last
    turns: list[tuple[datetime, str | None]] = [(task.created_at, first)]
    turns += [(line.written_at, _taker(line)) for line in lines]
    ends = [*(at for at, _ in turns[1:]), task.ended_at]
    return [
        Holding(
            task=task.name,
            process=task.process_name,
            department=task.department,
            username=username,
            since=since,
            until=until,
            outcome=task.outcome if until == task.ended_at else None,
        )
        for (since, username), until in zip(turns, ends, strict=True)
        if until is None or until > since or len(turns) == 1
    ]


def _taker(line: JournalLine) -> str | None:
    place = _GIVES[JournalAction(line.action)]
    return line.actor if place is None else _text(line.detail, place)


def _text(detail: Mapping[str, object] | None, name: str) -> str | None:
    """A username of a line; a group (`104:reviewer_a`) is nobody's hands."""
    value = (detail or {}).get(name)
    return value if isinstance(value, str) and value and ":" not in value else None
