"""What would become of a running case: whether it could go over to the new version, and which due dates that would change.

It is carried over in memory, with the clocks of the case, and thrown away: nothing is written.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import clocks_of
from service.casework.rehearsals.staging import Staged
from service.casework.working_days import WhenCounted
from service.engine import Run, Wait, WaitKind
from service.engine.migrating import Migration, MigrationVerdict
from service.rules.vocabulary import CaseState
from service.store.records import Records


def judge_case(office: Office, records: Records, staged: Staged, case_id: UUID) -> tuple[str, dict[str, Any]]:
    """The verdict with its reasons, and the due dates that would be others."""
    row = records.cases.find(case_id)
    if row is None or row.ended_at is not None or not row.blob:
        return MigrationVerdict.STAYS.value, {}
    if row.state == CaseState.SUSPENDED:
        reason = {"code": "CASE_SUSPENDED", "sentence": "办件已挂起，恢复后才能迁移", "params": {}}
        return MigrationVerdict.IMPOSSIBLE.value, {"reasons": [reason]}
    old = office.programs.for_binding(records, row.binding_id, row.key)
    migration = Migration(old, staged.program)
    judgement = migration.judge(row.blob)
    if judgement.verdict is MigrationVerdict.IMPOSSIBLE:
        reasons = [
            {"code": one.code, "sentence": one.sentence.text, "params": dict(one.sentence.params)}
            for one in judgement.reasons
        ]
        return judgement.verdict.value, {"reasons": reasons}
    before = _loaded(records, old, row.blob, case_id)
    move = clocks_of(records, CaseFile(row), staged.program)
    _, run = migration.carry_over(
        row.blob,
        case_id=case_id,
        now=records.now,
        calendar=WhenCounted(records),
        keeper=move.keeper if move is not None else None,
        told=before.kinds(),
    )
    failed = next((one for one in run.settle().opened if one.kind is WaitKind.INCIDENT), None)
    if failed is not None:
        params = {"name": failed.name or failed.element, "reason": failed.error or ""}
        reason = {"code": "MIGRATION_BREAKS", "sentence": "迁移后“{name}”会出错：{reason}", "params": params}
        return MigrationVerdict.IMPOSSIBLE.value, {"reasons": [reason]}
    return judgement.verdict.value, {
        "version": records.deployments.definition(row.definition_id).version,  # type: ignore[union-attr]
        "renamed": [[old_id, new_id] for _, old_id, new_id in judgement.live if old_id != new_id],
        "armed": list(judgement.armed),
        "dropped": list(judgement.dropped),
        "dues": _dues(before.waits(), run.waits()),
    }


def _loaded(records: Records, program: Any, blob: bytes, case_id: UUID) -> Run:
    return Run.load(program, blob, case_id=case_id, now=records.now, calendar=WhenCounted(records))


def _dues(before: dict[UUID, Wait], after: dict[UUID, Wait]) -> list[dict[str, Any]]:
    found = []
    for id, old in before.items():
        new = after.get(id)
        was, will = old.due or old.due_date, None if new is None else new.due or new.due_date
        if new is not None and was != will:
            found.append(
                {
                    "element": new.element,
                    "name": new.name or new.element,
                    "before": None if was is None else was.isoformat(),
                    "after": None if will is None else will.isoformat(),
                }
            )
    return found
