"""A DMN file as it is evaluated: decisions, tables, rules, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.rules.sentences import Sentence

SINGLE = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY"})
SEVERAL = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})
ANYTHING = "-"


class DecisionFailure(Exception):
    """No answer can be given. `told` says what was expected and what came; `sentence` is it in Chinese."""

    def __init__(self, told: Sentence) -> None:
        self.told = told
        self.sentence = told.words()
        super().__init__(self.sentence)


class DecisionUnreadable(DecisionFailure):
    """The file cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type a column or decision declares. `base`: a FEEL type, or Any. `allowed`: unary tests, empty for none."""

    base: str = "Any"
    collection: bool = False
    allowed: str = ""


@dataclass(frozen=True, kw_only=True)
class Expression:
    """One FEEL text of the file; `names` are the variables it reads.

    `maybe`: words that are FEEL's own in a filter, and variables elsewhere.
    """

    text: str
    names: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input column."""

    label: str
    expression: Expression
    kind: Kind
    allowed: Expression | None = None  # inputValues


@dataclass(frozen=True, kw_only=True)
class Output:
    """One output column. `ranks`: outputValues in order of priority."""

    name: str
    label: str
    kind: Kind
    ranks: tuple[Any, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule; `number` counts from 1. A cell that asks for nothing is None."""

    number: int
    id: str
    cells: tuple[Expression | None, ...]
    results: tuple[Expression, ...]
    element: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table."""

    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision: a table or one expression. `requires`: ids of the decisions it needs."""

    id: str
    name: str
    variable: str  # the name other decisions know its value by
    kind: Kind
    logic: Table | Expression
    requires: tuple[str, ...] = ()
    version_tag: str | None = None
    element: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something wrong with the file: the code of a rule, where, and what fills its sentences."""

    code: str
    element: Any
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DecisionFile:
    """All decisions of a file by id, and what is wrong with it."""

    id: str
    name: str
    decisions: Mapping[str, Decision]
    problems: tuple[Problem, ...] = ()
