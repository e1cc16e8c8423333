"""DMN files as the rest of the service sees them: which decisions they hold, and deciding without a process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.engine.decisions import words
from service.engine.decisions.evaluating import Verdict, decide, decisions_needed
from service.engine.decisions.model import (
    Decision,
    DecisionFailure,
    DecisionFile,
    DecisionUnreadable,
    Expression,
    Table,
)
from service.engine.decisions.reading import read_decision_bytes
from service.engine.decisions.regions import region
from service.engine.facts import DecisionCard
from service.rules.sentences import filled


@dataclass(frozen=True, kw_only=True)
class Question:
    """A variable a decision reads. `kind`: its FEEL type, or Any; `values`: the only texts it may be, if they are listed."""

    name: str
    label: str
    kind: str = "Any"
    values: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def read_once(content: bytes) -> DecisionFile:
    """The decisions of a file, read once per process. Raises DecisionUnreadable."""
    return read_decision_bytes(content)


@lru_cache(maxsize=1024)
def decision_cards(content: bytes) -> tuple[DecisionCard, ...]:
    """The decisions of a deployed file; none when it was deployed before decisions were read."""
    try:
        file = read_once(content)
    except DecisionUnreadable:
        return ()
    return tuple(
        DecisionCard(key=one.id, name=one.name, version_tag=one.version_tag) for one in file.decisions.values()
    )


def evaluate_decision(content: bytes, key: str, variables: Mapping[str, Any], *, now: datetime) -> Verdict:
    """Decide. Raises DecisionFailure."""
    return decide(read_once(content), key, variables, now=now)


def decision_questions(content: bytes, key: str) -> tuple[Question, ...]:
    """What has to be known to decide, as far as no other decision of the file gives it. Raises DecisionFailure."""
    file = read_once(content)
    wanted = file.decisions.get(key)
    if wanted is None:
        raise DecisionFailure(filled(words.MISSING, name=key))
    order = decisions_needed(file, wanted)
    given = {name for one in order for name in (one.variable, *_names_given(one))} - {
        name for name in (wanted.variable, *_names_given(wanted))
    }
    found: dict[str, Question] = {}
    for decision in order:
        for question in _asked(decision):
            known = found.get(question.name)
            if question.name not in given and (known is None or known.kind == "Any"):
                found[question.name] = question
    return tuple(found.values())


def _names_given(decision: Decision) -> tuple[str, ...]:
    return tuple(one.name for one in decision.logic.outputs) if isinstance(decision.logic, Table) else ()


def _asked(decision: Decision) -> Iterator[Question]:
    """Inputs that are a name alone are asked with their type; whatever else is read is asked as it is."""
    if isinstance(decision.logic, Expression):
        yield from (Question(name=name, label=name) for name in decision.logic.names)
        return
    table = decision.logic
    for clause in table.inputs:
        if clause.expression.names == (clause.expression.text,):
            yield Question(
                name=clause.expression.text, label=clause.label, kind=clause.kind.base, values=_values(clause.allowed)
            )
        yield from (Question(name=name, label=name) for name in clause.expression.names)
    read = [cell for row in table.rows for cell in (*row.cells, *row.results) if cell is not None]
    yield from (Question(name=name, label=name) for cell in read for name in cell.names)


def _values(allowed: Expression | None) -> tuple[str, ...]:
    found = region(allowed) if allowed is not None else None
    return () if found is None or found.words is None or found.excluded else tuple(sorted(found.words))
