"""Instants at the doors: Camunda's spelling, ISO 8601, always the city's time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)


def camunda_instant(instant: datetime | None) -> str | None:
    """`2026-03-16T09:00:00.000+0800`."""
    if instant is None:
        return None
    local = instant.astimezone(CHINA)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def iso_instant(instant: datetime | None) -> str | None:
    """`2026-03-16T09:00:00+08:00`."""
    return None if instant is None else instant.astimezone(CHINA).isoformat(timespec="seconds")


def read_instant(text: str) -> datetime | None:
    """An aware instant in UTC of either spelling, without offset in China's time; None when it is not one."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    day, minutes, seconds, fraction, offset = match.groups()
    fraction = (fraction or ".0")[:7]
    spelled = f"{day}T{minutes or '00:00'}{seconds or ':00'}{fraction}{(offset or '').upper().replace('Z', '+00:00')}"
    try:
        instant = datetime.fromisoformat(spelled)
        return (instant if instant.tzinfo else instant.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
