"""Files of other products become drafts: what is taken over and what is left is shown before, and kept with the draft."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.examining import form_key_of
from service.casework.office import Office
from service.casework.studio.beginning import as_begun, keep, named
from service.casework.studio.checking import examined
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.workbench import Preview, Resource
from service.engine.studio.importing import Imported, Note, Verdict, import_diagram
from service.rules.refusals import Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow
from service.store.workbench import Workbench

__all__ = [
    "ImportLine",
    "ImportReport",
    "Imported",
    "begin_import",
    "import_report",
    "note_data",
    "preview_import",
    "read_foreign",
]

DIAGRAMS = (".bpmn", ".bpmn20.xml", ".bpmn2", ".xml")
MOST_NOTES = 400  # kept with a draft


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """One diagram as it would begin. `live`: number of the version it would revise; `files`: what the draft would hold."""

    imported: Imported
    live: int | None
    files: Mapping[str, bytes]
    preview: Preview


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What became of the file a draft was imported from. `left`: notes that were not kept because there were too many."""

    row: ProcessDraftRow
    file: str
    product: str
    counts: Mapping[str, int]
    notes: tuple[Mapping[str, Any], ...]
    left: int


def read_foreign(resources: Sequence[Resource]) -> tuple[tuple[Imported, ...], tuple[str, ...]]:
    """Every diagram as ours, and the names of files that are no diagram, form or table. Pure: nothing is kept."""
    found, unreadable = [], []
    for one in resources:
        if not one.name.lower().endswith(DIAGRAMS):
            continue
        made = import_diagram(one.name, one.content)
        if made is None:
            unreadable.append(one.name)
        else:
            found.append(made)
    return tuple(found), tuple(unreadable)


def preview_import(office: Office, actor: Actor, resources: Sequence[Resource]) -> tuple[ImportLine, ...]:
    """What importing the files would begin, diagram by diagram; nothing is kept.

    Refused: Forbidden STUDIO_FORBIDDEN; Invalid IMPORT_UNREADABLE with the names, IMPORT_NOTHING.
    """
    require_designer(actor)
    diagrams, unreadable = read_foreign(resources)
    if unreadable:
        raise Invalid("IMPORT_UNREADABLE", "{names} 不是可以读取的流程图，没有导入。", names="、".join(unreadable))
    if not diagrams:
        raise Invalid("IMPORT_NOTHING", "没有流程图。请选择至少一个 .bpmn 文件，表单和决策表可以一起选择。")
    with office.reading() as records:
        newest = records.deployments.newest({one.key for one in diagrams})
    lines = []
    for one in diagrams:
        files = _files(one, resources)
        live = newest[one.key].version if one.key in newest else None
        lines.append(ImportLine(imported=one, live=live, files=files, preview=examined(office, actor, files)))
    return tuple(lines)


def begin_import(office: Office, actor: Actor, resources: Sequence[Resource], file: str) -> UUID:
    """A draft of one of the diagrams, a revision where its key is live already; what became of the file is kept with it.

    Refused: Forbidden STUDIO_FORBIDDEN; Invalid IMPORT_UNREADABLE, IMPORT_NOTHING, STUDIO_KEY.
    """
    require_designer(actor)
    source = next((one for one in resources if one.name == file), None)
    found = None if source is None else import_diagram(file, source.content)
    if source is None or found is None:
        raise Invalid("IMPORT_UNREADABLE", "{names} 不是可以读取的流程图，没有导入。", names=file)
    key, name = named(found.key, (found.name or found.key)[:60])
    files = _files(found, resources)

    def begin() -> UUID:
        with office.transaction() as records:
            live = next(iter(Workbench(records).versions(key)), None)
            made = keep(records, actor, key, name, files, based_on=None if live is None else live.id)
            _tell(records, actor, made, found, source.content)
            return made

    return as_begun(office, actor, office.attempt(begin))


def import_report(office: Office, actor: Actor, draft_id: UUID) -> ImportReport:
    """What was taken over and what was left when a draft was imported.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND, IMPORT_NOT_FOUND when it was not imported.
    """
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        lines = records.ledger.lines(LedgerAction.DRAFT_IMPORTED, subject=str(draft_id), limit=1)
    if not lines:
        raise Missing("IMPORT_NOT_FOUND", "这份草稿不是导入的。")
    detail = lines[0].detail
    counts = detail["counts"]
    return ImportReport(
        row=row,
        file=detail["name"],
        product=detail["product"],
        counts=counts,
        notes=tuple(detail["notes"]),
        left=sum(counts.values()) - len(detail["notes"]),
    )


def note_data(note: Note) -> dict[str, Any]:
    """A note as it is kept and shown; its sentences are told in the reader's language when they are shown."""
    return {
        "verdict": str(note.verdict),
        "line": note.line,
        "element": note.element,
        "name": note.name,
        "what": note.what,
        "value": note.value,
        "became": note.became,
        "reason": note.reason.text if note.reason else "",
        "remedy": note.remedy.text if note.remedy else "",
        "problem": list(note.problem or ()),
    }


def _tell(records: Records, actor: Actor, draft_id: UUID, found: Imported, content: bytes) -> None:
    notes = sorted(found.notes, key=lambda one: list(Verdict)[::-1].index(one.verdict))
    detail = {
        "name": found.file,
        "product": found.product,
        "digest": hashlib.sha256(content).hexdigest(),
        "counts": found.counted(),
        "notes": [note_data(one) for one in notes[:MOST_NOTES]],
    }
    records.ledger.write(LedgerAction.DRAFT_IMPORTED, actor.username, str(draft_id), detail)


def _files(one: Imported, resources: Sequence[Resource]) -> dict[str, bytes]:
    """The diagram, the forms made of its fields, and of what came along the forms and tables it names."""
    files = {f"{one.key}.bpmn": one.content, **one.forms}
    for beside in resources:
        base = beside.name.rsplit("/", 1)[-1]
        key = form_key_of(base)
        if key is not None and f'"{key}"'.encode() in one.content:
            files[base] = beside.content
        elif base.lower().endswith((".dmn", ".dmn11.xml")) and b"decisionRef" in one.content:
            files[base] = beside.content
    return files
