"""Values in the stored state: JSON plus aware datetimes, dates and durations, written as {"@": kind, "v": …}."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
_MARK = b'"@"'


def encode(state: Any) -> bytes:
    """JSON bytes of `state`. User dictionaries that use the key "@" themselves are escaped. Raises TypeError for foreign types."""
    marks = 0

    def mark(value: Any) -> dict[str, Any]:
        nonlocal marks
        marks += 1
        return _marked(value)

    blob = orjson.dumps(state, default=mark, option=_OPTIONS)
    if blob.count(_MARK) == marks:  # every "@" in the text is one of ours
        return blob
    return orjson.dumps(_escaped(state), option=_OPTIONS)


def decode(blob: bytes) -> Any:
    """The inverse of `encode`."""
    state = orjson.loads(blob)
    return _restored(state) if _MARK in blob else state


def storable(value: Any) -> bool:
    """Can this value be kept in the state? (JSON types with 64-bit integers, instants, dates, durations.)"""
    try:
        encode(value)
    except TypeError:
        return False
    return True


def same(a: Any, b: Any) -> bool:
    """Equal in value and in type: 1, 1.0 and True are three different values."""
    if a is b:
        return True
    if type(a) is not type(b) or a != b:
        return False
    return not isinstance(a, (dict, list)) or encode(a) == encode(b)


def _marked(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"@": "datetime", "v": value.isoformat()}
    if isinstance(value, date):
        return {"@": "date", "v": value.isoformat()}
    if isinstance(value, time):
        return {"@": "time", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {"@": "duration", "v": [value.days, value.seconds, value.microseconds]}
    raise TypeError(f"expected a JSON value, an instant, a date or a duration, but got {type(value).__name__}")


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        if "@" in value:
            return {"@": "dict", "v": [[key, _escaped(item)] for key, item in value.items()]}
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_escaped(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    return _marked(value)


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("@")
    if kind is None:
        return {key: _restored(item) for key, item in value.items()}
    plain = value["v"]
    if kind == "datetime":
        return datetime.fromisoformat(plain)
    if kind == "date":
        return date.fromisoformat(plain)
    if kind == "time":
        return time.fromisoformat(plain)
    if kind == "duration":
        return timedelta(*plain)
    return {key: _restored(item) for key, item in plain}
