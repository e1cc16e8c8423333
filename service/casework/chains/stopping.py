"""One item of a running chain ends undecided: its applicant takes it back, or who leads leaves its department out.

The frame of the chain draws it as `Dropped_<node>` on the edge of the item's call (ERR_ITEM_STOPPED, thrown at whatever
waits in the item) and says how the chain goes on: without the item when it was left out, by 牵头会商 when it was taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.asking import asking
from service.casework.clockwork.book import STOPPED
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.projection import Running, settle
from service.engine.facts import WaitKind
from service.rules.clocks import ClockKind
from service.rules.refusals import Conflict
from service.rules.vocabulary import InHouseAction, JournalAction, Mark
from service.store.cases import CaseRow
from service.store.clocks import ClockRow
from service.store.records import Records

CODE, CALL, EDGE = "ERR_ITEM_STOPPED", "Call_", "Dropped_"
THROWN_AT = (WaitKind.USER_TASK, WaitKind.ACTION, WaitKind.EXTERNAL_TASK)
HOW = {Mark.WITHDRAWN: "withdrawn", Mark.TERMINATED: "left_out"}  # `stopped_as` of the diagram
PAPERS = ("W24", "W23")  # 终止通知书, 材料退还清单
TOLD = "M23"
DECIDED = frozenset({Mark.DECIDED_YES, Mark.DECIDED_NO, Mark.READY, Mark.DELIVERED})


@dataclass(frozen=True, kw_only=True)
class StoppableItem:
    """An item of a chain that may still be stopped by itself."""

    node: str
    name: str
    department: str


def stoppable(office: Office, records: Records, row: CaseRow) -> tuple[StoppableItem, ...]:
    """The items of a chain that run undecided, in the order of the diagram; found by the clocks of its nodes."""
    program = office.programs.for_binding(records, row.binding_id, row.key)
    if row.ended_at is not None or program.attributes(row.key).get("kind") != "CHAIN":
        return ()
    running = _running(records.clocks.of_case(row.id))
    decided = decided_scopes(records, CaseFile(row)) if running else frozenset()
    cards = program.elements(row.key)
    return tuple(
        StoppableItem(node=slug, name=card.name, department=card.zw.get("dept", ""))
        for element, card in cards.items()
        if (slug := element.removeprefix(CALL)) != element and f"{EDGE}{slug}" in cards
        if element in running and running[element] not in decided
    )


def require_stoppable(records: Records, running: Running, node: str) -> tuple[UUID, UUID]:
    """The item of a node and a token in it that waits. Refused: Conflict NODE_NOT_RUNNING."""
    clocks = () if running.move is None else tuple(running.move.clocks.rows.values())
    scope = _running(clocks).get(CALL + node)
    if scope is not None and scope not in decided_scopes(records, running.file):
        around = {one.host: one.parent for one in running.run.scopes()}
        for wait in running.run.waits().values():
            if wait.kind in THROWN_AT and _stands_in(wait.scope, scope, around) and running.run.catches(wait.id, CODE):
                return scope, wait.id
    raise Conflict("NODE_NOT_RUNNING", "这个事项现在没有在办，或者已经作出决定，不能单独停办。")


def stop_item(
    records: Records, running: Running, node: str, mark: Mark, actor: Actor, reason: str, values: Mapping[str, str]
) -> None:
    """The item ends with its mark, its papers go out, and the chain goes on as it is drawn. Bills are the chain's, not its items'.

    `values`: what the papers are told besides. The caller has settled nothing yet; this settles. Refused: as `require_stoppable`.
    """
    file, element = running.file, EDGE + node
    scope, token = require_stoppable(records, running, node)
    write(
        records,
        file,
        JournalAction.ITEM_REACHED,
        actor,
        element=element,
        detail={"mark": mark.value, "scope": str(scope)},
    )
    running.run.throw_error(token, CODE, reason, {"stopped_as": HOW[mark]})
    settle(records, running)
    asked = [(InHouseAction.DOCUMENT.value, {"doc": code}) for code in PAPERS]
    asked.append((InHouseAction.MESSAGE.value, {"sms": TOLD}))
    records.agenda.add(
        [
            asking(
                file.id, act, element=None, scope=scope, process=_called(running, node), inputs=inputs, values=values,
                now=records.now, place=place,
            )
            for place, (act, inputs) in enumerate(asked)
        ]
    )  # fmt: skip
    records.prompt = True


def decided_scopes(records: Records, file: CaseFile) -> frozenset[UUID]:
    """The items of a case that have been decided."""
    lines = (*records.history.lines(file.id), *file.lines)
    found = [line.detail or {} for line in lines if line.action == JournalAction.ITEM_REACHED]
    return frozenset(UUID(one["scope"]) for one in found if one.get("scope") and one.get("mark") in DECIDED)


def _running(clocks: Iterable[ClockRow]) -> dict[str, UUID]:
    """Call → the item that runs there, by the limit of the node."""
    return {
        row.element: row.scope_id
        for row in clocks
        if row.kind == ClockKind.MILESTONE and row.element and row.scope_id is not None and row.state != STOPPED
    }


def _stands_in(scope: UUID | None, item: UUID, around: Mapping[UUID | None, UUID | None]) -> bool:
    while scope is not None and scope != item:
        scope = around.get(scope)
    return scope == item


def _called(running: Running, node: str) -> str:
    card = running.program.elements(running.file.row.key).get(f"Call_{node}")
    return "" if card is None else card.called or ""
