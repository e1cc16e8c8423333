"""Fees: single prices, exact amounts, exemptions of parts, what may not be charged (DOMAIN D.9, A.12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.rules.fee_standards import read_standard
from service.rules.fees import Claim, charge, check_standard, check_versions, standard_on
from service.rules.refusals import Invalid, Refusal
from tests.rules import fee_cards as cards
from tests.rules.conftest import vectors
from tests.rules.fee_cards import data, standard

DAY = date(2026, 3, 19)


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def asked(card, inputs, **more):
    return charge(read_standard(card), inputs, DAY, licence=True, **more)


@pytest.mark.parametrize(
    "price", ["1000-1200", "1000~1200", "1000至1200元", ["1000", "1200"], ("1", "2"), {"min": "1000", "max": "1200"}]
)
def test_a_range_of_prices_is_refused(price):
    card = data("PER_UNIT", {"unit_price": price, "unit": "㎡", "input": "area"})
    assert refused(read_standard, card) == "FEE_RANGE"


@pytest.mark.parametrize("name", ["min", "max", "min_price", "max_price"])
def test_two_bounds_instead_of_a_price_are_refused(name):
    card = data("PER_UNIT", {"unit_price": "1200.00", name: "1000.00", "input": "area"})
    assert refused(read_standard, card) == "FEE_RANGE"


@pytest.mark.parametrize("price", ["面议", "1200元", "-1", "1e3", "1,200.00", 1200.0, True, "１２００", " 1200"])
def test_a_price_in_words_or_inexact_is_refused(price):
    card = data("PER_UNIT", {"unit_price": price, "unit": "㎡", "input": "area"})
    assert refused(read_standard, card) == "FEE_FREE_TEXT"


def test_a_refusal_names_the_field():
    with pytest.raises(Invalid, match="params.unit_price") as caught:
        read_standard(data("PER_UNIT", {"unit_price": "面议", "input": "area"}))
    assert caught.value.fields[0].field == "params.unit_price"


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (data("LUMP", {}), "FEE_KIND"),
        (data("PER_UNIT", {"unit_price": "1.00"}), "FEE_PARAM_MISSING"),
        (data("PER_UNIT", {"input": "area"}), "FEE_PARAM_MISSING"),
        (data("PER_UNIT", {"unit_price": "1.00", "input": "area", "amount": "5"}), "FEE_PARAM_UNKNOWN"),
        (data("FIXED", {"unit_price": "1.00", "input": "n"}, remark="可协商"), "FEE_PARAM_UNKNOWN"),
        (data("FIXED", {"unit_price": "1.00", "input": "n"}, basis=None), "FEE_PARAM_MISSING"),
        (data("FIXED", {"unit_price": "1.00", "input": "n"}, basis={**cards.LAW, "level": "惯例"}), "FEE_BASIS"),
        (data("FIXED", {"unit_price": "1.00", "input": "n"}, effective_from="明年"), "FEE_DATES"),
        (data("TIERED", {"input": "area", "tiers": []}), "FEE_TIERS"),
        (data("TIERED", {"input": "area", "tiers": [{"upto": "9", "unit_price": "1"}]}), "FEE_TIERS"),
        (
            data("TIERED", {"input": "area", "tiers": [{"upto": n, "unit_price": "1"} for n in ("9", "9", None)]}),
            "FEE_TIERS",
        ),
        (
            data("TIERED", {"input": "area", "tiers": [{"upto": n, "unit_price": "1"} for n in (None, None)]}),
            "FEE_TIERS",
        ),
    ],
)
def test_a_standard_that_cannot_be_computed_is_refused(card, code):
    assert refused(read_standard, card) == code


@pytest.mark.parametrize("level", ["LOCAL_REGULATION", "RULE", "NORMATIVE"])
def test_a_licence_is_charged_on_a_law_or_administrative_regulation_only(level):
    one = standard("FIXED", {"unit_price": "1.00", "input": "n"}, basis={**cards.LAW, "level": level})
    assert refused(check_standard, one, licence=True) == "FEE_BASIS"
    check_standard(one, licence=False)
    assert refused(charge, one, {"n": 1}, DAY, licence=True) == "FEE_BASIS"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"effective_to": "2025-12-31"}, "FEE_DATES"),
        ({"cap": "5.00"}, "FEE_CAP"),
        ({"floor": "5.00"}, "FEE_CAP"),
        ({"exemptions": [{"code": "A", "name": "甲", "basis": cards.LAW, "percent": "101"}]}, "FEE_EXEMPTION"),
        ({"exemptions": [{"code": "A", "name": "甲", "basis": cards.LAW, "percent": "0"}]}, "FEE_EXEMPTION"),
        (
            {"exemptions": [{"code": "A", "name": "甲", "basis": cards.LAW, "percent": "50", "part": "FURTHER"}]},
            "FEE_EXEMPTION",
        ),
        ({"exemptions": [{"code": "A", "name": "甲", "basis": cards.LAW, "percent": "50"}] * 2}, "FEE_EXEMPTION"),
    ],
)
def test_a_standard_with_wrong_bounds_is_not_put_into_force(more, code):
    one = standard("FIXED", {"unit_price": "1.00", "input": "n"}, **more)
    assert refused(check_standard, one, licence=True) == code


def test_a_cap_below_its_floor_is_refused():
    one = standard("RATIO", {"rate": "0.1", "input": "cost"}, cap="5.00", floor="6.00")
    assert refused(check_standard, one, licence=True) == "FEE_CAP"


def test_a_standard_is_charged_within_its_dates_only():
    one = standard("FIXED", {"unit_price": "1.00", "input": "n"}, effective_to="2026-06-30")
    for day in (date(2025, 12, 31), date(2026, 7, 1)):
        assert refused(charge, one, {"n": 1}, day, licence=True) == "FEE_STANDARD_EXPIRED"
    for day in (date(2026, 1, 1), date(2026, 6, 30)):
        assert charge(one, {"n": 1}, day, licence=True).amount == Decimal("1.00")


def test_a_standard_that_nobody_approved_is_not_charged():
    one = standard("FIXED", {"unit_price": "1.00", "input": "n"}, approved_by="")
    assert refused(charge, one, {"n": 1}, DAY, licence=True) == "FEE_NOT_APPROVED"


@pytest.mark.parametrize("value", [None, "", "-1", "1.005", "abc", 1.5, "1" * 16])
def test_an_input_that_is_no_exact_measure_is_refused(value):
    code = refused(asked, cards.RELOCATION, {"area": value})
    assert code == ("FEE_INPUT_MISSING" if value in (None, "") else "NUMBER_INVALID")


def test_nobody_hands_in_an_amount():
    assert refused(asked, cards.RELOCATION, {"amount": "1.00"}) == "FEE_INPUT_MISSING"
    assert asked(cards.RELOCATION, {"area": "500.00", "amount": "1.00"}).amount == Decimal("600000.00")


def test_half_a_day_or_certificate_is_no_count():
    assert refused(asked, cards.OCCUPATION, {"area": "24.50", "days": "1.5"}) == "NUMBER_INVALID"


def test_an_exemption_has_a_reason_and_a_name_the_standard_knows():
    inputs = {"pieces": 1, "certificates": 3}
    assert refused(asked, cards.REGISTRATION, inputs, claims=[Claim("XX", "小微")]) == "EXEMPTION_UNKNOWN"
    assert refused(asked, cards.REGISTRATION, inputs, claims=[Claim("XW", " ")]) == "EXEMPTION_WITHOUT_REASON"


def test_an_exemption_is_claimed_within_its_own_dates():
    card = {**cards.HOUSING, "exemptions": [{"code": "A", "name": "甲", "basis": cards.LAW, "percent": "50"}]}
    claims = [Claim("A", "政策")]
    assert asked(card, {"pieces": 1}, claims=claims).amount == Decimal("40.00")
    card["exemptions"] = [{**card["exemptions"][0], "effective_to": "2026-03-18"}]
    assert refused(asked, card, {"pieces": 1}, claims=claims) == "EXEMPTION_UNKNOWN"


@pytest.mark.parametrize(
    ("card", "inputs", "amount"),
    [
        pytest.param(cards.REGISTRATION, {"pieces": 1, "certificates": 3}, "570.00", id="V18-01"),
        pytest.param(cards.HOUSING, {"pieces": 1}, "80.00", id="V18-02"),
        pytest.param(cards.RELOCATION, {"area": "500.00"}, "600000.00", id="V18-04"),
        pytest.param(cards.RELOCATION_SHARE, {"area": "12345.67"}, "592596.00", id="V18-05"),
        pytest.param(cards.OCCUPATION, {"area": "24.50", "days": 15}, "220.50", id="V18-06"),
        pytest.param(cards.DIGGING, {"area": "12.40"}, "4712.00", id="V18-07"),
        pytest.param(cards.WATER_SOIL, {"area": "45678.90"}, "63950.46", id="V18-08"),
        pytest.param(cards.SHARE_OF_COST, {"cost": "35000000.00"}, "30000.00", id="V18-09"),
        pytest.param(cards.TIERS, {"area": "12500.00"}, "18500.00", id="V18-10"),
    ],
)
def test_what_a_standard_comes_to(card, inputs, amount):
    assert str(asked(card, inputs).amount) == amount


def test_an_exemption_is_for_its_part_of_the_line():
    """V18-03."""
    found = asked(cards.REGISTRATION, {"pieces": 1, "certificates": 3}, claims=[Claim("XW", "小型微型企业")])
    assert (str(found.amount), str(found.exempted)) == ("20.00", "550.00")
    base, further = found.parts
    assert (base.exemption.code, base.reason, further.exemption) == ("XW", "小型微型企业", None)


@pytest.mark.parametrize("v", vectors("fees"))
def test_fee_vectors(v):
    given = v["inputs"]
    if v["kind"] == "FIXED+":
        further = {"unit_price": given["extra_unit"], "unit": "本", "input": "copies"}
        one = standard("FIXED", {"unit_price": given["base"], "input": "pieces", "further": further})
        inputs = {"pieces": 1, "copies": 1 + given["extra_count"]}
    elif v["kind"] == "RATIO":
        one, inputs = standard("RATIO", {"rate": given["rate"], "input": "a"}, cap=given["cap"]), {"a": given["base"]}
    elif v["kind"] == "TIERED":
        tiers = [{"upto": upto, "unit_price": price} for upto, price in given["tiers"]]
        one, inputs = standard("TIERED", {"tiers": tiers, "input": "a"}), {"a": given["quantity"]}
    else:
        params = {"unit_price": given["unit_price"], "input": "a", "share": given.get("ratio")}
        if "days" in given:
            params["days"] = "days"
        one, inputs = standard(v["kind"], params), {"a": given["area"], "days": given.get("days")}
    assert str(charge(one, inputs, DAY, licence=True).amount) == v["amount"]


def test_a_floor_is_for_what_is_charged_at_all():
    one = standard("PER_UNIT", {"unit_price": "1.00", "input": "a"}, floor="10.00")
    for area, amount in (("0", "0.00"), ("0.01", "10.00"), ("10.00", "10.00"), ("10.01", "10.01")):
        assert str(charge(one, {"a": area}, DAY, licence=True).amount) == amount


def test_the_better_of_two_exemptions_counts_they_do_not_add_up():
    both = [
        {"code": code, "name": code, "basis": cards.LAW, "percent": percent}
        for code, percent in (("A", "30"), ("B", "50"))
    ]
    claims = [Claim("A", "甲"), Claim("B", "乙")]
    assert asked({**cards.HOUSING, "exemptions": both}, {"pieces": 1}, claims=claims).amount == Decimal("40.00")


@pytest.mark.parametrize(
    ("card", "inputs", "formula"),
    [
        (cards.RELOCATION_SHARE, {"area": "12345.67"}, "（12,345.67㎡ × 4% = 493.83㎡） × 1,200.00 元/㎡"),
        (cards.OCCUPATION, {"area": "24.50", "days": 15}, "24.5㎡ × 15天 × 0.60 元/㎡·天"),
        (cards.SHARE_OF_COST, {"cost": "35000000.00"}, "35,000,000元 × 0.1%，封顶 30,000.00 元"),
        (cards.TIERS, {"area": "1500"}, "1,000㎡ × 2.00 元/㎡ + 500㎡ × 1.50 元/㎡"),
        (cards.HOUSING, {"pieces": 1}, "1件 × 80.00 元/件"),
    ],
)
def test_the_computation_is_told(card, inputs, formula):
    assert asked(card, inputs).parts[0].formula == formula


def test_the_version_of_the_day_is_found_and_there_is_only_one():
    old = standard("FIXED", {"unit_price": "1.00", "input": "n"}, effective_to="2026-03-31")
    new = standard("FIXED", {"unit_price": "2.00", "input": "n"}, effective_from="2026-04-01")
    check_versions([new, old])
    assert standard_on([new, old], "T-1", date(2026, 3, 31)) is old
    assert standard_on([new, old], "T-1", date(2026, 4, 1)) is new
    assert refused(standard_on, [new, old], "T-1", date(2025, 12, 31)) == "FEE_STANDARD_MISSING"
    open_ended = standard("FIXED", {"unit_price": "1.00", "input": "n"})
    assert refused(check_versions, [new, open_ended]) == "FEE_OVERLAP"
