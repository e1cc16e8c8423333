"""Every third-party component is pinned, stands in the bill of materials, and comes under a licence we may ship."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.supply import audit
from scripts.supply.components import BROWSER, PYTHON, ROOT, Component, components, unpinned
from scripts.supply.sbom import JsonV1Dot6, bill


@pytest.fixture(scope="module")
def written() -> str:
    return JsonV1Dot6(bill()).output_as_string()


def test_the_bill_of_materials_is_cyclonedx(written: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_every_locked_package_stands_in_it_with_its_version_and_hashes(written: str) -> None:
    told = json.loads(written)
    listed = {one["purl"]: {item["value"] for item in one["properties"]} for one in told["components"]}
    assert len(listed) == len(told["components"]) > 200
    for one in components():
        assert one.hashes and set(one.hashes) <= listed[one.purl], one.purl
    assert {"pkg:pypi/flask", "pkg:npm/bpmn-js"} <= {purl.rpartition("@")[0] for purl in listed}
    for file in PYTHON:
        for line in (ROOT / file).read_text("utf-8").splitlines():
            if "==" in line and not line.startswith((" ", "#")):
                name, version = line.split(" ")[0].split(";")[0].split("==")
                assert f"pkg:pypi/{name.partition('[')[0]}@{version}" in listed, line


def test_everything_is_pinned_and_what_is_not_is_named(tmp_path: Path) -> None:
    assert unpinned() == []
    for file in (*PYTHON, str(BROWSER)):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text((ROOT / file).read_text("utf-8"), "utf-8")
    (tmp_path / "requirements.lock").write_text("flask==3.1.0\njinja2>=3 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    lock = {"packages": {"": {}, "node_modules/loose": {"version": "1.0.0"}}}
    (tmp_path / BROWSER).write_text(json.dumps(lock), "utf-8")
    assert unpinned(tmp_path) == [
        "requirements.lock: flask==3.1.0",
        "requirements.lock: jinja2>=3 --hash=sha256:" + "0" * 56,
        f"{BROWSER}: node_modules/loose",
    ]


@pytest.mark.parametrize(
    ("licence", "wrong"),
    [
        ("MIT", False),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GPL-3.0-only", True),
        ("AGPL-3.0", True),
        ("SSPL-1.0", True),
        ("", True),
    ],
)
def test_a_licence_that_binds_what_we_ship_is_refused(licence: str, wrong: bool) -> None:
    one = Component(registry="pypi", name="x", version="1", use="runtime", hashes=("sha256:0",), licence=licence)
    assert bool(audit.wrong_licences([one])) is wrong
    assert audit.wrong_licences(components()) == []


def test_an_audit_is_of_the_versions_it_was_made_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "RECORD", tmp_path / "kept.json")
    now = datetime(2026, 12, 1, tzinfo=UTC)
    for locked, at, said in (
        (None, None, "never asked"),
        ("other", "2026-11-30T00:00:00+00:00", "for other versions"),
        (audit.digest(), "2026-11-30T00:00:00+00:00", "asked 1 days ago, 0 found"),
        (audit.digest(), "2026-09-01T00:00:00+00:00", "too long"),
    ):
        audit.RECORD.write_text(json.dumps({"audited_at": at, "locked": locked, "weaknesses": []}), "utf-8")
        assert said in audit.recorded(now)


def test_without_a_network_the_rest_is_judged_and_it_is_said_so(monkeypatch, capsys) -> None:
    monkeypatch.setattr(audit, "reachable", lambda: False)
    monkeypatch.setattr("sys.argv", ["audit"])
    assert audit.main() == 0
    assert "advisories:" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["audit", "--record"])
    assert audit.main() == 1, "nothing is recorded that was not asked"


def test_a_published_weakness_fails_the_gate(monkeypatch, capsys) -> None:
    monkeypatch.setattr(audit, "reachable", lambda: True)
    monkeypatch.setattr(audit, "weaknesses", lambda: ["jinja2 2.4.1: PYSEC-0000-0"])
    monkeypatch.setattr("sys.argv", ["audit"])
    assert audit.main() == 1
    assert "jinja2 2.4.1: PYSEC-0000-0" in capsys.readouterr().out
