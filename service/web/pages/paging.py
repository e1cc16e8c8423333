"""Pages of a list: filters and the page number live in the address."""

from __future__ import annotations

from typing import Any

from flask import request, url_for


class Address:
    """The address of a list with its filters; calling it changes some of them, an empty one is left out."""

    def __init__(self, endpoint: str, **filters: Any) -> None:
        self._endpoint = endpoint
        self._filters = filters

    def beside(self, **filters: Any) -> Address:
        """The same list with more filters."""
        return Address(self._endpoint, **{**self._filters, **filters})

    def __call__(self, **changes: Any) -> str:
        chosen = {name: value for name, value in {**self._filters, **changes}.items() if value not in (None, "")}
        return url_for(self._endpoint, **chosen)


def seen_version() -> int | None:
    """The version a form was made from, as it says; None when it says none."""
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def page_wanted() -> int:
    """The page number of the address, 1 when there is none or a wrong one."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
