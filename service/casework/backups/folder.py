"""The folder of backups: `generations/INSTANT/{manifest.json, manifest.sum, database.…, blobs.txt}`, their files in `blobs`.

A generation is made beside and renamed when it is whole, so that a kill leaves all of it or nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.connectors.blobs import Blobs, FolderBackend
from service.rules.backups import Manifest, read_manifest
from service.rules.hashes import sm3
from service.rules.refusals import Conflict, Invalid

MANIFEST, SUM, LIST = "manifest.json", "manifest.sum", "blobs.txt"
PIECE = 1024 * 1024


def generations(folder: Path) -> dict[str, Path]:
    """Whole generations by name. Those that were left half made are not among them."""
    return {path.name: path for path in sorted((folder / "generations").glob("*")) if (path / SUM).is_file()}


def manifests(folder: Path) -> list[Manifest]:
    """What each generation says of itself; one whose own sum is not right is left out."""
    return [found for path in generations(folder).values() if (found := sound_manifest(path)) is not None]


def sound_manifest(generation: Path) -> Manifest | None:
    """The manifest, None when it is not what it was."""
    try:
        content = (generation / MANIFEST).read_bytes()
        if (generation / SUM).read_text(encoding="ascii") != manifest_sum(content):
            return None
        return read_manifest(content)
    except (OSError, Invalid):
        return None


def manifest_sum(content: bytes) -> str:
    """Both sums of a manifest, as they stand beside it."""
    return f"sm3 {sm3(content)}\nsha256 {hashlib.sha256(content).hexdigest()}\n"


def sums(path: Path) -> tuple[str, str]:
    """SHA-256 and SM3 of a file."""
    hashed = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                hashed.update(piece)
                yield piece

    other = sm3(pieces())
    return hashed.hexdigest(), other


def files(folder: Path) -> Blobs:
    """The files of all generations."""
    return Blobs(FolderBackend(folder / "blobs"))


def listed(generation: Path) -> tuple[str, ...]:
    """The files one generation refers to."""
    return tuple((generation / LIST).read_text(encoding="ascii").split())


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """A place for a generation that is being made; nobody else makes one. Refused: Conflict BACKUP_RUNNING."""
    for one in ("generations", "drafts"):
        (folder / one).mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Conflict("BACKUP_RUNNING", "另一个备份正在进行，请稍后再试。") from busy
        for left in (folder / "drafts").iterdir():  # of one that was killed
            shutil.rmtree(left)
        place = folder / "drafts" / str(os.getpid())
        place.mkdir(mode=0o700)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def finish(folder: Path, place: Path, name: str) -> None:
    """Everything to the disk, then to its place."""
    for path in place.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    os.replace(place, folder / "generations" / name)
    for path in (folder / "generations", folder):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
