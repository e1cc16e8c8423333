"""Days reconciled with the channel, and what did not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from service.store.money_schema import bill, payment, reconciliation_day, reconciliation_exception, refund
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class DayRow:
    """One day as last compared. `open`: exceptions nobody has handled."""

    day: date
    source: str
    digest: str
    ours: Decimal
    theirs: Decimal
    matched: int
    open: int
    run_at: datetime
    run_by: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionRow:
    """One movement the two sides do not tell alike."""

    id: UUID
    day: date
    kind: str
    entry: str
    number: str
    bill_no: str
    ours: Decimal | None
    theirs: Decimal | None
    at: datetime
    handled_by: str | None = None
    handled_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MovementRow:
    """One movement of our books: PAYMENT or REFUND."""

    entry: str
    number: str
    bill_no: str
    amount: Decimal
    at: datetime


class Reconciliations:
    """The reconciled days of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, row: DayRow, exceptions: Sequence[ExceptionRow]) -> None:
        """A day as it was just compared; what was compared before is overwritten."""
        self._records.execute(upsert(self._records.dialect, reconciliation_day, ("day",)), asdict(row))
        self._records.execute(delete(reconciliation_exception).where(reconciliation_exception.c.day == row.day))
        if exceptions:
            self._records.execute(insert(reconciliation_exception), [asdict(one) for one in exceptions])

    def find(self, day: date, *, lock: bool = False) -> DayRow | None:
        """One day."""
        statement = select(reconciliation_day).where(reconciliation_day.c.day == day)
        row = self._records.execute(statement.with_for_update() if lock else statement).one_or_none()
        return None if row is None else DayRow(**row._mapping)

    def between(self, first: date, last: date) -> tuple[DayRow, ...]:
        """Days compared, the latest first."""
        rows = self._records.execute(
            select(reconciliation_day)
            .where(reconciliation_day.c.day.between(first, last))
            .order_by(reconciliation_day.c.day.desc())
        )
        return tuple(DayRow(**row._mapping) for row in rows)

    def exceptions_of(self, day: date) -> tuple[ExceptionRow, ...]:
        """What did not fit on a day."""
        rows = self._records.execute(
            select(reconciliation_exception)
            .where(reconciliation_exception.c.day == day)
            .order_by(reconciliation_exception.c.at, reconciliation_exception.c.number, reconciliation_exception.c.kind)
        )
        return tuple(ExceptionRow(**row._mapping) for row in rows)

    def exception(self, exception_id: UUID) -> ExceptionRow | None:
        """One of them."""
        statement = select(reconciliation_exception).where(reconciliation_exception.c.id == exception_id)
        row = self._records.execute(statement).one_or_none()
        return None if row is None else ExceptionRow(**row._mapping)

    def handle(self, exception_id: UUID, **columns: Any) -> None:
        """Write what was done about one."""
        self._records.execute(
            update(reconciliation_exception).where(reconciliation_exception.c.id == exception_id).values(**columns)
        )

    def set_open(self, day: date, count: int) -> None:
        """How many exceptions of a day nobody has handled."""
        self._records.execute(update(reconciliation_day).where(reconciliation_day.c.day == day).values(open=count))

    def movements(self, since: datetime, until: datetime) -> tuple[MovementRow, ...]:
        """What came in and went back between two instants (the second not included), by the channel's own time."""
        paid = self._records.execute(
            select(payment.c.number, payment.c.bill_no, payment.c.amount, payment.c.paid_at).where(
                payment.c.paid_at >= since, payment.c.paid_at < until
            )
        )
        found = [
            MovementRow(entry="PAYMENT", number=row.number, bill_no=row.bill_no, amount=row.amount, at=row.paid_at)
            for row in paid
        ]
        back = self._records.execute(
            select(refund.c.number, payment.c.bill_no, refund.c.amount, refund.c.refunded_at)
            .join(payment, payment.c.id == refund.c.payment_id)
            .where(refund.c.refunded_at >= since, refund.c.refunded_at < until)
        )
        found += [
            MovementRow(entry="REFUND", number=row.number, bill_no=row.bill_no, amount=row.amount, at=row.refunded_at)
            for row in back
        ]
        return tuple(sorted(found, key=lambda one: (one.at, one.entry, one.number)))

    def known(self, numbers: Sequence[str]) -> frozenset[str]:
        """Which of these numbers of bills are ours."""
        rows = self._records.execute(select(bill.c.number).where(bill.c.number.in_(list(numbers)))) if numbers else ()
        return frozenset(row.number for row in rows)
