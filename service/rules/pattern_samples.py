"""The first text a simple validation pattern accepts: literals, sets, groups, choices and repeats."""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST = 64  # repeats of one part


def sample_of(pattern: str) -> str:
    """A text the pattern accepts, as short as it may be; empty when the pattern is none or asks for more than is made here."""
    try:
        return _text(parser.parse(pattern))
    except (re.error, ValueError):
        return ""


def _text(parts: Any) -> str:
    return "".join(_one(code, about) for code, about in parts)


def _one(code: Any, about: Any) -> str:
    match code:
        case codes.LITERAL:
            return chr(about)
        case codes.IN:
            return _member(about)
        case codes.MAX_REPEAT | codes.MIN_REPEAT:
            least, _, inner = about
            return "".join(_text(inner) for _ in range(min(int(least), MOST)))
        case codes.SUBPATTERN:
            return _text(about[-1])
        case codes.BRANCH:
            return _text(about[1][0])
        case codes.ANY:
            return "1"
        case codes.AT:
            return ""
    raise ValueError(code)


def _member(about: Any) -> str:
    kind, what = about[0]
    match kind:
        case codes.LITERAL:
            return chr(what)
        case codes.RANGE:
            return chr(what[0])
        case codes.CATEGORY:
            return {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_WORD: "a", codes.CATEGORY_SPACE: " "}.get(what, "例")
    raise ValueError(kind)
