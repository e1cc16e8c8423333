"""`lianban lint`: lines as compilers print them, and exit codes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import lint as door

FIXTURES = Path(__file__).parent / "fixtures"


def run(*arguments):
    return CliRunner().invoke(door.command, [str(argument) for argument in arguments])


def test_a_missing_file_is_told_and_exits_2(tmp_path):
    result = run(tmp_path / "nothing.bpmn", FIXTURES / "good" / "loops.bpmn")
    assert result.exit_code == 2
    assert "nothing.bpmn: 无法读取" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\x01", b"<a>", b"{}"])
def test_what_is_no_xml_at_all_exits_2(tmp_path, content):
    (tmp_path / "a.bpmn").write_bytes(content)
    result = run(tmp_path / "a.bpmn")
    assert result.exit_code in (1, 2)
    assert result.exit_code == 2 or b"\x00" in content
    assert result.stdout.startswith(f"{tmp_path}/a.bpmn:1: LB00")


def test_a_file_of_another_kind_exits_2(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    assert run(tmp_path / "a.txt").exit_code == 2


def test_an_empty_directory_exits_2(tmp_path):
    assert run(tmp_path).exit_code == 2


def test_findings_are_printed_with_file_line_code_and_element():
    file = FIXTURES / "bad" / "complex_gateway.bpmn"
    result = run(file)
    assert result.exit_code == 1
    assert result.stdout == f"{file}:5: LB102 g 复杂网关汇聚多条连线，应写明激活条件（activationCondition）\n"


def test_warnings_count_and_notes_do_not():
    assert run(FIXTURES / "bad" / "no_default.bpmn").exit_code == 1
    noted = run(FIXTURES / "good" / "ignored_async.bpmn")
    assert (noted.exit_code, "LB501" in noted.stdout) == (0, True)
    assert run(FIXTURES / "good" / "loops.bpmn").stdout == ""


def test_a_directory_is_walked(tmp_path):
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.bpmn").write_bytes(b"<a/>")
    (tmp_path / "b.form").write_text("[]")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert {line.split(":")[0].rsplit("/", 1)[1] for line in result.stdout.splitlines()} == {"a.bpmn", "b.form"}


def test_programs_get_json():
    result = run("--format", "json", FIXTURES / "bad" / "zw_limit.bpmn")
    (finding,) = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    assert (finding["code"], finding["element"], finding["line"], finding["severity"]) == ("LB511", "t", 5, "error")
    assert finding["message"] and finding["english"]


def test_calls_are_checked_when_asked_for():
    file = FIXTURES / "good" / "calls.bpmn"
    assert run(file).exit_code == 0
    assert "LB701" in run("--calls", file).stdout


def test_a_linter_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(door, "SECONDS_A_FILE", 0.2)
    monkeypatch.setattr(door, "lint", lambda *_, **__: time.sleep(60))
    result = run(FIXTURES / "good" / "loops.bpmn")
    assert result.exit_code == 2
    assert "已停止" in result.stderr


def test_a_linter_that_dies_is_told(monkeypatch):
    monkeypatch.setattr(door, "examine_apart", lambda sender, *_: sender.close())
    result = run(FIXTURES / "good" / "loops.bpmn")
    assert result.exit_code == 2
    assert "意外退出" in result.stderr


def test_a_linter_that_fails_shows_no_traceback(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr(door, "lint", fail)
    result = run(FIXTURES / "good" / "loops.bpmn")
    assert result.exit_code == 2
    assert "意外退出" in result.stderr
    assert "Traceback" not in result.output
