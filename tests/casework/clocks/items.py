"""Diagrams with time in shorthand, and looks at the clocks of one case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from service.casework import attend_due, complete_task
from service.casework.office import Office
from service.store.clocks import ClockRow
from service.store.history import JournalLine
from tests.casework.desk import ENGINE, journal_of, open_tasks
from tests.conftest import CHINA, Clock

TASK = '<userTask id="{id}" name="{name}" zw:stage="{stage}" zw:dept="104" zw:limit="{limit}" zw:ladder="standard" {more}/>'
LATE = (
    '<boundaryEvent id="{id}Late" attachedToRef="{id}" cancelActivity="false"><timerEventDefinition>'
    '<timeDate>{due}</timeDate></timerEventDefinition></boundaryEvent><endEvent id="{id}Told"/>'
)
MARK = '<intermediateThrowEvent id="{id}" zw:reaches="{mark}"/>'


def task(id: str, name: str = "审核", stage: str = "REVIEW", limit: str = "2hd", more: str = "") -> str:
    """A user task with a limit."""
    return TASK.format(id=id, name=name, stage=stage, limit=limit, more=more)


def late(id: str, due: str) -> str:
    """A non-interrupting timer on a task, with the end it leads to (`-> <id>Told` is the caller's)."""
    return LATE.format(id=id, due=due)


def item(content: str, key: str = "item", **zw: str) -> str:
    """A process of kind ITEM."""
    attributes = " ".join(
        f'zw:{name}="{value}"' for name, value in ({"kind": "ITEM", "item": "104-XK-001"} | zw).items()
    )
    return f'<process id="{key}" name="{key}" isExecutable="true" {attributes}>{content}</process>'


ITEM_BODY = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT")
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + task("Review")
    + task("Issue", "发证", "ISSUE", more='zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>\nS -> Accept\nAccept -> Accepted\nAccepted -> Review\nReview -> Issue\nIssue -> E\n'
)


def clocks_of(office: Office, case_id: UUID) -> dict[str, ClockRow]:
    """The clocks of a case by kind, STAGE clocks by element (the latest one of each)."""
    with office.reading() as records:
        return {
            row.element if row.kind == "STAGE" else row.name if row.kind == "MILESTONE" else row.kind: row
            for row in records.clocks.of_case(case_id)
        }


def due(row: ClockRow) -> str | None:
    """When a clock ends, as people write it in China."""
    return None if row.due_at is None else shown(row.due_at)


def shown(instant: datetime) -> str:
    """An instant as people write it in China."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def do(office: Office, case_id: UUID, element: str, **more: object) -> None:
    """Complete an open task."""
    complete_task(office, ENGINE, open_tasks(office, case_id)[element].id, **more)  # type: ignore[arg-type]


def wait_until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass up to an instant, attending everything on the way at its own instant."""
    target = Clock().set(text)
    while True:
        while attend_due(office):
            pass
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.set(stop)
    clock.set(target)


def lines_of(office: Office, case_id: UUID, action: str) -> list[JournalLine]:
    """Journal lines of one kind."""
    return [line for line in journal_of(office, case_id) if line.action == action]
