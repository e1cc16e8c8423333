"""A year as a notice puts it: one row a festival with its first and last day and its make-up days, or a local rule.

Rows hold what people typed, so that whatever is wrong is told beside the field it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.rules.calendars import COUNTRY, CalendarDay, DayReason, ranges
from service.rules.refusals import FieldProblem, Invalid
from service.rules.sentences import Sentence
from service.rules.worktime import Half

LONGEST_RANGE = 31  # days
MOST_ROWS = 120
KINDS: dict[str, tuple[bool, tuple[Half, ...]]] = {  # of a local rule: is it a working day, which halves are closed
    "REST": (False, ()),
    "AM": (True, (Half.MORNING,)),
    "PM": (True, (Half.AFTERNOON,)),
    "ALL": (True, (Half.MORNING, Half.AFTERNOON)),
    "WORK": (True, ()),
}
NO_DATE = Sentence("请填写日期，例如 {year}-01-01。")
BACKWARDS = Sentence("结束日期不能早于开始日期。")
TOO_LONG = Sentence("一行最多 {longest} 天。")
NO_KIND = Sentence("请选择类型。")
_SEPARATORS = re.compile(r"[\s,，、;；]+")
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, kw_only=True)
class YearRow:
    """One row as it was typed. The country: `makeup` holds the make-up days. A region: `kind` is one of KINDS."""

    name: str = ""
    first: str = ""
    last: str = ""
    makeup: str = ""
    kind: str = ""

    @property
    def empty(self) -> bool:
        """Nothing but a name and a kind stands in it."""
        return not (self.first or self.last or self.makeup)


def days_of_rows(
    region: str, year: int, rows: Sequence[YearRow], inherited: Collection[date] = ()
) -> tuple[tuple[CalendarDay, ...], tuple[tuple[int, str], ...]]:
    """The days of rows, and of each day the row and the field it came from. `inherited`: the country's working days.

    Days of a longer local range that would change nothing are left out. Refused: CALENDAR_DAYS_INVALID, every wrong
    field as `rows[n].…`.
    """
    found: list[CalendarDay] = []
    origins: list[tuple[int, str]] = []
    problems: list[FieldProblem] = []
    for number, row in enumerate(rows):
        if row.empty:
            continue
        reader = _Row(number, year, row, problems)
        days = reader.country() if region == COUNTRY else reader.local(inherited)
        for day, field in days:
            found.append(day)
            origins.append((number, field))
    if problems:
        raise Invalid("CALENDAR_DAYS_INVALID", "有 {count} 处填写不正确。", fields=tuple(problems), count=len(problems))
    return tuple(found), tuple(origins)


def beside_rows(refusal: Invalid, origins: Sequence[tuple[int, str]]) -> Invalid:
    """The refusal of days as one of the rows they came from, each wrong row once."""
    told: dict[str, FieldProblem] = {}
    for one in refusal.fields:
        match = re.fullmatch(r"days\[(\d+)\]\.(\w+)", one.field)
        if match is None:
            told.setdefault(one.field, one)
            continue
        number, field = origins[int(match[1])]
        name = f"rows[{number}].{field if match[2] != 'name' else 'name'}"
        told.setdefault(name, FieldProblem(field=name, code=one.code, text=one.text, params=one.params))
    return Invalid(refusal.code, refusal.text, fields=tuple(told.values()), **refusal.params)


def rows_of(region: str, days: Sequence[CalendarDay]) -> tuple[YearRow, ...]:
    """The rows that say the same as these days, in their order."""
    if region != COUNTRY:
        return tuple(
            YearRow(name=first.name, first=first.day.isoformat(), last=last.isoformat(), kind=_kind(first))
            for first, last in ranges(days)
        )
    makeup: dict[str, list[str]] = {}
    for one in days:
        if one.reason is DayReason.MAKEUP:
            makeup.setdefault(one.name, []).append(one.day.isoformat())
    rows = [
        YearRow(
            name=first.name,
            first=first.day.isoformat(),
            last=last.isoformat(),
            makeup=" ".join(makeup.pop(first.name, [])),
        )
        for first, last in ranges([one for one in days if one.reason is DayReason.HOLIDAY])
    ]
    return (*rows, *(YearRow(name=name, makeup=" ".join(left)) for name, left in makeup.items()))


def read_date(text: str, year: int) -> date | None:
    """A date as people write it: 2027-02-06, 2027/2/6, 2月6日, 02-06."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        return None


class _Row:
    """One row while it is read; what is wrong goes to `problems`."""

    def __init__(self, number: int, year: int, row: YearRow, problems: list[FieldProblem]) -> None:
        self.number, self.year, self.row, self.problems = number, year, row, problems

    def country(self) -> list[tuple[CalendarDay, str]]:
        """Days off and make-up days of a festival."""
        name = self.row.name.strip()
        rest = [
            (CalendarDay(day=day, workday=False, reason=DayReason.HOLIDAY, name=name), "first")
            for day in (self._range() if self.row.first or self.row.last else ())
        ]
        work = []
        for text in filter(None, _SEPARATORS.split(self.row.makeup)):
            day = read_date(text, self.year)
            if day is None:
                self._wrong("makeup", NO_DATE, year=self.year)
                break
            work.append((CalendarDay(day=day, workday=True, reason=DayReason.MAKEUP, name=name), "makeup"))
        return rest + work

    def local(self, inherited: Collection[date]) -> list[tuple[CalendarDay, str]]:
        """Days of a local rule."""
        if self.row.kind not in KINDS:
            self._wrong("kind", NO_KIND)
            return []
        workday, closed = KINDS[self.row.kind]
        days = self._range()
        if len(days) > 1:
            days = [day for day in days if (day in inherited) is (not workday or bool(closed))] or days
        return [
            (
                CalendarDay(
                    day=day, workday=workday, reason=DayReason.LOCAL, name=self.row.name.strip(), closed=closed
                ),
                "first",
            )
            for day in days
        ]

    def _range(self) -> list[date]:
        first = read_date(self.row.first, self.year)
        last = read_date(self.row.last, self.year) if self.row.last else first
        for field, day in (("first", first), ("last", last)):
            if day is None and (field == "first" or self.row.last):
                self._wrong(field, NO_DATE, year=self.year)
        if first is None or last is None:
            return []
        if last < first:
            self._wrong("last", BACKWARDS)
            return []
        if (last - first).days >= LONGEST_RANGE:
            self._wrong("last", TOO_LONG, longest=LONGEST_RANGE)
            return []
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def _wrong(self, field: str, said: Sentence, **params: object) -> None:
        name = f"rows[{self.number}].{field}"
        self.problems.append(
            FieldProblem(field=name, code="FIELD_INVALID", text=said.text, params=tuple(params.items()))
        )


def _kind(one: CalendarDay) -> str:
    return next(name for name, value in KINDS.items() if value == (one.workday, one.closed))
