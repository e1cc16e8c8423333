"""Engine programs, one per binding: which version of every called process a case runs with."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.decisions import PREFIX, newest_decisions
from service.casework.field_labels import remember
from service.engine import Program, Source, build_program
from service.rules.refusals import Conflict, Missing

if TYPE_CHECKING:
    from service.store.deployments import DefinitionRow
    from service.store.records import Records


class Programs:
    """Immutable programs shared by all threads; the least recently used is dropped first."""

    def __init__(self, capacity: int = 256) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._building = threading.Lock()  # one at a time: many threads that miss the same program wait for one build
        self._programs: OrderedDict[UUID, Program] = OrderedDict()
        self._closures: dict[UUID, frozenset[str]] = {}  # keys a definition called, transitively, when last bound

    def for_binding(self, records: Records, binding_id: UUID, key: str | None = None) -> Program:
        """The program of the cases (of process `key`) that run with this binding. No statement when it is cached."""
        program = self._cached(binding_id)
        if program is not None:
            return program
        members = records.deployments.members(binding_id)
        if members is None:
            raise Missing("BINDING_NOT_FOUND", "办件所用的流程版本已不存在。")
        return self._built(records, binding_id, key, members)

    def bind(self, records: Records, definition_id: UUID) -> tuple[UUID, Program]:
        """The binding a case started now from this definition runs with, and its program.

        Called processes are bound to their newest versions of this moment, transitively. Conflict
        CALLED_PROCESS_MISSING when one of them is not deployed.
        """
        definition = records.deployments.definition(definition_id)
        if definition is None or definition.deleted_at is not None:
            raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
        rows = self._called(records, definition)
        members = {key: row.id for key, row in rows.items()}
        members |= newest_decisions(records, {use: one for row in rows.values() for use, one in row.forms.items()})
        named = "\n".join([definition.key, *(f"{key} {one}" for key, one in sorted(members.items()))])
        digest = hashlib.sha256(named.encode()).hexdigest()
        binding_id = UUID(digest[:32])  # the same versions have the same binding, whoever stores it first
        records.deployments.keep_binding(binding_id, digest, members)
        program = self._cached(binding_id) or self._built(records, binding_id, definition.key, members)
        return binding_id, program

    def _called(self, records: Records, definition: DefinitionRow) -> dict[str, DefinitionRow]:
        """The definition and everything it calls, by key; one statement when it calls what it called last time."""
        bound = {definition.key: definition}
        missing = set(self._closures.get(definition.id, definition.called)) - set(bound)
        found: dict[str, DefinitionRow] = {}
        open_keys = [key for key in definition.called if key not in bound]
        while open_keys:
            missing.update(key for key in open_keys if key not in found)
            if missing:
                found.update(records.deployments.newest(sorted(missing)))
                missing = set()
            for key in open_keys:
                if key not in found:
                    raise Conflict("CALLED_PROCESS_MISSING", "流程“{key}”被调用但没有部署。", key=key)
                bound[key] = found[key]
            open_keys = list(dict.fromkeys(key for one in open_keys for key in bound[one].called if key not in bound))
        self._closures[definition.id] = frozenset(bound)
        return bound

    def _built(self, records: Records, binding_id: UUID, key: str | None, members: Mapping[str, UUID]) -> Program:
        with self._building:
            program = self._cached(binding_id)
            if program is not None:
                return program
            sources, rows = _sources(records, members)
            program = build_program(key or _top(rows.values()), sources)
            self._keep(binding_id, program)
            remember(binding_id, (form for one in sources.values() for form in one.forms.values()))
            return program

    def _cached(self, binding_id: UUID) -> Program | None:
        with self._lock:
            program = self._programs.get(binding_id)
            if program is not None:
                self._programs.move_to_end(binding_id)
            return program

    def _keep(self, binding_id: UUID, program: Program) -> None:
        with self._lock:
            self._programs[binding_id] = program
            while len(self._programs) > self._capacity:
                self._programs.popitem(last=False)


def sources_around(records: Records, called: Collection[str], own: Collection[str]) -> dict[str, Source]:
    """The newest versions of what is called, transitively, but for `own`: processes that are not deployed yet.

    Refused: Conflict CALLED_PROCESS_MISSING.
    """
    rows: dict[str, DefinitionRow] = {}
    open_keys = [key for key in called if key not in own]
    while open_keys:
        found = records.deployments.newest(open_keys)
        for key in open_keys:
            if key not in found:
                raise Conflict("CALLED_PROCESS_MISSING", "流程“{key}”被调用但没有部署。", key=key)
        rows |= found
        every = {key for row in found.values() for key in row.called}
        open_keys = sorted(key for key in every if key not in rows and key not in own)
    members = {key: row.id for key, row in rows.items()}
    members |= newest_decisions(records, {use: one for row in rows.values() for use, one in row.forms.items()})
    return _sources(records, members)[0]


def _sources(records: Records, members: Mapping[str, UUID]) -> tuple[dict[str, Source], dict[UUID, DefinitionRow]]:
    """Files of the members of a binding, and their rows."""
    rows = {row.id: row for row in records.deployments.definitions(set(members.values()))}
    forms = {
        one: {name: members.get(name, UUID(text)) for name, text in row.forms.items()} for one, row in rows.items()
    }
    wanted = {row.resource_id for row in rows.values()} | {f for named in forms.values() for f in named.values()}
    contents = records.deployments.contents(wanted)
    sources = {
        name: Source(
            key=name,
            definition_id=one,
            bpmn=contents[rows[one].resource_id],
            forms={key: contents[form] for key, form in forms[one].items() if not key.startswith(PREFIX)},
            decisions={
                key.removeprefix(PREFIX): contents[file] for key, file in forms[one].items() if key.startswith(PREFIX)
            },
        )
        for name, one in members.items()
        if not name.startswith(PREFIX)
    }
    return sources, rows


def _top(rows: Collection[DefinitionRow]) -> str:
    """The process a binding was made for: the one that no other calls (circles of calls are not deployed)."""
    called = {key for row in rows for key in row.called}
    return next(row.key for row in rows if row.key not in called)
