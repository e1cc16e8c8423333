"""Packages: everything that is live goes over to another installation, entry by entry judged, in one act or as a release (S-07)."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from service.casework import find_actor
from service.casework.actors import SYSTEM, Actor
from service.casework.office import Office
from service.casework.packages import Verdict, export_package, import_package, preview_package
from service.casework.register import deploy_items
from service.casework.studio import begin_revision
from service.engine import Resource
from service.rules.packages import LARGEST_ENTRY, MANIFEST, read_package
from service.rules.refusals import Conflict, Forbidden, Invalid, Refusal
from service.rules.vocabulary import LedgerAction
from tests.casework.measures.city import put_up
from tests.casework.register.cast import ITEMS
from tests.conftest import Clock, deploy_bpmn, make_office

ITEM, RELEASE = "item_104_XK_002", "support_SP_18"
CARD = "104-XK-002.json"


@pytest.fixture
def there(demo_office: Office) -> Office:
    """The installation that exports: an item with its card, and the process of releases."""
    put_up(demo_office, ITEM, RELEASE)
    deploy_items(demo_office, SYSTEM, [Resource(name=CARD, content=(ITEMS / CARD).read_bytes())])
    return demo_office


@pytest.fixture
def here(sqlite_demo_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """Another one, where three persons agree, with the process of releases."""
    (tmp_path / "here").mkdir()
    shutil.copyfile(sqlite_demo_template, tmp_path / "here" / "lianban.db")
    url = f"sqlite:///{tmp_path / 'here' / 'lianban.db'}"
    office = make_office(url, tmp_path / "here", clock, demo=True, direct_deployment=False)
    put_up(office, RELEASE)
    yield office
    office.close()


def admin(office: Office) -> Actor:
    found = find_actor(office, "guotao")
    assert found is not None
    return found


def verdicts(office: Office, content: bytes, actor: Actor = SYSTEM) -> dict[str, Verdict]:
    return {one.entry.path: one.verdict for one in preview_package(office, actor, content).entries}


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None], *, hashes: bool = True) -> bytes:
    """The same package with other files in it; the manifest follows unless it is to lie."""
    import hashlib

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if hashes:
        manifest = json.loads(files[MANIFEST])
        manifest["entries"] = [
            {"path": name, "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in files.items()
            if name != MANIFEST
        ]
        files[MANIFEST] = json.dumps(manifest).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return written.getvalue()


def renamed(files: dict[str, bytes]) -> None:
    path = f"processes/{ITEM}.bpmn"
    files[path] = files[path].replace('name="审核"'.encode(), 'name="复审"'.encode())


def test_what_was_exported_is_the_same_where_it_comes_from(there: Office) -> None:
    content = export_package(there, admin(there))
    assert set(verdicts(there, content).values()) == {Verdict.SAME}
    package = read_package(content)
    kinds = {one.kind for one in package.entries}
    assert kinds == {"processes", "forms", "items"} and package.product and package.made_by == "郭涛"
    assert {one.path for one in package.entries} >= {f"processes/{ITEM}.bpmn", f"items/{CARD}"}
    with there.reading() as records:
        [line] = records.ledger.lines(LedgerAction.PACKAGE_EXPORTED)
        assert line.detail["counts"]["processes"] == 2


def test_on_the_command_line_everything_is_in_force_at_once(there: Office, here: Office) -> None:
    content = export_package(there, SYSTEM)
    seen = verdicts(here, content)
    assert seen[f"processes/{ITEM}.bpmn"] is Verdict.NEW and seen[f"items/{CARD}"] is Verdict.NEW
    assert seen[f"processes/{RELEASE}.bpmn"] is Verdict.SAME
    made = import_package(here, SYSTEM, content, note="省里下发")
    assert (made.case_id, made.processes, made.items) == (None, 1, 1)
    assert set(verdicts(here, content).values()) == {Verdict.SAME}
    with here.reading() as records:
        assert records.deployments.newest([ITEM])[ITEM].version == 1
        [line] = records.ledger.lines(LedgerAction.PACKAGE_IMPORTED)
        assert (line.actor, line.detail["note"]) == ("system", "省里下发")
    with pytest.raises(Conflict) as refusal:
        import_package(here, SYSTEM, content, note="再来一次")
    assert refusal.value.code == "PACKAGE_NOTHING"


def test_where_three_persons_agree_a_package_is_handed_in_and_nothing_is_in_force(there: Office, here: Office) -> None:
    content = export_package(there, SYSTEM)
    view = preview_package(here, admin(here), content)
    assert not view.direct
    assert [one.entry.path for one in view.of(Verdict.LEFT)] == [f"items/{CARD}"]
    made = import_package(here, admin(here), content, note="省里下发")
    assert isinstance(made.case_id, UUID) and made.items == 0
    with here.reading() as records:
        assert ITEM not in records.deployments.newest()
        [row] = records.measures.releases(first=0, size=5)
        assert (row.uploaded_by, row.state, [one["key"] for one in row.changes]) == ("guotao", "OPEN", [ITEM])


def test_a_change_is_told_element_by_element_and_a_step_back_is_a_conflict(there: Office) -> None:
    content = export_package(there, SYSTEM)
    newer = repacked(content, renamed)
    [one] = preview_package(there, SYSTEM, newer).of(Verdict.CHANGED)
    assert one.here == 1 and any(found.name == "复审" for found in one.differences)
    import_package(there, SYSTEM, newer, note="改名")
    assert verdicts(there, content)[f"processes/{ITEM}.bpmn"] is Verdict.CONFLICT
    with pytest.raises(Conflict):
        import_package(there, SYSTEM, content, note="退回")
    assert import_package(there, SYSTEM, content, note="退回", conflicts=True).processes == 1


def test_what_somebody_is_drawing_here_conflicts(there: Office) -> None:
    newer = repacked(export_package(there, SYSTEM), renamed)
    designer = find_actor(there, "hejing")
    assert designer is not None
    begin_revision(there, designer, ITEM)
    assert verdicts(there, newer)[f"processes/{ITEM}.bpmn"] is Verdict.CONFLICT


def test_one_refused_entry_keeps_everything_out(there: Office, here: Office) -> None:
    def break_one(files: dict[str, bytes]) -> None:
        path = f"processes/{ITEM}.bpmn"
        files[path] = files[path].replace(b'targetRef="Task_Review"', b'targetRef="Task_Gone"')

    broken = repacked(export_package(there, SYSTEM), break_one)
    [one] = preview_package(here, SYSTEM, broken).of(Verdict.REFUSED)
    assert one.entry.path == f"processes/{ITEM}.bpmn" and one.findings
    with pytest.raises(Invalid) as refusal:
        import_package(here, SYSTEM, broken, note="省里下发")
    assert refusal.value.code == "PACKAGE_REFUSED"
    with here.reading() as records:
        assert ITEM not in records.deployments.newest()
        assert not records.register.codes()


def test_nobody_but_a_system_administrator_exports_or_imports(there: Office) -> None:
    content = export_package(there, SYSTEM)
    for username in ("hejing", "tianyue", "wangfang", "machao"):
        actor = find_actor(there, username)
        assert actor is not None
        for act in (
            lambda actor=actor: export_package(there, actor),
            lambda actor=actor: preview_package(there, actor, content),
            lambda actor=actor: import_package(there, actor, content, note="试试"),
        ):
            with pytest.raises(Forbidden) as refusal:
                act()
            assert refusal.value.code == "PACKAGE_FORBIDDEN"


def longer(files: dict[str, bytes]) -> None:
    files[f"processes/{ITEM}.bpmn"] += b"\n"


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no zip": (lambda _: b"PK nonsense", "PACKAGE_UNREADABLE"),
    "empty": (lambda _: b"", "PACKAGE_UNREADABLE"),
    "truncated": (lambda c: c[: len(c) // 2], "PACKAGE_UNREADABLE"),
    "path upwards": (lambda c: repacked(c, lambda f: f.update({"forms/../../etc/passwd": b"x"})), "PACKAGE_PATH"),
    "absolute path": (lambda c: repacked(c, lambda f: f.update({"/etc/passwd": b"x"})), "PACKAGE_PATH"),
    "windows path": (lambda c: repacked(c, lambda f: f.update({"forms\\a.form": b"x"})), "PACKAGE_PATH"),
    "unknown folder": (lambda c: repacked(c, lambda f: f.update({"people/a.csv": b"x"})), "PACKAGE_PATH"),
    "hidden name": (lambda c: repacked(c, lambda f: f.update({"forms/.a": b"x"})), "PACKAGE_PATH"),
    "bomb": (lambda c: repacked(c, lambda f: f.update({"forms/a.form": b"0" * (LARGEST_ENTRY + 1)})), "PACKAGE_TOO_LARGE"),
    "too large": (lambda _: b"0" * (5 * 1024 * 1024 + 1), "PACKAGE_TOO_LARGE"),
    "no manifest": (lambda c: repacked(c, lambda f: f.pop(MANIFEST) and None, hashes=False), "PACKAGE_FORMAT"),
    "another format": (lambda c: repacked(c, lambda f: f.update({MANIFEST: b'{"format": 9, "entries": []}'}), hashes=False), "PACKAGE_FORMAT"),
    "manifest of a stranger": (lambda c: repacked(c, lambda f: f.update({MANIFEST: b"[1]"}), hashes=False), "PACKAGE_FORMAT"),
    "changed entry": (lambda c: repacked(c, longer, hashes=False), "PACKAGE_CHANGED"),
    "entry nobody told": (lambda c: repacked(c, lambda f: f.update({"forms/a.form": b"{}"}), hashes=False), "PACKAGE_CHANGED"),
    "missing entry": (lambda c: repacked(c, lambda f: f.pop(f"processes/{ITEM}.bpmn") and None, hashes=False), "PACKAGE_CHANGED"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_package_that_is_not_what_it_should_be_is_refused_in_words(demo_office: Office, name: str) -> None:
    deploy_bpmn(
        demo_office,
        (Path(__file__).parents[1] / "web/pages/two_departments.bpmn")
        .read_text("utf-8")
        .replace("two_departments", ITEM),
    )
    make, code = HOSTILE[name]
    content = make(export_package(demo_office, SYSTEM))
    with pytest.raises(Refusal) as refusal:
        preview_package(demo_office, SYSTEM, content)
    assert refusal.value.code == code
