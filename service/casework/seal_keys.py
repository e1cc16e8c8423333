"""Keys of the seals, kept outside of the database (等保: integrity with a key of its own)."""

from __future__ import annotations

from service.casework.office import Office
from service.rules.refusals import Invalid

ARCHIVE, AUDIT = "LIANBAN_ARCHIVE_KEY", "LIANBAN_AUDIT_KEY"
SHORTEST = 16


def archive_key(office: Office) -> bytes | None:
    """That of packages, None when the installation has none: they are then chained but not keyed. Refused: SETTING_INVALID."""
    return read_key(office.environment.get(ARCHIVE, ""))


def audit_key(office: Office) -> bytes | None:
    """That of the blocks of the audit trail, None when the installation has none. Refused: SETTING_INVALID."""
    return read_key(office.environment.get(AUDIT, ""), name=AUDIT)


def read_key(text: str, *, name: str = ARCHIVE) -> bytes | None:
    """A key as somebody wrote it. Refused: SETTING_INVALID."""
    key = text.strip()
    if not key:
        return None
    if len(key) < SHORTEST:
        raise Invalid(
            "SETTING_INVALID", "配置项 {name} 的值“{got}”无效，应为 {expected}。", name=name, expected="≥16", got="…"
        )
    return key.encode()
