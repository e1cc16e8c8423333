"""Whose task is it: candidates and owners of opened tasks, and who may do what. Which rules keep whom from it: `separation`.

An assigned task can be shared: from the yellow light on A岗 and B岗 may both complete it, whoever has it (B.4 rule 5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.posts import CHIEF, LEADER, REVIEWERS, cover, group_of, look_up
from service.casework.raising import raised, wants_ladder
from service.casework.separation import HANDLING, Matter, bar
from service.engine.facts import Wait
from service.rules.refusals import Conflict, Forbidden
from service.rules.roles import BUSINESS
from service.store.records import Records
from service.store.tasks import Candidate, TaskRow

SHARE = "share"  # kind of candidate who may do a task although somebody has it
SUPERVISOR, OFFICER = "supervisor", "complaint_officer"


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Who gets an opened task. `acting_for`: whose work it is, `absence`: why; `uncovered`: no A岗 and no B岗 there."""

    assignee: str | None
    users: tuple[str, ...]
    groups: tuple[str, ...]
    role: str | None
    department: str | None
    acting_for: str | None = None
    absence: UUID | None = None
    uncovered: bool = False
    raised: str | None = None  # 审批人策略: why it does not stand where its post would (`empty`, `same`, `duplicate`)


def place(
    records: Records,
    waits: Sequence[Wait],
    matters: Mapping[UUID, Matter],
    earlier: Callable[[], Collection[str]] = frozenset,
) -> dict[UUID, Placement]:
    """Decide for opened user tasks who gets them; a statement for posts, one for people named by the diagram.

    A task with Camunda's assignee or candidates goes to exactly those (to the people behind aliases). One with
    `zw:role` goes to the post `dept:role`: to its only holder at once, else it is a queue; to who stands in while nobody
    of the post is there (`posts.cover`), or where the diagram's policy sends it (`raising.raised`); never to whom a rule
    keeps from it (`separation`). 批准 by the 首席代表 goes to the 分管领导 when a 首席代表 has done the 审核 of
    the same item (S-02, exception). `earlier`: who completed a step of the case before, asked where a diagram wants it.
    """
    by_rule = [wait for wait in waits if not _named(wait) and wait.zw.get("role")]
    posts = [(wait.zw.get("dept"), wait.zw["role"]) for wait in by_rule]
    posts += [(wait.zw.get("dept"), CHIEF) for wait in by_rule if wants_ladder(wait.zw)]
    seats = look_up(records, posts) if by_rule else {}
    written = [wait for wait in waits if _named(wait) or not wait.zw.get("role")]
    people = {name for wait in written for name in (*wait.candidate_users, wait.assignee) if name}
    behind = records.people.behind(people)
    placed = {wait.id: _as_written(wait, behind) for wait in written}
    for wait in by_rule:
        department, role, matter = wait.zw.get("dept"), wait.zw["role"], matters[wait.id]
        if matter.stage == "APPROVE" and role == CHIEF:
            chiefs = {seat.username for seat in seats.get(group_of(department, CHIEF), ())}
            if any(d.stage == "REVIEW" and d.scope_id == matter.scope and d.person in chiefs for d in matter.done):
                role = LEADER
        barred = bar(records, matter)
        found = cover(seats, department, role, barred)
        doers = [d.person for d in matter.done if d.scope_id == matter.scope]
        instead = raised(seats, wait.zw, department, role, found, doers, barred, earlier)
        found = found if instead is None else instead.found
        placed[wait.id] = Placement(
            assignee=found.owner,
            users=(),
            groups=() if found.owner else (found.group,),
            role=role,
            department=department,
            acting_for=found.acting_for,
            absence=found.absence,
            uncovered=found.uncovered or (instead is not None and instead.asks),
            raised=None if instead is None else instead.why,
        )
    return placed | _to_who_did_it(records, waits, placed)


def _to_who_did_it(records: Records, waits: Sequence[Wait], placed: Mapping[UUID, Placement]) -> dict[UUID, Placement]:
    """A task that came back goes to who did it before, if they are on duty (B.4 rule 6); else as placed by rule."""
    back = {wait.id: wait.returned_to for wait in waits if wait.returned_to}
    away = records.absences.away(set(back.values())) if back else frozenset()
    found = {}
    for id, username in back.items():
        person = None if username in away else records.people.find(username)
        if person is not None and person.active:
            by_rule = placed[id]
            found[id] = Placement(
                assignee=username, users=(), groups=(), role=by_rule.role, department=by_rule.department
            )
    return found


def _named(wait: Wait) -> bool:
    return bool(wait.assignee or wait.candidate_users or wait.candidate_groups)


def _as_written(wait: Wait, behind: Mapping[str, str]) -> Placement:
    return Placement(
        assignee=behind.get(wait.assignee, wait.assignee) if wait.assignee else wait.assignee,
        users=tuple(behind.get(name, name) for name in wait.candidate_users),
        groups=wait.candidate_groups,
        role=wait.zw.get("role"),
        department=wait.zw.get("dept"),
    )


def require_open(records: Records, row: TaskRow) -> None:
    """Refused: Conflict TASK_ALREADY_COMPLETED, TASK_RETURNED (name who and when) or TASK_CANCELLED."""
    if row.ended_at is None:
        return
    if row.outcome == "CANCELLED":
        raise Conflict("TASK_CANCELLED", "任务“{task}”已被流程取消", task=row.name, at=row.ended_at.isoformat())
    username = row.ended_by or ""
    person = records.people.find(username)
    if row.outcome == "RETURNED":
        raise Conflict(
            "TASK_RETURNED",
            "任务“{task}”已由{person}（{username}）退回",
            task=row.name,
            person=person.name if person else username,
            username=username,
            at=row.ended_at.isoformat(),
        )
    raise Conflict(
        "TASK_ALREADY_COMPLETED",
        "任务“{task}”已由{person}（{username}）办理完毕",
        task=row.name,
        person=person.name if person else username,
        username=username,
        at=row.ended_at.isoformat(),
    )


def is_candidate(actor: Actor, candidates: Iterable[Candidate]) -> bool:
    """Whether an unassigned task is offered to this person."""
    return any(c.value == actor.username if c.kind == "user" else c.value in actor.groups for c in candidates)


def is_shared(actor: Actor, candidates: Iterable[Candidate]) -> bool:
    """Whether this person may do a task although somebody else has it."""
    return any(c.kind == SHARE and c.value in actor.groups for c in candidates)


def may_do(actor: Actor, row: TaskRow, candidates: Iterable[Candidate]) -> bool:
    """The assignee, or who shares the task; when nobody has it, a candidate; a service account always."""
    if actor.service:
        return True
    if row.assignee is not None:
        return row.assignee == actor.username or is_shared(actor, candidates)
    return is_candidate(actor, candidates)


def acting_for(row: TaskRow, doer: Actor) -> str | None:
    """For whom somebody does a task: for the absent holder, or for who has it when it is shared (S-16); None: oneself."""
    if doer.service or row.assignee in (None, doer.username):
        return row.acting_for
    return None if doer.username == row.acting_for else row.acting_for or row.assignee


def on_behalf(row: TaskRow, doer: Actor) -> dict[str, str]:
    """What the journal notes of every act of somebody who stands in (S-16): 代 A岗 张伟; nothing for one's own task."""
    holder = acting_for(row, doer)
    return {} if holder is None else {"acting_for": holder}


def is_business(row: TaskRow) -> bool:
    """Whether a task is the work of departments and windows, which supervision never does."""
    return row.role in BUSINESS or (row.stage is not None and row.stage != "SUPERVISE")


def require_no_supervisor(row: TaskRow, roles: Iterable[str]) -> None:
    """S-10, whatever roles were granted. Refused: Forbidden SUPERVISION_NEVER_ACTS when supervision would hold or do a
    business task, COMPLAINTS_NEVER_ACT when a complaint officer would handle an application."""
    said: dict[str, Any] = {"task": row.name, "details": {"rule": "S-10", "role": row.role}}
    if SUPERVISOR in roles and is_business(row):
        raise Forbidden("SUPERVISION_NEVER_ACTS", "督查人员不办理业务任务，不能认领、承办或完成“{task}”", **said)
    if OFFICER in roles and (row.role in BUSINESS or row.stage in HANDLING):
        raise Forbidden("COMPLAINTS_NEVER_ACT", "投诉受理人员不办理业务任务，不能认领、承办或完成“{task}”", **said)


def require_doer(actor: Actor, row: TaskRow, candidates: Iterable[Candidate]) -> None:
    """Refused: Forbidden TASK_FORBIDDEN, naming the owner when there is one (`details`: S-16 for the other of A岗 and B岗);
    SUPERVISION_NEVER_ACTS, COMPLAINTS_NEVER_ACT."""
    require_no_supervisor(row, actor.roles)
    if may_do(actor, row, candidates):
        return
    if row.assignee is not None:
        deputy = row.role in REVIEWERS and actor.has(*REVIEWERS) and actor.department == row.department
        details = {"rule": "S-16", "instead": [{"username": row.assignee}]} if deputy else None
        raise Forbidden(
            "TASK_FORBIDDEN",
            "任务“{task}”由{owner}承办，您不能办理",
            task=row.name,
            owner=row.assignee,
            details=details,
        )
    raise Forbidden("TASK_FORBIDDEN", "任务“{task}”不属于您的岗位，您不能办理", task=row.name, owner="")
