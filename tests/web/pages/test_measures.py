"""配套流程 in the browser: begun from the case with what was wrong beside its field, listed, filtered in the address, linked."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework.office import Office
from service.web.app import create_app
from tests.casework.measures.city import answer, begin, beside, put_up, work
from tests.processes.library import FILES
from tests.web.pages.conftest import Visitor, text

ITEM = "item_104_XK_002"
SUPPORTS = tuple(f"support_SP_{number}" for number in ("02", "07", "10", "12", "13", "17", "18", "19"))


@pytest.fixture
def desk(demo_office: Office) -> tuple[Flask, UUID]:
    """The site with everything deployed, and a case of 104 at 审核."""
    put_up(demo_office, ITEM, *SUPPORTS)
    case = begin(demo_office, ITEM)
    answer(demo_office, case, "Task_Accept", decision="accept")
    return create_app(demo_office), case


def test_an_order_is_issued_from_the_case_and_stands_in_the_list(desk: tuple[Flask, UUID], demo_office: Office) -> None:
    site, case = desk
    visitor = Visitor(site).sign_in("sunli")
    assert "签发督办单" in text(visitor.get(f"/cases/{case}"))
    page = f"/cases/{case}/measures/order"
    visitor.get(page)
    refused = visitor.post(page, {"order_to": "", "order_matter": "", "order_demand": ""})
    assert refused.status_code == 422 and "请填写督办事由和要求" in text(refused)
    made = visitor.post(page, {"order_to": "104", "order_matter": "三日未联系申请人", "order_demand": "当日回复"})
    assert made.status_code == 302
    work(demo_office)
    assert made.location.endswith(str(beside(demo_office, case)))
    listed = text(visitor.get("/orders?department=104&light=green"))
    assert "DBD-2026-0001" in listed and "三日未联系申请人" in listed and "签收督办单" in listed
    assert "没有符合条件的督办单" in text(visitor.get("/orders?light=red"))
    assert "没有符合条件的督办单" in text(visitor.get("/orders?department=107&page=3"))
    assert "DBD-2026-0001" in text(Visitor(site).sign_in("chengang").get("/orders?mine=1"))
    assert "DBD-2026-0001" not in text(Visitor(site).sign_in("107-rep").get("/orders?view=all"))
    assert "督办" in text(visitor.get(f"/cases/{case}")), "the case names what was begun for it"


def test_what_somebody_may_not_begin_is_neither_offered_nor_done(desk: tuple[Flask, UUID]) -> None:
    site, case = desk
    clerk = Visitor(site).sign_in("wangfang")
    shown = text(clerk.get(f"/cases/{case}"))
    assert "撤回申请" in shown and "登记为延续申请" in shown and "签发督办单" not in shown and "终止办理" not in shown
    assert "您现在不能进行这个操作" in text(clerk.get(f"/cases/{case}/measures/order"))
    assert clerk.post(f"/cases/{case}/measures/order", {"order_to": "104"}).status_code == 403
    assert clerk.get(f"/cases/{case}/measures/nothing").status_code == 404
    assert "终止办理" in text(Visitor(site).sign_in("chengang").get(f"/cases/{case}"))


def test_a_withdrawal_needs_its_reason_and_leads_to_its_own_case(desk: tuple[Flask, UUID], demo_office: Office) -> None:
    site, case = desk
    clerk = Visitor(site).sign_in("wangfang")
    page = f"/cases/{case}/measures/withdraw"
    clerk.get(page)
    assert clerk.post(page, {"reason": ""}).status_code == 422
    made = clerk.post(page, {"reason": "项目不再建设"})
    assert made.status_code == 302
    work(demo_office)
    assert "确认申请人意愿" in text(clerk.get(made.location))
    renewal = f"/cases/{case}/measures/renew"
    clerk.get(renewal)
    assert "有效且有期限的证照号" in text(clerk.post(renewal, {"certificate_no": "没有"}))


def test_revised_files_are_handed_in_to_be_released_and_shown_with_their_differences(
    desk: tuple[Flask, UUID], demo_office: Office
) -> None:
    site, _ = desk
    designer = Visitor(site).sign_in("hejing")
    content = FILES[ITEM].read_text("utf-8").replace('zw:statutory="15wd"', 'zw:statutory="14wd"').encode()
    import base64
    import io

    designer.get("/processes/upload")
    sent = designer.post(
        "/processes/upload", {"files": (io.BytesIO(content), f"{ITEM}.bpmn")}, content_type="multipart/form-data"
    )
    assert "提交发布审核" in text(sent)
    form = {"file-name": f"{ITEM}.bpmn", "file-content": base64.b64encode(content).decode(), "note": "压缩法定时限"}
    made = designer.post("/processes/submit", form)
    assert made.status_code == 302
    work(demo_office)
    officer = Visitor(site).sign_in("tianyue")
    listed = officer.get("/releases")
    assert "审核中" in text(listed) and "须法制审核" in text(listed)
    with demo_office.reading() as records:
        [row] = records.measures.releases(first=0, size=5)
    assert "statutory 15wd → 14wd" in text(officer.get(f"/releases/{row.id}"))
    assert Visitor(site).sign_in("lizhao").get("/releases").status_code == 403


def test_supporting_processes_are_not_started_at_the_window(desk: tuple[Flask, UUID]) -> None:
    site, _ = desk
    assert "退费" not in text(Visitor(site).sign_in("wangfang").get("/cases/new"))
