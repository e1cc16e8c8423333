"""Messages: one short message each with the longest real values, nothing personal, quiet nights (DOMAIN F.2, SM-35)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.certificates import Certificate
from service.rules.contacts import read_email, read_mobile
from service.rules.masking import masked_email, masked_identity, masked_mobile, masked_name
from service.rules.message_texts import PLACES, TEMPLATES, Audience, Template
from service.rules.messages import LIMIT, check_templates, places, units, write
from service.rules.refusals import Invalid, Refusal
from service.rules.reminders import invitation, monthly_figures, office_visit, pick_up, renewal, supplement
from service.rules.sending import (
    Channel,
    Contact,
    Fallback,
    MessageState,
    Report,
    after,
    bundled,
    channels,
    copied_to_agent,
    fallback,
    next_try,
    planned_at,
)
from service.rules.worktime import standard_calendar
from tests.rules.conftest import at

CALENDAR = standard_calendar()
# as long as the specification says, with its own samples; M02 is one shorter, so that it fits in December too
LENGTHS = (
    "M01 45 M02 68 M03 50 M04 41 M05 52 M06 65 M07 44 M08 40 M09 40 M10 30 M11 42 M12 34 M13 60 M14 40 M15 42 M16 50 "
    "M17 44 M18 46 M19 44 M20 40 M21 40 M22 32 M23 34 M24 32 T01 42 T02 28 T03 36 T04 35 T05 39 T06 27 T07 30 T08 30 "
    "T09 33 T10 29 T11 41 T12 27 T13 28 L01 40 L02 34 L03 39 L04 38 L05 43 L06 29 L07 28 L08 42 L09 42 L10 33 L11 42 L12 31 L13 39 "
    "L14 37 N01 30 N02 41 N03 36 L15 35"
).split()
OWN_SAMPLES = {
    "M11": {"days": "2"},
    "M13": {"days": "5"},
    "L02": {"days": "2"},
    "L12": {"days": "15"},
    "L14": {"moment": "4月1日9:00"},
}
NIGHT_WORKERS = {"T04", "T07", "L01", "L02", "L03", "L13", "M24"}


def sample(code, **more):
    return {name: PLACES[name].sample for name in places(TEMPLATES[code].text)} | OWN_SAMPLES.get(code, {}) | more


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_missing_or_unknown_value_is_refused(code):
    values = sample(code)
    assert refused(write, code, values | {"applicant": "李昭"}) == "MESSAGE_VALUE"
    if values:
        values.pop(sorted(values)[0])
        assert refused(write, code, values) == "MESSAGE_VALUE"


@pytest.mark.parametrize("value", ["", "  ", "一二三四五六七八九", "【假冒】"])
def test_a_value_that_does_not_fit_its_place_is_refused(value):
    assert refused(write, "M10", sample("M10", item=value)) == "MESSAGE_VALUE"


def test_an_unknown_template_is_refused():
    assert refused(write, "M99", {}) == "MESSAGE_UNKNOWN"


@pytest.mark.parametrize(
    "value",
    [
        "13800138000",
        "+8613800138000",
        "41010119900307123X",
        "6222020200112233445",
        "a.b@example.com",
        "电话13800138000",
    ],
)
def test_what_is_personal_never_enters_a_message(value):
    assert refused(write, "M07", sample("M07", place=value)) == "MESSAGE_PERSONAL"
    assert refused(write, "L05", sample("L05", room=value)) == "MESSAGE_PERSONAL"


def test_numbers_of_cases_bills_and_parcels_are_not_personal():
    for code in ("M02", "M13", "M18", "M05", "M24"):
        assert write(code, sample(code)).text


def test_there_is_no_place_for_a_name_a_number_or_an_address_of_an_applicant():
    assert {"applicant", "name", "id", "phone", "mobile", "address", "holder"}.isdisjoint(PLACES)
    named = {code for code, one in TEMPLATES.items() if "person" in places(one.text)}
    assert named == {"T06", "T12", "T13", "N01"}  # a colleague, told to a colleague


@pytest.mark.parametrize(("code", "length"), list(zip(LENGTHS[::2], map(int, LENGTHS[1::2]), strict=True)))
def test_every_template_is_as_long_as_specified(code, length):
    found = write(code, sample(code))
    assert found.length == length
    assert found.text.startswith("【云溪政务】") and found.subject == f"【云溪政务】{TEMPLATES[code].event}"


def test_all_templates_stay_one_short_message_with_the_longest_values():
    check_templates()
    assert len(TEMPLATES) == 56 and LENGTHS[::2] == [code for code in TEMPLATES if code != "D01"]
    assert set(PLACES) == {name for one in TEMPLATES.values() for name in places(one.text)}
    for place in PLACES.values():
        assert units(place.sample) <= units(place.longest)


def test_an_installation_cannot_choose_texts_or_a_signature_that_do_not_fit():
    with pytest.raises(Invalid, match="M02 共 71 字"):
        check_templates(signature="云溪市政务")
    long = Template("X01", "长", (Audience.APPLICANT,), "{project}" + "长" * 50)
    assert refused(check_templates, [long]) == "MESSAGE_TOO_LONG"
    assert (
        refused(check_templates, [Template("X02", "名", (Audience.APPLICANT,), "{applicant}您好")]) == "MESSAGE_PLACE"
    )
    assert refused(write, "M02", sample("M02"), signature="云溪市政务服务中心") == "MESSAGE_TOO_LONG"


def test_long_names_are_cut_and_rare_characters_count_double():
    found = write("M21", sample("M21", project="𠮷" * 20)).text
    assert "𠮷𠮷𠮷𠮷𠮷𠮷𠮷…第2阶段" in found and "𠮷" * 8 not in found
    assert units("𠮷") == 2 and units("䶮") == 1
    assert write("T11", sample("T11", project="一行\n两行")).text.startswith("【云溪政务】一行 两行征求")


@given(st.text(min_size=1, max_size=60))
def test_no_name_of_a_project_makes_a_message_too_long(name):
    try:
        found = write("T11", sample("T11", project=name))
    except Invalid as refusal:
        assert refusal.code in ("MESSAGE_VALUE", "MESSAGE_PERSONAL")
    else:
        assert found.length <= LIMIT and "\n" not in found.text


@pytest.mark.parametrize(
    ("code", "wanted", "planned"),
    [
        ("M10", "2026-03-16T21:59", "2026-03-16T21:59"),
        ("M10", "2026-03-16T22:00", "2026-03-17T07:30"),
        ("M10", "2026-03-17T03:00", "2026-03-17T07:30"),
        ("M10", "2026-03-17T07:29", "2026-03-17T07:30"),
        ("M10", "2026-03-17T07:30", "2026-03-17T07:30"),
        ("T01", "2026-03-16T22:00", "2026-03-17T08:30"),
        ("T01", "2026-03-17T08:29", "2026-03-17T08:30"),
        ("T01", "2026-03-17T08:30", "2026-03-17T08:30"),
        ("L04", "2026-03-17T00:00", "2026-03-17T07:30"),
    ],
)
def test_nights_are_quiet(code, wanted, planned):
    assert planned_at(code, at(wanted)) == at(planned)


@pytest.mark.parametrize("code", TEMPLATES)
def test_what_is_red_leads_or_was_asked_for_goes_at_night(code):
    night = at("2026-03-16T23:00")
    assert (planned_at(code, night) == night) is (code in NIGHT_WORKERS)


def test_a_message_goes_in_app_and_to_the_telephone_or_else_by_mail():
    everything = Contact(account="lizhao", mobile="13800138000", email="a@example.com")
    assert channels("M02", everything) == (Channel.INAPP, Channel.SMS)
    assert channels("M02", Contact(account="lizhao", email="a@example.com")) == (Channel.INAPP, Channel.EMAIL)
    assert channels("M02", Contact(email="a@example.com")) == (Channel.EMAIL,)
    assert channels("M02", Contact()) == ()
    assert channels("M24", everything) == (Channel.SMS,)
    assert channels("M24", Contact(account="lizhao", email="a@example.com")) == ()


def test_a_receipt_may_come_early_late_and_twice():
    queued, sent, arrived, failed = MessageState
    assert after(queued, Report.ACCEPTED) is sent
    assert after(queued, Report.DELIVERED) is arrived
    assert after(sent, Report.ACCEPTED) is sent
    assert after(sent, Report.REFUSED) is failed
    assert after(failed, Report.DELIVERED) is arrived
    assert after(failed, Report.ACCEPTED) is failed
    for report in Report:
        assert after(arrived, report) is arrived
    assert after(queued, Report.EXPIRED) is failed


def test_a_message_is_tried_again_after_one_five_and_thirty_minutes():
    now = at("2026-03-16T10:00")
    assert [next_try("M10", n, now) - now for n in (1, 2, 3)] == [timedelta(minutes=n) for n in (1, 5, 30)]
    assert next_try("M10", 4, now) is None
    assert next_try("M10", 1, now, wait=timedelta(minutes=3)) == now + timedelta(minutes=3)
    assert next_try("M10", 3, at("2026-03-16T21:45")) == at("2026-03-17T07:30")
    assert next_try("T04", 3, at("2026-03-16T21:45")) == at("2026-03-16T22:15")


def test_what_a_failed_message_leads_to():
    assert fallback("T03", Audience.REVIEWER_A) is Fallback.STAND_IN
    assert fallback("T03", Audience.REVIEWER_B) is Fallback.NOTHING
    assert fallback("M15", Audience.APPLICANT) is Fallback.WINDOW_TASK
    assert fallback("M24", Audience.APPLICANT) is Fallback.NOTHING
    assert fallback("L01", Audience.CHIEF_REP) is Fallback.NOTHING


def test_the_agent_reads_along_but_not_secret_codes():
    assert [code for code in TEMPLATES if copied_to_agent(code)] == [f"M{n:02d}" for n in range(1, 24)]


def test_more_than_five_messages_in_ten_minutes_are_one():
    assert bundled(["T01"] * 5, 0) == (("T01",) * 5, 0)
    assert bundled(["T01"] * 6, 0) == ((), 6)
    assert bundled(["T01", "T02"], 4) == ((), 2)
    assert bundled(["T01", "T04", "L04", "T02", "M24", "T03"], 0) == (("T04", "L04", "M24"), 3)
    assert bundled(["T04"] * 8, 9) == (("T04",) * 8, 0)
    assert bundled(["T01"], 9) == (("T01",), 0)


def test_reminders_have_their_days():
    assert [(one.code, one.at, one.nth) for one in pick_up(CALENDAR, date(2026, 3, 20))] == [
        ("M19", at("2026-03-25T09:00"), 1),
        ("M19", at("2026-03-31T09:00"), 2),
        ("M19", at("2026-04-03T09:00"), 3),
    ]
    days = [
        CALENDAR.workdays_between(date(2026, 3, 16), one.at.date()) for one in supplement(CALENDAR, date(2026, 3, 16))
    ]
    assert days == [10, 20, 28]
    certificate = Certificate(
        number="1",
        kind="k",
        holder="h",
        issued_on=date(2026, 1, 1),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    assert [one.at for one in renewal(CALENDAR, certificate)] == [at("2026-11-01T09:00"), at("2026-12-01T09:00")]
    assert [one.at for one in invitation(CALENDAR, 2026, 3)] == [at("2026-03-12T09:00")]
    assert [one.at for one in monthly_figures(CALENDAR, 2026, 4)] == [at("2026-05-06T09:00")]
    assert [one.at for one in monthly_figures(CALENDAR, 2025, 12)] == [at("2026-01-04T09:00")]
    (visit,) = office_visit(CALENDAR, 2026, 1)
    assert CALENDAR.workdays_between(visit.at.date() - timedelta(1), date(2026, 3, 31)) == 15


@pytest.mark.parametrize("text", ["138 0013 8000", "+86-13800138000", "008613800138000", "１３８００１３８０００"])
def test_a_mobile_number_is_understood(text):
    assert read_mobile(text) == "13800138000"


@pytest.mark.parametrize("text", ["", "12800138000", "1380013800", "138001380000", "0371-60000000", "१३८००१३८०००"])
def test_what_is_no_mobile_number_is_refused(text):
    assert refused(read_mobile, text) == "MOBILE_INVALID"


@pytest.mark.parametrize("text", ["", "a", "a@b", "a b@c.cn", "a@b..cn", ".a@b.cn", "a@b.cn\nBcc: c@d.cn", "a@-b.cn"])
def test_what_is_no_address_is_refused(text):
    assert refused(read_email, text) == "EMAIL_INVALID"


def test_an_address_keeps_the_case_of_its_local_part():
    assert read_email(" Li.Zhao@Example.COM ") == "Li.Zhao@example.com"


def test_people_are_shown_masked():
    assert [masked_name(name) for name in ("李昭", "王小明", "华新金属制品有限公司", "𠮷", "")] == [
        "李*",
        "王**",
        "华**公司",
        "𠮷",
        "",
    ]
    assert masked_identity("41010119900307123X") == "4101**********123X"
    assert masked_identity("91410100MA4XXXXX0T") == "9141**********XX0T" and masked_identity("123") == "***"
    assert (masked_mobile("13800138000"), masked_mobile("123")) == ("138****8000", "***")
    assert masked_email("lizhao@example.com") == "l***@example.com"
