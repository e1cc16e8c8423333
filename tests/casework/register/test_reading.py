"""The catalogue is found by name, code, department and initials, and counts what it lists."""

from __future__ import annotations

from datetime import date

import pytest

from service.casework.office import Office
from service.casework.register import catalogue, catalogue_change, change_status, department_counts
from service.casework.register.initials import initials
from service.rules.item_words import ItemStatus
from tests.casework.register.cast import CODE, OFFICER, card_data, put_in
from tests.conftest import Clock

SOME = (CODE, "104-XK-002", "105-XK-001", "115-GG-004", "101-QT-001")


@pytest.fixture
def filled(any_demo_office: Office) -> Office:
    put_in(any_demo_office, *(card_data(code) for code in SOME))
    return any_demo_office


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ("施工许可", [CODE]),
        ("jzgcsgxkzhf", [CODE]),
        ("sgxk", [CODE]),
        ("SGXK", [CODE]),
        ("104-XK-001", [CODE]),
        ("104xk001", [CODE]),
        ("消防 104", ["104-XK-002"]),
        ("人民防空", ["105-XK-001"]),
        ("lnrydz", ["115-GG-004"]),
        ("没有这个", []),
        ("' OR 1=1 --", []),
        ("%", []),
        ("", sorted(SOME)),
    ],
)
def test_an_item_is_found_by_what_people_type(filled: Office, search: str, codes: list[str]) -> None:
    assert [one.row.code for one in catalogue(filled, search=search).items] == codes


def test_filters_narrow_and_counts_equal_the_lists_they_open(filled: Office) -> None:
    found = catalogue(filled)
    for code, name, count in found.departments:
        assert name and catalogue(filled, filters={"department": code}).total == count
    for theme, count in found.themes:
        assert catalogue(filled, filters={"theme": theme}).total == count
    assert catalogue(filled, filters={"kind": "IMMEDIATE"}).total == 2
    assert catalogue(filled, filters={"category": "CONVENIENCE"}).total == 1
    assert catalogue(filled, filters={"kind": "nonsense"}).total == 0


def test_pages_divide_the_list(filled: Office) -> None:
    pages = [catalogue(filled, page=number, size=2) for number in (1, 2, 3, 99)]
    assert [len(page.items) for page in pages] == [2, 2, 1, 1]
    assert pages[3].page == 3 and pages[0].pages == 3


def test_cancelled_items_are_counted_apart_and_the_change_of_the_catalogue_names_them(
    filled: Office, clock: Clock
) -> None:
    clock.set("2026-03-20T10:00:00")
    change_status(filled, OFFICER, CODE, ItemStatus.CANCELLED, note="法律修改")
    [housing] = [one for one in department_counts(filled) if one.code == "104"]
    assert (housing.approval, housing.convenience, housing.cancelled) == (1, 0, 1)
    assert [one.approval for one in department_counts(filled, on=date(2026, 3, 19)) if one.code == "104"] == [2]
    change = catalogue_change(filled, date(2026, 3, 19), date(2026, 3, 20))
    assert (change.before, change.after) == (5, 4)
    assert [(row.code, row.note) for row in change.removed] == [(CODE, "法律修改")]


def test_initials_are_those_officers_type() -> None:
    assert initials("建筑工程施工许可证核发", "施工许可") == "jzgcsgxkzhf sgxk"
    assert initials("重点行业A类审批") == "zdhyalsp"
    assert initials("", "（）") == ""
