"""办理: one task with its form, what was answered before in the case, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.clocks.holding import Silent, may_speak, silences_of
from service.casework.masking import shown
from service.casework.materials.sharing import without_shared
from service.casework.reading import task_form
from service.casework.workbench.answers import Answered, answers_of_case, application_of
from service.casework.workbench.work import WorkItem, with_people, work_item
from service.engine.feel import FeelError, evaluate
from service.rules.refusals import Missing
from service.rules.vocabulary import TaskOutcome
from service.store.workbench import CaseLine, PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """Everything the task page shows. `schema` None: the task asks nothing. `people`: names of who is mentioned."""

    item: WorkItem
    case: CaseLine
    schema: Mapping[str, Any] | None
    data: Mapping[str, Any]
    seen: int
    may_complete: bool
    application: tuple[Mapping[str, Any] | None, Mapping[str, Any]]
    answered: tuple[Answered, ...]
    people: Mapping[str, PersonCard]
    now: datetime
    silent: tuple[Silent, ...] = ()  # what silence has passed in the same item, and what is held
    may_speak: bool = False  # silence has passed this task, and the actor may still say something


def task_page(office: Office, actor: Actor, task_id: UUID) -> TaskPage:
    """One task for the page that completes it. Refused: Missing TASK_NOT_FOUND, also for who may not read it."""
    form = task_form(office, actor, task_id)
    with office.reading() as records:
        bench = Workbench(records)
        row = bench.work(task_id)
        line = bench.case(row.case_id) if row else None
        if row is None or line is None:
            raise Missing("TASK_NOT_FOUND", "没有这项任务，或者您无权查看。")
        (item,) = with_people(bench, [work_item(records.calendar, row, records.now)])
        answered = answers_of_case(office, records, line)
        schema, values = application_of(office, records, line)
        case = records.cases.find(line.id)
        if case is not None:
            answered = tuple(replace(one, values=shown(records, actor, case, one.values)) for one in answered)
            values = shown(records, actor, case, values)
        told = silences_of(records.history.lines(row.case_id))
        names = (
            {one.silent for one in told}
            | {a.task.ended_by for a in answered if a.task.ended_by}
            | {row.assignee or "", row.ended_by or ""}
        )
        return TaskPage(
            item=item,
            case=line,
            schema=without_shared(records, row.case_id, row.scope_id, form.schema),
            data=form.data,
            seen=form.seen,
            may_complete=form.may_complete,
            application=(schema, values),
            answered=answered,
            people=bench.people(names),
            now=records.now,
            silent=tuple(one for one in told if one.scope == row.scope_id),
            may_speak=row.outcome == TaskOutcome.TACIT and may_speak(actor, row.department),
        )


def feel(text: str, context: Mapping[str, Any]) -> Any:
    """FEEL for forms: None when the text cannot be evaluated, so that a bad condition never hides a field."""
    try:
        return evaluate(text, dict(context))
    except FeelError:
        return None
