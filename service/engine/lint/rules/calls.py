"""LB7xx: which process calls which, over all files of a deployment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from service.engine.decisions.references import reference_of
from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram, Node, Process
from service.engine.lint.report import Pen, Report
from service.rules.vocabulary import InHouseAction

NOT_FOUND = error(
    "LB701",
    "被调用的流程 {key} 不存在",
    "the called process {key} does not exist",
    "一并上传被调用的流程，或改正 calledElement",
)
RECURSION = error(
    "LB702", "流程互相调用成环：{path}", "processes call each other in a circle: {path}", "去掉其中一个调用"
)
SAME_KEY = error(
    "LB703",
    "流程标识 {key} 在 {other} 中已经用过",
    "the process key {key} is already used in {other}",
    "改用唯一的流程标识",
)
NOT_CALLABLE = error(
    "LB704",
    "被调用的流程 {key} 没有无触发条件的开始事件",
    "the called process {key} has no none start event",
    "在被调用的流程中画一个普通开始事件",
)

NO_DECISION = error(
    "LB705",
    "决策 {key} 不存在",
    "the decision {key} does not exist",
    "一并上传含有该决策的 DMN 文件，或改正引用",
)

STARTED_NOT_FOUND = error(
    "LB706",
    "要启动的支持流程 {key} 不存在",
    "the supporting process {key} to be started does not exist",
    "一并上传该流程，或改正 zw:process",
)
STARTED_NOT_STARTABLE = error(
    "LB707",
    "要启动的支持流程 {key} 没有无触发条件的开始事件",
    "the supporting process {key} has no none start event",
    "在该流程中画一个普通开始事件",
)


def check_decision_uses(
    diagrams: Sequence[Diagram], given: Collection[str], known: Collection[str], must_exist: bool, report: Report
) -> None:
    """Decisions that business rule tasks name are uploaded with them or deployed already."""
    if not must_exist:
        return
    for diagram in diagrams:
        pen = Pen(report, diagram)
        for process in diagram.processes:
            for node in process.nodes() if process.executable else ():
                reference = reference_of(node.element) if node.kind == "businessRuleTask" else None
                if reference is not None and reference.use not in known and reference.use not in given:
                    pen.say(NO_DECISION, node.element, key=reference.use)


def check_calls(diagrams: Sequence[Diagram], known: frozenset[str], must_exist: bool, report: Report) -> None:
    """Keys are unique, called processes are there and can be called, nobody calls himself."""
    given: dict[str, tuple[Diagram, Process]] = {}
    for diagram in diagrams:
        pen = Pen(report, diagram)
        for process in diagram.processes:
            if not process.executable or not process.key:
                continue
            if process.key in given and given[process.key][0] is not diagram:
                pen.say(SAME_KEY, process.element, key=process.key, other=given[process.key][0].file)
            given.setdefault(process.key, (diagram, process))
    for diagram, process in given.values():
        pen = Pen(report, diagram)
        for node in calls_of(process):
            check_call(node, given, known, must_exist, pen)
        for node in process.nodes():
            check_started(node, given, known, must_exist, pen)
    say_circles(given, report)


def calls_of(process: Process) -> list[Node]:
    """Call activities that name a process."""
    return [
        node for node in process.nodes() if node.kind == "callActivity" and is_key(node.element.get("calledElement"))
    ]


def is_key(called: str | None) -> bool:
    """Whether calledElement can be the key of a process."""
    return bool(called and called.strip() and not called.strip().startswith(("${", "#{", "=")) and ":" not in called)


def check_call(
    node: Node, given: Mapping[str, tuple[Any, Process]], known: frozenset[str], must_exist: bool, pen: Pen
) -> None:
    """One call."""
    key = node.element.get("calledElement").strip()
    if key in given:
        process = given[key][1]
        if process.scope.starts and not any(start.event == "none" for start in process.scope.starts):
            pen.say(NOT_CALLABLE, node.element, key=key)
    elif must_exist and key not in known:
        pen.say(NOT_FOUND, node.element, key=key)


def check_started(
    node: Node, given: Mapping[str, tuple[Any, Process]], known: frozenset[str], must_exist: bool, pen: Pen
) -> None:
    """One act that starts a supporting process: it need not be called, so circles are its own business."""
    key = node.zw.get("process", "").strip()
    if node.zw.get("action") != InHouseAction.START or not is_key(key):
        return
    if key in given:
        starts = given[key][1].scope.starts
        if starts and not any(start.event == "none" for start in starts):
            pen.say(STARTED_NOT_STARTABLE, node.element, key=key)
    elif must_exist and key not in known:
        pen.say(STARTED_NOT_FOUND, node.element, key=key)


def say_circles(given: Mapping[str, tuple[Diagram, Process]], report: Report) -> None:
    """Each circle of calls once, at the call that closes it."""
    done: set[str] = set()
    for start in given:
        path: list[str] = []
        work: list[tuple[str, int]] = [(start, 0)]
        while work:
            key, position = work.pop()
            if position == 0:
                if key in done:
                    continue
                path.append(key)
            diagram, process = given[key]
            calls = [node for node in calls_of(process) if node.element.get("calledElement").strip() in given]
            if position >= len(calls):
                done.add(key)
                path.pop()
                continue
            work.append((key, position + 1))
            called = calls[position].element.get("calledElement").strip()
            if called in path:
                circle = " → ".join([*path[path.index(called) :], called])
                Pen(report, diagram).say(RECURSION, calls[position].element, path=circle)
            elif called not in done:
                work.append((called, 0))
