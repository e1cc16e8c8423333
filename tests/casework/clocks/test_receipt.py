"""收件, 补正, 受理: on which day each clock starts (R-LIM-5, R-LIM-9, R-ACC-4)."""

from __future__ import annotations

import pytest

from service.casework import start_case
from service.casework.office import Office
from tests.casework.clocks.items import MARK, clocks_of, do, due, item, lines_of, task, wait_until
from tests.casework.desk import ENGINE, deploy_text, open_tasks
from tests.conftest import Clock

BODY = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT", limit="2hd")
    + '<boundaryEvent id="Deem" attachedToRef="Accept" zw:reaches="DEEMED_ACCEPTED"><timerEventDefinition>'
    "<timeDate>due(&quot;RECEIPT&quot;)</timeDate></timerEventDefinition></boundaryEvent>"
    '<exclusiveGateway id="G" default="yes"/>'
    + MARK.format(id="Ask", mark="CORRECTING")
    + task("Supply", "等待补正", "CORRECT", "30wd", more='zw:pause="CORRECTION" zw:reaches="SUPPLEMENTED"')
    + MARK.format(id="Yes", mark="ACCEPTED")
    + task("Review")
    + '<endEvent id="E" zw:reaches="READY"/><sequenceFlow id="yes" sourceRef="G" targetRef="Yes"/>'
    "\nS -> Accept\nAccept -> G\nG -> Ask : gaps = true\nAsk -> Supply\nSupply -> Accept\nYes -> Review\nDeem -> Review\nReview -> E\n"
)


def received(office: Office, clock: Clock, at: str, **zw: str):  # type: ignore[no-untyped-def]
    """A case received at an instant."""
    deploy_text(office, item(BODY, data_contract="gaps", **zw))
    clock.set(at)
    return start_case(office, ENGINE, key="item", variables={"gaps": False}).id


@pytest.mark.parametrize(
    ("day", "deemed", "n", "end", "red"),
    [
        ("2026-03-16", "2026-03-23", "3wd", "2026-03-19", True),  # V9-01
        ("2026-03-16", "2026-03-23", "10wd", "2026-03-30", False),  # V9-02
        ("2026-09-29", "2026-10-12", "7wd", "2026-10-14", False),  # V9-03
        ("2026-02-12", "2026-02-26", "13wd", "2026-03-09", False),  # V9-04
        ("2026-02-21", "2026-02-28", "10wd", "2026-03-06", False),  # V9-05
    ],
)
def test_silence_accepts_as_of_the_day_of_receipt(
    office: Office, clock: Clock, day: str, deemed: str, n: str, end: str, red: bool
) -> None:
    case_id = received(office, clock, f"{day}T10:00", limit=n)
    assert due(clocks_of(office, case_id)["RECEIPT"]) == f"{deemed} 17:00"
    wait_until(office, clock, f"{deemed}T16:59")
    assert "CASE" not in clocks_of(office, case_id)
    wait_until(office, clock, f"{deemed}T17:00")
    found = clocks_of(office, case_id)
    assert due(found["CASE"]) == f"{end} 17:00" and list(open_tasks(office, case_id)) == ["Review"]
    assert (found["CASE"].light == "red") is red
    reached = lines_of(office, case_id, "item:reached")[-1].detail
    assert (reached["mark"], reached["on"]) == ("DEEMED_ACCEPTED", day)


def test_a_correction_stops_the_receipt_and_acceptance_counts_from_what_was_supplied(
    any_office: Office, clock: Clock
) -> None:
    office = any_office
    case_id = received(office, clock, "2026-03-16T10:00", limit="3wd", statutory="20wd", statutory_start="RECEIPT")
    do(office, case_id, "Accept", variables={"gaps": True})
    found = clocks_of(office, case_id)
    assert found["RECEIPT"].state == "PAUSED" and due(found["CORRECTION"]) == "2026-04-28 17:00"
    assert found["Supply"].state == "RUNNING"
    wait_until(office, clock, "2026-03-25T15:00")
    do(office, case_id, "Supply", variables={"gaps": False})
    found = clocks_of(office, case_id)
    assert found["CORRECTION"].state == "STOPPED" and due(found["RECEIPT"]) == "2026-03-26 17:00"
    deem = lines_of(office, case_id, "clock:recounted")[-1].detail
    assert deem["cause"] == "SUPPLEMENTED" and deem["amount"] == 1
    wait_until(office, clock, "2026-03-26T10:00")
    do(office, case_id, "Accept")
    found = clocks_of(office, case_id)
    assert due(found["CASE"]) == "2026-03-30 17:00", "counted from 03-25, a day before the clerk pressed the button"
    assert due(found["STATUTORY"]) == "2026-04-14 17:00", "counted from receipt"
    assert lines_of(office, case_id, "item:reached")[-1].detail == {"mark": "ACCEPTED", "on": "2026-03-25"}


def test_what_was_supplied_and_not_decided_is_accepted_at_close_of_the_next_working_day(
    office: Office, clock: Clock
) -> None:
    case_id = received(office, clock, "2026-03-16T10:00", limit="3wd")
    do(office, case_id, "Accept", variables={"gaps": True})
    wait_until(office, clock, "2026-03-20T15:00")
    do(office, case_id, "Supply", variables={"gaps": False})
    wait_until(office, clock, "2026-03-23T17:00")
    assert list(open_tasks(office, case_id)) == ["Review"]
    assert due(clocks_of(office, case_id)["CASE"]) == "2026-03-25 17:00"
