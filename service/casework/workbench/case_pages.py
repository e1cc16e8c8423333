"""办件: the list of cases a person may read, and one case with its journal, its work and its diagrams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.clocks.showing import ProceedingView, proceeding_view
from service.casework.masking import reader_of, shown, shown_lines, shown_rows
from service.casework.rights import (
    CHAIN,
    COORDINATORS,
    SEERS,
    department_of,
    require_reader,
    require_seer,
    withheld_from,
)
from service.casework.untitled import reads_titles, untitled, without_title
from service.casework.workbench.answers import (
    Answered,
    answers_among,
    application_of,
    calls_among,
    forms_of_case,
)
from service.casework.workbench.clock_acts import ClockActs, acts_of
from service.casework.workbench.clock_panel import ClockPanel, clock_panel
from service.casework.workbench.diagrams import OPEN, Diagram, diagrams_of_case
from service.casework.workbench.process_load import step_name
from service.casework.workbench.work import PAGE, WorkItem, with_people, work_item
from service.engine.outlook import Outlook, outlook, reachable
from service.rules.forms import keys_of
from service.rules.refusals import Missing
from service.rules.vocabulary import CaseState
from service.store.history import CommentRow, JournalLine
from service.store.incidents import IncidentRow
from service.store.process_load import Standing
from service.store.variables import VariableRow
from service.store.workbench import CaseLine, PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.cases import CaseRow
    from service.store.records import Records

VIEWS: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "running": (CaseState.ACTIVE, CaseState.SUSPENDED),
    "completed": (CaseState.COMPLETED,),
    "terminated": (CaseState.TERMINATED,),
}


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """One page of cases. `work`: the open tasks of each case; `limits`: light and effective due instant of those with a
    limit; `lights`: how many cases of the view show each light; `keys`: processes to filter by.
    """

    items: tuple[CaseLine, ...]
    work: Mapping[UUID, tuple[WorkItem, ...]]
    limits: Mapping[UUID, tuple[str, datetime | None]]
    counts: Mapping[str, int]
    lights: Mapping[str, int]
    keys: Mapping[str, str]
    people: Mapping[str, PersonCard]
    total: int
    page: int
    pages: int
    step: str = ""  # the name of the step they stand at, when only those are wanted


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything the case page shows. `names`: element id → its name; `diagrams`: the case's own first.

    `acts`: scope → what the actor may do with the clocks there.
    """

    case: CaseLine
    tasks: tuple[WorkItem, ...]
    journal: tuple[JournalLine, ...]
    comments: tuple[CommentRow, ...]
    answered: tuple[Answered, ...]
    application: tuple[Mapping[str, Any] | None, Mapping[str, Any]]
    variables: tuple[VariableRow, ...]
    incidents: tuple[IncidentRow, ...]
    diagrams: tuple[Diagram, ...]
    clocks: ClockPanel
    acts: Mapping[UUID | None, ClockActs]
    proceedings: tuple[ProceedingView, ...]
    names: Mapping[str, str]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]
    now: datetime
    chain: bool = False  # 联办: it has a view of its branches
    to_come: frozenset[str] = frozenset()  # of a chain: elements of its own diagram its tokens may still reach
    calls: Mapping[UUID, UUID | None] = field(default_factory=dict)  # scope → the call it stands in
    tacit: Mapping[UUID | None, str] = field(default_factory=dict)  # scope → what silence means there (zw:tacit)

    @property
    def open_tasks(self) -> tuple[WorkItem, ...]:
        """The tasks somebody has to do now, the most urgent first."""
        far = datetime.max.replace(tzinfo=self.now.tzinfo)
        return tuple(
            sorted((t for t in self.tasks if t.row.ended_at is None), key=lambda t: (t.row.due_at or far, t.row.name))
        )


@dataclass(frozen=True, kw_only=True)
class DiagramPage:
    """One diagram with what the case has done on it. `ahead`: what comes next by the model and the variables of now."""

    diagram: Diagram
    names: Mapping[str, str]
    ahead: Outlook
    now: datetime


def case_list(
    office: Office,
    actor: Actor,
    *,
    view: str = "running",
    key: str | None = None,
    version: int | None = None,
    at: Standing | None = None,
    light: str | None = None,
    search: str = "",
    page: int = 1,
    followed: bool = False,
) -> CaseList:
    """The cases the actor may read, the latest first, with who has them now; or those the actor follows, by due instant."""
    with office.reading() as records:
        bench = Workbench(records)
        wanted: dict[str, Any] = {
            "username": actor.username,
            "department_code": department_of(actor),
            "everything": actor.has(*SEERS),
            "withheld": withheld_from(actor),
            "search": search,
            "titles": reads_titles(actor),
            "key": key,
            "version": version,
            "at": at,
            "states": VIEWS.get(view, ()),
            "light": light,
            "limit": PAGE,
            "followed": followed,
            "groups": actor.groups if followed else (),
            "leads": actor.department if actor.has(*COORDINATORS) else None,
        }
        page = max(page, 1)
        by_state, by_light, items = bench.cases(**wanted, skip=(page - 1) * PAGE)
        counts = {name: sum(by_state.get(s, 0) for s in states or by_state) for name, states in VIEWS.items()}
        total = counts.get(view, counts["all"]) if light is None else by_light.get(light, 0)
        pages = max(1, -(-total // PAGE))
        if page > pages:
            page = pages
            by_state, by_light, items = bench.cases(**wanted, skip=(page - 1) * PAGE)
        open_rows = bench.open_work_of([line.id for line in items])
        work = with_people(
            bench, [work_item(records.calendar, without_title(actor, row), records.now) for row in open_rows]
        )
        return CaseList(
            items=untitled(actor, items),
            work={line.id: tuple(one for one in work if one.row.case_id == line.id) for line in items},
            limits=bench.limits([line.id for line in items]),
            counts=counts,
            lights=by_light,
            keys=bench.process_names(),
            people=bench.people({line.started_by for line in items if line.started_by}),
            total=total,
            page=page,
            pages=pages,
            step=step_name(records, at.process, at.element) if at is not None else "",
        )


def case_page(office: Office, actor: Actor, case_id: UUID) -> CasePage:
    """One case with everything. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    with office.reading() as records:
        return _page(office, records, actor, require_reader(records, actor, records.cases.find(case_id)))


def case_frame(office: Office, actor: Actor, case_id: UUID) -> CasePage:
    """Where a case stands and what has failed in it, without what was filled in, said, decided or handed in (P07).

    Refused: Missing CASE_NOT_FOUND, also for who may not see it.
    """
    with office.reading() as records:
        case = require_seer(records, actor, records.cases.find(case_id))
        whole = _page(office, records, actor, case)
        places = {one.scope: one.name for one in whole.diagrams}
        return replace(
            whole,
            case=without_title(actor, replace(whole.case, reason=None)),
            journal=(),
            comments=(),
            answered=(),
            application=(None, {}),
            variables=(),
            proceedings=(),
            clocks=clock_panel(records.calendar, records.clocks.of_case(case_id), (), places, records.now),
        )


def _page(office: Office, records: Records, actor: Actor, case: CaseRow) -> CasePage:
    """Every table is read once, however long the case is."""
    case_id = case.id
    bench = Workbench(records)
    line = _line(bench, case_id)
    tasks = with_people(
        bench,
        [work_item(records.calendar, without_title(actor, row), records.now) for row in bench.work_of_case(case_id)],
    )
    lines, comments = records.history.lines(case_id), records.history.comments(case_id)
    told = reader_of(records, actor, case)
    opened = records.proceedings.of_case(case_id)
    journal = shown_lines(records, actor, case, lines)
    names = {line.started_by, *(j.actor for j in journal), *(c.author for c in comments)}
    names |= {name for row in opened for name in (row.opened_by, row.closed_by)}
    names |= {str(value) for j in journal for value in (j.detail or {}).values() if isinstance(value, str)}
    names |= {str(one) for j in journal for one in (j.detail or {}).get("told", ())}
    elements, forms = _element_names(office, records, line), forms_of_case(office, records, line)
    activities = records.history.activities(case_id)
    diagrams = diagrams_of_case(records, line, tasks, elements, activities)
    places = {one.scope: one.name for one in diagrams}
    panel = clock_panel(records.calendar, records.clocks.of_case(case_id), journal, places, records.now)
    proceedings = tuple(proceeding_view(row) for row in opened)
    variables = records.variables.of_scope(case_id, case_id)
    answered = answers_among((one.row for one in tasks), lines, forms)
    asked, said = application_of(office, records, line, forms=forms, variables=variables)
    going_on = line.state == CaseState.ACTIVE
    program = office.programs.for_binding(records, line.binding_id, line.key)
    silence = {program.definition_id(key): program.attributes(key).get("tacit", "") for key in program.processes()}
    return CasePage(
        case=line,
        tasks=tasks,
        journal=journal,
        comments=tuple(replace(one, message=told(one.message, one.author)) for one in comments),
        answered=tuple(replace(one, values=shown(records, actor, case, one.values)) for one in answered),
        application=(asked, shown(records, actor, case, said)),
        variables=shown_rows(records, actor, variables),
        incidents=records.incidents.open_of_case(case_id),
        diagrams=diagrams,
        clocks=panel,
        acts={one.scope: acts_of(actor, one, proceedings) for one in panel.items} if going_on else {},
        proceedings=proceedings,
        names=elements,
        people=bench.people({name for name in names if name}),
        departments=bench.departments(),
        now=records.now,
        chain=program.attributes(line.key).get("kind") == CHAIN,
        calls=calls_among(activities),
        to_come=_to_come(records, diagrams[0]) if program.attributes(line.key).get("kind") == CHAIN else frozenset(),
        tacit={one.scope: silence.get(one.definition_id, "") for one in diagrams},
    )


def diagram_page(office: Office, actor: Actor, case_id: UUID, scope: UUID | None) -> DiagramPage:
    """One diagram of a case as it stands now, and what comes next on it. Refused: Missing CASE_NOT_FOUND, DIAGRAM_NOT_FOUND."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        bench = Workbench(records)
        line = _line(bench, case_id)
        tasks = with_people(
            bench,
            [
                work_item(records.calendar, without_title(actor, row), records.now)
                for row in bench.work_of_case(case_id)
            ],
        )
        elements = _element_names(office, records, line)
        diagrams = diagrams_of_case(records, line, tasks, elements, records.history.activities(case_id))
        shown = next((one for one in diagrams if one.scope == scope), None)
        if shown is None:
            raise Missing("DIAGRAM_NOT_FOUND", "这个办件没有调用过这个流程。")
        return DiagramPage(diagram=shown, names=elements, ahead=_ahead(office, records, line, shown), now=records.now)


def _ahead(office: Office, records: Records, line: CaseLine, shown: Diagram) -> Outlook:
    """What comes next on a diagram that is not over."""
    found = Workbench(records).bpmn(shown.definition_id)
    active = [element for element, mark in shown.marks.items() if mark.state in OPEN]
    if found is None or not active:
        return Outlook()
    forms = forms_of_case(office, records, line)
    within = shown.scope or line.id
    values = {one.name: one.value for one in records.variables.of_scope(line.id, within)}
    return outlook(found[1], active, values, lambda key: keys_of(forms.get((shown.definition_id, key)) or {}))


def _to_come(records: Records, own: Diagram) -> frozenset[str]:
    found = Workbench(records).bpmn(own.definition_id)
    active = [element for element, mark in own.marks.items() if mark.state in OPEN]
    return reachable(found[1], active) if found is not None else frozenset()


def _line(bench: Workbench, case_id: UUID) -> CaseLine:
    line = bench.case(case_id)
    assert line is not None  # it was there a statement ago, in the same reading
    return line


def _element_names(office: Office, records: Records, line: CaseLine) -> dict[str, str]:
    program = office.programs.for_binding(records, line.binding_id, line.key)
    return {
        element: card.name
        for key in Workbench(records).binding(line.binding_id)
        for element, card in program.elements(key).items()
        if card.name
    }
