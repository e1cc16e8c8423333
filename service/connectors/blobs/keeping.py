"""Keeping files by their content: the same file is kept once, whoever brings it, and can always be checked.

What nobody refers to any more goes to the bin first and is deleted a grace period later; whoever asks for it meanwhile
has it back. So a file that is put away in the very moment in which somebody brings it again is not lost.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from service.rules.refusals import Invalid, Missing, TooLarge, Unavailable

DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST = 2 * 1024 * 1024 * 1024  # bytes, whatever a caller allows
PIECE = 1024 * 1024
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file as the store lists it. `since`: when it was last brought, or put into the bin."""

    digest: str
    size: int
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep did: files put into the bin, deleted from it, taken out of it again."""

    binned: int = 0
    deleted: int = 0
    restored: int = 0


class Backend(Protocol):
    """Where files are. Safe for several threads and processes. Refused: BLOBS_UNREACHABLE (Unavailable)."""

    drafts: Path  # a local directory for files that are being received

    def keep(self, digest: str, draft: Path) -> None:
        """Take a complete file over, lasting when this returns; the one of the same name is replaced."""

    def open(self, digest: str) -> BinaryIO | None:
        """The file, seekable; None when it is not there."""

    def exists(self, digest: str) -> bool:
        """Whether the file is there."""

    def bin(self, digest: str) -> None:
        """Put it into the bin."""

    def restore(self, digest: str) -> bool:
        """Take it out of the bin; False when it is not there."""

    def delete(self, digest: str) -> None:
        """Delete it from the bin."""

    def listed(self, *, binned: bool) -> Iterator[Kept]:
        """Every file, or every file in the bin, in any order."""

    def tidy(self, before: datetime) -> None:
        """Remove drafts that were left behind."""


class Blobs:
    """The store as everybody uses it."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def put(self, content: bytes | BinaryIO, *, limit: int = LARGEST) -> str:
        """Keep a file and return its digest; the same content again is the same file.

        Refused: BLOB_TOO_LARGE beyond `limit` bytes, BLOBS_UNREACHABLE.
        """
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        most = min(limit, LARGEST)
        hashed, size = hashlib.sha256(), 0
        with unreachable():
            self.backend.drafts.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="draft-", dir=self.backend.drafts)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                while piece := stream.read(min(PIECE, most + 1 - size)):
                    size += len(piece)
                    if size > most:
                        raise TooLarge("BLOB_TOO_LARGE", "文件不能超过 {most} 字节。", most=most)
                    hashed.update(piece)
                    with unreachable():
                        file.write(piece)
                with unreachable():
                    file.flush()
                    os.fsync(file.fileno())
            digest = hashed.hexdigest()
            self.backend.keep(digest, draft)
        finally:
            with suppress(OSError):
                draft.unlink()
        return digest

    def open(self, digest: str) -> BinaryIO:
        """The file as a seekable stream; the caller closes it. Refused: BLOB_MISSING, BLOBS_UNREACHABLE."""
        found = self.backend.open(_checked(digest))
        if found is None and self.backend.restore(digest):
            found = self.backend.open(digest)
        if found is None:
            raise Missing("BLOB_MISSING", "文件库中没有文件 {digest}。", digest=digest[:12])
        return found

    def read(self, digest: str) -> bytes:
        """The whole file, checked. Refused: BLOB_MISSING, BLOB_DAMAGED, BLOBS_UNREACHABLE."""
        with self.open(digest) as stream:
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != digest:
            raise Unavailable("BLOB_DAMAGED", "文件库中的文件 {digest} 已损坏，请联系系统管理员。", digest=digest[:12])
        return content

    def exists(self, digest: str) -> bool:
        """Whether the file can be had."""
        return self.backend.exists(_checked(digest)) or self.backend.restore(digest)

    def verify(self, digest: str) -> bool:
        """Whether the file is what its digest says. Refused: BLOB_MISSING, BLOBS_UNREACHABLE."""
        hashed = hashlib.sha256()
        with self.open(digest) as stream:
            while piece := stream.read(PIECE):
                hashed.update(piece)
        return hashed.hexdigest() == digest

    def listed(self) -> Iterator[Kept]:
        """Every file that is kept, in any order."""
        return self.backend.listed(binned=False)

    def sweep(self, in_use: Callable[[Sequence[str]], Collection[str]], *, before: datetime) -> Swept:
        """Put what nobody uses into the bin, and delete what lay there long enough.

        `in_use` says which of some digests are referred to; `before`: what was brought or binned later is left alone.
        """
        restored = deleted = binned = 0
        for batch in _batches(self.backend.listed(binned=True)):
            used = frozenset(in_use([one.digest for one in batch]))
            for one in batch:
                if one.digest in used:
                    restored += self.backend.restore(one.digest)
                elif one.since < before:
                    self.backend.delete(one.digest)
                    deleted += 1
        for batch in _batches(one for one in self.backend.listed(binned=False) if one.since < before):
            used = frozenset(in_use([one.digest for one in batch]))
            for one in batch:
                if one.digest not in used:
                    self.backend.bin(one.digest)
                    binned += 1
        self.backend.tidy(before)
        return Swept(binned=binned, deleted=deleted, restored=restored)


class unreachable:
    """Trouble of the file system inside this block is Unavailable BLOBS_UNREACHABLE."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, OSError):
            raise away(type(fault).__name__ + (f" {fault.errno}" if fault.errno else "")) from fault


def away(detail: str) -> Unavailable:
    """The refusal while the store cannot be reached."""
    return Unavailable("BLOBS_UNREACHABLE", "文件库暂时无法使用（{detail}），请稍后再试。", detail=detail)


def _checked(digest: str) -> str:
    if not DIGEST.fullmatch(digest):
        raise Invalid("DIGEST_INVALID", "文件摘要应为 64 位十六进制数，实际为“{got}”。", got=digest[:70])
    return digest


def _batches(listed: Iterator[Kept]) -> Iterator[list[Kept]]:
    while batch := list(islice(listed, BATCH)):
        yield batch
