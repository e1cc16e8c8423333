"""Decisions in the library: refused when missing, bound when a case starts, decided without a process."""

from __future__ import annotations

import pytest

from service.casework import SYSTEM, deploy, start_case
from service.casework.decisions import decision_version, evaluate, list_decisions
from service.casework.deploying import delete_deployment
from service.casework.office import Office
from service.engine import Resource
from service.rules.refusals import Invalid, Missing
from tests.casework.desk import ENGINE
from tests.engine.dmn import dmn, table
from tests.engine.drive import definitions, process


def fees(price: int, *, tag: str = "") -> Resource:
    content = dmn(table("fee", "UNIQUE", ["n: number"], ["fee: number"], f"> 0 | {price}"))
    if tag:
        content = content.replace(b'<decision id="fee"', b'<decision id="fee" camunda:versionTag="%s"' % tag.encode())
    return Resource(name="fees.dmn", content=content)


def asking(more: str = "", key: str = "p") -> Resource:
    task = f'<businessRuleTask id="D" camunda:decisionRef="fee" camunda:resultVariable="fee" {more} '
    task += 'camunda:mapDecisionResult="singleEntry"/>'
    body = f'<startEvent id="S"/>{task}<userTask id="A"/><userTask id="B"/><endEvent id="E"/>\nS -> D\nD -> A\nA -> E\n'
    return Resource(name=f"{key}.bpmn", content=definitions(process(body.replace('<userTask id="B"/>', ""), key)))


def fee_of(office: Office, key: str = "p") -> object:
    from service.casework.journalling import CaseFile
    from service.casework.projection import take_up

    case = start_case(office, ENGINE, key=key, variables={"n": 1})
    with office.reading() as records:
        row = records.cases.find(case.id)
        assert row is not None
        return take_up(office, records, CaseFile(row)).run.variables()["fee"]


def test_a_process_whose_decision_nobody_has_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as told:
        deploy(office, SYSTEM, "p", [asking()])
    assert [finding.code for finding in told.value.details if finding.severity == "error"] == ["LB705"]


def test_the_newest_version_is_bound_when_a_case_starts(any_office: Office) -> None:
    office = any_office
    deploy(office, SYSTEM, "both", [asking(), asking('camunda:decisionRefBinding="deployment"', "q"), fees(1)])
    assert (fee_of(office), fee_of(office, "q")) == (1, 1)
    second = deploy(office, SYSTEM, "new", [fees(2)])
    assert second.definitions == () and not second.unchanged
    assert (fee_of(office), fee_of(office, "q")) == (2, 1)
    assert [(one.key, one.version) for one in list_decisions(office, ENGINE)] == [("fee", 1), ("fee", 2)]
    assert deploy(office, SYSTEM, "same", [fees(2)]).unchanged
    delete_deployment(office, SYSTEM, second.id)
    assert fee_of(office) == 1
    with office.reading() as records:
        assert records.deployments.newest(["p"])["p"].version == 1


def test_a_version_or_tag_stays_what_it_is(office: Office) -> None:
    deploy(office, SYSTEM, "one", [fees(1, tag="old")])
    deploy(office, SYSTEM, "two", [fees(2)])
    number = 'camunda:decisionRefBinding="version" camunda:decisionRefVersion="1"'
    tag = 'camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="old"'
    deploy(office, SYSTEM, "three", [asking(number), asking(tag, "q")])
    assert (fee_of(office), fee_of(office, "q")) == (1, 1)
    with pytest.raises(Invalid):
        deploy(office, SYSTEM, "four", [asking(number.replace('"1"', '"9"'), "r")])


def test_a_running_case_keeps_its_version_when_the_node_restarts(office: Office) -> None:
    deploy(office, SYSTEM, "both", [asking(), fees(1)])
    case = start_case(office, ENGINE, key="p", variables={"n": 1})
    deploy(office, SYSTEM, "new", [fees(2)])
    office.programs._programs.clear()
    with office.reading() as records:
        row = records.cases.find(case.id)
        assert row is not None
        program = office.programs.for_binding(records, row.binding_id, "p")
    decision = program.models["p"].decisions["fee"].decisions["fee"]
    assert decision.logic.rows[0].results[0].text == "1"


def test_deciding_without_a_process(office: Office) -> None:
    deploy(office, SYSTEM, "fees", [fees(3)])
    newest = decision_version(office, ENGINE, key="fee")
    assert evaluate(office, ENGINE, newest, {"n": 1}).value == 3
    with pytest.raises(Invalid) as told:
        evaluate(office, ENGINE, newest, {})
    assert told.value.code == "DECISION_FAILED"
    with pytest.raises(Missing):
        decision_version(office, ENGINE, key="other")
