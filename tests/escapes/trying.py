"""Tries the cases of one family in this process, which is a child of the test: watched, timed and weighed one by one.

`python -m tests.escapes.trying FAMILY FOLDER [WORD]` writes one JSON line a case. FOLDER holds `secret`, a file that no case
may read; `template.db`, a migrated database; and `port`, where somebody listens whom no case may call.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from service.engine.feel import FeelError
from service.rules.refusals import Refusal

HERE = "tests.escapes"
OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.fork")
OUTWARD += (
    "os.posix_spawn",
    "os.spawn",
    "pty.spawn",
    "urllib.Request",
    "ftplib.connect",
    "smtplib.connect",
    "webbrowser.open",
)
MEGABYTE = 1024 * 1024


@dataclass
class Outcome:
    """What became of a case. `code`: of the refusal, empty when it was harmless; `said`: what it came to, shortened."""

    name: str
    code: str
    said: str
    seconds: float
    megabytes: float
    fault: str = ""
    outward: tuple[str, ...] = ()


class Place:
    """Where cases are tried: the folder with the secret, and words that cases use for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secret = (folder / "secret").read_text()
        self.outward: list[str] = []
        self.watching = False
        self.words = {
            "@SECRET@": str(folder / "secret"),
            "@URL@": f"http://127.0.0.1:{(folder / 'port').read_text().strip()}",
            "@DROPPED@": str(folder / "dropped"),
        }
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Notes what reaches outward while a case is tried."""
        if self.watching and (event.startswith(OUTWARD) or (event == "open" and self.is_ours(arguments))):
            self.outward.append(f"{event} {str(arguments)[:100]}")

    def is_ours(self, arguments: tuple[Any, ...]) -> bool:
        """Whether the secret is opened, or something dropped beside it."""
        return str(arguments[0]) in (self.words["@SECRET@"], self.words["@DROPPED@"])

    def filled(self, text: str) -> str:
        """A text with the words in it."""
        for word, value in self.words.items():
            text = text.replace(word, value)
        return text


def peak() -> int:
    """The most memory this process has held since `begin_peak`, bytes."""
    return _status("VmHWM")


def begin_peak() -> int:
    """Memory held now, from which the peak is counted, bytes."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def tried(place: Place, name: str, run: Any) -> Outcome:
    """One case."""
    ctypes.CDLL(None).malloc_trim(0)  # what earlier cases gave back does not hide what this one takes
    before = begin_peak()
    code = said = fault = ""
    place.outward.clear()
    began = time.process_time()
    place.watching = True
    try:
        said = str(run())
    except Refusal as refusal:
        code, said = refusal.code, f"{refusal.sentence()} {dict(refusal.params)}"
    except FeelError as refusal:
        code, said = refusal.code, f"{refusal.text} {refusal.english}"
    except Exception as failure:
        fault = f"{type(failure).__name__}: {failure}"[:300]
    place.watching = False
    seconds = time.process_time() - began
    found = peak() - before
    if place.secret in said:
        fault = f"tells the secret: {said[:200]}"
    return Outcome(name, code, said[:160], round(seconds, 3), round(found / MEGABYTE, 1), fault, tuple(place.outward))


def outcomes(family: str, folder: Path, wanted: str = "") -> Iterator[Outcome]:
    """Every case of a family whose name holds a word, tried."""
    module = import_module(f"{HERE}.{family}")
    place = Place(folder)
    with module.prepared(place) as perform:
        for name, case in module.CASES.items():
            if wanted not in name:
                continue
            yield tried(place, name, lambda case=case: perform(case))


def main() -> None:
    """Prints the outcomes."""
    warnings.simplefilter("error", ResourceWarning)
    for outcome in outcomes(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]):
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()
