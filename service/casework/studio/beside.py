"""The forms and decision tables beside a diagram: those it names and those of the draft, each with what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from service.casework.decisions import PREFIX, DecisionVersion, decision_versions
from service.casework.studio.library import Kind, LiveFile, key_of, kind_of, live_files
from service.engine.studio import drawn_decisions, named_by
from service.store.records import Records

State = Literal["NEW", "REVISED", "UNCHANGED", "MISSING"]


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One form or table. `own`: a file of the draft; `named`: the diagram uses it; `others`: how many other processes do."""

    name: str
    key: str
    kind: Kind
    title: str
    state: State
    own: bool
    named: bool
    others: int


def files_beside(records: Records, process: str, diagram: bytes, files: Mapping[str, bytes]) -> tuple[FileLine, ...]:
    """Forms first, each kind by what the diagram names, then what it does not."""
    forms, decisions = named_by(diagram)
    live, versions = live_files(records), {one.key: one for one in decision_versions(records) if not one.deleted}
    titles = {
        key: (name, title)
        for name, content in files.items()
        if kind_of(name) == "table"
        for key, title in drawn_decisions(content)
    }
    wanted = {f"{key}.form": "" for key in forms}
    wanted |= {_file_of(key, titles, versions): _title_of(key, titles, versions) for key in decisions}
    own = {name: "" for name in files if kind_of(name) is not None and name not in wanted}
    own |= {name: title for name, title in titles.values() if name in own}
    users = _users(records, process)
    lines = [
        _line(records, name, title, files, live, users, named=name in wanted)
        for name, title in (*wanted.items(), *own.items())
    ]
    return tuple(sorted(lines, key=lambda one: one.kind != "form"))


def _line(
    records: Records,
    name: str,
    title: str,
    files: Mapping[str, bytes],
    live: Mapping[str, LiveFile],
    users: Counter[str],
    *,
    named: bool,
) -> FileLine:
    content, there = files.get(name), live.get(name)
    state: State = "UNCHANGED"
    if content is None and there is None:
        state = "MISSING"
    elif content is not None:
        state = "NEW" if there is None else "UNCHANGED" if there.read(records) == content else "REVISED"
    return FileLine(
        name=name,
        key=key_of(name),
        kind=kind_of(name) or "form",
        title=title,
        state=state,
        own=content is not None,
        named=named,
        others=users[name],
    )


def _file_of(key: str, titles: Mapping[str, tuple[str, str]], versions: Mapping[str, DecisionVersion]) -> str:
    if key in titles:
        return titles[key][0]
    return versions[key].resource.rsplit("/", 1)[-1] if key in versions else f"{key}.dmn"


def _title_of(key: str, titles: Mapping[str, tuple[str, str]], versions: Mapping[str, DecisionVersion]) -> str:
    if key in titles:
        return titles[key][1]
    return versions[key].name if key in versions else ""


def _users(records: Records, process: str) -> Counter[str]:
    """How many of the newest versions of other processes use a file."""
    files = {str(row.id): row.name.rsplit("/", 1)[-1] for row in records.deployments.newest_files().values()}
    return Counter(
        name for key, row in records.deployments.newest().items() if key != process for name in _used(row.forms, files)
    )


def _used(forms: Mapping[str, str], files: Mapping[str, str]) -> Iterator[str]:
    for key, resource in forms.items():
        if not key.startswith(PREFIX):
            yield f"{key}.form"
        elif resource in files:
            yield files[resource]
