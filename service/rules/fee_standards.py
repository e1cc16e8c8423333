"""Fee standards as the catalogue writes them: plain data in, a standard with single prices out, or a refusal.

A range of prices, a price in words and a parameter nobody knows are refused: what cannot be computed cannot be charged
(R-FEE-3). `docs/fees.md` shows one example of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from service.rules.fee_formulas import Fixed, Formula, Measure, PartKind, PerUnit, PerUnitDays, Ratio, Tier, Tiered
from service.rules.fees import Basis, BasisLevel, Exemption, FeeStandard
from service.rules.money import decimal_number
from service.rules.refusals import Invalid, refuse

BETWEEN = re.compile(r"[0-9]\D{0,2}[-~～–—至到][^0-9]{0,2}[0-9]")
RANGE_NAMES = frozenset({"min", "max", "from", "to", "low", "high", "min_price", "max_price"})
KNOWN = frozenset(
    "code name department basis kind params cap floor exemptions effective_from effective_to approved_by "
    "mandatory".split()
)


def read_standard(data: Mapping[str, Any]) -> FeeStandard:
    """One version of a standard.

    Refused, naming the field: FEE_RANGE, FEE_FREE_TEXT, FEE_PARAM_UNKNOWN, FEE_PARAM_MISSING, FEE_KIND, FEE_TIERS,
    FEE_BASIS, FEE_DATES, NUMBER_INVALID.
    """
    _only(data, KNOWN, "")
    return FeeStandard(
        code=_text(data, "code"),
        name=_text(data, "name"),
        department=_text(data, "department"),
        basis=_basis(data.get("basis"), "basis"),
        formula=read_formula(_text(data, "kind"), _mapping(data.get("params"), "params")),
        effective_from=_day(data, "effective_from"),
        effective_to=_day(data, "effective_to") if data.get("effective_to") else None,
        cap=_amount(data, "cap") if data.get("cap") is not None else None,
        floor=_amount(data, "floor") if data.get("floor") is not None else None,
        exemptions=tuple(
            _exemption(_mapping(one, f"exemptions.{at}"), f"exemptions.{at}.")
            for at, one in enumerate(_sequence(data.get("exemptions", ()), "exemptions"))
        ),
        approved_by=str(data.get("approved_by") or ""),
        mandatory=data.get("mandatory") is not False,
    )


def read_formula(kind: str, params: Mapping[str, Any]) -> Formula:
    """The formula of a kind. Refused as `read_standard` does."""
    at = "params."
    if kind == "FIXED":
        _only(params, {"unit_price", "unit", "input", "label", "further"}, at)
        further = params.get("further")
        fixed = Fixed(price=_amount(params, "unit_price", at), pieces=_measure(params, at, "件数", "件", places=0))
        if further is None:
            return fixed
        more = _mapping(further, f"{at}further")
        within = f"{at}further."
        _only(more, {"unit_price", "unit", "input", "label", "included"}, within)
        return Fixed(
            price=fixed.price,
            pieces=fixed.pieces,
            further_price=_amount(more, "unit_price", within),
            further=_measure(more, within, "数量", "本", places=0),
            included=int(decimal_number(f"{within}included", more.get("included", 1), places=0)),
        )
    if kind == "PER_UNIT":
        _only(params, {"unit_price", "unit", "input", "label", "share"}, at)
        return PerUnit(price=_amount(params, "unit_price", at), quantity=_measure(params, at, "面积", "㎡"))
    if kind == "PER_UNIT_DAYS":
        _only(params, {"unit_price", "unit", "input", "label", "share", "days"}, at)
        days = Measure(name=_text(params, "days", at), label="天数", unit="天", places=0)
        return PerUnitDays(
            price=_amount(params, "unit_price", at), quantity=_measure(params, at, "面积", "㎡"), days=days
        )
    if kind == "RATIO":
        _only(params, {"rate", "unit", "input", "label", "share"}, at)
        return Ratio(rate=_amount(params, "rate", at), base=_measure(params, at, "计费基数", "元"))
    if kind == "TIERED":
        _only(params, {"tiers", "unit", "input", "label", "share"}, at)
        return Tiered(tiers=_tiers(params, at), quantity=_measure(params, at, "面积", "㎡"))
    raise refuse(
        "kind", "FEE_KIND", "计费方式应为 FIXED、PER_UNIT、PER_UNIT_DAYS、RATIO 或 TIERED，现为“{kind}”。", kind=kind
    )


def _tiers(params: Mapping[str, Any], at: str) -> tuple[Tier, ...]:
    """Bounds rise and only the last tier has none."""
    tiers = []
    for n, one in enumerate(_sequence(params.get("tiers", ()), f"{at}tiers")):
        where = f"{at}tiers.{n}."
        entry = _mapping(one, where)
        _only(entry, {"upto", "unit_price"}, where)
        upto = None if entry.get("upto") is None else _amount(entry, "upto", where)
        tiers.append(Tier(upto=upto, price=_amount(entry, "unit_price", where)))
    bounds = [tier.upto for tier in tiers]
    inner = [bound for bound in bounds[:-1] if bound is not None]
    rising = all(a < b for a, b in zip([Decimal(0), *inner], inner, strict=False))
    if not tiers or bounds[-1] is not None or len(inner) != len(bounds) - 1 or not rising:
        raise refuse(f"{at}tiers", "FEE_TIERS", "分档上限应逐档递增，最后一档不设上限，且只有最后一档不设。")
    return tuple(tiers)


def _exemption(entry: Mapping[str, Any], at: str) -> Exemption:
    _only(entry, {"code", "name", "basis", "percent", "part", "effective_from", "effective_to"}, at)
    part = str(entry.get("part", PartKind.BASE))
    if part not in list(PartKind):
        raise refuse(
            f"{at}part", "FEE_PARAM_UNKNOWN", "收费标准中没有参数 {name} 的值“{value}”。", name="part", value=part
        )
    return Exemption(
        code=_text(entry, "code", at),
        name=_text(entry, "name", at),
        basis=_basis(entry.get("basis"), f"{at}basis"),
        percent=_amount(entry, "percent", at),
        part=PartKind(part),
        effective_from=_day(entry, "effective_from", at) if entry.get("effective_from") else None,
        effective_to=_day(entry, "effective_to", at) if entry.get("effective_to") else None,
    )


def _basis(value: Any, field: str) -> Basis:
    entry = _mapping(value, field)
    level = str(entry.get("level", ""))
    if level not in list(BasisLevel):
        raise refuse(f"{field}.level", "FEE_BASIS", "收费标准应写明依据名称和条款。")
    return Basis(
        name=_text(entry, "name", f"{field}."), article=_text(entry, "article", f"{field}."), level=BasisLevel(level)
    )


def _measure(params: Mapping[str, Any], at: str, label: str, unit: str, *, places: int = 2) -> Measure:
    return Measure(
        name=_text(params, "input", at),
        label=str(params.get("label") or label),
        unit=str(params.get("unit") or unit),
        places=places,
        share=_amount(params, "share", at) if params.get("share") is not None else None,
    )


def _amount(data: Mapping[str, Any], name: str, at: str = "") -> Decimal:
    """One number, written as text so that it is exact. A list, a pair and words are what a range looks like."""
    value, field = data.get(name), f"{at}{name}"
    if value is None or value == "":
        raise _absent(field)
    if isinstance(value, (Mapping, list, tuple)):
        raise _range(field)
    if isinstance(value, float):
        raise _free_text(field, value)
    try:
        return decimal_number(field, value)
    except Invalid:
        raise (_range(field) if BETWEEN.search(str(value)) else _free_text(field, value)) from None


def _text(data: Mapping[str, Any], name: str, at: str = "") -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _absent(f"{at}{name}")
    return value.strip()


def _day(data: Mapping[str, Any], name: str, at: str = "") -> date:
    try:
        return date.fromisoformat(_text(data, name, at))
    except ValueError:
        raise refuse(f"{at}{name}", "FEE_DATES", "{name}应为日期（YYYY-MM-DD）。", name=f"{at}{name}") from None


def _mapping(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _absent(field.rstrip("."))
    return value


def _sequence(value: Any, field: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise _absent(field)
    return value


def _only(data: Mapping[str, Any], known: frozenset[str] | set[str], at: str) -> None:
    for name in data:
        if name in RANGE_NAMES:
            raise _range(f"{at}{name}")
        if name not in known:
            raise refuse(f"{at}{name}", "FEE_PARAM_UNKNOWN", "收费标准中没有参数 {name}。", name=f"{at}{name}")


def _range(field: str) -> Invalid:
    return refuse(field, "FEE_RANGE", "收费标准不得是区间，{name}应为单一数值。", name=field)


def _free_text(field: str, value: object) -> Invalid:
    return refuse(
        field, "FEE_FREE_TEXT", "{name}应为十进制数的文本，现为“{value}”。", name=field, value=str(value)[:40]
    )


def _absent(field: str) -> Invalid:
    return refuse(field, "FEE_PARAM_MISSING", "收费标准缺少{name}。", name=field)
