"""Putting a backup back into an empty database, and judging what came of it before anybody works with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from service.casework.audit.records import verify_records
from service.casework.audit.verifying import verify_audit
from service.casework.backups import folder as place
from service.casework.backups.making import PROGRAMS, fingerprints
from service.casework.backups.verifying import verify
from service.casework.blob_care import verify_blobs
from service.casework.office import Office, open_office
from service.casework.readiness import upgrade
from service.rules.backups import Manifest, last_before
from service.rules.refusals import Conflict, Invalid
from service.rules.sentences import Sentence, filled
from service.rules.vocabulary import LedgerAction
from service.settings import Settings
from service.store import migrations
from service.store.copies import FILES, file_of, kind_of, put_back, require_empty, settle

KEY_OTHER = Sentence("密钥 {name} 与备份时不同：用它封签、加密的内容无法核验")
COUNT_OFF = Sentence("数据表 {table} 应有 {expected} 行，实有 {found} 行")
FILE_OFF = Sentence("文件 {digest} 缺失或已损坏")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back. `wrong`: sentences about what is not as it should be; empty when all of it is."""

    manifest: Manifest
    rows: int
    files: int
    lines: int  # of the audit trail read
    wrong: tuple[str, ...]


def restore_backup(
    folder: Path, settings: Settings, environment: Mapping[str, str], *, at: datetime | None = None
) -> Restored:
    """Put the last generation before an instant (None: the newest) into the empty database of `settings`.

    A file of SQLite appears at its place when everything in it has been looked at. Refused: Conflict RESTORE_INTO_LIVING; Invalid
    BACKUP_NONE, BACKUP_DAMAGED, BACKUP_OTHER_DATABASE, BACKUP_NEWER; Unavailable as `put_back`, BLOBS_UNREACHABLE.
    """
    url = settings.database_url
    manifest = last_before(place.manifests(folder), at)
    if kind_of(url) != manifest.dialect:
        raise Invalid(
            "BACKUP_OTHER_DATABASE", "备份是 {dialect} 的，不能恢复到其他种类的数据库。", dialect=manifest.dialect
        )
    if not migrations.knows(manifest.revision):
        raise Invalid("BACKUP_NEWER", "备份来自更新的版本（{product}），请用那个版本恢复。", product=manifest.product)
    require_empty(url)
    generation = place.generations(folder)[manifest.name]
    if wrong := verify(folder, generation).wrong:
        raise Conflict(
            "BACKUP_DAMAGED", "备份已损坏，没有恢复：{detail}；可用 --at 选择更早的备份。", detail="；".join(wrong[:3])
        )
    target = file_of(url)
    beside = target.with_name(f"{target.name}.restoring") if target else None
    if beside is not None:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
    living = replace(settings, database_url=f"sqlite:///{beside}") if beside else settings
    restored = _restore(folder, generation, manifest, living, environment)
    if target is not None and beside is not None:
        settle(beside)
        os.replace(beside, target)
    return restored


def _restore(
    folder: Path, generation: Path, manifest: Manifest, settings: Settings, environment: Mapping[str, str]
) -> Restored:
    copy = generation / FILES[manifest.dialect]
    found = put_back(copy, settings.database_url, programs=environment.get(PROGRAMS, ""))
    wrong = [
        str(filled(COUNT_OFF, table=table, expected=expected, found=found.counts.get(table, 0)))
        for table, expected in manifest.counts.items()
        if found.counts.get(table) != expected
    ]
    office = open_office(settings)
    office.environment = environment
    try:
        _bring_files(office, folder, found.digests, manifest)
        upgrade(office)
        keys = fingerprints(office)
        others = [str(filled(KEY_OTHER, name=name)) for name, one in manifest.keys.items() if keys.get(name) != one]
        wrong += others or [one.sentence() for one in verify_records(office).wrong]  # under other keys none would hold
        audit = verify_audit(office)
        wrong += [one.text for one in audit.wrong]
        files = verify_blobs(office)
        wrong += [str(filled(FILE_OFF, digest=one)) for one in (*files.missing, *files.damaged)]
        with office.transaction() as records:
            detail = {"generation": manifest.name, "files": files.checked, "bytes": manifest.size + manifest.blob_bytes}
            records.ledger.write(LedgerAction.BACKUP_RESTORED, None, None, detail)
    finally:
        office.close()
    rows = sum(found.counts.values())
    return Restored(manifest=manifest, rows=rows, files=files.checked, lines=audit.lines, wrong=tuple(wrong))


def _bring_files(office: Office, folder: Path, digests: tuple[str, ...], manifest: Manifest) -> None:
    kept, missing = place.files(folder), frozenset(manifest.missing)
    for digest in digests:
        if digest not in missing and not office.blobs.exists(digest):
            with kept.open(digest) as stream:
                office.blobs.put(stream)
