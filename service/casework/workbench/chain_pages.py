"""联办: every branch of a chain with its department, its light, who has it, and when silence will count as an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.chains.joining import JoinPage, join_page
from service.casework.matrices import MatrixNode, matrix_page
from service.casework.workbench.case_pages import CasePage, case_page
from service.casework.workbench.clock_panel import PanelItem
from service.casework.workbench.diagrams import Diagram
from service.casework.workbench.led_pages import Led, may_lead, said_by_lead
from service.casework.workbench.work import WorkItem
from service.rules.refusals import Missing
from service.rules.vocabulary import CaseState

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

RULINGS, NOTED = "meeting_rulings", "Script_Ruling"  # of the frame of the chains
SPEAKS = {"opinion": "OPINION", "stage_skip": "REVIEW", "decision": "APPROVE"}  # zw:tacit → the stage silence passes


@dataclass(frozen=True, kw_only=True)
class Silence:
    """When silence counts, and of what: zw:tacit of the item or the task."""

    level: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One item of a chain. `state`: AHEAD (its turn has not come), RUNNING, DONE, OUT (it takes no part).

    `scopes`: of every round; `lead`: it coordinates, the others take part.
    """

    name: str
    department: str
    duty: str
    state: str
    scopes: tuple[UUID, ...]
    clocks: PanelItem | None
    work: tuple[WorkItem, ...]
    silence: Silence | None
    node: str = ""  # as the diagram calls it; empty for what a chain calls besides its nodes

    @property
    def scope(self) -> UUID | None:
        """The latest round."""
        return self.scopes[-1] if self.scopes else None

    @property
    def light(self) -> str:
        """The light of its limit; `none` when no limit runs."""
        return self.clocks.light.value if self.clocks is not None and self.clocks.live else "none"

    @property
    def due(self) -> datetime | None:
        """When its limit ends, else the first of its open tasks."""
        bound = self.clocks.binding.row.due_at if self.clocks is not None and self.clocks.binding is not None else None
        return bound or min((one.row.due_at for one in self.work if one.row.due_at is not None), default=None)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a joint review has ruled on a chain (`MSG_MEETING_RULED`), and when it was told."""

    text: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChainPage:
    """A chain: the case with its clocks and its branches, department by department. `joined`: the departments asked besides;
    `led`: who looks may add departments and leave them out; `leads`: the actor speaks for who leads; `said`: what who leads
    has summed up and whom it has convened; `rulings`: of joint reviews, the latest first."""

    page: CasePage
    branches: tuple[Branch, ...]
    matrix: bool
    joined: JoinPage
    led: bool
    leads: bool = False
    said: tuple[Led, ...] = ()
    rulings: tuple[Ruling, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many branches are in each state."""
        states = [one.state for one in self.branches]
        return {state: states.count(state) for state in ("RUNNING", "AHEAD", "DONE", "OUT")}

    @property
    def silent(self) -> tuple[Branch, ...]:
        """The branches whose silence will count, the next first."""
        found = [one for one in self.branches if one.silence is not None]
        return tuple(sorted(found, key=lambda one: (one.silence.at if one.silence else self.page.now, one.name)))


def chain_page(office: Office, actor: Actor, case_id: UUID) -> ChainPage:
    """The branches of a chain. Refused: Missing CASE_NOT_FOUND, CHAIN_NONE."""
    page = case_page(office, actor, case_id)
    if not page.chain:
        raise Missing("CHAIN_NONE", "本件不是联办件。")
    matrix = matrix_page(office, actor, case_id)
    nodes, joined = matrix.nodes, join_page(office, actor, case_id)
    own = page.diagrams[0]
    branches: list[Branch] = []
    told: set[UUID] = set()
    for node in nodes:
        mark = own.marks.get(f"Call_{node.node}")
        scopes = mark.calls if mark is not None else ()
        told.update(scopes)
        branches.append(_of_node(page, node, scopes))
    for diagram in page.diagrams:
        if diagram.scope is not None and diagram.parent is None and diagram.scope not in told:
            branches.append(_of_call(page, diagram))
    order = {"RUNNING": 0, "AHEAD": 1, "DONE": 2, "OUT": 3}
    branches.sort(key=lambda one: (order[one.state], one.department, one.name))
    return ChainPage(
        page=page,
        branches=tuple(branches),
        matrix=bool(nodes),
        joined=joined,
        led=(joined.may and joined.open) or any(one.free and one.node in matrix.led for one in nodes),
        leads=page.case.state == CaseState.ACTIVE and may_lead(office, actor, case_id),
        said=said_by_lead(office, actor, case_id),
        rulings=_rulings(office, case_id),
    )


def _rulings(office: Office, case_id: UUID) -> tuple[Ruling, ...]:
    """Each ruling with the instant at which the frame of the chain wrote it down."""
    with office.reading() as records:
        kept = (one.value for one in records.variables.of_case(case_id) if one.name == RULINGS)
        texts = next((one for one in kept if isinstance(one, list)), [])
        times = [one.started_at for one in records.history.activities(case_id) if one.element == NOTED] if texts else []
    at = [None] * (len(texts) - len(times)) + times[-len(texts) :]
    return tuple(Ruling(text=str(text), at=when) for text, when in zip(texts, at, strict=True))[::-1]


def _of_node(page: CasePage, node: MatrixNode, scopes: tuple[UUID, ...]) -> Branch:
    work = _work(page, scopes)
    around = page.diagrams[0].marks.get(f"Node_{node.node}")
    hosted = around.tasks if around is not None else ()  # its own desks too: 牵头会商
    running = any(one.running for one in page.diagrams if one.scope in scopes) or bool(work or hosted)
    possible = f"Call_{node.node}" in page.to_come or f"Node_{node.node}" in page.to_come
    ahead = possible and (node.taken or not node.free)
    state = "RUNNING" if running else "DONE" if scopes else "AHEAD" if ahead else "OUT"
    clocks = page.clocks.item(scopes[-1]) if scopes else None
    return Branch(
        name=node.name,
        department=node.department,
        duty=node.duty,
        state=state,
        scopes=scopes,
        clocks=clocks,
        work=hosted or work,
        silence=_silence(page, scopes, work, clocks),
        node=node.node,
    )


def _of_call(page: CasePage, diagram: Diagram) -> Branch:
    assert diagram.scope is not None
    scopes = (diagram.scope,)
    work, clocks = _work(page, scopes), page.clocks.item(diagram.scope)
    department = next((one.row.department for one in clocks.clocks if one.row.department), None) if clocks else None
    department = department or next((item.row.department for item in work if item.row.department), "")
    return Branch(
        name=diagram.name,
        department=department or "",
        duty="",
        state="RUNNING" if diagram.running else "DONE",
        scopes=scopes,
        clocks=clocks,
        work=work,
        silence=_silence(page, scopes, work, clocks),
    )


def _work(page: CasePage, scopes: tuple[UUID, ...]) -> tuple[WorkItem, ...]:
    """The open tasks in a branch, also in what its item calls."""
    found = {
        item.row.id: item
        for one in page.diagrams
        if one.scope in scopes
        for mark in one.marks.values()
        for item in mark.tasks
    }
    return tuple(found.values())


def _silence(
    page: CasePage, scopes: tuple[UUID, ...], work: tuple[WorkItem, ...], clocks: PanelItem | None
) -> Silence | None:
    """When silence will count next: at the end of a task's limit, or of the item's when silence decides it."""
    level = page.tacit.get(scopes[-1], "") if scopes else ""
    if level == "decision" and clocks is not None and clocks.binding is not None and clocks.binding.row.due_at:
        return Silence(level=level, at=clocks.binding.row.due_at)
    stage = SPEAKS.get(level)
    dues = [item.row.due_at for item in work if item.row.stage == stage and item.row.due_at is not None]
    return Silence(level=level, at=min(dues)) if stage is not None and dues else None
