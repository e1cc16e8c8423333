"""Days as browsers send them."""

from __future__ import annotations

from datetime import date

from service.rules.refusals import refuse


def read_day(name: str, text: str) -> date | None:
    """The day of a field; None when nothing was typed. Refused: FIELD_INVALID."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse(name, "FIELD_INVALID", "请填写正确的日期。") from None
