"""Rows of wait points: what an opened token looks like in its table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.duties import Placement
from service.casework.journalling import CaseFile
from service.engine.facts import Wait, WaitKind
from service.rules.stages import stage_word
from service.rules.vocabulary import AgendaKind
from service.store.agenda import END_OF_TIME, AgendaRow
from service.store.external import ExternalRow
from service.store.records import Records
from service.store.tasks import Candidate, TaskRow

if TYPE_CHECKING:
    from service.engine import Program

USUAL_PRIORITY = 50
ATTEMPTS = 3  # of a job, before it is an incident
KINDS = {WaitKind.TIMER: AgendaKind.TIMER, WaitKind.ACTION: AgendaKind.ACTION, WaitKind.INCIDENT: AgendaKind.RETRY}


def task_row(file: CaseFile, program: Program, wait: Wait, placement: Placement, *, created_at: datetime) -> TaskRow:
    """A user task that opened, with who gets it."""
    return TaskRow(
        id=wait.id,
        case_id=file.id,
        definition_id=program.definition_id(wait.process),
        scope_id=wait.variable_scope,
        element=wait.element,
        name=(wait.name or wait.element)[:255],
        description=wait.description,
        form_key=wait.form_key,
        assignee=placement.assignee,
        priority=USUAL_PRIORITY if wait.priority is None else wait.priority,
        created_at=created_at,
        due_at=wait.due_date,
        follow_up_at=wait.follow_up,
        seen=file.version,
        stage=stage_word(wait.zw.get("stage")),
        department=placement.department,
        role=placement.role,
        acting_for=placement.acting_for,
    )


def candidates(task_id: UUID, placement: Placement) -> Iterator[Candidate]:
    """Whom an opened task is offered to."""
    for kind, values in (("user", placement.users), ("group", placement.groups)):
        for value in dict.fromkeys(values):
            yield Candidate(task_id=task_id, kind=kind, value=value)


def external_row(records: Records, file: CaseFile, program: Program, wait: Wait) -> ExternalRow:
    """Work that waits for a worker."""
    return ExternalRow(
        id=wait.id,
        case_id=file.id,
        definition_id=program.definition_id(wait.process),
        scope_id=wait.variable_scope,
        element=wait.element,
        topic=wait.topic or "",
        priority=wait.priority or 0,
        created_at=records.now,
    )


def agenda_row(records: Records, file: CaseFile, program: Program, wait: Wait) -> AgendaRow:
    """One row a token, with the token's own id: what becomes of the token becomes of the row. A failed one is parked."""
    failed = wait.kind is WaitKind.INCIDENT
    due = (wait.due or END_OF_TIME) if wait.kind is WaitKind.TIMER else records.now
    return AgendaRow(
        id=wait.id,
        kind=KINDS[wait.kind],
        case_id=file.id,
        definition_id=program.definition_id(wait.process),
        token_id=wait.id,
        element=wait.element,
        due_at=due,
        ready_at=None if failed else due,
        retries=0 if failed else ATTEMPTS,
        error=wait.error if failed else None,
        detail={"process": wait.process},
    )
