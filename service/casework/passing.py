"""审批人策略 `skip`: a step nobody has to take, because its post is empty or the same person has agreed before.

Only where the diagram says so, and never for a decision, a survey, an acceptance or an issue (LB517). What a skipped step
says is what the person said at the earlier one, so it is skipped only when both have the same form, or it has none. Who
was given something back looks at it again: what was agreed before a return skips nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from service.casework.journalling import write
from service.casework.posts import cover, group_of, look_up
from service.casework.raising import DUPLICATE, EMPTY, POLICIES, SAME, SKIP
from service.casework.separation import bar, matter_at
from service.rules.vocabulary import JournalAction, TaskOutcome

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.projection import Running
    from service.engine import Program
    from service.engine.facts import Wait
    from service.store.records import Records
    from service.store.tasks import StageDone, TaskRow

VERDICTS = ("decision", "conclusion", "result", "opinion")  # fields in which a form asks for the verdict
AGAINST = frozenset({"disagree", "object", "reject", "refuse", "return", "correct", "no", "fail", "failed", "deny"})


@lru_cache(maxsize=256)
def skips(program: Program) -> bool:
    """Whether any step of a program may be skipped."""
    cards = (card for process in program.processes() for card in program.elements(process).values())
    return any(SKIP in (card.zw.get(policy) for policy in POLICIES) for card in cards)


def passing(
    records: Records,
    running: Running,
    stages: Callable[[], Sequence[StageDone]],
    done: TaskRow | None,
    doer: Actor | None,
) -> Callable[[Wait], Mapping[str, Any] | None] | None:
    """What the engine asks of every user task that opens; None where no diagram of the case skips anything, which costs
    nothing. `done`: what this act completes, which the tables do not know yet.
    """
    if not skips(running.program):
        return None

    def passes(wait: Wait) -> Mapping[str, Any] | None:
        found = _skipped(records, running, wait, stages, done, doer)
        if found is None:
            return None
        why, person, earlier, answers = found
        detail = {"name": wait.name, "why": why, "person": person}
        if earlier is not None:
            detail |= {"earlier": earlier.name, "element": earlier.element}
        detail = {name: value for name, value in detail.items() if value}
        write(records, running.file, JournalAction.TASK_SKIPPED, None, element=wait.element, detail=detail)
        return answers

    return passes


def earlier_steps(records: Records, running: Running, done: TaskRow | None, doer: Actor | None) -> list[TaskRow]:
    """What people have completed in the case since something was last given back, the latest first. One statement."""
    rows = () if running.file.new else records.tasks.of_case(running.file.id)
    ended = [one for one in rows if one.ended_at is not None and (done is None or one.id != done.id)]
    returned = [one.ended_at for one in ended if one.outcome == TaskOutcome.RETURNED and one.ended_at is not None]
    since = max(returned, default=None)
    found = [
        one
        for one in ended
        if one.outcome == TaskOutcome.COMPLETED and one.ended_by is not None and one.ended_at is not None
        if since is None or one.ended_at > since
    ]
    found.sort(key=lambda one: one.ended_at or one.created_at, reverse=True)
    if done is not None and doer is not None:
        found.insert(0, replace(done, ended_by=doer.username))
    return found


def _skipped(
    records: Records,
    running: Running,
    wait: Wait,
    stages: Callable[[], Sequence[StageDone]],
    done: TaskRow | None,
    doer: Actor | None,
) -> tuple[str, str | None, TaskRow | None, dict[str, Any]] | None:
    """Why a step is skipped, for whom, by which earlier step, with which answers; None: it waits for somebody."""
    policies = [policy for policy in POLICIES if wait.zw.get(policy) == SKIP]
    role, department = wait.zw.get("role"), wait.zw.get("dept")
    named = wait.assignee or wait.candidate_users or wait.candidate_groups
    if not policies or not role or named or wait.loop is not None or wait.returned_to is not None:
        return None
    seats = look_up(records, [(department, role)])
    if not seats.get(group_of(department, role)):
        return (EMPTY, None, None, {}) if EMPTY in policies and wait.form_key is None else None
    owner = cover(seats, department, role, bar(records, matter_at(running, wait, stages()))).owner
    if owner is None:
        return None
    values = running.run.variables(wait.id)
    for row in earlier_steps(records, running, done, doer):
        if row.ended_by != owner:
            continue
        same_item = row.stage is not None and row.scope_id == wait.variable_scope
        why = DUPLICATE if DUPLICATE in policies else SAME if SAME in policies and same_item else None
        said = values.get(row.element)
        answers = dict(said) if isinstance(said, Mapping) else {}
        if why is None or any(str(answers.get(field) or "").casefold() in AGAINST for field in VERDICTS):
            return None  # the latest step of this person decides: who has objected is asked again
        if wait.form_key is None:
            return why, owner, row, {}
        if row.form_key == wait.form_key and answers:
            return why, owner, row, answers
    return None
