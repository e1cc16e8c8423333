"""Messages find the one who waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import Correlation


def correlate(
    office: Office,
    actor: Actor,
    message: str,
    *,
    business_key: str | None = None,
    case_id: UUID | None = None,
    keys: Mapping[str, Any] | None = None,
    local_keys: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    all: bool = False,
) -> tuple[Correlation, ...]:
    """Deliver a message to exactly one waiting token, or start a case with it; `all`: to every one.

    Refused: Invalid MESSAGE_NOT_CORRELATED when nobody waits, MESSAGE_AMBIGUOUS when several do and not `all`.
    """
    raise NotImplementedError


def deliver_to(
    office: Office,
    actor: Actor,
    case_id: UUID,
    message: str | None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """Deliver a message to the token of one case (or the token with this id) that waits for it."""
    raise NotImplementedError
