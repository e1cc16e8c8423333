"""The second factor: set up with a first code, asked for after the password, taken once, replaced by recovery codes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from service.casework.actors import NOWHERE, SYSTEM, Actor, Origin
from service.casework.identity.factors import (
    begin_totp,
    check_code,
    confirm_totp,
    factors_of,
    new_codes,
    own_factors,
    remove_factor,
    reset_factors,
    second_step,
)
from service.casework.identity.sessions import begin_session, session_actor
from service.casework.office import Office
from service.casework.people import add_person
from service.casework.signing_in import find_actor, sign_in
from service.rules.one_time_codes import counters_at
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal, Unauthenticated
from service.rules.roles import ADMINISTRATORS
from tests.conftest import LONG_SESSIONS, Clock, make_office

PASSWORD = "Correct-1"


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    strict = replace(LONG_SESSIONS, second_factor=frozenset(ADMINISTRATORS))
    office = make_office(database_url, tmp_path, clock, identity=strict)
    add_person(office, SYSTEM, "zhou", "周一", PASSWORD, roles={"counter_clerk"})
    add_person(office, SYSTEM, "guo", "郭二", PASSWORD, roles={"system_admin"})
    add_person(office, SYSTEM, "ma", "马三", PASSWORD, roles={"security_admin"})
    yield office
    office.close()


def who(office: Office, username: str) -> Actor:
    actor = find_actor(office, username)
    assert actor is not None
    return actor


class Telephone:
    """An authenticator of somebody."""

    def __init__(self, office: Office, username: str, clock: Clock) -> None:
        self.office, self.clock = office, clock
        self.totp = pyotp.TOTP(begin_totp(office, who(office, username)).secret)
        self.recovery = confirm_totp(office, who(office, username), self.code())

    def code(self, **off: float) -> str:
        now = Clock(self.clock.now)
        return self.totp.at(now.advance(**off) if off else now())


def code_of(call: object, *given: object) -> str:
    with pytest.raises(Refusal) as refusal:
        call(*given)  # type: ignore[operator]
    return refusal.value.code


def test_the_counter_is_that_of_rfc_6238() -> None:
    from datetime import UTC, datetime

    assert counters_at(datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC))[0] == 0x23523EC


def test_codes_are_asked_for_only_after_a_first_one_was_given(house: Office, clock: Clock) -> None:
    zhou = who(house, "zhou")
    first = begin_totp(house, zhou)
    assert begin_totp(house, zhou).secret == first.secret and first.drawing.startswith("<svg")
    assert "zhou" in first.address and first.secret in first.address
    assert code_of(confirm_totp, house, zhou, "000000") == "CODE_WRONG" and not who(house, "zhou").second_factor
    codes = confirm_totp(house, zhou, pyotp.TOTP(first.secret).at(clock()))
    assert len(set(codes)) == 10 and who(house, "zhou").second_factor
    assert (
        code_of(begin_totp, house, zhou) == "TOTP_THERE" and code_of(confirm_totp, house, zhou, "1") == "TOTP_NOT_BEGUN"
    )
    with house.reading() as records:
        assert [line.action for line in records.ledger.lines(subject="zhou")][0] == "factor:added"


def test_a_code_is_taken_once_and_may_be_thirty_seconds_off(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    assert code_of(check_code, house, "zhou", phone.code(), NOWHERE) == "CODE_WRONG"  # it set up the factor
    clock.advance(minutes=2)
    assert check_code(house, "zhou", phone.code(seconds=-30), NOWHERE) == "totp"
    assert check_code(house, "zhou", phone.code(seconds=30), NOWHERE) == "totp"
    assert code_of(check_code, house, "zhou", phone.code(), NOWHERE) == "CODE_WRONG"  # older than the last one taken
    clock.advance(minutes=2)
    assert code_of(check_code, house, "zhou", phone.code(seconds=-90), NOWHERE) == "CODE_WRONG"
    assert check_code(house, "zhou", f" {phone.code()[:3]} {phone.code()[3:]} ", NOWHERE) == "totp"


def test_of_two_who_give_the_same_code_at_once_one_is_let_in(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    clock.advance(minutes=2)
    code = phone.code()

    def give(_: int) -> str:
        try:
            return house.attempt(lambda: check_code(house, "zhou", code, NOWHERE))
        except Unauthenticated as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, range(2))) == ["CODE_WRONG", "totp"]


def test_a_recovery_code_works_once_and_new_ones_void_the_old(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    first, second, *_ = phone.recovery
    assert check_code(house, "zhou", f"{first[:5]}-{first[5:].upper()}", NOWHERE) == "recovery"
    assert code_of(check_code, house, "zhou", first, NOWHERE) == "CODE_WRONG"
    assert own_factors(house, who(house, "zhou")).codes_left == 9
    clock.advance(minutes=2)
    fresh = new_codes(house, who(house, "zhou"), phone.code(), NOWHERE)
    assert code_of(check_code, house, "zhou", second, NOWHERE) == "CODE_WRONG"
    assert check_code(house, "zhou", fresh[0], NOWHERE) == "recovery"


def test_the_database_holds_neither_secret_nor_codes(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    with house.reading() as records:
        person = records.people.find("zhou")
        assert person is not None
        [row] = records.factors.of(person.id)
    assert phone.totp.secret not in str(row)
    other = make_office(house.settings.database_url, house.settings.data_dir, clock, secret="another key")
    clock.advance(minutes=2)
    assert code_of(check_code, other, "zhou", phone.code(), NOWHERE) == "CODE_WRONG"
    other.close()


def test_wrong_codes_lock_the_account_though_the_password_is_right(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    clock.advance(minutes=2)
    codes = []
    for _ in range(5):
        assert sign_in(house, "zhou", PASSWORD).second_factor  # who knows the password does not reset the count with it
        codes.append(code_of(check_code, house, "zhou", "000000", Origin(address="10.0.0.9")))
    assert codes == ["CODE_WRONG"] * 4 + ["ACCOUNT_LOCKED"]
    assert code_of(check_code, house, "zhou", phone.code(), NOWHERE) == "ACCOUNT_LOCKED"
    clock.advance(minutes=16)
    actor, method = second_step(house, "zhou", who(house, "zhou").stamp, phone.code(), NOWHERE)
    assert (actor.username, method) == ("zhou", "totp")


def test_a_password_changed_between_the_two_steps_begins_anew(house: Office, clock: Clock) -> None:
    phone = Telephone(house, "zhou", clock)
    clock.advance(minutes=2)
    assert code_of(second_step, house, "zhou", who(house, "zhou").stamp - 1, phone.code(), NOWHERE) == "SIGN_IN_AGAIN"


def test_administrators_need_one_and_others_where_the_installation_says_so(
    house: Office, tmp_path: Path, clock: Clock
) -> None:
    assert {name: who(house, name).must_enrol for name in ("zhou", "guo", "ma")} == {
        "zhou": False,
        "guo": True,
        "ma": True,
    }
    for wanted in ("everybody", "counter_clerk"):
        rules = replace(LONG_SESSIONS, second_factor=frozenset({*ADMINISTRATORS, wanted}))
        strict = make_office(house.settings.database_url, tmp_path, clock, identity=rules)
        assert who(strict, "zhou").must_enrol
        strict.close()


def test_a_session_counts_as_enrolled_once_a_code_was_shown_in_it(house: Office, clock: Clock) -> None:
    token = begin_session(house, sign_in(house, "guo", PASSWORD), NOWHERE, ("password",))
    other = begin_session(house, sign_in(house, "guo", PASSWORD), NOWHERE, ("password",))
    me = session_actor(house, token)
    assert me is not None and me.must_enrol
    confirm_totp(house, me, pyotp.TOTP(begin_totp(house, me).secret).at(clock()))
    again = session_actor(house, token)
    assert again is not None and not again.must_enrol and session_actor(house, other) is None


def test_who_needs_one_keeps_the_last_one_and_who_does_not_removes_it_with_a_code(house: Office, clock: Clock) -> None:
    guo, zhou = Telephone(house, "guo", clock), Telephone(house, "zhou", clock)
    clock.advance(minutes=2)
    [factor] = own_factors(house, who(house, "guo")).factors
    with pytest.raises(Forbidden) as refusal:
        remove_factor(house, who(house, "guo"), factor.id, guo.code(), NOWHERE)
    assert refusal.value.code == "FACTOR_NEEDED"
    [factor] = own_factors(house, who(house, "zhou")).factors
    assert code_of(remove_factor, house, who(house, "zhou"), factor.id, "000000", NOWHERE) == "CODE_WRONG"
    remove_factor(house, who(house, "zhou"), factor.id, zhou.code(), NOWHERE)
    assert not who(house, "zhou").second_factor
    assert code_of(check_code, house, "zhou", zhou.recovery[0], NOWHERE) == "CODE_WRONG"


def test_a_lost_telephone_is_reset_by_the_security_administrator_with_a_reason(house: Office, clock: Clock) -> None:
    Telephone(house, "zhou", clock), Telephone(house, "guo", clock)
    security = who(house, "ma")
    with pytest.raises(Forbidden):
        reset_factors(house, who(house, "guo"), "zhou", "手机丢失")
    with pytest.raises(Invalid):
        reset_factors(house, security, "zhou", " ")
    with pytest.raises(Forbidden) as refusal:
        reset_factors(house, security, "guo", "手机丢失")
    assert refusal.value.code == "ADMINISTRATOR_FACTOR"
    stamp = who(house, "zhou").stamp
    reset_factors(house, security, "zhou", "手机丢失")
    assert not who(house, "zhou").second_factor and who(house, "zhou").stamp == stamp + 1
    with pytest.raises(Conflict):
        reset_factors(house, security, "zhou", "手机丢失")
    reset_factors(house, SYSTEM, "guo", "手机丢失")
    assert factors_of(house, "guo").factors == () and factors_of(house, "guo").needed
