"""The command line tells refusals and faults in one line and honours the LIANBAN_* variables."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LIANBAN = Path(sys.executable).with_name("lianban")


@pytest.fixture
def lianban(tmp_path: Path):
    """Run the command in an installation of its own."""

    def run(*words: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIANBAN_")}
        return subprocess.run(
            [LIANBAN, *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            env={**environment, "LIANBAN_DATA_DIR": str(tmp_path), **variables},
        )

    return run


def test_a_bad_variable_is_told_in_one_line(lianban) -> None:
    done = lianban("db", "upgrade", LIANBAN_PORT="many")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "SETTING_INVALID" in done.stderr and "LIANBAN_PORT" in done.stderr


def test_an_unreachable_database_is_told_in_one_line(lianban) -> None:
    done = lianban("user", "list", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_a_file_that_does_not_exist_is_a_usage_error(lianban) -> None:
    assert lianban("deploy", "no-such-file.bpmn").returncode == 2


def test_a_port_in_use_is_told_and_exits_two(lianban) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = lianban("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "PORT_UNAVAILABLE" in done.stderr and "Traceback" not in done.stderr


def test_upgrade_can_be_repeated(lianban, tmp_path: Path) -> None:
    assert lianban("db", "upgrade").returncode == 0
    assert (tmp_path / "lianban.db").exists()
    assert lianban("db", "upgrade").returncode == 0


def test_an_account_is_added_with_a_password_from_standard_input_and_listed(lianban) -> None:
    lianban("db", "upgrade")
    added = lianban("user", "add", "lixia", "--name", "李霞", "--role", "counter_clerk", stdin="Fruehling-2026!\n")
    assert added.returncode == 0, added.stderr
    again = lianban("user", "add", "lixia", "--name", "李霞", "--role", "counter_clerk", stdin="Fruehling-2026!\n")
    assert again.returncode == 1 and "USERNAME_TAKEN" in again.stderr
    assert "lixia\t李霞\t-\tcounter_clerk" in lianban("user", "list").stdout


def test_a_short_password_is_refused_by_name_of_the_field(lianban) -> None:
    lianban("db", "upgrade")
    done = lianban("user", "add", "lixia", "--name", "李霞", stdin="kurz\n")
    assert done.returncode == 1
    assert "PERSON_INVALID" in done.stderr and "password" in done.stderr


def test_a_disabled_account_is_marked_in_the_list(lianban) -> None:
    lianban("db", "upgrade")
    lianban("user", "add", "lixia", "--name", "李霞", stdin="Fruehling-2026!\n")
    assert lianban("user", "password", "lixia", stdin="Sommer-2026-!\n").returncode == 0
    assert lianban("user", "disable", "lixia").returncode == 0
    assert "已停用" in lianban("user", "list").stdout
    assert lianban("user", "disable", "nobody").returncode == 1


def test_a_refused_diagram_is_told_like_a_compiler_does(lianban, tmp_path: Path) -> None:
    lianban("db", "upgrade")
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<definitions")
    done = lianban("deploy", str(bad))
    assert done.returncode == 1
    assert "bad.bpmn:1:" in done.stderr and "DEPLOYMENT_REFUSED" in done.stderr


def test_the_audit_trail_is_sealed_verified_and_exported(lianban, tmp_path: Path) -> None:
    assert lianban("db", "upgrade").returncode == 0
    sealed = lianban("audit", "seal", LIANBAN_AUDIT_ANCHORS=str(tmp_path / "anchors"))
    assert sealed.returncode == 0 and sealed.stdout.startswith("封存 ")
    whole = lianban("audit", "verify", "--format", "json")
    assert whole.returncode == 0 and '"wrong": []' in whole.stdout
    done = lianban("audit", "export", str(tmp_path / "audit.zip"))
    assert done.returncode == 0, done.stderr
    assert lianban("audit", "export", str(tmp_path / "audit.zip")).returncode == 1, "never over another file"
    assert lianban("audit", "verify-export", str(tmp_path / "audit.zip")).returncode == 0
    (tmp_path / "broken.zip").write_bytes(b"PK nothing")
    assert lianban("audit", "verify-export", str(tmp_path / "broken.zip")).returncode == 2
