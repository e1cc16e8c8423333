"""收费一表: one bill for a case or a whole chain, with a line for every charging body, also those of 0.00 (R-FEE-2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.rules.clocks import ClockKind, Unit
from service.rules.counting import Deadline, deadline
from service.rules.fees import Charge
from service.rules.money import NOTHING, total_of
from service.rules.promises import limit_clock
from service.rules.refusals import Invalid, refuse
from service.rules.worktime import WorkCalendar

DUE_DAYS = 5  # working days to pay
ABANDON_DAYS = 60  # working days the case waits for the money; to be confirmed by the city


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One line as it is printed: who charges for what, on which basis, how computed. `item`: the 办件 it is for.

    `reason`: why there is nothing, or less, to pay. `standard` and `version` (its first day) name what was applied.
    """

    department: str
    name: str
    amount: Decimal
    item: str = ""
    basis: str = ""
    formula: str = ""
    inputs: tuple[tuple[str, Decimal], ...] = ()
    exempted: Decimal = NOTHING
    reason: str = ""
    standard: str = ""
    version: date | None = None
    mandatory: bool = True


@dataclass(frozen=True, kw_only=True)
class Bill:
    """A bill: issued on, to be paid by the close of `due_on`. Its total is the sum of its lines, in CNY."""

    issued_on: date
    due_on: date
    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return total_of(tuple(line.amount for line in self.lines))

    @property
    def owed(self) -> bool:
        """Whether a mandatory line asks for money: until it is paid or exempt, no certificate (R-FEE-5)."""
        return any(line.mandatory and line.amount > 0 for line in self.lines)


def charged_line(charge: Charge, *, item: str = "") -> FeeLine:
    """The line of what a standard asks."""
    standard = charge.standard
    reasons = [
        f"{part.exemption.name}减免 {part.exemption.percent:f}%（{part.exemption.basis.text()}）：{part.reason}"
        for part in charge.parts
        if part.exemption is not None
    ]
    if not reasons and charge.amount == 0:
        reasons.append("计费数量为零")
    return FeeLine(
        department=standard.department,
        name=standard.name,
        amount=charge.amount,
        item=item,
        basis=standard.basis.text(),
        formula="；".join(part.formula for part in charge.parts),
        inputs=charge.inputs,
        exempted=charge.exempted,
        reason="；".join(reasons),
        standard=standard.code,
        version=standard.effective_from,
        mandatory=standard.mandatory,
    )


def free_line(department: str, name: str, reason: str, *, item: str = "", basis: str = "") -> FeeLine:
    """A line of 0.00: 不收费. Refused: FEE_ZERO_WITHOUT_REASON."""
    if not reason.strip():
        raise refuse("reason", "FEE_ZERO_WITHOUT_REASON", "{name}为 0.00 元，应写明不收费的理由。", name=name)
    return FeeLine(
        department=department, name=name, amount=NOTHING, item=item, basis=basis, reason=reason.strip(), mandatory=False
    )


def make_bill(
    calendar: WorkCalendar, on: date, lines: Iterable[FeeLine], *, bodies: Collection[tuple[str, str]] = ()
) -> Bill:
    """One bill of all lines. `bodies`: (department, item) that must have a line, charging or not.

    Refused: BILL_EMPTY, BILL_LINE_TWICE, BILL_INCOMPLETE, FEE_ZERO_WITHOUT_REASON, CALENDAR_MISSING.
    """
    found = tuple(lines)
    if not found:
        raise Invalid("BILL_EMPTY", "收费一表至少应有一行，不收费的也应列出。")
    seen: set[tuple[str, str, str]] = set()
    for line in found:
        key = (line.item, line.department, line.standard or line.name)
        if key in seen:
            raise Invalid("BILL_LINE_TWICE", "收费一表中{name}出现两次。", name=line.name)
        seen.add(key)
        if line.amount == 0 and not line.reason:
            raise refuse("reason", "FEE_ZERO_WITHOUT_REASON", "{name}为 0.00 元，应写明不收费的理由。", name=line.name)
    lacking = sorted({department for department, item in bodies} - {line.department for line in found}) or sorted(
        f"{department}/{item}" for department, item in set(bodies) - {(line.department, line.item) for line in found}
    )
    if lacking:
        raise Invalid("BILL_INCOMPLETE", "收费一表缺少{bodies}的行，不收费的也应列出。", bodies="、".join(lacking))
    return Bill(issued_on=on, due_on=calendar.add_workdays(on, DUE_DAYS), lines=found)


def abandoned_on(calendar: WorkCalendar, issued: date) -> date:
    """The last working day a case waits for its money. Refused: CALENDAR_MISSING."""
    return calendar.add_workdays(issued, ABANDON_DAYS)


@dataclass(frozen=True, kw_only=True)
class RefundRule:
    """Within how long money goes back after a refusal, where a text says so."""

    amount: int
    unit: Unit
    basis: str


FOREST_RESTORATION = RefundRule(amount=7, unit=Unit.CALENDAR, basis="《森林法实施条例》第十六条")


def refund_by(calendar: WorkCalendar, rule: RefundRule, notice: date) -> Deadline:
    """The last day of a refund; calendar days that end on a rest day roll forward (R-LIM-3, V18-11).

    Refused: CALENDAR_MISSING.
    """
    end = deadline(calendar, limit_clock(ClockKind.PAYMENT, notice, rule.amount, rule.unit))
    assert end is not None  # nothing pauses it
    return end
