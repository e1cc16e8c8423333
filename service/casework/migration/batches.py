"""Batches: begun by who did not plan, done by the worker some cases at a time, paused, cancelled and taken back."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.correlating import AlreadyDone
from service.casework.migration.carrying import carry_back, carry_over
from service.casework.migration.plans import plan_of
from service.casework.migration.rights import require_beginner, require_planner
from service.casework.office import Office
from service.engine.migrating import Judgement
from service.rules.migrations import OPEN, TURNS, BatchState, ItemState
from service.rules.refusals import Conflict, Invalid, Missing, Refusal, Unavailable
from service.rules.sentences import Sentence
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.migrating import BatchRow, ItemRow, PlanRow
from service.store.records import Records

log = logging.getLogger(__name__)

AT_ONCE = 25  # cases before the worker looks at what else is due
MOST = 20_000
FAULT = Sentence("迁移时出错，办件保持原样；错误已记入日志")


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """A batch with how far it is. `counts`: cases by state."""

    id: UUID
    plan: PlanRow
    state: BatchState
    undoing: bool
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]

    def of(self, *states: ItemState) -> int:
        """How many cases are in these states."""
        return sum(self.counts.get(one.value, 0) for one in states)

    @property
    def cases(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def had(self) -> int:
        """How many have had their turn."""
        return self.cases - self.of(ItemState.WAITING, ItemState.UNDOING)

    @property
    def open(self) -> bool:
        """Whether anything is to come."""
        return self.state in OPEN


@dataclass(frozen=True, kw_only=True)
class ItemView:
    """What became of one case."""

    case_id: UUID
    number: str | None
    title: str | None
    state: ItemState
    code: str | None
    sentence: str | None
    params: Mapping[str, object]
    done_at: datetime | None


def begin_batch(office: Office, actor: Actor, plan_id: UUID, case_ids: Sequence[UUID] | None = None) -> UUID:
    """Begin to migrate these cases, or all that run in the old version; the worker does it.

    Refused: Missing MIGRATION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS; Conflict MIGRATION_SAME_PERSON; Invalid
    MIGRATION_EMPTY, MIGRATION_TOO_MANY.
    """

    def begin() -> UUID:
        with office.transaction() as records:
            return begin_within(office, records, actor, plan_of(records, plan_id), case_ids)

    return office.attempt(begin)


def begin_within(
    office: Office, records: Records, actor: Actor, plan: PlanRow, case_ids: Sequence[UUID] | None = None
) -> UUID:
    """The same inside a transaction."""
    require_beginner(actor, plan, _deployer(records, plan))
    cases = tuple(dict.fromkeys(records.cases.running_of(plan.from_id) if case_ids is None else case_ids))
    if not cases:
        raise Invalid("MIGRATION_EMPTY", "没有要迁移的办件")
    if len(cases) > MOST:
        raise Invalid("MIGRATION_TOO_MANY", "一次最多迁移 {most} 个办件", most=MOST)
    known = records.cases.some(cases)
    for one in cases:
        if one not in known:
            raise Missing("CASE_NOT_FOUND", "没有这个办件")
    binding, _ = office.programs.bind(records, plan.to_id)
    batch = BatchRow(
        id=uuid4(),
        plan_id=plan.id,
        binding_id=binding,
        state=BatchState.RUNNING.value,
        undoing=False,
        begun_by=actor.username,
        begun_at=records.now,
    )
    records.migrations.begin(batch, cases)
    _put_on_agenda(records, batch, plan)
    detail = {"batch": str(batch.id), "plan": str(plan.id), "cases": len(cases), "made_by": plan.made_by}
    records.ledger.write(LedgerAction.MIGRATION_BEGUN, actor.username, plan.process, detail)
    return batch.id


def pause_batch(office: Office, actor: Actor, batch_id: UUID) -> BatchView:
    """No further case until it is resumed. Refused: Missing MIGRATION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS; Conflict MIGRATION_OVER."""
    return _turn(office, actor, batch_id, BatchState.PAUSED)


def resume_batch(office: Office, actor: Actor, batch_id: UUID) -> BatchView:
    """Go on. Refused: as pausing."""
    return _turn(office, actor, batch_id, BatchState.RUNNING)


def cancel_batch(office: Office, actor: Actor, batch_id: UUID) -> BatchView:
    """What has not had its turn stays as it is. Refused: as pausing."""
    return _turn(office, actor, batch_id, BatchState.CANCELLED)


def undo_batch(office: Office, actor: Actor, batch_id: UUID) -> BatchView:
    """Take back every migrated case with which nobody has gone on since; the worker does it.

    Refused: as pausing; Conflict MIGRATION_RUNNING while it is under way, MIGRATION_NOTHING_DONE.
    """

    def undo() -> BatchView:
        with office.transaction() as records:
            batch, plan = _known(records, actor, batch_id, lock=True)
            if batch.state in OPEN:
                raise Conflict("MIGRATION_RUNNING", "迁移还在进行，请先取消或等它结束")
            if not records.migrations.tally([batch.id])[batch.id].get(ItemState.DONE.value):
                raise Conflict("MIGRATION_NOTHING_DONE", "这一批没有可以撤回的办件")
            records.migrations.change_items(batch.id, ItemState.DONE.value, ItemState.UNDOING.value)
            fresh = replace(batch, state=BatchState.RUNNING.value, undoing=True, undone_by=actor.username)
            fresh = replace(fresh, ended_at=None)
            changes = {"state": fresh.state, "undoing": True, "undone_by": actor.username, "ended_at": None}
            records.migrations.change_batch(batch.id, **changes)
            _put_on_agenda(records, fresh, plan)
            _tell(records, actor, fresh, plan, "undo")
            return _view(records, fresh, plan)

    return office.attempt(undo)


def forget_batch(office: Office, actor: Actor, batch_id: UUID) -> None:
    """Remove a batch; what is under way is cancelled. Journals keep what was done. Refused: as pausing, but for MIGRATION_OVER."""

    def forget() -> None:
        with office.transaction() as records:
            batch, plan = _known(records, actor, batch_id, lock=True)
            records.agenda.drop([batch.id])
            records.migrations.forget_batch(batch.id)
            _tell(records, actor, batch, plan, "forget")

    office.attempt(forget)


def batch_view(office: Office, actor: Actor, batch_id: UUID) -> BatchView:
    """One batch. Refused: Missing MIGRATION_NOT_FOUND; Forbidden MIGRATION_NOT_YOURS."""
    with office.reading() as records:
        batch, plan = _known(records, actor, batch_id, look=True)
        return _view(records, batch, plan)


def latest_batches(
    office: Office, actor: Actor, *, process: str | None = None, limit: int = 100
) -> tuple[BatchView, ...]:
    """The last batches (of a process), the newest first. Refused: Forbidden MIGRATION_NOT_YOURS."""
    require_planner(actor, process or "")
    with office.reading() as records:
        rows = records.migrations.batches(process=process, limit=limit)
        tally = records.migrations.tally([row.id for row in rows])
        plans = {row.plan_id: plan_of(records, row.plan_id) for row in rows}
        return tuple(_shown(row, plans[row.plan_id], tally[row.id]) for row in rows)


def batch_items(
    office: Office,
    actor: Actor,
    batch_id: UUID,
    *,
    states: Sequence[ItemState] = (),
    limit: int = 50,
    offset: int = 0,
) -> tuple[ItemView, ...]:
    """Cases of a batch. Refused: as `batch_view`."""
    with office.reading() as records:
        _known(records, actor, batch_id, look=True)
        rows = records.migrations.listed(batch_id, states=[one.value for one in states], limit=limit, offset=offset)
        return tuple(
            ItemView(
                case_id=item.case_id,
                number=number,
                title=title,
                state=ItemState(item.state),
                code=item.code,
                sentence=item.sentence,
                params=item.params or {},
                done_at=item.done_at,
            )
            for item, number, title in rows
        )


def go_on(office: Office, item: AgendaRow) -> bool:
    """The worker's turn: some cases, each in a transaction of its own; whether there is more to do at once.

    Refused: AlreadyDone when the batch is paused or over.
    """
    with office.reading() as records:
        batch = records.migrations.batch(item.id)
        if batch is None or batch.state != BatchState.RUNNING:
            raise AlreadyDone
        plan = plan_of(records, batch.plan_id)
        items = records.migrations.next_items(batch.id, TURNS[batch.undoing].value, AT_ONCE)
    for one in items:
        take_turn(office, plan, one)

    def look_on() -> bool:
        with office.transaction() as records:
            batch = records.migrations.batch(item.id, lock=True)
            if batch is None or batch.state != BatchState.RUNNING:
                return False
            if records.migrations.next_items(batch.id, TURNS[batch.undoing].value, 1):
                records.agenda.change(item.id, {"ready_at": records.now, "locked_until": None})
                records.prompt = True
                return True
            records.agenda.drop([item.id])
            records.migrations.change_batch(batch.id, state=BatchState.DONE.value, ended_at=records.now)
            return False

    return office.attempt(look_on)


def take_turn(office: Office, plan: PlanRow, item: ItemRow) -> None:
    """One case of a batch: it goes over (or back), or it is written why not. Twice is once: what became of it is asked under
    the lock of the case."""
    try:
        office.attempt(partial(_carry, office, plan, item))
    except Unavailable:
        raise
    except Refusal as refusal:
        sentence, code, params = refusal.text, refusal.code, refusal.params
        if isinstance(refusal.details, Judgement):
            first = refusal.details.reasons[0]
            sentence, code, params = first.sentence.text, first.code, dict(first.sentence.params)
        office.attempt(partial(_refused, office, item, code, sentence, params))
    except Exception:
        log.exception("a case could not be migrated", extra={"batch": str(item.batch_id), "case": str(item.case_id)})
        office.attempt(partial(_refused, office, item, "MIGRATION_FAULT", FAULT.text, {}))


def _carry(office: Office, plan: PlanRow, item: ItemRow) -> None:
    with office.transaction() as records:
        case = records.cases.lock(item.case_id)
        batch, fresh = records.migrations.batch(item.batch_id), records.migrations.item(item.batch_id, item.position)
        if batch is None or fresh is None or batch.state != BatchState.RUNNING:
            return
        if fresh.state != TURNS[batch.undoing]:
            return
        (carry_back if batch.undoing else carry_over)(office, records, plan, batch, fresh, case)


def _refused(office: Office, item: ItemRow, code: str, sentence: str, params: Mapping[str, object]) -> None:
    with office.transaction() as records:
        fresh = records.migrations.item(item.batch_id, item.position)
        if fresh is None or fresh.state not in TURNS.values():
            return
        state = ItemState.MOVED_ON if fresh.state == ItemState.UNDOING else ItemState.FAILED
        records.migrations.settle(
            fresh, state=state.value, code=code, sentence=sentence, params=dict(params), done_at=records.now
        )


def _turn(office: Office, actor: Actor, batch_id: UUID, state: BatchState) -> BatchView:
    def turn() -> BatchView:
        with office.transaction() as records:
            batch, plan = _known(records, actor, batch_id, lock=True)
            if batch.state not in OPEN:
                raise Conflict("MIGRATION_OVER", "这一批迁移已经结束")
            fresh = replace(batch, state=state.value, ended_at=None)
            if state is BatchState.CANCELLED:
                fresh = replace(fresh, ended_at=records.now)
                records.agenda.drop([batch.id])
                left, then = (
                    (ItemState.UNDOING, ItemState.DONE) if batch.undoing else (ItemState.WAITING, ItemState.SKIPPED)
                )
                records.migrations.change_items(batch.id, left.value, then.value)
            else:
                waits = state is BatchState.PAUSED
                records.agenda.change(batch.id, {"ready_at": None if waits else records.now, "locked_until": None})
                records.prompt = not waits
            records.migrations.change_batch(batch.id, state=fresh.state, ended_at=fresh.ended_at)
            _tell(records, actor, fresh, plan, state.value.lower())
            return _view(records, fresh, plan)

    return office.attempt(turn)


def _known(
    records: Records, actor: Actor, batch_id: UUID, *, lock: bool = False, look: bool = False
) -> tuple[BatchRow, PlanRow]:
    batch = records.migrations.batch(batch_id, lock=lock)
    if batch is None:
        raise Missing("MIGRATION_NOT_FOUND", "没有这个迁移方案")
    plan = plan_of(records, batch.plan_id)
    require_planner(actor, plan.process)
    if not look:
        require_beginner(actor, replace(plan, made_by=""))
    return batch, plan


def _put_on_agenda(records: Records, batch: BatchRow, plan: PlanRow) -> None:
    records.agenda.add(
        [
            AgendaRow(
                id=batch.id,
                kind=AgendaKind.MIGRATION.value,
                element=plan.process,
                due_at=records.now,
                ready_at=records.now,
            )
        ]
    )
    records.prompt = True


def _deployer(records: Records, plan: PlanRow) -> str | None:
    definition = records.deployments.definition(plan.to_id)
    deployment = None if definition is None else records.deployments.find(definition.deployment_id)
    return None if deployment is None else deployment.deployed_by


def _tell(records: Records, actor: Actor, batch: BatchRow, plan: PlanRow, what: str) -> None:
    detail = {"batch": str(batch.id), "what": what}
    records.ledger.write(LedgerAction.MIGRATION_TURNED, actor.username, plan.process, detail)


def _view(records: Records, batch: BatchRow, plan: PlanRow) -> BatchView:
    return _shown(batch, plan, records.migrations.tally([batch.id])[batch.id])


def _shown(batch: BatchRow, plan: PlanRow, counts: Mapping[str, int]) -> BatchView:
    return BatchView(
        id=batch.id,
        plan=plan,
        state=BatchState(batch.state),
        undoing=batch.undoing,
        begun_by=batch.begun_by,
        begun_at=batch.begun_at,
        ended_at=batch.ended_at,
        counts=counts,
    )
