"""One request: no redirect, no drip, no flood, TLS that is checked, errors told apart."""

from __future__ import annotations

import ssl
import time
from datetime import timedelta

import pytest

from service.connectors import http_exchange
from service.connectors.http_exchange import HttpExchange, Place, read_url
from service.rules.refusals import Invalid
from tests.connectors.conftest import LOOPBACK, free_port, trouble
from tests.connectors.gateway import Gateway, drip


@pytest.fixture
def gateway():
    one = Gateway()
    yield one
    one.close()


def exchange(port, *, host="127.0.0.1", secure=False, timeout=2.0, trust=None):
    return HttpExchange(Place(secure, host, port, "/api"), LOOPBACK, timeout=timeout, trust=trust)


def asking(port, **more):
    return trouble(exchange(port, **more).call, "GET", "/api/x", headers={})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(gateway, status):
    gateway.answers.append((status, {"Location": f"http://127.0.0.1:{gateway.port}/other"}, {}))
    found = asking(gateway.port)
    assert (found.code, found.retryable, len(gateway.requests)) == (f"HTTP_{status}", True, 1)


@pytest.mark.parametrize("status", [400, 404, 409, 410, 413, 422])
def test_what_the_other_side_will_never_take_is_final(gateway, status):
    gateway.answers.append((status, {}, {"code": "NUMBER_BLOCKED"}))
    found = asking(gateway.port)
    assert (found.code, found.detail, found.retryable) == (f"HTTP_{status}", "NUMBER_BLOCKED", False)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 408, 415, 425, 429, 500, 502, 503, 504])
def test_what_may_work_later_is_tried_again(gateway, status):
    gateway.answers.append((status, {}, b"<html>"))
    found = asking(gateway.port)
    assert (found.code, found.retryable, found.wait) == (f"HTTP_{status}", True, None)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999", timedelta(hours=1)),
        ("0", None),
        ("soon", None),
        ("-5", None),
        ("9" * 9, None),
    ],
)
def test_the_other_side_may_ask_to_wait(gateway, asked, wait):
    gateway.answers.append((429, {"Retry-After": asked}, {}))
    assert asking(gateway.port).wait == wait


def test_an_answer_that_drips_ends_in_time(mute):
    server = mute(lambda line: (line.recv(4096), drip(line, b"HTTP/1.1 200 OK\r\n"[:1])))
    begun = time.monotonic()
    assert asking(server.port, timeout=0.3).code == "TIMED_OUT"
    assert time.monotonic() - begun < 2


def test_a_body_that_drips_or_ends_early_is_no_answer(mute):
    def drips(line):
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        drip(line, b"{}")

    assert asking(mute(drips).port, timeout=0.3).code == "TIMED_OUT"

    def ends(line):
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")
        line.close()

    assert asking(mute(ends).port).code == "UNREACHABLE"


def test_silence_ends_in_time(mute):
    assert asking(mute(lambda line: None).port, timeout=0.2).code == "TIMED_OUT"


def test_garbage_and_nobody_are_trouble_worth_another_try(mute):
    found = asking(mute(lambda line: (line.recv(4096), line.sendall(b"SSH-2.0\r\n\r\n"), line.close())).port)
    assert (found.code, found.retryable) == ("UNREACHABLE", True)
    assert asking(free_port()).code == "UNREACHABLE"


def test_a_flood_is_refused(gateway, monkeypatch):
    monkeypatch.setattr(http_exchange, "LARGEST_ANSWER", 1000)
    gateway.answers.append((200, {}, b"x" * 1001))
    assert asking(gateway.port).code == "ANSWER_TOO_LARGE"


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_no_answer(gateway, body):
    gateway.answers.append((200, {}, body))
    answer = exchange(gateway.port).call("GET", "/api/x", headers={})
    assert trouble(answer.data).code == "ANSWER_UNREADABLE"


def test_tls_is_checked(serving, trusting):
    one = Gateway(serving)
    try:
        assert (
            exchange(one.port, host="localhost", secure=True, trust=trusting).call("GET", "/x", headers={}).status
            == 200
        )
        found = asking(one.port, host="localhost", secure=True)
        assert (found.code, found.retryable) == ("TLS_FAILED", True)
        assert asking(one.port, host="127.0.0.1", secure=True, trust=trusting).code == "TLS_FAILED"
    finally:
        one.close()


def test_a_handshake_that_drips_ends_in_time(mute, trusting):
    server = mute(lambda line: drip(line, b"\x16\x03\x03\x40\x00" + b"\0" * 4, every=0.05))
    begun = time.monotonic()
    found = asking(server.port, host="localhost", secure=True, timeout=0.3, trust=trusting)
    assert found.code in ("TIMED_OUT", "UNREACHABLE") and time.monotonic() - begun < 2


def test_a_proxy_of_the_environment_is_not_used(gateway, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert exchange(gateway.port).call("GET", "/api/x", headers={}).status == 200


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gateway.example",
        "ftp://gateway.example",
        "https://",
        "https://user@gateway.example",
        "https://user:pw@gateway.example",
        "https://gateway.example/?a=1",
        "https://gateway.example/#x",
        "https://gateway.example:99999",
        "https://gate way.example",
        "https://gateway.example/\r\nHost: x",
        "file:///etc/passwd",
    ],
)
def test_a_url_that_is_no_plain_base_is_refused(url):
    with pytest.raises(Invalid) as caught:
        read_url("LIANBAN_SMS_URL", url)
    assert caught.value.params["name"] == "LIANBAN_SMS_URL" and "pw" not in caught.value.sentence()


def test_a_url_is_taken_apart():
    assert read_url("X", "https://gw.example/sms/v1/") == Place(True, "gw.example", 443, "/sms/v1")
    assert read_url("X", "http://10.20.1.5:8080") == Place(False, "10.20.1.5", 8080, "")


def test_certificates_are_checked_by_default():
    trust = exchange(1)._trust
    assert trust.verify_mode is ssl.CERT_REQUIRED and trust.check_hostname
