"""Long campaigns by name; exit code 1 when a promise did not hold."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.campaigns.acts import run_acts_campaign
from scripts.campaigns.crash import run_crash_campaign
from scripts.campaigns.databases import database
from scripts.campaigns.kills import run_kills
from scripts.campaigns.month import month
from scripts.campaigns.quarter_runs import SEED, compare, judge, play
from scripts.campaigns.race import duel, join_siblings
from scripts.campaigns.served import ROOT, Served
from scripts.campaigns.tidy import run_tidy
from scripts.campaigns.timers import SWEEPS, run_idle, run_timers
from scripts.campaigns.walk import SECONDS, run_walk


def crash(count: int, kind: str) -> bool:
    """Kills under load."""
    with tempfile.TemporaryDirectory(prefix="lianban-crash-") as folder:
        report = run_crash_campaign(Path(folder), count, kind=kind)
    print(
        f"{report.kills} kills on {kind}: {report.cases} cases, {report.acknowledged} completions acknowledged, "
        f"{report.unknown} answers lost, slowest restart {report.slowest_restart:.1f} s, {len(report.faults)} faults"
    )
    for fault in report.faults:
        print(f"  {fault}")
    return not report.faults


def kills(count: int, kind: str, seed: int | None = None) -> bool:
    """Kills of web nodes, a worker and the database under mixed load."""
    with tempfile.TemporaryDirectory(prefix="lianban-kills-") as folder:
        report = run_kills(Path(folder), count, kind=kind, seed=seed)
    told = ", ".join(f"{many} of {what}" for what, many in sorted(report.kills.items()))
    print(
        f"{sum(report.kills.values())} kills ({told}) on {kind}, {report.seconds:.0f} s: {report.cases} cases, {report.acknowledged} "
        f"completions acknowledged, {report.unknown} answers lost, {report.pauses} pauses, {report.packages} packages, {report.documents} documents, {report.messages} messages, {report.files} files, {report.lines} journal lines, "
        f"{len(report.faults)} faults"
    )
    for fault in report.faults[:40]:
        print(f"  {fault}")
    return not report.faults


def race(count: int, kind: str) -> bool:
    """Simultaneous completions."""
    with tempfile.TemporaryDirectory(prefix="lianban-race-") as name, database(kind, Path(name)) as url:
        with Served(Path(name) / "data", database_url=url) as served:
            duels = duel(served.port, count)
            joins = join_siblings(served.port, max(1, count // 5))
    fair = sum(one.statuses == [204, 409] and one.winner_named for one in duels)
    joined = sum(set(one.statuses) == {204} and one.open_after == ["after"] and one.joins == 1 for one in joins)
    print(
        f"{fair} of {len(duels)} pairs: one 204, one 409 naming the winner; {joined} of {len(joins)} joins fired once"
    )
    return fair == len(duels) and joined == len(joins)


def timers(count: int, kind: str) -> bool:
    """Everything due at once, two nodes; then what an idle sweep costs with ten times as much waiting."""
    with tempfile.TemporaryDirectory(prefix="lianban-timers-") as folder:
        report = run_timers(Path(folder), count, kind=kind)
    print(
        f"{report.timers} timers of {report.cases} cases due in one instant on {kind}, two nodes: "
        f"{report.seconds:.1f} s, {report.rate:.0f} a second; each {report.each('cpu') * 1000:.1f} ms of processor time, "
        f"{report.each('statements'):.1f} statements, {report.each('commits'):.2f} commits; "
        f"attended {' + '.join(str(node.attended) for node in report.nodes)}; {len(report.faults)} faults"
    )
    for fault in report.faults:
        print(f"  {fault}")
    with tempfile.TemporaryDirectory(prefix="lianban-idle-") as folder:
        idle = run_idle(Path(folder), count * 10, kind=kind)
    print(
        f"{idle.waiting} timers and clocks wait: a sweep is {idle.statements} statement, "
        f"{idle.p50:.2f} ms (slowest of {SWEEPS}: {idle.worst:.2f} ms)\n{idle.plan}"
    )
    return not report.faults and idle.statements == 1 and idle.indexed


def quarter(count: int, kind: str, seed: int | None = None) -> bool:
    """A quarter of the demo city against its recomputation."""
    seed = SEED if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="lianban-quarter-") as folder:
        run = play(Path(folder), count, kind=kind, seed=seed)
    report = judge(run, seed=seed)
    print(f"seed {seed} on {kind}", *report.lines, sep="\n")
    return not report.verdict.differences


def quarter_kills(count: int, kind: str, seed: int | None = None) -> bool:
    """The same quarter twice, once killed again and again."""
    seed = SEED if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="lianban-quarter-") as folder:
        calm = play(Path(folder), count, kind=kind, seed=seed)
    with tempfile.TemporaryDirectory(prefix="lianban-kills-") as folder:
        killed = play(Path(folder), count, kind=kind, seed=seed, kills=KILLS)
    differences = compare(calm, killed)
    lines = sum(len(journal) for journal in killed.journals.values())
    print(
        f"seed {seed} on {kind}: {count} cases, {lines} journal lines, {killed.kills} kills, "
        f"{killed.told.lost} answers lost, {calm.seconds:.0f} s and {killed.seconds:.0f} s, {len(differences)} cases differ"
    )
    for one in differences[:20]:
        print(f"  {one}")
    return not differences and killed.kills >= KILLS


def acts(count: int, kind: str, seed: int | None = None) -> bool:
    """Workers killed between the steps of documents, messages, bills, payments, printing and archive."""
    with tempfile.TemporaryDirectory(prefix="lianban-acts-") as folder:
        report = run_acts_campaign(Path(folder), count, kind=kind, **({} if seed is None else {"seed": seed}))
    figures = ", ".join(f"{many} {what}" for what, many in report.figures.items())
    print(
        f"{report.kills} kills at {report.points} points on {kind}: {report.cases} cases, {figures}, {len(report.faults)} faults"
    )
    for fault in report.faults[:40]:
        print(f"  {fault}")
    return not report.faults and report.kills >= count


def walk(count: int, kind: str, **more: Any) -> bool:
    """Every way through every file on the engine, then in real cases; each file has so many seconds in either half."""
    del kind
    return run_walk(count, **more)


def tidy(count: int, _kind: str, seed: int | None = None) -> bool:
    """Every shipped diagram laid out by itself, in three ways."""
    with tempfile.TemporaryDirectory(prefix="lianban-tidy-") as folder:
        report = run_tidy(Path(folder), count, seed=1 if seed is None else seed)
    for variant, spent in report.spent.items():
        slowest = max(spent, key=lambda name: spent[name])
        print(
            f"{report.files} files {variant}: {sum(spent.values()) / 1000:.1f} s of processor time, "
            f"slowest {slowest} {spent[slowest]} ms, {report.crossed[variant]} files with many crossings"
        )
    for variant, finding in report.faults:
        print(f"  {variant}: {finding}")
    for changed in report.changed:
        print(f"  {changed} says something else")
    return not report.faults and not report.changed


def _tests(*arguments: str) -> Callable[[int, str], bool]:
    """A campaign that lives in the suite and reads its size from LIANBAN_SOAK."""

    def campaign(count: int, _kind: str) -> bool:
        command = [sys.executable, "-m", "pytest", "-q", "-o", "timeout=0", *arguments]  # long is what it is for
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "LIANBAN_SOAK": str(count)}).returncode == 0

    return campaign


KILLS = 40  # at least, in the killed quarter
CAMPAIGNS: dict[str, tuple[Callable[..., bool], int]] = {
    "acts": (acts, 24),
    "crash": (crash, 100),
    "kills": (kills, 1_000),
    "race": (race, 50),
    "timers": (timers, 10_000),
    "quarter": (quarter, 2_000),
    "quarter-kills": (quarter_kills, 200),
    "month": (month, 3_000),
    "walk": (walk, SECONDS),
    "tidy": (tidy, 200),
    "audit": (_tests("tests/casework/audit/test_verifying.py", "-k", "forgery"), 2_540),
    "property": (_tests("tests/engine/test_random.py"), 6_000),
    "operations": (
        _tests("tests/engine/test_random_moves.py", "tests/casework/returning/test_random_moves.py", "-s"),
        2_000,
    ),
    "migrate": (_tests("tests/engine/migrating/test_random_pairs.py", "-s"), 500),
    "revise": (_tests("tests/journeys/test_revising_a_chain.py", "-s", "-n0"), 500),
    "journey": (_tests("tests/journeys/whole_chain.py", "-s", "-n0"), 1),
    "mutate": (_tests("tests/escapes/test_mutated_uploads.py", "-s", "-n0"), 10_000),
    "parsers": (_tests("tests/escapes/test_parsers.py"), 2_000),
    "contract": (_tests("tests/web/contract", "-s", "-n0"), 100),
    "lint": (_tests("tests/lint", "tests/engine", "-k", "mutated or wounded"), 10_000),
}


def main() -> None:
    """`soak NAME [N] [DATABASE] [--seed N]`; `soak walk [SECONDS] [--only KEY …] [--again] [--write]`."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("name", choices=CAMPAIGNS)
    parser.add_argument("count", nargs="?", type=int, help="how often; each campaign has a default")
    parser.add_argument("database", nargs="?", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, help="of the simulated quarter")
    parser.add_argument("--only", nargs="+", metavar="KEY", help="walk: these files")
    parser.add_argument("--again", action="store_true", help="walk: look once more for what was left over")
    parser.add_argument("--write", action="store_true", help="walk: write the table to docs/walking.md")
    options = parser.parse_args()
    campaign, usual = CAMPAIGNS[options.name]
    more = {} if options.seed is None else {"seed": options.seed}
    if options.name == "walk":
        more = {"only": tuple(options.only or ()), "again": options.again, "write": options.write}
    sys.exit(0 if campaign(options.count or usual, options.database, **more) else 1)


if __name__ == "__main__":
    main()
