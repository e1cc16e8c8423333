"""A form filled in by way of example: values that read like an officer's, valid by the form's own rules, always the same.

What words stand for which label is data (`Words`); what no word fits is made from the type, the limits and the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from service.rules.form_fields import Field, fields
from service.rules.form_values import Refused, coerce, problems
from service.rules.forms import Evaluate, choices_of, judge, no_feel
from service.rules.pattern_samples import sample_of

_DAYS = re.compile(r"[+-]\d+|0")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is written where. `labels`: by the whole label; `parts`, `days`: by a part of it, the first that fits; `units`: numbers by their unit.

    A text may hold `{name}` of `person`; a text of `days` is a number of days from today.
    """

    labels: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[tuple[str, str]] = ()
    days: Sequence[tuple[str, str]] = ()
    units: Mapping[str, float] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)


def sample_answers(
    schema: Mapping[str, Any],
    words: Words,
    today: date,
    *,
    chosen: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    evaluate: Evaluate = no_feel,
) -> dict[str, Any]:
    """Entries for every field of a form, by name. `chosen`: what is wanted, where the field allows it. `data`: the case's variables.

    What is hidden by what was filled in is left out; what the form says of the result, `judge` says.
    """
    known, wanted = data or {}, chosen or {}
    entries = {one.name: _entry(one, words, today, wanted, known, evaluate) for one in fields(schema) if not one.locked}
    hidden = judge(schema, entries, data=known, evaluate=evaluate).hidden
    return {name: value for name, value in entries.items() if name not in hidden and value is not None}


def _entry(
    one: Field, words: Words, today: date, wanted: Mapping[str, Any], data: Mapping[str, Any], evaluate: Evaluate
) -> Any:
    if one.kind == "expression":
        return None
    choices = choices_of(one, data, evaluate)
    offers = [wanted[one.name]] if one.name in wanted else []
    for offer in (*offers, *_offers(one, words, today, [choice.value for choice in choices])):
        try:
            value = coerce(one, offer, choices)
        except Refused:
            continue
        if not any(problems(one, value)):
            return value
    return None


def _offers(one: Field, words: Words, today: date, choices: list[Any]) -> Iterator[Any]:
    """What might do, the best first."""
    match one.kind:
        case "radio" | "select":
            yield from choices
        case "checklist" | "taglist":
            yield choices
        case "checkbox":
            yield one.required
        case "datetime":
            yield _moment(one, words, today)
        case "number":
            yield from _numbers(one, words)
        case _:
            yield from _texts(one, words)


def _moment(one: Field, words: Words, today: date) -> str:
    label = one.label
    offset = words.labels.get(label)
    if not (isinstance(offset, str) and _DAYS.fullmatch(offset)):
        offset = next((days for part, days in words.days if part in label), "+15")
    day = today + timedelta(int(offset))
    match one.component.get("subtype"):
        case "time":
            return "09:00"
        case "datetime":
            return datetime.combine(day, time(9)).isoformat(timespec="minutes")
    return day.isoformat()


def _numbers(one: Field, words: Words) -> Iterator[Any]:
    yield words.labels.get(one.label)
    look = one.component.get("appearance")
    unit = str(look.get("suffixAdorner", "")) if isinstance(look, Mapping) else ""
    yield words.units.get(unit)
    least, most = one.rules.get("min"), one.rules.get("max")
    yield 1
    yield least
    yield most


def _texts(one: Field, words: Words) -> Iterator[str]:
    person = words.person
    found = words.labels.get(one.label)
    if found is not None:
        yield str(found).format(**person)
    pattern = str(one.rules.get("pattern") or "")
    for part, text in words.parts:
        if part in one.label:
            yield text.format(**person)
    if pattern:
        yield sample_of(pattern)
    if one.rules.get("validationType") == "email":
        yield "office@example.org"
    if one.rules.get("validationType") == "phone":
        yield "13900000001"
    yield f"{one.label}（示例）"
    least = int(one.rules.get("minLength") or 1)
    yield "示例" * least
    yield "例"
