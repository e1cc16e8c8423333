"""What the ways of a process depend on: the names its expressions read, and the values they are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from tests.processes.library import BPMN, TABLES, tree

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZW = "{urn:lianban:bpmn:zw:1}"
_TEXT = re.compile(r'"[^"]*"')
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_COMPARED = re.compile(
    r'([^\W\d][\w.]*)\s*(?:=|!=|<=|>=|<|>)\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)|([^\W\d][\w.]*)\s+in\s*\(([^)]*)\)'
)
_ASSIGNED = re.compile(r"^\s*([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
_VALUE = re.compile(r'"[^"]*"|-?\d+(?:\.\d+)?|true|false|null')


@dataclass(frozen=True, eq=False)
class Words:
    """`read`: names in expressions, the first and the last part of dotted ones too; `values`: what each is compared with; `written`: by scripts and mappings."""

    read: frozenset[str]
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()  # names conditions read
    contract: frozenset[str] = frozenset()  # what it says it is given
    fed: frozenset[str] = frozenset()  # names scripts read
    tabled: bool = False  # whether a decision table compares what scripts hand on


@cache
def words_of(key: str) -> Words:
    """The words of a process with its embedded sub-processes."""
    return words_in(tree(key).find(f"{BPMN}process"))


def words_in(process: Any) -> Words:
    """The same of an element of BPMN."""
    read, asked = set[str](), set[str]()
    values: dict[str, dict[Any, None]] = {}
    written: set[str] = set()
    fed: set[str] = set()
    for text in _texts(process):
        bare = _TEXT.sub("", text)
        for name in _NAME.findall(bare):
            read |= {name, name.partition(".")[0], name.rpartition(".")[2]}
        for name, value, other, offered in _COMPARED.findall(text):
            for one in _VALUE.findall(offered) if other else [value]:
                values.setdefault((name or other).rpartition(".")[2], {})[_literal(one)] = None
    for name, cells in _columns(process):
        read.add(name)
        for one in _VALUE.findall(cells):
            values.setdefault(name, {})[_literal(one)] = None
    for script in process.iter(f"{BPMN}script"):
        written.update(_ASSIGNED.findall(script.text or ""))
        fed.update(name.partition(".")[0] for name in _NAME.findall(_TEXT.sub("", script.text or "")))
    for tag, name in (("outputParameter", "name"), ("out", "target")):
        written.update(one.get(name) for one in process.iter(f"{CAMUNDA}{tag}") if one.get(name))
    written.update(one.get(f"{CAMUNDA}resultVariable") for one in process.iter(f"{BPMN}businessRuleTask"))
    for condition in process.iter(f"{BPMN}conditionExpression"):
        asked.update(name.partition(".")[0] for name in _NAME.findall(_TEXT.sub("", condition.text or "")))
    return Words(
        read=frozenset(read),
        values={name: tuple(found) for name, found in values.items()},
        written=frozenset(written - {None}),
        asked=frozenset(asked),
        fed=frozenset(fed),
        tabled=process.find(f".//{BPMN}businessRuleTask") is not None,
        contract=frozenset(_NAME.findall(process.get(f"{ZW}data_contract", "").partition("out:")[0])),
    )


def given_to(process: Any) -> dict[str, Any]:
    """What whoever starts a process has to give it: limits that are variables, and the lists it goes through."""
    found: dict[str, Any] = {}
    for element in process.iter():
        limit = element.get(f"{ZW}limit", "") if isinstance(element.tag, str) else ""
        if re.fullmatch(r"=\s*[^\W\d]\w*", limit):
            found[limit.lstrip("= ")] = "2wd"
    text = "".join(_texts(process))
    for loop in process.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        name, item = (loop.get(f"{CAMUNDA}{one}", "").lstrip("= ") for one in ("collection", "elementVariable"))
        if re.fullmatch(r"[^\W\d]\w*", name):
            parts = re.findall(rf"\b{item}\.(\w+)", text) if item else []
            found[name] = [dict.fromkeys(parts, value) if parts else value for value in ("104", "101")]
    return found


def _columns(process: Any) -> Iterator[tuple[str, str]]:
    """The inputs of the decision tables it asks: name, and what its cells compare it with."""
    for task in process.iter(f"{BPMN}businessRuleTask"):
        table = TABLES.get(task.get(f"{CAMUNDA}decisionRef"))
        for decision in etree.parse(str(table)).iter("{*}decisionTable") if table is not None else ():
            rules = [
                [cell.findtext("{*}text") or "" for cell in rule.iter("{*}inputEntry")]
                for rule in decision.iter("{*}rule")
            ]
            for n, asked in enumerate(decision.iter("{*}inputExpression")):
                name = (asked.findtext("{*}text") or "").strip()
                if re.fullmatch(r"[^\W\d]\w*", name):
                    yield name, " ".join(cells[n] for cells in rules)


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
    return {"true": True, "false": False, "null": None}[text] if text in ("true", "false", "null") else float(text)
