"""收费一表: lines, zero lines, totals, dates, refunds by the day the law names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.rules.bills import (
    FOREST_RESTORATION,
    abandoned_on,
    charged_line,
    free_line,
    make_bill,
    refund_by,
)
from service.rules.fee_standards import read_standard
from service.rules.fees import Claim, charge
from service.rules.money import decimal_number, in_capitals, yuan
from service.rules.refusals import Invalid
from service.rules.worktime import standard_calendar
from tests.rules import fee_cards as cards

CALENDAR = standard_calendar()
DAY = date(2026, 3, 19)


def line(card, inputs, item="", **more):
    return charged_line(charge(read_standard(card), inputs, DAY, licence=True, **more), item=item)


def refused(code, *arguments, **named):
    with pytest.raises(Invalid) as caught:
        make_bill(CALENDAR, DAY, *arguments, **named)
    assert caught.value.code == code
    return caught.value


def test_a_bill_without_lines_is_no_bill():
    refused("BILL_EMPTY", [])


def test_a_zero_line_has_a_reason():
    with pytest.raises(Invalid) as caught:
        free_line("104", "施工许可证核发", " ")
    assert caught.value.code == "FEE_ZERO_WITHOUT_REASON"


def test_the_same_line_stands_once():
    one = line(cards.OCCUPATION, {"area": "24.50", "days": 15}, item="106")
    refused("BILL_LINE_TWICE", [one, one])
    other = line(cards.OCCUPATION, {"area": "1.00", "days": 1}, item="107")
    assert make_bill(CALENDAR, DAY, [one, other]).total == Decimal("221.10")


def test_every_body_has_its_line_charging_or_not():
    bodies = [("105", "a"), ("104", "b")]
    found = refused("BILL_INCOMPLETE", [line(cards.RELOCATION, {"area": "500.00"}, item="a")], bodies=bodies)
    assert found.params["bodies"] == "104"
    one = [line(cards.RELOCATION, {"area": "500.00"}, item="a"), free_line("104", "施工许可证核发", "不收费", item="c")]
    assert refused("BILL_INCOMPLETE", one, bodies=bodies).params["bodies"] == "104/b"


def test_one_bill_for_a_whole_chain():
    """V18-12: ten lines, eight of them 0.00."""
    free = [free_line(f"{n}", f"事项{n}", "不收费", basis="《行政许可法》第五十八条") for n in range(110, 118)]
    charged = [line(cards.RELOCATION, {"area": "500.00"}), line(cards.OCCUPATION, {"area": "24.50", "days": 15})]
    bill = make_bill(CALENDAR, DAY, [*charged, *free])
    assert (yuan(bill.total), len(bill.lines), bill.owed) == ("600,220.50", 10, True)
    assert bill.due_on == date(2026, 3, 26)
    assert [one.reason for one in bill.lines if one.amount == 0] == ["不收费"] * 8


def test_a_line_prints_basis_computation_inputs_and_exemption():
    found = line(cards.REGISTRATION, {"pieces": 1, "certificates": 3}, claims=[Claim("XW", "小型微型企业")])
    assert (found.basis, found.standard, found.version) == ("《测试法》第九条", "BDC-2", date(2026, 1, 1))
    assert found.inputs == (("pieces", 1), ("certificates", 3))
    assert found.formula == "1件 × 550.00 元/件；另加 2本 × 10.00 元/本"
    assert found.reason == "小微企业减免 100%（《测试办法》第一条）：小型微型企业"
    assert (str(found.amount), str(found.exempted)) == ("20.00", "550.00")


def test_a_quantity_of_zero_is_a_zero_line_that_says_so():
    found = line(cards.WATER_SOIL, {"area": "0"})
    assert (str(found.amount), found.reason) == ("0.00", "计费数量为零")
    assert not make_bill(CALENDAR, DAY, [found]).owed


def test_a_voluntary_line_keeps_no_certificate_back():
    card = {**cards.HOUSING, "mandatory": False}
    bill = make_bill(CALENDAR, DAY, [line(card, {"pieces": 1})])
    assert (bill.owed, bill.total) == (False, Decimal("80.00"))


def test_a_case_waits_sixty_working_days_for_its_money():
    assert CALENDAR.workdays_between(DAY, abandoned_on(CALENDAR, DAY)) == 60


def test_the_forest_fee_goes_back_within_seven_days():
    """V18-11; an end on a rest day rolls forward."""
    assert refund_by(CALENDAR, FOREST_RESTORATION, date(2026, 4, 1)).day == date(2026, 4, 8)
    rolled = refund_by(CALENDAR, FOREST_RESTORATION, date(2026, 3, 28))  # a Saturday, seven days later 清明
    assert rolled.day == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.00", "零元整"),
        ("570.00", "伍佰柒拾元整"),
        ("600220.50", "陆拾万零贰佰贰拾元伍角"),
        ("592596.00", "伍拾玖万贰仟伍佰玖拾陆元整"),
        ("1005.05", "壹仟零伍元零伍分"),
        ("0.36", "叁角陆分"),
        ("0.06", "陆分"),
        ("10000000.00", "壹仟万元整"),
        ("105000000.10", "壹亿零伍佰万元壹角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
    ],
)
def test_amounts_in_capitals(amount, text):
    assert in_capitals(Decimal(amount)) == text


@pytest.mark.parametrize("value", [0.1, True, None, "", "-0.01", "1e5", "NaN", "∞", "1.001", Decimal("NaN"), b"1"])
def test_what_is_no_exact_amount_is_refused(value):
    with pytest.raises(Invalid) as caught:
        decimal_number("amount", value, places=2)
    assert (caught.value.code, caught.value.fields[0].field) == ("NUMBER_INVALID", "amount")
