"""审批人策略: to whom a task goes that its post cannot take, because nobody holds it or the same person has been there before.

The diagram says so: `zw:empty` (nobody holds the post), `zw:same` (whoever would get it did an earlier stage of the item) and
`zw:duplicate` (they completed an earlier step of the case). A decision is never skipped: `up` gives it to the next rung of
the department (首席代表, 分管领导, 部门主要负责人), `ask` leaves it in the queue of its post and tells the 首席代表 and
supervision. `skip` is for steps that decide nothing: `passing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from service.casework.posts import CHIEF, HEAD, LEADER, Cover, Seats, cover, group_of

UP, ASK, SKIP = "up", "ask", "skip"
EMPTY, SAME, DUPLICATE = "empty", "same", "duplicate"
POLICIES = (EMPTY, SAME, DUPLICATE)
LADDER = (CHIEF, LEADER, HEAD)


@dataclass(frozen=True, kw_only=True)
class Raise:
    """Where a task goes instead, and why (`empty`, `same`, `duplicate`); `asks`: it stays, and somebody is told."""

    why: str
    found: Cover
    asks: bool


def wants_ladder(zw: Mapping[str, str]) -> bool:
    """Whether the seats of the whole department have to be known for a task."""
    return any(zw.get(policy) == UP for policy in POLICIES)


def wants_history(zw: Mapping[str, str]) -> bool:
    """Whether it has to be known who completed which step of the case."""
    return zw.get(DUPLICATE) in (UP, ASK)


def raised(
    seats: Seats,
    zw: Mapping[str, str],
    department: str | None,
    role: str,
    found: Cover,
    doers: Iterable[str],
    barred: Callable[[str], bool],
    earlier: Callable[[], Collection[str]] = frozenset,
) -> Raise | None:
    """What the diagram's policy makes of who was found for a post; None: it stays as found.

    `doers`: who did an earlier stage of the same item, whether the law bars them or not; `earlier`: who completed any
    earlier step of the case, asked for `zw:duplicate` only.
    """
    gone = frozenset(doers)
    if not seats.get(group_of(department, role)):
        why = EMPTY
    elif found.owner is not None and found.owner in gone and zw.get(SAME) in (UP, ASK):
        why = SAME
    elif found.owner is not None and wants_history(zw) and found.owner in (before := frozenset(earlier())):
        why, gone = DUPLICATE, gone | before
    else:
        return None
    policy = zw.get(why)
    if policy == ASK:
        kept = found if why == EMPTY else Cover(owner=None, group=group_of(department, role))
        return Raise(why=why, found=kept, asks=True)
    if policy != UP or department is None:
        return None
    above = LADDER[LADDER.index(role) + 1 :] if role in LADDER else LADDER
    gone = frozenset() if why == EMPTY else gone
    for rung in above:
        if seats.get(group_of(department, rung)):
            higher = cover(seats, department, rung, lambda person: barred(person) or person in gone)
            if higher.owner is not None:
                return Raise(why=why, found=higher, asks=False)
    return Raise(why=why, found=Cover(owner=None, group=group_of(department, role)), asks=True)
