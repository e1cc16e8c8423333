"""The pages of a case in a browser: the glance, tabs, the live diagram, a chain, notes, paper, and a task beside its materials."""

from __future__ import annotations

import io
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from service.casework import Actor, attend_due, complete_task, find_actor, start_case
from service.casework.materials.reading import materials_of
from service.casework.materials.receiving import bring_material
from service.casework.notes.writing import write_note
from tests.casework.clocks.test_joint_chains import reply
from tests.casework.desk import ENGINE
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation
from tests.journeys.test_accessibility import AXE, violations
from tests.processes.test_chains import DECLARED
from tests.received.made import pages, pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "云溪华印制罐有限公司-年产2亿只金属罐项目"


def actor(installation: Installation, username: str) -> Actor:
    found = find_actor(installation.office, username)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def chain(installation: Installation) -> UUID:
    """JS-35 with its branches open side by side, a few of them further on, a note and a file on one of its lines."""
    office, clerk = installation.office, actor(installation, "wangfang")
    case = start_case(office, clerk, key="chain_JS_35", title=TITLE, variables=DECLARED["chain_JS_35"]).id
    for turn in range(12):
        while attend_due(office):
            pass
        with office.reading() as records:
            tasks = records.tasks.open_of(case)
        if turn and len(tasks) > 3 and turn % 2:
            tasks = tasks[1:]
        complete_task(office, ENGINE, tasks[0].id, answers=reply(tasks[0]))
    write_note(office, clerk, case, "@孙丽 消防登高面已与建设单位核实。")
    return case


@pytest.fixture(scope="module")
def item(installation: Installation) -> tuple[UUID, UUID]:
    """An application for a construction permit with two files before its reviewer: the case and the task."""
    office, clerk = installation.office, actor(installation, "wangfang")
    case = start_case(
        office, clerk, key="item_104_XK_001", title="云溪华印制罐有限公司-施工许可", variables=DECLARED["chain_JS_35"]
    ).id
    for _ in range(100):  # the worker of the installation opens the checklist
        attend_due(office)
        with office.reading() as records:
            lines = [line.row for line in materials_of(records, case) if line.row.source != "SHARED"]
            (task,) = records.tasks.open_of(case)
        if lines:
            break
        Event().wait(0.1)
    for line, (name, content) in zip(lines, (("申请表.pdf", pdf(3)), ("图纸.tiff", pages(2))), strict=False):
        bring_material(office, clerk, line.id, io.BytesIO(content), name=name)
    return case, task.id


def no_violations(hands: Hands) -> None:
    if Path(AXE).exists():
        assert violations(hands) == []
    assert hands.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_case_tells_at_a_glance_and_keeps_what_matters_on_its_tabs(
    browser: Browser, installation: Installation, chain: UUID, width: int
) -> None:
    with person(browser, installation.address, "wangfang", width=width) as hands:
        page = hands.open(f"/cases/{chain}").page
        expect(page.locator(".branch").first).to_be_visible()
        if width > 800:
            page.locator(".diagram[data-ready]").wait_for()
        no_violations(hands)
        hands.shoot("case-process")
        for tab in ("clocks", "materials", "papers", "notes", "filled"):
            link = page.locator(f".case-tabs a[href='#tab-{tab}']")
            if link.count():
                link.click()
                expect(page.locator(f"#tab-{tab}")).to_be_visible()
                expect(page.locator("#tab-process")).to_be_hidden()
                no_violations(hands)
                hands.shoot(f"case-{tab}")
        page.goto(f"{installation.address}/cases/{chain}?kind=opinion&order=old#timeline")
        expect(page.locator("#timeline .chips a[aria-current]")).to_contain_text("意见")
        hands.open(f"/cases/{chain}/chain")
        expect(page.locator(".chain tr.branch-running").first).to_be_visible()
        no_violations(hands)
        hands.shoot("case-chain")
        hands.open(f"/cases/{chain}/print")
        no_violations(hands)
        hands.shoot("case-print")


def test_a_click_on_a_step_leads_to_its_acts(browser: Browser, installation: Installation, chain: UUID) -> None:
    with person(browser, installation.address, "wangfang") as hands:
        page = hands.open(f"/cases/{chain}").page
        page.locator(".diagram[data-ready]").wait_for()
        page.locator(".djs-element[data-element-id=Task_Intake] .djs-hit").first.dispatch_event("click")
        expect(page.get_by_text("只看环节“联合预审与受理”")).to_be_visible()


def test_the_diagram_speaks_the_language_of_the_page(browser: Browser, installation: Installation, chain: UUID) -> None:
    latin = """() => [...document.querySelectorAll(".diagram [title], .diagram button, .diagram .djs-overlay")]
        .flatMap((one) => [one.title || "", one.textContent]).filter((said) => /[A-Za-z]{3}/.test(said))"""
    with person(browser, installation.address, "wangfang") as hands:
        for language, begins in (("zh", "打开“"), ("en", "Open “")):
            if language == "en":
                hands.in_english()
            hands.open(f"/cases/{chain}#diagram")
            hands.page.locator(".diagram[data-ready]").wait_for()
            titles = hands.page.locator(".bjs-drilldown").evaluate_all("all => all.map((one) => one.title)")
            assert titles and all(title.startswith(begins) for title in titles), titles
            if language == "zh":
                assert set(hands.page.evaluate(latin)) <= {"Powered by bpmn.io"}
        hands.page.get_by_role("button", name="中文").click()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_task_stands_beside_its_materials_and_nothing_typed_is_lost(
    browser: Browser, installation: Installation, item: tuple[UUID, UUID], width: int
) -> None:
    _, task = item
    with person(browser, installation.address, "wangfang", width=width) as hands:
        page = hands.open(f"/tasks/{task}").page
        expect(page.locator(".beside .viewer img")).to_be_visible()
        half = page.locator("form.form input[type=radio]:visible").first
        half.check()
        page.locator(".beside button[data-step='1']").click()
        expect(page.locator(".beside [data-at]")).to_have_text("2 / 3")
        page.locator("#beside-file").select_option(index=1)
        expect(page.locator(".beside-nav .number")).to_have_text("2 / 2")
        expect(page.locator(".beside [data-at]")).to_have_text("1 / 2")
        expect(half).to_be_checked()
        no_violations(hands)
        hands.shoot("task-beside")


def test_a_colleague_who_is_named_finds_the_note(
    browser: Browser, installation: Installation, item: tuple[UUID, UUID]
) -> None:
    case, _ = item
    with person(browser, installation.address, "wangfang") as clerk:
        page = clerk.open(f"/cases/{case}#notes").page
        page.get_by_label("写备注").fill("@孙丽 请看施工图审查意见。")
        page.get_by_role("button", name="保存备注").click()
        expect(page.locator(".notes")).to_contain_text("提到：孙丽")
        clerk.shoot("case-notes-written")
