"""Migration of running cases to a revised diagram: pure, two programs and a mapping against stored states.

`Migration(old, new, mapping)` is made once; `judge(blob)` gives a verdict, `carry_over(blob, …)` an instance that goes on in
the new version. Everything live has to go on somewhere; timers keep their instants where they are the same timer.
"""

from service.engine.migrating.carrying import taken_back
from service.engine.migrating.facts import Candidate, Judgement, Mapped, MigrationReason, MigrationVerdict, Pair
from service.engine.migrating.migration import Migration
from service.engine.migrating.reasons import CODES

__all__ = [
    "CODES",
    "Candidate",
    "Judgement",
    "Mapped",
    "Migration",
    "MigrationReason",
    "MigrationVerdict",
    "Pair",
    "taken_back",
]
