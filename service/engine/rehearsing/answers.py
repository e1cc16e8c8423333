"""Every answer a form can be given that makes a difference: choices in all ways, everything else by way of example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from service.engine.feel import FeelError, evaluate
from service.engine.rehearsing.facts import Fill
from service.engine.rehearsing.words import Words
from service.rules.form_fields import Field, fields
from service.rules.forms import choices_of, judge

MOST = 24  # answers of one form; beyond, one field at a time
LISTED = 6  # single entries of a list that are tried
SAMPLE = object()  # the words of the sample


def answers_of(schema: Mapping[str, Any], words: Words, today: date, fill: Fill) -> tuple[dict[str, Any], ...]:
    """Answers the form accepts, all different, the usual one first. Empty when it accepts no sample."""
    every = {one.name: tuple(_options(one, words, today)) for one in fields(schema)}
    choices = {name: values for name, values in every.items() if len(values) > 1}
    found: list[dict[str, Any]] = []
    for chosen in combined(choices, MOST):
        entries = fill(schema, {name: value for name, value in chosen.items() if value is not SAMPLE})
        judged = judge(schema, entries, data={}, evaluate=feel)
        answers = {name: value for name, value in judged.answers.items() if value is not None}
        if not judged.problems and answers not in found:
            found.append(answers)
    return tuple(found)


def combined(choices: Mapping[str, tuple[Any, ...]], most: int) -> Iterator[dict[str, Any]]:
    """All combinations; where they are more than `most`, the usual one, each value once by itself, and some mixed."""
    size = 1
    for values in choices.values():
        size *= len(values)
    if size <= most:
        yield from (dict(zip(choices, values, strict=True)) for values in product(*choices.values()))
        return
    usual = {name: values[0] for name, values in choices.items()}
    yield usual
    for name, values in choices.items():
        yield from ({**usual, name: value} for value in values[1:])
    longest = max(len(values) for values in choices.values())
    yield from islice(
        ({name: values[n % len(values)] for name, values in choices.items()} for n in range(1, longest)), most
    )


def feel(text: str, context: Mapping[str, Any]) -> Any:
    """FEEL for forms: None when it cannot be evaluated, as on the page."""
    try:
        return evaluate(text, dict(context))
    except FeelError:
        return None


def _options(one: Field, words: Words, today: date) -> Iterator[Any]:
    """What may be said in one field; nothing or one thing where it makes no difference."""
    name = one.path[-1] if one.path else one.name
    if name not in words.read and one.kind != "radio":
        return
    compared = words.values.get(name, ())
    match one.kind:
        case "radio" | "select":
            yield from (choice.value for choice in choices_of(one, {}, feel))
        case "checkbox":
            yield from (False, True)
        case "checklist" | "taglist":
            values = [choice.value for choice in choices_of(one, {}, feel)]
            yield values
            yield from ([value] for value in values[:LISTED])
            if not one.required:
                yield None
        case "number":
            numbers = [value for value in compared if isinstance(value, float)]
            for value in numbers:
                yield from (value, value + 1, value - 1)
            if words.tabled and name in words.fed and not numbers:
                yield from (SAMPLE, 1)
        case "datetime":
            yield (today - timedelta(90)).isoformat()
            yield today.isoformat()
        case "textfield" | "textarea":
            yield from (value for value in compared if isinstance(value, str) and value)
            if None in compared or "" in compared:
                yield SAMPLE
                yield None
