"""What holds for every fee, whatever its inputs."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from service.rules.bills import charged_line, make_bill
from service.rules.fee_formulas import Tier
from service.rules.fees import Claim, charge
from service.rules.money import cents, in_capitals
from service.rules.worktime import standard_calendar
from tests.rules import fee_cards as cards
from tests.rules.fee_cards import standard

DAY = date(2026, 3, 19)
areas = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
prices = st.decimals(min_value=0, max_value=Decimal("99999.99"), places=2)


@st.composite
def tiers(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 100_000), max_size=4)))
    return [{"upto": str(n), "unit_price": str(draw(prices))} for n in bounds] + [
        {"upto": None, "unit_price": str(draw(prices))}
    ]


def amount(one, inputs, **more) -> Decimal:
    return charge(one, inputs, DAY, licence=True, **more).amount


@given(tiers(), areas)
def test_tiers_cost_what_each_slice_costs(found, area):
    one = standard("TIERED", {"tiers": found, "input": "a"})
    exact, below = Fraction(0), Fraction(0)
    for tier in one.formula.tiers:
        top = Fraction(area) if tier.upto is None else min(Fraction(area), Fraction(tier.upto))
        exact += max(Fraction(0), top - below) * Fraction(tier.price)
        below = below if tier.upto is None else Fraction(tier.upto)
    got = amount(one, {"a": area})
    assert abs(Fraction(got) - exact) <= Fraction(1, 200) and got == cents(got)


@given(tiers(), areas)
def test_tiers_are_continuous_and_rise(found, area):
    one = standard("TIERED", {"tiers": found, "input": "a"})
    step = Decimal("0.01")
    here, there = amount(one, {"a": area}), amount(one, {"a": area + step})
    dearest = max(tier.price for tier in one.formula.tiers)
    assert 0 <= there - here <= dearest * step + step


@given(tiers())
def test_at_a_bound_both_tiers_agree(found):
    one = standard("TIERED", {"tiers": found, "input": "a"})
    for at, tier in enumerate(one.formula.tiers):
        if tier.upto is not None:
            ending = (*one.formula.tiers[:at], Tier(upto=None, price=tier.price))
            alone = standard(
                "TIERED",
                {
                    "input": "a",
                    "tiers": [
                        {"upto": None if t.upto is None else str(t.upto), "unit_price": str(t.price)} for t in ending
                    ],
                },
            )
            assert amount(one, {"a": tier.upto}) == amount(alone, {"a": tier.upto})


@given(areas, prices, st.decimals(min_value=Decimal("0.0001"), max_value=1, places=4))
def test_a_share_is_rounded_before_it_is_priced(area, price, share):
    one = standard("PER_UNIT", {"unit_price": str(price), "input": "a", "share": str(share)})
    required = (area * share).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert amount(one, {"a": area}) == (required * price).quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.integers(0, 500), st.integers(0, 900), st.decimals(min_value=Decimal("0.01"), max_value=100, places=2))
def test_an_exemption_never_makes_a_line_negative_and_never_dearer(pieces, copies, percent):
    card = {**cards.REGISTRATION, "exemptions": [{**cards.REGISTRATION["exemptions"][0], "percent": str(percent)}]}
    one = cards.read_standard(card)
    inputs = {"pieces": pieces, "certificates": copies}
    full, less = (
        charge(one, inputs, DAY, licence=True),
        charge(one, inputs, DAY, licence=True, claims=[Claim("XW", "是")]),
    )
    assert all(part.amount >= 0 for part in less.parts) and less.amount <= full.amount
    assert less.amount + less.exempted == full.amount
    assert less.parts[1] == full.parts[1]


@given(areas, st.integers(0, 365), st.integers(0, 99), areas)
def test_a_bill_is_the_sum_of_its_lines(area, days, pieces, cost):
    found = [
        (cards.OCCUPATION, {"area": area, "days": days}),
        (cards.HOUSING, {"pieces": pieces}),
        (cards.SHARE_OF_COST, {"cost": cost}),
        (cards.TIERS, {"area": area}),
    ]
    lines = [charged_line(charge(cards.read_standard(card), inputs, DAY, licence=True)) for card, inputs in found]
    bill = make_bill(standard_calendar(), DAY, lines)
    assert Fraction(bill.total) == sum(Fraction(line.amount) for line in lines)
    assert bill.total.as_tuple().exponent == -2 and bill.owed is (bill.total > 0)


def read_back(text: str) -> int:
    """A reader of capitals that knows nothing of how they were written; an empty text is 0."""
    for word, unit in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        high, found, low = text.rpartition(word) if unit >= 10**4 else text.partition(word)
        if found:
            return read_back(high) * unit + read_back(low)
    text = text.lstrip("零")
    return "零壹贰叁肆伍陆柒捌玖".index(text) if text else 0


@given(st.integers(0, 10**14))
def test_capitals_say_the_amount(number):
    text = in_capitals(Decimal(number).scaleb(-2)).removesuffix("整")
    whole, _, rest = text.rpartition("元")
    jiao, _, fen = rest.rpartition("角")
    assert read_back(whole) * 100 + read_back(jiao) * 10 + read_back(fen.removesuffix("分")) == number
    assert "零零" not in text and (text == "零元" or not text.startswith("零"))
