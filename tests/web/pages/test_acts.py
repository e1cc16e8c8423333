"""异常, 数据交换 and what a process does, as administrators see them; everybody else is turned away."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office, start_case
from service.casework.act_book import ACTS
from service.casework.actors import SYSTEM
from service.casework.attending import attend_due
from service.casework.deploying import deploy
from service.engine.kernel import details
from service.rules.refusals import Invalid
from tests.casework.desk import ENGINE
from tests.processes.library import resources
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def shipped(demo_office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The demo city with everything that ships, one case whose receipt cannot be made, one connection."""

    def never(*_: object) -> None:
        raise Invalid("DOCUMENT_FACTS", "文书内容{name}缺少", name="materials")

    monkeypatch.setattr(details, "ASKED", {"doc"})
    monkeypatch.setitem(ACTS, "document", never)
    demo_office.environment = {
        "LIANBAN_EXCHANGES": "province",
        "LIANBAN_EXCHANGE_PROVINCE_URL": "https://exchange.example.org/v1",
        "LIANBAN_EXCHANGE_PROVINCE_SECRET": "a shared secret of 32 bytes .....",
    }
    deploy(demo_office, SYSTEM, "事项库", resources("item_104_XK_001"))
    start_case(demo_office, ENGINE, key="item_104_XK_001", title="华印-施工许可")
    while attend_due(demo_office):
        pass
    return demo_office


@pytest.fixture
def site(shipped: Office) -> Flask:
    """The web application over it."""
    from service.web.app import create_app

    return create_app(shipped)


@pytest.mark.parametrize("path", ["/incidents", "/exchange"])
@pytest.mark.parametrize("who", ["zhangwei", "lizhao"])
def test_others_are_turned_away_and_see_no_entry(site: Flask, path: str, who: str) -> None:
    visitor = Visitor(site).sign_in(who)
    assert visitor.get(path).status_code == 403
    assert f'href="{path}"' not in visitor.get("/inbox").get_data(as_text=True)


def test_a_trouble_is_found_looked_at_and_given_up_with_a_reason(site: Flask) -> None:
    visitor = Visitor(site).sign_in("guotao")
    listed = text(visitor.get("/incidents"))
    assert "出具文书" in listed and "提出申请" in listed and "华印-施工许可" in listed and "materials" in listed
    page = visitor.get("/incidents").get_data(as_text=True)
    address = page.split('data-open="')[1].split('"')[0]
    shown = text(visitor.get(address))
    assert "修改后重试" in shown and "放弃这件事" in shown and "文书种类" in shown
    refused = visitor.post(f"{address}/give-up", {"reason": ""})
    assert refused.status_code == 422 and "请写明理由" in text(refused)
    refused = visitor.post(f"{address}/repair", {"in-doc": "W99", "reason": "写错"})
    assert refused.status_code == 422 and "W99" in text(refused)
    assert visitor.post(f"{address}/give-up", {"reason": "已由窗口手写"}).status_code == 302
    assert "没有等待处理的异常" in text(visitor.get("/incidents"))
    assert visitor.get(address).status_code == 404


def test_a_trouble_is_repeated_as_it_is(site: Flask, shipped: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(site).sign_in("guotao")
    address = visitor.get("/incidents").get_data(as_text=True).split('data-open="')[1].split('"')[0]
    done: list[str] = []
    monkeypatch.setitem(ACTS, "document", lambda office, records, file, request: done.append(request.element))
    assert visitor.post(f"{address}/repeat").status_code == 302
    while attend_due(shipped):
        pass
    assert done == ["Start_Apply"]
    assert visitor.get(f"{address}").status_code == 404 and visitor.post(f"{address}/whatever").status_code == 404


def test_the_administrator_sees_the_case_of_a_trouble_without_what_is_in_it(site: Flask, shipped: Office) -> None:
    visitor, office = Visitor(site).sign_in("guotao"), Visitor(site).sign_in("tianyue")
    page = visitor.get("/incidents").get_data(as_text=True)
    address, case = page.split('data-open="')[1].split('"')[0], "/cases/" + page.split('href="/cases/')[1].split('"')[0]
    given = {"in-doc": "W01", "values": '{"phone": "13800001234"}', "reason": "更正"}
    assert office.post(f"{address}/repair", given).status_code == 302
    while attend_due(shipped):
        pass
    shown = office.get(address).get_data(as_text=True)
    assert "当时的数据（1）" in shown and "13800001234" not in shown, (
        "masked for the business office as everywhere (S-18)"
    )
    assert "当时的数据" not in text(visitor.get(address))
    frame = visitor.get(case)
    assert frame.status_code == 200 and "系统管理员只看办件的编号、流程、状态和故障" in text(frame)
    for words in ("流程图", "终止办件", "挂起办件", "现在谁在办"):
        assert words in text(frame), words
    for words in ("填写的内容（", "备注与查询", "华印-施工许可", "办件数据"):
        assert words not in text(frame), words
    assert visitor.get(f"{case}/marks").status_code == 200 and visitor.get(f"{case}/end").status_code == 200
    for door in ("time-proof", "materials"):
        assert visitor.get(f"{case}/{door}").status_code == 404, door
    assert "填写的内容" in text(office.get(case))


def test_filters_live_in_the_address_and_survive_nonsense(site: Flask) -> None:
    visitor = Visitor(site).sign_in("guotao")
    assert "华印" in text(visitor.get("/incidents?kind=act&q=华印"))
    assert "没有符合条件的异常" in text(visitor.get("/incidents?kind=outbox"))
    for path in ("/incidents?view=x&kind=%27&page=-1&q=%25", "/exchange?state=x&transfer=1&page=zz&q=%27%22"):
        assert visitor.get(path).status_code == 200


def test_the_connections_of_items_are_kept(site: Flask) -> None:
    visitor = Visitor(site).sign_in("guotao")
    shown = text(visitor.get("/exchange"))
    assert "104-XK-001" in shown and "还没有数据往来" in shown and "部门与窗口之间" in shown
    form = {"item": "104-XK-001", "state": "LIVE", "connection": "", "deadline": "2026-06-30"}
    assert "应选择对接的系统" in text(visitor.post("/exchange/connections", form))
    assert visitor.post("/exchange/connections", {**form, "deadline": "soon"}).status_code == 422
    assert visitor.post("/exchange/connections", {**form, "connection": "province"}).status_code == 302
    assert "1 项已对接" in text(visitor.get("/exchange"))


def test_a_process_says_what_the_service_will_do(site: Flask) -> None:
    visitor = Visitor(site).sign_in("guotao")
    shown = text(visitor.get("/processes/item_104_XK_001"))
    assert "系统会做的事" in shown
    for words in (
        "W01 收件凭证",
        "W14 准予行政许可决定书",
        "M02 受理",
        "出具不予受理通知",
        "等待办成",
        "target=Task_Review",
    ):
        assert words in shown, words
