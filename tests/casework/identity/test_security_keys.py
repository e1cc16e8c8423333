"""A security key: registered once, asked for after the password, bound to the site, one answer for one question."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from service.casework.actors import NOWHERE, Origin
from service.casework.identity.factors import check_code, factors_of, remove_factor
from service.casework.identity.security_keys import (
    MOST,
    Site,
    begin_key,
    begin_key_step,
    confirm_key,
    has_keys,
    key_step,
)
from service.casework.office import Office
from service.casework.signing_in import sign_in
from service.rules.refusals import Refusal
from service.rules.vocabulary import LedgerAction
from tests.casework.identity.keys import SoftKey
from tests.casework.identity.test_factors import PASSWORD, house, who
from tests.conftest import Clock

__all__ = ["house"]
SITE = Site(origin="https://banshi.yunxi.example")
ELSEWHERE = Site(origin="https://evil.example")


def registered(office: Office, username: str = "zhou", **more: object) -> tuple[SoftKey, tuple[str, ...]]:
    key = SoftKey(SITE.origin, **more)  # type: ignore[arg-type]
    return key, confirm_key(
        office, who(office, username), SITE, key.create(begin_key(office, who(office, username), SITE)), "柜子里的"
    )


def step(office: Office, answer: str, username: str = "zhou", site: Site = SITE, stamp: int | None = None):
    return key_step(office, username, who(office, username).stamp if stamp is None else stamp, site, answer, NOWHERE)


def refused(act, *given, **more) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*given, **more)
    return refusal.value.code


def test_a_key_lets_in_after_the_password_and_the_first_one_brings_recovery_codes(house: Office) -> None:
    key, codes = registered(house)
    assert len(codes) == 10 and has_keys(house, "zhou")
    actor = sign_in(house, "zhou", PASSWORD)
    assert actor.second_factor
    assert step(house, key.get(begin_key_step(house, "zhou", SITE))).username == "zhou"
    [view] = factors_of(house, "zhou").factors
    assert view.name == "柜子里的" and view.used_at is not None
    another = SoftKey(SITE.origin)
    assert (
        confirm_key(house, who(house, "zhou"), SITE, another.create(begin_key(house, who(house, "zhou"), SITE)), "")
        == ()
    )
    assert check_code(house, "zhou", codes[0], NOWHERE) == "recovery"


def test_an_answer_is_taken_once_and_only_to_what_was_asked_last(house: Office) -> None:
    key, _ = registered(house)
    answer = key.get(begin_key_step(house, "zhou", SITE))
    assert step(house, answer).username == "zhou"
    assert refused(step, house, answer) == "KEY_WRONG"
    old = key.get(begin_key_step(house, "zhou", SITE))
    new = key.get(begin_key_step(house, "zhou", SITE))
    assert refused(step, house, old) == "KEY_WRONG"
    assert refused(step, house, new) == "KEY_WRONG", "a wrong answer used the question up"


def test_an_answer_after_five_minutes_is_none(house: Office, clock: Clock) -> None:
    key, _ = registered(house)
    answer = key.get(begin_key_step(house, "zhou", SITE))
    clock.advance(minutes=5, seconds=1)
    assert refused(step, house, answer) == "KEY_WRONG"


def test_a_page_of_another_site_gets_nothing_that_is_taken_here(house: Office) -> None:
    key, _ = registered(house)
    key.origin = ELSEWHERE.origin
    assert refused(step, house, key.get(begin_key_step(house, "zhou", SITE))) == "KEY_WRONG"
    there = key.get(begin_key_step(house, "zhou", ELSEWHERE))
    assert refused(step, house, there) == "KEY_WRONG"
    fake = SoftKey(ELSEWHERE.origin)
    with pytest.raises(Refusal):
        confirm_key(house, who(house, "guo"), SITE, fake.create(begin_key(house, who(house, "guo"), SITE)), "")
    assert not has_keys(house, "guo")


def test_another_key_or_the_key_of_somebody_else_is_not_taken(house: Office) -> None:
    registered(house)
    theirs, _ = registered(house, "ma")
    assert refused(step, house, theirs.get(begin_key_step(house, "zhou", SITE))) == "KEY_WRONG"
    mine = SoftKey(SITE.origin)
    mine.id = theirs.id
    assert refused(step, house, mine.get(begin_key_step(house, "ma", SITE)), "ma") == "KEY_WRONG"


def test_a_counter_that_goes_back_is_a_copied_key(house: Office) -> None:
    key, _ = registered(house)
    step(house, key.get(begin_key_step(house, "zhou", SITE)))
    key.counter -= 1
    assert refused(step, house, key.get(begin_key_step(house, "zhou", SITE))) == "KEY_COPIED"
    with house.reading() as records:
        [line] = records.ledger.lines(LedgerAction.SIGN_IN_REFUSED, limit=1)
    assert line.detail == {"code": "KEY_COPIED"}


def test_a_key_that_does_not_count_is_taken_again_and_again(house: Office) -> None:
    key, _ = registered(house, counts=False)
    for _ in range(3):
        assert step(house, key.get(begin_key_step(house, "zhou", SITE))).username == "zhou"


def test_wrong_answers_lock_the_account_and_a_changed_password_begins_anew(house: Office) -> None:
    key, _ = registered(house)
    good = key.get(begin_key_step(house, "zhou", SITE))
    assert refused(step, house, good, stamp=99) == "SIGN_IN_AGAIN"
    codes = [
        refused(key_step, house, "zhou", 0, SITE, bad, Origin(address="10.1.1.1", agent=""))
        for bad in ("", "{}", "[]", '{"id": 1}', "x" * 20_000)
    ]
    assert codes[:4] == ["KEY_WRONG"] * 4 and codes[4] == "ACCOUNT_LOCKED"
    assert refused(begin_key_step, house, "zhou", SITE) == "ACCOUNT_LOCKED"


@pytest.mark.parametrize("broken", ["response", "clientDataJSON", "attestationObject", "rawId"])
def test_a_broken_registration_is_refused_in_words_and_leaves_nothing(house: Office, broken: str) -> None:
    answer = json.loads(SoftKey(SITE.origin).create(begin_key(house, who(house, "zhou"), SITE)))
    (answer if broken in answer else answer["response"])[broken] = "AAAA"
    with pytest.raises(Refusal) as refusal:
        confirm_key(house, who(house, "zhou"), SITE, json.dumps(answer), "")
    assert refusal.value.fields[0].code == "KEY_WRONG" and not has_keys(house, "zhou")


def test_a_site_without_a_name_and_a_sixth_key_are_refused(house: Office) -> None:
    assert refused(begin_key, house, who(house, "zhou"), Site(origin="http://127.0.0.1:8000")) == "KEY_HOST"
    for _ in range(MOST):
        registered(house)
    assert refused(begin_key, house, who(house, "zhou"), SITE) == "TOO_MANY_KEYS"


def test_the_last_key_of_who_needs_one_stays_and_others_go_with_a_recovery_code(house: Office) -> None:
    _, codes = registered(house, "guo")
    [only] = factors_of(house, "guo").factors
    assert refused(remove_factor, house, who(house, "guo"), only.id, codes[0], NOWHERE) == "FACTOR_NEEDED"
    registered(house, "guo")
    remove_factor(house, who(house, "guo"), only.id, codes[0], NOWHERE)
    assert len(factors_of(house, "guo").factors) == 1


def test_a_copy_of_the_database_holds_nothing_a_key_could_be_played_with(house: Office) -> None:
    key, _ = registered(house)
    secret = key.key.private_numbers().private_value
    with house.reading() as records:
        told = str(records.execute(text("SELECT detail FROM second_factor")).all())
    assert hex(secret)[2:] not in told and str(secret) not in told


def test_of_two_who_bring_one_answer_at_once_one_is_let_in(house: Office) -> None:
    key, _ = registered(house, counts=False)
    answer = key.get(begin_key_step(house, "zhou", SITE))

    def bring(_: int) -> str:
        try:
            return step(house, answer).username
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(bring, range(4))) == ["KEY_WRONG"] * 3 + ["zhou"]
