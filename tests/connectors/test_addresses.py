"""Connectors reach public addresses and named networks, nothing else."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from service.connectors.addresses import AddressGuard
from service.rules.refusals import Invalid
from tests.connectors.conftest import LOOPBACK, free_port, trouble

INSIDE = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255
:: ::1 fc00::1 fe80::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254
2002:7f00:1:: 2002:a00:1:: 2001:db8::1
""".split()


@pytest.mark.parametrize("text", INSIDE)
def test_an_internal_address_is_refused_however_it_is_written(text):
    assert not AddressGuard().allows(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::8.8.8.8"])
def test_a_public_address_is_allowed(text):
    assert AddressGuard().allows(ipaddress.ip_address(text))


def test_a_named_network_is_allowed_and_only_that():
    guard = AddressGuard.reading("10.20.0.0/16, ::1/128")
    for text, allowed in (("10.20.3.4", True), ("10.21.0.1", False), ("::1", True), ("127.0.0.1", False)):
        assert guard.allows(ipaddress.ip_address(text)) is allowed
    assert guard.allows(ipaddress.ip_address("::ffff:10.20.0.1"))


def test_a_list_of_networks_that_cannot_be_read_is_refused():
    with pytest.raises(Invalid) as caught:
        AddressGuard.reading("10.20.0.1/16")
    assert (caught.value.code, caught.value.params["name"]) == ("SETTING_INVALID", "LIANBAN_CONNECTOR_NETWORKS")


def test_a_name_that_means_an_internal_address_is_refused_before_connecting():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = trouble(AddressGuard().connect, "localhost", listener.getsockname()[1], timeout=2)
        assert (found.code, found.retryable) == ("ADDRESS_REFUSED", False)
        listener.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_judged_address_is_the_one_connected_to(monkeypatch):
    """A name that changes its mind after the question (DNS rebinding) changes nothing."""
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with LOOPBACK.connect("gateway.example", listener.getsockname()[1], timeout=2) as line:
            assert line.getpeername()[0] == "127.0.0.1"
    assert asked == ["gateway.example"]


def test_the_next_address_is_tried_when_one_does_not_answer(monkeypatch):
    def resolve(host, port, **_):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ("10.0.0.1", "127.0.0.2", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with LOOPBACK.connect("gateway.example", listener.getsockname()[1], timeout=2) as line:
            assert line.getpeername()[0] == "127.0.0.1"


def test_who_is_not_there_may_be_later():
    found = trouble(LOOPBACK.connect, "127.0.0.1", free_port(), timeout=2)
    assert (found.code, found.retryable) == ("UNREACHABLE", True)
    for name in ("nowhere.invalid", "a" * 70 + ".example"):
        found = trouble(LOOPBACK.connect, name, 80, timeout=2)
        assert (found.code, found.retryable) == ("NAME_UNKNOWN", True)
