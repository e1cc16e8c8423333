"""Decision tables: what is ambiguous or of the wrong type is told, never guessed; then every hit policy of DMN 1.3."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from service.engine import Resource, Source, WaitKind, build_program, examine
from service.engine.decisions import DecisionFailure, DecisionUnreadable, decide, read_decision_bytes
from service.engine.decisions.reading import NAMESPACES
from tests.engine.dmn import dmn, literal, table
from tests.engine.drive import Drive, definitions, process

AGE = ('< 18 | "child"', '[18..65) | "adult"', '>= 65 | "senior"')


def asked(file: bytes, variables: dict, id: str = "d"):
    return decide(read_decision_bytes(file), id, variables)


def refused(file: bytes, variables: dict, id: str = "d") -> str:
    with pytest.raises(DecisionFailure) as told:
        asked(file, variables, id)
    return told.value.sentence


# -- refusals


def test_two_rows_of_a_unique_table_are_named():
    file = dmn(table("d", "UNIQUE", ["n: number"], ["r: string"], '> 1 | "a"', '> 5 | "b"', '> 9 | "c"'))
    assert asked(file, {"n": 3}).value == "a"
    assert "第1、2行" in refused(file, {"n": 7})
    assert "第1、2、3行" in refused(file, {"n": 10})


def test_any_with_different_results_names_the_rows():
    file = dmn(table("d", "ANY", ["n: number"], ["r: string"], '> 1 | "a"', '> 5 | "a"', '> 9 | "c"'))
    assert asked(file, {"n": 7}).value == "a"
    assert "第1、2、3行" in refused(file, {"n": 10})


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [("number", "abc", "数"), ("integer", 1.5, "整数"), ("boolean", "yes", "真或假"), ("date", "tomorrow", "日期"),
     ("number", True, "数"), ("string", {"a": 1}, "文字"), ("number", [1, 2], "数")],
)  # fmt: skip
def test_an_input_of_another_type_is_refused(kind, value, word):
    file = dmn(table("d", "UNIQUE", [f"n: {kind}"], ["r"], "- | 1"))
    sentence = refused(file, {"n": value})
    assert "输入“n”" in sentence and word in sentence


def test_an_output_of_another_type_is_refused():
    file = dmn(table("d", "FIRST", ["n"], ["r: number"], '1 | "x"', "- | 2"))
    assert "第1行的输出“r”应为数" in refused(file, {"n": 1})
    assert asked(file, {"n": 2}).value == 2


def test_a_variable_that_does_not_exist_is_no_null():
    file = dmn(table("d", "FIRST", ["nn: number"], ["r"], "> limit | 1", "- | approved"))
    assert "“nn”" in refused(file, {"n": 1})
    assert "“limit”" in refused(file, {"nn": 1})
    assert "“approved”" in refused(file, {"nn": 1, "limit": 5})
    assert asked(file, {"nn": None, "limit": 5, "approved": 3}).value == 3


def test_values_outside_the_declared_ones_are_refused():
    file = dmn(
        table("d", "UNIQUE", ["n: string"], ["r: string"], '"a" | "x"', '- | "z"', allowed={"n": '"a","b"'},
              values={"r": '"x","y"'})
    )  # fmt: skip
    assert "允许的取值" in refused(file, {"n": "c"})
    assert "声明的输出值" in refused(file, {"n": "b"})


def test_only_numbers_are_summed():
    file = dmn(table("d", "COLLECT+SUM", ["n"], ["r"], "- | 1", '- | "x"'))
    assert "第2行" in refused(file, {"n": 1})


# -- hit policies


def test_unique_first_and_no_row():
    file = dmn(table("d", "UNIQUE", ["age: number"], ["r: string"], *AGE))
    assert [asked(file, {"age": n}).value for n in (3, 18, 65.5)] == ["child", "adult", "senior"]
    assert asked(file, {"age": None}).value is None and asked(file, {"age": None}).rows == ()
    first = dmn(table("d", "FIRST", ["n"], ["r"], "> 1 | 1", "> 0 | 2"))
    assert [asked(first, {"n": n}).value for n in (2, 1, 0)] == [1, 2, None]


def test_priority_follows_the_output_values():
    rows = ('> 1 | "low"', '> 2 | "high"', '> 3 | "middle"')
    file = dmn(table("d", "PRIORITY", ["n"], ["r"], *rows, values={"r": '"high","middle","low"'}))
    assert [asked(file, {"n": n}).value for n in (2, 3, 4)] == ["low", "high", "high"]
    ordered = dmn(table("d", "OUTPUT ORDER", ["n"], ["r"], *rows, values={"r": '"high","middle","low"'}))
    assert asked(ordered, {"n": 4}).value == ["high", "middle", "low"]
    assert asked(ordered, {"n": 4}).matched == (2, 3, 1)


def test_priority_of_several_outputs_goes_from_left_to_right():
    file = dmn(
        table("d", "PRIORITY", ["n"], ["a", "b"], '- | "y"; 1', '- | "x"; 2', '- | "x"; 1',
              values={"a": '"x","y"', "b": "1,2"})
    )  # fmt: skip
    assert asked(file, {"n": 0}).value == {"a": "x", "b": 1}


def test_rule_order_and_collect_give_lists():
    for policy in ("RULE ORDER", "COLLECT"):
        file = dmn(table("d", policy, ["n"], ["r"], "> 1 | 3", "> 0 | 1", "> 9 | 7", "> 0 | 1"))
        assert asked(file, {"n": 2}).value == [3, 1, 1]
        assert asked(file, {"n": 0}).value == []


@pytest.mark.parametrize(
    ("how", "value", "none"), [("SUM", 5.3, None), ("MIN", 0.1, None), ("MAX", 5, None), ("COUNT", 3, 0)]
)
def test_collect_aggregates(how, value, none):
    file = dmn(table("d", f"COLLECT+{how}", ["n"], ["r"], "> 0 | 5", "> 0 | 0.1", "> 0 | 0.2"))
    assert asked(file, {"n": 1}).value == value
    assert asked(file, {"n": 0}).value == none


def test_default_outputs_stand_in_when_no_row_holds():
    file = dmn(table("d", "UNIQUE", ["n"], ["a", "b"], "1 | 1; 1", defaults={"a": '"none"'}))
    assert asked(file, {"n": 2}).value == {"a": "none", "b": None}


# -- cells


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [('"a","b"', "b", True), ('not("a","b")', "b", False), ('not("a")', "z", True), ("[1..3]", 3, True),
     ("]1..3[", 3, False), ("(1..3]", 1, False), ("-", None, True), ("", 5, True), ("null", None, True),
     ("< 5, > 10", 12, True), ("? * 2 = 8", 4, True), ("contains(?, \"市\")", "云溪市", True), ("true", False, False),
     ('starts with(?, "A")', "Ab", True), ("> k", 5, True), ("not(null)", None, False), ("not(null)", 1, True),
     ('date("2026-01-01")', date(2026, 1, 1), True), ('>= date("2026-01-01")', date(2025, 1, 1), False)],
)  # fmt: skip
def test_unary_tests(cell, value, holds):
    file = dmn(table("d", "FIRST", ["v"], ["r"], f"{cell} | true", "- | false"))
    assert asked(file, {"v": value, "k": 3}).value is holds


def test_texts_and_instants_become_what_the_column_wants():
    days = dmn(table("d", "FIRST", ["v: date"], ["r"], '> date("2026-03-01") | 1', "- | 2"))
    instant = datetime(2026, 3, 1, 17, tzinfo=UTC)  # already the 2nd in Shanghai
    assert [asked(days, {"v": v}).value for v in ("2026-03-02", date(2026, 3, 1), instant)] == [1, 2, 1]
    camunda = dmn(table("d", "FIRST", ["v: date"], ["r"], '> date and time("2026-03-01T12:00:00") | 1', "- | 2"))
    assert [asked(camunda, {"v": v}).value for v in (instant, date(2026, 3, 1), "2026-03-01T13:00:00+0800")] == [
        1,
        2,
        1,
    ]
    numbers = dmn(table("d", "FIRST", ["v: integer"], ["r"], "> 9 | 1", "- | 2"))
    assert [asked(numbers, {"v": v}).value for v in ("10", 9.0, [11])] == [1, 2, 1]
    words = dmn(table("d", "FIRST", ["v: string"], ["r"], '"10" | 1', "- | 2"))
    assert [asked(words, {"v": v}).value for v in (10, "x")] == [1, 2]


def test_a_table_of_2000_rows():
    rows = [f'[{n}..{n + 1}) ; "k{n % 7}" | {n}' for n in range(2000)]
    file = dmn(table("d", "UNIQUE", ["n", "k"], ["r"], *rows))
    assert asked(file, {"n": 1234.5, "k": f"k{1234 % 7}"}).value == 1234


# -- decisions that need others


def test_needed_decisions_come_first_and_are_known_by_name_and_output():
    file = dmn(
        table("top", "UNIQUE", ["季节", "guests: integer"], ["dish: string"], '"冬" ; <= 8 | "汤"', '"冬" ; > 8 | season',
              requires=("s",)),
        table("s", "UNIQUE", ["month: integer"], ["season: string"], '<= 2 | "冬"', '> 2 | "春"', name="季节"),
    )  # fmt: skip
    assert asked(file, {"month": 1, "guests": 4}, "top").value == "汤"
    assert asked(file, {"month": 1, "guests": 9}, "top").value == "冬"


def test_expressions_names_with_blanks_and_lists():
    file = dmn(
        literal("total", "sum(Base Fees) * factor", requires=("fees",), kind="number"),
        table("fees", "COLLECT", ["n"], ["fee"], "> 0 | 10", "> 1 | 5", name="Base Fees"),
    )
    assert asked(file, {"n": 2, "factor": 2}, "total").value == 30
    assert asked(file, {"n": 1, "factor": 2}, "total").rows == ({"total": 20},)


def test_every_version_of_dmn_is_read():
    for namespace in NAMESPACES:
        assert asked(dmn(table("d", "UNIQUE", ["n"], ["r"], "- | 1"), namespace=namespace), {"n": 1}).value == 1
    with pytest.raises(DecisionUnreadable):
        read_decision_bytes(dmn(literal("d", "1 +")))


# -- in a process

TASK = '<startEvent id="s"/><businessRuleTask id="t" {}/><userTask id="u"/><endEvent id="e"/>\ns -> t\nt -> u\nu -> e\n'
LEVELS = dmn(table("d", "RULE ORDER", ["n: number"], ["level: string"], '> 1 | "a"', '> 2 | "b"'))


def driven(attributes: str, variables: dict, file: bytes = LEVELS, inner: str = "", **more):
    body = TASK.format(attributes)
    if inner:
        body = body.replace(f"{attributes}/>", f"{attributes}>{inner}</businessRuleTask>")
    source = Source(key="p", definition_id=uuid4(), bpmn=definitions(process(body)), decisions={"d": file})
    return Drive(build_program("p", {"p": source}), variables, **more)


@pytest.mark.parametrize(
    ("mapping", "value"),
    [("singleEntry", "a"), ("singleResult", {"level": "a"}), ("collectEntries", ["a"]), ("resultList", [{"level": "a"}]),
     (None, [{"level": "a"}])],
)  # fmt: skip
@pytest.mark.parametrize("reload", [False, True])
def test_results_are_mapped_as_camunda_does(mapping, value, reload):
    how = f'camunda:mapDecisionResult="{mapping}"' if mapping else ""
    drive = driven(f'camunda:decisionRef="d" camunda:resultVariable="r" {how}', {"n": 2}, reload=reload)
    assert drive.run.variables()["r"] == value


@pytest.mark.parametrize("mapping", ["singleEntry", "singleResult"])
def test_several_rows_are_no_single_result(mapping):
    drive = driven(
        f'camunda:decisionRef="d" camunda:resultVariable="r" camunda:mapDecisionResult="{mapping}"', {"n": 3}
    )
    (wait,) = drive.run.waits().values()
    assert wait.kind is WaitKind.INCIDENT and "2行" in wait.error


def test_a_violated_unique_is_an_incident_and_can_be_repaired():
    file = dmn(table("d", "UNIQUE", ["n"], ["r"], "> 1 | 1", "> 2 | 2"))
    drive = driven('zw:decision="d" camunda:resultVariable="r"', {"n": 3}, file)
    (wait,) = drive.run.waits().values()
    assert wait.kind is WaitKind.INCIDENT and "第1、2行" in wait.error
    drive.run.set_variables({"n": 2})
    drive.run.retry(wait.id)
    drive.settle()
    assert drive.run.variables()["r"] == 1
    assert [one.element for one in drive.run.waits().values()] == ["u"]


def test_the_standard_reference_gives_the_value_under_the_elements_id():
    assert driven('implementation="levels.dmn#d"', {"n": 2}).run.variables()["t"] == ["a"]
    inner = (
        '<extensionElements><x:calledDecision xmlns:x="http://camunda.org/schema/zeebe/1.0" decisionId="d" '
        'resultVariable="q"/></extensionElements>'
    )
    assert driven('name="q"', {"n": 2}, inner=inner).run.variables()["q"] == ["a"]


def test_output_parameters_see_the_result_and_input_parameters_are_inputs():
    inner = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="n">${m + 1}</camunda:inputParameter>'
        '<camunda:outputParameter name="first">${decisionResult}</camunda:outputParameter></camunda:inputOutput>'
        "</extensionElements>"
    )
    drive = driven('camunda:decisionRef="d" camunda:mapDecisionResult="collectEntries"', {"m": 1}, inner=inner)
    assert drive.run.variables() == {"m": 1, "first": ["a"]}


def test_a_decision_that_is_not_there_is_an_incident():
    drive = driven('camunda:decisionRef="other" camunda:resultVariable="r"', {"n": 1})
    assert "other" in next(iter(drive.run.waits().values())).error


# -- the linter


def found(*files: Resource, **more) -> list[tuple[str, str | None, int]]:
    return [(f.code, f.element, f.line) for f in examine(list(files), **more).findings if f.code != "LB215"]


def file(content: bytes, name: str = "d.dmn") -> Resource:
    return Resource(name=name, content=content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (dmn(), "LB801"),
        (dmn(table("d", "UNIQUE", ["n"], ["r"], "- | 1"), roots='<businessKnowledgeModel id="b"/>'), "LB802"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "- | 1"), literal("d", "1")), "LB803"),
        (dmn(literal("d", "1").replace('id="d"', "")), "LB804"),
        (dmn('<decision id="d" name="d"/>'), "LB805"),
        (dmn('<decision id="d"><context/></decision>'), "LB806"),
        (dmn(literal("d", "1", requires=("x",))), "LB807"),
        (dmn(literal("d", "x", requires=("x",)), literal("x", "d", requires=("d",))), "LB808"),
        (dmn(table("d", "BEST", ["n"], ["r"], "- | 1")), "LB810"),
        (dmn(table("d", "FIRST+SUM", ["n"], ["r"], "- | 1")), "LB811"),
        (dmn(table("d", "FIRST", [" "], ["r"], "- | 1")), "LB812"),
        (dmn('<decision id="d"><decisionTable/></decision>'), "LB813"),
        (dmn(table("d", "FIRST", ["n"], ["r", "r"], "- | 1; 2")), "LB814"),
        (dmn(table("d", "COLLECT+SUM", ["n"], ["r", "q"], "- | 1; 2")), "LB815"),
        (dmn(table("d", "PRIORITY", ["n"], ["r"], "- | 1")), "LB816"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "- ; - | 1")), "LB817"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "1 | -")), "LB818"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "1 + | 2")), "LB820"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "- | 1").replace("<inputEntry>", '<inputEntry expressionLanguage="groovy">')
             .replace("<text>-</text>", "<text>1</text>")), "LB821"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "frobnicate(?) | 1")), "LB822"),
        (dmn(table("d", "FIRST", ["n: colour"], ["r"], "- | 1")), "LB823"),
        (dmn(table("d", "UNIQUE", ["n"], ["r"], "< 5 | 1", "[4..9] | 2")), "LB824"),
        (dmn(table("d", "FIRST", ["n"], ["r"], "< 5 | 1", "[1..4] | 2")), "LB825"),
        (dmn(table("d", "FIRST", ["n"], ["r"])), "LB826"),
        (dmn(literal("d", "1"), roots='<inputData id="i" name="i"/>'), "LB828"),
    ],
)  # fmt: skip
def test_every_fault_of_a_file_has_its_rule(content, code):
    assert [one for one, _, _ in found(file(content))] == [code]


def test_a_wrong_cell_is_told_with_its_row_and_line():
    told = examine([file(dmn(table("d", "FIRST", ["n"], ["r"], "1 | 1", "2 | 1", "3 + | 1")))]).findings
    assert [(f.code, f.line, f.element) for f in told] == [("LB820", 6, "d_r3")]
    assert "第3行输入列1" in told[0].text


def test_a_decision_in_two_files_is_refused():
    one, two = file(dmn(literal("d", "1"))), file(dmn(literal("d", "2")), "e.dmn")
    assert ("LB827", "d", 1) in found(one, two)


def diagram(attributes: str) -> Resource:
    body = TASK.format(attributes)
    return Resource(name="p.bpmn", content=definitions(process(body)))


@pytest.mark.parametrize(
    ("attributes", "code"),
    [("", "LB150"), ('camunda:decisionRef="${x}" camunda:resultVariable="r"', "LB151"),
     ('camunda:decisionRef="d" camunda:decisionRefBinding="newest" camunda:resultVariable="r"', "LB152"),
     ('camunda:decisionRef="d" camunda:decisionRefBinding="version" camunda:resultVariable="r"', "LB152"),
     ('camunda:decisionRef="d" camunda:mapDecisionResult="best" camunda:resultVariable="r"', "LB153"),
     ('camunda:decisionRef="d"', "LB154"), ('camunda:class="x.Y"', "LB131"),
     ('camunda:decisionRef="q" camunda:resultVariable="r"', "LB705")],
)  # fmt: skip
def test_references_are_checked(attributes, code):
    assert (code, "t") in [(one, element) for one, element, _ in found(diagram(attributes), file(LEVELS))]


def test_a_decision_uploaded_or_deployed_is_found():
    named = diagram('camunda:decisionRef="d" camunda:resultVariable="r"')
    assert found(named, file(LEVELS)) == [] and found(named, known_decisions={"d"}) == []
    assert [one for one, _, _ in found(named)] == ["LB705"]
    fixed = diagram(
        'camunda:decisionRef="d" camunda:decisionRefBinding="version" camunda:decisionRefVersion="2" '
        'camunda:resultVariable="r"'
    )
    assert [one for one, _, _ in found(fixed, file(LEVELS))] == ["LB705"]
    assert found(fixed, known_decisions={"d@version:2"}) == []
    (draft,) = examine([fixed], known_decisions={"d@version:2"}).drafts
    assert draft.decisions == ("d@version:2",)
