"""首席代表: what climbed the ladder to me and why, what is about to, the department's board, and one task to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import CaseFile
from service.casework.letters import signatures_under
from service.casework.posts import CHIEF, HEAD, LEADER
from service.casework.separation import Bar, acting_instead, bar_of, matter_of
from service.casework.workbench.duty_calendar import DutyWeeks, duty_weeks
from service.casework.workbench.task_pages import TaskPage, task_page
from service.casework.workbench.work import WorkItem, with_people, work_item
from service.rules.letters import LetterState
from service.rules.lights import Light
from service.rules.refusals import Forbidden
from service.rules.vocabulary import JournalAction
from service.rules.worktime import SHANGHAI, CalendarMissing
from service.store.department_work import department_work, lines_about, passed_by_silence
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.letters import LetterRow
    from service.store.records import Records

CHIEFS = (CHIEF, LEADER, HEAD)
VIEWS = ("escalated", "mine", "soon", "overdue", "today", "all", "silent")
PAGE = 20
SILENT_DAYS = 30
RUNG_LINES = (JournalAction.LADDER_CLIMBED, JournalAction.TASK_ESCALATED, JournalAction.TASK_HANDED_OVER)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of how a task came here. `rung`: of the ladder, else empty (代岗); `told`: whom."""

    at: datetime
    rung: str
    before: str | None
    after: str | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChiefItem:
    """One task with how it came here."""

    item: WorkItem
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One line of the board: an item of the catalogue or a person, with open tasks by light."""

    key: str
    name: str
    total: int
    lights: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ChiefPage:
    """What the page shows. `counts`: per view, with the filters; each equals the list it opens."""

    department: str
    department_name: str
    view: str
    items: tuple[ChiefItem, ...]
    counts: Mapping[str, int]
    lights: Mapping[str, int]
    by_item: tuple[Tally, ...]
    by_person: tuple[Tally, ...]
    page: int
    pages: int
    total: int
    weeks: DutyWeeks
    letter: LetterRow | None
    signed_since: datetime | None
    people: Mapping[str, PersonCard]
    now: datetime
    person: str | None = None
    process: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionPage:
    """One task to decide on a phone: the task page, how it came here, since when one has a signature, who else may do it.

    `signed`: completed tasks of the case whose signature can be shown under the opinion.
    """

    task: TaskPage
    steps: tuple[Step, ...]
    instead: tuple[tuple[str, str], ...] = ()
    barred: Bar | None = None
    people: Mapping[str, PersonCard] = field(default_factory=dict)
    signed_since: datetime | None = None
    signed: frozenset[UUID] = frozenset()


def chief_page(
    office: Office,
    actor: Actor,
    *,
    view: str = "escalated",
    person: str | None = None,
    process: str | None = None,
    page: int = 1,
) -> ChiefPage:
    """The department of the actor. `person`, `process`: only their tasks; an item is
    known by its name, whatever the version or the variant a chain calls. Refused: Forbidden CHIEFS_ONLY."""
    if actor.department is None or not actor.has(*CHIEFS):
        raise Forbidden("CHIEFS_ONLY", "这里只供首席代表、分管领导和部门主要负责人使用")
    with office.reading() as records:
        bench = Workbench(records)
        rows = department_work(records, actor.department, actor.username)
        open_ = [work_item(records.calendar, row, records.now) for row in rows]
        everything = tuple(one for one in open_ if one.row.department == actor.department)
        silent = passed_by_silence(records, actor.department, records.now - timedelta(SILENT_DAYS))
        chosen = [one for one in open_ if _fits(one, person, process)]
        soon = _soon(records)
        groups = {
            name: [one for one in chosen if _belongs(one, name, actor, soon)] for name in VIEWS if name != "silent"
        }
        passed = [work_item(records.calendar, row, records.now) for row in silent]
        groups["silent"] = [one for one in passed if _fits(one, person, process)]
        found = groups[view]
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(page, 1), pages)
        shown = with_people(bench, found[(page - 1) * PAGE : page * PAGE])
        steps = _steps(records, [one.row.id for one in shown])
        today = records.now.astimezone(SHANGHAI).date()
        weeks = duty_weeks(records, actor.department, today)
        letters = records.letters.listing(actor.department)
        signature = records.letters.signature(actor.username)
        names = {one.row.assignee for one in everything if one.row.assignee}
        names |= {
            name for some in steps.values() for step in some for name in (step.before, step.after, *step.told) if name
        }
        names |= {half.who for day in weeks.days for halves in day.posts.values() for half in halves if half.who}
        names |= {name for day in weeks.days for halves in day.posts.values() for half in halves for name in half.away}
        people = bench.people({*names, actor.username})
        departments = bench.departments()
        return ChiefPage(
            department=actor.department,
            department_name=(departments.get(actor.department) or (actor.department, actor.department))[0],
            view=view,
            items=tuple(ChiefItem(item=one, steps=steps.get(one.row.id, ())) for one in shown),
            counts={name: len(group) for name, group in groups.items()},
            lights=Counter(str(one.light) for one in everything),
            by_item=_tallies(everything, lambda one: (one.row.process_name, one.row.process_name)),
            by_person=_tallies(everything, lambda one: _holder(one, people)),
            page=page,
            pages=pages,
            total=len(found),
            weeks=weeks,
            letter=next(
                (
                    row
                    for row in letters
                    if row.standing(today) is LetterState.ACTIVE and actor.username in (row.grantee, row.deputy)
                ),
                None,
            ),
            signed_since=None if signature is None else signature[1],
            people=people,
            now=records.now,
            person=person,
            process=process,
        )


def decision_page(office: Office, actor: Actor, task_id: UUID) -> DecisionPage:
    """One task for the page that decides it. Refused: Missing TASK_NOT_FOUND; Forbidden CHIEFS_ONLY."""
    if actor.department is None or not actor.has(*CHIEFS):
        raise Forbidden("CHIEFS_ONLY", "这里只供首席代表、分管领导和部门主要负责人使用")
    page = task_page(office, actor, task_id)
    with office.reading() as records:
        steps = _steps(records, [task_id]).get(task_id, ())
        names = {name for step in steps for name in (step.before, step.after, *step.told) if name}
        signature = records.letters.signature(actor.username)
        instead: tuple[tuple[str, str], ...] = ()
        barred = None
        case, row = records.cases.find(page.case.id), records.tasks.find(task_id)
        if case is not None and row is not None and row.ended_at is None:
            matter = matter_of(records, CaseFile(case), row, records.tasks.stages_of(case.id), office)
            instead = acting_instead(records, matter, row.assignee or "", row)
            barred = bar_of(records, matter, actor.username)
        return DecisionPage(
            task=page,
            steps=steps,
            instead=instead,
            barred=barred,
            people=Workbench(records).people(names),
            signed_since=None if signature is None else signature[1],
            signed=frozenset(signatures_under(records, records.history.lines(page.case.id))),
        )


def _fits(one: WorkItem, person: str | None, process: str | None) -> bool:
    return (person is None or (one.row.assignee or "") == person) and (
        process is None or one.row.process_name == process
    )


def _soon(records: Records) -> datetime:
    """The end of the next half-day."""
    try:
        return records.calendar.due_after_half_days(records.now, 1)
    except CalendarMissing:
        return records.now + timedelta(hours=4)


def _belongs(one: WorkItem, view: str, actor: Actor, soon: datetime) -> bool:
    row = one.row
    match view:
        case "escalated":
            return row.escalated_at is not None
        case "mine":
            return row.assignee == actor.username
        case "soon":
            near = row.due_at is not None and row.due_at <= soon and one.light is not Light.STOPPED
            return row.escalated_at is None and one.light is not Light.RED and (one.light is Light.YELLOW or near)
        case "overdue":
            return one.light is Light.RED
        case "today":
            return one.band == "today"
        case _:
            return True


def _steps(records: Records, task_ids: Sequence[UUID]) -> dict[UUID, tuple[Step, ...]]:
    """How each task climbed: every rung with its own instant, take-overs and hand-overs with theirs."""
    found: dict[UUID, list[Step]] = {}
    for line in lines_about(records, task_ids, RUNG_LINES):
        detail = line.detail or {}
        if line.task_id is None or line.action == JournalAction.TASK_ESCALATED and detail.get("from") is None:
            continue
        at = datetime.fromisoformat(str(detail["at"])) if detail.get("at") else line.written_at
        rung = str(detail.get("rung") or ("L3" if line.action == JournalAction.TASK_ESCALATED else ""))
        step = Step(
            at=at,
            rung=rung,
            before=detail.get("from"),
            after=detail.get("to"),
            told=tuple(str(name) for name in detail.get("told", ())),
        )
        steps = found.setdefault(line.task_id, [])
        same = next((number for number, one in enumerate(steps) if one.rung == rung and rung), None)
        if same is None:
            steps.append(step)
        else:
            steps[same] = _together(steps[same], step)
    return {task: tuple(steps) for task, steps in found.items()}


def _together(first: Step, second: Step) -> Step:
    """The rung and the take-over it brings are one step: when it was due, from whom to whom, who was told."""
    moved = next((one for one in (first, second) if one.before != one.after and one.before and one.after), first)
    return Step(
        at=min(first.at, second.at),
        rung=first.rung,
        before=moved.before,
        after=moved.after,
        told=first.told or second.told,
    )


def _holder(one: WorkItem, people: Mapping[str, PersonCard]) -> tuple[str, str]:
    username = one.row.assignee or ""
    return username, people[username].name if username in people else username


def _tallies(items: Sequence[WorkItem], key: Callable[[WorkItem], tuple[str, str]]) -> tuple[Tally, ...]:
    names: dict[str, str] = {}
    counts: dict[str, Counter[str]] = {}
    for one in items:
        found, name = key(one)
        names[found] = name
        counts.setdefault(found, Counter())[str(one.light)] += 1
    lines = [
        Tally(key=found, name=names[found], total=sum(lights.values()), lights=dict(lights))
        for found, lights in counts.items()
    ]
    return tuple(sorted(lines, key=lambda one: (-one.lights.get("red", 0), -one.total, one.name)))
