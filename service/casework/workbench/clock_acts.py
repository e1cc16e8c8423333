"""What somebody may do with the clocks of an item, as far as pages can tell; casework decides again when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.clocks.extending import DEPARTMENT, EXTENDED, EXTENSION
from service.casework.clocks.pausing import BY_DIAGRAM
from service.casework.clocks.proceedings import KINDS
from service.casework.clocks.showing import ProceedingView, proceeding_view
from service.casework.rights import require_seer
from service.casework.untitled import reads_titles
from service.casework.workbench.answers import process_names
from service.casework.workbench.clock_panel import OpenPause, PanelItem, clock_panel
from service.rules.clocks import PauseKind
from service.rules.extensions import EXTENSION_RULES
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES
from service.rules.proof import local_day
from service.store.workbench import Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

WIDE = ("supervisor", "system_admin", "business_office")  # there for every department
DECIDERS = frozenset().union(*(rule.approvers | rule.delegates for rule in EXTENSION_RULES.values()))


@dataclass(frozen=True, kw_only=True)
class ClockActs:
    """Acts on one item. `kinds`: pauses the actor may approve; `held`: pauses the actor may end; `undecided`: extension
    requests to decide; `proceedings`: kinds that may be opened; `closable`: open ones that may be closed.
    """

    item: PanelItem
    kinds: tuple[PauseKind, ...] = ()
    held: tuple[OpenPause, ...] = ()
    may_ask: bool = False
    undecided: tuple[ProceedingView, ...] = ()
    proceedings: tuple[str, ...] = ()
    closable: tuple[ProceedingView, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.kinds or self.held or self.may_ask or self.undecided or self.proceedings or self.closable)


def acts_of(actor: Actor, item: PanelItem, proceedings: Sequence[ProceedingView]) -> ClockActs:
    """What the actor may do with an item whose case goes on."""
    if not item.live:
        return ClockActs(item=item)
    here = [one for one in proceedings if one.scope == item.scope and one.state == "OPEN"]
    asked = [one for one in here if one.kind == EXTENSION]
    departments = {one.row.department for one in item.live}
    ours = actor.service or actor.has(*WIDE) or None in departments or actor.department in departments
    extendable = [one for one in item.live if one.kind in EXTENDED]
    kinds = (
        tuple(kind for kind in PauseKind if kind not in BY_DIAGRAM and _may_pause(actor, kind, item)) if ours else ()
    )
    own = (
        not actor.service and actor.has(*DEPARTMENT) and actor.department in {one.row.department for one in extendable}
    )
    openable = tuple(
        kind
        for kind, roles in KINDS.items()
        if kind != "CORRECTION" and actor.has(*roles) and not any(one.kind == kind for one in here)
    )
    return ClockActs(
        item=item,
        kinds=tuple(kind for kind in kinds if not _is_open(item, kind)),
        held=tuple(one for one in item.pauses if ours and _may_end(actor, one)),
        may_ask=own and not asked and bool(extendable) and not any(one.clock.extensions for one in extendable),
        undecided=tuple(asked) if actor.service or not DECIDERS.isdisjoint(actor.roles) else (),
        proceedings=openable,
        closable=tuple(
            one for one in here if one.kind in KINDS and "bill" not in one.detail and actor.has(*KINDS[one.kind])
        ),
    )


@dataclass(frozen=True, kw_only=True)
class ActPage:
    """What the page of one act shows: the case, the item with what may be done, and today."""

    title: str
    number: str | None
    acts: ClockActs
    today: date


def act_page(office: Office, actor: Actor, case_id: UUID, scope: UUID | None) -> ActPage | None:
    """The item an act is about; None when it has no clock. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        case = Workbench(records).case(case_id)
        assert case is not None  # it was there a statement ago, in the same reading
        names, rows = process_names(records, case), records.clocks.of_case(case_id)
        panel = clock_panel(records.calendar, rows, (), names, records.now)
        item = panel.item(scope)
        if item is None:
            return None
        proceedings = [proceeding_view(row) for row in records.proceedings.of_case(case_id)]
        return ActPage(
            title=(case.title if reads_titles(actor) else None) or case.name,
            number=case.business_key,
            acts=acts_of(actor, item, proceedings),
            today=local_day(records.now),
        )


def _may_pause(actor: Actor, kind: PauseKind, item: PanelItem) -> bool:
    rule = PAUSE_RULES[kind]
    if rule.ordered and actor.has("supervisor"):
        return True
    return item.main.light is not Light.RED and not rule.approvers.isdisjoint(actor.roles)


def _may_end(actor: Actor, one: OpenPause) -> bool:
    if one.source or one.pause.kind not in PauseKind.__members__ or PauseKind(one.pause.kind) in BY_DIAGRAM:
        return False
    rule = PAUSE_RULES[PauseKind(one.pause.kind)]
    return (rule.ordered and actor.has("supervisor")) or not rule.approvers.isdisjoint(actor.roles)


def _is_open(item: PanelItem, kind: PauseKind) -> bool:
    return any(one.pause.kind == kind for one in item.pauses)
