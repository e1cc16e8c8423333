"""Migration of instances: plans are generated and validated, carried out at once or as a batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response

from service.casework.listing import CASES, Inquiry, list_rows
from service.casework.migration import Instructions, batch_view, begin_later, generate, migrate_now, validate
from service.rules.refusals import Invalid
from service.web.bodies import Body, as_identity, field_refused, read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.batches import batch
from service.web.engine_rest.door import door, this_office, who
from service.web.engine_rest.inquiries import filters_in


@door.post("/migration/generate")
def generate_plan() -> Response:
    """A plan for whatever has a likeness in the target version."""
    body = read_body()
    source, target = _definitions(body)
    made = generate(this_office(), who(), source, target)
    wished = body.flag("updateEventTriggers") if "updateEventTriggers" in body else False
    steps = [_instruction(step, wished) for step in made.steps]
    return answer({**_ends(made), "instructions": steps, "variables": None})


@door.post("/migration/validate")
def validate_plan() -> Response:
    """What is wrong with each instruction; an empty list says: nothing."""
    asked = _plan(read_body())
    told = validate(this_office(), who(), asked)
    reports = [{"instruction": _instruction(step, False), "failures": failures} for step, failures in told.items()]
    return answer({"instructionReports": reports, "variableReports": {}})


@door.post("/migration/execute")
def migrate() -> Response:
    """All of them, or, when one cannot, none."""
    asked, instances = _execution(read_body())
    migrate_now(this_office(), who(), asked, instances)
    return done()


@door.post("/migration/executeAsync")
def migrate_later() -> Response:
    """A batch; who cannot stays as it is."""
    asked, instances = _execution(read_body())
    return answer(batch(batch_view(this_office(), who(), begin_later(this_office(), who(), asked, instances))))


def _execution(body: Body) -> tuple[Instructions, list[UUID]]:
    plan = body.part("migrationPlan")
    if plan is None:
        raise field_refused("migrationPlan", "迁移方案")
    named = [as_identity(one) for one in body.texts("processInstanceIds") or ()]
    query = body.part("processInstanceQuery")
    if query is not None:
        inquiry = Inquiry(filters={**filters_in(CASES, query), "running": True})
        named += [row.id for row in list_rows(this_office(), who(), CASES, inquiry)]
    if not named:
        raise Invalid("MIGRATION_EMPTY", "没有要迁移的办件")
    return _plan(plan), list(dict.fromkeys(named))


def _plan(body: Body) -> Instructions:
    source, target = _definitions(body)
    return Instructions(from_id=source, to_id=target, steps=tuple(_steps(body)))


def _definitions(body: Body) -> tuple[UUID, UUID]:
    return as_identity(body.needed_text("sourceProcessDefinitionId")), as_identity(
        body.needed_text("targetProcessDefinitionId")
    )


def _steps(body: Body) -> Iterator[tuple[str, str]]:
    for one in body.parts("instructions"):
        source, target = one.texts("sourceActivityIds") or [], one.texts("targetActivityIds") or []
        if len(source) != 1 or len(target) != 1:
            raise field_refused("instructions", "从一个环节到一个环节（sourceActivityIds、targetActivityIds）")
        yield source[0], target[0]


def _ends(made: Instructions) -> dict[str, str]:
    return {"sourceProcessDefinitionId": str(made.from_id), "targetProcessDefinitionId": str(made.to_id)}


def _instruction(step: tuple[str, str], triggers: bool) -> dict[str, Any]:
    return {"sourceActivityIds": [step[0]], "targetActivityIds": [step[1]], "updateEventTrigger": triggers}
