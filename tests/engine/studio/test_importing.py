"""Diagrams of other products: what means the same says so in our words, the rest is told, and nothing is lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from lxml import etree

from service.engine import Resource, examine
from service.engine.studio.importing import Imported, Verdict, import_diagram
from service.engine.studio.importing.expressions import in_feel
from service.engine.studio.importing.pen import called
from tests.engine.studio.foreign import SAMPLES, sample, task

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
GONE = {"formField", "formProperty", "formData", "humanPerformer", "potentialOwner"}  # what stands elsewhere afterwards


def imported(name: str) -> Imported:
    found = import_diagram("a.bpmn", SAMPLES[name])
    assert found is not None
    return found


def told(found: Imported, verdict: Verdict) -> dict[str, str]:
    return {note.what: note.became or note.value for note in found.notes if note.verdict is verdict}


def tree(content: bytes) -> Any:
    return etree.fromstring(content)


def facts(root: Any) -> Counter:
    """Every attribute, text and comment of a file with where it stands; of what may move, nothing."""
    found: Counter = Counter()
    for one in root.iter():
        if not isinstance(one.tag, str):
            found["comment", "", "", one.text] += 1
            continue
        if any(str(up.tag).rpartition("}")[2] in GONE for up in (one, *one.iterancestors())):
            continue
        owner = next((up.get("id") for up in (one, *one.iterancestors()) if up.get("id")), "")
        found[owner, called(one.tag), "", (one.text or "").strip()] += 1
        found.update((owner, called(one.tag), called(name), value) for name, value in one.attrib.items())
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_foreign_is_lost_without_a_note_that_says_where_it_went(name: str) -> None:
    found = imported(name)
    before, after = facts(tree(SAMPLES[name])), facts(tree(found.content))
    moved = [note for note in found.notes if note.verdict in (Verdict.MAPPED, Verdict.TRANSLATED)]
    words = {word for note in moved for word in note.what.split()} | {note.value for note in moved}
    for _, tag, attribute, value in before - after:
        assert {tag, attribute, value} & words, (tag, attribute, value)
    for _, tag, attribute, value in after - before:
        ours = (
            tag.startswith("camunda:")
            or attribute.startswith("camunda:")
            or (tag, attribute) == ("extensionElements", "")
        )
        assert ours or any(value == note.became for note in moved) or (attribute, value) == ("scriptFormat", "feel")
    for part in ("BPMNDiagram", "meta"):
        [old], [new] = (tree(one).xpath(f"//*[local-name()='{part}']") for one in (SAMPLES[name], found.content))
        assert etree.tostring(old, method="c14n", exclusive=True) == etree.tostring(new, method="c14n", exclusive=True)


@pytest.mark.parametrize("name", SAMPLES)
def test_importing_twice_changes_nothing_the_second_time(name: str) -> None:
    once = imported(name)
    again = import_diagram("a.bpmn", once.content)
    assert again is not None and facts(tree(again.content)) == facts(tree(once.content))
    assert not again.forms and not told(again, Verdict.MAPPED)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_not_left_open_deploys(name: str) -> None:
    found = imported(name)
    resources = [Resource(name="a.bpmn", content=found.content)]
    resources += [Resource(name=name, content=form) for name, form in found.forms.items()]
    errors = examine(resources, check_calls=False, known_decisions=("table@latest",)).errors
    undecided = {note.element for note in found.notes if note.verdict is Verdict.OPEN}
    wanting = {"leave", "check", "table"}  # forms and tables that are imported beside the diagram
    assert [
        one for one in errors if one.element not in undecided and not any(word in one.text for word in wanting)
    ] == []


def test_people_forms_and_dates_are_taken_over() -> None:
    assert told(imported("flowable people"), Verdict.MAPPED) == {
        "flowable:candidateStarterGroups": "camunda:candidateStarterGroups",
        "flowable:assignee": "camunda:assignee",
        "flowable:candidateUsers": "camunda:candidateUsers",
        "flowable:candidateGroups": "camunda:candidateGroups",
    }
    assert told(imported("flowable people"), Verdict.TRANSLATED) == {
        "camunda:assignee": "=starter",
        "camunda:candidateGroups": "=dept",
    }
    owners = tree(imported("activiti owners").content).find(f".//{BPMN}userTask")
    assert {called(name): value for name, value in owners.attrib.items()} == {
        "id": "A",
        "name": "审核",
        "camunda:assignee": "kermit",
        "camunda:candidateUsers": "fozzie",
        "camunda:candidateGroups": "management,sales",
    }
    start = tree(imported("flowable initiator").content).find(f".//{BPMN}startEvent")
    assert start.get("{http://camunda.org/schema/1.0/bpmn}initiator") == "initiator"
    assert told(imported("camunda deployed form"), Verdict.MAPPED) == {"camunda:formKey": "camunda:formKey"}


def test_declared_fields_become_a_form_of_their_own() -> None:
    found = imported("flowable fields")
    form = json.loads(found.forms["sample_A.form"])
    assert [(one["key"], one["label"], one["type"]) for one in form["components"]] == [
        ("days", "天数", "number"),
        ("kind", "种类", "select"),
    ]
    assert form["components"][1]["values"] == [{"value": "a", "label": "甲"}]
    assert told(found, Verdict.OPEN) == {"flowable:formProperty": "bad-key"}
    [amount] = json.loads(imported("camunda fields").forms["sample_A.form"])["components"]
    assert amount["validate"] == {"min": 1, "required": True}
    [since] = json.loads(imported("activiti start fields").forms["sample_S.form"])["components"]
    assert (since["type"], since["dateLabel"], since["readonly"]) == ("datetime", "自", True)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("flowable listeners", "flowable:taskListener"),
        ("flowable listeners", "flowable:executionListener"),
        ("flowable delegate", "flowable:delegateExpression"),
        ("flowable http", "flowable:type"),
        ("activiti mail", "activiti:type"),
        ("flowable script", "scriptFormat"),
        ("flowable skip", "flowable:skipExpression"),
        ("flowable bean condition", "conditionExpression"),
        ("camunda class", "camunda:class"),
        ("camunda connector", "camunda:connector"),
        ("camunda external", "camunda:script"),
        ("camunda page form", "camunda:formKey"),
    ],
)
def test_code_is_told_with_its_element_and_a_remedy_and_never_taken_over(name: str, what: str) -> None:
    [note] = [one for one in imported(name).notes if one.what == what]
    assert note.verdict is Verdict.OPEN and note.reason is not None and note.remedy is not None and note.line > 1
    assert note.element == ("F3" if what == "conditionExpression" else "A")


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${a == b}", "a = b"),
        ("#{amount > 100 && !empty remark}", "(amount > 100) and not(is empty(remark))"),
        ("${approved}", "approved"),
        ("${not approved or level le 2}", "not(approved) or (level <= 2)"),
        ("${a ? 'x' : 'y'}", '(if a then "x" else "y")'),
        ("${order.lines[0].price * 2}", "order.lines[1].price * 2"),
        ("${vars:get(amount) > 100}", "amount > 100"),
        ("${var:eq('state', 'ok')}", '(state = "ok")'),
        ("${vars:isNotEmpty(state)}", "not(is empty(state))"),
        ("${variables:getOrDefault(level, 1) == 2}", "(if level = null then 1 else level) = 2"),
        ("${execution.getVariable('state') == 'ok'}", '(state = "ok")'),
        ("${state.equals('ok')}", '(state = "ok")'),
        ("${'ok'.equals(state)}", '("ok" = state)'),
        ("${list.size() > 1}", "count(list) > 1"),
        ("${name.startsWith('x').equals(true)}", '(starts with(name, "x") = true)'),
    ],
)
def test_plain_expressions_are_translated(juel: str, feel: str) -> None:
    assert in_feel(juel) == feel


@pytest.mark.parametrize(
    "juel",
    [
        "${bean.call()}", "${a = 1}", "${execution.setVariable('a', 1)}", "${''.getClass().forName('x')}", "${x -> x}",
        "${list.stream()}", "${vars:get(a, b, c)}", "${a}${b}", "${", "${execution.processInstanceId}", "${a.b.c(}", "${T(x)}",
        "${vars:base64(a)}", "${execution.getVariable('a', 'b')}", "${" + "(" * 500 + "a" + ")" * 500 + "}",
    ],
)  # fmt: skip
def test_what_is_no_plain_expression_is_refused_and_never_guessed(juel: str) -> None:
    from service.engine.feel import FeelError

    with pytest.raises(FeelError):
        in_feel(juel)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"{}",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"\xff\xfe",
        b"<definitions/>",
    ],
)
def test_what_is_no_diagram_is_none(content: bytes) -> None:
    assert import_diagram("a.bpmn", content) is None


def test_the_product_is_the_one_whose_words_are_used() -> None:
    assert imported("flowable people").product == "Flowable"
    assert imported("activiti mail").product == "Activiti"
    assert imported("camunda class").product == "Camunda 7"
    assert imported("plain with a stranger").product == "BPMN 2.0"


def test_what_is_there_already_is_not_overwritten() -> None:
    content = sample(
        task('PRODUCT:assignee="b" camunda:assignee="a" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"')
    )
    found = import_diagram("a.bpmn", content)
    assert found is not None and b'camunda:assignee="a"' in found.content and b'flowable:assignee="b"' in found.content
    assert told(found, Verdict.KEPT)["flowable:assignee"] == "b"
