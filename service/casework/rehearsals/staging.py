"""A program out of files that are not deployed: with its own forms and tables, and the newest versions of what it calls."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from service.casework.examining import Library, examine_against, form_key_of, read_library
from service.casework.office import Office
from service.casework.programs import sources_around
from service.casework.rehearsals.subjects import Subject
from service.engine import Draft, Finding, Program, Resource, Source, build_program, decision_cards, read_use
from service.rules.refusals import Invalid
from service.store.deployments import DefinitionRow
from service.store.records import Records

KEPT = 4


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The new version in memory, and the one that is live. `base`: its definition and program, None for a new process."""

    source: Source
    program: Program
    base: tuple[DefinitionRow, Program] | None
    findings: tuple[Finding, ...]


class Stage:
    """What was built last, for the slices of a rehearsal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._built: OrderedDict[tuple[str, str, UUID | None], Staged] = OrderedDict()

    def take(self, office: Office, records: Records, subject: Subject) -> Staged:
        """Refused: as `staged`."""
        live = records.deployments.newest([subject.process]).get(subject.process)
        place = (subject.process, subject.digest, live.id if live is not None else None)
        with self._lock:
            found = self._built.get(place)
        if found is None:
            found = staged(office, records, subject, live)
            with self._lock:
                self._built[place] = found
                while len(self._built) > KEPT:
                    self._built.popitem(last=False)
        return found


STAGE = Stage()


def staged(office: Office, records: Records, subject: Subject, live: DefinitionRow | None) -> Staged:
    """Examined like a deployment and built.

    Refused: Invalid REHEARSAL_ERRORS with the findings; Conflict CALLED_PROCESS_MISSING. Raises ModelFault.
    """
    resources = [Resource(name=name, content=content) for name, content in subject.files.items()]
    library = read_library(records, resources)
    examination = examine_against(resources, library)
    own = {draft.key: draft for draft in examination.drafts}
    if examination.errors or subject.process not in own:
        raise Invalid(
            "REHEARSAL_ERRORS",
            "文件有 {count} 处错误，改正后才能试演。",
            count=len(examination.errors),
            details=examination.findings,
        )
    every = {key: _source(records, subject, library, draft) for key, draft in own.items()}
    wanted, open_keys = {subject.process: own[subject.process]}, [subject.process]
    while open_keys:
        fresh = [key for key in own[open_keys.pop()].called if key in own and key not in wanted]
        wanted |= {key: own[key] for key in fresh}
        open_keys += fresh
    called = sorted({key for draft in wanted.values() for key in draft.called})
    sources = {**sources_around(records, called, wanted), **{key: every[key] for key in wanted}}
    base = None if live is None else (live, office.programs.bind(records, live.id)[1])
    return Staged(
        source=every[subject.process],
        program=build_program(subject.process, sources),
        base=base,
        findings=examination.findings,
    )


def _source(records: Records, subject: Subject, library: Library, draft: Draft) -> Source:
    forms = {key: content for name, content in subject.files.items() if (key := form_key_of(name)) in draft.forms}
    forms |= {
        key: one.content
        for one in library.inherited
        if (key := form_key_of(one.name)) in draft.forms and key not in forms
    }
    tables = {
        card.key: content
        for name, content in subject.files.items()
        if name.lower().endswith((".dmn", ".dmn11.xml"))
        for card in decision_cards(content)
    }
    known = {use: library.decisions[use] for use in draft.decisions if use in library.decisions}
    contents = records.deployments.contents(set(known.values()))
    decisions = {use: contents[id] for use, id in known.items()}
    decisions |= {use: tables[read_use(use)[0]] for use in draft.decisions if read_use(use)[0] in tables}
    return Source(
        key=draft.key,
        definition_id=uuid5(NAMESPACE_URL, f"{subject.digest} {draft.key}"),
        bpmn=subject.files[draft.resource],
        forms={key: content for key, content in forms.items() if key is not None},
        decisions=decisions,
    )
