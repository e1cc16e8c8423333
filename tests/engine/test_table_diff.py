"""What two versions of a decision table differ in is said column by column, row by row, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.engine.studio import TableDifference, TablePart, compare_tables

SHIPPED = Path(__file__).resolve().parents[2] / "processes"
BEFORE = (SHIPPED / "matrix_DB_20.dmn").read_text("utf-8")


def parts(after: str, before: str = BEFORE) -> tuple[TablePart, ...]:
    """What the one decision of the later file says otherwise."""
    found = compare_tables(before.encode(), after.encode())
    assert [(one.how, one.decision) for one in found] == [("CHANGED", "matrix_DB_20")]
    return found[0].parts


def rule(number: int) -> str:
    """The text of a rule of the shipped table."""
    start = BEFORE.index(f'<rule id="Rule_{number}">')
    return BEFORE[start : BEFORE.index("</rule>", start) + len("</rule>")]


def test_a_file_is_the_same_as_itself_however_it_is_drawn() -> None:
    drawn = BEFORE.replace('height="80"', 'height="90"').replace("<text />", "<text>-</text>")
    assert drawn != BEFORE
    assert compare_tables(BEFORE.encode(), drawn.encode()) == ()


@pytest.mark.parametrize(
    ("was", "now", "part"),
    [
        ("<text>true</text>", "<text>false</text>", ("cell", 1, "是否新设公司", "true", "false")),
        ("<text>true</text>", "<text></text>", ("cell", 1, "是否新设公司", "true", "-")),
        ('"企业开办"', '"开办企业"', ("cell", 1, "名称", '"企业开办"', '"开办企业"')),
        ("新设公司的", "新设的公司", ("note", 1, "", "新设公司的", "新设的公司")),
        ('hitPolicy="RULE ORDER"', 'hitPolicy="FIRST"', ("policy", None, "", "RULE ORDER", "FIRST")),
        ('hitPolicy="RULE ORDER"', "", ("policy", None, "", "RULE ORDER", "UNIQUE")),
        ("<text>company_asked</text>", "<text>asked</text>", ("input.expression", None, "是否新设公司", "company_asked", "asked")),
        ('label="项目类别"', 'label="类别"', ("input.label", None, "类别", "项目类别", "类别")),
        ('name="name" typeRef="string"', 'name="name" typeRef="Any"', ("output.type", None, "名称", "string", "Any")),
    ],
)  # fmt: skip
def test_what_is_said_otherwise_is_named_with_its_place(was: str, now: str, part: tuple[object, ...]) -> None:
    aspect, row, column, before, after = part
    assert parts(BEFORE.replace(was, now, 1)) == (
        TablePart(aspect=str(aspect), row=row, column=str(column), before=str(before), after=str(after)),  # type: ignore[arg-type]
    )


def test_rows_that_are_new_gone_or_stand_elsewhere_are_told_once() -> None:
    gone = parts(BEFORE.replace(rule(1), ""))
    assert [(one.aspect, one.row, one.after) for one in gone] == [("row", 1, None)]
    assert gone[0].before == 'true | - | "company" | "企业开办"'
    new = parts(BEFORE, BEFORE.replace(rule(2), ""))
    assert [(one.aspect, one.row, one.before) for one in new] == [("row", 2, None)]
    moved = parts(BEFORE.replace(rule(1), "").replace(rule(3), rule(3) + rule(1)))
    assert moved == (TablePart(aspect="order", row=3, before="1", after="3"),)


def test_rows_without_ids_are_known_by_what_they_say() -> None:
    nameless = BEFORE
    for number in range(1, 10):
        nameless = nameless.replace(f'<rule id="Rule_{number}">', "<rule>")
    after = nameless.replace(rule(2).replace(' id="Rule_2"', ""), "")
    assert [(one.aspect, one.row, one.after) for one in parts(after, nameless)] == [("row", 2, None)]


def test_a_column_that_comes_does_not_make_every_row_another() -> None:
    after = BEFORE.replace(
        '<output id="Output_1"',
        '<input id="Input_9" label="面积"><inputExpression><text>area</text></inputExpression></input><output id="Output_1"',
    )
    for number in range(1, 10):
        cell = f'<outputEntry id="Result_{number}_1">'
        after = after.replace(cell, f'<inputEntry id="Cell_{number}_9"><text>&gt; 5</text></inputEntry>{cell}')
    assert parts(after) == (TablePart(aspect="input", column="面积", after="面积"),)


def test_decisions_that_come_and_go_are_named_and_what_is_no_table_has_none() -> None:
    assert compare_tables(None, BEFORE.encode()) == (
        TableDifference(how="ADDED", decision="matrix_DB_20", name="代办本级事项清单"),
    )
    assert [one.how for one in compare_tables(BEFORE.encode(), None)] == ["REMOVED"]
    assert compare_tables(b"<a/>", b"<not") == ()


def test_an_expression_and_what_it_needs_are_compared() -> None:
    head = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    text = '<decision id="a" name="甲"><variable name="a" typeRef="number"/>{0}<literalExpression><text>{1}</text></literalExpression></decision></definitions>'
    needs = '<informationRequirement><requiredDecision href="#b"/></informationRequirement>'
    found = compare_tables((head + text.format("", "1")).encode(), (head + text.format(needs, "b + 1")).encode())
    assert found[0].parts == (
        TablePart(aspect="requires", after="b"),
        TablePart(aspect="expression", before="1", after="b + 1"),
    )
