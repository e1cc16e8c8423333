"""What may be written in a diagram: values of our attributes, names of lanes, and whether an expression is one."""

from __future__ import annotations

from service.engine.feel import FeelError, compile_expression, template
from service.engine.lint.rules.extensions import CHOICES, STAGES, ZW_ATTRIBUTES
from service.engine.lint.rules.lanes import ROLES as LANES

__all__ = ["CHOICES", "LANES", "STAGES", "ZW_ATTRIBUTES", "wrong_with"]


def wrong_with(text: str, *, literal: bool = False) -> tuple[str, str] | None:
    """What is wrong with an expression, in Chinese and English; None when nothing is.

    `literal`: a text that is an expression only where it begins with `=` or holds `${…}`.
    """
    try:
        found = (
            [part for part in template(text).parts if not isinstance(part, str)]
            if literal
            else [compile_expression(text)]
        )
    except FeelError as refused:
        return refused.text, refused.english
    for one in found:
        for name in one.unknown_functions:
            return f"没有函数 {name}()", f"there is no function {name}()"
    return None
