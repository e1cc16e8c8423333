"""Windows, who is posted to them, and requests for roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import case, func, insert, or_, select, update

from service.rules.organisation import WindowKind
from service.rules.vocabulary import RequestState
from service.rules.windows import Window
from service.store.intake_schema import service_window
from service.store.schema import person, task
from service.store.staff_schema import posting, role_request, window_plan
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class WindowRow:
    """One window of the hall with its plan. `periods`: JSON of `rules.organisation.Period`; `general`, `items`: what it takes."""

    number: str
    name: str
    board: str
    general: bool
    items: list[str]
    active: bool
    kind: str
    department: str | None = None
    periods: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PostingRow:
    """Somebody at a window, days [since, until]; `name`: what the person is called."""

    id: UUID
    window: str
    username: str
    since: date
    until: date | None
    purpose: str
    recorded_by: str
    recorded_at: datetime
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleRequestRow:
    """Roles somebody is to have, asked for by one person and decided by another one."""

    id: UUID
    username: str
    before: list[str]
    after: list[str]
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    remark: str = ""


KIND = func.coalesce(
    window_plan.c.kind,
    case((service_window.c.general, WindowKind.COMPREHENSIVE.value), else_=WindowKind.STANDING.value),
)
_WINDOWS = select(
    service_window.c.code.label("number"),
    *(service_window.c[name] for name in ("name", "board", "general", "items", "active")),
    KIND.label("kind"),
    *(window_plan.c[name] for name in ("department", "periods", "note")),
).outerjoin(window_plan, window_plan.c.code == service_window.c.code)


class Organisation:
    """Rows of `window_plan`, `posting` and `role_request`, with the windows of the hall."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def window(self, number: str) -> WindowRow | None:
        """One window."""
        row = self._records.execute(_WINDOWS.where(service_window.c.code == number)).one_or_none()
        return None if row is None else _window(row._mapping)

    def windows(self, *, active_only: bool = False) -> tuple[WindowRow, ...]:
        """Every window, by number."""
        query = _WINDOWS.order_by(service_window.c.code)
        if active_only:
            query = query.where(service_window.c.active)
        return tuple(_window(row._mapping) for row in self._records.execute(query))

    def put_windows(self, rows: Collection[WindowRow]) -> None:
        """Add windows or overwrite them, with their plans."""
        if not rows:
            return
        self._records.intakes.put_windows(
            Window(
                code=row.number,
                name=row.name,
                board=row.board,
                general=row.general,
                items=tuple(row.items),
                active=row.active,
            )
            for row in rows
        )
        plans = [
            {
                "code": row.number,
                "kind": row.kind,
                "department": row.department,
                "periods": row.periods,
                "note": row.note,
            }
            for row in rows
        ]
        self._records.execute(upsert(self._records.dialect, window_plan, ("code",)), plans)

    def windows_of(self) -> dict[str, int]:
        """How many windows in use each department has."""
        query = (
            select(window_plan.c.department, func.count().label("many"))
            .join(service_window, service_window.c.code == window_plan.c.code)
            .where(window_plan.c.department.is_not(None), service_window.c.active)
            .group_by(window_plan.c.department)
        )
        return {row.department: int(row.many) for row in self._records.execute(query)}

    def people_of(self) -> dict[str, int]:
        """How many active people each department has."""
        query = (
            select(person.c.department, func.count().label("many"))
            .where(person.c.department.is_not(None), person.c.active)
            .group_by(person.c.department)
        )
        return {row.department: int(row.many) for row in self._records.execute(query)}

    def postings(
        self, *, window: str | None = None, username: str | None = None, on: date | None = None
    ) -> tuple[PostingRow, ...]:
        """Postings with the names of the people, the newest first; `on`: only those that hold on a day."""
        query = (
            select(posting, person.c.name)
            .join(person, person.c.username == posting.c.username)
            .order_by(posting.c.since.desc(), posting.c.username)
        )
        if window is not None:
            query = query.where(posting.c.window == window)
        if username is not None:
            query = query.where(posting.c.username == username)
        if on is not None:
            query = query.where(posting.c.since <= on, or_(posting.c.until.is_(None), posting.c.until >= on))
        return tuple(PostingRow(**row._mapping) for row in self._records.execute(query))

    def posting(self, posting_id: UUID) -> PostingRow | None:
        """One posting."""
        row = self._records.execute(select(posting).where(posting.c.id == posting_id)).one_or_none()
        return None if row is None else PostingRow(**row._mapping)

    def add_posting(self, row: PostingRow) -> None:
        """Post somebody to a window."""
        values = {name: value for name, value in asdict(row).items() if name != "name"}
        self._records.execute(insert(posting), [values])

    def end_posting(self, posting_id: UUID, until: date) -> None:
        """The last day of a posting."""
        self._records.execute(update(posting).where(posting.c.id == posting_id).values(until=until))

    def open_tasks(self, username: str) -> int:
        """How many open tasks somebody has in hand."""
        query = select(func.count()).where(task.c.assignee == username, task.c.ended_at.is_(None))
        return int(self._records.execute(query).scalar_one())

    def request(self, request_id: UUID) -> RoleRequestRow | None:
        """One request, locked until the transaction ends."""
        query = select(role_request).where(role_request.c.id == request_id).with_for_update()
        row = self._records.execute(query).one_or_none()
        return None if row is None else RoleRequestRow(**row._mapping)

    def open_request(self, username: str) -> RoleRequestRow | None:
        """What is asked for a person and not decided."""
        asked = role_request.c.state == RequestState.ASKED.value
        query = select(role_request).where(role_request.c.username == username, asked)
        row = self._records.execute(query).one_or_none()
        return None if row is None else RoleRequestRow(**row._mapping)

    def add_request(self, row: RoleRequestRow) -> None:
        """Ask for roles. Duplicate when something is asked for this person already."""
        self._records.execute(insert(role_request), [asdict(row)])

    def change_request(self, request_id: UUID, values: Mapping[str, Any]) -> None:
        """Write columns of a request."""
        self._records.execute(update(role_request).where(role_request.c.id == request_id).values(**values))


def _window(values: Mapping[Any, Any]) -> WindowRow:
    return WindowRow(**{**values, "periods": values["periods"] or [], "note": values["note"] or ""})
