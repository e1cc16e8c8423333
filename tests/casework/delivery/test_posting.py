"""By post: a waybill, two attempts, back to the window; reminders of what nobody fetches (SM-38, J-06)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from service.casework import arm_jobs
from service.casework.delivery.handing_out import hand_out
from service.casework.delivery.posting import change_way, post, record_attempt, send_code
from service.casework.office import Office
from service.rules.deliveries import DeliveryState, Way
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.deliveries import DeliveryRow
from tests.casework.archive.files import packages, work
from tests.casework.clocks.items import clocks_of
from tests.casework.delivery.results import APPLICANT, CODE, delivery, papers, ready, settle
from tests.casework.desk import ISSUER, REVIEWER, actions_of, journal_of
from tests.conftest import Clock

EMS = "1234567890123"


def posted(office: Office, way: str = "post") -> UUID:
    case = ready(office, way)
    post(office, ISSUER, case, delivery(office, case).id, waybill="1234 5678 90123")
    return case


def attempt(
    office: Office, case: UUID, *, signed: bool, on: str, signer: str = "李建国", note: str = "无人接听"
) -> DeliveryRow:
    one = delivery(office, case).id
    return record_attempt(
        office, ISSUER, case, one, signed=signed, on=date.fromisoformat(on), signer=signer, note="" if signed else note
    )


def test_only_the_window_posts_and_only_with_a_waybill(window: Office) -> None:
    case = ready(window, "post")
    one = delivery(window, case).id
    with pytest.raises(Forbidden):
        post(window, REVIEWER, case, one, waybill=EMS)
    for waybill in ("", "123", "12345678<", "1" * 21):
        with pytest.raises(Invalid) as refusal:
            post(window, ISSUER, case, one, waybill=waybill)
        assert [field.field for field in refusal.value.fields] == ["waybill"]
    with pytest.raises(Missing):
        post(window, ISSUER, case, uuid4(), waybill=EMS)
    with pytest.raises(Conflict):
        attempt(window, case, signed=True, on="2026-03-16")


def test_what_is_signed_for_yesterday_is_delivered_as_of_yesterday(window: Office, clock: Clock, told: list) -> None:
    clock.set("2026-03-20T10:00")
    case = posted(window)
    settle(window)
    assert told == [("M18", {"waybill": EMS})]
    assert delivery(window, case).state == DeliveryState.POSTED
    with pytest.raises(Conflict):
        hand_out(window, ISSUER, case, [delivery(window, case).id], APPLICANT, code=CODE, identity_checked=True)
    clock.set("2026-03-23T09:00")
    for day in ("2026-03-19", "2026-03-24"):
        with pytest.raises(Invalid) as refusal:
            attempt(window, case, signed=True, on=day)
        assert [one.field for one in refusal.value.fields] == ["on"]
    done = attempt(window, case, signed=True, on="2026-03-21")
    assert (done.state, done.waybill) == (DeliveryState.DELIVERED, EMS)
    assert [line.detail for line in journal_of(window, case) if line.action == "item:reached"][-1] == {
        "mark": "DELIVERED",
        "on": "2026-03-21",
    }
    assert clocks_of(window, case)["DELIVERY"].state == "STOPPED"
    [paper] = papers(window, case, "W20")
    assert (paper.facts["way"], paper.facts["waybill"], paper.facts["at"]) == (
        "邮寄送达",
        EMS,
        "2026-03-21T12:00:00+08:00",
    )


def test_two_attempts_that_reach_nobody_bring_it_back_to_the_window(window: Office, clock: Clock, told: list) -> None:
    clock.set("2026-03-20T10:00")
    case = posted(window)
    for text in ("", "字" * 201):
        with pytest.raises(Invalid):
            attempt(window, case, signed=False, on="2026-03-20", note=text)
    with pytest.raises(Invalid):
        attempt(window, case, signed=True, on="2026-03-20", signer=" ")
    assert attempt(window, case, signed=False, on="2026-03-20").state == DeliveryState.POSTED
    clock.set("2026-03-23T10:00")
    back = attempt(window, case, signed=False, on="2026-03-23", note="地址不详")
    assert (back.state, back.way, len(back.attempts)) == (DeliveryState.RETURNED, Way.PICKUP, 2)
    settle(window)
    assert told[-1] == ("M15", {})
    assert actions_of(window, case)[-3:] == ["delivery:attempted", "delivery:attempted", "delivery:returned"]
    [done] = hand_out(window, ISSUER, case, [back.id], APPLICANT, code=CODE, identity_checked=True)
    assert done.state == DeliveryState.DELIVERED


def test_the_applicant_may_want_it_another_way(window: Office, told: list) -> None:
    case = ready(window)
    one = delivery(window, case).id
    for way, reason, field in ((Way.ELECTRONIC, "x", "way"), (Way.POST, " ", "reason")):
        with pytest.raises(Invalid) as refusal:
            change_way(window, ISSUER, case, one, way, reason)
        assert [problem.field for problem in refusal.value.fields] == [field]
    assert change_way(window, ISSUER, case, one, Way.POST, "申请人来电").way == Way.POST
    assert change_way(window, ISSUER, case, one, Way.PICKUP, "改为自取").way == Way.PICKUP
    send_code(window, ISSUER, case, one)
    settle(window)
    assert told == [("M15", {})] * 3
    with pytest.raises(Forbidden):
        send_code(window, REVIEWER, case, one)


def test_who_does_not_come_is_reminded_three_times_and_who_came_never(window: Office, clock: Clock, told: list) -> None:
    clock.set("2026-03-19T16:00")
    case = ready(window)
    fetched = ready(window, number="SJ202603161040002")
    hand_out(window, ISSUER, fetched, [delivery(window, fetched).id], APPLICANT, code=CODE, identity_checked=True)
    told.clear()
    arm_jobs(window)
    reminded = []
    for day in range(20, 20 + 20):
        clock.set(f"2026-{3 if day < 32 else 4:02d}-{day if day < 32 else day - 31:02d}T08:30")
        before = len(told)
        work(window)
        if len(told) > before:
            reminded.append((clock.now.date().isoformat(), told[-1]))
    assert reminded == [
        ("2026-03-24", ("M19", {"nth": 1, "hours": "9:00至17:00"})),
        ("2026-03-30", ("M19", {"nth": 2, "hours": "9:00至17:00"})),
        ("2026-04-02", ("M19", {"nth": 3, "hours": "9:00至17:00"})),
    ]
    assert delivery(window, case).reminded == 3


def test_what_is_delivered_after_the_case_was_sealed_goes_into_a_supplement(window: Office, clock: Clock) -> None:
    case = ready(window)
    work(window)
    assert len(packages(window, case)) == 1
    hand_out(window, ISSUER, case, [delivery(window, case).id], APPLICANT, code=CODE, identity_checked=True)
    work(window)
    clock.advance(minutes=2)  # the receipt has been printed
    work(window)
    first, second = packages(window, case)
    assert second.part == 1
    [receipt] = [one for one in second.entries if one["kind"] == "DOCUMENT" and one["path"].endswith("W20.pdf")]
    assert receipt["title"].startswith("送达回证") and receipt["size"] > 1000
    assert {"deliveries.json"} <= {one["path"] for one in second.entries} & {one["path"] for one in first.entries}
