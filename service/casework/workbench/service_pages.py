"""What every page needs of the service itself: its time, and in demo mode who can sign in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from service.casework.actors import SERVICE
from service.store.workbench import PersonCard, Workbench

if TYPE_CHECKING:
    from service.casework.office import Office


def service_now(office: Office) -> datetime:
    """The service's instant, moved by the demo clock."""
    with office.reading() as records:
        return records.now


def demo_accounts_by_role(office: Office) -> tuple[tuple[PersonCard, tuple[str, ...]], ...]:
    """The demonstration accounts with their roles; none outside demo mode."""
    if not office.settings.demo:
        return ()
    with office.reading() as records:
        found = Workbench(records).demo_people()
    return tuple((card, roles) for card, roles in found if SERVICE not in roles)
