"""Acts on clocks: offered to whom they belong, refused beside the field, seen on the case page and its timeline."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, assign_task, find_actor, start_case
from tests.casework.clocks.conftest import small_procedures  # noqa: F401
from tests.casework.clocks.items import ITEM_BODY, clocks_of, do, item
from tests.casework.desk import ENGINE, deploy_text, open_tasks
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def case_id(centre: Office, clock: Clock) -> UUID:
    """An accepted licence of 104 with a promise of five working days and a statutory limit of twenty."""
    deploy_text(centre, item(ITEM_BODY, limit="5wd", statutory="20wd"), key="item")
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    case = start_case(centre, clerk, key="item", title="云溪示例公司-施工许可", business_key="SG-0001")
    do(centre, case.id, "Accept")
    clock.set("2026-03-17T10:00")
    return case.id


@pytest.fixture
def chief(site: Flask) -> Visitor:
    """陈刚, 首席代表 of 104."""
    return Visitor(site).sign_in("chengang")


def act(visitor: Visitor, case_id: UUID, name: str, **form: str) -> tuple[int, str]:
    """Open the page of an act and send its form; status and words of what follows."""
    address = f"/cases/{case_id}/clocks/{name}"
    visitor.get(address)
    answer = visitor.post(address, form)
    return answer.status_code, text(answer if answer.status_code != 302 else visitor.get(f"/cases/{case_id}"))


def test_the_acts_of_others_are_not_offered_and_not_done(site: Flask, case_id: UUID) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    page = text(reviewer.get(f"/cases/{case_id}"))
    assert "申请延期" in page and "决定延期" not in page
    assert "您现在不能进行这个操作" in text(reviewer.get(f"/cases/{case_id}/clocks/decide"))
    status, words = act(reviewer, case_id, "suspend", kind="EXPERT", notice="特告〔2026〕3号", expected_days="20")
    assert status == 403 and "无权批准因专家评审暂停计时" in words


@pytest.mark.parametrize("name", ["suspend", "extend", "nonsense"])
def test_a_case_of_somebody_else_has_no_acts(site: Flask, case_id: UUID, name: str) -> None:
    assert Visitor(site).sign_in("hejing").get(f"/cases/{case_id}/clocks/{name}").status_code == 404


@pytest.mark.parametrize("scope", ["nonsense", "00000000-0000-4000-8000-000000000001"])
def test_an_item_that_is_not_there_has_no_acts(chief: Visitor, case_id: UUID, scope: str) -> None:
    assert chief.get(f"/cases/{case_id}/clocks/suspend?scope={scope}").status_code == 404


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "kind", "请选择暂停的事由"),
        ({"kind": "EXPERT"}, "notice", "暂停前必须将所需时间书面告知申请人"),
        ({"kind": "EXPERT", "notice": "一号", "expected_days": "x"}, "expected_days", "请填写整数"),
        ({"kind": "HEARING", "notice": "一号", "expected_days": "21"}, "expected_days", "听证最长 20 个工作日"),
        ({"kind": "CONSULT", "notice": "一号", "expected_days": "2"}, "kind", "计入办理时限"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    chief: Visitor, case_id: UUID, form: dict[str, str], field: str, words: str
) -> None:
    address = f"/cases/{case_id}/clocks/suspend"
    chief.get(address)
    answer = chief.post(address, {**form, "reason": "请专家"})
    body = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422) and f'id="field-{field}-problem"' in body and words in text(answer)
    assert "请专家" in body


def test_an_expert_review_stops_the_clocks_and_its_end_lets_them_go_on(
    centre: Office, chief: Visitor, case_id: UUID, clock: Clock
) -> None:
    status, page = act(chief, case_id, "suspend", kind="EXPERT", notice="特告〔2026〕3号", expected_days="20")
    assert (
        status == 302
        and "暂停中：专家评审，自 2026-03-17，预计 2026-04-15 恢复" in page
        and "到期日待恢复后确定" in page
    )
    assert "特告〔2026〕3号" in page and clocks_of(centre, case_id)["CASE"].due_at is None
    clock.set("2026-03-20T10:00")
    status, page = act(chief, case_id, "resume", kind="EXPERT", document="评审意见1号")
    assert status == 302 and "暂停中" not in page and "恢复计时" in page
    assert "恢复计时" not in text(chief.get(f"/cases/{case_id}")).split("流程图")[0]
    assert clocks_of(centre, case_id)["CASE"].due_at is not None


def test_an_extension_is_asked_for_granted_and_marked(site: Flask, centre: Office, case_id: UUID) -> None:
    reviewer = Visitor(site).sign_in("zhangwei")
    assert act(reviewer, case_id, "extend", amount="99", reason="案情复杂")[0] == 422
    status, page = act(reviewer, case_id, "extend", amount="10", reason="案情复杂")
    assert status == 302 and "延期申请" in page and "进行中" in page and "申请延期" not in page.split("登记的事项")[0]
    assert "您现在不能进行这个操作" in text(reviewer.get(f"/cases/{case_id}/clocks/extend"))
    head = Visitor(site).sign_in("luoming")
    found = head.get(f"/cases/{case_id}/clocks/decide").get_data(as_text=True)
    request = found.split('name="proceeding"')[1].split('value="')[1].split('"')[0]
    status, page = act(head, case_id, "decide", proceeding=request, grant="yes")
    assert status == 422 and "请填写延期通知书" in page
    status, page = act(head, case_id, "decide", proceeding=request, grant="yes", notice="延〔2026〕1号")
    assert status == 302 and "已延期 10 个工作日" in page and "已批准" in page
    assign_task(centre, ENGINE, open_tasks(centre, case_id)["Review"].id, "zhangwei")
    assert "已延期" in text(reviewer.get("/inbox"))


def test_an_objection_is_noted_and_settled(chief: Visitor, case_id: UUID) -> None:
    status, page = act(chief, case_id, "note", kind="OBJECTION", document="异〔2026〕1号", reason="邻居采光")
    assert status == 302 and "利害关系人异议" in page and "进行中" in page
    found = chief.get(f"/cases/{case_id}/clocks/settle").get_data(as_text=True)
    noted = found.split('name="proceeding"')[1].split('value="')[1].split('"')[0]
    status, page = act(chief, case_id, "settle", proceeding=noted, reason="已核实")
    assert status == 302 and "已了结" in page and "已核实" in page


def test_the_case_page_shows_every_clock_with_shape_and_words(clerk: Visitor, case_id: UUID) -> None:
    answer = clerk.get(f"/cases/{case_id}")
    page, body = text(answer), answer.get_data(as_text=True)
    for words in ("承诺时限 约束", "法定时限", "环节时限 · 审核", "已用 1 / 5 个工作日", "时限证明单", "已停止的时限"):
        assert words in page, words
    assert "#green" in body and "clock:" not in page


def test_an_english_reader_acts_in_english(chief: Visitor, case_id: UUID) -> None:
    chief.post("/language", {"language": "en", "next": "/inbox"})
    page = text(chief.get(f"/cases/{case_id}/clocks/suspend"))
    assert "Stop the clock" in page and "expert review" in page
