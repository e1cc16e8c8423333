"""Asking the examiner: one short-lived process per file, with limits of its own.

Decoders of pictures and PDFs are large C libraries; a hostile file may hang them, let them grow or make them crash.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.rules.material_files import KINDS, fault, kind_by_name

EXAMINER = "service.received.examiner"
HOME = str(Path(__file__).resolve().parents[2])
SECONDS = 60  # of real time, for one file
AT_ONCE = threading.BoundedSemaphore(2)  # files a node looks at together


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What is known of a file that was taken. `thumbnail`: a small JPEG of its first page, None for packed documents."""

    media_type: str
    pages: int | None
    dpi: int | None
    thumbnail: bytes | None


def examine(path: Path, *, name: str, scan: bool) -> Examined:
    """Look at a file. `scan`: it says it was scanned, so a resolution it states has to be high enough (SM-41).

    Refused: the codes of `rules.material_files.FAULTS`.
    """
    kind = kind_by_name(name)
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        picture = Path(folder) / "page.jpg"
        answer = _ask(
            {"act": "examine", "path": str(path), "kind": kind.code, "scan": scan, "picture": str(picture)}, name
        )
        thumbnail = picture.read_bytes() if picture.exists() else None
    return Examined(
        media_type=KINDS[kind.code].media_type,
        pages=answer.get("pages"),
        dpi=answer.get("dpi"),
        thumbnail=thumbnail,
    )


def show_page(path: Path, *, name: str, media_type: str, page: int, width: int, turn: int = 0) -> bytes:
    """One page as a JPEG of about that many pixels across; the first page is 1. `turn`: clockwise, 0, 90, 180 or 270.

    Refused: as for `examine`.
    """
    code = next(kind.code for kind in KINDS.values() if kind.media_type == media_type)
    with tempfile.TemporaryDirectory(prefix="lianban-") as folder:
        picture = Path(folder) / "page.jpg"
        asked = {"act": "page", "path": str(path), "kind": code, "page": page, "width": width, "turn": turn}
        _ask({**asked, "picture": str(picture)}, name)
        return picture.read_bytes()


def _ask(asked: Mapping[str, Any], name: str) -> dict[str, Any]:
    surroundings = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONPATH": HOME}
    command = [sys.executable, "-B", "-W", "ignore", "-m", EXAMINER, json.dumps(asked)]
    try:
        with AT_ONCE:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, env=surroundings, timeout=SECONDS, check=False
            )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {}
    if not answer:
        raise fault("FILE_UNREADABLE", name)
    if "fault" in answer:
        raise fault(answer["fault"], name, **answer["params"])
    return answer
