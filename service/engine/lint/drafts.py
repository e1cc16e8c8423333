"""What a checked diagram will become: one draft per executable process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from service.engine.decisions.references import read_use
from service.engine.facts import Draft, Resource, Start, TaskCard
from service.engine.lint.diagram import CAMUNDA, Diagram, Node, Process, local, text_of

EVENT_KINDS = ("message", "timer", "signal")


def make_drafts(
    diagram: Diagram, bpmn: bytes, forms: Mapping[str, Resource], tables: Mapping[str, bytes]
) -> Iterator[Draft]:
    """A draft for every executable process; `forms` by form key, `tables`: DMN files by decision."""
    for process in diagram.processes:
        if process.executable and process.key:
            yield make_draft(diagram, process, bpmn, forms, tables)


def make_draft(
    diagram: Diagram, process: Process, bpmn: bytes, forms: Mapping[str, Resource], tables: Mapping[str, bytes]
) -> Draft:
    """The draft of one process."""
    return Draft(
        key=process.key,
        name=" ".join((process.element.get("name") or process.key).split()),
        resource=diagram.file,
        version_tag=process.element.get(f"{CAMUNDA}versionTag") or None,
        zw=process.zw,
        called=process.called,
        forms=process.forms,
        starts=tuple(make_start(diagram, node) for node in process.scope.starts),
        tasks=tuple(
            TaskCard(element=node.id, name=node.name, form_key=node.form_key, lane=lane_of(process, node), zw=node.zw)
            for node in process.nodes()
            if node.kind in ("userTask", "manualTask")
        ),
        digest=digest(
            bpmn,
            [
                *(forms[key].content for key in process.forms if key in forms),
                *(tables[key] for use in process.decisions if use != (key := read_use(use)[0]) and key in tables),
            ],
        ),
        decisions=process.decisions,
    )


def lane_of(process: Process, node: Node) -> str | None:
    """The lane of a node, or of the sub-process it stands in."""
    current: Node | None = node
    while current is not None:
        if lane := process.lanes.get(current.id):
            return lane
        current = current.scope.node
    return None


def make_start(diagram: Diagram, node: Node) -> Start:
    """How a start event begins an instance."""
    kind = node.event if node.event in EVENT_KINDS else "none"
    name = timer = ""
    if kind == "timer":
        timer = next((text_of(e) for e in node.definitions[0] if local(e).startswith("time")), "")
    elif kind != "none":
        root = diagram.referred(node.definitions[0].get(f"{kind}Ref"), kind)
        name = (root.get("name") or "") if root is not None else ""
    return Start(kind=kind, element=node.id, name=name, timer=timer, form_key=node.form_key)


def digest(bpmn: bytes, forms: list[bytes]) -> str:
    """SHA-256 over the files, each with its length in front."""
    total = hashlib.sha256()
    for content in (bpmn, *forms):
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()
