"""What the ways of a process depend on: the names its expressions read, and the values they are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from tests.processes.library import BPMN, tree

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZW = "{urn:lianban:bpmn:zw:1}"
_TEXT = re.compile(r'"[^"]*"')
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_COMPARED = re.compile(
    r'([^\W\d][\w.]*)\s*(?:=|!=|<=|>=|<|>)\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false)|([^\W\d][\w.]*)\s+in\s*\(([^)]*)\)'
)
_ASSIGNED = re.compile(r"^\s*([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
_VALUE = re.compile(r'"[^"]*"|-?\d+(?:\.\d+)?|true|false')


@dataclass(frozen=True, eq=False)
class Words:
    """`read`: names in expressions, the last part of dotted ones too; `values`: what each is compared with; `written`: by scripts and mappings."""

    read: frozenset[str]
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    written: frozenset[str] = frozenset()


@cache
def words_of(key: str) -> Words:
    """The words of a process with its embedded sub-processes."""
    return words_in(tree(key).find(f"{BPMN}process"))


def words_in(process: Any) -> Words:
    """The same of an element of BPMN."""
    read: set[str] = set()
    values: dict[str, dict[Any, None]] = {}
    written: set[str] = set()
    for text in _texts(process):
        bare = _TEXT.sub("", text)
        read.update(part for name in _NAME.findall(bare) for part in {name, name.rpartition(".")[2]})
        for name, value, other, offered in _COMPARED.findall(text):
            for one in _VALUE.findall(offered) if other else [value]:
                values.setdefault((name or other).rpartition(".")[2], {})[_literal(one)] = None
    for script in process.iter(f"{BPMN}script"):
        written.update(_ASSIGNED.findall(script.text or ""))
    for tag, name in (("outputParameter", "name"), ("out", "target")):
        written.update(one.get(name) for one in process.iter(f"{CAMUNDA}{tag}") if one.get(name))
    written.update(one.get(f"{CAMUNDA}resultVariable") for one in process.iter(f"{BPMN}businessRuleTask"))
    return Words(frozenset(read), {name: tuple(found) for name, found in values.items()}, frozenset(written - {None}))


def _texts(process: Any) -> Iterator[str]:
    for element in process.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name in ("conditionExpression", "script", "completionCondition", "loopCardinality", "condition"):
            yield element.text or ""
        elif name in ("outputParameter", "inputParameter"):
            yield (element.text or "").lstrip("=")
        elif name in ("in", "out"):
            yield (element.get("sourceExpression") or element.get("source") or "").lstrip("=")
        for attribute, value in element.attrib.items():
            if attribute in (f"{CAMUNDA}collection", f"{CAMUNDA}elementVariable") or value.startswith("="):
                yield value.lstrip("=")


def _literal(text: str) -> Any:
    if text.startswith('"'):
        return text[1:-1]
    return {"true": True, "false": False}.get(text) if text in ("true", "false") else float(text)
