"""People, requests for roles, windows and the ledger, as administrators list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select

from service.store.intake_schema import service_window
from service.store.listing.criteria import Criterion, Kind, after, before, equals, flag, same_id
from service.store.listing.listing import Listing, pick
from service.store.organisation import KIND
from service.store.schema import department, ledger, person, person_role
from service.store.staff_schema import role_request, window_plan


@dataclass(frozen=True, kw_only=True)
class PersonListRow:
    """One account without its secrets; `roles` are codes between blanks."""

    id: UUID
    username: str
    alias: str | None
    name: str
    staff_no: str | None
    department: str | None
    short: str | None
    duty: str
    active: bool
    must_change: bool
    locked_until: datetime | None
    created_at: datetime
    roles: str | None


@dataclass(frozen=True, kw_only=True)
class RequestListRow:
    """One request for roles with the name of whom it is about."""

    id: UUID
    username: str
    name: str | None
    department: str | None
    before: list[str]
    after: list[str]
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    remark: str


@dataclass(frozen=True, kw_only=True)
class WindowListRow:
    """One window with its department."""

    number: str
    name: str
    kind: str
    department: str | None
    short: str | None
    board: str
    general: bool
    periods: list[dict[str, Any]] | None
    active: bool


@dataclass(frozen=True, kw_only=True)
class LedgerListRow:
    """One line of the ledger."""

    id: int
    written_at: datetime
    action: str
    actor: str | None
    subject: str | None
    detail: Any


def _words(*columns: Any) -> Criterion:
    """Text somewhere in one of the columns, whatever its case."""

    def clause(value: Any, now: datetime) -> Any:
        pattern = f"%{str(value).replace('%', '').replace('_', '').lower()}%"
        return or_(*(func.lower(func.coalesce(column, "")).like(pattern) for column in columns))

    return Criterion(kind=Kind.TEXT, clause=clause)


_roles = (
    select(func.aggregate_strings(person_role.c.role, " "))
    .where(person_role.c.person_id == person.c.id)
    .scalar_subquery()
)

PEOPLE: Listing[PersonListRow] = Listing(
    row=PersonListRow,
    columns={**pick(person, PersonListRow), "short": department.c.short, "roles": _roles},
    source=person.outerjoin(department, department.c.code == person.c.department),
    identity=person.c.id,
    criteria={
        "q": _words(person.c.username, person.c.alias, person.c.name, person.c.staff_no, person.c.duty),
        "username": equals(person.c.username),
        "department": equals(person.c.department),
        "role": Criterion(
            kind=Kind.TEXT,
            clause=lambda value, now: exists(
                select(person_role.c.role).where(person_role.c.person_id == person.c.id, person_role.c.role == value)
            ),
        ),
        "active": flag(person.c.active),
        "closed": flag(~person.c.active),
        "start_password": flag(person.c.must_change),
        "locked": Criterion(kind=Kind.FLAG, clause=lambda value, now: person.c.locked_until > now),
    },
    sorts={
        "username": person.c.username,
        "name": person.c.name,
        "staff_no": person.c.staff_no,
        "department": person.c.department,
        "created_at": person.c.created_at,
    },
    default=(person.c.department.nulls_last(), person.c.username),
)

ROLE_REQUESTS: Listing[RequestListRow] = Listing(
    row=RequestListRow,
    columns={**pick(role_request, RequestListRow), "name": person.c.name, "department": person.c.department},
    source=role_request.outerjoin(person, person.c.username == role_request.c.username),
    identity=role_request.c.id,
    criteria={
        "request_id": same_id(role_request.c.id),
        "username": equals(role_request.c.username),
        "state": equals(role_request.c.state),
        "decided": flag(role_request.c.state != "ASKED"),
        "q": _words(role_request.c.username, person.c.name, role_request.c.reason),
    },
    sorts={
        "asked_at": role_request.c.asked_at,
        "username": role_request.c.username,
        "decided_at": role_request.c.decided_at,
    },
    default=(role_request.c.asked_at.desc(),),
)

_window, _plan = service_window.c, window_plan.c

WINDOWS: Listing[WindowListRow] = Listing(
    row=WindowListRow,
    columns={
        "number": _window.code,
        "name": _window.name,
        "kind": KIND,
        "department": _plan.department,
        "short": department.c.short,
        "board": _window.board,
        "general": _window.general,
        "periods": _plan.periods,
        "active": _window.active,
    },
    source=service_window.outerjoin(window_plan, _plan.code == _window.code).outerjoin(
        department, department.c.code == _plan.department
    ),
    identity=_window.code,
    criteria={
        "q": _words(_window.code, _window.name, department.c.name),
        "kind": equals(KIND),
        "board": equals(_window.board),
        "department": equals(_plan.department),
        "open": flag(_window.active),
        "closed": flag(~_window.active),
    },
    sorts={"number": _window.code, "name": _window.name, "kind": KIND, "department": _plan.department},
    default=(_window.code,),
)


def _called(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a column names somebody who is called so."""
    return column.in_(select(person.c.username).where(person.c.name == name))


def _about(value: Any, now: datetime) -> ColumnElement[bool]:
    """A word in what a line says, or the name of whom it is about."""
    said = _words(ledger.c.subject, ledger.c.actor, cast(ledger.c.detail, String)).clause(value, now)
    return or_(said, _called(ledger.c.subject, value))


LEDGER: Listing[LedgerListRow] = Listing(
    row=LedgerListRow,
    columns=pick(ledger, LedgerListRow),
    source=ledger,
    identity=ledger.c.id,
    criteria={
        "q": Criterion(kind=Kind.TEXT, clause=_about),
        "action": equals(ledger.c.action),
        "subject": equals(ledger.c.subject),
        "actor": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: or_(ledger.c.actor == value, _called(ledger.c.actor, value))
        ),
        "since": after(ledger.c.written_at),
        "until": before(ledger.c.written_at),
    },
    sorts={"written_at": ledger.c.written_at, "action": ledger.c.action, "actor": ledger.c.actor},
    default=(ledger.c.id.desc(),),
)
