"""待办: what must be done first is seen first, and every count equals the list it opens."""

from __future__ import annotations

import re

import pytest

from service.casework import Office, find_actor
from service.casework.workbench import VIEWS, inbox
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, begin, text


def rows(body: str) -> int:
    return len(re.findall(r'<tr class="item"', body))


@pytest.fixture
def busy(centre: Office, clock: Clock) -> Office:
    """23 cases over three days, now on the fourth: overdue, close and comfortable ones."""
    for number in range(1, 24):
        begin(centre, number)
        clock.advance(hours=3)
    return centre


def test_an_empty_inbox_says_so(clerk: Visitor) -> None:
    assert "没有待办" in text(clerk.get("/inbox"))


def test_every_count_equals_the_list_it_opens(busy: Office, clerk: Visitor) -> None:
    body = clerk.get("/inbox").get_data(as_text=True)
    for view in VIEWS:
        counted = int(re.search(rf'data-count="{view}">(\d+)</b>', body)[1])  # type: ignore[index]
        listed = sum(
            rows(clerk.get(f"/inbox?view={view}&page={page}").get_data(as_text=True))
            for page in (1, 2)
            if page == 1 or counted > 20
        )
        assert counted == listed, view
    actor = find_actor(busy, "wangfang")
    assert actor is not None
    counts = inbox(busy, actor).counts
    assert counts["all"] == 23 and counts["red"] and counts["red"] + counts["yellow"] + counts["green"] == 23


def test_the_most_urgent_task_comes_first_and_says_how_late_it_is(busy: Office, clerk: Visitor) -> None:
    page = text(clerk.get("/inbox"))
    assert page.index("已超期") < page.index("TWO-0001") < page.index("TWO-0002")
    assert re.search(r"超期 [\d.]+ 个工作日", page)


def test_the_second_page_holds_the_rest_and_a_page_too_far_shows_the_last(busy: Office, clerk: Visitor) -> None:
    assert rows(clerk.get("/inbox").get_data(as_text=True)) == 20
    assert rows(clerk.get("/inbox?page=2").get_data(as_text=True)) == 3
    assert rows(clerk.get("/inbox?page=99").get_data(as_text=True)) == 3
    assert rows(clerk.get("/inbox?page=x").get_data(as_text=True)) == 20


def test_search_finds_titles_and_numbers_and_takes_wildcards_literally(busy: Office, clerk: Visitor) -> None:
    assert rows(clerk.get("/inbox?q=TWO-0007").get_data(as_text=True)) == 1
    assert rows(clerk.get("/inbox?q=示例公司9-").get_data(as_text=True)) == 1
    assert rows(clerk.get("/inbox?q=%25").get_data(as_text=True)) == 0
    assert "没有符合条件的任务" in text(clerk.get("/inbox?q=%25"))


def test_a_task_of_the_queue_is_claimed_and_then_mine(centre: Office, clerk: Visitor) -> None:
    begin(centre)
    body = clerk.get("/inbox?tab=post").get_data(as_text=True)
    path = re.search(r'action="(/tasks/[^"]+/claim)"', body)
    assert path is not None
    answer = clerk.post(path[1], {"next": "/inbox"})
    assert answer.status_code == 302 and answer.location.startswith("/tasks/")
    assert rows(clerk.get("/inbox?tab=post").get_data(as_text=True)) == 0
    assert "已认领" in text(clerk.get(answer.location)) or rows(clerk.get("/inbox").get_data(as_text=True)) == 1


def test_others_do_not_see_my_work(busy: Office, visitor: Visitor) -> None:
    visitor.sign_in("zhangwei")
    assert "没有待办" in text(visitor.get("/inbox"))
