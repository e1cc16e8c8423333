"""Cron texts of timer cycles as Camunda 7 accepts them: six or seven fields, seconds first, Quartz's signs."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_MONTHS = {
    name: str(number) for number, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)
}
_DAYS = {name: str(number) for number, name in enumerate("SUN MON TUE WED THU FRI SAT".split(), 1)}
_FIELDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", re.ASCII)
_FAR = 366 * 12  # days ahead in which a date must be found: 29 February on a given weekday


class Cron:
    """One schedule. Raises ValueError for a text that is none."""

    def __init__(self, text: str) -> None:
        fields = text.upper().split()
        if len(fields) not in (6, 7):
            raise ValueError("six or seven fields")
        fields += ["*"] * (7 - len(fields))
        fields[4] = re.sub(r"[A-Z]{3}", lambda m: _MONTHS.get(m[0], m[0]), fields[4])
        fields[5] = re.sub(r"[A-Z]{3}", lambda m: _DAYS.get(m[0], m[0]), fields[5])
        if "?" in fields[3] and "?" in fields[5]:
            raise ValueError("? in both day fields")
        self.seconds, self.minutes, self.hours = (_numbers(fields[n], *_FIELDS[n]) for n in range(3))
        self.months, self.years = _numbers(fields[4], *_FIELDS[4]), _numbers(fields[6], *_FIELDS[6])
        self.day, self.weekday = fields[3], fields[5]
        self.any_day, self.any_weekday = self.day in ("*", "?"), self.weekday in ("*", "?")
        if not self.any_day and not self.any_weekday:
            raise ValueError("both day fields")
        self.days = frozenset() if re.fullmatch(r"L(-\d+)?", self.day) else _numbers(self.day, 1, 31)
        special = re.fullmatch(r"([1-7])(L|#[1-5])|L", self.weekday)
        self.weekdays = frozenset() if special else _numbers(self.weekday, 1, 7)

    def after(self, start: datetime, zone: tzinfo) -> datetime | None:
        """The first instant after `start` on the clock of `zone`; None when there is none any more."""
        local = start.astimezone(zone).replace(microsecond=0)
        day, first = local.date(), True
        for _ in range(_FAR):
            if day.year > max(self.years):
                return None
            if self.fits(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        for second in sorted(self.seconds):
                            found = datetime.combine(day, time(hour, minute, second), zone)
                            if not first or found > local:
                                return found
            day, first = day + timedelta(days=1), False
        return None

    def fits(self, day: date) -> bool:
        """Does the schedule hold on this day?"""
        if day.month not in self.months or day.year not in self.years:
            return False
        return (self.any_day or self.fits_day(day)) and (self.any_weekday or self.fits_weekday(day))

    def fits_day(self, day: date) -> bool:
        """The day of the month; L is the last, L-3 the third before it."""
        last = monthrange(day.year, day.month)[1]
        if self.day.startswith("L"):
            return day.day == last - int(self.day[2:] or 0)
        return day.day in self.days

    def fits_weekday(self, day: date) -> bool:
        """The weekday, Sunday is 1; 6L is the last Friday, 6#3 the third, L alone Saturday."""
        number, special = day.isoweekday() % 7 + 1, self.weekday
        if special == "L":
            return number == 7
        if special.endswith("L"):
            return number == int(special[0]) and day.day + 7 > monthrange(day.year, day.month)[1]
        if "#" in special:
            return number == int(special[0]) and (day.day - 1) // 7 + 1 == int(special[2])
        return number in self.weekdays


@lru_cache(maxsize=256)
def read_cron(text: str) -> Cron:
    """The schedule of a text. Raises ValueError."""
    return Cron(text)


def looks_like_cron(text: str) -> bool:
    """Is it meant as one: at least five fields of signs, and no expression?"""
    return bool(re.fullmatch(r"[\d*?/,\-]+(?: +[\dA-Za-z*?/,\-#]+){4,6}", text.strip(), re.ASCII))


def _numbers(field: str, least: int, most: int) -> frozenset[int]:
    if field == "?":
        return frozenset(range(least, most + 1))
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"field {field}")
        first = int(match[1]) if match[1] else least
        last = int(match[2]) if match[2] else most if match[3] or not match[1] else first
        step = int(match[3] or 1)
        if not (least <= first <= most and least <= last <= most and step > 0):
            raise ValueError(f"field {field}")
        chosen = (
            range(first, last + 1, step)
            if first <= last
            else [*range(first, most + 1), *range(least, last + 1)][::step]
        )
        found.update(chosen)
    return frozenset(found)
