"""Papers: a template of ours, filled in a sandbox with plain data, printed. What people wrote is never a template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.documents.press import press
from service.rules.sentences import WEEKDAYS, Sentence
from service.rules.worktime import SHANGHAI

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is printed: one template with its facts. `issuer`: the centre; `number`: what the paper is about."""

    template: str
    title: str
    issuer: str
    number: str
    made_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


def print_paper(paper: Paper, translate: Callable[[str], str] = str) -> bytes:
    """The PDF. `translate` turns our sentences into the reader's language; what people wrote stays as it is."""
    return press(written(paper, translate), paper.made_at)


def written(paper: Paper, translate: Callable[[str], str] = str) -> str:
    """The HTML the press gets."""

    def say(text: str, **params: Any) -> str:
        said = translate(text)
        return said % params if params else said

    def told(sentence: Sentence) -> str:
        return sentence.words(translate)

    def day(moment: datetime | date | None) -> str:
        if moment is None:
            return "—"
        local = moment.astimezone(SHANGHAI).date() if isinstance(moment, datetime) else moment
        return f"{local.isoformat()} {told(WEEKDAYS[local.weekday()])}"

    template = environment().get_template(f"{paper.template}.html")
    return template.render(_=say, paper=paper, told=told, day=day, instant=_instant, **paper.facts)


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Where our templates are read and filled."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["quoted"] = _quoted
    return made


def _instant(moment: datetime | None) -> str:
    return "—" if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _quoted(text: str) -> str:
    """A text inside quotes of a style sheet: everything but plain letters by its number."""
    return "".join(one if one.isalnum() else f"\\{ord(one):06x}" for one in text)
