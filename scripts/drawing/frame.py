"""What items of several departments have in common, beside the parts of every promised item: each placed by its caller,
which draws between them what only its item has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET

from drawing.deciding import returned
from drawing.office import ESCALATION, choice, late, office_task
from drawing.procedures import draw_procedures
from drawing.register import desk_limit, facts, slug
from drawing.reviewing import Line
from drawing.sheet import OTHERWISE, Drawing, Lane, Node, Sheet
from drawing.window import Window, draw_window

SPECIAL = ["HEARING", "INSPECTION", "EXPERT"]
REGISTERED = (
    "return_count = 0",
    "decision = null",
    "recommendation = null",
    "procedure = null",
    "certificate_no = null",
)
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The deciding desk and the gateway behind it."""

    approved: Node
    decided: Node


def open_window(sheet: Sheet, lane: Lane, card: dict, registered: Sequence[str] = ()) -> Window:
    """The window of an item in a lane at least 360 high; `registered`: more lines of 收件登记."""
    lines = "\n".join([*REGISTERED, *registered])
    return draw_window(sheet, lane, slug(card), registered=lines, limit=desk_limit(card["stages"][0]))


def go_on(window: Window, sheet: Sheet, following: Node) -> None:
    """Join both ways of being accepted to what follows in a lane further down."""
    merge = choice(sheet, "Merge_Accepted", "", 540, window.taken.y + 70)
    sheet.flow(window.taken, merge, way="bottom-top")
    sheet.flow(window.told, merge, way="bottom-left")
    sheet.flow(merge, following, way="bottom-left")


def draw_review(sheet: Sheet, card: dict, x: float, y: float, *, limit: str, name: str = "审核", form: str = "review",
                results: tuple[str, ...] = ("recommendation",)) -> tuple[Node, Node]:  # fmt: skip
    """审核 with its special procedures above it; the desk and the gateway from which the plain way goes on."""
    dept = card["department"]
    reviewed = office_task(
        sheet, "Task_Review", name, x, y, stage="REVIEW", role="reviewer_a", dept=dept, limit=limit, form=form,
        results=results, zw__sms="M12",
    )  # fmt: skip
    advised = choice(sheet, "Gateway_Review", "审核结论", x + 115, y, (x + 92, y + 32))
    special = draw_procedures(sheet, SPECIAL, x + 115, y - 120, dept=dept)
    sheet.flow(reviewed, advised)
    sheet.flow(advised, special, "特别程序", 'recommendation = "procedure"', way="top-bottom", label=(x + 121, y - 46))
    sheet.flow(special, reviewed, way="left-top", shift=(0, 20))
    return reviewed, advised


def draw_ruling(sheet: Sheet, card: dict, reviewed: Node, x: float, y: float, *, name: str = "批准", form: str = "approve",
                gap: float = 180) -> Ruling:  # fmt: skip
    """批准 at (x, y), the gateway `gap` behind it, and the way back to `reviewed`, at most three times."""
    dept = card["department"]
    approved = office_task(
        sheet, "Task_Approve", name, x, y, stage="APPROVE", role="chief_rep", dept=dept, limit=desk_limit(card["stages"][2]),
        form=form, results=("decision",), zw__sms="M12",
    )  # fmt: skip
    decided = choice(sheet, "Gateway_Decide", "批准结论", x + gap, y, (x + gap - 80, y - 34))
    returned(sheet, Line(sheet, reviewed.y, x, reviewed, dept), approved, decided, reviewed, reviewed.y - 175)
    return Ruling(approved=approved, decided=decided)


def decide(sheet: Sheet, advised: Node, ruling: Ruling) -> None:
    """The plain way from 审核 to the gateway behind 批准."""
    sheet.flow(advised, ruling.approved, "", OTHERWISE, way="right-top", shift=(0, -30))
    sheet.flow(ruling.approved, ruling.decided)


def finish(sheet: Sheet, card: dict, folder: Path, *, tasks: Sequence[Node], start: Node, roots: Sequence[ET.Element] = (),
           more: Mapping[str, str] = NOTHING) -> None:  # fmt: skip
    """The climbs of the desks in lane 系统, which comes last, and the file. `more`: attributes beyond those of the card."""
    for task in tasks:
        late(sheet, task, sheet.lanes[-1].middle)
    Drawing(
        key=sheet.key,
        name=card["name"],
        sheet=sheet,
        attributes=facts(card) | dict(more),
        width=max(node.x for node in sheet.nodes) + 110,
        outsider="申请人",
        outsider_flow=("申请材料", start.id),
        roots=[ESCALATION, *roots],
    ).write(folder / f"{sheet.key}.bpmn")
