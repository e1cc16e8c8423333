"""How passwords are kept, how often they change, and which are not taken again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.casework.actors import SYSTEM
from service.casework.identity.sessions import begin_session, session_actor
from service.casework.office import Office
from service.casework.passwords import hash_password, matches, outdated
from service.casework.people import add_person, change_password
from service.casework.signing_in import Origin, sign_in
from service.casework.staff.accounts import change_own_password
from service.rules.refusals import Invalid
from service.settings.identity import PBKDF2_SM3, IdentityRules
from tests.conftest import LONG_SESSIONS, Clock, make_office

FIRST = "Correct-1"


@pytest.fixture
def opened(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Office]]:
    made: list[Office] = []

    def open_with(**rules: object) -> Office:
        identity = replace(LONG_SESSIONS, **rules)  # type: ignore[arg-type]
        made.append(make_office(sqlite_url, tmp_path, clock, identity=identity))
        return made[-1]

    yield open_with
    for office in made:
        office.close()


def test_a_password_is_kept_with_sm3_where_the_installation_wants_it(opened: Callable[..., Office]) -> None:
    settings = opened(password_hash=PBKDF2_SM3, pbkdf2_rounds=1000).settings
    kept = hash_password(settings, FIRST)
    assert kept.startswith("$pbkdf2-sm3$i=1000$") and FIRST not in kept and kept != hash_password(settings, FIRST)
    assert matches(settings, kept, FIRST) and not matches(settings, kept, "Correct-2")
    assert not matches(settings, None, FIRST) and not matches(settings, "$pbkdf2-sm3$i=1000$x", FIRST)


def test_the_derivation_is_pbkdf2_with_hmac_sm3() -> None:
    """Against a computation by hand of the first block: RFC 8018 5.2 with GB/T 32905."""
    import base64
    import hmac

    settings = replace(LONG_SESSIONS, password_hash=PBKDF2_SM3, pbkdf2_rounds=3)

    class Installation:
        identity = settings
        argon2 = (1, 8, 1)

    _, _, _, salt, derived = hash_password(Installation(), FIRST).split("$")  # type: ignore[arg-type]
    block = last = hmac.new(FIRST.encode(), base64.b64decode(salt) + b"\0\0\0\1", "sm3").digest()
    for _ in range(2):
        last = hmac.new(FIRST.encode(), last, "sm3").digest()
        block = bytes(a ^ b for a, b in zip(block, last, strict=True))
    assert base64.b64decode(derived) == block


def test_who_signs_in_after_the_algorithm_was_changed_is_hashed_anew_and_stays_signed_in(
    opened: Callable[..., Office],
) -> None:
    before = opened()
    add_person(before, SYSTEM, "zhou", "周一", FIRST)
    token = begin_session(before, sign_in(before, "zhou", FIRST), Origin(), ("password",))
    after = opened(password_hash=PBKDF2_SM3)
    assert sign_in(after, "zhou", FIRST).username == "zhou"
    with after.reading() as records:
        person = records.people.find("zhou")
    assert person is not None and person.password_hash.startswith("$pbkdf2-sm3$")
    assert not outdated(after.settings, person.password_hash)
    assert session_actor(after, token) is not None
    assert sign_in(after, "zhou", FIRST).username == "zhou"


def test_the_last_five_passwords_are_not_taken_again(opened: Callable[..., Office], clock: Clock) -> None:
    office = opened()
    add_person(office, SYSTEM, "zhou", "周一", FIRST)
    for number in range(2, 6):
        clock.advance(days=1)
        change_password(office, SYSTEM, "zhou", f"Correct-{number}")
    for number in range(1, 6):
        with pytest.raises(Invalid) as refusal:
            change_password(office, SYSTEM, "zhou", f"Correct-{number}")
        assert refusal.value.fields[0].code == "PASSWORD_USED"
    clock.advance(days=1)
    change_password(office, SYSTEM, "zhou", "Correct-6")
    clock.advance(days=1)
    change_password(office, SYSTEM, "zhou", FIRST)
    assert sign_in(office, "zhou", FIRST)


def test_who_changes_the_own_password_does_not_take_an_earlier_one(opened: Callable[..., Office], clock: Clock) -> None:
    office = opened()
    add_person(office, SYSTEM, "zhou", "周一", FIRST)
    clock.advance(days=1)
    change_password(office, SYSTEM, "zhou", "Another-2")
    actor = sign_in(office, "zhou", "Another-2")
    with pytest.raises(Invalid) as refusal:
        change_own_password(office, actor, "Another-2", FIRST, FIRST)
    assert [one.code for one in refusal.value.fields] == ["PASSWORD_USED"]
    with pytest.raises(Invalid) as refusal:
        change_own_password(
            office, actor, "wrong", FIRST, FIRST
        )  # a guess at the old one learns nothing of earlier ones
    assert [one.code for one in refusal.value.fields] == ["OLD_PASSWORD_WRONG"]


def test_a_password_of_ninety_days_has_to_be_changed(opened: Callable[..., Office], clock: Clock) -> None:
    office = opened(password_days=90)
    add_person(office, SYSTEM, "zhou", "周一", FIRST)
    add_person(office, SYSTEM, "robot", "程序", FIRST, roles={"service"})
    clock.advance(days=89)
    assert not sign_in(office, "zhou", FIRST).must_change
    clock.advance(days=1)
    assert sign_in(office, "zhou", FIRST).must_change
    assert not sign_in(office, "robot", FIRST).must_change  # a program cannot change it
    change_own_password(office, sign_in(office, "zhou", FIRST), FIRST, "Another-2", "Another-2")
    assert not sign_in(office, "zhou", "Another-2").must_change


def test_what_an_installation_decides_is_read_from_the_environment() -> None:
    given = {"LIANBAN_PASSWORD_HASH": "pbkdf2-sm3", "LIANBAN_PASSWORD_DAYS": "0", "LIANBAN_SECOND_FACTOR": "chief_rep"}
    rules = IdentityRules.from_environment(given)
    assert (rules.password_hash, rules.password_days, rules.password_length) == ("pbkdf2-sm3", 0, 8)
    assert rules.second_factor == {"chief_rep", "system_admin", "security_admin", "audit_admin"}
    for name, bad in (
        ("LIANBAN_PASSWORD_HASH", "md5"),
        ("LIANBAN_PASSWORD_LENGTH", "6"),
        ("LIANBAN_SESSION_IDLE_MINUTES", "-1"),
        ("LIANBAN_SECOND_FACTOR", "chief"),
    ):
        with pytest.raises(Invalid) as refusal:
            IdentityRules.from_environment({name: bad})
        assert refusal.value.code == "SETTING_INVALID" and name in refusal.value.sentence()
