"""流程试演 on pages: begun with one button, watched, read by who drew and by who checks; a warning without one."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office
from tests.casework.measures.city import put_up, work
from tests.casework.rehearsals.test_rehearsals import begun, finished
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def site(demo_office: Office) -> Flask:
    from service.web.app import create_app

    put_up(demo_office, "linear", "support_SP_18")
    return create_app(demo_office)


def drafted(designer: Visitor) -> str:
    return str(designer.post("/studio/new", {"way": "revise", "process": "linear"}).headers["Location"])


def test_a_designer_rehearses_a_draft_and_reads_the_report(site: Flask, demo_office: Office) -> None:
    begun(demo_office), finished(demo_office)
    designer = Visitor(site).sign_in("hejing")
    path = drafted(designer)
    assert "还没有试演过" in text(designer.get(path))
    assert designer.post(f"{path}/rehearsal", {}).status_code == 302
    assert "正在试演" in text(designer.get(f"{path}/rehearsal"))
    work(demo_office)
    page = text(designer.get(f"{path}/rehearsal"))
    for said in ("已试演", "走到 1 / 1 个结束", "可直接迁移", "走法和结果相同", "没有承诺时限"):
        assert said in page
    assert "还没有试演过" not in text(designer.get(path))
    designer.post("/language", {"language": "en"})
    assert "Rehearsed" in text(designer.get(f"{path}/rehearsal"))


def test_who_may_not_draw_sees_no_rehearsal_of_a_draft(site: Flask) -> None:
    path = drafted(Visitor(site).sign_in("hejing"))
    other = Visitor(site).sign_in("wangfang")
    assert other.get(f"{path}/rehearsal").status_code == 403
    assert other.post(f"{path}/rehearsal", {}).status_code == 403
