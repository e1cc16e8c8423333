"""证照: what may happen to one, what succeeds it, how long it lasts (DOMAIN C.5.10, 行政许可法 art. 50, 69, 70)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.certificates import (
    STATE_NAMES,
    SUCCEEDED,
    TRANSITIONS,
    WITH_REASON,
    Certificate,
    CertificateAct,
    CertificateState,
    act_on,
    file_by,
    last_day,
    reminders,
    succeed,
)
from service.rules.refusals import Refusal
from service.rules.tacit import deemed_renewal

ONE = Certificate(
    number="990100202603190005",
    kind="施工许可证",
    holder="华*公司",
    issued_on=date(2026, 3, 19),
    valid_from=date(2026, 3, 19),
    valid_to=date(2029, 3, 18),
)
LATER = date(2029, 3, 19)


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("state", list(CertificateState))
@pytest.mark.parametrize("act", list(CertificateAct))
def test_only_what_the_table_says_can_happen(act, state):
    one = replace(ONE, state=state)
    allowed = state in TRANSITIONS[act][0]
    if act in SUCCEEDED:
        on = date(2026, 6, 1)

        def doing():
            return succeed(one, act, on, number="2", valid_to=date(2032, 3, 18))[0]
    else:

        def doing():
            return act_on(one, act, LATER, reason="依据")

    if allowed:
        assert doing().state is TRANSITIONS[act][1]
    else:
        assert refused(doing) == "CERTIFICATE_STATE"


def test_revoked_and_cancelled_are_final():
    for final in (CertificateState.REVOKED, CertificateState.CANCELLED):
        assert all(final not in states for states, _ in TRANSITIONS.values())
    assert set(STATE_NAMES) == set(CertificateState)


@pytest.mark.parametrize("act", sorted(WITH_REASON))
def test_taking_a_certificate_away_and_giving_it_back_needs_a_reason(act):
    one = replace(ONE, state=sorted(TRANSITIONS[act][0])[0])
    assert refused(act_on, one, act, LATER) == "CERTIFICATE_REASON"
    assert act_on(one, act, LATER, reason=" 依据 ").reason == "依据"


def test_a_certificate_lasts_until_the_end_of_its_last_day():
    assert refused(act_on, ONE, CertificateAct.EXPIRE, date(2029, 3, 18)) == "CERTIFICATE_RUNS"
    assert ONE.valid_on(date(2029, 3, 18)) and not ONE.valid_on(LATER) and not ONE.valid_on(date(2026, 3, 18))
    assert act_on(ONE, CertificateAct.EXPIRE, LATER).state is CertificateState.EXPIRED
    endless = replace(ONE, valid_to=None)
    assert refused(act_on, endless, CertificateAct.EXPIRE, LATER) == "CERTIFICATE_RUNS"
    assert endless.valid_on(date(2100, 1, 1))
    assert not replace(ONE, state=CertificateState.SUSPENDED).valid_on(ONE.valid_from)


def test_a_renewal_goes_on_where_the_old_one_ends():
    old, new = succeed(ONE, CertificateAct.RENEW, date(2029, 2, 1), number="2", valid_to=date(2032, 3, 18))
    assert old.state is CertificateState.RENEWED
    assert (new.valid_from, new.valid_to, new.follows, new.holder) == (LATER, date(2032, 3, 18), ONE.number, ONE.holder)
    assert new.issued_on == date(2029, 2, 1) and new.state is CertificateState.ACTIVE


def test_a_deemed_renewal_says_on_which_basis():
    assert deemed_renewal(ONE.valid_to, file_by(ONE), None)
    assert not deemed_renewal(ONE.valid_to, file_by(ONE) + timedelta(1), None)
    _, new = succeed(ONE, CertificateAct.DEEM_RENEWED, LATER, number="2", valid_to=date(2032, 3, 18))
    assert (new.basis, new.valid_from) == ("视为准予延续", LATER)


def test_what_was_changed_or_lost_lasts_as_long_as_before():
    for act in (CertificateAct.CHANGE, CertificateAct.REISSUE):
        _, new = succeed(ONE, act, date(2027, 1, 1), number="2", valid_to=date(2040, 1, 1))
        assert (new.valid_from, new.valid_to) == (date(2027, 1, 1), ONE.valid_to)


def test_what_cannot_be_renewed():
    renew = CertificateAct.RENEW
    assert refused(succeed, replace(ONE, valid_to=None), renew, LATER, number="2") == "CERTIFICATE_ENDLESS"
    assert refused(succeed, ONE, renew, LATER, number="2", valid_to=date(2032, 1, 1)) == "CERTIFICATE_EXPIRED"
    for end in (None, date(2029, 3, 18)):
        assert refused(succeed, ONE, renew, date(2029, 1, 1), number="2", valid_to=end) == "CERTIFICATE_SHORTER"


def test_each_kind_of_act_has_its_own_door():
    with pytest.raises(ValueError, match="succeed"):
        act_on(ONE, CertificateAct.RENEW, LATER)
    with pytest.raises(ValueError, match="act_on"):
        succeed(ONE, CertificateAct.REVOKE, LATER, number="2")


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        ("2026-03-19", {"years": 3}, "2029-03-18"),
        ("2026-01-31", {"months": 1}, "2026-02-28"),
        ("2024-02-29", {"years": 1}, "2025-02-28"),
        ("2024-02-29", {"years": 4}, "2028-02-28"),
        ("2026-01-01", {"years": 1}, "2026-12-31"),
        ("2026-12-01", {"months": 1}, "2026-12-31"),
        ("2026-03-31", {"months": 6}, "2026-09-30"),
    ],
)
def test_a_term_ends_the_day_before_the_corresponding_one(first, term, last):
    assert last_day(date.fromisoformat(first), **term) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 120), st.integers(1, 120))
def test_longer_terms_end_later(first, months, more):
    assert first <= last_day(first, months=months) < last_day(first, months=months + more)


def test_a_term_of_nothing_is_a_mistake():
    with pytest.raises(ValueError, match="month"):
        last_day(date(2026, 1, 1))


def test_the_holder_is_reminded_while_there_is_something_to_renew():
    assert reminders(ONE) == (date(2029, 1, 17), date(2029, 2, 16))
    assert file_by(ONE) == date(2029, 2, 16)
    assert reminders(replace(ONE, valid_to=None)) == () and file_by(replace(ONE, valid_to=None)) is None
    assert reminders(replace(ONE, state=CertificateState.REVOKED)) == ()
    assert reminders(replace(ONE, valid_from=date(2029, 2, 1))) == (date(2029, 2, 16),)
