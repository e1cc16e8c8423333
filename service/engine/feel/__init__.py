"""FEEL: evaluated by feelin in a QuickJS sandbox, never by Python's eval."""

from .allowance import allowance
from .errors import FeelError
from .expressions import Compiled, Template, compile_expression, evaluate, evaluate_many, expression, template
from .juel import translate_juel
from .values import parse_days_and_time

__all__ = [
    "Compiled",
    "FeelError",
    "Template",
    "allowance",
    "compile_expression",
    "evaluate",
    "evaluate_many",
    "expression",
    "parse_days_and_time",
    "template",
    "translate_juel",
]
