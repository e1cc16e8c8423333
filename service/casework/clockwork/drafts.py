"""Clocks as the law and the diagram start them: kind, limit, first day (DOMAIN D.2, D.6, D.11)."""

from __future__ import annotations

from datetime import date, datetime
from itertools import accumulate
from uuid import UUID, uuid4

from service.casework.clockwork.book import RUNNING, Pause, day_of
from service.casework.clockwork.drawn import Drawn
from service.rules.chains import read_steps
from service.rules.clocks import ClockKind, Unit, midnight, read_limit
from service.rules.lights import Light
from service.rules.promises import DELIVERY_DAYS
from service.rules.receipt import NOTICE_DAYS, REPLY_DAYS
from service.store.clocks import ClockRow

NAMES = {
    ClockKind.RECEIPT: "收件审查",
    ClockKind.CASE: "承诺时限",
    ClockKind.STATUTORY: "法定时限",
    ClockKind.CHAIN: "联办时限",
    ClockKind.CORRECTION: "补正期限",
    ClockKind.DELIVERY: "送达期限",
    ClockKind.AGENCY: "代办时限",
}
BASES = {
    ClockKind.RECEIPT: "《行政许可法》第三十二条第一款第四项",
    ClockKind.DELIVERY: "《行政许可法》第四十四条",
}


class Drafts:
    """Starts clocks of one case. `case_id`: whose; `now`: the transaction's instant."""

    def __init__(self, drawn: Drawn, case_id: UUID, now: datetime) -> None:
        self.drawn, self.case_id, self.now = drawn, case_id, now

    def of_kind(
        self, kind: ClockKind, scope: UUID | None, process: str, on: date | None = None, limit: str | None = None
    ) -> ClockRow | None:
        """The clock of a kind as it would start now, or on the day that counts; None when the diagram gives no limit.

        `limit`: the promise in the place of the process's own.

        Refused: LIMIT_UNREADABLE.
        """
        zw = self.drawn.processes.get(process, {})
        limits = {
            ClockKind.RECEIPT: zw.get("receipt") or f"{NOTICE_DAYS}wd",
            ClockKind.CASE: limit or zw.get("limit"),
            ClockKind.STATUTORY: zw.get("statutory"),
            ClockKind.CHAIN: zw.get("limit"),
            ClockKind.AGENCY: zw.get("limit"),
            ClockKind.CORRECTION: f"{REPLY_DAYS}wd",
            ClockKind.DELIVERY: f"{DELIVERY_DAYS}wd",
        }
        text = limits.get(kind)
        if not text:
            return None
        amount, unit = read_limit(text)
        basis = zw.get("basis", "") if kind is ClockKind.STATUTORY else BASES.get(kind, "")
        return self.row(kind, NAMES[kind], scope, process, amount, unit, started=self.since(on), basis=basis)

    def milestones(self, scope: UUID | None, process: str, *, named: str | None = None) -> list[ClockRow]:
        """The milestones of a chain, each with the working days up to it (R-CHN-1); only one of them when it is named."""
        steps = read_steps(self.drawn.processes.get(process, {}).get("milestones", "")) or ()
        totals = accumulate(step.days for step in steps)
        return [
            self.row(ClockKind.MILESTONE, step.title, scope, process, total, Unit.WORKDAY)
            for step, total in zip(steps, totals, strict=True)
            if named is None or step.code == named
        ]

    def row(
        self,
        kind: ClockKind,
        name: str,
        scope: UUID | None,
        process: str,
        amount: int,
        unit: Unit,
        *,
        id: UUID | None = None,
        started: datetime | None = None,
        element: str | None = None,
        department: str | None = None,
        basis: str = "",
        pauses: tuple[Pause, ...] = (),
    ) -> ClockRow:
        """A clock that starts."""
        return ClockRow(
            id=id or uuid4(),
            case_id=self.case_id,
            scope_id=scope,
            process=process,
            kind=kind.value,
            name=name[:60],
            element=element,
            department=department or self.drawn.department(process),
            unit=unit.value,
            amount=amount,
            started_at=started or self.now,
            pauses=pauses,
            basis=basis,
            state=RUNNING,
            light=Light.GREEN.value,
        )

    def since(self, on: date | None) -> datetime:
        """The instant a clock starts: now, or the beginning of another day that counts."""
        return self.now if on is None or on == day_of(self.now) else midnight(on)
