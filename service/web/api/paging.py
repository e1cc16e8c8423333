"""Pages of lists: `{items, total, page, size}`, and the parameters of an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from flask import Response, request

from service.casework.listing import Inquiry, Listing, count_rows, list_rows
from service.web.api.door import answer, this_office, who
from service.web.bodies import field_refused
from service.web.instants import read_instant

Row = TypeVar("Row")
Item = TypeVar("Item")
PAGING = ("page", "size")
LAST_PAGE = 100_000


def only_parameters(*names: str) -> None:
    """Refuses parameters that do not exist, so that a misspelt filter never lists too much."""
    for name in request.args:
        if name not in (*names, *PAGING):
            raise field_refused(name, "不存在，请去掉", "FIELD_UNKNOWN")


def parameter(name: str, choices: tuple[str, ...] = ()) -> str | None:
    """One text parameter, among `choices` when there are any."""
    text = request.args.get(name)
    if text is None:
        return None
    if "\0" in text or len(text) > 255 or (choices and text not in choices):
        raise field_refused(name, f" {'、'.join(choices)} 之一" if choices else "不超过 255 个字的文本")
    return text


def instant_parameter(name: str) -> datetime | None:
    """One instant; a plus sign that was not encoded arrives as a blank."""
    text = request.args.get(name)
    if text is None:
        return None
    instant = read_instant(re.sub(r" (\d{2}:?\d{2})$", r"+\1", text))
    if instant is None:
        raise field_refused(name, "日期时间，例如 2026-03-16T09:00:00+08:00")
    return instant


def day_parameter(name: str) -> str:
    """One day as text; empty when it is not given."""
    text = request.args.get(name)
    if text is None:
        return ""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise field_refused(name, "日期，例如 2026-12-31") from None


def page_and_size() -> tuple[int, int]:
    """The page wanted, from 1, and how many items it has: 20 unless told otherwise, at most 200."""
    return _number("page", 1, LAST_PAGE), _number("size", 20, 200)


def serve_page(
    listing: Listing[Row],
    shape: Callable[[Row], Any],
    filters: Mapping[str, Any],
    sorting: tuple[tuple[str, bool], ...] = (),
) -> Response:
    """One page of a list."""
    page, size = page_and_size()
    inquiry = Inquiry(filters=filters, sorting=sorting, first=(page - 1) * size, size=size)
    rows = list_rows(this_office(), who(), listing, inquiry)
    total = count_rows(this_office(), who(), listing, inquiry)
    return answer({"items": [shape(row) for row in rows], "total": total, "page": page, "size": size})


def serve_rows(rows: Sequence[Item], shape: Callable[[Item], Any]) -> Response:
    """One page of rows that are few enough to be read together, such as those of one case."""
    page, size = page_and_size()
    shown = rows[(page - 1) * size : page * size]
    return answer({"items": [shape(row) for row in shown], "total": len(rows), "page": page, "size": size})


def _number(name: str, usual: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return usual
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not 1 <= int(text) <= most:
        raise field_refused(name, f" 1 到 {most} 之间的整数")
    return int(text)
