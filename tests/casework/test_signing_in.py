"""Signing in: the same answer for every wrong guess, locked accounts, and passwords remembered for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.casework import signing_in
from service.casework.actors import SYSTEM
from service.casework.office import Office
from service.casework.people import add_person, change_password, disable_person, enable_person
from service.casework.signing_in import find_actor, sign_in
from service.rules.refusals import Unauthenticated
from service.store.database import count_statements

PASSWORD = "Correct-1"


@pytest.fixture
def office_with_zhou(any_office: Office) -> Office:
    add_person(any_office, SYSTEM, "zhou", "周一", PASSWORD, roles={"counter_clerk"})
    return any_office


def code_of(office: Office, username: str, password: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        sign_in(office, username, password)
    return refusal.value.code


def test_unknown_names_wrong_passwords_and_closed_accounts_get_the_same_answer(office_with_zhou: Office) -> None:
    assert code_of(office_with_zhou, "nobody", PASSWORD) == "SIGN_IN_FAILED"
    assert code_of(office_with_zhou, "zhou", "wrong") == "SIGN_IN_FAILED"
    assert code_of(office_with_zhou, "zhou", "") == "SIGN_IN_FAILED"
    assert code_of(office_with_zhou, "zhou", "x" * 100_000) == "SIGN_IN_FAILED"
    assert code_of(office_with_zhou, "zhou\x00", "\ud800") == "SIGN_IN_FAILED"
    disable_person(office_with_zhou, SYSTEM, "zhou")
    assert code_of(office_with_zhou, "zhou", PASSWORD) == "SIGN_IN_FAILED"
    assert find_actor(office_with_zhou, "zhou") is None


def test_an_unknown_name_costs_a_verification_too(office_with_zhou: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str | None] = []
    real = signing_in.matches

    def counting(settings: Any, password_hash: str | None, password: str) -> bool:
        verified.append(password_hash)
        return real(settings, password_hash, password)

    monkeypatch.setattr(signing_in, "matches", counting)
    code_of(office_with_zhou, "nobody", PASSWORD)
    assert verified == [None]


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(office_with_zhou: Office, clock: Any) -> None:
    codes = [code_of(office_with_zhou, "zhou", "wrong") for _ in range(5)]
    assert codes == ["SIGN_IN_FAILED"] * 4 + ["ACCOUNT_LOCKED"]
    assert code_of(office_with_zhou, "zhou", PASSWORD) == "ACCOUNT_LOCKED"
    clock.advance(timedelta(minutes=15, seconds=1))
    assert sign_in(office_with_zhou, "zhou", PASSWORD).username == "zhou"
    assert [code_of(office_with_zhou, "zhou", "wrong") for _ in range(4)] == ["SIGN_IN_FAILED"] * 4


def test_a_success_forgets_the_failures_before_it(office_with_zhou: Office) -> None:
    for _ in range(3):
        for _ in range(4):
            code_of(office_with_zhou, "zhou", "wrong")
        assert sign_in(office_with_zhou, "zhou", PASSWORD)


def test_a_locked_account_stays_locked_for_who_is_remembered(office_with_zhou: Office) -> None:
    sign_in(office_with_zhou, "zhou", PASSWORD)
    for _ in range(5):
        code_of(office_with_zhou, "zhou", "wrong")
    assert code_of(office_with_zhou, "zhou", PASSWORD) == "ACCOUNT_LOCKED"


def test_an_alias_is_the_person_with_its_password_failures_and_lock(any_demo_office: Office) -> None:
    assert sign_in(any_demo_office, "104-a", "Yunxi-2026!").username == "zhangwei"
    found = find_actor(any_demo_office, "104-a")
    assert found is not None and (found.username, found.name) == ("zhangwei", "张伟")
    tries = [code_of(any_demo_office, name, "wrong") for name in ("104-a", "zhangwei", "104-a", "zhangwei", "104-a")]
    assert tries[-1] == "ACCOUNT_LOCKED"
    assert code_of(any_demo_office, "zhangwei", "Yunxi-2026!") == "ACCOUNT_LOCKED"


def test_the_actor_has_the_groups_of_roles_and_department(demo_office: Office) -> None:
    actor = sign_in(demo_office, "zhangwei", "Yunxi-2026!")
    assert actor.groups == {"reviewer_a", "104", "104:reviewer_a"}
    assert (actor.name, actor.department, actor.service, actor.demo) == ("张伟", "104", False, True)
    assert sign_in(demo_office, "engine", "Yunxi-2026!").service


def test_a_repeated_request_verifies_once_and_costs_one_statement(
    office_with_zhou: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(office_with_zhou, "zhou", PASSWORD)

    def never(*_: object) -> bool:
        raise AssertionError("expected the remembered password to be enough")

    monkeypatch.setattr(signing_in, "matches", never)
    with count_statements(office_with_zhou.database) as count:
        assert sign_in(office_with_zhou, "zhou", PASSWORD).name == "周一"
    assert (count.statements, count.commits) == (1, 0)


def test_what_is_remembered_ends_with_the_password_and_with_the_account(office_with_zhou: Office) -> None:
    sign_in(office_with_zhou, "zhou", PASSWORD)
    change_password(office_with_zhou, SYSTEM, "zhou", "Another-2")
    assert code_of(office_with_zhou, "zhou", PASSWORD) == "SIGN_IN_FAILED"
    assert sign_in(office_with_zhou, "zhou", "Another-2")
    disable_person(office_with_zhou, SYSTEM, "zhou")
    assert code_of(office_with_zhou, "zhou", "Another-2") == "SIGN_IN_FAILED"
    enable_person(office_with_zhou, SYSTEM, "zhou")
    assert sign_in(office_with_zhou, "zhou", "Another-2")


def test_what_is_remembered_ends_after_five_minutes(office_with_zhou: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(office_with_zhou, "zhou", PASSWORD)
    with office_with_zhou.reading() as records:
        person = records.people.find("zhou")
    assert person is not None and office_with_zhou.credentials.knows(person, PASSWORD)
    assert not office_with_zhou.credentials.knows(person, PASSWORD + "x")
    later = signing_in.time.monotonic() + 301
    monkeypatch.setattr(signing_in.time, "monotonic", lambda: later)
    assert not office_with_zhou.credentials.knows(person, PASSWORD)
