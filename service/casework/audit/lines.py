"""What a line of the ledger or of a journal says, as it is fingerprinted and exported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.documents.audited import fingerprint
from service.rules.plain_json import plain_json

LEDGER = "ledger"
NUMBER = {True: "id", False: "line"}  # the column that numbers the lines of the ledger, of a journal


def numbered(stream: str, line: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """The number of a line within its stream, and everything else it says as plain JSON."""
    said = {name: plain_json(value) for name, value in line.items() if name != NUMBER[stream == LEDGER]}
    return int(line[NUMBER[stream == LEDGER]]), said


def entries(stream: str, lines: Iterable[Mapping[str, Any]]) -> list[tuple[int, bytes]]:
    """Numbers and fingerprints of lines."""
    return [(number, fingerprint(said)) for number, said in (numbered(stream, line) for line in lines)]
