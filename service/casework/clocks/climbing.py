"""The escalation ladder in running cases: who is told at each rung, who may do and who owns the task, which card it costs.

A岗 → B岗 → 首席代表 → 中心督查 → 分管领导 (DOMAIN D.8, R-ACC-1). Whoever turns the clock calls `climb` once per rung, under
the case's lock; the drawn escalation (`zw:action="escalate"`) and L3 are one act, `take_over`: the second finds it done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from service.casework.duties import SHARE
from service.casework.journalling import CaseFile, write
from service.casework.messages.time_notices import climbed, ordered
from service.casework.posts import CHIEF, HEAD, LEADER, REVIEWERS, Cover, Seats, cover, group_of, look_up
from service.casework.separation import bar, matter_of
from service.casework.supervising import About, raise_card
from service.casework.support_asking import ORDER, ask_support
from service.rules.cards import Violation
from service.rules.clocks import ClockKind
from service.rules.ladder import POWERS, Rung
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI
from service.store.clocks import ClockRow
from service.store.records import Records
from service.store.tasks import Candidate, TaskRow

SUPERVISION, LEADERS = "supervisor", "leader"  # told as groups: they belong to the centre
ORDERS = "DBD"  # 督办单 DBD-2026-0001
TASK_ACTS = frozenset(
    {
        JournalAction.TASK_CLAIMED,
        JournalAction.TASK_RELEASED,
        JournalAction.TASK_ASSIGNED,
        JournalAction.TASK_DELEGATED,
        JournalAction.TASK_TRANSFERRED,
        JournalAction.TASK_TAKEN_BACK,
        JournalAction.TASK_HANDED_OVER,
        JournalAction.TASK_ESCALATED,
        JournalAction.TASK_GIVEN_BACK,
    }
)


def climb(records: Records, file: CaseFile, row: ClockRow, rung: str, at: datetime) -> None:
    """Do what one rung of a clock asks for. `at`: the rung's instant, at which the holder counts.

    Refused: CALENDAR_MISSING.
    """
    if row.kind == ClockKind.STAGE:
        task = records.tasks.find(row.id)
        if task is not None and (task.ended_at is None or task.ended_at >= at):
            _climb_stage(records, file, row, task, Rung(rung), at)
    elif row.kind == ClockKind.RECEIPT:
        _climb_receipt(records, file, row, rung, at)
    else:
        _overdue(records, file, row, at)


def turn_yellow(records: Records, row: ClockRow) -> None:
    """What a light by itself brings about where nothing climbs: a diagram that draws no ladder still has its B岗 (S-16)."""
    task = records.tasks.find(row.id) if row.kind == ClockKind.STAGE else None
    if task is not None:
        share(records, task)


def take_over(records: Records, file: CaseFile, task: TaskRow, seats: Seats | None = None) -> str | None:
    """An open task goes to the 首席代表 of its department, or to who stands in; who has it then, a username or a group.

    Somebody barred from it by what they did before is passed over for the 分管领导 (S-01, S-02). Done at most once: a
    task that was taken over, or that ended, stays where it is. None: the department has nobody to take it.
    """
    if task.escalated_at is not None or task.ended_at is not None:
        return task.assignee
    seats = look_up(records, [(task.department, CHIEF)]) if seats is None else seats
    to = _chief(records, file, seats, task)
    if to is None:
        return None
    detail = {
        "from": task.assignee or group_of(task.department, task.role or ""),
        "to": to.owner or to.group,
        **({} if to.acting_for is None else {"acting_for": to.acting_for}),
    }
    version = write(
        records, file, JournalAction.TASK_ESCALATED, None, element=task.element, task_id=task.id, detail=detail
    )
    records.tasks.change(
        task.id,
        {
            "assignee": to.owner,
            "owner": None,
            "delegation": None,
            "acting_for": to.acting_for,
            "escalated_at": records.now,
            "seen": version,
        },
    )
    records.tasks.drop_candidates([task.id])
    if to.owner is None:
        records.tasks.add_candidates([Candidate(task_id=task.id, kind="group", value=to.group)])
    return to.owner or to.group


def holder_at(records: Records, file: CaseFile, task: TaskRow, at: datetime) -> str:
    """Who held a task at an instant: its assignee, or what it was offered to (department, else role).

    A worker may come late: what happened to the task since then is read from the journal, backwards.
    """
    held: str | None = task.ended_by or task.assignee
    if at < records.now:
        for line in reversed((*records.history.lines_after(file.id, at), *file.lines)):
            if line.task_id == task.id and line.action in TASK_ACTS:
                held = (line.detail or {}).get("from")
    if held is None or ":" in held:
        return task.department or task.role or ""
    return held


def _climb_stage(records: Records, file: CaseFile, row: ClockRow, task: TaskRow, rung: Rung, at: datetime) -> None:
    department = task.department
    about = About(scope=row.scope_id, clock=row.id, task=task.id, element=task.element)
    seats = look_up(records, [(department, task.role or CHIEF), (department, CHIEF)])
    holder = holder_at(records, file, task, at)
    told = [one for role in POWERS[rung].told for one in _told(seats, task, role)]
    before = after = task.assignee or holder
    match rung:
        case Rung.YELLOW:
            share(records, task)
            raise_card(records, file, Violation.YELLOW_LIGHT, to=holder, department=department, at=at, about=about)
        case Rung.RED:
            after = take_over(records, file, task, seats) or before
            told += [] if after in told else [after]
            raise_card(records, file, Violation.STAGE_OVERDUE, to=holder, department=department, at=at, about=about)
        case Rung.SUPERVISION:
            _order(records, file, task, about, at)
        case Rung.LEADER:
            raise_card(
                records,
                file,
                Violation.STAGE_UNATTENDED,
                to=holder,
                department=department,
                at=at,
                about=about,
            )
        case _:
            pass
    if task.stage == "OPINION":
        told += _asking(records, file, row)
    _note(records, file, row, rung.value, at, told, before, after, task)


def _climb_receipt(records: Records, file: CaseFile, row: ClockRow, rung: str, at: datetime) -> None:
    """Nobody has answered the applicant yet: those who have the item's tasks, the 首席代表, supervision are told."""
    if rung == "R3":
        group = group_of(row.department, CHIEF)
        told = [seat.username for seat in look_up(records, [(row.department, CHIEF)]).get(group, ())] or [group]
    elif rung == "R4":
        told = [SUPERVISION]
    else:
        tasks = [one for one in records.tasks.open_of(file.id) if one.scope_id == row.scope_id]
        told = [one.assignee or group_of(one.department, one.role or "") for one in tasks]
        if rung == "R1":
            for one in tasks:
                raise_card(
                    records,
                    file,
                    Violation.YELLOW_LIGHT,
                    to=holder_at(records, file, one, at),
                    department=one.department,
                    at=at,
                    about=About(scope=row.scope_id, clock=row.id, task=one.id, element=one.element),
                )
    _note(records, file, row, rung, at, told)


def _overdue(records: Records, file: CaseFile, row: ClockRow, at: datetime) -> None:
    """The promise or the law is broken: the head of the department is told, the department gets a 红牌 (C.5.4)."""
    violation = Violation.CASE_OVERDUE if row.kind == ClockKind.CASE else Violation.STATUTORY_OVERDUE
    heads = look_up(records, [(row.department, HEAD)]).get(group_of(row.department, HEAD), ())
    raise_card(
        records,
        file,
        violation,
        to=row.department or "",
        department=row.department,
        at=at,
        about=About(scope=row.scope_id, clock=row.id),
        facts={"holders": _holders(records, file, row, at)},
    )
    told = [seat.username for seat in heads] or [group_of(row.department, HEAD)]
    _note(records, file, row, Rung.CASE.value, at, told)


def _holders(records: Records, file: CaseFile, row: ClockRow, at: datetime) -> list[str]:
    """Who held the item's open tasks when it became overdue: 负责人 of SM-25."""
    tasks = [one for one in records.tasks.open_of(file.id) if one.scope_id == row.scope_id]
    return [holder_at(records, file, one, at) for one in tasks]


def _chief(records: Records, file: CaseFile, seats: Seats, task: TaskRow) -> Cover | None:
    """Who takes a task over; None: there is no 首席代表 in the department."""
    if not seats.get(group_of(task.department, CHIEF)):
        return None
    done = records.tasks.stages_of(task.case_id) if task.stage else ()
    is_barred = bar(records, matter_of(records, file, task, done))
    to = cover(seats, task.department, CHIEF, is_barred)
    if to.owner is None:
        chiefs = [seat.username for seat in seats.get(group_of(task.department, CHIEF), ())]
        if chiefs and all(is_barred(one) for one in chiefs) and seats.get(group_of(task.department, LEADER)):
            return cover(seats, task.department, LEADER, is_barred)
    return to


def share(records: Records, task: TaskRow) -> None:
    """From the yellow light on A岗 and B岗 may both complete a task of theirs (B.4 rule 5), named by role or as candidates.

    Done once: a task without a ladder may turn yellow, then red.
    """
    if task.ended_at is not None or task.escalated_at is not None:
        return
    known = records.tasks.candidates(task.id)
    posts = [group_of(task.department, role) for role in REVIEWERS]
    offered = task.role is None and any(one.kind == "group" and one.value in posts for one in known)
    if (task.role in REVIEWERS or offered) and not any(one.kind == SHARE for one in known):
        records.tasks.add_candidates([Candidate(task_id=task.id, kind=SHARE, value=post) for post in posts])


def _order(records: Records, file: CaseFile, task: TaskRow, about: About, at: datetime) -> None:
    """督办单 to whoever has taken the task over, to be answered within two half-days; numbered by the year."""
    to = task.assignee or task.department or ""
    row = raise_card(records, file, Violation.ORDER, to=to, department=task.department, at=at, about=about)
    if row is not None:
        number = order_number(records, at)
        records.supervision.change(row.id, {"detail": {**row.detail, "number": number}})
        file.notices += ordered(records.now, row.id, task, to, number)
        ask_support(
            records,
            file.id,
            ORDER,
            subject=row.id,
            title=f"督办{number}-{file.row.title or task.name}",
            variables={
                "order_card": str(row.id),
                "order_no": number,
                "order_to": to,
                "order_person": None if to == task.department else to,
                "order_department": task.department,
                "order_matter": f"“{task.name}”超过办理时限一个工作日仍未办结",
                "order_demand": "两个半日内书面回复原因和办结时间，并立即办理",
                "order_limit": "2hd",
                "order_rework": 0,
            },
            scope=task.scope_id,
            department=task.department,
            element=task.element,
        )


def order_number(records: Records, at: datetime) -> str:
    """The next 督办单: DBD-2026-0001, without gaps."""
    year = at.astimezone(SHANGHAI).year
    return f"{ORDERS}-{year}-{records.series.next(f'{ORDERS}/{year}'):04d}"


def _told(seats: Seats, task: TaskRow, role: str) -> Sequence[str]:
    """The people a rung tells: by name within the department, as a group in the centre.

    `reviewer_a` means who has the task; B岗 is told of the tasks of A岗 and B岗 only.
    """
    if role in (SUPERVISION, LEADERS):
        return (role,)
    if role == "reviewer_a":
        return (task.assignee or group_of(task.department, task.role or ""),)
    if role == "reviewer_b" and task.role not in REVIEWERS:
        return ()
    roles = REVIEWERS if role == "reviewer_b" else (role,)
    return [seat.username for one in roles for seat in seats.get(group_of(task.department, one), ())]


def _asking(records: Records, file: CaseFile, row: ClockRow) -> Sequence[str]:
    """The 首席代表 of the department that asked for an opinion: told, nothing else (rule 6)."""
    item = next(
        (
            one
            for one in records.clocks.of_case(file.id)
            if one.kind == ClockKind.CASE and one.scope_id == row.scope_id and one.department != row.department
        ),
        None,
    )
    if item is None or item.department is None:
        return ()
    group = group_of(item.department, CHIEF)
    return [seat.username for seat in look_up(records, [(item.department, CHIEF)]).get(group, ())]


def _note(
    records: Records,
    file: CaseFile,
    row: ClockRow,
    rung: str,
    at: datetime,
    told: Iterable[str],
    before: str | None = None,
    after: str | None = None,
    task: TaskRow | None = None,
) -> None:
    detail: dict[str, Any] = {
        "clock": str(row.id),
        "kind": row.kind,
        "rung": rung,
        "at": at.isoformat(),
        "told": list(dict.fromkeys(told)),
        "from": before,
        "to": after,
    }
    write(
        records,
        file,
        JournalAction.LADDER_CLIMBED,
        None,
        element=None if task is None else task.element,
        task_id=None if task is None else task.id,
        detail=detail,
    )
    file.notices += climbed(records.calendar, records.now, row, rung, at, detail["told"], task)
