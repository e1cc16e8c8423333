"""What the shipped diagrams say of time, read with the standard library: limits, stages, ladders, silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from xml.etree import ElementTree

from scripts.campaigns.served import ROOT

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZW = "{urn:lianban:bpmn:zw:1}"
UNITS = {"wd": "WORKDAY", "cd": "CALENDAR", "hd": "HALFDAY", "h": "HOUR"}


@dataclass(frozen=True)
class Diagram:
    """One process: its own attributes, those of its elements, and what its calls call."""

    key: str
    own: Mapping[str, str]
    elements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)


@cache
def diagrams() -> Mapping[str, Diagram]:
    """Every shipped process by its key."""
    found = {}
    for path in sorted((ROOT / "processes").glob("*.bpmn")):
        for process in ElementTree.parse(path).getroot().iter(f"{BPMN}process"):
            elements = {one.get("id", ""): _zw(one) for one in process.iter() if _zw(one)}
            calls = {one.get("id", ""): one.get("calledElement", "") for one in process.iter(f"{BPMN}callActivity")}
            key = process.get("id", "")
            found[key] = Diagram(key=key, own=_zw(process), elements=elements, calls=calls)
    return found


def limit(text: str) -> tuple[int, str]:
    """Amount and unit of `3wd`, `7cd`, `2hd`."""
    matched = re.fullmatch(r"(\d+)(wd|cd|hd|h)", text)
    if matched is None:
        raise ValueError(f"expected a limit but got {text!r}")
    return int(matched[1]), UNITS[matched[2]]


def _zw(element: ElementTree.Element) -> dict[str, str]:
    return {name.removeprefix(ZW): value for name, value in element.attrib.items() if name.startswith(ZW)}
