"""Random old and new diagrams, a case anywhere: who migrates comes to the end, who does not is as before.

`LIANBAN_SOAK=500` plays that many pairs; `scripts/soak migrate 500` does.
"""

from __future__ import annotations

import random
from collections import Counter

from service.engine import Run
from service.engine.migrating import MigrationVerdict
from service.rules.refusals import Conflict
from tests.engine.drive import CALENDAR, Drive
from tests.engine.migrating.mutations import Reviser, program_from
from tests.engine.migrating.ways import finish, migrate
from tests.engine.random_processes import Author
from tests.engine.test_random_moves import _act, _next, _require_safe, _sorted
from tests.sampling import sample

NORMAL = 25
CASES = 4  # of every pair, standing in different places


def test_random_pairs_migrate_to_their_end_or_stay_as_they_are() -> None:
    told = soak(sample(NORMAL, 10))
    assert told["pairs"] >= NORMAL and told["AS_IS"] and told["MAPPED"] and told["IMPOSSIBLE"]
    assert told["AS_IS"] + told["MAPPED"] + told["IMPOSSIBLE"] == told["cases"]
    print(dict(told))


def soak(count: int, first: int = 0) -> Counter[str]:
    """Play `count` pairs from seed `first` on. Raises AssertionError naming the seed."""
    told: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            told.update(play(seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
    return told


def play(seed: int) -> Counter[str]:
    """One pair, cases in several places."""
    chance = random.Random(seed)
    text = Author(seed, calm=True).text()
    reviser = Reviser(text, seed)
    old, new = program_from(Reviser(text, seed).revise(0)), program_from(reviser.revise(chance.choice((1, 1, 2, 3, 5))))
    fresh = Drive(new)
    finish(fresh)
    told: Counter[str] = Counter(pairs=1, **{f"revised {name}": 1 for name in set(reviser.done)})
    for _ in range(CASES):
        drive = Drive(old)
        for number in range(chance.randrange(12)):
            pick = _next(drive, _sorted(drive), chance, number) if not drive.ended else None
            if pick is None:
                break
            _act(drive, _sorted(drive)[pick], False, number)
        if not drive.ended:
            told["cases"] += 1
            told.update(_migrated(drive, new))
    return told


def _migrated(drive: Drive, new: object) -> Counter[str]:
    before, old = drive.state, drive.program
    try:
        judgement = migrate(drive, new)  # type: ignore[arg-type]
    except Conflict as refused:
        assert refused.code == "MIGRATION_IMPOSSIBLE" and refused.details.reasons
        assert drive.state == before and drive.program is old
        again = Run.load(old, before, case_id=drive.case_id, now=drive.now, calendar=CALENDAR)
        assert again.settle().state == before
        finish(drive)
        assert drive.ended == "completed"
        return Counter(
            {MigrationVerdict.IMPOSSIBLE.value: 1, **{f"because {one.code}": 1 for one in refused.details.reasons}}
        )
    _require_safe(drive)
    finish(drive)
    assert drive.ended == "completed" and not drive.run._instance.index and not drive.rows
    return Counter({judgement.verdict.value: 1})
