"""Item cards of the register as drawings use them: what a diagram says of its item, stage plan, departments."""

from __future__ import annotations

import json
from pathlib import Path

from drawing.office import TACIT

CARDS = Path(__file__).parents[2] / "processes" / "items"
UNITS = {"WORKDAY": "wd", "CALENDAR": "cd"}
REASONS = {  # why a promise is longer than three working days (AMB-12)
    "SURVEY": "现场勘查", "EXPERT": "技术评审或检测", "CONSULT": "征求意见",
    "PUBLICITY": "公示或听证", "UPPER": "上级或政府决定", "COMPLEX": "复杂事项",
}  # fmt: skip


def register_card(code: str) -> dict:
    """The card of an item, by its code."""
    found: dict = json.loads((CARDS / f"{code}.json").read_text("utf-8"))
    return found


def slug(card: dict) -> str:
    """101-QT-001 → 101_QT_001."""
    return card["code"].replace("-", "_")


def half_days(card: dict) -> tuple[int, int, int, int]:
    """The stage plan 受理, 审核, 批准, 发证 in half-days."""
    accept, review, approve, issue = card["stages"]
    return accept, review, approve, issue


def facts(card: dict, *, contract: str = "", short: str = "") -> dict[str, str]:
    """What the card says about limits, silence and money, as attributes of the process."""
    basis = card["basis"][0]
    given = card.get("correction") or {"value": 5, "unit": "WORKDAY"}
    statutory, tacit = card["statutory"], card.get("tacit", "NONE")
    reasons = [REASONS[one["reason"]] for one in card.get("exceptions", ())]
    found = {
        "zw__kind": "ITEM",
        "zw__item": card["code"],
        "zw__limit": f"{card['promised']}wd",
        "zw__limit_start": "ACCEPTANCE",
        "zw__receipt": f"{given['value']}{UNITS[given['unit']]}",
        "zw__short": short or card["short_name"],
        "zw__basis": f"{basis['name']}{basis['article']}",
        "zw__result": card["result"]["name"],
        "zw__fee": "按收费标准" if card.get("fees") else "不收费",
        "zw__tacit": tacit.lower() if tacit in ("NONE", "NEVER") else TACIT[tacit],
        "zw__statutory": f"{statutory['value']}{UNITS[statutory['unit']]}",
        "zw__statutory_start": statutory["start"],
        "camunda__versionTag": "1.0",
    }
    if contract:
        found["zw__data_contract"] = contract
    if months := card["result"].get("months"):
        found["zw__valid"] = f"{months}m"
    if reasons:
        found["zw__promise_reason"] = "、".join(reasons)
    return found
