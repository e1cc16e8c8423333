"""Variables of cases, items and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.duties import require_doer
from service.casework.journalling import CaseFile, case_file, write
from service.casework.masking import shown_typed
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.reading import readable_task
from service.casework.rights import require_keeper, require_reader
from service.casework.taking import take_task
from service.casework.typed_values import plain, type_of
from service.casework.views import TypedValue
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.variables import VariableRow


def set_variables(
    office: Office,
    actor: Actor,
    case_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
    scope: UUID | None = None,
) -> None:
    """Write and remove process variables of a running case, or of one item of it (`scope`).

    Refused: Forbidden KEEPER_ONLY, Missing CASE_NOT_FOUND, Conflict CASE_ENDED or CASE_SUSPENDED.
    """
    require_keeper(actor)

    def act() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            _write(office, records, file, actor, values, types, remove, scope)

    office.attempt(act)


def set_task_variables(
    office: Office,
    actor: Actor,
    task_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
) -> None:
    """Write and remove the process variables an open task sees. Refused as completing it is."""

    def act() -> None:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            require_doer(actor, task.row, task.candidates)
            _write(office, records, file, actor, values, types, remove, task.row.scope_id, task_id=task_id)

    office.attempt(act)


def set_task_local(
    office: Office,
    actor: Actor,
    task_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
) -> None:
    """Write and remove values only this open task has; they end with it. Refused as completing it is."""
    declared = types or {}

    def act() -> None:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            require_doer(actor, task.row, task.candidates)
            records.variables.put(
                [
                    VariableRow(
                        case_id=file.id,
                        scope_id=task_id,
                        name=name,
                        type=declared.get(name) or type_of(value),
                        value=plain(value),
                    )
                    for name, value in values.items()
                ]
            )
            records.variables.drop(file.id, [(task_id, name) for name in remove])
            running = take_up(office, records, file)
            running.run.set_variables(dict(values), remove=tuple(remove), scope=task_id)
            _note(records, file, actor, values, remove, task_id)
            settle(records, running)

    office.attempt(act)


def case_variables(office: Office, actor: Actor, case_id: UUID, scope: UUID | None = None) -> dict[str, TypedValue]:
    """The process variables of a case (or of one item of it), also when it has ended. Refused: Missing."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        rows = records.variables.of_scope(case_id, scope or case_id)
        found = {row.name: TypedValue(type=row.type, value=row.value) for row in rows}
        return shown_typed(records, actor, case, found)


def task_variables(office: Office, actor: Actor, task_id: UUID, *, local: bool = False) -> dict[str, TypedValue]:
    """What a task sees: process variables of its item, overlaid by its own; `local`: only its own.

    Its own are what was set on it, loop items and input parameters. Refused: Missing TASK_NOT_FOUND.
    """
    with office.reading() as records:
        case, task = readable_task(records, actor, task_id)
        found: dict[str, TypedValue] = {}
        if not local:
            for row in records.variables.of_scope(case.id, task.scope_id or case.id):
                found[row.name] = TypedValue(type=row.type, value=row.value)
        if task.ended_at is None:
            wait = take_up(office, records, CaseFile(case)).run.waits().get(task_id)
            for name, value in (wait.local if wait else {}).items():
                found[name] = TypedValue(type=type_of(value), value=plain(value))
        for row in records.variables.of_scope(case.id, task_id):
            found[row.name] = TypedValue(type=row.type, value=row.value)
        return shown_typed(records, actor, case, found)


def _write(
    office: Office,
    records: Records,
    file: CaseFile,
    actor: Actor,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None,
    remove: Sequence[str],
    scope: UUID | None,
    task_id: UUID | None = None,
) -> None:
    running = take_up(office, records, file)
    running.run.set_variables(dict(values), types=types, remove=tuple(remove), scope=scope)
    _note(records, file, actor, values, remove, task_id)
    settle(records, running)


def _note(
    records: Records,
    file: CaseFile,
    actor: Actor,
    values: Mapping[str, Any],
    remove: Sequence[str],
    task_id: UUID | None,
) -> None:
    detail: dict[str, Any] = {"names": sorted(values)[:20]}
    if remove:
        detail["removed"] = sorted(remove)[:20]
    write(records, file, JournalAction.CASE_VARIABLES_SET, actor, task_id=task_id, detail=detail)
