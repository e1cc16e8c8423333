"""Administration: who is shown which place, roles by two persons on the pages, start passwords, windows, operations."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from service.casework import Office
from tests.web.pages.conftest import PASSWORD, Visitor, begin, text

STAFF = ("/admin/departments", "/admin/windows", "/admin/people", "/admin/roles", "/admin/substitutions")
OPERATIONS = ("/admin/agenda", "/admin/jobs", "/admin/external-tasks", "/admin/system")
SEEN = {  # DOMAIN P25, P26, P31: who is shown what
    "machao": STAFF,
    "linlan": (*STAFF, "/admin/audit", "/admin/deployments"),
    "tianyue": (*STAFF, *OPERATIONS, "/admin/deployments"),
    "guotao": (*OPERATIONS, "/admin/deployments"),
    "sunli": ("/admin/deployments",),
    "hejing": ("/admin/deployments",),
    "wangfang": (),
    "chengang": (),
    "lizhao": (),
}
EVERY = (*STAFF, *OPERATIONS, "/admin/audit", "/admin/deployments")


@pytest.mark.parametrize("username", SEEN)
def test_everybody_is_shown_their_own_places_and_nobody_elses(site: Flask, username: str) -> None:
    visitor = Visitor(site).sign_in(username)
    home = visitor.get("/inbox").get_data(as_text=True)
    for path in EVERY:
        wanted = path in SEEN[username]
        assert visitor.get(path).status_code == (200 if wanted else 403), path
        assert (f'href="{path}"' in home) == wanted, path


def test_roles_are_asked_for_by_one_and_confirmed_by_another(site: Flask) -> None:
    security, audit, subject = (Visitor(site).sign_in(name) for name in ("machao", "linlan", "zhangwei"))
    page = security.get("/admin/people/zhangwei")
    assert "A岗" in text(page)
    wrong = security.post("/admin/people/zhangwei/roles", {"roles": ["reviewer_a", "system_admin"], "reason": "兼任"})
    assert wrong.status_code == 409 and "不能由同一人担任" in text(wrong)
    missing = security.post("/admin/people/zhangwei/roles", {"roles": ["reviewer_b"], "reason": ""})
    assert missing.status_code == 422 and "请写明理由" in text(missing)
    made = security.post("/admin/people/zhangwei/roles", {"roles": ["reviewer_a", "inspector"], "reason": "增加勘查"})
    assert made.status_code == 302
    listed = security.get("/admin/roles").get_data(as_text=True)
    found = re.search(r"/admin/roles/([0-9a-f-]{36})/withdraw", listed)
    assert found is not None and "/confirm" not in listed
    assert security.post(f"/admin/roles/{found[1]}/confirm").status_code == 403
    assert "/confirm" in audit.get("/admin/roles").get_data(as_text=True)
    assert audit.post(f"/admin/roles/{found[1]}/confirm").status_code == 302
    ended = subject.get("/inbox")
    assert ended.status_code == 302 and ended.location.startswith("/login")
    assert "勘查人员" in text(security.get("/admin/people/zhangwei"))


def test_a_start_password_is_shown_once_and_leads_to_a_new_one(site: Flask) -> None:
    security = Visitor(site).sign_in("machao")
    security.get("/admin/people/new")
    bad = security.post("/admin/people/new", {"username": "X", "name": ""})
    assert bad.status_code == 422 and bad.get_data(as_text=True).count('class="problem"') == 2
    made = security.post("/admin/people/new", {"username": "xinren", "name": "新人", "department": "104"})
    found = re.search(r'class="secret" translate="no">([^<]+)<', made.get_data(as_text=True))
    assert made.status_code == 200 and found is not None
    assert 'class="secret"' not in security.get("/admin/people/xinren").get_data(as_text=True)
    newcomer = Visitor(site)
    newcomer.get("/login")
    assert newcomer.post("/login", {"username": "xinren", "password": found[1]}).status_code == 302
    assert newcomer.get("/inbox").location == "/account/password"
    api = site.test_client().get("/api/v1/tasks", auth=("xinren", found[1]))
    assert api.status_code == 403 and api.json["code"] == "PASSWORD_MUST_CHANGE"
    newcomer.get("/account/password")
    same = {"old": found[1], "password": found[1], "again": found[1]}
    assert "新密码应与原密码不同" in text(newcomer.post("/account/password", same))
    new = {"old": found[1], "password": "Fresh-2026!", "again": "Fresh-2026!"}
    assert newcomer.post("/account/password", new).status_code == 302
    assert newcomer.get("/inbox").status_code == 200


def test_other_sessions_end_with_the_password_and_the_own_one_goes_on(site: Flask) -> None:
    here, elsewhere = Visitor(site).sign_in("hejing"), Visitor(site).sign_in("hejing")
    here.get("/account/password")
    new = {"old": PASSWORD, "password": "Fresh-2026!", "again": "Fresh-2026!"}
    assert here.post("/account/password", new).status_code == 302
    assert here.get("/inbox").status_code == 200
    assert elsewhere.get("/inbox").status_code == 302


def test_a_closed_account_is_signed_out(site: Flask) -> None:
    security, subject = Visitor(site).sign_in("machao"), Visitor(site).sign_in("zhangwei")
    security.get("/admin/people/zhangwei")
    assert security.post("/admin/people/zhangwei/close", {"reason": "调离"}).status_code == 302
    assert subject.get("/inbox").status_code == 302
    assert "已停用" in text(security.get("/admin/people/zhangwei"))


def test_windows_are_opened_posted_and_closed(site: Flask) -> None:
    office = Visitor(site).sign_in("tianyue")
    office.get("/admin/windows/new")
    form = {"new": "yes", "number": "W210", "name": "临时窗口", "kind": "SEASONAL", "board": "SERVICE", "rows": "1"}
    wrong = office.post("/admin/windows", form)
    assert wrong.status_code == 422 and "应写明开放的起止日期" in text(wrong)
    form |= {"since-0": "2026-03-01", "until-0": "2026-05-31", "weekdays-0": ["1", "2", "3", "4", "5"]}
    assert office.post("/admin/windows", form).status_code == 302
    page = text(office.get("/admin/windows/W210"))
    assert "临时窗口" in page and "开放" in page
    taken = office.post("/admin/windows/W210/people", {"username": "wangfang", "since": "2026-03-16"})
    assert taken.status_code == 409 and "W012" in text(taken)
    assert office.post("/admin/windows/W210/people", {"username": "liuyang", "since": "2026-03-16"}).status_code == 302
    assert "刘洋" in text(office.get("/admin/windows?q=W210"))
    assert office.post("/admin/windows/W210/close", {"closed": "yes", "reason": "到期"}).status_code == 302
    assert "W210" not in text(office.get("/admin/windows"))


def test_the_system_administrator_runs_a_job_with_a_reason(site: Flask) -> None:
    from service.casework import arm_jobs

    arm_jobs(site.extensions["office"])
    system, audit = Visitor(site).sign_in("guotao"), Visitor(site).sign_in("linlan")
    assert "日历检查" in text(system.get("/admin/jobs"))
    system.get("/admin/jobs/certificates")
    assert system.post("/admin/jobs/certificates/run", {"reason": ""}).status_code == 422
    assert system.post("/admin/jobs/certificates/run", {"reason": "核对提醒"}).status_code == 302
    assert "核对提醒" in text(audit.get("/admin/audit?action=agenda:run"))
    moved = system.get("/admin/agenda?kind=job&view=all").get_data(as_text=True)
    found = re.search(r"/admin/agenda/([0-9a-f-]{36})", moved)
    assert found is not None
    system.get(f"/admin/agenda/{found[1]}")
    past = system.post(f"/admin/agenda/{found[1]}/move", {"until": "2026-01-01T09:00", "reason": "x"})
    assert past.status_code == 422 and "应晚于现在" in text(past)
    later = {"until": "2026-12-01T09:00", "reason": "避开高峰"}
    assert system.post(f"/admin/agenda/{found[1]}/move", later).status_code == 302


def test_limits_come_by_themselves(site: Flask, centre: Office) -> None:
    begin(centre)
    system = Visitor(site).sign_in("guotao")
    page = system.get("/admin/agenda?kind=clock&view=all").get_data(as_text=True)
    found = re.search(r"/admin/agenda/([0-9a-f-]{36})", page)
    if found is None:
        pytest.skip("this procedure has no clock")
    refused = system.post(f"/admin/agenda/{found[1]}/run", {"reason": "催一下"})
    assert refused.status_code == 409 and "不能提前执行或改期" in text(refused)
