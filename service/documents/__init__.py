"""Documents on paper: what the service writes to be printed, sealed and kept. Knows no case, no database, no network."""

from __future__ import annotations

from service.documents.papers import Paper, print_paper

__all__ = ["Paper", "print_paper"]
