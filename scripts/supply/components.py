"""The third-party components of the lock files, with what they promise to be (hashes) and under which licence they come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = {"requirements.lock": "runtime", "requirements-assets.lock": "build", "requirements-dev.lock": "development"}
BROWSER = Path("service/web/assets/package-lock.json")
PINNED = re.compile(r"([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Component:
    """One package of one registry (`pypi`, `npm`); `hashes` as the lock file has them, `use`: runtime, build, development."""

    registry: str
    name: str
    version: str
    use: str
    hashes: tuple[str, ...]
    licence: str = ""

    @property
    def purl(self) -> str:
        """Its name anywhere: https://github.com/package-url/purl-spec."""
        return f"pkg:{self.registry}/{self.name.replace('@', '%40')}@{self.version}"


def components(root: Path = ROOT) -> list[Component]:
    """Every component once, with the use nearest to the running product."""
    found: dict[str, Component] = {}
    for component in [*_python(root), *_browser(root)]:
        found.setdefault(component.purl, component)
    return sorted(found.values(), key=lambda one: (one.registry, one.name, one.version))


def unpinned(root: Path = ROOT) -> list[str]:
    """Lines of lock files that name a package without a version or without a hash."""
    told = []
    for file in PYTHON:
        for block in _blocks((root / file).read_text("utf-8")):
            if not PINNED.match(block) or not HASH.search(block):
                told.append(f"{file}: {block.splitlines()[0][:80]}")
    for name, entry in _packages(root).items():
        if "version" not in entry or "integrity" not in entry:
            told.append(f"{BROWSER}: {name}")
    return told


def _python(root: Path) -> Iterator[Component]:
    for file, use in PYTHON.items():
        for block in _blocks((root / file).read_text("utf-8")):
            if named := PINNED.match(block):
                name, version = named.groups()
                yield Component(
                    registry="pypi",
                    name=name,
                    version=version,
                    use=use,
                    hashes=tuple(f"sha256:{value}" for value in HASH.findall(block)),
                    licence=_licence(name),
                )


def _blocks(text: str) -> list[str]:
    """A package and its hashes are one block, without the comments behind."""
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "--index", "-i "))
    ]
    starts = [at for at, line in enumerate(lines) if not line[0].isspace()]
    return ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _licence(name: str) -> str:
    """As the installed package says it; empty where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    return "; ".join(classified) or str(about.get("License") or "").partition("\n")[0][:80]


def _packages(root: Path) -> dict[str, dict[str, object]]:
    lock = json.loads((root / BROWSER).read_text("utf-8"))
    return {name: entry for name, entry in lock["packages"].items() if name}


def _browser(root: Path) -> Iterator[Component]:
    for path, entry in _packages(root).items():
        yield Component(
            registry="npm",
            name=path.rpartition("node_modules/")[2],
            version=str(entry.get("version", "")),
            use="development" if entry.get("dev") else "runtime",
            hashes=tuple(str(entry.get("integrity", "")).split()),
            licence=str(entry.get("license", "")),
        )
