"""clamd is asked piece by piece; whatever it does, a file is clean only when it says so."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from service.connectors.environment import Given
from service.connectors.virus_scanner import Scanner, scanner_from
from service.rules.refusals import Invalid
from tests.connectors.clamd import EICAR, Clamd
from tests.connectors.conftest import LOOPBACK, free_port, trouble


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path) -> Iterator[Clamd]:
    server = Clamd(str(tmp_path / "clamd.ctl") if request.param == "unix" else None)
    yield server
    server.close()


def scanner(url: str, **more: str) -> Scanner:
    given = {"LIANBAN_CLAMD_URL": url, "LIANBAN_CLAMD_TIMEOUT": "1", **more}
    found = scanner_from(Given(given), LOOPBACK)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("mood", "code"),
    [("hang up", "UNREACHABLE ANSWER_UNREADABLE SCAN_REFUSED"), ("mute", "TIMED_OUT"), ("nonsense", "ANSWER_UNREADABLE"), ("error", "ANSWER_UNREADABLE")],
)  # fmt: skip
def test_a_scanner_in_trouble_never_means_clean(clamd, mood, code):
    clamd.mood = mood
    caught = trouble(scanner(clamd.url).scan, io.BytesIO(b"x" * 300_000))
    assert caught.code in code.split() and caught.retryable


def test_a_file_too_large_for_the_scanner_is_trouble(clamd):
    clamd.limit = 1000
    assert trouble(scanner(clamd.url).scan, io.BytesIO(bytes(5_000_000))).code in ("SCAN_REFUSED", "UNREACHABLE")


def test_a_scanner_that_is_not_there_is_trouble():
    assert trouble(scanner(f"tcp://127.0.0.1:{free_port()}").scan, io.BytesIO(b"x")).code == "UNREACHABLE"
    assert trouble(scanner("unix:///nowhere/clamd.ctl").scan, io.BytesIO(b"x")).code == "UNREACHABLE"


@pytest.mark.parametrize(
    "url", ["http://host", "tcp://", "tcp://host/path", "unix://relative", "clamd", "tcp://h:99999"]
)
def test_an_address_that_cannot_be_right_is_refused_by_name(url):
    with pytest.raises(Invalid) as refused:
        scanner_from(Given({"LIANBAN_CLAMD_URL": url}), LOOPBACK)
    assert refused.value.params["name"] == "LIANBAN_CLAMD_URL"


def test_without_an_address_there_is_no_scanner():
    assert scanner_from(Given({}), LOOPBACK) is None


def test_a_virus_is_named_and_a_clean_file_is_clean(clamd):
    asked = scanner(clamd.url)
    assert asked.scan(io.BytesIO(b"A" * 100_000 + EICAR)).signature == "Eicar-Test-Signature"
    assert asked.scan(io.BytesIO(bytes(1_000_000))).clean
    assert asked.scan(io.BytesIO(b"")).clean
    assert clamd.seen == [100_000 + len(EICAR), 1_000_000, 0]
