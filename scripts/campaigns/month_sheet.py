"""The monthly sheet (月统计表, 六类件) made from the journals of the cases alone: per department and in total, and it adds up.

An application is one case; a chain is one 联办件, whatever it calls. A case counts in the month in which it is accepted; it is
closed when its result has been delivered, or has been ready for five working days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from scripts.campaigns.month_diagrams import SIX, cards
from scripts.campaigns.quarter_law import CHINA, Calendar

CARRIED, ACCEPTED, CLOSED, RUNNING = "上月结转", "本月受理", "本月办结", "月末在办"
WITHDRAWN, ENDED, GIVEN_UP = "撤回", "终止", "放弃"
RECEIVED, CORRECTED, RETURNED, DEEMED = "收件", "补办件", "退回件", "视为受理"
NOT_ACCEPTED, REFUSED, GIVEN_BACK = "不予受理", "不予", "退件"
ON_TIME, LATE, EARLY = "按时", "超时", "提前"
YELLOW, RED = "黄牌", "红牌"
SILENT = {"INTERNAL_OPINION": "默许意见", "STAGE_SKIP": "免签通过", "DECISION": "默许决定", "STATUTORY": "默许决定"}
OWED, PAID = "应收", "实收"
COLUMNS = (
    CARRIED, RECEIVED, ACCEPTED, *SIX.values(), CORRECTED, RETURNED, CLOSED, WITHDRAWN, ENDED, GIVEN_UP, RUNNING,
    DEEMED, NOT_ACCEPTED, GIVEN_BACK, REFUSED, ON_TIME, LATE, YELLOW, RED, *dict.fromkeys(SILENT.values()), OWED, PAID,
)  # fmt: skip
TOTAL = "合计"
SETTLED_AFTER = 5  # working days a result lies ready
Line = Mapping[str, Any]
CALENDAR = Calendar()


@dataclass
class Sheet:
    """Rows by department, columns by name."""

    rows: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, department: str, column: str, many: Any = 1) -> None:
        """Count something for a department and in total."""
        for row in (department, TOTAL):
            self.rows.setdefault(row, Counter())[column] += many

    def sums(self) -> list[str]:
        """Where the identity of the sheet does not hold: what was there and came is what went and is there still."""
        wrong = []
        for department, row in sorted(self.rows.items()):
            came = row[CARRIED] + row[ACCEPTED]
            went = row[CLOSED] + row[WITHDRAWN] + row[ENDED] + row[GIVEN_UP] + row[RUNNING]
            if came != went:
                wrong.append(f"{department}: {row[CARRIED]} + {row[ACCEPTED]} came, but {went} went or are there")
            if row[ACCEPTED] != sum(row[kind] for kind in SIX.values()):
                wrong.append(f"{department}: the kinds of what was accepted add up to something else")
            if row[RETURNED] != row[NOT_ACCEPTED] + row[GIVEN_BACK] + row[REFUSED]:
                wrong.append(f"{department}: 退回件 are not what was turned away, given back and refused")
            if row[ON_TIME] + row[LATE] != row[CLOSED]:
                wrong.append(
                    f"{department}: on time {row[ON_TIME]} and late {row[LATE]} are not what was closed, {row[CLOSED]}"
                )
        for column in COLUMNS:
            if (
                sum(row[column] for name, row in self.rows.items() if name != TOTAL)
                != self.rows.get(TOTAL, Counter())[column]
            ):
                wrong.append(f"the departments' {column} do not add up to the total")
        return wrong

    def differences(self, other: Sheet) -> list[str]:
        """Cells that are not the same in another sheet."""
        return [
            f"{department}, {column}: {self.rows.get(department, Counter())[column]} by the journals, "
            f"{other.rows.get(department, Counter())[column]} by the tables"
            for department in sorted({*self.rows, *other.rows})
            for column in COLUMNS
            if self.rows.get(department, Counter())[column] != other.rows.get(department, Counter())[column]
        ]

    @property
    def lines(self) -> list[str]:
        """The total, as it would be read out."""
        row = self.rows.get(TOTAL, Counter())
        told = "；".join(f"{column} {row[column]:,}" for column in COLUMNS if row[column])
        return [
            f"{CARRIED} {row[CARRIED]:,} + {ACCEPTED} {row[ACCEPTED]:,} = {CLOSED} {row[CLOSED]:,} + {WITHDRAWN} {row[WITHDRAWN]:,} + {ENDED} {row[ENDED]:,} + {GIVEN_UP} {row[GIVEN_UP]:,} + {RUNNING} {row[RUNNING]:,}",
            told,
        ]


@dataclass(kw_only=True)
class Course:
    """What became of one application: the days that count."""

    process: str
    received: date
    accepted: date | None = None
    deemed: bool = False
    corrected: date | None = None
    turned_away: date | None = None
    given_back: date | None = None
    refused: date | None = None
    ready: date | None = None
    delivered: date | None = None
    withdrawn: date | None = None
    ended: date | None = None
    given_up: date | None = None
    in_time: bool | None = None

    @property
    def closed(self) -> date | None:
        """Delivered, or ready for five working days."""
        lain = None if self.ready is None else CALENDAR.after(self.ready, SETTLED_AFTER)
        days = [day for day in (self.delivered, lain) if day is not None]
        return min(days, default=None)

    @property
    def over(self) -> tuple[str, date] | None:
        """How it ended first, and when."""
        ways = ((CLOSED, self.closed), (WITHDRAWN, self.withdrawn), (ENDED, self.ended), (GIVEN_UP, self.given_up))
        found = [(day, place, way) for place, (way, day) in enumerate(ways) if day is not None]
        return None if not found else (min(found)[2], min(found)[0])


def sheet_of(journals: Iterable[tuple[str, Sequence[Line]]], first: date, last: date) -> Sheet:
    """The sheet of a month from (process, journal) of every case."""
    sheet = Sheet()
    for process, lines in journals:
        card = cards()[process]
        if card.kind not in ("ITEM", "CHAIN"):
            continue
        enter(sheet, course_of(process, lines), first, last)
        _count_lines(sheet, card.department, lines, first, last)
    return sheet


def enter(sheet: Sheet, course: Course, first: date, last: date) -> None:
    """Count one application."""
    card = cards()[course.process]
    department = card.department

    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    for column, day in ((RECEIVED, course.received), (CORRECTED, course.corrected)):
        if within(day):
            sheet.add(department, column)
    for column, day in (
        (NOT_ACCEPTED, course.turned_away), (GIVEN_BACK, course.given_back), (REFUSED, course.refused),
    ):  # fmt: skip
        if within(day):
            sheet.add(department, column)
            sheet.add(department, RETURNED)
    if course.accepted is None or course.accepted > last:
        return
    over = course.over if course.over is not None and course.over[1] <= last else None
    if over is not None and over[1] < first:
        return
    sheet.add(department, ACCEPTED if within(course.accepted) else CARRIED)
    if within(course.accepted):
        sheet.add(department, SIX[card.counts_as])
        if course.deemed:
            sheet.add(department, DEEMED)
    if over is None:
        sheet.add(department, RUNNING)
        return
    sheet.add(department, over[0])
    if over[0] == CLOSED:
        sheet.add(department, ON_TIME if course.in_time else LATE)


def course_of(process: str, lines: Sequence[Line]) -> Course:
    """The course of one application as its journal tells it."""
    course = Course(process=process, received=day_of(lines[0]["at"]))
    for line in lines:
        detail, day = line["detail"] or {}, day_of(line["at"])
        match line["action"]:
            case "item:reached" if not detail.get("scope"):
                _mark(course, detail["mark"], date.fromisoformat(detail["on"]) if detail.get("on") else day)
            case "case:terminated":
                course.ended = course.ended or day
            case "clock:stopped" if detail.get("kind") in ("CASE", "CHAIN") and not detail.get("scope"):
                course.in_time = bool(detail["in_time"])
            case "message:received" if detail.get("name") == "MSG_WITHDRAW":
                course.withdrawn = course.withdrawn or day
            case "case:completed" if str(line["element"] or "").startswith("End_Terminated"):
                course.ended = course.ended or day
            case "bill:abandoned":
                course.given_up = course.given_up or day
    return course


def _mark(course: Course, mark: str, day: date) -> None:
    match mark:
        case "ACCEPTED" | "DEEMED_ACCEPTED" | "M0":  # M0: a chain
            course.accepted = course.accepted or day
            course.deemed = course.deemed or mark == "DEEMED_ACCEPTED"
        case "CORRECTING":
            course.corrected = course.corrected or day
        case "NOT_ACCEPTED":
            course.turned_away = day
        case "RETURNED":
            course.given_back = day
        case "DECIDED_NO":
            course.refused = day
        case "READY":
            course.ready = day
        case "DELIVERED":
            course.delivered = day
        case "ABANDONED":
            course.given_up = day
        case "WITHDRAWN":
            course.withdrawn = day
        case "TERMINATED":
            course.ended = course.ended or day


def _count_lines(sheet: Sheet, department: str, lines: Sequence[Line], first: date, last: date) -> None:
    for line in lines:
        if not first <= day_of(line["at"]) <= last:
            continue
        detail = line["detail"] or {}
        match line["action"]:
            case "card:raised" if detail["level"] in ("YELLOW", "RED"):
                sheet.add(department, YELLOW if detail["level"] == "YELLOW" else RED)
            case "tacit:passed":
                sheet.add(department, SILENT[detail["level"]])
            case "bill:issued":
                sheet.add(department, OWED, Decimal(str(detail["total"])))
            case "bill:paid":
                sheet.add(department, PAID, Decimal(str(detail["amount"])))


def day_of(at: datetime) -> date:
    """The day in China."""
    return at.astimezone(CHINA).date()
