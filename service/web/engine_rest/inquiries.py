"""Questions to lists: filters, sorting and paging in addresses and bodies, in Camunda's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from flask import Response, request

from service.casework.listing import OPERATORS, Condition, Inquiry, Kind, Listing, count_rows, list_rows
from service.casework.people import names_behind
from service.rules.refusals import Invalid
from service.web.bodies import LARGEST, NOWHERE, Body, as_identity, field_refused, read_body
from service.web.engine_rest.answers import answer, counted
from service.web.engine_rest.door import this_office, who
from service.web.engine_rest.variables import read_value
from service.web.instants import read_instant

Row = TypeVar("Row")
PERSON_FILTERS = (  # name people: an alias means the person behind it
    "assignee",
    "assignee_in",
    "assignee_not_in",
    "candidate_user",
    "involved_user",
    "owner",
    "started_by",
    "task_assignee",
    "task_had_candidate_user",
    "task_involved_user",
    "task_owner",
    "user_id",
)


@cache
def snake(name: str) -> str:
    """`dueBefore` → `due_before`."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: f"_{match[1].lower()}", name)


def serve_list(
    listing: Listing[Row],
    shape: Callable[[Row], Any],
    *,
    fixed: Mapping[str, Any] | None = None,
    adapt: Callable[[dict[str, Any]], None] | None = None,
) -> Response:
    """The rows of a list, asked by GET or POST."""
    inquiry = read_inquiry(listing, fixed, adapt)
    return answer([shape(row) for row in list_rows(this_office(), who(), listing, inquiry)])


def serve_count(
    listing: Listing[Any],
    *,
    fixed: Mapping[str, Any] | None = None,
    adapt: Callable[[dict[str, Any]], None] | None = None,
) -> Response:
    """How many rows the same question lists."""
    return counted(count_rows(this_office(), who(), listing, read_inquiry(listing, fixed, adapt)))


def read_inquiry(
    listing: Listing[Any],
    fixed: Mapping[str, Any] | None = None,
    adapt: Callable[[dict[str, Any]], None] | None = None,
) -> Inquiry:
    """The question of this request. `fixed` filters always hold; `adapt` rewrites filters that need more than a column.

    Refused: Invalid for unreadable values, unknown sorts and half a sorting.
    """
    any_of: list[dict[str, Any]] = []
    if request.method == "POST":
        body = read_body()
        filters = _body_filters(listing, body)
        any_of = [_body_filters(listing, part) for part in body.parts("orQueries")]
        sorting = [_sort(listing, part.text("sortBy"), part.text("sortOrder")) for part in body.parts("sorting")]
        if not sorting and ("sortBy" in body or "sortOrder" in body):
            sorting = [_sort(listing, body.text("sortBy"), body.text("sortOrder"))]
        page = {name: body.raw(name) for name in ("firstResult", "maxResults") if name in body}
    else:
        filters = _address_filters(listing)
        sorting = []
        page = {}
        if "sortBy" in request.args or "sortOrder" in request.args:
            sorting = [_sort(listing, request.args.get("sortBy"), request.args.get("sortOrder"))]
    for part in (filters, *any_of):
        _see_through_aliases(part)
        if adapt is not None:
            adapt(part)
    return Inquiry(
        filters={**filters, **(fixed or {})},
        any_of=any_of,
        sorting=sorting,
        first=_page(page, "firstResult") or 0,
        size=_page(page, "maxResults"),
    )


def filters_in(listing: Listing[Any], body: Body) -> dict[str, Any]:
    """The filters of a query that stands inside another body. Refused: Invalid for unreadable values."""
    filters = _body_filters(listing, body)
    _see_through_aliases(filters)
    return filters


def _see_through_aliases(filters: dict[str, Any]) -> None:
    asked = {name: filters[name] for name in PERSON_FILTERS if filters.get(name)}
    if not asked:
        return
    told = {one for value in asked.values() for one in ([value] if isinstance(value, str) else value)}
    behind = names_behind(this_office(), told)
    for name, value in asked.items():
        filters[name] = behind.get(value, value) if isinstance(value, str) else [behind.get(one, one) for one in value]


def _page(given: Mapping[str, Any], name: str) -> int | None:
    value = request.args.get(name, given.get(name))
    if value is None:
        return None
    try:
        number = int(str(value))
    except ValueError:
        raise field_refused(name, "不小于 0 的整数") from None
    if not 0 <= number <= LARGEST:
        raise field_refused(name, "不小于 0 的整数")
    return number


def _sort(listing: Listing[Any], by: str | None, order: str | None) -> tuple[str, bool]:
    if not by or not order:
        raise Invalid("SORTING_INCOMPLETE", "sortBy 和 sortOrder 必须同时给出。")
    if order not in ("asc", "desc"):
        raise field_refused("sortOrder", " asc 或 desc")
    if snake(by) not in listing.sorts:
        raise Invalid("SORTING_UNKNOWN", "不能按 {by} 排序。", by=by)
    return snake(by), order == "desc"


def _address_filters(listing: Listing[Any]) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    for name, text in request.args.items():
        criterion = listing.criteria.get(snake(name))
        if criterion is not None:
            if "\0" in text:
                raise field_refused(name, "文本")
            filters[snake(name)] = _from_text(name, criterion.kind, text)
    return filters


def _from_text(name: str, kind: Kind, text: str) -> Any:
    """A filter's value as an address spells it."""
    if kind is Kind.TEXT:
        return text
    if kind is Kind.TEXTS:
        return text.split(",")
    if kind is Kind.FLAG:
        if text.lower() not in ("true", "false"):
            raise field_refused(name, " true 或 false")
        return text.lower() == "true"
    if kind is Kind.WHOLE:
        if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
            raise field_refused(name, "整数")
        return int(text)
    if kind is Kind.INSTANT:
        # a plus sign in an address means a blank when it was not encoded
        instant = read_instant(re.sub(r" (\d{2}:?\d{2})$", r"+\1", text))
        if instant is None:
            raise field_refused(name, "日期时间，例如 2026-03-16T09:00:00.000+0800")
        return instant
    if kind is Kind.ID:
        return as_identity(text)
    if kind is Kind.IDS:
        return [as_identity(item) for item in text.split(",")]
    return tuple(_condition(name, item) for item in text.split(","))


def _condition(name: str, text: str) -> Condition:
    """`amount_gteq_5`: the name may contain underscores, the operator is the last one that leaves a name and a value."""
    match = re.fullmatch(rf"(.+?)_({'|'.join(OPERATORS)})_(.*)", text, re.DOTALL)
    if match is None:
        raise field_refused(name, "“变量名_比较符_值”的列表，例如 amount_gteq_5")
    return Condition(name=match[1], operator=match[2], value=match[3], loose=True)


def _body_filters(listing: Listing[Any], body: Body) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    for name in body.fields:
        criterion = listing.criteria.get(snake(name))
        if criterion is not None and body.raw(name) is not None:
            filters[snake(name)] = _from_body(body, name, criterion.kind)
    return filters


def _from_body(body: Body, name: str, kind: Kind) -> Any:
    """A filter's value as JSON has it."""
    if kind is Kind.TEXT:
        return body.text(name, longest=4000)
    if kind is Kind.TEXTS:
        return body.texts(name)
    if kind is Kind.FLAG:
        return body.flag(name)
    if kind is Kind.WHOLE:
        return body.whole(name)
    if kind is Kind.INSTANT:
        return body.instant(name)
    if kind is Kind.ID:
        return body.identity(name) or NOWHERE
    if kind is Kind.IDS:
        return [as_identity(item) for item in body.texts(name) or ()]
    return tuple(_body_condition(part) for part in body.parts(name))


def _body_condition(part: Body) -> Condition:
    operator = part.text("operator") or "eq"
    if operator not in OPERATORS:
        raise field_refused(f"{part.path}operator", f" {'、'.join(OPERATORS)} 之一")
    _, value = read_value(part)
    if isinstance(value, (dict, list)) and operator not in ("eq", "neq"):
        raise field_refused(f"{part.path}value", "可以比较大小的值")
    return Condition(name=part.needed_text("name"), operator=operator, value=value)
