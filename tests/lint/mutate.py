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
SUITE = Path(__file__).parents[1] / "bpmn"
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


VALUES = [
    b"", b" ", b"${", b"${a.b()}", b"=", b"=1 +", b"R/PT0S", b"P1D", b"9" * 30, b"-1", b"true", b"false", b"x:y", b"#{}",
    "中 文".encode(), b"tns:m", b"p", b"e", b"s", b"t", b"a" * 5000, b"1e400", b"{}", b"{0}", b"&#10;", b"&amp;&lt;",
]  # fmt: skip
TAG, ATTRIBUTE, TEXT = (
    re.compile(rb"<(/?[\w:]+)"),
    re.compile(rb' ([\w:]+)="([^"]*)"'),
    re.compile(rb">([^<>\s][^<>]*)<"),
)
WHOLE = re.compile(rb"<([\w:]+)[^<>]*?(?:/>|>[^<>]*</\1>)")


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A copy with one to four wounds: most stay XML and hurt its meaning, some hurt the bytes."""
    wound = hurt_bytes if dice.random() < 0.25 else hurt_meaning
    for _ in range(dice.randint(1, 4)):
        content = wound(content, dice)
    return content


def hurt_bytes(content: bytes, dice: random.Random) -> bytes:
    """Cut, insert, turn or double bytes."""
    at = dice.randrange(len(content) + 1)
    match dice.randrange(4):
        case 0:
            return content[:at] + content[at + dice.randint(1, 40) :]
        case 1:
            return content[:at] + dice.choice(TOKENS) + content[at:]
        case 2:
            return content[:at] + bytes([dice.randrange(256)]) + content[at + 1 :]
        case _:
            return content[:at] + content[at : at + dice.randint(1, 300)] + content[at:]


def hurt_meaning(content: bytes, dice: random.Random) -> bytes:
    """Drop, double, swap or rename elements; change, drop or exchange attributes and texts."""
    kind = dice.randrange(8)
    pattern = (WHOLE, WHOLE, WHOLE, ATTRIBUTE, ATTRIBUTE, ATTRIBUTE, TEXT, TAG)[kind]
    found = list(pattern.finditer(content))
    if not found:
        return content
    one, other = dice.choice(found), dice.choice(found)
    match kind:
        case 0 | 1:
            new = one[0] * dice.choice((0, 2, 3))
        case 2:
            new = other[0]
        case 3:
            new = b""
        case 4:
            new = b" " + one[1] + b'="' + dice.choice(VALUES) + b'"'
        case 5:
            new = b" " + one[1] + b'="' + other[2] + b'"'
        case 6:
            new = b">" + dice.choice((*VALUES, other[1])) + b"<"
        case _:
            names = (one[1].lstrip(b"/"), other[1].lstrip(b"/"))
            return re.sub(rb"(</?)" + names[0] + rb"\b", rb"\g<1>" + names[1], content)
    return content[: one.start()] + new + content[one.end() :]


def mutate_all(count: int, *, seed: int) -> Told:
    """Examine so many mutated copies; a fault is an exception, the linter's own failure, or more than two seconds."""
    dice = random.Random(seed)
    sources = [
        (path.suffix, path.read_bytes())
        for folder in (FIXTURES, SUITE)
        for path in sorted(folder.glob("*/*.[bd][pm][mn]*"))
    ]
    told = Told()
    for number in range(count):
        suffix, source = dice.choice(sources)
        content = mutated(source, dice)
        before = time.process_time()
        try:
            examination = examine([Resource(name=f"{number}{suffix}", content=content)])
        except Exception as failure:
            told.faults.append(f"{number}: {failure!r}")
            continue
        seconds = time.process_time() - before
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
