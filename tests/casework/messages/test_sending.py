"""Messages on their way out: retries, quiet hours, digests, receipts, what follows when nothing helps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from service.casework import carry_due, start_case
from service.casework.act_book import CARRIERS
from service.casework.carrying import carry_out
from service.casework.messages.queueing import CARRIER, queue_message
from service.casework.messages.receivers import Receiver
from service.casework.messages.sending import keep_report
from service.casework.office import Office
from service.connectors.outgoing import ConnectorTrouble, DeliveryReport
from service.rules.message_texts import PLACES, TEMPLATES, Audience
from service.rules.messages import places
from service.rules.refusals import Missing
from service.rules.sending import Channel, Report
from service.store.listing import INCIDENTS, Sight
from service.store.messages import ContactRow, MessageRow
from tests.casework.clocks.items import ITEM_BODY, item
from tests.casework.desk import ENGINE, deploy_text, open_tasks
from tests.casework.messages.conftest import Line, connect, later, messages, report, settle_all
from tests.conftest import CHINA, Clock

A = Receiver(audience=Audience.REVIEWER_A, account="zhangwei")
APPLICANT = Receiver(audience=Audience.APPLICANT, mobile="13800138000")


def samples(code: str) -> dict[str, str]:
    """The values of a template's sample."""
    return {name: PLACES[name].sample for name in places(TEMPLATES[code].text)}


def tell(office: Office, code: str, to: Receiver = A, *, key: UUID | None = None, **more: object) -> None:
    with office.transaction() as records:
        queue_message(office, records, code=code, values=samples(code), to=to, key=key, **more)  # type: ignore[arg-type]


def busy(retryable: bool = True, **wait: float) -> ConnectorTrouble:
    return ConnectorTrouble(
        "BUSY" if retryable else "REFUSED", "try later", retryable=retryable, wait=timedelta(**wait) if wait else None
    )


def sms(office: Office, **wanted: object) -> MessageRow:
    [one] = messages(office, channel="SMS", **wanted)
    return one


# -- time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "at", "goes"),
    [
        ("T01", "2026-03-16T22:00", "2026-03-17T08:30"),
        ("T01", "2026-03-16T21:59", "2026-03-16T21:59"),
        ("T01", "2026-03-17T07:45", "2026-03-17T08:30"),
        ("M01", "2026-03-16T23:10", "2026-03-17T07:30"),
        ("M01", "2026-03-17T07:45", "2026-03-17T07:45"),
        ("T04", "2026-03-16T23:10", "2026-03-16T23:10"),
        ("T07", "2026-03-17T03:00", "2026-03-17T03:00"),
        ("L01", "2026-03-17T03:00", "2026-03-17T03:00"),
        ("L04", "2026-03-17T03:00", "2026-03-17T07:30"),
        ("M24", "2026-03-17T03:00", "2026-03-17T03:00"),
    ],
)
def test_what_is_not_red_waits_for_the_morning(
    town: Office, clock: Clock, line: Line, code: str, at: str, goes: str
) -> None:
    clock.set(at)
    tell(town, code, APPLICANT if code[0] == "M" else A)
    settle_all(town)
    sent_at_once = bool(line.sent)
    clock.set(goes)
    settle_all(town)
    assert len(line.sent) == 1 and sent_at_once == (at == goes)
    assert sms(town).sent_at == datetime.fromisoformat(goes).replace(tzinfo=CHINA).astimezone(UTC)


def test_a_failing_channel_is_tried_after_one_five_and_thirty_minutes(town: Office, clock: Clock, line: Line) -> None:
    line.troubles = [busy(), busy(), busy(), busy()]
    tell(town, "T01")
    settle_all(town)
    tries = [sms(town).attempts]
    for minutes in (1, 5, 30):
        later(town, clock, minutes=minutes - 0.1)
        before = sms(town).attempts
        later(town, clock, minutes=0.1)
        tries.append(sms(town).attempts)
        assert before == tries[-2]
    assert tries == [1, 2, 3, 4]
    assert (sms(town, box="zhangwei").state, sms(town, box="zhangwei").error) == ("FAILED", "BUSY: try later")


def test_a_gateway_that_asks_for_more_time_gets_it(town: Office, clock: Clock, line: Line) -> None:
    line.troubles = [busy(minutes=20)]
    tell(town, "T01")
    settle_all(town)
    later(town, clock, minutes=19)
    assert line.sent == []
    later(town, clock, minutes=1)
    assert len(line.sent) == 1


def test_a_retry_does_not_ring_at_night(town: Office, clock: Clock, line: Line) -> None:
    clock.set("2026-03-16T21:58")
    line.troubles = [busy(), busy()]
    tell(town, "T01")
    settle_all(town)
    later(town, clock, minutes=1)
    later(town, clock, hours=1)
    assert line.sent == [] and sms(town).state == "QUEUED"
    clock.set("2026-03-17T08:30")
    settle_all(town)
    assert len(line.sent) == 1


def test_what_is_refused_for_good_is_not_tried_again(town: Office, clock: Clock, line: Line) -> None:
    line.troubles = [busy(retryable=False)]
    tell(town, "M01", APPLICANT)
    settle_all(town)
    later(town, clock, hours=1)
    assert (sms(town).state, sms(town).attempts, line.sent) == ("FAILED", 1, [])
    with town.reading() as records:
        assert INCIDENTS.count(records, Sight(everything=True), {}) == 0, "people see to it, not an administrator"


# -- what then ----------------------------------------------------------------------------------------------------


def test_a_message_a_reviewer_does_not_get_goes_to_the_other_one(town: Office, clock: Clock, line: Line) -> None:
    body = ITEM_BODY.replace('zw:stage="REVIEW"', 'zw:stage="REVIEW" zw:role="reviewer_a"')
    deploy_text(town, item(body, limit="3wd"))
    case = start_case(town, ENGINE, key="item").id
    task = open_tasks(town, case)["Accept"].id
    line.troubles = [busy(retryable=False)]
    tell(town, "T02", case_id=case, task=task)
    settle_all(town)
    told = {(one.box, one.channel): one.state for one in messages(town, code="T02")}
    assert told == {
        ("zhangwei", "INAPP"): "DELIVERED",
        ("zhangwei", "SMS"): "FAILED",
        ("liuyang", "INAPP"): "DELIVERED",
        ("liuyang", "SMS"): "SENT",
    }
    report(town, sms(town, box="liuyang"), Report.REFUSED)
    settle_all(town)
    assert len(messages(town, code="T02")) == 4, "a message the B岗 does not get goes nowhere else"


def test_a_receipt_tells_what_became_of_a_message_and_an_arrival_is_never_taken_back(town: Office, line: Line) -> None:
    tell(town, "M01", APPLICANT)
    settle_all(town)
    assert sms(town).state == "SENT"
    report(town, sms(town), Report.REFUSED)
    assert (sms(town).state, sms(town).error) == ("FAILED", "stat:UNDELIV")
    report(town, sms(town), Report.DELIVERED)
    report(town, sms(town), Report.REFUSED)
    assert (sms(town).state, sms(town).error) == ("DELIVERED", None)


def test_a_receipt_nobody_waits_for_is_asked_for_again(town: Office) -> None:
    with pytest.raises(Missing, match="MESSAGE_NOT_KNOWN"):
        keep_report(town, DeliveryReport(reference="never", report=Report.DELIVERED))


# -- digests ------------------------------------------------------------------------------------------------------


def test_the_messages_of_a_night_are_told_in_one_digest(town: Office, clock: Clock, line: Line) -> None:
    clock.set("2026-03-16T23:00")
    for _ in range(7):
        tell(town, "T01")
    tell(town, "L04")
    clock.set("2026-03-17T08:30")
    settle_all(town)
    assert sorted(one.text for one in line.sent) == sorted(
        ["【云溪政务】联办LB202603020003第2里程碑超期，已列入联审议题。", "【云溪政务】您有7条新消息，请登录系统查看。"]
    )
    digest = sms(town, code="D01")
    assert {one.digest_id for one in messages(town, code="T01", channel="SMS")} == {digest.id}
    report(town, digest, Report.DELIVERED)
    assert {one.state for one in messages(town, code="T01", channel="SMS")} == {"DELIVERED"}
    assert len(messages(town, code="T01", channel="INAPP")) == 7


def test_five_messages_go_one_by_one_and_red_never_hides_in_a_digest(town: Office, line: Line) -> None:
    for _ in range(5):
        tell(town, "T01")
    settle_all(town)
    for _ in range(6):
        tell(town, "T04")
    settle_all(town)
    assert len(line.sent) == 11 and messages(town, code="D01") == []


def test_an_applicant_gets_every_message_however_many(town: Office, line: Line) -> None:
    for _ in range(8):
        tell(town, "M15", Receiver(audience=Audience.APPLICANT, account="lizhao", mobile="13800138000"))
    with town.transaction() as records:
        records.messages.put_contact(
            ContactRow(username="lizhao", mobile="13800138000", changed_at=records.now, changed_by="lizhao")
        )
    settle_all(town)
    assert len(line.sent) == 8 and messages(town, code="D01") == []


# -- once, whatever happens ---------------------------------------------------------------------------------------


def test_the_same_event_is_told_once(town: Office, line: Line) -> None:
    key = uuid4()
    for _ in range(3):
        tell(town, "T01", key=key)
        settle_all(town)
    assert len(messages(town)) == 2 and len(line.sent) == 1


@pytest.mark.parametrize("step", ["take", "carry", "keep"])
def test_a_node_killed_at_any_step_loses_no_message(
    town: Office, clock: Clock, line: Line, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    tell(town, "T01")
    with town.transaction() as records:
        [row] = [one for one in records.agenda.claim_ready(records.now, records.now, 9, outbox=True)]
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(CARRIERS[CARRIER], step, _die)
        carry_out(town, row)
    assert sms(town).state == "QUEUED"
    clock.advance(minutes=3)
    settle_all(town)
    assert sms(town).state == "SENT" and len(messages(town, channel="INAPP")) == 1
    assert len({one.id for one in line.sent}) == 1, "a repeat bears the same id"


def test_twenty_kills_lose_no_message_and_double_none(
    town: Office, clock: Clock, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        tell(town, "T04")
    for kill in range(20):
        step = ("take", "carry", "keep")[kill % 3]
        with monkeypatch.context() as broken, suppress(KeyboardInterrupt):
            broken.setattr(CARRIERS[CARRIER], step, _die)
            carry_due(town, limit=2)
        clock.advance(minutes=3)
    settle_all(town)
    assert {one.state for one in messages(town, channel="SMS")} == {"SENT"}
    assert len(messages(town, channel="SMS")) == len(messages(town, channel="INAPP")) == 4
    assert len({one.id for one in line.sent}) == 4


def test_two_nodes_send_every_message_once(town: Office, line: Line) -> None:
    for _ in range(5):
        tell(town, "T01")
        tell(town, "T03", Receiver(audience=Audience.REVIEWER_B, account="liuyang"))
    with ThreadPoolExecutor(4) as nodes:
        while sum(nodes.map(lambda _: carry_due(town, limit=3), range(4))):
            pass
    assert len(line.sent) == 10 and len({one.id for one in line.sent}) == 10


def test_without_a_channel_a_message_says_so_and_nothing_is_tried(town: Office) -> None:
    connect(town)
    tell(town, "M01", APPLICANT)
    tell(town, "T01")
    assert carry_due(town) == 0
    assert {(one.code, one.channel): (one.state, one.error) for one in messages(town)} == {
        ("M01", "SMS"): ("FAILED", "CHANNEL_MISSING"),
        ("T01", "INAPP"): ("DELIVERED", None),
        ("T01", "SMS"): ("FAILED", "CHANNEL_MISSING"),
    }


def test_a_mail_address_serves_where_there_is_no_number(town: Office) -> None:
    post = Line(channel=Channel.EMAIL)
    connect(town, post)
    tell(town, "M01", Receiver(audience=Audience.APPLICANT, mobile="13800138000", email="lizhao@example.org"))
    settle_all(town)
    [sent] = post.sent
    assert (sent.to, sent.subject) == ("lizhao@example.org", "【云溪政务】收件")
    assert messages(town)[0].address == "l***@example.org"


# -- what is never said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    ["410105199001011234", "13800138000", "6222021234567890123", "someone@example.org", "很长很长很长很长很长的事项"],
)
def test_what_is_personal_or_too_long_is_never_sent(town: Office, line: Line, item: str) -> None:
    with town.transaction() as records:
        queue_message(town, records, code="M01", values={"item": item, "short": "…0042"}, to=APPLICANT)
    settle_all(town)
    assert line.sent == [] and (sms(town).state, sms(town).text) == ("FAILED", "")
    assert "item" in (sms(town).error or "")


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
