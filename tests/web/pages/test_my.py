"""我的办件 before who applies: drafts saved and resumed, what there is to do, withdrawing; nobody else's."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from service.casework.office import Office
from tests.casework.papers.city import APPLICATION
from tests.casework.window.hall import BUILDING, open_hall, settle, taken
from tests.web.pages.conftest import Visitor, text

ANSWERS = {**{name: str(value) for name, value in APPLICATION.items()}, "pick_up": "window"}


@pytest.fixture
def hall(demo_office: Office) -> Office:
    return open_hall(demo_office)


@pytest.fixture
def site(hall: Office) -> Flask:
    from service.web.app import create_app

    return create_app(hall)


def test_a_draft_is_saved_half_typed_resumed_and_gone_when_it_is_sent(site: Flask, hall: Office) -> None:
    person = Visitor(site).sign_in("lizhao")
    path = f"/cases/new/{BUILDING}"
    person.get(path)
    assert person.post(path, {"applicant": "云溪华印制罐有限公司", "phone": "12", "act": "draft"}).location == "/my"
    page = person.get("/my")
    link = re.search(rf'href="({path}\?draft=([0-9a-f-]+))"', page.get_data(as_text=True))
    assert link and "草稿（1）" in text(page)
    resumed = person.get(link[1]).get_data(as_text=True)
    assert 'value="云溪华印制罐有限公司"' in resumed and f'value="{link[2]}"' in resumed
    assert Visitor(site).sign_in("wangfang").get(link[1]).status_code == 404
    assert person.post(path, {**ANSWERS, "draft": link[2]}).status_code == 302
    settle(hall)
    said = text(person.get("/my"))
    assert "草稿（" not in said and "受理办理中" in said and "收件凭证" in said and "跑动 0 次" in said
    assert "王芳" not in said


def test_one_sees_nothing_of_others_and_may_withdraw_ones_own(site: Flask, hall: Office) -> None:
    taken(hall)
    person = Visitor(site).sign_in("lizhao")
    assert "没有在办的办件" in text(person.get("/my"))
    person.get(f"/cases/new/{BUILDING}")
    person.post(f"/cases/new/{BUILDING}", ANSWERS)
    settle(hall)
    assert "/measures/withdraw" in person.get("/my").get_data(as_text=True)
    assert "还没有结束的办件" in text(person.get("/my?state=ended")) and "没有符合条件" in text(
        person.get("/my?q=没有")
    )
    person.get(f"/cases/new/{BUILDING}")
    person.post(f"/cases/new/{BUILDING}", {"act": "draft"})
    draft = re.search(r'action="(/my/drafts/[^"]+)"', person.get("/my").get_data(as_text=True))
    assert draft and Visitor(site).sign_in("wangfang").post(draft[1]).status_code == 404
    assert person.post(draft[1]).status_code == 302 and "草稿（" not in text(person.get("/my"))
