"""三员分立: the three administrators are three persons who do nothing else, and there is always somebody left who gives roles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from service.casework import find_actor
from service.casework.actors import SYSTEM, Actor
from service.casework.office import Office
from service.casework.people import add_person
from service.casework.staff.accounts import close_account
from service.casework.staff.role_requests import ask_roles, decide_roles
from service.rules.refusals import Conflict, Refusal
from service.rules.roles import ADMINISTRATORS, ROLES, conflicting_roles

PASSWORD = "Yunxi-2026!"


def who(office: Office, username: str) -> Actor:
    actor = find_actor(office, username)
    assert actor is not None
    return actor


def hire(office: Office, username: str, role: str) -> Actor:
    add_person(office, SYSTEM, username, "安全员", PASSWORD, roles={role})
    return who(office, username)


@pytest.mark.parametrize("administrator", ADMINISTRATORS)
def test_an_administrator_holds_no_other_role_of_the_house(administrator: str) -> None:
    for other in set(ROLES) - {administrator, "applicant"}:
        assert conflicting_roles({administrator, other}) is not None, other
    assert conflicting_roles({administrator, "applicant"}) is None


def test_the_last_administrator_who_gives_roles_is_not_closed(demo_office: Office) -> None:
    second = hire(demo_office, "anquan", "security_admin")
    with pytest.raises(Conflict) as refused:
        close_account(demo_office, second, "linlan", "离任")
    assert (refused.value.code, refused.value.details) == ("LAST_ADMINISTRATOR", {"rule": "S-09"})
    assert find_actor(demo_office, "linlan") is not None
    close_account(demo_office, second, "machao", "离任")
    close_account(demo_office, second, "guotao", "离任")  # no role is given or taken without one


def test_the_last_of_them_does_not_lose_the_role_either(demo_office: Office) -> None:
    request = ask_roles(demo_office, who(demo_office, "tianyue"), "linlan", ["archivist"], "调岗")
    with pytest.raises(Conflict, match="LAST_ADMINISTRATOR"):
        decide_roles(demo_office, who(demo_office, "machao"), request, confirmed=True)
    hire(demo_office, "shenji", "audit_admin")
    decide_roles(demo_office, who(demo_office, "machao"), request, confirmed=True)
    assert who(demo_office, "linlan").roles == {"archivist"}


def test_two_who_close_each_other_at_the_same_moment_do_not_both_succeed(any_demo_office: Office) -> None:
    office = any_demo_office
    pair = (who(office, "machao"), hire(office, "anquan", "security_admin"))
    gate = Barrier(2)

    def close(actor: Actor, other: Actor) -> str:
        gate.wait()
        try:
            close_account(office, actor, other.username, "离任")
        except Refusal as refusal:
            return refusal.code
        return "CLOSED"

    with ThreadPoolExecutor(2) as pool:
        told = [future.result() for future in (pool.submit(close, *pair), pool.submit(close, *pair[::-1]))]
    assert sorted(told) == ["CLOSED", "LAST_ADMINISTRATOR"]
