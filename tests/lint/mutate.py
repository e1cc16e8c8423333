"""Mutated copies of the fixtures through the linter. `python -m tests.lint.mutate 10000` soaks."""

from __future__ import annotations

import random
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from service.engine import Resource, examine

FIXTURES = Path(__file__).parent / "fixtures"
TOKENS = [
    b"<", b">", b"/>", b'"', b"&", b"<!--", b"]]>", b"<?", b"\x00", b"\xff", b"\r", b"\xef\xbb\xbf", b"id", b'id=""',
    b"${", b"}", b"=", b"R/PT0S", b"P1D", b"99999999999999999999", b"-1", b"<process>", b"<subProcess id='q'>",
    b"<startEvent/>", b"xmlns:x='y'", b"x:y", b"\xe4\xb8\xad", b"&#0;", b"&amp;", b"true", b"false", b"", b" ",
]  # fmt: skip


@dataclass
class Told:
    """What became of the copies."""

    examined: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A copy with one to five wounds."""
    for _ in range(dice.randint(1, 5)):
        at, to = sorted((dice.randrange(len(content) + 1), dice.randrange(len(content) + 1)))
        match dice.randrange(7):
            case 0:  # cut something small
                content = content[:at] + content[min(at + dice.randint(1, 40), len(content)) :]
            case 1:  # insert a token
                content = content[:at] + dice.choice(TOKENS) + content[at:]
            case 2:  # turn a byte
                content = content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :]
            case 3:  # double a piece
                piece = content[at : min(to, at + 300)]
                content = content[:at] + piece + content[at:]
            case 4:  # drop or double a whole element
                found = list(re.finditer(rb"<[^<>]*/>", content))
                if found:
                    one = dice.choice(found)
                    content = content[: one.start()] + one[0] * dice.choice((0, 2)) + content[one.end() :]
            case 5:  # another value of an attribute
                found = list(re.finditer(rb'"[^"]*"', content))
                if found:
                    one, other = dice.choice(found), dice.choice(found)
                    content = content[: one.start()] + other[0] + content[one.end() :]
            case 6:  # another name of an element
                found = list(re.finditer(rb"<(\w+)", content))
                if found:
                    one, other = dice.choice(found), dice.choice(found)
                    content = content[: one.start(1)] + other[1] + content[one.end(1) :]
    return content


def mutate_all(count: int, *, seed: int) -> Told:
    """Examine so many mutated copies; a fault is an exception, the linter's own failure, or more than two seconds."""
    dice = random.Random(seed)
    sources = [path.read_bytes() for path in sorted(FIXTURES.glob("*/*.bpmn"))]
    told = Told()
    for number in range(count):
        content = mutated(dice.choice(sources), dice)
        before = time.perf_counter()
        try:
            examination = examine([Resource(name=f"{number}.bpmn", content=content)])
        except Exception as failure:
            told.faults.append(f"{number}: {failure!r}")
            continue
        seconds = time.perf_counter() - before
        told.examined += 1
        told.slowest = max(told.slowest, seconds)
        told.refused += bool(examination.errors)
        told.faults += [f"{number}: {f.english}" for f in examination.findings if f.code == "LB999"]
        if seconds > 2:
            told.faults.append(f"{number}: {seconds:.1f} s")
    return told


if __name__ == "__main__":
    result = mutate_all(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"{result.examined} examined, {result.refused} refused, slowest {result.slowest:.2f} s")
    print("\n".join(result.faults[:50]))
    sys.exit(1 if result.faults else 0)
