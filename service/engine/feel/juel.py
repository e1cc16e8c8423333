"""Camunda's `${…}`: the plain part of JUEL, translated to FEEL. What is not plain is refused by name, never guessed.

Plain: comparisons, and/or/not, arithmetic, `empty`, `? :`, literals, dotted names, parentheses, and a few functions of
FEEL without side effects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import FeelError

MAX_DEPTH = 60
FUNCTIONS = frozenset(
    [
        "due",
        "warn",
        "half",
        "now",
        "today",
        "date",
        "time",
        "duration",
        "number",
        "string",
        "count",
        "sum",
        "min",
        "max",
        "abs",
        "floor",
        "ceiling",
        "contains",
    ]
)
WORDS = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "div": "/", "mod": "%",
}  # fmt: skip
COMPARISONS = {"==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w$]*)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<op>==|!=|<=|>=|&&|\|\||->|[-+*/%<>!?:.,()\[\]{}=;]))""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word: kind is number, name, string, op or end."""

    kind: str
    text: str
    at: int


def unsupported(construct: str, english: str) -> FeelError:
    """The refusal of a construct, by its Chinese name."""
    return FeelError(
        "JUEL_UNSUPPORTED", f"${{…}} 表达式不支持{construct}，请改用 FEEL", f"${{…}} with {english} is not supported"
    )


def tokens(text: str, start: int) -> Iterator[Token]:
    """The words from a position on; ends quietly where nothing matches (the parser complains)."""
    while found := TOKEN.match(text, start):
        kind = str(found.lastgroup)
        yield Token(kind, found[kind], found.start(kind))
        start = found.end()
    yield Token("end", text[start : start + 12].strip(), start)


class Translator:
    """Recursive descent over one `${…}`; every method returns FEEL text."""

    def __init__(self, text: str, start: int) -> None:
        self.stream = tokens(text, start)
        self.token = next(self.stream)
        self.depth = 0

    def advance(self) -> Token:
        """Take the current word."""
        taken = self.token
        if taken.kind != "end":
            self.token = next(self.stream)
        return taken

    def operator(self) -> str:
        """The current word as an operator, words like `eq` included."""
        if self.token.kind == "op":
            return self.token.text
        return WORDS.get(self.token.text, "") if self.token.kind == "name" else ""

    def expect(self, operator: str) -> None:
        """Take this operator or refuse."""
        if self.token.kind != "op" or self.token.text != operator:
            raise self.wrong()
        self.advance()

    def wrong(self) -> FeelError:
        """The refusal of the current word."""
        if self.token.kind == "op" and self.token.text == "=":
            return unsupported("赋值（=），相等请写 ==", "an assignment")
        if self.token.kind == "op" and self.token.text in ("->", ";", "{"):
            return unsupported("Lambda、语句或集合字面量", "a lambda, a statement or a collection literal")
        if self.token.kind == "op" and self.token.text == ":":
            return unsupported("带前缀的函数调用", "a prefixed function call")
        near = self.token.text or "末尾"
        return FeelError(
            "JUEL_UNSUPPORTED",
            f"${{…}} 表达式有语法错误：“{near}”附近",
            f"syntax error in ${{…}} near {self.token.text!r}",
        )

    def expression(self) -> str:
        """a ? b : c, and everything that binds tighter."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelError("FEEL_DEPTH", "表达式嵌套过深", "the expression is nested too deeply")
        condition = self.binary(0)
        if self.operator() == "?":
            self.advance()
            yes = self.expression()
            self.expect(":")
            condition = f"(if {condition} then {yes} else {self.expression()})"
        self.depth -= 1
        return condition

    LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))

    def binary(self, level: int) -> str:
        """Operators of one level, left to right."""
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while (operator := self.operator()) in self.LEVELS[level]:
            self.advance()
            right = self.binary(level + 1)
            left = combine(operator, left, right)
        return left

    def unary(self) -> str:
        """`!`, `-`, `empty`, then a value."""
        operator = self.operator()
        is_empty = self.token.kind == "name" and self.token.text == "empty"
        if operator not in ("!", "-") and not is_empty:
            return self.value()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelError("FEEL_DEPTH", "表达式嵌套过深", "the expression is nested too deeply")
        self.advance()
        inner = self.unary()
        self.depth -= 1
        if is_empty:
            return f"is empty({inner})"
        return f"not({inner})" if operator == "!" else f"(0 - {inner})"

    def value(self) -> str:
        """A literal, a name with its path, a call, or something in parentheses."""
        token = self.advance()
        if token.kind == "number":
            return token.text
        if token.kind == "string":
            return quote(token.text)
        if token.kind == "name":
            return self.named(token.text)
        if token.kind == "op" and token.text == "(":
            inner = self.expression()
            self.expect(")")
            return f"({inner})"
        self.token = token
        raise self.wrong()

    def named(self, name: str) -> str:
        """A variable with its path, a constant, or a call."""
        if name in ("true", "false", "null"):
            return name
        if name == "instanceof":
            raise unsupported(" instanceof", "instanceof")
        if self.operator() == "(":
            return self.called(name)
        path = name
        while self.operator() in (".", "["):
            path += self.member() if self.advance().text == "." else self.index()
        return path

    def member(self) -> str:
        """What stands after a dot."""
        token = self.advance()
        if token.kind != "name":
            self.token = token
            raise self.wrong()
        if self.operator() == "(":
            raise unsupported(f"方法调用 {token.text}(…)", f"the method call {token.text}(…)")
        return f".{token.text}"

    def index(self) -> str:
        """What stands in brackets: a position counted from 0, or a name in quotes."""
        token = self.advance()
        self.expect("]")
        if token.kind == "number" and token.text.isdigit():
            return f"[{int(token.text) + 1}]"
        if token.kind == "string" and re.fullmatch(r"[^\W\d]\w*", token.text[1:-1]):
            return f".{token.text[1:-1]}"
        raise unsupported("计算出来的下标", "a computed index")

    def called(self, name: str) -> str:
        """A call of one of FEEL's plain functions."""
        if name not in FUNCTIONS:
            raise unsupported(f"函数调用 {name}(…)", f"the function call {name}(…)")
        self.advance()
        arguments = []
        while self.operator() != ")":
            arguments.append(self.expression())
            if self.operator() != ",":
                break
            self.advance()
        self.expect(")")
        return f"{name}({', '.join(arguments)})"


def combine(operator: str, left: str, right: str) -> str:
    """Two operands in FEEL, in parentheses so that the order stays."""
    if operator == "%":
        return f"modulo({left}, {right})"
    word = {"&&": "and", "||": "or", **COMPARISONS}.get(operator, operator)
    return f"({left} {word} {right})"


def quote(literal: str) -> str:
    """A JUEL string literal as a FEEL one."""
    return json.dumps(re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL), ensure_ascii=False)


def translate_from(text: str, start: int) -> tuple[str, int]:
    """FEEL for the `${…}` or `#{…}` that begins at `start`, and the position after its closing brace.

    Raises FeelError (JUEL_UNSUPPORTED, FEEL_DEPTH).
    """
    translator = Translator(text, start + 2)
    translated = translator.expression()
    if translator.token.kind != "op" or translator.token.text != "}":
        raise translator.wrong()
    return strip_parentheses(translated), translator.token.at + 1


def strip_parentheses(text: str) -> str:
    """Without the outermost parentheses if they belong together and no string is involved."""
    if not text.startswith("(") or '"' in text:
        return text
    depth = 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return text[1:-1] if position == len(text) - 1 else text
    return text


def translate_juel(text: str) -> str:
    """FEEL for a text that is exactly one `${…}` or `#{…}`. Raises FeelError."""
    stripped = text.strip()
    if stripped[:2] not in ("${", "#{"):
        raise FeelError("JUEL_UNSUPPORTED", "不是 ${…} 表达式", "no ${…} expression")
    translated, end = translate_from(stripped, 0)
    if end != len(stripped):
        raise unsupported("在条件中拼接文字", "text around it in a condition")
    return translated
