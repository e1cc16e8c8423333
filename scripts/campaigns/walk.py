"""Every way through every file: on the engine first, then in real cases of the demo city.

Each file has a bound of time in either half, and what is found is kept as it comes (`walk_kept.py`): a run that was stopped
goes on where it was, a file that has changed since is walked again, `again` looks once more for what was left over.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from time import process_time

from scripts.campaigns.city import City
from scripts.campaigns.served import ROOT
from scripts.campaigns.walk_earlier import earlier
from scripts.campaigns.walk_houses import Houses
from scripts.campaigns.walk_kept import Kept, Played, enter, leave
from scripts.campaigns.walk_table import report, row_of
from tests.processes.library import FILES
from tests.processes.walking.cases import Case, name_of, play, ways_of
from tests.processes.walking.openings import NEVER_ALONE
from tests.processes.walking.plans import plans_of
from tests.processes.walking.programs import called_by
from tests.processes.walking.steering import steer
from tests.processes.walking.tally import Tally, counting
from tests.processes.walking.walker import Walked, remember, walk

FOLDER = ROOT / "var" / "walk"
TABLE = ROOT / "docs" / "walking.md"
SECONDS = 300  # of processor time for one file, in either half


def run_walk(
    seconds: int, *, only: Collection[str] = (), again: bool = False, write: bool = False, folder: Path = FOLDER
) -> bool:
    """Walk these files, all without any; whether nothing broke. `write`: the table becomes docs/walking.md."""
    kept, keys = Kept(folder), [key for key in FILES if not only or key in only]
    for number, key in enumerate(order := _called_first(keys), 1):
        _on_the_engine(kept, key, seconds, again=again, where=f"engine {number}/{len(order)}")
    with tempfile.TemporaryDirectory(prefix="lianban-walk-") as name:
        houses = Houses(Path(name))
        for number, key in enumerate(order := _callers_first(keys), 1):
            _in_cases(kept, houses, key, seconds, again=again, where=f"cases {number}/{len(order)}")
    before = earlier(TABLE)
    lines, fine = report(kept, keys, before)
    print("\n".join(lines))
    if write:
        TABLE.write_text("\n".join(report(kept, [*FILES], before)[0]) + "\n", encoding="utf-8")
    return fine


def _on_the_engine(kept: Kept, key: str, seconds: int, *, again: bool, where: str) -> None:
    walked, began = kept.walked(key), process_time()
    if walked is None or (again and walked.missing):
        walked = walk(key, seconds, walked, () if walked is not None else kept.gone(key))
        kept.keep_walked(walked)
        print(f"{where} {walked}, {process_time() - began:.0f} s {'; '.join(walked.missing.values())}", flush=True)
    remember(walked)


def _in_cases(kept: Kept, houses: Houses, key: str, seconds: int, *, again: bool, where: str) -> None:
    """Plans first, then the ways that take the rest; `again`: what broke, and other ways for what no case has passed yet."""
    played, walked = kept.played(key), walk(key)
    everything, tally = kept.tally(), Tally()
    enter(tally, played)
    broke = {one.partition(" after ")[2] for one in played.faults} if again else set()
    if played.whole and not again:
        return
    with houses.new(key) as house, counting(tally), counting(everything):
        began = process_time()  # the house is not the walk's
        for name, act in _to_play(walked, everything, played, broke):
            if name in played.tried and name not in broke:
                continue
            if process_time() - began > seconds:
                break
            played.tried = [*dict.fromkeys([*played.tried, name])]
            played.faults = [one for one in played.faults if one.partition(" after ")[2] != name]
            broke.discard(name)
            try:
                case = act(house.city())
                faults, played.figures = case.faults, dict(Counter(played.figures) + case.figures)
                played.ends = sorted({*played.ends, str(case.end)})
            except Exception as raised:  # the others are played all the same
                faults = [f"{key}: {type(raised).__name__}: {str(raised)[:200]}"]
            played.faults += [f"{fault} after {name}" for fault in faults]
            leave(tally, played)
            kept.keep_played(key, played)
        else:
            played.whole = True
    played.seconds += process_time() - began
    played.on = date.today().isoformat()
    kept.keep_played(key, played)
    print(f"{where} {row_of(everything, key)}; {_so_far(played)}", flush=True)
    for fault in dict.fromkeys(one.partition(" after ")[0] for one in played.faults):
        print(f"    {fault}", flush=True)


def _to_play(
    walked: Walked, everything: Tally, played: Played, broke: Collection[str]
) -> Iterator[tuple[str, Callable[[City], Case]]]:
    """Cases by name."""
    key = walked.key
    for plan in plans_of(key):
        yield f"planned: {plan.name}", partial(steer, key=key, plan=plan)
    every = (trail for trail, _, _ in (*walked.ways, *walked.others) if broke and name_of(trail) in broke)
    fresh = iter(()) if key in NEVER_ALONE else ways_of(walked, everything, played.tried)
    for trail in chain(every, fresh):
        yield name_of(trail), partial(play, key=key, trail=trail)


def _so_far(played: Played) -> str:
    whole = "" if played.whole else ", out of time"
    return f"{len(played.tried)} cases, {len(played.faults)} faults, {played.seconds:.0f} s{whole}"


def _called_first(keys: Sequence[str]) -> list[str]:
    found: list[str] = []

    def add(key: str) -> None:
        if key not in found:
            for one in called_by(key):
                add(one)
            found.append(key)

    for key in keys:
        add(key)
    return found


def _callers_first(keys: Sequence[str]) -> list[str]:
    """What chains and supporting processes pass on their way need not be gone again."""
    return sorted(keys, key=lambda key: (not key.startswith("chain_"), not key.startswith("support_"), key))
