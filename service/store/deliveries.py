"""What is to be handed out and what was, and 移交单 from departments to the issuing window."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, exists, func, insert, or_, select, type_coerce, update

from service.store.papers_schema import certificate
from service.store.records_schema import delivery, handover, handover_line
from service.store.schema import case, task

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRow:
    """What one item has to hand out. `certificates`: number, name, copies; `receipt`: who received it and how checked."""

    id: UUID
    case_id: UUID
    scope_id: UUID | None
    process: str
    name: str
    certificates: Sequence[Mapping[str, Any]]
    way: str
    state: str
    ready_at: datetime
    due_on: date | None
    reminded: int = 0
    code_tries: int = 0
    code_locked_until: datetime | None = None
    waybill: str | None = None
    courier: str | None = None
    attempts: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    together: UUID | None = None
    receipt: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """A delivery as lists show it."""

    row: DeliveryRow
    title: str | None
    business_key: str | None


@dataclass(frozen=True, kw_only=True)
class DeliverySearch:
    """What a list is narrowed by; what is empty does not narrow."""

    states: tuple[str, ...] = ()
    way: str = ""
    words: str = ""
    due_before: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverRow:
    """One 移交单."""

    id: UUID
    number: str
    department: str
    handed_by: str
    handed_at: datetime
    received_by: str | None
    received_at: datetime | None
    state: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverLineRow:
    """One certificate of it."""

    handover_id: UUID
    line: int
    case_id: UUID
    scope_id: UUID | None
    number: str
    name: str
    copies: int
    state: str
    note: str = ""


class Deliveries:
    """The rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- deliveries

    def add(self, row: DeliveryRow) -> None:
        """Open one."""
        values = {**asdict(row), "certificates": list(row.certificates), "attempts": list(row.attempts)}
        self._records.execute(insert(delivery), [values])

    def find(self, delivery_id: UUID) -> DeliveryRow | None:
        """One of them."""
        row = self._records.execute(select(delivery).where(delivery.c.id == delivery_id)).one_or_none()
        return None if row is None else DeliveryRow(**row._mapping)

    def of_case(self, case_id: UUID) -> tuple[DeliveryRow, ...]:
        """Those of a case, in the order they became ready."""
        rows = self._records.execute(
            select(delivery).where(delivery.c.case_id == case_id).order_by(delivery.c.ready_at, delivery.c.id)
        )
        return tuple(DeliveryRow(**row._mapping) for row in rows)

    def change(self, delivery_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(delivery).where(delivery.c.id == delivery_id).values(**values))

    def count(self, search: DeliverySearch) -> int:
        """How many a search finds."""
        query = select(func.count()).select_from(delivery.join(case, case.c.id == delivery.c.case_id))
        return int(self._records.execute(query.where(*_narrowed(search))).scalar_one())

    def lines(self, search: DeliverySearch, *, skip: int = 0, limit: int = 50) -> tuple[DeliveryLine, ...]:
        """One page of them: what is due first comes first."""
        query = (
            select(delivery, case.c.title, case.c.business_key)
            .join(case, case.c.id == delivery.c.case_id)
            .where(*_narrowed(search))
            .order_by(delivery.c.due_on.is_(None), delivery.c.due_on, delivery.c.ready_at, delivery.c.id)
        )
        names = [column.name for column in delivery.columns]
        return tuple(
            DeliveryLine(
                row=DeliveryRow(**{name: row._mapping[name] for name in names}),
                title=row.title,
                business_key=row.business_key,
            )
            for row in self._records.execute(query.offset(skip).limit(limit))
        )

    def waiting(self, states: Collection[str], way: str, reminded: int) -> tuple[DeliveryRow, ...]:
        """Those in some states that were reminded less often than so many times, the oldest first."""
        rows = self._records.execute(
            select(delivery)
            .where(delivery.c.state.in_(list(states)), delivery.c.way == way, delivery.c.reminded < reminded)
            .order_by(delivery.c.ready_at, delivery.c.id)
        )
        return tuple(DeliveryRow(**row._mapping) for row in rows)

    # -- hand-overs

    def hand_over(self, row: HandoverRow, lines: Sequence[HandoverLineRow]) -> None:
        """Write a 移交单 with its certificates."""
        self._records.execute(insert(handover), [asdict(row)])
        self._records.execute(insert(handover_line), [asdict(line) for line in lines])

    def handover(self, handover_id: UUID, *, lock: bool = False) -> HandoverRow | None:
        """One of them; with `lock` nobody else signs for it meanwhile."""
        statement = select(handover).where(handover.c.id == handover_id)
        row = self._records.execute(statement.with_for_update() if lock else statement).one_or_none()
        return None if row is None else HandoverRow(**row._mapping)

    def handover_lines(self, handover_id: UUID) -> tuple[HandoverLineRow, ...]:
        """Its certificates."""
        rows = self._records.execute(
            select(handover_line).where(handover_line.c.handover_id == handover_id).order_by(handover_line.c.line)
        )
        return tuple(HandoverLineRow(**row._mapping) for row in rows)

    def sign(self, handover_id: UUID, values: Mapping[str, Any], lines: Mapping[int, Mapping[str, Any]]) -> None:
        """The window signs: the sheet and its lines."""
        self._records.execute(update(handover).where(handover.c.id == handover_id).values(**values))
        for number, changes in lines.items():
            self._records.execute(
                update(handover_line)
                .where(handover_line.c.handover_id == handover_id, handover_line.c.line == number)
                .values(**changes)
            )

    def handed_over(self, case_id: UUID, scope_id: UUID | None) -> tuple[HandoverLineRow, ...]:
        """What was handed over of an item, the last sheet last; withdrawn sheets do not count."""
        same = handover_line.c.scope_id.is_(None) if scope_id is None else handover_line.c.scope_id == scope_id
        rows = self._records.execute(
            select(handover_line)
            .join(handover, handover.c.id == handover_line.c.handover_id)
            .where(handover_line.c.case_id == case_id, same, handover.c.state != "WITHDRAWN")
            .order_by(handover.c.handed_at, handover.c.number, handover_line.c.line)
        )
        return tuple(HandoverLineRow(**row._mapping) for row in rows)

    def handovers(
        self, *, department: str | None, states: Collection[str] = (), skip: int = 0, limit: int = 50
    ) -> tuple[HandoverRow, ...]:
        """One page of 移交单, the latest first."""
        query = select(handover).where(*_of(department, states)).order_by(handover.c.handed_at.desc(), handover.c.id)
        return tuple(HandoverRow(**row._mapping) for row in self._records.execute(query.offset(skip).limit(limit)))

    def count_handovers(self, *, department: str | None, states: Collection[str] = ()) -> int:
        """How many there are."""
        query = select(func.count()).select_from(handover).where(*_of(department, states))
        return int(self._records.execute(query).scalar_one())

    def issuing(self, department: str | None, limit: int = 200) -> tuple[dict[str, Any], ...]:
        """Open desks of the stage ISSUE whose certificates are not on a 移交单 yet: task, case, item, since when.

        `department`: whose processes' reviewing desks belong to it; None: all.
        """
        on_list = exists(
            select(handover_line.c.line)
            .join(handover, handover.c.id == handover_line.c.handover_id)
            .where(
                handover_line.c.case_id == task.c.case_id,
                func.coalesce(handover_line.c.scope_id, task.c.case_id)
                == func.coalesce(task.c.scope_id, task.c.case_id),
                handover.c.state != "WITHDRAWN",
                handover_line.c.state != "MISSING",
            )
        )
        before = task.alias("before")
        theirs = exists(
            select(before.c.id).where(
                before.c.case_id == task.c.case_id,
                func.coalesce(before.c.scope_id, task.c.case_id) == func.coalesce(task.c.scope_id, task.c.case_id),
                before.c.department == department,
                before.c.stage == "APPROVE",
            )
        )
        query = (
            select(
                task.c.id,
                task.c.case_id,
                task.c.scope_id,
                task.c.definition_id,
                task.c.created_at,
                case.c.title,
                case.c.business_key,
            )
            .join(case, case.c.id == task.c.case_id)
            .where(task.c.ended_at.is_(None), task.c.stage == "ISSUE", ~on_list)
            .order_by(task.c.created_at, task.c.id)
            .limit(limit)
        )
        if department is not None:
            query = query.where(theirs)
        return tuple(dict(row._mapping) for row in self._records.execute(query))


def _narrowed(search: DeliverySearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.states:
        found.append(delivery.c.state.in_(list(search.states)))
    if search.way:
        found.append(delivery.c.way == search.way)
    if search.due_before is not None:
        found.append(and_(delivery.c.due_on.is_not(None), delivery.c.due_on < search.due_before))
    for word in search.words.split():
        columns = (case.c.title, case.c.business_key, delivery.c.name, delivery.c.certificates, delivery.c.waybill)
        registered = exists().where(
            certificate.c.case_id == delivery.c.case_id, certificate.c.number.icontains(word, autoescape=True)
        )
        found.append(or_(registered, *(_text(column).icontains(word, autoescape=True) for column in columns)))
    return found


def _text(column: Any) -> Any:
    """JSON is searched as it is written."""
    return type_coerce(column, Text)


def _of(department: str | None, states: Collection[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if department is not None:
        found.append(handover.c.department == department)
    if states:
        found.append(handover.c.state.in_(list(states)))
    return found
