"""An operator's SMPP 3.4 server for tests, written from the specification: it shares no code with the client."""

from __future__ import annotations

import select
import socket
import ssl
import struct
import threading
from contextlib import suppress

BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000


def text_field(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(0, at)
    return body[at:end].decode(), end + 1


class Submitted:
    """A submit_sm taken apart."""

    def __init__(self, body: bytes) -> None:
        _, at = text_field(body, 0)
        self.source, at = text_field(body, at + 2)
        self.ton, self.npi = body[at], body[at + 1]
        self.target, at = text_field(body, at + 2)
        self.esm_class = body[at]
        _, at = text_field(body, at + 3)
        self.validity, at = text_field(body, at)
        self.receipt, self.coding, length = body[at], body[at + 2], body[at + 4]
        at += 5
        self.raw = body[at : at + length]
        self.rest = body[at + length :]

    @property
    def header(self) -> bytes:
        return self.raw[: self.raw[0] + 1] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> str:
        return self.raw[len(self.header) :].decode("utf-16-be")


class Smsc:
    """One operator. `status` for the next submissions (a list, then 0), `silent` commands get no answer."""

    def __init__(self, *, password: str = "secret", tls: ssl.SSLContext | None = None) -> None:
        self.password, self.tls = password, tls
        self.binds: list[tuple[str, str, str, int]] = []
        self.submitted: list[Submitted] = []
        self.answers: list[tuple[int, int, int, bytes]] = []  # command, status, sequence, body of responses we got
        self.status: list[int] = []
        self.silent: set[int] = set()
        self.before_answer: list[bytes] = []  # PDUs put before the next answer
        self.pushed: list[bytes] = []
        self.enquiries = self.unbinds = 0
        self.got = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lines: list[socket.socket] = []
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                self.lines.append(line)
                thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
                self.threads.append(thread)
                thread.start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(
            OSError, EOFError, ValueError
        ):  # ValueError: closed while it was asked whether there is something
            if self.tls is not None:
                line = self.tls.wrap_socket(line, server_side=True)
                self.lines.append(line)
            while True:
                self._push_until_asked(line)
                length, command, status, sequence = struct.unpack(">IIII", self._exactly(line, 16))
                body = self._exactly(line, length - 16)
                self._handle(line, command, status, sequence, body)

    def _push_until_asked(self, line: socket.socket) -> None:
        """One thread reads and writes a line: OpenSSL loses count of its records when two do."""
        while not (isinstance(line, ssl.SSLSocket) and line.pending()) and not select.select([line], [], [], 0.005)[0]:
            with self.got:
                while self.pushed:
                    line.sendall(self.pushed.pop(0))
                self.got.notify_all()

    @staticmethod
    def _exactly(line: socket.socket, count: int) -> bytes:
        found = b""
        while len(found) < count:
            piece = line.recv(count - len(found))
            if not piece:
                raise EOFError
            found += piece
        return found

    def _handle(self, line, command: int, status: int, sequence: int, body: bytes) -> None:
        answer, answer_status = b"", 0
        if command == BIND:
            system, at = text_field(body, 0)
            password, at = text_field(body, at)
            kind, at = text_field(body, at)
            self.binds.append((system, password, kind, body[at]))
            answer, answer_status = b"SMSC\0", 0 if password == self.password else 0x0E
        elif command == SUBMIT:
            answer_status = self.status.pop(0) if self.status else 0
            if not answer_status:
                self.submitted.append(Submitted(body))
                answer = f"id-{len(self.submitted)}".encode() + b"\0"
        elif command == ENQUIRE:
            self.enquiries += 1
        elif command == UNBIND:
            self.unbinds += 1
        else:
            with self.got:
                self.answers.append((command, status, sequence, body))
                self.got.notify_all()
            return
        while self.before_answer:
            line.sendall(self.before_answer.pop(0))
        if command not in self.silent:
            line.sendall(pdu(command | RESPONSE, sequence, answer, answer_status))

    def push(self, data: bytes) -> None:
        """Send to the client what it did not ask for."""
        with self.got:
            self.pushed.append(data)
            assert self.got.wait_for(lambda: not self.pushed, 5)

    def answered(self, count: int) -> list[tuple[int, int, int, bytes]]:
        """The client's responses, once there are so many."""
        with self.got:
            assert self.got.wait_for(lambda: len(self.answers) >= count, 5)
        return self.answers

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self.threads:
            thread.join(5)


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def delivery(sequence: int, text: bytes, *, esm_class: int = 0x04, extras: bytes = b"") -> bytes:
    """A deliver_sm with a receipt, or a telephone's message."""
    body = b"\0" + b"\1\1" + b"8613800138000\0" + b"\0\1" + b"10690000\0" + bytes((esm_class, 0, 0)) + b"\0\0"
    return pdu(DELIVER, sequence, body + bytes((0, 0, 0, 0, len(text))) + text + extras)


def receipt(reference: str, stat: str = "DELIVRD") -> bytes:
    return f"id:{reference} sub:001 dlvrd:001 submit date:2603191000 done date:2603191001 stat:{stat} err:000 text:...".encode()


def extra(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value
