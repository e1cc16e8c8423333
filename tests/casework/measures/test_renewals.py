"""延续与视为准予延续 (SP-12): filed in time and undecided at 24:00 of the last day, a certificate is renewed by law (LW-07)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from service.casework import arm_jobs
from service.casework.measures.renewals import file_renewal
from service.casework.office import Office
from service.casework.scheduling import JOBS
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.certificates import CertificateRow
from tests.casework.desk import actions_of
from tests.casework.measures.city import answer, begin, ended, put_up, task, until, value, who, work
from tests.conftest import Clock

ITEM, SUPPORT, NUMBER = "item_107_XK_005", "support_SP_12", "云广〔2025〕7号"


def certificate(office: Office, case: UUID, until_day: date) -> CertificateRow:
    """A licence of two years that ends on a day."""
    first = date(until_day.year - 2, until_day.month, until_day.day + 1)
    with office.transaction() as records:
        row = CertificateRow(
            id=uuid4(), number=NUMBER, kind="大型户外广告设置许可证", item="107-XK-005", department="107",
            holder="云溪华印制罐有限公司", holder_code="9199****001X", state="ACTIVE", issued_on=first, valid_from=first,
            valid_to=until_day, basis="", reason="", follows="", case_id=case, scope_id=None, document_id=None, key=None,
            reminded=2, changed_at=records.now, changed_by=None,
        )  # fmt: skip
        records.certificates.add(row)
    return row


def filed(office: Office, clock: Clock, end: date) -> tuple[UUID, UUID]:
    """A renewal that was received on 2026-03-16 and lies at 受理; its supporting case."""
    put_up(office, ITEM, SUPPORT)
    arm_jobs(office)
    with office.transaction() as records:  # what else is done every night is not asked here
        records.agenda.drop([job.row_id for job in JOBS.values() if job.name not in ("renewals", "certificates")])
    certificate(office, begin(office, ITEM), end)
    clock.advance(minutes=1)
    case = begin(office, ITEM)
    support = file_renewal(office, who(office, "wangfang"), case, NUMBER)
    work(office)
    return case, support


def state(office: Office, number: str) -> str:
    with office.reading() as records:
        row = records.certificates.by_number(number)
    assert row is not None
    return row.state


def test_undecided_at_the_end_it_is_renewed_by_law_with_its_voucher_and_a_red_card(
    any_demo_office: Office, clock: Clock
) -> None:
    office = any_demo_office
    case, support = filed(office, clock, date(2026, 4, 20))
    assert value(office, support, "filed_in_time") is True and value(office, support, "expires_on") == "2026-04-20"
    answer(office, case, "Task_Accept", decision="correct", gaps=["申请表(表)"], gap_notes="缺签字；补签")
    until(office, clock, "2026-04-20T23:59:59")
    assert state(office, NUMBER) == "ACTIVE"
    until(office, clock, "2026-04-21T00:01")
    assert state(office, NUMBER) == "DEEMED_RENEWED"
    number = value(office, support, "new_certificate")
    with office.reading() as records:
        new = records.certificates.by_number(number)
        papers = [one for one in records.documents.of_case(case) if one.code == "W25"]
        cards = [one for one in records.supervision.of_case(case) if one.violation == "TACIT_DECISION"]
    assert new is not None and (new.valid_from, new.valid_to) == (date(2026, 4, 21), date(2028, 4, 20))
    assert (new.state, new.follows, len(papers), papers[0].facts["new_no"]) == ("ACTIVE", NUMBER, 1, number)
    assert [(one.level, one.addressee) for one in cards] == [("RED", "107")]
    assert task(office, support).assignee == "107-rep"
    answer(office, support, "Task_Follow", "107-rep", remark="已安排换发")
    answer(office, support, "Task_Check", "sunli", conclusion="lawful", opinion="依法视为准予延续")
    assert ended(office, support) == "End_Deemed" and actions_of(office, case).count("certificate:changed") == 1


def test_filed_less_than_thirty_days_before_the_end_silence_renews_nothing(demo_office: Office, clock: Clock) -> None:
    _, support = filed(demo_office, clock, date(2026, 4, 10))
    assert ended(demo_office, support) == "End_Late"
    until(demo_office, clock, "2026-04-11T09:00")
    assert state(demo_office, NUMBER) == "EXPIRED"


def test_what_is_decided_in_time_is_noted_and_the_new_certificate_takes_the_place(
    demo_office: Office, clock: Clock
) -> None:
    case, support = filed(demo_office, clock, date(2026, 5, 20))
    answer(demo_office, case, "Task_Accept", decision="accept")
    answer(demo_office, case, "Task_Review", recommendation="refuse", reason="不符合规划")
    answer(demo_office, case, "Task_Approve", decision="refuse", reason="不符合规划")
    clock.set("2026-03-17T00:01")
    work(demo_office)
    assert ended(demo_office, support) == "End_Done" and state(demo_office, NUMBER) == "ACTIVE", "refused, it runs out"


def test_only_a_valid_certificate_of_another_case_is_renewed_and_once(demo_office: Office, clock: Clock) -> None:
    case, _ = filed(demo_office, clock, date(2026, 5, 20))
    clerk = who(demo_office, "wangfang")
    with pytest.raises(Conflict, match="RENEWAL_FILED"):
        file_renewal(demo_office, clerk, case, NUMBER)
    with pytest.raises(Invalid, match="RENEWAL_CERTIFICATE"):
        file_renewal(demo_office, clerk, case, "没有这个号")
    with pytest.raises(Forbidden, match="RENEWAL_FORBIDDEN"):
        file_renewal(demo_office, who(demo_office, "sunli"), case, NUMBER)
