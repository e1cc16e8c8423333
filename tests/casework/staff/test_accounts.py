"""Accounts: opened with a start password, changed, closed; sessions end; own passwords."""

from __future__ import annotations

import pytest

from service.casework import find_actor, sign_in
from service.casework.office import Office
from service.casework.staff.accounts import (
    account,
    account_list,
    change_account,
    change_own_password,
    close_account,
    give_start_password,
    open_account,
    reopen_account,
    start_password,
)
from service.rules.refusals import Conflict, Forbidden, Invalid, Unauthenticated
from tests.casework.staff.test_role_requests import who
from tests.conftest import deploy_bpmn
from tests.web.pages.conftest import FORMS, HERE, PASSWORD, begin


@pytest.mark.parametrize("username", ["guotao", "wangfang", "chengang", "lizhao", "hejing", "sunli"])
def test_accounts_are_shown_to_who_keeps_the_staff_only(demo_office: Office, username: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        account_list(demo_office, who(demo_office, username))
    assert refusal.value.code == "STAFF_NOT_YOURS"


@pytest.mark.parametrize("username", ["linlan", "tianyue"])
def test_who_reads_accounts_does_not_change_them(demo_office: Office, username: str) -> None:
    actor = who(demo_office, username)
    with pytest.raises(Forbidden):
        open_account(demo_office, actor, username="new1", name="新人")
    with pytest.raises(Forbidden):
        close_account(demo_office, actor, "zhangwei", "理由")
    with pytest.raises(Forbidden):
        give_start_password(demo_office, actor, "zhangwei")


def test_a_start_password_works_once_and_has_to_be_changed(any_demo_office: Office) -> None:
    office = any_demo_office
    password = open_account(office, who(office, "machao"), username="New1", name="新人", department="104", duty="A岗")
    actor = sign_in(office, "new1", password)
    assert actor.must_change and actor.roles == frozenset() and actor.department == "104"
    with pytest.raises(Invalid) as refusal:
        change_own_password(office, actor, "wrong", "short", "other")
    assert [one.field for one in refusal.value.fields] == ["old", "password", "again"]
    change_own_password(office, actor, password, "Fresh-2026!", "Fresh-2026!")
    again = sign_in(office, "new1", "Fresh-2026!")
    assert not again.must_change and again.stamp == actor.stamp + 1
    with pytest.raises(Unauthenticated):
        sign_in(office, "new1", password)


def test_the_password_of_an_administrator_is_nobody_elses_to_give(demo_office: Office) -> None:
    for username in ("linlan", "guotao", "machao"):
        with pytest.raises(Forbidden) as refusal:
            give_start_password(demo_office, who(demo_office, "machao"), username)
        assert refusal.value.code == "ADMINISTRATOR_PASSWORD"


def test_who_has_work_in_hand_hands_it_over_before_the_account_is_closed(demo_office: Office) -> None:
    deploy_bpmn(demo_office, HERE / "two_departments.bpmn", forms=FORMS)
    case = begin(demo_office)
    with demo_office.transaction() as records:
        task, *_ = records.tasks.open_of(case)
        records.tasks.change(task.id, {"assignee": "zhangwei"})
    with pytest.raises(Conflict) as refusal:
        close_account(demo_office, who(demo_office, "machao"), "zhangwei", "调离")
    assert refusal.value.code == "WORK_IN_HAND" and refusal.value.params["count"] == 1


def test_a_closed_account_signs_in_no_more_and_keeps_its_name(any_demo_office: Office) -> None:
    office = any_demo_office
    security = who(office, "machao")
    with pytest.raises(Invalid):
        close_account(office, security, "zhangwei", "")
    with pytest.raises(Forbidden):
        close_account(office, security, "machao", "离任")
    close_account(office, security, "zhangwei", "调离")
    assert find_actor(office, "zhangwei") is None
    with pytest.raises(Unauthenticated):
        sign_in(office, "zhangwei", PASSWORD)
    assert account_list(office, security, view="closed").items[0].username == "zhangwei"
    found = account(office, security, "zhangwei")
    assert found.lines[0].detail["reason"] == "调离"
    reopen_account(office, security, "zhangwei", "回岗")
    assert find_actor(office, "zhangwei") is not None


def test_lists_are_searched_filtered_and_counted_alike(any_demo_office: Office) -> None:
    office, security = any_demo_office, who(any_demo_office, "machao")
    found = account_list(office, security, filters={"q": "张伟"})
    assert [row.username for row in found.items] == ["zhangwei"] and found.total == found.counts["active"] == 1
    assert found.items[0].roles == "reviewer_a" and found.items[0].short == "住建"
    chiefs = account_list(office, security, filters={"role": "chief_rep", "department": "104"})
    assert [row.username for row in chiefs.items] == ["chengang"]
    everybody = account_list(office, security, sort="-username")
    assert everybody.pages > 1
    assert [row.username for row in everybody.items] == sorted((row.username for row in everybody.items), reverse=True)


def test_a_department_is_not_ones_own_to_change(demo_office: Office) -> None:
    with pytest.raises(Forbidden) as refusal:
        change_account(
            demo_office, who(demo_office, "machao"), "machao", name="马超", staff_no="M20103", department="104", duty=""
        )  # fmt: skip
    assert refusal.value.code == "OWN_ACCOUNT"
    change_account(
        demo_office, who(demo_office, "machao"), "zhangwei", name="张伟", staff_no="P10401", department="102", duty="A岗"
    )  # fmt: skip
    assert who(demo_office, "zhangwei").department == "102"


def test_start_passwords_are_strong_and_readable() -> None:
    drawn = {start_password() for _ in range(50)}
    assert len(drawn) == 50 and not any(set("0O1lI") & set(one) for one in drawn)
