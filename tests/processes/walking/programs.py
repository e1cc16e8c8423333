"""A process as the walker runs it: the real file; what it calls is one task that ends as the called file really ends."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from service.engine import Program, Source, build_program, decision_cards
from tests.processes.library import BPMN, FILES, FORMS, ROOT, tree
from tests.processes.walking.words import CAMUNDA

STUB = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zw="urn:lianban:bpmn:zw:1" '
    'targetNamespace="urn:walk"><process id="{key}" name="{key}" isExecutable="true"><startEvent id="Stub_Start"/>'
    '<userTask id="Stub" name="{key}"/><endEvent id="Stub_End"/>'
    '<sequenceFlow id="Stub_1" sourceRef="Stub_Start" targetRef="Stub"/>'
    '<sequenceFlow id="Stub_2" sourceRef="Stub" targetRef="Stub_End"/></process></definitions>'
)


@cache
def process_of(key: str) -> Any:
    """The element `process` of a file."""
    return tree(key).find(f"{BPMN}process")


def flows_of(key: str) -> dict[str, tuple[str, str]]:
    """Every sequence flow of a process, in embedded sub-processes too: from where to where."""
    return {
        one.get("id"): (one.get("sourceRef"), one.get("targetRef"))
        for one in process_of(key).iter(f"{BPMN}sequenceFlow")
    }


def ends_of(key: str) -> frozenset[str]:
    """Every end event of a process, in embedded sub-processes too."""
    return frozenset(one.get("id") for one in process_of(key).iter(f"{BPMN}endEvent"))


def called_by(key: str) -> tuple[str, ...]:
    """Keys of the processes it calls."""
    return tuple(sorted({one.get("calledElement") for one in process_of(key).iter(f"{BPMN}callActivity")}))


@cache
def called() -> frozenset[str]:
    """Keys of all processes that another one calls."""
    return frozenset(called for key in FILES for called in called_by(key))


def starts_of(key: str) -> tuple[tuple[str | None, str | None], ...]:
    """Ways to begin: the start event (None: the plain one) and its form."""
    found = []
    for one in process_of(key).findall(f"{BPMN}startEvent"):
        plain = not any(etree.QName(child).localname.endswith("EventDefinition") for child in one)
        found.append((None if plain else one.get("id"), one.get(f"{CAMUNDA}formKey")))
    return tuple(found)


@cache
def walkable(key: str) -> Program:
    """The program of a process with stubs for what it calls."""
    forms = {e.get(f"{CAMUNDA}formKey") for e in process_of(key).iter() if isinstance(e.tag, str)} - {None}
    sources = {
        key: Source(
            key=key,
            definition_id=uuid5(NAMESPACE_URL, key),
            bpmn=FILES[key].read_bytes(),
            forms={form: FORMS[form].read_bytes() for form in forms if form in FORMS},
            decisions=_decisions(key),
        )
    }
    for called in called_by(key):
        sources[called] = Source(
            key=called, definition_id=uuid5(NAMESPACE_URL, f"stub/{called}"), bpmn=STUB.format(key=called).encode()
        )
    return build_program(key, sources)


def _decisions(key: str) -> dict[str, bytes]:
    found = {}
    for task in process_of(key).iter(f"{BPMN}businessRuleTask"):
        decision = task.get(f"{CAMUNDA}decisionRef")
        if decision in _tables():
            for use in {decision, *(f"{decision}@{binding}" for binding in ("deployment", "latest"))}:
                found[use] = _tables()[decision]
    return found


@cache
def _tables() -> dict[str, bytes]:
    files = [path.read_bytes() for path in sorted((ROOT / "processes").rglob("*.dmn"))]
    return {card.key: content for content in files for card in decision_cards(content)}
