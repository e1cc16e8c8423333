"""Signing in with the password of a directory: ldap3's own directory in memory stands in for the server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ldap3
import pytest
from ldap3.core.exceptions import LDAPSocketOpenError

from service.casework.actors import NOWHERE, SYSTEM, Origin
from service.casework.identity.directory import sign_in_anywhere
from service.casework.office import Office
from service.casework.people import add_person
from service.casework.signing_in import find_actor
from service.connectors.ldap import LdapDirectory, ldap_from
from service.connectors.outside import mapping_from
from service.rules.refusals import Invalid, Refusal
from tests.conftest import Clock

SERVICE_DN, SERVICE_PASSWORD = "cn=lianban,ou=services,dc=example", "of the service"
GROUP = "cn=approvals,ou=groups,dc=example"


def person(uid: str, password: str, *groups: str) -> tuple[str, dict[str, Any]]:
    facts = {"uid": uid, "cn": f"{uid} 的姓名", "entryUUID": f"uuid-{uid}", "userPassword": password, "sn": uid}
    return f"cn={uid},ou=people,dc=example", facts | ({"memberOf": list(groups)} if groups else {})


PEOPLE = [
    person("zhou", "of the directory", GROUP, "cn=choir,dc=example"),
    person("li", "of the directory"),
    person("two", "of the directory", GROUP),
]
PEOPLE.append(("cn=two,ou=guests,dc=example", dict(PEOPLE[2][1])))


def connect(name: str, password: str) -> Any:
    server = ldap3.Server("directory in memory", get_info=ldap3.NONE)
    connection = ldap3.Connection(server, name, password, client_strategy=ldap3.MOCK_SYNC, check_names=False)
    connection.strategy.add_entry(SERVICE_DN, {"userPassword": SERVICE_PASSWORD, "sn": "service"})
    for where, facts in PEOPLE:
        connection.strategy.add_entry(where, facts)
    return connection


@pytest.fixture
def directory() -> LdapDirectory:
    return LdapDirectory(
        url="ldaps://directory.example",
        bind_dn=SERVICE_DN,
        bind_password=SERVICE_PASSWORD,
        base="dc=example",
        mapping=mapping_from("LIANBAN_LDAP_ROLES", f'{{"{GROUP}": "reviewer_a"}}'),
        connect=connect,
    )


@pytest.fixture
def house(office: Office, directory: LdapDirectory) -> Office:
    office.__dict__["directory"] = directory
    return office


def code_of(office: Office, username: str, password: str, origin: Origin = NOWHERE) -> str:
    with pytest.raises(Refusal) as refusal:
        sign_in_anywhere(office, username, password, origin)
    return refusal.value.code


def test_the_password_of_the_directory_lets_in_with_the_roles_of_the_groups(house: Office) -> None:
    actor, way = sign_in_anywhere(house, "zhou", "of the directory", NOWHERE)
    assert (actor.username, actor.name, actor.roles, way) == ("zhou", "zhou 的姓名", {"reviewer_a"}, "ldap")
    again, _ = sign_in_anywhere(house, "zhou", "of the directory", NOWHERE)
    assert again.username == "zhou" and not again.must_change


def test_wrong_empty_and_injected_are_refused_alike(house: Office) -> None:
    for username, password in (("zhou", "wrong"), ("zhou", ""), ("nobody", "x"), ("*", "of the directory")):
        assert code_of(house, username, password) == "SIGN_IN_FAILED"


def test_a_name_reaches_the_directory_as_a_name_and_not_as_a_filter(directory: LdapDirectory) -> None:
    assert directory.verified("zh*", "of the directory") is None
    assert directory.verified("zhou)(uid=*", "of the directory") is None
    found = directory.verified("zhou", "of the directory")
    assert found is not None and found.subject == "uuid-zhou"


def test_of_two_with_one_name_neither_is_let_in(directory: LdapDirectory) -> None:
    assert directory.verified("two", "of the directory") is None


def test_who_has_no_group_of_ours_gets_no_account(house: Office) -> None:
    assert code_of(house, "li", "of the directory") == "NO_ROLE_HERE" and find_actor(house, "li") is None


def test_an_account_opened_here_keeps_its_own_password(house: Office) -> None:
    add_person(house, SYSTEM, "zhou", "周一", "Correct-1", roles={"archivist"})
    assert code_of(house, "zhou", "of the directory") == "SIGN_IN_FAILED"
    actor, way = sign_in_anywhere(house, "zhou", "Correct-1", NOWHERE)
    assert (actor.roles, way) == ({"archivist"}, "password")


def test_failures_at_the_directory_lock_the_account_here(house: Office, clock: Clock) -> None:
    sign_in_anywhere(house, "zhou", "of the directory", NOWHERE)
    codes = [code_of(house, "zhou", "wrong") for _ in range(5)]
    assert codes == ["SIGN_IN_FAILED"] * 4 + ["ACCOUNT_LOCKED"]
    assert code_of(house, "zhou", "of the directory") == "ACCOUNT_LOCKED"
    clock.advance(minutes=16)
    assert sign_in_anywhere(house, "zhou", "of the directory", NOWHERE)[1] == "ldap"


def test_a_directory_that_does_not_answer_is_no_wrong_password(house: Office, directory: LdapDirectory) -> None:
    def away(name: str, password: str) -> Any:
        raise LDAPSocketOpenError("nobody there")

    house.__dict__["directory"] = replace(directory, connect=away)
    assert code_of(house, "zhou", "of the directory") == "LDAP_UNREACHABLE"
    house.__dict__["directory"] = replace(directory, bind_password="of yesterday")
    assert code_of(house, "zhou", "of the directory") == "LDAP_UNREACHABLE"


def test_settings_are_checked() -> None:
    assert ldap_from({}) is None
    for bad in ({"LIANBAN_LDAP_URL": "http://x"}, {"LIANBAN_LDAP_URL": "ldaps://x", "LIANBAN_LDAP_FILTER": "(uid=x)"}):
        with pytest.raises(Invalid):
            ldap_from(bad)
    found = ldap_from({"LIANBAN_LDAP_URL": "ldaps://x", "LIANBAN_LDAP_GROUPS": "groups"})
    assert found is not None and found.groups_attribute == "groups" and found.filter == "(uid={username})"


def test_numbers_that_are_no_text_are_kept_in_hexadecimal(directory: LdapDirectory) -> None:
    def with_guid(name: str, password: str) -> Any:
        connection = connect(name, password)
        where, facts = person("wu", "of the directory", GROUP)
        connection.strategy.add_entry(where, facts | {"objectGUID": b"\xff\xfe\x00\x01"})
        return connection

    found = replace(directory, connect=with_guid, subject_attribute="objectGUID").verified("wu", "of the directory")
    assert found is not None and found.subject == "fffe0001"
