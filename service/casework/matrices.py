"""职责矩阵 of a running chain: who takes part, and departments that are added or left out before their turn has come (SM-30).

What may be changed the diagram says itself: nodes behind a flow that asks the matrix for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.chains.stopping import stop_item, stoppable
from service.casework.journalling import CaseFile, case_file, require_running, write
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.rights import require_reader
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction, Mark
from service.store.cases import CaseRow
from service.store.records import Records

if TYPE_CHECKING:
    from service.engine import Program
    from service.engine.facts import ElementCard

MATRIX, CHIEF = "matrix", "chief_rep"
ASKED = re.compile(r'list contains\(matrix\.node, "(\w+)"\)')  # a flow that depends on whether a node takes part
SURVEY = "Sub_Survey"  # the one survey of a joint acceptance; items drawn `_joint` rely on it
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class MatrixNode:
    """One node of a chain. `taken`: it stands in the matrix; `begun`: its turn has come; `running`: its item is undecided;
    `free`: it may still be changed; `surveyed`: not any more, as the joint survey has begun; `with_it`: nodes that go with it."""

    node: str
    name: str
    department: str
    office: str  # its name
    duty: str
    limit: str
    taken: bool
    begun: bool
    running: bool
    free: bool
    surveyed: bool = False
    with_it: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MatrixPage:
    """The matrix of a case as somebody sees it. `led`: the nodes they may change."""

    title: str
    nodes: tuple[MatrixNode, ...]
    led: frozenset[str]


def matrix_page(office: Office, actor: Actor, case_id: UUID) -> MatrixPage:
    """Who takes part in a chain. Refused: Missing CASE_NOT_FOUND, MATRIX_NONE."""
    with office.reading() as records:
        row = records.cases.find(case_id)
        require_reader(records, actor, row)
        assert row is not None
        nodes = _nodes(office, records, row)
        return MatrixPage(
            title=row.title or row.business_key or "",
            nodes=nodes,
            led=frozenset() if row.ended_at is not None else frozenset(_led(office, records, row, actor)),
        )


def change_matrix(office: Office, actor: Actor, case_id: UUID, *, node: str, join: bool, reason: str) -> None:
    """A department joins a running chain before its turn, or is left out of it before it has decided, by the 首席代表 who leads.

    Its item ends then (`chains/stopping.py`). With a reason.

    Refused: Missing CASE_NOT_FOUND, MATRIX_NONE, NODE_UNKNOWN; Forbidden LEAD_ONLY; Invalid REASON_MISSING; Conflict CASE_ENDED,
    CASE_SUSPENDED, NODE_FIXED, NODE_BEGUN, NODE_SURVEYED, MATRIX_SAME.
    """
    if not reason.strip() or len(reason) > LONGEST:
        raise refuse("reason", "REASON_MISSING", "请写明理由")

    def act() -> None:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_running(file.row)
            _change(office, records, file, actor, node, join, reason.strip())

    office.attempt(act)


def _change(office: Office, records: Records, file: CaseFile, actor: Actor, node: str, join: bool, reason: str) -> None:
    found = {one.node: one for one in _nodes(office, records, file.row)}
    one = found.get(node)
    if one is None:
        raise Missing("NODE_UNKNOWN", "联办中没有环节“{node}”", node=node[:60])
    if node not in _led(office, records, file.row, actor):
        raise Forbidden("LEAD_ONLY", "只有牵头部门的首席代表可以调整联办部门。")
    if one.surveyed:
        raise Conflict("NODE_SURVEYED", "联合勘验已经开始，不能再调整“{name}”。", name=one.name)
    if not one.free and (one.running or not one.begun):
        raise Conflict("NODE_FIXED", "“{name}”是必经环节，不能调整。", name=one.name)
    if one.begun and not (one.running and not join):
        raise Conflict("NODE_BEGUN", "“{name}”已经开始，不能再调整。", name=one.name)
    if one.taken == join:
        raise Conflict("MATRIX_SAME", "“{name}”已经是这样了。", name=one.name)
    running = take_up(office, records, file)
    changed = (node, *one.with_it)
    rows = [row for row in running.run.variables().get(MATRIX) or () if row.get("node") not in changed]
    if join:
        cards = _program(office, records, file.row).elements(file.row.key)
        rows += [_row(cards, found[slug]) for slug in changed]
    running.run.set_variables({MATRIX: rows})
    detail = {"node": node, "name": one.name, "department": one.department, "joined": join, "reason": reason}
    write(records, file, JournalAction.CHAIN_CHANGED, actor, element=f"Node_{node}", detail=detail)
    if one.running:
        stop_item(records, running, node, Mark.TERMINATED, actor, reason, {})
    else:
        settle(records, running)


def _row(cards: Mapping[str, ElementCard], one: MatrixNode) -> dict[str, Any]:
    """A node that is taken in, as the decision table would have written it."""
    called = cards[f"Call_{one.node}"].called or ""
    row: dict[str, Any] = {"node": one.node, "name": one.name, "department": one.department, "duty": "协办"}
    row |= {"limit": one.limit, "code": called.removeprefix("item_").removesuffix("_joint").replace("_", "-")}
    return row | {"survey": called.endswith("_joint")} if SURVEY in cards else row


def _nodes(office: Office, records: Records, row: CaseRow) -> tuple[MatrixNode, ...]:
    program = _program(office, records, row)
    if program.attributes(row.key).get("kind") != "CHAIN":
        raise Missing("MATRIX_NONE", "本件没有职责矩阵。")
    own = (one for one in records.variables.of_case(row.id) if one.scope_id in (None, row.id))
    matrix = next((one.value for one in own if one.name == MATRIX), None)
    rows = {one["node"]: one for one in matrix if one.get("node")} if isinstance(matrix, list) else {}
    cards, names = program.elements(row.key), {one.code: one.name for one in records.people.departments()}
    entered = {one.element for one in records.history.activities(row.id)}
    open_items = {one.node for one in stoppable(office, records, row)}
    gates = {slug: card.element for card in cards.values() for text in card.conditions for slug in ASKED.findall(text)}
    found = []
    for element, card in cards.items():
        slug = element.removeprefix("Call_")
        if not element.startswith("Call_") or f"Node_{slug}" not in cards:
            continue
        begun = not entered.isdisjoint({f"Node_{slug}", gates.get(slug, f"Gateway_{slug}")})
        asked = isinstance(matrix, list) and slug in gates
        surveyed = asked and not begun and SURVEY in entered and (card.called or "").endswith("_joint")
        known = rows.get(slug, {})
        found.append(
            MatrixNode(
                node=slug,
                name=card.name,
                department=card.zw.get("dept", ""),
                office=names.get(card.zw.get("dept", ""), ""),
                duty=str(known.get("duty", "")),
                limit=card.zw.get("limit", ""),
                taken=slug in rows,
                begun=begun,
                running=slug in open_items,
                free=asked and not surveyed and (not begun or slug in open_items),
                surveyed=surveyed,
                with_it=_behind(cards, slug) if asked else (),
            )
        )
    return tuple(found)


def _behind(cards: Mapping[str, ElementCard], slug: str) -> tuple[str, ...]:
    """The nodes nothing but this one leads to."""
    found = [card.element.removeprefix("Node_") for card in cards.values() if card.after == (f"Node_{slug}",)]
    nodes = [one for one in found if f"Call_{one}" in cards and f"Node_{one}" in cards]
    return tuple(more for one in nodes for more in (one, *_behind(cards, one)))


def _led(office: Office, records: Records, row: CaseRow, actor: Actor) -> Sequence[str]:
    """The nodes whose stage somebody leads as a 首席代表; who leads the chain leads them all."""
    if not actor.has(CHIEF):
        return ()
    cards = _program(office, records, row).elements(row.key)
    lead = _program(office, records, row).attributes(row.key).get("lead")
    slugs = [element.removeprefix("Call_") for element in cards if element.startswith("Call_")]
    if actor.service or actor.department == lead:
        return slugs
    ruling = {slug: cards.get(f"Task_Coordinate_{slug}") for slug in slugs}
    return [slug for slug, card in ruling.items() if card is not None and card.zw.get("dept") == actor.department]


def _program(office: Office, records: Records, row: CaseRow) -> Program:
    return office.programs.for_binding(records, row.binding_id, row.key)
