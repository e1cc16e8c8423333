"""What has to be known to decide is told before anybody decides, with its type where the table says it."""

from __future__ import annotations

import pytest

from service.engine import DecisionFailure, Question, decision_questions
from tests.processes.library import TABLES

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
PRICE = """<decision id="price" name="价格"><variable name="price" typeRef="number"/><literalExpression><text>area * rate</text></literalExpression></decision>"""
LEVEL = """<decision id="level" name="等级"><informationRequirement><requiredDecision href="#price"/></informationRequirement>
<decisionTable hitPolicy="FIRST"><input id="i1" label="价格"><inputExpression typeRef="number"><text>price</text></inputExpression></input>
<input id="i2" label="类别"><inputExpression typeRef="string"><text>kind</text></inputExpression><inputValues><text>"甲","乙"</text></inputValues></input>
<input id="i3" label="年份"><inputExpression><text>year + 1</text></inputExpression></input>
<output id="o1" name="level" typeRef="string"/>
<rule id="r1"><inputEntry><text>&gt; limit</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"高"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_inputs_are_asked_with_their_labels_types_and_listed_values() -> None:
    asked = {one.name: one for one in decision_questions((HEAD + PRICE + LEVEL).encode(), "level")}
    assert asked["kind"] == Question(name="kind", label="类别", kind="string", values=("乙", "甲"))
    assert asked["year"] == Question(name="year", label="year")
    assert "price" not in asked, "another decision of the file gives it"
    assert set(asked) == {"area", "rate", "kind", "year", "limit"}


def test_a_shipped_table_asks_for_its_columns() -> None:
    asked = decision_questions(TABLES["matrix_DB_20"].read_bytes(), "matrix_DB_20")
    assert [(one.name, one.kind) for one in asked] == [("company_asked", "boolean"), ("project_kind", "string")]


@pytest.mark.parametrize(("content", "key"), [((HEAD + PRICE + LEVEL).encode(), "no_such"), (b"<x", "level")])
def test_what_is_not_there_is_a_failure_in_words(content: bytes, key: str) -> None:
    with pytest.raises(DecisionFailure):
        decision_questions(content, key)
