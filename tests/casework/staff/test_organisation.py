"""Departments and windows: the tree, what is missing, kinds of windows, seasons, postings (XN-28, XZ-23)."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from service.casework.office import Office
from service.casework.staff.departments import department_page, department_tree, put_department
from service.casework.staff.windows import (
    close_window,
    end_posting,
    post_to_window,
    put_window,
    window_list,
    window_page,
)
from service.rules.organisation import Period, lacks, open_at, open_on
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI
from tests.casework.staff.test_role_requests import who

DEPARTMENT = {
    "code": "104", "name": "住房和城乡建设局", "short": "住建", "kind": "FUNCTIONAL", "unit_type": "APPROVAL_UNIT",
    "parent": "", "level": "CITY", "entry": "RESIDENT",
}  # fmt: skip
WINDOW = {"number": "W200", "name": "新窗口", "kind": "STANDING", "department": "104", "board": "APPROVAL", "note": ""}


@pytest.mark.parametrize("username", ["guotao", "linlan", "wangfang", "chengang"])
def test_who_does_not_organise_changes_no_department_and_no_window(demo_office: Office, username: str) -> None:
    actor = who(demo_office, username)
    with pytest.raises(Forbidden):
        put_department(demo_office, actor, DEPARTMENT, new=False)
    with pytest.raises(Forbidden):
        put_window(demo_office, actor, WINDOW, [], new=True)
    with pytest.raises(Forbidden):
        post_to_window(demo_office, actor, "W012", username="zhangwei", since=date(2026, 3, 16), until=None)


@pytest.mark.parametrize(
    ("change", "new", "code"),
    [
        ({"code": "1O4"}, True, "DEPARTMENT_INVALID"),
        ({"name": ""}, False, "DEPARTMENT_INVALID"),
        ({"kind": "KINGDOM"}, False, "DEPARTMENT_INVALID"),
        ({"parent": "999"}, False, "DEPARTMENT_INVALID"),
        ({"parent": "104"}, False, "TREE_CIRCLE"),
        ({"code": "999"}, False, "DEPARTMENT_NOT_FOUND"),
        ({}, True, "DEPARTMENT_TAKEN"),
    ],
)
def test_a_wrong_department_is_refused(demo_office: Office, change: dict[str, str], new: bool, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        put_department(demo_office, who(demo_office, "tianyue"), {**DEPARTMENT, **change}, new=new)
    assert refusal.value.code == code


def test_the_tree_has_no_circles_and_shows_who_is_below(any_demo_office: Office) -> None:
    office, actor = any_demo_office, who(any_demo_office, "tianyue")
    put_department(office, actor, {**DEPARTMENT, "code": "301", "name": "城关镇", "short": "城关", "level": "TOWNSHIP", "parent": "104"}, new=True)  # fmt: skip
    with pytest.raises(Conflict):
        put_department(office, actor, {**DEPARTMENT, "parent": "301"}, new=False)
    lines = department_tree(office, actor).items
    place = [line.department.code for line in lines].index("301")
    assert lines[place].depth == 1 and lines[place - 1].department.code == "104"
    assert [one.code for one in department_page(office, actor, "104").below] == ["301"]
    with office.reading() as records:
        line = records.ledger.lines(LedgerAction.DEPARTMENT_CHANGED)[0]
    assert (line.actor, line.subject, line.detail["after"]["parent"]) == ("tianyue", "301", "104")


def test_a_department_is_complete_when_every_post_is_held_by_somebody() -> None:
    held = {"reviewer_a": ["a"], "reviewer_b": ["b"], "chief_rep": ["c"], "resident_leader": ["d"], "dept_head": ["e"]}
    assert lacks("FUNCTIONAL", "APPROVAL_UNIT", "RESIDENT", held) == ()
    assert lacks("FUNCTIONAL", None, "RESIDENT", {}) == (
        "reviewer_a", "reviewer_b", "chief_rep", "resident_leader", "dept_head", "unit_type",
    )  # fmt: skip
    twice = {**held, "chief_rep": ["c", "x"], "reviewer_b": ["a"]}
    assert lacks("FUNCTIONAL", "SINGLE_UNIT", "RESIDENT", twice) == ("chief_rep_many", "same_person")
    assert lacks("MANAGING", None, "RESIDENT", {}) == lacks("FUNCTIONAL", None, "LEFT", {}) == ()


def test_windows_are_counted_by_kind_as_they_are_listed(any_demo_office: Office) -> None:
    found = window_list(any_demo_office, who(any_demo_office, "linlan"))
    kinds = found.more["kinds"]
    assert kinds == {"COMPREHENSIVE": 24, "STANDING": 19, "CONVENIENCE": 23, "SEASONAL": 3}
    assert found.counts["open"] == found.total == sum(kinds.values()) == 69
    for kind, count in kinds.items():
        assert window_list(any_demo_office, who(any_demo_office, "linlan"), filters={"kind": kind}).total == count
    assert found.more["people"]["W012"] == ["王芳"]


def test_a_seasonal_window_is_open_in_its_season_only(demo_office: Office) -> None:
    page = window_page(demo_office, who(demo_office, "tianyue"), "W055")
    assert [open_on(page.periods, day) for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 30), date(2026, 11, 2))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not page.open_now


def test_opening_hours_end_before_they_begin_nowhere() -> None:
    morning = Period(weekdays="12345", opens=time(9), closes=time(12))
    assert open_at([morning], datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI))
    assert not open_at([morning], datetime(2026, 3, 16, 12, 0, tzinfo=SHANGHAI))
    assert not open_at([morning], datetime(2026, 3, 15, 10, 0, tzinfo=SHANGHAI))
    assert open_at([], datetime(2026, 3, 15, 10, 0, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("change", "periods", "code"),
    [
        ({"number": "12"}, [], "WINDOW_INVALID"),
        ({"kind": "DOOR"}, [], "WINDOW_INVALID"),
        ({"kind": "SEASONAL"}, [], "SEASON_MISSING"),
        ({}, [Period(since=date(2026, 5, 1), until=date(2026, 4, 1))], "PERIOD_REVERSED"),
        ({}, [Period(opens=time(9))], "PERIOD_HOURS"),
        ({}, [Period(weekdays="")], "PERIOD_WEEKDAYS"),
        ({}, [Period()] * 7, "PERIODS_TOO_MANY"),
        ({"department": "999"}, [], "FIELD_INVALID"),
        ({"number": "W012"}, [], "WINDOW_TAKEN"),
    ],
)
def test_a_wrong_window_is_refused(
    demo_office: Office, change: dict[str, str], periods: list[Period], code: str
) -> None:
    with pytest.raises((Invalid, Conflict)) as refusal:
        put_window(demo_office, who(demo_office, "tianyue"), {**WINDOW, **change}, periods, new=True)
    assert refusal.value.code == code


def test_somebody_works_at_one_window_at_a_time(any_demo_office: Office) -> None:
    office, actor = any_demo_office, who(any_demo_office, "tianyue")
    put_window(office, actor, WINDOW, [], new=True)
    with pytest.raises(Conflict) as refusal:
        post_to_window(office, actor, "W200", username="wangfang", since=date(2026, 3, 16), until=None)
    assert refusal.value.code == "POSTED_ALREADY" and refusal.value.params["window"] == "W012"
    [now] = window_page(office, actor, "W012").postings
    assert end_posting(office, actor, now.id) == "W012"
    post_to_window(office, actor, "W200", username="wangfang", since=date(2026, 3, 17), until=date(2027, 6, 30), purpose="锻炼")  # fmt: skip
    [made] = window_page(office, actor, "W200").postings
    assert (made.name, made.purpose, made.until) == ("王芳", "锻炼", date(2027, 6, 30))
    with pytest.raises(Invalid):
        close_window(office, actor, "W200", "")
    close_window(office, actor, "W200", "大厅改造")
    with pytest.raises(Conflict):
        post_to_window(office, actor, "W200", username="zhangwei", since=date(2027, 7, 1), until=None)
    with pytest.raises(Missing):
        window_page(office, actor, "W999")
