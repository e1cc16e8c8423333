"""What the diagrams of a program say about time: which processes are items or chains, which nodes are marks or pauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from service.rules.clocks import PauseKind

if TYPE_CHECKING:
    from service.engine import ElementCard, Program
    from service.store.clocks import ClockRow

Node = tuple[str, str]  # process and element
KINDS = frozenset({"ITEM", "CHAIN"})
LOOPS = ("#multiInstanceBody", "#loop")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The time a program draws. `clocked` False: its cases have no clocks at all."""

    clocked: bool
    processes: Mapping[str, Mapping[str, str]]  # key → zw attributes
    marks: Mapping[Node, str]
    pauses: Mapping[Node, str]
    calls: Mapping[Node, ElementCard]
    elements: Mapping[Node, Mapping[str, str]]  # zw attributes of nodes with a limit, their own or the statute's
    deciding: frozenset[str]  # processes in which silence may decide

    def pausing(self, row: ClockRow) -> bool:
        """Whether a stage is itself a procedure that pauses its item, and therefore runs on."""
        return bool(self.elements.get((row.process, row.element or ""), {}).get("pause"))

    def kind(self, process: str) -> str:
        """ITEM, CHAIN, SUPPORT or nothing."""
        return self.processes.get(process, {}).get("kind", "")

    def excludes(self, process: str) -> frozenset[PauseKind]:
        """Pauses the item's own statute leaves out of its limit (zw:excludes), beyond those the law does."""
        words = self.processes.get(process, {}).get("excludes", "").replace(",", " ").split()
        return frozenset(PauseKind(word) for word in words if word in PauseKind.__members__)

    def department(self, process: str) -> str | None:
        """Whose process it is: its lead, or the department its item code begins with."""
        zw = self.processes.get(process, {})
        code = zw.get("lead") or zw.get("dept") or zw.get("item", "").partition("-")[0]
        return code if code.isdigit() else None


@lru_cache(maxsize=256)
def drawn(program: Program) -> Drawn:
    """Read once per program. What is written on a looped activity holds for the loop, its call for every round."""
    marks: dict[Node, str] = {}
    pauses: dict[Node, str] = {}
    calls: dict[Node, ElementCard] = {}
    elements: dict[Node, Mapping[str, str]] = {}
    deciding: set[str] = set()
    for process in program.processes():
        cards = program.elements(process)
        for name, card in cards.items():
            if card.called is not None:
                calls[process, name] = card
            if card.zw.get("limit") or card.zw.get("statutory"):
                elements[process, name] = card.zw
            if card.zw.get("tacit", "").lower() == "decision":
                deciding.add(process)
            if any(name + loop in cards for loop in LOOPS):
                continue
            if card.zw.get("reaches"):
                marks[process, name] = card.zw["reaches"].strip()
            if card.zw.get("pause"):
                pauses[process, name] = card.zw["pause"].strip()
    processes = {process: program.attributes(process) for process in program.processes()}
    timed = any(zw.get("kind") in KINDS or zw.get("clock") for zw in processes.values())
    return Drawn(
        clocked=timed or bool(marks or pauses or elements),
        processes=processes,
        marks=marks,
        pauses=pauses,
        calls=calls,
        elements=elements,
        deciding=frozenset(deciding),
    )
