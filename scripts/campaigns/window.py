"""A clerk before a browser while nodes are killed: signs in once, brings files for the materials of items, sends again what was not answered.

What was acknowledged must be there in the end: every file whose arrival the page has told, once, byte for byte, and the session
all along.
"""

from __future__ import annotations

import hashlib
import random
import re
import struct
import threading
import time
import zlib
from collections.abc import Callable
from email.message import Message
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener
from uuid import UUID

from sqlalchemy import text

from scripts.campaigns.client import PASSWORD
from service.casework.office import Office

CLERK = "wangfang"
FILES_EACH = 6  # brought for one item
BOUNDARY = "lianban-campaign"
AWAY_SECONDS = 900
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LINE = re.compile(r"/materials/([0-9a-f-]{36})/files")


class _Stay(HTTPRedirectHandler):
    """An answer that leads elsewhere is looked at, not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Window(threading.Thread):
    """One clerk. `begin` starts an item and gives its id, None when it is not known whether it did."""

    def __init__(self, ports: list[int], seed: int, begin: Callable[[], UUID | None]) -> None:
        super().__init__(daemon=True)
        self.ports, self.chance, self.begin = ports, random.Random(seed), begin
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)
        self.draining = threading.Event()
        self.brought: set[str] = set()  # digests of files the page has said to be handed in
        self.unknown = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        """Until draining; a fault is kept for the main thread."""
        try:
            self.sign_in()
            while not self.draining.is_set():
                self.item()
        except BaseException as error:  # told by the campaign's main thread
            self.error = error

    def sign_in(self) -> None:
        """Once; whoever was signed in stays so, whichever node answers and however often it is killed."""
        _, page = self.persist("GET", "/login")
        form = {"csrf_token": _token(page), "username": CLERK, "password": PASSWORD}
        status, _ = self.persist("POST", "/login", urlencode(form).encode())
        if status != 302:
            raise AssertionError(f"expected to be signed in but got {status}")

    def item(self) -> None:
        """One item with a few files."""
        case = self.begin()
        until = time.monotonic() + AWAY_SECONDS
        while case is not None and not self.draining.is_set():
            status, page = self.persist("GET", f"/cases/{case}/materials")
            lines = LINE.findall(page)
            if status == 200 and lines:
                for _ in range(FILES_EACH):
                    self.bring(self.chance.choice(lines), _token(page))
                return
            if status not in (200, 404) or time.monotonic() > until:  # 404: nobody has made it the clerk's yet
                raise AssertionError(f"expected the materials of {case} but got {status}: {page[:200]}")
            self.draining.wait(0.3)

    def bring(self, line: str, token: str) -> None:
        """One file, sent again until somebody answers."""
        picture = _picture(self.chance)
        status, said = self.persist(
            "POST", f"/materials/{line}/files", _parts(token, picture), kind=f"multipart/form-data; boundary={BOUNDARY}"
        )
        if status == 409 and "MATERIAL_SHARED" in said:
            return  # the office looks this one up itself
        if status != 200:
            raise AssertionError(f"expected a file to be taken but got {status}: {said[:300]}")
        self.brought.add(hashlib.sha256(picture).hexdigest())

    def persist(self, method: str, path: str, body: bytes | None = None, *, kind: str = "") -> tuple[int, str]:
        """Repeat until there is an answer other than 'busy'; any of the nodes may give it."""
        until, lost = time.monotonic() + AWAY_SECONDS, False
        headers = {"Accept": "application/json" if kind else "text/html", "Content-Type": kind or "application/x-www-form-urlencoded"}  # fmt: skip
        while True:
            address = f"http://127.0.0.1:{self.chance.choice(self.ports)}{path}"
            try:
                with self.opener.open(Request(address, body, headers, method=method), timeout=20) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as refusal:
                with refusal:
                    if refusal.code != 503:
                        return refusal.code, _words(refusal.headers, refusal.read())
            except (OSError, HTTPException):
                self.unknown += not lost
                lost = True
            if time.monotonic() > until:
                raise ConnectionError(f"nobody answers {path}")
            time.sleep(0.1)

    def faults(self, office: Office) -> list[str]:
        """What was acknowledged and is not there, not what it was, or there twice."""
        with office.reading() as records:
            rows = records.execute(text("SELECT digest, count(*) AS n FROM material_version GROUP BY digest")).all()
        kept = {row.digest: int(row.n) for row in rows}
        found = [
            f"file {one}: expected once but it is there {kept.get(one, 0)} times"
            for one in self.brought
            if kept.get(one) != 1
        ]
        return found + [f"file {one}: not what it was" for one in kept if not office.blobs.verify(one)]


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise AssertionError(f"expected a page with a form but got: {page[:300]}")
    return found[1]


def _words(headers: Message, content: bytes) -> str:
    return content.decode("utf-8", "replace") if "text" in str(headers) or "json" in str(headers) else ""


def _parts(token: str, picture: bytes) -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    ).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip


def _picture(chance: random.Random) -> bytes:
    """A PNG of eight by eight points that nobody else has."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    points = zlib.compress(b"".join(b"\0" + chance.randbytes(24) for _ in range(8)))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
