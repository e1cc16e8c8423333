"""The table of what has been walked: every file with its flows and ends on the engine and in real cases, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from scripts.campaigns.walk_earlier import MARK, Passed
from scripts.campaigns.walk_kept import Kept
from scripts.campaigns.walk_reasons import reason_for
from tests.processes.walking.programs import ends_of, flows_of, process_of
from tests.processes.walking.tally import Tally
from tests.processes.walking.walker import Walked

HEAD = """# Every way through every process

Written by `scripts/soak walk --write`. On the engine every sequence flow is taken and every end event reached with the clock turned by hand; in real
cases of the demo city besides with clocks, papers, messages, bills and the journal: every case must end, without an incident, with each paper and
message the elements it passed ask for, every bill settled and adding up, and as many tasks done as its journal says. How: [reliability.md](reliability.md).

`mark`: the fingerprint of a diagram (not of its coordinates) with its forms, its tables and all it calls, as it was walked in cases. What was not gone again since and bears the
same mark keeps its cells."""


MANY = 12  # flows and ends one file may leave over before they are only counted
UNDONE = "Not gone yet in the time there was, only counted; `scripts/soak walk` goes on with them"
UNEXPLAINED = "Not passed, and nobody has said why"


def row_of(tally: Tally, key: str) -> str:
    """One line of progress."""
    flows, ends = tally.passed(key)
    left = "; ".join(left_of(tally, key).values())
    return f"{key}: {len(flows)} of {len(flows_of(key))} flows, {len(ends)} of {len(ends_of(key))} ends {left}"


def left_of(tally: Tally, key: str) -> dict[str, str]:
    """Flows no case has taken and ends none has reached, by id, in words."""
    flows, ends = tally.passed(key)
    found = {id: f"{a} → {b}" for id, (a, b) in sorted(flows_of(key).items()) if id not in flows}
    return found | {end: f"end {end}" for end in sorted(ends_of(key) - ends)}


def report(kept: Kept, keys: Collection[str], earlier: Mapping[str, Passed]) -> tuple[list[str], bool]:
    """The table of these files with what is left and why, and whether all that is left has a reason and nothing broke."""
    tally, faults, days, figures = kept.tally(), dict[str, None](), set[str](), Counter[str]()
    walks = {key: kept.walked(key) for key in keys}
    known = {key: _known(kept, tally, key, earlier) for key in keys}
    rows = [_row(known[key], key) for key in sorted(keys)]
    left: dict[str, dict[str, list[str]]] = {"engine": {}, "cases": {}}
    for key in sorted(keys):
        walked, played = walks[key], kept.played(key)
        figures += Counter(played.figures)
        days |= {played.on} - {""}
        on_engine = _left_on_the_engine(walked, known[key], key)
        told = [*walked.faults] if walked is not None else []
        faults |= dict.fromkeys(f"{key}: {fault}" for fault in told)
        faults |= dict.fromkeys(f"{key}: {fault.partition(' after ')[0]}" for fault in played.faults)
        for half, words, whole in (("engine", on_engine, True), ("cases", known[key].left, known[key].whole)):
            if words and (not whole or len(words) > MANY):
                left[half].setdefault(UNDONE, []).append(f"{key}: {len(words)}")
                continue
            for word in words.values():
                why = reason_for(half, key, word) or UNEXPLAINED
                left[half].setdefault(why, []).append(f"{key}: {word}")
    fine = not faults and not any({UNEXPLAINED, UNDONE} & found.keys() for found in left.values())
    lines = [
        HEAD,
        "",
        f"{_sum(walks, known)} Played last ({', '.join(sorted(days))}): {_figures(figures)}, {len(faults)} faults.",
        "",
    ]
    lines += [
        "| file | process | engine: flows | ends | cases: flows | ends | on | mark |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    for half, title in (("engine", "Left on the engine"), ("cases", "Left in real cases")):
        lines += ["", f"## {title}", *_explained(left[half])]
    if faults:
        lines += ["", "## Faults", *(f"- {fault}" for fault in faults)]
    return lines, fine


def _known(kept: Kept, tally: Tally, key: str, earlier: Mapping[str, Passed]) -> Passed:
    """What cases have passed of it: those that were played now, or those of the table when they passed more of the same diagram."""
    played, (flows, ends) = kept.played(key), tally.passed(key)
    left, walked, before = left_of(tally, key), kept.walked(key), earlier.get(key)
    same = before is not None and before.mark == played.stamp[:MARK]
    alone = (len(walked.taken), len(walked.reached)) if walked is not None else (0, 0)
    alone = max(alone, before.engine) if before is not None and same else alone
    on = played.on or (before.on if before is not None and same else "")  # what only callers play keeps its day
    now = Passed(played.stamp[:MARK], on, len(flows), len(ends), left, played.whole or not left, alone)
    return replace(before, engine=alone) if before is not None and same and before.flows > now.flows else now


def _left_on_the_engine(walked: Walked | None, known: Passed, key: str) -> Mapping[str, str]:
    """In words; nothing where the table says that the same diagram was walked whole."""
    if known.engine == (len(flows_of(key)), len(ends_of(key))):
        return {}
    return walked.missing if walked is not None else {"": "not walked"}


def _row(known: Passed, key: str) -> str:
    every, last = len(flows_of(key)), len(ends_of(key))
    engine = (f"{known.engine[0]}/{every}", f"{known.engine[1]}/{last}")
    cases = (f"{known.flows}/{every}", f"{known.ends}/{last}", known.on, f"`{known.mark}`")
    return f"| {' | '.join((f'`{key}`', process_of(key).get('name'), *engine, *cases))} |"


def _sum(walks: Mapping[str, Walked | None], known: Mapping[str, Passed]) -> str:
    flows, ends = sum(len(flows_of(key)) for key in walks), sum(len(ends_of(key)) for key in walks)
    taken, reached = (sum(one.engine[n] for one in known.values()) for n in (0, 1))
    return (
        f"{len(walks)} files with {flows} flows and {ends} ends; on the engine {taken} and {reached}, "
        f"in real cases {sum(one.flows for one in known.values())} and {sum(one.ends for one in known.values())}."
    )


def _figures(figures: Mapping[str, int]) -> str:
    names = ("cases", "tasks", "papers", "messages", "bills", "lines")
    return ", ".join(f"{figures.get(name, 0):,} {name}" for name in names) + " of the journal"


def _explained(left: Mapping[str, list[str]]) -> list[str]:
    """By reason: what and where."""
    if not left:
        return ["Nothing."]
    return [f"- {why}: {'; '.join(f'`{one}`' for one in found)}" for why, found in sorted(left.items())]
