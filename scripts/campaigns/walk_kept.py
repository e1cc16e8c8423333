"""What walks have found, one file a process and half, written as it comes: what was walked need not be walked again."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.processes.library import FILES, FORMS, TABLES, closure, forms_of, tables_of
from tests.processes.walking.tally import Tally
from tests.processes.walking.walker import Step, Walked

DRAWN = b"<bpmndi:BPMNDiagram"  # begins the coordinates


@dataclass
class Played:
    """The cases of one process. `tried`: ways that were gone; `whole`: none of the first round is left to go."""

    stamp: str
    tried: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    flows: dict[str, list[str]] = field(default_factory=dict)
    elements: dict[str, list[str]] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    whole: bool = False
    on: str = ""


class Kept:
    """A folder of results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamps: dict[str, str] = {}
        for name in ("engine", "cases"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def walked(self, key: str) -> Walked | None:
        """What was found on the engine, unless the file or what it asks with has changed since."""
        path = self.folder / "engine" / f"{key}.pickle"
        if not path.exists():
            return None
        stamp, walked = pickle.loads(path.read_bytes())  # written below, by nobody else
        return walked if stamp == stamp_of([key]) and isinstance(walked, Walked) else None

    def gone(self, key: str) -> list[tuple[Step, ...]]:
        """The ways that were found through it, also when it was another."""
        path = self.folder / "engine" / f"{key}.pickle"
        return [trail for trail, _, _ in pickle.loads(path.read_bytes())[1].ways] if path.exists() else []

    def keep_walked(self, walked: Walked) -> None:
        """Write it down."""
        _write(self.folder / "engine" / f"{walked.key}.pickle", pickle.dumps((stamp_of([walked.key]), walked)))

    def played(self, key: str) -> Played:
        """What was passed in real cases, unless the file or something it calls has changed since."""
        path, stamp = self.folder / "cases" / f"{key}.json", self._stamp(key)
        found = Played(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
        return found if found is not None and found.stamp == stamp else Played(stamp)

    def _stamp(self, key: str) -> str:
        """Of a process with all it calls, as it was when it was asked for first."""
        if key not in self._stamps:
            self._stamps[key] = stamp_of(closure(key))
        return self._stamps[key]

    def keep_played(self, key: str, played: Played) -> None:
        """Write it down."""
        text = json.dumps(asdict(played), ensure_ascii=False)
        _write(self.folder / "cases" / f"{key}.json", text.encode())

    def tally(self) -> Tally:
        """What all cases together have passed."""
        tally = Tally()
        for key in FILES:
            enter(tally, self.played(key))
        return tally


def enter(tally: Tally, played: Played) -> None:
    """Count in what was passed before."""
    for key, flows in played.flows.items():
        tally.flows[key].update(flows)
    for key, elements in played.elements.items():
        tally.elements[key].update(elements)


def leave(tally: Tally, played: Played) -> None:
    """Note what has been passed by now."""
    played.flows = {key: sorted(flows) for key, flows in tally.flows.items()}
    played.elements = {key: sorted(elements) for key, elements in tally.elements.items()}


def stamp_of(keys: Iterable[str]) -> str:
    """A fingerprint of processes with their forms and tables; where things are drawn makes no difference."""
    found = hashlib.sha256()
    for key in sorted(keys):
        found.update(FILES[key].read_bytes().partition(DRAWN)[0])
        for form in sorted(forms_of(key)):
            found.update(FORMS[form].read_bytes())
        for table in sorted(tables_of(key)):
            found.update(TABLES[table].read_bytes())
    return found.hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, should the run be ended meanwhile."""
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.replace(path)
