"""What two versions differ in, or a draft and what is live: diagram, forms and decision tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.decisions import decision_versions
from service.casework.examining import form_key_of
from service.casework.measures.releases import require_reader, wanted_release
from service.casework.office import Office
from service.casework.studio.checking import diagram_of
from service.casework.studio.library import key_of, kind_of, live_files
from service.casework.studio.rights import require_designer, wanted_draft
from service.engine.studio import (
    Difference,
    TableDifference,
    compare_diagrams,
    compare_tables,
    drawn_decisions,
    drawn_process,
)
from service.rules.form_diff import FieldDifference, compare_forms
from service.rules.refusals import Missing
from service.store.records import Records
from service.store.studio import ProcessDraftRow
from service.store.workbench import VersionRow, Workbench

Pair = tuple[str, bytes | None, bytes | None]  # a decision, its file before and after


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two diagrams of one process. `before` is None where there is nothing to compare with; `draft`: the later one is no version yet."""

    key: str
    name: str
    before: VersionRow | None
    after: VersionRow | None
    draft: ProcessDraftRow | None
    release_id: UUID | None = None  # the later one has been handed in and is no version yet
    differences: tuple[Difference, ...]
    forms: Mapping[str, tuple[FieldDifference, ...]]
    tables: Mapping[str, tuple[TableDifference, ...]]  # by key of the first decision of a file
    drawn: bool = True  # a decision table that is released alone has no diagram


def compare_versions(office: Office, actor: Actor, key: str, before: int, after: int) -> Comparison:
    """Two versions of a process. Refused: Forbidden PROCESSES_FORBIDDEN; Missing DEFINITION_NOT_FOUND."""
    require_reader(actor)
    with office.reading() as records:
        old, new = require_version(records, key, before), require_version(records, key, after)
        return _compared(records, old, new)


def compare_release(office: Office, actor: Actor, release_id: UUID, key: str) -> Comparison:
    """What a release changes in one of its processes or decision tables, against the version it was handed in for.

    Refused: Forbidden PROCESSES_FORBIDDEN; Missing RELEASE_NOT_FOUND, DEFINITION_NOT_FOUND.
    """
    require_reader(actor)
    with office.reading() as records:
        row, files = wanted_release(records, release_id), records.measures.files_of(release_id)
        change = next((one for one in row.changes if one["key"] == key), None)
        if change is not None and change.get("table"):
            return Comparison(
                key=key,
                name=change["name"],
                before=None,
                after=None,
                draft=None,
                release_id=row.id,
                differences=(),
                forms={},
                tables=_table_differences(_released_tables(records, [change], files)),
                drawn=False,
            )
        name = next((name for name, content in files.items() if (drawn_process(content) or ("",))[0] == key), None)
        if change is None or name is None:
            raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
        bench = Workbench(records)
        live = require_version(records, key, change["current"]) if change["current"] else None
        before = bench.bpmn(live.id) if live is not None else None
        forms = _files(bench, live) if live is not None else {}
        revised = {form: content for name, content in files.items() if (form := form_key_of(name)) is not None}
        return Comparison(
            key=key,
            name=change["name"],
            before=live,
            after=None,
            draft=None,
            release_id=row.id,
            differences=compare_diagrams(None if before is None else before[1], files[name]),
            forms=_form_differences(_before(records, forms, revised), revised),
            tables=_table_differences(_released_tables(records, row.changes, files)),
        )


def release_diagram(office: Office, actor: Actor, release_id: UUID, key: str) -> bytes:
    """The diagram of a process as it was handed in. Refused: as `compare_release`."""
    require_reader(actor)
    with office.reading() as records:
        wanted_release(records, release_id)
        for content in records.measures.files_of(release_id).values():
            if (drawn_process(content) or ("",))[0] == key:
                return content
    raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")


def compare_draft(office: Office, actor: Actor, draft_id: UUID) -> Comparison:
    """A draft and what is live. Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND."""
    require_designer(actor)
    with office.reading() as records:
        row = wanted_draft(records, draft_id)
        files = records.process_drafts.files(row.id)
        bench = Workbench(records)
        live = next(iter(bench.versions(row.process)), None)
        before = bench.bpmn(live.id) if live is not None else None
        forms = _files(bench, live) if live is not None else {}
        revised = {key: content for name, content in files.items() if (key := form_key_of(name)) is not None}
        return Comparison(
            key=row.process,
            name=row.name or row.process,
            before=live,
            after=None,
            draft=row,
            differences=compare_diagrams(None if before is None else before[1], files[diagram_of(files)]),
            forms=_form_differences(_before(records, forms, revised), revised),
            tables=_table_differences(_revised_tables(records, files)),
        )


def require_version(records: Records, key: str, version: int) -> VersionRow:
    """One version of a process by its number. Refused: Missing DEFINITION_NOT_FOUND."""
    found = next((one for one in Workbench(records).versions(key) if one.version == version), None)
    if found is None:
        raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    return found


def _compared(records: Records, old: VersionRow, new: VersionRow) -> Comparison:
    bench = Workbench(records)
    before, after = bench.bpmn(old.id), bench.bpmn(new.id)
    if before is None or after is None:
        raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    was, now = _files(bench, old), _files(bench, new)
    forms = [{key: content for key, content in side.items() if ":" not in key} for side in (was, now)]
    tables = sorted(key for key in {*was, *now} if ":" in key)
    return Comparison(
        key=new.key,
        name=new.name or new.key,
        before=old,
        after=new,
        draft=None,
        differences=compare_diagrams(before[1], after[1]),
        forms=_form_differences(*forms),
        tables=_table_differences([(key.partition(":")[2], was.get(key), now.get(key)) for key in tables]),
    )


def _files(bench: Workbench, version: VersionRow) -> dict[str, bytes]:
    """What a version was deployed with: forms by key, decision tables by `decision:key`."""
    ids = {key: UUID(str(resource)) for key, resource in version.forms.items()}
    contents = bench.contents(set(ids.values()))
    return {key: contents[id][1] for key, id in ids.items() if id in contents}


def _before(records: Records, forms: Mapping[str, bytes], revised: Mapping[str, bytes]) -> dict[str, bytes]:
    """The forms that are revised as the live version asks them, or as they are deployed where it does not."""
    live = live_files(records)
    found = {key: forms[key] for key in revised if key in forms}
    return found | {
        key: live[f"{key}.form"].read(records) for key in revised if key not in found and f"{key}.form" in live
    }


def _revised_tables(records: Records, files: Mapping[str, bytes]) -> list[Pair]:
    """The tables of a draft, each with the deployed file."""
    live = live_files(records)
    return [
        (key_of(name), live[name].read(records) if name in live else None, content)
        for name, content in files.items()
        if kind_of(name) == "table"
    ]


def _released_tables(records: Records, changes: Sequence[Mapping[str, Any]], files: Mapping[str, bytes]) -> list[Pair]:
    """The tables of a release, each with the version it was handed in for, also when it has long been deployed."""
    drawn = {
        key: content
        for name, content in files.items()
        if kind_of(name) == "table"
        for key, _ in drawn_decisions(content)
    }
    versions = {(one.key, one.version): one.resource_id for one in decision_versions(records)}
    revised = [(one["key"], versions.get((one["key"], one["current"]))) for one in changes if one.get("table")]
    contents = records.deployments.contents([id for _, id in revised if id is not None])
    return [(key, None if id is None else contents.get(id), drawn[key]) for key, id in revised if key in drawn]


def _table_differences(pairs: Sequence[Pair]) -> dict[str, tuple[TableDifference, ...]]:
    """Of every file once, however many of its decisions are used."""
    found: dict[tuple[bytes | None, bytes | None], tuple[str, tuple[TableDifference, ...]]] = {}
    for key, before, after in pairs:
        if before != after and (before, after) not in found:
            found[before, after] = (key, compare_tables(before, after))
    return {key: differences for key, differences in found.values() if differences}


def _form_differences(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> dict[str, tuple[FieldDifference, ...]]:
    found = {
        key: compare_forms(_schema(before.get(key)), _schema(after.get(key)))
        for key in [*after, *(one for one in before if one not in after)]
        if before.get(key) != after.get(key)
    }
    return {key: differences for key, differences in found.items() if differences}


def _schema(content: bytes | None) -> Any:
    try:
        schema = json.loads(content) if content else None
    except ValueError:
        return None
    return schema if isinstance(schema, dict) else None
