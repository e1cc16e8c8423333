"""The command line tells refusals and faults in one line and honours the LIANBAN_* variables."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service import main

LIANBAN = Path(sys.executable).with_name("lianban")


@pytest.fixture
def installed(tmp_path: Path):
    """Run the command as it is installed, a process of its own (two seconds each), in an installation of its own."""

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


@pytest.fixture
def lianban(tmp_path: Path):
    """Run the command in this process, in an installation of its own."""

    def run(*words: str, stdin: str = "", **variables: str) -> Result:
        without = {name: None for name in os.environ if name.startswith("LIANBAN_")}
        environment = {**without, "LIANBAN_DATA_DIR": str(tmp_path), **variables}
        return CliRunner().invoke(main.lianban, words, input=stdin, env=environment, prog_name="lianban")

    return run


def test_a_bad_variable_is_told_in_one_line(installed) -> None:
    done = installed("db", "upgrade", LIANBAN_PORT="many")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "SETTING_INVALID" in done.stderr and "LIANBAN_PORT" in done.stderr


def test_an_unreachable_database_is_told_in_one_line(installed) -> None:
    done = installed("user", "list", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_a_file_that_does_not_exist_is_a_usage_error(lianban) -> None:
    assert lianban("deploy", "no-such-file.bpmn").exit_code == 2


def test_a_port_in_use_is_told_and_exits_two(installed) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = installed("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "PORT_UNAVAILABLE" in done.stderr and "Traceback" not in done.stderr


def test_upgrade_can_be_repeated(lianban, tmp_path: Path) -> None:
    assert lianban("db", "upgrade").exit_code == 0
    assert (tmp_path / "lianban.db").exists()
    assert lianban("db", "upgrade").exit_code == 0


def test_an_account_is_added_with_a_password_from_standard_input_and_listed(lianban) -> None:
    lianban("db", "upgrade")
    added = lianban("user", "add", "lixia", "--name", "李霞", "--role", "counter_clerk", stdin="Fruehling-2026!\n")
    assert added.exit_code == 0, added.stderr
    again = lianban("user", "add", "lixia", "--name", "李霞", "--role", "counter_clerk", stdin="Fruehling-2026!\n")
    assert again.exit_code == 1 and "USERNAME_TAKEN" in again.stderr
    assert "lixia\t李霞\t-\tcounter_clerk" in lianban("user", "list").stdout


def test_a_short_password_is_refused_by_name_of_the_field(lianban) -> None:
    lianban("db", "upgrade")
    done = lianban("user", "add", "lixia", "--name", "李霞", stdin="kurz\n")
    assert done.exit_code == 1
    assert "PERSON_INVALID" in done.stderr and "password" in done.stderr


def test_a_disabled_account_is_marked_in_the_list(lianban) -> None:
    lianban("db", "upgrade")
    lianban("user", "add", "lixia", "--name", "李霞", stdin="Fruehling-2026!\n")
    assert lianban("user", "password", "lixia", stdin="Sommer-2026-!\n").exit_code == 0
    assert lianban("user", "disable", "lixia").exit_code == 0
    assert "已停用" in lianban("user", "list").stdout
    assert lianban("user", "disable", "nobody").exit_code == 1


def test_a_refused_diagram_is_told_like_a_compiler_does(lianban, tmp_path: Path) -> None:
    lianban("db", "upgrade")
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<definitions")
    done = lianban("deploy", str(bad))
    assert done.exit_code == 1
    assert "bad.bpmn:1:" in done.stderr and "DEPLOYMENT_REFUSED" in done.stderr


def test_the_audit_trail_is_sealed_verified_and_exported(lianban, tmp_path: Path) -> None:
    assert lianban("db", "upgrade").exit_code == 0
    sealed = lianban("audit", "seal", LIANBAN_AUDIT_ANCHORS=str(tmp_path / "anchors"))
    assert sealed.exit_code == 0 and sealed.stdout.startswith("封存 ")
    whole = lianban("audit", "verify", "--format", "json")
    assert whole.exit_code == 0 and '"wrong": []' in whole.stdout
    done = lianban("audit", "export", str(tmp_path / "audit.zip"))
    assert done.exit_code == 0, done.stderr
    assert lianban("audit", "export", str(tmp_path / "audit.zip")).exit_code == 1, "never over another file"
    assert lianban("audit", "verify-export", str(tmp_path / "audit.zip")).exit_code == 0
    (tmp_path / "broken.zip").write_bytes(b"PK nothing")
    assert lianban("audit", "verify-export", str(tmp_path / "broken.zip")).exit_code == 2
