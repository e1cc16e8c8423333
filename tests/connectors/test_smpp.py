"""SMS straight to an operator, against an SMPP server written from the specification."""

from __future__ import annotations

import ipaddress
import struct
import time
from datetime import timedelta

import pytest

from service.connectors.addresses import AddressGuard
from service.connectors.smpp import SmppAccount, SmppConnector
from service.rules.message_texts import PLACES, TEMPLATES
from service.rules.messages import places, write
from service.rules.sending import Report
from tests.connectors import smsc as other
from tests.connectors.conftest import ID, LOOPBACK, free_port, message, trouble
from tests.connectors.smsc import DELIVER, ENQUIRE, RESPONSE, SUBMIT, UNBIND, Smsc, delivery, extra, pdu, receipt

NACK = 0x80000000


@pytest.fixture
def smsc():
    one = Smsc()
    yield one
    one.close()


@pytest.fixture
def open_connector():
    """Connectors to a port, closed at the end; `reports` is what they were told."""
    opened = []

    def start(port, *, on_report=None, guard=LOOPBACK, trust=None, **more):
        account = {
            "host": "localhost",
            "port": port,
            "system_id": "lianban",
            "password": "secret",
            "source": "10690000",
            "timeout": 2.0,
            "rate": 1000.0,
        }
        reports: list = []
        one = SmppConnector(SmppAccount(**account | more), guard, on_report or reports.append, trust=trust)
        opened.append(one)
        return one, reports

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def bound(smsc, open_connector):
    """A connector that is connected, its reports, and the server."""
    one, reports = open_connector(smsc.port)
    one.tend()
    return one, reports, smsc


def test_an_internal_operator_nobody_named_is_not_called(smsc, open_connector):
    one, _ = open_connector(smsc.port, guard=AddressGuard([ipaddress.ip_network("10.0.0.0/8")]))
    assert trouble(one.send, message()).code == "ADDRESS_REFUSED"
    assert smsc.binds == []


def test_a_wrong_password_is_not_the_messages_fault(smsc, open_connector):
    one, _ = open_connector(smsc.port, password="wrong")
    found = trouble(one.send, message())
    assert (found.code, found.retryable, found.detail) == ("BIND_REFUSED", True, "status 0xe")
    assert "wrong" not in repr(SmppAccount(host="h", port=1, system_id="s", source="1", password="wrong"))


@pytest.mark.parametrize("to", ["", "0371-60000000", "12345", "+1 555 0100"])
def test_a_number_that_is_no_mobile_is_final(open_connector, to):
    found = trouble(open_connector(free_port())[0].send, message(to))
    assert (found.code, found.retryable) == ("ADDRESS_INVALID", False)


@pytest.mark.parametrize(
    ("status", "retryable", "wait"),
    [
        (0x58, True, timedelta(minutes=1)),
        (0x14, True, timedelta(minutes=1)),
        (0x08, True, None),
        (0x45, True, None),
        (0x64, True, None),
        (0x0B, False, None),
        (0x01, False, None),
        (0x65, False, None),
    ],
)
def test_refusals_of_a_moment_and_for_good(bound, status, retryable, wait):
    one, _, smsc = bound
    smsc.status.append(status)
    found = trouble(one.send, message())
    assert (found.code, found.retryable, found.wait) == (f"SMPP_{status:#x}", retryable, wait)
    assert one.send(message()).reference == "id-1"  # the connection is still good


def test_a_generic_nack_is_an_answer(bound):
    one, _, smsc = bound
    smsc.silent.add(SUBMIT)
    smsc.before_answer.append(pdu(NACK, 2, status=0x02))
    assert trouble(one.send, message()).code == "SMPP_0x2"


def test_an_operator_that_does_not_answer_is_left_in_time(bound, open_connector):
    one, _, smsc = bound
    slow, _ = open_connector(smsc.port, timeout=0.3)
    slow.tend()
    smsc.silent.add(SUBMIT)
    begun = time.monotonic()
    found = trouble(slow.send, message())
    assert (found.code, found.retryable) == ("TIMED_OUT", True) and time.monotonic() - begun < 2
    smsc.silent.clear()
    assert slow.send(message()).report is Report.ACCEPTED
    assert len(smsc.binds) == 3  # the one given up was opened anew


@pytest.mark.parametrize(
    "garbage",
    [
        struct.pack(">IIII", 15, SUBMIT | RESPONSE, 0, 2),
        struct.pack(">IIII", 2**31, SUBMIT | RESPONSE, 0, 2),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_bytes_that_are_no_smpp_end_the_connection(bound, garbage):
    one, _, smsc = bound
    smsc.before_answer.append(garbage)
    found = trouble(one.send, message())
    assert (found.code, found.retryable) == ("UNREACHABLE", True)
    assert one.send(message()).report is Report.ACCEPTED


def test_nobody_there(open_connector):
    found = trouble(open_connector(free_port())[0].send, message())
    assert (found.code, found.retryable) == ("UNREACHABLE", True)


def test_an_operator_may_end_the_connection(bound):
    one, _, smsc = bound
    smsc.before_answer.append(pdu(UNBIND, 77))
    found = trouble(one.send, message())
    assert (found.code, found.retryable) == ("UNBOUND", True)
    assert (UNBIND | RESPONSE, 0, 77, b"") in smsc.answered(1)
    one.tend()
    assert len(smsc.binds) == 2


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_is_one_part_as_written(bound, code):
    one, _, smsc = bound
    text = write(code, {name: PLACES[name].longest for name in places(TEMPLATES[code].text)}).text
    found = one.send(message(text=text))
    (sent,) = smsc.submitted
    assert (sent.text, sent.header, found.reference) == (text, b"", "id-1")
    assert (sent.target, sent.ton, sent.npi, sent.source) == ("8613800138000", 1, 1, "10690000")
    assert (sent.coding, sent.receipt, sent.validity) == (8, 1, "000001000000000R")
    assert sent.rest == struct.pack(">HHH", 0x0204, 2, ID.int & 0xFFFF)


def test_binding_says_who_we_are(smsc, open_connector):
    one, _ = open_connector(smsc.port, system_type="GOV")
    one.tend()
    assert smsc.binds == [("lianban", "secret", "GOV", 0x34)]


def test_a_long_text_is_joined_again_and_no_character_is_torn(bound):
    one, _, smsc = bound
    text = "𠮷" * 33 + "一" + "𠮷䶮" * 30
    found = one.send(message(text=text))
    assert "".join(part.text for part in smsc.submitted) == text
    heads = [part.header for part in smsc.submitted]
    assert [head[:3] + head[4:] for head in heads] == [bytes((5, 0, 3, len(heads), n + 1)) for n in range(len(heads))]
    assert {head[3] for head in heads} == {ID.int & 0xFF} and len(heads) == 3
    assert all(len(part.raw) <= 140 for part in smsc.submitted)
    assert [part.receipt for part in smsc.submitted] == [0, 0, 1] and found.reference == "id-3"


def test_seventy_characters_are_one_part_and_seventy_one_are_two(bound):
    one, _, smsc = bound
    one.send(message(text="一" * 70))
    assert len(smsc.submitted) == 1
    one.send(message(text="一" * 71))
    assert [len(part.text) for part in smsc.submitted[1:]] == [67, 4]
    assert trouble(one.send, message(text="一" * 671)).code == "TEXT_TOO_LONG"


@pytest.mark.parametrize(
    ("stat", "report"),
    [
        ("DELIVRD", Report.DELIVERED),
        ("UNDELIV", Report.REFUSED),
        ("EXPIRED", Report.REFUSED),
        ("REJECTD", Report.REFUSED),
        ("DELETED", Report.REFUSED),
    ],
)
def test_a_receipt_is_kept_and_acknowledged(bound, stat, report):
    one, reports, smsc = bound
    smsc.push(delivery(9, receipt("id-1", stat)))
    _wait(one, lambda: reports)
    assert [(found.reference, found.report, found.detail) for found in reports] == [("id-1", report, stat)]
    assert smsc.answered(1) == [(DELIVER | RESPONSE, 0, 9, b"\0")]


@pytest.mark.parametrize("number", [2, 3, 4, 5, 8])
def test_a_receipt_may_tell_by_parameters(bound, number):
    one, reports, smsc = bound
    smsc.push(delivery(9, b"", extras=extra(0x001E, b"hex-7\0") + extra(0x0427, bytes((number,)))))
    _wait(one, lambda: reports)
    assert reports[0].reference == "hex-7"
    assert (reports[0].report is Report.DELIVERED) is (number == 2)


def test_receipts_that_come_while_a_message_waits_are_not_lost(bound):
    one, reports, smsc = bound
    for n in range(5):
        smsc.before_answer.append(delivery(100 + n, receipt(f"id-{n}")))
        smsc.before_answer.append(pdu(ENQUIRE, 200 + n))
    assert one.send(message()).reference == "id-1"
    assert [found.reference for found in reports] == [f"id-{n}" for n in range(5)]
    assert sorted(sequence for _, _, sequence, _ in smsc.answered(10)) == [*range(100, 105), *range(200, 205)]


def test_a_receipt_that_could_not_be_kept_comes_again(smsc, open_connector):
    kept: list = []

    def keep(report):
        if not kept:
            kept.append(None)
            raise OSError("the database is away")
        kept.append(report.reference)

    one, _ = open_connector(smsc.port, on_report=keep)
    one.tend()
    smsc.push(delivery(1, receipt("id-1")))
    _wait(one, lambda: smsc.answers)
    smsc.push(delivery(2, receipt("id-1")))
    _wait(one, lambda: len(smsc.answers) == 2)
    assert [status for _, status, _, _ in smsc.answers] == [0x64, 0]
    assert kept == [None, "id-1"]


@pytest.mark.parametrize(
    "pushed",
    [
        delivery(1, receipt("id-1", "ACCEPTD")),
        delivery(1, receipt("id-1", "ENROUTE")),
        delivery(1, b"what is this"),
        delivery(1, receipt("id-1"), esm_class=0x20),
    ],
)
def test_what_says_nothing_final_is_acknowledged_and_forgotten(bound, pushed):
    one, reports, smsc = bound
    smsc.push(pushed)
    _wait(one, lambda: smsc.answers)
    assert (smsc.answers[0][1], reports) == (0, [])


@pytest.mark.parametrize("pushed", [delivery(1, b"5", esm_class=0), pdu(DELIVER, 1, b"\0\1"), pdu(DELIVER, 1)])
def test_telephones_messages_and_torn_ones_are_not_taken(bound, pushed):
    one, reports, smsc = bound
    smsc.push(pushed)
    _wait(one, lambda: smsc.answers)
    assert (smsc.answers[0][:2], reports) == ((DELIVER | RESPONSE, 0x66), [])


def test_what_is_not_understood_is_said_to_be(bound):
    one, _, smsc = bound
    smsc.push(pdu(0x00000103, 5, b"data_sm"))
    _wait(one, lambda: smsc.answers)
    assert smsc.answers == [(NACK, 3, 5, b"")]


def test_a_silence_is_questioned(smsc, open_connector):
    one, _ = open_connector(smsc.port, idle=0.05, timeout=0.3)
    one.tend()
    assert smsc.enquiries == 0
    time.sleep(0.06)
    one.tend()
    assert smsc.enquiries == 1
    one.tend()
    assert smsc.enquiries == 1
    smsc.silent.add(ENQUIRE)
    time.sleep(0.06)
    assert trouble(one.tend).code == "TIMED_OUT"
    one.tend()
    assert len(smsc.binds) == 2


def test_a_connection_that_broke_is_noticed_before_the_next_message(bound):
    one, _, smsc = bound
    for line in smsc.lines:
        line.shutdown(2)
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline and len(smsc.binds) < 2:
        try:
            one.tend()
        except Exception as found:
            assert getattr(found, "code", "") == "UNREACHABLE"
    assert one.send(message()).report is Report.ACCEPTED and len(smsc.binds) == 2


def test_no_more_parts_a_second_than_agreed(smsc, open_connector):
    one, _ = open_connector(smsc.port, rate=20.0)
    one.tend()
    begun = time.monotonic()
    for _ in range(5):
        one.send(message())
    assert time.monotonic() - begun >= 0.19


def test_it_says_good_bye(smsc, open_connector):
    one, _ = open_connector(smsc.port)
    one.close()
    one.tend()
    one.close()
    one.close()
    assert smsc.unbinds == 1


def test_over_tls(serving, trusting, open_connector):
    smsc = Smsc(tls=serving)
    try:
        one, reports = open_connector(smsc.port, secure=True, trust=trusting)
        assert one.send(message()).report is Report.ACCEPTED
        smsc.push(delivery(1, receipt("id-1")) + delivery(2, receipt("id-2")))
        _wait(one, lambda: len(reports) == 2)
        distrustful, _ = open_connector(smsc.port, secure=True)
        found = trouble(distrustful.send, message())
        assert (found.code, found.retryable) == ("TLS_FAILED", True)
    finally:
        smsc.close()


def test_many_threads_send_one_after_the_other(bound):
    from concurrent.futures import ThreadPoolExecutor

    one, _, smsc = bound
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: one.send(message()).reference, range(80)))
    assert sorted(found) == sorted(f"id-{n}" for n in range(1, 81)) and len(smsc.binds) == 1


def _wait(one: SmppConnector, until) -> None:
    deadline = time.monotonic() + 5
    while not until():
        assert time.monotonic() < deadline
        one.tend()
        time.sleep(0.005)
    with other.suppress(Exception):
        one.tend()
