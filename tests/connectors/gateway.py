"""A gateway on the other side of our HTTP contract, written from docs/connectors.md alone: it shares no code with us."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.connectors.conftest import SECRET


def signature(
    method: str, path: str, stamp: str, nonce: str, body: bytes, secret: bytes = SECRET, digest="sha256"
) -> str:
    """As the contract describes it."""
    text = f"LIANBAN1\n{method}\n{path}\n{stamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret, text.encode(), digest).hexdigest()


class Gateway:
    """Keeps what it got; answers what the test puts into `answers`, (status, headers, body) or a function of the request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: list = []
        self.usual = (200, {}, {"status": "accepted", "reference": "GW-1"})
        self.seen: dict[str, object] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append((self.command, self.path, headers, body))
                given = outer.answers.pop(0) if outer.answers else outer.usual
                if callable(given):
                    given = given(self.command, self.path, headers, body)
                status, more, content = given
                data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                if "Content-Length" not in more:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = handle_any

            def log_message(self, *_) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_) -> None:
                pass  # clients that give up

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def verifies(self, at: float, digest: str = "sha256") -> bool:
        """Whether the last request is signed as agreed, at about an instant."""
        method, path, headers, body = self.requests[-1]
        stamp, nonce = headers["lianban-timestamp"], headers["lianban-nonce"]
        right = signature(method, path, stamp, nonce, body, digest=digest)
        return (
            hmac.compare_digest(right, headers["lianban-signature"]) and abs(int(stamp) - at) < 2 and len(nonce) >= 16
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def drip(line, piece: bytes, every: float = 0.02, times: int = 400) -> None:
    """Send a little now and then."""
    for _ in range(times):
        line.sendall(piece)
        time.sleep(every)
