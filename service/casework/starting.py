"""Starting a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import CaseView, StartForm


def start_case(
    office: Office,
    actor: Actor,
    *,
    key: str | None = None,
    definition_id: UUID | None = None,
    business_key: str | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    start: str | None = None,
    title: str | None = None,
) -> CaseView:
    """Start a case of the newest version of `key` (or of one definition), at start event `start` or the plain one.

    Refused: Missing DEFINITION_NOT_FOUND, Conflict DEFINITION_SUSPENDED or BUSINESS_KEY_IN_USE, Forbidden START_FORBIDDEN.
    """
    raise NotImplementedError


def start_form(office: Office, actor: Actor, key: str) -> StartForm:
    """What starting the newest version of a process asks. Refused: Missing DEFINITION_NOT_FOUND."""
    raise NotImplementedError
