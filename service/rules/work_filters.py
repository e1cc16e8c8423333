"""What a person wants to see of the work there is: the place of the inbox, the light, and what narrows it.

A filter is plain text in an address: what is unknown or does not fit is left out, so a link never leads to an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

OPEN_TABS = ("all", "mine", "post", "department", "delegated")
TABS = (*OPEN_TABS, "copies", "done", "followed")
READ = ("unread", "read", "all")  # of what somebody was sent to read
LIGHTS = ("all", "red", "yellow", "green", "stopped", "escalated")
SORTS = ("due", "arrived", "newest", "item", "number", "priority")
COLUMNS = ("matter", "number", "arrived", "stage", "department", "holder")
USUAL_COLUMNS = ("matter", "number", "arrived")
STAGES = ("IMMEDIATE", "ACCEPT", "REVIEW", "APPROVE", "ISSUE", "OPINION", "SURVEY", "EXPERT", "HEARING", "PUBLICITY", "PAY", "CORRECT")  # fmt: skip
LONGEST = 100  # characters of a searched text
_CLOSED = {"tab": TABS, "view": LIGHTS, "sort": SORTS, "stage": ("", *STAGES), "read": READ}


@dataclass(frozen=True, kw_only=True)
class WorkFilter:
    """One way of looking at work. Texts match parts of names; days are days in China, both ends included."""

    tab: str = "all"
    view: str = "all"
    q: str = ""
    item: str = ""
    stage: str = ""
    department: str = ""
    applicant: str = ""
    project: str = ""
    due_from: date | None = None
    due_to: date | None = None
    arrived_from: date | None = None
    arrived_to: date | None = None
    corrected: bool = False  # 曾告知补正
    read: str = "unread"  # of copies (抄送)
    sort: str = "due"
    columns: tuple[str, ...] = USUAL_COLUMNS

    @property
    def parameters(self) -> dict[str, str]:
        """What differs from the usual, as an address holds it."""
        found: dict[str, str] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default:
                found[one.name] = (",".join(value) or "none") if isinstance(value, tuple) else _as_text(value)
        return found

    @property
    def query(self) -> str:
        """The same as the text of an address, without the question mark."""
        return urlencode(self.parameters)

    @property
    def narrowing(self) -> int:
        """How many conditions there are besides place, light and search."""
        kept = {"tab", "view", "q", "read", "sort", "columns"}
        return len(self.parameters.keys() - kept)

    def but(self, **changes: Any) -> WorkFilter:
        """The same filter with other values."""
        return replace(self, **changes)


def read_filter(values: Mapping[str, str]) -> WorkFilter:
    """The filter an address asks for."""
    found: dict[str, Any] = {}
    for one in fields(WorkFilter):
        text = values.get(one.name, "").replace("\0", "").strip()
        if one.name == "columns":
            if one.name in values:
                found[one.name] = tuple(name for name in COLUMNS if name in re.split(r"[,\s]+", text))
        elif one.name in _CLOSED:
            if text in _CLOSED[one.name]:
                found[one.name] = text
        elif one.name == "corrected":
            found[one.name] = text in ("1", "true", "on")
        elif one.name.endswith(("_from", "_to")):
            found[one.name] = _as_day(text)
        else:
            found[one.name] = text[:LONGEST]
    if values.get("view") == "queue":  # the address of the post's queue in links people kept
        found["tab"] = "post"
    return WorkFilter(**found)


def filter_of(query: str) -> WorkFilter:
    """The filter written in the text of an address."""
    return read_filter(dict(parse_qsl(query.lstrip("?"))))


def _as_text(value: object) -> str:
    return "1" if value is True else value.isoformat() if isinstance(value, date) else str(value)


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None
