"""消息 on pages: the bell, one's box, what did not arrive, the log, the words, the channels; each for whom it is meant."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from service.casework import Office, find_actor, start_case
from service.casework.messages.queueing import queue_message
from service.casework.messages.receivers import Receiver
from service.rules.message_texts import PLACES, TEMPLATES, Audience
from service.rules.messages import places
from service.store.messages import MessageRow
from tests.casework.desk import CLERK
from tests.casework.messages.conftest import Line, connect, settle_all
from tests.casework.messages.test_sending import busy
from tests.web.pages.conftest import Visitor, text

KEY = "two_departments"


def tell(office: Office, code: str, to: Receiver, case_id: UUID | None = None) -> UUID:
    values = {name: PLACES[name].sample for name in places(TEMPLATES[code].text)}
    with office.transaction() as records:
        return queue_message(office, records, code=code, values=values, to=to, case_id=case_id)[0]


def reviewer(name: str = "zhangwei") -> Receiver:
    return Receiver(audience=Audience.REVIEWER_A, account=name)


@pytest.fixture
def failed(centre: Office) -> UUID:
    """A message to an applicant that did not arrive."""
    line = Line(troubles=[busy(retryable=False)])
    connect(centre, line)
    case = start_case(centre, CLERK, key=KEY, variables={"phone": "13812345678"})
    one = tell(centre, "M01", Receiver(audience=Audience.APPLICANT, mobile="13812345678"), case.id)
    settle_all(centre)
    return one


def stored(office: Office, message_id: UUID) -> MessageRow:
    with office.reading() as records:
        row = records.messages.find(message_id)
    assert row is not None
    return row


# -- the bell and the box -----------------------------------------------------------------------------------------


def test_the_header_counts_what_is_unread_and_the_box_marks_it_read(centre: Office, visitor: Visitor) -> None:
    for code in ("T02", "T03", "L04"):
        tell(centre, code, reviewer())
    visitor.sign_in("zhangwei")
    assert "消息，3 条未读" in visitor.get("/inbox").get_data(as_text=True)
    page = text(visitor.get("/messages?kind=T"))
    assert "催办：…0042-0审核已过半程" in page and "联办LB202603020003" not in page
    assert visitor.post("/messages/read", {"all": "1"}).status_code == 302
    assert "没有未读消息" in text(visitor.get("/messages"))
    assert "消息，0 条未读" in visitor.get("/inbox").get_data(as_text=True)


def test_nobody_reads_or_marks_the_messages_of_somebody_else(centre: Office, visitor: Visitor) -> None:
    one = tell(centre, "T02", reviewer())
    visitor.sign_in("liuyang")
    assert visitor.get(f"/messages/{one}").status_code == 404
    visitor.post("/messages/read", {"message": str(one)})
    assert stored(centre, one).read_at is None


def test_a_message_leads_to_its_case_and_has_been_read_then(centre: Office, visitor: Visitor) -> None:
    case = start_case(centre, CLERK, key=KEY)
    one = tell(centre, "T02", reviewer(), case.id)
    visitor.sign_in("zhangwei")
    answer = visitor.get(f"/messages/{one}")
    assert answer.status_code == 302 and answer.location.endswith(f"/cases/{case.id}")
    assert stored(centre, one).read_by == "zhangwei"


def test_the_message_of_a_post_is_read_by_whoever_comes_first(centre: Office, visitor: Visitor) -> None:
    tell(centre, "T01", Receiver(audience=Audience.HOLDER, post="104:reviewer_b"))
    visitor.sign_in("zhangwei")
    assert "没有未读消息" in text(visitor.get("/messages"))
    visitor.post("/logout")
    visitor.sign_in("liuyang")
    assert "发给岗位" in text(visitor.get("/messages"))


# -- what did not arrive ------------------------------------------------------------------------------------------


def test_only_windows_and_the_business_office_see_what_did_not_arrive(failed: UUID, visitor: Visitor) -> None:
    visitor.sign_in("zhangwei")
    assert visitor.get("/messages/undelivered").status_code == 403
    assert visitor.post(f"/messages/{failed}/repeat").status_code == 403
    assert visitor.post(f"/messages/{failed}/number", {"reason": "好奇"}).status_code == 403


def test_a_number_is_masked_until_a_reason_is_given_and_the_case_remembers_who_read_it(
    centre: Office, failed: UUID, visitor: Visitor
) -> None:
    visitor.sign_in("wangfang")
    page = visitor.get("/messages/undelivered").get_data(as_text=True)
    assert "138****5678" in page and "13812345678" not in page
    refused = visitor.post(f"/messages/{failed}/number", {"reason": " "})
    assert refused.status_code == 422 and "13812345678" not in refused.get_data(as_text=True)
    shown = visitor.post(f"/messages/{failed}/number", {"reason": "电话告知收件"})
    assert "13812345678" in shown.get_data(as_text=True)
    row = stored(centre, failed)
    assert row.case_id is not None
    with centre.reading() as records:
        line = records.history.lines(row.case_id)[-1]
    assert (line.action, line.actor) == ("contact:shown", "wangfang")
    assert line.detail is not None and line.detail["reason"] == "电话告知收件" and "13812345678" not in str(line.detail)


def test_what_was_told_by_telephone_is_done(centre: Office, failed: UUID, visitor: Visitor) -> None:
    visitor.sign_in("wangfang")
    assert visitor.post(f"/messages/{failed}/told", {"handled": ""}).status_code == 422
    assert visitor.post(f"/messages/{failed}/told", {"handled": "已电话告知本人"}).status_code == 302
    assert "没有未送达的消息" in text(visitor.get("/messages/undelivered"))
    assert "已电话告知本人" in text(visitor.get("/messages/undelivered?view=handled"))
    assert visitor.post(f"/messages/{failed}/told", {"handled": "又一次"}).status_code == 409


def test_what_failed_is_sent_again(centre: Office, failed: UUID, visitor: Visitor) -> None:
    line = Line()
    connect(centre, line)
    visitor.sign_in("wangfang")
    visitor.post(f"/messages/{failed}/repeat")
    settle_all(centre)
    assert [one.to for one in line.sent] == ["13812345678"] and stored(centre, failed).state == "SENT"
    assert visitor.post(f"/messages/{failed}/repeat").status_code == 302
    assert len(line.sent) == 1


# -- the log, the words, the channels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/messages/log", "/messages/templates", "/messages/templates/M01", "/messages/channels"]
)
def test_the_management_of_messages_is_for_administrators(site: Flask, path: str) -> None:
    assert Visitor(site).sign_in("zhangwei").get(path).status_code == 403
    assert Visitor(site).sign_in("guotao").get(path).status_code == 200


def test_the_log_finds_messages_by_template_state_channel_and_day(failed: UUID, visitor: Visitor) -> None:
    visitor.sign_in("guotao")
    assert "138****5678" in text(visitor.get("/messages/log?code=M01&state=FAILED&channel=SMS"))
    assert "没有符合条件的消息" in text(visitor.get("/messages/log?code=M02"))
    assert "没有符合条件的消息" in text(visitor.get("/messages/log?until=2020-01-01"))
    assert visitor.get("/messages/log?since=nonsense&state=%00&page=-1").status_code == 200


def test_an_installation_may_say_it_otherwise_but_not_longer_and_nothing_personal(
    centre: Office, visitor: Visitor
) -> None:
    visitor.sign_in("guotao")
    path = "/messages/templates/M10"
    for wrong in (
        "{item}恢复办理" + "，" * 60,
        "{applicant}您好",
        "{item",
        "{item!r}",
        "{item:>9999999}",
        "{}{item}",
        "【冒名】{item}",
        "{item}请致电13800138000",
        "{item}\0{day}",
    ):
        answer = visitor.post(path, {"text": wrong, "note": "改措辞", "seen": "0"})
        assert answer.status_code == 422, wrong
        assert visitor.post(f"{path}/preview", {"text": wrong}).status_code == 422, wrong
    good = {"text": "{item}继续办理，{day}前办结。", "note": "改措辞", "seen": "0"}
    assert visitor.post(path, {**good, "note": ""}).status_code == 422
    assert visitor.post(path, good).status_code == 302
    assert visitor.post(path, good).status_code == 409
    tell(centre, "M10", Receiver(audience=Audience.APPLICANT, account="lizhao"))
    with centre.reading() as records:
        assert records.messages.everything()[-1].text == "【云溪政务】施工许可证核发继续办理，3月19日前办结。"
    assert visitor.post(f"{path}/restore", {"version": "0", "reason": "", "seen": "1"}).status_code == 422
    assert visitor.post(f"{path}/restore", {"version": "7", "reason": "改回", "seen": "1"}).status_code == 404
    assert visitor.post(f"{path}/restore", {"version": "1", "reason": "改回", "seen": "1"}).status_code == 409
    assert visitor.post(f"{path}/restore", {"version": "0", "reason": "改回", "seen": "1"}).status_code == 302
    shown = text(visitor.get(path))
    assert "第 2 版" in shown and "改措辞" in shown and "改回" in shown


def test_a_text_is_shown_as_it_would_be_sent_with_its_length(visitor: Visitor) -> None:
    visitor.sign_in("guotao")
    shown = text(visitor.post("/messages/templates/M10/preview", {"text": "{item}继续办理，{day}前办结。"}))
    assert "【云溪政务】施工许可证核发继续办理，3月19日前办结。" in shown and "短信条数" in shown
    assert visitor.post("/messages/templates/M99/preview", {"text": "好"}).status_code == 404
    visitor.sign_in("zhangwei")
    assert visitor.post("/messages/templates/M10/preview", {"text": "好"}).status_code == 403


def test_a_text_that_is_set_for_later_is_said_from_then_on(centre: Office, visitor: Visitor) -> None:
    visitor.sign_in("guotao")
    path = "/messages/templates/M10"
    later = {"text": "{item}恢复，{day}前办结。", "note": "下月起改", "seen": "0", "effective_at": "2026-04-01T00:00"}
    assert visitor.post(path, {**later, "effective_at": "2020-01-01T00:00"}).status_code == 422
    assert visitor.post(path, {**later, "effective_at": "昨天"}).status_code == 422
    assert visitor.post(path, later).status_code == 302
    assert "将生效" in text(visitor.get(path))
    tell(centre, "M10", Receiver(audience=Audience.APPLICANT, account="lizhao"))
    with centre.reading() as records:
        assert "恢复，" not in records.messages.everything()[-1].text
    shared = {"hotline": "0371-60000000", "hours": "9:00至17:00", "window": "12"}
    assert visitor.post("/messages/templates", {"signature": "云溪", **shared}).status_code == 302


def test_a_signature_that_makes_a_message_too_long_is_refused(visitor: Visitor) -> None:
    visitor.sign_in("guotao")
    shared = {"hotline": "0371-60000000", "hours": "9:00至17:00", "window": "12"}
    assert visitor.post("/messages/templates", {"signature": "云溪市政务服务中心", **shared}).status_code == 422
    assert visitor.post("/messages/templates", {"signature": "云溪", **shared}).status_code == 302


def test_channels_of_a_demonstration_say_that_nothing_is_really_sent(visitor: Visitor) -> None:
    visitor.sign_in("guotao")
    assert text(visitor.get("/messages/channels")).count("演示：未真正发送") == 2
    assert visitor.post("/messages/channels/SMS").status_code == 302
    assert visitor.post("/messages/channels/PIGEON").status_code == 404


def test_an_administrator_tries_a_channel_on_oneself(centre: Office, visitor: Visitor) -> None:
    line = Line()
    connect(centre, line)
    visitor.sign_in("guotao")
    assert visitor.post("/messages/contact", {"mobile": "12", "email": "x@"}).status_code == 422
    assert visitor.post("/messages/contact", {"mobile": "138 0000 0009", "email": ""}).status_code == 302
    visitor.post("/messages/channels/SMS")
    settle_all(centre)
    assert [(one.to, one.text) for one in line.sent] == [("13800000009", "【云溪政务】通道测试，收到即表示通道可用。")]


# -- the case -----------------------------------------------------------------------------------------------------


def test_the_case_page_lists_its_messages_and_the_applicant_sees_the_own_ones_only(
    centre: Office, visitor: Visitor
) -> None:
    applicant = find_actor(centre, "lizhao")
    assert applicant is not None
    case = start_case(centre, applicant, key=KEY).id
    tell(centre, "M01", Receiver(audience=Audience.APPLICANT, account="lizhao"), case)
    tell(centre, "T02", reviewer(), case)
    visitor.sign_in("lizhao")
    page = text(visitor.get(f"/cases/{case}"))
    assert "已收到您的施工许可证核发申请" in page and "催办" not in page
    assert visitor.get(f"/cases/{uuid4()}").status_code == 404


def test_a_code_is_read_by_its_receiver_only_and_by_who_has_a_reason_to_call(centre: Office, visitor: Visitor) -> None:
    connect(centre, Line(troubles=[busy(retryable=False)]))
    applicant = find_actor(centre, "lizhao")
    assert applicant is not None
    case = start_case(centre, applicant, key=KEY, variables={"phone": "13812345678"}).id
    one = tell(centre, "M15", Receiver(audience=Audience.APPLICANT, account="lizhao", mobile="13812345678"), case)
    settle_all(centre)
    [failed_one] = [row for row in _of(centre, case) if row.channel == "SMS"]
    assert "K7M2QP" in text(visitor.sign_in("lizhao").get("/messages"))
    assert "K7M2QP" in text(visitor.get(f"/cases/{case}"))
    visitor.post("/logout")
    visitor.sign_in("wangfang")
    for path in ("/messages/undelivered", f"/cases/{case}"):
        page = text(visitor.get(path))
        assert "取件码******" in page and "K7M2QP" not in page
    assert "K7M2QP" in text(visitor.post(f"/messages/{failed_one.id}/number", {"reason": "电话告知取件码"}))
    visitor.post("/logout")
    assert "K7M2QP" not in text(visitor.sign_in("guotao").get("/messages/log"))
    assert stored(centre, one).places["code"] == "K7M2QP"


def _of(office: Office, case_id: UUID) -> tuple[MessageRow, ...]:
    with office.reading() as records:
        return records.messages.of_case(case_id)
