"""时限试算 for programs: open to everybody, computes and stores nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Response, request

from service.casework.time_limits import ExtensionAsked, LimitPreview, LimitRequest, PauseAsked, preview_limit
from service.rules.clocks import Unit
from service.rules.refusals import TooLarge
from service.web.api.door import answer, door, this_office
from service.web.api.paging import only_parameters
from service.web.bodies import Body, field_refused, read_body
from service.web.instants import iso_instant

LARGEST_BODY = 64 * 1024  # bytes
MOST_PAUSES = 100
UNITS = tuple(Unit)


@door.post("/time-limit/preview")
def preview_time_limit() -> Response:
    """When a limit ends, what its light is, and every day counted or skipped."""
    only_parameters()
    if len(request.get_data(cache=True)) > LARGEST_BODY:
        raise TooLarge("BODY_TOO_LARGE", "请求内容超过 64 KB。")
    body = read_body()
    body.only("start", "limit", "suspensions", "extensions", "now")
    return answer(shown(preview_limit(this_office(), _asked(body))))


def shown(preview: LimitPreview) -> dict[str, Any]:
    """The preview for programs."""
    said = preview.reading
    return {
        "due": said.due.day.isoformat(),
        "due_at": iso_instant(said.due.at),
        "used": said.used,
        "remaining": said.remaining,
        "light": said.light.upper(),
        "warn_from": iso_instant(said.warn_from),
        "next_turn": iso_instant(said.next_turn),
        "explanation": [line.sentence.words() for line in preview.lines],
    }


def _asked(body: Body) -> LimitRequest:
    limit = body.part("limit")
    if limit is None:
        raise field_refused("limit", "必填的 JSON 对象", "FIELD_REQUIRED")
    limit.only("amount", "unit")
    start = body.instant("start")
    if start is None:
        raise field_refused("start", "必填的日期时间", "FIELD_REQUIRED")
    return LimitRequest(
        start=_known(start, "start"),
        amount=limit.needed_whole("amount"),
        unit=_unit(limit),
        suspensions=_pauses(body),
        extensions=_extensions(body),
        now=None if (now := body.instant("now")) is None else _known(now, "now"),
    )


def _pauses(body: Body) -> list[PauseAsked]:
    found = []
    for part in body.parts("suspensions"):
        part.only("from", "to", "kind")
        found.append(
            PauseAsked(
                kind=part.text("kind", longest=40) or "", after=_needed_day(part, "from"), through=_day(part, "to")
            )
        )
    if len(found) > MOST_PAUSES:
        raise field_refused("suspensions", f"不超过 {MOST_PAUSES} 项的列表")
    return found


def _extensions(body: Body) -> list[ExtensionAsked]:
    found = []
    for part in body.parts("extensions"):
        part.only("amount", "unit", "approved")
        found.append(
            ExtensionAsked(amount=part.needed_whole("amount"), unit=_unit(part), approved=_day(part, "approved"))
        )
    return found


def _unit(part: Body) -> Unit:
    text = part.needed_text("unit")
    if text not in UNITS:
        raise field_refused(f"{part.path}unit", f" {'、'.join(UNITS)} 之一")
    return Unit(text)


def _day(part: Body, name: str) -> date | None:
    text = part.text(name, longest=10)
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise field_refused(f"{part.path}{name}", "日期，例如 2026-03-16") from error


def _needed_day(part: Body, name: str) -> date:
    found = _day(part, name)
    if found is None:
        raise field_refused(f"{part.path}{name}", "必填的日期", "FIELD_REQUIRED")
    return found


def _known(instant: datetime, name: str) -> datetime:
    """An instant far enough from the ends of the calendar to be told in any zone."""
    if not 2 <= instant.year <= 9998:
        raise field_refused(name, "日期时间，例如 2026-03-16T09:00:00+08:00")
    return instant
