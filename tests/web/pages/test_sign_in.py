"""Signing in: who is let in, where to, and what strangers are not told."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.pages.conftest import PASSWORD, Visitor, text


@pytest.mark.parametrize(
    "path", ["/", "/inbox", "/inbox/done", "/cases", "/cases/new", "/processes", "/processes/upload"]
)
def test_a_stranger_is_asked_to_sign_in_first(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 302 and answer.location.startswith("/login")


def test_a_wrong_password_is_said_beside_the_form_and_the_name_is_kept(visitor: Visitor) -> None:
    visitor.get("/login")
    answer = visitor.post("/login", {"username": "wangfang", "password": "wrong"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 401 and 'role="alert"' in body and 'value="wangfang"' in body


def test_a_service_account_is_for_programs_only(visitor: Visitor) -> None:
    visitor.get("/login")
    answer = visitor.post("/login", {"username": "engine", "password": PASSWORD})
    assert answer.status_code == 403 and "服务账号只能用于程序接口" in text(answer)


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    answer = visitor.client.post("/login", data={"username": "wangfang", "password": PASSWORD})
    assert answer.status_code == 400 and "页面已过期" in text(answer)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil",
        "/login",
    ],
)
def test_where_to_go_next_stays_on_this_site(visitor: Visitor, wanted: str) -> None:
    visitor.get("/login")
    answer = visitor.post("/login", {"username": "wangfang", "password": PASSWORD, "next": wanted})
    assert answer.location == "/inbox"


def test_signing_in_leads_to_the_page_that_was_wanted(visitor: Visitor) -> None:
    answer = visitor.get("/cases?state=all")
    visitor.get(answer.location)
    answer = visitor.post("/login", {"username": "wangfang", "password": PASSWORD, "next": "/cases?state=all"})
    assert answer.location == "/cases?state=all"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor) -> None:
    visitor.get("/login")
    answer = visitor.post("/login", {"username": "wangfang", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_after_signing_out_nothing_is_shown_any_more(clerk: Visitor) -> None:
    clerk.post("/logout")
    assert clerk.get("/inbox").status_code == 302


def test_the_demo_accounts_are_listed_by_department(visitor: Visitor) -> None:
    page = text(visitor.get("/login"))
    assert "演示账号" in page and "wangfang" in page and "102-rep" in page and "engine" not in page


def test_every_page_tells_the_browser_to_take_scripts_from_us_only(clerk: Visitor) -> None:
    for path in ("/inbox", "/cases", "/processes", "/processes/two_departments"):
        policy = clerk.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "<script>" not in clerk.get(path).get_data(as_text=True)


def test_the_language_is_kept_in_the_session(clerk: Visitor) -> None:
    assert clerk.post("/language", {"language": "en", "next": "/inbox"}).location == "/inbox"
    assert '<html lang="en">' in clerk.get("/inbox").get_data(as_text=True)
    clerk.post("/language", {"language": "xx", "next": "//evil.example"})
    assert '<html lang="zh-CN">' in clerk.get("/inbox").get_data(as_text=True)


def test_what_does_not_exist_is_said_in_chinese_with_the_request_id(clerk: Visitor) -> None:
    answer = clerk.get("/nowhere")
    assert answer.status_code == 404 and "没有找到" in text(answer) and answer.headers["X-Request-ID"] in text(answer)


def test_a_fault_shows_no_details(site: Flask, clerk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.web.pages.cases.case_list", lambda *a, **k: 1 / 0)
    answer = clerk.get("/cases")
    assert answer.status_code == 500 and "请求编号" in text(answer) and "division" not in text(answer)
