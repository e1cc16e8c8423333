"""Forms and decision tables that are deployed, as a draft names its files: the key, and the suffix of their kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from service.casework.decisions import decision_versions
from service.casework.examining import form_key_of
from service.engine.examine import DMN_SUFFIXES
from service.engine.studio import drawn_decisions
from service.rules.refusals import Conflict
from service.store.records import Records
from service.store.studio import ProcessDraftRow

Kind = Literal["form", "table"]


@dataclass(frozen=True, kw_only=True)
class LiveFile:
    """The newest deployed file of a form or of some decisions."""

    id: UUID
    digest: str

    def read(self, records: Records) -> bytes:
        """What it holds."""
        return records.deployments.contents([self.id])[self.id]


def kind_of(name: str) -> Kind | None:
    """Whether a file is a form or a decision table; None: neither."""
    if form_key_of(name) is not None:
        return "form"
    return "table" if name.lower().endswith(DMN_SUFFIXES) else None


def key_of(name: str) -> str:
    """What a form is chosen by; of a table the file's name without suffix."""
    base = name.rsplit("/", 1)[-1]
    form = form_key_of(base)
    if form is not None:
        return form
    return next((base[: -len(suffix)] for suffix in DMN_SUFFIXES if base.lower().endswith(suffix)), base)


def live_files(records: Records) -> dict[str, LiveFile]:
    """The newest deployed file of every form (`<key>.form`) and of every table by its name without folders."""
    found: dict[str, LiveFile] = {}
    for name, row in records.deployments.newest_files().items():
        key, base = form_key_of(name), name.rsplit("/", 1)[-1]
        if key is not None:
            found[f"{key}.form"] = LiveFile(id=row.id, digest=row.digest)
        elif kind_of(base) == "table":
            found[base] = LiveFile(id=row.id, digest=row.digest)
    return found


def taken_keys(records: Records, kind: Kind, files: Mapping[str, bytes]) -> Collection[str]:
    """Keys that forms or decisions of the library or of a draft's files have already."""
    taken = {key_of(name) for name in (*live_files(records), *files) if kind_of(name) == kind}
    if kind == "table":
        taken |= {one.key for one in decision_versions(records) if not one.deleted}
        taken |= {
            key for name, content in files.items() if kind_of(name) == kind for key, _ in drawn_decisions(content)
        }
    return taken


def require_current(records: Records, row: ProcessDraftRow) -> None:
    """Nobody has deployed another version of a file since it was taken. Refused: Conflict DRAFT_FILE_OUTDATED with its name."""
    bases, live = records.process_drafts.bases(row.id), live_files(records)
    for name, content in records.process_drafts.files(row.id).items():
        there = live.get(name)
        if there is None or there.digest == bases.get(name) or there.read(records) == content:
            continue
        raise Conflict(
            "DRAFT_FILE_OUTDATED",
            "{name} 的现行内容已不是这份草稿所依据的。请从草稿中删除后重新修订。",
            name=name,
        )
