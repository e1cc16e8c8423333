"""The key of the archive's seals: LIANBAN_ARCHIVE_KEY, kept outside of the database (等保: integrity with a key of its own)."""

from __future__ import annotations

from service.casework.office import Office
from service.rules.refusals import Invalid

NAME = "LIANBAN_ARCHIVE_KEY"
SHORTEST = 16


def archive_key(office: Office) -> bytes | None:
    """The key, None when the installation has none: packages are then chained but not keyed. Refused: SETTING_INVALID."""
    return read_key(office.environment.get(NAME, ""))


def read_key(text: str) -> bytes | None:
    """A key as somebody wrote it. Refused: SETTING_INVALID."""
    key = text.strip()
    if not key:
        return None
    if len(key) < SHORTEST:
        raise Invalid(
            "SETTING_INVALID", "配置项 {name} 的值“{got}”无效，应为 {expected}。", name=NAME, expected="≥16", got="…"
        )
    return key.encode()
