"""Drafts as designers see them: the list with who, when, from which version and what the linter says; one with its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.beside import FileLine, files_beside
from service.casework.studio.checking import diagram_of
from service.casework.studio.locking import holder_of
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.support_asking import RELEASE
from service.rules.studio import DraftState
from service.store.records import Records
from service.store.studio import ProcessDraftRow
from service.store.workbench import PersonCard, VersionRow, Workbench

PAGE = 20
VIEWS = {"open": (DraftState.OPEN,), "submitted": (DraftState.SUBMITTED,), "discarded": (DraftState.DISCARDED,)}


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """One draft. `base`: number of the version it was begun from; `live`: of the newest one now; `holder`: who edits it."""

    row: ProcessDraftRow
    base: int | None
    live: int | None
    holder: str | None
    case_id: UUID | None  # of the release it was handed in as


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """One draft to be drawn. `files`: the forms and tables beside it; `mine`: the reader edits it, or may begin to."""

    line: DraftLine
    people: Mapping[str, PersonCard]
    file: str
    files: tuple[FileLine, ...]
    mine: bool


def draft_list(office: Office, actor: Actor, *, view: str = "open", page: int = 1) -> tuple[DraftLine, ...]:
    """Drafts, the last one changed first. Refused: Forbidden STUDIO_FORBIDDEN."""
    require_designer(actor)
    with office.reading() as records:
        rows = records.process_drafts.listed(
            [one.value for one in VIEWS.get(view, VIEWS["open"])], first=(max(page, 1) - 1) * PAGE, size=PAGE
        )
        return _lines(records, rows)


def draft_count(office: Office, actor: Actor, *, view: str = "open") -> int:
    """How many there are. Refused: Forbidden STUDIO_FORBIDDEN."""
    require_designer(actor)
    with office.reading() as records:
        return records.process_drafts.count([one.value for one in VIEWS.get(view, VIEWS["open"])])


def draft_page(office: Office, actor: Actor, draft_id: UUID) -> DraftPage:
    """One draft. Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND."""
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        [line] = _lines(records, (row,))
        files = records.process_drafts.files(row.id)
        diagram = diagram_of(files)
        return DraftPage(
            line=line,
            people=Workbench(records).people({row.created_by, row.changed_by, *filter(None, [line.holder])}),
            file=diagram,
            files=files_beside(records, row.process, files[diagram], files),
            mine=line.holder in (None, actor.username),
        )


def draft_source(office: Office, actor: Actor, draft_id: UUID) -> tuple[ProcessDraftRow, str, bytes]:
    """A draft with its diagram. Refused: as `draft_page`."""
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        files = records.process_drafts.files(row.id)
        name = diagram_of(files)
        return row, name, files[name]


def people_of(office: Office, lines: Sequence[DraftLine]) -> Mapping[str, PersonCard]:
    """Who the list names."""
    named = {name for line in lines for name in (line.row.created_by, line.row.changed_by, line.holder) if name}
    with office.reading() as records:
        return Workbench(records).people(named) if named else {}


def _lines(records: Records, rows: Sequence[ProcessDraftRow]) -> tuple[DraftLine, ...]:
    bench = Workbench(records)
    bases: dict[UUID, VersionRow | None] = {
        row.based_on: bench.version(row.based_on) for row in rows if row.based_on is not None
    }
    live = records.deployments.newest({row.process for row in rows}) if rows else {}
    cases = records.measures.about_each(RELEASE, [row.release_id for row in rows if row.release_id is not None])
    found = []
    for row in rows:
        base = bases.get(row.based_on) if row.based_on is not None else None
        found.append(
            DraftLine(
                row=row,
                base=base.version if base is not None else None,
                live=live[row.process].version if row.process in live else None,
                holder=holder_of(records, row),
                case_id=cases.get(row.release_id) if row.release_id is not None else None,
            )
        )
    return tuple(found)
