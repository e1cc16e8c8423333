"""`lianban deploy` for hooks and CI: exit codes, dry runs, JSON, and a watch that mistakes do not end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.casework import Office
from service.cli.door import lianban
from service.cli.watching import QUIET_SECONDS, snapshot, watch
from service.main import main
from tests.web.rest import LINEAR, diagram


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "city"
    made.mkdir()
    (made / "p.bpmn").write_bytes(diagram(LINEAR))
    return made


@pytest.fixture
def deploy(office: Office, folder: Path, tmp_path: Path):
    """Run the command on the folder in the test's installation."""
    assert main  # its module adds every command

    def run(*words: str, path: Path = folder, url: str = office.settings.database_url) -> Result:
        options = ["--data", str(tmp_path), "--database-url", url]
        return CliRunner().invoke(lianban, ["deploy", str(path), *words, *options])

    return run


def version(office: Office) -> int:
    with office.reading() as records:
        found = records.deployments.newest(["p"])
    return found["p"].version if found else 0


def broken(folder: Path) -> None:
    (folder / "p.bpmn").write_bytes(diagram(LINEAR.replace("S -> A", "S -> A\nS -> Z")))


def test_deployed_and_unchanged_are_zero(deploy, office: Office) -> None:
    done = deploy()
    assert done.exit_code == 0 and "p 第 1 版" in done.output
    again = deploy("--json")
    assert again.exit_code == 0 and json.loads(again.output)["outcome"] == "unchanged"
    assert version(office) == 1


def test_findings_are_one_and_nothing_is_deployed(deploy, folder: Path, office: Office) -> None:
    broken(folder)
    done = deploy("--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["outcome"], told["code"]) == (1, "findings", "DEPLOYMENT_REFUSED")
    assert any(one["line"] and one["code"].startswith("LB") and one["message"] for one in told["findings"])
    assert "p.bpmn:" in deploy().output and version(office) == 0


def test_a_wrong_item_is_one_with_its_field(deploy, folder: Path) -> None:
    (folder / "104-XK-001.json").write_text('{"code": "104-XK-001"}', "utf-8")
    done = deploy("--json")
    assert done.exit_code == 1
    assert {one["file"] for one in json.loads(done.output)["findings"]} == {"city/104-XK-001.json"}


def test_a_path_that_is_not_there_and_an_empty_folder_are_two(deploy, tmp_path: Path) -> None:
    assert deploy(path=tmp_path / "nowhere").exit_code == 2
    (tmp_path / "empty").mkdir()
    done = deploy(path=tmp_path / "empty")
    assert done.exit_code == 2 and "NO_FILES" in done.output


def test_an_installation_that_cannot_be_reached_is_three_in_one_line(deploy) -> None:
    done = deploy(url="postgresql://nobody@127.0.0.1:1/none")
    assert done.exit_code == 3 and done.output.count("\n") == 1 and "Traceback" not in done.output


def test_a_dry_run_says_what_would_be_and_makes_nothing(deploy, folder: Path, office: Office) -> None:
    told = json.loads(deploy("--dry-run", "--json").output)
    assert (told["outcome"], told["processes"]) == ("would deploy", [{"key": "p", "version": 1, "running": 0}])
    assert version(office) == 0
    deploy()
    assert "不会产生新版本" in deploy("--dry-run").output
    broken(folder)
    done = deploy("--dry-run")
    assert done.exit_code == 1 and "p.bpmn:" in done.output and version(office) == 1


def test_a_watch_acts_once_when_what_was_saved_has_come_to_rest(folder: Path) -> None:
    file, acts, waits = folder / "p.bpmn", [], []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) in (2, 3, 4):  # an editor writes three times in a row
            file.write_bytes(b"x" * len(waits))

    watch(
        lambda: snapshot(folder.iterdir()),
        lambda: acts.append(file.stat().st_size),
        wait=wait,
        goes_on=lambda: len(waits) < 8,
    )
    assert acts[1:] == [4] and set(waits) == {QUIET_SECONDS}


def test_a_watch_goes_on_after_a_mistake_and_deploys_what_was_mended(
    deploy, folder: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = []

    def wait(_: float) -> None:
        rounds.append(version(office))
        if len(rounds) == 1:
            broken(folder)
        if len(rounds) == 5:
            (folder / "p.bpmn").write_bytes(diagram(LINEAR.replace('name="甲"', 'name="甲乙"')))
        if len(rounds) == 9:
            raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.watching.watch.__kwdefaults__", {"wait": wait, "goes_on": lambda: True})
    done = deploy("--watch", "--json")
    outcomes = [json.loads(line)["outcome"] for line in done.output.splitlines()]
    assert (done.exit_code, outcomes) == (0, ["deployed", "findings", "deployed"])
    assert version(office) == 2
