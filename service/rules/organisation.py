"""Departments and windows of the centre (DOMAIN C.3.2, XN-28, XZ-23): kinds, opening periods, and what a department lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from service.rules.refusals import refuse
from service.rules.worktime import SHANGHAI

WINDOW_NUMBER = re.compile(r"W\d{3,5}")
DEPARTMENT_CODE = re.compile(r"\d{3}")
EVERY_WORKDAY = "12345"
MOST_PERIODS = 6


class DepartmentKind(StrEnum):
    """What a unit is."""

    FUNCTIONAL = "FUNCTIONAL"  # 职能部门
    INTERMEDIARY = "INTERMEDIARY"  # 中介机构
    SUPPORTING = "SUPPORTING"  # 配套机构
    MANAGING = "MANAGING"  # 管理机构


class UnitType(StrEnum):
    """Which of its sections is in the centre."""

    APPROVAL_UNIT = "APPROVAL_UNIT"  # 行政审批科
    COORDINATION_UNIT = "COORDINATION_UNIT"  # 审批协调科
    SINGLE_UNIT = "SINGLE_UNIT"  # one unit that does all of it


class Level(StrEnum):
    """Where in the tree of four levels (四级联动) a unit stands."""

    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


class Entry(StrEnum):
    """Whether a unit has come into the centre."""

    PREPARING = "PREPARING"  # 筹建
    RESIDENT = "RESIDENT"  # 已进驻
    LEFT = "LEFT"  # 迁出


class WindowKind(StrEnum):
    """What a window is for."""

    STANDING = "STANDING"  # 常设
    COMPREHENSIVE = "COMPREHENSIVE"  # 综合(全能岗)
    SEASONAL = "SEASONAL"  # 季节性临时
    CONVENIENCE = "CONVENIENCE"  # 便民
    COMPLAINTS = "COMPLAINTS"  # 监督投诉
    ISSUING = "ISSUING"  # 发证
    SUPPORTING = "SUPPORTING"  # 配套
    AGENCY = "AGENCY"  # 帮办代办


@dataclass(frozen=True, kw_only=True)
class Period:
    """When a window is open: days [since, until], None without an end; weekdays 1 (Monday) to 7; opening hours, None: the
    counter's."""

    since: date | None = None
    until: date | None = None
    weekdays: str = EVERY_WORKDAY
    opens: time | None = None
    closes: time | None = None

    def covers(self, day: date) -> bool:
        """Whether the window is open on a day, holidays aside."""
        return (
            (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and str(day.isoweekday()) in self.weekdays
        )

    def data(self) -> dict[str, Any]:
        """The period as JSON."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "weekdays": self.weekdays,
            "opens": self.opens.isoformat("minutes") if self.opens else None,
            "closes": self.closes.isoformat("minutes") if self.closes else None,
        }


def period_of(data: Mapping[str, Any]) -> Period:
    """A period from its JSON."""
    return Period(
        since=date.fromisoformat(data["since"]) if data.get("since") else None,
        until=date.fromisoformat(data["until"]) if data.get("until") else None,
        weekdays=data.get("weekdays") or EVERY_WORKDAY,
        opens=time.fromisoformat(data["opens"]) if data.get("opens") else None,
        closes=time.fromisoformat(data["closes"]) if data.get("closes") else None,
    )


def check_periods(kind: WindowKind, periods: Sequence[Period]) -> None:
    """Refused, naming the field `periods`: PERIOD_REVERSED, PERIODS_TOO_MANY, SEASON_MISSING (a seasonal window says when)."""
    if len(periods) > MOST_PERIODS:
        raise refuse("periods", "PERIODS_TOO_MANY", "开放时段不能超过 {most} 个。", most=MOST_PERIODS)
    for one in periods:
        if one.since and one.until and one.until < one.since:
            raise refuse("periods", "PERIOD_REVERSED", "结束日期应不早于开始日期。")
        if (one.opens is None) != (one.closes is None) or (one.opens and one.closes and one.closes <= one.opens):
            raise refuse("periods", "PERIOD_HOURS", "开放钟点应同时填写开始和结束，并且结束在后。")
        if not one.weekdays or set(one.weekdays) - set("1234567"):
            raise refuse("periods", "PERIOD_WEEKDAYS", "每个时段至少选择一个星期几。")
    if kind == WindowKind.SEASONAL and not any(one.since and one.until for one in periods):
        raise refuse("periods", "SEASON_MISSING", "季节性临时窗口应写明开放的起止日期。")


def open_at(periods: Sequence[Period], moment: datetime) -> bool:
    """Whether a window is open at an instant, holidays aside; without periods whenever the counter is."""
    local = moment.astimezone(SHANGHAI)
    if not periods:
        return True
    return any(
        one.covers(local.date()) and (one.opens is None or one.closes is None or one.opens <= local.time() < one.closes)
        for one in periods
    )


def open_on(periods: Sequence[Period], day: date) -> bool:
    """Whether a window is open on a day, holidays aside; without periods always."""
    return not periods or any(one.covers(day) for one in periods)


def lacks(kind: str, unit_type: str | None, entry: str, holders: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What a department in the centre lacks, as codes: `reviewer_a`, `reviewer_b`, `chief_rep`, `chief_rep_many` (exactly one,
    C.3.2), `resident_leader`, `dept_head`, `same_person` (A and B must differ), `unit_type`.

    Units that decide nothing themselves need no posts.
    """
    if kind != DepartmentKind.FUNCTIONAL or entry == Entry.LEFT:
        return ()
    found = [
        role
        for role in ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head")
        if not holders.get(role)
    ]
    if len(holders.get("chief_rep", ())) > 1:
        found.append("chief_rep_many")
    first, second = set(holders.get("reviewer_a", ())), set(holders.get("reviewer_b", ()))
    if first and second and first == second:
        found.append("same_person")
    if unit_type is None:
        found.append("unit_type")
    return tuple(found)
