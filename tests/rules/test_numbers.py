"""Numbers: check digits, what people type, series, the end of a series, voids and gaps (DOMAIN C.4, D.10)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules import hashes, numbers
from service.rules.numbers import (
    QUERY_ALPHABET,
    DocumentWord,
    acceptance_number,
    certificate_number,
    certificate_series,
    document_number,
    document_series,
    gaps,
    query_code,
    read_acceptance_number,
    read_query_code,
    short,
    shown,
    void,
)
from service.rules.refusals import Refusal
from tests.rules.conftest import VECTORS

DAY = date(2026, 3, 16)


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("number", VECTORS["acceptance_no"])
def test_acceptance_numbers(number):
    day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert acceptance_number(number[:6], day, number[14:17], int(number[17:22])) == number
    assert read_acceptance_number(shown(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "990100-20260316-104-00042-0",
        " 990100 20260316 104 00042 0 ",
        "９９０１００－２０２６０３１６－１０４－０００４２－０",
        "990100–20260316—104‐00042·0",
    ],
)
def test_what_people_type_is_understood(text):
    assert read_acceptance_number(text) == "99010020260316104000420"


@pytest.mark.parametrize(
    "text",
    ["", "990100-20260316-104-00042-1", "9901002026031610400042", "990100-20261316-104-00042-0", "x" * 23, "٩" * 23],
)
def test_what_is_no_number_is_refused(text):
    assert refused(read_acceptance_number, text) == "ACCEPTANCE_NUMBER"


@given(st.integers(1, 99_999), st.integers(0, 22), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(serial, place, off):
    number = acceptance_number("990100", DAY, "104", serial)
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert refused(read_acceptance_number, wrong) == "ACCEPTANCE_NUMBER"


def test_the_last_serial_of_a_day_is_the_last():
    assert acceptance_number("990100", DAY, "104", 99_999)[17:22] == "99999"
    assert refused(acceptance_number, "990100", DAY, "104", 100_000) == "SERIAL_EXHAUSTED"
    assert refused(numbers.BILL.number, DAY, 100_000) == "SERIAL_EXHAUSTED"
    assert refused(document_number, "云", DocumentWord.ACCEPTED, 2026, 100_000) == "SERIAL_EXHAUSTED"
    with pytest.raises(ValueError, match="from 1"):
        acceptance_number("990100", DAY, "104", 0)
    with pytest.raises(ValueError, match="division"):
        acceptance_number("9901000", DAY, "104", 1)


def test_every_kind_of_number_is_written_its_way():
    assert numbers.BILL.number(date(2026, 3, 19), 11) == "SF2026031900011"
    assert numbers.CHAIN.number(date(2026, 3, 2), 3) == "LB202603020003"
    assert numbers.CARD.number(date(2026, 3, 19), 7) == "JC2026031900007"
    assert numbers.AGENCY.number(DAY, 31) == "DB-2026-0031"
    assert numbers.ORDER.number(DAY, 12) == "DBD-2026-0012"
    assert numbers.COMPLAINT.number(DAY, 7) == "TS-2026-0007"
    assert numbers.VISIT.number(DAY, 19) == "HF-202603-0019"
    assert document_number("云", DocumentWord.ACCEPTED, 2026, 42) == "云政服受〔2026〕00042号"
    assert len({document_series("云", word, 2026) for word in DocumentWord}) == 13


def test_a_series_begins_anew_with_its_period():
    assert numbers.BILL.series(DAY) == "SF/20260316" != numbers.BILL.series(date(2026, 3, 17))
    assert numbers.ORDER.series(DAY) == numbers.ORDER.series(date(2026, 12, 31)) == "DBD/2026"
    assert numbers.acceptance_series(DAY, "104") == "SL/20260316/104"
    assert certificate_series("990100{date}{serial:4}", DAY) == "ZZ/990100{date}{serial:4}/20260316"
    assert certificate_series("建{year}-{serial:4}", DAY) == "ZZ/建{year}-{serial:4}/2026"
    assert certificate_series("X{serial:9}", DAY) == "ZZ/X{serial:9}"


def test_certificates_are_numbered_by_the_items_template():
    assert certificate_number("990100{date}{serial:4}", date(2026, 3, 19), 5) == "990100202603190005"
    assert certificate_number("建{year}字第{serial:3}号", DAY, 12) == "建2026字第012号"
    assert refused(certificate_number, "A{serial:2}", DAY, 100) == "SERIAL_EXHAUSTED"
    for template in ("A", "A{serial}", "{serial:2}{serial:2}", "{holder}{serial:4}", "{serial:4", "}{serial:4}"):
        assert refused(certificate_number, template, DAY, 1) == "CERTIFICATE_TEMPLATE"


def test_numbers_are_short_in_messages():
    assert short("99010020260316104000420") == "…0042-0"
    assert short("SJ202603161040051") == "…0051"
    assert shown("SJ202603161040051") == "SJ202603161040051"


def test_a_query_code_cannot_be_misread():
    assert len(QUERY_ALPHABET) == 31 and not set("01ILO") & set(QUERY_ALPHABET)
    code = query_code(secrets.choice)
    assert read_query_code(f" {code[:3].lower()}-{code[3:]} ") == code
    for text in ("", "K7M2Q", "K7M2QO", "K7M2Q1", "K7M2QPP"):
        assert refused(read_query_code, text) == "QUERY_CODE"


def test_a_void_number_stays_used_and_is_no_gap():
    assert refused(void, 3, by="wangfang", reason=" ") == "VOID_WITHOUT_REASON"
    spoilt = void(3, by="wangfang", reason="打印损坏")
    assert gaps(6, {1, 2, 5}, [spoilt]) == (4, 6)
    assert gaps(3, {1, 2}, [spoilt]) == ()


def test_sm3_is_the_standards():
    assert hashes.sm3(b"abc") == hashes.ABC
    assert hashes.sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert hashes.sm3([b"a", b"", b"bc"]) == hashes.ABC
    assert len(hashes.hmac_sm3(b"key", b"abc")) == 64 and hashes.hmac_sm3(b"a", b"") != hashes.hmac_sm3(b"b", b"")


def test_a_machine_without_sm3_says_so(monkeypatch):
    def missing(name, *_):
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", missing)
    assert refused(hashes.sm3, b"abc") == "SM3_MISSING"
