"""FEEL by feelin inside QuickJS: each expression is parsed once, every run is bounded in time, memory and depth.

One engine per process; threads take turns (a turn is some 10 µs).
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import quickjs

from .allowance import taking
from .errors import FeelError, from_javascript, syntax_error
from .values import ZONE, decode, shape_of, to_json

CPU_SECONDS = 0.2
MEMORY_BYTES = 24 << 20
STACK_BYTES = 512 << 10
MAX_CHARACTERS = 4096
MAX_PROGRAMS = 1000
MAX_QUESTIONS = 16

# Functions that the caller of an evaluation may answer: instants of the case clock.
HOST_FUNCTIONS: Mapping[str, tuple[str, ...]] = {name: ("stage", "later") for name in ("due", "warn", "half")}

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class Program:
    """One parsed expression inside the engine."""

    id: int
    names: tuple[str, ...]  # everything it reads, parts of paths and built-ins too
    free: tuple[str, ...]  # what must come from the context
    calls: tuple[str, ...]  # functions nobody knows
    asks: tuple[str, ...]  # functions the host answers: due, warn, half


class Engine:
    """One QuickJS context with the programs parsed in it. Not for several threads at once."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin with an empty context; everything parsed so far is forgotten."""
        context = quickjs.Context()
        context.set_max_stack_size(STACK_BYTES)
        context.set_memory_limit(MEMORY_BYTES)
        context.eval(bundle())
        context.set_time_limit(CPU_SECONDS)
        for name, parameters in HOST_FUNCTIONS.items():
            context.get("feelHost")(name, json.dumps(parameters))
        self.context = context
        self.compile_js, self.run_js, self.many_js = map(context.get, ("feelCompile", "feelRun", "feelRunMany"))
        self.programs: dict[tuple[str, str, bool], Program] = {}

    def call(self, source: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call into QuickJS, on the account of the allowance. After a passed limit the context is made anew."""
        try:
            with taking():
                return function(*args)
        except quickjs.JSException as failure:
            error = from_javascript(str(failure).split("\n", 1)[0].strip(), source)
            if error.code in ("FEEL_TIME", "FEEL_MEMORY", "FEEL_DEPTH"):
                self.start()
            raise error from None

    def program(self, source: str, shape: str = "{}", *, unary: bool = False) -> Program:
        """The parsed expression, parsing it when it is new. Refused: FEEL_SYNTAX, FEEL_TOO_LONG, limits."""
        key = source, shape, unary
        found = self.programs.get(key)
        if found is not None:
            return found
        check_text(source)
        if len(self.programs) >= MAX_PROGRAMS:
            self.start()
        made = json.loads(self.call(source, self.compile_js, unary, source, shape))
        if made["error"] >= 0:
            raise syntax_error(source, made["error"])
        found = Program(
            id=made["id"],
            names=tuple(made["names"]),
            free=tuple(made["free"]),
            calls=tuple(made["calls"]),
            asks=tuple(made["asks"]),
        )
        self.programs[key] = found
        return found

    def evaluate(
        self, source: str, context: Mapping[str, Any], *, unary: bool, functions: Functions, now: datetime | None
    ) -> Any:
        """The value of an expression. Host functions must answer the same for the same arguments."""
        shape = shape_of(context)
        names = self.program(source, shape, unary=unary).names
        if shape == "{}":
            context = {name: context[name] for name in names if name in context}
        text, temporal = to_json(context)
        answers: dict[str, Any] = {}
        for _ in range(MAX_QUESTIONS):
            program = self.program(source, shape, unary=unary)  # anew: a host function may have evaluated too
            given = to_json(answers)[0] if answers else ""
            out = self.call(source, self.run_js, program.id, text, temporal, given, instant_text(now))
            if out is True or out is False:
                return out
            kind, value = json.loads(out)
            if kind == "j":
                return value
            if kind == "s":
                return decode(value)
            key, name, args = value
            if name not in functions:
                raise FeelError("FEEL_FUNCTION", f"此处不能使用函数 {name}()", f"{name}() is not available here")
            answers[key] = functions[name](*decode(args))
        raise FeelError("FEEL_FUNCTION", "表达式调用时限函数过多", "too many calls of host functions")

    def evaluate_many(
        self, sources: Iterable[str], context: Mapping[str, Any], *, unary: bool, now: datetime | None
    ) -> list[Any]:
        """The values of several expressions over one context, in one crossing. Host functions are not available."""
        wanted = list(sources)
        if len(wanted) > MAX_PROGRAMS // 2:
            raise FeelError("FEEL_TOO_LONG", "一次计算的表达式过多", f"{len(wanted)} expressions at once")
        shape = shape_of(context)
        text, temporal = to_json(context)
        ids = self.parse_all(wanted, shape, unary)
        out = self.call("", self.many_js, json.dumps(ids), text, temporal, instant_text(now))
        kind, values = json.loads(out)
        return list(decode(values) if kind == "s" else values)

    def parse_all(self, sources: list[str], shape: str, unary: bool) -> list[int]:
        """The programs' numbers, all of one context: parsing may begin a new one when the old one is full."""
        before = self.programs
        ids = [self.program(source, shape, unary=unary).id for source in sources]
        return ids if self.programs is before else self.parse_all(sources, shape, unary)


def bundle() -> str:
    """The JavaScript that build.mjs made."""
    return (files(__package__) / "feel.js").read_text("utf-8")


def instant_text(now: datetime | None) -> str:
    """The instant FEEL takes for now, in local time; empty for the machine's clock."""
    return now.astimezone(ZONE).replace(tzinfo=None).isoformat(timespec="milliseconds") if now else ""


def check_text(source: str) -> None:
    """Refuse what is too long or holds characters that no expression holds (NUL, lone surrogates)."""
    if len(source) > MAX_CHARACTERS:
        raise FeelError("FEEL_TOO_LONG", f"表达式超过 {MAX_CHARACTERS} 个字符", "the expression is too long")
    for position, character in enumerate(source):
        if character < " " and character not in "\t\r\n" or "\ud800" <= character <= "\udfff":
            raise FeelError(
                "FEEL_SYNTAX", f"表达式第 {position + 1} 个字符无效", f"invalid character at {position + 1}"
            )


class _Process:
    """The engine of this process, behind its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.engine: Engine | None = None
        self.inherited: list[Engine | None] = []

    def turn(self) -> Engine:
        """The engine; the caller holds the lock."""
        if self.engine is None:
            self.engine = Engine()
        return self.engine

    def after_fork(self) -> None:
        """A child makes its own engine: a thread of the parent may have been inside the old one, so it is kept."""
        self.inherited.append(self.engine)
        self.lock, self.engine = threading.RLock(), None


process = _Process()
os.register_at_fork(after_in_child=process.after_fork)
