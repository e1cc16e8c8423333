"""Figures per definition: running instances, failed jobs, open incidents by kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from service.store.listing.listing import Reading
from service.store.schema import agenda, case, incident


@dataclass(kw_only=True)
class DefinitionFigures:
    """What is going on with one definition right now."""

    instances: int = 0
    failed_jobs: int = 0
    incidents: dict[str, int] = field(default_factory=dict)


def definition_figures(records: Reading) -> dict[UUID, DefinitionFigures]:
    """The figures of every definition that has any."""
    figures: dict[UUID, DefinitionFigures] = {}
    running = select(case.c.definition_id, func.count()).where(case.c.ended_at.is_(None)).group_by(case.c.definition_id)
    for definition_id, number in records.connection.execute(running):
        figures.setdefault(definition_id, DefinitionFigures()).instances = number
    failed = (
        select(case.c.definition_id, func.count())
        .select_from(agenda.join(case, case.c.id == agenda.c.case_id))
        .where(agenda.c.retries <= 0)
        .group_by(case.c.definition_id)
    )
    for definition_id, number in records.connection.execute(failed):
        figures.setdefault(definition_id, DefinitionFigures()).failed_jobs = number
    open_incidents = (
        select(case.c.definition_id, incident.c.kind, func.count())
        .select_from(incident.join(case, case.c.id == incident.c.case_id))
        .where(incident.c.closed_at.is_(None))
        .group_by(case.c.definition_id, incident.c.kind)
    )
    for definition_id, kind, number in records.connection.execute(open_incidents):
        figures.setdefault(definition_id, DefinitionFigures()).incidents[kind] = number
    return figures
