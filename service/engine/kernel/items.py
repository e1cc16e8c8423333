"""Items of data a diagram names: data objects, properties, data inputs and outputs, and the associations between them.

Every item is a variable. Its name is what the designer calls it where expressions can say that, else its id
(BPMN 2.0.2, 10.4.1); references to one data object are one variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PLACEHOLDER = "__targetRef_placeholder"  # bpmn-js hangs drawn associations on a property of this name
_NAME = re.compile(r"[^\W\d]\w*\Z")
_KINDS = ("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput", "dataStoreReference", "dataStore")


@dataclass(frozen=True)
class Item:
    """One item: its BPMN element's name, and the variable that holds it."""

    kind: str
    variable: str


@dataclass(frozen=True)
class Association:
    """A data association as written: variables, or texts of expressions. `drawn`: it says nothing to execute."""

    element: Any
    sources: tuple[str, ...]
    target: str | None
    transformation: str | None
    assignments: tuple[tuple[str, str], ...]  # expression, variable
    drawn: bool


def items_of(root: Any) -> Mapping[str, Item]:
    """All items of a file by id."""
    found: dict[str, Item] = {}
    named: dict[str, str] = {}
    for reference in root.iter(f"{BPMN}dataObjectReference"):
        called = _called(reference.get("name"))
        if called:
            named.setdefault(reference.get("dataObjectRef") or "", called)
    for kind in _KINDS:
        for element in root.iter(BPMN + kind):
            id = element.get("id")
            if not id:
                continue
            variable = _called(element.get("name")) or id
            if kind == "dataObject":
                variable = _called(element.get("name")) or named.get(id) or id
            elif kind == "dataObjectReference":
                object = found.get(element.get("dataObjectRef") or "")
                variable = object.variable if object is not None else variable
            elif kind == "property" and element.get("name") == PLACEHOLDER:
                variable = ""
            found.setdefault(id, Item(kind, variable))
    return found


def associations(node: Any, items: Mapping[str, Item], direction: str) -> list[Association]:
    """The data associations of an activity or event; `direction`: Input or Output."""
    return [_association(child, items, direction) for child in node.iterchildren(f"{BPMN}data{direction}Association")]


def _association(element: Any, items: Mapping[str, Item], direction: str) -> Association:
    sources = [(child.text or "").strip() for child in element.iterchildren(f"{BPMN}sourceRef")]
    target = next(((child.text or "").strip() for child in element.iterchildren(f"{BPMN}targetRef")), "")
    transformation = next(((child.text or "").strip() for child in element.iterchildren(f"{BPMN}transformation")), "")
    pairs = [
        tuple(
            next(((part.text or "").strip() for part in child.iterchildren(BPMN + end)), "") for end in ("from", "to")
        )
        for child in element.iterchildren(f"{BPMN}assignment")
    ]
    own = [target] if direction == "Input" else sources  # the end that belongs to the activity
    other = sources if direction == "Input" else [target]
    stored = all(item is None or item.kind.startswith("dataStore") for item in map(items.get, other))
    unnamed = not any((item := items.get(id)) is not None and item.variable for id in own)
    return Association(
        element=element,
        sources=tuple(item.variable for id in sources if (item := items.get(id)) is not None and item.variable),
        target=item.variable if (item := items.get(target)) is not None and item.variable else None,
        transformation=transformation or None,
        assignments=tuple((source, variable_of(items, to)) for source, to in pairs),
        drawn=not pairs and not transformation and (unnamed or stored),
    )


def variable_of(items: Mapping[str, Item], text: str) -> str:
    """The variable an id means; a text that is no id of an item is a variable's name itself."""
    item = items.get(text)
    return item.variable if item is not None and item.variable else text


def optional_of(node: Any, items: Mapping[str, Item]) -> frozenset[str]:
    """Variables of the optional inputs and outputs of an activity's ioSpecification."""
    refs = [
        (ref.text or "").strip()
        for tag in ("optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs", "whileExecutingOutputRefs")
        for specification in node.iterchildren(f"{BPMN}ioSpecification")
        for ref in specification.iter(BPMN + tag)
    ]
    return frozenset(variable_of(items, ref) for ref in refs)


def outputs_of(node: Any, items: Mapping[str, Item]) -> tuple[str, ...]:
    """Variables of the data outputs of an activity's ioSpecification."""
    return tuple(
        variable_of(items, output.get("id") or "")
        for specification in node.iterchildren(f"{BPMN}ioSpecification")
        for output in specification.iterchildren(f"{BPMN}dataOutput")
        if output.get("id")
    )


def declared_in(scope: Any, items: Mapping[str, Item]) -> tuple[str, ...]:
    """Variables of the data objects and properties that live as long as a sub-process."""
    found = [
        items[child.get("id")].variable
        for tag in ("dataObject", "property")
        for child in scope.iterchildren(BPMN + tag)
        if child.get("id") in items
    ]
    return tuple(dict.fromkeys(name for name in found if name))


def collection_of(node: Any, items: Mapping[str, Item], reference: str, direction: str) -> str:
    """The variable a multi-instance loop takes its items from or gives them to: what is associated with its data input
    or output (BPMN 2.0.2, 10.3.8), a data object itself, or the text as it is.
    """
    if reference not in items:
        return reference
    for one in associations(node, items, direction):
        ends = one.sources if direction == "Output" else (one.target,)
        if items[reference].variable in ends and not one.drawn:
            outer = one.target if direction == "Output" else next(iter(one.sources), None)
            return outer or items[reference].variable
    return items[reference].variable


@lru_cache(maxsize=4096)
def _called(name: str | None) -> str | None:
    """A name that expressions can say."""
    plain = (name or "").strip()
    return plain if _NAME.match(plain) else None
