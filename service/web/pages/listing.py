"""Lists: what every list of the product has in common. Filters, sort and page live in the address; the same address gives a
file with the same rows.

A page module declares its list once (`Listed`) and shows what `shown` answers; sorting and files follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from service.casework.listing.tables import (
    FORMATS,
    note_export,
    plain_cell,
    require_purpose,
    require_short,
    write_table,
)
from service.rules.refusals import Missing
from service.web.downloads import disposition
from service.web.pages.paging import page_wanted
from service.web.pages.sign_in import acting

SORTED_AT_MOST = 2_000  # rows of a list that is put in order here; longer ones have to be narrowed first
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list and its file. `cell`: its value in a row, given the row and the whole page it came with."""

    code: str
    words: Any
    cell: Callable[[Any, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One list. `load`: a page by its number, filters from the address; it has items, total, page and pages. `sorts`: the columns the
    database puts in order (`load` heeds `sort_wanted`); any other column is put in order here."""

    name: str  # of the page's endpoint, without `pages.`
    words: Any
    load: Callable[[int], Any]
    columns: Sequence[Column]
    sorts: Sequence[str] = ()

    def column(self, code: str) -> Column | None:
        """One column by its code."""
        return next((one for one in self.columns if one.code == code), None)


@dataclass(frozen=True, kw_only=True)
class OnePage:
    """A page of a list whose use case answers something wider. `more`: that answer."""

    items: tuple[Any, ...]
    total: int
    page: int
    pages: int
    more: Mapping[str, Any] = field(default_factory=dict)


CUT = 50  # rows of a page that is cut here


def cut(rows: Sequence[Any], number: int, *, size: int = CUT, **more: Any) -> OnePage:
    """A page of rows that are few enough to be read together."""
    pages = max(1, -(-len(rows) // size))
    page = min(max(number, 1), pages)
    return OnePage(
        items=tuple(rows[(page - 1) * size : page * size]), total=len(rows), page=page, pages=pages, more=more
    )


def register(app: Flask, pages: Blueprint, office: Any) -> None:
    """Adds the export of every list and `list_tools()` for templates."""
    app.extensions.setdefault("lists", {})
    app.jinja_env.globals["list_tools"] = _tools

    @pages.post("/lists/<name>/export", endpoint="export_list")
    def export(name: str) -> Response:
        listed = lists().get(name)
        kind = request.form.get("format", "xlsx")
        if listed is None or kind not in FORMATS:
            raise Missing("NOT_FOUND", "没有这个地址。")
        purpose = request.form.get("purpose", "")
        require_purpose(purpose)
        rows = list(every_row(listed))
        filters = {key: value for key, value in request.args.items() if key != "page"}
        note_export(
            office, acting(), name=name, kind=kind, filters=filters, rows=len(rows), purpose=purpose
        )  # fmt: skip
        title = str(listed.words)
        heads = [str(one.words) for one in listed.columns]
        cells = ([one.cell(row, found) for one in listed.columns] for row, found in rows)
        response = Response(write_table(kind, title, heads, cells), content_type=KINDS[kind])
        response.headers["Content-Disposition"] = disposition("attachment", f"{title}.{kind}")
        response.headers["Cache-Control"] = "no-store"
        return response


def declare(pages: Blueprint, listed: Listed) -> Listed:
    """Make a list known, so that it can be sorted and exported."""
    pages.record(lambda state: state.app.extensions.setdefault("lists", {}).update({listed.name: listed}))
    return listed


def lists() -> dict[str, Listed]:
    """The lists of this application by name."""
    found: dict[str, Listed] = current_app.extensions["lists"]
    return found


def part_wanted(name: str) -> str:
    """A part of the page's address, which the address of its file has behind the question mark."""
    return str((request.view_args or {}).get(name) or request.args.get(name, ""))[:255]


def sort_wanted() -> str:
    """The order of the address: a column's code, descending with a leading `-`; empty: as the list comes."""
    return request.args.get("sort", "")[:40]


def shown(listed: Listed) -> Any:
    """The page of the address in the order of the address."""
    number, sort = page_wanted(), sort_wanted()
    column = listed.column(sort.removeprefix("-"))
    if column is None or column.code in listed.sorts:
        return listed.load(number)
    first = listed.load(1)
    if first.total > SORTED_AT_MOST:
        g.list_unsorted = True
        return first if number == 1 else listed.load(number)
    rows = sorted(every_row(listed), key=lambda pair: _rank(column.cell(*pair)), reverse=sort.startswith("-"))
    size = max(1, len(first.items)) if first.pages > 1 else max(1, first.total)
    page = min(max(number, 1), first.pages)
    chosen = rows[(page - 1) * size : page * size]
    return _put_together(first, chosen, page)


def _put_together(first: Any, chosen: Sequence[tuple[Any, Any]], page: int) -> Any:
    """A page of rows that come from several pages: what those say about their rows (names, work) is said together."""
    said: dict[str, Any] = {}
    for one in fields(first):
        if isinstance(getattr(first, one.name), Mapping):
            merged: dict[Any, Any] = dict(getattr(first, one.name))
            for _row, found in chosen:
                merged.update(getattr(found, one.name))
            said[one.name] = merged
    return replace(first, **{**said, "items": tuple(row for row, _found in chosen), "page": page})


def every_row(listed: Listed) -> Iterator[tuple[Any, Any]]:
    """Every row with the page it came with, as the filters of the address have it. Refused: LIST_TOO_LONG_FOR_FILE."""
    number = 1
    while True:
        found = listed.load(number)
        require_short(found.total)
        yield from ((row, found) for row in found.items)
        if number >= found.pages:
            return
        number += 1


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers before texts, nothing at the end."""
    if isinstance(value, datetime):
        return 1, str(plain_cell(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 0, value
    text = "" if value is None else str(value)
    return (2, "") if not text else (1, text)


def _tools() -> Markup:
    """Order and export of the list on this page; nothing on pages that are no list."""
    listed = lists().get((request.endpoint or "").removeprefix("pages.")) if request.endpoint else None
    if listed is None:
        return Markup("")
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in ("sort", "page")]
    return Markup(
        render_template(
            "parts/listed.html",
            listed=listed,
            kept=kept,
            sort=sort_wanted(),
            unsorted=SORTED_AT_MOST if g.get("list_unsorted") else None,
            signed_in=current_user.is_authenticated,
            query=urlencode([*(request.view_args or {}).items(), *request.args.items(multi=True)]),
            formats={"xlsx": gettext("Excel 工作簿"), "csv": gettext("CSV 文本")},
        )
    )
