"""Messages of the joint review (联审联批会议): when and where it sits, how many issues, whose heads are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.rules.message_values import day_said

NOTICE, ANSWER = "L05", "L06"
OPENS = "9:00"  # unless the agenda names an hour


def invited(code: str, known: Mapping[str, Any]) -> tuple[str, ...]:
    """The departments a message of a meeting goes to: all that take part, or the one an issue concerns; else none."""
    if code == NOTICE:
        return tuple(str(one) for one in known.get("departments") or ())
    issue = known.get("issue")
    if code == ANSWER and isinstance(issue, Mapping) and issue.get("department"):
        return (str(issue["department"]),)
    return ()


def sitting(code: str, known: Mapping[str, Any]) -> dict[str, str]:
    """The places of these messages, as far as the case knows them. Of an answer, `count` is the number of the issue."""
    if code == NOTICE:
        lines = [line for line in str(known.get("issue_lines") or "").splitlines() if line.strip()]
        found = {"room": str(known.get("place") or ""), "count": str(min(len(lines), 99))}
        try:
            found["moment"] = f"{day_said(date.fromisoformat(str(known.get('meeting_on'))[:10]))}{OPENS}"
        except ValueError:
            return found
        return found
    if code == ANSWER:
        issues, issue = known.get("issues") or (), known.get("issue")
        return {"count": str(next((n for n, one in enumerate(issues, 1) if one == issue), 1))}
    return {}
