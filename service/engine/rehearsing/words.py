"""What the ways of a process depend on: the names its expressions read, and the values they are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA, ZW, local
from service.engine.lint.xml import XmlRefused, read_xml

_TEXT = re.compile(r'"[^"]*"')
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_COMPARED = re.compile(
    r'([^\W\d][\w.]*)\s*(?:=|!=|<=|>=|<|>)\s*("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)|([^\W\d][\w.]*)\s+in\s*\(([^)]*)\)'
)
_ASSIGNED = re.compile(r"^\s*([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
_VALUE = re.compile(r'"[^"]*"|-?\d+(?:\.\d+)?|true|false|null')
_PLAIN = re.compile(r"[^\W\d]\w*")
_SAYING = frozenset({"conditionExpression", "script", "completionCondition", "loopCardinality", "condition"})


@dataclass(frozen=True, kw_only=True)
class Words:
    """`read`: names in expressions, the first and the last part of dotted ones too; `values`: what each is compared with;
    `written`: by scripts and mappings; `asked`: read by conditions; `fed`: read by scripts; `tabled`: a decision table asks."""

    read: frozenset[str]
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    fed: frozenset[str] = frozenset()
    tabled: bool = False


def words_in(process: Any, tables: Iterable[bytes] = ()) -> Words:
    """The words of an element of BPMN with everything in it. `tables`: the decision tables it asks."""
    read, asked, written, fed = set[str](), set[str](), set[str](), set[str]()
    values: dict[str, dict[Any, None]] = {}
    for text in _texts(process):
        for name in _NAME.findall(_TEXT.sub("", text)):
            read |= {name, name.partition(".")[0], name.rpartition(".")[2]}
        for name, value, other, offered in _COMPARED.findall(text):
            for one in _VALUE.findall(offered) if other else [value]:
                values.setdefault((name or other).rpartition(".")[2], {})[_literal(one)] = None
    for name, cells in _columns(tables):
        read.add(name)
        for one in _VALUE.findall(cells):
            values.setdefault(name, {})[_literal(one)] = None
    for script in process.iter(f"{BPMN}script"):
        written.update(_ASSIGNED.findall(script.text or ""))
        fed.update(name.partition(".")[0] for name in _NAME.findall(_TEXT.sub("", script.text or "")))
    for tag, name in (("outputParameter", "name"), ("out", "target")):
        written.update(one.get(name) for one in process.iter(f"{CAMUNDA}{tag}") if one.get(name))
    for one in process.iter(f"{BPMN}businessRuleTask"):
        written.update(filter(None, [one.get(f"{CAMUNDA}resultVariable")]))
    for condition in process.iter(f"{BPMN}conditionExpression"):
        asked.update(name.partition(".")[0] for name in _NAME.findall(_TEXT.sub("", condition.text or "")))
    return Words(
        read=frozenset(read),
        values={name: tuple(found) for name, found in values.items()},
        written=frozenset(written),
        asked=frozenset(asked),
        fed=frozenset(fed),
        tabled=process.find(f".//{BPMN}businessRuleTask") is not None,
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
        if _PLAIN.fullmatch(name):
            parts = re.findall(rf"\b{re.escape(item)}\.(\w+)", text) if item else []
            found[name] = [dict.fromkeys(parts, value) if parts else value for value in ("104", "101")]
    return found


def offers(values: Iterable[Any]) -> list[Any]:
    """Values on both sides of every comparison, each once."""
    found: list[Any] = []
    every = tuple(values)
    for value in every:
        if isinstance(value, bool):
            found += [True, False]
        elif isinstance(value, float):
            found += [value, value + 1, value - 1]
        elif value is None:
            found += ["1", None]
        else:
            found.append(value)
    if every and all(isinstance(value, str) for value in every):
        found.append("1")
    return [value for n, value in enumerate(found) if (type(value), value) not in [(type(v), v) for v in found[:n]]]


def _columns(tables: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The inputs of decision tables: name, and what their cells compare it with."""
    for content in tables:
        try:
            root = read_xml(content).root
        except XmlRefused:  # the linter has said so
            continue
        for decision in root.iter("{*}decisionTable"):
            rules = [
                [cell.findtext("{*}text") or "" for cell in one.iter("{*}inputEntry")]
                for one in decision.iter("{*}rule")
            ]
            for n, asked in enumerate(decision.iter("{*}inputExpression")):
                name = (asked.findtext("{*}text") or "").strip()
                if _PLAIN.fullmatch(name):
                    yield name, " ".join(cells[n] for cells in rules if n < len(cells))


def _texts(process: Any) -> Iterator[str]:
    for element in process.iter():
        if not isinstance(element.tag, str):
            continue
        if local(element) in _SAYING:
            yield element.text or ""
        elif element.tag in (f"{CAMUNDA}outputParameter", f"{CAMUNDA}inputParameter"):
            yield (element.text or "").lstrip("=")
        elif element.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out"):
            yield (element.get("sourceExpression") or element.get("source") or "").lstrip("=")
        for attribute, value in element.attrib.items():
            if attribute in (f"{CAMUNDA}collection", f"{CAMUNDA}elementVariable") or value.startswith("="):
                yield value.lstrip("=")


def _literal(text: str) -> Any:
    if text.startswith('"'):
        return text[1:-1]
    return {"true": True, "false": False, "null": None}[text] if text in ("true", "false", "null") else float(text)
