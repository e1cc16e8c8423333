"""Watching folders: what was saved is acted on once nothing has been saved for a moment, and mistakes stop nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

QUIET_SECONDS = 0.5  # editors write a file in several steps, and people save several files at once

Snapshot = Mapping[Path, tuple[int, int]]


def snapshot(files: Iterable[Path]) -> Snapshot:
    """When each file was written last and how large it is; a file that vanishes meanwhile is left out."""
    found = {}
    for file in files:
        with suppress(OSError):
            state = file.stat()
            found[file] = (state.st_mtime_ns, state.st_size)
    return found


def watch(
    look: Callable[[], Snapshot],
    act: Callable[[], object],
    *,
    wait: Callable[[float], None] = time.sleep,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """Act now, and again after every change that has come to rest."""
    acted_on = look()
    act()
    seen = acted_on
    while goes_on():
        wait(QUIET_SECONDS)
        now = look()
        if now != acted_on and now == seen:
            acted_on = now
            act()
        seen = now
