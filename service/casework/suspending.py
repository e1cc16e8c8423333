"""Suspending and resuming cases and definitions."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import CaseView


def suspend_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """Nothing may be done in the case, and nothing happens in it, until it is resumed."""
    raise NotImplementedError


def resume_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """Go on; what became due meanwhile happens now."""
    raise NotImplementedError


def suspend_definition(office: Office, actor: Actor, definition_id: UUID, *, cases: bool = False) -> None:
    """No new case of this version; `cases`: its running cases too."""
    raise NotImplementedError


def resume_definition(office: Office, actor: Actor, definition_id: UUID, *, cases: bool = False) -> None:
    """New cases again; `cases`: resume its cases too."""
    raise NotImplementedError
