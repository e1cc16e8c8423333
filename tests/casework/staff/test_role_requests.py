"""Roles by two persons: who may ask, who may confirm, and what never meets (S-08, S-09, S-10, BR-05)."""

from __future__ import annotations

import pytest

from service.casework import find_actor
from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.people import add_person
from service.casework.staff.role_requests import ask_roles, decide_roles, request_list, withdraw_roles
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.rules.vocabulary import LedgerAction


def who(office: Office, username: str) -> Actor:
    actor = find_actor(office, username)
    assert actor is not None
    return actor


@pytest.mark.parametrize("username", ["guotao", "linlan", "wangfang", "chengang", "sunli", "lizhao", "hejing"])
def test_only_security_and_the_business_office_ask_for_roles(demo_office: Office, username: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        ask_roles(demo_office, who(demo_office, username), "104-a", ["reviewer_b"], "调岗")
    assert refusal.value.code == "ROLES_NOT_YOURS"


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["system_admin", "audit_admin"], "ROLES_CONFLICT"),  # BR-05
        (["system_admin", "reviewer_a"], "ROLES_CONFLICT"),  # S-08
        (["supervisor", "reviewer_a"], "ROLES_CONFLICT"),  # S-10
        (["emperor"], "ROLE_UNKNOWN"),
        (["service"], "SERVICE_ROLES"),
        (["system_admin"], "ROLES_UNCHANGED"),
    ],
)
def test_what_may_not_be_is_refused_when_it_is_asked_for(demo_office: Office, roles: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ask_roles(demo_office, who(demo_office, "machao"), "guotao", roles, "工作需要")
    assert refusal.value.code == code


def test_nobody_asks_for_the_own_roles_by_another_name(any_demo_office: Office) -> None:
    with any_demo_office.transaction() as records:
        person = records.people.find("machao")
        assert person is not None
        records.people.change(person.id, alias="security")
    with pytest.raises(Forbidden) as refusal:
        ask_roles(any_demo_office, who(any_demo_office, "machao"), "security", ["leader"], "理由")
    assert refusal.value.code == "OWN_ROLES"


def test_nobody_asks_for_the_own_roles_and_a_reason_is_needed(demo_office: Office) -> None:
    with pytest.raises(Forbidden) as own:
        ask_roles(demo_office, who(demo_office, "machao"), "machao", ["security_admin", "applicant"], "我要")
    assert own.value.code == "OWN_ROLES"
    with pytest.raises(Invalid) as missing:
        ask_roles(demo_office, who(demo_office, "machao"), "zhangwei", ["reviewer_b"], " ")
    assert missing.value.fields[0].field == "reason"


def test_who_asked_and_whom_it_is_about_do_not_confirm(any_demo_office: Office) -> None:
    office = any_demo_office
    about_audit = ask_roles(office, who(office, "machao"), "linlan", [], "离任")
    for username in ("machao", "linlan", "tianyue", "guotao"):
        with pytest.raises(Forbidden) as refusal:
            decide_roles(office, who(office, username), about_audit, confirmed=True)
        assert refusal.value.code == "ROLES_BY_ANOTHER"
    with office.reading() as records:
        person = records.people.find("linlan")
    assert person is not None and person.roles == {"audit_admin"}


def test_a_confirmed_request_gives_the_roles_and_ends_the_sessions(any_demo_office: Office) -> None:
    office = any_demo_office
    before = who(office, "zhangwei")
    made = ask_roles(office, who(office, "tianyue"), "zhangwei", ["reviewer_a", "chief_rep"], "陈刚调离")
    assert who(office, "zhangwei") == before
    decide_roles(office, who(office, "machao"), made, confirmed=True)
    after = who(office, "zhangwei")
    assert after.roles == {"reviewer_a", "chief_rep"} and after.stamp == before.stamp + 1
    with office.reading() as records:
        [asked] = records.ledger.lines(LedgerAction.ROLES_ASKED)
        [decided] = records.ledger.lines(LedgerAction.ROLES_DECIDED)
    assert (asked.actor, asked.subject, decided.actor) == ("tianyue", "zhangwei", "machao")
    assert decided.detail["asked_by"] == "tianyue"
    with pytest.raises(Conflict) as late:
        decide_roles(office, who(office, "linlan"), made, confirmed=True)
    assert late.value.code == "REQUEST_DECIDED" and late.value.params["username"] == "machao"


def test_a_security_administrator_is_made_by_another_one_and_confirmed_by_audit(demo_office: Office) -> None:
    with pytest.raises(Forbidden) as refusal:
        ask_roles(demo_office, who(demo_office, "tianyue"), "hejing", ["security_admin"], "增配")
    assert refusal.value.code == "SECURITY_BY_SECURITY"
    made = ask_roles(demo_office, who(demo_office, "machao"), "hejing", ["security_admin"], "增配")
    decide_roles(demo_office, who(demo_office, "linlan"), made, confirmed=True)
    second = who(demo_office, "hejing")
    assert second.roles == {"security_admin"}
    own = ask_roles(demo_office, second, "machao", ["leader"], "轮岗")
    with pytest.raises(Forbidden):
        decide_roles(demo_office, who(demo_office, "machao"), own, confirmed=True)
    decide_roles(demo_office, who(demo_office, "linlan"), own, confirmed=True)
    assert who(demo_office, "machao").roles == {"leader"}


def test_one_request_a_person_at_a_time_and_the_second_is_told_who_asked(any_demo_office: Office) -> None:
    office = any_demo_office
    made = ask_roles(office, who(office, "tianyue"), "zhangwei", ["reviewer_b"], "调岗")
    with pytest.raises(Conflict) as refusal:
        ask_roles(office, who(office, "machao"), "zhangwei", ["inspector"], "调岗")
    assert refusal.value.code == "ROLES_ASKED_BY" and refusal.value.params["username"] == "tianyue"
    with pytest.raises(Forbidden):
        withdraw_roles(office, who(office, "machao"), made)
    withdraw_roles(office, who(office, "tianyue"), made)
    again = ask_roles(office, who(office, "machao"), "zhangwei", ["inspector"], "调岗")
    with pytest.raises(Invalid):
        decide_roles(office, who(office, "linlan"), again, confirmed=False, remark="")
    decide_roles(office, who(office, "linlan"), again, confirmed=False, remark="缺编制批文")
    found = request_list(office, who(office, "linlan"), view="decided")
    assert found.counts == {"open": 0, "decided": 2}
    assert {row.state for row in found.items} == {"WITHDRAWN", "REFUSED"}


def test_roles_that_have_changed_since_are_asked_for_anew(demo_office: Office) -> None:
    office = demo_office
    made = ask_roles(office, who(office, "tianyue"), "zhangwei", ["reviewer_b"], "调岗")
    with office.transaction() as records:
        person = records.people.find("zhangwei")
        assert person is not None
        records.people.set_roles(person.id, ["inspector"])
    with pytest.raises(Conflict) as refusal:
        decide_roles(office, who(office, "machao"), made, confirmed=True)
    assert refusal.value.code == "ROLES_CHANGED"


def test_roles_are_never_given_past_the_second_person(demo_office: Office) -> None:
    with pytest.raises(Forbidden) as refusal:
        add_person(demo_office, who(demo_office, "machao"), "x1", "甲", "Correct-1", roles={"leader"})
    assert refusal.value.code == "ROLES_BY_TWO"
    with pytest.raises(Missing):
        ask_roles(demo_office, who(demo_office, "machao"), "nobody", ["leader"], "理由")
