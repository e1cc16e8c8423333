"""The audit trail is tried on small diagrams; the rules for whole procedures have their own tests."""

from __future__ import annotations

from tests.casework.clocks.conftest import small_procedures

__all__ = ["small_procedures"]
