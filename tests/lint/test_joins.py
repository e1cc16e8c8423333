"""Joins that can wait for ever and branches that meet without one; no false alarm on anything that is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.engine import Resource, examine
from tests.engine.drive import definitions, process

TASKS = "".join(f'<userTask id="{name}"/>' for name in "abcd")
EDGE = '<startEvent id="s"/><endEvent id="e"/>' + TASKS
GATES = '<parallelGateway id="p1"/><parallelGateway id="p2"/><exclusiveGateway id="x1"/><exclusiveGateway id="x2"/>'
PROCESSES = sorted((Path(__file__).parents[2] / "processes").rglob("*.bpmn"))
GOOD = sorted((Path(__file__).parent / "fixtures" / "good").glob("*.bpmn"))
RIGHT = sorted((Path(__file__).parents[1] / "bpmn").glob("*/*.bpmn"))


def said(body: str, roots: str = "") -> list[tuple[str, str | None]]:
    found = examine([Resource(name="p.bpmn", content=definitions(process(body)))]).findings
    return [(f.code, f.element) for f in found if f.code in ("LB320", "LB321")]


def used(flows: str, extra: str = "") -> str:
    """The nodes that the flows name, and the flows."""
    names = {
        word for line in flows.replace(";", "\n").splitlines() for word in line.split(" : ")[0].split() if word != "->"
    }
    nodes = EDGE + GATES
    kept = "".join(f"{part}/>" for part in nodes.split("/>") if part and part.split('"')[1] in names)
    return kept + extra + "\n" + flows + "\n"


@pytest.mark.parametrize(
    ("flows", "found"),
    [
        ("s -> x1\nx1 -> a : k = 1\nx1 -> b : k = 2\na -> p2\nb -> p2\np2 -> e", [("LB320", "p2")]),
        ("s -> p1\np1 -> a\np1 -> b\na -> x2\nb -> x2\nx2 -> c\nc -> e", [("LB321", "x2")]),
        ("s -> p1\np1 -> a\np1 -> b\na -> c\nb -> c\nc -> e", [("LB321", "c")]),
        ("s -> p1\np1 -> a\np1 -> b\na -> p2\nb -> p2\np2 -> e", []),
        ("s -> p1\np1 -> a\np1 -> x1\nx1 -> b : k\nx1 -> c : k\nb -> x2\nc -> x2\nx2 -> p2\na -> p2\np2 -> e", []),
        ("s -> p1\np1 -> a\np1 -> x1\nx1 -> b : k\nx1 -> e : k\na -> p2\nb -> p2\np2 -> c\nc -> e", [("LB320", "p2")]),
        ("s -> x1\nx1 -> a\na -> x2\nx2 -> x1 : k\nx2 -> e : k", []),
        ("s -> a\na -> b\na -> c\nb -> p2\nc -> p2\np2 -> e", []),
        ("s -> a\na -> b : k\na -> c : k\nb -> p2\nc -> p2\np2 -> e", [("LB320", "p2")]),
    ],
)  # fmt: skip
def test_what_can_go_wrong_is_told(flows, found):
    assert said(used(flows)) == found


def test_a_terminate_end_takes_the_waiting_join_with_it():
    flows = "s -> p1\np1 -> a\np1 -> x1\nx1 -> b : k\nx1 -> t : k\na -> p2\nb -> p2\np2 -> e"
    assert said(used(flows, '<endEvent id="t"><terminateEventDefinition/></endEvent>')) == []


@pytest.mark.parametrize("path", [*PROCESSES, *GOOD], ids=lambda path: path.stem)
def test_no_false_alarm_on_a_good_diagram(path):
    assert not {f.code for f in examine([Resource(name=path.name, content=path.read_bytes())]).findings} & {
        "LB320",
        "LB321",
    }


def test_joins_of_the_conformance_suite_are_told_only_where_something_happens():
    alarmed = [
        path.stem
        for path in RIGHT
        if any(f.code == "LB320" for f in examine([Resource(name=path.name, content=path.read_bytes())]).findings)
    ]
    assert len(RIGHT) > 150 and set(alarmed) <= STUCK_ON_PURPOSE


def test_a_thousand_choices_are_judged_quickly_or_not_at_all():
    parts, flows = [], ["s -> n0"]
    for n in range(200):
        parts.append(f'<exclusiveGateway id="n{n}"/><userTask id="u{n}"/><userTask id="v{n}"/>')
        flows += [f"n{n} -> u{n} : k", f"n{n} -> v{n} : k", f"u{n} -> n{n + 1}", f"v{n} -> n{n + 1}"]
    body = f'<startEvent id="s"/>{"".join(parts)}<parallelGateway id="n200"/><endEvent id="e"/>\n'
    assert said(body + "\n".join(flows) + "\nn200 -> e\n") == [("LB320", "n200")]


STUCK_ON_PURPOSE: set[str] = set()
