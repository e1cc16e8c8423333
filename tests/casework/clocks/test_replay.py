"""The journal alone is enough: whatever people do to clocks, rows are what its lines say."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.casework import (
    ask_extension,
    complete_task,
    decide_extension,
    declare_outage,
    recount_all,
    resume_case,
    resume_clock,
    start_case,
    suspend_case,
    suspend_clock,
)
from service.casework.office import Office
from service.rules.clocks import Clock as Value
from service.rules.clocks import Extension, Suspension, Unit
from service.rules.counting import deadline
from service.rules.refusals import Conflict
from service.rules.worktime import WorkCalendar, standard_calendar
from service.store.history import JournalLine
from tests.casework.clocks.items import item, task, wait_until
from tests.casework.clocks.test_extending import HEAD
from tests.casework.clocks.test_recounting import calendars, working_days  # noqa: F401  (a fixture)
from tests.casework.desk import CAST, CHIEF, ENGINE, KEEPER, REVIEWER, deploy_text, hire, journal_of, open_tasks
from tests.conftest import Clock

BODY = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", more='zw:reaches="ACCEPTED"')
    + '<parallelGateway id="Fork"/>'
    + task("Review", limit="12hd")
    + '<exclusiveGateway id="Again" default="on"/>'
    + task("Hear", "听证", "HEARING", "20wd", more='zw:pause="HEARING"')
    + task("Approve", "批准", "APPROVE", limit="30hd")
    + '<parallelGateway id="Join"/><endEvent id="E" zw:reaches="READY"/><sequenceFlow id="on" sourceRef="Again" targetRef="Join"/>'
    "\nS -> Accept\nAccept -> Fork\nFork -> Review\nFork -> Hear\nReview -> Again\nAgain -> Review : back = true\n"
    "Hear -> Join\nJoin -> Approve\nApprove -> E\n"
)


@dataclass
class Told:
    """One clock as the journal tells it."""

    started: datetime
    amount: int
    unit: str
    pauses: list[dict[str, Any]] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False
    red_at: str | None = None


def told(lines: Sequence[JournalLine]) -> dict[UUID, Told]:
    """Every clock of a journal."""
    found: dict[UUID, Told] = {}
    for line in lines:
        detail: dict[str, Any] = dict(line.detail or {})
        one = found.get(UUID(detail["clock"])) if "clock" in detail else None
        match line.action:
            case "clock:started":
                pauses = [dict(pause) for pause in detail.get("pauses", ())]
                started = datetime.fromisoformat(detail["started"])
                found[UUID(detail["clock"])] = Told(started, detail["amount"], detail["unit"], pauses)
            case "clock:paused":
                for id in detail["clocks"]:
                    found[UUID(id)].pauses.append(dict(detail["pause"]))
            case "clock:resumed":
                for id in detail["clocks"]:
                    for pause in found[UUID(id)].pauses:
                        if pause["kind"] == detail["kind"] and "through" not in pause:
                            pause.update(through=max(pause["after"], detail["through"]), ended_at=detail["ended_at"])
            case "clock:extended" if one is not None:
                one.extensions.append(detail)
            case "clock:recounted" if one is not None:
                one.amount = detail.get("amount", one.amount)
                one.pauses += [dict(pause) for pause in detail.get("pauses", ())]
            case "clock:stopped" if one is not None:
                one.stopped = True
            case "clock:turned" if one is not None and detail["light"] == "red":
                one.red_at = detail["at"]
    return found


def value_of(one: Told) -> Value:
    """The clock as the rules count it."""

    def moment(text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text)

    return Value(
        started=one.started,
        amount=one.amount,
        unit=Unit(one.unit),
        suspensions=tuple(
            Suspension(
                kind=pause["kind"],
                after=date.fromisoformat(pause["after"]),
                through=date.fromisoformat(pause["through"]) if "through" in pause else None,
                began_at=moment(pause.get("began_at")),
                ended_at=moment(pause.get("ended_at")),
            )
            for pause in one.pauses
        ),
        extensions=tuple(Extension(amount=more["amount"]) for more in one.extensions),
    )


def check(office: Office, case_id: UUID, calendar: WorkCalendar) -> None:
    """Rows, tasks and turns are what the journal alone gives."""
    with office.reading() as records:
        rows = records.clocks.of_case(case_id)
        turns = {one.id: one.due_at for one in records.agenda.of_case(case_id) if one.kind == "clock"}
    known = told(journal_of(office, case_id))
    assert {row.id for row in rows} == known.keys()
    tasks = open_tasks(office, case_id)
    for row in rows:
        one = known[row.id]
        assert (row.state == "STOPPED") is one.stopped
        if one.stopped:
            continue
        end = deadline(calendar, value_of(one))
        if one.red_at is not None:
            assert row.light == "red" and row.due_at == datetime.fromisoformat(one.red_at)
        else:
            assert row.due_at == (None if end is None else end.at), (row.kind, row.name)
        if row.kind == "STAGE":
            assert tasks[row.element or ""].due_at == row.due_at
        assert row.id in turns


def act(office: Office, clock: Clock, case_id: UUID, dice: random.Random, shelf: dict[str, WorkCalendar]) -> None:
    """One random act of the people of a case."""
    match dice.choice(
        ("wait", "wait", "wait", "pause", "pause", "extend", "calendar", "suspend", "outage", "back", "heard")
    ):
        case "wait":
            wait_until(office, clock, (clock.now + timedelta(hours=dice.choice((3, 20, 26, 50)))).isoformat())
        case "pause":
            kind = dice.choice(("EXPERT", "INSPECTION"))
            suspend_clock(office, CHIEF, case_id, kind=kind, notice="W12", expected_days=5)
            wait_until(office, clock, (clock.now + timedelta(hours=dice.choice((2, 30, 75)))).isoformat())
            resume_clock(office, CHIEF, case_id, kind=kind)
        case "extend":
            asked = ask_extension(office, REVIEWER, case_id, amount=dice.randint(1, 10), reason="案情复杂")
            decide_extension(office, HEAD, case_id, asked.id, grant=True, notice="W25")
        case "calendar":
            day = (clock.now + timedelta(days=dice.randint(1, 20))).date()
            shelf["now"] = dice.choice((standard_calendar(), WorkCalendar(working_days(**{f"d{day:%Y%m%d}": False}))))
            with office.transaction() as records:
                recount_all(office, records, "CALENDAR")
        case "suspend":
            suspend_case(office, KEEPER, case_id)
            wait_until(office, clock, (clock.now + timedelta(hours=dice.choice((1, 30)))).isoformat())
            resume_case(office, KEEPER, case_id)
        case "outage":
            up = clock.now - timedelta(minutes=dice.randint(1, 600))
            declare_outage(office, KEEPER, up - timedelta(hours=dice.randint(1, 30)), up, "机房断电")
        case "back" if "Review" in (found := open_tasks(office, case_id)):
            complete_task(office, ENGINE, found["Review"].id, variables={"back": True})
        case "heard" if "Hear" in (found := open_tasks(office, case_id)):
            complete_task(office, ENGINE, found["Hear"].id)


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_what_the_journal_says(
    any_office: Office,
    clock: Clock,
    calendars: dict[str, WorkCalendar],  # noqa: F811
    seed: int,
) -> None:
    office, dice = any_office, random.Random(seed)
    hire(office, (*CAST, HEAD))
    deploy_text(office, item(BODY, limit="13wd", statutory="20wd", data_contract="back"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item", variables={"back": False})
    complete_task(office, ENGINE, open_tasks(office, case.id)["Accept"].id)
    for _ in range(25):
        check(office, case.id, calendars["now"])
        try:
            act(office, clock, case.id, dice, calendars)
        except Conflict:  # red, once only, too late
            continue
    check(office, case.id, calendars["now"])
