"""What the shipped files say about who can be started and what it counts as, read with the standard library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from scripts.campaigns.quarter_diagrams import BPMN, ZW
from scripts.campaigns.served import ROOT

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
SIX = {"IMMEDIATE": "即办件", "PROMISED": "承诺件", "JOINT": "联办件", "REPORT_UP": "上报件"}  # with 补办件 and 退回件


@dataclass(frozen=True)
class Card:
    """One process. `kind`: ITEM, CHAIN, SUPPORT or nothing; `counts_as`: the kind of case it makes; `promise`: working days."""

    key: str
    kind: str
    counts_as: str
    department: str
    start_form: str | None
    startable: bool
    promise: int | None = None


@cache
def cards() -> Mapping[str, Card]:
    """Every shipped process by key."""
    items = _items()
    found = {}
    for path in sorted((ROOT / "processes").rglob("*.bpmn")):
        for process in ElementTree.parse(path).getroot().iter(f"{BPMN}process"):
            key = process.get("id", "")
            plain = [
                one
                for one in process.findall(f"{BPMN}startEvent")
                if not any("EventDefinition" in child.tag for child in one)
            ]
            kind, code = process.get(f"{ZW}kind", ""), process.get(f"{ZW}item", "")
            item = items.get(code, {})
            limit = process.get(f"{ZW}limit", "")
            found[key] = Card(
                key=key,
                kind=kind,
                counts_as="JOINT" if kind == "CHAIN" else str(item.get("kind", "")) if kind == "ITEM" else "",
                department=process.get(f"{ZW}lead") or process.get(f"{ZW}dept") or code.partition("-")[0],
                start_form=plain[0].get(f"{CAMUNDA}formKey") if plain else None,
                startable=bool(plain),
                promise=int(limit[:-2]) if limit.endswith("wd") else None,
            )
    return found


@cache
def end_names() -> Mapping[str, Mapping[str, str]]:
    """By process: what its end events are called (办结-准予, 终止, 放弃 …)."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((ROOT / "processes").rglob("*.bpmn")):
        for process in ElementTree.parse(path).getroot().iter(f"{BPMN}process"):
            ends = process.iter(f"{BPMN}endEvent")
            found[process.get("id", "")] = {one.get("id", ""): one.get("name", "") for one in ends}
    return found


def applied_for() -> tuple[str, ...]:
    """Items and chains somebody can apply for: those with an application form of their own."""
    return tuple(
        card.key
        for card in cards().values()
        if card.kind in ("ITEM", "CHAIN") and card.startable and (card.start_form or "").startswith("apply_")
    )


@cache
def _items() -> Mapping[str, Any]:
    paths = (ROOT / "processes" / "items").glob("*.json")
    return {one["code"]: one for one in (json.loads(path.read_text(encoding="utf-8")) for path in paths)}
