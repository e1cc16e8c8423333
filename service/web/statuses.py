"""The one table that says which refusal is which HTTP status."""

from __future__ import annotations

from service.rules.refusals import (
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    Refusal,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)

STATUSES: dict[type[Refusal], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    Missing: 404,
    Conflict: 409,
    TooLarge: 413,
    TooMany: 429,
    Unavailable: 503,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal; a plain `Refusal` counts as a wrong request."""
    for kind in type(refusal).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 400
