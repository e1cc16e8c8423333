"""What forms answered, as papers write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.rules.worktime import SHANGHAI


def told(answers: Mapping[str, Any], name: str) -> str:
    """A text that was answered; empty when there is none."""
    value = answers.get(name)
    return value.strip() if isinstance(value, str) else ""


def moment(text: Any) -> str | None:
    """An instant as a form gives it; without a zone it is China's."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (found if found.tzinfo is not None else found.replace(tzinfo=SHANGHAI)).isoformat()
