"""Signatures: any change of any part is refused, old requests too, keys can be changed while in use."""

from __future__ import annotations

import dataclasses

import pytest

from service.connectors.signing import SignedRequest, Signer
from service.rules.refusals import Forbidden
from tests.connectors.conftest import SECRET
from tests.connectors.gateway import signature

PATH, BODY = "/callbacks/payment?from=gw", '{"备注":"𠮷"}'.encode()


@pytest.fixture
def signer(clock):
    return Signer(key="k1", secret=SECRET, clock=clock)


def signed(signer, **changes) -> SignedRequest:
    one = SignedRequest(method="POST", path=PATH, headers=signer.headers("POST", PATH, BODY), body=BODY)
    return dataclasses.replace(one, **changes)


def refused(signer, request) -> None:
    with pytest.raises(Forbidden) as caught:
        signer.verify(request)
    assert caught.value.code == "SIGNATURE_INVALID"


def test_the_signature_is_the_one_of_the_contract(signer):
    headers = signer.headers("post", PATH, BODY)
    assert headers["Lianban-Timestamp"] == "1773885600"
    again = signature("POST", PATH, headers["Lianban-Timestamp"], headers["Lianban-Nonce"], BODY)
    assert headers["Lianban-Signature"] == again


def test_any_other_request_is_refused(signer):
    good = signed(signer)
    for changed in ({"body": BODY + b" "}, {"method": "PUT"}, {"path": "/callbacks/payment"}, {"headers": {}}):
        refused(signer, signed(signer, **changed))
    for name in good.headers:
        without = {key: value for key, value in good.headers.items() if key != name}
        refused(signer, signed(signer, headers=without))
        for value in ("", "x", good.headers[name] + "0", good.headers[name][:-1], "é", "\udc80"):
            refused(signer, signed(signer, headers={**good.headers, name: value}))


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
def test_an_old_or_early_request_is_refused(signer, clock, seconds):
    good = signed(signer)
    clock.turn(seconds=seconds)
    refused(signer, good)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299])
def test_clocks_may_differ_by_five_minutes(signer, clock, seconds):
    good = signed(signer)
    clock.turn(seconds=seconds)
    assert signer.verify(good).key == "k1"


def test_a_request_is_remembered_as_long_as_it_would_pass(signer, clock):
    good = signed(signer)
    seen = signer.verify(good)
    assert seen.nonce == good.headers["Lianban-Nonce"]
    clock.turn(seconds=int((seen.until - clock.now).total_seconds()) + 1)
    refused(signer, good)
    assert signer.verify(signed(signer)).nonce != seen.nonce


def test_an_older_key_is_accepted_while_it_is_in_use(clock):
    old = Signer(key="k1", secret=SECRET, clock=clock)
    new = Signer(key="k2", secret=b"another secret of at least 16", clock=clock, older={"k1": SECRET})
    assert new.verify(signed(old)).key == "k1"
    refused(old, signed(new))
    refused(Signer(key="k2", secret=new.secret, clock=clock), signed(old))
    stranger = Signer(key="k9", secret=new.secret, clock=clock)
    refused(new, signed(stranger))


def test_sm3_can_be_agreed_on(clock):
    signer = Signer(key="k1", secret=SECRET, clock=clock, algorithm="sm3")
    headers = signer.headers("POST", PATH, BODY)
    stamp, nonce = headers["Lianban-Timestamp"], headers["Lianban-Nonce"]
    assert headers["Lianban-Signature"] == signature("POST", PATH, stamp, nonce, BODY, digest="sm3")
    assert signer.verify(signed(signer))
    refused(Signer(key="k1", secret=SECRET, clock=clock), signed(signer))


@pytest.mark.parametrize("wrong", [{"key": ""}, {"secret": b"short"}, {"algorithm": "md5"}])
def test_a_weak_signer_is_not_made(clock, wrong):
    with pytest.raises(ValueError, match="expected"):
        Signer(**{"key": "k1", "secret": SECRET, "clock": clock} | wrong)


def test_a_secret_is_never_printed(signer):
    assert SECRET.decode() not in repr(Signer(key="k", secret=SECRET, clock=signer.clock, older={"o": SECRET}))


def test_names_of_headers_have_any_case(signer):
    good = signed(signer)
    assert signer.verify(dataclasses.replace(good, headers={k.upper(): v for k, v in good.headers.items()}))
