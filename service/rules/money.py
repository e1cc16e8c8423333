"""Amounts of money: exact decimals in 元, rounded half up to 分, and written in capitals (大写) for documents."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from service.rules.refusals import refuse

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])  # what would lose a digit is a fault, never a wrong amount
ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,8})?")
DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")


def cents(amount: Decimal) -> Decimal:
    """Rounded HALF_UP to 0.01."""
    return ROUNDING.quantize(amount, CENT)


def rounded(number: Decimal, places: int) -> Decimal:
    """Rounded HALF_UP to so many decimals."""
    return ROUNDING.quantize(number, Decimal(1).scaleb(-places))


def decimal_number(field: str, value: object, *, places: int = 8) -> Decimal:
    """A plain number that is not negative, as text, integer or decimal; binary fractions are not exact and refused.

    Refused: NUMBER_INVALID naming the field, also for more than `places` decimals that are not zero.
    """
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool) and NUMBER.fullmatch(text):
        number = Decimal(text)
        if rounded(number, places) == number:
            return number
    raise refuse(
        field,
        "NUMBER_INVALID",
        "{name}应为不小于零的十进制数，最多 {places} 位小数，现为“{value}”。",
        name=field,
        places=places,
        value=str(value)[:40],
    )


def total_of(amounts: tuple[Decimal, ...]) -> Decimal:
    """The exact sum, with two decimals."""
    total = NOTHING
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def yuan(amount: Decimal) -> str:
    """An amount as documents print it: `600,220.50`."""
    return f"{cents(amount):,.2f}"


def in_capitals(amount: Decimal) -> str:
    """An amount as it is written out on bills (《支付结算办法》 annex 1): `陆拾万零贰佰贰拾元伍角`, `伍佰柒拾元整`."""
    whole, rest = divmod(int(cents(amount).scaleb(2)), 100)
    jiao, fen = divmod(rest, 10)
    text = f"{_whole(whole)}元" if whole or not rest else ""
    if not rest:
        return text + "整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """One 零 stands for any run of zeros inside."""
    for unit, word in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            return f"{_whole(high)}{word}{'零' if 0 < low < unit // 10 else ''}{_whole(low) if low else ''}"
    return _group(number) or DIGITS[0]


def _group(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return text
