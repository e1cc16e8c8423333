"""Engine programs, one per binding: which version of every called process a case runs with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from service.engine import Program
    from service.store.records import Records


class Programs:
    """Immutable programs shared by all threads, the least recently used dropped first."""

    def __init__(self, capacity: int = 256) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._programs: dict[UUID, Program] = {}

    def for_binding(self, records: Records, binding_id: UUID) -> Program:
        """The program of a case that runs with this binding."""
        raise NotImplementedError

    def bind(self, records: Records, definition_id: UUID) -> tuple[UUID, Program]:
        """The binding a case started now from this definition runs with, and its program."""
        raise NotImplementedError
