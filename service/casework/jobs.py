"""Jobs: the agenda items of cases, as administrators see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office


def set_job_retries(office: Office, actor: Actor, job_id: UUID, retries: int) -> None:
    """How often it may fail yet; more than 0 makes it ready again and closes its incident."""
    raise NotImplementedError


def set_job_due(office: Office, actor: Actor, job_id: UUID, due: datetime | None) -> None:
    """Another due instant; None: now."""
    raise NotImplementedError


def execute_job(office: Office, actor: Actor, job_id: UUID) -> None:
    """Do it at once, whatever its due instant; a failure is raised and counts no retry. Refused: Missing JOB_NOT_FOUND."""
    raise NotImplementedError
