"""对账: every entry of both sides is accounted for (YY-20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.reconciling import Entry, EntryKind, read_channel_file, reconcile
from service.rules.refusals import Invalid
from service.rules.worktime import SHANGHAI

AT = datetime(2026, 3, 19, 15, 2, tzinfo=SHANGHAI)


def entry(transaction, amount="570.00", kind=EntryKind.PAYMENT, bill="SF2026031900011") -> Entry:
    return Entry(kind=kind, transaction=transaction, bill=bill, amount=Decimal(amount), at=AT)


def test_our_own_books_hold_a_number_once():
    with pytest.raises(Invalid) as caught:
        reconcile([entry("T1"), entry("T1")], [])
    assert caught.value.code == "ENTRY_TWICE"


def test_every_difference_is_named():
    ours = [entry("T1"), entry("T2"), entry("T3"), entry("T4"), entry("R1", "20.00", EntryKind.REFUND)]
    theirs = [
        entry("T1"),
        entry("T1"),
        entry("T3", "569.00"),
        entry("T4", bill="SF2026031900012"),
        entry("T5", "80.00"),
        entry("R1", "20.00", EntryKind.REFUND),
    ]
    found = reconcile(ours, theirs)
    assert [one.transaction for one in found.matched] == ["T1", "R1"]
    assert [one.transaction for one in found.missing] == ["T2"]
    assert [one.transaction for one in found.surplus] == ["T5"]
    assert [one.transaction for one in found.repeated] == ["T1"]
    assert [one.ours.transaction for one in found.differing] == ["T3", "T4"]
    assert not found.clean
    assert (found.ours, found.theirs) == (Decimal("2260.00"), Decimal("2339.00"))


def test_a_refund_and_a_payment_may_have_the_same_number():
    both = [entry("1"), entry("1", kind=EntryKind.REFUND)]
    found = reconcile(both, list(reversed(both)))
    assert (found.clean, len(found.matched), found.difference) == (True, 2, Decimal("0.00"))


@st.composite
def books(draw):
    numbers = draw(st.sets(st.integers(1, 12)))
    return [entry(f"T{n}", draw(st.sampled_from(["1.00", "2.00"]))) for n in sorted(numbers)]


@given(books(), st.lists(st.sampled_from([entry(f"T{n}", a) for n in range(1, 13) for a in ("1.00", "2.00")])))
def test_the_exceptions_explain_the_whole_difference(ours, theirs):
    found = reconcile(ours, theirs)
    explained = (
        sum(one.signed for one in found.surplus + found.repeated)
        - sum(one.signed for one in found.missing)
        + sum(one.theirs.signed - one.ours.signed for one in found.differing)
    )
    assert found.difference == explained
    assert len(found.matched) + len(found.missing) + len(found.differing) == len(ours)
    assert len(found.matched) + len(found.surplus) + len(found.repeated) + len(found.differing) == len(theirs)


FILE = """\
kind,transaction,bill,amount,at
PAYMENT,T1,SF2026031900011,570.00,2026-03-19T15:02:00+08:00
REFUND,R1,SF2026031900011,20.00,2026-03-19T16:00:00+08:00
"""


def test_a_file_is_read():
    for text in (FILE, "\ufeff" + FILE.replace("\n", "\r\n")):
        payment, refund = read_channel_file(text)
        assert payment == entry("T1")
        assert (refund.kind, refund.signed) == (EntryKind.REFUND, Decimal("-20.00"))
    assert read_channel_file(FILE.splitlines()[0]) == ()


@pytest.mark.parametrize(
    ("was", "becomes", "line"),
    [
        ("transaction,", "", 1),
        ("570.00", "570.0", 2),
        ("570.00", "5.7e2", 2),
        ("570.00", "-570.00", 2),
        ("PAYMENT", "GIFT", 2),
        (",T1,", ",,", 2),
        ("15:02:00+08:00", "15:02:00", 2),
        ("16:00:00+08:00", "16:00:00+08:00,more", 3),
        (",20.00,2026-03-19T16:00:00+08:00", "", 3),
    ],
)
def test_a_bad_line_is_named(was, becomes, line):
    with pytest.raises(Invalid) as caught:
        read_channel_file(FILE.replace(was, becomes))
    assert (caught.value.code, caught.value.params["line"]) == ("CHANNEL_FILE", line)


def test_equal_entries_match_whatever_the_time_says():
    later = replace(entry("T1"), at=AT.replace(hour=23))
    assert reconcile([entry("T1")], [later]).clean
