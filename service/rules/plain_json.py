"""Rows as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID


def plain_json(value: Any) -> Any:
    """Plain JSON of rows: ids and instants as text."""
    match value:
        case Mapping():
            return {str(name): plain_json(one) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain_json(one) for one in value]
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case bytes():
            return value.hex()
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
