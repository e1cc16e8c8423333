"""时限试算: a page for everyone. The question is in the address, so that an answer can be kept and sent on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from service.casework.time_limits import ExtensionAsked, LimitRequest, PauseAsked, preview_limit, print_preview
from service.casework.workbench import service_now
from service.rules.clocks import PauseKind, Unit
from service.rules.pauses import PAUSE_RULES
from service.rules.refusals import Refusal, refuse
from service.rules.worktime import SHANGHAI
from service.web.downloads import pdf
from service.web.instants import read_instant
from service.web.pages.wording import centre_name
from service.web.statuses import status_of

PAUSES = range(3)  # pauses the form has room for; programs may send more
FIELDS = {  # name of what casework refuses → name on the page
    "limit.amount": "amount",
    "extensions[0].amount": "add",
    "extensions[0].approved": "approved",
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and its answer as a file."""

    @pages.get("/time-limit.pdf", endpoint="time_limit_file")
    def download() -> Response:
        found = preview_limit(office, _asked(_given()))
        return pdf(print_preview(found, centre_name(office), gettext), gettext("时限试算"), None)

    @pages.get("/time-limit")
    def time_limit() -> str | tuple[str, int]:
        given = _given()
        found, refusal = None, None
        if "amount" in given:
            try:
                found = preview_limit(office, _asked(given))
            except Refusal as refused:
                refusal = refused
        else:
            given["start"] = f"{service_now(office).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        page = render_template(
            "time_limit.html",
            given=given,
            asked={name: text for name, text in given.items() if text and name in _NAMES},
            found=found,
            refusal=refusal,
            problems={_field(given, one.field): one for one in (refusal.fields if refusal else ())},
            pauses=PAUSES,
            kinds={kind.value: PAUSE_RULES[kind].name for kind in PauseKind},
        )
        return page if refusal is None else (page, 422 if status_of(refusal) == 400 else status_of(refusal))


_NAMES = frozenset(
    (
        "start",
        "now",
        "amount",
        "unit",
        "add",
        "approved",
        *(f"{end}{n}" for n in PAUSES for end in ("from", "to", "kind")),
    )
)


def _given() -> dict[str, str]:
    return {name: text.strip()[:40] for name, text in request.args.items()}


def _asked(given: Mapping[str, str]) -> LimitRequest:
    unit = Unit(given["unit"]) if given.get("unit") in tuple(Unit) else Unit.WORKDAY
    start = read_instant(given.get("start", ""))
    now = given.get("now", "")
    asked_now = read_instant(now) if now else None
    if start is None or not 2 <= start.year <= 9998:
        raise refuse("start", "FIELD_INVALID", "请填写开始时间。")
    if now and (asked_now is None or not 2 <= asked_now.year <= 9998):
        raise refuse("now", "FIELD_INVALID", "请填写正确的时间。")
    added = given.get("add", "")
    extensions: tuple[ExtensionAsked, ...] = ()
    if added:
        approved = _day(given, "approved")
        extensions = (ExtensionAsked(amount=_number(given, "add"), unit=unit, approved=approved),)
    for n in PAUSES:
        if given.get(f"to{n}") and not given.get(f"from{n}"):
            raise refuse(f"from{n}", "FIELD_INVALID", "请填写暂停日。")
    pauses = [
        PauseAsked(kind=given.get(f"kind{n}", ""), after=after, through=_day(given, f"to{n}"))
        for n in _rows(given)
        if (after := _day(given, f"from{n}")) is not None
    ]
    return LimitRequest(
        start=start,
        amount=_number(given, "amount"),
        unit=unit,
        suspensions=pauses,
        extensions=extensions,
        now=asked_now,
    )


def _rows(given: Mapping[str, str]) -> list[int]:
    """The rows of the form that hold a pause."""
    return [n for n in PAUSES if given.get(f"from{n}")]


def _field(given: Mapping[str, str], refused: str) -> str:
    """Where on the page a refused field stands."""
    places = {f"suspensions[{i}].{end}": f"{end}{n}" for i, n in enumerate(_rows(given)) for end in ("from", "to")}
    return {**FIELDS, **places}.get(refused, refused)


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise refuse(name, "FIELD_INVALID", "请填写整数。")
    return int(text)


def _day(given: Mapping[str, str], name: str) -> date | None:
    text = given.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refuse(name, "FIELD_INVALID", "请填写正确的日期。") from error
