"""批量办理: one act over many tasks, and which tasks may be completed with nothing but an opinion.

Whoever decides, decides on one case at a time: 批准 and the one desk of a 即办件 are never completed in bulk unless the
diagram says so (`zw:bulk="yes"`), and a form that asks to choose between outcomes is never.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from service.rules.form_fields import Field, fields
from service.rules.forms import Evaluate, initial_values, judge, no_feel
from service.rules.stages import IMMEDIATE

MOST = 200  # tasks of one run
LONGEST_OPINION = 2000
DECISIONS = frozenset({"APPROVE", IMMEDIATE})
OUTCOMES = frozenset({"decision", "recommendation", "conclusion", "procedure", "reject_kind"})
CHOOSING = frozenset({"radio", "select", "checklist", "taglist", "checkbox"})


class BulkAct(StrEnum):
    """What may be done to many tasks."""

    CLAIM = "claim"  # 认领
    RELEASE = "release"  # 退回岗位
    ASSIGN = "assign"  # 指派, by heads
    COMPLETE = "complete"  # 办结, each with its opinion


class ItemState(StrEnum):
    """What became of one task of a run."""

    WAITING = "WAITING"  # its turn has not come
    DONE = "DONE"
    SUBMITTED = "SUBMITTED"  # what was said takes effect once those who countersign have been heard
    REFUSED = "REFUSED"  # with the reason


def one_by_one(stage: str | None, zw: Mapping[str, str]) -> bool:
    """Whether a task is done one by one, whatever its form asks."""
    said = zw.get("bulk")
    return said == "no" or (stage in DECISIONS and said != "yes")


def opinion_field(
    schema: Mapping[str, Any] | None, data: Mapping[str, Any], evaluate: Evaluate = no_feel
) -> str | None:
    """The field one opinion fills so that nothing is missing; empty when the form asks for none; None: it asks for more."""
    if schema is None:
        return ""
    known = initial_values(schema, data)
    judged = judge(schema, known, data=data, evaluate=evaluate)
    asked = [one for one in fields(schema) if one.name not in judged.hidden and not one.locked]
    if any(_chooses(one) for one in asked):
        return None
    missing = {problem.field for problem in judged.problems}
    texts = [one for one in asked if one.kind == "textarea"]
    if not missing:
        return next((one.name for one in texts if one.name == "opinion"), texts[-1].name if texts else "")
    if len(missing) == 1 and (found := next((one.name for one in texts if one.name in missing), None)) is not None:
        return found
    return None


def _chooses(one: Field) -> bool:
    return one.name in OUTCOMES or (one.required and one.kind in CHOOSING)
