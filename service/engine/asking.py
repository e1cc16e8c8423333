"""What a diagram asks of the service, element by element, for pages that show it before a case runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.engine.lint.diagram import Node, read_diagram
from service.engine.lint.xml import XmlRefused, read_xml
from service.rules.acts import PASSING, act_of, asked_for
from service.rules.vocabulary import InHouseAction


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One act at one element. `codes`: documents or messages; `inputs`: the rest of what it is given; `waits`: the case waits for it."""

    element: str
    name: str
    act: str
    codes: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False


def asked_in(bpmn: bytes) -> tuple[Asking, ...]:
    """The acts of a deployed diagram, in the order of the file; none when it cannot be read."""
    try:
        diagram = read_diagram("", read_xml(bpmn))
    except XmlRefused:
        return ()
    return tuple(
        asking
        for process in diagram.processes
        if process.executable
        for node in process.nodes()
        for asking in _of(node)
    )


def _of(node: Node) -> Iterator[Asking]:
    name, card = node.name or node.id, act_of(node.zw)
    if card is not None:
        given = {one.name: node.zw[one.name].strip() for one in card.inputs if node.zw.get(one.name, "").strip()}
        codes = tuple(
            given.pop(attribute, "") for attribute, act in PASSING.items() if act == card.name != InHouseAction.EXCHANGE
        )
        yield Asking(
            element=node.id,
            name=name,
            act=card.name,
            codes=tuple(one for one in codes if one),
            inputs=given,
            waits=True,
        )
    found: dict[str, list[str]] = {}
    for attribute, code in asked_for(node.zw):
        found.setdefault(PASSING[attribute], []).append(code)
    for act, several in found.items():
        if act == InHouseAction.EXCHANGE:
            given = {one: node.zw[one] for one in ("to", "transfer", "fields", "subject") if one in node.zw}
            yield Asking(element=node.id, name=name, act=act, inputs=given)
        else:
            yield Asking(element=node.id, name=name, act=act, codes=tuple(several))
