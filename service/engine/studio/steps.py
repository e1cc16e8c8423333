"""The steps of a deployed diagram by their ids: what they are called and which limit is drawn at them."""

from __future__ import annotations

from dataclasses import dataclass

from service.engine.lint.diagram import ZW, read_diagram
from service.engine.lint.xml import XmlRefused, read_xml


@dataclass(frozen=True, kw_only=True)
class Step:
    """One node. `kind`: its BPMN tag; `limit`: as written, empty without."""

    element: str
    name: str
    kind: str
    limit: str


def steps_of(bpmn: bytes, key: str) -> dict[str, Step]:
    """Element → step, of one process of a file; none when the file cannot be read."""
    try:
        diagram = read_diagram("", read_xml(bpmn))
    except XmlRefused:
        return {}
    return {
        node.id: Step(element=node.id, name=node.name, kind=node.kind, limit=node.element.get(f"{ZW}limit") or "")
        for process in diagram.processes
        if process.key == key
        for node in process.nodes()
    }
