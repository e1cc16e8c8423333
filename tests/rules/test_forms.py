"""A form is judged on the server: every rule has its sentence, what is hidden is not filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.rules.forms import (
    Block,
    entries_of,
    has_conditions,
    hidden_fields,
    judge,
    present,
    read_page,
    schema_problems,
)

REVIEW = {
    "type": "default",
    "components": [
        {"type": "text", "text": "# 审核\n请核对 {{project}}"},
        {
            "type": "radio",
            "key": "conclusion",
            "label": "审核结论",
            "values": [{"value": "pass", "label": "同意"}, {"value": "fix", "label": "退回补正"}],
            "validate": {"required": True},
        },
        {
            "type": "group",
            "label": "补正",
            "path": "fix",
            "conditional": {"hide": '=conclusion != "fix"'},
            "components": [
                {
                    "type": "checklist",
                    "key": "materials",
                    "label": "需补正的材料",
                    "values": [{"value": "a", "label": "用地批准书"}, {"value": "b", "label": "规划许可证"}],
                    "validate": {"required": True},
                },
                {
                    "type": "number",
                    "key": "days",
                    "label": "补正期限",
                    "decimalDigits": 0,
                    "validate": {"min": 1, "max": 30},
                },
            ],
        },
        {"type": "textarea", "key": "opinion", "label": "审核意见", "validate": {"required": True, "minLength": 4}},
        {"type": "button", "label": "提交"},
    ],
}


def feel(text: str, context: Mapping[str, Any]) -> Any:
    """Just enough FEEL for these forms."""
    if text == 'conclusion != "fix"':
        return context.get("conclusion") != "fix"
    return context.get(text)


def sentences(**entries: Any) -> list[str]:
    return [p.sentence() for p in judge(REVIEW, entries, evaluate=feel).problems]


def one(component: dict[str, Any], entry: Any, **data: Any) -> tuple[Any, list[str]]:
    found = judge({"components": [{"key": "x", "label": "某项", **component}]}, {"x": entry}, data=data, evaluate=feel)
    return found.answers.get("x"), [p.code for p in found.problems]


def test_every_missing_answer_is_named_in_chinese() -> None:
    assert sentences() == ["请选择“审核结论”", "请填写“审核意见”"]


def test_fields_shown_by_an_answer_are_asked_too() -> None:
    assert sentences(conclusion="fix", opinion="请补正材料") == ["请选择“需补正的材料”"]


def test_hidden_answers_are_not_filed() -> None:
    judged = judge(
        REVIEW, {"conclusion": "pass", "opinion": "符合规定", "fix.materials": ["a"], "fix.days": "3"}, evaluate=feel
    )
    assert judged.problems == ()
    assert judged.answers == {"conclusion": "pass", "opinion": "符合规定"}
    assert judged.hidden == {"fix.materials", "fix.days"}


def test_answers_of_a_group_with_a_path_are_nested() -> None:
    judged = judge(
        REVIEW, {"conclusion": "fix", "opinion": "请补正材料", "fix.materials": ["b"], "fix.days": "３"}, evaluate=feel
    )
    assert judged.answers["fix"] == {"materials": ["b"], "days": 3}


@pytest.mark.parametrize(
    ("component", "entry", "code"),
    [
        ({"type": "number"}, "十二", "NOT_A_NUMBER"),
        ({"type": "number"}, "1e99", "NOT_A_NUMBER"),
        ({"type": "number"}, "nan", "NOT_A_NUMBER"),
        ({"type": "number", "validate": {"min": 1}}, "0", "TOO_SMALL"),
        ({"type": "number", "validate": {"max": 5}}, "5.01", "TOO_LARGE"),
        ({"type": "number", "decimalDigits": 0}, "1.5", "TOO_PRECISE"),
        ({"type": "datetime", "subtype": "date"}, "2026-02-30", "NOT_A_DATE"),
        ({"type": "datetime", "subtype": "time"}, "25:00", "NOT_A_DATE"),
        ({"type": "date"}, "0001-01-01", "NOT_A_DATE"),
        ({"type": "select", "values": [{"value": "a", "label": "A"}]}, "b", "NOT_OFFERED"),
        ({"type": "checklist", "values": [{"value": "a", "label": "A"}]}, ["a", "z"], "NOT_OFFERED"),
        ({"type": "checklist"}, "a", "NOT_A_LIST"),
        ({"type": "checkbox"}, "yes", "NOT_A_FLAG"),
        ({"type": "checkbox", "validate": {"required": True}}, False, "REQUIRED"),
        ({"type": "textfield"}, {"a": 1}, "NOT_A_TEXT"),
        ({"type": "textfield", "validate": {"maxLength": 3}}, "四个字了", "TOO_LONG"),
        ({"type": "textfield", "validate": {"minLength": 3}}, "两字", "TOO_SHORT"),
        ({"type": "textfield", "validate": {"pattern": "^\\d{18}$"}}, "12", "PATTERN"),
        ({"type": "textfield", "validate": {"pattern": "(a+)+$"}}, "a" * 50 + "b", "PATTERN"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "nobody", "PATTERN"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "１２", "PATTERN"),
        ({"type": "textarea"}, "长" * 20_001, "TOO_LONG"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_code(component: dict[str, Any], entry: Any, code: str) -> None:
    assert one(component, entry)[1] == [code]


@pytest.mark.parametrize(
    ("component", "entry", "value"),
    [
        ({"type": "number"}, "1,200.50", 1200.5),
        ({"type": "number"}, "12", 12),
        ({"type": "number", "serializeToString": True}, "0.10", "0.10"),
        ({"type": "datetime", "subtype": "date"}, "2026-03-16", "2026-03-16"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-03-16T09:00", "2026-03-16T09:00+08:00"),
        ({"type": "select", "values": [{"value": 2, "label": "二"}]}, "2", 2),
        ({"type": "checkbox"}, True, True),
        ({"type": "textfield"}, "", None),
        ({"type": "select", "valuesKey": "offered"}, "b", "b"),
    ],
)
def test_a_good_answer_gets_its_type(component: dict[str, Any], entry: Any, value: Any) -> None:
    assert one(component, entry, offered=["a", "b"]) == (value, [])


def test_a_locked_field_keeps_the_value_of_the_case_whatever_is_sent() -> None:
    schema = {"components": [{"type": "textfield", "key": "project", "label": "项目", "readonly": True}]}
    assert judge(schema, {"project": "别的"}, data={"project": "罐项目"}).answers == {"project": "罐项目"}


def test_the_browser_sends_texts_and_the_program_sends_values() -> None:
    sent = {"conclusion": ["fix"], "fix.materials": ["a", "b"], "fix.days": [" 7 "], "opinion": ["一行\r\n二行"]}
    entries = read_page(REVIEW, lambda name: sent.get(name, []))
    assert entries["fix.days"] == "7" and entries["opinion"] == "一行\n二行"
    program = entries_of(
        REVIEW, {"conclusion": "fix", "fix": {"materials": ["a", "b"], "days": 7}, "opinion": "一行\n二行"}
    )
    assert judge(REVIEW, entries, evaluate=feel).answers == judge(REVIEW, program, evaluate=feel).answers


def test_a_refused_form_keeps_what_was_typed_and_says_why_beside_the_field() -> None:
    entries = {"conclusion": "fix", "fix.days": "很快"}
    judged = judge(REVIEW, entries, evaluate=feel)
    blocks = present(REVIEW, entries, evaluate=feel, wrong=judged.problems)
    days = _named(blocks, "fix.days")
    assert days.value == "很快" and days.problem is not None and days.problem.sentence() == "“补正期限”应为数字"


def test_the_presentation_marks_hidden_blocks_and_fills_texts() -> None:
    blocks = present(REVIEW, {"conclusion": "pass"}, data={"project": "罐项目"}, evaluate=feel)
    assert "罐项目" in blocks[0].text
    assert next(b for b in blocks if b.kind == "group").hidden
    assert has_conditions(REVIEW)
    assert "fix.days" in hidden_fields(REVIEW, {"conclusion": "pass"}, data={}, evaluate=feel)


def test_values_are_read_out_in_words() -> None:
    blocks = present(REVIEW, {"conclusion": "fix", "fix.materials": ["a", "b"]}, evaluate=feel)
    assert _named(blocks, "conclusion").shown == "退回补正"
    assert _named(blocks, "fix.materials").shown == "用地批准书、规划许可证"
    assert _named(blocks, "opinion").shown == "—"


@pytest.mark.parametrize("schema", [None, [], {}, {"components": 3}])
def test_what_is_no_form_is_said_to_be_none(schema: Any) -> None:
    assert schema_problems(schema) == ("不是表单文件：缺少 components 列表",)


def test_a_schema_with_unknown_types_double_keys_or_endless_patterns_is_reported() -> None:
    said = schema_problems(
        {
            "components": [
                {"type": "iframe", "label": "网页"},
                {"type": "textfield", "key": "a", "label": "甲"},
                {"type": "textfield", "key": "a", "label": "乙", "validate": {"pattern": "(x+)+"}},
                {"type": "number", "label": "丙"},
            ]
        }
    )
    assert len(said) == 4


def test_the_forms_of_this_test_have_no_problem() -> None:
    assert schema_problems(REVIEW) == ()


def _named(blocks: tuple[Block, ...], name: str) -> Block:
    for block in blocks:
        if block.name == name:
            return block
        if block.children:
            try:
                return _named(block.children, name)
            except LookupError:
                continue
    raise LookupError(name)
