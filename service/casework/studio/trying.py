"""A decision tried with values before anybody depends on it: the service's own evaluation, nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.studio.files import draft_file
from service.engine import DecisionFailure, Question, decision_questions, evaluate_decision
from service.engine.decisions import words
from service.engine.feel import FeelError, evaluate
from service.rules.refusals import TooLarge
from service.rules.sentences import Sentence, filled

LARGEST = 2_000_000  # bytes
LONGEST = 2_000  # characters of one value
PLAIN = frozenset({"string", "boolean", "number", "integer", "date", "time", "date and time"})  # written as they are


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a decision asks; and, when it was made, the numbers of the rules that hold and what it gives, or why it gives nothing."""

    asks: tuple[Question, ...] = ()
    rows: tuple[int, ...] = ()
    value: str | None = None
    problem: Sentence | None = None


def try_table(
    office: Office,
    actor: Actor,
    draft_id: UUID,
    name: str,
    content: bytes,
    decision: str,
    given: Mapping[str, str] | None,
) -> Trial:
    """Decide with a table as it is being written. `given`: values as they are typed, None to learn what it asks.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND, DRAFT_FILE_NOT_FOUND; TooLarge DRAFT_FILE_TOO_LARGE.
    """
    draft_file(office, actor, draft_id, name)
    if len(content) > LARGEST:
        raise TooLarge("DRAFT_FILE_TOO_LARGE", "决策文件不能超过 {most} 字节。", most=LARGEST)
    with office.reading() as records:
        now = records.now
    asks: tuple[Question, ...] = ()
    try:
        asks = decision_questions(content, decision)
        if given is None:
            return Trial(asks=asks)
        values = {one.name: _read(one, given.get(one.name, "")) for one in asks}
        verdict = evaluate_decision(content, decision, values, now=now)
    except DecisionFailure as failure:
        return Trial(asks=asks, problem=failure.told)
    said = json.dumps(verdict.value, ensure_ascii=False, indent=2, default=str)
    return Trial(asks=asks, rows=verdict.matched, value=said)


def _read(question: Question, text: str) -> Any:
    """A value as it was typed: of a known type as it is, otherwise a FEEL literal. Raises DecisionFailure."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise DecisionFailure(filled(words.TOO_LONG, label=question.label, most=LONGEST))
    if question.kind in PLAIN:
        return text
    try:
        return evaluate(f"={text}", {})
    except FeelError as error:
        raise DecisionFailure(filled(words.NO_FEEL, label=question.label, reason=words.said(error))) from error
