"""A whole chain is taken back, or ended, while some of its items have been decided: those stand, the others end with it (SP-10).

What they had handed over for the joint issue is handed out by itself (`delivery/parting.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.chains.stopping import CALL, DECIDED, decided_scopes
from service.casework.clockwork.book import STOPPED
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.clocks import ClockKind
from service.rules.refusals import Conflict
from service.rules.vocabulary import JournalAction, Mark
from service.store.cases import CaseRow
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class ChainItem:
    """An item a chain has begun."""

    node: str
    name: str
    scope: UUID


@dataclass(frozen=True, kw_only=True)
class ChainSplit:
    """What ending a chain now means for its items. `busy`: decided, but the certificate or the letter is not out yet."""

    ends: tuple[ChainItem, ...] = ()
    stands: tuple[ChainItem, ...] = ()
    busy: tuple[ChainItem, ...] = ()

    def told(self, reason: str, ending: str) -> str:
        """The reason as the papers say it."""
        said = reason.rstrip("。")
        if self.ends:
            said += f"。{ending}：{'、'.join(one.name for one in self.ends)}"
        if self.stands:
            said += f"。已经作出决定、不受影响：{'、'.join(one.name for one in self.stands)}"
        return said


def split_of(office: Office, records: Records, row: CaseRow) -> ChainSplit | None:
    """What ends and what stands, in the order it began; of an item filed again the last time counts. None: no chain, and no
    agency service that files chains."""
    program = office.programs.for_binding(records, row.binding_id, row.key)
    chains = {
        key: program.elements(key) for key in program.processes() if program.attributes(key).get("kind") == "CHAIN"
    }
    if not chains:
        return None
    decided = decided_scopes(records, CaseFile(row))
    ends: dict[tuple[str, str], ChainItem] = {}
    stands: dict[tuple[str, str], ChainItem] = {}
    busy: dict[tuple[str, str], ChainItem] = {}
    clocks = [one for one in records.clocks.of_case(row.id) if one.kind == ClockKind.MILESTONE and one.scope_id]
    for clock in sorted(clocks, key=lambda one: one.started_at):
        element, cards = clock.element or "", chains.get(clock.process, {})
        if not element.startswith(CALL) or element not in cards or clock.scope_id is None:
            continue
        item = ChainItem(node=element.removeprefix(CALL), name=cards[element].name, scope=clock.scope_id)
        place = (clock.process, item.node)
        for former in (ends, stands, busy):
            former.pop(place, None)
        runs = clock.state != STOPPED
        if item.scope in decided:
            (busy if runs else stands)[place] = item
        elif runs:
            ends[place] = item
    return ChainSplit(ends=tuple(ends.values()), stands=tuple(stands.values()), busy=tuple(busy.values()))


def require_open_chain(records: Records, file: CaseFile, split: ChainSplit) -> None:
    """Refused: Conflict WITHDRAWAL_DECIDED when the chain itself has come to its end, WITHDRAWAL_ISSUING while an item is decided
    and its paper is not out."""
    lines = (*records.history.lines(file.id), *file.lines)
    reached = [one.detail or {} for one in lines if one.action == JournalAction.ITEM_REACHED]
    over = any(one.get("mark") in DECIDED and one.get("scope") is None for one in reached)
    if over or (not split.ends and not split.busy and _issues(records, file)):
        raise Conflict("WITHDRAWAL_DECIDED", "本件已经作出决定，不能再撤回或终止。")
    if split.busy:
        raise Conflict(
            "WITHDRAWAL_ISSUING",
            "“{name}”已经作出决定，正在制证或者出具文书，请办完以后再撤回或终止。",
            name=split.busy[0].name,
        )


def end_items(records: Records, file: CaseFile, split: ChainSplit, mark: Mark, actor: Actor) -> None:
    """The mark of every item that ends."""
    for item in split.ends:
        detail = {"mark": mark.value, "scope": str(item.scope)}
        write(records, file, JournalAction.ITEM_REACHED, actor, element=CALL + item.node, detail=detail)


def _issues(records: Records, file: CaseFile) -> bool:
    """Whether only the joint issue is left: its desk is the chain's own."""
    clocks = records.clocks.of_case(file.id)
    chains = {None, *(one.scope_id for one in clocks if one.kind == ClockKind.CHAIN)}
    own = {one.id for one in clocks if one.scope_id in chains}
    return any(one.stage == "ISSUE" and one.id in own for one in records.tasks.open_of(file.id))
