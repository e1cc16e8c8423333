"""Figures per definition: running instances, failed jobs, open incidents by kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from service.store.listing.listing import Reading
from service.store.schema import agenda, case, incident

NUMBER = func.count().label("number")


@dataclass(kw_only=True)
class DefinitionFigures:
    """What is going on with one definition right now."""

    instances: int = 0
    failed_jobs: int = 0
    incidents: dict[str, int] = field(default_factory=dict)


def definition_figures(records: Reading) -> dict[UUID, DefinitionFigures]:
    """The figures of every definition that has any."""
    figures: dict[UUID, DefinitionFigures] = {}
    running = select(case.c.definition_id, NUMBER).where(case.c.ended_at.is_(None)).group_by(case.c.definition_id)
    for row in records.execute(running):
        figures.setdefault(row.definition_id, DefinitionFigures()).instances = row.number
    failed = (
        select(case.c.definition_id, NUMBER)
        .select_from(agenda.join(case, case.c.id == agenda.c.case_id))
        .where(agenda.c.retries <= 0)
        .group_by(case.c.definition_id)
    )
    for row in records.execute(failed):
        figures.setdefault(row.definition_id, DefinitionFigures()).failed_jobs = row.number
    open_incidents = (
        select(case.c.definition_id, incident.c.kind, NUMBER)
        .select_from(incident.join(case, case.c.id == incident.c.case_id))
        .where(incident.c.closed_at.is_(None))
        .group_by(case.c.definition_id, incident.c.kind)
    )
    for row in records.execute(open_incidents):
        figures.setdefault(row.definition_id, DefinitionFigures()).incidents[row.kind] = row.number
    return figures
