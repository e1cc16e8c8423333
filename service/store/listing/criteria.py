"""What a list can be asked for: kinds of filter values, the filters themselves, and who sees which rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from service.store.case_lights import led_by
from service.store.schema import case, task, task_candidate

SHOWN = timedelta(milliseconds=1)  # the resolution of instants at the doors
Clause = Callable[[Any, datetime], ColumnElement[bool]]


class Kind(StrEnum):
    """What a filter's value is, so that a door can read it from text or JSON."""

    TEXT = "text"
    TEXTS = "texts"
    FLAG = "flag"  # only `true` filters; `false` asks for nothing
    WHOLE = "whole"
    DATE = "date"
    INSTANT = "instant"
    ID = "id"
    IDS = "ids"
    CONDITIONS = "conditions"  # variables: name, operator, value


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One filter: the kind of its value and the SQL condition it means."""

    kind: Kind
    clause: Clause


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Who asks: `everything` for service accounts and supervision, else only what concerns the person."""

    everything: bool
    username: str = ""
    groups: frozenset[str] = frozenset()
    department: str | None = None  # staff see what their department is or was involved in
    withheld: frozenset[str] = frozenset()  # processes about people: of their cases only what is one's own
    leads: str | None = None  # the department for whose chains somebody speaks


def equals(column: ColumnElement[Any]) -> Criterion:
    """Text equal to the value."""
    return Criterion(kind=Kind.TEXT, clause=lambda value, now: column == value)


def like(column: ColumnElement[Any]) -> Criterion:
    """Text like the pattern; `%` and `_` are wildcards, case counts."""
    return Criterion(kind=Kind.TEXT, clause=lambda value, now: func.coalesce(column, "").like(value))


def like_any_case(column: ColumnElement[Any]) -> Criterion:
    """Text like the pattern, whatever its case."""
    return Criterion(
        kind=Kind.TEXT, clause=lambda value, now: func.lower(func.coalesce(column, "")).like(value.lower())
    )


def among(column: ColumnElement[Any]) -> Criterion:
    """Text among the values."""
    return Criterion(kind=Kind.TEXTS, clause=lambda values, now: column.in_(values))


def not_among(column: ColumnElement[Any]) -> Criterion:
    """Text that is missing or not among the values."""
    return Criterion(kind=Kind.TEXTS, clause=lambda values, now: or_(column.is_(None), column.not_in(values)))


def same_id(column: ColumnElement[Any]) -> Criterion:
    """Id equal to the value."""
    return Criterion(kind=Kind.ID, clause=lambda value, now: column == value)


def id_among(column: ColumnElement[Any]) -> Criterion:
    """Id among the values."""
    return Criterion(kind=Kind.IDS, clause=lambda values, now: column.in_(values))


def at(column: ColumnElement[Any]) -> Criterion:
    """At the instant, within the millisecond doors show."""
    return Criterion(kind=Kind.INSTANT, clause=lambda value, now: (column >= value) & (column < _shown_until(value)))


def before(column: ColumnElement[Any]) -> Criterion:
    """Before or at the instant, within the millisecond doors show."""
    return Criterion(kind=Kind.INSTANT, clause=lambda value, now: column < _shown_until(value))


def after(column: ColumnElement[Any]) -> Criterion:
    """At or after the instant."""
    return Criterion(kind=Kind.INSTANT, clause=lambda value, now: column >= value)


def _shown_until(value: datetime) -> datetime:
    """Doors show milliseconds: what is shown as this instant is kept as one before the returned."""
    return min(value, datetime.max.replace(tzinfo=UTC) - SHOWN) + SHOWN


def whole(column: ColumnElement[Any]) -> Criterion:
    """Whole number equal to the value."""
    return Criterion(kind=Kind.WHOLE, clause=lambda value, now: column == value)


def at_least(column: ColumnElement[Any]) -> Criterion:
    """Whole number not smaller than the value."""
    return Criterion(kind=Kind.WHOLE, clause=lambda value, now: column >= value)


def at_most(column: ColumnElement[Any]) -> Criterion:
    """Whole number not larger than the value."""
    return Criterion(kind=Kind.WHOLE, clause=lambda value, now: column <= value)


def flag(condition: ColumnElement[bool]) -> Criterion:
    """A condition that is asked for or not."""
    return Criterion(kind=Kind.FLAG, clause=lambda value, now: condition)


def flag_at(condition: Callable[[datetime], ColumnElement[bool]]) -> Criterion:
    """A condition that depends on the present instant."""
    return Criterion(kind=Kind.FLAG, clause=lambda value, now: condition(now))


TENANTS: Mapping[str, Criterion] = {  # there are no tenants: asking for one finds nothing
    "tenant_id_in": Criterion(kind=Kind.TEXTS, clause=lambda value, now: false()),
    "without_tenant_id": Criterion(kind=Kind.FLAG, clause=lambda value, now: true()),
}


def concerns_task(sight: Sight) -> ColumnElement[bool]:
    """Tasks that are, were or may become the person's own, or belong to the person's department."""
    mine = [task.c.assignee == sight.username, task.c.owner == sight.username, task.c.ended_by == sight.username]
    mine.append(
        exists(select(task_candidate.c.task_id).where(task_candidate.c.task_id == task.c.id, candidate_of(sight)))
    )
    if sight.department is not None:
        mine.append(task.c.department == sight.department)
    return or_(*mine)


def candidate_of(sight: Sight) -> ColumnElement[bool]:
    """Candidate rows that name the person or one of the person's groups."""
    return or_(
        and_(task_candidate.c.kind == "user", task_candidate.c.value == sight.username),
        and_(task_candidate.c.kind.in_(("group", "share")), task_candidate.c.value.in_(sorted(sight.groups))),
    )


def not_withheld(case_id: ColumnElement[Any], sight: Sight) -> ColumnElement[bool]:
    """Cases of processes that are not withheld, and one's own of those that are: started, held or offered to oneself."""
    closed = select(case.c.id).where(case.c.key.in_(sorted(sight.withheld)))
    return or_(case_id.not_in(closed), concerns_case(case_id, replace(sight, department=None, leads=None)))


def concerns_case(case_id: ColumnElement[Any], sight: Sight) -> ColumnElement[bool]:
    """Cases the person started or has, had or may get a task in, and chains the person's department leads."""
    started = select(case.c.id).where(case.c.started_by == sight.username)
    involved = select(task.c.case_id).where(concerns_task(sight))
    led = [case_id.in_(led_by(sight.leads))] if sight.leads is not None else []
    return or_(case_id.in_(started), case_id.in_(involved), *led)
