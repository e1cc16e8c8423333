"""Moving tokens, as the outside sees it: where a token may be moved to, and what else happens then."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.engine.facts import Wait
from service.rules.refusals import Conflict


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place in a running case: an element and the open scope whose diagram it stands in (None: the case itself).

    An element of an embedded sub-process that is not open is named with the open scope around it.
    """

    element: str
    scope: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ForgottenJoin:
    """A join that had arrivals of branches which begin again: `flows` of them are forgotten."""

    element: str
    name: str
    flows: int


@dataclass(frozen=True, kw_only=True)
class Target:
    """A place a token may be moved to, with the effect of moving it there, or why it may not be (`refused`).

    `cancelled`: every wait point that ends, timers on activities included. `scopes`: sub-processes and called processes
    that are left, by host. `again`: elements of the target's process that may run (again) afterwards. `straight`: whether
    the token can go straight back from there to where it came from.
    """

    spot: Spot
    name: str
    activity_type: str
    process: str
    variable_scope: UUID | None
    backwards: bool = False
    refused: Conflict | None = None
    cancelled: tuple[Wait, ...] = ()
    scopes: frozenset[UUID] = frozenset()
    forgotten: tuple[ForgottenJoin, ...] = ()
    again: frozenset[str] = frozenset()
    straight: bool = False
