"""The inbox in the browser's hands: filters in the address, kept by name, as a file, and what changes meanwhile."""

from __future__ import annotations

import csv
import io
import re
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from service.casework import Office
from service.rules.vocabulary import LedgerAction
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, begin, text


@pytest.fixture
def busy(centre: Office, clock: Clock) -> Office:
    """Three cases, an hour apart."""
    for number in range(1, 4):
        begin(centre, number)
        clock.advance(hours=1)
    return centre


def test_nonsense_in_the_address_shows_the_usual_list(busy: Office, clerk: Visitor) -> None:
    page = text(clerk.get("/inbox?tab=x&view=y&due_from=z&sort=q&columns=none&stage=1"))
    assert "共 3 件" in page


def test_columns_and_order_are_chosen_in_the_address(busy: Office, clerk: Visitor) -> None:
    page = clerk.get("/inbox?columns=&columns=holder&columns=stage&sort=newest").get_data(as_text=True)
    assert 'data-label="承办人"' in page and 'data-label="编号"' not in page
    assert page.index("示例公司3") < page.index("示例公司1")


def test_the_inbox_opens_with_the_usual_filter_and_all_of_it_is_one_step_away(busy: Office, clerk: Visitor) -> None:
    answer = clerk.post("/inbox/filters", {"name": "二号", "query": "q=TWO-0002", "usual": "1"})
    assert answer.status_code == 302
    opened = clerk.get("/inbox")
    assert opened.status_code == 302 and "q=TWO-0002" in opened.location
    assert "共 1 件" in text(clerk.get(opened.location)) and "共 3 件" in text(clerk.get("/inbox?tab=all"))
    assert "请给筛选起一个名称" in text(clerk.get(clerk.post("/inbox/filters", {"name": " "}).location))


def test_the_list_as_a_file_is_the_list_and_no_formula(busy: Office, clerk: Visitor) -> None:
    rows = list(csv.reader(io.StringIO(clerk.get("/inbox/export.csv?q=TWO").get_data().decode("utf-8-sig"))))
    assert len(rows) == 4 and rows[0][0] == "时限"
    sheet = load_workbook(io.BytesIO(clerk.get("/inbox/export.xlsx?q=TWO-0002").get_data())).active
    assert sheet is not None and sheet.max_row == 2 and sheet.freeze_panes == "A2"
    with busy.reading() as records:
        taken = records.ledger.lines(LedgerAction.WORK_TAKEN)
    assert [line.detail["rows"] for line in taken] == [1, 3]


def test_a_poll_that_finds_nothing_new_costs_no_body(busy: Office, clerk: Visitor, clock: Clock) -> None:
    page = clerk.get("/inbox").get_data(as_text=True)
    since = re.search(r'data-since="([^"]+)"', page)
    shown = re.findall(r'id="task-([0-9a-f-]{36})"', page)
    assert since is not None and len(shown) == 3
    path = f"/inbox/changes?since={since[1].replace('+', '%2B')}" + "".join(f"&row={one}" for one in shown)
    first = clerk.get(path)
    assert first.json is not None and (first.json["fresh"], first.json["rows"]) == (0, [])
    again = clerk.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    clock.advance(minutes=5)
    begin(busy, 9)
    found = clerk.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert found.status_code == 200 and found.json is not None and found.json["told"] == "1 件新任务"
    assert clerk.get("/inbox/changes?since=soon").status_code == 400


def test_bulk_without_a_choice_or_with_too_long_an_opinion_says_so(busy: Office, clerk: Visitor) -> None:
    answer = clerk.post("/inbox/bulk/choose", {"act": "claim", "next": "/inbox?tab=post"})
    assert answer.location == "/inbox?tab=post" and "请先选择任务" in text(clerk.get(answer.location))
    assert clerk.post("/inbox/bulk/choose", {"act": "burn", "task": str(uuid4())}).status_code == 302
    task = re.findall(r'id="task-([0-9a-f-]{36})"', clerk.get("/inbox").get_data(as_text=True))[0]
    long = clerk.post("/inbox/bulk", {"task": task, "opinion": "长" * 2001, "key": "k"})
    assert long.status_code == 422 and "意见不能超过 2000 个字" in text(long)


def test_the_next_task_follows_the_filter_through_the_task_page(busy: Office, clerk: Visitor) -> None:
    page = clerk.get("/inbox?q=TWO-0003").get_data(as_text=True)
    path = re.search(r'data-open="(/tasks/[^"]+)"', page)
    assert path is not None and "from=q%3DTWO-0003" in path[1]
    done = clerk.get(path[1].replace("?", "/completed?").replace("&amp;", "&"))
    assert "这个筛选中没有其他待办" in text(done)
