"""The calendar of a transaction for the engine, which seldom counts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from service.rules.worktime import WorkCalendar
from service.store.records import Records


class WhenCounted:
    """Stands for `records.calendar` and reads it when a timer first counts working time: other cases pay nothing."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @cached_property
    def _calendar(self) -> WorkCalendar:
        return self._records.calendar

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calendar, name)
