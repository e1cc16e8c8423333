"""LB42x: timers say one thing, and something that will come."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from service.engine.feel import FeelError, compile_expression
from service.engine.kernel.cron import looks_like_cron, read_cron
from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Node, local, text_of
from service.engine.lint.formulas import event_definitions
from service.engine.lint.report import Pen

EXAMPLES = '时刻 2026-03-16T09:00:00+08:00，时长 PT2H、P3WD、P2HD，周期 R3/PT1H，或 FEEL 表达式如 due("REVIEW")'

NO_TIME = error("LB420", "定时没有写时间", "the timer says no time", EXAMPLES)
TWO_TIMES = error(
    "LB421", "定时只能写一种时间", "the timer says more than one time", "timeDate、timeDuration、timeCycle 只留一个"
)
WRONG = error("LB422", "定时“{text}”有错：{problem}", "the timer {text} is wrong: {english}", EXAMPLES)
NOT_ISO = error("LB423", "定时“{text}”不是有效的{what}", "the timer {text} is no {english_what}", EXAMPLES)
CRON = error(
    "LB424",
    "cron 表达式“{text}”无法识别，或不在定时周期（timeCycle）里",
    "the cron expression {text} cannot be read, or stands outside of a timeCycle",
    "在 timeCycle 中写 6 或 7 段（秒在最前），如 0 0 9 ? * MON-FRI，或改用 R/PT1H 这样的周期",
)
RUSH = error("LB425", "定时周期“{text}”的间隔为零", "the interval of the cycle {text} is zero", "间隔至少 1 分钟")
FAST = warning(
    "LB426",
    "定时周期“{text}”不足 1 分钟且没有次数限制",
    "the endless cycle {text} is shorter than a minute",
    "写明次数或放长间隔",
)
START = error(
    "LB427",
    "启动流程的定时“{text}”必须直接写明时间",
    "the timer {text} of a start event must be literal",
    "如 2026-03-16T09:00:00+08:00、R/P1D",
)

TIMES = ("timeDate", "timeDuration", "timeCycle")
DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z",
    re.ASCII,
)
WORKING = re.compile(r"P?\d{1,3}(?:WD|HD)\Z", re.IGNORECASE | re.ASCII)
CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/]+)/)?(?P<every>[^/]+)\Z", re.ASCII)
SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1)
LONGEST = 8  # digits of one number
WORDS = re.compile(r"[-\w\s]+")  # FEEL would read `three days`, `soon` and `-PT5H` as names of variables


def check_timers(diagram: Diagram, pen: Pen) -> None:
    """All timers of the executable processes."""
    for process in diagram.processes:
        if process.executable:
            for node, definition in event_definitions(process, "timer"):
                check_timer(node, definition, pen)


def check_timer(node: Node, definition: Any, pen: Pen) -> None:
    """One timer definition."""
    times = [child for child in definition if local(child) in TIMES]
    if len(times) > 1:
        pen.say(TWO_TIMES, definition)
    elif not times or not text_of(times[0]):
        pen.say(NO_TIME, definition)
    else:
        check_time(node, text_of(times[0]), times[0], pen)


def check_time(node: Node, text: str, element: Any, pen: Pen) -> None:
    """One time: a literal of its kind, or an expression that compiles."""
    literal = text.strip('"')
    if looks_like_cron(literal):
        if local(element) != "timeCycle" or not is_cron(literal):
            pen.say(CRON, element, text=text)
    elif literal[:1] == "R" and ("/" in literal or literal[1:].isdigit()):
        check_cycle(literal, element, pen)
    elif re.match(r"P[\dT]|\d+[A-Za-z]", literal):
        if not is_duration(literal):
            pen.say(NOT_ISO, element, text=text, what="时长", english_what="duration")
    elif re.match(r"\d{4}-", literal) or re.fullmatch(r"[\d.:T+\-]+Z?", literal):
        if not is_moment(literal):
            pen.say(NOT_ISO, element, text=text, what="时刻", english_what="date and time")
    elif node.kind == "startEvent" and node.scope.node is None:
        pen.say(START, element, text=text)
    else:
        check_formula(text, element, pen)


def check_formula(text: str, element: Any, pen: Pen) -> None:
    """A timer that is computed; a variable alone has to be written as an expression."""
    if WORDS.fullmatch(text):
        problem, english = "既不是时间也不是表达式，变量请写成 ${变量名}", "neither a time nor an expression"
        pen.say(WRONG, element, text=text, problem=problem, english=english)
        return
    try:
        found = compile_expression(text)
    except FeelError as refused:
        pen.say(WRONG, element, text=text, problem=refused.text, english=refused.english)
        return
    for name in found.unknown_functions:
        pen.say(WRONG, element, text=text, problem=f"没有函数 {name}()", english=f"no function {name}()")


def check_cycle(text: str, element: Any, pen: Pen) -> None:
    """A repeating timer: readable, and not without pause."""
    found = CYCLE.match(text)
    start = found["start"] if found else None
    if (
        found is None
        or not is_duration(found["every"])
        or start
        and not is_moment(start)
        or len(found["count"]) > LONGEST
    ):
        pen.say(NOT_ISO, element, text=text, what="周期", english_what="cycle")
        return
    seconds = length(found["every"])
    if seconds == 0:
        pen.say(RUSH, element, text=text)
    elif seconds < 60 and not found["count"]:
        pen.say(FAST, element, text=text)


def is_cron(text: str) -> bool:
    """Whether the kernel can read it."""
    try:
        read_cron(text)
    except ValueError:
        return False
    return True


def is_duration(text: str) -> bool:
    """Whether it is an ISO 8601 duration or a limit in working time."""
    return bool(WORKING.match(text) or (DURATION.match(text) and not re.search(rf"\d{{{LONGEST},}}", text)))


def length(text: str) -> float:
    """Seconds of a duration, roughly; a working day counts as a day."""
    found = DURATION.match(text)
    if found is None:
        return 86_400.0 * int(re.sub(r"\D", "", text) or 0)
    return sum(float(amount or 0) * unit for amount, unit in zip(found.groups(), SECONDS, strict=True))


def is_moment(text: str) -> bool:
    """Whether it is an ISO 8601 date, with or without a time."""
    try:
        datetime.fromisoformat(text.split("[")[0])
    except ValueError:
        return False
    return "-" in text
