"""Numbers of the trade: how each is written, checked and read back, and the name of the series it is counted in (DOMAIN C.4, D.10).

A number is made of a serial that the store counts without gaps in the transaction that uses it; here is no counting.
A void number stays used: it is kept with its reason, and `gaps` finds what is missing without one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.rules.refusals import Conflict, refuse

QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 1 I L O
SEPARATORS = re.compile(r"[\s\-‐‑–—－·]+")
ACCEPTANCE = re.compile(r"([0-9]{6})([0-9]{8})([0-9]{3})([0-9]{5})([0-9])")
PLACE = re.compile(r"\{([^{}]*)\}")


class DocumentWord(StrEnum):
    """字 of a document: one series each, authority and year."""

    RECEIVED = "收"
    ACCEPTED = "受"
    NOT_ACCEPTED = "不受"
    CORRECTION = "补"
    PAUSE = "停"
    EXTENSION = "延"
    PROCEDURE = "特"
    GRANTED = "许"
    DENIED = "不许"
    TACIT = "默"
    SERVED = "送"
    SUPERVISION = "督"
    DEFERRAL = "容"


@dataclass(frozen=True, kw_only=True)
class Serial:
    """One kind of number: `series` counts per period, `most` is the last one of it."""

    prefix: str
    period: str  # of strftime; the series begins anew with each
    digits: int
    dashed: bool = False

    def series(self, day: date) -> str:
        """The name of the series a day counts in."""
        return f"{self.prefix}/{day.strftime(self.period)}"

    def number(self, day: date, serial: int) -> str:
        """The number as printed. Refused: SERIAL_EXHAUSTED."""
        period, text = day.strftime(self.period), _padded(serial, self.digits, self.prefix)
        return f"{self.prefix}-{period}-{text}" if self.dashed else f"{self.prefix}{period}{text}"


BILL = Serial(prefix="SF", period="%Y%m%d", digits=5)  # 收费一表
CHAIN = Serial(prefix="LB", period="%Y%m%d", digits=4)  # 联办
CARD = Serial(prefix="JC", period="%Y%m%d", digits=5)  # 监察事件
AGENCY = Serial(prefix="DB", period="%Y", digits=4, dashed=True)  # 代办委托书
ORDER = Serial(prefix="DBD", period="%Y", digits=4, dashed=True)  # 督办单
COMPLAINT = Serial(prefix="TS", period="%Y", digits=4, dashed=True)  # 投诉
VISIT = Serial(prefix="HF", period="%Y%m", digits=4, dashed=True)  # 回访
CONSULTATION = Serial(prefix="ZX", period="%Y", digits=4, dashed=True)  # 咨询
FAULT = Serial(prefix="GZ", period="%Y", digits=4, dashed=True)  # 过错责任


def acceptance_series(day: date, department: str) -> str:
    """受理号: a series per day and department."""
    return f"SL/{day:%Y%m%d}/{department}"


def acceptance_number(division: str, day: date, department: str, serial: int) -> str:
    """受理号, 23 digits: division, the day accepted on, department, serial, check digit. Refused: SERIAL_EXHAUSTED."""
    body = f"{division:0>6}{day:%Y%m%d}{department:0>3}{_padded(serial, 5, 'SL')}"
    if len(body) != 22 or not body.isascii() or not body.isdigit():
        raise ValueError(f"expected a division of 6 and a department of 3 digits, got {division!r}, {department!r}")
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Luhn over digits: those at even places from the right, from 0, are doubled."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def shown(number: str) -> str:
    """受理号 as people read it: `990100-20260316-104-00042-0`."""
    found = ACCEPTANCE.fullmatch(number)
    return "-".join(found.groups()) if found else number


def short(number: str) -> str:
    """The end of a number, for messages: `…0042-0` of a 受理号, the last four digits of others."""
    return f"…{shown(number)[-6:]}" if ACCEPTANCE.fullmatch(number) else f"…{number[-4:]}"


def read_acceptance_number(text: str) -> str:
    """The 23 digits of what somebody typed, with or without hyphens and blanks, full-width too. Refused: ACCEPTANCE_NUMBER."""
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    found = ACCEPTANCE.fullmatch(digits)
    if found is None or not digits.isascii() or check_digit(digits[:-1]) != digits[-1] or not _is_day(found[2]):
        raise refuse("number", "ACCEPTANCE_NUMBER", "受理号应为 23 位数字，请核对是否有误。")
    return digits


def document_series(authority: str, word: DocumentWord, year: int) -> str:
    """文书号: a series per authority, 字 and year."""
    return f"WS/{authority}/{word}/{year}"


def document_number(authority: str, word: DocumentWord, year: int, serial: int) -> str:
    """`云政服受〔2026〕00042号`; `authority` is the short name of the place (云). Refused: SERIAL_EXHAUSTED."""
    return f"{authority}政服{word}〔{year}〕{_padded(serial, 5, str(word))}号"


def certificate_series(template: str, day: date) -> str:
    """The series of an item's certificates: it begins anew with the day or the year its template has, else never."""
    period = f"/{day:%Y%m%d}" if "{date}" in template else f"/{day:%Y}" if "{year}" in template else ""
    return f"ZZ/{template}{period}"


def certificate_number(template: str, day: date, serial: int) -> str:
    """证照号 by the item's template, `990100{date}{serial:4}`; places are {date}, {year} and once {serial:n}.

    Refused: CERTIFICATE_TEMPLATE, SERIAL_EXHAUSTED.
    """
    names = PLACE.findall(template)
    counters = [name for name in names if re.fullmatch(r"serial:[1-9]", name)]
    bare = PLACE.sub("", template)
    if len(counters) != 1 or set(names) - {"date", "year", *counters} or "{" in bare or "}" in bare:
        raise refuse("template", "CERTIFICATE_TEMPLATE", "证照号模板应含一个 {example}。", example="{serial:4}")
    fills = {"date": f"{day:%Y%m%d}", "year": f"{day:%Y}"}
    fills[counters[0]] = _padded(serial, int(counters[0][-1]), template)
    return PLACE.sub(lambda found: fills[found[1]], template)


def query_code(choose: Callable[[str], str]) -> str:
    """查询码: six characters, each chosen by `choose` (a secure one, `secrets.choice`) from 31 that cannot be mistaken."""
    return "".join(choose(QUERY_ALPHABET) for _ in range(6))


def read_query_code(text: str) -> str:
    """What somebody typed as 查询码. Refused: QUERY_CODE."""
    code = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if len(code) != 6 or not set(code) <= set(QUERY_ALPHABET):
        raise refuse("code", "QUERY_CODE", "查询码应为 6 位，不含 0、1、I、L、O。")
    return code


@dataclass(frozen=True, kw_only=True)
class Void:
    """A number that was spoilt: it stays used, with who and why."""

    serial: int
    by: str
    reason: str


def void(serial: int, *, by: str, reason: str) -> Void:
    """Refused: VOID_WITHOUT_REASON."""
    if not reason.strip():
        raise refuse("reason", "VOID_WITHOUT_REASON", "作废编号应写明理由。")
    return Void(serial=serial, by=by, reason=reason.strip())


def gaps(last: int, used: Collection[int], voids: Collection[Void] = ()) -> tuple[int, ...]:
    """The serials of a series up to its last that are neither used nor void: what the monthly report lists, and what should
    never be there.
    """
    kept = {*used, *(one.serial for one in voids)}
    return tuple(n for n in range(1, last + 1) if n not in kept)


def _padded(serial: int, digits: int, series: str) -> str:
    """A serial never wraps and never grows."""
    if serial < 1:
        raise ValueError("serials are counted from 1")
    if serial >= 10**digits:
        raise Conflict("SERIAL_EXHAUSTED", "编号 {series} 已用尽（{most}）。", series=series, most=10**digits - 1)
    return f"{serial:0{digits}d}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    except ValueError:
        return False
    return True
