"""Completing user tasks: the act everything else exists for. One commit, at most twelve statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.clocks.receiving import STAGES as WINDOW
from service.casework.clocks.receiving import check_window, grant_procedure
from service.casework.conduct import check_conduct
from service.casework.duties import acting_for, may_do, require_doer
from service.casework.handed_over import STAGE as ISSUING
from service.casework.handed_over import require_received
from service.casework.journalling import write
from service.casework.masking import given_back, shown_typed
from service.casework.measures.checking import check_desk
from service.casework.money.settled import require_settled
from service.casework.office import Office
from service.casework.papers.certificates import require_free_number
from service.casework.projection import Running, settle, take_up
from service.casework.quality.rights import require_uninvolved
from service.casework.rights import may_read
from service.casework.separation import matter_at, require_free
from service.casework.taking import take_task, task_missing
from service.casework.task_forms import Fill, asked
from service.casework.together.submitting import hold
from service.casework.typed_values import plain, type_of
from service.casework.views import Completion, TypedValue
from service.rules.refusals import Conflict, refuse
from service.rules.stages import IMMEDIATE
from service.rules.vocabulary import JournalAction
from service.store.clocks import scattered
from service.store.records import Records
from service.store.tasks import StageDone


def complete_task(
    office: Office,
    actor: Actor,
    task_id: UUID,
    *,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None,
    fill: Fill | None = None,
    seen: int | None = None,
    signed: str | None = None,
) -> Completion:
    """Complete an open task: `answers` are filed under the element's id, `variables` are process variables.

    `fill` gives the answers to the form when everything else allows the act; a task its actor may not read is Missing
    then. `seen` is the task's version the form was made from; `signed`: the name its actor has typed under the decision,
    kept with the instant of the drawn signature that goes with it. Refused: Invalid SIGNATURE_NAME; Missing TASK_NOT_FOUND, Conflict
    TASK_ALREADY_COMPLETED (names the winner), TASK_CANCELLED, TASK_CHANGED, TASK_DELEGATED, CASE_SUSPENDED,
    Forbidden TASK_FORBIDDEN or what `separation` refuses; at the window what a correction notice must keep (`check_window`);
    where certificates are issued FEE_UNPAID, HANDOVER_OPEN while the certificate is on a list nobody has signed for, and
    CERTIFICATE_NUMBER_TAKEN; SIGNERS_OPEN and TASK_SUBMITTED while others are asked for their opinions (`hold`); before a decision what `check_conduct` refuses; at desks of 配套流程 what `check_desk` refuses.
    """

    def attempt() -> Completion:
        with office.transaction() as records:
            return complete_within(
                office,
                records,
                actor,
                task_id,
                variables=variables,
                types=types,
                answers=answers,
                fill=fill,
                seen=seen,
                signed=signed,
            )

    return office.attempt(attempt)


def complete_within(
    office: Office,
    records: Records,
    actor: Actor,
    task_id: UUID,
    *,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None,
    fill: Fill | None = None,
    seen: int | None = None,
    signed: str | None = None,
) -> Completion:
    """The same inside a transaction that has done something else before. Refused: as `complete_task`."""
    if signed is not None and " ".join(signed.split()) != actor.name:
        raise refuse("signed", "SIGNATURE_NAME", "签名应与您的姓名“{name}”一致", name=actor.name)
    file, task = take_task(records, actor, task_id, number=_number(variables, answers))
    row = task.row
    if fill is not None and not may_do(actor, row, task.candidates) and not may_read(records, actor, file.row):
        raise task_missing()
    require_doer(actor, row, task.candidates)
    require_uninvolved(records, row, actor.username)
    if row.delegation == "PENDING":
        raise Conflict("TASK_DELEGATED", "任务“{task}”正在委托他人办理，请先交回", task=row.name)
    if seen is not None and seen != row.seen:
        raise Conflict("TASK_CHANGED", "任务“{task}”在您办理期间已有变化，请刷新后再提交", task=row.name)
    running = take_up(office, records, file, clocks=lambda: scattered(task.clocks, records.seals))
    if not actor.service:
        require_free(records, matter_at(running, running.run.waits()[task_id], task.stages), actor.username, row)
    if fill is not None:
        answers = fill(asked(running, row))
    if records.together.is_asked(task_id):
        return hold(records, file, row, actor, answers, variables, signed=signed)
    if row.stage in WINDOW:
        check_window(office, records, running, row, actor, {**(variables or {}), **(answers or {})})
    elif row.stage == ISSUING:
        require_settled(records, file.id, row.scope_id)
        require_received(row)
    elif answers and "expected_days" in answers:
        grant_procedure(running, actor, answers)
    number = _number(variables, answers)
    if number and (row.stage == IMMEDIATE or _writes(running, task_id)):
        require_free_number(records, number)
    check_conduct(records, running, row, actor, task.stages, answers or {})
    check_desk(office, records, running, row, actor, {**(variables or {}), **(answers or {})})
    if answers and not actor.service:
        answers = given_back(records, actor, file.row, answers, running.run.variables(task_id))
    running.run.complete_task(task_id, dict(variables or {}), types=types, answers=answers, local=None)
    offered = [f"{one.kind}:{one.value}" for one in task.candidates]
    detail: dict[str, Any] = {"offered": offered} if offered else {}  # who else may be told who was faster
    if answers:
        detail["answers"] = plain(dict(answers))  # what was said stays said: scopes lose their variables when they end
    if signed is not None:
        drawn = records.letters.signature(actor.username)
        detail["signed"] = {"name": actor.name, "drawn": None if drawn is None else drawn[1].isoformat()}
    on_behalf = acting_for(row, actor)
    if on_behalf is not None:
        detail["acting_for"] = on_behalf
    write(records, file, JournalAction.TASK_COMPLETED, actor, element=row.element, task_id=task_id, detail=detail)
    if records.together.is_drafted(task_id):
        records.together.drop_drafts([task_id])
    stages = task.stages
    if row.stage is not None:
        stages = (*stages, StageDone(scope_id=row.scope_id, stage=row.stage, person=actor.username))
    outcome = settle(records, running, doer=actor, done=row, stages=stages, offered=bool(task.candidates))
    kinds = running.run.variable_types()
    left = {
        name: TypedValue(type=kinds.get(name) or type_of(value), value=plain(value))
        for name, value in running.run.variables().items()
    }
    return Completion(
        case_id=file.id,
        task=row.name,
        ended=outcome.ended is not None,
        variables=shown_typed(records, actor, file.row, left),
    )


def _writes(running: Running, task_id: UUID) -> bool:
    """Whether the certificate is made of what this desk says."""
    zw = running.run.waits()[task_id].zw
    return zw.get("stage") == ISSUING and "W18" in zw.get("doc", "")


def _number(variables: Mapping[str, Any] | None, answers: Mapping[str, Any] | None) -> str:
    """The number of a certificate as it was written by hand."""
    said = {**(variables or {}), **(answers or {})}.get("certificate_no")
    return said.strip() if isinstance(said, str) else ""
