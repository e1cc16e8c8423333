"""Accounts: who may open them, and which roles may not meet in one person."""

from __future__ import annotations

import pytest

from service.casework.actors import SYSTEM, Actor
from service.casework.office import Office
from service.casework.people import add_person, change_password, list_people, people_names, set_roles
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.rules.vocabulary import LedgerAction

SECURITY = Actor(username="machao", name="马超", roles=frozenset({"security_admin"}))
CLERK = Actor(username="wangfang", name="王芳", roles=frozenset({"counter_clerk"}))
ENGINE = Actor(username="engine", name="程序", roles=frozenset({"service"}), service=True)


@pytest.mark.parametrize("actor", [CLERK, ENGINE])
def test_only_the_security_administrator_opens_accounts(office: Office, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        add_person(office, actor, "a1", "甲", "Correct-1")
    assert list_people(office) == ()


def test_every_bad_field_is_named(office: Office) -> None:
    with pytest.raises(Invalid) as refusal:
        add_person(office, SYSTEM, "Großes", " ", "12345678")
    assert [problem.code for problem in refusal.value.fields] == ["USERNAME_INVALID", "NAME_INVALID", "PASSWORD_WEAK"]


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({"system_admin", "security_admin"}, "ROLES_CONFLICT"),
        ({"audit_admin", "system_admin"}, "ROLES_CONFLICT"),
        ({"security_admin", "counter_clerk"}, "ROLES_CONFLICT"),
        ({"supervisor", "reviewer_a"}, "ROLES_CONFLICT"),
        ({"service", "counter_clerk"}, "ROLES_CONFLICT"),
        ({"emperor"}, "ROLE_UNKNOWN"),
    ],
)
def test_roles_that_may_not_meet_are_refused(office: Office, roles: set[str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        add_person(office, SYSTEM, "a1", "甲", "Correct-1", roles=roles)
    assert refusal.value.code == code
    add_person(office, SYSTEM, "a1", "甲", "Correct-1")
    with pytest.raises(Refusal) as refusal:
        set_roles(office, SYSTEM, "a1", roles)
    assert refusal.value.code == code


@pytest.mark.parametrize("username", ["machao", "a1"])
def test_nobody_but_the_installation_sets_roles_alone(office: Office, username: str) -> None:
    add_person(office, SYSTEM, "a1", "甲", "Correct-1")
    with pytest.raises(Forbidden) as refusal:
        set_roles(office, SECURITY, username, {"leader"})
    assert refusal.value.code == "ROLES_BY_TWO"


def test_a_username_is_given_once(any_office: Office) -> None:
    add_person(any_office, SYSTEM, "a1", "甲", "Correct-1", roles={"leader"})
    with pytest.raises(Conflict) as refusal:
        add_person(any_office, SYSTEM, "a1", "乙", "Correct-1")
    assert refusal.value.code == "USERNAME_TAKEN"
    assert people_names(any_office, ["a1", "b2"]) == {"a1": "甲"}


def test_an_unknown_department_or_person_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as invalid:
        add_person(office, SYSTEM, "a1", "甲", "Correct-1", department="999")
    assert invalid.value.code == "DEPARTMENT_UNKNOWN"
    with pytest.raises(Missing):
        change_password(office, SYSTEM, "a1", "Correct-1")


def test_every_change_of_an_account_is_a_line_of_the_ledger(any_office: Office) -> None:
    add_person(any_office, SYSTEM, "a1", "甲", "Correct-1", roles={"leader"})
    assert set_roles(any_office, SYSTEM, "a1", {"reviewer_a", "chief_rep"}).roles == {"reviewer_a", "chief_rep"}
    with any_office.reading() as records:
        added = records.ledger.lines(LedgerAction.PERSON_ADDED)
        changed = records.ledger.lines(LedgerAction.PERSON_CHANGED)
    assert [(line.actor, line.subject) for line in added] == [("system", "a1")]
    assert changed[0].actor == "system"
    assert changed[0].detail == {"changed": "roles", "before": ["leader"], "after": ["chief_rep", "reviewer_a"]}


def test_who_is_in_a_group(any_demo_office: Office) -> None:
    with any_demo_office.reading() as records:
        found = records.people.members(["104:reviewer_a", "104:chief_rep", "supervisor", "104", "104:nothing", "x"])
        assert records.people.members([]) == {}
    assert found["104:reviewer_a"] == ("zhangwei",)
    assert found["104:chief_rep"] == ("chengang",)
    assert "sunli" in found["supervisor"]
    assert {"zhangwei", "liuyang", "chengang", "zhaomin"} <= set(found["104"])
    assert found["104:nothing"] == found["x"] == ()


def test_an_alias_is_nobody_elses_username(any_demo_office: Office) -> None:
    with pytest.raises(Conflict) as refusal:
        add_person(any_demo_office, SYSTEM, "104-a", "韩成林", "Correct-1")
    assert refusal.value.code == "USERNAME_TAKEN"


def test_an_alias_names_the_same_person(any_demo_office: Office) -> None:
    assert set_roles(any_demo_office, SYSTEM, "104-a", {"reviewer_b"}).username == "zhangwei"
