"""A form as its pages will show it, while it is being designed: with what somebody fills in, or with samples. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.demo_samples import filled
from service.casework.office import Office
from service.casework.studio.rights import require_designer, wanted_draft
from service.casework.workbench import feel
from service.engine.feel import FeelError, compile_expression
from service.engine.studio import form_schema
from service.rules.form_fields import fields
from service.rules.forms import Block, hidden_fields, initial_values, judge, present, read_page, schema_problems
from service.rules.refusals import FieldProblem, Invalid

MOST_VARIABLES = 30


@dataclass(frozen=True, kw_only=True)
class FormPreview:
    """What is drawn, what is wrong with what was filled in, which fields do not apply, and what conditions ask of the case."""

    blocks: tuple[Block, ...]
    problems: tuple[FieldProblem, ...]
    hidden: frozenset[str]
    variables: tuple[str, ...]


def preview_form(
    office: Office,
    actor: Actor,
    draft_id: UUID,
    content: bytes,
    *,
    entries: Mapping[str, Sequence[str]] | None = None,
    data: Mapping[str, Any] | None = None,
    sample: bool = False,
    judged: bool = False,
) -> FormPreview:
    """`entries`: what the page sent, by field; None: nobody has filled anything in. `data`: variables of a case. `judged`: as if submitted.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND; Invalid FORM_NOT_SHOWN with the first thing that is wrong.
    """
    require_designer(actor)
    with office.reading() as records:
        wanted_draft(records, draft_id)
        today = records.now.astimezone(office.settings.time_zone).date()
    schema = form_schema(content)
    wrong = schema_problems(schema)
    if schema is None or wrong:
        raise Invalid("FORM_NOT_SHOWN", "表单不能预览：{problem}。", problem=wrong[0])
    known = {name: value for name, value in (data or {}).items() if value != ""}
    if sample:
        values: Mapping[str, Any] = {**initial_values(schema, known), **filled(schema, today, chosen=known)}
    elif entries is None:
        values = initial_values(schema, known)
    else:
        values = read_page(schema, lambda name: entries.get(name, ()))
    problems = judge(schema, values, data=known, evaluate=feel).problems if judged else ()
    return FormPreview(
        blocks=present(schema, values, data=known, evaluate=feel, wrong=problems),
        problems=problems,
        hidden=hidden_fields(schema, values, data=known, evaluate=feel),
        variables=_variables(schema),
    )


def _variables(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Names that conditions use and no field of the form answers."""
    every = fields(schema)
    own, named = {one.path[0] for one in every}, dict[str, None]()
    for text in dict.fromkeys(text for one in every for text in one.conditions):
        try:
            named |= dict.fromkeys(sorted(compile_expression(text).names))
        except FeelError:
            continue  # the checks say so
    return tuple(name for name in named if name not in own)[:MOST_VARIABLES]
