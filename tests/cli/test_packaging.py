"""`lianban package` on the command line: what was imported, what is wrong with it, and the exit code that says which."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.casework import Office
from service.cli.door import lianban
from service.main import main
from tests.casework.desk import LINEAR
from tests.casework.test_packages import repacked
from tests.conftest import deploy_bpmn
from tests.engine.drive import definitions, process


@pytest.fixture
def run(office: Office, tmp_path: Path):
    """Run `lianban package` in the test's installation."""
    assert main  # its module adds every command

    def command(*words: str) -> Result:
        options = ["--data", str(tmp_path), "--database-url", office.settings.database_url]
        return CliRunner().invoke(lianban, ["package", *words, *options])

    return command


def test_nothing_new_is_zero_a_refused_entry_one_and_a_refused_package_three(
    run, office: Office, tmp_path: Path
) -> None:
    deploy_bpmn(office, definitions(process(LINEAR, "p")).decode())
    path = tmp_path / "city.zip"
    assert run("export", str(path)).exit_code == 0
    assert run("import", str(path)).exit_code == 0

    def broken(files: dict[str, bytes]) -> None:
        [name] = [one for one in files if one.startswith("processes/")]
        files[name] = files[name].replace(b'targetRef="B"', b'targetRef="Z"')

    wrong = tmp_path / "wrong.zip"
    wrong.write_bytes(repacked(path.read_bytes(), broken))
    assert run("import", str(wrong)).exit_code == 1
    wrong.write_bytes(b"nonsense")
    refused = run("import", str(wrong))
    assert refused.exit_code == 3 and "PACKAGE_UNREADABLE" in refused.output and "Traceback" not in refused.output
