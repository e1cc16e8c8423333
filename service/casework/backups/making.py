"""Making a backup while everybody works: first one state of the database, then the files that state refers to.

Files come before the rows that refer to them and are swept a fortnight after the last of those, so each is there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service import __version__
from service.casework.backups import folder as place
from service.casework.office import Office
from service.casework.record_keys import RECORD
from service.casework.seal_keys import ARCHIVE, AUDIT
from service.rules.backups import Manifest, outdated
from service.rules.hashes import hmac_sm3
from service.rules.refusals import Invalid, Missing, Unavailable
from service.rules.vocabulary import LedgerAction
from service.settings import real_time
from service.store.copies import FILES, copy_database

PROGRAMS = "LIANBAN_POSTGRES_BIN"
ROUNDS = 100_000  # a key cannot be guessed from its fingerprint


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup. `copied`: files that no earlier one had; `dropped`: generations that were beyond those kept."""

    manifest: Manifest
    copied: int
    dropped: int


def make_backup(office: Office, folder: Path, *, keep: int = 0) -> Made:
    """One generation; of earlier ones the `keep` newest stay (0: all). Refused: BACKUP_RUNNING, BACKUP_FOLDER, BLOBS_UNREACHABLE
    and what reading the database refuses. A database that is full or read-only is copied as well."""
    try:
        with place.draft(folder) as draft:
            made, copied = _make(office, folder, draft)
            place.finish(folder, draft, made.name)
            dropped = _drop(folder, keep) if keep else 0
    except OSError as fault:
        raise Unavailable("BACKUP_FOLDER", "备份目录无法写入：{detail}", detail=str(fault.strerror or fault)) from fault
    with suppress(Unavailable), office.transaction() as records:
        detail = {"generation": made.name, "files": made.blobs, "bytes": made.size + made.blob_bytes}
        records.ledger.write(LedgerAction.BACKUP_MADE, None, None, detail)
    return Made(manifest=made, copied=copied, dropped=dropped)


def fingerprints(office: Office) -> Mapping[str, str]:
    """Of the keys this installation has: whether a later one has the same can be told, the keys cannot."""
    keys = {"LIANBAN_SECRET_KEY": office.settings.secret_key}
    keys |= {name: office.environment.get(name, "").strip() for name in (ARCHIVE, AUDIT, RECORD)}
    return {name: _fingerprint(name, key) for name, key in keys.items() if key}


def _fingerprint(name: str, key: str) -> str:
    slow = hashlib.pbkdf2_hmac("sha256", key.encode(), f"lianban backup\n{name}".encode(), ROUNDS)
    return hmac_sm3(slow, name.encode())[:16]


def _make(office: Office, folder: Path, draft: Path) -> tuple[Manifest, int]:
    dialect = office.database.dialect
    began, copy = real_time(), draft / FILES[dialect]
    found = copy_database(office.settings.database_url, copy, programs=office.environment.get(PROGRAMS, ""))
    kept, copied, size, missing = place.files(folder), 0, 0, []
    for digest in found.digests:
        try:
            if not kept.exists(digest):
                with office.blobs.open(digest) as stream:
                    if kept.put(stream) != digest:
                        raise Missing(
                            "BLOB_DAMAGED", "文件库中的文件 {digest} 已损坏，请联系系统管理员。", digest=digest[:12]
                        )
                copied += 1
            with kept.open(digest) as stream:
                size += stream.seek(0, 2)
        except Missing:
            missing.append(digest)
    listing = "".join(f"{one}\n" for one in found.digests).encode("ascii")
    (draft / place.LIST).write_bytes(listing)
    sha256, sm3 = place.sums(copy)
    manifest = Manifest(
        made_at=began,
        product=__version__,
        dialect=dialect,
        revision=found.revision,
        size=copy.stat().st_size,
        sha256=sha256,
        sm3=sm3,
        counts=found.counts,
        blobs=len(found.digests),
        blob_bytes=size,
        blob_list=hashlib.sha256(listing).hexdigest(),
        audit_blocks=found.audit_blocks,
        audit_chain=found.audit_chain,
        keys=fingerprints(office),
        missing=missing,
    )
    content = manifest.written()
    (draft / place.MANIFEST).write_bytes(content)
    (draft / place.SUM).write_text(place.manifest_sum(content), encoding="ascii")
    return manifest, copied


def _drop(folder: Path, keep: int) -> int:
    """Generations beyond the newest go, then files no generation refers to any more."""
    there = place.generations(folder)
    gone = outdated(there, keep)
    for name in gone:
        shutil.rmtree(there[name])
    if gone:
        used = {digest for path in place.generations(folder).values() for digest in place.listed(path)}
        backend = place.files(folder).backend
        for kept in list(backend.listed(binned=False)):
            if kept.digest not in used:
                backend.bin(kept.digest)
                backend.delete(kept.digest)
    return len(gone)


def keep_of(environment: Mapping[str, str]) -> int:
    """How many generations the scheduled backup keeps: LIANBAN_BACKUP_KEEP, 14. Refused: SETTING_INVALID."""
    given = environment.get("LIANBAN_BACKUP_KEEP", "").strip() or "14"
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 3650:
        raise Invalid(
            "SETTING_INVALID",
            "配置项 {name} 的值“{got}”无效，应为 {expected}。",
            name="LIANBAN_BACKUP_KEEP",
            expected="1–3650",
            got=given,
        )
    return int(given)
