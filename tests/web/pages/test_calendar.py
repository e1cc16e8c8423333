"""The calendar page: for whom, what it shows, and how a year is entered."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from service.casework import Office
from service.casework.calendars import rows_of
from service.rules.calendars import COUNTRY
from service.store.calendar_seeds import seeds
from tests.web.pages.conftest import Visitor, text

YEAR = list(seeds())[-1]
NOTICE = "国办发明电〔2026〕9号"


@pytest.fixture
def keeper(site: Flask) -> Visitor:
    """郭涛, the system administrator."""
    return Visitor(site).sign_in("guotao")


def form(year: int = 2027, **changes: Any) -> dict[str, Any]:
    """The yearly notice of 2026 moved to another year, make-up days left out."""
    rows = rows_of(COUNTRY, YEAR.days)
    return {
        "row-name": [row.name for row in rows],
        "row-first": [row.first.replace("2026", str(year)) for row in rows],
        "row-last": [row.last.replace("2026", str(year)) for row in rows],
        "row-makeup": ["" for _ in rows],
        "row-kind": ["" for _ in rows],
        "status": "ACTIVE",
        "notice": NOTICE,
        "act": "preview",
        **changes,
    }


def test_a_reviewer_sees_neither_the_page_nor_its_link(site: Flask) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    assert reviewer.get("/calendar/CN/2026").status_code == 403
    assert "工作日历" not in text(reviewer.get("/inbox"))


def test_supervision_reads_and_does_not_change(site: Flask) -> None:
    supervisor = Visitor(site).sign_in("sunli")
    page = text(supervisor.get("/calendar/CN/2026"))
    assert "248 个工作日" in page and "修改记录" not in page
    assert supervisor.get("/calendar/CN/2026/edit").status_code == 403
    assert supervisor.post("/calendar/CN/2027/edit", form()).status_code == 403


def test_wrong_rows_are_told_beside_their_fields(keeper: Visitor) -> None:
    sent = form()
    sent["row-makeup"][1] = "2027-02-08"
    sent["row-first"][2] = "清明"
    answer = keeper.post("/calendar/CN/2027/edit", sent)
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert 'id="row-first-2" name="row-first" value="清明" type="text"' in body and 'id="row-first-2-problem"' in body
    sent["row-first"][2] = "2027-04-04"
    body = keeper.post("/calendar/CN/2027/edit", sent).get_data(as_text=True)
    assert 'id="row-makeup-1-problem"' in body and "2027-02-08 不是" in body


def test_a_confirmed_year_needs_its_notice(keeper: Visitor) -> None:
    answer = keeper.post("/calendar/CN/2027/edit", form(notice=""))
    assert answer.status_code == 422 and 'id="notice-problem"' in answer.get_data(as_text=True)


def test_a_preview_saves_nothing_and_the_confirmation_does(keeper: Visitor) -> None:
    assert "还没有 2027 年的工作日历" in text(keeper.get("/calendar/CN/2027"))
    page = keeper.post("/calendar/CN/2027/edit", form())
    assert page.status_code == 200 and "没有在办时限会变动" in text(page)
    assert "还没有 2027 年的工作日历" in text(keeper.get("/calendar/CN/2027"))
    saved = keeper.post("/calendar/CN/2027/edit", form(act="confirm", seen="1"))
    assert saved.status_code == 302 and saved.headers["Location"] == "/calendar/CN/2027"
    page = text(keeper.get("/calendar/CN/2027"))
    assert NOTICE in page and "修改记录" in page and "guotao" in page and "已保存" in page


def test_who_was_overtaken_is_told_and_keeps_what_was_typed(keeper: Visitor) -> None:
    keeper.get("/calendar/CN/2027/edit")
    assert keeper.post("/calendar/CN/2027/edit", form(act="confirm", seen="1")).status_code == 302
    answer = keeper.post("/calendar/CN/2027/edit", form(act="confirm", seen="1"))
    assert answer.status_code == 409
    body = answer.get_data(as_text=True)
    assert "刚刚被别人修改" in body and 'value="2027-02-15"' in body


def test_a_file_fills_the_form_and_saves_nothing(keeper: Visitor) -> None:
    keeper.get("/calendar/CN/2027/edit")
    content = "名称,开始,结束,调休上班\n春节,2027-02-05,2027-02-11,2027-02-20\n".encode()
    answer = keeper.post(
        "/calendar/CN/2027/edit",
        {"act": "file", "status": "ACTIVE", "notice": NOTICE, "file": (io.BytesIO(content), "notice.csv")},
        content_type="multipart/form-data",
    )
    body = answer.get_data(as_text=True)
    assert (
        answer.status_code == 200 and 'value="2027-02-05"' in body and 'value="2027-02-20"' in body and NOTICE in body
    )
    assert "还没有 2027 年的工作日历" in text(keeper.get("/calendar/CN/2027"))
    wrong = keeper.post(
        "/calendar/CN/2027/edit",
        {"act": "file", "file": (io.BytesIO(b"x"), "notice.doc")},
        content_type="multipart/form-data",
    )
    assert wrong.status_code == 422 and "CSV、XLSX" in text(wrong)


def test_a_provisional_year_is_marked_and_can_be_confirmed(keeper: Visitor, centre: Office) -> None:
    keeper.get("/calendar/CN/2027/edit")
    keeper.post("/calendar/CN/2027/edit", form(act="confirm", status="PROVISIONAL", notice=""))
    assert "暂定" in text(keeper.get("/calendar/990100/2027"))
    asked = "/time-limit?start=2026-12-31T10:00&amount=1&unit=WORKDAY"
    assert "暂定" in text(keeper.get(asked))
    keeper.get("/calendar/CN/2027/edit")
    keeper.post("/calendar/CN/2027/edit", form(act="confirm"))
    assert "暂定" not in text(keeper.get(asked)) and "正式" in text(keeper.get("/calendar/CN/2027"))


def test_a_region_enters_local_rules_only(keeper: Visitor) -> None:
    keeper.get("/calendar/990100/2026/edit")
    sent = {
        "row-name": ["学习日"],
        "row-first": ["2026-03-20"],
        "row-last": [""],
        "row-kind": ["PM"],
        "status": "ACTIVE",
        "notice": "云府办〔2026〕3号",
    }
    assert "没有在办时限会变动" in text(keeper.post("/calendar/990100/2026/edit", {**sent, "act": "preview"}))
    assert keeper.post("/calendar/990100/2026/edit", {**sent, "act": "confirm"}).status_code == 302
    page = keeper.get("/calendar/990100/2026")
    assert "下午停" in text(page) and 'class="day-local day-half' in page.get_data(as_text=True)
    assert "下午停" not in text(keeper.get("/calendar/CN/2026"))


def test_the_year_shows_what_each_day_is(keeper: Visitor) -> None:
    assert keeper.get("/calendar").headers["Location"] == "/calendar/990100/2026"
    body = keeper.get("/calendar/990100/2026").get_data(as_text=True)
    assert body.count('class="month"') == 12
    assert 'class="day-makeup" title="国庆节"><span class="number">20</span><small>班</small>' in body
    assert 'class="day-holiday" title="国庆节"><span class="number">5</span><small>休</small>' in body


def test_administrators_are_warned_from_november_on_and_nobody_else(
    site: Flask, keeper: Visitor, clerk: Visitor, clock: Any
) -> None:
    warned = "还没有 2027 年的工作日历，跨年的时限不能计算"
    assert warned not in text(keeper.get("/inbox"))
    clock.set("2026-11-01 09:00")
    assert warned in text(keeper.get("/inbox")) and warned not in text(clerk.get("/inbox"))
    assert 'class="note warn' in keeper.get("/inbox").get_data(as_text=True)
    clock.set("2026-12-15 09:00")
    assert 'class="note bad' in keeper.get("/inbox").get_data(as_text=True)
