"""Clocks follow the diagram: what starts them, what stops them, and the lights between."""

from __future__ import annotations

from datetime import datetime

from service.casework import start_case
from service.casework.office import Office
from tests.casework.clocks.items import ITEM_BODY, MARK, clocks_of, do, due, item, lines_of, shown, task, wait_until
from tests.casework.desk import ENGINE, agenda_of, deploy_text, open_tasks
from tests.conftest import Clock


def test_a_diagram_without_time_has_no_clocks(office: Office) -> None:
    deploy_text(office, '<startEvent id="S"/><userTask id="A"/><endEvent id="E"/>\nS -> A\nA -> E\n')
    case = start_case(office, ENGINE, key="p")
    assert clocks_of(office, case.id) == {} and agenda_of(office, case.id) == ()


def test_an_item_runs_from_receipt_over_acceptance_to_the_result(any_office: Office, clock: Clock) -> None:
    office = any_office
    deploy_text(office, item(ITEM_BODY, limit="3wd", statutory="7cd", statutory_start="RECEIPT"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    found = clocks_of(office, case.id)
    assert {name: due(row) for name, row in found.items()} == {
        "RECEIPT": "2026-03-23 17:00",
        "Accept": "2026-03-17 12:00",
    }
    wait_until(office, clock, "2026-03-16T14:00")
    do(office, case.id, "Accept")
    found = clocks_of(office, case.id)
    assert found["RECEIPT"].state == found["Accept"].state == "STOPPED"
    assert due(found["CASE"]) == "2026-03-19 17:00" and due(found["STATUTORY"]) == "2026-03-23 17:00"
    assert due(found["Review"]) == "2026-03-17 17:00"
    wait_until(office, clock, "2026-03-17T10:00")
    do(office, case.id, "Review")
    do(office, case.id, "Issue")
    found = clocks_of(office, case.id)
    assert {row.state for row in found.values()} == {"STOPPED"}
    assert [row.detail["act"] for row in agenda_of(office, case.id) if row.detail] == ["delivery", "archive"]
    marks = [line.detail["mark"] for line in lines_of(office, case.id, "item:reached")]
    assert marks == ["RECEIVED", "ACCEPTED", "READY", "DELIVERED"]
    assert all(line.detail["in_time"] for line in lines_of(office, case.id, "clock:stopped"))


def test_lights_turn_at_their_instants_and_once(any_office: Office, clock: Clock) -> None:
    office = any_office
    deploy_text(office, item(ITEM_BODY, limit="3wd"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    do(office, case.id, "Accept")
    wait_until(office, clock, "2026-03-20T18:00")
    found = clocks_of(office, case.id)
    turned = [
        (line.detail["kind"], line.detail["light"], shown(line.written_at))
        for line in lines_of(office, case.id, "clock:turned")
    ]
    assert turned == [
        ("STAGE", "yellow", "2026-03-16 13:30"),
        ("STAGE", "red", "2026-03-17 12:00"),
        ("CASE", "yellow", "2026-03-18 09:00"),
        ("CASE", "red", "2026-03-19 17:00"),
    ]
    assert found["CASE"].light == found["Review"].light == "red"
    task = open_tasks(office, case.id)["Review"]
    assert (task.due_at, task.warn_at, task.paused_at) == (found["Review"].due_at, found["Review"].warn_at, None)


def test_who_is_late_before_the_worker_comes_is_late_all_the_same(any_office: Office, clock: Clock) -> None:
    office = any_office
    deploy_text(office, item(ITEM_BODY, limit="3wd"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    do(office, case.id, "Accept")
    clock.set("2026-03-17T12:00")
    do(office, case.id, "Review")
    stopped = lines_of(office, case.id, "clock:stopped")[-1].detail
    assert not stopped["in_time"]
    wait_until(office, clock, "2026-03-17T12:01")
    reds = [line for line in lines_of(office, case.id, "clock:turned") if line.detail["light"] == "red"]
    assert [line.detail["clock"] for line in reds] == [stopped["clock"]] and clocks_of(office, case.id)[
        "Review"
    ].light == "done"


def test_a_light_that_falls_into_a_pause_shows_when_the_clock_goes_on(any_office: Office, clock: Clock) -> None:
    office = any_office
    body = (
        '<startEvent id="S"/>'
        + MARK.format(id="Accepted", mark="ACCEPTED")
        + task("Review")
        + task("Hearing", "听证", "HEARING", "20wd", more='zw:pause="HEARING"')
        + task("Approve")
        + '<endEvent id="E" zw:reaches="READY"/>\n'
        + "S -> Accepted\nAccepted -> Review\nReview -> Hearing\nHearing -> Approve\nApprove -> E\n"
    )
    deploy_text(office, item(body, limit="1wd"))
    clock.set("2026-03-16T10:00")
    case = start_case(office, ENGINE, key="item")
    wait_until(office, clock, "2026-03-17T08:50")
    do(office, case.id, "Review")
    wait_until(office, clock, "2026-03-19T14:15")
    do(office, case.id, "Hearing")
    assert due(clocks_of(office, case.id)["CASE"]) == "2026-03-19 17:00"  # nothing was left when the pause began
    wait_until(office, clock, "2026-03-19T18:00")
    told = [
        (line.detail["light"], shown(datetime.fromisoformat(line.detail["at"])), shown(line.written_at))
        for line in lines_of(office, case.id, "clock:turned")
        if line.detail["kind"] == "CASE"
    ]
    assert told == [
        ("yellow", "2026-03-19 14:15", "2026-03-19 14:15"),
        ("red", "2026-03-19 17:00", "2026-03-19 17:00"),
    ]
