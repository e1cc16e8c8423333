"""The form of a draft: one field per fact of its kind, drawn from the kind and read back as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.rules.document_kinds import DocumentKind, Fact, FactKind
from service.rules.worktime import SHANGHAI
from service.web.instants import read_instant

EMPTY_ROWS, MOST_ROWS = 2, 60


@dataclass(frozen=True, kw_only=True)
class DraftField:
    """One fact to fill in. `value`: as an input shows it; `rows`: of a list of rows, with empty ones to add to."""

    fact: Fact
    value: str
    rows: tuple[Mapping[str, str], ...] = ()


def draft_fields(kind: DocumentKind, facts: Mapping[str, Any], given: Any) -> tuple[DraftField, ...]:
    """The fields with what is known, or with what was just typed (`given`)."""
    return tuple(
        DraftField(
            fact=fact,
            value=_typed(fact, given, fact.name) if given is not None else _input(fact, facts.get(fact.name)),
            rows=_rows(fact, facts, given) if fact.kind is FactKind.ROWS else (),
        )
        for fact in kind.facts
    )


def read_draft(kind: DocumentKind, form: Any) -> dict[str, Any]:
    """What was typed, as facts; what is empty is left out. Whether it fits is casework's to say."""
    found: dict[str, Any] = {}
    for fact in kind.facts:
        if fact.kind is FactKind.ROWS:
            rows = [
                {
                    column.name: value
                    for column in fact.columns
                    if (value := _plain(column, row[column.name])) is not None
                }
                for row in _sent(fact, form)
            ]
            rows = [row for row in rows if row]
            if rows:
                found[fact.name] = rows
        elif (value := _plain(fact, form.get(fact.name, ""))) is not None:
            found[fact.name] = value
    return found


def _rows(fact: Fact, facts: Mapping[str, Any], given: Any) -> tuple[Mapping[str, str], ...]:
    known = facts.get(fact.name) or ()
    rows = (
        _sent(fact, given)
        if given is not None
        else [{column.name: _input(column, row.get(column.name)) for column in fact.columns} for row in known]
    )
    blank = {column.name: "" for column in fact.columns}
    return (*[row for row in rows if any(row.values())], *(blank for _ in range(EMPTY_ROWS)))


def _sent(fact: Fact, form: Any) -> list[dict[str, str]]:
    columns = {column.name: form.getlist(f"{fact.name}.{column.name}") for column in fact.columns}
    length = min(MOST_ROWS, max((len(texts) for texts in columns.values()), default=0))
    return [
        {name: texts[n].strip() if n < len(texts) else "" for name, texts in columns.items()} for n in range(length)
    ]


def _typed(fact: Fact, given: Any, name: str) -> str:
    return str(given.get(name, ""))


def _input(fact: Fact, value: Any) -> str:
    """A stored fact as its input shows it."""
    if value is None:
        return ""
    if fact.kind is FactKind.INSTANT:
        moment = read_instant(str(value))
        return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if moment is not None else ""
    if fact.kind is FactKind.YES_NO:
        return "yes" if value is True else "no"
    if fact.kind is FactKind.LIST:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return str(value)


def _plain(fact: Fact, text: str) -> Any:
    """What was typed as the plain data facts are kept as; None when nothing was."""
    said = text.replace("\r\n", "\n").strip()
    if not said:
        return None
    match fact.kind:
        case FactKind.INSTANT:
            moment = read_instant(said)
            return moment.isoformat() if moment is not None else said
        case FactKind.COUNT:
            return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else said
        case FactKind.YES_NO:
            return said == "yes"
        case FactKind.LIST:
            return [line.strip() for line in said.split("\n") if line.strip()]
    return said
