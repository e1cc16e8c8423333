"""What was answered in a case: the form of every completed task with its values in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.rules.vocabulary import JournalAction
from service.store.history import ActivityRow, JournalLine
from service.store.variables import VariableRow
from service.store.work import WorkRow
from service.store.workbench import CaseLine, Workbench

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One completed task, its form and what was filed."""

    task: WorkRow
    schema: Mapping[str, Any] | None
    values: Mapping[str, Any]


def answers_of_case(office: Office, records: Records, line: CaseLine) -> tuple[Answered, ...]:
    """Every completed task that said something, in the order of the journal, every round of a loop."""
    rows, journal = Workbench(records).work_of_case(line.id), records.history.lines(line.id)
    return answers_among(rows, journal, forms_of_case(office, records, line))


def answers_among(
    tasks: Iterable[WorkRow], journal: Iterable[JournalLine], forms: Mapping[tuple[UUID, str], Mapping[str, Any]]
) -> tuple[Answered, ...]:
    """The same for who has the tasks, the journal and the forms of the case in hand."""
    rows = {row.id: row for row in tasks}
    return tuple(
        Answered(task=row, schema=forms.get((row.definition_id, row.form_key or "")), values=said)
        for entry in journal
        if entry.action == JournalAction.TASK_COMPLETED
        and entry.task_id is not None
        and (row := rows.get(entry.task_id)) is not None
        and isinstance(said := (entry.detail or {}).get("answers"), Mapping)
    )


def call_scopes(records: Records, case_id: UUID) -> dict[UUID, UUID | None]:
    """Scope → the token of the call activity whose called process it belongs to; None when it is the case itself."""
    return calls_among(records.history.activities(case_id))


def calls_among(activities: Iterable[ActivityRow]) -> dict[UUID, UUID | None]:
    """The same for who has the element instances of the case in hand."""
    hosts = {row.id: row for row in activities}
    found: dict[UUID, UUID | None] = {}
    for token in hosts:
        scope: UUID | None = token
        while scope is not None and (host := hosts.get(scope)) is not None and host.kind != "callActivity":
            scope = host.scope_id
        found[token] = scope
    return found


def process_names(records: Records, line: CaseLine) -> dict[UUID | None, str]:
    """Scope → name of the process that runs there; None is the case itself."""
    bench, calls = Workbench(records), call_scopes(records, line.id)
    definitions: dict[UUID | None, UUID] = {None: line.definition_id}
    for scope, definition_id in bench.calls_of(line.id):
        definitions.setdefault(calls.get(scope), definition_id)
        definitions.setdefault(scope, definition_id)
    names = bench.definition_names(set(definitions.values()))
    return {scope: names.get(definition_id, line.name) for scope, definition_id in definitions.items()}


def forms_of_case(office: Office, records: Records, line: CaseLine) -> dict[tuple[UUID, str], Mapping[str, Any]]:
    """(definition, form key) → schema, for every process the case runs with."""
    program = office.programs.for_binding(records, line.binding_id, line.key)
    return {
        (definition_id, form_key): schema
        for key, definition_id in Workbench(records).binding(line.binding_id).items()
        for form_key, schema in program.forms(key).items()
    }


def application_of(
    office: Office,
    records: Records,
    line: CaseLine,
    *,
    forms: Mapping[tuple[UUID, str], Mapping[str, Any]] | None = None,
    variables: Iterable[VariableRow] | None = None,
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    """What was asked when the case was started (None: nothing) and the case's variables, which hold the answers.

    `forms`, `variables`: for who has them in hand.
    """
    own = records.variables.of_scope(line.id, line.id) if variables is None else variables
    values = {v.name: v.value for v in own}
    form_key = Workbench(records).start_form_key(line.definition_id)
    known = forms_of_case(office, records, line) if forms is None else forms
    return known.get((line.definition_id, str(form_key))), values
