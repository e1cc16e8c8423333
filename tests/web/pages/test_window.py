"""综合窗口 before people: one screen from the search to the receipt, refusals beside what they are about."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask

from service.casework.office import Office
from tests.casework.papers.city import APPLICATION
from tests.casework.window.hall import BUILDING, LINES, open_hall, settle, taken
from tests.received.made import picture
from tests.web.pages.conftest import Visitor, text

HERE = {f"mark-{place}": "HERE" for place in range(len(LINES))}


@pytest.fixture
def hall(demo_office: Office) -> Office:
    return open_hall(demo_office)


@pytest.fixture
def site(hall: Office) -> Flask:
    from service.web.app import create_app

    return create_app(hall)


@pytest.fixture
def clerk(site: Flask) -> Visitor:
    return Visitor(site).sign_in("wangfang")


def form(page: str, **more: Any) -> dict[str, Any]:
    """The application as the screen asks it, with its hidden fields."""
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("opened", "token")}  # type: ignore[index]
    said = {name: str(value) for name, value in APPLICATION.items()}
    return {**hidden, **said, "pick_up": "window", **HERE, "desk-decision": "accept", "act": "conclude", **more}


def test_the_desk_is_for_clerks_and_the_windows_for_the_business_office(site: Flask) -> None:
    for username, path in (("zhangwei", "/window"), ("lizhao", f"/window/new/{BUILDING}"), ("lizhao", "/windows")):
        assert Visitor(site).sign_in(username).get(path).status_code == 403
    keeper = Visitor(site).sign_in("tianyue")
    assert "全能岗" in text(keeper.get("/windows?code=W012"))
    wrong = keeper.post("/windows", {"code": "W 9", "name": "", "board": "", "items": "999-XX-001"})
    assert wrong.status_code == 422 and "没有编码为 999-XX-001 的事项" in text(wrong)
    kept = {"code": "W012", "name": "综合窗口", "board": "APPROVAL", "general": "1", "active": "1"}
    assert keeper.post("/windows", kept).status_code == 302


def test_a_window_that_cannot_take_an_item_says_which_can(clerk: Visitor) -> None:
    clerk.get("/window")
    assert clerk.post("/window/here", {"window": "W040"}).status_code == 302
    assert "本窗口不受理，请到 W001、W002、W003、W004 等 窗口" in text(clerk.get("/window?q=sgxkz"))
    answer = clerk.get(f"/window/new/{BUILDING}")
    assert answer.status_code == 302 and "W040窗口不受理" in text(clerk.get("/window"))
    clerk.post("/window/here", {"window": "W012"})
    found = clerk.get("/window/items?q=sgxkz&ticket=A012")
    assert f"/window/new/{BUILDING}?ticket=A012" in found.get_data(as_text=True)


def test_everything_wrong_with_both_forms_is_told_at_once_and_kept(clerk: Visitor, hall: Office) -> None:
    page = clerk.get(f"/window/new/{BUILDING}?ticket=A012").get_data(as_text=True)
    wrong = clerk.post(f"/window/new/{BUILDING}", form(page, phone="12", ticket="A012", **{"desk-decision": ""}))
    assert wrong.status_code == 422
    body = wrong.get_data(as_text=True)
    assert 'href="#field-phone"' in body and 'href="#field-desk-decision"' in body and 'value="A012"' in body
    lacking = clerk.post(f"/window/new/{BUILDING}", form(page, **{"mark-4": "LACKING"}))
    assert lacking.status_code == 422 and "还缺 1 项材料" in text(lacking)
    assert 'href="#field-mark-4"' in lacking.get_data(as_text=True)
    nothing = clerk.post(f"/window/new/{BUILDING}", form(page, **{"desk-decision": "correct"}))
    assert nothing.status_code == 422 and "没有标为“缺”的材料" in text(nothing)
    hidden = clerk.post(
        f"/window/new/{BUILDING}", form(page, **{"desk-decision": "reject"}), headers={"Accept": "application/json"}
    )
    assert "desk-gap_notes" in hidden.json["hidden"] and "desk-reason" not in hidden.json["hidden"]
    with hall.reading() as records:
        assert records.intakes.recent("wangfang", 9) == ()


def test_one_form_takes_in_marks_scans_accepts_and_prints_the_receipt(clerk: Visitor, hall: Office) -> None:
    page = clerk.get(f"/window/new/{BUILDING}").get_data(as_text=True)
    files = {"file-4": (io.BytesIO(picture()), "合同.jpg"), "file-5": (io.BytesIO(b"MZ"), "措施.exe")}
    answer = clerk.post(
        f"/window/new/{BUILDING}",
        form(page, **{"paper-4": "ORIGINAL", "copies-4": "2", **files}),
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302, text(answer)
    settle(hall)
    slip = clerk.get(answer.location)
    said = text(slip)
    assert "已受理" in said and "最迟 2026-03-19 前办结" in said and "受理号" in said and "没有收下" in said
    assert 'data-slip="ready"' in slip.get_data(as_text=True)
    qr = re.search(r'src="(/window/cases/[^"]+qr\.svg)"', slip.get_data(as_text=True))
    assert qr and clerk.get(qr[1]).mimetype == "image/svg+xml"
    again = clerk.post(f"/window/new/{BUILDING}", form(page))
    assert again.location == answer.location, "sent twice is one case"


def test_a_correction_and_a_refusal_are_one_act_each(clerk: Visitor, hall: Office) -> None:
    for said, words in (
        (
            {"desk-decision": "correct", "mark-4": "LACKING", "problem-4": "缺少发包人盖章页；提交完整合同"},
            "补正一次告知书",
        ),
        (
            {"desk-decision": "reject", "desk-reject_kind": "other_agency", "desk-reason": "属省级权限"},
            "不予受理通知书",
        ),
    ):
        page = clerk.get(f"/window/new/{BUILDING}").get_data(as_text=True)
        answer = clerk.post(f"/window/new/{BUILDING}", form(page, **said))
        assert answer.status_code == 302, text(answer)
        settle(hall)
        assert words in text(clerk.get(answer.location))


def test_who_applied_before_is_found_masked_and_fills_the_form(clerk: Visitor, hall: Office) -> None:
    taken(hall)
    found = clerk.get(f"/window/applicants?who=华印&key={BUILDING}&ticket=A3").get_data(as_text=True)
    assert "9199**********001X" in found and "91990100MA0000001X" not in found
    link = re.search(r'href="(/window/new/[^"]+)"', found)
    assert link
    filled = clerk.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    assert 'value="91990100MA0000001X"' in filled and 'value="A3"' in filled
    assert "请至少输入 2 个字" in text(clerk.get(f"/window/applicants?who=华&key={BUILDING}"))


def test_what_waits_shows_when_silence_accepts_it(clerk: Visitor, hall: Office) -> None:
    case = taken(hall, None, ticket="A7")
    said = text(clerk.get("/window?at=W012&w=A7"))
    assert "17:00 视为受理" in said and "排队号 A7" in said
    assert "未告知即视为受理" in text(clerk.get(f"/cases/{case}"))
    assert "没有等待受理的申请" in text(clerk.get("/window?at=online"))
