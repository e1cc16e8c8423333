"""One case goes over, or back: under its lock, judged again, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import CaseFile, case_file, write
from service.casework.migration.plans import SHELF
from service.casework.migration.projecting import rewrite
from service.casework.office import Office
from service.casework.projection import Running, clocks_of, settle
from service.casework.typed_values import plain, type_of
from service.casework.working_days import WhenCounted
from service.engine.facts import Outcome, WaitKind
from service.engine.migrating import Judgement, MigrationVerdict, taken_back
from service.rules.migrations import ItemState
from service.rules.refusals import Conflict
from service.rules.vocabulary import JournalAction
from service.store.cases import CaseRow
from service.store.migrating import BatchRow, ItemRow, PlanRow
from service.store.records import Records
from service.store.variables import VariableRow

if TYPE_CHECKING:
    from service.engine import Program, Run


def carry_over(
    office: Office, records: Records, plan: PlanRow, batch: BatchRow, item: ItemRow, row: CaseRow | None
) -> None:
    """The case goes on in the version of the plan.

    Refused: Missing CASE_NOT_FOUND; Conflict CASE_ENDED, CASE_SUSPENDED, MIGRATION_OTHER_VERSION, MIGRATION_IMPOSSIBLE with the
    judgement as details, MIGRATION_BREAKS.
    """
    file = case_file(row)
    before = file.row
    if before.definition_id != plan.from_id:
        raise Conflict("MIGRATION_OTHER_VERSION", "办件已不在要迁移的版本上")
    migration = SHELF.take(office, records, plan, before.binding_id, batch.binding_id)
    known = _kinds(records, file, migration.old)
    move = clocks_of(records, file, migration.new)
    judgement, run = migration.carry_over(
        before.blob or b"",
        case_id=file.id,
        now=records.now,
        calendar=WhenCounted(records),
        keeper=move.keeper if move is not None else None,
        told=known,
    )
    file.change(definition_id=plan.to_id, binding_id=batch.binding_id)
    write(records, file, JournalAction.CASE_MIGRATED, batch.begun_by, detail=_told(plan, batch, judgement))
    file.running = running = Running(file, migration.new, run, known, move)
    outcome = settle(records, running)
    _require_whole(outcome)
    rewrite(records, running)
    records.migrations.settle(
        item,
        state=ItemState.DONE.value,
        done_at=records.now,
        version=file.version,
        definition_id=before.definition_id,
        binding_id=before.binding_id,
        blob=before.blob,
        written=[[str(change.scope or file.id), change.name] for change in outcome.variables],
    )


def carry_back(
    office: Office, records: Records, plan: PlanRow, batch: BatchRow, item: ItemRow, row: CaseRow | None
) -> None:
    """The case goes on as it was stored before. Refused: Conflict CASE_ENDED, CASE_SUSPENDED, MIGRATION_MOVED_ON."""
    file = case_file(row)
    if file.version != item.version or file.row.definition_id != plan.to_id or item.binding_id is None:
        raise Conflict("MIGRATION_MOVED_ON", "迁移以后办件已有新的办理，不能撤回迁移")
    old = office.programs.for_binding(records, item.binding_id, plan.process)
    new = office.programs.for_binding(records, file.row.binding_id, plan.process)
    known = _kinds(records, file, new)
    move = clocks_of(records, file, old)
    run = taken_back(
        old,
        item.blob or b"",
        case_id=file.id,
        now=records.now,
        calendar=WhenCounted(records),
        keeper=move.keeper if move is not None else None,
        told=known,
    )
    file.change(definition_id=item.definition_id, binding_id=item.binding_id)
    detail = {"from": str(plan.to_id), "to": str(item.definition_id), "batch": str(batch.id)}
    write(records, file, JournalAction.CASE_MIGRATED_BACK, batch.undone_by, detail=detail)
    file.running = running = Running(file, old, run, known, move)
    settle(records, running)
    rewrite(records, running)
    _write_back(records, file, run, [(UUID(scope), name) for scope, name in item.written or ()])
    records.migrations.settle(item, state=ItemState.UNDONE.value, done_at=records.now, blob=None)


def _write_back(records: Records, file: CaseFile, run: Run, written: list[tuple[UUID, str]]) -> None:
    """Variables the migration wrote have the values from before, or are gone again."""
    called = {view.host for view in run.scopes() if view.host is not None}
    kept, gone = [], []
    for scope, name in written:
        own = scope == file.id
        values = run.variables(None if own else scope) if own or scope in called else {}
        if name in values:
            value = values[name]
            declared = run.variable_types(None if own else scope).get(name)
            kind = declared or type_of(value)
            kept.append(VariableRow(case_id=file.id, scope_id=scope, name=name, type=kind, value=plain(value)))
        else:
            gone.append((scope, name))
    records.variables.put(kept)
    records.variables.drop(file.id, gone)


def _kinds(records: Records, file: CaseFile, program: Program) -> dict[UUID, WaitKind]:
    """The wait points the tables know."""
    from service.engine import Run

    run = Run.load(program, file.row.blob or b"", case_id=file.id, now=records.now, calendar=WhenCounted(records))
    return run.kinds()


def _require_whole(outcome: Outcome) -> None:
    failed = next((wait for wait in outcome.opened if wait.kind is WaitKind.INCIDENT), None)
    if failed is not None:
        raise Conflict(
            "MIGRATION_BREAKS",
            "迁移后“{name}”会出错：{reason}",
            name=failed.name or failed.element,
            reason=failed.error or "",
        )


def _told(plan: PlanRow, batch: BatchRow, judgement: Judgement) -> dict[str, object]:
    renamed = {old: new for _, old, new in judgement.live if old != new}
    return {
        "from": str(plan.from_id),
        "to": str(plan.to_id),
        "batch": str(batch.id),
        **({"renamed": renamed} if judgement.verdict is MigrationVerdict.MAPPED else {}),
        **({"armed": list(judgement.armed)} if judgement.armed else {}),
        **({"dropped": list(judgement.dropped)} if judgement.dropped else {}),
        **({"recounted": list(judgement.recounted)} if judgement.recounted else {}),
    }
