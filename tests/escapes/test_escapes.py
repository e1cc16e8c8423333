"""A list of ways out, written by us, all of which lead nowhere: docs/security/uploads.md says how each is closed."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = ("expressions", "diagrams", "runs", "templates", "parcels")


@pytest.fixture(scope="module")
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port on this machine, and whoever called it."""
    called: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    called.append(caller.recv(200))

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], called
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_gets_out(family, tmp_path, sqlite_template, listening):
    port, called = listening
    (tmp_path / "secret").write_text("SECRET-5f2c-OF-THE-MACHINE")
    (tmp_path / "port").write_text(str(port))
    shutil.copyfile(sqlite_template, tmp_path / "template.db")
    command = [sys.executable, "-m", "tests.escapes.trying", family, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    module = import_module(f"tests.escapes.{family}")
    assert [one["name"] for one in found] == list(module.CASES), done.stderr[-2000:]
    seconds, megabytes = getattr(module, "BOUNDS", (1.0, 64.0))
    wrong = {
        one["name"]: one
        for one in found
        if one["fault"] or one["outward"] or one["seconds"] >= seconds or one["megabytes"] >= megabytes
    }
    assert wrong == {}
    expected = getattr(module, "REFUSED", None)
    if expected is not None:
        assert {one["name"]: one["code"] for one in found if one["name"] in expected} == expected
    assert not (tmp_path / "dropped").exists()
    assert called == []


def test_the_list_is_long_enough():
    assert sum(len(import_module(f"tests.escapes.{one}").CASES) for one in FAMILIES) >= 350
