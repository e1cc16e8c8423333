"""升级 and 督办记录: the acts of a diagram that belong to supervision."""

from __future__ import annotations

from service.casework.acts.request import Request
from service.casework.clocks.climbing import take_over
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.ladder import Rung
from service.rules.refusals import Conflict, Invalid
from service.rules.vocabulary import JournalAction
from service.store.records import Records


def escalate(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """升级: the open task `zw:target` of the same item goes to the 首席代表 of its department, if rung L3 has not done it.

    A task that is done meanwhile needs nobody. Refused: Invalid ESCALATION_TARGET_MISSING, Conflict CHIEF_MISSING.
    """
    target = request.inputs.get("target")
    if not target:
        raise Invalid(
            "ESCALATION_TARGET_MISSING", "环节“{element}”没有写明升级哪个任务（zw:target）", element=request.element
        )
    for task in records.tasks.open_of(file.id):
        if task.element != target or task.scope_id != request.scope or task.escalated_at is not None:
            continue
        clock = records.clocks.find(task.id)
        if clock is not None and Rung.RED in clock.fired:  # the ladder was here first, and it has been given back since
            continue
        if take_over(records, file, task) is None:
            raise Conflict("CHIEF_MISSING", "部门 {department} 没有在岗的首席代表", department=task.department or "")


def record(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """督办记录: a journal line for supervision, with what the element says (`zw:target`, name)."""
    detail = {"action": "record", "name": request.name}
    if request.inputs.get("target"):
        detail["target"] = request.inputs["target"]
    write(records, file, JournalAction.ACTION_DONE, None, element=request.element, detail=detail)
