"""Verifying a backup without putting it back: its manifest, the copy of the database, every file it refers to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.casework.backups import folder as place
from service.connectors.blobs import Blobs
from service.rules.backups import Manifest, last_before
from service.rules.refusals import Missing
from service.rules.sentences import Sentence, filled
from service.store.copies import FILES, integrity

MANIFEST_OFF = Sentence("备份 {name} 的清单缺失或已被改动")
DATABASE_OFF = Sentence("备份 {name} 的数据库文件缺失或已损坏")
LIST_OFF = Sentence("备份 {name} 的文件目录缺失或已被改动")
FILE_GONE, FILE_OFF = Sentence("文件 {digest} 缺失"), Sentence("文件 {digest} 已损坏")


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One generation as it was found. `wrong`: sentences; empty when it is whole."""

    name: str
    manifest: Manifest | None
    files: int
    wrong: tuple[str, ...]


def verify_backups(folder: Path, *, at: datetime | None = None, every: bool = False) -> tuple[Verified, ...]:
    """The last generation before an instant (None: the newest), or every one. Refused: BACKUP_NONE."""
    there = place.generations(folder)
    if every and there:
        return tuple(verify(folder, path) for path in there.values())
    newest = max(there, default="")
    if newest and at is None and place.sound_manifest(there[newest]) is None:
        return (verify(folder, there[newest]),)
    return (verify(folder, there[last_before(place.manifests(folder), at).name]),)


def verify(folder: Path, generation: Path) -> Verified:
    """Read everything a generation consists of."""
    name, manifest = generation.name, place.sound_manifest(generation)
    if manifest is None:
        return Verified(name=name, manifest=None, files=0, wrong=(str(filled(MANIFEST_OFF, name=name)),))
    wrong, digests = [], _digests(generation, manifest)
    if not _copy_is_whole(generation, manifest):
        wrong.append(str(filled(DATABASE_OFF, name=name)))
    if digests is None:
        wrong.append(str(filled(LIST_OFF, name=name)))
    checked = [one for one in digests or () if one not in manifest.missing]
    wrong += [said for one in checked if (said := _file_off(place.files(folder), one))]
    return Verified(name=name, manifest=manifest, files=len(checked), wrong=tuple(wrong))


def _copy_is_whole(generation: Path, manifest: Manifest) -> bool:
    copy = generation / FILES.get(manifest.dialect, "")
    if not copy.is_file() or place.sums(copy) != (manifest.sha256, manifest.sm3):
        return False
    return manifest.dialect != "sqlite" or not integrity(f"sqlite:///file:{copy}?mode=ro&immutable=1&uri=true")


def _digests(generation: Path, manifest: Manifest) -> tuple[str, ...] | None:
    path = generation / place.LIST
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != manifest.blob_list:
        return None
    return place.listed(generation)


def _file_off(files: Blobs, digest: str) -> str:
    try:
        return "" if files.verify(digest) else str(filled(FILE_OFF, digest=digest))
    except Missing:
        return str(filled(FILE_GONE, digest=digest))
