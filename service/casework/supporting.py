"""Supporting processes: started by a diagram as cases of their own, linked to the one that started them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.rights import require_reader
from service.casework.starting import begin, title_of
from service.rules.acts import words_of
from service.rules.refusals import Missing
from service.rules.vocabulary import JournalAction
from service.store.exchange import LinkedCase, LinkRow
from service.store.records import Records


def start_supporting(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """启动支持流程: a case of `zw:process`, given the variables `zw:fields` names; asked again it is the same case.

    In the version that was in force when this case began, as a called process would be; one that came later, in its newest.
    Refused: Missing DEFINITION_NOT_FOUND, Conflict DEFINITION_SUSPENDED, CALLED_PROCESS_MISSING.
    """
    known = records.exchange.started_by(request.id)
    if known is not None:
        return {"started_case": str(known.id)}
    key = request.inputs.get("process", "").strip()
    definition = records.deployments.in_force(key, file.row.started_at) or records.deployments.newest([key]).get(key)
    if definition is None:
        raise Missing("DEFINITION_NOT_FOUND", "没有流程“{key}”", key=key)
    names = words_of(request.inputs.get("fields", ""))
    variables = {name: request.values[name] for name in names if name in request.values}
    origin = {"origin_case": str(file.id), "origin_number": file.row.business_key}
    title = request.inputs.get("title", "").strip() or f"{file.row.title or ''}-{title_of(definition, {})}".strip("-")
    started = begin(office, records, None, definition, variables={**variables, **origin}, title=title)
    records.exchange.link(
        LinkRow(
            id=started.id,
            parent_id=file.id,
            scope_id=request.scope,
            element=request.element,
            request_id=request.id,
            started_at=records.now,
        )
    )
    detail = {"case": str(started.id), "process": key, "title": started.title}
    write(records, file, JournalAction.CASE_LINKED, None, element=request.element, detail=detail)
    return {"started_case": str(started.id)}


def linked_cases(office: Office, actor: Actor, case_id: UUID) -> tuple[tuple[LinkedCase, ...], tuple[LinkedCase, ...]]:
    """The case this one was started by, and those it has started. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_reader(records, actor, records.cases.find(case_id))
        return records.exchange.linked(case_id)
