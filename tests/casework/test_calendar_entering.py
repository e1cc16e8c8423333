"""A yearly notice as rows and files: what people type, what is wrong with it and where."""

from __future__ import annotations

import io
from datetime import date, datetime

import orjson
import pytest
from openpyxl import Workbook

from service.casework.calendars import YearRow, beside_rows, days_of_rows, read_rows, rows_of
from service.rules.calendars import COUNTRY, CalendarYear, DayReason, YearStatus, checked_year
from service.rules.refusals import Invalid, TooLarge
from service.rules.worktime import Half
from service.store.calendar_seeds import seeds

YEAR = list(seeds())[-1]
CITY = "990100"
SPRING = YearRow(name="春节", first="2026-02-15", last="2026-02-23", makeup="2026-02-14 2026-02-28")


def refused(*rows: YearRow, region: str = COUNTRY) -> dict[str, str]:
    """Field and code of everything wrong."""
    with pytest.raises(Invalid) as said:
        days_of_rows(region, 2026, rows, YEAR.workdays)
    return {one.field: one.code for one in said.value.fields}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (YearRow(name="x", first="2026-02-30"), "first"),
        (YearRow(name="x", last="2026-02-03"), "first"),
        (YearRow(name="x", first="tomorrow"), "first"),
        (YearRow(name="x", first="02-05", last="02-04"), "last"),
        (YearRow(name="x", first="02-05", last="soon"), "last"),
        (YearRow(name="x", first="02-05", last="04-05"), "last"),
        (YearRow(name="x", makeup="02-07 32日"), "makeup"),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(row, field):
    assert refused(SPRING, row) == {f"rows[1].{field}": "FIELD_INVALID"}


def test_a_local_rule_without_a_kind_is_refused():
    assert refused(YearRow(name="x", first="03-20"), region=CITY) == {"rows[0].kind": "FIELD_INVALID"}


def test_what_the_rules_refuse_is_told_beside_the_row_it_came_from():
    rows = (SPRING, YearRow(name="", first="03-16"), YearRow(name="劳动节", makeup="05-08"))
    days, origins = days_of_rows(COUNTRY, 2026, rows)
    with pytest.raises(Invalid) as said:
        checked_year(CalendarYear(region=COUNTRY, year=2026, status=YearStatus.ACTIVE, notice="x", days=days))
    told = beside_rows(said.value, origins)
    assert {one.field: one.code for one in told.fields} == {
        "rows[1].name": "NAME_REQUIRED",
        "rows[2].makeup": "MAKEUP_ON_A_WEEKDAY",
    }


def test_rows_and_days_say_the_same():
    rows = rows_of(COUNTRY, YEAR.days)
    assert rows[1] == SPRING and len(rows) == 7
    days, _ = days_of_rows(COUNTRY, 2026, rows)
    assert sorted(days, key=lambda one: one.day) == list(YEAR.days)


@pytest.mark.parametrize("text", ["2026-02-14", "2026/2/14", "2026年2月14日", "2月14日", "02-14", "2.14"])
def test_dates_are_read_as_people_write_them(text):
    days, _ = days_of_rows(COUNTRY, 2026, (YearRow(name="春节", makeup=text),))
    assert [one.day for one in days] == [date(2026, 2, 14)]


def test_local_rules_leave_out_days_they_would_not_change():
    rows = (
        YearRow(name="州庆", first="04-17", last="04-21", kind="REST"),
        YearRow(name="学习", first="03-20", last="03-23", kind="PM"),
    )
    days, _ = days_of_rows(CITY, 2026, rows, YEAR.workdays)
    assert [(one.day.day, one.workday, one.closed) for one in days] == [
        (17, False, ()),
        (20, False, ()),
        (21, False, ()),
        (20, True, (Half.AFTERNOON,)),
        (23, True, (Half.AFTERNOON,)),
    ]
    assert {one.reason for one in days} == {DayReason.LOCAL}
    assert [(row.first, row.last, row.kind) for row in rows_of(CITY, days)][0] == ("2026-03-20", "2026-03-20", "PM")


# -- files ------------------------------------------------------------------------------------------------------


def workbook(*lines: tuple) -> bytes:
    """An XLSX file with one sheet."""
    book, kept = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notice.pdf", b"%PDF", "FILE_KIND"),
        ("notice.csv", "甲,乙\n1,2\n".encode(), "FILE_UNREADABLE"),
        ("notice.csv", b"", "FILE_UNREADABLE"),
        ("notice.xlsx", b"PK\x03\x04 broken", "FILE_UNREADABLE"),
        ("notice.xlsx", b"no zip at all", "FILE_UNREADABLE"),
        ("notice.json", b"{", "FILE_UNREADABLE"),
        ("notice.json", b"[1]", "FILE_UNREADABLE"),
        ("notice.json", b'{"days": "x"}', "FILE_UNREADABLE"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name, content, code):
    with pytest.raises(Invalid) as said:
        read_rows(name, content, COUNTRY, 2026)
    assert (said.value.code, said.value.fields[0].field) == (code, "file")


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        read_rows("notice.csv", b"x" * (1024 * 1024 + 1), COUNTRY, 2026)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_notice_from_a_csv_file_is_read_in_both_encodings(encoding):
    text = "2026年放假安排\n名称,开始,结束,调休上班\n春节,2026-02-15,2026-02-23,2026-02-14 2026-02-28\n"
    assert read_rows("安排.CSV", text.encode(encoding), COUNTRY, 2026) == (SPRING,)


def test_a_notice_from_a_workbook_is_read_with_its_dates():
    content = workbook(
        ("名称", "开始", "结束", "调休上班"),
        ("春节", datetime(2026, 2, 15), datetime(2026, 2, 23), "2026-02-14 2026-02-28"),
    )
    assert read_rows("notice.xlsx", content, COUNTRY, 2026) == (SPRING,)


def test_a_line_a_day_becomes_a_row_a_festival():
    lines = ["日期,上班,名称", *(f"{one.day},{'是' if one.workday else '否'},{one.name}" for one in YEAR.days)]
    assert read_rows("days.csv", "\n".join(lines).encode(), COUNTRY, 2026) == rows_of(COUNTRY, YEAR.days)


def test_the_json_of_the_api_is_read():
    days = [{"date": one.day.isoformat(), "workday": one.workday, "name": one.name} for one in YEAR.days]
    content = orjson.dumps({"status": "ACTIVE", "days": days})
    assert read_rows("days.json", content, COUNTRY, 2026) == rows_of(COUNTRY, YEAR.days)
    local = [{"date": "2026-03-20", "workday": True, "name": "学习", "closed": ["PM"]}]
    (row,) = read_rows("days.json", orjson.dumps(local), CITY, 2026)
    assert (row.first, row.kind) == ("2026-03-20", "PM")


def test_a_line_whose_date_cannot_be_read_stays_to_be_corrected():
    rows = read_rows("days.csv", "日期,上班,名称\n某日,否,元旦\n2026-01-01,否,元旦\n".encode(), COUNTRY, 2026)
    assert [row.first for row in rows] == ["某日", "2026-01-01"]


def test_local_rules_from_a_file_are_read_with_their_kind():
    text = "事由,开始,结束,类型\n学习,2026-03-20,,下午停办\n州庆,2026-04-22,,放假\n"
    assert [row.kind for row in read_rows("local.csv", text.encode(), CITY, 2026)] == ["PM", "REST"]
