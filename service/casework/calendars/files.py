"""A yearly notice from a file: CSV, XLSX or JSON, one line a festival (or a local rule), or one line a day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from service.casework.calendars.entering import KINDS, MOST_ROWS, YearRow, read_date, rows_of
from service.casework.workbooks import Rows, WorkbookTooLarge, read_sheets
from service.rules.calendars import COUNTRY, CalendarDay, DayReason
from service.rules.refusals import Invalid, TooLarge, refuse
from service.rules.worktime import Half

LARGEST = 1024 * 1024  # bytes of the file
UNPACKED = 8 * 1024 * 1024  # bytes of a workbook when it is unpacked
LINES = 1000
COLUMNS = {
    "name": ("名称", "节日", "事由", "name"),
    "first": ("开始", "开始日期", "日期", "from", "first", "start", "date"),
    "last": ("结束", "结束日期", "to", "last", "end"),
    "makeup": ("调休上班", "调休", "makeup"),
    "kind": ("类型", "kind"),
    "workday": ("上班", "是否上班", "工作日", "workday"),
}
HALVES = {"AM": Half.MORNING, "PM": Half.AFTERNOON}
YES = frozenset({"1", "true", "是", "上班", "yes"})
LOCAL_KINDS = {"放假": "REST", "上午停办": "AM", "下午停办": "PM", "全天停办": "ALL", "上班": "WORK"}


def read_rows(name: str, content: bytes, region: str, year: int) -> tuple[YearRow, ...]:
    """The rows of a file, ready to be checked by people before they are entered.

    Refused, naming the field `file`: FILE_KIND, FILE_TOO_LARGE, FILE_UNREADABLE.
    """
    if len(content) > LARGEST:
        raise TooLarge("FILE_TOO_LARGE", "文件不能超过 1 MB。")
    suffix = name.lower().rpartition(".")[2]
    if suffix == "json":
        lines = _json(content)
    elif suffix == "csv":
        lines = _commas(content)
    elif suffix == "xlsx":
        lines = _named(_sheet(content))
    else:
        raise refuse("file", "FILE_KIND", "请选择 CSV、XLSX 或 JSON 文件。")
    if not lines:
        raise refuse("file", "FILE_UNREADABLE", "文件中没有可以识别的行；第一行应为列名：名称、开始、结束、调休上班。")
    if any(line.get("workday") for line in lines):
        return _by_day(lines, region, year)[:MOST_ROWS]
    return tuple(_row(line) for line in lines)[:MOST_ROWS]


def _row(line: Mapping[str, str]) -> YearRow:
    kind = line.get("kind", "")
    return YearRow(
        name=line.get("name", ""),
        first=line.get("first", ""),
        last=line.get("last", ""),
        makeup=line.get("makeup", ""),
        kind=LOCAL_KINDS.get(kind, kind if kind in KINDS else ""),
    )


def _by_day(lines: Sequence[Mapping[str, str]], region: str, year: int) -> tuple[YearRow, ...]:
    """One line a day: neighbours become one row again; a line without a readable date stays as it is."""
    days: list[CalendarDay] = []
    unreadable: list[YearRow] = []
    for line in lines:
        day, works = read_date(line.get("first", ""), year), line.get("workday", "").lower() in YES
        if day is None:
            unreadable.append(_row(line))
            continue
        reason = DayReason.LOCAL if region != COUNTRY else DayReason.MAKEUP if works else DayReason.HOLIDAY
        closed = tuple(half for word, half in HALVES.items() if word in line.get("closed", "")) if works else ()
        days.append(CalendarDay(day=day, workday=works, reason=reason, name=line.get("name", ""), closed=closed))
    return (*unreadable, *rows_of(region, sorted(days, key=lambda one: one.day)))


def _json(content: bytes) -> list[dict[str, str]]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _unreadable() from error
    lines = found.get("days") or found.get("rows") if isinstance(found, dict) else found
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise _unreadable()
    try:
        return [{_column(str(key)) or str(key): _text(value) for key, value in line.items()} for line in lines[:LINES]]
    except RecursionError as error:  # lists in lists
        raise _unreadable() from error


def _named(lines: Iterable[Sequence[Any]]) -> list[dict[str, str]]:
    """Lines below the one with the names of the columns; lines above it (a title) are skipped."""
    columns: dict[int, str] = {}
    found = []
    for number, line in enumerate(lines):
        if number >= LINES:
            break
        texts = [_text(value) for value in line]
        if not columns:
            named = {at: column for at, text in enumerate(texts) if (column := _column(text))}
            columns = named if "first" in named.values() else {}
        elif any(texts):
            found.append({column: texts[at] for at, column in columns.items() if at < len(texts)})
    return found


def _column(text: str) -> str | None:
    wanted = text.strip().lower()
    return next((column for column, names in COLUMNS.items() if wanted in names), None)


def _text(value: Any) -> str:
    """A cell as text; dates as ISO, lists joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return str(value).strip()[:200]


def _commas(content: bytes) -> list[dict[str, str]]:
    try:
        return _named(csv.reader(io.StringIO(_decoded(content), newline="")))
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(content: bytes) -> str:
    """UTF-8, else what Chinese spreadsheets write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _sheet(content: bytes) -> Rows:
    """The first sheet of a workbook."""
    try:
        sheets = read_sheets(content, lambda place, _: place == 0, unpacked=UNPACKED, rows=LINES, columns=20)
        return next(iter(sheets.values()))
    except WorkbookTooLarge as error:
        raise TooLarge("FILE_TOO_LARGE", "文件不能超过 1 MB。") from error
    except Exception as error:  # whatever a damaged workbook makes the reader raise
        raise _unreadable() from error


def _unreadable() -> Invalid:
    return refuse("file", "FILE_UNREADABLE", "文件无法读取，请检查格式。")
