"""Values typed into a form as the type somebody declared for them: what fits is read, what does not is refused in words."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from service.rules.refusals import refuse
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI

KINDS = ("String", "Integer", "Long", "Double", "Boolean", "Date", "Json", "Null")
WHOLE = {"Integer": 2**31, "Long": 2**63}
TRUTHS = {"true": True, "false": False, "是": True, "否": False}
LONGEST = 4000  # characters
EXPECTED = {
    "Integer": Sentence("应为整数（-2147483648 至 2147483647）"),
    "Long": Sentence("应为整数（64 位以内）"),
    "Double": Sentence("应为数字，如 12.5"),
    "Boolean": Sentence("应为 true 或 false"),
    "Date": Sentence("应为日期或日期时间，如 2026-03-16 或 2026-03-16T09:00"),
    "Json": Sentence("应为 JSON 的列表或对象"),
    "Null": Sentence("应当留空"),
}


def read_typed(kind: str, text: str, *, field: str = "value") -> Any:
    """The value. Refused, naming the field: VALUE_TYPE_UNKNOWN, VALUE_TOO_LONG, VALUE_TYPE."""
    if kind not in KINDS:
        raise refuse("kind", "VALUE_TYPE_UNKNOWN", "请选择数据类型")
    if len(text) > LONGEST or "\x00" in text:
        raise refuse(field, "VALUE_TOO_LONG", "内容不能超过 {most} 个字", most=LONGEST)
    if kind == "String":
        return text
    try:
        return _read(kind, text.strip())
    except (ValueError, OverflowError, RecursionError):
        raise refuse(field, "VALUE_TYPE", "新的内容{expected}", expected=EXPECTED[kind]) from None


def _read(kind: str, text: str) -> Any:
    match kind:
        case "Integer" | "Long":
            if not re.fullmatch(r"[+-]?\d{1,19}", text, re.ASCII):
                raise ValueError(text)
            number = int(text)
            if not -WHOLE[kind] <= number < WHOLE[kind]:
                raise ValueError(text)
            return number
        case "Double":
            if not re.fullmatch(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?", text, re.ASCII):
                raise ValueError(text)
            return _finite(float(text))
        case "Boolean":
            if text.lower() not in TRUTHS:
                raise ValueError(text)
            return TRUTHS[text.lower()]
        case "Date":
            instant = datetime.fromisoformat(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
        case "Json":
            return json.loads(text, parse_constant=_no_number)
        case _:
            if text:
                raise ValueError(text)
            return None


def _finite(number: float) -> float:
    if number in (float("inf"), float("-inf")):
        raise ValueError(number)
    return number


def _no_number(text: str) -> Any:
    raise ValueError(text)
