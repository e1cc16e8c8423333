"""Acts asked for by elements that were completed: agenda rows, written together with everything else of the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.acts.request import Request
from service.casework.typed_values import plain
from service.engine.facts import Passage
from service.rules.acts import ONCE_PER_CASE, PASSING, asked_for
from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow


def asked_by(case_id: UUID, passages: Iterable[Passage], now: datetime) -> list[AgendaRow]:
    """One row for every document kind and message code that completed elements name, in that order.

    What is given once for the whole case is not asked for by an item a chain has called.
    """
    wanted = (
        (passage, attribute, code)
        for passage in passages
        if passage.zw
        for attribute, code in asked_for(passage.zw)
        if passage.variable_scope is None or code not in ONCE_PER_CASE
    )
    return [
        asking(
            case_id,
            PASSING[attribute],
            element=passage.element,
            process=passage.process,
            scope=passage.variable_scope,
            name=passage.name,
            inputs={**passage.zw, attribute: code},
            values=passage.values,
            now=now,
            place=place,
        )
        for place, (passage, attribute, code) in enumerate(wanted)
    ]


def asking(
    case_id: UUID,
    act: str,
    *,
    element: str | None,
    process: str = "",
    scope: UUID | None = None,
    name: str = "",
    inputs: Mapping[str, str],
    values: Mapping[str, Any],
    now: datetime,
    due: datetime | None = None,
    place: int = 0,
) -> AgendaRow:
    """The row of one asking; `due`: not before then, `place`: after what was asked for before it at the same instant.

    Whoever adds a row that is due sets `records.prompt`.
    """
    when = due or now
    return AgendaRow(
        id=uuid4(),
        kind=AgendaKind.ACT.value,
        case_id=case_id,
        element=element,
        due_at=when + timedelta(microseconds=place),
        ready_at=when,
        detail={
            "act": act,
            "process": process,
            "title": name,
            "scope": None if scope is None else str(scope),
            "inputs": dict(inputs),
            "values": plain(dict(values)),
            "asked_at": now.isoformat(),
        },
    )


def request_of(row: AgendaRow) -> Request:
    """What a row of kind `act` asks for."""
    detail = row.detail or {}
    scope = detail.get("scope")
    return Request(
        id=row.id,
        act=str(detail.get("act", "")),
        element=row.element or "",
        process=str(detail.get("process", "")),
        scope=None if scope is None else UUID(scope),
        asked_at=datetime.fromisoformat(detail["asked_at"]) if "asked_at" in detail else row.due_at,
        name=str(detail.get("title", "")),
        inputs=detail.get("inputs") or {},
        values=detail.get("values") or {},
    )
