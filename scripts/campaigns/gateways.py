"""The machines on the other side, as small as can be: a mail server, an SMPP centre and a payment gateway that only take notes."""

from __future__ import annotations

import email
import hashlib
import hmac
import json
import secrets
import socket
import struct
import threading
import time
from contextlib import suppress
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from scripts.campaigns.served import free_port

BIND, SUBMIT, RESPONSE = 0x09, 0x04, 0x80000000


class Post:
    """A mail server."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []  # recipient, text
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port = self._controller.port

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """One letter."""
        letter = email.message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain",))
        self.letters.append((envelope.rcpt_tos[0], body.get_content().strip() if body is not None else ""))
        return "250 OK"

    def close(self) -> None:
        """No more."""
        self._controller.stop()


class Centre:
    """An SMPP 3.4 centre that says yes to everything."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []  # number, text
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, EOFError), line:
            while True:
                length, command, _, sequence = struct.unpack(">IIII", _exactly(line, 16))
                body = _exactly(line, length - 16)
                answer = b""
                if command == BIND:
                    answer = b"centre\0"
                elif command == SUBMIT:
                    answer = f"sms-{self._take(body)}".encode() + b"\0"
                line.sendall(struct.pack(">IIII", 16 + len(answer), command | RESPONSE, 0, sequence) + answer)

    def _take(self, body: bytes) -> int:
        at = body.index(0) + 1  # service type
        at = body.index(0, at + 2) + 1  # source
        end = body.index(0, at + 2)
        number, at = body[at + 2 : end].decode(), end + 4
        at = body.index(0, at) + 1  # planned
        at = body.index(0, at) + 1  # validity
        size = body[at + 4]
        self.texts.append((number, body[at + 5 : at + 5 + size].decode("utf-16-be", "replace")))
        return len(self.texts)

    def close(self) -> None:
        """No more."""
        self._listener.close()


class Bank:
    """A payment gateway by our HTTP contract. `owed`: orders by bill, each once, however often they are asked for."""

    def __init__(self, secret: str) -> None:
        self.owed: dict[str, str] = {}
        self.asked = 0
        self.secret = secret.encode()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                outer.asked += 1
                outer.owed[said["bill"]] = said["amount"]
                self._answer({"order": f"O-{said['bill']}", "pay_url": ""})

            def do_GET(self) -> None:
                self._answer({"state": "OPEN"})

            def _answer(self, said: dict[str, str]) -> None:
                data = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def notice(self, bill: str, path: str) -> tuple[bytes, dict[str, str]]:
        """The signed word that a bill has been paid; a fresh signature each time, the same transaction."""
        said = {
            "kind": "PAYMENT", "bill": bill, "transaction": f"T-{bill}", "amount": self.owed[bill], "currency": "CNY",
            "at": "2026-03-16T10:00:00+08:00", "channel": "UNIONPAY", "receipt": f"4101{bill[2:]}", "reference": "",
        }  # fmt: skip
        body = json.dumps(said).encode()
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        text = "\n".join(("LIANBAN1", "POST", path, stamp, nonce, hashlib.sha256(body).hexdigest()))
        signed = hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()
        return body, {
            "Lianban-Key": "bank", "Lianban-Timestamp": stamp, "Lianban-Nonce": nonce, "Lianban-Signature": signed,
        }  # fmt: skip

    def close(self) -> None:
        """No more."""
        self._server.shutdown()
        self._server.server_close()


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = line.recv(count - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found
