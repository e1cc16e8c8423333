"""Who may look into the archive, what a look leaves behind, paper and terms, exports that can be verified elsewhere."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result

from service.casework.act_book import ACTS
from service.casework.actors import Actor
from service.casework.archive.keeping import lay_paper, retention_rules, set_term
from service.casework.archive.reading import archive_list, archive_page, check_package, export_files, take_package
from service.casework.office import Office
from service.cli import archive  # noqa: F401  adds its commands
from service.cli.door import lianban
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.rules.vocabulary import LedgerAction
from service.store.archives import FileSearch
from tests.casework.archive.files import deploy_item, ended, packages, work
from tests.casework.desk import CHIEF, CLERK, REVIEWER, STRANGER, SUPERVISOR, hire

ARCHIVIST = Actor(username="dangan", name="秦岚", department="100", roles=frozenset({"archivist"}))
CAST = (ARCHIVIST, CLERK, REVIEWER, CHIEF, SUPERVISOR, STRANGER)
LIANBAN = Path(sys.executable).with_name("lianban")


@pytest.fixture(autouse=True)
def nothing_to_deliver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTS, "delivery", lambda *_: None)


@pytest.fixture
def filed(any_office: Office) -> tuple[Office, list[UUID]]:
    """Three filed cases."""
    hire(any_office, CAST)
    deploy_item(any_office)
    cases = []
    for n in range(1, 4):  # filed one after another, so that their numbers follow
        cases.append(ended(any_office, f"SJ20260316104{n:04d}"))
        work(any_office)
    return any_office, cases


def looks(
    office: Office, action: LedgerAction = LedgerAction.ARCHIVE_READ
) -> list[tuple[str | None, str | None, dict]]:
    with office.reading() as records:
        return [(one.actor, one.subject, one.detail) for one in reversed(records.ledger.lines(action))]


def test_who_has_no_business_in_the_archive_sees_and_takes_nothing(filed: tuple[Office, list[UUID]]) -> None:
    office, [case, *_] = filed
    for actor in (REVIEWER, CHIEF, STRANGER):
        for act in (archive_list, lambda o, a: archive_page(o, a, case), lambda o, a: check_package(o, a, case, 0)):
            with pytest.raises(Forbidden):
                act(office, actor)
        with pytest.raises(Forbidden):
            take_package(office, actor, case, 0, "核对案卷内容")
        with pytest.raises(Forbidden):
            lay_paper(office, actor, case, "2026-104-07", "12")
    with pytest.raises(Forbidden):
        take_package(office, CLERK, case, 0, "核对案卷内容")
    with pytest.raises(Forbidden):
        export_files(office, CLERK, [case], "核对案卷内容")
    with pytest.raises(Forbidden):
        set_term(office, SUPERVISOR, "XK", None, "永久保存")
    assert looks(office) == []


def test_a_package_is_taken_out_with_a_reason_and_the_ledger_says_so(filed: tuple[Office, list[UUID]]) -> None:
    office, [case, *_] = filed
    for reason in ("", "  看 看 ", "长" * 201):
        with pytest.raises(Invalid) as refusal:
            take_package(office, SUPERVISOR, case, 0, reason)
        assert [one.field for one in refusal.value.fields] == ["reason"]
    with pytest.raises(Missing):
        take_package(office, SUPERVISOR, case, 3, "核对案卷内容")
    with pytest.raises(Missing):
        archive_page(office, SUPERVISOR, uuid4())
    page = archive_page(office, SUPERVISOR, case)
    assert (len(page.packages), page.takes, page.files) == (1, True, False)
    taken = take_package(office, SUPERVISOR, case, 0, "投诉  核查")
    with taken.stream as stream:
        content = stream.read()
    assert len(content) == taken.size and taken.name == "CN-ZWFW-2026-D30-00001.zip"
    digest = packages(office, case)[0].digest
    assert looks(office) == [
        ("sunli", page.file.number, {"how": "page"}),
        ("sunli", page.file.number, {"how": "package", "part": 0, "digest": digest, "reason": "投诉 核查"}),
    ]
    assert check_package(office, ARCHIVIST, case, 0).sound


def test_paper_lies_in_one_place_and_where_it_lay_stays_written(filed: tuple[Office, list[UUID]]) -> None:
    office, [case, other, _] = filed
    for box, position, field in (("", "1", "box"), ("a b", "1", "box"), ("A", "0", "position"), ("A", "x", "position")):
        with pytest.raises(Invalid) as refusal:
            lay_paper(office, CLERK, case, box, position)
        assert [one.field for one in refusal.value.fields] == [field]
    lay_paper(office, CLERK, case, "2026-104-07", "012")
    with pytest.raises(Conflict) as taken:
        lay_paper(office, CLERK, other, "2026-104-07", "12")
    assert "D30-00001" in taken.value.sentence()
    lay_paper(office, ARCHIVIST, case, "2026-104-08", "1")
    lay_paper(office, ARCHIVIST, other, "2026-104-07", "12")
    page = archive_page(office, ARCHIVIST, case)
    assert [(one.box, one.position, one.recorded_by) for one in page.places] == [
        ("2026-104-08", "1", "dangan"),
        ("2026-104-07", "12", "wangfang"),
    ]
    assert len(looks(office, LedgerAction.ARCHIVE_PLACED)) == 3
    assert len(packages(office, case)) == 1, "no supplement for a box"


def test_the_list_is_narrowed_by_words_year_term_place(filed: tuple[Office, list[UUID]]) -> None:
    office, [case, *_] = filed
    lay_paper(office, CLERK, case, "2026-104-07", "12")

    def found(view: str = "all", **search: object) -> int:
        return archive_list(office, ARCHIVIST, search=FileSearch(**search), view=view).total  # type: ignore[arg-type]

    assert (found(), found("unplaced"), found("ripe"), found("nonsense")) == (3, 2, 0, 3)
    assert (found(words="1040002"), found(words="云溪 大厦"), found(words="100%"), found(words="_")) == (1, 3, 0, 0)
    assert (found(year=2026), found(year=2025), found(years="D30"), found(years="Y")) == (3, 0, 3, 0)
    assert (found(category="XK"), found(category="QT"), found(box="2026-104-07")) == (3, 0, 1)
    page = archive_list(office, ARCHIVIST, page=99)
    assert (page.page, page.pages, page.years) == (1, 1, (2026,))
    [row] = archive_list(office, ARCHIVIST, search=FileSearch(box="2026-104-07")).items
    assert (row.packages, row.position, row.business_key) == (1, "12", "SJ202603161040001") and row.size > 1000


def test_a_term_holds_for_files_opened_from_now_on(filed: tuple[Office, list[UUID]]) -> None:
    office, [case, *_] = filed
    for category, years, basis, field in (
        ("ZZ", 10, "x", "category"),
        ("XK", 7, "x", "years"),
        ("XK", 10, " ", "basis"),
    ):
        with pytest.raises(Invalid) as refusal:
            set_term(office, ARCHIVIST, category, years, basis)
        assert [one.field for one in refusal.value.fields] == [field]
    set_term(office, ARCHIVIST, "XK", 10, "本市保管期限表（2026）")
    assert next(one.years for one in retention_rules(office, CLERK) if one.category == "XK") == 10
    later = ended(office, "SJ202603161040009")
    work(office)
    assert archive_page(office, ARCHIVIST, case).file.years == 30
    file = archive_page(office, ARCHIVIST, later).file
    assert (file.years, file.keep_until, file.number[-9:]) == (10, date(2036, 12, 31), "D10-00001")
    [(_, subject, detail)] = looks(office, LedgerAction.ARCHIVE_TERM_SET)
    assert (subject, detail["before"], detail["after"]) == ("XK", 30, 10)


def test_an_export_is_verified_elsewhere_by_the_command_alone(filed: tuple[Office, list[UUID]], tmp_path: Path) -> None:
    office, cases = filed
    folder = tmp_path / "elsewhere"
    with export_files(office, ARCHIVIST, cases, "移交市档案馆").stream as stream, zipfile.ZipFile(stream) as opened:
        opened.extractall(folder)
    assert len(list(folder.glob("*.zip"))) == 3
    done = command("verify", str(folder))
    assert done.returncode == 0 and done.stdout.count("完好") == 3
    wrong = folder / "CN-ZWFW-2026-D30-00002.zip"
    content = bytearray(wrong.read_bytes())
    content[content.find(b'"answers"')] ^= 1
    wrong.write_bytes(bytes(content))
    done = command("verify", str(folder), "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert [damage["entry"] for one in told["packages"] for damage in one["damages"]] == ["opinions.json"]
    assert told["chain"] == ["CN-ZWFW-2026-D30-00002.zip：不是归档链登记的那一包"]
    wrong.unlink()
    assert "缺失" in verify(folder).output
    links = json.loads((folder / "chain.json").read_text("utf-8"))
    links["links"][1]["previous"] = links["links"][0]["previous"]
    (folder / "chain.json").write_text(json.dumps(links), "utf-8")
    assert "链值" in verify(folder).output
    (folder / "chain.json").write_text("[]", "utf-8")
    assert "不是归档链清单" in verify(folder).output
    with pytest.raises(Missing):
        export_files(office, ARCHIVIST, [], "移交市档案馆")


def test_the_command_says_what_it_cannot_read_and_what_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    assert verify(tmp_path / "none.zip").exit_code == 2
    done = command("verify", str(tmp_path / "a.zip"))
    assert done.returncode == 1 and "不是完整的归档包" in done.stdout and "Traceback" not in done.stderr
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.txt", "x" * 1000)
    (tmp_path / "b.zip").write_bytes(buffer.getvalue())
    assert verify(tmp_path / "b.zip").exit_code == 1
    (tmp_path / "short").write_text("short")
    done = command("verify", str(tmp_path / "b.zip"), "--key-file", str(tmp_path / "short"))
    assert done.returncode == 1 and "SETTING_INVALID" in done.stderr


def verify(path: Path) -> Result:
    """What the same command says, without a process of its own."""
    return CliRunner().invoke(lianban, ["archive", "verify", str(path)])


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """`lianban archive …` in a folder without any database."""
    return subprocess.run([LIANBAN, "archive", *words], capture_output=True, text=True, timeout=120, check=False)
