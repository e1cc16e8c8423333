"""BV-15, BV-23: who is turned away gets the letter the law wants, and a visit its signed record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Node, Process, Scope
from service.engine.lint.report import Pen
from service.engine.lint.rules.procedures import HUMAN, reachable, stages_of
from service.rules.acts import words_of

LETTER = error(
    "BV-15",
    "可以不经出具{what}而走到“{name}”",
    "{name} can be reached without the document {english}",
    "在通向这里的每条路径上画出具该文书的环节（zw:doc）",
)
SURVEY = error(
    "BV-23",
    "现场勘查环节{problem}",
    "the survey {english}",
    "写 zw:quorum=“inspectors>=2”，并在本环节或其后一步出具现场勘查签单 W11（zw:doc）",
)

LETTERS = {  # what an end or a flow is called → documents of which one is due
    "不予受理": (("W03",), "不予受理通知书 W03"),
    "办结-不予": (("W15",), "不予行政许可决定书 W15"),
    "不予": (("W15",), "不予行政许可决定书 W15"),
    "退件": (("W03", "W23"), "不予受理通知书 W03 或材料退还清单 W23"),
}
RECORD = "W11"
INSPECTORS = re.compile(r"inspectors\s*(?:>=|≥)\s*(\d{1,2})")
LEAST_INSPECTORS = 2  # 行政许可法 art. 34: two officers or more


def check_papers(process: Process, pen: Pen) -> None:
    """Ends and flows that turn somebody away, and surveys."""
    for scope in process.scope.everything():
        nodes = scope.nodes.values()
        for node in nodes:
            if node.kind == "endEvent" and node.name in LETTERS:
                check_letter(process, scope, scope.starts, node.name, {node}, frozenset(), node.element, pen)
            if node.kind in HUMAN and "SURVEY" in stages_of(node):
                check_survey(scope, node, pen)
        ends, desks = (
            {node for node in nodes if node.kind == "endEvent"},
            {node for node in nodes if node.kind in HUMAN},
        )
        for flow in scope.flows:
            name = " ".join((flow.element.get("name") or "").split())
            if name in LETTERS and flow.target is not None:
                check_letter(process, scope, [flow.target], name, ends, frozenset(desks), flow.element, pen)


def check_letter(
    process: Process,
    scope: Scope,
    starts: Iterable[Node],
    name: str,
    ends: set[Node],
    desks: frozenset[Node],
    meant: Any,
    pen: Pen,
) -> None:
    """BV-15: no way to one of the ends without the document. `desks`: where somebody decides anew and the way ends.

    Which letter it is belongs to items; supporting processes and chains have their own (投诉, 代办) and must have one.
    """
    kinds, what = LETTERS[name]
    own = process.kind == "ITEM"
    letters = frozenset(
        n for n in scope.nodes.values() if (found := documents(n, scope)) and (not own or found & {*kinds})
    )
    if reachable(starts, without=letters | desks) & ends - letters:
        pen.say(LETTER, meant, name=name, what=what, english=" or ".join(kinds))


def documents(node: Node, scope: Scope) -> frozenset[str]:
    """Documents a node hands out, or something in it."""
    inner = [deep for one in scope.inner if one.node is node for deep in one.everything()]
    said = [node.zw.get("doc", ""), *(other.zw.get("doc", "") for one in inner for other in one.nodes.values())]
    return frozenset(word for text in said for word in words_of(text))


def check_survey(scope: Scope, node: Node, pen: Pen) -> None:
    """BV-23: two inspectors at least, and the record they sign, at this desk or at the visit it prepares."""
    visits = [one for one in reachable([node]) if one.kind in HUMAN and "SURVEY" in stages_of(one)]
    if not any(two_inspectors(one) for one in visits):
        pen.say(SURVEY, node.element, problem="没有写明至少两名勘查人员", english="does not ask for two inspectors")
    if not any(recorded(scope, one) for one in visits):
        pen.say(SURVEY, node.element, problem=f"没有出具现场勘查签单 {RECORD}", english=f"does not issue {RECORD}")


def two_inspectors(node: Node) -> bool:
    """Whether a visit is made by two at least."""
    said = INSPECTORS.search(node.zw.get("quorum", ""))
    return said is not None and int(said[1]) >= LEAST_INSPECTORS


def recorded(scope: Scope, node: Node) -> bool:
    """Whether the record comes with the visit or before the next desk."""
    desks = frozenset(other for other in scope.nodes.values() if other.kind in HUMAN)
    after = reachable([flow.target for flow in node.outgoing if flow.target is not None], without=desks)
    return any(RECORD in documents(one, scope) for one in (node, *after))
