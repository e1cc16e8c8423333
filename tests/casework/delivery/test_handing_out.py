"""Nothing leaves the window unless it is paid, there, for the right person; what leaves is delivered on the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from service.casework.delivery.handing_out import hand_out
from service.casework.delivery.reading import case_deliveries, issuing_queue
from service.casework.office import Office
from service.rules.deliveries import DeliveryState, IdentityKind, Receiver, Way
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from service.store.certificates import CertificateRow
from service.store.deliveries import DeliveryRow
from tests.casework.clocks.items import clocks_of, due
from tests.casework.delivery.results import (
    AGENT,
    APPLICANT,
    CODE,
    decided,
    delivery,
    papers,
    ready,
    settle,
)
from tests.casework.desk import CHIEF, ENGINE, ISSUER, REVIEWER, STRANGER, SUPERVISOR, journal_of
from tests.conftest import Clock


def hand(office: Office, case: UUID, receiver: Receiver = APPLICANT, **more: object) -> tuple[DeliveryRow, ...]:
    given = {"code": CODE, "identity_checked": True, **more}
    return hand_out(office, ISSUER, case, [delivery(office, case).id], receiver, **given)  # type: ignore[arg-type]


def test_who_is_not_of_the_window_hands_nothing_out_and_who_approved_neither(window: Office) -> None:
    case = ready(window)
    one = delivery(window, case).id
    for actor in (REVIEWER, CHIEF, SUPERVISOR, STRANGER):
        with pytest.raises(Forbidden):
            hand_out(window, actor, case, [one], APPLICANT, code=CODE, identity_checked=True)
    both = replace(ENGINE, service=False, roles=frozenset({"issue_clerk"}))
    with pytest.raises(Forbidden) as refusal:
        hand_out(window, both, case, [one], APPLICANT, code=CODE, identity_checked=True)
    assert refusal.value.code == "DUTIES_SEPARATED"
    for wanted in ([], [uuid4()], [one, uuid4()]):
        with pytest.raises(Missing):
            hand_out(window, ISSUER, case, wanted, APPLICANT, code=CODE, identity_checked=True)
    with pytest.raises(Forbidden):
        issuing_queue(window, REVIEWER)


@pytest.mark.parametrize(
    ("receiver", "fields"),
    [
        (replace(AGENT, letter=" "), ["letter"]),
        (replace(AGENT, letter="", relation=""), ["letter", "relation"]),
        (replace(APPLICANT, name=""), ["name"]),
        (replace(APPLICANT, identity="110105194912310021"), ["identity"]),
        (replace(APPLICANT, identity="110105194913310025"), ["identity"]),
        (replace(APPLICANT, identity_kind=IdentityKind.PASSPORT, identity="E 1/2"), ["identity"]),
        (replace(APPLICANT, identity="", name="李" * 61), ["name", "identity"]),
    ],
)
def test_a_receiver_who_cannot_be_is_refused_beside_the_field(
    window: Office, receiver: Receiver, fields: list[str]
) -> None:
    case = ready(window)
    with pytest.raises(Invalid) as refusal:
        hand(window, case, receiver)
    assert [one.field for one in refusal.value.fields] == fields
    assert delivery(window, case).state == DeliveryState.WAITING


def test_identity_and_code_are_asked_for(window: Office) -> None:
    case = ready(window)
    for more, field in (
        ({"identity_checked": False}, "checked"),
        ({"code": " "}, "code"),
        ({"code": "", "signed_instead": "手机停用", "receiver": AGENT}, "code"),
        ({"code": "K7M2QQ"}, "code"),
    ):
        with pytest.raises(Invalid) as refusal:
            hand(window, case, **more)  # type: ignore[arg-type]
        assert [one.field for one in refusal.value.fields] == [field]


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour_and_every_one_is_noted(window: Office, clock: Clock) -> None:
    case = ready(window)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Invalid) as refusal:
            hand(window, case, code="222222")
        assert refusal.value.params["left"] == left
    with pytest.raises(Conflict) as locked:
        hand(window, case)
    assert locked.value.code == "CODE_LOCKED"
    refused = [line for line in journal_of(window, case) if line.action == "delivery:code_refused"]
    assert [(line.detail or {})["locked"] for line in refused] == [False, False, False, False, True]
    clock.advance(minutes=15)
    assert hand(window, case, code=" k7m2-qp ")[0].state == DeliveryState.DELIVERED


def test_without_a_certificate_or_unpaid_nothing_leaves(window: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.casework.delivery import guards

    case = ready(window, certificate_no=None)
    with pytest.raises(Conflict) as none:
        hand(window, case)
    assert none.value.code == "CERTIFICATE_NONE"

    def unpaid(*_: object) -> None:
        raise Conflict("FEE_UNPAID", "未缴清")

    monkeypatch.setattr(guards, "require_settled", unpaid)
    other = ready(window, number="SJ202603161040002")
    with pytest.raises(Conflict) as owed:
        hand(window, other)
    assert owed.value.code == "FEE_UNPAID"


def test_what_is_fetched_with_code_and_identity_is_delivered_on_the_clock(
    window: Office, clock: Clock, told: list
) -> None:
    clock.set("2026-03-19T16:00")
    case = ready(window)
    assert told == [("M15", {})]
    row = delivery(window, case)
    assert (row.state, row.way, row.due_on) == (DeliveryState.WAITING, Way.PICKUP, date(2026, 4, 2))
    limit = clocks_of(window, case)["DELIVERY"]
    assert (limit.state, due(limit)) == ("RUNNING", "2026-04-02 17:00"), "it runs on when the case has ended"
    marks = [(line.detail or {})["mark"] for line in journal_of(window, case) if line.action == "item:reached"]
    assert marks[-2:] == ["DECIDED_YES", "READY"]
    clock.set("2026-03-20T09:40")
    [done] = hand(window, case, AGENT)
    assert (done.state, done.delivered_by, done.together is not None) == (DeliveryState.DELIVERED, "wuqian", True)
    assert done.receipt is not None
    assert done.receipt["identity"] == "居民身份证 1101**********002X" and done.receipt["letter"] == "委2026-018"
    assert clocks_of(window, case)["DELIVERY"].state == "STOPPED"
    lines = journal_of(window, case)
    reached = [line for line in lines if line.action == "item:reached"][-1]
    assert (reached.detail, reached.actor) == ({"mark": "DELIVERED"}, "wuqian")
    [paper] = papers(window, case, "W20")
    assert paper.facts == {
        "document": "item",
        "document_no": "990100202603190005",
        "way": "窗口领取",
        "receiver": "周晓东",
        "relation": "员工",
        "identity": "居民身份证 1101**********002X",
        "code_ok": True,
        "at": "2026-03-20T09:40:00+08:00",
        "place": "政务服务中心发证窗口",
        "remark": "委托书 委2026-018",
    }
    with pytest.raises(Conflict) as twice:
        hand(window, case)
    assert twice.value.code == "DELIVERY_STATE"


def test_who_has_no_code_signs_by_hand_and_the_receipt_says_why(window: Office) -> None:
    case = ready(window)
    [done] = hand(window, case, code="", signed_instead="手机  停用")
    assert done.receipt is not None and done.receipt["code_ok"] is False
    [paper] = papers(window, case, "W20")
    assert (paper.facts["code_ok"], paper.facts["remark"]) == (False, "签字领取：手机 停用")


@pytest.mark.parametrize(
    ("way", "state"), [("electronic", "DELIVERED"), (None, "DELIVERED"), ("joint", "DELIVERED"), ("post", "WAITING")]
)
def test_other_ways_are_settled_at_once_or_wait_for_the_post(
    window: Office, way: str | None, state: str, told: list
) -> None:
    case = ready(window, way)
    assert delivery(window, case).state == state
    running = clocks_of(window, case)["DELIVERY"].state == "RUNNING"
    assert running is (state == "WAITING") and told == []


def test_a_light_still_turns_when_nobody_fetches_it(window: Office, clock: Clock) -> None:
    clock.set("2026-03-19T16:00")
    case = ready(window)
    clock.set("2026-04-02T17:00")
    settle(window)
    assert clocks_of(window, case)["DELIVERY"].light == "red"
    queue = issuing_queue(window, ISSUER)
    assert (queue.total, queue.late) == (1, 0), "late from the day after"
    clock.set("2026-04-03T09:00")
    assert issuing_queue(window, SUPERVISOR).late == 1


def test_the_queue_is_searched_by_project_number_and_certificate(window: Office) -> None:
    ready(window)
    ready(window, number="SJ202603161040002", certificate_no="990100202603190006")
    for words, count in (("", 2), ("0002", 1), ("云溪", 2), ("90006", 1), ("%", 0), ("云溪 0001", 1)):
        assert issuing_queue(window, ISSUER, words=words).total == count, words
    assert issuing_queue(window, ISSUER, queue="done").total == 0
    assert issuing_queue(window, ISSUER, queue="nonsense", page=9).page == 1


def test_only_who_may_read_the_case_sees_its_deliveries(window: Office) -> None:
    case = ready(window)
    with pytest.raises(Missing):
        case_deliveries(window, STRANGER, case)
    page = case_deliveries(window, SUPERVISOR, case)
    assert len(page.together) == 1 and page.issues is False
    assert case_deliveries(window, ISSUER, case).issues


def test_a_running_item_at_the_desk_has_nothing_to_hand_out(window: Office) -> None:
    case = decided(window)
    settle(window)
    assert case_deliveries(window, ISSUER, case).rows == ()


def test_the_queue_shows_and_finds_a_certificate_registered_after_the_item_was_ready(window: Office) -> None:
    case = ready(window, certificate_no=None)
    with window.transaction() as records:
        day = records.now.date()
        records.certificates.add(
            CertificateRow(
                id=uuid4(),
                number="990100202603190077",
                kind="建筑工程施工许可证",
                item="104-XK-001",
                department="104",
                holder="云溪大厦",
                holder_code="",
                state="ACTIVE",
                issued_on=day,
                valid_from=day,
                valid_to=None,
                basis="",
                reason="",
                follows="",
                case_id=case,
                scope_id=None,
                document_id=None,
                key=None,
                reminded=0,
                changed_at=records.now,
                changed_by=None,
            )
        )
    [line] = issuing_queue(window, ISSUER, words="90077").items
    assert [one["number"] for one in line.row.certificates] == ["990100202603190077"]
