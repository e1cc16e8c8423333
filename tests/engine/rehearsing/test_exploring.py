"""Every way through a process in the sandbox: ends reached with the answers of real forms, and honest words about the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from service.casework.demo_samples import filled
from service.engine import Source
from service.engine.rehearsing import Explored, Explorer
from tests.engine.drive import MONDAY
from tests.processes.library import CALENDAR, FILES, FORMS, forms_of

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zw="urn:lianban:bpmn:zw:1" targetNamespace="urn:test"><error id="Err" errorCode="STOPPED"/>'
    '<process id="p" isExecutable="true"><startEvent id="Start"/>'
)
TAIL = "</process></definitions>"
ASK = json.dumps(
    {
        "type": "default",
        "components": [
            {
                "type": "radio",
                "key": "decision",
                "label": "决定",
                "validate": {"required": True},
                "values": [{"value": one, "label": one} for one in ("grant", "refuse")],
            },
            {"type": "number", "key": "area", "label": "面积", "validate": {"required": True}},
        ],
    }
).encode()


def fill(schema: Mapping[str, Any], chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    return filled(schema, date(2026, 3, 16), chosen=chosen)


def flow(id: str, source: str, target: str, condition: str = "") -> str:
    said = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{said}</sequenceFlow>'


def explore(body: str, seconds: float = 5) -> Explored:
    source = Source(key="p", definition_id=uuid4(), bpmn=(HEAD + body + TAIL).encode(), forms={"ask": ASK})
    return Explorer(source, calendar=CALENDAR, now=MONDAY, fill=fill).run(seconds)


def decided(*conditions: str) -> str:
    ways = "".join(
        flow(f"F{n}", "Way", f"End{n}", one) + f'<endEvent id="End{n}"/>' for n, one in enumerate(conditions)
    )
    return (
        '<userTask id="Decide" camunda:formKey="ask"/><exclusiveGateway id="Way"/>'
        + flow("A", "Start", "Decide")
        + flow("B", "Decide", "Way")
        + ways
    )


def test_every_end_is_reached_with_answers_the_form_allows() -> None:
    found = explore(decided('Decide.decision = "grant"', 'Decide.decision = "refuse"'))
    assert found.reached == {"End0", "End1"}
    assert not found.missing
    assert {way.end: way.steps[-1].say["decision"] for way in found.ways} == {"End0": "grant", "End1": "refuse"}


def test_numbers_are_tried_on_both_sides_of_what_a_condition_compares_them_with() -> None:
    found = explore(decided("Decide.area &lt; 300", "Decide.area &gt;= 300"))
    assert found.reached == {"End0", "End1"}


def test_an_end_no_answer_leads_to_is_named_and_the_search_was_whole() -> None:
    found = explore(decided('Decide.decision = "grant"', 'Decide.decision = "refuse"', 'Decide.decision = "later"'))
    assert found.missing == {"F2", "End2"}
    assert found.whole


def test_a_search_that_ran_out_of_time_does_not_say_that_it_was_whole() -> None:
    found = explore(decided('Decide.decision = "grant"', 'Decide.decision = "refuse"'), seconds=0)
    assert found.missing
    assert not found.whole


def test_what_fails_in_the_sandbox_is_told_with_the_way_to_it() -> None:
    found = explore(decided('Decide.decision = "grant"', "Decide.area = 5"))
    assert found.faults
    assert found.faults[0].element == "Way"
    assert found.faults[0].steps[-1].say["decision"] == "refuse"


def test_a_called_process_ends_in_every_way_its_caller_tells_apart_and_by_its_errors() -> None:
    body = (
        '<callActivity id="Call" calledElement="other"><extensionElements>'
        '<camunda:out source="decision" target="their_decision"/></extensionElements></callActivity>'
        '<boundaryEvent id="Caught" attachedToRef="Call"><errorEventDefinition errorRef="Err"/></boundaryEvent>'
        '<exclusiveGateway id="Way" default="F1"/><endEvent id="Granted"/><endEvent id="Else"/><endEvent id="Stopped"/>'
        + flow("A", "Start", "Call")
        + flow("B", "Call", "Way")
        + flow("F0", "Way", "Granted", 'their_decision = "grant"')
        + flow("F1", "Way", "Else")
        + flow("C", "Caught", "Stopped")
    )
    assert explore(body).reached == {"Granted", "Else", "Stopped"}


def test_messages_come_and_timers_are_due() -> None:
    body = (
        '<eventBasedGateway id="Wait"/><endEvent id="Told"/><endEvent id="Late"/>'
        '<intermediateCatchEvent id="Message"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="Timer"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></intermediateCatchEvent>'
        + flow("A", "Start", "Wait")
        + flow("B", "Wait", "Message")
        + flow("C", "Wait", "Timer")
        + flow("D", "Message", "Told")
        + flow("E", "Timer", "Late")
    )
    source = (HEAD.replace("<error ", '<message id="M" name="MSG"/><error ') + body + TAIL).encode()
    found = Explorer(Source(key="p", definition_id=uuid4(), bpmn=source), calendar=CALENDAR, now=MONDAY, fill=fill).run(
        5
    )
    assert found.reached == {"Told", "Late"}
    assert not found.missing


@pytest.mark.parametrize("key", ["item_101_QT_001", "support_SP_18"])
def test_all_ends_of_a_shipped_process_are_reached_with_its_own_forms(key: str) -> None:
    forms = {form: FORMS[form].read_bytes() for form in forms_of(key) if form in FORMS}
    source = Source(key=key, definition_id=uuid4(), bpmn=FILES[key].read_bytes(), forms=forms)
    found = Explorer(source, calendar=CALENDAR, now=MONDAY, fill=fill).run(20)
    assert not found.missing
    assert not found.faults
