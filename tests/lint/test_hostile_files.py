"""Whatever the bytes: findings, never a traceback, and soon."""

from __future__ import annotations

import time

import pytest

from service.engine import Resource, examine
from tests.lint.mutate import mutate_all
from tests.sampling import sample

NS = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LAUGHS = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
ATTRIBUTES = " ".join(f'a{n}="x"' for n in range(20_000))


def process(inside):
    return f'<definitions {NS} targetNamespace="t"><process id="p" isExecutable="true">{inside}</process></definitions>'


def linear(count):
    tasks = "".join(f'<userTask id="t{n}"/><sequenceFlow sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(count))
    return process(
        f'<startEvent id="s"/><sequenceFlow sourceRef="s" targetRef="t0"/>{tasks}<userTask id="t{count}"/>'
        f'<sequenceFlow sourceRef="t{count}" targetRef="e"/><endEvent id="e"/>'
    )


def condition(text):
    return process(
        '<startEvent id="s"/><exclusiveGateway id="g" default="d"/><endEvent id="e"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="g"/><sequenceFlow id="d" sourceRef="g" targetRef="e"/>'
        f'<sequenceFlow id="c" sourceRef="g" targetRef="e"><conditionExpression>{text}</conditionExpression></sequenceFlow>'
    )


HOSTILE = {
    "three megabytes": (b"<a>" + b"x" * 3_000_000 + b"</a>", "LB001"),
    "empty": (b"", "LB002"),
    "nul bytes": (b"<a>\x00</a>", "LB003"),
    "utf-7": (b'<?xml version="1.0" encoding="utf-7"?><a/>', "LB004"),
    "utf-32": (process("").encode("utf-32"), "LB004"),
    "wrong utf-8": (b"<a>\xff\xfe</a>", "LB004"),
    "half a utf-16": (b"\xff\xfe<", "LB004"),
    "no xml": (b"PK\x05\x06 zip", "LB003"),
    "billion laughs": (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(), "LB006"),
    "external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "LB006"),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>', "LB006"),
    "external dtd": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "LB006"),
    "deep": (b"<a>" * 50_000 + b"</a>" * 50_000, "LB007"),
    "many elements": (b"<a>" + b"<b/>" * 400_000 + b"</a>", "LB008"),
    "many attributes": (f"<a {ATTRIBUTES}/>".encode(), "LB008"),
    "declaration": (b'<?xml version="1e400" encoding="UTF-8"?><a/>', "LB005"),
    "unfinished": (b"<a><b", "LB005"),
    "too many nodes": (linear(3_001).encode(), "LB114"),
    "long condition": (condition("(" * 100_000 + "1" + ")" * 100_000).encode(), "LB401"),
    "deep condition": (condition("(" * 2_000 + "1" + ")" * 2_000).encode(), "LB401"),
    "deep juel": (condition("${" + "(" * 2_000 + "1" + ")" * 2_000 + "}").encode(), "LB401"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon(name):
    content, code = HOSTILE[name]
    before = time.process_time()
    examination = examine([Resource(name="a.bpmn", content=content)])
    assert time.process_time() - before < 2
    assert code in [finding.code for finding in examination.findings]
    assert examination.drafts == ()


def test_the_largest_diagram_is_examined_soon():
    before = time.process_time()
    examination = examine([Resource(name="a.bpmn", content=linear(2_990).encode())])
    assert time.process_time() - before < 5
    assert [draft.key for draft in examination.drafts] == ["p"]


def test_lines_beyond_the_sixteen_bits_of_the_library_are_true():
    content = process("\n" * 70_000 + '<businessRuleTask id="g"/>').encode()
    found = [f.line for f in examine([Resource(name="a.bpmn", content=content)]).findings if f.element == "g"]
    assert 70_001 in found


def test_a_thousand_wrong_conditions_are_told_within_bounds():
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="s" targetRef="e"><conditionExpression>a{n} +</conditionExpression></sequenceFlow>'
        for n in range(1_000)
    )
    content = process(f'<startEvent id="s"/><endEvent id="e"/>{flows}').encode()
    before = time.process_time()
    examination = examine([Resource(name="a.bpmn", content=content)])
    assert time.process_time() - before < 5
    assert 400 <= len(examination.findings) <= 500


def test_mutated_diagrams_are_told_findings_never_faults():
    before = time.process_time()
    count = sample(300, 5)
    told = mutate_all(count, seed=20260316)
    assert time.process_time() - before < 20 * max(1, count / 300)
    assert told.faults == []
    assert told.refused > count / 3
    assert told.examined == count
