"""The editor's form of an item card: fields named by their path in the card, read back into the card's data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

TEXT, AREA, WHOLE, FLAG, ONE, MANY, LINES, DAY = "text", "area", "whole", "flag", "one", "many", "lines", "day"
Spec = tuple[str, str]

GROUPS: tuple[tuple[str, tuple[Spec, ...]], ...] = (
    (
        "identity",
        (
            ("code", TEXT),
            ("name", TEXT),
            ("short_name", TEXT),
            ("department", TEXT),
            ("type", ONE),
            ("nature", ONE),
            ("category", ONE),
            ("kind", ONE),
            ("level", ONE),
            ("national_code", TEXT),
            ("board", ONE),
            ("process", TEXT),
            ("themes", MANY),
            ("audience", MANY),
        ),
    ),
    ("conditions", (("conditions", LINES), ("remarks", LINES))),
    (
        "limits",
        (
            ("statutory.value", WHOLE),
            ("statutory.most", WHOLE),
            ("statutory.unit", ONE),
            ("statutory.start", ONE),
            ("statutory.note", TEXT),
            ("promised", WHOLE),
            ("stages", LINES),
            ("correction.value", WHOLE),
            ("correction.unit", ONE),
            ("extension.most", WHOLE),
            ("extension.approver", ONE),
            ("extension.times", WHOLE),
            ("counter_minutes", WHOLE),
        ),
    ),
    (
        "silence",
        (("tacit", ONE), ("tacit_basis", TEXT), ("lock", ONE), ("lock_reason", TEXT)),
    ),
    (
        "needs",
        (
            ("survey", FLAG),
            ("expert", FLAG),
            ("collective", FLAG),
            ("hearing", FLAG),
            ("limited", FLAG),
            ("agency", FLAG),
            ("green_channel", FLAG),
        ),
    ),
    ("money", (("fees", LINES), ("fee_statement", TEXT), ("fee_basis", TEXT))),
    (
        "result",
        (
            ("result.kind", ONE),
            ("result.name", TEXT),
            ("result.months", WHOLE),
            ("renewal_days", WHOLE),
        ),
    ),
    ("places", (("windows", LINES), ("channels", MANY), ("visits", WHOLE), ("to_confirm", LINES))),
)
ROWS: dict[str, tuple[Spec, ...]] = {
    "basis": (("name", TEXT), ("article", TEXT), ("level", ONE), ("text", AREA)),
    "materials": (
        ("name", TEXT),
        ("source", ONE),
        ("form", ONE),
        ("copies", WHOLE),
        ("need", ONE),
        ("condition", TEXT),
        ("shared_key", TEXT),
        ("validity", TEXT),
        ("basis", TEXT),
        ("reusable", FLAG),
        ("defer_days", WHOLE),
    ),
    "procedures": (("kind", ONE), ("most", WHOLE), ("unit", ONE), ("basis", TEXT), ("excluded", FLAG)),
    "exceptions": (("reason", ONE), ("text", TEXT)),
    "complaints": (("kind", ONE), ("value", TEXT)),
    "fields": (
        ("key", TEXT),
        ("label", TEXT),
        ("kind", ONE),
        ("length", WHOLE),
        ("choices", LINES),
        ("unit", TEXT),
        ("hint", TEXT),
    ),
}
NEW: dict[str, Any] = {  # what the form of a new item begins with
    "category": "APPROVAL",
    "level": "CITY",
    "board": "APPROVAL",
    "kind": "PROMISED",  # 承诺件: four stages, three working days (XN-07)
    "promised": 3,
    "stages": [1, 2, 2, 1],
    "statutory": {"start": "ACCEPTANCE"},
    "correction": {"value": 5, "unit": "WORKDAY"},
    "extension": {"most": 10, "approver": "dept_head", "times": 1},
    "tacit": "NONE",
    "visits": 1,
    "agency": True,
    "green_channel": True,
}
EMPTY_ROWS = {"procedures": {"excluded": True}}
MOST_ROWS = 60
_ROW = re.compile(r"([a-z_]+)\[([0-9]{1,2})\]\.[a-z_]+", re.ASCII)


def read_form(sent: MultiDict[str, str]) -> dict[str, Any]:
    """The card's data as a browser sent it. What cannot be read stays a text, so that the rules name the field."""
    data: dict[str, Any] = {}
    for _, specs in GROUPS:
        for path, widget in specs:
            value = _value(sent, path, widget)
            group, _, part = path.partition(".")
            if not part:
                if value not in ("", None):
                    data[path] = value
            elif value not in ("", None):
                data.setdefault(group, {})[part] = value
    data.setdefault("statutory", {})
    data.setdefault("result", {})
    for name, specs in ROWS.items():
        data[name] = [row for number in _numbers(sent, name) if (row := _row(sent, f"{name}[{number}]", specs))]
    return data


def shown_rows(data: Mapping[str, Any], more: str = "") -> dict[str, list[Mapping[str, Any]]]:
    """The rows of every list as the form shows them; one empty row more where somebody asked for it or none is there."""
    shown = {}
    for name in ROWS:
        rows = list(data.get(name) or ())[:MOST_ROWS]
        if (name == more or not rows) and len(rows) < MOST_ROWS:
            rows.append(EMPTY_ROWS.get(name, {}))
        shown[name] = rows
    return shown


def _numbers(sent: MultiDict[str, str], name: str) -> list[int]:
    found = {int(match[2]) for key in sent if (match := _ROW.fullmatch(key)) and match[1] == name}
    return sorted(found)[:MOST_ROWS]


def _row(sent: MultiDict[str, str], at: str, specs: tuple[Spec, ...]) -> dict[str, Any]:
    """One entry; nothing when it was marked for deletion or holds no text."""
    if sent.get(f"{at}.gone"):
        return {}
    values = {part: _value(sent, f"{at}.{part}", widget) for part, widget in specs}
    kept = {part: value for part, value in values.items() if value not in ("", None, [])}
    typed = [part for part, widget in specs if widget in (TEXT, AREA, LINES) and kept.get(part)]
    chosen = {"procedures", "exceptions"} & {at.partition("[")[0]} and any(
        kept.get(part) for part in ("kind", "reason")
    )
    return kept if typed or chosen else {}


def _value(sent: MultiDict[str, str], name: str, widget: str) -> Any:
    if widget == FLAG:
        return name in sent
    if widget == MANY:
        return sent.getlist(name)
    text = sent.get(name, "").strip()
    if widget == LINES:
        parts = [
            part.strip()
            for part in (text.splitlines() if name not in ("fees", "windows") else re.split(r"[\s,，、]+", text))
        ]
        kept = [part for part in parts if part]
        if name == "stages":
            words = re.split(r"[\s/,，、]+", text) if text else []
            return [_whole(one) for one in words]
        return kept
    if widget == WHOLE:
        return _whole(text)
    return text


def _whole(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text
