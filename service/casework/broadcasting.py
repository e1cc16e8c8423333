"""Signals reach everybody who listens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office


def broadcast(
    office: Office,
    actor: Actor,
    signal: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    case_id: UUID | None = None,
) -> int:
    """Deliver a signal to all tokens that listen and all definitions that begin with it; each case its own transaction.

    Returns how many were reached. `case_id` limits it to one case and starts nothing.
    """
    raise NotImplementedError
