"""What a holder submits while others are still to be heard: a draft with an instant, carried out when they have been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back, write
from service.casework.together.rounds import open_next
from service.casework.typed_values import plain
from service.casework.views import Completion
from service.rules.refusals import Conflict
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.tasks import TaskRow
from service.store.together import DraftRow


def hold(
    records: Records,
    file: CaseFile,
    row: TaskRow,
    actor: Actor,
    answers: Mapping[str, Any] | None,
    variables: Mapping[str, Any] | None,
    *,
    signed: str | None = None,
) -> Completion:
    """Keep what was submitted until every round is over; opens those that come after it.

    Refused: Conflict SIGNERS_OPEN while a round before it goes on, naming who is missing; also for programs, which would
    take the task for completed.
    """
    rounds = [one for one in records.together.rounds(row.id) if one.state in ("OPEN", "WAITING")]
    if actor.service or any(one.place == "BEFORE" for one in rounds):
        missing = {one.person for one in records.together.of_task(row.id) if one.state in ("OPEN", "WAITING")}
        names = records.people.names(missing)
        raise Conflict(
            "SIGNERS_OPEN",
            "任务“{task}”还在征求{people}的意见，收齐后才能提交",
            task=row.name,
            people="、".join(sorted(names.get(one, one) for one in missing)),
        )
    if records.together.held(row.id) is not None:
        raise Conflict("TASK_SUBMITTED", "任务“{task}”已经提交，正在等待会签意见", task=row.name)
    kept = {"answers": plain(dict(answers or {})), "variables": plain(dict(variables or {}))}
    if signed is not None:
        kept["signed"] = signed
    records.together.keep(
        DraftRow(task_id=row.id, person=actor.username, entries=kept, saved_at=records.now, held_at=records.now)
    )
    write(records, file, JournalAction.TASK_SUBMITTED, actor, element=row.element, task_id=row.id)
    for one in rounds:
        if one.state == "WAITING":
            records.together.change_round(one.id, state="OPEN")
            open_next(records, file, row, one, records.together.of_round(one.id))
    put_back(records, file)
    records.prompt = True
    return Completion(case_id=file.id, task=row.name, ended=False, variables={}, held=True)
