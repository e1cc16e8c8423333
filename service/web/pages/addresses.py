"""Addresses that come from outside: where to go next must lie on this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for


def safe_next(wanted: str | None) -> str:
    """A path of this site to go on with; the inbox when the wanted one leads anywhere else."""
    home = url_for("pages.inbox")
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return home
    if any(ord(char) < 32 for char in wanted) or "\\" in wanted:
        return home
    parts = urlsplit(wanted)
    return home if parts.scheme or parts.netloc or parts.path in ("/login", "/logout") else wanted
