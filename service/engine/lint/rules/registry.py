"""BV-14, BV-18, BV-27: procedures use the names of the registry, the functions of the product, and no hidden conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Diagram, Process, local
from service.engine.lint.formulas import script_lines
from service.engine.lint.report import Pen
from service.rules.event_names import ERRORS, ESCALATIONS, MESSAGES, SIGNALS

SCRIPT = error(
    "BV-14",
    "脚本调用了 {name}()，不在允许的函数之中",
    "the script calls {name}(), which is none of the functions procedures may use",
    "脚本只用 docs/lint.md 所列的 FEEL 函数；文书、取号、消息和账单用服务任务（zw:action）",
)
NAME = error(
    "BV-18",
    "{what}“{name}”不在登记的名称之中",
    "the {english} {name} is not in the registry",
    "改用 docs/lint.md 所列的名称；确需新名称的先登记",
)

CONDITIONAL = error(
    "BV-27",
    "不能用条件事件：超时、缴费等应由定时和消息告知",
    "conditional events are not allowed: what happens is told by timers and messages",
    "改为 due() 定时或消息事件（如 MSG_PAID），判断放在排他网关上",
)

FUNCTIONS = frozenset(
    """abs|all|any|append|before|after|between|ceiling|concatenate|contains|context|context merge|context put|count|date|
    date and time|day of week|day of year|decimal|distinct values|duration|during|ends with|even|every|flatten|floor|
    get entries|get value|includes|index of|insert before|is|is defined|list contains|list replace|lower case|matches|max|
    mean|median|meets|min|mode|modulo|month of year|not|now|number|odd|overlaps|product|range|remove|replace|reverse|
    round down|round half down|round half up|round up|some|sort|split|sqrt|starts with|stddev|string|string join|
    string length|sublist|substring|substring after|substring before|sum|time|today|union|upper case|week of year|
    years and months duration""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
KEYWORDS = frozenset("if then else and or not in return satisfies for some every between instance of function".split())
CALLED = re.compile(r"([^\W\d]\w*(?: +[^\W\d]\w*)*) *\(")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
REGISTERED = {
    "message": (MESSAGES, "消息", "message", "messageRef"),
    "signal": (SIGNALS, "信号", "signal", "signalRef"),
    "escalation": (ESCALATIONS, "升级", "escalation", "escalationRef"),
    "error": (ERRORS, "错误", "error", "errorRef"),
}


def check_registry(diagram: Diagram, process: Process, pen: Pen) -> None:
    """Scripts and events of a procedure."""
    for node in process.nodes():
        if node.kind == "scriptTask":
            for name in sorted({name for line in script_lines(node) for name in called(line.source)}):
                pen.say(SCRIPT, node.element, name=name)
        used = [(local(one).removesuffix("EventDefinition"), one) for one in node.definitions]
        used += [("message", node.element)] if node.kind in ("receiveTask", "sendTask") else []
        for kind, element in used:
            if kind == "conditional":
                pen.say(CONDITIONAL, node.element)
            if kind not in REGISTERED:
                continue
            known, what, english, attribute = REGISTERED[kind]
            root = diagram.referred(element.get(attribute), kind)
            code = (root.get(f"{kind}Code") or root.get("name") or "").strip() if root is not None else ""
            if code and code not in known:
                pen.say(NAME, node.element, what=what, english=english, name=code)


def called(source: str) -> Iterator[str]:
    """Functions a FEEL text calls that procedures may not use. Names of functions may have blanks in them."""
    for found in CALLED.finditer(TEXT.sub('""', source)):
        words = found[1].split()
        if words[-1] in KEYWORDS or any(" ".join(words[n:]) in FUNCTIONS for n in range(len(words))):
            continue
        yield words[-1]
