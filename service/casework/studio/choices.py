"""What a designer chooses from: forms, roles, departments, decisions, processes, papers, messages and our own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.decisions import decision_versions
from service.casework.examining import form_key_of
from service.casework.office import Office
from service.casework.studio.library import kind_of
from service.casework.studio.rights import require_designer
from service.engine.studio import drawn_decisions
from service.engine.studio.attributes import CHOICES, LANES, STAGES, ZW_ATTRIBUTES, wrong_with
from service.rules.document_kinds import KINDS
from service.rules.message_texts import TEMPLATES
from service.rules.pauses import PAUSE_RULES
from service.store.workbench import Workbench

ATTRIBUTES = tuple(sorted(ZW_ATTRIBUTES))  # every attribute of ours
Choice = tuple[str, str]  # what is written, what it is called


def choices(office: Office, actor: Actor, draft_id: UUID | None = None) -> Mapping[str, tuple[Choice, ...]]:
    """The lists by name, each in its order; with what a draft's own files add. Refused: Forbidden STUDIO_FORBIDDEN."""
    require_designer(actor)
    with office.reading() as records:
        own = records.process_drafts.files(draft_id) if draft_id is not None else {}
        bench = Workbench(records)
        forms = sorted(
            {key for name in (*records.deployments.newest_files(), *own) if (key := form_key_of(name)) is not None}
        )
        processes = sorted(bench.process_names().items())
        departments = sorted((code, names[0]) for code, names in bench.departments().items())
        decisions = {one.key: one.name for one in decision_versions(records) if not one.deleted}
        tables = [content for name, content in own.items() if kind_of(name) == "table"]
        decisions |= {key: name for content in tables for key, name in drawn_decisions(content)}
    return {
        "forms": tuple((key, "") for key in forms),
        "processes": tuple(processes),
        "departments": tuple(departments),
        "decisions": tuple(sorted(decisions.items())),
        "documents": tuple((code, kind.title) for code, kind in KINDS.items()),
        "messages": tuple((code, one.event) for code, one in TEMPLATES.items()),
        "pauses": tuple((str(kind), rule.name.text) for kind, rule in PAUSE_RULES.items()),
        "lanes": tuple((name, "") for name in LANES),
        "stages": tuple((stage, "") for stage in sorted(STAGES)),
        **{name: _written(values) for name, values in CHOICES.items()},
    }


def check_expression(actor: Actor, text: str, *, literal: bool = False) -> tuple[str, str] | None:
    """What is wrong with an expression, in Chinese and English. Refused: Forbidden STUDIO_FORBIDDEN."""
    require_designer(actor)
    return wrong_with(text, literal=literal)


def _written(values: Iterable[Any]) -> tuple[Choice, ...]:
    return tuple((str(value), "") for value in sorted(values))
