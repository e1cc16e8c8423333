"""退回, 撤回 and 跳转 in the browser and for programs: shown first, asked with a reason, never done on what has changed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import start_case
from service.casework.office import Office
from service.web.app import create_app
from tests.casework.desk import open_tasks
from tests.casework.measures.city import answer, begin, put_up, who
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, text
from tests.web.rest import Client

ITEM = "item_104_XK_002"


@pytest.fixture
def approving(demo_office: Office, clock: Clock) -> tuple[Flask, UUID, UUID]:
    """A case of 104 at 批准: the site, the case, the task."""
    put_up(demo_office, ITEM)
    case = begin(demo_office, ITEM)
    answer(demo_office, case, "Task_Accept", decision="accept")
    clock.advance(minutes=5)
    answer(demo_office, case, "Task_Review", by="zhangwei", recommendation="pass", opinion="符合条件")
    return create_app(demo_office), case, open_tasks(demo_office, case)["Task_Approve"].id


def seen(page: str) -> str:
    """The mark a page gives back."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_task_is_returned_with_a_reason(approving: tuple[Flask, UUID, UUID], demo_office: Office) -> None:
    site, case, task = approving
    chief = Visitor(site).sign_in("chengang")
    page = f"/tasks/{task}/return"
    assert f'href="{page}"' in chief.get(f"/tasks/{task}").text
    html = chief.get(page)
    shown = text(html)
    assert "审核" in shown and "不能退回到" in shown and "“受理”已经作出并告知申请人" in shown
    wrong = chief.post(page, {"target": "Task_Review", "way": "again", "reason": " ", "seen": seen(html.text)})
    assert wrong.status_code == 422 and "请写明理由" in text(wrong)
    nowhere = chief.post(page, {"way": "again", "reason": "意见没有依据", "seen": seen(html.text)})
    assert nowhere.status_code == 422 and "请选择要退回的环节" in text(nowhere)
    stale = chief.post(page, {"target": "Task_Review", "way": "again", "reason": "意见没有依据", "seen": "old"})
    assert stale.status_code == 409 and "已有变化" in text(stale)
    done = chief.post(
        page, {"target": "Task_Review", "way": "straight", "reason": "意见没有依据", "seen": seen(html.text)}
    )
    assert done.status_code == 302 and list(open_tasks(demo_office, case)) == ["Task_Review"]
    told = text(chief.get(f"/cases/{case}"))
    assert "到“审核”，第 1 次，办完直接回来" in told and "意见没有依据" in told
    assert chief.get(page).status_code == 409


def test_nobody_else_is_shown_where_a_task_might_go(approving: tuple[Flask, UUID, UUID]) -> None:
    site, case, task = approving
    assert Visitor(site).sign_in("zhangwei").get(f"/tasks/{task}/return").status_code == 403
    assert Visitor(site).sign_in("zhangwei").get(f"/cases/{case}/tokens/{task}/move").status_code == 403
    assert Visitor(site).sign_in("107-rep").get(f"/tasks/{task}/return").status_code == 404


def test_what_the_applicant_was_told_of_is_not_taken_back(
    approving: tuple[Flask, UUID, UUID], demo_office: Office
) -> None:
    site, case, _ = approving
    with demo_office.reading() as records:
        review = next(row for row in records.tasks.of_case(case) if row.element == "Task_Review")
    refused = Visitor(site).sign_in("zhangwei").get(f"/tasks/{review.id}/recall")
    assert refused.status_code == 409 and "已经向申请人发出消息" in text(refused)


def test_a_task_is_taken_back_by_who_completed_it(demo_office: Office) -> None:
    put_up(demo_office, "linear")
    case = start_case(demo_office, who(demo_office, "wangfang"), key="linear", title="补办登记").id
    first = open_tasks(demo_office, case)["Task_1"].id
    answer(demo_office, case, "Task_1", by="wangfang")
    site = create_app(demo_office)
    clerk = Visitor(site).sign_in("wangfang")
    page = f"/tasks/{first}/recall"
    assert (
        f'href="{page}"' in clerk.get(f"/tasks/{first}").text and f'href="{page}"' in clerk.get(f"/cases/{case}").text
    )
    html = clerk.get(page)
    assert "同时终止正在办理的“初核”" in text(html)
    wrong = clerk.post(page, {"reason": "", "seen": seen(html.text)})
    assert wrong.status_code == 422 and "请写明理由" in text(wrong)
    done = clerk.post(page, {"reason": "附件传错", "seen": seen(html.text)})
    assert done.status_code == 302 and list(open_tasks(demo_office, case)) == ["Task_1"]
    again = clerk.get(page)
    assert again.status_code == 409 and "没有可以撤回的内容" in text(again)
    assert Visitor(site).sign_in("chengang").get(page).status_code in (403, 404)


def test_a_token_is_moved_by_who_answers_for_the_case(approving: tuple[Flask, UUID, UUID], demo_office: Office) -> None:
    site, case, task = approving
    keeper = Visitor(site).sign_in("guotao")
    page = f"/cases/{case}/tokens/{task}/move"
    assert f'href="{page}"' in keeper.get(f"/cases/{case}").text
    html = keeper.get(page)
    assert "Task_Issue" not in html.text, "nobody jumps over the decision"
    done = keeper.post(page, {"target": "Task_Review", "reason": "更换审核人", "seen": seen(html.text)})
    assert done.status_code == 302 and list(open_tasks(demo_office, case)) == ["Task_Review"]


def test_programs_are_told_what_would_happen_and_why_not(approving: tuple[Flask, UUID, UUID]) -> None:
    site, case, task = approving
    chief = Client(site, "/api/v1", "chengang")
    shown = chief.get(f"/tasks/{task}/return").json
    places = {one["element"]: one for one in shown["places"]}
    assert places["Task_Accept"]["refused"]["code"] == "MOVE_SERVED" and places["Task_Review"]["straight"]
    body = {"element": "Task_Review", "reason": "意见没有依据", "seen": "old"}
    assert chief.post(f"/tasks/{task}/return", body).json["code"] == "MOVE_CHANGED"
    done = chief.post(f"/tasks/{task}/return", {**body, "seen": shown["seen"]})
    assert (done.status_code, done.json) == (200, {"caseId": str(case), "caseEnded": False})
