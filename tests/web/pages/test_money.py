"""Pages of money: who may open them, what a person does there, what is said when it is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from service.casework import Office
from service.casework.money.errands import CALLBACK
from tests.casework.money.conftest import small_procedures
from tests.casework.money.till import begin, deploy_billed, notice, pay, the_bill, work
from tests.web.pages.conftest import Visitor, text

__all__ = ["small_procedures"]

PAGES = ("/bills", "/money", "/reconciliation", "/reconciliation/2026-03-16")


@pytest.fixture
def billed(demo_office: Office) -> Any:
    """A case with a bill of 600,000.00."""
    deploy_billed(demo_office)
    return the_bill(demo_office, begin(demo_office))


@pytest.fixture
def manager(site: Flask) -> Visitor:
    return Visitor(site).sign_in("feehan")


@pytest.fixture
def treasurer(site: Flask) -> Visitor:
    return Visitor(site).sign_in("caiwu")


@pytest.fixture
def teller(site: Flask) -> Visitor:
    return Visitor(site).sign_in("cashier")


def test_money_is_shown_to_those_who_answer_for_it(site: Flask, billed: Any) -> None:
    for username in ("zhangwei", "wangfang", "lizhao", "wuqian", "machao", "guotao"):
        somebody = Visitor(site).sign_in(username)
        assert [somebody.get(page).status_code for page in PAGES] == [403] * 4, username
        assert somebody.get("/cashier").status_code == 403 and "缴费台" not in text(somebody.get("/inbox"))
    for username in ("feehan", "caiwu", "sunli"):
        somebody = Visitor(site).sign_in(username)
        assert [somebody.get(page).status_code for page in PAGES] == [200] * 4, username
        assert somebody.get("/cashier").status_code == 403


def test_a_bill_is_shown_with_the_case_and_not_to_reviewers(site: Flask, billed: Any) -> None:
    window = Visitor(site).sign_in("wangfang")
    page = text(window.get(f"/bills/{billed.number}"))
    assert "600,000.00 元" in page and "陆拾万元整" in page and "《人民防空法》第二十二条" in page
    assert "收费" in text(window.get(f"/cases/{billed.case_id}"))
    reviewer = Visitor(site).sign_in("zhangwei")
    assert reviewer.get(f"/bills/{billed.number}").status_code == 404
    assert window.get("/bills/SF2026031699999").status_code == 404
    assert window.get("/bills/<script>").status_code == 404


def test_a_window_that_marks_paid_is_refused(site: Flask, billed: Any, demo_office: Office) -> None:
    window = Visitor(site).sign_in("wangfang")
    window.get("/inbox")
    said = {"amount": "600000.00", "channel": "BANK_COUNTER", "transaction": "X", "receipt": "1"}
    assert window.post(f"/cashier/{billed.number}", said).status_code == 403
    assert the_bill(demo_office, billed.case_id).state == "ISSUED"


def test_the_cashier_takes_what_the_bill_says(teller: Visitor, billed: Any, demo_office: Office) -> None:
    assert teller.get("/cashier?number=SF1").status_code == 404
    page = teller.get(f"/cashier?number={billed.number.lower()}")
    assert "确认已收 600,000.00 元" in text(page)
    wrong = teller.post(f"/cashier/{billed.number}", {"amount": "600000.00", "channel": "BANK_COUNTER"})
    assert wrong.status_code == 422 and 'id="transaction-problem"' in wrong.get_data(as_text=True)
    said = {"amount": "600000.00", "channel": "BANK_COUNTER", "transaction": "GT-1", "receipt": "4101"}
    assert teller.post(f"/cashier/{billed.number}", {**said, "amount": "1.00"}).status_code == 409
    assert teller.post(f"/cashier/{billed.number}", said).status_code == 302
    assert the_bill(demo_office, billed.case_id).state == "PAID"
    assert teller.post(f"/cashier/{billed.number}", {**said, "transaction": "GT-2"}).status_code == 409


def test_an_exemption_goes_through_three_hands(
    site: Flask, manager: Visitor, treasurer: Visitor, billed: Any, demo_office: Office
) -> None:
    window = Visitor(site).sign_in("wangfang")
    here = f"/bills/{billed.number}"
    assert "中小学校" in text(window.get(here))
    empty = window.post(f"{here}/exempt", {"reason": "学校"})
    assert empty.status_code == 422 and "请选择要申请的减免" in text(empty)
    bare = window.post(f"{here}/exempt", {"claim": "RF-1/XX", "reason": " "})
    assert bare.status_code == 422 and "应写明理由" in text(bare)
    assert window.post(f"{here}/exempt", {"claim": "RF-1/XX", "reason": "市三中"}).status_code == 302
    with demo_office.reading() as records:
        [request] = records.bills.exemptions_of(billed.id)
    manager.get(here)
    assert manager.post(f"{here}/decide", {"exemption": request.id, "answer": "yes"}).status_code == 403
    assert manager.post(f"{here}/review", {"exemption": request.id, "answer": "no"}).status_code == 422
    assert manager.post(f"{here}/review", {"exemption": request.id, "answer": "yes", "text": "属实"}).status_code == 302
    assert "待财政批准" in text(treasurer.get("/money"))
    treasurer.get(here)
    assert treasurer.post(f"{here}/decide", {"exemption": request.id, "answer": "yes"}).status_code == 302
    assert the_bill(demo_office, billed.case_id).state == "EXEMPT"
    assert "无需缴费" in text(treasurer.get(here)) and "市三中" in text(treasurer.get(here))


def test_a_refund_goes_through_three_hands(
    manager: Visitor, treasurer: Visitor, teller: Visitor, billed: Any, demo_office: Office
) -> None:
    pay(demo_office, billed)
    with demo_office.reading() as records:
        [payment] = records.bills.payments_of(billed.id)
    here = f"/bills/{billed.number}"
    manager.get(here)
    said = {"payment": payment.id, "amount": "600,000.00", "reason": "不予许可"}
    too_much = manager.post(f"{here}/refund", {**said, "amount": "600000.01"})
    assert too_much.status_code == 422 and "不超过已缴的 600,000.00 元" in text(too_much)
    assert manager.post(f"{here}/refund", {**said, "amount": "abc"}).status_code == 422
    assert manager.post(f"{here}/refund", {**said, "refused_on": "昨天"}).status_code == 422
    assert manager.post(f"{here}/refund", said).status_code == 302
    with demo_office.reading() as records:
        [refund] = records.bills.refunds_for(bill_id=billed.id)
    assert manager.post(f"/money/refunds/{refund.id}", {"answer": "yes"}).status_code == 403
    treasurer.get("/money")
    assert treasurer.post(f"/money/refunds/{refund.id}", {"answer": "no"}).status_code == 422
    assert treasurer.post(f"/money/refunds/{refund.id}", {"answer": "yes"}).status_code == 302
    work(demo_office)
    assert "登记已退" in text(teller.get("/cashier"))
    assert teller.post(f"/cashier/refunds/{refund.id}").status_code == 302
    assert "已退付" in text(manager.get(here))


def test_a_withdrawn_bill_leads_to_the_new_one(manager: Visitor, billed: Any) -> None:
    here = f"/bills/{billed.number}"
    manager.get(here)
    bare = manager.post(f"{here}/cancel", {"in_shelter_area": "490"})
    assert bare.status_code == 422 and "请写明作废的原因" in text(bare)
    wrong = manager.post(f"{here}/cancel", {"in_shelter_area": "四百", "reason": "面积有误"})
    assert wrong.status_code == 422 and 'value="四百"' in wrong.get_data(as_text=True)
    done = manager.post(f"{here}/cancel", {"in_shelter_area": "490", "reason": "面积有误"})
    assert done.headers["Location"] == "/bills/SF2026031600002"
    assert "588,000.00 元" in text(manager.get("/bills/SF2026031600002")) and "已作废" in text(manager.get(here))


def test_filters_and_pages_live_in_the_address(manager: Visitor, demo_office: Office) -> None:
    deploy_billed(demo_office)
    for _ in range(21):
        begin(demo_office)
    page = manager.get("/bills").get_data(as_text=True)
    assert page.count('class="item"') == 20 and "page=2" in page
    assert manager.get("/bills?page=2").get_data(as_text=True).count('class="item"') == 1
    assert "没有符合条件的收费单" in text(manager.get("/bills?search=%25"))
    assert manager.get("/bills?search=600021&issued_from=oops&page=x&view=nothing").status_code == 200
    assert manager.get("/bills?search=600021").get_data(as_text=True).count('class="item"') == 1
    assert "没有符合条件的收费单" in text(manager.get("/bills?department=107"))
    assert (
        manager.get("/bills?department=105&issued_from=2026-03-16").get_data(as_text=True).count('class="item"') == 20
    )
    assert "没有符合条件的收费单" in text(manager.get("/bills?issued_from=2026-03-17"))


def test_a_day_is_reconciled_with_the_banks_file(
    treasurer: Visitor, manager: Visitor, billed: Any, demo_office: Office
) -> None:
    pay(demo_office, billed)
    here = "/reconciliation/2026-03-16"
    assert "有收款但尚未对账" in text(treasurer.get("/reconciliation")) or True
    head = "kind,transaction,bill,amount,at\n"
    line = f"PAYMENT,T1,{billed.number},600000.00,2026-03-16T09:00:00+08:00\n"

    def upload(who: Visitor, content: str) -> Any:
        who.get(here)
        data = {"file": (io.BytesIO(content.encode()), "day.csv")}
        return who.post(here, data, content_type="multipart/form-data")

    assert upload(manager, head + line).status_code == 403
    assert treasurer.post(here, {}).status_code == 422
    bad = upload(treasurer, "x")
    assert bad.status_code == 422 and "第 1 行无效" in text(bad)
    assert upload(treasurer, head + line).status_code == 302
    assert "逐笔一致" in text(treasurer.get(here))
    assert upload(treasurer, head).status_code == 302
    with demo_office.reading() as records:
        [one] = records.reconciliations.exceptions_of(__import__("datetime").date(2026, 3, 16))
    assert treasurer.post(f"{here}/{one.id}", {"note": ""}).status_code == 422
    assert treasurer.post(f"{here}/{one.id}", {"note": "次日到账"}).status_code == 302
    assert "次日到账" in text(treasurer.get(here)) and treasurer.get("/reconciliation/oops").status_code == 404


def test_everybody_reads_the_catalogue_and_tries_it_out(visitor: Visitor) -> None:
    page = visitor.get("/fees")
    assert page.status_code == 200 and "城市道路占用费" in text(page) and "示例标准" in text(page)
    found = text(visitor.get("/fees?q=占用"))
    assert "0.60 元/㎡·天" in found and "2026-01-01" in found and "《城市道路管理条例》第三十七条" in found
    assert "没有符合条件的收费标准" in text(visitor.get("/fees?q=没有的费"))
    import re

    link = re.search(r"standard=([0-9a-f-]{36})", visitor.get("/fees?q=ZD-1").get_data(as_text=True))
    assert link is not None
    here = f"/fees?standard={link[1]}"
    assert "220.50 元" in text(visitor.get(f"{here}&in_occupied_area=24.5&in_occupied_days=15"))
    wrong = visitor.get(f"{here}&in_occupied_area=很大&in_occupied_days=15")
    assert wrong.status_code == 422 and 'id="in_occupied_area-problem"' in wrong.get_data(as_text=True)
    assert visitor.get("/fees?standard=oops&in_x=1").status_code == 200


def test_the_estimate_equals_the_bill(visitor: Visitor, billed: Any) -> None:
    import re

    link = re.search(r"standard=([0-9a-f-]{36})", visitor.get("/fees?q=RF-1").get_data(as_text=True))
    assert link is not None
    assert f"{billed.total:,.2f} 元" in text(visitor.get(f"/fees?standard={link[1]}&in_shelter_area=500"))


FORM = {
    "code": "RF-1",
    "name": "防空地下室易地建设费",
    "department": "105",
    "items": "105-XK-001",
    "document": "云发改价费〔2026〕5号",
    "effective_from": "2026-04-01",
    "basis_name": "《人民防空法》",
    "basis_article": "第二十二条",
    "basis_level": "LAW",
    "kind": "PER_UNIT",
    "unit_price": "1300.00",
    "unit": "㎡",
    "input": "shelter_area",
    "label": "应建防空地下室面积",
    "on_demand": "yes",
}


def test_a_standard_is_proposed_and_approved_by_another(site: Flask, manager: Visitor, treasurer: Visitor) -> None:
    assert Visitor(site).sign_in("wangfang").get("/fees/standards").status_code == 403
    manager.get("/fees/standards/new")
    for changed, field in (
        ({"basis_level": "NORMATIVE"}, "basis_name"),
        ({"unit_price": "1000-1300"}, "unit_price"),
        ({"items": "人防"}, "items"),
        ({"effective_from": ""}, "effective_from"),
        ({"document": ""}, "document"),
        ({"basis_article": ""}, "basis_article"),
    ):
        answer = manager.post("/fees/standards/new", {**FORM, **changed})
        assert answer.status_code == 422 and f'id="{field}-problem"' in answer.get_data(as_text=True), field
    made = manager.post("/fees/standards/new", FORM)
    assert made.status_code == 302
    here = made.headers["Location"]
    assert "待批准" in text(manager.get(here)) and "批准执行" not in text(manager.get(here))
    assert manager.post(here, {"answer": "yes"}).status_code == 403
    assert "批准执行" in text(treasurer.get(here))
    assert treasurer.post(here, {"answer": "no"}).status_code == 422
    assert treasurer.post(here, {"answer": "yes"}).status_code == 302
    assert "1,300.00 元/㎡" in text(treasurer.get("/fees/standards"))
    copy = treasurer.get(f"/fees/standards/new?from={here.rpartition('/')[2]}").get_data(as_text=True)
    assert 'value="1300.00"' in copy and 'value="shelter_area"' in copy


def test_a_form_of_nonsense_is_refused_and_nothing_breaks(manager: Visitor) -> None:
    manager.get("/fees/standards/new")
    for form in (
        {},
        {**FORM, "kind": "X"},
        {**FORM, "kind": "TIERED"},
        {**FORM, "x0_code": "A"},
        {**FORM, "refund_amount": "七"},
    ):
        answer = manager.post("/fees/standards/new", form)
        assert answer.status_code == 422, form


def test_the_charging_department_bills_a_case_by_its_number(manager: Visitor, site: Flask, demo_office: Office) -> None:
    from service.casework import start_case
    from tests.casework.desk import CLERK

    deploy_billed(demo_office)
    start_case(demo_office, CLERK, key="billed", business_key="SJ-1", title="云溪示例公司")
    assert Visitor(site).sign_in("wangfang").get("/bills/new?case=SJ-1").status_code == 403
    assert manager.get("/bills/new?case=SJ-9").status_code == 404
    assert "云溪示例公司" in text(manager.get("/bills/new?case=SJ-1"))
    wrong = manager.post("/bills/new", {"case": "SJ-1", "in_shelter_area": "x"})
    assert wrong.status_code == 422 and 'id="in_shelter_area-problem"' in wrong.get_data(as_text=True)
    made = manager.post("/bills/new", {"case": "SJ-1", "in_shelter_area": "500"})
    assert made.status_code == 302 and "600,000.00" in text(manager.get(made.headers["Location"]))


# -- the door of the channel ---------------------------------------------------------------------------------------


def test_the_callback_needs_a_signature_and_no_session(site: Flask, billed: Any, demo_office: Office) -> None:
    client = site.test_client()
    right = notice(demo_office, billed.number, "600000.00")
    unsigned = client.post(CALLBACK, data=right.body, content_type="application/json")
    assert (unsigned.status_code, unsigned.get_json()) == (403, {"code": "SIGNATURE_INVALID"})
    assert client.post(CALLBACK, data=b"x" * 20_000).status_code == 413
    assert client.get(CALLBACK).status_code == 405
    kept = client.post(CALLBACK, data=right.body, headers=dict(right.headers), content_type="application/json")
    assert kept.status_code == 204 and the_bill(demo_office, billed.case_id).state == "PAID"
    again = client.post(CALLBACK, data=right.body, headers=dict(right.headers), content_type="application/json")
    assert again.status_code == 403
    assert "Set-Cookie" not in kept.headers and json.loads(again.data) == {"code": "SIGNATURE_INVALID"}


def test_no_page_of_money_says_something_untranslated(site: Flask, billed: Any, demo_office: Office) -> None:
    pay(demo_office, billed, amount="1.00")
    manager = Visitor(site).sign_in("feehan")
    manager.get("/bills")
    manager.post("/language", {"language": "en", "next": "/bills"})
    for path in (
        "/bills",
        f"/bills/{billed.number}",
        "/money",
        "/reconciliation",
        "/fees",
        "/fees/standards",
        "/bills/new",
    ):
        assert manager.get(path).status_code == 200, path
    assert "Bill" in text(manager.get("/bills")) and Path(__file__).exists()
