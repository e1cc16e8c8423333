"""登录与安全: what people see of where they are signed in, and that an ended session is ended at every door."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pyotp
from flask import Flask

from service.casework import SYSTEM, add_person
from service.rules.roles import ADMINISTRATORS
from service.web.app import create_app
from tests.conftest import LONG_SESSIONS, Clock, make_office
from tests.web.pages.conftest import PASSWORD, Visitor, text

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def other(site: Flask, username: str) -> Visitor:
    visitor = Visitor(site)
    visitor.client.environ_base.update(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="10.1.2.3")
    return visitor.sign_in(username)


def test_the_owner_ends_another_browser_and_it_is_out_at_pages_and_programs(site: Flask) -> None:
    here, there = Visitor(site).sign_in("zhangwei"), other(site, "zhangwei")
    assert there.client.get("/api/v1/tasks").status_code == 200
    page = here.get("/account/security")
    assert "Firefox、Linux" in text(page) and "10.1.2.3" in text(page) and "本次" in text(page)
    [session] = re.findall(r'name="session" value="([^"]+)"', page.get_data(as_text=True))
    assert here.post("/account/security/session", {"session": session}).location == "/account/security"
    assert there.get("/inbox").status_code == 302
    assert there.client.get("/api/v1/tasks").status_code == 401
    assert here.get("/inbox").status_code == 200
    assert here.post("/account/security/session", {"session": session}).status_code == 404
    assert here.post("/account/security/session", {"session": "x"}).status_code == 404
    assert here.post("/account/security/nothing").status_code == 404


def test_who_signs_in_is_told_of_failures_since_and_sees_the_last_sign_ins(site: Flask) -> None:
    Visitor(site).sign_in("zhangwei")
    intruder = Visitor(site)
    intruder.client.environ_base["REMOTE_ADDR"] = "10.6.6.6"
    intruder.get("/login")
    for _ in range(2):
        assert intruder.post("/login", {"username": "zhangwei", "password": "Wrong-2026!"}).status_code == 401
    owner = Visitor(site)
    owner.get("/login")
    owner.post("/login", {"username": "zhangwei", "password": PASSWORD})
    assert "上次登录以后有 2 次登录失败" in text(owner.get("/inbox"))
    page = text(owner.get("/account/security"))
    assert page.count("10.6.6.6 失败") == 2
    assert "次登录失败" not in text(Visitor(site).sign_in("zhangwei").get("/inbox"))


def test_all_others_end_at_once(site: Flask) -> None:
    here, there = Visitor(site).sign_in("zhangwei"), other(site, "zhangwei")
    here.get("/account/security")
    assert here.post("/account/security/others").status_code == 302
    assert "已结束 1 次登录" in text(here.get("/account/security"))
    assert there.get("/inbox").status_code == 302


def test_the_security_administrator_ends_the_sessions_of_somebody(site: Flask) -> None:
    security, subject, audit = Visitor(site).sign_in("machao"), other(site, "zhangwei"), Visitor(site).sign_in("linlan")
    page = text(security.get("/admin/people/zhangwei"))
    assert "登录状态" in page and "10.1.2.3" in page
    assert "10.1.2.3" not in text(audit.get("/admin/people/zhangwei"))
    assert audit.post("/admin/people/zhangwei/sessions").status_code == 403
    assert security.post("/admin/people/zhangwei/sessions").status_code == 302
    assert subject.get("/inbox").status_code == 302
    assert "没有在任何地方登录" in text(security.get("/admin/people/zhangwei"))
    assert "结束登录" in text(security.get("/admin/people/zhangwei"))


def test_a_cookie_from_before_signing_out_opens_nothing(site: Flask) -> None:
    clerk, thief = Visitor(site).sign_in("wangfang"), Visitor(site)
    stolen = clerk.client.get_cookie("session")
    assert stolen is not None
    clerk.post("/logout")
    thief.client.set_cookie("session", stolen.value)
    assert thief.get("/inbox").status_code == 302


def test_a_start_password_opens_no_program_interface_through_the_browser_either(site: Flask) -> None:
    security = Visitor(site).sign_in("machao")
    security.get("/admin/people/new")
    made = security.post("/admin/people/new", {"username": "xinren", "name": "新人", "department": "104"})
    [password] = re.findall(r'class="secret" translate="no">([^<]+)<', made.get_data(as_text=True))
    newcomer = Visitor(site).sign_in("xinren", password)
    answer = newcomer.client.get("/api/v1/tasks")
    assert answer.status_code == 403 and answer.json["code"] == "PASSWORD_MUST_CHANGE"


def test_the_page_is_there_in_english(clerk: Visitor) -> None:
    clerk.post("/language", {"language": "en", "next": "/inbox"})
    page = text(clerk.get("/account/security"))
    assert "Sign-in and security" in page and not re.search(
        "[一-鿿]{4}", page.partition("Sessions")[2].partition("?")[0]
    )


def secret_on(page: str) -> str:
    [shown] = re.findall(r"<code>([A-Z2-7 ]{32,})</code>", page)
    return shown.replace(" ", "")


def test_one_time_codes_are_set_up_asked_for_and_removed(site: Flask, clock: Clock) -> None:
    person = Visitor(site).sign_in("zhangwei")
    page = person.get("/account/second-factor").get_data(as_text=True)
    assert "<svg" in page and "style=" not in page
    phone = pyotp.TOTP(secret_on(page))
    assert person.post("/account/second-factor", {"code": "000000"}).status_code == 422
    done = person.post("/account/second-factor", {"code": phone.at(clock())})
    codes = re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", done.get_data(as_text=True))
    assert len(codes) == 10 and person.get("/inbox").status_code == 200
    assert person.get("/account/second-factor").location == "/account/security"

    clock.advance(minutes=2)
    again = Visitor(site)
    again.get("/login")
    step = again.post("/login", {"username": "zhangwei", "password": PASSWORD, "next": "/cases"})
    assert step.location == "/login/second?next=/cases" and again.get("/inbox").location.startswith("/login")
    assert "第二步验证" in text(again.get(step.location))
    wrong = again.post("/login/second", {"code": "000000", "next": "/cases"})
    assert wrong.status_code == 401 and "验证码不正确" in text(wrong)
    assert again.post("/login/second", {"code": phone.at(clock()), "next": "/cases"}).location == "/cases"
    assert "密码 + 动态验证码" in text(again.get("/account/security"))
    refused = site.test_client().get("/api/v1/tasks", auth=("zhangwei", PASSWORD))
    assert refused.status_code == 403 and refused.json["code"] == "SECOND_FACTOR_NEEDED"

    fresh = again.post("/account/security/codes", {"code": codes[0]})
    assert fresh.status_code == 200 and codes[1] not in fresh.get_data(as_text=True)
    [factor] = set(re.findall(r'name="factor" value="([^"]+)"', again.get("/account/security").get_data(as_text=True)))
    assert again.post("/account/security/remove", {"factor": factor, "code": codes[1]}).status_code == 422
    clock.advance(minutes=2)
    assert again.post("/account/security/remove", {"factor": factor, "code": phone.at(clock())}).status_code == 302
    assert Visitor(site).sign_in("zhangwei").get("/inbox").status_code == 200


def test_nobody_gets_to_the_second_step_without_the_first(visitor: Visitor) -> None:
    assert visitor.get("/login/second").location == "/login"
    visitor.get("/login")
    assert visitor.post("/login/second", {"code": "123456"}).location == "/login"


def test_an_administrator_sets_one_up_before_anything_else(sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    strict = replace(LONG_SESSIONS, second_factor=frozenset(ADMINISTRATORS))
    office = make_office(sqlite_url, tmp_path, clock, identity=strict)
    add_person(office, SYSTEM, "guo", "郭二", "Correct-1", roles={"system_admin"})
    site = create_app(office)
    admin = Visitor(site)
    admin.get("/login")
    assert admin.post("/login", {"username": "guo", "password": "Correct-1"}).status_code == 302
    assert admin.get("/inbox").location == admin.get("/account/security").location == "/account/second-factor"
    assert "您的角色须使用第二种验证方式" in text(admin.get("/account/second-factor"))
    assert admin.client.get("/api/v1/cases").json["code"] == "SECOND_FACTOR_MISSING"
    assert site.test_client().get("/engine-rest/task", auth=("guo", "Correct-1")).status_code == 403


def test_a_lost_telephone_is_reset_on_the_page_of_the_account(site: Flask, clock: Clock) -> None:
    person, security = Visitor(site).sign_in("zhangwei"), Visitor(site).sign_in("machao")
    phone = pyotp.TOTP(secret_on(person.get("/account/second-factor").get_data(as_text=True)))
    person.post("/account/second-factor", {"code": phone.at(clock())})
    assert "第二种验证方式：" in text(security.get("/admin/people/zhangwei"))
    assert security.post("/admin/people/zhangwei/factors", {"reason": ""}).status_code == 422
    assert security.post("/admin/people/zhangwei/factors", {"reason": "手机丢失"}).status_code == 302
    assert person.get("/inbox").status_code == 302
    assert Visitor(site).sign_in("zhangwei").get("/inbox").status_code == 200


def test_a_token_is_shown_once_and_opens_the_program_interfaces_within_its_scope(site: Flask) -> None:
    person = Visitor(site).sign_in("zhangwei")
    person.get("/account/security")
    bad = person.post("/account/security/token", {"name": "", "days": "x", "scopes": "read"})
    assert bad.status_code == 422 and "请写明令牌的用途" in text(bad)
    made = person.post("/account/security/token", {"name": "报表", "days": "30", "scopes": "read"})
    [token] = re.findall(r'class="token" translate="no">([^<]+)<', made.get_data(as_text=True))
    assert token not in person.get("/account/security").get_data(as_text=True)
    program, shown = site.test_client(), {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/tasks", headers=shown).status_code == 200
    assert program.post("/engine-rest/task/count", json={}, headers=shown).status_code in (200, 403)
    refused = program.post("/api/v1/tasks/x/claim", headers=shown)
    assert refused.status_code == 403 and refused.json["code"] == "TOKEN_SCOPE"
    wrong = program.get("/api/v1/tasks", headers={"Authorization": "Bearer lianban_x"})
    assert wrong.status_code == 401 and wrong.json["code"] == "TOKEN_INVALID"
    [number] = re.findall(r'name="token" value="([^"]+)"', person.get("/account/security").get_data(as_text=True))
    security = Visitor(site).sign_in("machao")
    assert "报表" in text(security.get("/admin/people/zhangwei"))
    assert security.post("/admin/people/zhangwei/token", {"token": number}).status_code == 302
    assert program.get("/api/v1/tasks", headers=shown).status_code == 401
    assert person.post("/account/security/revoke", {"token": number}).status_code == 404
