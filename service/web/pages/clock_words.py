"""Journal lines of time in words: which clock or reason they speak of, and what was told with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from service.rules.clocks import ClockKind
from service.rules.pauses import name_of
from service.rules.proof import CLOCK_NAMES, MARK_NAMES
from service.web.pages import labels

Detail = Mapping[str, Any]
_MILESTONE = re.compile(r"M\d+")  # zw:milestones of a chain, R-CHN-4


def subject_of(action: str, detail: Detail) -> str:
    """What a line of time is about; nothing for other lines."""
    match action:
        case "item:reached":
            mark = str(detail.get("mark", ""))
            if mark in MARK_NAMES:
                return MARK_NAMES[mark].words(gettext)
            named = str(detail.get("name") or mark)
            return gettext("里程碑 %(mark)s", mark=named) if _MILESTONE.fullmatch(mark) else mark
        case "clock:paused":
            return name_of(str((detail.get("pause") or {}).get("kind", ""))).words(gettext)
        case "clock:resumed":
            return name_of(str(detail.get("kind", ""))).words(gettext)
        case "clock:turned" | "clock:extended":
            kind = str(detail.get("kind", ""))
            return CLOCK_NAMES[ClockKind(kind)].words(gettext) if kind in ClockKind.__members__ else ""
        case "proceeding:opened" | "proceeding:closed":
            kind = str(detail.get("kind", ""))
            return str(labels.PROCEEDINGS.get(kind, kind))
        case _ if action.startswith("material:"):
            return str(detail.get("material", ""))
        case _:
            return ""


def act_of(action: str, detail: Detail) -> str:
    """What happened, where the word for the action alone says too little."""
    if action == "tacit:passed":
        level = str(detail.get("level", ""))
        return str(labels.TACIT_LEVELS.get(level, level))
    if action == "proceeding:closed" and detail.get("state") in labels.PROCEEDING_STATES:
        return str(labels.PROCEEDING_STATES[detail["state"]])
    return ""


def said_of(action: str, detail: Detail) -> str:
    """What was told with a line: notice, announced days, reasons."""
    if action == "clock:paused":
        pause = detail.get("pause") or {}
        days = pause.get("expected_days")
        told = [
            str(pause.get("notice") or ""),
            gettext("告知 %(days)s 个工作日", days=days) if days is not None else "",
            str(pause.get("basis") or ""),
            str(pause.get("reason") or ""),
        ]
    elif action == "clock:extended":
        told = [gettext("延长 %(amount)s", amount=detail.get("amount")), str(detail.get("notice") or "")]
    elif action == "tacit:held":
        told = [
            labels.HOLDS[one].words(gettext) if one in labels.HOLDS else str(one) for one in detail.get("holds", ())
        ]
    elif action in ("proceeding:opened", "proceeding:closed", "clock:resumed"):
        told = [str(detail.get(name) or "") for name in ("document", "notice", "reason")]
    elif action.startswith("material:"):
        told = [
            str(detail.get(name) or "") for name in ("file", "refused", "signature", "reference", "reason", "remark")
        ]
    elif action == "opinion:late":
        told = [str(detail.get("text") or "")]
    else:
        told = []
    return "，".join(one for one in told if one)
