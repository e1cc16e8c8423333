"""Facts of a task that are evaluated once, when its token begins to wait: whose it is, when it is due, how urgent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.engine.kernel.details import Details
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Text, View, plain, shown
from service.engine.kernel.scope import view_of
from service.engine.kernel.timers import clock_of, instant, limit_due
from service.engine.kernel.token import Token

_LISTS = ("candidateUsers", "candidateGroups")
_DATES = ("dueDate", "followUpDate")
_NUMBERS = ("priority", "taskPriority")


def settle_facts(token: Token) -> None:
    """Evaluate what differs from the model and keep it with the token. Raises StepFailure, Refusal."""
    details: Details = token.task_spec.details
    top = token.workflow.top_workflow
    facts: dict[str, Any] = {}
    view = View(view_of(token).values, top.now, clock_of(token))
    for name, text in details.texts.items():
        if name in _DATES:
            value = text.value(view)
            if value is not None and value != "":
                facts[name] = instant(value, top.now, top.calendar).isoformat()
        elif text.literal is None:
            facts[name] = _kept(name, text.value(view))
        elif name in _NUMBERS:
            _number(text.literal)
    if "dueDate" not in facts and (due := limit_due(token)) is not None:
        facts["dueDate"] = due.isoformat()
    if details.name_text is not None:
        facts["name"] = details.name_text.string(view) or ""
    if details.zw_texts:
        facts["zw"] = {name: text.string(view) or "" for name, text in details.zw_texts.items()}
    token.internal_data.pop("f", None)
    if facts:
        token.internal_data["f"] = facts


def facts_of(token: Token) -> dict[str, Any]:
    """Fields of facts.Wait, from the model and what was kept."""
    details: Details = token.task_spec.details
    kept = token.internal_data.get("f", {})

    def fact(name: str) -> Any:
        if name in kept:
            return kept[name]
        text: Text | None = details.texts.get(name)
        return text.literal if text is not None and name not in _DATES else None

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(kept[name]) if kept.get(name) else None

    priority = fact("priority") if fact("priority") is not None else fact("taskPriority")
    found: dict[str, Any] = {
        "assignee": fact("assignee") or None,
        "candidate_users": _listed(fact("candidateUsers")),
        "candidate_groups": _listed(fact("candidateGroups")),
        "due_date": moment("dueDate"),
        "follow_up": moment("followUpDate"),
        "priority": _readable(priority),
        "form_key": fact("formKey") or None,
        "topic": fact("topic") or None,
        "description": details.documentation,
        "zw": {**details.zw, **kept.get("zw", {})},
    }
    if "name" in kept:
        found["name"] = kept["name"]
    return found


def _kept(name: str, value: Any) -> Any:
    if name in _LISTS:
        return list(_listed(value))
    if name in _NUMBERS:
        return _number(value)
    return None if value is None else plain(value)


def _listed(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = value if isinstance(value, (list, tuple)) else plain(value).split(",")
    return tuple(text for part in parts if part is not None and (text := plain(part).strip()))


def _readable(value: Any) -> int | None:
    """The same for a token that failed for its priority: its incident is told, too."""
    try:
        return _number(value)
    except StepFailure:
        return None


def _number(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, bool):
            return int(value)
    except (ValueError, TypeError, OverflowError):
        pass
    raise StepFailure(f"优先级应为整数,但得到的是{shown(value)}")
