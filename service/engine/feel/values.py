"""Values across the border of the sandbox: JSON, in which days, moments and durations travel as {"@": ISO text}."""

from __future__ import annotations

import decimal
import enum
import json
import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from .errors import FeelError

ZONE = ZoneInfo("Asia/Shanghai")
SIMPLE_NAME = re.compile(r"[^\W\d]\w*\Z")
DAYS_AND_TIME = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>-?[\d.]+)W)?(?:(?P<days>-?[\d.]+)D)?"
    r"(?:T(?:(?P<hours>-?[\d.]+)H)?(?:(?P<minutes>-?[\d.]+)M)?(?:(?P<seconds>-?[\d.]+)S)?)?\Z"
)


@cache
def reserved_words() -> frozenset[str]:
    """Keywords and the words of built-in functions and types: as names of variables they change how FEEL is parsed."""
    return frozenset((files(__package__) / "reserved.txt").read_text("utf-8").split())


def to_json(context: Mapping[str, Any]) -> tuple[str, bool]:
    """The context as JSON, and whether it holds anything temporal. Refused (FEEL_VALUE): values FEEL does not know."""
    temporal = False

    def special(value: Any) -> Any:
        nonlocal temporal
        written = encode(value)
        temporal = temporal or isinstance(written, dict) and "@" in written
        return written

    try:
        return json.dumps(context, default=special, allow_nan=False), temporal
    except (RecursionError, TypeError, ValueError) as failure:
        if isinstance(failure, FeelError):
            raise
        raise FeelError("FEEL_VALUE", "变量的值无法用于表达式", f"no FEEL value: {failure}") from None


def encode(value: Any) -> Any:
    """What json cannot write. Aware moments become local ones of Shanghai, as FEEL's literals are."""
    if isinstance(value, datetime):
        local = value.astimezone(ZONE).replace(tzinfo=None) if value.tzinfo else value
        return {"@": local.isoformat()}
    if isinstance(value, date | time):
        return {"@": value.isoformat()}
    if isinstance(value, timedelta):
        return {"@": f"{'-' if value < timedelta(0) else ''}PT{abs(value.total_seconds()):.3f}S"}
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    kind = type(value).__name__
    raise FeelError("FEEL_VALUE", f"类型为 {kind} 的值不能用于表达式", f"no FEEL value for {kind}")


def decode(value: Any) -> Any:
    """The Python value of a written one. Durations of years and months stay text, ranges stay dictionaries."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, text = value.get("@type"), value.get("@")
    if kind is None:
        return {key.removeprefix("@"): decode(inner) for key, inner in value.items()}
    if kind == "range":
        return {key: decode(inner) for key, inner in value.items() if key != "@type"}
    if not isinstance(text, str):
        raise FeelError("FEEL_VALUE", "表达式的结果不能是函数", f"a {kind} is no result")
    try:
        return decode_text(kind, text)
    except ValueError:
        raise FeelError("FEEL_VALUE", f"表达式的结果不是有效的日期或时间：{text}", f"no {kind}: {text}") from None


def decode_text(kind: str, text: str) -> Any:
    """The Python value of a temporal text. Raises ValueError."""
    moment, _, zone = text.partition("@")
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "date time":
        parsed = datetime.fromisoformat(moment)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(zone) if zone else ZONE)
    if kind == "time":
        return time.fromisoformat(moment)
    if kind == "duration":
        length = parse_days_and_time(text)
        return text if length is None else length
    return text


def parse_days_and_time(text: str) -> timedelta | None:
    """The duration if it has no years and months, otherwise None."""
    found = DAYS_AND_TIME.match(text)
    if found is None or text.endswith(("P", "T")):
        return None
    units = {unit: float(amount) for unit, amount in found.groupdict().items() if amount and unit != "sign"}
    try:
        length = timedelta(**units)
    except OverflowError as failure:
        raise ValueError(text) from failure
    return -length if found["sign"] else length


def shape_of(context: Mapping[str, Any]) -> str:
    """What of a context an expression's parse depends on: names that are no simple identifiers or mean something."""
    odd = odd_names(context)
    return json.dumps(odd, sort_keys=True) if odd else "{}"


def odd_names(context: Mapping[str, Any]) -> dict[str, Any]:
    """Odd names of the context and of the contexts in it."""
    found: dict[str, Any] = {}
    for key, value in context.items():
        inner: dict[str, Any] = {}
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Mapping):
                inner.update(odd_names(item))
        if inner or key in reserved_words() or not SIMPLE_NAME.match(key):
            found[key] = inner
    return found
