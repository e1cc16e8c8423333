"""退回: whoever has a task gives it back to an earlier one, with a reason (DOMAIN B.4 rule 6, C.5.6).

It goes to who did it, if they are on duty, and has only what is left of the case. Everything that would begin again
ends; 重走 goes on by the diagram, 直回 straight back to who returned it. The applicant is not a place to return to:
there is one correction notice (行政许可法 art. 32), at the desk of 受理.
"""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.duties import require_doer, require_open
from service.casework.journalling import CaseFile, require_running, write
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.returning.guards import Past, ended_by, read_reason, refusal_of, require_seen
from service.casework.returning.previews import Place, ReturnPreview, Way, mark_of, named, place_of
from service.casework.rights import may_read
from service.casework.separation import matter_in, require_free
from service.casework.taking import take_task, task_missing
from service.casework.views import Completion
from service.engine import Spot, Target
from service.rules.refusals import Conflict, refuse
from service.rules.vocabulary import JournalAction, TaskOutcome
from service.store.records import Records
from service.store.tasks import TaskFile


def return_preview(office: Office, actor: Actor, task_id: UUID) -> ReturnPreview:
    """Where the task may be returned to and what that ends; nothing changes.

    Refused: as `return_task`, but for what is chosen.
    """

    def look() -> ReturnPreview:
        with office.reading() as records:
            file, task = look_at(records, actor, task_id)
            require_open(records, task.row)
            require_running(file.row)
            _require_holder(records, actor, task)
            running, past = take_up(office, records, file), Past(records, file)
            targets = _targets(past, running, task)
            return ReturnPreview(
                task=task.row,
                places=named(records, (_place(running, past, one, task_id) for one in targets)),
                mark=mark_of(task.row.seen, targets),
                correctable=task.row.stage == "ACCEPT",
            )

    return office.attempt(look)


def return_task(
    office: Office,
    actor: Actor,
    task_id: UUID,
    *,
    element: str,
    scope: UUID | None = None,
    reason: str,
    way: str = Way.AGAIN,
    seen: str | None = None,
) -> Completion:
    """Give the task back to `element` of the open scope `scope`. `seen`: the mark of the preview it was chosen from.

    Refused: what completing the task would be (TASK_NOT_FOUND, TASK_ALREADY_COMPLETED, TASK_DELEGATED, TASK_FORBIDDEN,
    CASE_SUSPENDED …); Invalid RETURN_TARGET, RETURN_WAY, REASON_MISSING, REASON_TOO_LONG; Conflict MOVE_CHANGED,
    MOVE_INTO_PARALLEL, MOVE_INTO_INSTANCE, MOVE_ON_THE_WAY, MOVE_SERVED, MOVE_BILLED, RETURN_TO_APPLICANT, MOVE_NOT_STRAIGHT.
    """
    said = read_reason(reason)
    if way not in set(Way):
        raise refuse("way", "RETURN_WAY", "请选择退回后怎样继续")

    def act() -> Completion:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            _require_holder(records, actor, task)
            running, past = take_up(office, records, file), Past(records, file)
            targets = _targets(past, running, task)
            require_seen(mark_of(task.row.seen, targets), seen)
            spot = Spot(element=element, scope=scope)
            target = next((one for one in targets if one.spot == spot), None)
            if target is None:
                raise refuse("target", "RETURN_TARGET", "请选择要退回的环节")
            refused = _place(running, past, target, task_id).refused
            if refused is not None:
                raise refused
            row = past.of(target)
            person = row.ended_by if row is not None else None
            running.run.move([task_id], spot, person=person, back=actor.username if way == Way.STRAIGHT else None)
            detail = {
                "to": target.spot.element,
                "to_name": target.name,
                "way": str(way),
                "reason": said,
                "person": person,
                "round": rounds(past, target) + 1,
                "ended": [one for one in ended_by([target]) if one["element"] != task.row.element],
                **({"scope": str(target.variable_scope)} if target.variable_scope else {}),
            }
            write(
                records,
                file,
                JournalAction.TASK_RETURNED,
                actor,
                element=task.row.element,
                task_id=task_id,
                detail=detail,
            )
            outcome = settle(
                records,
                running,
                doer=actor,
                done=task.row,
                outcome_of=TaskOutcome.RETURNED,
                stages=task.stages,
                offered=bool(task.candidates),
            )
            return Completion(case_id=file.id, task=task.row.name, ended=outcome.ended is not None, variables={})

    return office.attempt(act)


def rounds(past: Past, target: Target) -> int:
    """How often the case has come back to this place."""
    return sum(
        line.action in (JournalAction.TASK_RETURNED, JournalAction.TASK_RECALLED, JournalAction.TOKEN_MOVED)
        and (line.detail or {}).get("to") == target.spot.element
        for line in past.lines
    )


def look_at(records: Records, actor: Actor, task_id: UUID) -> tuple[CaseFile, TaskFile]:
    """A task and its case, without a lock. Refused: Missing TASK_NOT_FOUND, also for who may not read the case."""
    task = records.tasks.file(task_id)
    case = None if task is None else records.cases.find(task.row.case_id)
    if task is None or case is None or not may_read(records, actor, case):
        raise task_missing()
    return CaseFile(case), task


def _require_holder(records: Records, actor: Actor, task: TaskFile) -> None:
    require_doer(actor, task.row, task.candidates)
    if not actor.service:
        require_free(records, matter_in(records, task.row, task.stages), actor.username, task.row)
    if task.row.delegation == "PENDING":
        raise Conflict("TASK_DELEGATED", "任务“{task}”正在委托他人办理，请先交回", task=task.row.name)


def _targets(past: Past, running: Running, task: TaskFile) -> tuple[Target, ...]:
    """The places, the latest done first."""
    found = running.run.targets(task.row.id, past.latest.keys())
    return tuple(sorted(found, key=lambda one: _when(past, one), reverse=True))


def _when(past: Past, target: Target) -> float:
    row = past.of(target)
    return row.ended_at.timestamp() if row is not None and row.ended_at is not None else 0.0


def _place(running: Running, past: Past, target: Target, task_id: UUID) -> Place:
    row = past.of(target)
    refused = refusal_of(running.program, past, target, past.since(row) if row is not None else None)
    return place_of(running.program, target, row, [task_id], refused)
