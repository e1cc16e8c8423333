"""The house keeps its rooms: import contracts, one clock, names of the trade, nothing of the workplace in the files."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SERVICE = sorted((ROOT / "service").rglob("*.py"))
CLOCK_READERS = {
    "service/settings/__init__.py",  # real_time, the one place
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc", "stuff"}
OUTSIDE = "|".join((r"(?<![\w.])/(?:home|root|tmp|wor[k])/", r"\.\./shared"))
HOSTS = "|".join((r"pypi\.or[g]", r"files\.pythonhoste[d]", r"registry\.npmj[s]", "--index-url", "--find-links"))
WORKPLACE = re.compile(f"{OUTSIDE}|{HOSTS}")


def tracked() -> Iterator[Path]:
    """Every file git knows."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return (path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file())


def test_rooms_import_downwards_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SERVICE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_settings_ask_the_machine_for_the_time(path: Path) -> None:
    calls = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in {"utcnow", "today"}
            or (node.func.attr == "now" and ast.unparse(node.func.value) == "datetime")
        )
    ]
    assert path.relative_to(ROOT).as_posix() in CLOCK_READERS or not calls


def test_modules_are_named_after_what_they_hold() -> None:
    assert [path for path in SERVICE if {path.stem, path.parent.name} & EMPTY_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path in SERVICE if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_no_file_names_a_workplace_or_a_registry() -> None:
    named = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path != Path(__file__) and (found := WORKPLACE.search(text)):
            named.append(f"{path.relative_to(ROOT)}: {found.group()}")
    assert named == []


def test_every_locked_package_is_pinned_by_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = re.findall(r"^([a-zA-Z0-9_.\[\]-]+==\S+).*\\\n(?:    --hash=\S+)", lock.read_text(), flags=re.M)
        lines = re.findall(r"^[a-zA-Z0-9].*", lock.read_text(), flags=re.M)
        assert pins and len(pins) == len(lines), lock.name


def test_the_engine_library_is_pinned_exactly() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert "SpiffWorkflow==3.2.0" in config["options"]["install_requires"].split()
