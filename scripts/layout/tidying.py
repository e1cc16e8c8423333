"""Diagrams as 自动排版 of the designer lays them out, for measuring; Node does the work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from scripts.layout.reading import BOUNDS, BPMN, DI, WAYPOINT

ASSETS = Path(__file__).parents[2] / "service" / "web" / "assets"
Meaning = tuple[str, tuple[tuple[str, str], ...], str, tuple["Meaning", ...]]


def tidied(files: Iterable[Path], folder: Path, *, bare: bool = False) -> dict[str, int]:
    """Write every file, laid out, into a folder; milliseconds of processor time by name. `bare`: as if nothing were drawn."""
    beside = os.pathsep.join(
        (str(Path(sys.executable).parent), os.environ["PATH"])
    )  # where scripts/prepare.py may have put it
    command = [
        shutil.which("node", path=beside) or "node",
        str(ASSETS / "tidy.mjs"),
        *(["--bare"] if bare else []),
        str(folder),
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {name: int(spent) for name, spent in (line.split() for line in done.stdout.splitlines())}


def scrambled(file: Path, target: Path, seed: int) -> Path:
    """The same diagram in a mess: every shape anywhere, every line straight."""
    for prefix, uri in _prefixes(file):
        ET.register_namespace(prefix, uri)
    chance, tree = Random(seed), ET.parse(file)
    for bounds in tree.iter(BOUNDS):
        bounds.set("x", str(chance.randrange(3000)))
        bounds.set("y", str(chance.randrange(2000)))
    for edge in tree.iter(f"{DI}BPMNEdge"):
        for point in edge.findall(WAYPOINT)[1:-1]:
            edge.remove(point)
    tree.write(target, "utf-8", xml_declaration=True)
    return target


def meaning(file: Path) -> Meaning:
    """All a file says but for its drawing."""
    return _meaning(ET.parse(file).getroot())


def _meaning(element: ET.Element) -> Meaning:
    inside = sorted(_meaning(one) for one in element if not one.tag.startswith(DI))
    own = {name: value for name, value in element.attrib.items() if not name.startswith("{http://www.w3.org/2001/")}
    typed = [value.split(":")[-1] for name, value in element.attrib.items() if name.endswith("}type")]
    said = (element.text or "").strip()
    return element.tag, tuple(sorted([*own.items(), *(("type", one) for one in typed)])), said, tuple(inside)


def _prefixes(file: Path) -> list[tuple[str, str]]:
    return [(prefix, uri) for _, (prefix, uri) in ET.iterparse(file, ["start-ns"]) if prefix and uri != BPMN[1:-1]]
