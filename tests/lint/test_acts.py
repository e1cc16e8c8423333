"""What a diagram asks of the service: what the registry lists is what the linter, the engine and the docs know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.casework.act_book import ACTS as DONE
from service.engine import Resource, examine
from service.rules.act_handbook import handbook
from service.rules.acts import ACTS, ASKED_OTHERWISE, INPUTS, PASSING, InputKind, asked_for, faults_of
from service.rules.document_kinds import KINDS
from service.rules.message_texts import TEMPLATES
from service.rules.vocabulary import InHouseAction
from tests.engine.drive import definitions, process

DOCS = Path(__file__).parents[2] / "docs"
STARTING = process(
    '<startEvent id="s"/><serviceTask id="w" zw:action="start" zw:process="{key}"/><endEvent id="e"/>\ns -> w; w -> e\n'
)
SUPPORT = process('<startEvent id="b">{how}</startEvent><endEvent id="f"/>\nb -> f\n', "help")


def codes(*bodies: str, known: tuple[str, ...] = ()) -> list[str]:
    """Rules broken by files of these processes."""
    files = [Resource(name=f"{n}.bpmn", content=definitions(body)) for n, body in enumerate(bodies)]
    found = [finding.code for finding in examine(files, known=known).findings]
    return [code for code in found if code.startswith(("LB52", "LB70"))]


def test_every_act_has_a_card_and_somebody_who_does_it():
    assert set(ACTS) == set(InHouseAction) == set(DONE) & set(InHouseAction)


def test_no_two_inputs_of_one_name_mean_different_things():
    kinds = {}
    for card in ACTS.values():
        for one in card.inputs:
            assert kinds.setdefault(one.name, one.kind) is one.kind, one.name
    assert set(PASSING) <= INPUTS


def test_what_is_sent_by_rule_exists():
    assert set(ASKED_OTHERWISE) <= set(TEMPLATES)


@pytest.mark.parametrize("code", [*KINDS])
def test_every_kind_of_document_may_be_asked_for(code):
    assert faults_of(ACTS[InHouseAction.DOCUMENT].inputs[0], code) == ()


@pytest.mark.parametrize("kind", InputKind)
def test_an_expression_is_judged_when_it_runs(kind):
    one = ACTS[InHouseAction.DOCUMENT].inputs[0]
    assert faults_of(type(one)(name="x", kind=kind, label="", english=""), "=whatever") == ()


def test_a_task_that_is_the_act_does_not_ask_for_it_again():
    assert asked_for({"doc": "W13 W14", "sms": "M15"}) == (("doc", "W13"), ("doc", "W14"), ("sms", "M15"))
    assert asked_for({"action": "document", "doc": "W03", "sms": "M05"}) == (("sms", "M05"),)
    assert asked_for({"action": "message", "sms": "M05"}) == ()
    assert asked_for({}) == ()


def test_what_is_told_in_passing_names_its_fields_and_its_kind():
    body = '<startEvent id="s"/><userTask id="w" zw:to="tax" {more}/><endEvent id="e"/>\ns -> w; w -> e\n'
    told = 'zw:fields="applicant" zw:transfer="DEPT_DEPT"'
    assert codes(process(body.format(more=told))) == []
    assert codes(process(body.format(more=""))) == ["LB520", "LB520"]
    assert asked_for({"action": "exchange", "to": "tax"}) == () and asked_for({"to": "tax"}) == (("to", "tax"),)


def test_a_supporting_process_that_is_started_must_be_there():
    assert codes(STARTING.format(key="help")) == ["LB706"]
    assert codes(STARTING.format(key="help"), known=("help",)) == []
    assert codes(STARTING.format(key="help"), SUPPORT.format(how="")) == []


def test_a_supporting_process_that_waits_for_a_message_cannot_be_started():
    how = '<messageEventDefinition messageRef="M1"/>'
    assert codes(STARTING.format(key="help"), SUPPORT.format(how=how)) == ["LB707"]


def test_a_message_may_follow_the_document_of_a_service_task():
    body = '<startEvent id="s"/><serviceTask id="w" zw:action="document" zw:doc="W03" zw:sms="M05"/><endEvent id="e"/>'
    assert codes(process(body + "\ns -> w; w -> e\n")) == []
    assert codes(process(body.replace("M05", "M99") + "\ns -> w; w -> e\n")) == ["LB521"]


@pytest.mark.parametrize(
    "where", ['<process id="p" zw:doc="W02"', '<endEvent id="e"/><textAnnotation id="t" zw:sms="M02"']
)
def test_nothing_is_handed_out_where_nothing_passes(where):
    body = process('<startEvent id="s"/><endEvent id="e"/>\ns -> e\n')
    body = (
        body.replace('<process id="p"', where)
        if where.startswith("<p")
        else body.replace('<endEvent id="e"/>', where + "/>")
    )
    assert codes(body) == ["LB523"]


def test_the_page_of_acts_is_as_the_registry_says():
    assert (DOCS / "acts.md").read_text("utf-8") == handbook()
    said = subprocess.run([sys.executable, "-m", "service.rules.act_handbook"], capture_output=True, check=True)
    assert said.stdout.decode() == handbook()
