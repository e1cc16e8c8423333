"""批量办理: one act over at most 200 tasks, each in a transaction of its own, every outcome kept.

A run is begun once for each key and may be gone on with at any time: what has been carried out is written together with
the change itself, so a crash in between neither loses nor repeats anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.assigning import assign_task, claim_task, release_task
from service.casework.completing import complete_task
from service.casework.idempotency import begin_once, end_once
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import take_up
from service.casework.reading import readable_task
from service.casework.rights import HEADS, KEEPERS
from service.casework.task_forms import Asked, asked
from service.casework.workbench.task_pages import feel
from service.casework.workbench.work import holder_of
from service.rules.bulk import LONGEST_OPINION, MOST, BulkAct, ItemState, one_by_one, opinion_field
from service.rules.forms import initial_values, judge
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, refuse
from service.store.bulk_runs import ItemRow, RunRow
from service.store.database import Duplicate
from service.store.open_work import named_work
from service.store.records import Records
from service.store.workbench import PersonCard, Workbench

AT_ONCE = 20  # tasks carried out before a page shows how far it is
CARRIED_OUT = "IDEMPOTENCY_UNANSWERED"
LATEST = 20


@dataclass(frozen=True, kw_only=True)
class BulkView:
    """A run with everything that became of it."""

    id: UUID
    act: BulkAct
    to: PersonCard | None
    begun_at: datetime
    items: tuple[ItemRow, ...]

    def of(self, state: str) -> int:
        """How many tasks are in a state."""
        return sum(one.state == state for one in self.items)

    @property
    def over(self) -> bool:
        """Whether every task had its turn."""
        return not self.of(ItemState.WAITING)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A task somebody is about to complete in bulk, and why not (None: its opinion is all that is missing)."""

    task_id: UUID
    name: str
    title: str
    asks: bool  # whether its form has room for the opinion
    seen: int = 0  # its version, for `begin_bulk`
    refusal: Refusal | None = None


def may_assign(actor: Actor) -> bool:
    """Whether the actor gives tasks to others at all; each task is looked at by itself."""
    return actor.has(*HEADS, *KEEPERS)


def choose(office: Office, actor: Actor, task_ids: Sequence[UUID]) -> tuple[Chosen, ...]:
    """The tasks as they stand before they are completed in bulk. Refused: Invalid BULK_EMPTY, BULK_TOO_MANY."""
    ids = _checked(task_ids)
    with office.reading() as records:
        names = _names(records, actor, ids)
        return tuple(_chosen(office, records, actor, one, names.get(one, ("", ""))) for one in ids)


def begin_bulk(
    office: Office,
    actor: Actor,
    act: BulkAct,
    tasks: Mapping[UUID, str],
    *,
    key: str,
    to: str | None = None,
    seen: Mapping[UUID, int] | None = None,
) -> UUID:
    """Begin a run over tasks, each with its opinion (empty: none), or the run this key has begun before.

    Nothing is carried out yet: `go_on`. `seen`: the versions the opinions were written for; a task that has changed since
    is not completed. Refused: Invalid BULK_EMPTY, BULK_TOO_MANY, BULK_KEY_MISSING, PERSON_UNKNOWN,
    OPINION_LONG; Forbidden ASSIGN_FORBIDDEN.
    """
    ids = _checked(list(tasks))
    if not 1 <= len(key) <= 100:
        raise refuse("key", "BULK_KEY_MISSING", "请求没有编号，请刷新页面后重试")
    if any(len(text) > LONGEST_OPINION for text in tasks.values()):
        raise refuse("opinion", "OPINION_LONG", "意见不能超过 {most} 个字", most=LONGEST_OPINION)
    if act is BulkAct.ASSIGN and not may_assign(actor):
        raise Forbidden("ASSIGN_FORBIDDEN", "您无权指派任务")

    def begin() -> UUID:
        with office.transaction() as records:
            known = records.bulk_runs.by_key(actor.username, key)
            if known is not None:
                return known.id
            detail = {"to": _assignee(records, to)} if act is BulkAct.ASSIGN else {}
            run = RunRow(id=uuid4(), actor=actor.username, key=key, act=act, detail=detail, begun_at=records.now)
            names = _names(records, actor, ids)
            items = [
                ItemRow(
                    run_id=run.id,
                    position=place,
                    task_id=one,
                    name=names.get(one, ("", ""))[0],
                    title=names.get(one, ("", ""))[1],
                    opinion=tasks[one].strip() or None,
                    state=ItemState.WAITING,
                    seen=(seen or {}).get(one),
                )
                for place, one in enumerate(ids, 1)
            ]
            records.bulk_runs.add(run, items)
            return run.id

    try:
        return office.attempt(begin)
    except Duplicate:  # the same request a second time, at the same instant
        return begin()


def go_on(office: Office, actor: Actor, run_id: UUID, *, most: int = AT_ONCE) -> BulkView:
    """Carry out the next tasks of a run, so many at most, and what became of all. Refused: Missing BULK_NOT_FOUND."""
    with office.reading() as records:
        run = _own(records, actor, run_id)
    for _ in range(most):
        with office.reading() as records:
            item = records.bulk_runs.waiting(run_id)
        if item is None:
            break
        outcome = _carry_out(office, actor, run, item)
        if outcome is None:
            break
        with office.transaction() as records:
            records.bulk_runs.settle(item, outcome)
    return bulk_view(office, actor, run_id)


def bulk_view(office: Office, actor: Actor, run_id: UUID) -> BulkView:
    """A run of the actor's. Refused: Missing BULK_NOT_FOUND."""
    with office.reading() as records:
        run = _own(records, actor, run_id)
        to = run.detail.get("to")
        return BulkView(
            id=run.id,
            act=BulkAct(run.act),
            to=Workbench(records).people([to]).get(to) if to else None,
            begun_at=run.begun_at,
            items=records.bulk_runs.items(run_id),
        )


def latest_runs(office: Office, actor: Actor) -> tuple[tuple[RunRow, int, int], ...]:
    """The actor's last runs, each with how many of its tasks wait and how many it has."""
    with office.reading() as records:
        return records.bulk_runs.latest(actor.username, limit=LATEST)


def assignable(office: Office, actor: Actor) -> tuple[PersonCard, ...]:
    """Whom the actor may give tasks to: the active people of the department; for keepers of every department."""
    if not may_assign(actor):
        return ()
    keeper = actor.has(*KEEPERS)
    if not keeper and actor.department is None:
        return ()
    with office.reading() as records:
        ours = Workbench(records).people(active=True, department=None if keeper else actor.department).values()
        return tuple(sorted(ours, key=lambda one: (one.department or "", one.username)))


def _carry_out(office: Office, actor: Actor, run: RunRow, item: ItemRow) -> dict[str, Any] | None:
    """What became of one task; None: somebody else is at it."""
    try:
        given = begin_once(office, actor, f"bulk:{item.run_id}:{item.position}", _digest(run, item))
        if given is not None:
            return {"state": ItemState.SUBMITTED if given.body == ItemState.SUBMITTED else ItemState.DONE}
        state = ItemState.DONE
        try:
            state = _act(office, actor, run, item)
        finally:
            end_once(office, 200, state)
    except Duplicate:
        return None
    except Conflict as refusal:
        return {"state": _state(office, item)} if refusal.code == CARRIED_OUT else _refused(refusal)
    except (Forbidden, Invalid, Missing) as refusal:
        return _refused(refusal)
    return {"state": state}


def _act(office: Office, actor: Actor, run: RunRow, item: ItemRow) -> ItemState:
    match BulkAct(run.act):
        case BulkAct.CLAIM:
            claim_task(office, actor, item.task_id)
        case BulkAct.RELEASE:
            release_task(office, actor, item.task_id)
        case BulkAct.ASSIGN:
            assign_task(office, actor, item.task_id, run.detail["to"])
        case BulkAct.COMPLETE:
            fill = partial(_filled, opinion=item.opinion or "")
            done = complete_task(office, actor, item.task_id, fill=fill, seen=item.seen)
            return ItemState.SUBMITTED if done.held else ItemState.DONE
    return ItemState.DONE


def _state(office: Office, item: ItemRow) -> ItemState:
    """What became of a task that was carried out by a process nobody heard of again."""
    with office.reading() as records:
        return ItemState.SUBMITTED if records.together.held(item.task_id) is not None else ItemState.DONE


def _filled(form: Asked, opinion: str) -> dict[str, Any]:
    """The answers to a form an opinion is enough for. Refused: BULK_ONE_BY_ONE, BULK_FORM, Invalid BULK_ANSWERS."""
    name = _opinion_field(form)
    if form.schema is None:
        return {}
    entries = initial_values(form.schema, form.data)
    if name:
        entries[name] = opinion or entries.get(name)
    judged = judge(form.schema, entries, data=form.data, evaluate=feel)
    if judged.problems:
        raise Invalid("BULK_ANSWERS", "意见不符合表单要求", fields=judged.problems)
    return dict(judged.answers)


def _opinion_field(form: Asked) -> str:
    if one_by_one(form.stage, form.zw):
        raise Conflict("BULK_ONE_BY_ONE", "“{task}”须逐件办理", task=form.name)
    name = opinion_field(form.schema, form.data, feel)
    if name is None:
        raise Conflict("BULK_FORM", "“{task}”的表单不只填写意见，请打开办理", task=form.name)
    return name


def _chosen(office: Office, records: Records, actor: Actor, task_id: UUID, named: tuple[str, str]) -> Chosen:
    name, title = named
    try:
        case, row = readable_task(records, actor, task_id)
        if row.ended_at is not None:
            raise Conflict("TASK_ALREADY_COMPLETED", "任务“{task}”已经办理完毕或取消", task=row.name)
        field = _opinion_field(asked(take_up(office, records, CaseFile(case)), row))
        known = title or case.title or ""
        return Chosen(task_id=task_id, name=row.name, title=known, asks=bool(field), seen=row.seen)
    except (Conflict, Missing) as refusal:
        return Chosen(task_id=task_id, name=name, title=title, asks=False, refusal=refusal)


def _names(records: Records, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The names of tasks and cases: of one's lists, and of what one may read besides."""
    found = named_work(records, holder_of(actor), ids)
    for one in ids:
        if one not in found:
            try:
                case, row = readable_task(records, actor, one)
            except Missing:
                continue
            found[one] = (row.name, case.title or "")
    return found


def _checked(task_ids: Sequence[UUID]) -> list[UUID]:
    ids = list(dict.fromkeys(task_ids))
    if not ids:
        raise refuse("task", "BULK_EMPTY", "请先选择任务")
    if len(ids) > MOST:
        raise refuse(
            "task", "BULK_TOO_MANY", "一次最多选择 {most} 项任务，现在选择了 {count} 项", most=MOST, count=len(ids)
        )
    return ids


def _assignee(records: Records, user: str | None) -> str:
    person = records.people.find(user) if user else None
    if person is None or not person.active:
        raise refuse("to", "PERSON_UNKNOWN", "请选择在用的承办人")
    return person.username


def _own(records: Records, actor: Actor, run_id: UUID) -> RunRow:
    run = records.bulk_runs.find(run_id)
    if run is None or run.actor != actor.username:
        raise Missing("BULK_NOT_FOUND", "没有这次批量办理，或者您无权查看。")
    return run


def _refused(refusal: Refusal) -> dict[str, Any]:
    problem = next(iter(refusal.fields), None)
    text, params = (problem.text, dict(problem.params)) if problem else (refusal.text, refusal.params)
    plain = {name: value if isinstance(value, (str, int, float)) else str(value) for name, value in params.items()}
    return {"state": ItemState.REFUSED, "code": refusal.code, "sentence": text, "params": plain}


def _digest(run: RunRow, item: ItemRow) -> str:
    said = f"{run.act}\n{item.task_id}\n{run.detail.get('to', '')}\n{item.opinion or ''}"
    return hashlib.sha256(said.encode()).hexdigest()
