"""What a backup says of itself, which of several was the last before an instant, and which are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from service.rules.refusals import Invalid

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """One generation. `counts`: rows by table; `keys`: fingerprints by setting, never the keys; `missing`: files that were gone already."""

    made_at: datetime  # the instant of the state that was copied
    product: str
    dialect: str
    revision: str
    size: int  # of the copy of the database, in bytes
    sha256: str
    sm3: str
    counts: Mapping[str, int]
    blobs: int
    blob_bytes: int
    blob_list: str  # SHA-256 of the list of files
    audit_blocks: int
    audit_chain: str
    keys: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    format: int = FORMAT

    @property
    def name(self) -> str:
        """The folder of the generation."""
        return self.made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")

    def written(self) -> bytes:
        """As it stands in the folder."""
        fields = {**asdict(self), "made_at": self.made_at.astimezone(UTC).isoformat()}
        return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """What somebody wrote. Refused: BACKUP_UNREADABLE."""
    try:
        fields: dict[str, Any] = json.loads(content)
        if fields["format"] != FORMAT:
            raise ValueError(fields["format"])
        return Manifest(**{**fields, "made_at": datetime.fromisoformat(fields["made_at"])})
    except (ValueError, KeyError, TypeError) as fault:
        raise Invalid("BACKUP_UNREADABLE", "备份的清单无法读取：{detail}", detail=str(fault)[:200]) from fault


def last_before(manifests: Iterable[Manifest], at: datetime | None) -> Manifest:
    """The newest generation that is not younger than an instant (None: the newest). Refused: BACKUP_NONE."""
    found = [one for one in manifests if at is None or one.made_at <= at]
    if not found:
        raise Invalid("BACKUP_NONE", "没有可用的备份，或没有早于所给时间的备份。")
    return max(found, key=lambda one: one.made_at)


def outdated(names: Iterable[str], keep: int) -> tuple[str, ...]:
    """The names of generations beyond the `keep` newest."""
    return tuple(sorted(names, reverse=True)[keep:])
