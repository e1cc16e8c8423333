"""The working-day calendar of the years 2024 to 2026, as the State Council office announced them.

Each year lists only what differs from Monday to Friday: weekdays that rest and weekend days that work (调休, which
count as working days, rule R-CAL-2). A year that is not here is refused, never guessed.
Sources: the State Council office's yearly notices of 2023-10-25 (for 2024), 2024-11-12 (for 2025)
and 2025-11-04 (for 2026).
"""

from __future__ import annotations

from datetime import date, timedelta

RESTING_WEEKDAYS = {
    2024: (
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01 10-02 10-03 10-04 "
        "10-07"
    ),
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
    2026: (
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 "
        "10-07"
    ),
}

WORKING_WEEKENDS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def _working_days(year: int) -> frozenset[date]:
    days = {date(year, 1, 1) + timedelta(n) for n in range(366 if year % 4 == 0 else 365)}
    resting = {date.fromisoformat(f"{year}-{text}") for text in RESTING_WEEKDAYS[year].split()}
    working = {date.fromisoformat(f"{year}-{text}") for text in WORKING_WEEKENDS[year].split()}
    return frozenset({d for d in days if d.weekday() < 5} - resting | working)


WORKING_DAYS: dict[int, frozenset[date]] = {year: _working_days(year) for year in RESTING_WEEKDAYS}
