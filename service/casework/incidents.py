"""Getting a failed token going again."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office


def retry_incident(office: Office, actor: Actor, incident_id: UUID) -> None:
    """Try again what failed: the token, the job or the external task. Refused: Missing INCIDENT_NOT_FOUND."""
    raise NotImplementedError


def resolve_incident(office: Office, actor: Actor, incident_id: UUID) -> None:
    """Close an incident without trying again."""
    raise NotImplementedError
