"""What may be completed with nothing but an opinion: never a decision, never a form that asks to choose."""

from __future__ import annotations

from typing import Any

import pytest

from service.rules.bulk import one_by_one, opinion_field


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"components": list(components)}


def area(key: str, *, required: bool = True) -> dict[str, Any]:
    return {"type": "textarea", "key": key, "label": key, "validate": {"required": required}}


CHOICE = {"type": "radio", "key": "decision", "values": [{"value": "grant", "label": "准予"}], "defaultValue": "grant"}
LIST = {"type": "checklist", "key": "seen", "values": [{"value": "a", "label": "甲"}], "validate": {"required": True}}


@pytest.mark.parametrize("stage", ["APPROVE", "IMMEDIATE"])
def test_decisions_are_taken_one_by_one_unless_the_diagram_says_otherwise(stage: str) -> None:
    assert one_by_one(stage, {}) and one_by_one(stage, {"bulk": "no"})
    assert not one_by_one(stage, {"bulk": "yes"})


def test_a_diagram_may_keep_any_task_from_bulk() -> None:
    assert one_by_one("REVIEW", {"bulk": "no"}) and not one_by_one("REVIEW", {}) and not one_by_one(None, {})


@pytest.mark.parametrize(
    "schema",
    [
        form(CHOICE, area("opinion")),
        form(LIST, area("opinion")),
        form(area("opinion"), area("reason")),
        form({"type": "textfield", "key": "certificate_no", "validate": {"required": True}}),
    ],
)
def test_a_form_that_asks_for_more_than_an_opinion_is_none(schema: dict[str, Any]) -> None:
    assert opinion_field(schema, {}) is None


@pytest.mark.parametrize(
    ("schema", "data", "field"),
    [
        (None, {}, ""),
        (form(area("opinion")), {}, "opinion"),
        (form(area("remark", required=False)), {}, "remark"),
        (form(area("remark", required=False), area("opinion", required=False)), {}, "opinion"),
        (form(area("answer"), area("advice", required=False)), {}, "answer"),
        (form(area("measure"), area("cause")), {"cause": "设备故障"}, "measure"),
        (form({"type": "text", "text": "说明"}), {}, ""),
    ],
)
def test_one_opinion_is_enough_when_nothing_else_is_missing(
    schema: dict[str, Any] | None, data: dict[str, Any], field: str
) -> None:
    assert opinion_field(schema, data) == field
