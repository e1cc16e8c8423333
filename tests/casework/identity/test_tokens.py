"""Tokens of programs: made by their owner, for a scope and a time, kept as a hash, revoked at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from service.casework.actors import NOWHERE, SYSTEM, Actor, Origin
from service.casework.identity.tokens import make_token, own_tokens, revoke_token, token_actor, tokens_of
from service.casework.office import Office
from service.casework.people import add_person, disable_person, set_roles
from service.casework.signing_in import find_actor
from service.rules.refusals import Forbidden, Invalid, Missing, Refusal
from service.rules.token_scopes import Scope
from tests.conftest import LONG_SESSIONS, Clock, make_office


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = make_office(database_url, tmp_path, clock, identity=replace(LONG_SESSIONS, address_failures=6))
    for username, roles in (("zhou", {"reviewer_a"}), ("ma", {"security_admin"}), ("robot", {"service"})):
        add_person(office, SYSTEM, username, "某人", "Correct-1", roles=roles)
    yield office
    office.close()


def who(office: Office, username: str) -> Actor:
    actor = find_actor(office, username)
    assert actor is not None
    return actor


def made(office: Office, username: str = "zhou", *scopes: str, days: int = 30) -> str:
    return make_token(office, who(office, username), username, name="报表", scopes=scopes or ("read",), days=days)[1]


def code_of(office: Office, token: str, needed: Scope = Scope.READ, origin: Origin = NOWHERE) -> str:
    with pytest.raises(Refusal) as refusal:
        token_actor(office, token, needed, origin)
    return refusal.value.code


def test_a_token_is_its_owner_within_its_scope(house: Office) -> None:
    token = made(house, "zhou", "tasks")
    assert token.startswith("lianban_") and len(token) > 48
    actor = token_actor(house, token, Scope.TASKS, NOWHERE)
    assert (actor.username, actor.roles) == ("zhou", {"reviewer_a"})
    assert token_actor(house, token, Scope.READ, NOWHERE).username == "zhou"
    assert code_of(house, token, Scope.DEPLOY) == "TOKEN_SCOPE"


def test_it_ends_with_its_time_with_the_account_and_when_it_is_revoked(house: Office, clock: Clock) -> None:
    token, other = made(house, days=30), made(house, days=60)
    clock.advance(days=30)
    assert code_of(house, token) == "TOKEN_INVALID" and token_actor(house, other, Scope.READ, NOWHERE)
    assert {one.ended for one in own_tokens(house, who(house, "zhou"))} == {False, True}
    disable_person(house, SYSTEM, "zhou")
    assert code_of(house, other) == "TOKEN_INVALID"


def test_roles_are_those_of_now_and_not_those_it_was_made_with(house: Office) -> None:
    token = made(house)
    set_roles(house, SYSTEM, "zhou", {"archivist"})
    assert token_actor(house, token, Scope.READ, NOWHERE).roles == {"archivist"}


def test_nobody_makes_a_token_for_somebody_else(house: Office) -> None:
    for username in ("ma", "zhou"):
        with pytest.raises(Forbidden) as refusal:
            make_token(house, who(house, username), "robot", name="x", scopes=["read"], days=1)
        assert refusal.value.code == "TOKEN_NOT_YOURS"
    _, token = make_token(house, SYSTEM, "robot", name="x", scopes=["work"], days=1)
    assert token_actor(house, token, Scope.WORK, NOWHERE).service


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 61}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["all"]}),
        ("days", {"days": 0}),
        ("days", {"days": 367}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(house: Office, field: str, changes: dict[str, object]) -> None:
    asked = {"name": "报表", "scopes": ["read"], "days": 30} | changes
    with pytest.raises(Invalid) as refusal:
        make_token(house, who(house, "zhou"), "zhou", **asked)  # type: ignore[arg-type]
    assert [one.field for one in refusal.value.fields] == [field]


def test_owner_and_security_administrator_revoke_and_nobody_else(house: Office) -> None:
    first, second = made(house), made(house)
    ids = [one.id for one in own_tokens(house, who(house, "zhou"))]
    with pytest.raises(Forbidden):
        tokens_of(house, who(house, "zhou"), "robot")
    with pytest.raises(Forbidden):
        revoke_token(house, who(house, "zhou"), "robot", ids[0])
    with pytest.raises(Missing):
        revoke_token(house, who(house, "zhou"), "zhou", uuid4())
    revoke_token(house, who(house, "zhou"), "zhou", ids[0])
    revoke_token(house, who(house, "ma"), "zhou", ids[1])
    assert code_of(house, first) == code_of(house, second) == "TOKEN_INVALID"
    assert tokens_of(house, who(house, "ma"), "zhou") == ()
    with house.reading() as records:
        lines = records.ledger.lines(subject="zhou")
    assert [line.action for line in lines][:4] == ["token:revoked", "token:revoked", "token:made", "token:made"]
    assert all(first not in str(line) and second not in str(line) for line in lines)


def test_guessing_tokens_locks_the_address_and_a_good_one_works_on(house: Office) -> None:
    token, hall = made(house), Origin(address="10.1.1.1")
    codes = [code_of(house, f"lianban_{number}", origin=hall) for number in range(7)]
    assert codes == ["TOKEN_INVALID"] * 6 + ["ADDRESS_LOCKED"]
    assert token_actor(house, token, Scope.READ, hall).username == "zhou"


def test_it_is_marked_when_it_was_used_last_and_nobody_keeps_the_token_itself(house: Office, clock: Clock) -> None:
    token = made(house)
    assert own_tokens(house, who(house, "zhou"))[0].used_at is None
    token_actor(house, token, Scope.READ, NOWHERE)
    clock.advance(hours=1)
    token_actor(house, token, Scope.READ, NOWHERE)
    assert own_tokens(house, who(house, "zhou"))[0].used_at == clock()
    with house.reading() as records:
        assert records.factors.token(token) is None
