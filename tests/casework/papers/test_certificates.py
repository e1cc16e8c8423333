"""Certificates: issued once with their paper, their states, what takes their place, reminders and the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from service.casework.actors import SYSTEM
from service.casework.office import Office
from service.casework.papers.certificates import act_on_certificate
from service.casework.papers.renewing import tend_certificates
from service.rules.certificates import SUCCEEDED, TRANSITIONS, CertificateAct, CertificateState
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.certificates import CertificateRow
from tests.casework.papers.city import ACCEPT, GRANT, ISSUE, REVIEW, do, opened, papers, received, who
from tests.conftest import CHINA, Clock

FINAL = {CertificateState.REVOKED, CertificateState.CANCELLED}
DRAWN = {  # DOMAIN C.5.10: act → state
    "renew": "RENEWED",
    "change": "CHANGED",
    "expire": "EXPIRED",
    "deem_renewed": "DEEMED_RENEWED",
    "revoke": "REVOKED",
    "cancel": "CANCELLED",
    "reissue": "REISSUED",
}


@pytest.fixture
def city(any_demo_office: Office) -> Office:
    return opened(any_demo_office)


def granted(office: Office, **issue: str) -> CertificateRow:
    """The certificate of the demo case."""
    case_id = received(office)
    do(office, case_id, "Task_Accept", "wangfang", **ACCEPT)
    do(office, case_id, "Task_Review", "zhangwei", **REVIEW)
    do(office, case_id, "Task_Approve", "chengang", **GRANT)
    do(office, case_id, "Task_Issue", "wuqian", **{**ISSUE, **issue})
    return of(office, case_id)


def of(office: Office, case_id: UUID) -> CertificateRow:
    with office.reading() as records:
        [row] = records.certificates.of_case(case_id)
    return row


def ending(office: Office, row: CertificateRow, day: date) -> CertificateRow:
    """The same with a last day."""
    with office.transaction() as records:
        records.certificates.change(row.id, {"valid_to": day})
    return replace(row, valid_to=day)


def test_the_states_are_those_of_the_drawing() -> None:
    for act, state in DRAWN.items():
        froms, after = TRANSITIONS[CertificateAct(act.upper())]
        assert after == state and CertificateState.ACTIVE in froms
    assert not any(froms & FINAL for froms, _ in TRANSITIONS.values())
    assert {TRANSITIONS[act][1] for act in CertificateAct} | {CertificateState.ACTIVE} == set(CertificateState)
    assert {act.value for act in SUCCEEDED} == {"RENEW", "DEEM_RENEWED", "CHANGE", "REISSUE"}


def test_a_certificate_is_issued_with_its_paper_and_a_number_of_its_item(city: Office) -> None:
    row = granted(city)
    paper = papers(city, row.case_id or row.id)["W18"]
    assert row.number == paper.facts["certificate_no"] == "990100202603160001"
    assert (row.kind, row.department, row.state) == ("建筑工程施工许可证", "104", "ACTIVE")
    assert row.holder_code == "9199**********001X" and row.document_id == paper.id


def test_the_number_a_department_has_written_is_kept_and_never_given_twice(city: Office) -> None:
    row = granted(city, certificate_no="云建施〔2026〕7号")
    assert row.number == "云建施〔2026〕7号"
    waiting = received(city)
    for element, person, answers in (
        ("Task_Accept", "wangfang", ACCEPT),
        ("Task_Review", "zhangwei", REVIEW),
        ("Task_Approve", "chengang", GRANT),
    ):
        do(city, waiting, element, person, **answers)
    with pytest.raises(Invalid) as refused:
        do(city, waiting, "Task_Issue", "wuqian", **{**ISSUE, "certificate_no": " 云建施〔2026〕7号 "})
    assert [(one.field, one.code) for one in refused.value.fields] == [("certificate_no", "CERTIFICATE_NUMBER_TAKEN")]
    do(city, waiting, "Task_Issue", "wuqian", **{**ISSUE, "certificate_no": "云建施〔2026〕8号"})
    assert of(city, waiting).number == "云建施〔2026〕8号"


def test_only_who_decides_for_the_authority_revokes_and_says_why(city: Office) -> None:
    row = granted(city)
    for name in ("wangfang", "101-rep", "sunli"):
        with pytest.raises(Forbidden):
            act_on_certificate(city, who(city, name), row.id, CertificateAct.REVOKE, reason="以欺骗手段取得")
    with pytest.raises(Invalid):
        act_on_certificate(city, who(city, "chengang"), row.id, CertificateAct.REVOKE, reason=" ")
    with pytest.raises(Forbidden):
        act_on_certificate(city, SYSTEM, row.id, CertificateAct.EXPIRE)
    done = act_on_certificate(city, who(city, "chengang"), row.id, CertificateAct.REVOKE, reason="以欺骗手段取得")
    assert done.state == "REVOKED" and done.reason == "以欺骗手段取得"
    for act in (CertificateAct.CANCEL, CertificateAct.LIFT, CertificateAct.REISSUE):
        with pytest.raises(Conflict):
            act_on_certificate(city, who(city, "chengang"), row.id, act, reason="再次", number="N1")


def test_a_lost_certificate_is_followed_by_one_for_what_is_left(city: Office) -> None:
    row = ending(city, granted(city), date(2029, 3, 15))
    chief = who(city, "chengang")
    with pytest.raises(Invalid):
        act_on_certificate(city, chief, row.id, CertificateAct.REISSUE, number=row.number)
    new = act_on_certificate(city, chief, row.id, CertificateAct.REISSUE, number="补0001", reason="遗失")
    assert (new.state, new.follows, new.valid_to) == ("ACTIVE", row.number, date(2029, 3, 15))
    assert new.document_id is not None and new.document_id != row.document_id
    with city.reading() as records:
        paper = records.documents.find(new.document_id)
    assert paper is not None and paper.code == "W18"
    assert (paper.facts["certificate_no"], paper.facts["valid_to"]) == ("补0001", "2029-03-15")
    with city.reading() as records:
        old = records.certificates.find(row.id)
        assert old is not None and old.state == "REISSUED"
        assert [one.act for one in records.certificates.acts(row.id)] == ["ISSUE", "REISSUE"]


def test_holders_are_reminded_sixty_and_thirty_days_before_the_end_once_each_on_working_days(
    city: Office, clock: Clock
) -> None:
    row = granted(city)
    last = date(2026, 9, 30)
    ending(city, row, last)
    told = []
    for n in range(62, 27, -1):
        day = last - timedelta(n)
        clock.set(f"{day}T08:30")
        with city.transaction() as records:
            if tend_certificates(city, records, records.now)["reminded"]:
                told.append(day)
    # 60 days before is Saturday 1 August: told on the next working day
    assert told == [date(2026, 8, 3), date(2026, 8, 31)]


def test_a_certificate_ends_the_day_after_its_last_one(city: Office, clock: Clock) -> None:
    row = ending(city, granted(city), date(2026, 9, 30))
    for day, state in (("2026-09-30", "ACTIVE"), ("2026-10-01", "EXPIRED")):
        clock.set(f"{day}T08:30")
        with city.transaction() as records:
            tend_certificates(city, records, clock.now.astimezone(CHINA))
        with city.reading() as records:
            found = records.certificates.find(row.id)
            assert found is not None and found.state == state
