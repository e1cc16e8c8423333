"""What a checked diagram will become: one draft per executable process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

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
        starts=tuple(start for node in process.scope.nodes.values() for start in make_starts(diagram, node)),
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


def make_starts(diagram: Diagram, node: Node) -> Iterator[Start]:
    """How a node begins instances: a start event once per definition, an instantiating element per message or signal."""
    if node.kind == "startEvent":
        if not node.definitions:
            yield Start(kind="none", element=node.id, form_key=node.form_key)
        for number, definition in enumerate(node.definitions, 1):
            start = make_start(diagram, node, definition)
            yield start if number == 1 else replace(start, element=f"{node.id}#{number}")
    elif node.instantiates and node.kind == "receiveTask":
        root = diagram.referred(node.element.get("messageRef"), "message")
        yield Start(kind="message", element=node.id, name=(root.get("name") or "") if root is not None else "")
    elif node.instantiates:
        for flow in node.outgoing:
            if flow.target is not None and flow.target.kind == "receiveTask":
                root = diagram.referred(flow.target.element.get("messageRef"), "message")
                name = (root.get("name") or "") if root is not None else ""
                yield Start(kind="message", element=flow.target.id, name=name)
            elif flow.target is not None:
                for definition in flow.target.definitions:
                    yield make_start(diagram, flow.target, definition)


def make_start(diagram: Diagram, node: Node, definition: Any) -> Start:
    """One event definition that begins instances."""
    kind = local(definition).removesuffix("EventDefinition")
    name = timer = ""
    if kind == "timer":
        timer = next((text_of(e) for e in definition if local(e).startswith("time")), "")
    elif kind in EVENT_KINDS:
        root = diagram.referred(definition.get(f"{kind}Ref"), kind)
        name = (root.get("name") or "") if root is not None else ""
    else:
        kind = "none"
    return Start(kind=kind, element=node.id, name=name, timer=timer, form_key=node.form_key)


def digest(bpmn: bytes, forms: list[bytes]) -> str:
    """SHA-256 over the files, each with its length in front."""
    total = hashlib.sha256()
    for content in (bpmn, *forms):
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()
