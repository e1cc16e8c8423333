"""The lines of a bill: for every item what its standards in force ask, or 0.00 because nothing is charged.

The estimate before filing uses the same lines (XN-22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.casework.money.standards import is_licence, said_by
from service.rules.bills import FeeLine, charged_line, free_line
from service.rules.fee_formulas import Measure
from service.rules.fees import Claim, FeeStandard, charge
from service.store.fee_standards import StandardRow

FREE = "不收费"


@dataclass(frozen=True, kw_only=True)
class BilledItem:
    """One item of a bill: its code, what it is called, whose it is; `scope`: the called process in a chain."""

    code: str
    name: str
    department: str
    scope: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """An exemption that is claimed for the line of a standard."""

    standard: str
    code: str
    reason: str


def lines_of(
    items: Sequence[BilledItem],
    standards: Sequence[StandardRow],
    values: Mapping[str, Any],
    on: date,
    *,
    only: Sequence[str] = (),
    claims: Sequence[Claimed] = (),
) -> tuple[tuple[UUID | None, FeeLine], ...]:
    """The lines of items with the scope of each. `only`: codes of standards to charge (none: all that are in force).

    A standard on demand is charged where one of its inputs is known. Refused: what `rules.fees.charge` refuses.
    """
    found: list[tuple[UUID | None, FeeLine]] = []
    for item in items:
        charged = [
            (item.scope, _line(row, item, values, on, claims))
            for row in standards
            if item.code in row.items and (not only or row.code in only) and _wanted(row, values)
        ]
        found += charged or [(item.scope, free_line(item.department, item.name, FREE, item=item.code))]
    return tuple(found)


def settled_lines(settled: Sequence[tuple[BilledItem, str]]) -> tuple[tuple[UUID | None, FeeLine], ...]:
    """The lines of items an earlier bill, named by its number, has charged for."""
    return tuple(
        (item.scope, free_line(item.department, item.name, f"已由收费单 {number} 收取", item=item.code))
        for item, number in settled
    )


def measures_of(says: FeeStandard) -> tuple[Measure, ...]:
    """What a standard has to know, in the order it is asked."""
    formula = says.formula
    named = (getattr(formula, name, None) for name in ("pieces", "further", "quantity", "days", "base"))
    return tuple(one for one in named if isinstance(one, Measure))


def exact(value: Any) -> Any:
    """A number as it was written. A form's 24.5 has passed through JSON: the shortest text of a binary fraction is what
    somebody typed, so nothing is lost on the way to the exact decimal."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _wanted(row: StandardRow, values: Mapping[str, Any]) -> bool:
    if not row.on_demand:
        return True
    return any(values.get(one.name) not in (None, "", 0, "0") for one in measures_of(said_by(row)))


def _line(
    row: StandardRow, item: BilledItem, values: Mapping[str, Any], on: date, claims: Sequence[Claimed]
) -> FeeLine:
    says = said_by(row)
    inputs = {one.name: exact(values.get(one.name)) for one in measures_of(says)}
    claimed = [Claim(one.code, one.reason) for one in claims if one.standard == row.code]
    return charged_line(charge(says, inputs, on, licence=is_licence(item.code), claims=claimed), item=item.code)
