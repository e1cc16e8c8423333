"""Signing in at a provider: against Authlib's authorization server over HTTP, with the browser's way there and back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from service.casework.actors import SYSTEM
from service.casework.identity.directory import link_identity
from service.casework.office import Office
from service.casework.people import add_person, disable_person
from service.casework.signing_in import find_actor
from service.connectors.oidc import oidc_from
from service.rules.refusals import Invalid
from service.web.app import create_app
from tests.casework.identity.provider import CLIENT, SECRET, Provider, provider_running
from tests.conftest import Clock, make_office
from tests.web.pages.conftest import Visitor, text

ZHOU = {"sub": "4711", "preferred_username": "Zhou", "name": "周一", "groups": ["pass-a", "choir"]}
ROLES = '{"pass-a": "reviewer_a", "pass-window": "counter_clerk"}'


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider_running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.user, running.claims, running.forged = dict(ZHOU), {}, False
    running.codes.clear()
    return running


@pytest.fixture
def house(provider: Provider, sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = make_office(sqlite_url, tmp_path, clock)
    office.environment = {
        "LIANBAN_OIDC_ISSUER": provider.issuer,
        "LIANBAN_OIDC_CLIENT_ID": CLIENT,
        "LIANBAN_OIDC_CLIENT_SECRET": SECRET,
        "LIANBAN_OIDC_ROLES": ROLES,
        "LIANBAN_OIDC_NAME": "云溪通",
    }
    yield office
    office.close()


@pytest.fixture
def site(house: Office) -> Flask:
    return create_app(house)


def sent(browser: Visitor) -> str:
    """Where the browser is sent by the provider, after it has signed in there."""
    there = browser.get("/login/oidc?next=/cases").location
    answer = requests.get(there, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def back(browser: Visitor, address: str | None = None, **changes: str) -> TestResponse:
    parts = urlsplit(address or sent(browser))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return browser.get("/login/oidc/back", query_string=query)


def refused(answer: TestResponse) -> None:
    assert answer.status_code == 401 and "统一身份认证没有通过" in text(answer)


def test_who_is_known_there_gets_an_account_with_the_roles_of_the_mapping_and_no_password(
    site: Flask, house: Office
) -> None:
    browser = Visitor(site)
    assert "用云溪通登录" in text(browser.get("/login"))
    assert back(browser).location == "/cases"
    actor = find_actor(house, "zhou")
    assert actor is not None and (actor.name, actor.roles, actor.must_change) == ("周一", {"reviewer_a"}, False)
    assert "统一身份认证" in text(browser.get("/account/security"))
    with house.reading() as records:
        assert [line.action for line in reversed(records.ledger.lines(subject="zhou"))] == [
            "person:added", "identity:linked", "session:began",
        ]  # fmt: skip
    stranger = Visitor(site)
    stranger.get("/login")
    assert stranger.post("/login", {"username": "zhou", "password": "!"}).status_code == 401


def test_the_request_carries_state_nonce_and_a_challenge_and_no_secret(site: Flask) -> None:
    asked = parse_qs(urlsplit(Visitor(site).get("/login/oidc").location).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) > 40 and len(asked["nonce"][0]) > 40 and asked["state"] != asked["nonce"]
    assert SECRET not in str(asked) and "code_verifier" not in asked


def test_an_answer_this_browser_did_not_ask_for_is_refused(site: Flask) -> None:
    browser, victim = Visitor(site), Visitor(site)
    address = sent(browser)
    refused(back(victim, address))  # a link somebody else was sent
    refused(back(browser, address, state="guessed"))
    refused(back(browser, address))  # what was kept is gone with the first try


def test_a_code_is_taken_once_and_only_with_the_verifier_of_who_asked(site: Flask) -> None:
    browser, other = Visitor(site), Visitor(site)
    address = sent(browser)
    [code] = parse_qs(urlsplit(address).query)["code"]
    refused(back(other, sent(other), code=code))  # PKCE: the code belongs to another challenge
    again = Visitor(site)
    refused(back(again, sent(again), code="no such code"))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": ["somebody else"]},
        {"nonce": "of another time"},
        {"exp": int(time.time()) - 3600},
        {"preferred_username": 7},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_for_somebody_else_or_of_another_time_is_refused(
    site: Flask, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    refused(back(Visitor(site)))


def test_a_token_signed_with_another_key_is_refused(site: Flask, provider: Provider) -> None:
    provider.forged = True
    refused(back(Visitor(site)))


def test_roles_follow_the_groups_and_those_outside_the_mapping_stay(
    site: Flask, house: Office, provider: Provider
) -> None:
    back(Visitor(site))
    with house.transaction() as records:
        person = records.people.find("zhou")
        assert person is not None
        records.people.set_roles(person.id, {"reviewer_a", "archivist"})
    provider.user["groups"] = ["pass-window"]
    assert back(Visitor(site)).location == "/cases"
    actor = find_actor(house, "zhou")
    assert actor is not None and actor.roles == {"counter_clerk", "archivist"}
    provider.user["groups"] = []
    back(Visitor(site))
    actor = find_actor(house, "zhou")
    assert actor is not None and actor.roles == {"archivist"}


def test_who_has_no_role_here_gets_no_account(site: Flask, house: Office, provider: Provider) -> None:
    provider.user["groups"] = ["security_admin", "choir"]
    answer = back(Visitor(site))
    assert answer.status_code == 403 and find_actor(house, "zhou") is None


@pytest.mark.parametrize("role", ["security_admin", "system_admin", "audit_admin", "service", "nobody"])
def test_no_mapping_gives_the_roles_that_take_two_persons(role: str) -> None:
    given = {"LIANBAN_OIDC_ISSUER": "https://id.example", "LIANBAN_OIDC_CLIENT_ID": "x"}
    with pytest.raises(Invalid) as refusal:
        oidc_from({**given, "LIANBAN_OIDC_ROLES": f'{{"g": "{role}"}}'})
    assert refusal.value.code == "SETTING_INVALID"
    with pytest.raises(Invalid):
        oidc_from({**given, "LIANBAN_OIDC_ISSUER": "http://id.example"})


def test_an_account_of_the_same_name_is_not_taken_over_unless_it_is_linked(
    site: Flask, house: Office, provider: Provider
) -> None:
    add_person(house, SYSTEM, "zhou", "另一个周", "Correct-1", roles={"security_admin"})
    answer = back(Visitor(site))
    assert answer.status_code == 409 and "请联系系统管理员关联" in text(answer)
    add_person(house, SYSTEM, "zhou2", "周一", "Correct-1", roles={"archivist"})
    link_identity(house, SYSTEM, "zhou2", provider.issuer, "4711")
    assert back(Visitor(site)).location == "/cases"
    actor = find_actor(house, "zhou2")
    assert actor is not None and actor.roles == {"archivist", "reviewer_a"}


def test_a_closed_account_stays_closed(site: Flask, house: Office) -> None:
    back(Visitor(site))
    disable_person(house, SYSTEM, "zhou")
    assert back(Visitor(site)).status_code == 401


def test_a_provider_that_does_not_answer_is_said_so_and_the_password_still_works(site: Flask, house: Office) -> None:
    house.environment = {"LIANBAN_OIDC_ISSUER": "http://127.0.0.1:9", "LIANBAN_OIDC_CLIENT_ID": "x"}
    answer = Visitor(site).get("/login/oidc")
    assert answer.status_code == 503 and "连接不上统一身份认证" in text(answer)
    add_person(house, SYSTEM, "wang", "王五", "Correct-1", roles={"archivist"})
    assert Visitor(site).sign_in("wang", "Correct-1")


def test_without_a_provider_there_is_no_such_address(office: Office) -> None:
    site = create_app(office)
    assert Visitor(site).get("/login/oidc").status_code == 404
    assert "统一身份认证" not in text(Visitor(site).get("/login"))
