"""Fee standards as tests write them: the local samples of DOMAIN D.9."""

from __future__ import annotations

from typing import Any

from service.rules.fee_standards import read_standard
from service.rules.fees import FeeStandard

LAW = {"name": "《测试法》", "article": "第九条", "level": "LAW"}
NORMATIVE = {"name": "《测试办法》", "article": "第一条", "level": "NORMATIVE"}


def data(kind: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A standard in plain data, valid from 2026-01-01, approved."""
    return {
        "code": "T-1",
        "name": "测试费",
        "department": "105",
        "basis": LAW,
        "kind": kind,
        "params": params,
        "effective_from": "2026-01-01",
        "approved_by": "caiwu",
        **more,
    }


def standard(kind: str, params: dict[str, Any], **more: Any) -> FeeStandard:
    """The same, read."""
    return read_standard(data(kind, params, **more))


REGISTRATION = data(
    "FIXED",
    {
        "unit_price": "550.00",
        "unit": "件",
        "input": "pieces",
        "further": {"unit_price": "10.00", "unit": "本", "input": "certificates"},
    },
    code="BDC-2",
    name="不动产登记费",
    department="111",
    exemptions=[{"code": "XW", "name": "小微企业", "basis": NORMATIVE, "percent": "100"}],
)
HOUSING = data("FIXED", {"unit_price": "80.00", "unit": "件", "input": "pieces"}, code="BDC-1", name="不动产登记费")
RELOCATION = data(
    "PER_UNIT", {"unit_price": "1200.00", "unit": "㎡", "input": "area"}, code="RF-1", name="防空地下室易地建设费"
)
RELOCATION_SHARE = data(
    "PER_UNIT",
    {"unit_price": "1200.00", "unit": "㎡", "input": "area", "share": "0.04"},
    code="RF-2",
    name="易地建设费",
)
OCCUPATION = data(
    "PER_UNIT_DAYS", {"unit_price": "0.60", "unit": "㎡", "input": "area", "days": "days"}, code="ZD-1", name="占道费"
)
DIGGING = data("PER_UNIT", {"unit_price": "380.00", "unit": "㎡", "input": "area"}, code="WJ-1", name="挖掘修复费")
WATER_SOIL = data("PER_UNIT", {"unit_price": "1.40", "unit": "㎡", "input": "area"}, code="SB-1", name="水保补偿费")
SHARE_OF_COST = data("RATIO", {"rate": "0.001", "input": "cost"}, code="BL-1", name="比例费", cap="30000.00")
TIERS = data(
    "TIERED",
    {
        "unit": "㎡",
        "input": "area",
        "tiers": [
            {"upto": "1000", "unit_price": "2.00"},
            {"upto": "10000", "unit_price": "1.50"},
            {"upto": None, "unit_price": "1.20"},
        ],
    },
    code="FD-1",
    name="分档费",
)
