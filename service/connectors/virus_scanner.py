"""The virus scanner: clamd over TCP or a local socket, asked with INSTREAM, so that it needs no access to our files."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from service.connectors.addresses import AddressGuard
from service.connectors.environment import Given, wrong
from service.connectors.outgoing import ConnectorTrouble

PIECE = 64 * 1024
ANSWER = 4096  # bytes clamd may say
PORT = 3310
FOUND = re.compile(r"stream: (?P<what>.+) FOUND")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What the scanner says of a file: `signature` is the name of what it found, empty for a clean file."""

    signature: str

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not self.signature


class Scanner:
    """One clamd. `timeout` in seconds: for connecting, for every step, and ten times as much for a whole file."""

    def __init__(self, connect: Callable[[float], socket.socket], *, timeout: float = 30.0) -> None:
        self._connect, self._timeout = connect, timeout

    def scan(self, content: BinaryIO) -> Scan:
        """Send a file and hear what is in it.

        Raises ConnectorTrouble: UNREACHABLE, TIMED_OUT, ANSWER_UNREADABLE, SCAN_REFUSED (clamd takes no file that large).
        """
        until = time.monotonic() + 10 * self._timeout
        line = self._connect(self._timeout)
        refused = False
        try:
            line.settimeout(self._timeout)
            line.sendall(b"zINSTREAM\0")
            try:
                while piece := content.read(PIECE):
                    if time.monotonic() > until:
                        raise TimeoutError
                    line.sendall(struct.pack("!L", len(piece)) + piece)
                line.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                refused = True  # it says why, if it can, before it hangs up
            said = self._hear(line, until)
        except TimeoutError:
            raise ConnectorTrouble("TIMED_OUT", "clamd", retryable=True) from None
        except OSError as error:
            raise ConnectorTrouble("UNREACHABLE", f"clamd: {type(error).__name__}", retryable=True) from None
        finally:
            line.close()
        if said == "stream: OK" and not refused:
            return Scan(signature="")
        if found := FOUND.fullmatch(said):
            return Scan(signature=found["what"][:200])
        if "size limit exceeded" in said.lower() or refused:
            raise ConnectorTrouble("SCAN_REFUSED", said[:100] or "hung up", retryable=True)
        raise ConnectorTrouble("ANSWER_UNREADABLE", f"clamd: {said[:100]!r}", retryable=True)

    def _hear(self, line: socket.socket, until: float) -> str:
        said = b""
        while b"\0" not in said and len(said) < ANSWER:
            if time.monotonic() > until:
                raise TimeoutError
            piece = line.recv(ANSWER)
            if not piece:
                break
            said += piece
        return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def scanner_from(given: Given, guard: AddressGuard) -> Scanner | None:
    """The scanner of LIANBAN_CLAMD_URL (`tcp://host:3310`, `unix:///run/clamav/clamd.ctl`); None without one.

    Refused: SETTING_INVALID.
    """
    text = given.text("CLAMD_URL")
    if not text:
        return None
    expected = "tcp://host:3310 / unix:///run/clamd.ctl"
    try:
        parts = urlsplit(text)
        host, port, path = parts.hostname or "", parts.port or PORT, parts.path
    except ValueError:
        raise wrong("CLAMD_URL", expected, text[:100]) from None
    timeout = given.number("CLAMD_TIMEOUT", 30, 600)
    if parts.scheme == "tcp" and host and not path.strip("/") and not (parts.query or parts.username):
        return Scanner(lambda wait: guard.connect(host, port, timeout=wait), timeout=timeout)
    if parts.scheme == "unix" and path.startswith("/") and not host:
        return Scanner(lambda wait: _local(path, wait), timeout=timeout)
    raise wrong("CLAMD_URL", expected, text[:100])


def _local(path: str, timeout: float) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        line.connect(path)
    except OSError as error:
        line.close()
        raise ConnectorTrouble("UNREACHABLE", f"clamd: {type(error).__name__}", retryable=True) from None
    return line
