"""Files in a folder: written beside, forced to the disk, then renamed; a kill leaves a whole file or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from service.connectors.blobs.keeping import DIGEST, Kept, unreachable


class FolderBackend:
    """`root/kept/ab/cd/abcd…`; the bin is `root/bin`, drafts are in `root/drafts`. Readable by the owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.drafts = root / "drafts"

    def keep(self, digest: str, draft: Path) -> None:
        """Rename the draft to its place."""
        with unreachable():
            place = self._place(digest)
            _make(place.parent)
            os.chmod(draft, 0o400)
            os.replace(draft, place)
            _force(place.parent)

    def open(self, digest: str) -> BinaryIO | None:
        """The file, or None."""
        with unreachable():
            try:
                return self._place(digest).open("rb")
            except FileNotFoundError:
                return None

    def exists(self, digest: str) -> bool:
        """Whether the file is there."""
        with unreachable():
            return self._place(digest).is_file()

    def bin(self, digest: str) -> None:
        """Rename it into the bin."""
        with unreachable(), suppress(FileNotFoundError):
            target = self._binned(digest)
            _make(target.parent)
            os.replace(self._place(digest), target)
            os.utime(target)

    def restore(self, digest: str) -> bool:
        """Rename it back; one that was brought again meanwhile is the same."""
        with unreachable():
            place = self._place(digest)
            _make(place.parent)
            try:
                os.replace(self._binned(digest), place)
            except FileNotFoundError:
                return False
            os.utime(place)
            _force(place.parent)
            return True

    def delete(self, digest: str) -> None:
        """Delete it from the bin."""
        with unreachable(), suppress(FileNotFoundError):
            self._binned(digest).unlink()

    def listed(self, *, binned: bool) -> Iterator[Kept]:
        """Walk the folder; what vanishes meanwhile is left out."""
        pattern = "bin/*" if binned else "kept/??/??/*"
        with unreachable():
            for path in self.root.glob(pattern):
                with suppress(FileNotFoundError):
                    if DIGEST.fullmatch(path.name):
                        found = path.stat()
                        since = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield Kept(digest=path.name, size=found.st_size, since=since)

    def tidy(self, before: datetime) -> None:
        """Remove drafts that nobody has written to for long."""
        with unreachable():
            for path in self.drafts.glob("draft-*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()

    def _place(self, digest: str) -> Path:
        return self.root / "kept" / digest[:2] / digest[2:4] / digest

    def _binned(self, digest: str) -> Path:
        return self.root / "bin" / digest


def _make(folder: Path) -> None:
    """The folder and those above it; a new one is forced to the disk with its parent."""
    if not folder.is_dir():
        _make(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _force(folder.parent)


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
