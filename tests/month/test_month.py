"""A sample of `scripts/soak month`: sixty applications, a fixed seed; no incident, and the sheet adds up counted twice."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from scripts.campaigns.month import MonthReport, play
from scripts.campaigns.month_list import against_list
from scripts.campaigns.month_sheet import ACCEPTED, CARRIED, CLOSED, TOTAL, Course, Sheet, course_of, enter
from scripts.campaigns.quarter_law import CHINA

pytestmark = pytest.mark.slow
PROCESSES = ("item_104_XK_001", "item_107_XK_005", "item_105_XK_001", "item_101_QT_001")
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> MonthReport:
    """The sample."""
    return play(tmp_path_factory.mktemp("month"), 60, only=PROCESSES)


def test_a_month_ends_without_a_fault_and_its_sheet_adds_up(month: MonthReport):
    assert month.faults == []
    assert month.figures["applications"] == 60
    row = month.sheet.rows[TOTAL]
    assert row[CARRIED] > 0 and row[ACCEPTED] > 0 and row[CLOSED] > 0


def test_a_sheet_that_does_not_add_up_is_found_out(month: MonthReport):
    rows = {name: row.copy() for name, row in month.sheet.rows.items()}
    rows[TOTAL][CLOSED] += 1
    assert len(Sheet(rows).sums()) >= 2
    assert len(month.sheet.differences(Sheet(rows))) == 1


def test_a_sheet_and_a_list_of_cases_that_differ_are_found_out(month: MonthReport):
    assert month.figures["lines of the list"] >= month.figures["applications"]
    row = month.sheet.rows[TOTAL]
    told = against_list(month.sheet, [], set(), date(2026, 4, 1), date(2026, 4, 30))
    assert f"{TOTAL}: {row['收件']} received, the list of cases has 0" in told
    assert f"承诺件: {row['承诺件']} accepted, the list of cases has 0" in told


def line(day: str, action: str, **detail: object) -> dict[str, object]:
    """One line of a journal."""
    return {
        "at": datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=CHINA),
        "action": action,
        "element": None,
        "detail": detail,
    }


STARTED = line("2026-03-02", "case:started")
TOLD = [STARTED, line("2026-03-02", "item:reached", mark="ACCEPTED")]


@pytest.mark.parametrize(
    ("more", "over"),
    [
        ([line("2026-03-04", "item:reached", mark="READY")], ("本月办结", date(2026, 3, 11))),  # nobody has fetched it
        (
            [line("2026-03-04", "item:reached", mark="READY"), line("2026-03-05", "item:reached", mark="DELIVERED")],
            ("本月办结", date(2026, 3, 5)),
        ),
        ([line("2026-03-06", "case:terminated")], ("终止", date(2026, 3, 6))),
        ([line("2026-03-06", "item:reached", mark="ABANDONED")], ("放弃", date(2026, 3, 6))),
        ([line("2026-03-06", "item:reached", mark="WITHDRAWN")], ("撤回", date(2026, 3, 6))),
        ([], None),
    ],
)
def test_a_case_is_over_when_its_result_is_delivered_or_has_lain_ready_or_it_was_given_up(more, over):
    assert course_of("item_104_XK_001", [*TOLD, *more]).over == over


def test_what_was_accepted_before_the_month_is_carried_over_and_what_is_not_accepted_is_no_part_of_the_sum():
    sheet = Sheet()
    enter(sheet, Course(process="item_104_XK_001", received=date(2026, 2, 26), accepted=date(2026, 2, 27)), FIRST, LAST)
    enter(
        sheet, Course(process="item_104_XK_001", received=date(2026, 3, 2), turned_away=date(2026, 3, 3)), FIRST, LAST
    )
    row = sheet.rows["104"]
    assert (row[CARRIED], row[ACCEPTED], row["月末在办"], row["收件"], row["退回件"]) == (1, 0, 1, 1, 1)
    assert sheet.sums() == []
