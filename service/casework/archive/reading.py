"""Looking into the archive: the list, one file with its packages, and taking packages out. Every look at a file is a line of the ledger (SM-42)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO
from uuid import UUID

from service.casework.actors import Actor
from service.casework.archive.filing import term_of
from service.casework.archive.rights import FILERS, TAKERS, require_seer, require_taker
from service.casework.office import Office
from service.casework.seal_keys import archive_key
from service.documents.sealed import Link, Verdict, bundle, verify
from service.rules.refusals import Missing, TooLarge
from service.rules.retention import Retention
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.archives import ArchiveFileRow, FiledRow, FileSearch, PackageRow, PlaceRow
from service.store.records import Records

__all__ = [
    "VIEWS",
    "ArchiveList",
    "ArchivePage",
    "FileSearch",
    "Taken",
    "archive_list",
    "archive_page",
    "check_package",
    "export_files",
    "take_package",
]

PAGE = 20
MOST_FILES, MOST_BYTES = 500, 2 << 30  # of one export
VIEWS = ("all", "unplaced", "ripe")


@dataclass(frozen=True, kw_only=True)
class ArchiveList:
    """One page of files. `counts`: per view, with the other filters; `takes`, `files`: what the actor may do."""

    items: tuple[FiledRow, ...]
    counts: Mapping[str, int]
    years: tuple[int, ...]
    departments: Mapping[str, str]
    total: int
    page: int
    pages: int
    takes: bool
    today: date


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    """One file: its packages, where the paper lies and lay, its term, who is who."""

    file: ArchiveFileRow
    business_key: str | None
    packages: tuple[PackageRow, ...]
    places: tuple[PlaceRow, ...]
    rule: Retention
    department: str
    people: Mapping[str, str]
    takes: bool
    files: bool


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A package on its way to somebody: a name, and the stream, which the caller closes."""

    name: str
    size: int
    stream: BinaryIO


def archive_list(
    office: Office, actor: Actor, *, search: FileSearch | None = None, view: str = "all", page: int = 1
) -> ArchiveList:
    """One page, the latest first. Refused: Forbidden ARCHIVE_FORBIDDEN."""
    require_seer(actor)
    search = search or FileSearch()
    with office.reading() as records:
        today = records.now.astimezone(SHANGHAI).date()
        views = {name: _narrowed(search, name, today) for name in VIEWS}
        counts = {name: records.archives.count(one) for name, one in views.items()}
        view = view if view in views else "all"
        pages = max(1, -(-counts[view] // PAGE))
        page = min(max(page, 1), pages)
        return ArchiveList(
            items=records.archives.files(views[view], skip=(page - 1) * PAGE, limit=PAGE),
            counts=counts,
            years=records.archives.years(),
            departments={one.code: one.short for one in records.people.departments()},
            total=counts[view],
            page=page,
            pages=pages,
            takes=actor.has(*TAKERS),
            today=today,
        )


def archive_page(office: Office, actor: Actor, case_id: UUID) -> ArchivePage:
    """One file. Refused: Forbidden ARCHIVE_FORBIDDEN, Missing ARCHIVE_FILE."""
    require_seer(actor)
    with office.transaction() as records:
        file = _file(records, case_id)
        places = records.archives.places(case_id)
        departments = {one.code: one.name for one in records.people.departments()}
        case = records.cases.find(case_id)
        records.ledger.write(LedgerAction.ARCHIVE_READ, actor.username, file.number, {"how": "page"})
        return ArchivePage(
            file=file,
            business_key=case.business_key if case is not None else None,
            packages=records.archives.packages_of(case_id),
            places=places,
            rule=term_of(records, file.category),
            department=departments.get(file.department or "", ""),
            people=records.people.names(sorted({one.recorded_by for one in places})),
            takes=actor.has(*TAKERS),
            files=actor.has(*FILERS),
        )


def package_of(office: Office, case_id: UUID, part: int) -> PackageRow:
    """One package of a case. Refused: Missing ARCHIVE_PACKAGE."""
    with office.reading() as records:
        found = [one for one in records.archives.packages_of(case_id) if one.part == part]
    if not found:
        raise Missing("ARCHIVE_PACKAGE", "没有这个归档包。")
    return found[0]


def check_package(office: Office, actor: Actor, case_id: UUID, part: int) -> Verdict:
    """Verify a package where it is kept. Refused: Forbidden, Missing ARCHIVE_PACKAGE, BLOB_MISSING."""
    require_seer(actor)
    package = package_of(office, case_id, part)
    with office.blobs.open(package.digest) as source:
        verdict = verify(source)
        key = archive_key(office)
        return verify(source, key=key) if verdict.keyed and key is not None else verdict


def take_package(office: Office, actor: Actor, case_id: UUID, part: int, reason: str) -> Taken:
    """Take a package out, with a reason that is kept in the ledger.

    Refused: Forbidden ARCHIVE_TAKERS_ONLY; Invalid ARCHIVE_REASON; Missing ARCHIVE_PACKAGE, BLOB_MISSING.
    """
    said = require_taker(actor, reason)
    package = package_of(office, case_id, part)
    stream = office.blobs.open(package.digest)
    try:
        with office.transaction() as records:
            file = _file(records, case_id)
            detail = {"how": "package", "part": part, "digest": package.digest, "reason": said}
            records.ledger.write(LedgerAction.ARCHIVE_READ, actor.username, file.number, detail)
    except BaseException:
        stream.close()
        raise
    return Taken(name=package_name(file, package), size=package.size, stream=stream)


def export_files(office: Office, actor: Actor, case_ids: Sequence[UUID], reason: str) -> Taken:
    """Take several files out at once: a ZIP of their packages, with the links of the chain that prove their places.

    Refused: as `take_package`; TooLarge ARCHIVE_EXPORT_LARGE.
    """
    said = require_taker(actor, reason)
    chosen: list[tuple[str, PackageRow]] = []
    with office.reading() as records:
        for case_id in dict.fromkeys(case_ids):
            file = _file(records, case_id)
            chosen += [(package_name(file, one), one) for one in records.archives.packages_of(case_id)]
    if not chosen:
        raise Missing("ARCHIVE_PACKAGE", "请选择要导出的案卷。")
    if len(chosen) > MOST_FILES or sum(one.size for _, one in chosen) > MOST_BYTES:
        raise TooLarge("ARCHIVE_EXPORT_LARGE", "一次最多导出 {most} 个归档包、2 GB，请分批导出。", most=MOST_FILES)
    links = [_link(name, one) for name, one in sorted(chosen, key=lambda pair: pair[1].sequence)]
    stream = bundle(((name, one.digest) for name, one in chosen), links, office.blobs.open)
    try:
        with office.transaction() as records:
            detail = {"packages": len(chosen), "sequences": [one.sequence for one in links][:100], "reason": said}
            records.ledger.write(LedgerAction.ARCHIVE_EXPORTED, actor.username, chosen[0][0], detail)
    except BaseException:
        stream.close()
        raise
    size = stream.seek(0, 2)
    stream.seek(0)
    return Taken(name="archive-export.zip", size=size, stream=stream)


def package_name(file: ArchiveFileRow, package: PackageRow) -> str:
    """How a package is called outside: 档号, and the number of the supplement."""
    number = file.number.replace("·", "-")
    return f"{number}-B{package.part}.zip" if package.part else f"{number}.zip"


def _link(name: str, package: PackageRow) -> Link:
    return Link(
        file=name,
        sequence=package.sequence,
        manifest=package.manifest,
        digest=package.digest,
        previous=package.previous,
        chain=package.chain,
    )


def _file(records: Records, case_id: UUID) -> ArchiveFileRow:
    file = records.archives.file(case_id)
    if file is None:
        raise Missing("ARCHIVE_FILE", "这个办件还没有归档。")
    return file


def _narrowed(search: FileSearch, view: str, today: date) -> FileSearch:
    match view:
        case "unplaced":
            return replace(search, without_place=True)
        case "ripe":
            return replace(search, ripe_on=today)
    return search
