"""docs/connectors.md is what others build against: its examples are true, its variables are those that are read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.connectors import choosing
from service.connectors.payment import notice_of
from service.connectors.signing import canonical
from service.rules.payments import PaymentChannel
from service.rules.reconciling import read_channel_file
from tests.connectors.gateway import signature

PAGE = (Path(__file__).resolve().parents[2] / "docs/connectors.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)\n```", PAGE, flags=re.S)
JSON = [text for kind, text in BLOCKS if kind == "json"]


def test_the_example_of_a_signature_is_right():
    body = JSON[0].encode()
    (text,) = [text for kind, text in BLOCKS if kind == "" and text.startswith("LIANBAN1")]
    stamp, nonce = text.splitlines()[3:5]
    assert canonical("POST", "/v1/messages", stamp, nonce, body) == text.encode()
    for digest in ("sha256", "sm3"):
        assert f"`{signature('POST', '/v1/messages', stamp, nonce, body, b'0123456789abcdef', digest)}`" in PAGE


def test_the_example_of_a_notice_is_one():
    (notice,) = [one for one in map(json.loads, JSON) if "transaction" in one]
    assert notice_of(notice).bill == "SF2026031900011"
    assert all(channel in PAGE for channel in PaymentChannel)


def test_the_example_of_a_file_is_one():
    (text,) = [text for kind, text in BLOCKS if kind == "csv"]
    assert len(read_channel_file(text)) == 2


@pytest.mark.parametrize(
    "name",
    sorted(set(re.findall(r'"((?:CONNECTOR|SMTP|SMS|SMPP|PAYMENT)_[A-Z_]+)"', Path(choosing.__file__).read_text()))),
)
def test_every_variable_is_listed(name):
    assert f"`LIANBAN_{name}`" in PAGE
