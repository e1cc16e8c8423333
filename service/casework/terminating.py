"""Ending a case from outside."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import CaseView


def terminate_case(office: Office, actor: Actor, case_id: UUID, reason: str | None = None) -> CaseView:
    """Cancel everything of a running case. Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, Forbidden."""
    raise NotImplementedError
