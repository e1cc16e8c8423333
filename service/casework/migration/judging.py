"""试算: what would become of every running case. Nothing changes and no case is locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.migration.plans import Suggestion, bindings_of, migration_between, plan_between, plan_of
from service.casework.migration.rights import require_planner
from service.casework.office import Office
from service.engine.migrating import Judgement, Mapped, Migration, MigrationReason, MigrationVerdict
from service.rules.sentences import Sentence
from service.rules.vocabulary import CaseState
from service.store.migrating import PlanRow
from service.store.records import Records

SUSPENDED = Sentence("办件已挂起，恢复后才能迁移")


@dataclass(frozen=True, kw_only=True)
class CaseVerdict:
    """What would become of one case."""

    case_id: UUID
    number: str | None
    title: str | None
    judgement: Judgement


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What would become of all of them. `counts`: by verdict; `codes`: by reason."""

    suggestion: Suggestion
    cases: tuple[CaseVerdict, ...]
    counts: Mapping[str, int]
    codes: Mapping[str, int]


def try_out(office: Office, actor: Actor, from_id: UUID, to_id: UUID, mapping: Mapped | None = None) -> DryRun:
    """Every running case of a version against another one. Refused: as `plan_between`."""
    with office.transaction() as records:
        plan = plan_between(records, actor, from_id, to_id, mapping or {})
        old, new = bindings_of(office, records, plan)
        migration = migration_between(office, records, plan, old, new)
    with office.reading() as records:
        return _judged(office, records, plan, new, migration)


def try_plan(office: Office, actor: Actor, plan_id: UUID) -> DryRun:
    """The same for a plan that is kept. Refused: Missing MIGRATION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS."""
    with office.transaction() as records:
        plan = plan_of(records, plan_id)
        require_planner(actor, plan.process)
        old, new = bindings_of(office, records, plan)
        migration = migration_between(office, records, plan, old, new)
    with office.reading() as records:
        return _judged(office, records, plan, new, migration)


def _judged(office: Office, records: Records, plan: PlanRow, new: UUID, migration: Migration) -> DryRun:
    found: list[CaseVerdict] = []
    made: dict[UUID, Migration] = {}
    for row in records.migrations.running(plan.from_id):
        if row.binding_id not in made:
            made[row.binding_id] = migration_between(office, records, plan, row.binding_id, new)
        judgement = made[row.binding_id].judge(row.blob)
        if row.state == CaseState.SUSPENDED:
            judgement = _suspended(plan, judgement)
        found.append(CaseVerdict(case_id=row.id, number=row.business_key, title=row.title, judgement=judgement))
    counts = Counter(one.judgement.verdict.value for one in found)
    codes = Counter(code for one in found for code in {reason.code for reason in one.judgement.reasons})
    processes = dict.fromkeys(pair.process for pair in migration.pairs())
    suggestion = Suggestion(
        pairs=migration.pairs(),
        candidates={process: migration.candidates(process) for process in processes},
        faults=migration.faults(),
    )
    return DryRun(suggestion=suggestion, cases=tuple(found), counts=dict(counts), codes=dict(codes))


def _suspended(plan: PlanRow, judgement: Judgement) -> Judgement:
    why = MigrationReason(code="CASE_SUSPENDED", process=plan.process, element="", sentence=SUSPENDED)
    return Judgement(verdict=MigrationVerdict.IMPOSSIBLE, reasons=(why, *judgement.reasons), live=judgement.live)
