"""Delivery, agency service, and what programs see of a timer that stands still."""

from __future__ import annotations

from service.casework import start_case
from service.casework.office import Office
from tests.casework.clocks.items import MARK, clocks_of, do, due, item, late, lines_of, task, wait_until
from tests.casework.desk import ENGINE, agenda_of, deploy_text
from tests.conftest import Clock

DECIDED = (
    '<startEvent id="S"/>'
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + task("Approve", "批准", "APPROVE", more='zw:reaches="DECIDED_YES"')
    + task("Issue", "发证", "ISSUE", more='zw:reaches="READY"')
    + task("Deliver", "送达", "ISSUE", more='zw:reaches="DELIVERED"')
    + late("Deliver", "due(&quot;DELIVERY&quot;)")
    + '<endEvent id="E"/>\nS -> Accepted\nAccepted -> Approve\nApprove -> Issue\nIssue -> Deliver\nDeliver -> E\nDeliverLate -> DeliverTold\n'
)
AGENCY = (
    '<process id="agency" name="agency" isExecutable="true" zw:clock="AGENCY" zw:limit="20wd"><startEvent id="S"/>'
    + task("Run", "代办", "COORDINATE", "40hd", more='zw:reaches="READY"')
    + '<endEvent id="E"/>\nS -> Run\nRun -> E\n</process>'
)


def test_delivery_is_counted_from_the_decision_and_the_case_from_acceptance_to_the_result(
    any_office: Office, clock: Clock
) -> None:
    office = any_office
    deploy_text(office, item(DECIDED, limit="3wd"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    wait_until(office, clock, "2026-03-17T10:00")
    do(office, case.id, "Approve")
    assert due(clocks_of(office, case.id)["DELIVERY"]) == "2026-03-31 17:00"
    do(office, case.id, "Issue")
    found = clocks_of(office, case.id)
    assert (found["CASE"].state, found["DELIVERY"].state) == ("STOPPED", "RUNNING")
    timer = next(one for one in agenda_of(office, case.id) if one.kind == "timer")
    assert timer.due_at == found["DELIVERY"].due_at
    wait_until(office, clock, "2026-03-31T17:00")
    assert clocks_of(office, case.id)["DELIVERY"].light == "red"
    assert [line.element for line in lines_of(office, case.id, "timer:fired")] == ["DeliverLate"]
    do(office, case.id, "Deliver")
    assert {row.state for row in clocks_of(office, case.id).values()} == {"STOPPED"}


def test_agency_service_has_twenty_days_from_its_start(office: Office, clock: Clock) -> None:
    """V14-01."""
    deploy_text(office, AGENCY)
    clock.set("2026-03-02T10:00")
    case = start_case(office, ENGINE, key="agency")
    assert due(clocks_of(office, case.id)["AGENCY"]) == "2026-03-30 17:00"
    do(office, case.id, "Run")
    assert clocks_of(office, case.id)["AGENCY"].state == "STOPPED"
