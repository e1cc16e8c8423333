"""Handing in a file: looked at outside of any transaction, kept by its content, then written under the case's lock.

Files are looked at and scanned before they are kept; what is refused leaves nothing behind but, for a virus, a line in the
journal. Everything that was asked before is asked again under the lock.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4

from service.casework.journalling import CaseFile, case_file, put_back, require_running, write
from service.casework.materials.files import by_line, current, note, told
from service.casework.materials.reusing import spread
from service.casework.materials.rights import WINDOW, find_line, require_bringer
from service.casework.materials.scanning import scan_later, scan_now
from service.received import Examined, examine
from service.rules.material_files import (
    LARGEST_CASE,
    LARGEST_FILE,
    MEGABYTE,
    MOST_VERSIONS,
    clean_name,
    fault,
    kind_by_name,
)
from service.rules.materials import Origin, Source, Verdict
from service.rules.refusals import Conflict, Forbidden, Invalid, refuse
from service.rules.vocabulary import JournalAction
from service.store.cases import CaseRow
from service.store.materials import MaterialRow, VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

BROUGHT = frozenset({Origin.SCAN, Origin.UPLOAD, Origin.SHARED})
PIECE = 1024 * 1024
LONGEST_REASON = 500  # characters


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file that was looked at and scanned; kept in the store unless it is `infected`."""

    looked: Examined
    size: int
    digest: str
    verdict: Verdict
    signature: str
    thumbnail: str | None

    @property
    def infected(self) -> bool:
        """Whether the scanner found something: then nothing of it was kept."""
        return self.verdict is Verdict.INFECTED


def receive_file(office: Office, content: BinaryIO, name: str, *, scan: bool = False) -> ReceivedFile:
    """Look at a file, ask the scanner, keep it by its content. `scan`: a scan of the window, which has to be readable.

    Outside of any transaction. Refused: the codes of `rules.material_files.FAULTS`; Unavailable BLOBS_UNREACHABLE.
    """
    kind_by_name(name)
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        draft = Path(folder) / "file"
        size, digest = _receive(content, draft, name)
        looked = examine(draft, name=name, scan=scan)
        verdict, signature = scan_now(office, draft)
        thumbnail = None
        if verdict is not Verdict.INFECTED:
            with draft.open("rb") as stream:
                office.blobs.put(stream, limit=LARGEST_FILE)
            thumbnail = office.blobs.put(looked.thumbnail) if looked.thumbnail else None
    return ReceivedFile(
        looked=looked, size=size, digest=digest, verdict=verdict, signature=signature, thumbnail=thumbnail
    )


def bring_material(
    office: Office,
    actor: Actor,
    material_id: UUID,
    content: BinaryIO,
    *,
    name: str,
    origin: Origin = Origin.UPLOAD,
    replaces: UUID | None = None,
    reason: str = "",
    valid_to: date | None = None,
    issuer: str = "",
) -> UUID:
    """Hand in one file for a line; the id of its version. The same file again is the same version.

    `origin` SHARED: a print-out the window itself took from the register. `replaces`: a file of the line that this one stands
    in for, with its `reason`. Refused: Missing MATERIAL_NOT_FOUND; Forbidden MATERIAL_FORBIDDEN, ORIGIN_FORBIDDEN; Conflict
    CASE_ENDED, CASE_SUSPENDED, MATERIAL_SHARED, MATERIAL_GONE, MATERIAL_FULL; Invalid REASON_MISSING, MATERIAL_INFECTED and
    the codes of `rules.material_files.FAULTS`; Unavailable BLOBS_UNREACHABLE.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    name = clean_name(name)
    if origin not in BROUGHT:
        raise Invalid("ORIGIN_UNKNOWN", "材料来源无效。")
    if replaces is not None and not reason:
        raise refuse("reason", "REASON_MISSING", "请写明理由")
    with office.reading() as records:
        line, row = find_line(records, actor, material_id)
        require_running(row)
        _require_welcome(records, actor, line, row, origin)
        _require_room(records, line, 0)
    found = receive_file(office, content, name, scan=origin is Origin.SCAN)
    digest, size = found.digest, found.size
    if found.infected:
        _note_infected(office, actor, material_id, name, digest, found.signature)
        raise Invalid(
            "MATERIAL_INFECTED", "“{name}”含有病毒（{signature}），没有保存。", name=name, signature=found.signature
        )

    def attempt() -> UUID:
        with office.transaction() as records:
            row = records.cases.lock(line.case_id)
            file = case_file(row)
            here = records.materials.line(material_id) or line
            _require_welcome(records, actor, here, file.row, origin)
            versions = by_line(records.materials.versions(file.id)).get(line.id, ())
            files = current(versions)
            same = next((one for one in files if one.digest == digest and one.id != replaces), None)
            if same is not None and replaces is None:
                return same.id
            if replaces is not None and all(one.id != replaces for one in files):
                raise Conflict("MATERIAL_GONE", "要替换的文件已被他人替换或撤下，请刷新后再试。")
            _require_room(records, here, size)
            if len(versions) >= MOST_VERSIONS:
                raise Conflict(
                    "MATERIAL_FULL",
                    "“{material}”已有 {most} 个文件，不能再增加。",
                    material=here.name,
                    most=MOST_VERSIONS,
                )
            version = _version(
                records,
                here,
                found.looked,
                number=len(versions) + 1,
                name=name,
                size=size,
                digest=digest,
                thumbnail=found.thumbnail,
                origin=origin,
                replaces=replaces,
                reason=reason,
                by=actor.username,
                valid_to=valid_to,
                issuer=issuer,
                verdict=found.verdict,
            )
            _file_in(records, file, actor, here, version)
            put_back(records, file)
            return version.id

    return office.attempt(attempt)


def file_received(
    records: Records,
    file: CaseFile,
    by: Actor | None,
    line: MaterialRow,
    found: ReceivedFile,
    *,
    name: str,
    number: int,
) -> None:
    """Write a file that was received with what starts the case; `by` None: nobody who has signed in."""
    version = _version(
        records,
        line,
        found.looked,
        number=number,
        name=name,
        size=found.size,
        digest=found.digest,
        thumbnail=found.thumbnail,
        origin=Origin.UPLOAD,
        replaces=None,
        reason="",
        by=None if by is None else by.username,
        valid_to=None,
        issuer="",
        verdict=found.verdict,
    )
    _file_in(records, file, by, line, version)


def _file_in(records: Records, file: CaseFile, actor: Actor | None, line: MaterialRow, version: VersionRow) -> None:
    """Write a version: whoever has seen or examined the line has to look again."""
    records.materials.add_versions([version])
    if line.seen_at is not None or line.examined_at is not None:
        records.materials.change_line(line.id, seen_by=None, seen_at=None, examined_by=None, examined_at=None)
    note(
        records,
        file,
        JournalAction.MATERIAL_SUBMITTED,
        actor,
        line,
        version,
        reason=version.reason,
        size=version.size,
        verdict=version.verdict,
        replaces=None if version.replaces is None else str(version.replaces),
    )
    if version.verdict == Verdict.PENDING:
        scan_later(records, version)
    spread(records, file, line, version)


def _version(
    records: Records,
    line: MaterialRow,
    looked: Examined,
    *,
    number: int,
    name: str,
    size: int,
    digest: str,
    thumbnail: str | None,
    origin: Origin,
    replaces: UUID | None,
    reason: str,
    by: str | None,
    valid_to: date | None,
    issuer: str,
    verdict: Verdict,
) -> VersionRow:
    return VersionRow(
        id=uuid4(),
        material_id=line.id,
        case_id=line.case_id,
        number=number,
        digest=digest,
        thumbnail=thumbnail,
        name=name,
        media_type=looked.media_type,
        size=size,
        pages=looked.pages,
        dpi=looked.dpi,
        origin=origin.value,
        replaces=replaces,
        reason=reason,
        uploaded_by=by,
        uploaded_at=records.now,
        valid_to=valid_to,
        issuer=" ".join(issuer.split())[:100],
        verdict=verdict.value,
        scanned_at=records.now if verdict is Verdict.CLEAN else None,
    )


def _receive(content: BinaryIO, draft: Path, name: str) -> tuple[int, str]:
    """Write the file where the examiner finds it. Refused: FILE_TOO_LARGE."""
    size, hashed = 0, hashlib.sha256()
    with draft.open("wb") as target:
        while piece := content.read(PIECE):
            size += len(piece)
            if size > LARGEST_FILE:
                raise fault("FILE_TOO_LARGE", name, most=LARGEST_FILE // MEGABYTE)
            hashed.update(piece)
            target.write(piece)
    return size, hashed.hexdigest()


def _require_welcome(records: Records, actor: Actor, line: MaterialRow, row: CaseRow, origin: Origin) -> None:
    """Refused: MATERIAL_FORBIDDEN, ORIGIN_FORBIDDEN, MATERIAL_SHARED."""
    require_bringer(records, actor, row)
    if origin is not Origin.UPLOAD and not actor.has(*WINDOW):
        raise Forbidden("ORIGIN_FORBIDDEN", "只有窗口人员可以扫描或从共享库调取材料。")
    if line.source == Source.SHARED and origin is not Origin.SHARED and line.share_trouble is None:
        raise Conflict(
            "MATERIAL_SHARED",
            "{material}可从共享库取得，不得要求申请人提交。",
            material=line.name,
        )


def _require_room(records: Records, line: MaterialRow, more: int) -> None:
    """Refused: MATERIAL_FULL."""
    if records.materials.held(line.case_id) + more > LARGEST_CASE:
        raise Conflict(
            "CASE_FULL", "这个办件的材料合计已达 {most} MB 上限，不能再增加。", most=LARGEST_CASE // MEGABYTE
        )


def _note_infected(office: Office, actor: Actor, material_id: UUID, name: str, digest: str, signature: str) -> None:
    """Who brought what is kept; the file is not."""

    def attempt() -> None:
        with office.transaction() as records:
            line, row = find_line(records, actor, material_id)
            file = case_file(records.cases.lock(row.id), alive=False)
            detail = told(line, None, refused=name, digest=digest, signature=signature)
            write(records, file, JournalAction.MATERIAL_REFUSED, actor, detail=detail)
            put_back(records, file)

    office.attempt(attempt)
