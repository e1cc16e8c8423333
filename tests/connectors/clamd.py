"""clamd as the other side sees it: INSTREAM with its limits, and the moods of a real one."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Finds EICAR. `limit`: bytes of a stream it takes; `mood`: what it does instead of answering."""

    def __init__(self, path: str | None = None) -> None:
        self.limit, self.mood = 10_000_000, ""
        self.seen: list[int] = []
        if path is None:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        else:
            self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.listener.bind(path)
            self.listener.listen()
            self.url = f"unix://{path}"
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                with line, suppress(OSError, struct.error):
                    self._serve(line)

    def _serve(self, line: socket.socket) -> None:
        if self.mood == "hang up":
            return
        reader = line.makefile("rb")
        assert reader.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", reader.read(4))[0]:
            content += reader.read(size)
            if len(content) > self.limit:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(len(content))
        if self.mood == "mute":
            line.recv(1)
            return
        said = {"nonsense": "?\0", "error": "stream: Can't allocate memory ERROR\0"}.get(self.mood)
        found = "stream: Eicar-Test-Signature FOUND\0" if EICAR in content else "stream: OK\0"
        line.sendall((said or found).encode())

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(2)
