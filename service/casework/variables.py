"""Variables of cases, items and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.duties import require_doer
from service.casework.journalling import CaseFile, case_file, write
from service.casework.masking import shown_typed
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.reading import readable_task
from service.casework.rights import require_keeper, require_reader, require_seer, require_writer
from service.casework.taking import take_task
from service.casework.typed_values import plain, type_of
from service.casework.views import TypedValue
from service.rules.refusals import Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.variables import VariableRow

SHORTEST, LONGEST = 2, 500  # characters of a reason


def set_variables(
    office: Office,
    actor: Actor,
    case_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
    scope: UUID | None = None,
    reason: str | None = None,
) -> None:
    """Write and remove process variables of a running case, or of one item of it (`scope`).

    By a program, or by 业务科 with a `reason`, which stands in the journal with the names of the variables. Refused: Forbidden
    KEEPER_ONLY, VARIABLES_BY_READERS (system administrators, who do not read them either); Invalid REASON_MISSING,
    REASON_TOO_LONG; Missing CASE_NOT_FOUND, SCOPE_NOT_FOUND, Conflict CASE_ENDED or CASE_SUSPENDED.
    """
    require_keeper(actor)
    require_writer(actor)
    why = None if actor.service and not reason else _reason(reason or "")

    def act() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            if not actor.service:
                require_reader(records, actor, file.row)
            _write(office, records, file, actor, values, types, remove, scope, reason=why)

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


@dataclass(frozen=True, kw_only=True)
class VariableName:
    """One variable as who repairs a case sees it: where it stands, how it is called and of which type it is. No value."""

    scope: UUID | None
    name: str
    type: str


def variable_names(office: Office, actor: Actor, case_id: UUID) -> tuple[VariableName, ...]:
    """The variables of a case without what they say. Refused: Missing CASE_NOT_FOUND for who may not see where it stands."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        rows = records.variables.of_case(case_id)
        return tuple(
            VariableName(scope=None if row.scope_id == case_id else row.scope_id, name=row.name, type=row.type)
            for row in sorted(rows, key=lambda one: (one.scope_id != case_id, str(one.scope_id), one.name))
        )


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
    reason: str | None = None,
) -> None:
    running = take_up(office, records, file)
    if scope is not None and not running.run.knows_scope(scope):
        raise Missing("SCOPE_NOT_FOUND", "办件中没有编号为 {scope} 的事项或步骤，或者它已经结束。", scope=str(scope))
    running.run.set_variables(dict(values), types=types, remove=tuple(remove), scope=scope)
    _note(records, file, actor, values, remove, task_id, reason)
    settle(records, running)


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if len(said) < SHORTEST:
        raise refuse("reason", "REASON_MISSING", "请写明理由。")
    if len(said) > LONGEST:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST)
    return said


def _note(
    records: Records,
    file: CaseFile,
    actor: Actor,
    values: Mapping[str, Any],
    remove: Sequence[str],
    task_id: UUID | None,
    reason: str | None = None,
) -> None:
    detail: dict[str, Any] = {"names": sorted(values)[:20]}
    if remove:
        detail["removed"] = sorted(remove)[:20]
    if reason:
        detail["reason"] = reason
    write(records, file, JournalAction.CASE_VARIABLES_SET, actor, task_id=task_id, detail=detail)
