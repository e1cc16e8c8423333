"""LB40x: every expression is compiled when it is uploaded, not when a case stumbles over it."""

from __future__ import annotations

import re

from service.engine.feel import Compiled, FeelError, compile_expression, template
from service.engine.lint.catalog import Rule, error
from service.engine.lint.diagram import CAMUNDA, Diagram, Node, Process
from service.engine.lint.formulas import Place, Use, places, script_lines
from service.engine.lint.report import Pen
from service.engine.lint.rules.timers import is_duration, is_moment

FEEL = "按 FEEL 书写；Camunda 的 ${{…}} 只支持比较、逻辑和算术"

CONDITION = error("LB401", "条件“{expression}”有错：{problem}", "the condition {expression} is wrong: {english}", FEEL)
LOOP = error("LB402", "{use}“{expression}”有错：{problem}", "the loop's {expression} is wrong: {english}", FEEL)
SCRIPT = error(
    "LB403",
    "脚本中 {detail} 的表达式“{expression}”有错：{problem}",
    "the script's {expression} is wrong: {english}",
    FEEL,
)
SCRIPT_LINE = error(
    "LB404",
    "脚本的这一行不是“变量 = 表达式”：{expression}",
    "a script line is no assignment: {expression}",
    "脚本每行写：变量 = FEEL 表达式",
)
ATTRIBUTE = error(
    "LB405", "{detail} 的值“{expression}”有错：{problem}", "{detail}: {expression} is wrong: {english}", FEEL
)
MAPPING = error(
    "LB406", "参数 {detail} 的值“{expression}”有错：{problem}", "the parameter {detail}: {expression}: {english}", FEEL
)
FUNCTION = error(
    "LB407", "表达式“{expression}”调用了不存在的函数 {name}()", "{expression} calls the unknown function {name}()", FEEL
)
CLOCK = error(
    "LB412",
    "{use}“{expression}”不能使用时限函数 {name}()",
    "{expression} cannot use the clock function {name}()",
    "due、warn、half 只用于定时和环节的期限",
)
LANGUAGE = error(
    "LB408", "条件的语言“{language}”不支持，只能用 FEEL", "the condition's language {language} is not supported", FEEL
)
CARDINALITY = error(
    "LB409",
    "多实例次数 {expression} 超出范围（0 到 3000 的整数）",
    "the cardinality {expression} is no whole number from 0 to 3,000",
    "改小次数",
)
MAXIMUM = error(
    "LB410", "循环次数上限“{expression}”不是正整数", "loopMaximum {expression} is no positive number", "填写正整数"
)

BY_USE: dict[Use, Rule] = {
    Use.CONDITION: CONDITION, Use.CARDINALITY: LOOP, Use.COLLECTION: LOOP, Use.COMPLETION: LOOP, Use.LOOP: LOOP,
    Use.SCRIPT: SCRIPT, Use.ATTRIBUTE: ATTRIBUTE, Use.MAPPING: MAPPING, Use.NAME: ATTRIBUTE,
}  # fmt: skip
NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
MOST_INSTANCES = 3_000
NUMBERS = ("camunda:priority", "camunda:taskPriority")
DATES = ("camunda:dueDate", "camunda:followUpDate")
LANGUAGES = ("feel", "juel")


def check_expressions(diagram: Diagram, pen: Pen) -> None:
    """Every expression of the executable processes."""
    for process in diagram.processes:
        if process.executable:
            for place in places(diagram, process):
                check_place(place, pen)
            for node in process.nodes():
                check_script(node, pen)
                check_maximum(node, pen)
            check_languages(process, pen)


def compiled(place: Place) -> list[Compiled]:
    """The expressions in a text. Raises FeelError."""
    if not place.template:
        return [compile_expression(place.text)]
    return [part for part in template(place.text).parts if isinstance(part, Compiled)]


def check_place(place: Place, pen: Pen) -> None:
    """One text: it compiles and calls known functions only."""
    try:
        found = compiled(place)
    except FeelError as refused:
        pen.say(
            BY_USE[place.use], place.element, use=place.use, detail=place.detail, expression=place.text,
            problem=refused.text, english=refused.english,
        )  # fmt: skip
        return
    if place.use is Use.ATTRIBUTE and place.text.strip() and not found:
        check_literal(place, pen)
    for one in found:
        for name in one.unknown_functions:
            pen.say(FUNCTION, place.element, expression=place.text, name=name)
        for name in one.clock_functions if place.use is not Use.ATTRIBUTE else ():
            pen.say(CLOCK, place.element, use=place.use, expression=place.text, name=name)
    literal = place.text.removeprefix("=").removeprefix("${").removesuffix("}").strip()
    if place.use is Use.CARDINALITY and NUMBER.match(literal):
        if "." in literal or not 0 <= float(literal) <= MOST_INSTANCES:
            pen.say(CARDINALITY, place.element, expression=literal)


def check_literal(place: Place, pen: Pen) -> None:
    """A written priority is a whole number, a written date a date or a duration."""
    text = place.text.strip()
    if place.detail in NUMBERS and not re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII):
        problem, english = "应为整数", "should be a whole number"
    elif place.detail in DATES and not (is_moment(text.strip('"')) or is_duration(text.strip('"'))):
        problem, english = "应为日期、时间或时长", "should be a date or a duration"
    else:
        return
    pen.say(ATTRIBUTE, place.element, detail=place.detail, expression=place.text, problem=problem, english=english)


def check_script(node: Node, pen: Pen) -> None:
    """A script task holds assignments and nothing else."""
    if node.kind != "scriptTask":
        return
    script_format = (node.element.get("scriptFormat") or "feel").lower()
    if "feel" not in script_format:
        return  # refused already; its lines mean something else
    for line in script_lines(node):
        if line.variable is None:
            pen.say(SCRIPT_LINE, node.element, expression=line.text)


def check_maximum(node: Node, pen: Pen) -> None:
    """A standard loop counts to a positive number."""
    maximum = node.loop.get("loopMaximum") if node.loop is not None else None
    if maximum is not None and not (maximum.strip().isascii() and maximum.strip().isdigit() and int(maximum[:9]) > 0):
        pen.say(MAXIMUM, node.loop, expression=maximum)


def check_languages(process: Process, pen: Pen) -> None:
    """Conditions in other languages, or outside of the file."""
    for scope in process.scope.everything():
        for flow in scope.flows:
            if flow.condition is None:
                continue
            language = (flow.condition.get("language") or "").strip()
            if language and not any(known in language.lower() for known in LANGUAGES):
                pen.say(LANGUAGE, flow.element, language=language)
            elif flow.condition.get(f"{CAMUNDA}resource") is not None:
                pen.say(LANGUAGE, flow.element, language="camunda:resource")
