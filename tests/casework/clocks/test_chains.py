"""Joint chains: milestones, nodes, days that do not count, and who answers for the delay (DOMAIN D.11)."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import case_variables, complete_task, start_case
from service.casework.office import Office
from tests.casework.clocks.items import MARK, clocks_of, due, item, lines_of, task, wait_until
from tests.casework.desk import ENGINE, deploy_text
from tests.conftest import Clock

ITEM = (
    '<startEvent id="S"/>'
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + task("Review", limit="20hd")
    + '<exclusiveGateway id="G" default="no"/>'
    + task("Expert", "专家评审", "EXPERT", "20wd", more='zw:pause="EXPERT"')
    + task("Approve", "批准", "APPROVE", limit="20hd", more='zw:reaches="READY"')
    + '<endEvent id="E"/><sequenceFlow id="no" sourceRef="G" targetRef="Approve"/>'
    "\nS -> Accepted\nAccepted -> Review\nReview -> G\nG -> Expert : expert = true\nExpert -> Approve\nApprove -> E\n"
)
CALL = '<callActivity id="{id}" name="{id}" calledElement="{called}" zw:dept="{dept}" zw:limit="{limit}" zw:milestone="{milestone}"/>'
CHAIN = (
    '<process id="chain" name="chain" isExecutable="true" zw:kind="CHAIN" zw:lead="104" zw:limit="25wd" zw:milestones="M0:1,M1:5,M2:8,M3:7,M4:3,M5:1" zw:data_contract="expert">'
    '<startEvent id="S"/>'
    + task("Intake", "受理", "ACCEPT", more='zw:reaches="M0"')
    + '<parallelGateway id="Fork"/>'
    + CALL.format(id="Eia", called="eia", dept="103", limit="10wd", milestone="M3")
    + task("Found", "立项", "REVIEW", "10wd", more='zw:reaches="M1"')
    + CALL.format(id="Planning", called="planning", dept="102", limit="8wd", milestone="M2")
    + task("File", "等待图纸", "CORRECT", "60wd", more='zw:pause="DESIGN_REVISION"')
    + '<parallelGateway id="Join"/>'
    + task("Issue", "发证", "ISSUE", more='zw:reaches="READY"')
    + '<endEvent id="E"/>\nS -> Intake\nIntake -> Fork\nFork -> Eia\nFork -> Found\nFound -> Planning\nPlanning -> File\nFile -> Join\nEia -> Join\n'
    "Join -> Issue\nIssue -> E\n</process>"
)


def declared(office: Office, clock: Clock, at: str = "2026-03-02T10:00") -> UUID:
    """A chain of 25 working days declared, its intake done the next day."""
    deploy_text(office, item(ITEM, "eia", limit="10wd", item="103-XK-002", data_contract="expert"))
    deploy_text(office, item(ITEM, "planning", limit="8wd", item="102-XK-003", data_contract="expert"))
    deploy_text(office, CHAIN)
    clock.set(at)
    case = start_case(office, ENGINE, key="chain", variables={"expert": False})
    return case.id


def done(office: Office, case_id: UUID, element: str, process: str | None = None, **variables: object) -> None:
    """Complete the open task of an item (of the chain itself)."""
    with office.reading() as records:
        rows = records.tasks.open_of(case_id)
        clocks = {row.id: row for row in records.clocks.of_case(case_id)}
    row = next(one for one in rows if one.element == element and clocks[one.id].process == (process or "chain"))
    complete_task(office, ENGINE, row.id, variables=variables)


def test_milestones_are_fixed_at_declaration(any_office: Office, clock: Clock) -> None:
    found = clocks_of(any_office, declared(any_office, clock))
    assert {name: due(found[name]) for name in ("M0", "M1", "M2", "M3", "M4", "M5", "CHAIN")} == {
        "M0": "2026-03-03 17:00",
        "M1": "2026-03-10 17:00",
        "M2": "2026-03-20 17:00",
        "M3": "2026-03-31 17:00",
        "M4": "2026-04-03 17:00",
        "M5": "2026-04-07 17:00",
        "CHAIN": "2026-04-07 17:00",
    }


def bounds(office: Office, case_id: UUID, element: str) -> dict[str, str | None]:
    """The clocks of one node by name."""
    with office.reading() as records:
        return {row.name: due(row) for row in records.clocks.of_case(case_id) if row.element == element}


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ("2026-03-10", {"Planning": "2026-03-20 17:00", "M2": "2026-03-20 17:00"}),  # V17-01
        ("2026-03-06", {"Planning": "2026-03-18 17:00", "M2": "2026-03-20 17:00"}),  # V17-02
        ("2026-03-12", {"Planning": "2026-03-24 17:00"}),  # V17-03
    ],
)
def test_a_node_is_bound_by_its_milestone_unless_its_predecessor_was_late(
    office: Office, clock: Clock, reached: str, expected: dict[str, str]
) -> None:
    case_id = declared(office, clock)
    wait_until(office, clock, "2026-03-03T11:00")
    done(office, case_id, "Intake")
    assert bounds(office, case_id, "Eia") == {"Eia": "2026-03-17 17:00", "M3": "2026-03-31 17:00"}  # V17-04
    wait_until(office, clock, f"{reached}T11:00")
    done(office, case_id, "Found")
    assert bounds(office, case_id, "Planning") == expected


def test_a_chain_stands_still_only_while_no_node_runs(any_office: Office, clock: Clock) -> None:
    """V16-01: the applicant files on 03-20, another node runs until 03-13: (03-13, 03-20] is frozen."""
    office = any_office
    case_id = declared(office, clock)
    wait_until(office, clock, "2026-03-03T11:00")
    done(office, case_id, "Intake")
    wait_until(office, clock, "2026-03-06T11:00")
    done(office, case_id, "Found")
    done(office, case_id, "Review", "planning")
    wait_until(office, clock, "2026-03-10T11:00")
    done(office, case_id, "Approve", "planning")
    assert due(clocks_of(office, case_id)["CHAIN"]) == "2026-04-07 17:00", "the other node runs"
    done(office, case_id, "Review", "eia")
    wait_until(office, clock, "2026-03-13T11:00")
    done(office, case_id, "Approve", "eia")
    held = clocks_of(office, case_id)["CHAIN"]
    assert held.due_at is None
    wait_until(office, clock, "2026-03-20T11:00")
    done(office, case_id, "File")
    assert due(clocks_of(office, case_id)["CHAIN"]) == "2026-04-14 17:00"
    assert due(clocks_of(office, case_id)["M1"]) == "2026-03-10 17:00", "what is over does not move"


def test_a_procedure_freezes_the_chain_when_the_other_node_is_done(office: Office, clock: Clock) -> None:
    """V16-03: expert review (03-11, 03-25] while another node runs to 03-18: (03-18, 03-25] is frozen."""
    case_id = declared(office, clock)
    wait_until(office, clock, "2026-03-03T11:00")
    done(office, case_id, "Intake")
    wait_until(office, clock, "2026-03-06T11:00")
    done(office, case_id, "Found")
    wait_until(office, clock, "2026-03-11T11:00")
    done(office, case_id, "Review", "eia", expert=True)
    assert due(clocks_of(office, case_id)["CHAIN"]) == "2026-04-07 17:00"
    wait_until(office, clock, "2026-03-18T11:00")
    done(office, case_id, "Review", "planning")
    done(office, case_id, "Approve", "planning")
    assert clocks_of(office, case_id)["CHAIN"].due_at is None
    wait_until(office, clock, "2026-03-25T11:00")
    done(office, case_id, "Expert", "eia")
    frozen = lines_of(office, case_id, "clock:recounted")[-1].detail["frozen"]
    assert frozen[0] == ["2026-03-18", "2026-03-25"]


def test_the_department_with_the_largest_overrun_answers_for_a_late_chain(office: Office, clock: Clock) -> None:
    case_id = declared(office, clock)
    wait_until(office, clock, "2026-03-03T11:00")
    done(office, case_id, "Intake")
    done(office, case_id, "Review", "eia")
    done(office, case_id, "Approve", "eia")
    wait_until(office, clock, "2026-03-10T11:00")
    done(office, case_id, "Found")
    wait_until(office, clock, "2026-04-09T11:00")
    done(office, case_id, "Review", "planning")
    done(office, case_id, "Approve", "planning")
    done(office, case_id, "File")
    done(office, case_id, "Issue")
    wait_until(office, clock, "2026-04-09T11:01")
    told = lines_of(office, case_id, "chain:attributed")[0].detail
    assert (told["days_over"], told["answerable"]) == (2, "102")
    assert {one["node"]: one["days_over"] for one in told["nodes"]} == {"Eia": 0, "Planning": 13}


LATE = CHAIN.replace(
    '<startEvent id="S"/>',
    '<startEvent id="S"/><subProcess id="Raised" triggeredByEvent="true"><startEvent id="RS" isInterrupting="false">'
    '<escalationEventDefinition escalationRef="Late"/></startEvent><serviceTask id="Issue_Raised" zw:action="record"/>'
    '<endEvent id="RE"/>\nRS -> Issue_Raised\nIssue_Raised -> RE\n</subProcess>',
    1,
)


def test_a_late_milestone_is_raised_in_the_chain_once(any_office: Office, clock: Clock) -> None:
    office = any_office
    for key, limit in (("eia", "10wd"), ("planning", "8wd")):
        deploy_text(office, item(ITEM, key, limit=limit, data_contract="expert"))
    deploy_text(office, '<escalation id="Late" name="late" escalationCode="ESC_CHAIN_MILESTONE"/>' + LATE)
    clock.set("2026-03-02T10:00")
    case_id = start_case(office, ENGINE, key="chain", variables={"expert": False}).id
    wait_until(office, clock, "2026-03-03T16:59")
    assert lines_of(office, case_id, "action:done") == []
    wait_until(office, clock, "2026-03-09T11:00")
    assert [one.element for one in lines_of(office, case_id, "action:done")] == ["Issue_Raised"]
    assert case_variables(office, ENGINE, case_id)["late_milestone"].value == "M0"
