"""加签 and 减签 at a multi-instance activity: one more desk, or one less, in the running loop itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.handing.passing import reason_of
from service.casework.journalling import CaseFile, require_running, write
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.rights import HEADS, KEEPERS, may_read
from service.casework.taking import take_task, task_missing
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.tasks import TaskRow

DEPARTMENT = "department"  # of an element of a collection of departments
LONGEST_ITEM = 2000  # characters it is written with


def add_instance(office: Office, actor: Actor, task_id: UUID, item: Any, reason: str) -> None:
    """加签 at the loop an open task belongs to: one more is asked. `item`: the element of its collection, of the kind it has.

    By keepers, and by the heads of the department that leads: of the task's, or of the chain's. Refused: Forbidden
    INSTANCES_FORBIDDEN; Conflict NO_LOOP, INSTANCE_THERE (names it), INSTANCES_MANY; Invalid ITEM_UNLIKE (field `item`),
    DEPARTMENT_UNKNOWN, REASON_MISSING.
    """
    why = reason_of(reason)

    def attempt() -> None:
        with office.transaction() as records:
            file, row = _taken(records, actor, task_id)
            running = take_up(office, records, file)
            known = _items(running, row)
            fitting = like(records, item, known)
            if fitting in known and fitting is not None:
                raise Conflict("INSTANCE_THERE", "{item}已经在征求范围内", item=shown(fitting))
            running.run.add_instance(task_id, fitting)
            detail = {"item": shown(fitting), "reason": why}
            write(records, file, JournalAction.INSTANCE_ADDED, actor, element=row.element, detail=detail)
            settle(records, running)

    office.attempt(attempt)


def remove_instance(office: Office, actor: Actor, task_id: UUID, reason: str) -> None:
    """减签: the desk this open task stands at is not asked any more; what the others have said may be enough then.

    Refused: as adding; Conflict INSTANCE_LAST.
    """
    why = reason_of(reason)

    def attempt() -> None:
        with office.transaction() as records:
            file, row = _taken(records, actor, task_id)
            running = take_up(office, records, file)
            _items(running, row)
            running.run.remove_instance(task_id)
            detail = {"person": row.assignee, "department": row.department, "reason": why}
            write(
                records,
                file,
                JournalAction.INSTANCE_REMOVED,
                actor,
                element=row.element,
                task_id=task_id,
                detail=detail,
            )
            settle(records, running)

    office.attempt(attempt)


def like(records: Records, item: Any, known: tuple[Any, ...]) -> Any:
    """`item` in the shape of the elements there are: a text, or an object that differs in its department.

    Refused: Invalid ITEM_UNLIKE, DEPARTMENT_UNKNOWN (field `item`).
    """
    sample = next((one for one in known if one is not None), None)
    if sample is None:
        return None
    if isinstance(sample, dict) and isinstance(item, str) and DEPARTMENT in sample:
        if records.people.department(item) is None:
            raise refuse("item", "DEPARTMENT_UNKNOWN", "没有编码为 {department} 的部门", department=item[:20])
        return {**sample, DEPARTMENT: item}
    fits = type(item) is type(sample) and (not isinstance(item, dict) or item.keys() == sample.keys())
    if not fits or not item or len(str(item)) > LONGEST_ITEM or "\0" in str(item):
        raise refuse("item", "ITEM_UNLIKE", "应与已有的征求对象一样填写，例如 {sample}", sample=shown(sample))
    named, like_this = (one.get(DEPARTMENT) if isinstance(one, dict) else one for one in (item, sample))
    if isinstance(like_this, str) and records.people.department(like_this) is not None:
        if not isinstance(named, str) or records.people.department(named) is None:
            raise refuse("item", "DEPARTMENT_UNKNOWN", "没有编码为 {department} 的部门", department=str(named)[:20])
    return item


def shown(item: Any) -> str:
    """An element of a collection in a line: its department, else itself."""
    found = item.get(DEPARTMENT, item) if isinstance(item, dict) else item
    return "" if found is None else str(found)[:100]


def _taken(records: Records, actor: Actor, task_id: UUID) -> tuple[CaseFile, TaskRow]:
    file, task = take_task(records, actor, task_id)
    require_running(file.row)
    row = task.row
    leads = {one.department for one in records.clocks.of_case(file.id) if one.scope_id is None} - {None}
    if actor.has(*KEEPERS) or (actor.has(*HEADS) and actor.department in {row.department, *leads}):
        return file, row
    if not may_read(records, actor, file.row):
        raise task_missing()
    raise Forbidden("INSTANCES_FORBIDDEN", "只有牵头部门、本部门负责人和业务科可以增减会签对象")


def _items(running: Any, row: TaskRow) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = running.run.items(row.id)
    if found is None:
        raise Conflict("NO_LOOP", "任务“{task}”不是多人会签的环节", task=row.name)
    return found
