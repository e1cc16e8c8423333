"""Files in an S3-compatible store (AWS, MinIO, Ceph, the domestic clouds): path style, signature version 4."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote
from xml.etree import ElementTree

from service.connectors.blobs.keeping import DIGEST, PIECE, Kept, away
from service.connectors.blobs.s3_signing import EMPTY, S3Account, spelt
from service.connectors.http_exchange import Answer, HttpExchange
from service.connectors.outgoing import ConnectorTrouble

PART = 8 * 1024 * 1024  # asked for at once
AREAS = {False: "kept", True: "bin"}


class S3Backend:
    """`<prefix>kept/<digest>` and `<prefix>bin/<digest>` of one bucket. `clock` is real time."""

    def __init__(
        self,
        exchange: HttpExchange,
        account: S3Account,
        *,
        bucket: str,
        prefix: str,
        drafts: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._exchange, self._account, self._clock = exchange, account, clock
        self._bucket, self._prefix, self.drafts = bucket, prefix, drafts

    def keep(self, digest: str, draft: Path) -> None:
        """Send the draft; the store checks its content against the signed digest."""
        with draft.open("rb") as body:
            headers = {"Content-Length": str(draft.stat().st_size), "Content-Type": "application/octet-stream"}
            self._call("PUT", self._key(digest), headers=headers, body=body, content=digest)

    def open(self, digest: str) -> BinaryIO | None:
        """A stream that asks for the parts that are read."""
        found = self._find("HEAD", self._key(digest))
        if found is None:
            return None
        size = int(found.headers.get("content-length", "0"))
        return io.BufferedReader(_Remote(self, self._key(digest), size), PIECE)

    def exists(self, digest: str) -> bool:
        """Whether the file is there."""
        return self._find("HEAD", self._key(digest)) is not None

    def bin(self, digest: str) -> None:
        """Copy it to the bin, then remove it."""
        self._move(self._key(digest), self._key(digest, binned=True))

    def restore(self, digest: str) -> bool:
        """Copy it back."""
        return self._move(self._key(digest, binned=True), self._key(digest))

    def delete(self, digest: str) -> None:
        """Delete it from the bin."""
        self._find("DELETE", self._key(digest, binned=True))

    def listed(self, *, binned: bool) -> Iterator[Kept]:
        """A thousand at a time."""
        start = f"{self._prefix}{AREAS[binned]}/"
        query = {"list-type": "2", "prefix": start}
        while True:
            page = _read(self._call("GET", "", query=query).body)
            for one in page.iterfind("{*}Contents"):
                digest = (one.findtext("{*}Key") or "").removeprefix(start)
                if DIGEST.fullmatch(digest):
                    since = datetime.fromisoformat(one.findtext("{*}LastModified") or "").astimezone(UTC)
                    yield Kept(digest=digest, size=int(one.findtext("{*}Size") or 0), since=since)
            token = page.findtext("{*}NextContinuationToken")
            if page.findtext("{*}IsTruncated") != "true" or not token:
                return
            query["continuation-token"] = token

    def tidy(self, before: datetime) -> None:
        """Remove local drafts that were left behind."""
        for path in self.drafts.glob("draft-*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def part(self, key: str, start: int, length: int) -> bytes:
        """Some bytes of a file."""
        return self._call("GET", key, headers={"Range": f"bytes={start}-{start + length - 1}"}).body

    def _key(self, digest: str, *, binned: bool = False) -> str:
        return f"{self._prefix}{AREAS[binned]}/{digest}"

    def _move(self, source: str, target: str) -> bool:
        copied = self._find("PUT", target, headers={"x-amz-copy-source": quote(f"/{self._bucket}/{source}")})
        if copied is None:
            return False
        if b"CopyObjectResult" not in copied.body:  # a copy may fail after the status was sent
            raise away("S3 COPY")
        self._find("DELETE", source)
        return True

    def _find(self, method: str, key: str, *, headers: Mapping[str, str] | None = None) -> Answer | None:
        """The answer, None for 404."""
        try:
            return self._send(method, key, headers=headers)
        except ConnectorTrouble as trouble:
            if trouble.code == "HTTP_404":
                return None
            raise away(f"S3 {trouble.code}") from trouble

    def _call(self, method: str, key: str, **more: Any) -> Answer:
        try:
            return self._send(method, key, **more)
        except ConnectorTrouble as trouble:
            raise away(f"S3 {trouble.code}") from trouble

    def _send(
        self,
        method: str,
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | BinaryIO = b"",
        content: str = EMPTY,
    ) -> Answer:
        place = self._exchange.place
        path = quote("/".join((place.path, self._bucket, key)).rstrip("/"))
        host = place.host if place.port == (443 if place.secure else 80) else f"{place.host}:{place.port}"
        signed = self._account.headers(
            method, path, query or {}, headers or {}, host=host, content=content, at=self._clock().astimezone(UTC)
        )
        return self._exchange.call(method, f"{path}?{spelt(query)}" if query else path, headers=signed, body=body)


class _Remote(io.RawIOBase):
    """A file of the store as a raw stream."""

    def __init__(self, backend: S3Backend, key: str, size: int) -> None:
        self._backend, self._key, self._size, self._at = backend, key, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there; nothing is asked for yet."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Ask for the next part."""
        length = min(len(buffer), PART, self._size - self._at)
        if length <= 0:
            return 0
        part = self._backend.part(self._key, self._at, length)
        if len(part) != length:
            raise away("S3 RANGE")
        buffer[:length] = part
        self._at += length
        return length


def _read(body: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in body:
        raise away("S3 XML")
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise away("S3 XML") from error
