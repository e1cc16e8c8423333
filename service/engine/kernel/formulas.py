"""Texts of a diagram that are evaluated: compiled once when the diagram is read, evaluated against the variables of a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.engine import feel
from service.engine.kernel.faults import ModelFault, StepFailure
from service.engine.kernel.values import storable

_NONE: Mapping[str, Any] = {}


class View:
    """What an expression sees: variables, the transaction's instant, and the functions of the clock where there is one."""

    __slots__ = ("functions", "now", "values")

    def __init__(self, values: dict[str, Any], now: datetime, functions: Mapping[str, Any] = _NONE) -> None:
        self.values, self.now, self.functions = values, now, functions

    def plus(self, values: Mapping[str, Any]) -> View:
        """The same with more variables in front."""
        return View({**self.values, **values}, self.now, self.functions)


@dataclass(frozen=True)
class Formula:
    """One FEEL expression; `text` is what the designer wrote, `source` what is evaluated."""

    text: str
    source: str

    def value(self, view: View) -> Any:
        """Its value. Raises StepFailure."""
        try:
            value = feel.evaluate(self.source, view.values, now=view.now, functions=view.functions)
        except feel.FeelError as error:
            raise StepFailure(f"表达式“{self.text}”无法计算:{error.text}") from error
        return _kept(value, self.text)

    def truth(self, view: View) -> bool:
        """Its truth: null is false, anything else but true and false is a failure."""
        value = self.value(view)
        if value is None or value is False:
            return False
        if value is True:
            return True
        raise StepFailure(f"条件“{self.text}”应得出真或假,但得到的是{shown(value)}")


@dataclass(frozen=True)
class Text:
    """An attribute text: literal unless it is written as `${…}` or `=…`."""

    text: str
    literal: str | None
    template: Any = None

    def value(self, view: View) -> Any:
        """The literal, or what the expression gives. Raises StepFailure."""
        if self.literal is not None:
            return self.literal
        try:
            value = self.template.evaluate(view.values, now=view.now, functions=view.functions)
        except feel.FeelError as error:
            raise StepFailure(f"表达式“{self.text}”无法计算:{error.text}") from error
        return _kept(value, self.text)

    def string(self, view: View) -> str | None:
        """Its value as a text; null and the empty text are None."""
        value = self.value(view)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else plain(value)


@dataclass(frozen=True)
class Composite:
    """A camunda:list or camunda:map of texts."""

    parts: tuple[Any, ...] | Mapping[str, Any]

    def value(self, view: View) -> Any:
        """A list or dictionary of the parts' values. Raises StepFailure."""
        if isinstance(self.parts, tuple):
            return [part.value(view) for part in self.parts]
        return {key: part.value(view) for key, part in self.parts.items()}


def formula(text: str, *, element: str | None = None, line: int = 0) -> Formula:
    """Read an expression (plain FEEL, `=…` or `${…}`). Raises ModelFault."""
    try:
        return Formula(text.strip(), "=" + feel.compile_expression(text).source)
    except feel.FeelError as error:
        raise ModelFault(f"表达式“{text.strip()}”无法识别:{error.text}", element=element, line=line) from error


def attribute(text: str, *, element: str | None = None, line: int = 0) -> Text:
    """Read an attribute text. Raises ModelFault."""
    try:
        template = feel.template(text)
    except feel.FeelError as error:
        raise ModelFault(f"表达式“{text.strip()}”无法识别:{error.text}", element=element, line=line) from error
    return Text(text, template.literal, None if template.literal is not None else template)


def plain(value: Any) -> str:
    """A value as people write it: no decimal point behind a whole number."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def shown(value: Any) -> str:
    """A value in an error sentence, shortened."""
    text = "空值" if value is None else plain(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _kept(value: Any, text: str) -> Any:
    if value is None or isinstance(value, (str, bool, float)) or storable(value):
        return value
    raise StepFailure(f"表达式“{text}”的结果应为64位以内的数、文字、列表或对象,但得到的是{shown(value)}")
