"""催办: whoever waits for a task asks its holder to hurry, at most once per half-day; how often is seen by everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.handing.passing import LONGEST
from service.casework.journalling import put_back, write
from service.casework.messages.notices import TASK, notice
from service.casework.office import Office
from service.casework.rights import HEADS, leads, may_read
from service.casework.taking import take_task, task_missing
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.cases import CaseRow
from service.store.history import JournalLine
from service.store.records import Records

URGED = "T12"
WAITING_FOR = ("business_office", "supervisor", "leader", "agency_officer", "counter_clerk")


def urge_task(office: Office, actor: Actor, task_id: UUID, note: str = "") -> int:
    """Tell the holder of an open task, and whose opinion is asked there, that somebody waits; how often that was done now.

    By who has or had a task of the case, heads of departments involved, who leads the chain, the window, the agency and who oversees. Refused:
    Missing TASK_NOT_FOUND; Forbidden URGE_FORBIDDEN; Conflict URGE_ONESELF, URGED_ALREADY (says when it was); Invalid
    REASON_LONG (field `note`).
    """
    said = note.strip()
    if len(said) > LONGEST:
        raise refuse("note", "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST)

    def attempt() -> int:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            row = task.row
            if not may_read(records, actor, file.row):
                raise task_missing()
            if not may_urge(office, records, actor, file.row):
                raise Forbidden("URGE_FORBIDDEN", "您不在办理这个办件，不能催办")
            if row.assignee == actor.username:
                raise Conflict("URGE_ONESELF", "任务“{task}”由您自己承办，不需要催办", task=row.name)
            before = urgings(records.history.lines(file.id), task_id)
            last = next((one.written_at for one in reversed(before) if one.actor == actor.username), None)
            if last is not None and half_day(last) == half_day(records.now):
                raise Conflict(
                    "URGED_ALREADY",
                    "您在 {at} 已经催办过，同一任务每半天只能催办一次",
                    at=last.astimezone(SHANGHAI).strftime("%H:%M"),
                )
            count = len(before) + 1
            asked = [one.person for one in records.together.of_task(task_id) if one.state == "OPEN"]
            detail = {"count": count, **({"reason": said} if said else {})}
            write(records, file, JournalAction.TASK_URGED, actor, element=row.element, task_id=task_id, detail=detail)
            file.notices.append(
                notice(
                    records.now,
                    URGED,
                    [row.assignee or f"{TASK}{row.id}", *asked],
                    case_id=file.id,
                    scope=row.scope_id,
                    task=row.id,
                    values={"person": actor.name},
                )
            )
            put_back(records, file)
            records.prompt = True
            return count

    return office.attempt(attempt)


def urgings(lines: Iterable[JournalLine], task_id: UUID) -> list[JournalLine]:
    """The lines that say a task was urged, the first one first."""
    return [one for one in lines if one.task_id == task_id and one.action == JournalAction.TASK_URGED]


def may_urge(office: Office, records: Records, actor: Actor, case: CaseRow) -> bool:
    """Who waits for a case: whoever works or worked on it, heads of departments involved, who leads a chain, windows and who
    oversees."""
    if actor.has(*WAITING_FOR):
        return True
    people, departments = records.tasks.groups_involved(case.id)
    started = case.started_by == actor.username and "applicant" not in actor.roles
    if started or actor.username in people or (actor.has(*HEADS) and actor.department in departments):
        return True
    return leads(office, records, actor, case)


def half_day(instant: datetime) -> tuple[str, bool]:
    """The half-day of an instant, by the wall clock of Shanghai."""
    local = instant.astimezone(SHANGHAI)
    return local.date().isoformat(), local.hour >= 12
