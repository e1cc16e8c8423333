"""BV-nn: what the procedures of a centre (zw:kind ITEM, CHAIN, SUPPORT) must keep, on top of the engine's rules.

Which rule stands where: docs/procedure_rules.md. BV-02 is LB1xx, BV-13 LB7xx: they hold for every diagram.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram, Node, Process, Scope, local, text_of
from service.engine.lint.drafts import lane_of
from service.engine.lint.formulas import event_definitions
from service.engine.lint.report import Pen
from service.engine.lint.rules.lanes import is_lane
from service.engine.lint.rules.timers import is_duration, length
from service.rules.roles import ROLES

ONE = error(
    "BV-01",
    "一个文件只能有一个可执行流程，现在有 {count} 个",
    "{count} executable processes in one file",
    "每个流程单独一个文件",
)
TASK = error("BV-03", "人工环节没有{what}", "the task has no {english_what}", "在属性面板中填写")
LANE = error(
    "BV-04",
    "{what}“{name}”不在{what}表中",
    "the {english_what} {name} is not in the table of {english_what}s",
    "泳道改用综合窗口、部门审核、首席代表、发证窗口等名称，zw:role 改用岗位编码",
)
STAGE = error(
    "BV-05",
    "四环节应依次为受理、审核、批准、发证：{problem}",
    "the four stages must follow each other: {english}",
    "补上环节（zw:stage）或调整连线",
)
LIMIT = error(
    "BV-07",
    '时限不能写成“{text}”：应为 due("环节")、warn("环节") 或 half("环节")',
    "a limit cannot be {text}: use due, warn or half",
    '定时用 timeDate，内容如 due("REVIEW")；服务任务的重试可用不超过 1 小时的时长',
)
LADDER = error(
    "BV-08",
    "环节没有抛出 ESC_OVERDUE 的非中断到期定时",
    "the task has no non-interrupting due timer that throws ESC_OVERDUE",
    '附上非中断定时边界事件 due("环节")，接到升级动作和升级结束事件 ESC_OVERDUE',
)
PATH = error("BV-11", "从这里到不了结束事件", "no end event can be reached from here", "补上连线")
SAME_LANE = error(
    "BV-22",
    "“{first}”与“{second}”环节{problem}",
    "{first} and {second} {english}",
    "受理、审核、批准分属不同泳道；只有即办件（zw:limit=“0wd”）可以一个环节办完四环节",
)
ON_SIDE_PATH = error(
    "BV-26",
    "非中断边界事件之后不能有人工环节（会拖住办件）",
    "no user task may follow a non-interrupting boundary event",
    "改为服务任务，另行启动督办流程",
)

KINDS = ("ITEM", "CHAIN", "SUPPORT")
HUMAN = ("userTask", "manualTask")
STAGES = {"ACCEPT": "受理", "REVIEW": "审核", "APPROVE": "批准", "ISSUE": "发证"}
WITH_LADDER = frozenset({"REVIEW", "APPROVE", "OPINION", "ISSUE"})
CLOCK = re.compile(r"(?:due|warn|half)\s*\(\s*(?:\"[^\"]*\"(?:\s*,\s*\"P?\d{1,3}(?:wd|hd)\")?)?\s*\)\Z", re.IGNORECASE)
LONGEST_RETRY = 3_600  # seconds
AT_ONCE = ("0wd", "p0wd", "0hd", "p0hd")


def check_procedures(diagram: Diagram, pen: Pen) -> None:
    """The rules for processes with zw:kind."""
    executable = [process for process in diagram.processes if process.executable]
    for process in executable:
        if process.kind not in KINDS:
            continue
        if len(executable) > 1:
            pen.say(ONE, process.element, count=len(executable))
        nodes = list(process.nodes())
        for node in nodes:
            check_human_task(process, node, pen)
            check_side_path(node, pen)
        for lane in process.lane_elements:
            if not is_lane(lane.get("name") or ""):
                pen.say(LANE, lane, what="泳道", english_what="lane", name=lane.get("name") or "")
        check_limits(process, pen)
        check_ladders(diagram, nodes, pen)
        check_paths(process, pen)
        check_lanes_apart(process, nodes, pen)
        if process.kind == "ITEM":
            check_stages(process, nodes, pen)


def stages_of(node: Node) -> frozenset[str]:
    """The stages a task stands for; one task may merge several (即办件)."""
    return frozenset(node.zw.get("stage", "").replace(",", " ").split())


def check_human_task(process: Process, node: Node, pen: Pen) -> None:
    """BV-03: lane or role, stage, form and limit. BV-04: a role that exists, or nobody is ever given the task."""
    if node.kind not in HUMAN:
        return
    if not node.zw.get("role") and not lane_of(process, node):
        pen.say(TASK, node.element, what="泳道或岗位（zw:role）", english_what="lane or zw:role")
    role = node.zw.get("role", "").strip()
    if role and role not in ROLES and not role.startswith(("=", "${", "#{")):
        pen.say(LANE, node.element, what="岗位", english_what="role", name=role)
    if not stages_of(node):
        pen.say(TASK, node.element, what="环节（zw:stage）", english_what="zw:stage")
    if not node.form_key:
        pen.say(TASK, node.element, what="表单（camunda:formKey）", english_what="form")
    if not node.zw.get("limit"):
        pen.say(TASK, node.element, what="时限（zw:limit）", english_what="zw:limit")


def check_limits(process: Process, pen: Pen) -> None:
    """BV-07: working time by the clock of the case, never calendar time; what starts a process is no limit."""
    for node, definition in event_definitions(process, "timer"):
        host = node.host.kind if node.host is not None else ""
        for time in definition:
            text = text_of(time)
            kind = local(time)
            begins = node.kind == "startEvent" and node.scope.node is None
            if begins or not text or not kind.startswith("time"):
                continue
            retry = host in ("serviceTask", "sendTask") and kind != "timeDate" and is_duration(text.rpartition("/")[2])
            if retry and length(text.rpartition("/")[2]) <= LONGEST_RETRY:
                continue
            bare = re.sub(r"\A(?:[$#]\{|=)|\}\Z", "", text).strip()
            if kind != "timeDate" or not CLOCK.match(bare):
                pen.say(LIMIT, time, text=text)


def check_ladders(diagram: Diagram, nodes: list[Node], pen: Pen) -> None:
    """BV-08: whoever is late is told upwards."""
    for node in nodes:
        if node.kind not in HUMAN or not stages_of(node) & WITH_LADDER or node.zw.get("ladder") == "none":
            continue
        timers = [b for b in node.boundaries if b.event == "timer" and not b.interrupting]
        reached = {after for timer in timers for after in reachable([timer])}
        if not any(throws_overdue(diagram, after) for after in reached):
            pen.say(LADDER, node.element)


def throws_overdue(diagram: Diagram, node: Node) -> bool:
    """Whether the event throws ESC_OVERDUE."""
    if node.kind not in ("endEvent", "intermediateThrowEvent") or node.event != "escalation":
        return False
    escalation = diagram.referred(node.definitions[0].get("escalationRef"), "escalation")
    return escalation is not None and "ESC_OVERDUE" in (escalation.get("escalationCode"), escalation.get("name"))


def reachable(starts: Iterable[Node], without: frozenset[Node] = frozenset()) -> set[Node]:
    """Everything a token can reach from the nodes, them included, not passing through `without`."""
    seen: set[Node] = set()
    waiting = [node for node in starts if node not in without]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        following = [flow.target for flow in node.outgoing if flow.target is not None] + node.boundaries
        waiting += [after for after in following if after not in without]
    return seen


def check_paths(process: Process, pen: Pen) -> None:
    """BV-11: every node lies on a path to an end event (that a start reaches it is LB304)."""
    for scope in process.scope.everything():
        seen: set[Node] = set()
        waiting = [node for node in scope.nodes.values() if node.kind == "endEvent"]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += [flow.source for flow in node.incoming if flow.source is not None]
                waiting += [node.host] if node.host is not None and node.interrupting else []
        for node in scope.nodes.values():
            if node not in seen and not node.is_event_subprocess:  # an event begins and ends it
                pen.say(PATH, node.element)


def check_lanes_apart(process: Process, nodes: list[Node], pen: Pen) -> None:
    """BV-22: who accepts, who reviews and who approves stand in different lanes; one task for all is 即办件."""
    for node in nodes if process.kind == "ITEM" else ():
        merged = [STAGES[stage] for stage in STAGES if node.kind in HUMAN and stage in stages_of(node)]
        at_once = len(merged) == len(STAGES) and process.zw.get("limit", "0wd").strip().lower() in AT_ONCE
        if len(merged) > 1 and not at_once:
            problem, english = "合并在一个环节里", "are one task"
            pen.say(SAME_LANE, node.element, first=merged[0], second=merged[1], problem=problem, english=english)
    tasks = [node for node in nodes if node.kind in HUMAN and len(stages_of(node)) == 1]
    for first, second in (("ACCEPT", "REVIEW"), ("REVIEW", "APPROVE")):
        lanes = {lane_of(process, node) for node in tasks if first in stages_of(node)} - {None}
        for node in tasks:
            lane = lane_of(process, node)
            if second in stages_of(node) and lane in lanes:
                problem, english = f"在同一泳道“{lane}”", f"are in the same lane {lane}"
                pen.say(
                    SAME_LANE,
                    node.element,
                    first=STAGES[first],
                    second=STAGES[second],
                    problem=problem,
                    english=english,
                )


def check_side_path(node: Node, pen: Pen) -> None:
    """BV-26: nothing human hangs on a non-interrupting boundary event."""
    if node.kind != "boundaryEvent" or node.interrupting:
        return
    for after in reachable([node]):
        for one in (after, *inside(after)):
            if one.kind in HUMAN:
                pen.say(ON_SIDE_PATH, one.element)


def inside(node: Node) -> Iterable[Node]:
    """Everything drawn within a sub-process."""
    return (one for inner in inner_scopes(node) for scope in inner.everything() for one in scope.nodes.values())


def inner_scopes(node: Node) -> list[Scope]:
    """What a sub-process is within; nothing for other nodes."""
    return [inner for inner in node.scope.inner if inner.node is node]


def check_stages(process: Process, nodes: list[Node], pen: Pen) -> None:
    """BV-05: all four stages are there, and none can be reached around the one before it."""
    by_stage = {stage: frozenset(n for n in nodes if n.kind in HUMAN and stage in stages_of(n)) for stage in STAGES}
    missing = [STAGES[stage] for stage, found in by_stage.items() if not found]
    if missing:
        names = "、".join(missing)
        pen.say(STAGE, process.element, problem=f"缺少{names}", english=f"missing {names}")
        return
    order = list(STAGES)
    for earlier, later in zip(order, order[1:], strict=False):
        for node in walked(process.scope.starts, without=by_stage[earlier]) & by_stage[later]:
            pen.say(
                STAGE, node.element, problem=f"{STAGES[later]}可以绕过{STAGES[earlier]}",
                english=f"{later} can be reached without {earlier}",
            )  # fmt: skip


def walked(starts: Iterable[Node], without: frozenset[Node]) -> set[Node]:
    """Like `reachable`, through the inside of sub-processes; what an ad-hoc one holds may be done or not."""
    seen: set[Node] = set()
    waiting = [node for node in starts if node not in without]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        inner = [] if node.kind == "adHocSubProcess" else inner_scopes(node)
        following = [one for scope in inner for one in scope.starts] + node.boundaries
        left = node.scope.node if node.kind == "endEvent" else None
        if not inner:
            following += [flow.target for flow in (left or node).outgoing if flow.target is not None]
        following += list(inside(node)) if node.kind == "adHocSubProcess" else []
        waiting += [after for after in following if after not in without]
    return seen
