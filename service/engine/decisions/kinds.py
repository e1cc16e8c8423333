"""Types of DMN: what typeRef says, and how a value becomes one or is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.engine import feel
from service.engine.decisions.model import Kind

ZONE = ZoneInfo("Asia/Shanghai")
BASES = {
    "any": "Any", "string": "string", "boolean": "boolean", "number": "number", "date": "date", "time": "time",
    "datetime": "date and time", "date and time": "date and time", "dateandtime": "date and time",
    "integer": "integer", "long": "integer", "short": "integer", "int": "integer", "double": "number", "float": "number",
    "decimal": "number", "daytimeduration": "duration", "days and time duration": "duration", "duration": "duration",
    "yearmonthduration": "months", "years and months duration": "months", "context": "context", "feel:any": "Any",
}  # fmt: skip
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


class Unfit(ValueError):
    """The value is not of the type."""


def base_of(reference: str) -> str | None:
    """The base type a typeRef names, None when it is no base type."""
    plain = reference.strip()
    return BASES.get(plain.lower()) or BASES.get(plain.rpartition(":")[2].lower())


def fitted(value: Any, kind: Kind, *, moments: bool = False) -> Any:
    """The value as one of its type; null stays null. Raises Unfit.

    Texts that say exactly one number, truth or day are read; a list of one is taken for its element (DMN 1.3, 10.3.2.9.4).
    `moments`: a column of type date whose cells compare instants keeps instants, as Camunda's dates are.
    """
    if value is None or kind.base == "Any" and not kind.collection:
        return value
    if kind.collection:
        return [_one(item, kind.base, moments) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list):
        if len(value) != 1:
            raise Unfit
        value = value[0]
    return _one(value, kind.base, moments)


def _one(value: Any, base: str, moments: bool) -> Any:
    if value is None or base == "Any":
        return value
    if base == "date" and moments:
        base = "date and time"
    return _READERS[base](value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise Unfit


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise Unfit


def _number(value: Any) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and NUMBER.match(value.strip()):
        read = float(value) if not value.strip().lstrip("-").isdigit() else int(value)
        return read
    raise Unfit


def _integer(value: Any) -> int:
    found = _number(value)
    if isinstance(found, float) and not found.is_integer():
        raise Unfit
    return int(found)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).date()
    if isinstance(value, date):
        return value
    moment = _moment(value)
    return moment.astimezone(ZONE).date()


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ZONE)
    if isinstance(value, date):
        return datetime.combine(value, time(), ZONE)
    if isinstance(value, str):
        text = re.sub(r"([+-]\d\d)(\d\d)\Z", r"\1:\2", value.strip().partition("[")[0])
        try:
            read = datetime.fromisoformat(text)
        except ValueError as error:
            raise Unfit from error
        return read if read.tzinfo else read.replace(tzinfo=ZONE)
    raise Unfit


def _time(value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if isinstance(value, str) else _refuse()
    except ValueError as error:
        raise Unfit from error


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    length = feel.parse_days_and_time(value.strip()) if isinstance(value, str) else None
    if length is None:
        raise Unfit
    return length


def _months(value: Any) -> str:
    if isinstance(value, str) and re.match(r"-?P(?=\d)(\d+Y)?(\d+M)?\Z", value, re.ASCII):
        return value
    raise Unfit


def _context(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise Unfit


def _refuse() -> Any:
    raise Unfit


_READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string, "boolean": _boolean, "number": _number, "integer": _integer, "date": _date, "time": _time,
    "date and time": _moment, "duration": _duration, "months": _months, "context": _context,
}  # fmt: skip
