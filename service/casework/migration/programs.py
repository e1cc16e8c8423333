"""Migration as programs ask for it: instructions from one activity to another, all instances at once or in a batch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from service.casework.actors import Actor
from service.casework.correlating import AlreadyDone
from service.casework.migration.batches import begin_within, go_on
from service.casework.migration.plans import (
    bindings_of,
    keep_plan,
    migration_between,
    plan_between,
    require_sound,
)
from service.casework.office import Office
from service.engine.migrating import Migration, MigrationVerdict
from service.rules.migrations import ItemState
from service.rules.refusals import Conflict, Invalid, Missing
from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow
from service.store.migrating import PlanRow
from service.store.records import Records

MOST_AT_ONCE = 1_000
INSTRUCTED = ("Gateway",)  # what needs no instruction


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """Activities of the old version with what they go on as in the new one; nothing else goes on."""

    from_id: UUID
    to_id: UUID
    steps: tuple[tuple[str, str], ...]


def generate(office: Office, actor: Actor, from_id: UUID, to_id: UUID) -> Instructions:
    """Instructions for whatever has a likeness in the new version. Refused: as `plan_between`."""
    with office.transaction() as records:
        plan = plan_between(records, actor, from_id, to_id, {})
        old, new = bindings_of(office, records, plan)
        pairs = migration_between(office, records, plan, old, new).pairs()
    steps = tuple(
        (one.old, one.new)
        for one in pairs
        if one.process == plan.process and one.new is not None and _resting(one.activity_type)
    )
    return Instructions(from_id=from_id, to_id=to_id, steps=steps)


def validate(office: Office, actor: Actor, asked: Instructions) -> dict[tuple[str, str], list[str]]:
    """What is wrong with each instruction, in sentences; sound ones are left out. Refused: as `plan_between`."""
    with office.transaction() as records:
        plan = _plan(records, actor, asked)
        old, new = bindings_of(office, records, plan)
        faults = migration_between(office, records, plan, old, new).faults()
    told: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        step = next(one for one in asked.steps if one[0] == fault.element)
        told.setdefault(step, []).append(fault.sentence.words())
    return told


def migrate_now(office: Office, actor: Actor, asked: Instructions, case_ids: Sequence[UUID]) -> None:
    """Migrate these cases before answering. Nothing changes when one of them cannot.

    Refused: as `begin_batch`; Invalid MIGRATION_MAPPING; Conflict MIGRATION_REFUSED with the first reason, or with how many had
    been overtaken by somebody while it was done.
    """
    if len(case_ids) > MOST_AT_ONCE:
        raise Invalid("MIGRATION_TOO_MANY", "一次最多迁移 {most} 个办件", most=MOST_AT_ONCE)

    def begin() -> UUID:
        with office.transaction() as records:
            plan = _plan(records, actor, asked)
            require_sound(office, records, plan)
            _require_possible(office, records, plan, case_ids)
            keep_plan(records, actor, plan)
            return begin_within(office, records, actor, plan, case_ids)

    batch_id = office.attempt(begin)
    with office.reading() as records:
        now = records.now
    item = AgendaRow(id=batch_id, kind=AgendaKind.MIGRATION.value, due_at=now, ready_at=now)
    with suppress(AlreadyDone):  # the worker was faster
        while go_on(office, item):
            continue
    with office.reading() as records:
        counts = records.migrations.tally([batch_id])[batch_id]
    left = sum(counts.values()) - counts.get(ItemState.DONE.value, 0)
    if left:
        raise Conflict("MIGRATION_REFUSED", "{left} 个办件没有迁移：期间已有新的办理", left=left)


def begin_later(office: Office, actor: Actor, asked: Instructions, case_ids: Sequence[UUID]) -> UUID:
    """A batch of these cases; who cannot stays as it is. Refused: as `begin_batch`; Invalid MIGRATION_MAPPING."""

    def begin() -> UUID:
        with office.transaction() as records:
            plan = _plan(records, actor, asked)
            require_sound(office, records, plan)
            keep_plan(records, actor, plan)
            return begin_within(office, records, actor, plan, case_ids)

    return office.attempt(begin)


def _plan(records: Records, actor: Actor, asked: Instructions) -> PlanRow:
    plan = plan_between(records, actor, asked.from_id, asked.to_id, {}, strict=True)
    given: dict[str, str | None] = {}
    for old, new in asked.steps:
        if old in given:
            raise Invalid("MIGRATION_TWICE", "环节“{name}”不能对应两次", name=old)
        given[old] = new
    return replace(plan, mapping={plan.process: given})


def _require_possible(office: Office, records: Records, plan: PlanRow, case_ids: Sequence[UUID]) -> None:
    new = office.programs.bind(records, plan.to_id)[0]
    made: dict[UUID, Migration] = {}
    for one in case_ids:
        row = records.cases.find(one)
        if row is None:
            raise Missing("CASE_NOT_FOUND", "没有这个办件")
        if row.definition_id != plan.from_id or row.blob is None:
            raise Conflict("MIGRATION_OTHER_VERSION", "办件已不在要迁移的版本上")
        if row.binding_id not in made:
            made[row.binding_id] = migration_between(office, records, plan, row.binding_id, new)
        judgement = made[row.binding_id].judge(row.blob)
        if judgement.verdict is MigrationVerdict.IMPOSSIBLE:
            first = judgement.reasons[0].sentence.words()
            details = {"processInstanceId": str(one), "failures": [why.code for why in judgement.reasons]}
            raise Conflict("MIGRATION_REFUSED", "不能迁移：{reason}", reason=first, details=details)


def _resting(activity_type: str) -> bool:
    return (
        not activity_type.endswith(INSTRUCTED) and "ndEvent" not in activity_type and "tartEvent" not in activity_type
    )
