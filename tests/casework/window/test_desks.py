"""Windows: what each takes, who keeps them, how items are found at one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.office import Office
from service.casework.window.choosing import keep_favourite, window_desk
from service.casework.window.desks import keep_window, window_list
from service.rules.refusals import Forbidden, Invalid, Missing
from service.rules.windows import Window
from tests.casework.window.hall import BUILDING, SENIOR, open_hall, taken, who

W090 = Window(code="W090", name="临时窗口", board="CONVENIENCE", general=False, items=("115-GG-004",))


@pytest.fixture
def hall(any_demo_office: Office) -> Office:
    return open_hall(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return open_hall(demo_office)


def test_only_the_business_office_keeps_windows_and_wrong_ones_are_told_by_field(demo: Office) -> None:
    with pytest.raises(Forbidden):
        keep_window(demo, who(demo, "wangfang"), W090)
    with pytest.raises(Forbidden):
        window_list(demo, who(demo, "lizhao"))
    office = who(demo, "tianyue")
    with pytest.raises(Invalid) as refused:
        keep_window(demo, office, Window(code="W 1", name="", board="ROOF", general=False, items=("999-XX-001",)))
    assert [one.field for one in refused.value.fields] == ["code", "name", "board", "items"]


def test_a_ticket_may_be_called_by_the_windows_that_take_its_item(hall: Office) -> None:
    clerk = who(hall, "wangfang")
    assert [one.code for one in window_list(hall, clerk, item="104-XK-001")] == [f"W{n:03d}" for n in range(1, 17)]
    keep_window(hall, who(hall, "tianyue"), W090)
    seniors = {one.code for one in window_list(hall, clerk, item="115-GG-004")}
    assert {"W012", "W040", "W090"} <= seniors and "W001" not in seniors
    keep_window(hall, who(hall, "tianyue"), replace(W090, active=False))
    assert "W090" not in {one.code for one in window_list(hall, clerk, item="115-GG-004")}
    with pytest.raises(Missing):
        window_list(hall, clerk, item="999-XK-001")


@pytest.mark.parametrize("typed", ["sgxkz", "施工 许可", "104-xk-001", "104XK001", "住房和城乡"])
def test_an_item_is_found_by_initials_words_code_and_department(demo: Office, typed: str) -> None:
    desk = window_desk(demo, who(demo, "wangfang"), search=typed)
    assert [one.key for one in desk.found] == [BUILDING] and desk.found[0].able


def test_another_window_shows_what_it_cannot_take_and_where_to_go(demo: Office) -> None:
    desk = window_desk(demo, who(demo, "wangfang"), window="W040", board="APPROVAL")
    assert [(one.key, one.able, one.others) for one in desk.found] == [(BUILDING, False, "W001、W002、W003、W004 等")]
    assert window_desk(demo, who(demo, "wangfang"), search="zzzz").found == ()
    with pytest.raises(Forbidden):
        window_desk(demo, who(demo, "zhangwei"))


def test_favourites_and_what_was_taken_in_last_are_at_hand(hall: Office) -> None:
    clerk = who(hall, "wangfang")
    keep_favourite(hall, clerk, SENIOR, keep=True)
    keep_favourite(hall, clerk, SENIOR, keep=True)
    taken(hall)
    desk = window_desk(hall, clerk)
    assert [one.key for one in desk.favourites] == [SENIOR] and [one.key for one in desk.recent] == [BUILDING]
    assert desk.taken_today == 1 and desk.window is not None and desk.window.code == "W012"
    keep_favourite(hall, clerk, SENIOR, keep=False)
    assert window_desk(hall, clerk).favourites == ()
    with pytest.raises(Missing):
        keep_favourite(hall, clerk, "nothing", keep=True)
