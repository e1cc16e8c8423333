"""The agenda: what is due is claimed and done, one transaction each."""

from __future__ import annotations

from service.casework.office import Office


def attend_due(office: Office, *, limit: int = 100, node: str = "") -> int:
    """Do what is ready now, in due order; how many items were done or postponed. Never raises for a failing item."""
    raise NotImplementedError
