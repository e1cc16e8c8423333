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
                check_letter(scope, scope.starts, node.name, {node}, frozenset(), node.element, pen)
            if node.kind in HUMAN and "SURVEY" in stages_of(node):
                check_survey(scope, node, pen)
        ends, desks = (
            {node for node in nodes if node.kind == "endEvent"},
            {node for node in nodes if node.kind in HUMAN},
        )
        for flow in scope.flows:
            name = " ".join((flow.element.get("name") or "").split())
            if name in LETTERS and flow.target is not None:
                check_letter(scope, [flow.target], name, ends, frozenset(desks), flow.element, pen)


def check_letter(
    scope: Scope, starts: Iterable[Node], name: str, ends: set[Node], desks: frozenset[Node], meant: Any, pen: Pen
) -> None:
    """BV-15: no way to one of the ends without the document. `desks`: where somebody decides anew and the way ends."""
    kinds, what = LETTERS[name]
    letters = frozenset(node for node in scope.nodes.values() if documents(node, scope) & {*kinds})
    if reachable(starts, without=letters | desks) & ends - letters:
        pen.say(LETTER, meant, name=name, what=what, english=" or ".join(kinds))


def documents(node: Node, scope: Scope) -> frozenset[str]:
    """Documents a node hands out, or something in it."""
    inner = [deep for one in scope.inner if one.node is node for deep in one.everything()]
    said = [node.zw.get("doc", ""), *(other.zw.get("doc", "") for one in inner for other in one.nodes.values())]
    return frozenset(word for text in said for word in words_of(text))


def next_desks(node: Node, desks: frozenset[Node]) -> set[Node]:
    """The desks a token can come to next."""
    after = reachable([flow.target for flow in node.outgoing if flow.target is not None], without=desks)
    firsts = [flow.target for one in (node, *after) for flow in one.outgoing if flow.target is not None]
    return {one for one in firsts if one in desks}


def check_survey(scope: Scope, node: Node, pen: Pen) -> None:
    """BV-23: two inspectors at least, and the record they sign, by the task or before somebody else has it."""
    said = INSPECTORS.search(node.zw.get("quorum", ""))
    desks = frozenset(other for other in scope.nodes.values() if other.kind in HUMAN)
    if said is None and any(INSPECTORS.search(one.zw.get("quorum", "")) for one in next_desks(node, desks)):
        return  # the appointment: who surveys is said by the desk after it
    if said is None or int(said[1]) < LEAST_INSPECTORS:
        pen.say(SURVEY, node.element, problem="没有写明至少两名勘查人员", english="does not ask for two inspectors")
    after = reachable([f.target for f in node.outgoing if f.target is not None], without=desks)
    if not any(RECORD in documents(one, scope) for one in (node, *after)):
        pen.say(SURVEY, node.element, problem=f"没有出具现场勘查签单 {RECORD}", english=f"does not issue {RECORD}")
