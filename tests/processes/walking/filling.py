"""Every answer a form can be given that makes a difference: choices in all ways, everything else by way of example."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice, product
from typing import Any

from service.casework.demo_samples import filled
from service.casework.workbench import feel
from service.rules.form_fields import Field, fields
from service.rules.forms import choices_of, judge
from tests.processes.library import FORMS, schema
from tests.processes.walking.words import Words

MOST = 40  # answers of one form; beyond, one field at a time
SAMPLE = object()  # the words of the sample
TODAY = date(2026, 3, 16)


@cache
def answers_of(form: str | None, words: Words, key: str = "") -> tuple[dict[str, Any], ...]:
    """Answers the form accepts, all different. Without a form there is one answer that says nothing."""
    if form is None or form not in FORMS:
        return ({},)
    asked = schema(form)
    options = {one.name: found for one in fields(asked) if len(found := tuple(_options(one, words))) > 1}
    found: list[dict[str, Any]] = []
    for chosen in _combined(options):
        entries = filled(asked, TODAY, key=key, chosen={k: v for k, v in chosen.items() if v is not SAMPLE})
        judged = judge(asked, entries, data={}, evaluate=feel)
        answers = {name: value for name, value in judged.answers.items() if value is not None}
        if not judged.problems and answers not in found:
            found.append(answers)
    return tuple(found)


def _combined(options: dict[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    size = 1
    for values in options.values():
        size *= len(values)
    if size <= MOST:
        yield from (dict(zip(options, values, strict=True)) for values in product(*options.values()))
        return
    usual = {name: values[0] for name, values in options.items()}
    yield usual
    for name, values in options.items():
        yield from ({**usual, name: value} for value in values[1:])
    yield from islice((dict(zip(options, values, strict=True)) for values in zip(*_padded(options), strict=True)), MOST)


def _padded(options: dict[str, tuple[Any, ...]]) -> list[list[Any]]:
    longest = max(len(values) for values in options.values())
    return [[values[n % len(values)] for n in range(longest)] for values in options.values()]


def _options(one: Field, words: Words) -> Iterator[Any]:
    """What may be said in one field; nothing or one thing where it makes no difference."""
    name = one.path[-1]
    if name not in words.read and one.kind != "radio":
        return
    match one.kind:
        case "radio" | "select":
            yield from (choice.value for choice in choices_of(one, {}, feel))
        case "checkbox":
            yield from (False, True)
        case "checklist" | "taglist":
            values = [choice.value for choice in choices_of(one, {}, feel)]
            yield values
            yield from ([value] for value in values[:6])
            if not one.required:
                yield None
        case "number":
            for value in words.values.get(name, ()):
                if isinstance(value, float):
                    yield from (value, value + 1, value - 1)
            if words.tabled and name in words.fed and not any(isinstance(v, float) for v in words.values.get(name, ())):
                yield from (SAMPLE, 1)
        case "datetime":
            yield (TODAY - timedelta(90)).isoformat()
            yield TODAY.isoformat()
        case "textfield" | "textarea":
            compared = words.values.get(name, ())
            yield from (value for value in compared if isinstance(value, str) and value)
            if None in compared or "" in compared:
                yield SAMPLE
                yield None
