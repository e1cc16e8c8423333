"""Runs of the simulated quarter: one compared with its recomputation, one killed again and again compared with one left alone."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scripts.campaigns.databases import database
from scripts.campaigns.quarter import Line, Quarter, Told
from scripts.campaigns.quarter_file import Verdict
from scripts.campaigns.quarter_people import BEGINS, ENDS, People
from scripts.campaigns.quarter_truth import Truth
from scripts.campaigns.quarter_world import World, world_of
from scripts.campaigns.served import Served

SEED = 20260105
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SERIAL = re.compile(  # numbers of papers and bills: of the whole city, in the order they are given
    r"(?<![A-Z])[A-Z]{2,4}-2026-\d+\b|〔2026〕\d+号|\b990100[-0-9]{10,24}\b|\bSF2026\d+\b"
)
PAUSE = (0.1, 2.0)  # seconds between a restart and the next kill
SHORT = (date(2026, 2, 9), date(2026, 3, 6))  # four weeks over 春节, for the suite


@dataclass(kw_only=True)
class Run:
    """One quarter: what the campaign was told and what the service wrote."""

    told: Told
    journals: Mapping[int, Sequence[Line]]
    seconds: float
    kills: int = 0


@dataclass(kw_only=True)
class Report:
    """A run against its recomputation."""

    run: Run
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def lines(self) -> list[str]:
        """What is printed."""
        run, verdict = self.run, self.verdict
        told = [
            f"{verdict.counts['cases']} cases, {verdict.counts['lines']} journal lines, {run.told.acts} acts over HTTP, "
            f"{run.told.attended} agenda items attended by moves, {run.seconds:.0f} s, {run.kills} kills",
            f"lights {_listed(verdict.turns)}; rungs {_listed(verdict.rungs)}",
            f"cards {_listed(verdict.cards)}; silent {_listed(verdict.silent)}",
            f"{_listed(verdict.counts)}",
            f"refused {_listed(Counter(run.told.refusals))}",
            f"{len(verdict.differences)} differences",
        ]
        return [*told, *(f"  {one}" for one in verdict.differences[:50])]


def play(
    folder: Path,
    cases: int,
    *,
    kind: str = "sqlite",
    seed: int = SEED,
    span: tuple[date, date] = (BEGINS, ENDS),
    kills: int = 0,
) -> Run:
    """One quarter on a fresh service and database. `kills`: how often it is killed, at random moments."""
    begun = time.monotonic()
    people = People(seed, cases, *span)
    with database(kind, folder) as url, Served(folder / "data", database_url=url) as served:
        with _killing(served, seed, kills) as killer:
            quarter = Quarter(served.port, people, world_of(people))
            told = quarter.run()
        journals = quarter.journals()
        quarter.close()
    return Run(told=told, journals=journals, seconds=time.monotonic() - begun, kills=killer.count if killer else 0)


def judge(run: Run, *, seed: int = SEED, span: tuple[date, date] = (BEGINS, ENDS)) -> Report:
    """Every light, card, rung and silent outcome against an independent recomputation from the journal."""
    people = People(seed, len(run.journals), *span)
    world: World = world_of(people)
    report = Report(run=run)
    for number, lines in run.journals.items():
        truth = Truth(number, run.told.processes[number], world, report.verdict)
        truth.read(lines, people.ticks[-1])
    return report


def compare(one: Run, other: Run) -> list[str]:
    """Where two runs wrote different journals: ids are compared by the order in which they appear, instants exactly."""
    found = []
    for number in sorted({*one.journals, *other.journals}):
        left, right = (normal(run.journals.get(number, ())) for run in (one, other))
        if left == right:
            continue
        at = next((n for n, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
        if at is None:
            found.append(f"case {number}: {len(left)} lines against {len(right)}")
        else:
            found.append(f"case {number}, line {at + 1}: {left[at]} against {right[at]}")
    return found


def normal(lines: Sequence[Line]) -> list[str]:
    """A journal without what differs from run to run: ids and serial numbers become the order they appear in.

    When an errand of the outbox is carried, and in which order packages of the archive are chained, follows no rule of
    the trade: those lines are left out.
    """
    known: dict[str, str] = {}

    def ordinal(match: re.Match[str]) -> str:
        return known.setdefault(match[0], f"#{len(known) + 1}")

    found = []
    for line in lines:
        if line["action"] == "archive:sealed":
            continue
        text = json.dumps({**line, "line": 0}, ensure_ascii=False, sort_keys=True)
        found.append(SERIAL.sub(ordinal, UUID.sub(ordinal, text)))
    return found


class Killer(threading.Thread):
    """kill -9 at random moments, and a restart each time, so many times or until it is told to stop."""

    def __init__(self, served: Served, seed: int, kills: int) -> None:
        super().__init__(daemon=True)
        self.served, self.chance, self.kills = served, random.Random(seed), kills
        self.enough = threading.Event()
        self.count = 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        """Kill after kill; what goes wrong is kept for the main thread."""
        try:
            while self.count < self.kills and not self.enough.wait(self.chance.uniform(*PAUSE)):
                self.served.kill()
                self.count += 1
                self.served.start()
        except BaseException as fault:
            self.fault = fault


@contextmanager
def _killing(served: Served, seed: int, kills: int) -> Any:
    if not kills:
        yield None
        return
    killer = Killer(served, seed, kills)
    killer.start()
    try:
        yield killer
    finally:
        killer.enough.set()
        killer.join()
        if killer.fault is not None:
            raise killer.fault


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in sorted(counts)) or "none"
