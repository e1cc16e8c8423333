"""Limits by account and address, known hosts, headers of every answer, and where administrators may work from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.casework import SYSTEM, add_person
from service.rules.networks import networks_from
from service.rules.refusals import Refusal
from service.settings import Settings
from service.settings.rates import SERVED, RateRules
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.web.pages.conftest import Visitor, text

FAR = {"environ_base": {"REMOTE_ADDR": "10.9.8.7"}}
PASSWORD = "Richtig-2026!"
Make = Callable[..., Flask]


@pytest.fixture
def make(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """An application with settings of its own, and a clerk, a program and the three administrators."""
    offices = []

    def made(**settings: Any) -> Flask:
        office = make_office(sqlite_url, tmp_path, clock, **settings)
        offices.append(office)
        add_person(office, SYSTEM, "clerk", "李霞", PASSWORD, roles={"counter_clerk"})
        add_person(office, SYSTEM, "program", "程序", PASSWORD, roles={"service"})
        add_person(office, SYSTEM, "keeper", "马超", PASSWORD, roles={"security_admin"})
        return create_app(office)

    yield made
    for office in offices:
        office.close()


def basic(client: FlaskClient, path: str, username: str, **more: Any) -> Any:
    return client.get(path, auth=(username, PASSWORD), **more)


def test_an_account_that_asks_too_often_is_told_when_to_come_back_in_the_words_of_each_door(make: Make) -> None:
    app = make(rates=RateRules(person=6, program=3))
    clerk = Visitor(app).sign_in("clerk", PASSWORD)
    answers = [clerk.client.get("/inbox") for _ in range(7)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (
        "请求过于频繁" in text(answers[-1])
        and "秒后再试" in text(answers[-1])
        and "TOO_MANY_REQUESTS" in text(answers[-1])
    )
    assert clerk.client.get("/static/dist/page.css").status_code != 429
    told = clerk.client.get("/api/v1/tasks")
    assert told.status_code == 429 and told.content_type == "application/problem+json"
    assert told.json["code"] == "TOO_MANY_REQUESTS" and told.json["title"] == "请求过于频繁"
    program = app.test_client()
    statuses = [basic(program, "/engine-rest/task", "program").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    told = basic(program, "/engine-rest/task", "program")
    assert told.json["reason"] == "TOO_MANY_REQUESTS" and int(told.headers["Retry-After"]) >= 1


def test_a_wrong_password_uses_up_nobody_elses_requests(make: Make) -> None:
    app = make(rates=RateRules(program=3))
    for _ in range(4):
        assert app.test_client().get("/engine-rest/task", auth=("program", "wrong"), **FAR).status_code == 401
    assert basic(app.test_client(), "/engine-rest/task", "program").status_code == 200


def test_an_address_without_an_account_is_told_to_wait_and_this_machine_is_not(make: Make) -> None:
    app = make(rates=RateRules(address=2))
    assert [app.test_client().get("/login", **FAR).status_code for _ in range(3)] == [200, 200, 429]
    other = {"environ_base": {"REMOTE_ADDR": "10.9.8.6"}}
    assert app.test_client().get("/login", **other).status_code == 200
    assert {app.test_client().get("/login").status_code for _ in range(4)} == {200}
    assert {app.test_client().get("/healthz", **FAR).status_code for _ in range(4)} == {200}


def test_what_costs_much_has_a_limit_of_its_own(make: Make) -> None:
    clerk = Visitor(make(rates=RateRules(person=1000, heavy=1))).sign_in("clerk", PASSWORD)
    assert clerk.client.get("/items/export.csv").status_code != 429
    assert clerk.client.get("/items/export.csv").status_code == 429
    assert clerk.client.get("/nowhere/export").status_code == 404, "the page that says so is drawn all the same"
    assert clerk.client.get("/inbox").status_code == 200


def test_what_is_served_has_limits_and_each_can_be_set_or_turned_off() -> None:
    assert Settings().rates == RateRules() and Settings.from_environment({}).rates == SERVED
    given = {"LIANBAN_RATE_PERSON": "0", "LIANBAN_RATE_ADDRESS": "77"}
    assert Settings.from_environment(given).rates == RateRules(address=77, person=0, program=60_000, heavy=120)
    for bad in ("-1", "many", "1e3", "99999999999"):
        with pytest.raises(Refusal, match="LIANBAN_RATE_HEAVY"):
            Settings.from_environment({"LIANBAN_RATE_HEAVY": bad})


@pytest.mark.parametrize(
    "path", ["/login", "/api/v1/tasks", "/engine-rest/task", "/static/dist/page.css", "/nowhere", "/"]
)
def test_only_the_names_of_the_installation_are_answered(make: Make, path: str) -> None:
    app = make(public_url="https://banshi.yunxi.example", hosts=("lianban.local",))
    for host in (
        "evil.example",
        "banshi.yunxi.example.evil.example",
        "evil.example:443",
        "banshi.yunxi.example@evil.example",
    ):
        told = app.test_client().get(path, headers={"Host": host})
        assert told.status_code == 400 and b"HOST_UNKNOWN" in told.data
        assert "evil" not in told.headers.get("Location", "")
    for host in ("banshi.yunxi.example", "banshi.yunxi.example:8443", "lianban.local", "127.0.0.1:8000", "localhost"):
        assert app.test_client().get(path, headers={"Host": host}).status_code != 400, host


def test_without_an_address_of_its_own_it_answers_to_any_name(make: Make) -> None:
    assert make().test_client().get("/login", headers={"Host": "10.1.1.1:8000"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/api/v1/tasks",
        "/engine-rest/task",
        "/engine-rest/version",
        "/healthz",
        "/nowhere",
        "/",
        "/static/dist/nothing.js",
    ],
)
def test_every_answer_says_what_a_browser_may_do_with_it(make: Make, path: str) -> None:
    answer = (
        make(public_url="https://banshi.yunxi.example")
        .test_client()
        .get(path, headers={"Host": "banshi.yunxi.example"})
    )
    policy = answer.headers["Content-Security-Policy"]
    assert ("style-src 'self'" in policy) is (answer.mimetype == "text/html")
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_over_https_the_cookie_belongs_to_this_host_alone(make: Make) -> None:
    client = make(public_url="https://banshi.yunxi.example").test_client()
    cookie = client.get("/login", base_url="https://banshi.yunxi.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")) and "Domain" not in cookie


def test_administrators_work_from_named_networks_only_and_others_from_anywhere(make: Make) -> None:
    app = make(admin_addresses=networks_from("X", "127.0.0.0/8, 192.168.0.0/16"))
    assert Visitor(app).sign_in("keeper", PASSWORD).get("/account/password").status_code == 200
    far = Visitor(app)
    far.client.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    far.get("/login")
    far.post("/login", {"username": "keeper", "password": PASSWORD})
    told = far.get("/account/password")
    assert told.status_code == 403 and "ADMIN_ADDRESS" in text(told)
    assert basic(app.test_client(), "/api/v1/tasks", "keeper", **FAR).json["code"] == "ADMIN_ADDRESS"
    clerk = Visitor(app)
    clerk.client.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    assert clerk.sign_in("clerk", PASSWORD).get("/inbox").status_code == 200
    with pytest.raises(Refusal, match="LIANBAN_ADMIN_ADDRESSES"):
        Settings.from_environment({"LIANBAN_ADMIN_ADDRESSES": "here and there"})
