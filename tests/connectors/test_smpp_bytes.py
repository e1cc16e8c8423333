"""SMPP bytes: whatever comes is read or refused, texts are whole again after joining."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.connectors.outgoing import ConnectorTrouble
from service.connectors.smpp.pdus import Delivery, Malformed, c_string, read_c_string, read_delivery, read_header
from service.connectors.smpp.texts import parts_of, read_receipt
from service.rules.sending import Report


@given(st.binary(max_size=200))
def test_any_bytes_are_a_delivery_or_malformed(body):
    try:
        found = read_delivery(body)
    except Malformed:
        return
    read_receipt(found)


@given(st.binary(min_size=16, max_size=16))
def test_any_header_is_read_or_malformed(header):
    try:
        more, *_ = read_header(header)
    except Malformed:
        return
    assert 0 <= more <= 65_520


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400), st.integers(0, 0xFFFF))
def test_parts_joined_are_the_text(text, reference):
    try:
        found = parts_of(text, reference)
    except ConnectorTrouble as trouble:
        assert trouble.code == "TEXT_TOO_LONG" and len(text.encode("utf-16-be")) > 1300
        return
    assert all(len(part) <= 140 for part in found)
    if len(found) == 1:
        assert found[0].decode("utf-16-be") == text
    else:
        assert "".join(part[6:].decode("utf-16-be") for part in found) == text
        assert [part[5] for part in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"id:1a2B sub:001 dlvrd:001 submit date:1 done date:2 stat:DELIVRD err:000 text:", ("1a2B", Report.DELIVERED)),
        (b"ID:42 STAT:UNDELIV ERR:27", ("42", Report.REFUSED)),
        (b"id: 42 sub:000\nstat: EXPIRED", ("42", Report.REFUSED)),
    ],
)
def test_receipts_of_several_operators(text, expected):
    found = read_receipt(Delivery(esm_class=4, text=text))
    assert (found.reference, found.report) == expected


def test_a_payload_takes_the_place_of_the_text():
    body = b"\0" + b"\1\1" + b"1\0" + b"\0\1" + b"2\0" + bytes((4, 0, 0)) + b"\0\0" + bytes(5)
    payload = b"id:7 stat:DELIVRD"
    found = read_delivery(body + b"\x04\x24" + len(payload).to_bytes(2, "big") + payload)
    assert read_receipt(found).reference == "7"


@pytest.mark.parametrize("text", ["九", "a" * 9, "a\0b"])
def test_a_text_that_the_protocol_cannot_carry_is_a_mistake(text):
    with pytest.raises(ValueError):
        c_string(text, 8)
    assert read_c_string(c_string("abc", 8), 0) == ("abc", 4)
