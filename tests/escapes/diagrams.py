"""Diagrams and decision tables as they are uploaded: examined, never executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.engine import Resource, examine
from service.rules.refusals import Invalid
from tests.engine.drive import definitions
from tests.escapes.expressions import nested
from tests.escapes.trying import Place

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
TABLE = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"'
SLOW = "+".join(["1"] * 1990)  # a quarter of a second to parse, each
EVIL_REGEX = 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")'


def process(inside: str, before: str = "", attributes: str = "") -> bytes:
    """One executable process."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<definitions {MODEL} targetNamespace="t">'
        f'<process id="p" isExecutable="true" {attributes}>{inside}</process></definitions>'
    ).encode()


def around(element: str) -> bytes:
    """A start, an element with the id `x`, an end."""
    return process(
        f'<startEvent id="s"/>{element}<endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="x"/>'
        '<sequenceFlow id="f2" sourceRef="x" targetRef="e"/>'
    )


def guarded(condition: str) -> bytes:
    """A gateway with a condition."""
    return process(
        '<startEvent id="s"/><exclusiveGateway id="g" default="d"/><endEvent id="e"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="g"/><sequenceFlow id="d" sourceRef="g" targetRef="e"/>'
        f'<sequenceFlow id="c" sourceRef="g" targetRef="e"><conditionExpression>{condition}</conditionExpression></sequenceFlow>'
    )


def timer(kind: str, text: str) -> bytes:
    """A timer in the middle."""
    event = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    return around(f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>')


def boundary(kind: str, text: str) -> bytes:
    """A timer at a task."""
    return process(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/><endEvent id="e2"/>'
        f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition id="td"><{kind}>{text}</{kind}>'
        '</timerEventDefinition></boundaryEvent><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="e"/><sequenceFlow id="f3" sourceRef="b" targetRef="e2"/>'
    )


def loop(inside: str) -> bytes:
    """A task many times."""
    return around(
        f'<userTask id="x"><multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics></userTask>'
    )


def table(cells: str, hit: str = "UNIQUE") -> bytes:
    """A decision table."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions {TABLE}><decision id="t" name="t"><decisionTable hitPolicy="{hit}">'
        '<input id="i"><inputExpression><text>n</text></inputExpression></input><output id="o" name="o"/>'
        f"{cells}</decisionTable></decision></definitions>"
    ).encode()


def rule(number: int, when: str, then: str) -> str:
    return (
        f'<rule id="r{number}"><inputEntry><text>{when}</text></inputEntry>'
        f"<outputEntry><text>{then}</text></outputEntry></rule>"
    )


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"x" * 100_000}">]>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % x SYSTEM "@URL@/x.dtd"> %x; <!ENTITY % y SYSTEM "file://@SECRET@">]>'
XINCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://@SECRET@" parse="text"/>'
MANY = "".join(f'<userTask id="t{n}"/>' for n in range(20_000))
FLOWS = "".join(f'<sequenceFlow id="f{n}" sourceRef="s" targetRef="e"/>' for n in range(15_000))
SUBS = '<subProcess id="{}"><startEvent id="s{}"/>'


def subprocesses(depth: int) -> str:
    opening = "".join(f'<subProcess id="x{n}"><startEvent id="s{n}"/><endEvent id="e{n}"/>' for n in range(depth))
    return opening + "</subProcess>" * depth


def conditions(text: str, count: int) -> bytes:
    """Many flows, each with a condition of its own."""
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="g" targetRef="e"><conditionExpression>{n} = {text}</conditionExpression></sequenceFlow>'
        for n in range(count)
    )
    return process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/>'
        + flows
    )


XML = {
    "an external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file://@SECRET@">]><a>&x;</a>',
    "an external entity in UTF-16": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file://@SECRET@">]><a>&x;</a>'.encode("utf-16"),
    "an external entity over the network": b'<!DOCTYPE a [<!ENTITY x SYSTEM "@URL@/x">]><a>&x;</a>',
    "a parameter entity": PARAMETER.encode() + b"<a/>",
    "an external document type": b'<!DOCTYPE a SYSTEM "@URL@/a.dtd"><a/>',
    "a public document type": b'<!DOCTYPE a PUBLIC "-//x//y" "@URL@/a.dtd"><a/>',
    "a billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(),
    "a quadratic entity": f"{QUADRATIC}<a>{'&x;' * 10_000}</a>".encode(),
    "an entity in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;"/>'.encode(),
    "a document type without entities": process("", "<!DOCTYPE definitions>"),
    "an XInclude": process(XINCLUDE),
    "a schema location": process("", attributes='xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="t @URL@/x.xsd"'),
    "an import over the network": process("").replace(b"<process", b'<import importType="http://www.w3.org/2001/XMLSchema" location="@URL@/x.xsd" namespace="n"/><process', 1),
    "a stylesheet": process("", '<?xml-stylesheet type="text/xsl" href="@URL@/x.xsl"?>'),
    "a hundred thousand levels": b"<a>" * 100_000 + b"</a>" * 100_000,
    "a hundred sub-processes in each other": process(subprocesses(95)),
    "four hundred thousand elements": b"<a>" + b"<b/>" * 400_000 + b"</a>",
    "twenty thousand tasks": process(MANY),
    "fifteen thousand flows": process(f'<startEvent id="s"/><endEvent id="e"/>{FLOWS}'),
    "thirty thousand attributes": ("<a " + " ".join(f'a{n}="x"' for n in range(30_000)) + "/>").encode(),
    "an attribute of a megabyte": process(f'<startEvent id="{"s" * 1_000_000}"/>'),
    "a name of a megabyte": process(f'<startEvent id="s" name="{"名" * 500_000}"/>'),
    "a text of a megabyte": process(f"<documentation>{'x' * 1_500_000}</documentation>"),
    "ten thousand namespaces": ("<a " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(10_000)) + "/>").encode(),
    "namespaces in each other": ("".join(f'<n{n}:a xmlns:n{n}="u{n}">' for n in range(99)) + "".join(f"</n{98 - n}:a>" for n in range(99))).encode(),
    "a comment of two megabytes": process(f"<!--{'x' * 1_900_000}-->"),
    "a processing instruction of two megabytes": process(f"<?x {'y' * 1_900_000}?>"),
    "three megabytes": b"<a>" + b"x" * 3_000_000 + b"</a>",
    "NUL bytes": process('<startEvent id="s\x00"/>'),
    "NUL by its number": process('<startEvent id="s&#0;"/>'),
    "garbage in GB18030": b'<?xml version="1.0" encoding="GB18030"?><a>\x81\x30\xff\xff\x84\x31</a>',
    "half a character of GBK": b'<?xml version="1.0" encoding="GBK"?><a b="\xd6"/>',
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-script+AD4-',
    "UTF-32": process("").decode().encode("utf-32"),
    "an unknown encoding": b'<?xml version="1.0" encoding="x-mac-chinesesimp"?><a/>',
    "a zip called a diagram": b"PK\x03\x04" + bytes(100),
    "a page called a diagram": b"<!doctype html><script>alert(1)</script>",
    "a picture called a diagram": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "two roots": b"<a/><b/>",
    "an empty file": b"",
}  # fmt: skip

MEANING = {
    "an id used twice": process('<startEvent id="s"/><userTask id="s"/>'),
    "a thousand ids used twice": process('<startEvent id="s"/>' * 1_000),
    "a process that calls itself": around('<callActivity id="x" calledElement="p"/>'),
    "two processes that call each other": around('<callActivity id="x" calledElement="q"/>').replace(
        b"</definitions>", b'<process id="q" isExecutable="true"><startEvent id="qs"/><callActivity id="qx" calledElement="p"/><endEvent id="qe"/>'
        b'<sequenceFlow id="qf1" sourceRef="qs" targetRef="qx"/><sequenceFlow id="qf2" sourceRef="qx" targetRef="qe"/></process></definitions>'),
    "a call by an expression": around('<callActivity id="x" calledElement="${a.b()}"/>'),
    "a timer of no time without end": timer("timeCycle", "R/PT0S"),
    "a million timers a second": timer("timeCycle", "R1000000/PT1S"),
    "a timer of no time at a task": boundary("timeCycle", "R/PT0S"),
    "a timer of a second without end at a task": boundary("timeCycle", "R/PT1S"),
    "a timer of a negative time": timer("timeDuration", "-PT1S"),
    "a timer of a thousand million years": timer("timeDuration", "P1000000000Y"),
    "a timer of too many digits": timer("timeDuration", "P" + "9" * 4000 + "D"),
    "a timer of nested repeats": timer("timeCycle", "R5/R5/R5/PT1S"),
    "a cron of every second": timer("timeCycle", "* * * * * ?"),
    "a cron of nothing": timer("timeCycle", "0 0 0 31 2 ?"),
    "a cron of a huge step": timer("timeCycle", "0/999999999999999999 0 0 * * ?"),
    "a cron of a huge list": timer("timeCycle", ",".join(map(str, range(60))) * 1 + "," + ",".join(["1"] * 1500) + " * * * * ?"),
    "a timer that computes": timer("timeDuration", "${T(java.lang.Runtime).getRuntime().exec('id')}"),
    "a date out of time": timer("timeDate", "99999-99-99T99:99:99Z"),
    "a thousand million instances": loop("<loopCardinality>1000000000</loopCardinality>"),
    "instances by an endless range": loop("<loopCardinality>count(for i in 1..1000000000 return i)</loopCardinality>"),
    "a negative number of instances": loop("<loopCardinality>-1</loopCardinality>"),
    "a condition of Java": guarded("${runtimeService.deleteDeployment('1')}"),
    "a condition with a slow expression": guarded(EVIL_REGEX.replace('"', "&quot;")),
    "a condition in a language": guarded("1 = 1").replace(b"<conditionExpression>", b'<conditionExpression language="groovy">'),
    "a condition in a file": guarded("").replace(b"<conditionExpression>", b'<conditionExpression camunda:resource="deployment://x.groovy">'),
    "five hundred slow conditions": conditions(SLOW, 480),
    "five hundred deep conditions": conditions(nested("(", "1", ")", 1900), 500),
    "a condition of a megabyte": guarded("(" * 400_000 + "1" + ")" * 400_000),
    "a script of Groovy": around('<scriptTask id="x" scriptFormat="groovy"><script>"id".execute()</script></scriptTask>'),
    "a script of JavaScript": around('<scriptTask id="x" scriptFormat="javascript"><script>java.lang.Runtime.getRuntime().exec("id")</script></scriptTask>'),
    "a script of Python": around('<scriptTask id="x" scriptFormat="python"><script>__import__("os").system("touch @DROPPED@")</script></scriptTask>'),
    "a script without a language": around('<scriptTask id="x"><script>open("@SECRET@").read()</script></scriptTask>'),
    "a script in a file": around('<scriptTask id="x" scriptFormat="feel" camunda:resource="file://@SECRET@"/>'),
    "a Java class": around('<serviceTask id="x" camunda:class="java.lang.ProcessBuilder"/>'),
    "a delegate": around('<serviceTask id="x" camunda:delegateExpression="${a}"/>'),
    "an expression as a service": around('<serviceTask id="x" camunda:expression="${a.b()}"/>'),
    "a connector": around('<serviceTask id="x"><extensionElements><camunda:connector><camunda:connectorId>http-connector</camunda:connectorId>'
        '<camunda:inputOutput><camunda:inputParameter name="url">@URL@/c</camunda:inputParameter></camunda:inputOutput></camunda:connector></extensionElements></serviceTask>'),
    "an execution listener": around('<userTask id="x"><extensionElements><camunda:executionListener event="start" class="java.lang.Runtime"/></extensionElements></userTask>'),
    "a task listener with a script": around('<userTask id="x"><extensionElements><camunda:taskListener event="create"><camunda:script scriptFormat="groovy">"id".execute()</camunda:script></camunda:taskListener></extensionElements></userTask>'),
    "an input of a script": around('<userTask id="x"><extensionElements><camunda:inputOutput><camunda:inputParameter name="a"><camunda:script scriptFormat="javascript">1</camunda:script></camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>'),
    "a mail task": around('<serviceTask id="x" camunda:type="mail"/>'),
    "a shell task": around('<serviceTask id="x" camunda:type="shell"/>'),
    "a form by its address": around('<userTask id="x" camunda:formKey="embedded:app:../../../../@SECRET@"/>'),
    "a form that is a page": around('<userTask id="x" camunda:formKey="javascript:alert(1)"/>'),
    "a name with a script": around('<userTask id="x" name="&lt;script&gt;alert(1)&lt;/script&gt;"/>'),
    "a circle without a wait": process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="f2" sourceRef="g" targetRef="h"/><sequenceFlow id="f3" sourceRef="h" targetRef="g"/>'),
    "an item data reference two scopes up": process('<dataObject id="d"/><subProcess id="x"><subProcess id="y"><dataObjectReference id="r" dataObjectRef="d"/></subProcess></subProcess>'),
}  # fmt: skip

TABLES = {
    "DMN: an external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file://@SECRET@">]>' + table(rule(1, "1", "&x;")).split(b"?>", 1)[1],
    "DMN: a Java function": table(rule(1, "1", 'function(x) external { java: { class: "java.lang.Runtime" } }')),
    "DMN: Python": table(rule(1, "1", "__import__('os').system('touch @DROPPED@')")),
    "DMN: an endless range": table(rule(1, "1", "for i in 1..1000000000 return i")),
    "DMN: a slow expression": table(rule(1, "1", EVIL_REGEX)),
    "DMN: a cell of a megabyte": table(rule(1, "1", "1+" * 500_000 + "1")),
    "DMN: twenty thousand rules": table("".join(rule(n, "1", "2") for n in range(12_000))),
    "DMN: five hundred slow cells": table("".join(rule(n, f"{n}", f"{n} + {SLOW}") for n in range(480)), "FIRST"),
    "DMN: a script language": table(rule(1, "1", "2")).replace(b"<inputExpression>", b'<inputExpression expressionLanguage="javascript">'),
    "DMN: a decision that needs itself": table(rule(1, "1", "2")).replace(b"<decisionTable", b'<informationRequirement><requiredDecision href="#t"/></informationRequirement><decisionTable', 1),
    "DMN: an import": table(rule(1, "1", "2")).replace(b"<decision ", b'<import namespace="n" locationURI="@URL@/x.dmn" importType="x"/><decision ', 1),
}  # fmt: skip

CASES = {name: ("a.bpmn", content) for name, content in (XML | MEANING).items()} | {
    name: ("a.dmn", content) for name, content in TABLES.items()
}


@contextmanager
def prepared(place: Place) -> Iterator[Callable[[tuple[str, bytes]], object]]:
    """Files are examined as an upload is; the first error is the refusal."""
    examine([Resource(name="a.bpmn", content=definitions(""))])

    def perform(case: tuple[str, bytes]) -> object:
        name, content = case
        for word, value in place.words.items():
            content = content.replace(word.encode(), value.encode())
        examination = examine([Resource(name=name, content=content)])
        said = " ".join(f"{one.code} {one.text} {one.english}" for one in examination.findings)
        assert "LB999" not in said, said
        assert place.secret not in said
        if examination.errors:
            raise Invalid(examination.errors[0].code, examination.errors[0].text)
        return said

    yield perform
