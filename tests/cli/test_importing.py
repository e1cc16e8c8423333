"""`lianban import` converts files of other products, says what is left and answers with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.casework import Office, open_office
from service.cli.door import lianban
from service.main import main
from service.settings import Settings
from tests.engine.studio.foreign import SAMPLES


def run(*words: str) -> Result:
    assert main  # its module adds every command
    return CliRunner().invoke(lianban, list(words))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "people.bpmn").write_bytes(SAMPLES["flowable people"])
    return tmp_path


def test_everything_taken_over_is_exit_zero_and_written_where_wished(folder: Path) -> None:
    done = run("import", str(folder / "in" / "people.bpmn"), "--out", str(folder / "out"))
    assert done.exit_code == 0 and "Flowable" in done.output
    assert b'camunda:assignee="=starter"' in (folder / "out" / "people.bpmn").read_bytes()


def test_what_is_left_to_decide_is_exit_one_with_line_element_and_remedy(folder: Path) -> None:
    (folder / "in" / "code.bpmn").write_bytes(SAMPLES["camunda class"])
    done = run("import", str(folder / "in"), "--json")
    assert done.exit_code == 1
    [code, people] = json.loads(done.output)["diagrams"]
    [note] = [one for one in code["notes"] if one["verdict"] == "open"]
    assert (note["what"], note["element"]) == ("camunda:class", "A") and note["remedy"]
    assert people["counts"]["open"] == 0
    assert "camunda:class=org.acme.Do 上传的代码不执行" in run("import", str(folder / "in" / "code.bpmn")).output


def test_what_cannot_be_read_is_exit_two(folder: Path) -> None:
    (folder / "in" / "broken.bpmn").write_text("<a")
    done = run("import", str(folder / "in" / "broken.bpmn"))
    assert done.exit_code == 2 and "broken.bpmn" in done.output
    assert run("import", str(folder / "in" / "nothing.bpmn")).exit_code == 2


def test_a_draft_is_begun_in_the_installation(folder: Path, office: Office) -> None:
    url = office.settings.database_url
    done = run("import", str(folder / "in"), "--draft", "--data", str(folder), "--database-url", url)
    assert done.exit_code == 0 and "草稿" in done.output
    opened = open_office(Settings(data_dir=folder, database_url=url, secret="x"))
    with opened.reading() as records:
        assert records.process_drafts.count(["OPEN"]) == 1
    opened.close()
