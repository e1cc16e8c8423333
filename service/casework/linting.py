"""Linting without deploying: for the command line and the preview of an upload."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.engine import Examination, Register, Resource, examine


def lint(
    resources: Sequence[Resource],
    *,
    known: Collection[str] | None = None,
    known_decisions: Collection[str] = (),
    register: Register | None = None,
) -> Examination:
    """Findings and drafts of files. `known`: keys of deployed processes; without it neither calls of others nor
    forms that are missing are judged.

    `known_decisions`: deployed ones, as a business rule task writes them. `register`: item cards the diagrams must agree with.
    """
    return examine(
        resources,
        known=known or (),
        check_calls=known is not None,
        known_decisions=known_decisions,
        register=register,
        complete=known is not None,
    )
