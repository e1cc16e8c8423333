"""Who may be given a task by name: people of its post and of the posts above it, apart from whom the duties bar (S-01 … S-06)."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.actors import Actor, groups_of
from service.casework.duties import SHARE, require_no_supervisor
from service.casework.posts import REVIEWERS, STAND_INS, group_of
from service.casework.quality.rights import require_uninvolved
from service.casework.rights import HEADS
from service.casework.separation import Matter, bar_of, matter_in
from service.casework.take_overs import require_rung
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.rules.roles import ADMINISTRATORS
from service.store.people import Member
from service.store.records import Records
from service.store.tasks import TaskFile, TaskRow

OUTSIDERS = frozenset({"applicant", "service", *ADMINISTRATORS})  # who says nothing in cases, and is sent none
OTHERS = frozenset({"DUTIES_SEPARATED", "INSPECTOR_DECIDES"})  # said of somebody else: codes of their own


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody a task might be given to; `refusal`: why not."""

    username: str
    name: str
    roles: frozenset[str]
    away: bool = False
    refusal: Refusal | None = None


def colleagues(records: Records, actor: Actor, task: TaskFile, *, opinion: bool = False) -> tuple[Colleague, ...]:
    """Everybody of the posts a task may go to, those who may have it first. `opinion`: only asked what they think."""
    row = task.row
    found = records.people.members(_groups(row, task, opinion))
    names = {name for members in found.values() for name in members} - {row.assignee}
    away = records.absences.away(names)
    matter = matter_in(records, row, task.stages)
    people = [
        Colleague(
            username=one.username,
            name=one.name,
            roles=one.roles,
            away=one.username in away,
            refusal=refusal_of(records, actor, task, one, matter, away=one.username in away, opinion=opinion),
        )
        for one in records.people.roles_of(names).values()
    ]
    return tuple(sorted(people, key=lambda one: (one.refusal is not None, one.username)))


def require_colleague(
    records: Records, actor: Actor, task: TaskFile, username: str, *, opinion: bool = False, leaving: bool = False
) -> Member:
    """The person a task may be given to. `leaving`: its holder goes for good, the deputy need not wait for a light.

    Refused: Invalid PERSON_UNKNOWN (field `to`), HANDED_TO_ONESELF; Forbidden NOT_OF_THE_POST, DUTIES_SEPARATED_OTHER,
    INSPECTOR_DECIDES_OTHER, DEPUTY_NOT_YET, what else `separation` refuses, SUPERVISION_NEVER_ACTS, COMPLAINED_PERSON; Conflict PERSON_AWAY,
    TASK_TAKEN_OVER, LADDER_NOT_THERE.
    """
    found = records.people.find(username)
    person = records.people.roles_of({found.username}).get(found.username) if found is not None else None
    if person is None:
        raise Invalid("PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=username[:60])
    if person.username == task.row.assignee:
        raise Conflict(
            "HANDED_TO_ONESELF", "任务“{task}”已由{person}承办，请选择其他人", task=task.row.name, person=person.name
        )
    groups = groups_of(person.department, person.roles)
    named = {one.value for one in task.candidates if one.kind == "user"}
    if groups.isdisjoint(_groups(task.row, task, opinion)) and person.username not in named:
        raise Forbidden(
            "NOT_OF_THE_POST", "{person}不在任务“{task}”的岗位上，不能接办", person=person.name, task=task.row.name
        )
    away = bool(records.absences.away({person.username}))
    matter = matter_in(records, task.row, task.stages)
    refusal = refusal_of(records, actor, task, person, matter, away=away, opinion=opinion or leaving)
    if refusal is not None:
        raise refusal
    return person


def require_heard(records: Records, row: TaskRow, person: Member) -> None:
    """Somebody who may be asked what they think of a task, of whatever department.

    Refused: Forbidden SIGNER_FORBIDDEN, SUPERVISION_NEVER_ACTS, COMPLAINED_PERSON; Conflict PERSON_AWAY.
    """
    if not person.roles or not person.roles.isdisjoint(OUTSIDERS):
        raise Forbidden("SIGNER_FORBIDDEN", "{person}不办理业务，不能征求意见", person=person.name)
    require_no_supervisor(row, person.roles)
    require_uninvolved(records, row, person.username)
    if records.absences.away({person.username}):
        raise Conflict("PERSON_AWAY", "{person}现在离岗，不能接办", person=person.name)


def refusal_of(
    records: Records, actor: Actor, task: TaskFile, person: Member, matter: Matter, *, away: bool, opinion: bool
) -> Refusal | None:
    """Why somebody of the right post may not be given a task; None: they may. `opinion`: a deputy need not wait for a light."""
    row = task.row
    if away:
        return Conflict("PERSON_AWAY", "{person}现在离岗，不能接办", person=person.name)
    found = bar_of(records, matter, person.username)
    if found is not None:
        code = f"{found.code}_OTHER" if found.code in OTHERS else found.code
        return Forbidden(
            code,
            found.text.text,
            details={"rule": found.rule, "instead": []},
            **{**found.params, "person": person.name},
        )
    if not opinion and _is_early(records, actor, row, person):
        return Forbidden(
            "DEPUTY_NOT_YET",
            "{person}是代办岗位，只在原岗位离岗或黄灯以后办理；需要提前交办的，请首席代表改派",
            person=person.name,
        )
    try:
        require_no_supervisor(row, person.roles)
        require_uninvolved(records, row, person.username)
        if row.escalated_at is not None:
            require_rung(records, row, person.roles)
    except Refusal as refusal:
        return refusal
    return None


def _groups(row: TaskRow, task: TaskFile, opinion: bool) -> set[str]:
    """The groups a task may go to: its post and those above it, else its candidates, else the colleagues of its holder."""
    if row.role is not None:
        posts = {row.role, *STAND_INS.get(row.role, ())} | (set(REVIEWERS) if opinion and row.department else set())
        return {group_of(row.department, one) for one in posts}
    offered = {one.value for one in task.candidates if one.kind not in ("user", SHARE)}
    return offered or ({row.department} if row.department else set())


def _is_early(records: Records, actor: Actor, row: TaskRow, person: Member) -> bool:
    """S-16: the other of A岗 and B岗 gets a task from its holder no sooner than the yellow light; heads decide freely (P11)."""
    if row.role not in REVIEWERS or row.role in person.roles or person.roles.isdisjoint(REVIEWERS):
        return False
    if actor.service or (actor.has(*HEADS) and actor.department == row.department):
        return False
    return row.warn_at is None or row.warn_at > records.now
