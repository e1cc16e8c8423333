"""The part of the report that asks no case: findings, paths, the critical path, limits that change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.casework.demo_samples import filled
from service.casework.rehearsals.staging import Staged
from service.engine import Program
from service.engine.rehearsing import Explored, Explorer, Step, critical_path
from service.rules.worktime import WorkCalendar

SECONDS = 20  # of processor time for the paths of one process
SAID = 6  # answers of a step that are told
LONGEST = 24  # characters of one of them


def report_of(staged: Staged, calendar: WorkCalendar, now: datetime, *, seconds: float = SECONDS) -> dict[str, Any]:
    """As plain data, to be kept. Takes as long as it is given; nothing is stored and nothing leaves. Raises ModelFault."""
    key, today = staged.source.key, now.date()

    def fill(schema: Mapping[str, Any], chosen: Mapping[str, Any]) -> Mapping[str, Any]:
        return filled(schema, today, key=key, chosen=chosen)

    explorer = Explorer(staged.source, calendar=calendar, now=now, fill=fill)
    names = {element: card.name for element, card in staged.program.elements(key).items() if card.name}
    return {
        "findings": [_finding(one) for one in staged.findings],
        "paths": _paths(explorer.run(seconds), explorer.flows, names),
        "stubs": sorted(explorer.choices.calls),
        "critical": _critical(staged, names),
        "limits": _limits(staged),
    }


def _finding(one: Any) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": str(one.severity),
        "element": one.element,
        "text": one.text,
        "english": one.english,
    }


def _paths(found: Explored, flows: Mapping[str, tuple[str, str]], names: Mapping[str, str]) -> dict[str, Any]:
    ways = {way.end: way.steps for way in found.ways}
    return {
        "flows": len(found.flows),
        "taken": len(found.taken),
        "states": found.states,
        "whole": found.whole,
        "ends": [
            {
                "element": end,
                "name": names.get(end, end),
                "reached": end in found.reached,
                "steps": [_step(step, names) for step in ways.get(end, ())],
            }
            for end in sorted(found.ends, key=lambda one: (one in found.reached, names.get(one, one)))
        ],
        "missing": [
            {
                "element": flow,
                "from": names.get(flows[flow][0], flows[flow][0]),
                "to": names.get(flows[flow][1], flows[flow][1]),
            }
            for flow in sorted(found.flows - found.taken)
        ],
        "faults": [
            {
                "element": one.element,
                "name": names.get(one.element, one.element),
                "sentence": one.sentence,
                "steps": [_step(step, names) for step in one.steps],
            }
            for one in found.faults
        ],
    }


def _step(step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    said = {name: value for name, value in step.say.items() if isinstance(value, (bool, int, float, str))}
    short = {name: value for name, value in said.items() if len(str(value)) <= LONGEST}
    return {
        "kind": step.kind,
        "element": step.element,
        "name": names.get(step.element, step.element),
        "say": dict(list(short.items())[:SAID]) if step.kind != "start" else {},
    }


def _critical(staged: Staged, names: Mapping[str, str]) -> dict[str, Any]:
    found = critical_path(staged.source.bpmn, staged.source.key)
    return {
        "half_days": found.half_days,
        "promised": found.promised,
        "late": found.late,
        "parallel": found.parallel,
        "serial": found.serial,
        "elements": [{"element": one, "name": names.get(one, one)} for one in found.elements],
        "open": [{"element": one, "name": names.get(one, one)} for one in found.open],
    }


def _limits(staged: Staged) -> list[dict[str, Any]]:
    """Limits of the process and of its elements that are not what they were, both versions having the element."""
    if staged.base is None:
        return []
    key, before = staged.source.key, staged.base[1]
    old, new = _limits_of(before, key), _limits_of(staged.program, key)
    return [
        {"element": element, "name": new[element][0], "before": old[element][1], "after": new[element][1]}
        for element in new
        if element in old and old[element][1] != new[element][1]
    ]


def _limits_of(program: Program, key: str) -> dict[str, tuple[str, str]]:
    found = {key: (program.name(key), program.attributes(key).get("limit", ""))}
    for element, card in program.elements(key).items():
        found[element] = (card.name or element, card.zw.get("limit", ""))
    return found
