"""退费 (SP-17) in the demo city: applied for at the window or asked for by the charging department, approved by 财政, paid back once."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from service.casework.measures.refunds import apply_refund
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.bills import BillRow, PaymentRow, RefundRow
from tests.casework.desk import actions_of
from tests.casework.measures.city import answer, beside, ended, put_up, task, who
from tests.casework.money.conftest import small_procedures
from tests.casework.money.till import begin, deploy_billed, pay, the_bill, work

__all__ = ["small_procedures"]
SUPPORT = "support_SP_17"
HUNDRED = Decimal("100.00")


def paid(office: Office) -> tuple[UUID, BillRow, PaymentRow]:
    """A case whose 易地建设费 has been paid."""
    put_up(office, SUPPORT)
    deploy_billed(office)
    case = begin(office)
    pay(office, the_bill(office, case))
    work(office)
    bill = the_bill(office, case)
    with office.reading() as records:
        [payment] = records.bills.payments_of(bill.id)
    return case, bill, payment


def refunds(office: Office, bill: BillRow) -> list[RefundRow]:
    with office.reading() as records:
        return list(records.bills.refunds_for(bill_id=bill.id))


def test_the_window_applies_the_charging_department_reviews_and_the_treasury_approves(any_demo_office: Office) -> None:
    office = any_demo_office
    case, bill, payment = paid(office)
    support = apply_refund(office, who(office, "wangfang"), payment.id, payment.amount, reason="项目取消")
    work(office)
    desk = task(office, support)
    assert (desk.element, desk.department) == ("Task_Review", "105") and refunds(office, bill) == []
    with pytest.raises(Conflict, match="REFUND_PENDING"):
        apply_refund(office, who(office, "wangfang"), payment.id, payment.amount, reason="项目取消")
    answer(office, support, "Task_Review", "feeren", decision="agree")
    [row] = refunds(office, bill)
    assert (row.requested_by, row.state, row.reason) == ("feeren", "REQUESTED", "项目取消")
    answer(office, support, "Task_Approve", "caiwu", decision="agree")
    assert ended(office, support) == "End_Refunded"
    [row] = refunds(office, bill)
    assert row.state in ("REFUNDING", "REFUNDED") and row.decided_by == "caiwu"
    assert actions_of(office, case).count("refund:decided") == 1
    with office.reading() as records:
        assert [one.code for one in records.documents.of_case(case)].count("W22") == 1


def test_what_the_charging_department_asks_for_on_the_bill_waits_for_the_treasury_only(demo_office: Office) -> None:
    case, bill, payment = paid(demo_office)
    row = ask_refund(demo_office, who(demo_office, "feehan"), payment.id, payment.amount, reason="重复缴费")
    work(demo_office)
    support = beside(demo_office, case)
    assert task(demo_office, support).element == "Task_Approve"
    settle_refund(demo_office, who(demo_office, "caiwu"), row.id, grant=True)
    work(demo_office)
    assert ended(demo_office, support) == "End_Refunded", "decided on the page, the desk follows"
    assert actions_of(demo_office, case).count("refund:decided") == 1 and len(refunds(demo_office, bill)) == 1


def test_a_refusal_is_kept_with_its_reason_and_another_application_may_follow(demo_office: Office) -> None:
    _, bill, payment = paid(demo_office)
    clerk = who(demo_office, "wangfang")
    support = apply_refund(demo_office, clerk, payment.id, payment.amount, reason="项目取消")
    work(demo_office)
    answer(demo_office, support, "Task_Review", "feeren", decision="refuse", answer="工程已开工")
    assert ended(demo_office, support) == "End_Refused" and refunds(demo_office, bill) == []
    again = apply_refund(demo_office, clerk, payment.id, payment.amount, reason="项目确已取消")
    work(demo_office)
    answer(demo_office, again, "Task_Review", "feeren", decision="agree")
    answer(demo_office, again, "Task_Approve", "caiwu", decision="refuse", answer="依据不足")
    assert ended(demo_office, again) == "End_Refused"
    assert [(one.state, one.answer) for one in refunds(demo_office, bill)] == [("REFUSED", "依据不足")]


def test_who_may_not_and_what_does_not_fit_is_refused(demo_office: Office) -> None:
    _, _, payment = paid(demo_office)
    with pytest.raises(Forbidden, match="REFUND_APPLY_FORBIDDEN"):
        apply_refund(demo_office, who(demo_office, "sunli"), payment.id, HUNDRED, reason="项目取消")
    clerk = who(demo_office, "wangfang")
    with pytest.raises((Conflict, Invalid), match="REFUND"):
        apply_refund(demo_office, clerk, payment.id, payment.amount + HUNDRED, reason="项目取消")
    with pytest.raises(Invalid, match="REFUND_WITHOUT_REASON"):
        apply_refund(demo_office, clerk, payment.id, payment.amount, reason=" ")
