"""What comes next on a diagram: only what the model and the variables of now decide, nothing an opinion may still change."""

from __future__ import annotations

from service.engine.outlook import Outlook, outlook
from tests.engine.drive import definitions, process

WAYS = (
    '<startEvent id="S"/><userTask id="Accept" camunda:formKey="accept"/><exclusiveGateway id="Kind" default="D"/>'
    '<userTask id="Survey"/><userTask id="Review" camunda:formKey="review"/><exclusiveGateway id="Said" default="No"/>'
    '<userTask id="Issue"/><endEvent id="Granted"/><endEvent id="Refused"/>'
    '<sequenceFlow id="A" sourceRef="S" targetRef="Accept"/><sequenceFlow id="B" sourceRef="Accept" targetRef="Kind"/>'
    '<sequenceFlow id="C" sourceRef="Kind" targetRef="Survey"><conditionExpression>=area &gt; 100</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="D" sourceRef="Kind" targetRef="Review"/><sequenceFlow id="F" sourceRef="Survey" targetRef="Review"/>'
    '<sequenceFlow id="G" sourceRef="Review" targetRef="Said"/>'
    '<sequenceFlow id="Yes" sourceRef="Said" targetRef="Issue"><conditionExpression>=decision = "grant"</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="No" sourceRef="Said" targetRef="Refused"/><sequenceFlow id="H" sourceRef="Issue" targetRef="Granted"/>'
)
FIELDS = {"accept": {"note"}, "review": {"decision"}}


def ahead(content: str, *active: str, **variables: object) -> Outlook:
    xml = definitions(process(content, "p"))
    return outlook(xml, active, variables, lambda key: FIELDS.get(key, set()))


def test_a_gateway_is_followed_where_its_variables_are_known_and_nobody_changes_them() -> None:
    found = ahead(WAYS, "Accept", area=120)
    assert {"B", "Kind", "C", "Survey", "F", "Review", "G", "Said"} <= found.planned
    assert "D" not in found.planned | found.possible
    assert {"D", "Review"} <= ahead(WAYS, "Accept", area=12).planned


def test_nothing_is_promised_that_an_opinion_may_still_turn_round() -> None:
    found = ahead(WAYS, "Accept", area=12, decision="grant")  # the decision of an earlier round
    assert found.possible == {"Yes", "No", "Issue", "Refused"} and "H" not in found.planned


def test_a_missing_variable_leaves_both_ways_open() -> None:
    found = ahead(WAYS, "Accept")
    assert {"C", "D", "Survey", "Review"} <= found.possible and "Survey" not in found.planned


def test_what_an_inner_process_may_write_is_not_decided() -> None:
    call = WAYS.replace(
        '<userTask id="Accept" camunda:formKey="accept"/>', '<callActivity id="Accept" calledElement="q"/>'
    )
    assert {"C", "D"} <= ahead(call, "Accept", area=120).possible


def test_the_end_of_a_sub_process_leads_on_from_it() -> None:
    content = (
        '<startEvent id="S"/><subProcess id="Node"><startEvent id="NS"/><userTask id="T"/><endEvent id="NE"/>'
        '<sequenceFlow id="N1" sourceRef="NS" targetRef="T"/><sequenceFlow id="N2" sourceRef="T" targetRef="NE"/></subProcess>'
        '<userTask id="Next"/><endEvent id="E"/><sequenceFlow id="A" sourceRef="S" targetRef="Node"/>'
        '<sequenceFlow id="B" sourceRef="Node" targetRef="Next"/><sequenceFlow id="C" sourceRef="Next" targetRef="E"/>'
    )
    assert {"N2", "NE", "B", "Next", "C", "E"} <= ahead(content, "Node", "T").planned


def test_parallel_branches_that_meet_again_and_again_stay_quick() -> None:
    nodes, flows, before = ['<startEvent id="S"/>'], [], "S"
    for stage in range(8):
        nodes += [f'<parallelGateway id="P{stage}"/><parallelGateway id="J{stage}"/>']
        flows.append((before, f"P{stage}"))
        for branch in range(8):
            nodes.append(f'<userTask id="T{stage}{branch}"/>')
            flows += [(f"P{stage}", f"T{stage}{branch}"), (f"T{stage}{branch}", f"J{stage}")]
        before = f"J{stage}"
    nodes.append('<endEvent id="E"/>')
    flows.append((before, "E"))
    content = "".join(nodes) + "".join(
        f'<sequenceFlow id="F{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(flows)
    )
    assert "E" in ahead(content, "T00").planned
