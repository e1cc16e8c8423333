"""The same ways in real cases: database, clocks, papers, messages and money. What is asserted is what the elements passed have asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from scripts.campaigns.city import CLERK, OWN_MESSAGES, City, Listener
from scripts.campaigns.month_people import offered
from scripts.campaigns.neighbours import connect, failing, lots_cast
from service.casework.clocks.proceedings import open_proceeding
from service.casework.clocks.turning import MILESTONE_LATE
from service.casework.papers.acts import INSTEAD
from service.rules.acts import ONCE_PER_CASE
from service.rules.worktime import SHANGHAI
from service.store import message_schema, papers_schema, schema
from tests.processes.library import BPMN, FILES, closure, tree
from tests.processes.walking.frame import miss_milestone, stop_item
from tests.processes.walking.openings import complete, known_at, moved, open_case
from tests.processes.walking.tally import Tally
from tests.processes.walking.walker import STOPPED, Step, Walked
from tests.processes.walking.words import ZW

MOST = 120  # things that happen in one case
ROUNDS = 6  # of one desk
HOLIDAYS = 12  # days the longest holidays have, and some more
PATIENCE = 45  # days silence may take
OTHERS = 4  # ways to one place
STEP = 0.2  # flows a step is worth
REFUSED = {"decision": "refuse", "recommendation": "refuse", "ruling": "proceed"}
ANYTIME = ("MSG_WITHDRAW", "MSG_MEETING_RULED", "MSG_DEPARTMENT_")  # nobody waits for these


@dataclass
class Case:
    """One way played. `faults`: incidents, papers and messages that should have gone out and have not; `figures`: what was looked at."""

    end: str | None = None
    passed: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)


def ways_of(walked: Walked, tally: Tally, tried: Collection[str] = ()) -> Iterator[tuple[Step, ...]]:
    """As few and as short ways as take every flow: each time the one that promises most of what no case has taken yet."""
    promised: Counter[str] = Counter()
    every = {name_of(trail): (trail, flows) for trail, flows, _ in (*walked.ways, *walked.others)}
    gone = {*tried}
    while left := {flow for flow in walked.taken - tally.passed(walked.key)[0] if promised[flow] < OTHERS}:
        worth = {name: len(flows & left) - STEP * len(trail) for name, (trail, flows) in every.items() if flows & left}
        name = max((name for name in worth if name not in gone), key=lambda name: worth[name], default=None)
        if name is None:
            return
        gone.add(name)
        promised.update(every[name][1] & left)
        yield every[name][0]


def name_of(trail: Sequence[Step]) -> str:
    """A way in words, and a mark of everything that is said on it."""
    said = repr([[*step.say.items()] for step in trail]).encode()
    return f"{' → '.join(map(str, trail))} #{sha256(said).hexdigest()[:8]}"


def play(city: City, key: str, trail: Sequence[Step]) -> Case:
    """One application goes the way as far as the service goes along, then to its end in the usual way."""
    said = (trail[0].say.get(name.removeprefix("=")) for name in others())
    connect(city.office, *others(), *filter(None, said))
    with lots_cast(_lots(trail)), failing() as down:
        down |= _refused(trail)
        case = open_case(city, key, trail)
        city.attend()
        for number, step in enumerate(trail[1:], 1):
            if step.kind == "task" and step.process in ("", key):
                _siblings(city, case, step, trail[1:number])
            going = _serve(city, case, step, key) if step.process not in ("", key) else _follow(city, case, step)
            down.clear()
            if not going:
                break
            down |= _refused(trail[number + 1 :])
        done: Counter[str] = Counter()
        for _ in range(MOST):
            if over(city, case) or not go_on(city, case, done):
                break
    return judge_case(city, key, case)


def _refused(steps: Sequence[Step]) -> set[str]:
    """Acts that will fail the next time they are done."""
    first: dict[str, str] = {}
    for step in steps:
        if step.kind in ("act", "error"):
            first.setdefault(step.element, step.kind)
    return {element for element, kind in first.items() if kind == "error"}


def _lots(steps: Sequence[Step]) -> dict[str, bool]:
    """How the lots of a way fall."""
    acts = [step for step in steps if step.kind == "act" and len(step.say) == 1]
    return {step.element: value for step in reversed(acts) for value in step.say.values() if isinstance(value, bool)}


@cache
def others() -> tuple[str, ...]:
    """Other systems the diagrams name."""
    every = {one.get(f"{ZW}to") for key in FILES for one in tree(key).iter() if isinstance(one.tag, str)}
    return tuple(sorted(every - {None}))


def _serve(city: City, case: UUID, step: Step, key: str) -> bool:
    """What is called comes to the end the way wants, desk by desk; whether it could."""
    inside = set(closure(step.process))
    listening = {event.get("id") for key in inside for event in tree(key).iter() if isinstance(event.tag, str)}
    if step.kind == "error":
        return step.say["code"] == STOPPED and stop_item(city, case, key, step)
    if step.kind == "escalation":  # a desk in it is late
        due = [one.row.due_at for one in city.desks(case) if one.process in inside and one.row.due_at is not None]
        if due:
            city.turn(max(min(due), city.now))
        return bool(due)
    for _ in range(MOST):
        desks = [one for one in city.desks(case) if one.process in inside]
        heard = [one for one in city.listeners(case) if one.element in listening and not one.name.startswith(ANYTIME)]
        if not desks and not heard:
            return True
        if step.say.get("fee_abandoned") and _never_pay(city, case):
            continue
        if not any(complete(city, desk, step.say) for desk in desks) and not _hear(city, case, heard):
            return False
        city.attend()
    return False


def _hear(city: City, case: UUID, heard: Sequence[Listener]) -> bool:
    """Money, else what comes from outside, else the next timer."""
    letters = [one for one in heard if one.name not in OWN_MESSAGES]
    return _pay(city, case) or any(city.tell(one) is None for one in letters) or _wait(city, case)


def _siblings(city: City, case: UUID, step: Step, done: Sequence[Step]) -> None:
    """What goes through a longer list than the engine was given: its other desks say what the last one said."""
    said = {one.element: one.say for one in done if one.kind == "task"}
    for _ in range(MOST):
        desks = city.desks(case)
        others = [one for one in desks if one.row.element in said]
        if not others or any(one.row.element == step.element for one in desks):
            return
        if not complete(city, others[0], said[others[0].row.element]):
            return
        city.attend()


def _follow(city: City, case: UUID, step: Step) -> bool:
    """Let one step happen; whether it could."""
    desk = next((one for one in city.desks(case) if one.row.element == step.element), None)
    match step.kind:
        case "task" if desk is not None:
            answers = {name: moved(city, value) for name, value in step.say.items()}
            answers |= {"complete_on": city.now.date().isoformat()} if "complete_on" in step.say else {}
            answers.pop("certificate_no", None)
            if "gaps" in answers:  # what the office can look up itself may not be asked for
                every = [*answers["gaps"], *offered(desk.row.form_key).get("gaps", ([],))[0]]
                answers["gaps"] = [*dict.fromkeys(gap for gap in every if "(共)" not in gap)][: len(answers["gaps"])]
            said = city.complete(desk, answers | known_at(city, desk, answers)) is None
            if not said and not complete(city, desk, step.say, exactly=True):  # days of the way may not do in the city
                return False
        case "clock":
            return _wait(city, case, *step.say.get("timer", ()))
        case "silence" if desk is not None and desk.row.due_at is not None:
            city.turn(desk.row.due_at + timedelta(days=4))
            for _ in range(PATIENCE):  # the whole matter has more time than one desk
                if not any(one.row.id == desk.row.id for one in city.desks(case)):
                    break
                city.turn(city.now + timedelta(days=1))
        case "escalation" if step.say.get("code") == MILESTONE_LATE:
            return miss_milestone(city, case)
        case "escalation" if desk is not None and desk.row.due_at is not None:
            city.turn(max(desk.row.due_at, city.now))
        case "message" if step.element == "Paid":
            return _pay(city, case)
        case "message" if step.element == "Abandoned":
            return _never_pay(city, case)
        case "message":
            heard = next((one for one in city.listeners(case) if one.element == step.element), None)
            if heard is None or city.tell(heard, step.say) is not None:
                return False
        case "act":
            return True
        case "error" if (
            desk is None
        ):  # what is refused is tried again within the hour, then the diagram goes the other way
            city.turn(city.now + timedelta(hours=1))
        case _:
            return False
    city.attend()
    return True


def go_on(city: City, case: UUID, done: Counter[str], *, besides: Collection[str] = (), pays: bool = True) -> bool:
    """The usual next thing; whether there was one. What has come back again and again is refused: the law forbids a grant.

    `besides`: desks nobody sits down at, nor is anything sent instead.
    """
    if not pays and _never_pay(city, case):
        city.attend()
        return True
    for desk in city.desks(case):
        if desk.row.element in besides:
            continue
        done[desk.row.element] += 1
        if complete(city, desk, REFUSED if done[desk.row.element] > ROUNDS else {}):
            city.attend()
            return True
    heard = [one for one in city.listeners(case) if not one.name.startswith(ANYTIME)]
    going = _hear(city, case, () if besides else heard)
    city.attend()
    return going


def _pay(city: City, case: UUID) -> bool:
    bills = [one for one in city.bills() if one.case_id == case]
    for bill in bills:
        city.pay(bill)
    city.attend()
    return bool(bills)


def _never_pay(city: City, case: UUID) -> bool:
    """Until nobody waits for the money any more."""
    days = [one.abandon_on for one in city.bills() if one.case_id == case and one.abandon_on is not None]
    if days:
        city.turn(datetime.combine(max(days), time(20), SHANGHAI))
    for _ in range(HOLIDAYS if days else 0):  # given up on the morning of the next working day
        if not any(one.case_id == case for one in city.bills()):
            break
        city.turn(city.now + timedelta(days=1))
    return bool(days)


def _wait(city: City, case: UUID, *elements: str) -> bool:
    """Until the next timer of the diagram, or of these elements when one of them has one."""
    with city.office.reading() as records:
        timers = [one for one in records.agenda.of_case(case) if one.kind == "timer" and one.due_at.year < 2030]
    if any(_silent(city, case, element) for element in elements):  # it would speak before anybody is late
        open_proceeding(city.office, city.actor(CLERK), case, kind="OBJECTION", reason="邻居异议")
    due = [one.due_at for one in timers if one.element in elements] or [one.due_at for one in timers]
    if due:
        city.turn(max(min(due), city.now))
    return bool(due)


def _silent(city: City, case: UUID, timer: str) -> bool:
    """Whether silence that can be held speaks for the desk a timer belongs to."""
    for desk in city.desks(case):
        for event in tree(desk.process).iter(f"{BPMN}boundaryEvent"):
            if event.get("id") == timer and event.get("attachedToRef") == desk.row.element:
                host = tree(desk.process).find(f".//{BPMN}userTask[@id='{desk.row.element}']")
                return host is not None and host.get(f"{ZW}tacit") in ("stage_skip", "decision")
    return False


def over(city: City, case: UUID) -> bool:
    """Whether a case has ended."""
    with city.office.reading() as records:
        row = records.cases.find(case)
        return row is None or row.ended_at is not None


def judge_case(city: City, key: str, case: UUID) -> Case:
    """What is there and what should be, once it is over."""
    found = Case()
    with city.office.reading() as records:
        row = records.cases.find(case)
        found.end = row.end_element if row is not None else None
        journal = list(records.history.lines(case))
        lines = [one.action for one in journal]
        if row is None or row.ended_at is None:
            waits = [one.element for one in records.tasks.open_of(case)]
            found.faults.append(f"{key} does not end; open: {waits}")
        elif lines.count("case:completed") != 1:
            found.faults.append(f"{key} ended, but the journal says {lines[-5:]}")
        for one in records.execute(select(schema.incident).where(schema.incident.c.case_id == case)):
            found.faults.append(f"{key}/{one.element}: incident: {one.message}")
        tasks = records.execute(select(schema.task.c.outcome).where(schema.task.c.case_id == case)).scalars().all()
        if lines.count("task:completed") != tasks.count("COMPLETED"):
            found.faults.append(
                f"{key}: {tasks.count('COMPLETED')} tasks done, {lines.count('task:completed')} in the journal"
            )
        found.faults += _unsettled(records, key, case, row is not None and row.ended_at is not None)
        asked = _asked(records, key, case, found.passed)
        document, message = papers_schema.document, message_schema.message
        papers = records.execute(select(document.c.code).where(document.c.case_id == case)).scalars().all()
        said = records.execute(select(message.c.code).where(message.c.case_id == case)).scalars().all()
        found.figures.update(
            cases=1, lines=len(lines), tasks=tasks.count("COMPLETED"), papers=len(papers), messages=len(said),
            bills=len(records.bills.of_case(case)),
        )  # fmt: skip
        stopped = any(one.pauses for one in records.clocks.of_case(case))
        promised = not any(((one.detail or {}).get("answers") or {}).get("committed") == "no" for one in journal)
    there = {*papers, *said} | (set() if stopped else {"W08"})  # a case of its own has no clocks that could stand still
    there |= set() if promised else {"W06"}
    for element, codes in asked:
        for code in codes.split():
            if code not in there and INSTEAD.get(code) not in there:
                found.faults.append(f"{element} was passed, but {code} is not there")
    return found


def _unsettled(records: Any, key: str, case: UUID, ended: bool) -> list[str]:
    """Bills that are open after the end, or whose lines do not add up."""
    return [
        f"{key}: bill {bill.number} of {bill.total} is {bill.state}"
        for bill in records.bills.of_case(case)
        if (ended and bill.state in ("ISSUED", "OVERDUE"))
        or sum(line.amount for line in records.bills.lines_of([bill.id])) != bill.total
    ]


def _asked(records: Any, called_by: str, case: UUID, passed: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the elements that were completed ask for; notes which they were. What a case says once it says for itself."""
    keys: dict[UUID, str] = {}
    found = []
    for table in (schema.activity, schema.task):
        for one in records.execute(select(table).where(table.c.case_id == case, table.c.ended_at.is_not(None))):
            if one.definition_id not in keys:
                keys[one.definition_id] = records.deployments.definition(one.definition_id).key
            if one.outcome not in ("CANCELLED",):
                passed.add((keys[one.definition_id], one.element))
    for key in {process for process, _ in passed}:
        for element in tree(key).iter():
            if isinstance(element.tag, str) and (key, element.get("id")) in passed:
                codes = f"{element.get(f'{ZW}doc', '')} {element.get(f'{ZW}sms', '')}".split()
                codes = [code for code in codes if key == called_by or code not in ONCE_PER_CASE]
                if codes:
                    found.append((f"{key}/{element.get('id')}", " ".join(codes)))
    return found
