"""Write zones.json: UTC offsets of the zones FEEL may name, 1901 to 2037, for intl.js.

What came before 1901 (local mean time) is left out on purpose: feelin keeps a time of day as a moment of 1900-01-01.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

NAMES = [
    "UTC",
    "Etc/UTC",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Asia/Dhaka",
    "Australia/Sydney",
    "Australia/Melbourne",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Moscow",
    "Africa/Johannesburg",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Pacific/Auckland",
]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST, WEEK = -2_177_452_800, 2_145_916_800, 7 * 86_400


def offset_at(zone: ZoneInfo, second: int) -> int:
    """UTC offset in seconds that holds at a second of the epoch."""
    offset = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The second at which the offset that held at `before` ends."""
    old = offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def table(name: str) -> dict[str, list[int]]:
    """`offset[i]` holds from the second `at[i - 1]` on."""
    zone = ZoneInfo(name)
    changes, offsets = [], [offset_at(zone, FIRST)]
    for second in range(FIRST, LAST, WEEK):
        if offset_at(zone, second + WEEK) != offsets[-1]:
            change = change_between(zone, second, second + WEEK)
            changes.append(change)
            offsets.append(offset_at(zone, change))
    return {"at": changes, "offset": offsets}


if __name__ == "__main__":
    tables = {name: table(name) for name in NAMES}
    Path(__file__).with_name("zones.json").write_text(json.dumps(tables, separators=(",", ":")) + "\n")
