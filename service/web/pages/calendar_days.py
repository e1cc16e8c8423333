"""日历明细: the days of every entered year that differ from Monday to Friday, as a list that is narrowed, put in order and exported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext, lazy_gettext

from service.casework.calendars import calendar_list
from service.rules.calendars import COUNTRY, CalendarDay, YearStatus, ranges
from service.web.pages import labels, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """Days that follow each other and say the same, and where they stand written."""

    region: str
    year: int
    first: CalendarDay
    last: date
    status: YearStatus
    notice: str
    entered_by: str
    entered_at: datetime


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list."""

    def load(number: int) -> listing.OnePage:
        lines = [
            DayLine(
                region=one.calendar.region,
                year=one.calendar.year,
                first=first,
                last=last,
                status=one.calendar.status,
                notice=one.calendar.notice,
                entered_by=one.entered_by,
                entered_at=one.entered_at,
            )
            for one in calendar_list(office, acting())
            for first, last in ranges(one.calendar.days)
        ]
        region, year, kind = _filters()
        return listing.cut(
            [
                one
                for one in sorted(lines, key=lambda line: (line.first.day, line.region), reverse=True)
                if region in ("", one.region) and year in ("", str(one.year)) and kind in ("", kind_of(one))
            ],
            number,
            regions=sorted({one.region for one in lines}, key=lambda code: (code != COUNTRY, code)),
            years=sorted({one.year for one in lines}, reverse=True),
        )

    listed = listing.declare(
        pages,
        listing.Listed(
            name="calendar_days",
            words=lazy_gettext("日历明细"),
            load=load,
            columns=(
                listing.Column(code="region", words=lazy_gettext("地区"), cell=lambda row, _: region_words(row.region)),
                listing.Column(code="year", words=lazy_gettext("年份"), cell=lambda row, _: row.year),
                listing.Column(code="first", words=lazy_gettext("开始"), cell=lambda row, _: row.first.day),
                listing.Column(code="last", words=lazy_gettext("结束"), cell=lambda row, _: row.last),
                listing.Column(code="kind", words=lazy_gettext("类型"), cell=lambda row, _: kind_words(row)),
                listing.Column(code="name", words=lazy_gettext("名称"), cell=lambda row, _: row.first.name),
                listing.Column(
                    code="counted",
                    words=lazy_gettext("工作日"),
                    cell=lambda row, _: gettext("计入") if row.first.workday else gettext("不计入"),
                ),
                listing.Column(code="status", words=lazy_gettext("状态"), cell=lambda row, _: status_words(row)),
                listing.Column(code="notice", words=lazy_gettext("通知"), cell=lambda row, _: row.notice),
                listing.Column(code="entered_by", words=lazy_gettext("录入人"), cell=lambda row, _: row.entered_by),
                listing.Column(code="entered_at", words=lazy_gettext("录入时间"), cell=lambda row, _: row.entered_at),
            ),
        ),
    )

    @pages.get("/calendar/days")
    def calendar_days() -> str:
        region, year, kind = _filters()
        return render_template(
            "calendar_days.html",
            found=listing.shown(listed),
            region=region,
            year=year,
            kind=kind,
            kinds=KINDS,
            kind_words=kind_words,
            status_words=status_words,
            region_words=region_words,
            address=Address(
                "pages.calendar_days", region=region, year=year, kind=kind, sort=listing.sort_wanted() or None
            ),
        )


KINDS = ("holiday", "makeup", "local")


def _filters() -> tuple[str, str, str]:
    """Region, year and kind of the address; nonsense finds nothing."""
    region, year, kind = (request.args.get(name, "")[:40] for name in ("region", "year", "kind"))
    return region, year, kind


def kind_of(line: DayLine) -> str:
    """Why the days differ."""
    return line.first.reason.lower()


def kind_words(line: DayLine) -> str:
    """The kind, and which half-days are closed."""
    said, closed = str(labels.DAY_KINDS[kind_of(line)]), line.first.closed
    return f"{said} · {labels.CLOSINGS[2 if len(closed) == 2 else closed[0]]}" if closed else said


def status_words(line: DayLine) -> str:
    """暂定 or 正式."""
    return gettext("暂定") if line.status is YearStatus.PROVISIONAL else gettext("正式")


def region_words(code: str) -> str:
    """The country, or the code of a region."""
    return gettext("全国") if code == COUNTRY else gettext("%(code)s 地区", code=code)
