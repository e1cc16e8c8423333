"""Values as Camunda types them and as JSON knows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any


def type_of(value: Any) -> str:
    """Camunda's name for the type of a value nobody declared."""
    match value:
        case None:
            return "Null"
        case bool():
            return "Boolean"
        case int():
            return "Integer" if -(2**31) <= value < 2**31 else "Long"
        case float():
            return "Double"
        case str() | time() | timedelta():
            return "String"
        case date():
            return "Date"
        case _:
            return "Json"


def plain(value: Any) -> Any:
    """A value as JSON knows it: instants, dates and durations as ISO 8601 texts."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return iso_duration(value)
        case dict():
            return {key: plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return value


def iso_duration(length: timedelta) -> str:
    """ISO 8601 text of a duration in days and seconds."""
    sign, length = ("-", -length) if length < timedelta() else ("", length)
    seconds = length.seconds + length.microseconds / 1_000_000
    return f"{sign}P{length.days}DT{seconds:g}S"
