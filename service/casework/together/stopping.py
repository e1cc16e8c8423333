"""One item of a running chain ends undecided: its applicant takes it back, or who leads leaves its department out.

The frame of the chain draws it as `Dropped_<node>` on the edge of the item's call (MSG_ITEM_STOPPED) and says how the chain
goes on: without the item when it was left out, by 牵头会商 when it was taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.asking import asking
from service.casework.journalling import CaseFile, write
from service.casework.money.billing import withdraw
from service.casework.office import Office
from service.casework.projection import Running, settle
from service.engine.facts import Wait
from service.rules.payments import OPEN as UNPAID
from service.rules.refusals import Conflict
from service.rules.vocabulary import InHouseAction, JournalAction, Mark
from service.store.cases import CaseRow
from service.store.records import Records

STOPPED, EDGE = "MSG_ITEM_STOPPED", "Dropped_"
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
    """The items of a chain that run undecided, in the order of the diagram."""
    nodes = {one.element.removeprefix(EDGE) for one in records.subscriptions.of_case(row.id) if one.name == STOPPED}
    if not nodes:
        return ()
    decided = decided_scopes(records, CaseFile(row))
    clocks = records.clocks.of_case(row.id)
    latest = {one.element: one.scope_id for one in sorted(clocks, key=lambda one: one.started_at) if one.element}
    cards = office.programs.for_binding(records, row.binding_id, row.key).elements(row.key)
    return tuple(
        StoppableItem(node=slug, name=card.name, department=card.zw.get("dept", ""))
        for element, card in cards.items()
        if element.startswith("Call_") and (slug := element.removeprefix("Call_")) in nodes
        if latest.get(element) not in decided
    )


def require_stoppable(records: Records, running: Running, node: str) -> Wait:
    """Where the item of a node may be stopped. Refused: Conflict NODE_NOT_RUNNING."""
    element = EDGE + node
    found = next(
        (one for one in running.run.waits().values() if one.element == element and one.event == STOPPED), None
    )
    if found is None:
        raise Conflict("NODE_NOT_RUNNING", "这个事项现在没有在办，或者已经作出决定，不能单独停办。")
    if found.host in decided_scopes(records, running.file):
        raise Conflict("NODE_NOT_RUNNING", "这个事项现在没有在办，或者已经作出决定，不能单独停办。")
    return found


def stop_item(
    records: Records, running: Running, node: str, mark: Mark, actor: Actor, reason: str, values: Mapping[str, str]
) -> None:
    """The item ends with its mark, its open bills are withdrawn, its papers go out, and the chain goes on as it is drawn.

    `values`: what the papers are told besides. The caller has settled nothing yet; this settles. Refused: as `require_stoppable`.
    """
    file, wait = running.file, require_stoppable(records, running, node)
    scope = wait.host
    write(
        records, file, JournalAction.ITEM_REACHED, actor, element=wait.element, detail={"mark": mark.value, "scope": str(scope)}
    )
    for bill in records.bills.of_case(file.id):
        if bill.scope_id == scope and bill.state in UNPAID:
            withdraw(records, running, bill, None, reason)
    running.run.deliver(wait.id, {"stopped_as": HOW[mark]})
    detail = {"name": STOPPED, "node": node, "how": HOW[mark], "reason": reason}
    write(records, file, JournalAction.MESSAGE_RECEIVED, actor, element=wait.element, detail=detail)
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


def _called(running: Running, node: str) -> str:
    card = running.program.elements(running.file.row.key).get(f"Call_{node}")
    return "" if card is None else card.called or ""
