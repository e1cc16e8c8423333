"""The served process as a campaign sees it: started, watched, killed and restarted on one port."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIANBAN = Path(sys.executable).with_name("lianban")
START_SECONDS = 300  # a few on a quiet machine
PORTS = range(10_000, 32_000)  # below those a client is given: one that calls a killed service must not sit on its port


def free_port() -> int:
    """A port nobody listens on now, and hardly anybody else will choose."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers_ready(port: int) -> bool:
    """Whether /readyz answers 200 at a port of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class Served:
    """`lianban serve --demo` on a data directory and a port of its own."""

    def __init__(self, data_dir: Path, *, database_url: str | None = None, environment: dict[str, str] | None = None):
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir / "served.log"
        self.process: subprocess.Popen[bytes] | None = None
        data_dir.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LIANBAN_")},
            "LIANBAN_DEMO": "1",
            "LIANBAN_DATA_DIR": str(data_dir),
            "LIANBAN_PORT": str(self.port),
            "LIANBAN_LOG": "warning",
            **dict.fromkeys(("LIANBAN_RATE_PERSON", "LIANBAN_RATE_HEAVY"), "0"),  # one account does the work of many
            **({"LIANBAN_DATABASE_URL": database_url} if database_url else {}),
            **(environment or {}),
        }

    def __enter__(self) -> Served:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> float:
        """Start and wait until /readyz says 200; returns the seconds that took."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([LIANBAN, "serve"], env=self.environment, stdout=log, stderr=log, cwd=ROOT)
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(f"expected a ready service but got:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - begun

    def is_ready(self) -> bool:
        """Whether /readyz answers 200 now."""
        return answers_ready(self.port)

    def kill(self) -> None:
        """kill -9: no handler, no flush, no goodbye."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int | None:
        """SIGTERM and wait; the exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else None
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def memory(self) -> int:
        """Resident bytes."""
        assert self.process
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("expected VmRSS in /proc but got none")

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        assert self.process
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
