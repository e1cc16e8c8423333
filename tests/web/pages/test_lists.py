"""Every list of the product: filters and order in the address, pages, and a file with the same rows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask import Flask, url_for
from lxml import html
from openpyxl import load_workbook

from service.casework import Office, arm_jobs
from service.casework.listing.tables import plain_cell, write_table
from service.rules.vocabulary import LedgerAction
from service.web import pages
from tests.web.pages.conftest import Visitor, begin, text

READERS = {  # list → who may read it
    "accounts": "machao", "role_requests": "machao", "departments": "machao", "hall_windows": "machao",
    "substitutions": "machao", "audit": "linlan", "agenda": "guotao", "jobs": "guotao", "external_tasks": "guotao",
    "deployments": "guotao", "incidents": "guotao", "message_log": "guotao", "undelivered": "guotao", "cases": "sunli",
    "orders": "sunli", "supervision": "sunli", "bills": "sunli", "certificates": "sunli", "exchange": "tianyue",
    "archive": "qinlan", "handovers": "wuqian", "issuing": "wuqian", "releases": "hejing", "queries": "wangfang",
    "led_chains": "shenyan", "calendar_days": "guotao", "studio": "hejing",
    "letters": "tianyue", "document_templates": "hejing", "message_texts": "guotao",
}  # fmt: skip
PAGES = Path(pages.__file__).parent
TEMPLATES = PAGES.parent / "templates"
EXEMPT = {  # desks, pages that come back to them, and parts of one plan
    "inbox", "done", "window", "task", "completed", "my", "case", "migration_plan", "migration_batch", "rehearsal",
    "release_rehearsal",
}  # fmt: skip

OF_ONE = {"process_live"}  # a list of one process: test_process_live.py sorts and exports it


@pytest.fixture
def lived_in(centre: Office, site: Flask) -> Flask:
    """A centre with cases, jobs and a few other things in its lists."""
    for number in range(1, 24):
        begin(centre, number)
    arm_jobs(centre)
    Visitor(site).sign_in("machao").get("/inbox")
    return site


def _columns(site: Flask, name: str) -> list[str]:
    return [one.code for one in site.extensions["lists"][name].columns]


def test_every_page_that_is_cut_into_pages_is_a_list(site: Flask) -> None:
    paged = {path for path in TEMPLATES.rglob("*.html") if "pager(" in path.read_text(encoding="utf-8")}
    assert len(paged) > 20
    named = set(site.extensions["lists"])
    addresses = {
        found
        for path in PAGES.rglob("*.py")
        for found in re.findall(r'Address\(\s*"pages\.(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert addresses - named - EXEMPT == set()


def test_every_list_is_ordered_and_exported_as_it_is_shown(lived_in: Flask) -> None:
    names = sorted(set(lived_in.extensions["lists"]) - OF_ONE)
    visitors: dict[str, Visitor] = {}
    for name in names:
        username = READERS.get(name, "sunli")
        visitor = visitors.setdefault(username, Visitor(lived_in).sign_in(username))
        with lived_in.test_request_context():
            path = url_for(f"pages.{name}")
        assert visitor.get(path).status_code == 200, name
        for code in _columns(lived_in, name):
            assert visitor.get(f"{path}?sort=-{code}&page=1").status_code == 200, (name, code)
        assert visitor.get(f"{path}?sort=nonsense&page=99999&q=%25").status_code == 200, name
        total = _total(name, visitor, path)  # before the export, which is a line of the ledger itself
        empty = visitor.post(f"/lists/{name}/export", {"format": "csv", "purpose": " "})
        assert empty.status_code == 400 and "用途" in text(empty), name
        answer = visitor.post(f"/lists/{name}/export", {"format": "csv", "purpose": "核对"})
        assert answer.status_code == 200, (name, text(answer)[:300])
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(rows[0]) == len(_columns(lived_in, name)), name
        assert total is None or len(rows) - 1 == total, name


OF_ADMINISTRATION = (
    "accounts", "agenda", "audit", "calendar_days", "departments", "deployments", "document_templates", "external_tasks", "hall_windows",
    "incidents", "jobs", "letters", "message_log", "message_texts", "role_requests", "substitutions",
)  # fmt: skip


@pytest.mark.parametrize("name", OF_ADMINISTRATION)
def test_lists_of_administration_are_narrowed_paged_exported_and_opened_by_keys(name: str, site: Flask) -> None:
    visitor = Visitor(site).sign_in(READERS.get(name, "sunli"))
    with site.test_request_context():
        path = url_for(f"pages.{name}")
    page = visitor.get(path).get_data(as_text=True)
    main = html.fromstring(page).xpath("//main")[0]
    chips = main.xpath(".//nav[contains(@class, 'chips')]//a/@href")
    forms = main.xpath(".//form[@method='get'][contains(@class, 'search')]")
    assert chips or forms, "a filter"
    assert all(chip.startswith(path) for chip in chips), "filters live in the address"
    assert main.xpath(".//form[contains(@action, '/lists/')]") or main.xpath(".//*[contains(@class, 'empty')]"), (
        "a file"
    )
    assert visitor.get(f"{path}?page=99999").status_code == 200, "the last page"
    assert visitor.get(f"{path}?q=%00%27%25_&view=nonsense&kind=nonsense&state=nonsense").status_code == 200
    nothing = visitor.get(f"{path}?q=zzzzzz&view=all&search=zzzzzz&topic_name=zzzzzz&number=zzzzzz&department=ZZZ")
    assert nothing.status_code == 200
    listed = html.fromstring(nothing.get_data(as_text=True)).xpath("//main//tr[contains(@class, 'item')]")
    if not listed:
        empty = html.fromstring(nothing.get_data(as_text=True)).xpath("//main//*[contains(@class, 'empty')]")
        assert empty and empty[0].text_content().strip(), "an empty list says why"
    rows = main.xpath(".//tr[@data-open]")
    assert all(row.xpath(".//a[@href]") for row in rows), "what a key opens a link opens too"


def _total(name: str, visitor: Visitor, path: str) -> int | None:
    """How many rows the pages say there are: the pager's number, else the rows of the only page."""
    page = visitor.get(path).get_data(as_text=True)
    if found := re.search(r"第 \d+ / \d+ 页，共 (\d+) 条", page):
        return int(found[1])
    body = page.split("<main", 1)[1]
    if name in ("exchange",):
        return None
    return len(re.findall(r'<tr class="item', body)) if body.count("<table") <= 1 else None


def test_a_file_has_the_rows_of_the_filter_in_its_order(lived_in: Flask) -> None:
    visitor = Visitor(lived_in).sign_in("sunli")
    answer = visitor.post(
        "/lists/cases/export?q=TWO-001&sort=-number&page=7", {"format": "xlsx", "purpose": "月度核对"}
    )
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    numbers = [row[0] for row in rows[1:]]
    assert len(numbers) == 10 and all(str(one).startswith("TWO-001") for one in numbers)
    page = visitor.get("/cases?q=TWO-001&sort=-number").get_data(as_text=True)
    shown = re.findall(r'class="number">(TWO-\d+)<', page)
    assert shown == sorted(numbers, reverse=True)
    with lived_in.extensions["office"].reading() as records:
        [line] = records.ledger.lines(LedgerAction.LIST_EXPORTED)
    assert line.actor == "sunli" and line.subject == "cases" and line.detail["rows"] == 10
    assert line.detail["purpose"] == "月度核对" and line.detail["filters"]["q"] == "TWO-001"


def test_nobody_exports_what_they_may_not_read(lived_in: Flask) -> None:
    for username, name in (
        ("wangfang", "accounts"),
        ("guotao", "audit"),
        ("machao", "agenda"),
        ("lizhao", "incidents"),
    ):
        visitor = Visitor(lived_in).sign_in(username)
        assert visitor.post(f"/lists/{name}/export", {"format": "csv", "purpose": "看看"}).status_code == 403, name
    stranger = Visitor(lived_in)
    stranger.get("/items")
    assert stranger.post("/lists/items/export", {"format": "csv", "purpose": "看看"}).status_code == 302
    assert "导出" not in text(stranger.get("/items"))


def test_no_cell_is_a_formula() -> None:
    assert [plain_cell(one) for one in ("=1+1", "+86", "-x", "@a", "＝1+1", "安全", 3, None)] == [
        "'=1+1", "'+86", "'-x", "'@a", "'＝1+1", "安全", 3, "",
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(write_table("xlsx", "a/b[c]", ["甲"], [["=HYPERLINK()"]])))
    assert (
        book.sheetnames == ["abc"] and book.active["A2"].value == "'=HYPERLINK()" and book.active["A2"].data_type == "s"
    )
