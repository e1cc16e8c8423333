"""Notices that follow from time: lights, rungs, pauses, silence, people who are away. Each is told once (`event`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from service.casework.messages.notices import APPLICANT, STAND_INS, TASK, notice
from service.casework.posts import CHIEF, group_of
from service.rules.clocks import ClockKind, PauseKind, Suspension
from service.rules.ladder import Rung
from service.rules.message_values import PROCEDURES, day_said, item_said, left_said, moment_said
from service.rules.numbers import short
from service.rules.tacit import TacitLevel
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar

if TYPE_CHECKING:
    from service.store.agenda import AgendaRow
    from service.store.clocks import ClockRow
    from service.store.proceedings import ProceedingRow
    from service.store.tasks import TaskRow

RUNGS = {  # what each rung of a ladder is told as; 督办单 has its own (`ordered`)
    Rung.REMINDER.value: "T02",
    Rung.YELLOW.value: "T03",
    Rung.RED.value: "T04",
    Rung.LEADER.value: "L02",
    Rung.CASE.value: "L03",
    "R1": "T03",
}
SUPERVISION = "supervisor"
LONGEST_CHAIN = 14  # characters of a chain's number
STANDING_IN = timedelta(minutes=1)  # after an absence began: by then its tasks have been handed over


def climbed(
    calendar: WorkCalendar,
    now: datetime,
    row: ClockRow,
    rung: str,
    at: datetime,
    told: Iterable[str],
    task: TaskRow | None,
) -> list[AgendaRow]:
    """A rung of a ladder. The promise and the law broken at once are told once each."""
    code = RUNGS.get(rung)
    if code is None or row.due_at is None:
        return []
    values = {"left": left_said(calendar, at, row.due_at), "days": str(_days_over(calendar, row.due_at, at))}
    if row.department:
        values["department"] = row.department
    if row.kind == ClockKind.RECEIPT:
        values["stage"] = "受理"
    event = uuid5(row.id, rung)
    return [_of(row, now, code, told, event, None if task is None else task.id, **values)]


def ordered(now: datetime, card: UUID, task: TaskRow, to: str, number: str) -> list[AgendaRow]:
    """督办单 to who has taken the task over."""
    to = to if not to.isdigit() else group_of(to, CHIEF)
    return [
        notice(
            now,
            "L01",
            [to],
            event=uuid5(card, "L01"),
            case_id=task.case_id,
            scope=task.scope_id,
            task=task.id,
            values={"order": number},
        )
    ]


def paused(now: datetime, rows: Sequence[ClockRow], pause: Suspension) -> list[AgendaRow]:
    """特别程序: the applicant is told that time is not counted for a while (M09)."""
    row = next((one for one in rows if one.kind == ClockKind.CASE), None)
    procedure = PROCEDURES.get(str(pause.kind))
    if row is None or procedure is None or not pause.expected_days:
        return []
    event = uuid5(row.id, f"M09/{now.isoformat()}")
    return [_of(row, now, "M09", [APPLICANT], event, procedure=procedure, days=str(pause.expected_days))]


def resumed(
    calendar: WorkCalendar, now: datetime, kind: str, rows: Sequence[ClockRow], case: ClockRow | None
) -> list[AgendaRow]:
    """Time is counted again: the applicant (M10, of a procedure), and who has the open tasks (T09; T10 after a payment)."""
    found = []
    if case in rows and case is not None and case.due_at is not None and kind in PROCEDURES:
        event = uuid5(case.id, f"M10/{now.isoformat()}")
        found.append(_of(case, now, "M10", [APPLICANT], event, day=day_said(case.due_at)))
    code = "T10" if kind == PauseKind.PAYMENT else "T09"
    for row in rows:
        if row.kind != ClockKind.STAGE or row.due_at is None:
            continue
        end = case.due_at if case is not None and case.due_at is not None else row.due_at
        values = {"left": left_said(calendar, now, row.due_at), "day": day_said(end)}
        event = uuid5(row.id, f"{code}/{now.isoformat()}")
        found.append(_of(row, now, code, [f"{TASK}{row.id}"], event, row.id, **values))
    return found


def extended(now: datetime, row: ClockRow, amount: int) -> list[AgendaRow]:
    """延期: the applicant is told the new end of the promise (M11)."""
    if row.kind != ClockKind.CASE or row.due_at is None:
        return []
    event = uuid5(row.id, f"M11/{len(row.extensions)}")
    return [_of(row, now, "M11", [APPLICANT], event, days=str(amount), day=day_said(row.due_at))]


def reminded(now: datetime, row: ClockRow, proceeding: ProceedingRow, days: int) -> list[AgendaRow]:
    """补正提醒, so many working days after the notice (M04)."""
    values = {
        "count": str(min(99, len(proceeding.detail.get("gaps", ())) or 1)),
        "day": day_said(date.fromisoformat(proceeding.detail["reply_by"])),
    }
    return [_of(row, now, "M04", [APPLICANT], uuid5(proceeding.id, f"M04/{days}"), None, **values)]


def passed(now: datetime, row: ClockRow, task: TaskRow, level: TacitLevel, silent: str) -> list[AgendaRow]:
    """Silence has passed a stage (T05, to who was silent and the 首席代表) or decided (M17, to the applicant)."""
    if level is TacitLevel.STAGE_SKIP:
        to = [one for one in (silent, group_of(task.department, CHIEF)) if not one.isdigit()]
        return [_of(row, now, "T05", to, uuid5(task.id, "T05"), task.id)]
    if level in (TacitLevel.DECISION, TacitLevel.STATUTORY):
        values = {"department": task.department or row.department or ""}
        return [_of(row, now, "M17", [APPLICANT], uuid5(row.id, "M17"), None, **values)]
    return []


def milestone_late(now: datetime, row: ClockRow, number: str | None) -> list[AgendaRow]:
    """联办 milestone missed: the lead's 首席代表 and supervision (L04)."""
    chain = number or row.case_id.hex[:8].upper()
    values = {
        "chain": chain if len(chain) <= LONGEST_CHAIN else short(chain),
        "nth": "".join(one for one in row.name if one.isdigit())[:1] or "1",
    }
    to = [SUPERVISION] if row.department is None else [group_of(row.department, CHIEF), SUPERVISION]
    return [_of(row, now, "L04", to, uuid5(row.id, "L04"), None, **values)]


def nobody_there(now: datetime, card: UUID, department: str, case_id: UUID | None) -> AgendaRow:
    """Neither A岗 nor B岗 of a department is present (T07)."""
    to = [group_of(department, CHIEF), SUPERVISION]
    return notice(now, "T07", to, event=uuid5(card, "T07"), case_id=case_id, values={"window": department})


def stands_in(now: datetime, absence: UUID, username: str, name: str) -> AgendaRow:
    """Somebody is away: whoever does their tasks is told how many (T06), once they have been handed over."""
    to, values = [f"{STAND_INS}{username}"], {"person": name}
    return notice(now + STANDING_IN, "T06", to, event=uuid5(absence, "T06"), values=values)


def outage_declared(now: datetime, outage: UUID, down: datetime, up: datetime, holders: Iterable[str]) -> AgendaRow:
    """系统故障: everybody who has an open task is told what is not counted (L13)."""
    values = {"began": _clock(down), "ended": _clock(up)}
    return notice(now, "L13", holders, event=uuid5(outage, "L13"), values=values)


def deployed(now: datetime, definition: UUID, version: int, name: str, zw: Mapping[str, str]) -> list[AgendaRow]:
    """流程更新: a new version holds for new cases (L14); of a first version there is nothing to say."""
    if version < 2:
        return []
    department = zw.get("lead") or zw.get("dept") or zw.get("item", "").partition("-")[0]
    to = ["process_designer", *([group_of(department, CHIEF)] if department.isdigit() else [])]
    values = {"item": item_said(zw.get("short"), name), "version": f"v{version}", "moment": moment_said(now)}
    return [notice(now, "L14", to, event=uuid5(definition, "L14"), values=values)]


def _of(
    row: ClockRow, now: datetime, code: str, to: Iterable[str], event: UUID, task: UUID | None = None, **values: str
) -> AgendaRow:
    """A notice about a clock's item."""
    return notice(
        now,
        code,
        to,
        event=event,
        case_id=row.case_id,
        scope=row.scope_id,
        process=row.process,
        task=task,
        values=values,
    )


def _days_over(calendar: WorkCalendar, due: datetime, at: datetime) -> int:
    """Working days since the end of a limit, at least one."""
    try:
        return max(1, calendar.workdays_between(due.astimezone(SHANGHAI).date(), at.astimezone(SHANGHAI).date()))
    except CalendarMissing:
        return 1


def _clock(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%H:%M}"
