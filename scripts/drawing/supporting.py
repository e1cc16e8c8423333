"""What supporting processes of quality are drawn with: desks without a ladder of their own, steps of outsiders, acts, loops."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import promoted
from drawing.sheet import Drawing, Node, Sheet, element

CENTRE = "201"
AVOID = "=person"  # S-12: never whom the case is about


def desk(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, role: str, dept: str, limit: str, form: str,
         results: tuple[str, ...] = (), ladder: str = "standard", **more: str) -> Node:  # fmt: skip
    """A person's step with its limit; who is late climbs by the clock, as everywhere."""
    return sheet.node(
        "userTask", id, name, x, y, extensions=promoted(id, *results) if results else None, camunda__formKey=form,
        zw__stage=stage, zw__role=role, zw__dept=dept, zw__limit=limit, zw__ladder=ladder, **more,
    )  # fmt: skip


def outside(sheet: Sheet, id: str, name: str, x: float, y: float, *, stage: str, limit: str, form: str, who: str,
            else_group: str = "", results: tuple[str, ...] = (), **more: str) -> Node:  # fmt: skip
    """A step of somebody who is named; without an account it is asked by telephone for them by `else_group`."""
    if else_group:
        more["camunda__candidateGroups"] = f'=if {who} = null then "{else_group}" else null'
    return sheet.node(
        "userTask", id, name, x, y, extensions=promoted(id, *results) if results else None, camunda__formKey=form,
        camunda__assignee=f"={who}", zw__stage=stage, zw__limit=limit, zw__ladder="none", **more,
    )  # fmt: skip


def act(sheet: Sheet, id: str, name: str, action: str, x: float, y: float, **more: str) -> Node:
    """A step of the service."""
    return sheet.node("serviceTask", id, name, x, y, size=(116, 64), zw__action=action, **more)


def card(sheet: Sheet, id: str, name: str, violation: str, x: float, y: float) -> Node:
    """亮牌 to the department."""
    return act(sheet, id, name, "card", x, y, zw__violation=violation)


def end(sheet: Sheet, id: str, name: str, x: float, y: float, *, above: bool = False) -> Node:
    """An end. `above`: its name stands over it, because something comes from below."""
    label = (x - 6 * len(name), y - 38) if above else None
    return sheet.node("endEvent", id, name, x, y, label=label)


def several(collection: str, name: str) -> list[ET.Element]:
    """One instance for each member of a list, all at once."""
    return [
        element(
            "bpmn:multiInstanceLoopCharacteristics",
            camunda__collection=f"={collection}",
            camunda__elementVariable=name,
        )
    ]


def write(sheet: Sheet, name: str, short: str, width: float, folder: Path, contract: str, *roots: ET.Element) -> None:
    """The file."""
    Drawing(
        key=sheet.key,
        name=name,
        sheet=sheet,
        attributes={
            "zw__kind": "SUPPORT", "zw__short": short, "zw__data_contract": contract, "camunda__versionTag": "1.0",
        },
        width=width,
        roots=list(roots),
    ).write(folder / f"{sheet.key}.bpmn")  # fmt: skip
