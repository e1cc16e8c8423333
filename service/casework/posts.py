"""Who does the work of a post while its holder is away: A岗, B岗, 首席代表, 分管领导, 部门主要负责人 (DOMAIN B.4, D.8).

Only within one department, and only when nobody of the post is present. A post with several holders is a queue; a post
without a chain (windows, inspectors) waits for somebody of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.store.records import Records
from service.store.seats import Seat

REVIEWERS = ("reviewer_a", "reviewer_b")
CHIEF, LEADER, HEAD = "chief_rep", "resident_leader", "dept_head"
STAND_INS = {
    "reviewer_a": ("reviewer_b", CHIEF, LEADER, HEAD),
    "reviewer_b": ("reviewer_a", CHIEF, LEADER, HEAD),
    CHIEF: (LEADER, HEAD),
    LEADER: (HEAD,),
}

RUNGS = (*REVIEWERS, CHIEF, LEADER, HEAD)

Seats = Mapping[str, tuple[Seat, ...]]


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Who has a post's work now: `owner`, or whoever claims it from `group`.

    `acting_for`: the absent holder; `absence`: why; `uncovered`: neither A岗 nor B岗 is there.
    """

    owner: str | None
    group: str
    acting_for: str | None = None
    absence: UUID | None = None
    uncovered: bool = False


def group_of(department: str | None, role: str) -> str:
    """The candidate group a role (of a department) is offered to."""
    return f"{department}:{role}" if department else role


def look_up(records: Records, posts: Iterable[tuple[str | None, str]]) -> Seats:
    """The seats of these posts and of everybody who may stand in, in at most two statements (one with departments)."""
    departments, roles, bare = set[str](), set[str](), set[str]()
    for department, role in posts:
        if department:
            departments.add(department)
            roles.update(RUNGS if role in STAND_INS else (role,))
        else:
            bare.add(role)
    found: dict[str, tuple[Seat, ...]] = {}
    if departments:
        found.update(records.people.seats(departments, roles))
    if bare:
        for group, names in records.people.members(bare).items():
            found[group] = tuple(Seat(username=name) for name in names)
    return found


def cover(
    seats: Seats, department: str | None, role: str, barred: Callable[[str], bool] = lambda person: False
) -> Cover:
    """Who has the work of a post now. `barred`: whom separation of duties keeps from it (S-01 to S-03)."""
    own = group_of(department, role)
    holders = seats.get(own, ())
    present = [seat for seat in holders if seat.absence is None]
    if present or not holders:
        alone = present[0].username if len(holders) == 1 else None
        return Cover(owner=alone if alone is not None and not barred(alone) else None, group=own)
    away = holders[0]
    chain = STAND_INS.get(role, ()) if department else ()
    if not chain:
        return Cover(owner=None, group=own)
    uncovered = role in REVIEWERS and not _present(seats, department, REVIEWERS)
    for group, names in _stand_ins(seats, department, chain):
        able = [name for name in names if not barred(name)]
        if able:
            return Cover(
                owner=able[0] if len(able) == 1 else None,
                group=group,
                acting_for=away.username,
                absence=away.absence,
                uncovered=uncovered,
            )
    return Cover(owner=None, group=own, uncovered=uncovered)


def without_cover(seats: Seats, department: str) -> bool:
    """Whether a department that has posts of A/B岗 has nobody present on any of them (SM-51)."""
    posts = [seat for role in REVIEWERS for seat in seats.get(group_of(department, role), ())]
    return bool(posts) and all(seat.absence is not None for seat in posts)


def _stand_ins(seats: Seats, department: str | None, chain: Collection[str]) -> Iterable[tuple[str, list[str]]]:
    """The posts that may stand in, in order, each with who of them is present; a letter's name comes before its rung."""
    away = {seat.username for holders in seats.values() for seat in holders if seat.absence is not None}
    for rung in chain:
        if rung == LEADER:
            for seat in seats.get(group_of(department, CHIEF), ()):
                if seat.stand_in is not None and seat.stand_in not in away:
                    yield group_of(department, CHIEF), [seat.stand_in]
        group = group_of(department, rung)
        yield group, [seat.username for seat in seats.get(group, ()) if seat.absence is None]


def _present(seats: Seats, department: str | None, roles: Collection[str]) -> bool:
    return any(seat.absence is None for role in roles for seat in seats.get(group_of(department, role), ()))
