"""A case or an item of a chain has begun: its checklist is laid out, and what is known already is attached.

The lines are those of the form the case is bound to, for life (XN-04). Nobody is asked twice for what the shared base or
another item of the same case has (免二次录入, XN-23).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.acts.asking import asking
from service.casework.acts.request import Request
from service.casework.clockwork.drawn import drawn
from service.casework.journalling import CaseFile, put_back
from service.casework.materials.reusing import attach_known
from service.casework.materials.sharing import subject_key
from service.engine.facts import Passage
from service.rules.materials import Listed, checklist_of, subject_of
from service.store.agenda import AgendaRow
from service.store.materials import MaterialRow

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.engine import Program
    from service.store.records import Records

ACT = "materials"


@lru_cache(maxsize=1024)
def checklist(program: Program, process: str) -> tuple[Listed, ...]:
    """The lines the forms of a process list; empty for a process without any."""
    return checklist_of(program.forms(process).values())


def asked_at_opening(case: CaseFile, program: Program, passages: Iterable[Passage], now: datetime) -> list[AgendaRow]:
    """Rows for the agenda: one for every process that has begun and has a checklist."""
    begun: list[tuple[UUID | None, str]] = [(None, case.row.key)] if case.new else []
    calls = drawn(program).calls
    for passage in passages:
        call = calls.get((passage.process, passage.element)) if passage.what == "entered" else None
        if call is not None and call.called is not None:
            begun.append((passage.id, call.called))
    return [
        asking(case.id, ACT, element=None, process=process, scope=scope, inputs={}, values={}, now=now)
        for scope, process in begun
        if checklist(program, process)
    ]


def list_materials(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """The act: lay out one checklist. What was attached stands in the journal; the lines alone change nothing."""
    open_materials(office, records, file, request.scope, request.process)
    put_back(records, file)


def open_materials(
    office: Office, records: Records, file: CaseFile, scope: UUID | None, process: str
) -> tuple[MaterialRow, ...]:
    """The lines of an item, laid out unless they are there, with what is known attached; under the case's lock."""
    here = scope or file.id
    known = records.materials.lines(file.id)
    if any(row.scope_id == here for row in known):
        return known
    program = office.programs.for_binding(records, file.row.binding_id, file.row.key)
    subject = _subject(records, file, here)
    rows = [
        MaterialRow(
            id=uuid4(),
            case_id=file.id,
            scope_id=here,
            process=process,
            position=position,
            name=line.name[:200],
            kind=line.kind[:200],
            source=line.source.value,
            subject=subject,
        )
        for position, line in enumerate(checklist(program, process), start=1)
    ]
    records.materials.add_lines(rows)
    attach_known(records, file, rows, known)
    return (*known, *rows)


def _subject(records: Records, file: CaseFile, scope: UUID) -> str | None:
    """Of the item's own variables, else of the case's."""
    own: dict[str, Any] = {}
    general: dict[str, Any] = {}
    for one in records.variables.of_case(file.id):
        if one.scope_id == scope:
            own[one.name] = one.value
        elif one.scope_id == file.id:
            general[one.name] = one.value
    code = subject_of(own) or subject_of(general)
    return None if code is None else subject_key(code)
