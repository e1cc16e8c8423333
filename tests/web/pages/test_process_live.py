"""实时视图: numbers that equal their lists, for those who may see them, with few statements however much there is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from service.casework import Office, complete_task, find_actor
from service.casework.workbench import live_page
from service.rules.bottlenecks import Load
from service.rules.refusals import Forbidden, Missing
from service.store.database import count_statements
from service.store.schema import task
from tests.casework.desk import open_tasks
from tests.conftest import Clock, deploy_bpmn
from tests.web.pages.conftest import FORMS, HERE, Visitor, begin, text

KEY = "two_departments"
PATH = f"/processes/{KEY}/live"


def loads(office: Office, username: str = "guotao", **asked: int) -> dict[str, Load]:
    actor = find_actor(office, username)
    assert actor is not None
    return {one.element: one for one in live_page(office, actor, KEY, **asked).loads}


@pytest.fixture
def worked(centre: Office, clock: Clock) -> Office:
    """Four cases from Monday morning; 登记 of three is done the same day, one review of one of them is overdue."""
    clock.set("2026-03-16T09:00")
    cases = [begin(centre, number) for number in range(1, 5)]
    clerk = find_actor(centre, "wangfang")
    assert clerk is not None
    for case, at in zip(cases[:3], ("10:01", "11:01", "14:31"), strict=True):
        clock.set(f"2026-03-16T{at}")
        complete_task(centre, clerk, open_tasks(centre, case)["Task_Queue"].id, answers={"decision": "pass"})
    housing = open_tasks(centre, cases[0])["Task_Housing"].id
    with centre.transaction() as records:
        records.execute(update(task).where(task.c.id == housing).values(due_at=records.now - timedelta(minutes=1)))
    return centre


def test_numbers_are_of_cases_and_times_of_counter_minutes(worked: Office) -> None:
    found = loads(worked)
    assert (found["Task_Queue"].waiting, found["Task_Queue"].finished) == (1, 3)
    assert (found["Task_Queue"].median, found["Task_Queue"].p90) == (120, 240)
    assert found["Task_Queue"].name == "登记" and found["Task_Queue"].limit == 390
    assert (found["Task_Housing"].waiting, found["Task_Housing"].overdue) == (3, 1)
    assert found["Task_Planning"].waiting == 3 and found["Task_Planning"].overdue == 0
    assert next(iter(found)) == "Task_Housing"


def test_every_number_opens_the_list_that_has_exactly_these(worked: Office, site: Flask) -> None:
    keeper = Visitor(site).sign_in("tianyue")
    body = keeper.get(PATH).get_data(as_text=True)
    links = re.findall(r'<a href="(/cases\?[^"]*step=[^"]+)">(\d+)</a>', body)
    assert len(links) == 4
    for link, number in links:
        address = link.replace("&amp;", "&")
        page = keeper.get(address)
        assert f"共 {number} 件" in text(page) and "只看停在" in text(page), address
        assert page.get_data(as_text=True).count('data-open="/cases/') == int(number)
    assert "在这个环节已超期" in text(keeper.get(f"/cases?of={KEY}&step=Task_Housing&overdue=1"))
    assert "共 0 件" in text(keeper.get(f"/cases?of={KEY}&step=Task_Housing&of_version=7"))


def test_designers_see_numbers_without_cases_and_others_nothing(worked: Office, site: Flask, clerk: Visitor) -> None:
    designer = Visitor(site).sign_in("hejing")
    page = designer.get(PATH)
    assert page.status_code == 200 and "/cases?" not in page.get_data(as_text=True) and "住建审核" in text(page)
    marks = designer.get(f"{PATH}/marks").get_json()["elements"]
    assert "href" not in marks["Task_Housing"] and marks["Task_Housing"]["count"] == "■ 超期 1 件"
    assert designer.get(f"/processes/{KEY}").get_data(as_text=True).count(PATH) == 1
    assert clerk.get(PATH).status_code == clerk.get(f"{PATH}/marks").status_code == 403
    assert PATH not in clerk.get(f"/processes/{KEY}").get_data(as_text=True)
    complaints = find_actor(worked, "hejing")
    assert complaints is not None
    with pytest.raises(Forbidden, match="LIVE_FORBIDDEN"):
        live_page(worked, complaints, "support_SP_01")


def test_the_address_says_version_days_and_colour(worked: Office, site: Flask) -> None:
    source = (HERE / "two_departments.bpmn").read_text(encoding="utf-8")
    deploy_bpmn(worked, source.replace('name="登记"', 'name="收件登记"'), forms=FORMS)
    begin(worked, 9)
    assert loads(worked)["Task_Queue"].waiting == 2
    assert loads(worked, version=2)["Task_Queue"].waiting == 1 and "Task_Housing" not in loads(worked, version=2)
    keeper = Visitor(site).sign_in("guotao")
    page = keeper.get(f"{PATH}?version=1&by=median&days=7")
    assert "最近 7 天" in text(page) and "of_version=1" in page.get_data(as_text=True)
    marks = keeper.get(f"{PATH}/marks?version=1&by=median&days=7").get_json()["elements"]
    assert marks["Task_Queue"]["badge"] == "2 小时" and marks["Task_Queue"]["state"] == "heat-4"
    assert keeper.get(f"{PATH}?version=8").status_code == 404
    with pytest.raises(Missing):
        loads(worked, version=8)


def test_old_passes_are_left_out(worked: Office, clock: Clock) -> None:
    clock.set("2026-03-30T09:00")
    assert loads(worked, days=7)["Task_Queue"].finished == 0
    assert loads(worked, days=30)["Task_Queue"].finished == 3


def test_the_list_is_put_in_order_and_exported(worked: Office, site: Flask) -> None:
    keeper = Visitor(site).sign_in("guotao")
    body = keeper.get(f"{PATH}?sort=-finished").get_data(as_text=True)
    assert re.findall(r'data-element="(\w+)"', body)[0] == "Task_Queue"
    [action] = re.findall(r'action="(/lists/process_live/export[^"]*)"', body)
    file = keeper.post(action.replace("&amp;", "&"), {"format": "csv", "purpose": "分析瓶颈"})
    rows = file.get_data(as_text=True).splitlines()
    assert file.status_code == 200 and len(rows) == 4 and rows[3].split(",")[:5] == ["登记", "1", "0", "3", "120"]


def test_statements_do_not_grow_with_the_cases(worked: Office) -> None:
    actor = find_actor(worked, "guotao")
    assert actor is not None
    with count_statements(worked.database) as few:
        live_page(worked, actor, KEY)
    for number in range(20, 40):
        begin(worked, number)
    with count_statements(worked.database) as many:
        live_page(worked, actor, KEY)
    asked = [
        [one for one in count.sql if "FROM setting" not in one] for count in (few, many)
    ]  # the clock, now and then
    assert len(asked[0]) == len(asked[1]) <= 8


def test_the_page_is_said_in_english_too(worked: Office, site: Flask) -> None:
    designer = Visitor(site).sign_in("hejing")
    designer.post("/language", {"language": "en"})
    answer = designer.get(f"/processes/{KEY}/live")
    assert answer.status_code == 200 and "Nine in ten within" in text(answer)
