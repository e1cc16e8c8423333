"""What a diagram asks for at one place, and what an act is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One asking. `id` is the agenda item's: the same asking done again has the same one."""

    id: UUID
    act: str
    element: str
    process: str
    scope: UUID | None  # hosting token of the called process it stands in: the item of a chain; None: the case itself
    asked_at: datetime
    name: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)  # the element's zw attributes
    values: Mapping[str, Any] = field(default_factory=dict)  # the variables visible there when it was asked


Act = Callable[[Office, Records, CaseFile, Request], Mapping[str, Any] | None]
"""Done in one transaction under the case's lock, which also takes the item off the agenda; no input or output in it.

What it returns becomes variables of a waiting service task. It notes what it did in the journal. What it refuses is tried
again, at once given up when Invalid, and becomes an incident in the end.
"""
