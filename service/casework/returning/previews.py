"""What a page shows before a token is moved: the places, what ends on the way, and why some are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from service.engine import Program, Target, WaitKind
from service.rules.refusals import Refusal
from service.store.records import Records
from service.store.tasks import TaskRow

LONGEST_REASON = 500


class Way(StrEnum):
    """What follows a returned task."""

    AGAIN = "again"  # 重走: everything after it runs again
    STRAIGHT = "straight"  # 直回: back to who returned it


@dataclass(frozen=True, kw_only=True)
class Ends:
    """One thing that ends when the token is moved. `kind`: that of the wait point."""

    kind: str
    name: str
    element: str
    process: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place. `person`: who did it last; `process`: name of its process; `beside`: tasks of other branches that end;
    `timers`: how many deadlines end; `others`: what else ends; `joins`: names of joins that forget; `refused`: why not."""

    element: str
    scope: UUID | None
    name: str
    process: str
    activity_type: str
    person: str | None  # by name, where they are still known
    done_at: datetime | None
    beside: tuple[Ends, ...] = ()
    others: tuple[Ends, ...] = ()
    timers: int = 0
    joins: tuple[str, ...] = ()
    straight: bool = False
    refused: Refusal | None = None

    @property
    def key(self) -> str:
        """How a form and an address name it."""
        return f"{self.element}@{self.scope}" if self.scope else self.element


@dataclass(frozen=True, kw_only=True)
class ReturnPreview:
    """Where a task may be returned to. `mark` goes back with the act: it tells whether anything has changed since."""

    task: TaskRow
    places: tuple[Place, ...]
    mark: str
    correctable: bool = False  # the applicant can still be told to correct, once, at the desk of 受理


@dataclass(frozen=True, kw_only=True)
class TakeBackPreview:
    """What taking a completed task back would end."""

    task: TaskRow
    place: Place
    mark: str


@dataclass(frozen=True, kw_only=True)
class MovePreview:
    """Where a waiting token may be moved to by who answers for the case."""

    token: UUID
    element: str
    name: str
    places: tuple[Place, ...]
    mark: str


@dataclass(frozen=True, kw_only=True)
class EndPreview:
    """What ending a case, or letting it go on, is about: `tasks`: open ones that end, or the desk it goes on at; `ends`, `stands`: of
    a chain, the items that would end and those that have been decided."""

    case: UUID
    title: str
    tasks: tuple[str, ...]
    mark: str
    ends: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()


def place_of(
    program: Program, target: Target, row: TaskRow | None, tokens: Iterable[UUID], refused: Refusal | None = None
) -> Place:
    """One target in the words of the house. `row`: its latest completion; `tokens`: those that are moved."""
    moved = frozenset(tokens)
    ends = [
        (wait, Ends(kind=wait.kind.value, name=wait.name or wait.element, element=wait.element, process=wait.process))
        for wait in target.cancelled
        if wait.id not in moved
    ]
    return Place(
        element=target.spot.element,
        scope=target.spot.scope,
        name=target.name,
        process=program.name(target.process),
        activity_type=target.activity_type,
        person=None if row is None else row.ended_by,
        done_at=None if row is None else row.ended_at,
        beside=tuple(one for wait, one in ends if wait.kind is WaitKind.USER_TASK),
        others=tuple(one for wait, one in ends if wait.kind not in (WaitKind.USER_TASK, WaitKind.TIMER)),
        timers=sum(1 for wait, _ in ends if wait.kind is WaitKind.TIMER),
        joins=tuple(one.name for one in target.forgotten),
        straight=target.straight,
        refused=target.refused or refused,
    )


def named(records: Records, places: Iterable[Place]) -> tuple[Place, ...]:
    """The same places with the names of people in the place of their accounts."""
    found = tuple(places)
    names = records.people.names({one.person for one in found if one.person})
    return tuple(replace(one, person=names.get(one.person or "", one.person)) for one in found)


def mark_of(version: object, targets: Sequence[Target]) -> str:
    """What was seen, in short: another mark when a task or any of the effects has changed since."""
    seen = [str(version)]
    for one in targets:
        ended = ",".join(sorted(str(wait.id) for wait in one.cancelled))
        why = one.refused.code if one.refused else ""
        seen.append(f"{one.spot.scope}/{one.spot.element}/{why}/{ended}/{len(one.forgotten)}")
    return sha256("\n".join(seen).encode()).hexdigest()[:24]
