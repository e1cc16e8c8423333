"""Files together: drafts, calls, forms, names, order of findings."""

from __future__ import annotations

import json

import pytest

from service.casework import lint
from service.engine import Resource, Severity, examine

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zw="urn:lianban:bpmn:zw:1" targetNamespace="t">\n'
)


def bpmn(key, inside="", *, roots="", attributes="", start=""):
    body = inside or '<userTask id="t"/>'
    return Resource(
        name=f"{key}.bpmn",
        content=(
            f'{HEAD}{roots}<process id="{key}" name="{key} 流程" isExecutable="true" {attributes}>\n'
            f'<startEvent id="s" {start}/><sequenceFlow sourceRef="s" targetRef="t"/>{body}'
            '<sequenceFlow sourceRef="t" targetRef="e"/><endEvent id="e"/>\n</process></definitions>'
        ).encode(),
    )


def form(key, *components, **more):
    schema = {"type": "default", "id": key, "components": list(components), **more}
    return Resource(name=f"forms/{key}.form", content=json.dumps(schema, ensure_ascii=False, indent=1).encode())


def codes(examination, severity=None):
    return [f.code for f in examination.findings if severity is None or f.severity is severity]


def test_a_called_process_that_nobody_has_is_refused():
    chain = bpmn("chain", '<callActivity id="t" calledElement="item"/>')
    assert codes(examine([chain])) == ["LB701"]
    assert codes(examine([chain], known={"item"})) == []
    assert codes(examine([chain], check_calls=False)) == []
    assert codes(examine([chain, bpmn("item")])) == []
    assert codes(lint([chain])) == []


def test_processes_that_call_each_other_are_refused_once():
    one = bpmn("one", '<callActivity id="t" calledElement="two"/>')
    two = bpmn("two", '<callActivity id="t" calledElement="three"/>')
    three = bpmn("three", '<callActivity id="t" calledElement="one"/>')
    examination = examine([one, two, three])
    assert codes(examination) == ["LB702"]
    assert "one → two → three → one" in examination.findings[0].text


def test_two_files_may_not_have_the_same_process_or_name():
    again = Resource(name="other.bpmn", content=bpmn("one").content)
    assert codes(examine([bpmn("one"), again])) == ["LB703"]
    assert codes(examine([bpmn("one"), bpmn("one")])) == ["LB011"]


def test_one_bad_file_leaves_no_draft_of_any():
    examination = examine([bpmn("one"), Resource(name="b.bpmn", content=b"nonsense")])
    assert codes(examination) == ["LB005"]
    assert examination.drafts == ()


def test_findings_come_by_file_and_line():
    bad = bpmn("b", '<serviceTask id="t"/>\n<complexGateway id="g"/>')
    examination = examine([bad, Resource(name="a.bpmn", content=b""), bpmn("c", '<sendTask id="t"/>')])
    places = [(f.file, f.line) for f in examination.findings]
    assert places == sorted(places)
    assert examination.findings[0].file == "a.bpmn"


def test_a_draft_says_everything_a_deployment_needs():
    process = bpmn(
        "item_1",
        '<userTask id="t" name="审核" camunda:formKey="review" zw:stage="REVIEW" zw:dept="104"/>'
        '<startEvent id="sm"><messageEventDefinition messageRef="m"/></startEvent>'
        '<sequenceFlow sourceRef="sm" targetRef="t"/>',
        roots='<message id="m" name="MSG_DECLARE"/>',
        attributes='camunda:versionTag="2.0" zw:item="104-XK-001" zw:lead="104"',
        start='camunda:formKey="apply"',
    )
    forms = [form("review", {"type": "textfield", "key": "opinion", "label": "意见"}), form("apply")]
    examination = examine([process, *forms])
    assert codes(examination) == []
    (draft,) = examination.drafts
    assert (draft.key, draft.name, draft.resource, draft.version_tag) == ("item_1", "item_1 流程", "item_1.bpmn", "2.0")
    assert draft.zw == {"item": "104-XK-001", "lead": "104"}
    assert set(draft.forms) == {"apply", "review"}
    assert {(s.kind, s.element, s.name, s.form_key) for s in draft.starts} == {
        ("none", "s", "", "apply"),
        ("message", "sm", "MSG_DECLARE", None),
    }
    (task,) = draft.tasks
    assert (task.element, task.name, task.form_key, task.zw) == (
        "t",
        "审核",
        "review",
        {"stage": "REVIEW", "dept": "104"},
    )
    changed = examine([process, form("review"), forms[1]])
    assert changed.drafts[0].digest != draft.digest
    assert examine([process, *forms]).drafts[0].digest == draft.digest


def test_files_of_decision_tables_must_be_dmn():
    dmn = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"/>'
    assert codes(examine([Resource(name="a.dmn", content=dmn)])) == ["LB801"]
    assert codes(examine([Resource(name="a.dmn", content=dmn)]), Severity.ERROR) == []
    assert codes(examine([Resource(name="a.dmn", content=b"<definitions/>")])) == ["LB014"]
    assert codes(examine([Resource(name="a.dmn", content=b"<defi")])) == ["LB005"]


def test_files_of_unknown_kind_are_kept_with_a_note():
    examination = examine([Resource(name="readme.txt", content=b"\xff\x00"), bpmn("p")])
    assert codes(examination, Severity.NOTE) == ["LB010"]
    assert len(examination.drafts) == 1


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"type": "textfield", "label": "意见"}, "LB605"),
        ({"type": "html", "content": "<script>"}, "LB604"),
        ({"type": "iframe", "url": "x"}, "LB604"),
        ({"type": "filepicker", "key": "a"}, "LB603"),
        ({"key": "a"}, "LB603"),
        ({"type": ["a"], "key": "a"}, "LB603"),
        ("text", "LB603"),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=b ="}}, "LB607"),
        ({"type": "expression", "key": "a", "expression": "=1 +"}, "LB607"),
        ({"type": "select", "key": "a", "label": "选"}, "LB610"),
    ],
)
def test_a_bad_form_component_is_found(component, code):
    assert codes(examine([form("f", component)])) == [code]


def test_a_form_key_is_used_once():
    field = {"type": "textfield", "key": "a"}
    assert codes(examine([form("f", field, field)])) == ["LB606"]
    assert codes(examine([form("f", field, {"type": "group", "components": [field]})])) == ["LB606"]
    assert codes(examine([form("f", field, {"type": "group", "path": "x", "components": [field]})])) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"nonsense", b"\xff\xfe", b'{"components": 3}', b"[" * 100_000])
def test_what_is_no_form_is_refused(content):
    examination = examine([Resource(name="f.form", content=content)])
    assert [f.severity for f in examination.findings] == [Severity.ERROR]


def test_a_deep_form_is_refused():
    inner = {"type": "textfield", "key": "a"}
    for _ in range(50):
        inner = {"type": "group", "components": [inner]}
    assert "LB608" in codes(examine([form("f", inner)]))


def test_a_misspelt_answer_is_found_with_what_was_meant():
    process = bpmn(
        "p",
        '<userTask id="t" name="回访" camunda:formKey="f" zw:stage="CALLBACK" zw:role="inspector" zw:limit="2hd">'
        "<extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="result">=t.decison</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements></userTask>",
        attributes='zw:kind="SUPPORT"',
    )
    examination = examine([process, form("f", {"type": "textfield", "key": "decision"})])
    assert codes(examination) == ["BV-28"]
    assert "decision" in examination.findings[0].text


def test_a_plain_diagram_is_not_judged_by_the_rules_of_procedures():
    assert codes(examine([bpmn("p", '<userTask id="t" name="审核"/>')])) == []
    assert "BV-03" in codes(examine([bpmn("p", attributes='zw:kind="ITEM"')]))


def test_a_form_that_is_nowhere_is_an_error_once_everything_is_given():
    task = '<userTask id="t" name="回访" camunda:formKey="f" zw:stage="CALLBACK" zw:role="inspector" zw:limit="2hd"/>'
    process = bpmn("p", task, attributes='zw:kind="SUPPORT"')
    assert codes(examine([process], complete=True)) == ["BV-28"]
    assert codes(examine([process])) == []
    plain = bpmn("p", '<userTask id="t" name="回访" camunda:formKey="f"/>')
    assert codes(examine([plain], complete=True)) == []
