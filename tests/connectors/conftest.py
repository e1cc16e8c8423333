"""Other machines as tests play them: on the loopback, with a certificate made for the run."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from service.connectors.addresses import AddressGuard
from service.connectors.outgoing import ConnectorTrouble, Outgoing

LOOPBACK = AddressGuard([ipaddress.ip_network("127.0.0.0/8")])
SECRET = b"a shared secret of 32 bytes ....."
ID = UUID("5f0c1c9e-6f7a-4f0e-9a6b-0f2d3c4b5a69")


class Clock:
    """Real time as a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 19, 2, 0, 0, 400_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: int) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate and key for localhost."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="session")
def serving(certificate) -> ssl.SSLContext:
    """The server's side of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture(scope="session")
def trusting(certificate) -> ssl.SSLContext:
    """The side of a client that trusts it."""
    return ssl.create_default_context(cafile=certificate[0])


def message(to: str = "13800138000", text: str = "【云溪政务】您的施工许可证核发已恢复办理。", **more) -> Outgoing:
    """A message of the fixed id."""
    given = {
        "id": ID,
        "to": to,
        "subject": "【云溪政务】恢复计时",
        "text": text,
        "at": datetime(2026, 3, 19, 10, tzinfo=UTC),
    }
    return Outgoing(**given | more)


def trouble(act: Callable, *arguments, **named) -> ConnectorTrouble:
    """The trouble an act runs into."""
    with pytest.raises(ConnectorTrouble) as caught:
        act(*arguments, **named)
    return caught.value


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Mute:
    """A server that takes connections, and does what `behave` does with each."""

    def __init__(self, behave: Callable[[socket.socket], None]) -> None:
        import threading

        self.behave = behave
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lines: list[socket.socket] = []
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                self.lines.append(line)
                with suppress(OSError):
                    self.behave(line)

    def close(self) -> None:
        # closing alone does not wake a thread that waits in accept
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            line.close()
        self.thread.join(5)


@pytest.fixture
def mute():
    """Start a server that behaves badly."""
    started = []

    def start(behave: Callable[[socket.socket], None]) -> Mute:
        started.append(Mute(behave))
        return started[-1]

    yield start
    for one in started:
        one.close()
