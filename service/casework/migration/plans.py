"""Plans: from one version to another, with a mapping that is suggested, edited and checked."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.migration.rights import require_planner
from service.casework.office import Office
from service.engine.migrating import Candidate, Mapped, Migration, MigrationReason, Pair
from service.rules.refusals import Conflict, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.deployments import DefinitionRow
from service.store.migrating import PlanRow
from service.store.records import Records

LATEST = 20
KEPT = 64  # migrations of one process kept in memory
PASSING = ("Gateway",)  # what a strict mapping need not name: it holds nobody's work


@dataclass(frozen=True, kw_only=True)
class VersionCard:
    """One version of a process. `cases`: how many run in it."""

    id: UUID
    version: int
    version_tag: str | None
    deployed_at: datetime
    deployed_by: str
    cases: int


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """A kept plan with the numbers of its versions and who deployed the new one."""

    plan: PlanRow
    name: str
    from_version: int
    to_version: int
    deployed_by: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The mapping between two versions as it stands: what goes on as what, what it may go on as, what is wrong with it."""

    pairs: tuple[Pair, ...]
    candidates: Mapping[str, tuple[Candidate, ...]]  # by process
    faults: tuple[MigrationReason, ...]


class Shelf:
    """Migrations in memory: plans and bindings never change, so what was compared once stays true."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[UUID, UUID, UUID], Migration] = OrderedDict()

    def take(self, office: Office, records: Records, plan: PlanRow, old: UUID, new: UUID) -> Migration:
        """The migration of the cases of one binding to another."""
        place = (plan.id, old, new)
        with self._lock:
            found = self._made.get(place)
        if found is None:
            found = migration_between(office, records, plan, old, new)
            with self._lock:
                self._made[place] = found
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
        return found


SHELF = Shelf()


def versions(office: Office, actor: Actor, process: str) -> tuple[VersionCard, ...]:
    """The versions of a process, the newest first. Refused: Forbidden MIGRATION_NOT_YOURS; Missing DEFINITION_NOT_FOUND."""
    require_planner(actor, process)
    with office.reading() as records:
        rows = records.deployments.versions_of(process)
        if not rows:
            raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
        running = records.migrations.running_counts(process)
        return tuple(
            VersionCard(
                id=row.id,
                version=row.version,
                version_tag=row.version_tag,
                deployed_at=deployment.deployed_at,
                deployed_by=deployment.deployed_by,
                cases=running.get(row.id, 0),
            )
            for row, deployment in rows
        )


def suggest(office: Office, actor: Actor, from_id: UUID, to_id: UUID, mapping: Mapped | None = None) -> Suggestion:
    """What would go on as what. Refused: as `plan_between`."""
    with office.transaction() as records:  # a binding of the newest called processes may be kept for the first time
        plan = plan_between(records, actor, from_id, to_id, mapping or {})
        old, new = bindings_of(office, records, plan)
        migration = migration_between(office, records, plan, old, new)
    processes = dict.fromkeys(pair.process for pair in migration.pairs())
    return Suggestion(
        pairs=migration.pairs(),
        candidates={process: migration.candidates(process) for process in processes},
        faults=migration.faults(),
    )


def make_plan(
    office: Office, actor: Actor, from_id: UUID, to_id: UUID, mapping: Mapped, *, strict: bool = False
) -> PlanRow:
    """Keep a plan, for another one to begin. Refused: as `plan_between`; Invalid MIGRATION_MAPPING with the reasons as details."""

    def make() -> PlanRow:
        with office.transaction() as records:
            plan = plan_between(records, actor, from_id, to_id, mapping, strict=strict)
            require_sound(office, records, plan)
            keep_plan(records, actor, plan)
            return plan

    return office.attempt(make)


def plan_page(office: Office, actor: Actor, plan_id: UUID) -> PlanPage:
    """A kept plan. Refused: Missing MIGRATION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS."""
    with office.reading() as records:
        plan = plan_of(records, plan_id)
        require_planner(actor, plan.process)
        known = {row.id: row for row in records.deployments.definitions([plan.from_id, plan.to_id])}
        new = known[plan.to_id]
        deployment = records.deployments.find(new.deployment_id)
        return PlanPage(
            plan=plan,
            name=new.name,
            from_version=known[plan.from_id].version,
            to_version=new.version,
            deployed_by=deployment.deployed_by if deployment is not None else "",
        )


def keep_plan(records: Records, actor: Actor, plan: PlanRow) -> None:
    """Store a plan and say so in the ledger."""
    records.migrations.add_plan(plan)
    detail = {"plan": str(plan.id), "from": str(plan.from_id), "to": str(plan.to_id), "mapping": plan.mapping}
    records.ledger.write(LedgerAction.MIGRATION_PLANNED, actor.username, plan.process, detail)


def require_sound(office: Office, records: Records, plan: PlanRow) -> None:
    """Refused: Invalid MIGRATION_MAPPING when the mapping itself is wrong, whatever case it is for."""
    old, new = bindings_of(office, records, plan)
    faults = migration_between(office, records, plan, old, new).faults()
    if faults:
        sentence = faults[0].sentence.words()
        raise Invalid("MIGRATION_MAPPING", "环节对应有误：{reason}", reason=sentence, details=faults)


def plan_between(
    records: Records, actor: Actor, from_id: UUID, to_id: UUID, mapping: Mapped, *, strict: bool = False
) -> PlanRow:
    """A plan that is not kept yet.

    Refused: Missing DEFINITION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS; Conflict MIGRATION_OTHER_PROCESS,
    MIGRATION_SAME_VERSION.
    """
    old, new = _definition(records, from_id), _definition(records, to_id)
    require_planner(actor, old.key)
    if old.key != new.key:
        raise Conflict("MIGRATION_OTHER_PROCESS", "只能迁移到同一流程的另一个版本")
    if old.id == new.id:
        raise Conflict("MIGRATION_SAME_VERSION", "请选择两个不同的版本")
    kept = {process: dict(given) for process, given in mapping.items() if given}
    return PlanRow(
        id=uuid4(),
        process=old.key,
        from_id=from_id,
        to_id=to_id,
        mapping=kept,
        strict=strict,
        made_by=actor.username,
        made_at=records.now,
    )


def plan_of(records: Records, plan_id: UUID) -> PlanRow:
    """A plan that is kept. Refused: Missing MIGRATION_NOT_FOUND."""
    plan = records.migrations.plan(plan_id)
    if plan is None:
        raise Missing("MIGRATION_NOT_FOUND", "没有这个迁移方案")
    return plan


def bindings_of(office: Office, records: Records, plan: PlanRow) -> tuple[UUID, UUID]:
    """The bindings new cases of both versions would have now."""
    return office.programs.bind(records, plan.from_id)[0], office.programs.bind(records, plan.to_id)[0]


def migration_between(office: Office, records: Records, plan: PlanRow, old: UUID, new: UUID) -> Migration:
    """The two programs with the mapping of the plan. A strict one lets nothing go on that it does not name."""
    before = office.programs.for_binding(records, old, plan.process)
    after = office.programs.for_binding(records, new, plan.process)
    migration = Migration(before, after, plan.mapping)
    if not plan.strict:
        return migration
    given = plan.mapping.get(plan.process, {})
    closed = {
        pair.old: given.get(pair.old)
        for pair in migration.pairs()
        if pair.process == plan.process and (pair.old in given or not pair.activity_type.endswith(PASSING))
    }
    return Migration(before, after, {**plan.mapping, plan.process: {**given, **closed}})


def _definition(records: Records, definition_id: UUID) -> DefinitionRow:
    row = records.deployments.definition(definition_id)
    if row is None or row.deleted_at is not None:
        raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    return row
