"""Register cards (`processes/items/*.json`) as the drawings need them: limits, words and the plan of the stages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from drawing.office import TACIT

UNITS = {"WORKDAY": "wd", "CALENDAR": "cd"}
REASONS = {  # why a promise is longer than three working days (例外理由)
    "SURVEY": "现场勘查", "EXPERT": "技术评审或检测", "CONSULT": "征求意见", "PUBLICITY": "公示或听证",
    "UPPER": "上级或政府决定", "COMPLEX": "复杂事项",
}  # fmt: skip
EXTENSIONS = {0: "NONE", 5: "FOOD", 40: "PROJECT_APPROVAL"}  # other than the ten days of 行政许可法 art. 42
PER_ITEM = ("PUBLICITY", "CONSULT")  # counted unless the card leaves them out
REQUESTED = ("ENTRUSTED_EVALUATION", "DESIGN_REVISION", "TENDER")  # 特别程序 beyond those every item knows


def read_register(folder: Path) -> dict[str, dict]:
    """The cards of a folder by code."""
    read = (json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))
    return {card["code"]: card for card in read}


def slug(card: Mapping) -> str:
    """101-QT-001 → 101_QT_001."""
    return card["code"].replace("-", "_")


def tacit(card: Mapping) -> str:
    """The level of silence as diagrams write it."""
    level = card.get("tacit", "NONE")
    return TACIT.get(level, level.lower())


def desk_limit(half_days: int) -> str:
    """The limit of a desk; 0: in the very half-day in which the one before it is done, at the latest by close of the day."""
    return f"{half_days}hd" if half_days else "0wd"


def left_out(card: Mapping) -> list[str]:
    """Pauses of the item's own rules that are not part of its limit (zw:excludes)."""
    return [one["kind"] for one in card.get("procedures", ()) if one["kind"] in PER_ITEM and one.get("excluded", True)]


def requested(card: Mapping) -> list[str]:
    """What 审核 may ask for as 特别程序: the three of 行政许可法 art. 45 every item knows, and those of the card."""
    own = [one["kind"] for one in card.get("procedures", ()) if one["kind"] in REQUESTED]
    return ["HEARING", "INSPECTION", "EXPERT", *own]


def facts(card: Mapping) -> dict[str, str]:
    """What the card says of limits and silence, as attributes of the process."""
    correction = card.get("correction") or {"value": 5, "unit": "WORKDAY"}
    basis, statutory = card["basis"][0], card["statutory"]
    found = {
        "zw__kind": "ITEM",
        "zw__item": card["code"],
        "zw__limit": f"{card['promised']}wd",
        "zw__limit_start": "RECEIPT" if statutory["start"] == "RECEIPT" else "ACCEPTANCE",
        "zw__receipt": f"{correction['value']}{UNITS[correction['unit']]}",
        "zw__short": card["short_name"],
        "zw__basis": basis["name"] + basis.get("article", ""),
        "zw__result": card["result"]["name"],
        "zw__fee": "按收费标准" if card.get("fees") else card["fee_statement"].split("；")[0],
        "zw__tacit": tacit(card),
        "camunda__versionTag": "1.0",
    }
    if statutory["unit"] in UNITS:
        found["zw__statutory"] = f"{statutory['value']}{UNITS[statutory['unit']]}"
        found["zw__statutory_start"] = statutory["start"]
    if card.get("fees"):
        found["zw__data_contract"] = "in: joint; out: decision, certificate_no"
    if months := card["result"].get("months"):
        found["zw__valid"] = f"{months}m"
    if excluded := left_out(card):
        found["zw__excludes"] = " ".join(excluded)
    if (more := (card.get("extension") or {}).get("most", 10)) in EXTENSIONS:
        found["zw__extension"] = EXTENSIONS[more]
    if card.get("collective"):
        found["zw__decides"] = "collective"
    if reasons := [REASONS[one["reason"]] for one in card.get("exceptions", ())]:
        found["zw__promise_reason"] = "、".join(reasons)
    return found
