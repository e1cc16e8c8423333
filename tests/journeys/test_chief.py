"""首席代表 with one hand: what climbed and why, deciding with a signature, giving a task away, two weeks of duty; letters."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import (
    attend_due,
    claim_task,
    complete_task,
    find_actor,
    move_demo_clock,
    record_absence,
    start_case,
)
from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.absences import AbsenceKind
from service.store.tasks import TaskRow
from tests.journeys.hands import person
from tests.journeys.serving import Installation
from tests.journeys.test_accessibility import AXE, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def who(office: Office, username: str) -> Actor:
    found = find_actor(office, username)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def desk(installation: Installation) -> dict[str, str]:
    """Three permits at 104: one whose review was left alone and climbed to the chief, one to approve, one that is fresh."""
    office = installation.office
    clerk = who(office, "wangfang")
    found = {}
    for name in ("late", "ready", "fresh"):
        case = start_case(
            office,
            clerk,
            key="item_104_XK_001",
            title=f"云溪华印制罐有限公司-{name}",
            variables={
                "applicant": "云溪华印制罐有限公司",
                "phone": "13900000001",
                "project_name": "年产2亿只金属罐项目",
            },
        )
        accept = _open(office, case.id, "Task_Accept")
        claim_task(office, clerk, accept.id)
        complete_task(office, clerk, accept.id, answers={"decision": "accept"})
        review = _open(office, case.id, "Task_Review")
        if name == "ready":
            complete_task(
                office, who(office, "zhangwei"), review.id, answers={"recommendation": "grant", "opinion": "拟准予"}
            )
            review = _open(office, case.id, "Task_Approve")
        found[name] = str(review.id)
    chief = who(office, "chengang")
    with office.reading() as records:
        monday = records.now + timedelta(days=7)
    for username in ("zhangwei", "liuyang"):
        since, until = monday.replace(hour=1, minute=0), monday.replace(hour=9, minute=0)
        record_absence(office, chief, username, kind=AbsenceKind.DUTY, since=since, until=until, reason="省厅培训")
    return found


def _open(office: Office, case_id: UUID, element: str) -> TaskRow:
    with office.reading() as records:
        return next(row for row in records.tasks.open_of(case_id) if row.element == element)


def test_a_chief_decides_on_the_phone_with_a_signature(
    browser: Browser, installation: Installation, desk: dict[str, str]
) -> None:
    office = installation.office
    with person(browser, installation.address, "chengang", width=390) as hands:
        page = hands.page
        hands.open("/signature")
        box = page.locator("canvas").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 60)
        page.mouse.down()
        for step in range(8):
            page.mouse.move(box["x"] + 40 + 30 * step, box["y"] + (40 if step % 2 else 90))
        page.mouse.up()
        hands.shoot("signature-drawn")
        page.get_by_role("button", name="保存签名").click()
        expect(page.get_by_alt_text("您的手写签名")).to_be_visible()

        hands.open("/chief?view=mine")
        expect(page.locator(".chief-list > li")).to_have_count(1)
        hands.shoot("chief-mine")
        page.locator(".chief-acts a.main").click()
        hands.fill_in()
        page.get_by_role("button", name="签名并提交").click()
        expect(page.locator("#signed-problem")).to_contain_text("陈刚")
        hands.shoot("chief-unsigned")
        page.get_by_label("签名", exact=False).last.fill("陈刚")
        page.get_by_role("button", name="签名并提交").click()
        expect(page.get_by_role("status").first).to_contain_text("已完成")
    with office.reading() as records:
        row = records.tasks.find(UUID(desk["ready"]))
        assert row is not None and row.ended_by == "chengang"
        lines = [
            line for line in records.history.lines(row.case_id) if line.task_id == row.id and line.actor == "chengang"
        ]
    assert (lines[-1].detail or {})["signed"]["name"] == "陈刚"
    assert (lines[-1].detail or {})["signed"]["drawn"]


def test_a_chief_sees_what_climbed_why_and_what_will(
    browser: Browser, installation: Installation, desk: dict[str, str]
) -> None:
    office = installation.office
    move_demo_clock(office, who(office, "guotao"), advance="P2WD")
    for _ in range(50):
        if not attend_due(office):
            break
    wrong: list[str] = []
    for width in (390, 1440):
        with person(browser, installation.address, "chengang", width=width) as hands:
            page = hands.page
            hands.open("/chief")
            expect(page.locator(".chief-list > li")).to_have_count(
                int(page.locator(".chief-views a b").first.inner_text())
            )
            hands.shoot("duties-climbed")
            expect(page.locator(".rungs .L3").first).to_contain_text("告知 陈刚")
            expect(page.locator(".chief-views a", has_text="超时默许").locator("b")).to_have_text("2")
            expect(page.locator(".duty-weeks .half.gap, .duty-weeks th.gap").first).to_be_attached()
            for name, path in pages_of_duty(desk["late"], _case(office, desk["late"])).items():
                hands.open(path)
                hands.shoot(f"duties-{name}")
                wrong += [f"{name} {width}: {what}" for what in violations(hands)] if AXE.exists() else []
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{name}: scrolls sideways at {width}")
    assert wrong == []


def test_the_business_office_registers_a_letter_and_the_security_administrator_activates_it(
    browser: Browser, installation: Installation, desk: dict[str, str]
) -> None:
    with person(browser, installation.address, "tianyue", width=1440) as hands:
        page = hands.page
        hands.open("/letters").shoot("letters-office")
        page.get_by_role("link", name="登记委托书").click()
        page.locator("#choose").select_option("104")
        page.locator("#field-grantee").select_option("chengang")
        page.locator("#field-valid_from").fill("2027-01-01")
        page.get_by_role("button", name="登记").click()
        hands.shoot("letter-refused")
        expect(page.locator(".problem").first).to_be_visible()
        page.locator("#field-grantor").fill("罗明")
        page.locator("#field-deputy").select_option("zhaomin")
        page.get_by_label("本部门全部事项").check()
        page.locator("#field-valid_to").fill("2027-12-31")
        page.get_by_role("button", name="登记").click()
        expect(page.get_by_role("status").first).to_contain_text("SQ-104-2027-001")
    with person(browser, installation.address, "machao", width=390) as hands:
        page = hands.page
        hands.open("/letters?department=104")
        line = page.locator("tr.item", has_text="SQ-104-2027-001")
        line.locator("summary", has_text="生效").click()
        hands.shoot("letter-activate")
        line.get_by_role("button", name="确认生效").click()
        expect(page.get_by_role("status").first).to_contain_text("已生效")


def pages_of_duty(task: str, case: UUID) -> dict[str, str]:
    """Name → path of the pages that are seen here."""
    return {
        "chief": "/chief",
        "chief-soon": "/chief?view=soon",
        "chief-task": f"/chief/tasks/{task}",
        "letters": "/letters",
        "relatives": "/relatives",
        "duty": "/duty",
        "signature": "/signature",
        "contact": f"/cases/{case}/contact",
    }


def _case(office: Office, task_id: str) -> UUID:
    with office.reading() as records:
        row = records.tasks.find(UUID(task_id))
    assert row is not None
    return row.case_id
