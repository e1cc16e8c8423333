"""`lianban serve` and `lianban worker` as an operator meets them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.campaigns.client import Client
from scripts.campaigns.served import Served

pytestmark = pytest.mark.slow
LIANBAN = Path(sys.executable).with_name("lianban")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The demo city on a port of its own."""
    with Served(tmp_path / "data") as served:
        yield served


def run(served: Served, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command on the same installation."""
    environment = served.environment | variables
    return subprocess.run([LIANBAN, *words], env=environment, capture_output=True, text=True, timeout=60)


def test_it_tells_address_and_accounts_answers_and_stops_cleanly(served: Served) -> None:
    told = served.log.read_text()
    assert f"http://127.0.0.1:{served.port}" in told and "Yunxi-2026!" in told and "zhangwei" in told
    with Client(served.port) as client:
        assert client.call("GET", "/healthz")[0] == 200
        assert client.ask("GET", "/engine-rest/version")["version"]
        keys = {one["key"] for one in client.ask("GET", "/engine-rest/process-definition?latestVersion=true")}
    assert {"chain_JS_35", "linear"} <= keys
    assert served.stop() == 0
    assert "已停止" in served.log.read_text()


def test_a_second_start_changes_nothing_and_is_ready_soon(served: Served) -> None:
    served.stop()
    served.start()
    assert served.cpu() < 30  # of processor time; 5 s on a quiet machine, measured by scripts/bench
    assert "没有变化" in served.log.read_text()
    with Client(served.port) as client:
        versions = {one["version"] for one in client.ask("GET", "/engine-rest/process-definition")}
    assert versions == {1}


def test_demo_accounts_are_refused_outside_demo_mode(served: Served) -> None:
    served.stop()
    refused = run(served, "serve", "--no-demo", "--port", "0")
    assert refused.returncode == 1 and "DEMO_ACCOUNTS_PRESENT" in refused.stderr
    assert run(served, "worker", LIANBAN_DEMO="0").returncode == 1


def test_the_clock_can_be_moved_in_demo_mode_only(served: Served, tmp_path: Path) -> None:
    with Client(served.port) as client:
        assert client.call("GET", "/api/v1/demo/clock")[0] == 200
    with Served(tmp_path / "plain", environment={"LIANBAN_DEMO": "0"}) as plain, Client(plain.port) as client:
        assert client.call("GET", "/api/v1/demo/clock")[0] in (401, 404)
        assert client.call("GET", "/engine-rest/task")[0] == 401


def test_a_worker_alone_makes_timers_fire_and_stops_on_sigterm(served: Served) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):  # at once: the signal comes before the first wait
        with subprocess.Popen([LIANBAN, "worker"], env=served.environment, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            try:
                assert "已启动" in worker.stdout.readline()
                os.kill(worker.pid, number)
                assert worker.wait(60) == 0
            finally:
                worker.kill()
