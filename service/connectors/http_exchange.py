"""One HTTP request and its answer: allowed addresses only, one time limit for everything, no redirect, no large answer."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from service.connectors.addresses import AddressGuard
from service.connectors.outgoing import ConnectorTrouble
from service.rules.refusals import Invalid

LARGEST_ANSWER = 16 * 1024 * 1024
LONGEST_WAIT = 3600  # seconds a Retry-After may ask for
FINAL = frozenset(
    {400, 409, 410, 413, 422}
)  # this request will never do; other refusals are not its fault: a key, an address, a limit


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # names in small letters

    def data(self) -> dict[str, Any]:
        """The JSON object of the body. Raises ConnectorTrouble: ANSWER_UNREADABLE."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ConnectorTrouble("ANSWER_UNREADABLE", f"{self.status}, expected a JSON object", retryable=True)
        return found


@dataclass(frozen=True)
class Place:
    """A base URL in its parts."""

    secure: bool
    host: str
    port: int
    path: str


def read_url(name: str, url: str, *, schemes: tuple[str, ...] = ("https", "http")) -> Place:
    """A base URL of a setting, without user, query and fragment. Refused: SETTING_INVALID naming the setting."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    secure = parts.scheme == schemes[0]
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in schemes or not parts.hostname or not bare or any(ord(c) < 33 for c in url):
        raise Invalid(
            "SETTING_INVALID",
            "配置项 {name} 的值“{got}”无效，应为 {expected}。",
            name=name,
            expected=f"{schemes[0]}://…",
            got=f"{parts.scheme}://{parts.hostname}",
        )
    return Place(secure, parts.hostname, port or (443 if secure else 80), parts.path.rstrip("/"))


class HttpExchange:
    """Requests to one base URL. `timeout` in seconds: for connecting, and again for sending and reading together."""

    def __init__(
        self, place: Place, guard: AddressGuard, *, timeout: float = 10.0, trust: ssl.SSLContext | None = None
    ) -> None:
        self.place, self.guard, self.timeout = place, guard, timeout
        self._trust = trust or ssl.create_default_context()

    def call(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | BinaryIO = b"") -> Answer:
        """The answer with a status below 400, other than a redirect. A file as `body` needs a Content-Length header.

        Raises ConnectorTrouble with code HTTP_<status> or UNREACHABLE, TIMED_OUT, TLS_FAILED, ANSWER_UNREADABLE,
        ANSWER_TOO_LARGE.
        """
        line = self.guard.connect(self.place.host, self.place.port, timeout=self.timeout)
        if self.place.secure:
            line = self._trust.wrap_socket(line, server_hostname=self.place.host, do_handshake_on_connect=False)
        late = threading.Event()
        alarm = threading.Timer(self.timeout, _break, (line, late))
        alarm.daemon = True
        alarm.start()
        connection = http.client.HTTPConnection(self.place.host, self.place.port)
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            connection.sock = line
            connection.request(method, path, body=body or None, headers={"Connection": "close", **headers})
            with connection.getresponse() as response:
                content = response.read(LARGEST_ANSWER + 1)
                if late.is_set() or (response.length and len(content) <= LARGEST_ANSWER):
                    raise http.client.IncompleteRead(b"")
        except ssl.SSLCertVerificationError as error:
            raise ConnectorTrouble("TLS_FAILED", f"{self.place.host}: {error.verify_message}", retryable=True) from None
        except (OSError, http.client.HTTPException) as error:
            code = "TIMED_OUT" if late.is_set() or isinstance(error, TimeoutError) else "UNREACHABLE"
            raise ConnectorTrouble(code, f"{self.place.host}: {type(error).__name__}", retryable=True) from None
        finally:
            alarm.cancel()
            connection.close()
            line.close()
        if len(content) > LARGEST_ANSWER:
            raise ConnectorTrouble("ANSWER_TOO_LARGE", self.place.host, retryable=True)
        if 200 <= response.status < 300:
            return Answer(status=response.status, body=content, headers=_named(response))
        raise _refused(response.status, response.getheader("Retry-After", "") or "", content)


def _named(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _refused(status: int, retry_after: str, content: bytes) -> ConnectorTrouble:
    """What the request itself is refused for is final, a 404 only with a code (no such order); a redirect is never followed."""
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 6 else 0
    wait = timedelta(seconds=min(seconds, LONGEST_WAIT)) if seconds else None
    try:
        said = json.loads(content[:4096])
        code = str(said.get("code", ""))[:60] if isinstance(said, dict) else ""
    except (ValueError, RecursionError):
        code = ""
    final = status in FINAL or (status == 404 and code != "")
    return ConnectorTrouble(f"HTTP_{status}", code, retryable=not final, wait=wait)


def _break(line: socket.socket, late: threading.Event) -> None:
    """End a connection under its reader, whatever the other side drips. Not by the method of a TLS socket, which would
    take the protection off under the reader.
    """
    late.set()
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended by itself
