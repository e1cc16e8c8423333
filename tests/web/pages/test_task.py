"""办理: the form is judged on the server, nothing typed is lost, and who was faster is named."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, find_actor
from service.casework.workbench import inbox
from tests.web.pages.conftest import Visitor, begin, text

GOOD = {"conclusion": "agree", "opinion": "材料齐全，同意。"}


def first_task(office: Office, username: str) -> UUID:
    actor = find_actor(office, username)
    assert actor is not None
    return inbox(office, actor).items[0].row.id


@pytest.fixture
def housing(centre: Office, clerk: Visitor, site: Flask) -> tuple[Visitor, UUID]:
    """张伟 before the review of 住建局, the registration done by 王芳."""
    begin(centre)
    queued = first_task(centre, "wangfang")
    clerk.get(f"/tasks/{queued}")
    assert clerk.post(f"/tasks/{queued}", GOOD).status_code == 302
    return Visitor(site).sign_in("zhangwei"), first_task(centre, "zhangwei")


def test_missing_answers_are_named_beside_their_fields_and_typed_ones_are_kept(housing: tuple[Visitor, UUID]) -> None:
    person, task = housing
    person.get(f"/tasks/{task}")
    answer = person.post(f"/tasks/{task}", {"opinion": "短"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请选择“审核结论”" in body and "“审核意见”至少填写 2 个字，现有 1 个" in body
    assert 'href="#field-conclusion"' in body and 'id="field-conclusion"' in body
    assert re.search(r"<textarea[^>]*>\s*短</textarea>", body)


def test_earlier_answers_and_the_application_stand_beside_the_form(housing: tuple[Visitor, UUID]) -> None:
    person, task = housing
    page = text(person.get(f"/tasks/{task}"))
    assert "材料齐全，同意。" in page and "王芳" in page
    assert "申请内容" in page and "项目1" in page


def test_completing_leads_on_and_the_case_shows_the_opinion(housing: tuple[Visitor, UUID]) -> None:
    person, task = housing
    person.get(f"/tasks/{task}")
    answer = person.post(f"/tasks/{task}", GOOD)
    assert answer.status_code == 302
    page = text(person.get(answer.location))
    assert "“住建审核”已完成。" in page


def test_the_loser_of_a_race_is_told_who_and_when_and_keeps_what_was_typed(
    housing: tuple[Visitor, UUID], site: Flask
) -> None:
    person, task = housing
    other = Visitor(site).sign_in("zhangwei")
    other.get(f"/tasks/{task}")
    person.get(f"/tasks/{task}")
    person.post(f"/tasks/{task}", GOOD)
    answer = other.post(f"/tasks/{task}", {"conclusion": "refuse", "opinion": "我的意见不同"})
    assert answer.status_code == 409
    assert re.search(r"已由 张伟 于 03-16 09:00 完成", text(answer)) and "没有提交" in text(answer)
    assert "我的意见不同" in text(answer)


def test_a_colleague_of_another_department_does_not_find_the_task(housing: tuple[Visitor, UUID], site: Flask) -> None:
    _, task = housing
    stranger = Visitor(site).sign_in("105-a")
    assert stranger.get(f"/tasks/{task}").status_code == 404
    assert stranger.post(f"/tasks/{task}", GOOD).status_code == 404


def test_supervision_reads_but_cannot_complete(housing: tuple[Visitor, UUID], site: Flask) -> None:
    _, task = housing
    supervisor = Visitor(site).sign_in("sunli")
    page = supervisor.get(f"/tasks/{task}")
    assert page.status_code == 200 and "不能办理" in text(page) and "<textarea" not in page.get_data(as_text=True)
    assert supervisor.post(f"/tasks/{task}", GOOD).status_code == 403


def test_conditions_are_judged_by_the_server_for_the_page(clerk: Visitor) -> None:
    clerk.get("/cases/new/two_departments")
    headers = {"Accept": "application/json"}
    assert clerk.post("/cases/new/two_departments", {"project": "甲"}, headers=headers).json == {"hidden": ["why"]}
    assert clerk.post("/cases/new/two_departments", {"urgent": "true"}, headers=headers).json == {"hidden": []}


def test_taking_a_case_in_asks_what_the_start_form_asks(clerk: Visitor) -> None:
    assert "两部门联办" in text(clerk.get("/cases/new"))
    clerk.get("/cases/new/two_departments")
    answer = clerk.post("/cases/new/two_departments", {"area": "0", "urgent": "true", "case-title": "甲-联办"})
    assert answer.status_code == 422
    for sentence in ("请填写“项目名称”", "“面积”不能小于 1", "请填写“加急理由”"):
        assert sentence in text(answer)
    assert 'value="甲-联办"' in answer.get_data(as_text=True)
    answer = clerk.post("/cases/new/two_departments", {"project": "甲", "area": "3", "case-title": "甲-联办"})
    assert answer.status_code == 302
    assert "甲-联办" in text(clerk.get(answer.location))


def test_a_reviewer_may_not_take_cases_in(site: Flask) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    answer = reviewer.get("/cases/new")
    assert answer.status_code == 403 and "没有收件的权限" in text(answer)
    assert 'href="/cases/new"' not in reviewer.get("/inbox").get_data(as_text=True)
