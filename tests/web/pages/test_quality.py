"""投诉, 评价, 咨询, 过错责任 and their registers in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, start_case
from service.web.app import create_app
from tests.casework.quality.conftest import ITEM, Town, ended_case, quality_template
from tests.conftest import Clock, make_office
from tests.web.pages.conftest import Visitor, text

__all__ = ["quality_template"]
REGISTERS = ("complaints", "bad-ratings", "callbacks", "inspections", "faults", "consultations", "on-site-days")


@pytest.fixture
def town(quality_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Town]:
    (tmp_path / "lianban.db").write_bytes(quality_template.read_bytes())
    office = make_office(f"sqlite:///{tmp_path / 'lianban.db'}", tmp_path, clock, demo=True)
    yield Town(office)
    office.close()


@pytest.fixture
def centre(town: Town) -> Office:
    return town.office


@pytest.fixture
def site(centre: Office) -> Flask:
    return create_app(centre)


def case_of(location: str) -> UUID:
    """The case an answer leads to."""
    found = re.search(r"/cases/([0-9a-f-]{36})", location)
    assert found is not None, location
    return UUID(found[1])


def test_an_applicant_complains_from_a_case_and_withdraws(town: Town, site: Flask):
    rated = ended_case(town)
    lizhao = Visitor(site).sign_in("lizhao")
    page = lizhao.get(f"/complaints/new?case={rated}")
    with town.office.reading() as records:
        row = records.cases.find(rated)
    assert row is not None and f'value="{row.business_key}"' in page.get_data(as_text=True)
    assert "来源" not in text(page)
    empty = lizhao.post("/complaints/new", {"kind": "", "text": ""})
    assert empty.status_code == 422 and "请选择投诉类别" in text(empty)
    sent = lizhao.post("/complaints/new", {"kind": "fee", "text": "多收费", "about": row.business_key or ""})
    assert sent.status_code == 302
    case_id = case_of(sent.location)
    shown = lizhao.get(f"/cases/{case_id}")
    assert "投诉 TS-2026-0001" in text(shown) and "撤回投诉" in text(shown)
    assert lizhao.post(f"/complaints/{case_id}/withdraw").status_code == 302
    listed = text(lizhao.get("/complaints"))
    assert "TS-2026-0001" in listed and "已撤回" in listed


def test_a_question_about_a_running_case_says_at_which_stage_it_stands(town: Town, site: Flask):
    running = start_case(town.office, town.who("lizhao"), key=ITEM, variables={"project_name": "新厂"})
    lizhao = Visitor(site).sign_in("lizhao")
    assert "所在环节 受理" in text(lizhao.get(f"/complaints/new?case={running.id}"))
    sent = lizhao.post(
        "/complaints/new", {"kind": "procedure", "text": "为何还不受理", "about": running.business_key or ""}
    )
    values = town.values(case_of(sent.location))
    assert (values["about_stage"], values["about_number"], values["department"]) == (
        "受理",
        running.business_key,
        "101",
    )
    assert "所在环节 受理" in text(lizhao.get(sent.location))


def test_a_window_files_for_a_caller_and_a_reviewer_may_not(town: Town, site: Flask):
    clerk = Visitor(site).sign_in("wangfang")
    assert "来源" in text(clerk.get("/complaints/new"))
    sent = clerk.post(
        "/complaints/new",
        {"kind": "attitude", "text": "电话无人接", "source": "telephone", "name": "张三", "phone": "13800000001"},
    )
    values = town.values(case_of(sent.location))
    assert (values["source"], values["complainant"], values["complainant_name"]) == ("telephone", None, "张三")
    wrong = clerk.post("/complaints/new", {"kind": "attitude", "text": "慢", "source": "pigeon"})
    assert wrong.status_code == 422 and "请选择投诉来源" in text(wrong)
    assert Visitor(site).sign_in("zhangwei").get("/complaints/new").status_code == 403


def test_an_anonymous_complaint_leads_to_its_number_only(site: Flask):
    lizhao = Visitor(site).sign_in("lizhao")
    sent = lizhao.post("/complaints/new", {"kind": "fee", "text": "多收费", "anonymous": "1"})
    assert sent.location.endswith("/complaints")
    page = text(lizhao.get("/complaints"))
    assert "编号 TS-2026-0001" in page and "还没有投诉记录" in page


def test_filters_and_states_live_in_the_address(town: Town, site: Flask):
    lizhao = Visitor(site).sign_in("lizhao")
    lizhao.get("/complaints/new")
    for kind in ("fee", "integrity"):
        assert lizhao.post("/complaints/new", {"kind": kind, "text": "事实"}).status_code == 302
    officer = Visitor(site).sign_in("jiangyue")
    page = text(officer.get("/complaints?kind=integrity"))
    assert "TS-2026-0002" in page and "TS-2026-0001" not in page
    assert "没有符合条件的记录" in text(officer.get("/complaints?state=closed"))
    assert "TS-2026-0001" in text(officer.get("/complaints?state=filed&q=0001"))
    assert "TS-2026-0002" in text(officer.get("/complaints?state=nonsense&page=9"))


def test_every_register_is_offered_to_who_oversees_it_and_begins_empty(site: Flask):
    supervisor = Visitor(site).sign_in("sunli")
    navigation = text(supervisor.get("/inbox"))
    for words in ("投诉", "差评处置", "回访", "抽查", "过错责任", "咨询", "现场办公"):
        assert words in navigation
    for path in REGISTERS:
        page = supervisor.get(f"/{path}")
        assert page.status_code == 200 and re.search("还没有.+记录", text(page))
    assert "过错责任" not in text(Visitor(site).sign_in("lizhao").get("/inbox"))


def test_a_rating_needs_a_reason_when_bad_and_is_given_once(town: Town, site: Flask):
    rated = ended_case(town)
    lizhao = Visitor(site).sign_in("lizhao")
    assert f"/cases/{rated}/rating" in lizhao.get(f"/cases/{rated}").get_data(as_text=True)
    lizhao.get(f"/cases/{rated}/rating")
    assert lizhao.post(f"/cases/{rated}/rating", {}).status_code == 422
    bad = lizhao.post(f"/cases/{rated}/rating", {"grade": "1"})
    assert bad.status_code == 422 and "不满意的，请选择或写明理由" in text(bad)
    assert lizhao.post(f"/cases/{rated}/rating", {"grade": "1", "tags": "办理太慢"}).status_code == 302
    assert lizhao.post(f"/cases/{rated}/rating", {"grade": "2", "said": "改"}).status_code == 302
    again = lizhao.post(f"/cases/{rated}/rating", {"grade": "3"})
    assert again.status_code == 409 and "已经评价过" in text(again)
    assert "现在不能评价" in text(lizhao.get(f"/cases/{rated}/rating"))
    officer = Visitor(site).sign_in("jiangyue")
    page = text(officer.get("/ratings?grade=2"))
    assert "罐厂1-备案" in page and "平均 2.00 分" in page
    assert "没有符合条件的评价" in text(officer.get("/ratings?grade=5"))
    assert "核实中" in text(officer.get("/bad-ratings"))
    assert "罐厂1-备案" in text(lizhao.get("/ratings"))


def test_bad_ratings_that_were_dealt_with_are_public_without_names(town: Town, site: Flask):
    assert "还没有公示的差评" in text(Visitor(site).get("/ratings/published"))
    rated = ended_case(town)
    lizhao = Visitor(site).sign_in("lizhao")
    lizhao.get(f"/cases/{rated}/rating")
    lizhao.post(f"/cases/{rated}/rating", {"grade": "1", "said": "李昭跑了三趟"})
    with town.office.reading() as records:
        row = records.quality.rating_of(rated)
    assert row is not None and row.follow_up is not None
    town.step(row.follow_up, "Task_Verify", finding="true", contacted="已联系")
    town.step(row.follow_up, "Task_Rectify", measure="增设告知清单")
    town.step(row.follow_up, "Task_CallBack", accepted="yes", said="认可")
    page = text(Visitor(site).get("/ratings/published"))
    assert "发展和改革局" in page and "增设告知清单" in page and "李昭" not in page


def test_somebody_without_an_account_complains_on_the_page(site: Flask):
    stranger = Visitor(site)
    assert "/complaints/public" in stranger.get("/login").get_data(as_text=True)
    assert "不用登录" in text(stranger.get("/complaints/public"))
    missing = stranger.post("/complaints/public", {"kind": "fee"})
    assert missing.status_code == 422 and "有 1 处需要修改" in text(missing)
    made = stranger.post("/complaints/public", {"kind": "fee", "text": "多收费", "phone": "13900000009"})
    assert made.status_code == 200 and re.search(r"TS-2026-\d{4}", text(made))


def test_the_window_notes_that_nobody_pressed(town: Town, site: Flask):
    rated = ended_case(town)
    clerk = Visitor(site).sign_in("wangfang")
    assert "未评价" in text(clerk.get(f"/cases/{rated}/rating"))
    assert clerk.post(f"/cases/{rated}/rating", {"grade": "0"}).status_code == 302
    assert Visitor(site).sign_in("sunli").get(f"/cases/{rated}/rating").status_code == 403


def test_a_question_is_registered_at_the_window(town: Town, site: Flask):
    clerk = Visitor(site).sign_in("wangfang")
    clerk.get("/consultations/new")
    missing = clerk.post("/consultations/new", {"way": "handed_on"})
    assert missing.status_code == 422 and "咨询内容" in text(missing)
    sent = clerk.post("/consultations/new", {"question": "怎样备案", "way": "handed_on", "department": "101"})
    assert sent.status_code == 302
    [task] = town.open(case_of(sent.location))
    assert (task.element, task.department) == ("Task_Receive", "101")
    page = text(clerk.get("/consultations"))
    assert "ZX-2026-0001" in page and "怎样备案" in page and "待接收" in page


def test_supervision_begins_a_fault_and_nobody_else_does(town: Town, site: Flask):
    supervisor = Visitor(site).sign_in("sunli")
    assert "张伟" in text(supervisor.get("/faults/new"))
    wrong = supervisor.post("/faults/new", {"person": "zhangwei", "kind": "late", "facts": ""})
    assert wrong.status_code == 422 and "请写明事实" in text(wrong)
    sent = supervisor.post("/faults/new", {"person": "zhangwei", "kind": "late", "facts": "超时三日"})
    assert "过错责任 GZ-2026-0001" in text(supervisor.get(sent.location))
    assert "张伟" in text(supervisor.get("/faults?kind=late"))
    assert Visitor(site).sign_in("chengang").get("/faults/new").status_code == 403


def test_a_card_leads_supervision_to_the_fault_of_who_held_the_task(town: Town, site: Flask, clock: Clock):
    running = start_case(town.office, town.who("lizhao"), key=ITEM, variables={"project_name": "新厂"})
    town.step(running.id, "Task_Accept", decision="accept", materials=["申请表(表)"])
    [review] = town.open(running.id)
    assert review.due_at is not None
    clock.now = review.due_at
    town.run()
    with town.office.reading() as records:
        card = next(one for one in records.supervision.of_case(running.id) if one.violation == "STAGE_OVERDUE")
    supervisor = Visitor(site).sign_in("sunli")
    page = supervisor.get(f"/supervision/{card.id}").get_data(as_text=True)
    found = re.search(r'href="(/faults/new[^"]+)"', page)
    assert found is not None and f"person={review.assignee}" in found[1]
    form = text(supervisor.get(found[1].replace("&amp;", "&")))
    assert "环节超期" in form and running.business_key
    assert "过错责任" not in text(Visitor(site).sign_in("101-rep").get(f"/supervision/{card.id}"))


def test_the_case_of_a_complaint_is_shown_to_the_officer_and_to_no_window(town: Town, site: Flask):
    lizhao = Visitor(site).sign_in("lizhao")
    lizhao.get("/complaints/new")
    case_id = case_of(
        lizhao.post("/complaints/new", {"kind": "fee", "text": "多收费", "phone": "13900000001"}).location
    )
    [task] = town.open(case_id)
    officer = Visitor(site).sign_in("jiangyue")
    assert "投诉内容：多收费" in text(officer.get(f"/tasks/{task.id}"))
    done = officer.post(f"/tasks/{task.id}", {"decision": "accept", "matter_kind": "fee", "department": "104"})
    assert done.status_code == 302, text(done)
    town.run()
    assert "多收费" in text(officer.get(f"/cases/{case_id}"))
    assert "13900000001" in text(officer.get(f"/cases/{case_id}"))
    assert "13900000001" not in text(Visitor(site).sign_in("zhaomin").get(f"/cases/{case_id}"))
    assert Visitor(site).sign_in("wuqian").get(f"/cases/{case_id}").status_code == 404
    assert "TS-2026-0001" not in text(Visitor(site).sign_in("wuqian").get("/cases"))
