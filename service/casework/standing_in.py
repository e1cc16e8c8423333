"""代岗 in a case: what is noted when a task opens with a stand-in, and who gets what when somebody leaves or is back."""

from __future__ import annotations

from collections.abc import Iterable

from service.casework.duties import Placement
from service.casework.journalling import CaseFile, write
from service.casework.messages.time_notices import nobody_there
from service.casework.posts import CHIEF, Cover, cover, group_of, look_up
from service.casework.separation import bar, matter_of
from service.casework.supervising import About, raise_card
from service.engine.facts import Wait
from service.rules.cards import Violation
from service.rules.vocabulary import JournalAction
from service.store.history import JournalLine
from service.store.records import Records
from service.store.tasks import Candidate, TaskRow


def note_stand_ins(records: Records, file: CaseFile, opened: Iterable[tuple[Wait, Placement]]) -> None:
    """Lines for opened tasks that somebody else does for an absent holder; NO_COVER where neither A岗 nor B岗 is there."""
    for wait, placed in opened:
        if placed.acting_for is not None:
            detail = {
                "from": placed.acting_for,
                "to": placed.assignee or placed.groups[0],
                "why": str(placed.absence),
                "acting_for": placed.acting_for,
            }
            write(
                records,
                file,
                JournalAction.TASK_HANDED_OVER,
                None,
                element=wait.element,
                task_id=wait.id,
                detail=detail,
            )
        if placed.raised is not None:
            post = group_of(placed.department, wait.zw["role"])
            detail = {"from": post, "to": placed.assignee or placed.groups[0], "why": placed.raised}
            write(records, file, JournalAction.TASK_RAISED, None, element=wait.element, task_id=wait.id, detail=detail)
        if placed.uncovered:
            about = About(scope=wait.variable_scope, task=wait.id, element=wait.element)
            raise_no_cover(records, file, placed.department or "", about)


def raise_no_cover(records: Records, file: CaseFile, department: str, about: About) -> None:
    """Neither A岗 nor B岗 of a department is there for a task (B.4 rule 2)."""
    card = raise_card(
        records,
        file,
        Violation.NO_COVER,
        to=department,
        department=department,
        at=records.now,
        about=about,
    )
    if card is not None:
        file.notices.append(nobody_there(records.now, card.id, department, file.id))


def hand_over(records: Records, file: CaseFile) -> None:
    """Give every open task of the case that a rule has placed to who has it now, after somebody left or came back.

    Away from whoever is absent; back to the holder, or to a nearer stand-in, unless the one who stands in has begun:
    has written a line about the task since it came. What a diagram assigned or somebody gave by hand to somebody present
    stays where it is, and so does what is being prepared by delegation.
    """
    tasks = [row for row in records.tasks.open_of(file.id) if row.role is not None and row.delegation != "PENDING"]
    if not tasks:
        return
    seats = look_up(records, ((row.department, _role(row)) for row in tasks))
    away = records.absences.away({row.assignee for row in tasks if row.assignee is not None})
    done = records.tasks.stages_of(file.id)
    lines = records.history.lines(file.id)
    for row in tasks:
        if row.assignee is None or not (row.assignee in away or row.acting_for is not None):
            continue
        found = cover(seats, row.department, _role(row), bar(records, matter_of(records, file, row, done)))
        if row.assignee not in away and (found.owner in (None, row.assignee) or has_begun(lines, row)):
            continue
        move(records, file, row, found)
        if found.uncovered and row.escalated_at is None:
            about = About(scope=row.scope_id, task=row.id, element=row.element)
            raise_no_cover(records, file, row.department or "", about)


def move(records: Records, file: CaseFile, row: TaskRow, to: Cover) -> None:
    """Hand an open task over to whoever covers its post now."""
    if to.owner == row.assignee and to.acting_for == row.acting_for:
        return
    detail = {
        "from": row.assignee,
        "to": to.owner or to.group,
        "why": None if to.absence is None else str(to.absence),
        "acting_for": to.acting_for,
    }
    version = write(
        records, file, JournalAction.TASK_HANDED_OVER, None, element=row.element, task_id=row.id, detail=detail
    )
    records.tasks.change(row.id, {"assignee": to.owner, "acting_for": to.acting_for, "seen": version})
    known = {(one.kind, one.value) for one in records.tasks.candidates(row.id)}
    if to.owner is None and ("group", to.group) not in known:
        records.tasks.add_candidates([Candidate(task_id=row.id, kind="group", value=to.group)])


def has_begun(lines: Iterable[JournalLine], row: TaskRow) -> bool:
    """Whether the person who has a task has written any line about it since it came to them."""
    begun = False
    for line in lines:
        if line.task_id != row.id:
            continue
        if line.action == JournalAction.TASK_HANDED_OVER and (line.detail or {}).get("to") == row.assignee:
            begun = False
        elif line.actor == row.assignee:
            begun = True
    return begun


def _role(row: TaskRow) -> str:
    """The post whose work a task is now: after a take-over the 首席代表's."""
    return CHIEF if row.escalated_at is not None else row.role or ""
