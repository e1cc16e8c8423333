"""The addresses of calendars in `/api/v1`."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import content, operation, query
from service.web.api.schemas import WHOLE, ref

PARTS: tuple[dict[str, Any], ...] = (
    {
        "name": "region",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^(CN|[0-9]{6})$"},
        "description": "CN 全国，或六位行政区划代码。",
    },
    {"name": "year", "in": "path", "required": True, "schema": {**WHOLE, "minimum": 2000, "maximum": 2200}},
)

PATHS: dict[str, dict[str, Any]] = {
    "/calendars": {
        "get": operation("listCalendars", "已录入的工作日历", "时限", {200: ref("CalendarList")}),
    },
    "/calendars/{region}/{year}": {
        "get": operation(
            "getCalendar", "一个地区一年的工作日历，每天一行", "时限", {200: ref("Calendar")}, parameters=PARTS
        ),
        "put": operation(
            "putCalendar",
            "录入一年的工作日历并重新计算在办时限；preview=true 只预览，不保存",
            "时限",
            {200: ref("CalendarChange")},
            parameters=(*PARTS, query("preview", {"enum": ["true", "false"], "default": "false"})),
            body=content(ref("NewCalendar")),
        ),
    },
}
