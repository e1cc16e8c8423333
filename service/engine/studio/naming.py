"""Which names an expression of a diagram may use: what is handed in, what forms ask, what steps make; and the functions of FEEL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.lint.diagram import Process, read_diagram
from service.engine.lint.rules.registry import FUNCTIONS
from service.engine.lint.variables import NAME, STANDARD, made_by
from service.engine.lint.xml import XmlRefused, read_xml
from service.rules.form_fields import fields

CLOCKS = ("due", "warn", "half")  # of timers and due dates


@dataclass(frozen=True, kw_only=True)
class Usable:
    """One name. `words`: what it is called where that is known; `made`: the element that makes it, empty for what a case has anyway."""

    name: str
    words: str = ""
    made: str = ""


def usable_names(bpmn: bytes, key: str, schemas: Mapping[str, Mapping[str, Any]]) -> tuple[Usable, ...]:
    """Names by name, of one process of a file; `schemas`: its forms by key. None when the file cannot be read."""
    try:
        diagram = read_diagram("", read_xml(bpmn))
    except XmlRefused:
        return ()
    found: dict[str, Usable] = {}
    for process in diagram.processes:
        if process.key == key:
            for one in _of(process, schemas):
                found.setdefault(one.name, one)
    return tuple(sorted(found.values(), key=lambda one: one.name))


def functions() -> tuple[str, ...]:
    """The functions an expression may call."""
    return tuple(sorted({*FUNCTIONS, *CLOCKS}))


def _of(process: Process, schemas: Mapping[str, Mapping[str, Any]]) -> list[Usable]:
    names = [Usable(name=name) for name in (*STANDARD, *NAME.findall(process.zw.get("data_contract", "")))]
    for node in process.nodes():
        asked = fields(schemas[node.form_key]) if node.form_key is not None and node.form_key in schemas else ()
        if node.kind == "startEvent":
            names += [Usable(name=one.path[0], words=one.label, made=node.id) for one in asked if one.path]
        elif node.form_key:
            names.append(Usable(name=node.id, words=node.name, made=node.id))
            names += [
                Usable(name=f"{node.id}.{'.'.join(one.path)}", words=f"{node.name} · {one.label}", made=node.id)
                for one in asked
                if one.path
            ]
        names += [Usable(name=name, words=node.name, made=node.id) for name in made_by(node) if name]
    return names
