"""What two versions of a form differ in is said field by field."""

from __future__ import annotations

from service.rules.form_diff import FieldDifference, compare_forms

BEFORE = {
    "components": [
        {"key": "opinion", "type": "textarea", "label": "意见", "validate": {"required": True}},
        {"type": "group", "id": "g", "components": [{"key": "area", "type": "number", "label": "面积"}]},
        {"key": "way", "type": "radio", "label": "方式", "values": [{"label": "是", "value": "y"}]},
    ]
}


def test_fields_that_are_new_gone_or_ask_otherwise_are_told() -> None:
    after = {
        "components": [
            {"key": "opinion", "type": "textarea", "label": "审核意见", "validate": {"required": False}},
            {"key": "way", "type": "radio", "label": "方式", "values": [{"label": "否", "value": "n"}]},
            {"key": "date", "type": "datetime", "label": "日期"},
        ]
    }
    assert compare_forms(BEFORE, after) == (
        FieldDifference(
            how="CHANGED",
            field="opinion",
            label="审核意见",
            parts=(("label", "意见", "审核意见"), ("validate.required", "True", "False")),
        ),
        FieldDifference(how="CHANGED", field="way", label="方式", parts=(("values", "是", "否"),)),
        FieldDifference(how="ADDED", field="date", label="日期"),
        FieldDifference(how="REMOVED", field="g", label=""),
        FieldDifference(how="REMOVED", field="area", label="面积"),
    )


def test_equal_forms_and_what_is_no_form_differ_in_nothing() -> None:
    assert compare_forms(BEFORE, BEFORE) == () == compare_forms(None, {"components": "x"})
