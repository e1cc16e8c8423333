"""发证窗口 and 证照移交 in the browser: queue, handing out with everything wrong and right, post, transfer lists."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.casework.act_book import ACTS
from service.casework.delivery import guards, handing_out
from service.rules.deliveries import DeliveryState
from tests.casework.clocks.conftest import small_procedures  # noqa: F401
from tests.casework.delivery.results import CODE, decided, delivery, deploy_issuing, ready
from tests.web.pages.conftest import Visitor, text

IDENTITY = "11010519491231002X"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is owed, messages are not sent, the code is known."""
    monkeypatch.setitem(ACTS, "message", lambda *_: None)
    monkeypatch.setattr(guards, "require_settled", lambda *_: None)
    monkeypatch.setattr(handing_out, "code_of", lambda office, records, row: CODE.__eq__)


@pytest.fixture
def window(centre: Office) -> Office:
    """The centre with a small item."""
    deploy_issuing(centre)
    return centre


@pytest.fixture
def issuer(site: Flask) -> Visitor:
    """吴倩, issuing window."""
    return Visitor(site).sign_in("wuqian")


def form(office: Office, case: UUID, **more: str) -> dict[str, str]:
    given = {"delivery": str(delivery(office, case).id), "kind": "SELF", "name": "李建国", "identity_kind": "ID_CARD"}
    return {**given, "identity": IDENTITY, "code": CODE, "checked": "1", **more}


def test_only_the_window_and_who_oversees_it_find_the_queue(window: Office, site: Flask, issuer: Visitor) -> None:
    assert "没有需要处理的结果" in text(issuer.get("/issuing"))
    reviewer = Visitor(site).sign_in("zhangwei")
    assert 'href="/issuing"' not in reviewer.get("/inbox").get_data(as_text=True)
    assert reviewer.get("/issuing").status_code == 403
    assert Visitor(site).sign_in("sunli").get("/issuing").status_code == 200
    for query in ("queue=none&page=x&q=%25%00", "queue=done&page=9999999"):
        assert issuer.get(f"/issuing?{query}").status_code == 200


def test_a_result_is_handed_out_with_code_and_identity(window: Office, issuer: Visitor) -> None:
    case = ready(window)
    assert "990100202603190005" in text(issuer.get("/issuing"))
    page = issuer.get(f"/cases/{case}/delivery")
    assert "窗口发证" in text(page) and IDENTITY not in page.get_data(as_text=True)
    for more, field in (
        ({"kind": "AGENT"}, "out-letter"),
        ({"identity": "123"}, "out-identity"),
        ({"code": ""}, "out-code"),
        ({"code": "222222"}, "out-code"),
        ({"checked": ""}, "out-checked"),
        ({"name": " "}, "out-name"),
    ):
        answer = issuer.post(f"/cases/{case}/delivery/hand-out", form(window, case, **more))
        assert answer.status_code == 422 and f'id="{field}-problem"' in answer.get_data(as_text=True), field
    assert issuer.post(f"/cases/{case}/delivery/hand-out", {"delivery": "x"}).status_code == 422
    assert issuer.post(f"/cases/{case}/delivery/nothing", {}).status_code == 404
    assert issuer.post(f"/cases/{case}/delivery/hand-out", form(window, case)).status_code == 302
    page = text(issuer.get(f"/cases/{case}/delivery"))
    assert "已送达" in page and "李建国" in page and "1101**********002X" in page and IDENTITY not in page
    assert "已送达" in text(issuer.get(f"/cases/{case}")) and "1" in text(issuer.get("/issuing?queue=done"))
    again = issuer.post(f"/cases/{case}/delivery/hand-out", form(window, case))
    assert again.status_code == 409


def test_a_result_goes_by_post_and_comes_back(window: Office, issuer: Visitor) -> None:
    case = ready(window)
    one = str(delivery(window, case).id)
    issuer.get(f"/cases/{case}/delivery")
    at = f"/cases/{case}/delivery"
    assert issuer.post(f"{at}/way", {"delivery": one, "way": "POST", "reason": ""}).status_code == 422
    assert issuer.post(f"{at}/way", {"delivery": one, "way": "<b>", "reason": "x"}).status_code == 422
    assert issuer.post(f"{at}/way", {"delivery": one, "way": "POST", "reason": "申请人来电"}).status_code == 302
    assert "登记寄出" in text(issuer.get(at))
    wrong = issuer.post(f"{at}/post", {"delivery": one, "waybill": "1"})
    assert wrong.status_code == 422 and "-waybill-problem" in wrong.get_data(as_text=True)
    assert issuer.post(f"{at}/post", {"delivery": one, "waybill": "EMS1234567890123"}).status_code == 302
    assert "EMS1234567890123" in text(issuer.get("/issuing?queue=posted"))
    failed = {"delivery": one, "outcome": "failed", "on": "2026-03-16", "note": "无人"}
    assert issuer.post(f"{at}/attempt", {**failed, "on": "soon"}).status_code == 422
    for _ in range(2):
        assert issuer.post(f"{at}/attempt", failed).status_code == 302
    assert delivery(window, case).state == DeliveryState.RETURNED
    assert "退回窗口" in text(issuer.get("/issuing"))
    assert issuer.post(f"{at}/code", {"delivery": one}).status_code == 302


def test_who_may_read_the_case_sees_its_delivery_and_does_nothing(window: Office, site: Flask) -> None:
    case = ready(window)
    chief = Visitor(site).sign_in("chengang")
    page = text(chief.get(f"/cases/{case}/delivery"))
    assert "待领取" in page and "窗口发证" not in page
    assert chief.post(f"/cases/{case}/delivery/hand-out", form(window, case)).status_code == 403
    assert Visitor(site).sign_in("101-a").get(f"/cases/{case}/delivery").status_code == 404


def test_a_list_is_made_by_the_department_and_signed_for_by_the_window(
    window: Office, site: Flask, issuer: Visitor
) -> None:
    cases = [decided(window, f"SJ20260316104{n:04d}") for n in (1, 2)]
    reviewer = Visitor(site).sign_in("zhangwei")
    page = reviewer.get("/handovers/new").get_data(as_text=True)
    assert page.count('name="item"') == 2
    assert reviewer.post("/handovers/new", {}).status_code == 422
    given: dict[str, object] = {"item": [f"{case}." for case in cases]}
    for n, case in enumerate(cases):
        given |= {f"number-{case}.": f"9901{n}", f"name-{case}.": "施工许可证", f"copies-{case}.": "1"}
    wrong = reviewer.post("/handovers/new", {**given, f"copies-{cases[0]}.": "many"})
    assert wrong.status_code == 422 and "份数" in text(wrong)
    made = reviewer.post("/handovers/new", given)
    assert made.status_code == 302
    at = made.headers["Location"]
    assert "待签收" in text(reviewer.get(at)) and "撤回移交单" in text(reviewer.get(at))
    assert "YJ20260316104001" in text(issuer.get("/handovers"))
    issuer.get(at)
    assert issuer.post(f"{at}/sign", {"there": "1", "note-2": "未随附"}).status_code == 302
    page = text(issuer.get(at))
    assert "部分签收" in page and "未收到" in page and "未随附" in page
    assert issuer.post(f"{at}/sign", {}).status_code == 409
    assert Visitor(site).sign_in("101-a").get(at).status_code == 404
    assert Visitor(site).sign_in("wangfang").get("/handovers").status_code == 403
