"""登录与安全: what people see of where they are signed in, and that an ended session is ended at every door."""

from __future__ import annotations

import re

from flask import Flask

from tests.web.pages.conftest import Visitor, text

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
