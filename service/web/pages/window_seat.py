"""Where somebody sits today: the window chosen for the session."""

from __future__ import annotations

from flask import session

HERE = "window"


def chosen_window() -> str:
    """The window of the session; empty: the one the staff number names."""
    return str(session.get(HERE, ""))


def sit_at(code: str) -> None:
    """Work at this window from now on; empty: at one's own."""
    if code:
        session[HERE] = code
    else:
        session.pop(HERE, None)
