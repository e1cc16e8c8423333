"""Filters on variables: `name operator value`, compared on the JSON text that is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Float, Text, and_, case, cast, exists, func, or_, select, true, type_coerce

from service.store.listing.criteria import Criterion, Kind
from service.store.schema import variable

NUMERIC = ("Integer", "Long", "Short", "Double")
HELD_MOBILE = "[^0-9]1[3-9][0-9]{9}[^0-9]"  # in a stored text or object: the quotation marks stand around it


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One comparison. `loose`: the value came as text in an address and also means the number or truth value it spells."""

    name: str
    operator: str  # eq, neq, gt, gteq, lt, lteq, like, notLike
    value: Any
    loose: bool = False
    whole: bool = True  # False: who asks sees mobile numbers masked, so values that hold one are not compared


OPERATORS = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like", "notLike")

_ORDER: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "gt": lambda column, value: column > value,
    "gteq": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lteq": lambda column, value: column <= value,
}


def variable_conditions(
    case_id: ColumnElement[Any], scope_id: ColumnElement[Any], *, own: ColumnElement[Any] | None = None
) -> Criterion:
    """All conditions hold for variables of the given scope of the case (or, with `own`, of that one's local scope)."""
    scope = scope_id if own is None else own

    def clause(conditions: tuple[Condition, ...], now: datetime) -> ColumnElement[bool]:
        return and_(
            true(),
            *(
                exists(
                    select(variable.c.name).where(
                        variable.c.case_id == case_id,
                        variable.c.scope_id == scope,
                        variable.c.name == condition.name,
                        compare(condition),
                    )
                )
                for condition in conditions
            ),
        )

    return Criterion(kind=Kind.CONDITIONS, clause=clause)


def compare(condition: Condition) -> ColumnElement[bool]:
    """The condition on one row of `variable`."""
    found = _compared(condition)
    if condition.whole:
        return found
    return and_(found, ~func.coalesce(type_coerce(variable.c.value, Text), "").regexp_match(HELD_MOBILE))


def _compared(condition: Condition) -> ColumnElement[bool]:
    stored = type_coerce(variable.c.value, Text)
    if condition.operator in ("eq", "neq"):
        same = or_(*(_same(stored, value) for value in _meanings(condition)))
        return same if condition.operator == "eq" else ~same
    if condition.operator in ("like", "notLike"):
        alike = stored.like(orjson.dumps(str(condition.value)).decode())
        return alike if condition.operator == "like" else ~alike
    order = _ORDER[condition.operator]
    meanings = _meanings(condition)
    numbers = [value for value in meanings if isinstance(value, (int, float)) and not isinstance(value, bool)]
    texts = [value for value in meanings if isinstance(value, str)]
    number = case((variable.c.type.in_(NUMERIC), cast(stored, Float)), else_=None)
    ordered = [order(number, value) for value in numbers]
    ordered += [and_(stored.like('"%'), order(stored, orjson.dumps(value).decode())) for value in texts]
    return or_(*ordered)


def _same(stored: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if value is None:
        return or_(stored.is_(None), stored == "null")
    return stored == orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _meanings(condition: Condition) -> list[Any]:
    """The typed values a condition may mean."""
    if not (condition.loose and isinstance(condition.value, str)):
        return [condition.value]
    try:
        spelled = orjson.loads(condition.value)
    except orjson.JSONDecodeError:
        return [condition.value]
    return [condition.value, spelled] if isinstance(spelled, (bool, int, float)) else [condition.value]
