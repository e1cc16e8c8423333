"""Which variables a procedure declares, so that a misspelt name is found before a gateway goes the other way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA, Node, Process
from service.engine.lint.formulas import script_lines
from service.rules.acts import act_of
from service.rules.countersign import is_policy
from service.rules.form_fields import fields

# What every procedure receives and returns (DOMAIN E.2.4).
STANDARD = frozenset(
    "case_id item_code version department applicant project_code chain_id milestone_due decision certificate_no "
    "result_doc counted_days item node shared_materials".split()
)
COUNTERS = frozenset({"nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "loopCounter"})
CAPTURED = ("errorCodeVariable", "errorMessageVariable", "escalationCodeVariable", "initiator", "resultVariable")
NAME = re.compile(r"[^\W\d]\w*")


def declared_variables(process: Process, schemas: Mapping[str, Mapping[str, Any]]) -> frozenset[str] | None:
    """Names that expressions may use; None when it cannot be told (everything is copied in, a start form is not given)."""
    names: set[str] = set(STANDARD)
    names.update(NAME.findall(process.zw.get("data_contract", "")))
    for node in process.nodes():
        names.add(node.id)  # what its form answers is filed under its id
        if node.kind == "startEvent" and node.form_key:
            if node.form_key not in schemas:
                return None
            names.update(field.path[0] for field in fields(schemas[node.form_key]) if field.path)
        if any(extension.get("variables") == "all" for extension in node.extensions()):
            return None
        names.update(made_by(node))
    return frozenset(names)


def made_by(node: Node) -> Iterable[str]:
    """Variables a node makes."""
    for extension in node.extensions():
        if extension.tag == f"{CAMUNDA}inputOutput":
            yield from (parameter.get("name") or "" for parameter in extension)
        elif extension.tag == f"{CAMUNDA}out":
            yield extension.get("target") or extension.get("source") or ""
    for element in (node.element, *node.definitions):
        yield from (element.get(CAMUNDA + name) or "" for name in CAPTURED)
    if (card := act_of(node.zw)) is not None:
        yield from (one.name for one in card.outputs)
        yield node.zw.get("into", "")
    if node.kind == "scriptTask":
        yield from (line.variable for line in script_lines(node) if line.variable)
    if node.loop is not None:
        yield from COUNTERS
        if is_policy(node.zw.get("quorum", "").strip()):
            yield f"{node.id}_result"  # PASSED or FAILED
        yield node.loop.get(f"{CAMUNDA}elementVariable") or ""
        for tag in ("inputDataItem", "loopDataOutputRef"):
            for element in node.loop.iterchildren(BPMN + tag):
                yield element.get("name") or element.get("id") or (element.text or "").strip()


def answers_used(text: str, node_ids: Iterable[str]) -> Iterable[tuple[str, str]]:
    """(element id, field) wherever an expression asks for one answer of a task: `Task_Review.decision`."""
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    known = frozenset(node_ids)
    for found in re.finditer(r"(?<![\w.])([^\W\d]\w*)\s*\.\s*([^\W\d]\w*)", without_strings):
        if found[1] in known:
            yield found[1], found[2]
