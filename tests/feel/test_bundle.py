"""What the sandbox is built from."""

from __future__ import annotations

import json
from pathlib import Path

import service.engine.feel

SOURCES = Path(service.engine.feel.__file__).parent / "js"


def test_the_lock_pins_every_package_and_names_no_host():
    text = (SOURCES / "package-lock.json").read_text("utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages["node_modules/@bpmn-io/feelin"]["version"] == "6.1.1"
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert '"resolved"' not in text


def test_the_build_stops_when_feelin_is_not_the_reviewed_file():
    assert "sha256 !== REVIEWED.sha256" in (SOURCES / "build.mjs").read_text("utf-8")
