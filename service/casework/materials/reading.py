"""What people see of materials: the panel of a case, its files, their pages; and what other rooms ask."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from service.casework.journalling import require_running
from service.casework.materials.files import by_line, current, readable
from service.casework.materials.rights import find_line, find_version, may_bring, may_check, may_examine
from service.casework.rights import require_reader
from service.received import show_page
from service.rules.material_files import BY_MEDIA_TYPE, PAGED
from service.rules.materials import LineState, Origin, Source, Verdict, line_state, read_line
from service.rules.refusals import Conflict, Missing, Refusal
from service.store.cases import CaseRow
from service.store.materials import MaterialRow, VersionRow
from service.store.workbench import Workbench

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

WIDEST = 2400  # pixels of a page that is shown
NARROWEST = 200


@dataclass(frozen=True, kw_only=True)
class MaterialFile:
    """One version. `current`: neither replaced nor withdrawn; `readable`: the scanner lets it be opened."""

    row: VersionRow
    current: bool
    readable: bool

    @property
    def paged(self) -> bool:
        """Whether it has pages to look at here."""
        return self.readable and self.row.media_type in PAGED

    @property
    def shown(self) -> bool:
        """Whether browsers may show the file itself."""
        kind = BY_MEDIA_TYPE.get(self.row.media_type)
        return self.readable and kind is not None and kind.shown


@dataclass(frozen=True, kw_only=True)
class MaterialLine:
    """One line of a checklist with everything that was handed in for it. `gap`: an open correction notice asks for it.

    `scope` None: the case itself. `form`: 系统填表, 原件, 复印件, 电子件, 共享, or nothing yet.
    """

    row: MaterialRow
    state: LineState
    files: tuple[MaterialFile, ...]
    gap: str = ""

    @property
    def scope(self) -> UUID | None:
        """The item of a chain it belongs to."""
        return None if self.row.scope_id == self.row.case_id else self.row.scope_id

    @property
    def current(self) -> tuple[MaterialFile, ...]:
        """The files that count."""
        return tuple(one for one in self.files if one.current)

    @property
    def pages(self) -> int:
        """Pages of the files that count."""
        return sum(one.row.pages or 0 for one in self.current)

    @property
    def form(self) -> str:
        """In which form it is here, as a msgid."""
        if self.row.paper == "ORIGINAL":
            return "原件"
        if self.row.paper == "COPY":
            return "复印件"
        if self.state is LineState.SHARED:
            return "共享获取"
        if self.current:
            return "电子件"
        return "系统填表" if self.row.source == Source.FORM else ""

    @property
    def handed_in(self) -> bool:
        """Whether anything was handed in, on paper or as a file."""
        return bool(self.current or self.row.paper)

    @property
    def filled_in(self) -> bool:
        """Whether it is the form filled in here, for which nobody has to hand in anything."""
        return self.row.source == Source.FORM and self.state is LineState.MISSING and not self.gap


@dataclass(frozen=True, kw_only=True)
class MaterialPanel:
    """The materials of a case for a page. `open`: the case still takes some."""

    case_id: UUID
    lines: tuple[MaterialLine, ...]
    open: bool
    may_bring: bool
    may_check: bool
    may_examine: bool
    names: Mapping[UUID | None, str]  # item → name of its process
    people: Mapping[str, str]  # username → name, of everybody who had to do with the materials

    def of(self, scope: UUID | None) -> tuple[MaterialLine, ...]:
        """The lines of one item."""
        return tuple(line for line in self.lines if line.scope == scope)

    @property
    def scopes(self) -> tuple[UUID | None, ...]:
        """The items that have lines."""
        return tuple(dict.fromkeys(line.scope for line in self.lines))

    @property
    def missing(self) -> int:
        """How many lines still want something."""
        wanting = (LineState.MISSING, LineState.QUARANTINED)
        return sum((line.state in wanting and not line.filled_in) or bool(line.gap) for line in self.lines)


def materials_of(records: Records, case_id: UUID, scope: UUID | None | bool = True) -> tuple[MaterialLine, ...]:
    """The materials of a case, item by item in the order of their checklists; of one item when `scope` says which
    (None: the case itself, True: all).
    """
    have = by_line(records.materials.versions(case_id))
    gaps = _gaps(records, case_id)
    lines = (
        _line(row, have.get(row.id, ()), gaps.get((row.scope_id, row.name), ""))
        for row in records.materials.lines(case_id)
    )
    return tuple(line for line in lines if scope is True or line.scope == scope)


def material_panel(office: Office, actor: Actor, case_id: UUID) -> MaterialPanel:
    """The materials of a case, and what the actor may do with them. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        try:
            require_running(row)
            still_open = True
        except Conflict:
            still_open = False
        lines = materials_of(records, case_id)
        return MaterialPanel(
            case_id=case_id,
            lines=lines,
            open=still_open,
            may_bring=still_open and may_bring(records, actor, row),
            may_check=still_open and may_check(records, actor),
            may_examine=still_open and may_examine(records, actor, row),
            names=_names(records, row, lines),
            people=_people(records, lines),
        )


def material_line(office: Office, actor: Actor, material_id: UUID) -> MaterialLine:
    """One line with its history. Refused: Missing MATERIAL_NOT_FOUND."""
    with office.reading() as records:
        row, _ = find_line(records, actor, material_id)
        return next(line for line in materials_of(records, row.case_id) if line.row.id == material_id)


def version_of(office: Office, actor: Actor, version_id: UUID) -> VersionRow:
    """What is known of a file, whatever the scanner said. Refused: Missing MATERIAL_NOT_FOUND."""
    with office.reading() as records:
        return find_version(records, actor, version_id)


def open_file(office: Office, actor: Actor, version_id: UUID) -> tuple[VersionRow, BinaryIO]:
    """A file and its content, to be closed by the caller. Refused: MATERIAL_NOT_FOUND, MATERIAL_QUARANTINED,
    BLOB_MISSING, BLOBS_UNREACHABLE.
    """
    version = _opened(office, actor, version_id)
    return version, office.blobs.open(version.digest)


def thumbnail_of(office: Office, actor: Actor, version_id: UUID) -> bytes:
    """The small picture of a file's first page. Refused: MATERIAL_NOT_FOUND, MATERIAL_QUARANTINED, NO_PICTURE."""
    version = _opened(office, actor, version_id)
    if version.thumbnail is None:
        raise Missing("NO_PICTURE", "这个文件没有缩略图。")
    return office.blobs.read(version.thumbnail)


def page_of(office: Office, actor: Actor, version_id: UUID, *, page: int, width: int, turn: int = 0) -> bytes:
    """One page of a file as a JPEG, made anew from its pixels. Refused: MATERIAL_NOT_FOUND, MATERIAL_QUARANTINED, NO_PICTURE."""
    version = _opened(office, actor, version_id)
    if version.media_type not in PAGED or not 1 <= page <= (version.pages or 1):
        raise Missing("NO_PICTURE", "这个文件没有第 {page} 页。", page=page)
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        copy = Path(folder) / "file"
        with office.blobs.open(version.digest) as stream, copy.open("wb") as target:
            shutil.copyfileobj(stream, target)
        across = min(max(width, NARROWEST), WIDEST)
        try:
            return show_page(
                copy,
                name=version.name,
                media_type=version.media_type,
                page=page,
                width=across,
                turn=turn % 360 // 90 * 90,
            )
        except Refusal as refusal:
            raise Missing("NO_PICTURE", "这个文件没有第 {page} 页。", page=page) from refusal


def content_of(office: Office, digest: str) -> BinaryIO:
    """A file of the store by its digest, for rooms that have checked who asks."""
    return office.blobs.open(digest)


def _opened(office: Office, actor: Actor, version_id: UUID) -> VersionRow:
    with office.reading() as records:
        version = find_version(records, actor, version_id)
    if not readable(version):
        raise Conflict("MATERIAL_QUARANTINED", "“{material}”尚未通过病毒检查。", material=version.name)
    return version


def _names(records: Records, row: CaseRow, lines: Iterable[MaterialLine]) -> Mapping[UUID | None, str]:
    """What the processes are called that run in the case and its items."""
    bench = Workbench(records)
    versions = bench.binding(row.binding_id)
    names = bench.definition_names({row.definition_id, *versions.values()})
    found: dict[UUID | None, str] = {None: names.get(row.definition_id, row.key)}
    for line in lines:
        if line.scope is not None and line.row.process in versions:
            found[line.scope] = names.get(versions[line.row.process], line.row.process)
    return found


def _people(records: Records, lines: Iterable[MaterialLine]) -> Mapping[str, str]:
    wanted = {
        name
        for line in lines
        for name in (
            line.row.seen_by,
            line.row.examined_by,
            line.row.share_by,
            *(one.row.uploaded_by for one in line.files),
            *(one.row.withdrawn_by for one in line.files),
        )
        if name
    }
    return {name: card.name for name, card in Workbench(records).people(wanted).items()} if wanted else {}


def _line(row: MaterialRow, versions: Iterable[VersionRow], gap: str) -> MaterialLine:
    rows = tuple(versions)
    counting = current(rows)
    ids = {one.id for one in counting}
    verdicts = [Verdict(one.verdict) for one in counting]
    worst = next(
        (v for v in (Verdict.INFECTED, Verdict.PENDING, Verdict.UNSCANNED, Verdict.CLEAN) if v in verdicts), None
    )
    origins = {Origin(one.origin) for one in counting}
    state = line_state(
        Source(row.source),
        verdict=worst,
        origin=origins.pop() if len(origins) == 1 else None,
        seen=row.seen_at is not None,
        examined=row.examined_at is not None,
        reference=row.share_reference is not None,
        trouble=row.share_trouble is not None,
    )
    files = tuple(MaterialFile(row=one, current=one.id in ids, readable=readable(one)) for one in rows)
    return MaterialLine(row=row, state=state, files=files, gap=gap)


def _gaps(records: Records, case_id: UUID) -> Mapping[tuple[UUID, str], str]:
    """(item, name of a line) → the number of the open notice that asks for it, until something has come since."""
    found: dict[tuple[UUID, str], tuple[str, datetime]] = {}
    for row in records.proceedings.of_case(case_id, "CORRECTION"):
        if row.closed_at is None:
            for gap in row.detail.get("gaps", ()):
                name = read_line(str(gap["material"])).name
                found[row.scope_id or case_id, name] = row.document or "", row.opened_at
    if not found:
        return {}
    latest: dict[UUID, datetime] = {}
    for version in records.materials.versions(case_id):
        latest[version.material_id] = version.uploaded_at
    came = {(row.scope_id, row.name): latest.get(row.id) for row in records.materials.lines(case_id)}
    return {key: number for key, (number, since) in found.items() if (at := came.get(key)) is None or at <= since}
