"""The ways expressions are written in diagrams: plain FEEL, `=…`, `${…}`; and texts that may hold some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from .errors import FeelError
from .juel import translate_from, translate_juel
from .sandbox import MAX_CHARACTERS, Functions, process
from .values import shape_of

NO_FUNCTIONS: Functions = {}


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A checked expression: its FEEL source, the variables it needs, functions nobody knows, functions of the clock."""

    source: str
    names: tuple[str, ...]
    unknown_functions: tuple[str, ...]
    clock_functions: tuple[str, ...]


@lru_cache(maxsize=4096)
def expression(text: str) -> str:
    """FEEL source of a condition, timer, script or cardinality: `${…}`/`#{…}` is translated, `=` dropped.

    Raises FeelError: FEEL_SYNTAX for nothing at all, JUEL_UNSUPPORTED, FEEL_TOO_LONG.
    """
    stripped = text.strip()
    if len(stripped) > MAX_CHARACTERS:
        raise FeelError("FEEL_TOO_LONG", f"表达式超过 {MAX_CHARACTERS} 个字符", "the expression is too long")
    if stripped[:2] in ("${", "#{"):
        return translate_juel(stripped)
    source = stripped.removeprefix("=").strip() if not stripped.startswith("==") else stripped
    if not source:
        raise FeelError("FEEL_SYNTAX", "表达式为空", "the expression is empty")
    return source


def compile_expression(text: str, *, unary: bool = False, context: Mapping[str, Any] | None = None) -> Compiled:
    """Check an expression and tell what it reads. `context`: names that are known, such as those with blanks. Raises FeelError."""
    source = expression(text)
    with process.lock:
        program = process.turn().program(source, shape_of(context or {}), unary=unary)
    return Compiled(source=source, names=program.free, unknown_functions=program.calls, clock_functions=program.asks)


def evaluate(
    text: str,
    context: Mapping[str, Any] | None = None,
    *,
    unary: bool = False,
    functions: Functions = NO_FUNCTIONS,
    now: datetime | None = None,
) -> Any:
    """The value of an expression over variables. Raises FeelError.

    `now`: the instant that `now()` and `today()` tell (the transaction's; without it the machine's clock).
    `functions`: answers for `due`, `warn`, `half`, pure within one evaluation.
    """
    source = expression(text)
    with process.lock:
        return process.turn().evaluate(source, context or {}, unary=unary, functions=functions, now=now)


def evaluate_many(
    texts: list[str], context: Mapping[str, Any] | None = None, *, unary: bool = False, now: datetime | None = None
) -> list[Any]:
    """The values of up to 500 expressions over the same variables, in one crossing. Raises FeelError."""
    sources = [expression(text) for text in texts]
    with process.lock:
        return process.turn().evaluate_many(sources, context or {}, unary=unary, now=now)


@dataclass(frozen=True, kw_only=True)
class Template:
    """A text of an attribute: `parts` alternate literal text (str) and expressions (Compiled)."""

    parts: tuple[str | Compiled, ...]

    @property
    def literal(self) -> str | None:
        """The text itself when it holds no expression."""
        if not self.parts:
            return ""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], str) else None

    @property
    def names(self) -> tuple[str, ...]:
        """The variables its expressions need."""
        return tuple(dict.fromkeys(name for part in self.parts if isinstance(part, Compiled) for name in part.names))

    def evaluate(
        self,
        context: Mapping[str, Any] | None = None,
        *,
        functions: Functions = NO_FUNCTIONS,
        now: datetime | None = None,
    ) -> Any:
        """The value: of the one expression, or the text with the expressions' values in it. Raises FeelError."""
        values = [
            part if isinstance(part, str) else evaluate("=" + part.source, context, functions=functions, now=now)
            for part in self.parts
        ]
        return values[0] if len(values) == 1 else "".join(map(as_text, values))


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """The template of an attribute's or parameter's text: literal unless `${…}`, `#{…}` or a leading `=`.

    Raises FeelError when an expression in it is wrong.
    """
    stripped = text.strip()
    if stripped.startswith("=") and stripped != "=":
        return Template(parts=(compile_expression(stripped),))
    parts: list[str | Compiled] = []
    position = 0
    while (start := next_opening(text, position)) >= 0:
        source, end = translate_from(text, start)
        parts += [text[position:start], compile_expression("=" + source)]
        position = end
    rest = text[position:]
    if parts and not any(isinstance(part, str) and part.strip() for part in (*parts, rest)) and len(parts) == 2:
        return Template(parts=(parts[1],))
    return Template(parts=tuple(part for part in (*parts, rest) if part != ""))


def next_opening(text: str, start: int) -> int:
    """Where the next `${` or `#{` begins, or -1."""
    found = [position for opening in ("${", "#{") if (position := text.find(opening, start)) >= 0]
    return min(found, default=-1)


def as_text(value: Any) -> str:
    """How a value reads inside a longer text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value)
